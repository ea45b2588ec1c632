package packager_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connector/lint"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/plan"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// smallSolutions are the zips of the cases of this package and of solutiontest, by name.
func smallSolutions(t *testing.T) map[string][]byte {
	t.Helper()
	out := packager.CaseZips(t)
	for _, c := range golden.Cases(t, "../solution/solutiontest/testdata/*.txtar") {
		out["solutiontest/"+filepath.Base(c.Path)] = solutiontest.Zip(t, string(c.Files[0].Data))
	}
	return out
}

func openZip(t *testing.T, data []byte) *packager.Package {
	t.Helper()
	pkg, err := packager.Open(bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

// Every row of the layout tables is in one of the small solutions, so that what is shown of them is shown of the row. A new
// row needs a case.
func TestEveryRowHasACase(t *testing.T) {
	elements, folders := packager.LayoutRows()
	missing := map[string]bool{}
	for _, path := range elements {
		missing[strings.Join(path, "/")] = true
	}
	for _, folder := range folders {
		missing[folder+"/"] = true
	}
	for _, data := range smallSolutions(t) {
		pkg := openZip(t, data)
		custom, err := pkg.ReadPart(solution.CustomizationsFile)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := xmlspan.Parse(custom, 6, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range elements {
			if hasElement(doc, doc.Root(), path) {
				delete(missing, strings.Join(path, "/"))
			}
		}
		for _, name := range pkg.Names() {
			for _, folder := range folders {
				if top, _, ok := strings.Cut(strings.ToLower(name), "/"); ok && (top == folder || strings.HasSuffix(folder, "_") && strings.HasPrefix(top, folder)) {
					delete(missing, folder+"/")
				}
			}
		}
	}
	for what := range missing {
		t.Errorf("no case under testdata/layout has %s: add the smallest solution that does", what)
	}
}

// hasElement reports whether there is an element at a path below i. "*" is one of any name.
func hasElement(d *xmlspan.Document, i int32, path []string) bool {
	if len(path) == 0 {
		return true
	}
	for c := range d.Elements(i) {
		if (path[0] == "*" || d.Is(c, path[0])) && hasElement(d, c, path[1:]) {
			return true
		}
	}
	return false
}

// readers give all that packages read out of a solution.
var readers = map[string]func(t *testing.T, p solution.Parts) []any{
	"content": func(t *testing.T, p solution.Parts) (out []any) {
		c, err := content.Read(p, nil)
		if err != nil {
			return []any{err}
		}
		for x := range c.Components() {
			out = append(out, x)
		}
		for x := range c.References() {
			out = append(out, x)
		}
		return append(out, anys(c.Diagnostics())...)
	},
	"connref": func(t *testing.T, p solution.Parts) []any {
		set, err := connref.Read(p)
		if err != nil {
			return []any{err}
		}
		return slices.Concat(anys(set.References), anys(set.Variables), anys(set.Uses), anys(set.Raw), anys(set.Diagnostics()))
	},
	"connector": func(t *testing.T, p solution.Parts) (out []any) {
		list, err := connector.Read(p)
		if err != nil {
			out = append(out, fmt.Sprintf("%T", err)) // the words have the file in them
		}
		for _, c := range list {
			out = append(out, []any{c.Name(), c.ID(), c.DisplayName(), c.Host(), string(c.Definition()), c.Location(), slices.Collect(c.ConnectionParameters())})
			out = append(out, anys(lint.Check(c, nil))...)
		}
		found, err := lint.CheckSolution(p, nil)
		if err != nil {
			out = append(out, fmt.Sprintf("%T", err))
		}
		return append(out, anys(found)...)
	},
	"plan": func(t *testing.T, p solution.Parts) []any {
		read, err := plan.Read(p, nil)
		if err != nil {
			return []any{err}
		}
		made, err := plan.Resolve([]plan.Item{{Solution: read}}, &plan.Environment{}, nil, nil)
		if err != nil {
			return []any{err}
		}
		var text bytes.Buffer
		if err := made.WriteText(&text); err != nil {
			t.Fatal(err)
		}
		return append([]any{place.ReplaceAllString(text.String(), "")}, anys(made.Diagnostics())...)
	},
}

func anys[T any](list []T) (out []any) {
	for _, x := range list {
		out = append(out, x)
	}
	return out
}

// otherwise are cases whose tree is not equal to the zip in what readers see, and why.
var otherwise = map[string]string{
	"testdata/rescue/section-attributes": "attributes of sections stand in Other/Rescued.xml and not where the section is",
	"testdata/writing/carriage-return":   "carriage returns become newlines",
	"testdata/writing/dialect":           "carriage returns become newlines",
	"testdata/writing/utf-8-bom":         "carriage returns become newlines",
}

// What is read of a zip and of its tree is one and the same, and stands at the same text: in an entry of the zip, and in the
// file of the tree that has it.
func TestReadersSeeOneSolution(t *testing.T) {
	zips := smallSolutions(t)
	for i, s := range corpus.AnySolutions(t) {
		if i%4 == 0 {
			zips["corpus/"+s.Name] = s.Zip(t)
		}
	}
	for name, data := range zips {
		t.Run(name, func(t *testing.T) {
			pkg := openZip(t, data)
			if why := otherwise[name]; why != "" {
				t.Skip(why)
			}
			if _, err := pkg.ReadPart(solution.ContentTypesFile); err != nil {
				t.Skip("the tree has the part that the zip lacks")
			}
			if pkg.HasNamesAlike() {
				t.Skip("of names that differ in letter case only, readers may take either")
			}
			zr, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				t.Fatal(err)
			}
			readEntry := func(name string) ([]byte, error) {
				if src, err := pkg.ReadPart(name); err == nil {
					return src, nil
				}
				for _, f := range zr.File {
					if f.Name == name {
						r, err := f.Open()
						if err != nil {
							return nil, err
						}
						return io.ReadAll(r)
					}
				}
				return nil, fs.ErrNotExist
			}
			tree, err := packager.Unpack(pkg, nil)
			if err != nil {
				t.Fatal(err)
			}
			parts, err := tree.Parts()
			if err != nil {
				t.Fatal(err)
			}
			for _, reader := range []string{"content", "connref", "connector", "plan"} {
				t.Run(reader, func(t *testing.T) {
					want := described(t, readers[reader](t, pkg), readEntry)
					got := described(t, readers[reader](t, parts), tree.ReadFile)
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("(-zip +tree)\n%s", diff)
					}
				})
			}
		})
	}
}

// described gives values as text, without their places but with what stands there.
func described(t *testing.T, values []any, read func(string) ([]byte, error)) []string {
	t.Helper()
	d := describer{t: t, read: read, lines: map[string][]string{}}
	var out []string
	for _, v := range values {
		d.text.Reset()
		d.value(reflect.ValueOf(v))
		out = append(out, d.text.String())
	}
	slices.Sort(out)
	return out
}

type describer struct {
	t     *testing.T
	read  func(string) ([]byte, error)
	lines map[string][]string // of the files that were read
	text  strings.Builder
}

func (d *describer) value(v reflect.Value) {
	if !v.IsValid() {
		d.text.WriteString("nil ")
		return
	}
	switch x := v.Interface().(type) {
	case diag.Location:
		fmt.Fprintf(&d.text, "%s at %q ", ordinal.ReplaceAllString(x.Path, ""), d.at(x))
		return
	case diag.Edit:
		src, err := d.read(x.File)
		if err != nil || x.End > len(src) {
			d.t.Errorf("an edit of [%d,%d) of %q, which is not there: %v", x.Start, x.End, x.File, err)
			return
		}
		fmt.Fprintf(&d.text, "%q becomes %q ", src[x.Start:x.End], x.New)
		return
	case solution.Key, solution.GUID, []byte:
		fmt.Fprintf(&d.text, "%s ", x)
		return
	case error:
		fmt.Fprintf(&d.text, "%T ", x)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fmt.Fprintf(&d.text, "%s=", v.Type().Field(i).Name)
				d.value(v.Field(i))
			}
		}
	case reflect.Pointer, reflect.Interface:
		d.value(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			d.value(v.Index(i))
		}
	default:
		fmt.Fprintf(&d.text, "%v ", v.Interface())
	}
}

var (
	place   = regexp.MustCompile(` \([^()]*:\d+:\d+\)`) // in the text of a plan
	ordinal = regexp.MustCompile(`\[\d+\]`)             // in the path of an element: Unpack sorts the lists of the manifest
)

// at returns how the text at a location begins, white space and declarations aside.
func (d *describer) at(at diag.Location) string {
	if at.File == "" {
		return ""
	}
	lines, ok := d.lines[at.File]
	if !ok {
		src, err := d.read(at.File)
		if err != nil {
			d.t.Errorf("a location in %q, which is no file of the source: %v", at.File, err)
			return ""
		}
		lines = strings.SplitAfter(strings.TrimPrefix(string(src), "\ufeff"), "\n")
		d.lines[at.File] = lines
	}
	if !at.Start.IsValid() {
		return "the file"
	}
	if at.Start.Line > len(lines) {
		d.t.Errorf("%v is behind the end of its file", at)
		return ""
	}
	text := string([]rune(lines[at.Start.Line-1])[at.Start.Column-1:])
	for _, line := range lines[at.Start.Line:] {
		if len(text) > 1000 {
			break
		}
		text += line
	}
	if strings.HasPrefix(text, "<") {
		return startTag(text)
	}
	text = strings.Join(strings.Fields(text[:min(len(text), 300)]), "")
	if i := strings.IndexAny(text, "<>"); i >= 0 {
		text = text[:i]
	}
	return text[:min(len(text), 40)]
}

// startTag gives an element's name and attributes, declarations aside, however they are written.
func startTag(text string) string {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict = false
	token, err := d.RawToken()
	start, ok := token.(xml.StartElement)
	if err != nil || !ok {
		return text[:min(len(text), 20)]
	}
	out := "<" + start.Name.Local
	for _, a := range start.Attr {
		if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
			out += fmt.Sprintf(" %s=%q", a.Name.Local, a.Value)
		}
	}
	return out
}
