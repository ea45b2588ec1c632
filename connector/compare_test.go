package connector

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// TestCompare runs testdata/compare: an archive a rule. Each section but "want" changes the fixture, which is the old version
// unless lines begin with "old ":
//
//	def OLD ==> NEW      replaces text of the definition
//	props OLD ==> NEW    of apiProperties.json
//	script TEXT          adds a script
//
// "want" has what Compare finds, a section's changes one a line. A section "safe..." must have nothing that breaks.
func TestCompare(t *testing.T) {
	golden.Run(t, "testdata/compare/*.txtar", func(t *testing.T, sample *golden.Case) {
		var got strings.Builder
		own := false
		for _, f := range sample.Files {
			if f.Name == "want" {
				continue
			}
			changes := Compare(versions(t, string(f.Data)))
			for _, c := range changes {
				own = own || c.Rule == sample.Name
				if c.Impact == Breaking && strings.HasPrefix(f.Name, "safe") {
					t.Errorf("%s: %v", f.Name, c)
				}
				fmt.Fprintf(&got, "%s: %s %s [%s] [%s] %s -> %s: %s; %s\n", f.Name, c.Rule, c.Impact, c.Operation, c.Subject, where(c.Old), where(c.New), c.What, c.Reason)
			}
			if len(changes) == 0 {
				fmt.Fprintf(&got, "%s: nothing\n", f.Name)
			}
		}
		if !own {
			t.Errorf("no section gives %s", sample.Name)
		}
		sample.HoldText(t, "want", got.String())
	})
	cases := golden.Cases(t, "testdata/compare/*.txtar")
	for r := range ChangeRules() {
		if r.ID != changeTooLarge && !slices.ContainsFunc(cases, func(c *golden.Case) bool { return c.Name == r.ID }) {
			t.Errorf("%s has no case", r.ID)
		}
		if r.Summary == "" || r.Help == "" {
			t.Errorf("%s says too little", r.ID)
		}
	}
}

func where(at diag.Location) string {
	return fmt.Sprintf("%s:%d:%d%s", strings.TrimPrefix(at.File, "api"), at.Start.Line, at.Start.Column, at.Path)
}

// versions returns the fixture before and after the changes of a section.
func versions(t *testing.T, lines string) (old, new *Connector) {
	t.Helper()
	before, after := fixture(t), fixture(t)
	for line := range strings.Lines(lines) {
		line = strings.TrimSpace(line)
		files := after
		if rest, ok := strings.CutPrefix(line, "old "); ok {
			files, line = before, rest
		}
		word, rest, _ := strings.Cut(line, " ")
		if word == "script" {
			files[scriptFile] = []byte(rest)
			continue
		}
		name := map[string]string{"def": definitionFile, "props": propertiesFile}[word]
		was, is, ok := strings.Cut(rest, " ==> ")
		if !ok || !bytes.Contains(files[name], []byte(was)) {
			t.Fatalf("%q: %s does not hold %q", line, name, was)
		}
		files[name] = bytes.Replace(files[name], []byte(was), []byte(strings.TrimPrefix(is, "NOTHING")), 1)
	}
	return load1(t, before), load1(t, after)
}

// A connector does not differ from itself, in either form.
func TestCompareSame(t *testing.T) {
	files := load1(t, fixture(t))
	put := put(t, empty(t), &ConvertOptions{AllowLoss: true}, files)
	list, err := Read(put)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range Compare(files, list[0]) {
		t.Errorf("in the other form: %v", c)
	}
	for _, c := range Compare(files, files) {
		t.Errorf("from itself: %v", c)
	}
}

// A version whose definition is not in its package is no safe one.
func TestCompareMissing(t *testing.T) {
	files := load1(t, fixture(t))
	p := put(t, empty(t), &ConvertOptions{AllowLoss: true}, files)
	without, err := Read(withoutPart(t, p, "Connector/cat_contoso-20parts_openapidefinition.json"))
	if err != nil {
		t.Fatal(err)
	}
	got := Compare(files, without[0])
	if len(got) != 1 || got[0].Impact != Unknown || got[0].Rule != changeOperationGone {
		t.Errorf("got %v", got)
	}
}

// Schemas that are used over and over are compared in bounded time, and what is left out is told.
func TestCompareLarge(t *testing.T) {
	large := func(operations int, typ string) *Connector {
		var b strings.Builder
		b.WriteString(`{"swagger": "2.0", "definitions": {"a": {"properties": {`)
		for i := range 2000 {
			fmt.Fprintf(&b, `"p%d": {"type": %q},`, i, map[bool]string{true: typ, false: "string"}[i == 0])
		}
		b.WriteString(`"last": {"$ref": "#/definitions/a"}}}}, "paths": {`)
		for i := range operations {
			fmt.Fprintf(&b, `"/%d": {"get": {"operationId": "O%d", "responses": {"200": {"description": "", "schema": {"$ref": "#/definitions/a"}}}}},`, i, i)
		}
		b.WriteString(`"x-last": {}}}`)
		return load1(t, map[string][]byte{definitionFile: []byte(b.String())})
	}
	old := large(3000, "string")
	if got := Compare(old, large(3000, "string")); len(got) != 0 {
		t.Errorf("%d changes, the first %v", len(got), got[0])
	}
	got := Compare(old, large(3000, "integer"))
	if last := got[len(got)-1]; last.Rule != changeTooLarge || last.Impact != Unknown {
		t.Errorf("%d changes, the last %v", len(got), last)
	}
	if got[0].Rule != changeResponse || got[0].Subject != "p0" {
		t.Errorf("the first is %v", got[0])
	}
}

// TestCompareCorpus compares published connectors with themselves and with their neighbours.
func TestCompareCorpus(t *testing.T) {
	list := published(t)
	known := map[string]bool{}
	for r := range ChangeRules() {
		known[r.ID] = true
	}
	for i, c := range list {
		for _, x := range Compare(c, c) {
			t.Errorf("%s differs from itself: %v", c.Name(), x)
		}
		if i == 0 {
			continue
		}
		for _, x := range Compare(list[i-1], c) {
			if !known[x.Rule] || x.What == "" || x.Reason == "" || !x.Old.Start.IsValid() || !x.New.Start.IsValid() {
				t.Fatalf("%s to %s: incomplete %+v", list[i-1].Name(), c.Name(), x)
			}
		}
	}
}

// FuzzCompare compares whatever can be read.
func FuzzCompare(f *testing.F) {
	def := fixture(f)[definitionFile]
	f.Add(def, bytes.Replace(def, []byte("GetPart"), []byte("getpart"), 1))
	f.Add([]byte(`{"definitions":{"a":{"allOf":[{"$ref":"#/definitions/a"},{"$ref":"#/definitions/a"}]}},"paths":{"/a":{"post":{"operationId":"A","parameters":[{"name":"b","in":"body","schema":{"$ref":"#/definitions/a"}}]}}}}`),
		[]byte(`{"definitions":{"a":{"properties":[1],"required":{},"items":{"$ref":"#/definitions/a"}}},"paths":{"/a":{"post":{"operationId":"A","parameters":[{"name":"b","in":"body","schema":{"$ref":"#/definitions/a"}}]}}},"securityDefinitions":[{}]}`))
	f.Fuzz(func(t *testing.T, old, new []byte) {
		a, err := Load(toFS(map[string][]byte{definitionFile: old}))
		if err != nil {
			return
		}
		b, err := Load(toFS(map[string][]byte{definitionFile: new}))
		if err != nil {
			return
		}
		for _, x := range Compare(a[0], b[0]) {
			if x.What == "" || !x.Old.Start.IsValid() || !x.New.Start.IsValid() {
				t.Fatalf("incomplete %+v", x)
			}
		}
	})
}

// withoutPart returns p without one of its parts.
func withoutPart(t *testing.T, p solution.Parts, name string) solution.Parts {
	t.Helper()
	files := map[string][]byte{}
	for _, n := range p.Names() {
		data, err := p.ReadPart(n)
		if err != nil {
			t.Fatal(err)
		}
		if n != name {
			files[n] = data
		}
	}
	out, err := solution.PartsOf(toFS(files))
	if err != nil {
		t.Fatal(err)
	}
	return out
}
