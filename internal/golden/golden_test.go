package golden

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// recorder keeps what a test would be told.
type recorder struct {
	testing.TB
	said string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) { r.said += format }

const sample = `It shows something.
-- in/a --
a
-- want/b --
b
-- in/c --
c
-- want/d --
d
`

func caseIn(t *testing.T, dir string) *Case {
	t.Helper()
	path := filepath.Join(dir, "sample.txtar")
	write(t, path, sample)
	list := Cases(t, filepath.Join(dir, "*.txtar"))
	if len(list) != 1 || list[0].Name != "sample" {
		t.Fatalf("%v", list)
	}
	return list[0]
}

func wanted(name string) bool { return strings.HasPrefix(name, "want/") }

func TestHold(t *testing.T) {
	c := caseIn(t, t.TempDir())
	for what, tt := range map[string]struct {
		got  map[string]string
		fail bool
	}{
		"equal":        {map[string]string{"want/b": "b\n", "want/d": "d\n"}, false},
		"another text": {map[string]string{"want/b": "x\n", "want/d": "d\n"}, true},
		"one missing":  {map[string]string{"want/b": "b\n"}, true},
		"one more":     {map[string]string{"want/b": "b\n", "want/d": "d\n", "want/e": ""}, true},
	} {
		r := &recorder{TB: t}
		if c.Hold(r, wanted, tt.got); (r.said != "") != tt.fail {
			t.Errorf("%s: it says %q", what, r.said)
		}
	}
	for what, tt := range map[string]struct {
		name, got string
		fail      bool
	}{
		"equal": {"want/b", "b\n", false}, "another text": {"want/b", "", true}, "no file and no text": {"want/x", "", false}, "no file": {"want/x", "x", true},
	} {
		r := &recorder{TB: t}
		if c.HoldText(r, tt.name, tt.got); (r.said != "") != tt.fail {
			t.Errorf("one file, %s: it says %q", what, r.said)
		}
	}
}

func TestHoldInOrder(t *testing.T) {
	c := caseIn(t, t.TempDir())
	file := func(name, text string) txtar.File { return txtar.File{Name: name, Data: []byte(text)} }
	b, d := file("want/b", "b\n"), file("want/d", "d\n")
	for what, tt := range map[string]struct {
		got  []txtar.File
		fail bool
	}{
		"equal": {[]txtar.File{b, d}, false}, "another order": {[]txtar.File{d, b}, true}, "another text": {[]txtar.File{b, file("want/d", "x\n")}, true},
		"one missing": {[]txtar.File{b}, true}, "one more": {[]txtar.File{b, d, file("want/e", "")}, true},
	} {
		r := &recorder{TB: t}
		if c.HoldInOrder(r, wanted, tt.got); (r.said != "") != tt.fail {
			t.Errorf("%s: it says %q", what, r.said)
		}
	}
	updating(t, func() { c.HoldInOrder(t, wanted, []txtar.File{d, b}) })
	const want = "It shows something.\n-- in/a --\na\n-- in/c --\nc\n-- want/d --\nd\n-- want/b --\nb\n"
	if got, err := os.ReadFile(c.Path); err != nil || string(got) != want {
		t.Errorf("the case is %s (%v), want\n%s", got, err, want)
	}
}

// updating runs f as with -update.
func updating(t *testing.T, f func()) {
	t.Helper()
	was := *update
	*update = true
	defer func() { *update = was }()
	f()
}

func TestUpdate(t *testing.T) {
	c := caseIn(t, t.TempDir())
	updating(t, func() { c.Hold(t, wanted, map[string]string{"want/e": "e\n", "want/d": "new\n"}) })
	const want = "It shows something.\n-- in/a --\na\n-- in/c --\nc\n-- want/d --\nnew\n-- want/e --\ne\n"
	if got, err := os.ReadFile(c.Path); err != nil || string(got) != want {
		t.Errorf("the case is %s (%v), want\n%s", got, err, want)
	}
	c = caseIn(t, t.TempDir())
	updating(t, func() { c.HoldText(t, "want/b", "new\n") })
	if got := Read(t, c.Path); got.Text("want/b") != "new\n" || got.Text("want/d") != "d\n" {
		t.Errorf("the case is %v", got.Files)
	}
}

func TestFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.txt")
	updating(t, func() { File(t, name, "a") })
	for got, fail := range map[string]bool{"a": false, "b": true} {
		r := &recorder{TB: t}
		if File(r, name, got); (r.said != "") != fail {
			t.Errorf("of %s it says %q", got, r.said)
		}
	}
}

func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "docs")
	want := map[string][]byte{"a": []byte("a"), "b": []byte("b")}
	updating(t, func() { Folder(t, dir, want) })
	write(t, filepath.Join(dir, "c"), "c")
	hold := func(want map[string][]byte, others ...string) string {
		r := &recorder{TB: t}
		Folder(r, dir, want, others...)
		return r.said
	}
	if said := hold(want, "c"); said != "" {
		t.Errorf("of the same files it says %q", said)
	}
	if hold(want) == "" || hold(map[string][]byte{"a": []byte("x"), "b": []byte("b")}, "c") == "" || hold(map[string][]byte{"a": []byte("a"), "b": []byte("b"), "d": nil}, "c") == "" {
		t.Error("a file too many, another text or a file too few is not seen")
	}
}

func TestExplained(t *testing.T) {
	c := caseIn(t, t.TempDir())
	for comment, fail := range map[string]bool{"It shows something.": false, " \n": true} {
		r := &recorder{TB: t}
		c.Comment = []byte(comment)
		if c.Explained(r); (r.said != "") != fail {
			t.Errorf("of %q it says %q", comment, r.said)
		}
	}
}

func TestUnder(t *testing.T) {
	got := caseIn(t, t.TempDir()).Under("in/")
	if len(got) != 2 || got["a"] != "a\n" || got["c"] != "c\n" {
		t.Errorf("%v", got)
	}
}
