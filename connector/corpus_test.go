package connector

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// corpusRoot is where the collection of real connectors lies, beside the checkout.
const corpusRoot = "../../shared/corpus"

// corpus returns the published connectors as a file system in memory, and the bytes of their JSON.
func corpus(t testing.TB) (fsys fs.FS, size int64) {
	t.Helper()
	zr, err := zip.OpenReader(filepath.Join(corpusRoot, "connectors-dev.zip"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the corpus is not here:", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer zr.Close()
	m := fstest.MapFS{}
	for _, f := range zr.File {
		if f.FileInfo().IsDir() {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		m[f.Name] = &fstest.MapFile{Data: data}
		if base := path.Base(f.Name); base == definitionFile || base == propertiesFile {
			size += int64(len(data))
		}
	}
	return m, size
}

// solutions calls f for every solution zip of the corpus.
func solutions(t testing.TB, f func(name string, fsys fs.FS)) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(corpusRoot, "solutions", "*", "input.zip"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Skip("the corpus of solutions is not here")
	}
	for _, p := range paths {
		zr, err := zip.OpenReader(p)
		if err != nil {
			t.Fatal(err)
		}
		f(filepath.Base(filepath.Dir(p)), zr)
		zr.Close()
	}
}

// TestCorpusLoads reads and checks every published connector and compares what is found with the table
// in testdata/corpus.txt, by rule: how many findings, in how many connectors.
func TestCorpusLoads(t *testing.T) {
	fsys, _ := corpus(t)
	var table strings.Builder
	read, refused := 0, 0
	findings, inConnectors := map[string]int{}, map[string]int{}
	for c, err := range All(fsys) {
		if err != nil {
			refused++
			var se *SyntaxError
			if !errors.As(err, &se) || !se.Location.Start.IsValid() {
				t.Errorf("unclear error: %v", err)
			}
			continue
		}
		read++
		seen := map[string]bool{}
		for _, d := range c.Lint(&LintOptions{Certification: true}) {
			key := d.Rule + " " + d.Severity.String()
			findings[key]++
			if !seen[key] {
				seen[key] = true
				inConnectors[key]++
			}
			if d.Message == "" || d.Location.File == "" || !d.Location.Start.IsValid() && d.Location.Path != "" {
				t.Errorf("incomplete finding %+v", d)
			}
		}
	}
	fmt.Fprintf(&table, "%d connectors read, %d refused\n", read, refused)
	for _, key := range slices.Sorted(maps.Keys(findings)) {
		fmt.Fprintf(&table, "%s: %d in %d\n", key, findings[key], inConnectors[key])
		// Scripts are no part of the corpus, so the rule about a missing one says nothing there.
		if strings.HasSuffix(key, " error") && inConnectors[key]*100 > read && !strings.HasPrefix(key, "CONN-SCRIPT-001") {
			t.Errorf("%s: an error in %d of %d published connectors", key, inConnectors[key], read)
		}
	}
	golden(t, "testdata/corpus.txt", table.String())
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", file, diff)
	}
}

// TestCorpusSolutions reads and checks every connector of the solutions.
func TestCorpusSolutions(t *testing.T) {
	var table strings.Builder
	connectors := 0
	count := map[string]int{}
	solutions(t, func(name string, fsys fs.FS) {
		for c, err := range All(fsys) {
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			connectors++
			if c.Form() != FormSolution || c.Name() == "" || c.ID() == "" || c.Title() == "" {
				t.Errorf("%s: incomplete connector %q", name, c.Name())
			}
		}
		list, err := LintAll(fsys, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, d := range list {
			count[d.Rule+" "+d.Severity.String()]++
		}
	})
	fmt.Fprintf(&table, "%d connectors\n", connectors)
	for _, key := range slices.Sorted(maps.Keys(count)) {
		fmt.Fprintf(&table, "%s: %d\n", key, count[key])
	}
	golden(t, "testdata/corpus-solutions.txt", table.String())
}

// TestCorpusFixes applies every fix that published connectors get: the result must be JSON and the
// finding gone.
func TestCorpusFixes(t *testing.T) {
	fsys, _ := corpus(t)
	for c, err := range All(fsys) {
		if err != nil {
			continue
		}
		done := map[string]bool{} // one of each rule is enough for a connector
		for _, d := range c.Lint(nil) {
			if len(d.Fixes) == 0 || done[d.Rule] {
				continue
			}
			done[d.Rule] = true
			files := map[string][]byte{}
			for name, data := range c.Files() {
				files[name] = data
			}
			edits := d.Fixes[0].Edits
			fixed, err := diag.Apply(files[edits[0].File], edits)
			if err != nil {
				t.Errorf("%s: %v: %v", c.Name(), d, err)
				continue
			}
			files[edits[0].File] = fixed
			again, err := Load(toFS(files), c.Path())
			if err != nil {
				t.Errorf("%s: after fix %q of %v: %v", c.Name(), d.Fixes[0].Message, d, err)
				continue
			}
			before, after := 0, 0
			for range c.Lint(nil).Rule(d.Rule) {
				before++
			}
			for range again.Lint(nil).Rule(d.Rule) {
				after++
			}
			if after >= before {
				t.Errorf("%s: fix %q of %v leaves %d of %d", c.Name(), d.Fixes[0].Message, d, after, before)
			}
		}
	}
}

// held returns what both forms can hold of a connector, normalised for white space alone.
func held(t testing.TB, c *index.Connector) map[string]string {
	t.Helper()
	compact := func(v index.Value, absent string) string {
		if !v.OK() || v.Kind() == jsonspan.Null {
			return absent
		}
		return string(compactJSON(t, v.Raw()))
	}
	return map[string]string{
		"definition":              string(bytes.TrimPrefix(c.Definition(), []byte(plainBOM))),
		"connectionParameters":    compact(c.Props.Params, "{}"),
		"connectionParameterSets": compact(c.Props.Sets, ""),
		"policyTemplateInstances": compact(c.Props.Policies, ""),
		"scriptOperations":        compact(c.Props.ScriptOps, ""),
		"iconBrandColor":          c.BrandColor(),
		"script":                  string(c.Script()),
		"icon":                    string(c.Icon()),
	}
}

// TestCorpusRoundTrip takes every published connector to the solution form, by way of the layout of a
// zip and of a tree, and back.
func TestCorpusRoundTrip(t *testing.T) {
	fsys, _ := corpus(t)
	n := 0
	for c, err := range All(fsys) {
		if err != nil {
			continue
		}
		n++
		roundTrip(t, c)
	}
	t.Logf("%d connectors", n)
}

func roundTrip(t testing.TB, c *index.Connector) {
	t.Helper()
	opts := &ConvertOptions{Prefix: "cat", Name: "cat_x", AllowLoss: true}
	parts, err := c.As(FormSolution, opts)
	if err != nil {
		t.Errorf("%s: %v", c.Name(), err)
		return
	}
	want := held(t, c)
	for layout, fsys := range map[string]fs.FS{"zip": parts.FS(), "tree": parts.Tree()} {
		sol, err := Load(fsys, ".")
		if err != nil {
			t.Errorf("%s: %s: %v", c.Name(), layout, err)
			return
		}
		if diff := cmp.Diff(want, held(t, sol)); diff != "" {
			t.Errorf("%s: %s (-files +solution)\n%s", c.Name(), layout, diff)
		}
		same, err := sol.As(FormSolution, nil)
		if err != nil {
			t.Errorf("%s: %v", c.Name(), err)
			return
		}
		if diff := cmp.Diff(parts.Element, same.Element); diff != "" {
			t.Errorf("%s: %s: the element changes\n%s", c.Name(), layout, diff)
		}
		back, err := sol.As(FormFiles, &ConvertOptions{AllowLoss: true})
		if err != nil {
			t.Errorf("%s: %s: %v", c.Name(), layout, err)
			return
		}
		files, err := Load(back.FS(), ".")
		if err != nil {
			t.Errorf("%s: %s: %v", c.Name(), layout, err)
			return
		}
		if diff := cmp.Diff(want, held(t, files)); diff != "" {
			t.Errorf("%s: %s (-files +back)\n%s", c.Name(), layout, diff)
		}
	}
}

// TestCorpusStrip takes the secrets out of every published connector and looks that nothing is left and
// nothing else changed.
func TestCorpusStrip(t *testing.T) {
	fsys, _ := corpus(t)
	for c, err := range All(fsys) {
		if err != nil {
			continue
		}
		travels := 0
		for _, s := range c.Secrets() {
			if s.Kind != Enter {
				travels++
			}
		}
		stripped, err := c.Strip(nil)
		if err != nil {
			t.Errorf("%s: %v", c.Name(), err)
			continue
		}
		for _, s := range stripped.Secrets() {
			if s.Kind != Enter {
				t.Errorf("%s: left: %s %s of %s at %v", c.Name(), s.Kind, s.Field, s.Owner, s.Location)
			}
		}
		if travels == 0 && !bytes.Equal(c.Definition(), stripped.Definition()) {
			t.Errorf("%s: changed without need", c.Name())
		}
	}
}
