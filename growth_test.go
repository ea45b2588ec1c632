package solutionkit_test

import (
	"bufio"
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A family is input of one shape that can be made of any size. What is done with it must not grow faster than the input does,
// but for the logarithm that sorting costs.
type family struct {
	name string
	n    int // a size at which the work is well above what it costs to begin
	// make makes input of size n and returns the work to measure. Making it must be linear too.
	make func(t testing.TB, n int) func() error
}

func families() []family {
	return slices.Concat(packagerFamilies, solutionFamilies, contentFamilies, connrefFamilies, lintFamilies, planFamilies, textFamilies, yamlFamilies,
		modelFamilies, mapFamilies, diffFamilies)
}

// maxExponent bounds the e in work = c*n^e. An n*log n of the sizes used here is about n^1.13.
const maxExponent = 1.2

// maxBytesExponent does so for bytes that are allocated: a slice that grows takes twice what it holds if it is short, and five
// times if it is long.
const maxBytesExponent = 1.4

// maxBlockExponent does so for one block of statements among many: it may be one that is seldom run if n is small.
const maxBlockExponent = 1.4

// exponent is e for an input that became larger by a factor.
func exponent(small, large uint64, factor int) float64 {
	return math.Log(float64(large)/float64(max(small, 1))) / math.Log(float64(factor))
}

// BenchmarkGrowth gives the times of all families at n, 2n, 4n and 8n.
func BenchmarkGrowth(b *testing.B) {
	for _, f := range families() {
		for _, factor := range []int{1, 2, 4, 8} {
			b.Run(fmt.Sprintf("%s/%d", f.name, f.n*factor), func(b *testing.B) {
				work := f.make(b, f.n*factor)
				b.ReportAllocs()
				for b.Loop() {
					if err := work(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// factor is how much larger the larger of two inputs is.
const factor = 4

// TestMemoryGrowth compares, for each family, how many bytes and objects the work at n and at 4n allocates.
func TestMemoryGrowth(t *testing.T) {
	if os.Getenv(growthOf) != "" {
		t.Skip("another test runs this program to measure one family")
	}
	for _, f := range families() {
		t.Run(f.name, func(t *testing.T) {
			smallBytes, smallObjects := allocated(t, f, f.n)
			largeBytes, largeObjects := allocated(t, f, f.n*factor)
			inBytes, inObjects := exponent(smallBytes, largeBytes, factor), exponent(smallObjects, largeObjects, factor)
			t.Logf("n=%d: %d bytes, exponent %.2f; %d objects, exponent %.2f", f.n, smallBytes, inBytes, smallObjects, inObjects)
			if inBytes > maxBytesExponent || inObjects > maxExponent {
				t.Errorf("from n=%d to %d: %d to %d bytes (exponent %.2f), %d to %d objects (%.2f)",
					f.n, f.n*factor, smallBytes, largeBytes, inBytes, smallObjects, largeObjects, inObjects)
			}
		})
	}
}

func allocated(t *testing.T, f family, n int) (size, objects uint64) {
	t.Helper()
	work := f.make(t, n)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := work(); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, after.Mallocs - before.Mallocs
}

// growthOf is the environment variable that names the families and sizes that TestWorkOfFamilies works on.
const growthOf = "GROWTH_OF"

// TestWorkOfFamilies is what the tests of steps measure, in a process of its own.
func TestWorkOfFamilies(t *testing.T) {
	if os.Getenv(growthOf) == "" {
		t.Skip("tests of steps run it")
	}
	all := map[string]family{}
	for _, f := range families() {
		all[f.name] = f
	}
	for item := range strings.SplitSeq(os.Getenv(growthOf), ",") {
		name, size, _ := strings.Cut(item, "=")
		f, ok := all[name]
		n, err := strconv.Atoi(size)
		if err != nil || !ok {
			t.Fatalf("no family %q of size %q", name, size)
		}
		if err := f.make(t, n)(); err != nil {
			t.Fatalf("%s: %v", item, err)
		}
	}
}

// These are the packages whose statements count: our own, which is all that families work with, and some of the standard library.
const (
	library = "./connector/...,./connref/...,./internal/...,./packager/...,./solution/..."
	counted = "slices,sort,strings,bytes,maps"
)

// These bound the sizes at which steps are counted, which is slow: those of families that are counted together, and alone.
const mostCountedTogether, mostCounted = 60, 150

// limited are functions with searches that numbers of their own bound, to which the sizes do not come up, and why. They are exempt from
// what is said of each block, not from the sum of all.
var limited = map[string]string{
	"solution/plan/order.go shortest":             "visits mostVisited nodes of one knot, then no more",
	"solution/plan/order.go findLoops":            "asks for each node that shortest visits whether it is free",
	"solution/plan/order.go closing":              "is for mostSearched easy edges, and each search stays in one knot",
	"solution/plan/loops.go hardEdge":             "a binary search for each of mostReasons edges of a loop, and there are loops only in larger random inputs",
	"connector/lint/rules_operation.go sanitised": "sameWords compares mostSuggested unknown names with all names",
}

// functionsOf says, by line, which function of a file of the module a block stands in.
func functionsOf(t *testing.T, file string) func(line int) string {
	t.Helper()
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, filepath.FromSlash(file), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return func(line int) string {
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && files.Position(f.Pos()).Line <= line && line <= files.Position(f.End()).Line {
				return f.Name.Name
			}
		}
		return ""
	}
}

// isLimited reports whether a block, as the profile names it, is in one of the functions that are limited.
func isLimited(t *testing.T, block string) bool {
	t.Helper()
	place, ok := strings.CutPrefix(block, module+"/")
	if !ok {
		return false
	}
	file, lines, _ := strings.Cut(place, ":")
	first, _, _ := strings.Cut(lines, ".")
	line, err := strconv.Atoi(first)
	if err != nil {
		t.Fatalf("block %q: %v", block, err)
	}
	_, ok = limited[file+" "+functionsOf(t, file)(line)]
	return ok
}

// TestLimitedFunctions keeps the list from naming what is not there any more.
func TestLimitedFunctions(t *testing.T) {
	for name := range limited {
		file, function, _ := strings.Cut(name, " ")
		src, err := os.ReadFile(filepath.FromSlash(file))
		if err != nil {
			t.Error(err)
			continue
		}
		if !strings.Contains(string(src), " "+function+"(") {
			t.Errorf("%s has no function %s", file, function)
		}
	}
}

// familiesAtOnce is how many families have their steps counted together.
const familiesAtOnce = 16

// countSteps is the environment variable that has TestStepGrowth count the steps of each family alone, which takes many minutes, if it
// is "1". Else many are counted at once.
const countSteps = "GROWTH_STEPS"

// TestStepGrowth counts how often each block of statements is run at n and at 4n. So it also finds loops that allocate nothing,
// and says where they are. The counters are those of go test -cover. It works on many families in one process and adds up
// their counts, where a block that one of them runs n times n times still stands out; with countSteps=1, on each alone. It is skipped with -short.
func TestStepGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the module and much of the standard library again, with counters")
	}
	if testing.CoverMode() != "" || raceDetector || os.Getenv(growthOf) != "" {
		t.Skip("the program counts already, or looks for races")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("there is no go command to build with counters")
	}
	program := filepath.Join(t.TempDir(), "growth.test")
	build := exec.Command("go", "test", "-c", "-vet=off", "-o", program, "-covermode=count", "-coverpkg="+library+","+counted, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	atOnce, most := familiesAtOnce, mostCountedTogether
	if os.Getenv(countSteps) == "1" {
		atOnce, most = 1, mostCounted
	}
	for list := range slices.Chunk(families(), atOnce) {
		name := list[0].name
		if len(list) > 1 {
			name += " to " + list[len(list)-1].name
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			small, large := steps(t, program, list, most, 1), steps(t, program, list, most, factor)
			e := exponent(small.total(), large.total(), factor)
			t.Logf("%d steps, exponent %.2f", small.total(), e)
			if e > maxExponent {
				t.Errorf("%d to %d steps, exponent %.2f; want at most %.1f", small.total(), large.total(), e, maxExponent)
			}
			steep := steepBlocks(t, small, large, 4*factor*most)
			if len(steep) == 0 {
				return
			}
			// What is done from some size on alone is steep there, and not beyond it.
			larger := steps(t, program, list, most, factor*factor)
			for _, block := range steep {
				if e := exponent(large[block], larger[block], factor); e > maxBlockExponent {
					t.Errorf("%s is run %d times, %d times for input that is %d times as large, and %d times for that which is again: exponent %.2f; want at most %.1f",
						block, small[block], large[block], factor, larger[block], e, maxBlockExponent)
				}
			}
			if t.Failed() && len(list) > 1 {
				t.Logf("%s=1 says for which of these families", countSteps)
			}
		})
	}
}

// steepBlocks are the blocks that are run far more often for the larger input.
func steepBlocks(t *testing.T, small, large stepCounts, few int) (steep []string) {
	for _, block := range large.blocks() {
		// A block that runs a few times for each of them may begin to do so at some size.
		if exponent(max(small[block], uint64(few)), large[block], factor) > maxBlockExponent && !isLimited(t, block) {
			steep = append(steep, block)
		}
	}
	return steep
}

// stepCounts say how often each block of statements was run, by its place.
type stepCounts map[string]uint64

func (c stepCounts) total() (sum uint64) {
	for _, n := range c {
		sum += n
	}
	return sum
}

func (c stepCounts) blocks() []string {
	var names []string
	for name := range c {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// steps works on families of some times their size, or of most, in a process of its own.
func steps(t *testing.T, program string, list []family, most, times int) stepCounts {
	t.Helper()
	var names []string
	for _, f := range list {
		names = append(names, fmt.Sprintf("%s=%d", f.name, times*min(f.n, most)))
	}
	profile := filepath.Join(t.TempDir(), "profile")
	run := exec.Command(program, "-test.run=^TestWorkOfFamilies$", "-test.coverprofile="+profile)
	run.Env = append(os.Environ(), growthOf+"="+strings.Join(names, ","))
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	src, err := os.ReadFile(profile)
	if err != nil {
		t.Fatal(err)
	}
	sum := stepCounts{}
	for s := bufio.NewScanner(bytes.NewReader(src)); s.Scan(); {
		// name.go:line.column,line.column statements count
		words := strings.Fields(s.Text())
		if len(words) != 3 {
			continue
		}
		count, err := strconv.ParseUint(words[2], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		place := words[0]
		if !strings.HasPrefix(place, module+"/") {
			// How an algorithm of the standard library goes about it may change from one size to another.
			place, _, _ = strings.Cut(place, ":")
		}
		sum[place] += count
	}
	if sum.total() == 0 {
		t.Fatal("the profile has no counters")
	}
	return sum
}
