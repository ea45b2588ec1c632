package packager

import (
	"bytes"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// Without the empty element in the place of files, these are told of, whatever their kind, and the fix brings them back.
func TestPlaceholders(t *testing.T) {
	seen := map[string]bool{}
	for name, data := range caseZips(t) {
		if !strings.HasPrefix(name, "testdata/layout/") {
			continue // it is about something else
		}
		tree := unpackBytes(t, data)
		files := treeFiles(t, tree)
		before, list := packedSections(t, files)
		if list.Max() == diag.Error {
			continue // it has faults of its own
		}
		for file := range files {
			if file != otherCustomizations && (path.Base(file) != entityFile || topFolder(file) != "Entities") {
				continue
			}
			for name, without := range withoutEach(t, files[file]) {
				if file != otherCustomizations && !hasFilesOf(files, path.Dir(file), name) {
					continue
				}
				changed := maps.Clone(files)
				changed[file] = without
				after, list := packedSections(t, changed)
				if cmp.Equal(before, after) || !strings.Contains(string(files[file]), "<"+name+" />") || file == otherCustomizations && isEmptyElement(before[name]) {
					continue
				}
				seen[name] = true
				told := false
				for _, d := range list {
					told = told || d.Severity >= diag.Warning && strings.Contains(d.Message, "no <"+name+" />") && len(d.Fixes) == 1
				}
				if !told {
					t.Errorf("%s without %s: no finding with a fix among\n%v", file, name, list)
					continue
				}
				list = slices.DeleteFunc(list, func(d diag.Diagnostic) bool {
					return !strings.Contains(d.Message, "there is no") && d.Rule != ruleUnownedFile.ID
				})
				maps.Copy(changed, fixed(t, changed, list))
				if after, _ := packedSections(t, changed); !cmp.Equal(before, after) {
					t.Errorf("%s without %s, fixed: %s", file, name, cmp.Diff(before, after))
				}
			}
		}
	}
	want := []string{"SLAs", ribbonChild}
	for _, row := range layouts {
		if _, inline := row.split.(stays); !inline {
			want = append(want, row.section)
		}
	}
	for _, q := range entityParts {
		want = append(want, q.child)
	}
	for _, name := range want {
		if !seen[name] {
			t.Errorf("no case has %s", name)
		}
	}
}

// hasFilesOf reports whether a table has files of a part, or of its ribbon.
func hasFilesOf(files map[string][]byte, dir, name string) bool {
	for file := range files {
		if strings.HasPrefix(file, dir+"/"+name+"/") || name == ribbonChild && file == dir+"/"+ribbonFile {
			return true
		}
	}
	return false
}

func isEmptyElement(src string) bool {
	return strings.HasSuffix(src, "/>") || strings.Contains(src, "></") && !strings.Contains(src, "\n")
}

// withoutEach returns an XML file without each of the empty children of its root, by their names.
func withoutEach(t *testing.T, src []byte) map[string][]byte {
	t.Helper()
	d, err := xmlspan.Parse(src, 2, nil)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for c := range d.Elements(d.Root()) {
		if n := &d.Nodes[c]; !hasChildren(d, c) {
			out[d.Name(c)] = slices.Concat(src[:n.Start], src[n.End:])
		}
	}
	return out
}

// packedSections packs a tree and returns its sections.
func packedSections(t *testing.T, files map[string][]byte) (map[string]string, diag.List) {
	t.Helper()
	var packed bytes.Buffer
	list, err := Pack(&packed, loadMap(t, files), nil)
	if err != nil {
		t.Fatal(err)
	}
	src := zipEntries(t, packed.Bytes())[customizationsPart]
	d, err := xmlspan.Parse(src, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for c := range d.Elements(d.Root()) {
		lines := strings.Split(string(d.Bytes(c)), "\n") // the order of what is in a table does not count
		slices.Sort(lines[1:])
		out[d.Name(c)] = strings.Join(lines, "\n")
	}
	return out, list
}

// Files that only lack the element in their place are the solution's: to take them out of the tree loses nothing of anybody else.
func TestOwnedWithoutPlaceholder(t *testing.T) {
	tree := loadMap(t, map[string][]byte{
		otherSolution:                  []byte(manifestXML(false)),
		otherCustomizations:            []byte("<ImportExportXml><Entities /></ImportExportXml>"),
		"Entities/cts_a/Entity.xml":    []byte("<Entity><Name>cts_a</Name></Entity>"),
		"Entities/cts_a/" + ribbonFile: []byte("<RibbonDiffXml />"),
		"Entities/readme.txt":          []byte("somebody's"),
		"Roles/Boss.xml":               []byte(`<Role name="Boss" />`),
	})
	owned, err := tree.Owned()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Entities/cts_a/Entity.xml", "Entities/cts_a/" + ribbonFile, otherCustomizations, otherSolution, "Roles/Boss.xml"}
	if diff := cmp.Diff(want, owned); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
