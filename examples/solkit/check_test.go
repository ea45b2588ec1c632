package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution/diag"
)

func TestCheck(t *testing.T) {
	solutionXML := "Other/Solution.xml"
	root := func(old, new string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			text := string(read(t, filepath.Join(dir, solutionXML)))
			if !strings.Contains(text, old) {
				t.Fatalf("%q is not in %s", old, solutionXML)
			}
			putFiles(t, dir, map[string]string{solutionXML: strings.Replace(text, old, new, 1)})
		}
	}
	const flow = `<RootComponent type="29" id="{6b0c2f5e-2f0a-4c3e-9a51-0d8e3a7c4b10}" behavior="0" />`
	tests := []struct {
		what   string
		change func(t *testing.T, dir string)
		rule   string
		file   string
		code   int
	}{
		{"nothing", func(*testing.T, string) {}, "", "", exitFine},
		{"source without root component", root(flow, ""), "packager/component-without-root", sampleFlow + ".data.xml", exitFailed},
		{"root component without source", root(flow, flow+`<RootComponent type="61" schemaName="cts_/gone.js" behavior="0" />`),
			"packager/root-without-component", solutionXML, exitFine},
		{"missing file", func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, sampleFlow)); err != nil {
				t.Fatal(err)
			}
		}, "packager/missing-file", sampleFlow + ".data.xml", exitFailed},
		{"dangling file", func(t *testing.T, dir string) { putFiles(t, dir, map[string]string{"Connectors/stray.bin": "x"}) },
			"packager/unowned-file", "Connectors/stray.bin", exitFine},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			dir := sampleTree(t)
			tt.change(t, dir)
			code, stdout, stderr := solkit("check", "-json", dir)
			if code != tt.code || stderr != "" {
				t.Errorf("exit status %d, want %d; %s", code, tt.code, stderr)
			}
			if diff := cmp.Diff(set("command", "solution", "version", "kind", "diagnostics"), members(t, stdout)); diff != "" {
				t.Errorf("members (-want +got)\n%s", diff)
			}
			var got [][2]string
			for _, f := range decode[report](t, stdout).Diagnostics {
				got = append(got, [2]string{f.Rule, f.File})
			}
			var want [][2]string
			if tt.rule != "" {
				want = [][2]string{{tt.rule, tt.file}}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("findings (-want +got)\n%s", diff)
			}
			code, stdout, _ = solkit("check", dir)
			if code != tt.code {
				t.Errorf("exit status %d without -json, want %d", code, tt.code)
			}
			wantText(t, stdout, tt.rule, "ContosoStock 1.0.0.0 (unmanaged): ")
		})
	}
}

func TestCheckZip(t *testing.T) {
	name := sampleZip(t)
	if got, want := fine(t, "check", name), "ContosoStock 1.0.0.0 (unmanaged): no findings\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	wantText(t, fine(t, "check", "-json", name), `"diagnostics": []`)
}

// Notes are shown on request.
func TestCheckNotes(t *testing.T) {
	dir := sampleTree(t)
	putFiles(t, dir, map[string]string{"docs/notes.txt": "x"})
	if out := fine(t, "check", dir); strings.Contains(out, "docs/notes.txt") || !strings.Contains(out, "1 note") {
		t.Error(out)
	}
	wantText(t, fine(t, "check", "-v", dir), "docs/notes.txt: note: ")
}

type sarifLog struct {
	Version string
	Runs    []struct {
		Tool struct {
			Driver struct {
				Name  string
				Rules []struct{ ID string }
			}
		}
		Results []struct {
			RuleID, Level string
			Locations     []struct {
				PhysicalLocation struct {
					ArtifactLocation struct{ URI string }
					Region           struct{ StartLine int }
				}
			}
		}
	}
}

func sarif(t *testing.T, text string) sarifLog {
	t.Helper()
	var l sarifLog
	if err := json.Unmarshal([]byte(text), &l); err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
	if l.Version != "2.1.0" || len(l.Runs) != 1 || l.Runs[0].Tool.Driver.Name != "solkit" {
		t.Fatalf("got %+v", l)
	}
	return l
}

func TestCheckSARIF(t *testing.T) {
	dir := sampleTree(t)
	t.Chdir(filepath.Dir(dir))
	dir = filepath.Base(dir)
	if err := os.Remove(filepath.Join(dir, sampleFlow)); err != nil {
		t.Fatal(err)
	}
	stdout, _ := fails(t, "check", "-sarif", dir)
	run := sarif(t, stdout).Runs[0]
	if len(run.Results) != 1 {
		t.Fatalf("results %+v", run.Results)
	}
	r := run.Results[0]
	at := r.Locations[0].PhysicalLocation
	if r.RuleID != "packager/missing-file" || r.Level != "error" || at.Region.StartLine != 3 || at.ArtifactLocation.URI != dir+"/"+sampleFlow+".data.xml" {
		t.Errorf("result %+v", r)
	}
	ids := map[string]bool{}
	for _, rule := range run.Tool.Driver.Rules {
		ids[rule.ID] = true
	}
	rules, err := checkRules()
	if err != nil {
		t.Fatal(err)
	}
	for rule := range rules.All() {
		if !ids[rule.ID] {
			t.Errorf("rule %s is not in the log", rule.ID)
		}
	}
}

// A log of an input that can't be read does not look as if all were well.
func TestCheckSARIFFailure(t *testing.T) {
	tests := []struct{ what, name, file string }{
		{"absent", filepath.Join(t.TempDir(), "none"), ""},
		{"broken", tinyZip(t, "<Workflows>"), "customizations.xml"},
	}
	for _, tt := range tests {
		stdout, stderr := fails(t, "check", "-sarif", tt.name)
		results := sarif(t, stdout).Runs[0].Results
		if len(results) != 1 || results[0].RuleID != "solkit/failed" || results[0].Level != "error" || stderr == "" {
			t.Fatalf("%s: %+v", tt.what, results)
		}
		file := ""
		for _, l := range results[0].Locations {
			file = l.PhysicalLocation.ArtifactLocation.URI
		}
		if file != tt.file {
			t.Errorf("%s: in %q, want %q", tt.what, file, tt.file)
		}
	}
}

func TestBelow(t *testing.T) {
	list := diag.List{{Location: diag.Location{File: "a.xml"}, Related: []diag.Related{{Location: diag.Location{File: "b.xml"}}},
		Fixes: []diag.Fix{{Edits: []diag.Edit{{File: "a.xml"}}}}}, {}}
	files := func(l diag.List) []string {
		return []string{l[0].Location.File, l[0].Related[0].Location.File, l[0].Fixes[0].Edits[0].File, l[1].Location.File}
	}
	plain := []string{"a.xml", "b.xml", "a.xml", ""}
	want := map[string][]string{
		"src": {"src/a.xml", "src/b.xml", "src/a.xml", ""}, "./x/src/": {"x/src/a.xml", "x/src/b.xml", "x/src/a.xml", ""},
		"": plain, ".": plain, "../x": plain, "/x": plain,
	}
	for _, dir := range slices.Sorted(maps.Keys(want)) {
		if diff := cmp.Diff(want[dir], files(below(dir, list))); diff != "" {
			t.Errorf("%q (-want +got)\n%s", dir, diff)
		}
		if diff := cmp.Diff(plain, files(list)); diff != "" {
			t.Fatalf("the list was changed (-want +got)\n%s", diff)
		}
	}
}

// Fixes are edits of the files as they are: made, the tree is well.
func TestCheckFixes(t *testing.T) {
	src := sampleTree(t)
	p := filepath.Join(src, "Other", "Customizations.xml")
	whole := string(read(t, p))
	if err := os.WriteFile(p, []byte(strings.Replace(whole, "\n  <Workflows />", "", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	stdout, _ := fails(t, "check", "-json", src)
	doc := decode[report](t, stdout)
	if len(doc.Diagnostics) != 1 || len(doc.Diagnostics[0].Fixes) != 1 || len(doc.Diagnostics[0].Fixes[0].Edits) != 1 {
		t.Fatalf("got %s", stdout)
	}
	e, text := doc.Diagnostics[0].Fixes[0].Edits[0], string(read(t, p))
	if got := text[:e.Start] + e.New + text[e.End:]; e.File != "Other/Customizations.xml" || got != whole {
		t.Errorf("%+v makes of %q\n%q", e, text, got)
	}
}
