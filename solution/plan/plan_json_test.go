package plan_test

import (
	"bytes"
	"encoding/json"
	"io"
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
	for name, src := range map[string][]byte{"plan.schema.json": plan.PlanSchema(), "environment.schema.json": plan.EnvironmentSchema()} {
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
		batch[i].Action = plan.Update
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
