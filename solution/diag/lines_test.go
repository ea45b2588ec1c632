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

// linesBefore are texts of one line in front of what is looked at, which then lies across two of the blocks that Lines counts
// ahead, and how many runes they have.
var linesBefore = []struct {
	text  string
	runes int
}{{"", 0}, {strings.Repeat("x", 1020), 1020}, {strings.Repeat("é", 510), 510}, {strings.Repeat("𝄞", 511), 511}}

// FuzzLines asks for all places in a text, against the definition: each rune read from the start.
func FuzzLines(f *testing.F) {
	f.Add("ab\ncé𝄞z\r\n\r\rq", uint8(0))
	f.Add("\ufeffé\r\n\ufeff", uint8(0))
	f.Add("éxéx\r\né\r", uint8(1))
	f.Add("𝄞𝄞\n𝄞", uint8(2))
	f.Add("\r\r\n\n\ufeff", uint8(3))
	f.Fuzz(func(t *testing.T, text string, before uint8) {
		text = strings.ToValidUTF8(text, "?")
		first := linesBefore[int(before)%len(linesBefore)]
		src := []byte(first.text + text)
		l := diag.NewLines(src)
		want := diag.Position{Line: 1, Column: 1 + first.runes}
		for i, r := range text {
			for want.Offset = len(first.text) + i; want.Offset < len(first.text)+i+utf8.RuneLen(r); want.Offset++ {
				if got := l.Position(want.Offset); got != want { // inside a rune it is the place of the rune
					t.Fatalf("offset %d of %q: %v, want %v", want.Offset, src, got, want)
				}
			}
			switch {
			case r == '\ufeff' && want.Offset == len("\ufeff"): // in front of all it is no rune of the line
			case r == '\n' || r == '\r' && !strings.HasPrefix(text[i+1:], "\n"):
				want.Line, want.Column = want.Line+1, 1
			default:
				want.Column++
			}
		}
		want.Offset = len(src)
		if got := l.Position(len(src)); got != want {
			t.Fatalf("end of %q: %v, want %v", src, got, want)
		}
	})
}

// FuzzLinesAfter holds places that are counted from earlier ones to those that are counted from the start.
func FuzzLinesAfter(f *testing.F) {
	f.Add("ab\ncé𝄞z\r\n\r\rq", uint8(0))
	f.Add("\ufeffé\r\n\ufeff", uint8(0))
	f.Add("éxéx\r\né\xff\x80\r", uint8(1))
	f.Fuzz(func(t *testing.T, text string, before uint8) {
		src := []byte(linesBefore[int(before)%len(linesBefore)].text + text)
		src = src[:min(len(src), 1200)]
		l := diag.NewLines(src)
		for from := range len(src) + 1 {
			p := l.Position(from)
			for _, offset := range []int{from - 1, from, from + 1, from + 7, from + 200, len(src), len(src) + 1} {
				if got, want := l.After(p, offset), l.Position(offset); got != want {
					t.Fatalf("offset %d of %q from %v: %v, want %v", offset, src, p, got, want)
				}
			}
		}
		if got, want := l.After(diag.Position{}, 5), l.Position(5); got != want {
			t.Fatalf("from the zero position: %v, want %v", got, want)
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
