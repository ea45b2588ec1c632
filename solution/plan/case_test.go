package plan_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/plan"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// A planCase is a file of testdata/resolve or testdata/impact: packages of the batch (batch/NAME), installed ones
// (installed/NAME, which environment.json names by "package"), settings.json, options (lines "action NAME=ACTION",
// "policy NAME=VALUE", and "compare NAME=NAME" for the changes from an installed package to one of the batch), questions (query: lines "impact KIND:KEY" or "uninstall NAME"), and what the plan or the answers
// say (want).
type planCase struct {
	archive  *golden.Case
	batch    []plan.Item
	env      *plan.Environment
	settings *connref.Settings
	opts     plan.Options
	queries  []string
}

func readCase(t *testing.T, file string) *planCase {
	t.Helper()
	var err error
	c := &planCase{archive: golden.Read(t, file), env: &plan.Environment{}}
	installed := map[string]*plan.Solution{}
	actions := map[string]plan.Action{}
	var inBatch []string
	texts, compared := map[string]string{}, map[string]string{}
	for _, f := range c.archive.Files {
		kind, name, _ := strings.Cut(f.Name, "/")
		switch kind {
		case "batch":
			inBatch = append(inBatch, name)
			texts["batch/"+name] = string(f.Data)
			c.batch = append(c.batch, plan.Item{Solution: readPackage(t, string(f.Data))})
		case "installed":
			texts["installed/"+name] = string(f.Data)
			installed[name] = readPackage(t, string(f.Data))
		case "environment.json":
			if c.env, err = plan.ParseEnvironment(f.Data, "environment.json"); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
		case "settings.json":
			if c.settings, err = connref.ParseSettings(f.Data, "settings.json"); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
		case "options":
			for line := range strings.Lines(string(f.Data)) {
				words := strings.Fields(line)
				name, value, ok := strings.Cut(words[1], "=")
				switch {
				case ok && words[0] == "action":
					actions[strings.ToLower(name)] = plan.Action(value)
				case ok && words[0] == "compare":
					compared[value] = name
				case ok && words[0] == "policy":
					if c.opts.Policies == nil {
						c.opts.Policies = plan.Policies{}
					}
					c.opts.Policies[name] = value
				default:
					t.Fatalf("%s: option %q", file, line)
				}
			}
		case "query":
			c.queries = strings.Split(strings.TrimSpace(string(f.Data)), "\n")
		case "want":
		case "report": // see TestOperatorReports
		default:
			t.Fatalf("%s: unknown file %s", file, f.Name)
		}
	}
	for i := range c.batch {
		c.batch[i].Action = actions[strings.ToLower(c.batch[i].Solution.Name())]
		if old, ok := compared[inBatch[i]]; ok {
			c.batch[i].Changes = compare(t, texts["installed/"+old], texts["batch/"+inBatch[i]])
		}
	}
	for i := range c.env.Solutions {
		if in := &c.env.Solutions[i]; in.PackageFile != "" {
			if in.Package = installed[in.PackageFile]; in.Package == nil {
				t.Fatalf("%s: no installed/%s", file, in.PackageFile)
			}
		}
	}
	return c
}

// partsOf returns the parts of a solution of package solutiontest.
func partsOf(t testing.TB, fsys fs.FS) solution.Parts {
	t.Helper()
	p, err := solution.PartsOf(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func readPackage(t testing.TB, text string) *plan.Solution {
	t.Helper()
	zip := solutiontest.Zip(t, text)
	p, err := plan.Read(partsOf(t, solutiontest.FS(t, text)), &plan.ReadOptions{Name: "Unnamed", Size: int64(len(zip))})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// compare returns what changed from one solution of package solutiontest to another.
func compare(t testing.TB, old, new string) *diff.Comparison {
	t.Helper()
	c, err := diff.Compare(partsOf(t, solutiontest.FS(t, old)), partsOf(t, solutiontest.FS(t, new)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *planCase) resolve(t testing.TB) *plan.Plan {
	t.Helper()
	p, err := plan.Resolve(c.batch, c.env, c.settings, &c.opts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// describe prints what a plan says, in few words.
func describe(p *plan.Plan) string {
	var b strings.Builder
	fmt.Fprintf(&b, "blocked: %v\n", p.Blocked)
	for _, c := range p.Cycles {
		fmt.Fprintf(&b, "cycle: %s\n", strings.Join(c, " "))
	}
	for _, c := range p.Constraints {
		fmt.Fprintf(&b, "%s before %s: %s:", c.Before, c.After, c.Kind)
		for _, x := range c.Because {
			fmt.Fprintf(&b, " %s<-%s", x.Need, x.By)
		}
		b.WriteString("\n")
	}
	for i, s := range p.Steps {
		fmt.Fprintf(&b, "%d %s %s %s->%s %s", i+1, s.Action, s.Solution, s.From, s.Version, s.Status)
		if len(s.BlockedBy) > 0 {
			fmt.Fprintf(&b, " %s", strings.Join(s.BlockedBy, " "))
		}
		b.WriteString("\n")
		list := func(what string, values []string) {
			for _, v := range values {
				fmt.Fprintf(&b, "    %s: %s\n", what, v)
			}
		}
		list("before", sentences(s.ManualBefore))
		list("prompt", s.Prompts)
		for _, name := range sortedKeys(s.Bound) {
			fmt.Fprintf(&b, "    bound: %s=%s\n", name, s.Bound[name])
		}
		list("kept", s.Kept)
		list("value needed", s.VariablesNeeded)
		for _, x := range s.Secrets {
			fmt.Fprintf(&b, "    secret: %s: %s\n", x.Connector, strings.Join(x.Fields, ", "))
		}
		if c := s.Changes; c != nil {
			fmt.Fprintf(&b, "    changes: %d added, %d removed, %d changed since %s, unknown %d, keeps %v\n", c.Added, c.Removed, c.Changed, c.From, c.Unknown, c.Keeps)
			for _, x := range c.Breaks {
				fmt.Fprintf(&b, "    breaks: %s %s %s %q -> %q: %s\n        %s -> %s\n", x.Op, x.Component, x.Path, x.Old, x.New, x.Reason, x.OldAt, x.NewAt)
			}
			for _, x := range c.Dropped {
				fmt.Fprintf(&b, "    dropped: %s\n", x.Component)
			}
		}
		for _, d := range s.Deletes {
			fmt.Fprintf(&b, "    deletes: %s\n", d)
		}
		list("after", sentences(s.ManualAfter))
		findings(&b, s.Findings)
	}
	if len(p.Findings) > 0 {
		b.WriteString("plan\n")
		findings(&b, p.Findings)
	}
	return b.String()
}

func findings(b *strings.Builder, list []plan.Finding) {
	for _, f := range list {
		if f.Rule == "plan/import-order" && f.Severity == diag.Note {
			continue // the constraints say it
		}
		fmt.Fprintf(b, "    %s %s %v\n        %s\n", severityWord(f.Severity), strings.TrimPrefix(f.Rule, "plan/"), f.Components, f.Message())
		if at := f.Location; at.File != "" {
			fmt.Fprintf(b, "        %s:%d:%d %s\n", at.File, at.Start.Line, at.Start.Column, at.Path)
		}
		if f.Facts != nil {
			for _, u := range f.Facts.Uses {
				fmt.Fprintf(b, "        use: %s of %s uses %s, tracked %v: %s %s\n", u.By, u.Solution, u.Need, u.Tracked, u.Location, u.Location.Path)
			}
		}
	}
}

func sentences(tasks []plan.Task) []string {
	var out []string
	for _, task := range tasks {
		out = append(out, task.String())
	}
	return out
}

func sortedKeys(m map[string]string) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func TestResolve(t *testing.T) {
	files, err := filepath.Glob("testdata/resolve/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases: ", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			c := readCase(t, file)
			p := c.resolve(t)
			c.archive.HoldText(t, "want", describe(p))
			c.checkShuffled(t, p)
			checkForm(t, p)
		})
	}
}

// checkShuffled holds the plan against those of the same facts in other orders.
func (c *planCase) checkShuffled(t *testing.T, p *plan.Plan) {
	t.Helper()
	want := encode(t, p)
	batch, env := slices.Clone(c.batch), *c.env
	env.Solutions = slices.Clone(env.Solutions)
	for range 3 {
		slices.Reverse(batch)
		slices.Reverse(env.Solutions)
		if len(batch) > 2 {
			batch[0], batch[1] = batch[1], batch[0]
		}
		got, err := plan.Resolve(batch, &env, c.settings, &c.opts)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(encode(t, got))); diff != "" {
			t.Fatalf("another order of the inputs gives another plan (-want +got)\n%s", diff)
		}
	}
}

func encode(t testing.TB, p *plan.Plan) []byte {
	t.Helper()
	out, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// checkForm holds a plan against what every plan promises.
func checkForm(t *testing.T, p *plan.Plan) {
	t.Helper()
	if text := encode(t, p); bytes.Contains(text, []byte("null")) {
		t.Errorf("a list is null:\n%s", text)
	}
	known := map[string]bool{}
	for r := range plan.Rules() {
		known[r.ID] = true
	}
	blocked, late := false, false
	named := map[string]bool{}
	for _, f := range p.Findings {
		for _, c := range f.Components {
			if f.Severity == diag.Error {
				named[string(c)] = true
			}
		}
	}
	for i, s := range p.Steps {
		if p.Order[i] != s.Solution {
			t.Errorf("order %v is not that of the steps", p.Order)
		}
		blocked = blocked || s.Status != plan.Ready
		if s.Status == plan.Ready && late {
			t.Errorf("%s can be imported, and stands behind what cannot", s.Solution)
		}
		late = late || s.Status != plan.Ready
		errors := 0
		for _, f := range s.Findings {
			if !known[f.Rule] {
				t.Errorf("finding %s is not in the catalogue", f.Rule)
			}
			if len(f.Components) == 0 {
				t.Errorf("finding %s is about nothing", f.Rule)
			}
			if f.Severity == diag.Error {
				errors++
			}
		}
		if s.Status == plan.Ready && errors > 0 {
			t.Errorf("%s is ready with %d errors", s.Solution, errors)
		}
		if s.Status == plan.Blocked && errors == 0 {
			t.Errorf("%s is blocked without an error", s.Solution)
		}
		if s.Status == plan.BlockedBy && (len(s.BlockedBy) == 0 || errors == 0 && !named["solution:"+s.Solution]) {
			t.Errorf("%s waits and nothing says why", s.Solution)
		}
	}
	if blocked != p.Blocked {
		t.Errorf("blocked is %v", p.Blocked)
	}
}

// severityWord is a severity as plans write it.
func severityWord(s diag.Severity) string {
	if s == diag.Note {
		return "info"
	}
	return s.String()
}
