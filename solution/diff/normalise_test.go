package diff_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diff"
)

// TestNormalise holds that in the folder old of each case the files change that the folder want has, into those, and that no other
// does.
func TestNormalise(t *testing.T) {
	golden.Run(t, "testdata/normalise/*.txtar", func(t *testing.T, c *golden.Case) {
		old := partsOf(t, side(c, "old"))
		got, changed := normalised(t, old), map[string]string{}
		for _, part := range old.Names() {
			if was, is := readPart(t, old, part), readPart(t, got, part); !bytes.Equal(was, is) {
				changed["want/"+part] = string(is)
			}
		}
		c.Hold(t, func(name string) bool { return !strings.HasPrefix(name, "old/") }, changed)
	})
}

// normalised returns parts in their order, and holds that they say the same as before, in as many bytes, and are in order then.
func normalised(t *testing.T, p solution.Parts) solution.Parts {
	t.Helper()
	change, err := diff.Normalise(p)
	if err != nil {
		t.Fatal(err)
	}
	out, err := change.Apply(p)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(p.Names(), out.Names()); d != "" {
		t.Errorf("other parts (-before +after):\n%s", d)
	}
	for x := range change.Parts() {
		if x.Op != solution.SplicePart || numbers(readPart(t, p, x.Name)) != numbers(readPart(t, out, x.Name)) {
			t.Errorf("%s (%v) has other bytes, not the same ones in another order", x.Name, x.Op)
		}
	}
	if c := compare(t, p, out); len(c.Components) > 0 || len(c.Uniform) > 0 {
		var b bytes.Buffer
		c.WriteText(&b)
		c.WriteNoise(&b)
		t.Errorf("says something else now:\n%.3000s", b.String())
	}
	again, err := diff.Normalise(out)
	if err != nil {
		t.Fatal(err)
	}
	if !again.IsEmpty() {
		for x := range again.Parts() {
			t.Errorf("not in order: %s, %d splices", x.Name, len(x.Splices))
		}
	}
	return out
}

// numbers say how often each byte is in a text.
func numbers(text []byte) (n [256]int) {
	for _, b := range text {
		n[b]++
	}
	return n
}

func readPart(t testing.TB, p solution.Parts, name string) []byte {
	t.Helper()
	src, err := p.ReadPart(name)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// TestCorpusNormalise holds the laws for real solutions and for their trees, and that sets which were shuffled come into the same
// order. Components that two have a key of stay in their order, so their lists are left alone here too.
func TestCorpusNormalise(t *testing.T) {
	for i, s := range corpus.Sample(t, 10) {
		t.Run(s.Name, func(t *testing.T) {
			p := open(t, s)
			want := normalised(t, p)
			mixed := shuffled(t, want, uint64(i))
			change, err := diff.Normalise(mixed)
			if err != nil {
				t.Fatal(err)
			}
			other, err := change.Apply(mixed)
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range []string{solution.ManifestFile, solution.CustomizationsFile} {
				if !bytes.Equal(readPart(t, want, part), readPart(t, other, part)) {
					t.Errorf("%s is in another order if it was shuffled before", part)
				}
			}
			tree, err := packager.Unpack(p, nil)
			if err != nil {
				t.Skip(err)
			}
			normalisedTree(t, tree)
		})
	}
}

// normalisedTree holds that a tree that is put in order says the same, and has no file to be changed then.
func normalisedTree(t *testing.T, tree *packager.Tree) {
	t.Helper()
	before, err := tree.Parts()
	if err != nil {
		t.Fatal(err)
	}
	put := func(tree *packager.Tree) *packager.Tree {
		parts, err := tree.Parts()
		if err != nil {
			t.Fatal(err)
		}
		change, err := diff.Normalise(parts)
		if err != nil {
			t.Fatal(err)
		}
		out, err := tree.With(change)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	once := put(tree)
	after, err := once.Parts()
	if err != nil {
		t.Fatal(err)
	}
	if c := compare(t, before, after); len(c.Components) > 0 {
		var b bytes.Buffer
		c.WriteText(&b)
		t.Errorf("the tree says something else now:\n%.3000s", b.String())
	}
	twice := put(once)
	if d := cmp.Diff(once.Names(), twice.Names()); d != "" {
		t.Errorf("other files (-once +twice):\n%s", d)
	}
	for _, name := range once.Names() {
		a, errA := once.ReadFile(name)
		b, errB := twice.ReadFile(name)
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%s changes again (%v, %v)", name, errA, errB)
		}
	}
}

// shuffledLists are the elements that shuffled puts into another order, by their parents.
var shuffledLists = map[string]string{
	"RootComponents": "RootComponent", "MissingDependencies": "MissingDependency", "Workflows": "Workflow", "savedqueries": "savedquery",
	"forms": "systemform", "FormXml": "forms", "Visualizations": "visualization", "EntityRelationships": "EntityRelationship",
	"optionsets": "optionset", "WebResources": "WebResource", "AppModuleRoleMaps": "Role", "AppModuleComponents": "AppModuleComponent",
	"RolePrivileges": "RolePrivilege", "displaynames": "displayname", "Titles": "Title", "CanvasApps": "CanvasApp",
	"connectionreferences": "connectionreference", "LocalizedNames": "LocalizedName", "Entities": "Entity",
}

// shuffled returns parts with the elements of shuffledLists in an order of chance, moved as bytes.
func shuffled(t *testing.T, p solution.Parts, seed uint64) solution.Parts {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 7))
	editor := solution.NewEditor(p)
	fixed := twins(t, p)
	for _, part := range []string{solution.ManifestFile, solution.CustomizationsFile} {
		src := readPart(t, p, part)
		doc, err := xmlspan.Parse(src, 500, nil)
		if err != nil {
			t.Fatal(err)
		}
		var write func(dst []byte, i int32) []byte
		write = func(dst []byte, i int32) []byte {
			var all []int32
			blank := true
			for c := range doc.Children(i) {
				all = append(all, c)
				blank = blank && doc.Nodes[c].IsElement()
			}
			put := slices.Clone(all)
			tag := shuffledLists[doc.Name(i)]
			if blank && tag != "" && !slices.ContainsFunc(all, func(c int32) bool { return part == solution.CustomizationsFile && fixed.within(doc.Nodes[c]) }) {
				var at []int
				for k, c := range all {
					if doc.Is(c, tag) {
						at = append(at, k)
					}
				}
				random.Shuffle(len(at), func(a, b int) { put[at[a]], put[at[b]] = put[at[b]], put[at[a]] })
			}
			done := doc.Nodes[i].Start
			for k, c := range all {
				dst = append(dst, src[done:doc.Nodes[c].Start]...)
				if n := put[k]; doc.Nodes[n].IsElement() {
					dst = write(dst, n)
				} else {
					dst = append(dst, doc.Bytes(n)...)
				}
				done = doc.Nodes[c].End
			}
			return append(dst, src[done:doc.Nodes[i].End]...)
		}
		root := doc.Root()
		editor.Splice(part, int(doc.Nodes[root].Start), int(doc.Nodes[root].End), string(write(nil, root)))
	}
	change, err := editor.Change()
	if err != nil {
		t.Fatal(err)
	}
	out, err := change.Apply(p)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// spans are those of components that have a key together.
type spans []solution.Element

func twins(t *testing.T, p solution.Parts) spans {
	t.Helper()
	c, err := solution.ReadCustomizations(p)
	if err != nil {
		t.Fatal(err)
	}
	first := map[solution.Key]solution.Element{}
	var out spans
	for x := range c.Elements() {
		if y, ok := first[x.Key]; ok {
			out = append(out, y, x)
			continue
		}
		first[x.Key] = x
	}
	return out
}

func (s spans) within(n xmlspan.Node) bool {
	return slices.ContainsFunc(s, func(x solution.Element) bool { return int(n.Start) <= x.Start && x.End <= int(n.End) })
}

// FuzzNormalise holds the laws for any customizations.xml.
func FuzzNormalise(f *testing.F) {
	f.Add([]byte(`<ImportExportXml><Roles><Role id="{00000000-0000-4000-8000-000000000002}" name="b"/><Role id="{00000000-0000-4000-8000-000000000001}" name="a"/></Roles></ImportExportXml>`))
	f.Add([]byte(`<ImportExportXml><Entities><Entity><Name>b</Name><FormXml><forms type="b"/><forms type="a"/><forms type="a" x="1"/></FormXml></Entity><Entity><Name>a</Name></Entity></Entities></ImportExportXml>`))
	f.Add([]byte(`<ImportExportXml><optionsets><optionset Name="b"><displaynames><displayname languagecode="2"/><displayname languagecode="01"/></displaynames></optionset><optionset Name="a"/></optionsets></ImportExportXml>`))
	f.Add([]byte(`<ImportExportXml><Workflows><Workflow Name="b"/><!-- x --><Workflow Name="a"/></Workflows></ImportExportXml>`))
	f.Fuzz(func(t *testing.T, customizations []byte) {
		p := partsOf(t, fstest.MapFS{
			"solution.xml":       {Data: []byte(`<ImportExportXml><SolutionManifest><UniqueName>A</UniqueName><Version>1.0</Version></SolutionManifest></ImportExportXml>`)},
			"customizations.xml": {Data: customizations},
		})
		if _, err := diff.Normalise(p); err == nil {
			normalised(t, p)
		}
	})
}
