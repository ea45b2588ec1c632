package solutionkit_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connector/lint"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/packager/yamlsource"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/build"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/graph"
	"github.com/solutionkit/solutionkit/solution/inventory"
	"github.com/solutionkit/solutionkit/solution/plan"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// An arrangement is what must not show in anything that is written.
type arrangement struct {
	workers int
	order   uint64 // in which folders are listed; 0: sorted
}

// arrangements begins with the one that the others are held against.
var arrangements = []arrangement{{1, 0}, {8, 0}, {1, 1}, {8, 2}, {8, 3}}

// shuffledFS lists its folders in an order of its own.
type shuffledFS struct {
	fstest.MapFS
	order uint64
}

func (s shuffledFS) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := s.MapFS.ReadDir(name)
	if s.order != 0 {
		rand.New(rand.NewPCG(s.order, uint64(len(name)))).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	return list, err
}

// copied is a copy of what stands in fsys, and lists its folders in that order.
func copied(t *testing.T, fsys fs.FS, order uint64) shuffledFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return shuffledFS{files, order}
}

// listed are the names and contents of all files.
func listed(t *testing.T, fsys fs.FS) []byte {
	t.Helper()
	files := copied(t, fsys, 0).MapFS
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&b, "%s %d\n%s\n", name, len(files[name].Data), files[name].Data)
	}
	return b.Bytes()
}

// reproduced is a solution with parts of many kinds and sizes, whose tables have that column.
func reproduced(version, column string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "solution Contoso %s\nconnector ct_5ferp id=77 auth=oauth operations=ListItems,GetItem\n", version)
	fmt.Fprintf(&b, "connectionreference ct_erp custom=77 connector=ct_5ferp\nconnectionreference ct_sp connector=shared_sharepointonline\n")
	fmt.Fprintf(&b, "environmentvariabledefinition ct_url type=text default=\"%s\"\n", version)
	fmt.Fprintf(&b, "bot ct_bot name=Helper\nbotcomponent ct_bot.topic.a bot=ct_bot flow=22 variables=ct_url\n")
	for i := range 60 {
		fmt.Fprintf(&b, "entity ct_t%d\nattribute ct_t%d.%s\nsystemform %x table=ct_t%d columns=%s root=true\n", i, i, column, 0x100+i, i, column)
		fmt.Fprintf(&b, "workflow %x name=\"Flow Ä%d\" refs=ct_erp,ct_sp sets=ct_t%ds calls=ct_erp:ListItems\n", 0x1000+i, i, i)
		fmt.Fprintf(&b, "role %x reads=ct_t%d\n", 0x2000+i, i)
	}
	b.WriteString("workflow 22\ncanvasapp ct_app tables=ct_t1 refs=ct_sp flow=22\nappmodule ct_main tables=ct_t1,ct_t2 sitemap=ct_main\nsitemap ct_main tables=ct_t1\n")
	// Large ones, so that workers finish in another order than they begin: one that deflate gains much from, one that it gains nothing from.
	noise := rand.NewChaCha8([32]byte{1})
	for i := range 6 {
		random := make([]byte, 1<<15<<(i%3))
		_, _ = noise.Read(random)
		fmt.Fprintf(&b, "file things/noise%d.txt \"%x\"\n", i, random)
		fmt.Fprintf(&b, "webresource ct_/large%d.js text=\"%s\"\n", i, strings.Repeat("let a = 1;", 1<<16>>i))
	}
	return b.String()
}

// yamlText is a solution whose kinds all have a known form in YAML.
const yamlText = "solution Contoso 1.0.0.0\nconnectionreference ct_sp connector=shared_sharepointonline\nenvironmentvariabledefinition ct_url type=text default=a\n"

// products are what the library writes about one sample, by name.
func products(t *testing.T, a arrangement) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	write := func(name string, f func(w io.Writer) error) []byte {
		t.Helper()
		var b bytes.Buffer
		must(f(&b))
		out[name] = b.Bytes()
		return b.Bytes()
	}
	asJSON := func(name string, v any) {
		t.Helper()
		src, err := json.Marshal(v)
		must(err)
		out[name] = src
	}
	pack := func(name string, tree *packager.Tree, opts packager.PackOptions) []byte {
		t.Helper()
		return write(name, func(w io.Writer) error {
			opts.Workers = a.workers
			_, err := packager.Pack(w, tree, &opts)
			return err
		})
	}
	open := func(zip []byte) *packager.Package {
		t.Helper()
		p, err := packager.Open(bytes.NewReader(zip), int64(len(zip)), nil)
		must(err)
		return p
	}
	load := func(fsys fs.FS) *packager.Tree {
		t.Helper()
		tree, err := packager.Load(copied(t, fsys, a.order), nil)
		must(err)
		return tree
	}

	zip := solutiontest.Zip(t, reproduced("1.0.0.0", "ct_a"))
	out["solutiontest.zip"] = zip
	unpacked, err := packager.Unpack(open(zip), &packager.UnpackOptions{Localize: true})
	must(err)
	out["tree"] = listed(t, unpacked)
	tree := load(unpacked)
	packed := open(pack("pack.zip", tree, packager.PackOptions{}))
	for _, level := range []int{packager.Store, 1, 9} {
		pack(fmt.Sprintf("pack-level%d.zip", level), tree, packager.PackOptions{Level: level})
	}
	pack("pack-crlf-localized.zip", tree, packager.PackOptions{Newline: "\r\n", Localize: true, Version: solution.Version{Major: 7}})

	raise, err := solution.EditManifest(packed, func(m *solution.Manifest) (*solution.Manifest, error) {
		return m.WithVersion(solution.Version{Major: 2}), nil
	})
	must(err)
	write("rewrite.zip", func(w io.Writer) error { return packager.Rewrite(w, packed, raise) })

	managed := open(solutiontest.Zip(t, reproduced("1.0.0.0 managed", "ct_a")))
	both, err := packager.UnpackBoth(packed, managed, nil)
	must(err)
	out["tree-of-both"] = listed(t, both)
	for _, kind := range []solution.Kind{solution.Unmanaged, solution.Managed} {
		pack("pack-"+kind.String()+".zip", load(both), packager.PackOptions{Kind: &kind})
	}

	builder, err := build.New(build.Solution{Name: "Made", Publisher: solution.Publisher{UniqueName: "contoso", Prefix: "ct", OptionValuePrefix: 10000}})
	must(err)
	builder.Table(build.Table{Name: "ct_made", DisplayName: "Made", Columns: []build.Column{{Name: "ct_text", DisplayName: "Text"}}})
	parts, err := builder.Parts()
	must(err)
	made, err := packager.Unpack(parts, nil)
	must(err)
	pack("build.zip", made, packager.PackOptions{})

	simple := open(solutiontest.Zip(t, yamlText))
	yaml, _, err := yamlsource.Write(simple, nil)
	must(err)
	out["yaml"] = listed(t, yaml)
	fromYAML, err := yamlsource.Load(copied(t, yaml, a.order), nil)
	must(err)
	pack("yaml.zip", fromYAML, packager.PackOptions{})

	asParts, err := tree.Parts()
	must(err)
	read, err := plan.Read(asParts, nil)
	must(err)
	resolved, err := plan.Resolve([]plan.Item{{Solution: read}}, &plan.Environment{}, nil, nil)
	must(err)
	asJSON("plan.json", resolved)
	write("plan.md", resolved.WriteMarkdown)

	next, err := packager.Unpack(open(solutiontest.Zip(t, reproduced("2.10.0.0", "ct_b"))), nil)
	must(err)
	nextParts, err := load(next).Parts()
	must(err)
	compared, err := diff.Compare(asParts, nextParts, nil)
	must(err)
	asJSON("diff.json", compared)
	write("diff.txt", compared.WriteText)

	findings, err := lint.CheckSolution(asParts, nil)
	must(err)
	asJSON("lint.json", findings)
	all, err := content.Read(asParts, nil)
	must(err)
	write("graph.svg", graph.Components(graph.Source{Content: content.Join(all)[0]}).WriteSVG)
	inv, err := inventory.Take(inventory.Source{Parts: asParts})
	must(err)
	write("inventory.html", inv.WriteHTML)
	for name, product := range out {
		if len(product) == 0 {
			t.Errorf("%s is empty", name)
		}
	}
	return out
}

func digests(products map[string][]byte) map[string]string {
	out := map[string]string{}
	for name, data := range products {
		out[name] = fmt.Sprintf("%d bytes %x", len(data), sha256.Sum256(data))
	}
	return out
}

// TestReproducible holds that neither the order in which folders are listed nor the number of workers shows.
func TestReproducible(t *testing.T) {
	var want map[string]string
	for _, a := range arrangements {
		got := digests(products(t, a))
		if want == nil {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%+v gives other bytes than %+v (-want +got)\n%s", a, arrangements[0], diff)
		}
	}
}

// TestProductsOfThisPlatform writes down the digests of products for TestReproducibleAnywhere, which runs it in other programs.
func TestProductsOfThisPlatform(t *testing.T) {
	if os.Getenv(reproduce) == "" {
		t.Skip("another test builds it for other platforms")
	}
	got := digests(products(t, arrangements[1]))
	for _, name := range slices.Sorted(maps.Keys(got)) {
		fmt.Printf("product %s: %s on %s\n", name, got[name], runtime.GOARCH)
	}
}

// reproduce is the environment variable with which TestProductsOfThisPlatform runs.
const reproduce = "REPRODUCE"

var productLine = regexp.MustCompile(`(?m)^product (.+): (\d+ bytes [0-9a-f]+) on (\w+)\r?$`)

// TestReproducibleAnywhere holds that the platform does not show: neither the size of an int, nor the processor, nor what a
// process chooses at random for its maps.
func TestReproducibleAnywhere(t *testing.T) {
	if testing.Short() || raceDetector || os.Getenv(growthOf) != "" {
		t.Skip("it builds this test program for other platforms")
	}
	goCommand, err := exec.LookPath("go")
	if err != nil {
		t.Skip("there is no go command to build with")
	}
	platforms := []string{"js/wasm", runtime.GOOS + "/" + runtime.GOARCH}
	switch {
	case runtime.GOARCH == "amd64" && runtime.GOOS != "darwin":
		platforms = append(platforms, runtime.GOOS+"/386")
	default:
		t.Log("this machine does not run programs for 386 beside its own")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	want := digests(products(t, arrangements[0]))
	for _, platform := range platforms {
		t.Run(platform, func(t *testing.T) {
			system, processor, _ := strings.Cut(platform, "/")
			var runner []string
			if system == "js" {
				node, err := exec.LookPath("node")
				if err != nil {
					t.Skip("there is no node to run it with")
				}
				root, err := exec.Command(goCommand, "env", "GOROOT").Output()
				if err != nil {
					t.Fatal(err)
				}
				runner = []string{node, "--stack-size=8192", filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec_node.js")}
			}
			program := self // on this platform another process is all that there is to be other
			if system != runtime.GOOS || processor != runtime.GOARCH {
				program = filepath.Join(t.TempDir(), "products.exe")
				compile := exec.Command(goCommand, "test", "-c", "-vet=off", "-o", program, ".")
				compile.Env = append(os.Environ(), "GOOS="+system, "GOARCH="+processor, "CGO_ENABLED=0")
				if out, err := compile.CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
			}
			line := append(runner, program, "-test.run=^TestProductsOfThisPlatform$")
			run := exec.Command(line[0], line[1:]...)
			run.Env = append(os.Environ(), reproduce+"=1")
			out, err := run.CombinedOutput()
			if errors.Is(err, syscall.ENOEXEC) {
				t.Skipf("this machine does not run programs for %s", platform)
			} else if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			got := map[string]string{}
			for _, m := range productLine.FindAllStringSubmatch(string(out), -1) {
				if m[3] != processor {
					t.Fatalf("it ran on %s", m[3])
				}
				got[m[1]] = m[2]
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-here +%s)\n%s", platform, diff)
			}
		})
	}
}
