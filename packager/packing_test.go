package packager

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A case under testdata/packing shows what is made of a tree that Unpack would not write: one of old tools, or edited by hand.
// Its comment says what the reference tool does with it and what this package does. Its sections:
//
//   - in/PATH: a file of the tree. Other/Solution.xml is made up where it is absent.
//   - roots: as in the cases of [TestCases].
//   - options: words of "managed", "both" (kinds), "as-managed" (it is packed as managed), "plain" (UnmanagedForMissingManaged), "localize",
//     "source=LOCALE".
//   - findings: what Pack saw, with the fixes.
//   - fixed/PATH: the files that the fixes change.
//   - entries: the names in the packed zip, in their order.
//   - pack/NAME: an entry of the packed zip. customizations.xml is always there.
//   - error: the error of Load or Pack.
func TestPackingCases(t *testing.T) {
	golden.Run(t, "testdata/packing/*.txtar", func(t *testing.T, c *golden.Case) {
		got := packCase(t, c.Archive)
		dropUnasked(c, got)
		c.Hold(t, isPackingOutput, got)
	})
}

func isPackingOutput(section string) bool {
	dir, _, _ := strings.Cut(section, "/")
	return slices.Contains([]string{"findings", "fixed", "entries", "pack", "error"}, dir)
}

func packCase(t *testing.T, archive *txtar.Archive) map[string]string {
	t.Helper()
	files, sections := map[string][]byte{}, map[string]string{}
	for _, f := range archive.Files {
		if name, ok := strings.CutPrefix(f.Name, "in/"); ok {
			files[name] = bytes.TrimSuffix(f.Data, []byte("\n"))
		} else if !isPackingOutput(f.Name) {
			sections[f.Name] = string(f.Data)
		}
	}
	options := strings.Fields(sections["options"])
	has := func(o string) bool { return slices.Contains(options, o) }
	if files[otherSolution] == nil {
		text := manifestXML(has("managed"), strings.Split(sections["roots"], "\n")...)
		if has("both") {
			text = strings.Replace(text, "<Managed>0<", "<Managed>2<", 1)
		}
		files[otherSolution] = []byte(text)
	}
	tree := loadMap(t, files)
	kind := *digestKind(tree.Manifest().Kind())
	if has("as-managed") {
		kind = solution.Managed
	}
	out := map[string]string{}
	var packed bytes.Buffer
	opts := &PackOptions{Kind: &kind, UnmanagedForMissingManaged: has("plain"), Localize: has("localize")}
	for _, o := range options {
		if value, ok := strings.CutPrefix(o, "source="); ok {
			opts.SourceLocale = value
		}
	}
	list, err := Pack(&packed, tree, opts)
	var findings strings.Builder
	for _, d := range list {
		fmt.Fprintln(&findings, d)
		for _, fix := range d.Fixes {
			fmt.Fprintf(&findings, "\tfix: %s\n", fix.Message)
		}
	}
	out["findings"] = findings.String()
	if !has("as-managed") && !opts.Localize && opts.SourceLocale == "" {
		checked, err := tree.Check()
		if err != nil {
			t.Fatal(err)
		}
		if tree.Manifest().Kind() == solution.Both { // the managed package is checked too
			found := map[string]bool{}
			for _, d := range list {
				found[d.String()] = true
			}
			checked = slices.DeleteFunc(checked, func(d diag.Diagnostic) bool { return !found[d.String()] })
		}
		if diff := cmp.Diff(list, checked); diff != "" {
			t.Errorf("Check does not find what Pack finds (-pack +check)\n%s", diff)
		}
	}
	for name, data := range fixed(t, files, list) {
		out["fixed/"+name] = string(data) + "\n"
	}
	if err != nil {
		out["error"] = err.Error() + "\n"
		return out
	}
	c := &packageCase{}
	zr, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range zr.File {
		out["entries"] += f.Name + "\n"
		out["pack/"+f.Name] = c.show(corpus.ReadEntry(t, f), "\n")
	}
	return out
}

// fixed returns the files that the fixes of findings change, all of them made.
func fixed(t *testing.T, files map[string][]byte, list diag.List) map[string][]byte {
	t.Helper()
	edits := map[string][]diag.Edit{}
	for _, d := range list {
		for _, fix := range d.Fixes {
			for _, e := range fix.Edits {
				edits[e.File] = append(edits[e.File], e)
			}
		}
	}
	out := map[string][]byte{}
	for name, edits := range edits {
		slices.SortStableFunc(edits, func(a, b diag.Edit) int { return a.Start - b.Start })
		var text []byte
		last := 0
		for _, e := range edits {
			text = append(append(text, files[name][last:e.Start]...), e.New...)
			last = e.End
		}
		out[name] = append(text, files[name][last:]...)
	}
	return out
}

// FuzzLoadPack packs any tree with two files: what is packed can be read again, and Check finds what Pack finds.
func FuzzLoadPack(f *testing.F) {
	for _, c := range golden.Cases(f, "testdata/packing/*.txtar") {
		custom, name, data := "", "Roles/a.xml", "<Role />"
		for _, file := range c.Files {
			switch in, ok := strings.CutPrefix(file.Name, "in/"); {
			case ok && in == otherCustomizations:
				custom = string(file.Data)
			case ok && len(custom)+len(file.Data) < 400:
				f.Add(custom, name, data, in, string(file.Data))
				name, data = in, string(file.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, custom, name, data, name2, data2 string) {
		fsys := fstest.MapFS{}
		for name, data := range map[string]string{
			name: data, name2: data2, otherCustomizations: custom,
			otherSolution: manifestXML(false, "20 {00000000-0000-0000-0000-000000000001}"),
		} {
			if fs.ValidPath(name) && len(name) < 200 {
				fsys[name] = &fstest.MapFile{Data: []byte(data)}
			}
		}
		tree, err := Load(fsys, fuzzLimits)
		if err != nil {
			return
		}
		var packed bytes.Buffer
		list, err := Pack(&packed, tree, &PackOptions{Kind: digestKind(tree.Manifest().Kind())})
		if err != nil {
			return
		}
		if checked, err := tree.Check(); err != nil || !cmp.Equal(list, checked) {
			t.Errorf("Check: %v\n(-pack +check)\n%s", err, cmp.Diff(list, checked))
		}
		pkg, err := Open(bytes.NewReader(packed.Bytes()), int64(packed.Len()), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Unpack(pkg, nil); err != nil {
			t.Errorf("Unpack: %v", err)
		}
	})
}
