package solutionkit_test

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/printer"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/golden"
)

// TestAPI holds the exported identifiers of the public packages, one a line, to docs/api.txt. What breaks callers is so a line that is
// gone or changed in the file, which a review sees: add to it, or say in CHANGELOG.md what they have to do.
func TestAPI(t *testing.T) {
	var lines []string
	for _, pkg := range publicAPI {
		list, err := apiOf(pkg)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			t.Errorf("%s exports nothing", pkg)
		}
		lines = append(lines, list...)
	}
	slices.Sort(lines)
	golden.File(t, "docs/api.txt", strings.Join(lines, "\n")+"\n")
}

// apiOf returns the exported identifiers of a package, in the folder of that name, on any platform: "pkg solution, func Fold(string) string".
func apiOf(pkg string) ([]string, error) {
	names, err := filepath.Glob(filepath.Join(filepath.FromSlash(pkg), "*.go"))
	if err != nil {
		return nil, err
	}
	a := &api{files: token.NewFileSet(), pkg: pkg}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(a.files, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		if generator(file) {
			continue
		}
		if ok, err := build.Default.MatchFile(filepath.Dir(name), filepath.Base(name)); err != nil {
			return nil, err
		} else if !ok {
			return nil, fmt.Errorf("%s is for some platforms only: the public packages are the same on all", name)
		}
		a.file(file)
	}
	return a.lines, nil
}

// An api collects lines about one package.
type api struct {
	files *token.FileSet
	pkg   string
	lines []string
}

func (a *api) line(format string, args ...any) {
	a.lines = append(a.lines, "pkg "+a.pkg+", "+fmt.Sprintf(format, args...))
}

func (a *api) file(file *ast.File) {
	dropNames(file)
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			a.function(d)
		case *ast.GenDecl:
			a.values(d)
			for _, s := range d.Specs {
				if s, ok := s.(*ast.TypeSpec); ok && s.Name.IsExported() {
					a.typeSpec(s)
				}
			}
		}
	}
}

func (a *api) function(d *ast.FuncDecl) {
	if !d.Name.IsExported() {
		return
	}
	signature := strings.TrimPrefix(a.text(d.Type), "func")
	if d.Recv == nil {
		a.line("func %s%s", d.Name.Name, signature)
		return
	}
	of := a.text(d.Recv.List[0].Type)
	if name, _, _ := strings.Cut(strings.TrimPrefix(of, "*"), "["); ast.IsExported(name) {
		a.line("method (%s) %s%s", of, d.Name.Name, signature)
	}
}

// values adds constants and variables. A constant without a value of its own repeats the one before, as iota has it: its line has the
// place in the list.
func (a *api) values(d *ast.GenDecl) {
	if d.Tok != token.CONST && d.Tok != token.VAR {
		return
	}
	var kind ast.Expr
	var value []ast.Expr
	for at, s := range d.Specs {
		v := s.(*ast.ValueSpec)
		if d.Tok == token.VAR || v.Type != nil || v.Values != nil {
			kind, value = v.Type, v.Values
		}
		for i, name := range v.Names {
			if !name.IsExported() {
				continue
			}
			line := d.Tok.String() + " " + name.Name
			if kind != nil {
				line += " " + a.text(kind)
			}
			if d.Tok == token.CONST && i < len(value) {
				line += " = " + a.text(value[i])
				if strings.Contains(a.text(value[i]), "iota") {
					line += fmt.Sprintf(" (%d)", at)
				}
			} else if d.Tok == token.VAR && kind == nil && i < len(value) {
				line += " = " + a.constructor(value[i])
			}
			a.line("%s", line)
		}
	}
}

// constructor is what makes the value of a variable whose type is not written, without what it is made of.
func (a *api) constructor(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.CallExpr:
		return a.text(x.Fun) + "(...)"
	case *ast.CompositeLit:
		return a.text(x.Type) + "{...}"
	case *ast.UnaryExpr:
		return x.Op.String() + a.constructor(x.X)
	}
	return a.text(x)
}

func (a *api) typeSpec(s *ast.TypeSpec) {
	name := s.Name.Name
	parameters := ""
	if s.TypeParams != nil {
		parameters = "[" + strings.TrimSuffix(strings.TrimPrefix(a.text(&ast.FuncType{TypeParams: s.TypeParams, Params: &ast.FieldList{}}), "func["), "]()") + "]"
	}
	assigned := " "
	if s.Assign.IsValid() {
		assigned = " = "
	}
	switch x := s.Type.(type) {
	case *ast.StructType:
		a.line("type %s%s%sstruct", name, parameters, assigned)
		a.fields(name, x)
	case *ast.InterfaceType:
		a.line("type %s%s%sinterface { %s }", name, parameters, assigned, strings.Join(a.methods(x), "; "))
	default:
		a.line("type %s%s%s%s", name, parameters, assigned, a.text(x))
	}
}

// fields adds a line for each exported field, with its tag, which JSON is made by. That a struct has others too is told, as it can then
// not be compared or converted by what is seen.
func (a *api) fields(name string, x *ast.StructType) {
	hidden := false
	for _, f := range x.Fields.List {
		kind := a.text(f.Type)
		if f.Tag != nil {
			kind += " " + f.Tag.Value
		}
		if len(f.Names) == 0 {
			embedded := kind[strings.LastIndexAny(kind, ".*")+1:]
			if !ast.IsExported(embedded) {
				hidden = true
				continue
			}
			a.line("type %s struct, embedded %s", name, kind)
		}
		for _, n := range f.Names {
			if !n.IsExported() {
				hidden = true
				continue
			}
			a.line("type %s struct, %s %s", name, n.Name, kind)
		}
	}
	if hidden {
		a.line("type %s struct, unexported fields", name)
	}
}

// methods are those of an interface, sorted.
func (a *api) methods(x *ast.InterfaceType) []string {
	var out []string
	hidden := false
	for _, m := range x.Methods.List {
		f, ok := m.Type.(*ast.FuncType)
		switch {
		case !ok:
			out = append(out, a.text(m.Type))
		case m.Names[0].IsExported():
			out = append(out, m.Names[0].Name+strings.TrimPrefix(a.text(f), "func"))
		default:
			hidden = true
		}
	}
	slices.SortFunc(out, cmp.Compare)
	if hidden {
		out = append(out, "unexported methods")
	}
	return out
}

// dropNames takes the names of what goes in and comes out from all signatures of a file, as they may change.
func dropNames(file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		if f, ok := n.(*ast.FuncType); ok {
			f.Params, f.Results = nameless(f.Params), nameless(f.Results)
		}
		return true
	})
}

func nameless(l *ast.FieldList) *ast.FieldList {
	if l == nil {
		return nil
	}
	out := &ast.FieldList{}
	for _, f := range l.List {
		for range max(1, len(f.Names)) {
			out.List = append(out.List, &ast.Field{Type: f.Type})
		}
	}
	return out
}

// text is source on one line, without comments.
func (a *api) text(n ast.Node) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, token.NewFileSet(), n); err != nil {
		panic(err) // the parser has read it
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// What is exported in each way is a line, and nothing else is.
func TestAPILines(t *testing.T) {
	const src = `package a

import "io"

const (
	First Kind = iota + 1
	hidden
	Third // third
)

const Text, other = "a", "b"

var Default = NewKind("x")

var ErrX, errY error

type Kind uint8

type Pair[K comparable, V any] struct {
	Key   K ` + "`json:\"key\"`" + `
	Value, value V
	io.Reader
	lower
}

type lower struct{ Exported int }

type Source interface {
	io.Closer
	Read(name string) (n int, err error)
	private()
}

type Alias = Kind

func NewKind(name string, more ...func(x int) bool) Kind { return 0 }

func unexported() {}

func (p *Pair[K, V]) Each(yield func(key K, value V) bool) {}

func (lower) Method() {}

func (k Kind) String() string { return "" }
`
	want := []string{
		`pkg a, const First Kind = iota + 1 (0)`,
		`pkg a, const Third Kind = iota + 1 (2)`,
		`pkg a, const Text = "a"`,
		`pkg a, var Default = NewKind(...)`,
		`pkg a, var ErrX error`,
		`pkg a, type Kind uint8`,
		`pkg a, type Pair[K comparable, V any] struct`,
		"pkg a, type Pair struct, Key K `json:\"key\"`",
		`pkg a, type Pair struct, Value V`,
		`pkg a, type Pair struct, embedded io.Reader`,
		`pkg a, type Pair struct, unexported fields`,
		`pkg a, type Source interface { Read(string) (int, error); io.Closer; unexported methods }`,
		`pkg a, type Alias = Kind`,
		`pkg a, func NewKind(string, ...func(int) bool) Kind`,
		`pkg a, method (*Pair[K, V]) Each(func(K, V) bool)`,
		`pkg a, method (Kind) String() string`,
	}
	a := &api{files: token.NewFileSet(), pkg: "a"}
	file, err := parser.ParseFile(a.files, "a.go", src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	a.file(file)
	if diff := gocmp.Diff(want, a.lines); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
