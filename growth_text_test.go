package solutionkit_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// manyFindings are n findings in one file, one a line.
func manyFindings(n int) diag.List {
	lines := diag.NewLines([]byte(strings.Repeat("x\n", n)))
	var list diag.List
	for i := range n {
		at := (i * 7919) % n * 2
		list = append(list, diag.Diagnostic{
			Rule: "a/b", Severity: diag.Warning, Message: fmt.Sprint("message ", i), Location: lines.Span("file.xml", at, at+1),
			Related: []diag.Related{{Location: lines.Span("file.xml", 0, 1), Message: "here"}},
			Fixes:   []diag.Fix{{Message: "write y", Edits: []diag.Edit{{File: "file.xml", Start: at, End: at + 1, New: "y"}}}},
		})
	}
	return list
}

// parsed is the work of reading JSON, and of asking for each value in all ways.
func parsed(begin, pattern, end string) func(t testing.TB, n int) func() error {
	return func(t testing.TB, n int) func() error {
		var b strings.Builder
		b.WriteString(begin)
		repeat(&b, n-1, pattern+",")
		src := []byte(b.String() + strings.ReplaceAll(pattern, "#", "last") + end)
		return func() error {
			tree, err := jsonspan.Parse(src, nil)
			if err != nil {
				return err
			}
			tree.Repeated()
			pointers := tree.Pointers()
			for i := range int32(tree.Len()) {
				_, _ = tree.Text(i), pointers.At(i)
			}
			var all []int32
			for i := range tree.Children(0) {
				all = append(all, i)
			}
			_, err = jsonspan.Apply(src, tree.RemoveAll(all))
			return err
		}
	}
}

var textFamilies = []family{
	{"json/elements", 1000, parsed("[", `"#"`, "]")},
	{"json/members", 1000, parsed("{", `"k#":1`, "}")},
	{"json/members-of-one-key", 1000, parsed("{", `"k":"#"`, "}")},
	{"json/members-of-one-escaped-key", 1000, parsed("{", `"\u006b":"#"`, "}")},
	{"json/objects-of-one-key", 1000, parsed("[", `{"k":1,"k":2}`, "]")},
	{"diag/list", 1000, func(t testing.TB, n int) func() error {
		list := manyFindings(n)
		return func() error {
			joined := diag.Join(list, list[:n/2], list[n/2:])
			joined.Sort()
			_ = (&diag.FailedError{List: joined}).Error()
			for _, d := range joined {
				_ = d.String()
			}
			return nil
		}
	}},
	{"diag/sarif", 300, func(t testing.TB, n int) func() error {
		list := manyFindings(n)
		return func() error { return diag.WriteSARIF(io.Discard, diag.Tool{Name: "x"}, list) }
	}},
	{"diag/sarif-of-many-rules", 300, func(t testing.TB, n int) func() error {
		list := manyFindings(n)
		for i := range list {
			list[i].Rule, list[i].Location.File = fmt.Sprint("a/b", i), fmt.Sprint("file", i)
		}
		return func() error { return diag.WriteSARIF(io.Discard, diag.Tool{Name: "x"}, list) }
	}},
	{"diag/fixes", 1000, func(t testing.TB, n int) func() error {
		src := []byte(strings.Repeat("x\n", n))
		var edits []diag.Edit
		for _, d := range manyFindings(n) {
			edits = append(edits, d.Fixes[0].Edits...)
		}
		return func() error { _, err := diag.Apply(src, edits); return err }
	}},
	{"diag/lines", 3000, func(t testing.TB, n int) func() error {
		src := []byte(strings.Repeat("é\n", n) + strings.Repeat("é", n))
		return func() error {
			lines := diag.NewLines(src)
			for i := range src {
				if i%16 == 0 {
					lines.Position(i)
				}
			}
			return nil
		}
	}},
	{"diag/one-line", 3000, func(t testing.TB, n int) func() error {
		src := []byte(strings.Repeat("é", n))
		return func() error {
			lines := diag.NewLines(src)
			for i := range src {
				lines.Position(i)
			}
			return nil
		}
	}},
}
