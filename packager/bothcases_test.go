package packager

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/solution"
)

// A txtar case under testdata/both shows what becomes of two packages. Its sections:
//
//   - unmanaged/NAME and managed/NAME: entries of the packages; solution.xml is made up where it is absent.
//   - roots/unmanaged and roots/managed: its root components, see [packageCase].
//   - edit/PATH: a file that somebody writes into the tree, or "(gone)". Then the packages need not come back.
//   - tree/PATH: the wanted tree, complete but for Other/Solution.xml, before it is edited.
//   - packed/KIND/NAME: the wanted entries of the packages, if it is edited.
//   - findings: what UnpackBoth and Pack saw; error: the error of UnpackBoth.
func TestBothCases(t *testing.T) {
	isInput := func(name string) bool {
		dir, _, _ := strings.Cut(name, "/")
		return slices.Contains([]string{"unmanaged", "managed", "roots", "edit"}, dir)
	}
	golden.Run(t, "testdata/both/*.txtar", func(t *testing.T, c *golden.Case) {
		c.Hold(t, func(name string) bool { return !isInput(name) }, runBothCase(t, c.Archive))
	})
}

func runBothCase(t *testing.T, archive *txtar.Archive) map[string]string {
	entries := map[string][]zipEntry{}
	roots := map[string][]string{}
	edits := map[string]string{}
	for _, f := range archive.Files {
		dir, name, _ := strings.Cut(f.Name, "/")
		switch dir {
		case "roots":
			roots[name] = strings.Split(strings.TrimSpace(string(f.Data)), "\n")
		case "edit":
			edits[name] = string(f.Data)
		default:
			entries[dir] = append(entries[dir], zipEntry{name, string(f.Data)})
		}
	}
	var halves [2][]byte
	for kind := range halves {
		name := solution.Kind(kind).String()
		halves[kind] = makeZip(t, completed(entries[name], kind == int(solution.Managed), true, roots[name]...)...)
	}
	got := map[string]string{}
	text := func(data []byte) string {
		s := strings.TrimPrefix(strings.TrimPrefix(string(data), string(byteOrderMark)), `<?xml version="1.0" encoding="utf-8"?>`)
		return strings.TrimSpace(s) + "\n"
	}
	tree, err := UnpackBoth(openBytes(t, halves[0]), openBytes(t, halves[1]), nil)
	if err != nil {
		return map[string]string{"error": err.Error() + "\n"}
	}
	files := treeFiles(t, tree)
	for name, data := range files {
		if name != otherSolution {
			got["tree/"+name] = text(data)
		}
	}
	var findings strings.Builder
	for _, d := range tree.Diagnostics() {
		fmt.Fprintf(&findings, "unpack: %v\n", d)
	}
	if len(edits) == 0 {
		checkHalves(t, tree, halves)
	}
	for name, data := range edits {
		if strings.TrimSpace(data) == "(gone)" {
			delete(files, name)
			continue
		}
		files[name] = []byte(data)
	}
	edited := loadMap(t, files)
	for _, kind := range edited.kinds() {
		var buf bytes.Buffer
		found, err := Pack(&buf, edited, &PackOptions{Kind: &kind})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range found {
			fmt.Fprintf(&findings, "pack %s: %v\n", kind, d)
		}
		if len(edits) == 0 {
			continue
		}
		for name, data := range zipEntries(t, buf.Bytes()) {
			if name != typesPart {
				got["packed/"+kind.String()+"/"+name] = text(data)
			}
		}
	}
	got["findings"] = findings.String()
	return got
}
