package lint_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connector/lint"
)

// TestSharedParameters: what is wrong with a parameter that several operations refer to is wrong in one place, and told once.
func TestSharedParameters(t *testing.T) {
	shared := []string{
		`{"name": "connectionId", "in": "query"}`,
		`{"name": "a", "in": "path", "type": "string"}`,
		`{"name": "b", "in": "query", "type": "string", "x-ms-url-encoding": "single"}`,
		`{"name": "Authorization", "in": "header", "type": "string"}`,
		`{"name": "c", "in": "query", "schema": {"type": "string"}}`,
		`{"name": "d", "in": "query", "type": "array"}`,
		`{"name": "body", "in": "body"}`,
		`{"name": "e", "in": "query", "type": "string", "enum": []}`,
		`{"name": "f", "in": "query", "type": "string", "default": 1}`,
		`{"name": "g", "in": "query", "type": "string", "format": "uuid"}`,
		`{"name": "h", "in": "query", "type": "string", "required": true, "x-ms-visibility": "internal"}`,
		`{"name": "i", "in": "query", "type": "integer", "x-ms-summary": "I.", "description": ""}`,
		`{"name": "j", "in": "formData", "type": "file"}`,
		`{"name": "k", "in": "cookie", "type": "string"}`,
		`{"in": "query", "type": "string"}`,
	}
	// found lists what is told of the shared parameters if so many operations refer to all of them.
	found := func(operations int) []string {
		var named, refs, paths []string
		for i, p := range shared {
			named = append(named, fmt.Sprintf("    \"P%d\": %s", i, p))
			refs = append(refs, fmt.Sprintf(`{"$ref": "#/parameters/P%d"}`, i))
		}
		for i := range operations {
			paths = append(paths, fmt.Sprintf(`"/p%d/{a}": {"get": {"operationId": "Get%d", "parameters": [%s], "responses": {"200": {"description": "x"}}}}`, i, i, strings.Join(refs, ", ")))
		}
		src := "{\"swagger\": \"2.0\", \"info\": {\"title\": \"a\", \"version\": \"1\"}, \"parameters\": {\n" + strings.Join(named, ",\n") + "\n}, \"paths\": {" + strings.Join(paths, ",\n") + "}}"
		list, err := connector.Load(fstest.MapFS{"apiDefinition.swagger.json": {Data: []byte(src)}})
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, d := range lint.Check(list[0], nil) {
			if line := d.Location.Start.Line; line > 1 && line <= 1+len(shared) {
				out = append(out, d.String())
			}
		}
		return out
	}
	once := found(1)
	if len(once) < 11 {
		t.Errorf("findings of %d parameters: %q", len(shared), once)
	}
	if diff := cmp.Diff(once, found(3)); diff != "" {
		t.Errorf("of one operation, and of three (-want +got)\n%s", diff)
	}
}
