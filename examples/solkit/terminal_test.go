package main

import (
	"strings"
	"testing"
	"time"

	"github.com/solutionkit/solutionkit/solution/diag"
)

func TestProgressLine(t *testing.T) {
	start := time.Unix(1000, 0)
	for _, tt := range []struct {
		p    *progress
		want string
	}{
		{&progress{text: "reading a.zip"}, "reading a.zip"},
		{&progress{text: "writing b", total: 1000, noun: "file", started: start}, "0 of 1000 files: writing b"},
		{&progress{text: "writing b", done: 250, total: 1000, noun: "file", started: start}, "250 of 1000 files, 50/s, 15s left: writing b"},
		{&progress{text: "reading c", done: 2, total: 3, noun: "solution", started: start}, "2 of 3 solutions, 0.4/s, 3s left: reading c"},
		{&progress{text: "reading c", done: 3, total: 3, noun: "solution", started: start}, "3 of 3 solutions, 0.6/s: reading c"},
		{&progress{text: "writing a long name", done: 250, total: 1000, noun: "file", started: start, width: 40}, "250 of 1000 files, 50/s, 15s left: w..."},
	} {
		got := tt.p.line(start.Add(5 * time.Second))
		if got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
		if n := len([]rune(got)); tt.p.width > 0 && n >= tt.p.width {
			t.Errorf("%q has %d characters, and the line %d", got, n, tt.p.width)
		}
	}
	var none *progress // that of what is no terminal
	none.begin(1, "file")
	none.step()
	none.set("x")
	none.stop()
}

func TestColors(t *testing.T) {
	list := diag.List{{Rule: "p/x", Severity: diag.Warning, Message: "odd"}}
	for color, want := range map[bool]string{false: "warning: odd (p/x)\n", true: "\x1b[33mwarning: odd (p/x)\x1b[0m\n"} {
		var b strings.Builder
		(&printer{Writer: &visible{w: &b}, color: color}).findings(list, true)
		if b.String() != want {
			t.Errorf("colour %v: %q, want %q", color, b.String(), want)
		}
	}
}

// Colours add nothing else, and what a package holds makes none.
func TestChangesInColor(t *testing.T) {
	const text = "Orders 1.0\n+ Table a\n    ~ Name: \"x\\x1b[31m\" [safe]\n- Table b\n\nend"
	for color, want := range map[bool]string{
		false: text,
		true:  "Orders 1.0\n\x1b[32m+ Table a\x1b[0m\n\x1b[33m    ~ Name: \"x\\x1b[31m\" [safe]\x1b[0m\n\x1b[31m- Table b\x1b[0m\n\nend",
	} {
		var b strings.Builder
		(&printer{Writer: &visible{w: &b}, color: color}).changes(text)
		if b.String() != want {
			t.Errorf("colour %v: %q, want %q", color, b.String(), want)
		}
	}
}
