package lint

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

// schemaBase is a name only: nothing is ever fetched.
const schemaBase = "https://solutionkit.invalid/"

// compiled gives the schema at a location as a whole implementation of JSON Schema reads it, which the shapes are held against.
var compiled = sync.OnceValue(func() func(location string) *jsonschema.Schema {
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.LoadURL = func(url string) (io.ReadCloser, error) { return nil, fmt.Errorf("%s: loading is closed", url) }
	files, err := schemaFiles.ReadDir("schema")
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		text, err := schemaFiles.ReadFile("schema/" + f.Name())
		if err != nil {
			panic(err)
		}
		if err := c.AddResource(schemaBase+f.Name(), bytes.NewReader(text)); err != nil {
			panic(err)
		}
	}
	made := map[string]*jsonschema.Schema{}
	return func(location string) *jsonschema.Schema {
		if made[location] == nil {
			made[location] = c.MustCompile(schemaBase + location)
		}
		return made[location]
	}
})

// decode returns the value of a tree. The implementation makes fractions of numbers, and one with an exponent can be of any size.
func decode(t *jsonspan.Tree, n int32) any {
	switch t.Kind(n) {
	case jsonspan.Bool:
		return t.True(n)
	case jsonspan.Number:
		if v := index.Number(t.Raw(n)); v.IsInt() || !bytes.ContainsAny(t.Raw(n), "eE") && len(t.Raw(n)) <= 40 {
			return json.Number(v.FloatString(40))
		}
		f, _ := index.Number(t.Raw(n)).Float64()
		return f
	case jsonspan.String:
		return t.Text(n)
	case jsonspan.Array:
		out := []any{}
		for c := range t.Children(n) {
			out = append(out, decode(t, c))
		}
		return out
	case jsonspan.Object:
		out := map[string]any{}
		for c := range t.Children(n) {
			out[t.Key(c)] = decode(t, c)
		}
		return out
	}
	return nil
}

// slowFaults validates a whole document by the compiled schema and names its leaves.
func slowFaults(s *shape, tree *jsonspan.Tree) []string {
	err := compiled()(s.location).Validate(decode(tree, 0))
	var ve *jsonschema.ValidationError
	if !errors.As(err, &ve) {
		return nil
	}
	set := map[string]bool{}
	for _, leaf := range leaves(ve) {
		at, err := url.PathUnescape(leaf.InstanceLocation)
		if err != nil {
			at = leaf.InstanceLocation
		}
		set[at+" "+strings.TrimPrefix(leaf.AbsoluteKeywordLocation, schemaBase)] = true
	}
	return slices.Sorted(maps.Keys(set))
}

func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	var out []*jsonschema.ValidationError
	for _, c := range e.Causes {
		out = append(out, leaves(c)...)
	}
	return out
}

// fastFaults does the same in the way of Check.
func fastFaults(s *shape, tree *jsonspan.Tree) []string {
	set := map[string]bool{}
	for _, f := range s.faults(tree, 0) {
		n := f.node
		if f.keyword == "additionalProperties" {
			n = f.parent
		}
		set[withoutEmptyKeys(tree.Pointer(n))+" "+f.shape.location+"/"+f.keyword] = true
	}
	return slices.Sorted(maps.Keys(set))
}

// withoutEmptyKeys returns a pointer as the schema library writes it, which leaves out the keys that are "".
func withoutEmptyKeys(pointer string) string {
	keys := slices.DeleteFunc(strings.Split(pointer, "/"), func(key string) bool { return key == "" })
	return strings.TrimSuffix("/"+strings.Join(keys, "/"), "/")
}

// agree compares the two. The schema library escapes pointers as in a URL, so both are brought to the
// plain form.
func agree(t testing.TB, name string, s *shape, tree *jsonspan.Tree) {
	t.Helper()
	if tree.Repeated() != nil {
		return // a decoded value does not know what it hides
	}
	if diff := cmp.Diff(plainPointers(slowFaults(s, tree)), plainPointers(fastFaults(s, tree))); diff != "" {
		t.Errorf("%s: shape and schema disagree (-schema +shape)\n%s", name, diff)
	}
}

func plainPointers(list []string) []string {
	out := []string{}
	for _, s := range list {
		out = append(out, strings.NewReplacer("~1", "/", "~0", "~").Replace(s))
	}
	slices.Sort(out)
	return out
}

// TestSchemasAgree holds the shapes against the compiled schemas on the whole corpus.
func TestSchemasAgree(t *testing.T) {
	list := published(t)
	for _, c := range list {
		x := indexOf(c)
		agree(t, c.Name(), schemas().definition, x.Def.Tree)
		if x.Props.Whole != nil {
			agree(t, c.Name(), schemas().properties, x.Props.Whole.Tree)
		}
	}
	t.Logf("%d connectors", len(list))
}

// TestSchemasAgreeOnFaults does so where it matters: the fixture with each value replaced by values of
// every kind, each member renamed, and each removed.
func TestSchemasAgreeOnFaults(t *testing.T) {
	for file, s := range map[string]*shape{definitionFile: schemas().definition, propertiesFile: schemas().properties} {
		src := fixture(t)[file]
		tree, err := jsonspan.Parse(src, nil)
		if err != nil {
			t.Fatal(err)
		}
		faults := 0
		for i := int32(1); i < int32(tree.Len()); i++ {
			edits := []jsonspan.Edit{tree.Remove(i)}
			for _, v := range []string{`null`, `true`, `1.5`, `3.0`, `""`, `"x"`, `[]`, `[1, 1]`, `["a", "a"]`, `{}`, `{"x": 1}`} {
				edits = append(edits, tree.Replace(i, v))
			}
			if len(tree.RawKey(i)) > 0 {
				edits = append(edits, tree.Rename(i, "unknown"), tree.Rename(i, "x-unknown"), tree.Rename(i, "$ref"))
			}
			for _, e := range edits {
				changed, err := jsonspan.Apply(src, []jsonspan.Edit{e})
				if err != nil {
					t.Fatal(err)
				}
				other, err := jsonspan.Parse(changed, nil)
				if err != nil {
					t.Fatalf("%s: %v", tree.Pointer(i), err)
				}
				agree(t, fmt.Sprintf("%s %s: %s", file, tree.Pointer(i), e.New), s, other)
				faults += len(fastFaults(s, other))
			}
		}
		if faults == 0 {
			t.Errorf("%s: no change made a fault", file)
		}
	}
}

// TestPolicyTemplates looks that each template of policies has a schema.
func TestPolicyTemplates(t *testing.T) {
	if n := len(schemas().policy); n != 16 {
		t.Errorf("%d policy templates", n)
	}
}

// TestSchemaRulesExist looks that every rule that the schema files name is in the catalogue.
func TestSchemaRulesExist(t *testing.T) {
	for at, rules := range schemas().rules {
		for keyword, r := range rules {
			names := []any{r}
			if m, ok := r.(map[string]any); ok {
				names = slices.Collect(maps.Values(m))
			}
			for _, name := range names {
				if id, ok := name.(string); !ok || ruleByID()[id] == nil {
					t.Errorf("%s: %s names rule %v", at, keyword, name)
				}
			}
		}
	}
}

// TestHugeNumbers looks that a number of a few bytes costs no more than that.
func TestHugeNumbers(t *testing.T) {
	files := fixture(t)
	files[definitionFile] = bytes.Replace(files[definitionFile], []byte(`"title": "Stock"`), []byte(`"minLength": 1e1000000000, "maxLength": 1e-999999999, "maximum": 1e999, "title": "Stock"`), 1)
	files[definitionFile] = bytes.Replace(files[definitionFile], []byte(`"swagger": "2.0"`), []byte(`"swagger": 1e1000000000`), 1)
	if got := ids(Check(load1(t, files), nil)); !slices.Contains(got, "CONN-DOC-007") {
		t.Errorf("found %v", got)
	}
}

// TestSettings checks settings.json by its schema.
func TestSettings(t *testing.T) {
	files := fixture(t)
	files[settingsFile] = []byte(`{"connectorId": 5, "apiDefinition": "apiDefinition.swagger.json", "nope": 1}`)
	if diff := cmp.Diff([]string{"CONN-DOC-017", "CONN-PROP-002"}, ids(Check(load1(t, files), nil))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// FuzzSchemasAgree holds a shape against the compiled schema, on documents that have a little of a fixture each: the
// fuzzer shortens each input that is new to it, so large seeds cost it all its time.
func FuzzSchemasAgree(f *testing.F) {
	for i, name := range []string{definitionFile, propertiesFile} {
		data, err := os.ReadFile("testdata/fixture/" + name)
		if err != nil {
			f.Fatal(err)
		}
		tree, err := jsonspan.Parse(data, nil)
		if err != nil {
			f.Fatal(err)
		}
		for n := range int32(tree.Len()) {
			if raw := compact(tree.Raw(n)); len(raw) > 2 && len(raw) < 200 && tree.Kind(n) == jsonspan.Object {
				f.Add(around(tree, n, raw), i == 0)
			}
		}
		f.Add([]byte(`{"paths":{"":{"x":1,"get":{"":2}},"/":{"~1":{}}}}`), i == 0)
		f.Add([]byte(`{"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": {"responses": {"200": {"description": ""}}}}}}`), i == 0)
		f.Add([]byte(`{"properties": {"iconBrandColor": "#007ee5", "capabilities": [], "policyTemplateInstances": [{"templateId": "setheader", "title": "A", "parameters": {}}]}}`), i == 0)
	}
	f.Fuzz(func(t *testing.T, src []byte, definition bool) {
		if len(src) > 1<<12 {
			return
		}
		tree, err := jsonspan.Parse(src, nil)
		if err != nil {
			return
		}
		if definition {
			agree(t, "definition", schemas().definition, tree)
		} else {
			agree(t, "properties", schemas().properties, tree)
		}
	})
}

// around returns a document that has value in the place of node n, and nothing but what is needed for that.
func around(tree *jsonspan.Tree, n int32, value string) []byte {
	for ; n > 0; n = tree.Parent(n) {
		if len(tree.RawKey(n)) > 0 {
			value = "{" + jsonspan.Quote(tree.Key(n)) + ":" + value + "}"
		} else {
			value = "[" + value + "]"
		}
	}
	return []byte(value)
}

// compact returns a value without its white space.
func compact(raw []byte) string {
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		return ""
	}
	return b.String()
}
