package solutionkit_test

import (
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const module = "github.com/solutionkit/solutionkit"

// mayImport is the direction of imports: a package of this module, and which others it may import. A new
// package is a new row, at the place where it belongs.
var mayImport = map[string][]string{
	".":                 {},
	"internal/xmlspan":  {},
	"internal/jsonspan": {},
	"internal/memfs":    {},
	"internal/zipw":     {},
	"internal/msapp":    {"internal/jsonspan"},
	"internal/assembly": {},
	"internal/flowfile": {"internal/jsonspan"},

	"internal/assembly/assemblytest": {}, // makes what tests read

	everywhere: {},

	"solution/diag":        {},
	"solution":             {"solution/diag", "internal/memfs", "internal/xmlspan"},
	"connector":            {"solution", "solution/diag", "connector/internal/index", "internal/memfs", "internal/xmlspan", "internal/jsonspan"},
	"connref":              {"solution", "solution/diag", "internal/xmlspan", "internal/flowfile", "internal/jsonspan", "internal/msapp"},
	"solution/model":       {"solution", "solution/internal/folders", "solution/diag", "internal/xmlspan", "internal/jsonspan", "internal/msapp"},
	"solution/content":     {"solution", "solution/internal/folders", "solution/model", "connref", "solution/diag", "internal/flowfile", "internal/xmlspan", "internal/jsonspan", "internal/msapp"},
	"solution/graph":       {"solution", "solution/content"},
	"solution/inventory":   {"solution", "solution/model", "solution/content", "solution/graph", "connref", "solution/diag"},
	"connector/lint":       {"connector", "connector/internal/index", "connref", "solution", "solution/content", "solution/diag", "internal/jsonspan"},
	"solution/diff":        {"solution/model", "connector", "solution", "solution/diag", "internal/assembly", "internal/memfs", "internal/msapp", "internal/jsonspan", "internal/xmlspan"},
	"solution/build":       {"solution/model", "connector", "connref", "solution", "solution/diag", "internal/xmlspan"},
	"solution/plan":        {"solution/content", "solution/diff", "solution", "connref", "connector", "solution/diag", "internal/jsonspan", "internal/xmlspan"},
	"solution/deployer":    {"solution/plan", "solution", "solution/diag", "internal/memfs", "internal/xmlspan"},
	"solution/environment": {"solution/plan", "solution", "connref", "solution/diag", "internal/jsonspan", "internal/xmlspan"},
	"packager":             {"solution", "solution/diag", "internal/memfs", "internal/xmlspan", "internal/zipw", "internal/assembly", "internal/msapp"},
	"packager/yamlsource":  {"packager", "solution", "solution/diag", "internal/memfs", "internal/xmlspan", "internal/zipw"},

	"solution/solutiontest": {"packager", "solution/build", "solution/diff", "connector", "connref", "solution", "solution/diag", "internal/memfs", "internal/xmlspan", "internal/jsonspan"},

	"connector/internal/index": {"solution", "solution/diag", "internal/xmlspan", "internal/jsonspan"},

	"solution/internal/folders":   {"solution", "internal/xmlspan"},
	"solution/internal/catalogue": {}, // used by go generate alone
}

// everywhere is what every package may import.
const everywhere = "internal/lazyregexp"

// forTests are packages that tests alone may import, and that may do what tests may.
var forTests = []string{"internal/corpus", "internal/golden"}

// publicAPI is what programs below examples may import of this module, besides packages of their own.
var publicAPI = []string{"solution/diag", "solution", "connector", "connector/lint", "connref", "solution/model", "solution/content", "solution/graph", "solution/inventory", "solution/diff", "solution/build", "solution/plan", "solution/environment", "solution/deployer", "solution/solutiontest", "packager", "packager/yamlsource"}

// impure are packages that reach outside the program, or give other results on another run.
var impure = []string{
	"C", "crypto/rand", "io/ioutil", "log", "log/slog", "math/rand", "math/rand/v2", "net", "net/http", "os", "os/exec",
	"os/signal", "os/user", "path/filepath", "plugin", "syscall", "unsafe",
}

// clock are the names of package time that read a clock, wait for one, or read the machine's time zones.
var clock = []string{
	"After", "AfterFunc", "LoadLocation", "Local", "NewTicker", "NewTimer", "Now", "Since", "Sleep", "Tick", "Until",
}

// dependencies are the modules that code may import, and those that tests may import besides.
var (
	dependencies     = []string{"go.yaml.in/yaml/v4", "golang.org/x/mod"}
	testDependencies = []string{"github.com/google/go-cmp", "github.com/santhosh-tekuri/jsonschema/v5", "golang.org/x/tools/txtar"}
)

// linkers are the packages that link a dependency, directly or by way of others: a program pays for what it uses.
var linkers = map[string][]string{
	"go.yaml.in/yaml/v4": {"packager/yamlsource"},
}

// TestNobodyLinksTesting: a program that makes solutions of texts does not get the flags of go test.
func TestNobodyLinksTesting(t *testing.T) {
	all, err := exec.Command("go", "list", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"list", "-deps", "-f", "{{.ImportPath}}"}
	for _, pkg := range strings.Fields(string(all)) {
		if !slices.Contains(forTests, strings.TrimPrefix(pkg, module+"/")) {
			args = append(args, pkg)
		}
	}
	deps, err := exec.Command("go", args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	list := strings.Fields(string(deps))
	if !slices.Contains(list, "testing/fstest") {
		t.Error("the list of what is linked is not whole: package solutiontest needs testing/fstest")
	}
	if slices.Contains(list, "testing") {
		t.Error("a package links package testing: take solutiontest.TB or an interface of its own")
	}
}

func TestWhoLinksDependencies(t *testing.T) {
	list, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Deps " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for line := range strings.Lines(string(list)) {
		pkg, deps, _ := strings.Cut(line, " ")
		name := strings.TrimPrefix(pkg, module+"/")
		if strings.HasPrefix(name, "examples/") {
			continue
		}
		for _, dep := range strings.Fields(deps) {
			if linkers[dep] != nil {
				got[dep] = append(got[dep], name)
			}
		}
	}
	if diff := cmp.Diff(linkers, got); diff != "" {
		t.Errorf("who links what (-want +got)\n%s", diff)
	}
}

func TestSourceKeepsItsPromises(t *testing.T) {
	seen := map[string]bool{}
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); base == "testdata" || base != "." && strings.ContainsAny(base[:1], "._") {
				return fs.SkipDir
			}
			if _, err := os.Stat(path.Join(name, "go.mod")); err == nil && name != "." {
				return fs.SkipDir // a module of its own
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		problems, err := judge(name, src)
		if err != nil {
			return err
		}
		for _, p := range problems {
			t.Error(p)
		}
		seen[path.Dir(name)] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{".", "solution", "solution/diag", "internal/zipw"} {
		if !seen[dir] {
			t.Errorf("no source seen in %s: the walk is broken", dir)
		}
	}
}

// judge returns what is wrong with one source file, as "file:line: text". Files of tests and examples, and
// programs that go generate runs, may do what programs do; foreign modules are checked for them as well.
func judge(name string, src []byte) ([]string, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	dir := path.Dir(name)
	j := &judgement{fset: fset, file: file, dir: dir}
	j.test = strings.HasSuffix(name, "_test.go") || slices.Contains(forTests, dir)
	j.example = strings.HasPrefix(dir+"/", "examples/")
	j.library = !j.test && !j.example && !generator(file)
	j.imports()
	if j.library {
		j.declarations()
		j.clocks()
	}
	if (j.library || j.example && !j.test) && dir != "packager" && dir != "packager/yamlsource" {
		j.trees()
	}
	return j.problems, nil
}

// generator reports whether file is a program that builds leave out.
func generator(file *ast.File) bool {
	if file.Name.Name != "main" {
		return false
	}
	for _, group := range file.Comments {
		for _, c := range group.List {
			if x, err := constraint.Parse(c.Text); err == nil && c.Pos() < file.Package {
				return x.String() == "ignore"
			}
		}
	}
	return false
}

type judgement struct {
	fset                   *token.FileSet
	file                   *ast.File
	dir                    string
	library, test, example bool
	problems               []string
}

func (j *judgement) report(at ast.Node, format string, args ...any) {
	p := j.fset.Position(at.Pos())
	j.problems = append(j.problems, fmt.Sprintf("%s:%d: %s", p.Filename, p.Line, fmt.Sprintf(format, args...)))
}

func (j *judgement) imports() {
	allowed, known := mayImport[j.dir]
	if j.library && !known {
		j.report(j.file.Name, "package %s has no row in mayImport", j.dir)
	}
	for _, spec := range j.file.Imports {
		pkg, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			panic(err) // the parser has read it
		}
		first, _, _ := strings.Cut(pkg, "/")
		ours, isOurs := strings.CutPrefix(pkg, module+"/")
		switch {
		case isOurs && j.example:
			if !strings.HasPrefix(ours, "examples/") && !slices.Contains(publicAPI, ours) && !(j.test && slices.Contains(forTests, ours)) {
				j.report(spec, "an example imports %s, which is not public", ours)
			}
		case isOurs && j.library && known:
			if ours != everywhere && !slices.Contains(allowed, ours) {
				j.report(spec, "%s may not import %s", j.dir, ours)
			}
		case !isOurs && strings.Contains(first, "."):
			if !within(pkg, dependencies) && !(j.test && within(pkg, testDependencies)) {
				j.report(spec, "%q is no dependency of this module", pkg)
			}
		case j.library && slices.Contains(impure, pkg):
			j.report(spec, "a library package imports %q", pkg)
		}
		if j.library && spec.Name != nil && (spec.Name.Name == "." || spec.Name.Name == "_" && pkg != "embed") {
			j.report(spec, "import of %q as %q", pkg, spec.Name.Name)
		}
	}
}

// within reports whether pkg is in one of the modules or packages.
func within(pkg string, modules []string) bool {
	return slices.ContainsFunc(modules, func(m string) bool { return strings.HasPrefix(pkg+"/", m+"/") })
}

func (j *judgement) declarations() {
	if j.file.Name.Name == "main" {
		j.report(j.file.Name, "a program outside examples")
	}
	for _, d := range j.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
			j.report(f, "func init")
		}
	}
}

// clocks looks for every mention, not only for calls: a function that is handed on is called later.
func (j *judgement) clocks() {
	name := ""
	for _, spec := range j.file.Imports {
		if spec.Path.Value == `"time"` {
			name = "time"
			if spec.Name != nil {
				name = spec.Name.Name
			}
		}
	}
	if name == "" {
		return
	}
	ast.Inspect(j.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == name && slices.Contains(clock, sel.Sel.Name) {
			j.report(sel, "time.%s in a library package", sel.Sel.Name)
		}
		return true
	})
}

// treeNames are what only source trees have. The list is a file of package packager, which alone may know it and holds it
// against its tables.
var treeNames = sync.OnceValue(func() []*regexp.Regexp {
	list, err := os.ReadFile("packager/testdata/tree-names.txt")
	if err != nil {
		panic(err)
	}
	var out []*regexp.Regexp
	for line := range strings.Lines(string(list)) {
		kind, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		name = regexp.QuoteMeta(name)
		switch kind {
		case "folder":
			// A folder, or a path in it to what is no element: "Roles/Role" is a place in customizations.xml.
			name = `(?i:\b` + name + `/)(?:$|[^\s"]*[.*%{]|[\s"])`
		case "file":
			name = `(?:^|[/*\s])` + name
		}
		out = append(out, regexp.MustCompile(name))
	}
	return out
})

// trees looks for names of folders and files of source trees. Everything that reads solutions reads parts.
func (j *judgement) trees() {
	ast.Inspect(j.file, func(n ast.Node) bool {
		if _, ok := n.(*ast.ImportSpec); ok {
			return false
		}
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		text, err := strconv.Unquote(lit.Value)
		if err != nil {
			panic(err) // the parser has read it
		}
		for _, name := range treeNames() {
			if found := name.FindString(text); found != "" {
				j.report(lit, "%q names what only source trees have, which only packager knows: read solution.Parts", strings.TrimSpace(found))
				break
			}
		}
		return true
	})
}

// Each rule is shown a file that breaks it, so that none can pass because it looks at nothing.
func TestJudge(t *testing.T) {
	tests := []struct {
		what, name, src string
		want            []string
	}{
		{"good", "solution/a.go", "package solution\nimport (\n\"io\"\n\"time\"\n_ \"embed\"\n\"" + module + "/solution/diag\"\n\"golang.org/x/mod/module\"\n)\nvar d time.Duration\ntype t struct{}\nfunc (t) init() {}", nil},
		{"impure", "solution/a.go", "package solution\nimport \"os\"\nimport r \"math/rand/v2\"", []string{
			`solution/a.go:2: a library package imports "os"`, `solution/a.go:3: a library package imports "math/rand/v2"`}},
		{"dot", "solution/a.go", "package solution\nimport . \"strings\"", []string{`solution/a.go:2: import of "strings" as "."`}},
		{"blank", "solution/a.go", "package solution\nimport _ \"image/png\"", []string{`solution/a.go:2: import of "image/png" as "_"`}},
		{"init", "solution/a.go", "package solution\n\nfunc init() {}", []string{"solution/a.go:3: func init"}},
		{"clock", "solution/a.go", "package solution\nimport \"time\"\nvar x = time.Now()", []string{"solution/a.go:3: time.Now in a library package"}},
		{"clock renamed", "solution/a.go", "package solution\nimport t \"time\"\nvar now = t.Since", []string{"solution/a.go:3: time.Since in a library package"}},
		{"not the clock", "solution/a.go", "package solution\ntype clock struct{ Now int }\nfunc f(time clock) int { return time.Now }", nil},
		{"back up", "solution/diag/a.go", "package diag\nimport \"" + module + "/solution\"", []string{"solution/diag/a.go:2: solution/diag may not import solution"}},
		{"zip in the resolver", "solution/plan/a.go", "package plan\nimport \"" + module + "/internal/zipw\"", []string{"solution/plan/a.go:2: solution/plan may not import internal/zipw"}},
		{"no row", "util/a.go", "package util", []string{"util/a.go:1: package util has no row in mayImport"}},
		{"foreign", "solution/a.go", "package solution\nimport \"example.com/fast\"", []string{`solution/a.go:2: "example.com/fast" is no dependency of this module`}},
		{"almost a dependency", "solution/a.go", "package solution\nimport \"golang.org/x/model\"", []string{`solution/a.go:2: "golang.org/x/model" is no dependency of this module`}},
		{"test dependency", "solution/a.go", "package solution\nimport \"github.com/google/go-cmp/cmp\"", []string{`solution/a.go:2: "github.com/google/go-cmp/cmp" is no dependency of this module`}},
		{"test", "solution/a_test.go", "package solution\nimport \"os\"\nimport \"github.com/google/go-cmp/cmp\"\nimport \"" + module + "/packager\"\nfunc init() {}", nil},
		{"foreign in a test", "solution/a_test.go", "package solution\nimport \"example.com/fast\"", []string{`solution/a_test.go:2: "example.com/fast" is no dependency of this module`}},
		{"example", "examples/solkit/a.go", "package main\nimport \"os\"\nimport \"" + module + "/packager\"\nimport \"" + module + "/examples/solkit/table\"", nil},
		{"example inside", "examples/solkit/a.go", "package main\nimport \"" + module + "/internal/zipw\"", []string{"examples/solkit/a.go:2: an example imports internal/zipw, which is not public"}},
		{"what is for tests, in one", "examples/solkit/a_test.go", "package main\nimport \"" + module + "/internal/golden\"", nil},
		{"what is for tests, in an example", "examples/solkit/a.go", "package main\nimport \"" + module + "/internal/golden\"", []string{"examples/solkit/a.go:2: an example imports internal/golden, which is not public"}},
		{"what is for tests, in the library", "solution/a.go", "package solution\nimport \"" + module + "/internal/golden\"", []string{"solution/a.go:2: solution may not import internal/golden"}},
		{"what is for tests", "internal/golden/a.go", "package golden\nimport \"os\"\nimport \"testing\"\nimport \"github.com/google/go-cmp/cmp\"", nil},
		{"folder of a tree", "connref/a.go", "package connref\nvar x = \"Other/Solution.xml\"", []string{
			`connref/a.go:2: "Other/Solution." names what only source trees have, which only packager knows: read solution.Parts`}},
		{"folder in small letters", "connref/a.go", "package connref\nvar x = []string{\"other/\", \"a\"}", []string{
			`connref/a.go:2: "other/" names what only source trees have, which only packager knows: read solution.Parts`}},
		{"folder of components", "connref/a.go", "package connref\nvar x = \"Connectors/\" + name", []string{
			`connref/a.go:2: "Connectors/" names what only source trees have, which only packager knows: read solution.Parts`}},
		{"pattern", "connref/a.go", "package connref\nvar x = `in Entities/*/Entity.xml`", []string{
			`connref/a.go:2: "/Entity.xml" names what only source trees have, which only packager knows: read solution.Parts`}},
		{"ending", "solution/a.go", "package solution\nvar x = strings.HasSuffix(name, \".data.xml\")", []string{
			`solution/a.go:2: ".data.xml" names what only source trees have, which only packager knows: read solution.Parts`}},
		{"file", "solution/a.go", "package solution\nvar x = path.Join(dir, \"Entity.xml\")", []string{
			`solution/a.go:2: "Entity.xml" names what only source trees have, which only packager knows: read solution.Parts`}},
		{"tree in an example", "examples/solkit/a.go", "package main\nvar x = \"Roles/a.xml\"", []string{
			`examples/solkit/a.go:2: "Roles/a." names what only source trees have, which only packager knows: read solution.Parts`}},
		{"places in customizations.xml", "solution/a.go", "package solution\nvar x = []string{\"Roles/Role\", \"Templates/EmailTemplates/EmailTemplate\", \"Entities\", \"Connector/a.json\", \"Workflows/a.json\", \"another/x.json\", \"IdEntity.xml\"}", nil},
		{"tree in packager", "packager/a.go", "package packager\nvar x = \"Other/Solution.xml\"", nil},
		{"tree in a test", "solution/a_test.go", "package solution\nvar x = \"Other/Solution.xml\"", nil},
		{"generator", "solution/gen.go", "//go:build ignore\n\npackage main\nimport \"os\"", nil},
		{"program", "solution/main.go", "package main", []string{"solution/main.go:1: a program outside examples"}},
		{"program of one platform", "solution/main.go", "//go:build !linux\n\npackage main", []string{"solution/main.go:3: a program outside examples"}},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			got, err := judge(tt.name, []byte(tt.src))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
