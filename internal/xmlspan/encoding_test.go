package xmlspan

import (
	"encoding/binary"
	"errors"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

// utf16Of is text in UTF-16 with a byte order mark.
func utf16Of(text string, order binary.AppendByteOrder) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune("\ufeff" + text)) {
		out = order.AppendUint16(out, u)
	}
	return out
}

func TestToUTF8(t *testing.T) {
	const wide = "<?xml version=\"1.0\" encoding=\"utf-16\"?><a>é\U0001F600</a>"
	for _, c := range []struct {
		name     string
		in, want string
	}{
		{"UTF-8", "<a>é</a>", "<a>é</a>"},
		{"byte order mark", "\ufeff<a>é</a>", "<a>é</a>"},
		{"declared UTF-8", "<?xml version='1.0' encoding='UTF-8'?><a>é</a>", "<?xml version='1.0' encoding='UTF-8'?><a>é</a>"},
		{"UTF-16 little endian", string(utf16Of(wide, binary.LittleEndian)), wide},
		{"UTF-16 big endian", string(utf16Of(wide, binary.BigEndian)), wide},
		{"ISO-8859-1", "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>", "<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>"},
		{"US-ASCII", "<?xml version='1.0' encoding='us-ascii'?><a/>", "<?xml version='1.0' encoding='us-ascii'?><a/>"},
		{"style sheet first", "<?xml-stylesheet href='a'?><a/>", "<?xml-stylesheet href='a'?><a/>"},
		{"declaration without end", "<?xml version='1.0'", "<?xml version='1.0'"},
		{"empty", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ToUTF8([]byte(c.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, string(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if c.want == "" || c.name == "declaration without end" {
				return
			}
			if _, err := Parse(got, 0, nil); err != nil {
				t.Errorf("what was converted is refused: %v", err)
			}
		})
	}
}

// What is converted takes as much memory as it has bytes.
func TestToUTF8Memory(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []byte
	}{
		{"UTF-16", utf16Of("<a>"+strings.Repeat("é\u4e00a\U0001F600", 1<<16)+"</a>", binary.LittleEndian)},
		{"ISO-8859-1", []byte("<?xml version='1.0' encoding='ISO-8859-1'?><a>" + strings.Repeat("\xe9", 1<<18) + "</a>")},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			out, err := AsUTF8(c.in)
			runtime.ReadMemStats(&after)
			if err != nil {
				t.Fatal(err)
			}
			if got := after.TotalAlloc - before.TotalAlloc; got > uint64(len(out)+len(out)/8+1<<14) {
				t.Errorf("%d bytes are allocated for a text of %d", got, len(out))
			}
		})
	}
}

func TestToUTF8Refuses(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     SyntaxError
	}{
		{"two marks", "\ufeff\ufeff<a/>", SyntaxError{Msg: "file begins with two byte order marks: remove one"}},
		{"two marks of UTF-16", string(utf16Of("\ufeff<a/>", binary.LittleEndian)), SyntaxError{Msg: "file begins with two byte order marks: remove one"}},
		{"odd length", "\xff\xfe<\x00a", SyntaxError{Offset: 4, Msg: "UTF-16 text ends in the middle of a character"}},
		{"high half alone", "\xff\xfe<\x00\x00\xd8a\x00", SyntaxError{Offset: 4, Msg: "half of a UTF-16 surrogate pair is missing"}},
		{"high half last", "\xff\xfe<\x00\x00\xd8", SyntaxError{Offset: 4, Msg: "half of a UTF-16 surrogate pair is missing"}},
		{"low half alone", "\xfe\xff\xdc\x00\x00a", SyntaxError{Offset: 2, Msg: "half of a UTF-16 surrogate pair is missing"}},
		{"UTF-16 without mark", "<?xml version='1.0' encoding='UTF-16'?><a/>", SyntaxError{Msg: `encoding "UTF-16" is declared, but there is no byte order mark of it: save the file as UTF-8`}},
		{"unknown", "<?xml version='1.0' encoding='koi8-r'?><a/>", SyntaxError{Msg: `encoding "koi8-r" is not supported: save the file as UTF-8`}},
		{"malformed", "<?xml version?><a/>", SyntaxError{Msg: "XML declaration is malformed"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ToUTF8([]byte(c.in))
			var got *SyntaxError
			if !errors.As(err, &got) {
				t.Fatalf("error %v, want a SyntaxError", err)
			}
			if diff := cmp.Diff(c.want, *got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// What is UTF-8 stays as it is, mark and declaration included; all else becomes what can be stored as UTF-8.
func TestAsUTF8(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"UTF-8", "<a>é</a>", "<a>é</a>"},
		{"byte order mark", "\ufeff<a>é</a>", "\ufeff<a>é</a>"},
		{"mark and declaration", "\ufeff<?xml version='1.0' encoding='utf-8'?><a/>", "\ufeff<?xml version='1.0' encoding='utf-8'?><a/>"},
		{"US-ASCII", "<?xml version='1.0' encoding='us-ascii'?><a/>", "<?xml version='1.0' encoding='utf-8'?><a/>"},
		{"UTF-16 declared", string(utf16Of("<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>é\U0001F600 encoding</a>", binary.LittleEndian)),
			"<?xml version=\"1.0\" encoding=\"utf-8\"?><a>é\U0001F600 encoding</a>"},
		{"UTF-16 big endian, spaced", string(utf16Of("<?xml version='1.0'  encoding = 'utf-16' standalone='no'?><a/>", binary.BigEndian)),
			"<?xml version='1.0'  encoding = 'utf-8' standalone='no'?><a/>"},
		{"UTF-16 without encoding", string(utf16Of("<?xml version='1.0'?><a encoding='utf-16'/>", binary.LittleEndian)), "<?xml version='1.0'?><a encoding='utf-16'/>"},
		{"UTF-16 without declaration", string(utf16Of("<a encoding='utf-16'/>", binary.LittleEndian)), "<a encoding='utf-16'/>"},
		{"UTF-16, version names the encoding", string(utf16Of("<?xml version='utf-16' encoding='utf-16'?><a/>", binary.LittleEndian)), "<?xml version='utf-16' encoding='utf-8'?><a/>"},
		{"ISO-8859-1", "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>", "<?xml version='1.0' encoding='utf-8'?><a>é</a>"},
		{"ISO-8859-1 of ASCII alone", "<?xml version='1.0' encoding='ISO-8859-1'?><a/>", "<?xml version='1.0' encoding='utf-8'?><a/>"},
		{"empty", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := []byte(c.in)
			got, err := AsUTF8(in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, string(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if string(in) != c.in {
				t.Error("the input changed")
			}
			if again, err := AsUTF8(got); err != nil || string(again) != c.want {
				t.Errorf("a second time: %q, %v", again, err)
			}
		})
	}
	if _, err := AsUTF8([]byte("\xff\xfe<")); err == nil {
		t.Error("half of a character is accepted")
	}
	if _, err := AsUTF8([]byte("\ufeff\ufeff<a/>")); err == nil {
		t.Error("two marks are accepted")
	}
}
