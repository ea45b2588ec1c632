package diag_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution/diag"
)

func TestLinesPosition(t *testing.T) {
	const text = "ab\ncé𝄞z\r\n\r\rq"
	l := diag.NewLines([]byte(text))
	if got := l.Position(len(text)).Line; got != 5 {
		t.Errorf("%d lines, want 5", got)
	}
	for _, tt := range []struct{ offset, line, column int }{
		{0, 1, 1}, {2, 1, 3}, // the line end belongs to its line
		{3, 2, 1}, {4, 2, 2}, {5, 2, 2}, // inside é
		{6, 2, 3}, {9, 2, 3}, {10, 2, 4}, {11, 2, 5}, {12, 2, 6},
		{13, 3, 1}, {14, 4, 1}, {15, 5, 1}, {16, 5, 2},
	} {
		got := l.Position(tt.offset)
		if diff := cmp.Diff(diag.Position{Offset: tt.offset, Line: tt.line, Column: tt.column}, got); diff != "" {
			t.Errorf("offset %d (-want +got)\n%s", tt.offset, diff)
		}
	}
	if got, want := l.Position(99), l.Position(len(text)); got != want {
		t.Errorf("beyond the end: %v, want %v", got, want)
	}
	if got, want := l.Position(-1), l.Position(0); got != want {
		t.Errorf("before the start: %v, want %v", got, want)
	}
}

func TestLinesByteOrderMark(t *testing.T) {
	l := diag.NewLines([]byte("\ufeff<a>\n<b>"))
	for offset, want := range map[int]diag.Position{
		0: {Offset: 0, Line: 1, Column: 1},
		3: {Offset: 3, Line: 1, Column: 1},
		4: {Offset: 4, Line: 1, Column: 2},
		7: {Offset: 7, Line: 2, Column: 1},
	} {
		if got := l.Position(offset); got != want {
			t.Errorf("offset %d: %v, want %v", offset, got, want)
		}
	}
}

func TestLinesEmpty(t *testing.T) {
	if got, want := diag.NewLines(nil).Position(0), (diag.Position{Line: 1, Column: 1}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

// slowPosition is the definition, read from the start each time.
func slowPosition(src []byte, offset int) diag.Position {
	p := diag.Position{Offset: offset, Line: 1, Column: 1}
	for i := 0; i < offset; {
		r, n := utf8.DecodeRune(src[i:])
		if i+n > offset {
			break // inside a rune
		}
		if i == 0 && r == '\ufeff' {
			i += n
			continue
		}
		i += n
		p.Column++
		if r == '\n' || r == '\r' && (i == len(src) || src[i] != '\n') {
			p.Line, p.Column = p.Line+1, 1
		}
	}
	return p
}

func FuzzLines(f *testing.F) {
	f.Add("ab\ncé𝄞z\r\n\r\rq")
	f.Add("\ufeffé\r\n")
	f.Add(strings.Repeat("é", 3000) + "\n" + strings.Repeat("x", 3000))
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			text = strings.ToValidUTF8(text, "?")
		}
		src := []byte(text)
		l := diag.NewLines(src)
		step := max(len(src)/50, 1)
		for i := 0; i <= len(src); i += step {
			if got, want := l.Position(i), slowPosition(src, i); got != want {
				t.Fatalf("offset %d of %q: %v, want %v", i, src, got, want)
			}
		}
	})
}

func BenchmarkLines(b *testing.B) {
	src := bytes.Repeat([]byte("<RootComponent type=\"1\" schemaName=\"account\" behavior=\"0\" />\r\n"), 20000)
	b.Run("new", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		b.ReportAllocs()
		for b.Loop() {
			diag.NewLines(src)
		}
	})
	b.Run("position", func(b *testing.B) {
		l := diag.NewLines(src)
		b.ReportAllocs()
		for b.Loop() {
			l.Position(len(src) / 2)
		}
	})
}
