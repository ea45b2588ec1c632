package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// sample packs the sample of solkit.
func sample(t *testing.T) []byte {
	t.Helper()
	tree, err := packager.Load(os.DirFS("../solkit/sample"), nil)
	if err != nil {
		t.Fatal(err)
	}
	var zip bytes.Buffer
	if _, err := packager.Pack(&zip, tree, nil); err != nil {
		t.Fatal(err)
	}
	return zip.Bytes()
}

func TestPreflight(t *testing.T) {
	name := filepath.Join(t.TempDir(), "stock.zip")
	if err := os.WriteFile(name, sample(t), 0o666); err != nil {
		t.Fatal(err)
	}
	got, err := run(name)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(got.Digest, "h1:") {
		t.Errorf("digest %q", got.Digest)
	}
	got.Digest = ""
	want := &Report{
		Name: "ContosoStock", Version: "1.0.0.0", Kind: "unmanaged",
		Needs: []string{}, Connections: []string{"cts_stock_reader to shared_cts-5fstock-5f0123456789abcdef"}, Values: []string{}, Errors: []string{},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// broken adds a flow that is no JSON to the sample, which needs a component of another solution as well.
func broken(t *testing.T) []byte {
	t.Helper()
	return solutiontest.Zip(t, "solution Orders 1.0.0.0\nentity cts_sale\nmissing entity:cts_order by entity:cts_sale in Core(1.0.0.0)\nenvironmentvariabledefinition cts_url type=text\nfile Workflows/a.json \"{\"\n")
}

// TestSchema holds what is printed to its schema, and the schema to what is printed.
func TestSchema(t *testing.T) {
	schema, err := jsonschema.Compile("../../docs/schemas/preflight.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, zip := range map[string][]byte{"sample": sample(t), "broken": broken(t)} {
		report, err := preflight(bytes.NewReader(zip), int64(len(zip)))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := write(&out, report); err != nil {
			t.Fatal(err)
		}
		var doc map[string]any
		if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out.Bytes())
		}
		if name == "broken" && (len(report.Needs) == 0 || len(report.Values) == 0 || len(report.Errors) == 0) {
			t.Errorf("the case has not everything: %+v", report)
		}
		for member, value := range doc {
			delete(doc, member)
			if schema.Validate(doc) == nil {
				t.Errorf("%s may be left out", member)
			}
			doc[member] = value
		}
		doc["more"] = ""
		if schema.Validate(doc) == nil {
			t.Error("any member is allowed")
		}
	}
}

// The README shows what the sample gives.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, shown, _ := strings.Cut(string(text), "```json\n")
	shown, _, _ = strings.Cut(shown, "```")
	zip := sample(t)
	report, err := preflight(bytes.NewReader(zip), int64(len(zip)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := write(&out, report); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(shown, out.String()); diff != "" {
		t.Errorf("README.md (-shows +should)\n%s", diff)
	}
}

func TestPreflightOfDamage(t *testing.T) {
	zip := sample(t)
	if got, err := preflight(bytes.NewReader(zip), int64(len(zip)/2)); err == nil {
		t.Errorf("half of a zip gave %+v", got)
	}
}
