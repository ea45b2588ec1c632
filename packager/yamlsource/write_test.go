package yamlsource_test

import (
	"bytes"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/packager/yamlsource"
	"github.com/solutionkit/solutionkit/solution"
)

// filesOf returns the texts of all files by path.
func filesOf(t *testing.T, fsys fs.FS) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		files[name] = string(data)
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	return files
}

// written loads a source and writes it again.
func written(t *testing.T, fsys fs.FS, newline string) (map[string]string, error) {
	t.Helper()
	tree, err := yamlsource.Load(fsys, nil)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := tree.Parts()
	if err != nil {
		t.Fatal(err)
	}
	out, _, err := yamlsource.Write(parts, &yamlsource.WriteOptions{Newline: newline})
	if err != nil {
		return nil, err
	}
	return filesOf(t, out), nil
}

// Sources in the style of the platform come back byte for byte.
func TestRoundTripOfSamples(t *testing.T) {
	for _, name := range []string{"yaml-tree", "yaml-tree2"} {
		t.Run(name, func(t *testing.T) {
			fsys := sampleOf(t, name)
			got, err := written(t, fsys, "\n")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(filesOf(t, fsys), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestRoundTrip does the same for cases of which all is in the style of the platform.
func TestRoundTrip(t *testing.T) {
	for _, name := range []string{"nothing", "table", "table-alone", "table-unmodified", "small-kinds", "style", "missing-dependencies"} {
		t.Run(name, func(t *testing.T) {
			ar, err := txtar.ParseFile(filepath.Join("testdata/load", name+".txtar"))
			if err != nil {
				t.Fatal(err)
			}
			want := filesOf(t, sourceOf(t, ar))
			for file, text := range want {
				if strings.HasSuffix(file, ".yml") {
					want[file] = strings.ReplaceAll(text, "\n", "\r\n")
				}
			}
			got, err := written(t, sourceOf(t, ar), "")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// What is written, of whatever can be, gives the same package again.
func TestWriteLoad(t *testing.T) {
	compared := 0
	for _, c := range golden.Cases(t, "testdata/load/*.txtar") {
		name, ar := c.Path, c.Archive
		tree, err := yamlsource.Load(sourceOf(t, ar), nil)
		if err != nil {
			continue
		}
		parts, err := tree.Parts()
		if err != nil {
			t.Fatal(name, err)
		}
		out, _, err := yamlsource.Write(parts, nil)
		if errors.Is(err, yamlsource.ErrKind) {
			continue
		}
		if err != nil {
			t.Fatal(name, err)
		}
		again, err := yamlsource.Load(out, nil)
		if err != nil {
			t.Fatal(name, err)
		}
		compared++
		got, want := filesOf(t, again), filesOf(t, tree)
		for file, text := range want { // the form of elements without content and a newline behind a root are not kept
			want[file] = strings.TrimSpace(strings.ReplaceAll(text, "></noText>", " />"))
			got[file] = strings.TrimSpace(got[file])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	if compared < 15 {
		t.Errorf("%d cases were compared", compared)
	}
}

// TestNotWritten holds what the format can't keep, or is not known to keep, to being refused at its place.
func TestNotWritten(t *testing.T) {
	manifest := `<ImportExportXml languagecode="1033"><SolutionManifest><UniqueName>Sample</UniqueName><Version>1.0</Version><Managed>0</Managed><Publisher><UniqueName>smppublisher</UniqueName></Publisher><RootComponents /></SolutionManifest></ImportExportXml>`
	table := func(inner string) string {
		return "<Entities><Entity><Name>smp_a</Name><EntityInfo><entity Name=\"smp_a\" /></EntityInfo>" + inner + "</Entity></Entities>"
	}
	function := func(inner string) string {
		return table("<RibbonDiffXml><JavaScriptFunction>" + inner + "</JavaScriptFunction></RibbonDiffXml>")
	}
	tests := []struct {
		what, sections string
		more           string // a part
		want           string // "": it is written
	}{
		{"nothing", "<Entities />", "", ""},
		{"roles", "<Roles>\n<Role /></Roles>", "", "customizations.xml:2:1: a kind of component that is not known in YAML: Roles/Role"},
		{"canvas app", "<CanvasApps><CanvasApp><Name>a</Name></CanvasApp></CanvasApps>", "", "customizations.xml:1:30: a kind of component that is not known in YAML: CanvasApp is not written"},
		{"web resource", "<WebResources><WebResource /></WebResources>", "", "WebResource is not written"},
		{"process", `<Workflows><Workflow WorkflowId="{1}"><Category>0</Category></Workflow></Workflows>`, "", "Workflow of category 0"},
		{"charts", table("<Visualizations><visualization /></Visualizations>"), "", "Visualizations of a table"},
		{"comment", "<optionsets><optionset Name=\"a\"><!-- b --></optionset></optionsets>", "", "a comment"},
		{"comment between components", "<optionsets><!-- b --></optionsets>", "", "optionsets"},
		{"parameters in turn", function(`<CrmParameter /><StringParameter /><CrmParameter />`), "", "the order of the elements in JavaScriptFunction"},
		{"parameters by type", function(`<CrmParameter /><CrmParameter /><StringParameter />`), "", ""},
		{"text of lines that fold", "<optionsets><optionset Name=\"a\"><t>a\n b</t></optionset></optionsets>", "", "folded block"},
		{"attribute of lines", "<optionsets><optionset Name=\"a&#10;b\" /></optionsets>", "", "several lines"},
		{"name that leads out", "<optionsets><optionset Name=\"../a\" /></optionsets>", "", "can be a folder"},
		{"two of one name", "<optionsets><optionset Name=\"a\" /><optionset Name=\"a\" /></optionsets>", "", "another component"},
		{"file of no component", "<Entities />", "WebResources/a.js", "WebResources/a.js: a kind of component"},
		{"file in the root", "<Entities />", "a.txt", "a.txt: a kind of component"},
		{"row", "<Entities />", "smp_rows/a/smp_row.xml", ""},
		{"row of a section", "<Entities />", "smp_rows/a/role.xml", "role"},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			files := fstest.MapFS{
				solution.ManifestFile:       &fstest.MapFile{Data: []byte(manifest)},
				solution.CustomizationsFile: &fstest.MapFile{Data: []byte("<ImportExportXml>" + tt.sections + "</ImportExportXml>")},
			}
			if tt.more != "" {
				base := strings.TrimSuffix(filepath.Base(tt.more), ".xml")
				files[tt.more] = &fstest.MapFile{Data: []byte("<" + base + " />")}
			}
			parts, err := solution.PartsOf(files)
			if err != nil {
				t.Fatal(err)
			}
			_, _, err = yamlsource.Write(parts, nil)
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("got %v", err)
			case tt.want != "" && (!errors.Is(err, yamlsource.ErrKind) || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// FuzzWrite holds what is written to being the same solution when it is read.
func FuzzWrite(f *testing.F) {
	for _, seed := range []string{"a", " a", "a: b", "'", "''a", "- a", "a #b", "#", "a:", "{a}", "@", "`", "a\nb", "a\n\nb", "null", "~", "? a", "---", "...", "--- a", "é\u2028b", "\ufeff", "a\tb", ": a", "-", "<<", "%a", "a: ", "\u0085", "x\ufeffy", "- ", "?", ":"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		fsys := withFile(t, "optionsets/smp_a/optionset.yml", "optionset:\n  '@Name': smp_a\n  '@b': c\n  d: e\n")
		tree, err := yamlsource.Load(fsys, nil)
		if err != nil {
			t.Fatal(err)
		}
		parts, err := tree.Parts()
		if err != nil {
			t.Fatal(err)
		}
		src, err := parts.ReadPart(solution.CustomizationsFile)
		if err != nil {
			t.Fatal(err)
		}
		var escaped strings.Builder
		for _, c := range text {
			if c < ' ' && c != '\n' && c != '\t' || c == '\ufffd' || c == '\ufffe' || c == '\uffff' || strings.TrimSpace(text) == "" {
				return
			}
			switch c {
			case '<', '&', '"', '>':
				return
			}
			escaped.WriteRune(c)
		}
		src = bytes.Replace(src, []byte("<d>e</d>"), []byte("<d>"+escaped.String()+"</d>"), 1)
		if !strings.Contains(text, "\n") && !strings.Contains(text, "\t") {
			src = bytes.Replace(src, []byte(`b="c"`), []byte(`b="`+escaped.String()+`"`), 1)
		}
		manifest, err := parts.ReadPart(solution.ManifestFile)
		if err != nil {
			t.Fatal(err)
		}
		changed, err := solution.PartsOf(fstest.MapFS{solution.ManifestFile: &fstest.MapFile{Data: manifest}, solution.CustomizationsFile: &fstest.MapFile{Data: src}})
		if err != nil {
			t.Fatal(err)
		}
		out, _, err := yamlsource.Write(changed, &yamlsource.WriteOptions{Newline: "\n"})
		if err != nil {
			if !errors.Is(err, yamlsource.ErrKind) {
				t.Fatal(err)
			}
			return
		}
		want, err := packager.TreeOf(changed, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := yamlsource.Load(out, nil)
		if err != nil {
			t.Fatalf("%v\n%v", err, filesOf(t, out))
		}
		if diff := cmp.Diff(filesOf(t, want), filesOf(t, got)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}
