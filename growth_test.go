package solutionkit_test

import (
	"bufio"
	"bytes"
	"fmt"
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
	return slices.Concat(packagerFamilies, solutionFamilies, contentFamilies, connrefFamilies, lintFamilies, planFamilies, textFamilies)
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

// growthOf is the environment variable that names the family and size that TestWorkOfOneFamily works on.
const growthOf = "GROWTH_OF"

// TestWorkOfOneFamily is what TestStepGrowth measures, in a process of its own.
func TestWorkOfOneFamily(t *testing.T) {
	name, size, ok := strings.Cut(os.Getenv(growthOf), "=")
	if !ok {
		t.Skip("TestStepGrowth runs it")
	}
	n, err := strconv.Atoi(size)
	i := slices.IndexFunc(families(), func(f family) bool { return f.name == name })
	if err != nil || i < 0 {
		t.Fatalf("no family %q of size %q", name, size)
	}
	if err := families()[i].make(t, n)(); err != nil {
		t.Fatal(err)
	}
}

// counted are the packages of the standard library whose statements count, besides our own.
const counted = "slices,sort,strings,bytes,maps"

// mostCounted bounds the sizes at which steps are counted, which is slow.
const mostCounted = 150

// countSteps is the environment variable that asks for TestStepGrowth.
const countSteps = "GROWTH_STEPS"

// TestStepGrowth counts, for each family, how often each block of statements is run at n and at 4n. So it also finds loops
// that allocate nothing, and says where they are. The counters are those of go test -cover.
func TestStepGrowth(t *testing.T) {
	if os.Getenv(countSteps) == "" {
		t.Skip("it builds the module and much of the standard library again, with counters: set " + countSteps + "=1 to run it")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("there is no go command to build with counters")
	}
	program := filepath.Join(t.TempDir(), "growth.test")
	build := exec.Command("go", "test", "-c", "-o", program, "-covermode=atomic", "-coverpkg=./...,"+counted, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, f := range families() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			f.n = min(f.n, mostCounted)
			small, large := steps(t, program, f.name, f.n), steps(t, program, f.name, f.n*factor)
			e := exponent(small.total(), large.total(), factor)
			t.Logf("n=%d: %d steps, exponent %.2f", f.n, small.total(), e)
			if e > maxExponent {
				t.Errorf("from n=%d to %d: %d to %d steps, exponent %.2f; want at most %.1f", f.n, f.n*factor, small.total(), large.total(), e, maxExponent)
			}
			for _, block := range large.blocks() {
				if large[block] < uint64(factor*f.n) {
					continue // a loop that is run once for each of a few
				}
				if e := exponent(small[block], large[block], factor); e > maxBlockExponent {
					t.Errorf("%s is run %d times at n=%d and %d times at %d, exponent %.2f; want at most %.1f",
						block, small[block], f.n, large[block], f.n*factor, e, maxBlockExponent)
				}
			}
		})
	}
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

// steps works on one family in a process of its own.
func steps(t *testing.T, program, name string, n int) stepCounts {
	t.Helper()
	profile := filepath.Join(t.TempDir(), "profile")
	run := exec.Command(program, "-test.run=^TestWorkOfOneFamily$", "-test.coverprofile="+profile)
	run.Env = append(os.Environ(), fmt.Sprintf("%s=%s=%d", growthOf, name, n))
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	src, err := os.ReadFile(profile)
	if err != nil {
		t.Fatal(err)
	}
	counts := stepCounts{}
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
		counts[place] += count
	}
	if counts.total() == 0 {
		t.Fatal("the profile has no counters")
	}
	return counts
}
