package solutionkit_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pastedMain calls the recipes as a program of somebody else would: on the sample, in a folder of its own.
const pastedMain = `package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
)

func main() {
	sample := os.Args[1]
	var zip, next, made bytes.Buffer
	do("pack", pack(&zip, sample))
	do("unpack", unpack(bytes.NewReader(zip.Bytes()), int64(zip.Len()), "src"))
	manifest, err := os.ReadFile("src/Other/Solution.xml")
	do("unpack", err)
	fmt.Println("unpack", bytes.Contains(manifest, []byte("<UniqueName>ContosoStock</UniqueName>")))

	pkg := open(&zip)
	fmt.Println("pack", pkg.Manifest().UniqueName())
	tree, err := packager.Load(os.DirFS("src"), nil)
	do("load", err)
	do("check", check(io.Discard, tree))
	do("release", release(&next, pkg, solution.Version{Major: 2}))
	fmt.Println("release", open(&next).Manifest().Version())
	broken, err := breaks(pkg, open(&next))
	do("breaks", err)
	fmt.Println("breaks", len(broken), broken[0].Name)
	var runbook, page bytes.Buffer
	do("planImport", planImport(&runbook, []byte("{\"solutions\": []}"), pkg))
	fmt.Println("planImport", first(&runbook))
	text, err := settings(pkg, "6f1c")
	do("settings", err)
	fmt.Println("settings", bytes.Contains(text, []byte("6f1c")))
	do("loose", os.MkdirAll("loose/parts", 0o777))
	do("loose", os.WriteFile("loose/parts/apiDefinition.swagger.json", []byte("{\"swagger\": \"2.0\", \"info\": {}}"), 0o666))
	found, err := lintConnectors(os.DirFS("loose"))
	do("lintConnectors", err)
	fmt.Println("lintConnectors", found.Err() != nil)
	do("wiki", wiki(&page, pkg))
	fmt.Println("wiki", first(&page))
	do("makeSolution", makeSolution(&made))
	fmt.Println("makeSolution", open(&made).Manifest().UniqueName())
}

func do(what string, err error) {
	if err != nil {
		log.Fatal(what, ": ", err)
	}
}

func open(zip *bytes.Buffer) *packager.Package {
	pkg, err := packager.Open(bytes.NewReader(zip.Bytes()), int64(zip.Len()), nil)
	do("open", err)
	return pkg
}

func first(text *bytes.Buffer) string {
	line, _, _ := bytes.Cut(text.Bytes(), []byte("\n"))
	return string(line)
}
`

const pastedOutput = `
unpack true
pack ContosoStock
release 2.0.0.0
breaks 1 cts_stock_reader
planImport Cannot be imported: the solution is blocked, no step can be done.
settings true
lintConnectors true
wiki # Inventory of Contoso Stock
makeSolution Orders
`

// TestRecipesPasted pastes each recipe of the README into an empty module, with those imports of the README that it names, and runs them.
func TestRecipesPasted(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles a program")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("there is no go command to compile them with")
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile("go.sum")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	// What go get would write, if this version were published.
	const module = "github.com/solutionkit/solutionkit"
	write("go.mod", fmt.Sprintf("module example.com/pasted\n\ngo 1.26.0\n\nrequire %s v0.0.0\n\nreplace %s => %q\n", module, module, here))
	write("go.sum", string(sums))
	write("main.go", pastedMain)
	blocks := goBlock.FindAllStringSubmatch(string(readme), -1)
	imports := blocks[0][1]
	for i, m := range blocks[1:] {
		write(fmt.Sprintf("recipe%d.go", i), "package main\n\n"+importsOf(m[1], imports)+"\n"+m[1])
	}
	program := filepath.Join(dir, "pasted.exe")
	run := func(name string, args ...string) []byte {
		cmd := exec.Command(name, args...)
		cmd.Dir = dir
		// What the tests themselves were compiled with is all that it needs.
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOSUMDB=off", "GOWORK=off", "GOTOOLCHAIN=local", "PWD="+dir)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, stderr.Bytes())
		}
		return out
	}
	run("go", "build", "-o", program, ".")
	out := run(program, filepath.Join(here, "examples", "solkit", "sample"))
	if d := cmp.Diff(strings.TrimPrefix(pastedOutput, "\n"), string(out)); d != "" {
		t.Errorf("what the recipes print (-want +got)\n%s", d)
	}
}

var importPath = regexp.MustCompile(`"(?:[^"]*/)?([^/"]+)"`)

// importsOf are those imports of a declaration that a function names, as an editor would leave them.
func importsOf(function, declaration string) string {
	var b strings.Builder
	function = regexp.MustCompile(`//.*`).ReplaceAllString(function, "")
	for line := range strings.Lines(declaration) {
		m := importPath.FindStringSubmatch(line)
		if m == nil || regexp.MustCompile(`\b`+m[1]+`\.`).MatchString(function) {
			b.WriteString(line)
		}
	}
	return b.String()
}
