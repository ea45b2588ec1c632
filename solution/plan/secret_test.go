package plan_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/solution/plan"
)

// Secrets of the cases have this in them, whether a package, an environment or settings give them.
const hush = "HUSH"

func TestSecretsAreInNoOutput(t *testing.T) {
	files, err := filepath.Glob("testdata/resolve/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(src, []byte(hush)) {
			continue
		}
		cases++
		p := readCase(t, file).resolve(t)
		for format, text := range outputs(t, p) {
			if at := strings.Index(text, hush); at >= 0 {
				t.Errorf("%s: the %s shows a secret: ...%s", file, format, text[max(0, at-80):min(len(text), at+20)])
			}
		}
	}
	if cases < 5 {
		t.Errorf("only %d cases have secrets", cases)
	}
}

// outputs returns a plan in all forms that people and programs read.
func outputs(t *testing.T, p *plan.Plan) map[string]string {
	t.Helper()
	var text, markdown, mermaid strings.Builder
	for _, err := range []error{p.WriteText(&text), p.WriteMarkdown(&markdown), p.WriteMermaid(&mermaid)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return map[string]string{"text": text.String(), "markdown": markdown.String(), "mermaid": mermaid.String(),
		"JSON": string(encode(t, p)), "list of diagnostics": fmt.Sprintf("%+v", p.Diagnostics())}
}
