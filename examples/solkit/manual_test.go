package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/solution/diag"
)

//go:generate go test -vet=off -run TestManual|TestSchemaFiles -update .

// TestManual holds the pages of docs that solkit writes.
func TestManual(t *testing.T) {
	found := ownFindings(t)
	own := diag.AppendMarkdown([]byte("# What solkit adds\n\nMade from the catalogue by `go generate`; change it there.\n\n"+
		"Findings of the command line, besides those of the library.\n"), slices.Values(ownRules()), func(r diag.Rule) string {
		if found[r.ID] == "" {
			t.Errorf("no command shows a finding of %s: add one to ownFindings", r.ID)
		}
		return "```text\n" + found[r.ID] + "\n```"
	})
	for name, want := range map[string]string{"solkit.md": fine(t, "help", "-markdown"), "rules/solkit.md": string(own),
		"sample.svg": fine(t, "graph", "-format", "svg", "sample")} {
		golden.File(t, "../../docs/"+name, want)
	}
}

// The pages have every command, flag and example.
func TestManualIsWhole(t *testing.T) {
	page := strings.NewReplacer(`\-`, "-", `\e`, `\`).Replace(fine(t, "help", "-man"))
	markdown := fine(t, "help", "-markdown")
	for _, c := range commands {
		wantText(t, markdown, "\n## solkit "+c.name+"\n", "](#"+anchor("solkit "+c.name)+")")
		wantText(t, page, "\n.SS solkit "+c.name+"\n")
		for _, f := range c.describedFlags() {
			wantText(t, page, "\n.B "+f.typed()+"\n")
			wantText(t, markdown, "\n| `"+strings.ReplaceAll(f.typed(), "|", `\|`)+"` |")
		}
		for _, line := range c.examples {
			wantText(t, page, "\n"+line+"\n")
			wantText(t, markdown, "\n"+line+"\n")
		}
	}
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "'") || strings.HasPrefix(line, ".") && !strings.Contains(".TH .SH .SS .PP .TP .B .I .nf .fi", strings.Fields(line)[0]) {
			t.Errorf("a line that the formatter takes as a command: %q", line)
		}
	}
}

func TestWrap(t *testing.T) {
	if diff := cmp.Diff("one two\n  three\n  seventeen\n  four", wrap("one two three  seventeen\nfour", 9, "  ")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, c := range commands {
		for line := range strings.Lines(c.explain(60)) {
			if n := len([]rune(strings.TrimRight(line, "\n"))); n > 72 && !slices.Contains(c.examples, strings.TrimSpace(line)) {
				t.Errorf("%s: a line of %d characters at a width of 60: %q", c.name, n, line)
			}
		}
	}
}

func TestNearest(t *testing.T) {
	names := []string{"unpack", "pack", "plan", "connector"}
	for word, want := range map[string]string{"unpak": "unpack", "npack": "unpack", "pakc": "pack", "plna": "plan", "conector": "connector", "xyz": "", "": "", "frobnicate": ""} {
		if got := nearest(word, names); got != want {
			t.Errorf("nearest(%q) = %q, want %q", word, got, want)
		}
	}
	_, _, stderr := solkit("unpak")
	wantText(t, stderr, "did you mean unpack?")
	_, _, stderr = solkit("unpack", "-delte", "a", "b")
	wantText(t, stderr, "did you mean -delete?")
}

func TestRulesCommand(t *testing.T) {
	wantText(t, fine(t, "rules"), "packager/unclaimed-entry ", "CONN-DOC-001 ", "solkit/failed ", "plan/missing-solution ", "merge/settled ")
	wantText(t, fine(t, "rules", "packager/unclaimed-entry"), "packager/unclaimed-entry (note)\n", "Other/unclaimed.txt")
	doc := decode[explainedDocument](t, fine(t, "rules", "-json", "CONN-DOC", "connref/"))
	n := map[bool]int{}
	for _, r := range doc.Rules {
		if !strings.HasPrefix(r.ID, "CONN-DOC-") && !strings.HasPrefix(r.ID, "connref/") {
			t.Errorf("%s was not asked for", r.ID)
		}
		n[strings.HasPrefix(r.ID, "connref/")]++
	}
	if n[true] == 0 || n[false] == 0 {
		t.Errorf("rules of groups: %v", n)
	}
	wantText(t, fine(t, "rules", "-markdown", "solkit"), "\n### solkit/failed\n")
	_, stderr := fails(t, "rules", "packager/unclaimed-entri")
	wantText(t, stderr, "did you mean packager/unclaimed-entry?")
	fails(t, "rules", "pack") // no group, though an id begins so
	fails(t, "rules", "-markdown", "none")
}

// What solkit reports of its own is in its catalogue.
func TestOwnRules(t *testing.T) {
	all, err := allRules()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split(string(src), `"solkit/`)[1:] {
			id, _, _ := strings.Cut(part, `"`)
			found++
			if _, ok := all.Lookup("solkit/" + id); !ok {
				t.Errorf("%s names solkit/%s, which is in no catalogue", name, id)
			}
		}
	}
	if found != len(ownRules()) {
		t.Errorf("%d ids in the source, %d in the catalogue", found, len(ownRules()))
	}
	for _, r := range ownRules() {
		if r.Help == "" {
			t.Errorf("%s does not say what to do", r.ID)
		}
	}
}

// Each rule has its heading in the page that logs link to.
func TestRulePagesAreThere(t *testing.T) {
	all, err := allRules()
	if err != nil {
		t.Fatal(err)
	}
	headings := map[string]map[string]bool{}
	for r := range linked(all.All()) {
		page, anchor, _ := strings.Cut(strings.TrimPrefix(r.URL, rulePages), "#")
		if headings[page] == nil {
			text, err := os.ReadFile(filepath.Join("..", "..", "docs", "rules", page))
			if err != nil {
				t.Fatal(err)
			}
			headings[page] = map[string]bool{}
			for line := range strings.Lines(string(text)) {
				if id, ok := strings.CutPrefix(strings.TrimSpace(line), "### "); ok {
					headings[page][strings.ReplaceAll(strings.ToLower(id), "/", "")] = true
				}
			}
		}
		if !headings[page][anchor] {
			t.Errorf("%s: docs/rules/%s has no heading #%s", r.ID, page, anchor)
		}
	}
	wantText(t, fine(t, "check", "-sarif", "sample"), `"helpUri": "`+rulePages+`packager.md#packagerunclaimed-entry"`)
}
