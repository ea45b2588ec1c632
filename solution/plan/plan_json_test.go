package plan_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"
	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/solution/plan"
)

func planSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	for name, src := range map[string][]byte{"plan.schema.json": plan.Schema(), "environment.schema.json": plan.EnvironmentSchema()} {
		if err := c.AddResource(name, bytes.NewReader(src)); err != nil {
			t.Fatal(err)
		}
	}
	s, err := c.Compile("plan.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// checkDocument writes a plan and reads it: the document fits the schema, and what is read gives the same document, the same
// reports, and the same environment behind it.
func checkDocument(t *testing.T, schema *jsonschema.Schema, p *plan.Plan) *plan.Plan {
	t.Helper()
	src := encode(t, p)
	var v any
	if err := json.Unmarshal(src, &v); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(v); err != nil {
		t.Errorf("the schema refuses the document: %#v\n%s", err, src)
	}
	read := new(plan.Plan)
	if err := json.Unmarshal(src, read); err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	if diff := cmp.Diff(string(src), string(encode(t, read))); diff != "" {
		t.Errorf("written again it is another document (-want +got)\n%s", diff)
	}
	for form, write := range map[string][2]func(io.Writer) error{
		"text": {p.WriteText, read.WriteText}, "markdown": {p.WriteMarkdown, read.WriteMarkdown}, "mermaid": {p.WriteMermaid, read.WriteMermaid},
	} {
		if diff := cmp.Diff(written(t, write[0]), written(t, write[1])); diff != "" {
			t.Errorf("%s (-want +got)\n%s", form, diff)
		}
	}
	if diff := cmp.Diff(p.Diagnostics(), read.Diagnostics()); diff != "" {
		t.Errorf("findings (-want +got)\n%s", diff)
	}
	return read
}

// checkReadAfter holds the environment behind a plan that was read against the one behind the plan itself: they differ in the
// packages alone, and with these a next plan is the same.
func checkReadAfter(t *testing.T, c *planCase, p, read *plan.Plan) {
	t.Helper()
	want, got := *p.After(), *read.After()
	for _, env := range []*plan.Environment{&want, &got} {
		env.Solutions = slices.Clone(env.Solutions)
		slices.SortFunc(env.Solutions, func(a, b plan.Installed) int {
			return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
		})
	}
	if len(want.Solutions) != len(got.Solutions) {
		t.Fatalf("%d solutions behind the plan, %d in the document", len(want.Solutions), len(got.Solutions))
	}
	for i := range got.Solutions {
		a, b := want.Solutions[i], got.Solutions[i]
		if b.Package != nil || a.Package != nil && !b.Complete {
			t.Errorf("%s: a document has no packages, but the whole of their inventories", b.Name)
		}
		got.Solutions[i].Package = a.Package
	}
	batch := slices.Clone(c.batch)
	for i := range batch {
		batch[i].Action, batch[i].Changes = plan.Update, nil
	}
	next := func(env *plan.Environment) string {
		second, err := plan.Resolve(batch, env, nil, &c.opts)
		if err != nil {
			t.Fatal(err)
		}
		return describe(second)
	}
	hidden := slices.Contains(slices.Collect(mapValues(got.Variables)), "(hidden)")
	if diff := cmp.Diff(next(&want), next(&got)); diff != "" && !hidden {
		t.Errorf("a next plan is another one (-want +got)\n%s", diff)
	}
}

func mapValues(m map[string]string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

func TestPlanDocuments(t *testing.T) {
	files, err := filepath.Glob("testdata/resolve/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases: ", err)
	}
	schema := planSchema(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			c := readCase(t, file)
			p := c.resolve(t)
			checkReadAfter(t, c, p, checkDocument(t, schema, p))
		})
	}
}

// The plans of the cases of reports are as others wrote them: of some findings and tasks there is only the sentence.
func TestReportDocuments(t *testing.T) {
	files, err := filepath.Glob("testdata/report/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases: ", err)
	}
	schema := planSchema(t)
	plans := 0
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if a.Files[0].Name != "plan.json" {
			continue
		}
		plans++
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			p := new(plan.Plan)
			if err := json.Unmarshal(a.Files[0].Data, p); err != nil {
				t.Fatal(err)
			}
			if read := checkDocument(t, schema, p); read.After() != nil {
				t.Error("an environment from nowhere")
			}
		})
	}
	if plans < 3 {
		t.Errorf("only %d plans", plans)
	}
}

// Answers about an environment are documents too.
func TestAnswerDocuments(t *testing.T) {
	files, err := filepath.Glob("testdata/impact/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases: ", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			c := readCase(t, file)
			for _, query := range c.queries {
				var value interface{ WriteText(io.Writer) error }
				_, doc := answer(t, c.env, query)
				value = new(plan.Removal)
				if strings.HasPrefix(query, "impact ") {
					value = new(plan.Reach)
				}
				if err := json.Unmarshal(doc, value); err != nil {
					t.Fatal(err)
				}
				again, err := json.MarshalIndent(value, "", " ")
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(doc), string(again)); diff != "" {
					t.Errorf("%s (-want +got)\n%s", query, diff)
				}
				if diff := cmp.Diff(reportOf(t, c.env, query), written(t, value.WriteText)); diff != "" {
					t.Errorf("%s (-want +got)\n%s", query, diff)
				}
			}
		})
	}
}

// reportOf is the report of an answer.
func reportOf(t *testing.T, env *plan.Environment, query string) string {
	t.Helper()
	what, about, _ := strings.Cut(query, " ")
	if what == "uninstall" {
		r, err := plan.Uninstall(env, about)
		if err != nil {
			t.Fatal(err)
		}
		return written(t, r.WriteText)
	}
	r, err := plan.Impact(env, component(t, about))
	if err != nil {
		t.Fatal(err)
	}
	return written(t, r.WriteText)
}

// Plans made by chance are documents too.
func TestDocumentsByChance(t *testing.T) {
	schema := planSchema(t)
	for seed := range seeds(100) {
		s := inventScenario(t, rand.New(rand.NewPCG(seed, 3)))
		p, err := plan.Resolve(s.batch, s.env, s.settings, nil)
		if err != nil {
			t.Fatal(err)
		}
		checkReadAfter(t, &planCase{batch: s.batch}, p, checkDocument(t, schema, p))
		if t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, strings.Join(s.texts, "\n"))
		}
	}
}

// TestCorpusDocuments writes and reads the plan of each solution of the corpus.
func TestCorpusDocuments(t *testing.T) {
	schema := planSchema(t)
	for _, x := range realPackages(t) {
		batch := []plan.Item{{Solution: x.Solution}}
		p, err := plan.Resolve(batch, nil, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		checkReadAfter(t, &planCase{batch: batch}, p, checkDocument(t, schema, p))
		if t.Failed() {
			t.Fatal(x.Name())
		}
	}
}

// Of a document that others wrote or a later version did, what is not known is kept as its sentence.
func TestDocumentOfOthers(t *testing.T) {
	const document = `{"blocked":false,"order":[],"cycles":[],"constraints":[],"steps":[{"solution":"Core","version":"","from":"","action":"install","status":"ready",
	 "blockedBy":[],"prompts":[],"bound":{},"kept":[],"variablesNeeded":[],"secrets":[],"deletes":[],
	 "manualBefore":["Wait a day."],"manualAfter":["Sing."],"tasksAfter":[{"kind":"sing","facts":{}}],
	 "findings":[{"id":"new-rule","severity":"warning","message":"something new","components":[],"file":"","path":"","line":0,"column":0,"facts":{"case":"new"}}]}],"findings":[]}`
	var p plan.Plan
	if err := json.Unmarshal([]byte(document), &p); err != nil {
		t.Fatal(err)
	}
	step := p.Steps[0]
	got := []string{step.Findings[0].Message(), step.ManualBefore[0].String(), step.ManualAfter[0].String()}
	if diff := cmp.Diff([]string{"something new", "Wait a day.", "Sing."}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if rule := step.Findings[0].Rule; rule != "new-rule" {
		t.Errorf("the rule is %q", rule)
	}
	for text, want := range map[string]string{
		`{"findings":[{"id":"x","severity":"fatal"}]}`:    `unknown severity "fatal"`,
		`{"after":{"solutions":[{"name":""}]}}`:           `after:1:`,
		`{"steps":1}`:                                     "cannot unmarshal",
		`{"after":{"solutions":[],"unheardOf":[]}}`:       "unknown member",
		`{"steps":[{"findings":[{"id":"x","facts":7}]}]}`: "cannot unmarshal",
	} {
		if err := json.Unmarshal([]byte(text), new(plan.Plan)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", text, err, want)
		}
	}
}

// A later version may tell cases of a rule apart that this one does not know: reports say what the document does, of each
// finding alone.
func TestDocumentOfLaterVersion(t *testing.T) {
	finding := func(table string) string {
		return fmt.Sprintf(`{"id":"missing-solution","severity":"error","message":"%[1]s is sold apart","components":["entity:%[1]s"],"file":"","path":"","line":0,"column":0,
		 "facts":{"case":"sold-apart","about":{"component":"entity:%[1]s"},"providers":[{"name":"Core","version":"1.0.0.0"}]}}`, table)
	}
	document := `{"blocked":true,"order":["A"],"cycles":[],"constraints":[],"findings":[],"steps":[{"solution":"A","version":"","from":"","action":"install","status":"blocked",
	 "blockedBy":[],"prompts":[],"bound":{},"kept":[],"variablesNeeded":[],"secrets":[],"deletes":[],
	 "manualBefore":["Buy Core."],"tasksBefore":[{"kind":"prepare-value","facts":{"case":"buy","variable":"Core"}}],"manualAfter":[],"tasksAfter":[],
	 "findings":[` + strings.Join([]string{finding("a"), finding("b"), finding("c"), finding("d")}, ",") + `]}]}`
	var p plan.Plan
	if err := json.Unmarshal([]byte(document), &p); err != nil {
		t.Fatal(err)
	}
	step := p.Steps[0]
	if got := step.ManualBefore[0].String(); got != "Buy Core." {
		t.Errorf("the task is %q", got)
	}
	if f := step.Findings[0]; f.Message() != "a is sold apart" || f.Facts.Providers[0].Name != "Core" {
		t.Errorf("the finding says %q of %+v", f.Message(), f.Facts)
	}
	if n := strings.Count(written(t, p.WriteText), "is sold apart"); n != 4 {
		t.Errorf("the report tells %d findings of 4:\n%s", n, written(t, p.WriteText))
	}
	var again plan.Plan
	if err := json.Unmarshal(encode(t, &p), &again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(encode(t, &p), encode(t, &again)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A document has no values of secrets, and a next plan does not take that for another value.
func TestDocumentHidesValues(t *testing.T) {
	text := readPackage(t, "solution Core 1.0.0.0 managed\nenvironmentvariabledefinition ct_url type=text\nenvironmentvariabledefinition ct_key type=secret\n")
	env := &plan.Environment{Variables: map[string]string{"ct_url": "https://a", "ct_key": "hush", "ct_other": "who knows", "ct_none": ""}}
	p, err := plan.Resolve([]plan.Item{{Solution: text}}, env, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var read plan.Plan
	if err := json.Unmarshal(encode(t, p), &read); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"ct_url": "https://a", "ct_key": "(hidden)", "ct_other": "(hidden)", "ct_none": ""}
	if diff := cmp.Diff(want, read.After().Variables); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if p.After().Variables["ct_key"] != "hush" {
		t.Error("the environment behind the plan itself has lost a value")
	}
	next, err := plan.Resolve([]plan.Item{{Solution: text, Action: plan.Update}}, read.After(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range next.Steps[0].Findings {
		if f.Facts.Variable != "" {
			t.Errorf("%s: %s", f.Rule, f.Message())
		}
	}
}

// FuzzPlan reads what is no plan or an odd one: an error or reports, and a document that is read back.
func FuzzPlan(f *testing.F) {
	files, err := filepath.Glob("testdata/report/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds: ", err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(a.Files[0].Data)
	}
	for r := range plan.Rules() {
		f.Add([]byte(`{"findings":[{"id":"` + strings.TrimPrefix(r.ID, "plan/") + `","severity":"info","facts":{"order":[{}],"obstacles":[{}],"count":7}}]}`))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		p := new(plan.Plan)
		if json.Unmarshal(src, p) != nil {
			return
		}
		for _, write := range []func(io.Writer) error{p.WriteText, p.WriteMarkdown, p.WriteMermaid} {
			if err := write(io.Discard); err != nil {
				t.Error(err)
			}
		}
		p.Diagnostics()
		out, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out, new(plan.Plan)); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
}
