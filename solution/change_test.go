package solution_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

func sample(t testing.TB) solution.Parts {
	t.Helper()
	return extracted(t, map[string]string{
		"solution.xml": exampleManifest, "customizations.xml": "<ImportExportXml />",
		"a.txt": "0123456789", "dir/b.txt": "bb", "dir/sub/c.txt": "cc",
	})
}

// change returns the change that edit makes.
func change(t testing.TB, p solution.Parts, edit func(e *solution.Editor)) *solution.Change {
	t.Helper()
	e := solution.NewEditor(p)
	edit(e)
	c, err := e.Change()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func apply(t testing.TB, c *solution.Change, p solution.Parts) solution.Parts {
	t.Helper()
	out, err := c.Apply(p)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// everything is all that parts hold.
func everything(t testing.TB, p solution.Parts) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, name := range p.Names() {
		out[name] = textOf(t, p, name)
	}
	return out
}

func TestChangeApply(t *testing.T) {
	p := sample(t)
	before := everything(t, p)
	c := change(t, p, func(e *solution.Editor) {
		if e.Source() != p {
			t.Error("the source is another")
		}
		e.Splice("A.TXT", 8, 10, "")
		e.Splice("a.txt", 2, 4, "xyz")
		e.Replace("customizations.xml", []byte("<ImportExportXml></ImportExportXml>"))
		e.Add("dir/new/d.txt", []byte("d"))
		e.Remove("DIR/sub/c.txt")
		e.Note(diag.Diagnostic{Rule: "r", Message: "2"}, diag.Diagnostic{Rule: "r", Message: "1"})
	})
	out := apply(t, c, p)
	want := map[string]string{
		"solution.xml": exampleManifest, "customizations.xml": "<ImportExportXml></ImportExportXml>",
		"a.txt": "01xyz4567", "dir/b.txt": "bb", "dir/new/d.txt": "d",
	}
	if diff := cmp.Diff(want, everything(t, out)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(before, everything(t, p)); diff != "" {
		t.Errorf("the source changed (-before +after)\n%s", diff)
	}
	if got := textOf(t, out, "DIR/NEW/d.txt"); got != "d" {
		t.Errorf("in other letter case: %q", got)
	}
	for _, name := range []string{"dir/sub/c.txt", "dir/sub", "none"} {
		if _, err := out.ReadPart(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := out.Open(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("open %s: %v", name, err)
		}
	}
	if err := fstest.TestFS(out, slices.Collect(mapKeys(want))...); err != nil {
		t.Error(err)
	}
	var parts []string
	for part := range c.Parts() {
		parts = append(parts, part.Op.String()+" "+part.Name)
	}
	if diff := cmp.Diff([]string{"splice a.txt", "replace customizations.xml", "add dir/new/d.txt", "remove dir/sub/c.txt"}, parts); diff != "" {
		t.Errorf("parts (-want +got)\n%s", diff)
	}
	if found := c.Diagnostics(); len(found) != 2 || found[0].Message != "1" {
		t.Errorf("findings %v", found)
	}
}

func mapKeys(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range m {
			if !yield(name) {
				return
			}
		}
	}
}

// A change can be applied to what a change made, and places stay those of the source.
func TestChangeLocate(t *testing.T) {
	p := moved{extracted(t, map[string]string{"solution.xml": "x", "a.txt": "one\ntwo\nthree", "b.txt": "b"})}
	first := apply(t, change(t, p, func(e *solution.Editor) {
		e.Splice("a.txt", 0, 4, "")
		e.Splice("a.txt", 8, 8, "new\nlines\n")
		e.Replace("b.txt", []byte("\nbb"))
		e.Add("c.txt", []byte("\nc"))
	}), p)
	second := apply(t, change(t, first, func(e *solution.Editor) { e.Splice("a.txt", 0, 0, "!!") }), first)
	if got := textOf(t, second, "a.txt"); got != "!!two\nnew\nlines\nthree" {
		t.Fatalf("got %q", got)
	}
	for _, c := range []struct {
		name, text, want string
	}{
		{"a.txt", "!!two", "Source/a.txt:4:1"}, // behind two lines that no part has
		{"a.txt", "wo", "Source/a.txt:4:2"},
		{"a.txt", "new", "Source/a.txt:5:1"},
		{"a.txt", "lines", "Source/a.txt:5:1"},
		{"a.txt", "hree", "Source/a.txt:5:2"},
		{"B.txt", "bb", "Source/b.txt:2:1"},
		{"c.txt", "c", "c.txt:2:1"},
	} {
		at := second.Locate(c.name, strings.Index(textOf(t, second, c.name), c.text))
		if got := at.String(); got != c.want {
			t.Errorf("%q of %s is at %s, want %s", c.text, c.name, got, c.want)
		}
	}
	removed := apply(t, change(t, p, func(e *solution.Editor) { e.Remove("b.txt") }), p)
	if at := removed.Locate("b.txt", 0); at != (diag.Location{File: "b.txt"}) {
		t.Errorf("a part that is gone is at %+v", at)
	}
}

func TestEmptyChange(t *testing.T) {
	p := sample(t)
	joined, err := solution.JoinChanges()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]*solution.Change{
		"no edit": change(t, p, func(*solution.Editor) {}),
		"edits that change nothing": change(t, p, func(e *solution.Editor) {
			e.Splice("a.txt", 2, 4, "23")
			e.Splice("a.txt", 5, 5, "")
			e.Replace("dir/b.txt", []byte("bb"))
		}),
		"no change joined": joined,
	} {
		if !c.IsEmpty() || len(slices.Collect(c.Parts())) != 0 {
			t.Errorf("%s: it is not empty", name)
		}
		if out := apply(t, c, p); out != p {
			t.Errorf("%s: the parts are others", name)
		}
	}
}

func TestEditorRefuses(t *testing.T) {
	var conflict *solution.ConflictError
	var outside *diag.EditError
	for name, c := range map[string]struct {
		edit func(e *solution.Editor)
		as   any   // the error is one of these
		is   error // or wraps this
		want string
	}{
		"overlap":        {edit: func(e *solution.Editor) { e.Splice("a.txt", 1, 4, "x"); e.Splice("a.txt", 3, 5, "") }, as: &conflict, want: "a.txt: the changes are in conflict: bytes [1,4) and [3,5) are both"},
		"in the middle":  {edit: func(e *solution.Editor) { e.Splice("a.txt", 1, 4, "x"); e.Splice("a.txt", 2, 2, "y") }, as: &conflict, want: "bytes [1,4) and [2,2)"},
		"behind the end": {edit: func(e *solution.Editor) { e.Splice("a.txt", 9, 11, "x") }, as: &outside, want: "a.txt: edit [9,11): outside of the 10 bytes"},
		"before":         {edit: func(e *solution.Editor) { e.Splice("a.txt", -1, 0, "x") }, as: &outside, want: "edit [-1,0)"},
		"turned round":   {edit: func(e *solution.Editor) { e.Splice("a.txt", 4, 2, "x") }, as: &outside, want: "edit [4,2)"},
		"splice and add": {edit: func(e *solution.Editor) { e.Add("n", nil); e.Splice("n", 0, 0, "x") }, as: &conflict, want: "one edit is to add it, another to splice it"},
		"twice":          {edit: func(e *solution.Editor) { e.Splice("a.txt", 0, 0, "x"); e.Remove("A.txt") }, as: &conflict, want: "one edit is to splice it, another to remove it"},
		"no such part":   {edit: func(e *solution.Editor) { e.Splice("n", 0, 0, "x") }, is: fs.ErrNotExist, want: "n: the solution has no such part, so there is nothing to splice"},
		"none to remove": {edit: func(e *solution.Editor) { e.Remove("n") }, is: fs.ErrNotExist, want: "nothing to remove"},
		"there already":  {edit: func(e *solution.Editor) { e.Add("A.TXT", nil) }, is: fs.ErrExist, want: "A.TXT: it cannot be added: replace it"},
		"bad name":       {edit: func(e *solution.Editor) { e.Add("../x", nil) }, is: fs.ErrInvalid, want: `"../x": a part cannot have this name`},
	} {
		e := solution.NewEditor(sample(t))
		c.edit(e)
		got, err := e.Change()
		switch {
		case got != nil || err == nil || !strings.Contains(err.Error(), c.want):
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		case c.as != nil && !errors.As(err, c.as), c.is != nil && !errors.Is(err, c.is):
			t.Errorf("%s: error is a %T", name, err)
		}
	}
}

// A change is for the parts that it was made of.
func TestSourceError(t *testing.T) {
	p := sample(t)
	c := change(t, p, func(e *solution.Editor) { e.Splice("dir/b.txt", 0, 1, "x"); e.Add("new.txt", nil) })
	with := func(name, text string) solution.Parts {
		return apply(t, change(t, p, func(e *solution.Editor) {
			if _, err := p.ReadPart(name); err != nil {
				e.Add(name, []byte(text))
			} else {
				e.Replace(name, []byte(text))
			}
		}), p)
	}
	for name, want := range map[string]string{"dir/b.txt": "dir/b.txt", "solution.xml": "solution.xml", "NEW.txt": "new.txt"} {
		other := with(name, "other")
		var source *solution.SourceError
		if err := c.Check(other); !errors.As(err, &source) || source.Part != want {
			t.Errorf("%s is another one: %v", name, err)
		}
		if _, err := c.Apply(other); !errors.As(err, &source) {
			t.Errorf("%s is another one: %v", name, err)
		}
		d := change(t, other, func(e *solution.Editor) { e.Splice("dir/b.txt", 1, 2, "y"); e.Replace("a.txt", nil) })
		if _, err := solution.JoinChanges(c, d); name != "NEW.txt" && !errors.As(err, &source) {
			t.Errorf("joined with a change of another source: %v", err)
		}
	}
	if err := c.Check(with("dir/sub/c.txt", "other")); err != nil {
		t.Errorf("a part that the change does not look at: %v", err)
	}
}

func TestJoinChangesConflicts(t *testing.T) {
	p := sample(t)
	splice := func(start, end int, text string) *solution.Change {
		return change(t, p, func(e *solution.Editor) { e.Splice("a.txt", start, end, text) })
	}
	replace := func(text string) *solution.Change {
		return change(t, p, func(e *solution.Editor) { e.Replace("a.txt", []byte(text)) })
	}
	add := func(text string) *solution.Change {
		return change(t, p, func(e *solution.Editor) { e.Add("n.txt", []byte(text)) })
	}
	remove := change(t, p, func(e *solution.Editor) { e.Remove("a.txt") })
	for name, c := range map[string][2]*solution.Change{
		"overlap":            {splice(1, 4, "x"), splice(3, 5, "y")},
		"the same bytes":     {splice(1, 4, "x"), splice(1, 4, "y")},
		"inside":             {splice(1, 4, "x"), splice(2, 2, "y")},
		"splice and replace": {splice(1, 4, "x"), replace("y")},
		"splice and remove":  {splice(1, 4, "x"), remove},
		"two texts":          {replace("x"), replace("y")},
		"two new texts":      {add("x"), add("y")},
	} {
		for _, order := range [][]*solution.Change{{c[0], c[1]}, {c[1], c[0]}} {
			var conflict *solution.ConflictError
			if got, err := solution.JoinChanges(order...); !errors.As(err, &conflict) || got != nil || !strings.HasSuffix(conflict.Part, ".txt") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for name, c := range map[string][2]*solution.Change{
		"touch":      {splice(1, 4, "x"), splice(4, 5, "y")},
		"at the end": {splice(1, 4, "x"), splice(4, 4, "y")},
		"same":       {splice(1, 4, "x"), splice(1, 4, "x")},
		"same text":  {replace("x"), replace("x")},
		"same new":   {add("x"), add("x")},
		"same gone":  {remove, remove},
	} {
		if _, err := solution.JoinChanges(c[0], c[1]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// randomEdits are edits of one text that do not overlap.
func randomEdits(r *rand.Rand, size int) []diag.Edit {
	var out []diag.Edit
	for at := r.Intn(4); at <= size; at += r.Intn(5) {
		end := min(at+r.Intn(4), size)
		out = append(out, diag.Edit{Start: at, End: end, New: "<&>é"[:r.Intn(4)]})
		at = end
	}
	return out
}

// For random edits: in any order, and dealt out to changes that are joined, they do what diag.Apply does. A change joined with
// itself is itself.
func TestChangesAreEdits(t *testing.T) {
	for seed := range int64(500) {
		r := rand.New(rand.NewSource(seed))
		src := strings.Repeat("0123456789", 1+r.Intn(5))
		p := extracted(t, map[string]string{"solution.xml": "x", "part": src})
		edits := randomEdits(r, len(src))
		want, err := diag.Apply([]byte(src), edits)
		if err != nil {
			t.Fatal(err)
		}
		one := change(t, p, func(e *solution.Editor) {
			for _, edit := range shuffled(r, edits) {
				e.Splice("part", edit.Start, edit.End, edit.New)
			}
		})
		if got := textOf(t, apply(t, one, p), "part"); got != string(want) {
			t.Fatalf("seed %d: %v make %q, want %q", seed, edits, got, want)
		}
		dealt := make([][]diag.Edit, 3)
		last := 0
		for i, edit := range edits {
			if i == 0 || edit.Start != edits[i-1].Start { // the order of insertions at one place is that of changes
				last = r.Intn(3)
			}
			dealt[last] = append(dealt[last], edit)
		}
		var changes []*solution.Change
		for _, list := range dealt {
			changes = append(changes, change(t, p, func(e *solution.Editor) {
				for _, edit := range list {
					e.Splice("part", edit.Start, edit.End, edit.New)
				}
			}))
		}
		joined, err := solution.JoinChanges(append(changes, changes[r.Intn(3)])...)
		if err != nil {
			t.Fatal(err)
		}
		if got := textOf(t, apply(t, joined, p), "part"); got != string(want) {
			t.Fatalf("seed %d: %v joined make %q, want %q", seed, dealt, got, want)
		}
	}
}

// shuffled returns edits in another order, insertions at one place in the order that they had.
func shuffled(r *rand.Rand, edits []diag.Edit) []diag.Edit {
	out := slices.Clone(edits)
	r.Shuffle(len(out), func(i, k int) {
		if out[i].Start != out[i].End && out[k].Start != out[k].End {
			out[i], out[k] = out[k], out[i]
		}
	})
	return out
}

func TestJoinChangesKeepsOrder(t *testing.T) {
	p := sample(t)
	insert := func(texts ...string) *solution.Change {
		return change(t, p, func(e *solution.Editor) {
			for _, text := range texts {
				e.Splice("a.txt", 5, 5, text)
			}
		})
	}
	joined, err := solution.JoinChanges(insert("x", "y", "x"), insert("z", "x"), insert("y", "w"))
	if err != nil {
		t.Fatal(err)
	}
	if got := textOf(t, apply(t, joined, p), "a.txt"); got != "01234xyxzw56789" {
		t.Errorf("got %q", got)
	}
}

// FuzzChange splices one part in two changes: what they say of themselves holds, whatever the splices.
func FuzzChange(f *testing.F) {
	f.Add("hello", 1, 3, "x", 4, 4, "y")
	f.Add("hello", 1, 3, "x", 2, 2, "y")
	f.Add("", 0, 0, "x", 0, 0, "x")
	f.Add("<a>é</a>\r\n", -1, 30, "", 3, 1, "é")
	f.Fuzz(func(t *testing.T, src string, start1, end1 int, text1 string, start2, end2 int, text2 string) {
		p := extracted(t, map[string]string{"solution.xml": "x", "part": src})
		var changes []*solution.Change
		for _, s := range []solution.Splice{{Start: start1, End: end1, Text: text1}, {Start: start2, End: end2, Text: text2}} {
			e := solution.NewEditor(p)
			e.Splice("part", s.Start, s.End, s.Text)
			c, err := e.Change()
			want, bad := diag.Apply([]byte(src), []diag.Edit{{Start: s.Start, End: s.End, New: s.Text}})
			if (err != nil) != (bad != nil) {
				t.Fatalf("%+v of %q: %v, diag.Apply: %v", s, src, err, bad)
			}
			if err != nil {
				return
			}
			if got := textOf(t, apply(t, c, p), "part"); got != string(want) {
				t.Fatalf("%+v makes %q of %q", s, got, src)
			}
			changes = append(changes, c)
		}
		joined, err := solution.JoinChanges(changes...)
		if err != nil {
			var conflict *solution.ConflictError
			if !errors.As(err, &conflict) {
				t.Fatal(err)
			}
			return
		}
		out := apply(t, joined, p)
		got := textOf(t, out, "part")
		for i := range len(got) + 1 {
			if at := out.Locate("part", i); at.Start.Offset < 0 || at.Start.Offset > len(src) {
				t.Fatalf("offset %d is at %+v", i, at)
			}
		}
		if again := textOf(t, apply(t, change(t, out, func(e *solution.Editor) { e.Replace("part", []byte(src)) }), out), "part"); again != src {
			t.Fatalf("put back: %q", again)
		}
	})
}

func ExampleEditor() {
	parts, err := solution.PartsOf(fstest.MapFS{
		"solution.xml":  {Data: []byte(exampleManifest)},
		"data/one.txt":  {Data: []byte("one\n")},
		"data/two.json": {Data: []byte("{}\n")},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	e := solution.NewEditor(parts)
	e.Splice("data/one.txt", 0, 1, "O")
	e.Remove("data/two.json")
	e.Add("data/three.txt", []byte("three\n"))
	change, err := e.Change()
	if err != nil {
		fmt.Println(err)
		return
	}
	edited, err := change.Apply(parts)
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := edited.ReadPart("data/one.txt")
	fmt.Printf("%s%v %v\n", text, edited.Names(), err)
	// Output:
	// One
	// [data/one.txt data/three.txt solution.xml] <nil>
}

func ExampleJoinChanges() {
	parts, err := solution.PartsOf(fstest.MapFS{"solution.xml": {Data: []byte(exampleManifest)}})
	if err != nil {
		fmt.Println(err)
		return
	}
	var changes []*solution.Change
	for _, edit := range []func(m *solution.Manifest) (*solution.Manifest, error){
		func(m *solution.Manifest) (*solution.Manifest, error) {
			return m.WithVersion(solution.Version{Major: 2}), nil
		},
		func(m *solution.Manifest) (*solution.Manifest, error) {
			return m.WithRootComponent(solution.NewRootComponent(solution.TypeRole, "", solution.GUID{15: 7}))
		},
	} {
		c, err := solution.EditManifest(parts, edit)
		if err != nil {
			fmt.Println(err)
			return
		}
		changes = append(changes, c)
	}
	both, err := solution.JoinChanges(changes...)
	if err != nil {
		fmt.Println(err)
		return
	}
	for part := range both.Parts() {
		for _, s := range part.Splices {
			fmt.Printf("%s at %d: %q\n", part.Name, s.Start, s.Text)
		}
	}
	// Output:
	// solution.xml at 139: "2.0.0.0"
	// solution.xml at 471: "\n      <RootComponent type=\"20\" id=\"{00000000-0000-0000-0000-000000000007}\" behavior=\"0\" />"
}

// Bytes that no splice touches are those of the source, in whatever order parts are read.
func TestChangedPartsConcurrently(t *testing.T) {
	p := sample(t)
	out := apply(t, change(t, p, func(e *solution.Editor) {
		e.Splice("a.txt", 2, 4, "x")
		e.Replace("dir/b.txt", bytes.Repeat([]byte("b\n"), 100))
	}), p)
	want := everything(t, out)
	done := make(chan map[string]string)
	for range 4 {
		go func() {
			got := map[string]string{}
			for _, name := range out.Names() {
				src, err := out.ReadPart(name)
				got[name] = string(src)
				if err != nil || out.Locate(name, 3).File == "" {
					got[name] = fmt.Sprint(err)
				}
			}
			done <- got
		}()
	}
	for range 4 {
		if diff := cmp.Diff(want, <-done); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}
