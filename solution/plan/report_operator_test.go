package plan_test

import (
	"io"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// narrow is the width of the text that cases in testdata/operator have besides the one that is not wrapped.
const narrow = 72

// TestOperatorReports compares the reports of the cases in testdata/operator, which are made as those of testdata/resolve: report/text,
// report/narrow (the text in lines of 72 characters), report/markdown and report/mermaid.
func TestOperatorReports(t *testing.T) {
	files, err := filepath.Glob("testdata/operator/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in testdata/operator (%v)", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			c := readCase(t, file)
			p := c.resolve(t)
			got := map[string]string{"report/text": written(t, p.WriteText), "report/markdown": written(t, p.WriteMarkdown), "report/mermaid": written(t, p.WriteMermaid),
				"report/narrow": written(t, func(w io.Writer) error { return p.WriteTextWidth(w, narrow) })}
			if words(got["report/narrow"]) != words(got["report/text"]) {
				t.Error("the wrapped text has other words")
			}
			c.archive.Hold(t, func(name string) bool { return strings.HasPrefix(name, "report/") }, got)
			checkForm(t, p)
		})
	}
}

func words(text string) string { return strings.Join(strings.Fields(text), " ") }

// A line is too long only where it is a single word behind what stands out.
func TestWrappedLines(t *testing.T) {
	p := readCase(t, "testdata/operator/connections.txtar").resolve(t)
	for _, width := range []int{1, 30, 40, 60, 80, 120, 1000} {
		for line := range strings.Lines(written(t, func(w io.Writer) error { return p.WriteTextWidth(w, width) })) {
			line = strings.TrimSuffix(line, "\n")
			if strings.HasSuffix(line, " ") {
				t.Errorf("%d: %q ends with a blank", width, line)
			}
			text := strings.TrimLeft(line, " ")
			indent := len(line) - len(text)
			if utf8.RuneCountInString(line) > max(width, indent+40) && strings.Contains(strings.TrimPrefix(text, "- warning: "), " ") {
				if i := strings.LastIndexByte(text, ' '); i > max(width, indent+40) {
					t.Errorf("%d: %q could be shorter", width, line)
				}
			}
		}
	}
}
