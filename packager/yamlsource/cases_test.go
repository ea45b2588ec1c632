package yamlsource_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/packager/yamlsource"
	"github.com/solutionkit/solutionkit/solution"
)

// TestCases runs the cases in testdata/load. Files in source/ are the folder that is read, on top of those of testdata/base.txtar
// where the comment says "base". The other sections are what is wanted: parts of the package in zip/, the findings, and the error. An
// app's document is a list of its entries. "␍" is a carriage return, "␠" a blank at the end of a line. The comment may name a
// solution: "solution: NAME".
func TestCases(t *testing.T) {
	golden.Run(t, "testdata/load/*.txtar", func(t *testing.T, c *golden.Case) {
		c.HoldInOrder(t, func(name string) bool { return !strings.HasPrefix(name, "source/") }, outcome(t, c.Archive))
	})
}

// unmarked turns the marks of a case into what they stand for, marked the other way round.
var (
	unmarked = strings.NewReplacer("␍", "\r", "␠", " ")
	marked   = strings.NewReplacer("\r", "␍", " \n", "␠\n")
)

func sourceOf(t *testing.T, ar *txtar.Archive) fstest.MapFS {
	t.Helper()
	fsys := fstest.MapFS{}
	add := func(ar *txtar.Archive) {
		for _, f := range ar.Files {
			if name, ok := strings.CutPrefix(f.Name, "source/"); ok {
				fsys[name] = &fstest.MapFile{Data: []byte(unmarked.Replace(string(f.Data)))}
			}
		}
	}
	if strings.Contains(string(ar.Comment), "base") {
		base, err := txtar.ParseFile("testdata/base.txtar")
		if err != nil {
			t.Fatal(err)
		}
		add(base)
	}
	add(ar)
	return fsys
}

// outcome returns the sections that loading and packing a case give.
func outcome(t *testing.T, ar *txtar.Archive) []txtar.File {
	t.Helper()
	opts := &yamlsource.Options{}
	for line := range strings.Lines(string(ar.Comment)) {
		if name, ok := strings.CutPrefix(line, "solution: "); ok {
			opts.Solution = strings.TrimSpace(name)
		}
	}
	section := func(name, text string) txtar.File {
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		return txtar.File{Name: name, Data: []byte(marked.Replace(text))}
	}
	tree, err := yamlsource.Load(sourceOf(t, ar), opts)
	if err != nil {
		return []txtar.File{section("error", err.Error())}
	}
	var out bytes.Buffer
	found, err := packager.Pack(&out, tree, nil)
	var text strings.Builder
	for _, d := range found {
		fmt.Fprintf(&text, "%s: %s: %s (%s)\n", d.Location, d.Severity, d.Message, d.Rule)
	}
	sections := []txtar.File{section("findings", text.String())}
	if err != nil {
		return append(sections, section("error", err.Error()))
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if f.Name == solution.ContentTypesFile {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var data bytes.Buffer
		if _, err := data.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f.Name, ".msapp") {
			data = listing(t, data.Bytes())
		}
		sections = append(sections, section("zip/"+f.Name, strings.TrimPrefix(data.String(), "\ufeff")))
	}
	return sections
}

func listing(t *testing.T, app []byte) (out bytes.Buffer) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(app), int64(len(app)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var data bytes.Buffer
		if _, err := data.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s %q\n", f.Name, data.String())
	}
	return out
}

// TestUnknownKinds holds each kind that the format is not known of to being refused by its file, whatever it is called.
func TestUnknownKinds(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/base.txtar")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ file, text string }{
		{"roles/11111111-0000-4000-8000-000000000001/role.yml", "Role:\n  '@name': a\n"},
		{"roles/basic.yml", "Role:\n  '@name': a\n"},
		{"roles/basic/role.xml", `<Role name="a" />`},
		{"dashboards/11111111-0000-4000-8000-000000000001/dashboard.yml", "Dashboard:\n  FormId: a\n"},
		{"pluginassemblies/a/pluginassembly.yml", "PluginAssembly:\n  '@FullName': a\n"},
		{"sdkmessageprocessingsteps/a/sdkmessageprocessingstep.yml", "SdkMessageProcessingStep:\n  '@Name': a\n"},
		{"connectors/smp_a/connector.yml", "Connector:\n  name: a\n"},
		{"somewhere/smp_a/connector.yml", "Connector:\n  name: a\n"},
		{"sitemaps/a/sitemap.yml", "SiteMap:\n  Area: \n"},
		{"reports/a/report.yml", "Report:\n  Name: a\n"},
		{"things/a/thing.yml", "Thing:\n  Name: a\n"},
		{"entities/smp_a/visualizations/11111111-0000-4000-8000-000000000001/visualization.yml", "visualization:\n  name: a\n"},
		{"entities/smp_a/formulas/a.yaml", "a: b\n"},
		{"optionsets/smp_a/extra.yml", "extra: a\n"},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			fsys := sourceOf(t, ar)
			fsys["entities/smp_a/entity.yml"] = &fstest.MapFile{Data: []byte("Entity:\n  Name: smp_a\n")}
			fsys["optionsets/smp_a/optionset.yml"] = &fstest.MapFile{Data: []byte("optionset:\n  '@Name': smp_a\n")}
			fsys[tt.file] = &fstest.MapFile{Data: []byte(tt.text)}
			_, err := yamlsource.Load(fsys, nil)
			var at *packager.Error
			if !errors.Is(err, yamlsource.ErrKind) || !errors.As(err, &at) || at.Path != tt.file {
				t.Errorf("got %v, want ErrKind about %s", err, tt.file)
			}
		})
	}
}

func TestSolutions(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/base.txtar")
	if err != nil {
		t.Fatal(err)
	}
	fsys := sourceOf(t, ar)
	got, err := yamlsource.Solutions(fsys)
	if err != nil || !slices.Equal(got, []string{"Sample"}) {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err = yamlsource.Solutions(fstest.MapFS{"a/b": &fstest.MapFile{}}); err != nil || got != nil {
		t.Errorf("of no source: got %v, %v", got, err)
	}
}
