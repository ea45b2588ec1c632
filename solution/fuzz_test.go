package solution_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// addSeeds adds the sources of that name of all txtar cases: whole if they are small, else each child of the element of that
// depth alone in what is around it. The fuzzer shortens each input that is new to it, so large seeds cost it all its time.
func addSeeds(f *testing.F, name string, depth int) {
	paths, err := filepath.Glob(filepath.Join("testdata", "*", "*.txtar"))
	if err != nil || len(paths) == 0 {
		f.Fatalf("no cases (%v)", err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if file.Name != name {
				continue
			}
			if len(file.Data) <= 400 {
				f.Add(bytes.ReplaceAll(file.Data, []byte("\n"), []byte("\r\n")))
			}
			for _, seed := range childrenAlone(file.Data, depth) {
				f.Add(seed)
			}
		}
	}
}

// childrenAlone returns, for each element of that depth, a document of it and those around it; nothing of what is not XML.
func childrenAlone(src []byte, depth int) (out [][]byte) {
	doc, err := xmlspan.Parse(src, depth, nil)
	if err != nil {
		return nil
	}
	var cut func(element int32, depth int, before, after string)
	cut = func(element int32, depth int, before, after string) {
		if depth == 1 {
			out = append(out, slices.Concat([]byte(before), doc.Bytes(element), []byte(after)))
			return
		}
		name := doc.Name(element)
		for child := range doc.Elements(element) {
			cut(child, depth-1, before+"<"+name+">", "</"+name+">"+after)
		}
	}
	cut(doc.Root(), depth, "", "")
	return out
}

func FuzzParseManifest(f *testing.F) {
	addSeeds(f, "solution.xml", 3)
	f.Fuzz(func(t *testing.T, src []byte) {
		m, err := solution.ParseManifest(src, solution.ManifestFile)
		if err != nil {
			checkSyntaxError(t, err, solution.ManifestFile, src)
			return
		}
		if !bytes.Equal(m.Bytes(), src) {
			t.Fatal("Bytes are not what was read")
		}
		dumpManifest(m)
		checkFindings(t, m.Check(), src)
	})
}

// FuzzEditManifest holds that what is set in any manifest is there afterwards, and that a change does what the edits do.
func FuzzEditManifest(f *testing.F) {
	addSeeds(f, "before.xml", 3)
	addSeeds(f, "solution.xml", 3)
	f.Fuzz(func(t *testing.T, src []byte) {
		m, err := solution.ParseManifest(src, solution.ManifestFile)
		if err != nil {
			return
		}
		v := solution.Version{Major: 9, Minor: 8, Build: 7, Revision: 6}
		edited := m.WithVersion(v).WithKind(solution.Both)
		if edited.Version() != v || edited.Kind() != solution.Both {
			t.Fatalf("edits give %v and %v: %q", edited.Version(), edited.Kind(), edited.Bytes())
		}
		named, err := m.WithUniqueName("New_1")
		if err != nil || named.UniqueName() != "New_1" {
			t.Fatalf("WithUniqueName gives %q, %v", named.UniqueName(), err)
		}
		rc := solution.NewRootComponent(solution.TypeEntity, "fuzz_\"&<>", solution.GUID{})
		roots := append(slices.Collect(m.RootComponents()), rc)
		added, err := m.WithRootComponents(roots...)
		if err != nil {
			t.Fatalf("adding a root: %v", err)
		}
		if got := slices.Collect(added.RootComponents()); len(got) != len(roots) || got[len(got)-1].Key != rc.Key {
			t.Fatalf("adding a root gives %v: %q", got, added.Bytes())
		}
		fuzzTexts(t, m)
		fuzzChange(t, src)
	})
}

// fuzzTexts sets what has texts: they are there afterwards.
func fuzzTexts(t *testing.T, m *solution.Manifest) {
	labels := []solution.Label{{LCID: 1031, Text: "é\"<>"}, {LCID: 1033, Text: ""}}
	edited, err := m.WithDisplayNames(labels...)
	if err == nil {
		edited, err = edited.WithDescriptions(labels...)
	}
	if err == nil {
		edited, err = edited.WithConfigurationPage("a&b")
	}
	if err != nil {
		t.Fatal(err)
	}
	if page := edited.ConfigurationPage(); page == nil || *page != "a&b" || !slices.Equal(edited.DisplayNames(), labels) || !slices.Equal(edited.Descriptions(), labels) {
		t.Fatalf("texts are not there: %q", edited.Bytes())
	}
	mail := "a&b"
	p := solution.Publisher{UniqueName: "contoso", Prefix: "con", OptionValuePrefix: 20000, EMail: &mail, DisplayNames: labels,
		Addresses: []solution.Address{{{Name: "City", Value: &mail}}}}
	if edited, err = m.WithPublisher(p); err != nil {
		t.Fatal(err)
	}
	got := edited.Publisher()
	if got.UniqueName != p.UniqueName || got.Prefix != p.Prefix || got.OptionValuePrefix != p.OptionValuePrefix || got.EMail == nil || *got.EMail != mail || got.Website != nil ||
		!slices.Equal(got.DisplayNames, labels) || len(got.Descriptions) != 0 || len(got.Addresses) != 1 {
		t.Fatalf("publisher %+v: %q", got, edited.Bytes())
	}
	if city, ok := got.Addresses[0].Value("City"); !ok || city != mail {
		t.Fatalf("city %q: %q", city, edited.Bytes())
	}
	if again, err := edited.WithPublisher(p); err != nil || again != edited {
		t.Fatalf("the publisher is set again: %v: %q", err, again.Bytes())
	}
}

// fuzzChange makes a change of several edits: it does what they do.
func fuzzChange(t *testing.T, src []byte) {
	p := extracted(t, map[string]string{"solution.xml": string(src)})
	var want []byte
	c, err := solution.EditManifest(p, func(m *solution.Manifest) (*solution.Manifest, error) {
		m, err := m.WithVersion(solution.Version{Major: 9}).WithRootComponents(solution.NewRootComponent(solution.TypeRole, "", solution.GUID{1}))
		if err == nil {
			m, err = m.WithVersion(solution.Version{Major: 8}).WithDependencies()
		}
		if err == nil {
			want = m.Bytes()
		}
		return m, err
	})
	if err != nil {
		var syntax *solution.SyntaxError
		if errors.As(err, &syntax) {
			return // another encoding
		}
		t.Fatal(err)
	}
	if got := textOf(t, apply(t, c, p), "solution.xml"); got != string(want) {
		t.Fatalf("the change makes %q, want %q", got, want)
	}
}

// checkFindings checks what holds for all findings, and that each fix can be made and repairs.
func checkFindings(t *testing.T, found diag.List, src []byte) {
	t.Helper()
	known := map[string]bool{}
	for r := range solution.Rules() {
		known[r.ID] = true
	}
	for _, d := range found {
		at := d.Location
		if !known[d.Rule] || d.Message == "" || !at.Start.IsValid() || at.Start.Offset > at.End.Offset || at.End.Offset > len(src) {
			t.Fatalf("bad finding %+v", d)
		}
		for _, f := range d.Fixes {
			fixed, err := diag.Apply(src, f.Edits)
			if err != nil {
				t.Fatalf("%v: %v", d, err)
			}
			m, err := solution.ParseManifest(fixed, solution.ManifestFile)
			if err != nil {
				t.Fatalf("%v: after the fix %v: %q", d, err, fixed)
			}
			before, after := slices.Collect(found.Rule(d.Rule)), slices.Collect(m.Check().Rule(d.Rule))
			if len(after) >= len(before) {
				t.Fatalf("%v: the fix does not help: %q", d, fixed)
			}
		}
	}
}

func checkSyntaxError(t *testing.T, err error, file string, src []byte) {
	t.Helper()
	var syntax *solution.SyntaxError
	if !errors.As(err, &syntax) {
		t.Fatalf("error %v is not a *SyntaxError", err)
	}
	if syntax.File != file || !syntax.Pos.IsValid() || syntax.Pos.Offset > len(src) || syntax.Unwrap() == nil {
		t.Fatalf("bad error %+v", syntax)
	}
}

func FuzzParseCustomizations(f *testing.F) {
	addSeeds(f, "customizations.xml", 2)
	f.Fuzz(func(t *testing.T, src []byte) {
		c, err := solution.ParseCustomizations(src, solution.CustomizationsFile)
		if err != nil {
			checkSyntaxError(t, err, solution.CustomizationsFile, src)
			keys := solution.NewKeyCheck(len(src))
			keys.Add("", src) // means nothing then, but ends
			return
		}
		checkSpans(t, c)
		last := 0
		for s := range c.Sections() {
			if s.Start < last || s.End <= s.Start || s.End > len(src) || !bytes.HasPrefix(src[s.Start:], []byte("<"+s.Name)) {
				t.Fatalf("bad section %+v", s)
			}
			last = s.End
		}
		for x := range c.Elements() {
			if !c.Location(x).End.IsValid() || x.Key.Name() != solution.Fold(x.Key.Name()) {
				t.Fatalf("bad component %+v", x)
			}
		}
		checkDistinct(t, src)
	})
}
