package lint

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution/diag"
)

func TestLintOptions(t *testing.T) {
	files := fixture(t)
	files[definitionFile] = []byte(strings.Replace(string(files[definitionFile]), `"https"]`, `"http"]`, 1))
	files[definitionFile] = []byte(strings.Replace(string(files[definitionFile]), `"Contoso Parts"`, `"Contoso API"`, 1))
	c := load1(t, files)
	for name, tc := range map[string]struct {
		opts *Options
		want string
	}{
		"default":       {nil, "CONN-ROOT-008 warning"},
		"certification": {&Options{Certification: true}, "CONN-INFO-003 warning, CONN-ROOT-008 warning"},
		"override":      {&Options{Severity: map[string]diag.Severity{"CONN-ROOT-008": diag.Error}}, "CONN-ROOT-008 error"},
		"disable":       {&Options{Certification: true, Disable: []string{"CONN-ROOT-008"}}, "CONN-INFO-003 warning"},
	} {
		var got []string
		for _, d := range Check(c, tc.opts) {
			got = append(got, d.Rule+" "+d.Severity.String())
		}
		if s := strings.Join(got, ", "); s != tc.want {
			t.Errorf("%s: %s, want %s", name, s, tc.want)
		}
	}
}

// TestConcurrentUse checks one connector many times at once; run it with -race.
func TestConcurrentUse(t *testing.T) {
	files := fixture(t)
	files[definitionFile] = []byte(strings.ReplaceAll(string(files[definitionFile]), `"title"`, `"titel"`))
	c := load1(t, files)
	want := Check(c, &Options{Certification: true})
	if len(want) == 0 {
		t.Fatal("nothing found")
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if diff := cmp.Diff(want, Check(c, &Options{Certification: true})); diff != "" {
				t.Errorf("(-first +other)\n%s", diff)
			}
			c.Secrets()
		})
	}
	wg.Wait()
}

// Rules of the solution are compared with what is around the connector, which may not be readable.
func TestSurroundingsThatCannotBeRead(t *testing.T) {
	w := &world{t: t, files: fixture(t)}
	w.toSolution()
	w.files["solution.xml"] = []byte("<ImportExportXml>\n<a></b>")
	found, err := CheckSolution(partsOf(t, w.files), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || found[0].Rule != "CONN-DOC-001" || found[0].Location.File != "solution.xml" || found[0].Location.Start.Line != 2 {
		t.Errorf("found %v", found)
	}
	found, err = CheckSolution(partsOf(t, map[string][]byte{"customizations.xml": []byte("<Connectors><Connector>")}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || found[0].Rule != "CONN-DOC-001" || found[0].Location.File != "customizations.xml" {
		t.Errorf("found %v", found)
	}
	if _, err := CheckSolution(partsOf(t, nil), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no solution: %v", err)
	}
}

// TestUnreadable tells the rules that stand for errors.
func TestUnreadable(t *testing.T) {
	for text, want := range map[string]string{"{": "CONN-DOC-001", "[]": "CONN-DOC-006", `{"a": 1,}`: "CONN-DOC-002", "{\"a\": \"\xff\"}": "CONN-DOC-005", "{\"a\": \"\t\"}": "CONN-DOC-005"} {
		_, err := connector.Load(toFS(map[string][]byte{"a/" + definitionFile: []byte(text), "b/" + definitionFile: fixture(t)[definitionFile]}))
		found, rest := Unreadable(err)
		if rest != nil || len(found) != 1 || found[0].Rule != want || found[0].Location.File != "a/"+definitionFile {
			t.Errorf("%s: %v, %v; want %s", text, found, rest, want)
		}
	}
	if found, rest := Unreadable(nil); found != nil || rest != nil {
		t.Errorf("no error: %v, %v", found, rest)
	}
	_, err := connector.Load(fstest.MapFS{})
	if found, rest := Unreadable(err); found != nil || !errors.Is(rest, connector.ErrNoConnector) {
		t.Errorf("nothing: %v, %v", found, rest)
	}
}

// A zip and its tree have the same findings, each in its own files; fixes are of these too.
func TestTree(t *testing.T) {
	files := fixture(t)
	files[definitionFile] = []byte(strings.Replace(string(files[definitionFile]), `"https"]`, `"http"]`, 1))
	files[definitionFile] = []byte(strings.Replace(string(files[definitionFile]), `"swagger": "2.0"`, `"swagger": "2.0", "host2": "x"`, 1))
	w := &world{t: t, files: files}
	w.toSolution()
	w.files["solution.xml"] = []byte(strings.Replace(string(w.files["solution.xml"]), "<UniqueName>parts</UniqueName>", "<UniqueName>parts</UniqueName><Version>1.0</Version><Managed>0</Managed>", 1))
	w.files["customizations.xml"] = []byte(strings.Replace(string(w.files["customizations.xml"]), "<connectortype>1<", "<connectortype>2<", 1))
	p := partsOf(t, w.files)
	found, err := CheckSolution(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := packager.Unpack(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := tree.Parts()
	if err != nil {
		t.Fatal(err)
	}
	inTree, err := CheckSolution(parts, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(words(found), words(inTree)); diff != "" || len(found) < 3 {
		t.Errorf("(-zip +tree)\n%s", diff)
	}
	fixes := 0
	for _, d := range inTree {
		src, err := tree.ReadFile(d.Location.File)
		if err != nil || d.Location.Start.Offset >= len(src) {
			t.Errorf("%v is nowhere in the tree: %v", d, err)
		}
		for _, fix := range d.Fixes {
			fixes++
			src, err := tree.ReadFile(fix.Edits[0].File)
			if err != nil {
				t.Errorf("%v: %v", d, err)
				continue
			}
			if _, err := diag.Apply(src, fix.Edits); err != nil {
				t.Errorf("%v: %v", d, err)
			}
		}
	}
	if fixes == 0 {
		t.Error("no fixes")
	}
	if at := inTree.Rule("CONN-SOL-011"); !slices.ContainsFunc(slices.Collect(at), func(d diag.Diagnostic) bool {
		return strings.HasSuffix(d.Location.File, ".xml") && d.Location.File != "customizations.xml"
	}) {
		t.Errorf("the element is not found in its own file: %v", inTree)
	}
}
