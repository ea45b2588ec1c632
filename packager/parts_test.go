package packager

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// eachZip runs a test for the zips of all cases, and for those of the corpus where it is.
func eachZip(t *testing.T, test func(t *testing.T, data []byte)) {
	for name, data := range caseZips(t) {
		t.Run(name, func(t *testing.T) { test(t, data) })
	}
	for i, s := range corpus.AnySolutions(t) {
		if i%6 == 0 && (!testing.Short() || i%20 == 0) {
			t.Run("Corpus/"+s.ID(), func(t *testing.T) { test(t, s.Zip(t)) })
		}
	}
}

// The parts of a tree are those of its zip.
func TestPartsOfTree(t *testing.T) {
	eachZip(t, func(t *testing.T, data []byte) {
		pkg := openBytes(t, data)
		tree := unpackBytes(t, data)
		parts, err := tree.Parts()
		if err != nil {
			t.Fatal(err)
		}
		want := slices.DeleteFunc(pkg.Names(), func(name string) bool { return name == typesPart || pkg.find(name).part != name })
		got := slices.DeleteFunc(parts.Names(), func(name string) bool { return name == typesPart })
		if !pkg.alike {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("names (-zip +tree)\n%s", diff)
			}
		}
		for _, name := range got {
			if fold(name) == fold(customizationsPart) || fold(name) == fold(solutionPart) {
				continue
			}
			a, err := pkg.ReadPart(name)
			if err != nil {
				t.Fatal(err)
			}
			b, err := parts.ReadPart(name)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(a, b) && !pkg.alike {
				t.Errorf("%s differs", name)
			}
		}
		for _, name := range []string{customizationsPart, solutionPart} {
			checkPlaces(t, tree, parts, name)
		}
	})
}

// checkPlaces checks that each start tag of a joined part stands in the file where Locate says.
func checkPlaces(t *testing.T, tree *Tree, parts solution.Parts, name string) {
	t.Helper()
	src, err := parts.ReadPart(name)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	wrong := 0
	for s := xmlspan.NewScanner(src, nil); s.Next(); {
		if s.Kind != xmlspan.StartTag && s.Kind != xmlspan.EmptyTag {
			continue
		}
		at := parts.Locate(name, s.Start)
		raw, ok := files[at.File]
		if !ok {
			if raw, err = tree.ReadFile(at.File); err != nil {
				t.Fatalf("%s:%d is said to be in %q: %v", name, s.Start, at.File, err)
			}
			files[at.File] = raw
		}
		tag := "<" + string(s.Name.Of(src))
		if !bytes.HasPrefix(raw[at.Start.Offset:], []byte(tag)) {
			// The elements around the items of a table have no place but that of their placeholder.
			if slices.Contains([]string{"forms", "savedqueries", "FormXml", "SavedQueries", "Visualizations"}, tag[1:]) {
				continue
			}
			if wrong++; wrong < 5 {
				t.Errorf("%s:%d %s is said to be at %v, where %.40q is", name, s.Start, tag, at, raw[at.Start.Offset:])
			}
		}
	}
}

// randomChange makes a change of parts by chance.
func randomChange(t *testing.T, r *rand.Rand, parts solution.Parts) *solution.Change {
	t.Helper()
	src, err := parts.ReadPart(customizationsPart)
	if err != nil {
		t.Fatal(err)
	}
	e := solution.NewEditor(parts)
	d := mustParse(t, src, 60)
	nodes := elementsOf(d)
	used := map[int]bool{}
	for range min(1+r.IntN(4), len(nodes)-1) {
		i := 1 + r.IntN(len(nodes)-1)
		n := &d.Nodes[nodes[i]]
		if overlaps(d, used, nodes, i) {
			continue
		}
		used[i] = true
		switch op := r.IntN(4); {
		case op == 0:
			e.Splice(customizationsPart, int(n.Start), int(n.End), "")
		case op == 1 && n.Kind == xmlspan.StartTag && n.Depth > 1:
			e.Splice(customizationsPart, int(n.OpenEnd), int(n.OpenEnd), fmt.Sprintf("<added n=\"%d\">x</added>", r.IntN(100)))
		case op == 2:
			e.Splice(customizationsPart, int(n.End), int(n.End), fmt.Sprintf("<added n=\"%d\">x</added>", r.IntN(100)))
		default:
			e.Splice(customizationsPart, int(d.NameSpan(nodes[i]).End), int(d.NameSpan(nodes[i]).End), fmt.Sprintf(" added=\"%d\"", r.IntN(100)))
		}
	}
	if r.IntN(2) == 0 {
		e.Add("bots/added/bot.xml", []byte("<bot schemaname=\"added\"/>"))
	}
	var files []string
	for _, name := range parts.Names() {
		if strings.Contains(name, "/") {
			files = append(files, name)
		}
	}
	if len(files) > 0 {
		switch name := files[r.IntN(len(files))]; r.IntN(3) {
		case 0:
			e.Replace(name, []byte("{}"))
		case 1:
			e.Splice(name, 0, 0, " ")
		case 2:
			e.Remove(name)
		}
	}
	c, err := e.Change()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func mustParse(t *testing.T, src []byte, depth int) *xmlspan.Document {
	t.Helper()
	d, err := xmlspan.Parse(src, depth, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func elementsOf(d *xmlspan.Document) (list []int32) {
	for i := range d.Nodes {
		if d.Nodes[i].IsElement() {
			list = append(list, int32(i))
		}
	}
	return list
}

// overlaps reports whether node i is in or around one of used.
func overlaps(d *xmlspan.Document, used map[int]bool, nodes []int32, i int) bool {
	n := &d.Nodes[nodes[i]]
	for j := range used {
		if m := &d.Nodes[nodes[j]]; m.Start <= n.End && n.Start <= m.End {
			return true
		}
	}
	return false
}

// A change of a zip and the same change of its tree give one solution.
func TestRewriteAndWith(t *testing.T) {
	t.Parallel()
	eachZip(t, func(t *testing.T, data []byte) {
		tree := unpackBytes(t, data)
		parts, err := tree.Parts()
		if err != nil {
			t.Fatal(err)
		}
		packed := packBytes(t, tree, nil)
		pkg := openBytes(t, packed)
		if pkg.alike {
			t.Skip("names that differ in letter case only can't be changed")
		}
		r := rand.New(rand.NewPCG(1, uint64(len(data))))
		for round := range 4 {
			change := randomChange(t, r, parts)
			var buf bytes.Buffer
			if err := Rewrite(&buf, pkg, change); err != nil {
				t.Fatal(err)
			}
			sameRaw(t, packed, buf.Bytes(), change)
			changed := openBytes(t, buf.Bytes())
			want, wantErr := changed.Digest()
			edited, err := tree.With(change)
			if err != nil {
				t.Fatal(err)
			}
			got, err := edited.Digest()
			if (err != nil) != (wantErr != nil) {
				t.Errorf("round %d: tree %v, zip %v\n%s", round, err, wantErr, describe(change))
			}
			if err == nil && got != want {
				t.Errorf("round %d: tree %s, zip %s\n%s", round, got, want, describe(change))
				wantTree, err := Unpack(changed, nil)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(treeFiles(t, wantTree), treeFiles(t, edited), showBytes); len(diff) < 6000 {
					t.Errorf("(-zip +tree)\n%s", diff)
				}
				return
			}
			untouched(t, tree, edited, change)
		}
	})
}

// sameRaw checks that entries which a change does not touch keep their compressed bytes and their order.
func sameRaw(t *testing.T, before, after []byte, c *solution.Change) {
	t.Helper()
	touched := map[string]bool{typesPart: true}
	for x := range c.Parts() {
		touched[fold(x.Name)] = true
	}
	raw := func(data []byte) (list []string) {
		zr, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range zr.File {
			if part, _ := partName(f.Name); touched[fold(part)] || f.Name == typesPart {
				continue
			}
			r, err := f.OpenRaw()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, f.Name+" "+sum(text))
		}
		return list
	}
	if diff := cmp.Diff(raw(before), raw(after)); diff != "" {
		t.Errorf("entries that no change touches (-before +after)\n%s", diff)
	}
}

// untouched checks that With left files alone that have nothing to do with a change: all but those of a tenth.
func untouched(t *testing.T, before, after *Tree, c *solution.Change) {
	t.Helper()
	a, b := treeFiles(t, before), treeFiles(t, after)
	changed := 0
	for name := range a {
		if !bytes.Equal(a[name], b[name]) {
			changed++
		}
	}
	// Each splice and part touches its file, the list in Other, and what stood in a component that went.
	splices := 0
	for x := range c.Parts() {
		splices += 1 + len(x.Splices)
	}
	if len(a) > 200 && changed > len(a)/2 && splices < 3 {
		t.Errorf("%d of %d files changed", changed, len(a))
	}
}

func describe(c *solution.Change) string {
	var b strings.Builder
	for x := range c.Parts() {
		fmt.Fprintf(&b, "%s %s %d bytes\n", x.Op, x.Name, len(x.Data))
		for _, s := range x.Splices {
			fmt.Fprintf(&b, "  [%d,%d) %.60q\n", s.Start, s.End, s.Text)
		}
	}
	return b.String()
}

func TestPartsAreAFileSystem(t *testing.T) {
	tree := unpackBytes(t, caseZips(t)["testdata/layout/custom-control"])
	parts, err := tree.Parts()
	if err != nil {
		t.Fatal(err)
	}
	if err := fstest.TestFS(parts, "customizations.xml", "solution.xml", "[Content_Types].xml", "Controls/cts_Contoso.Two/ControlManifest.xml"); err != nil {
		t.Error(err)
	}
}
