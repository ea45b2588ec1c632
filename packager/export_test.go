package packager

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// CaseZips are the zips of all cases, by name.
func CaseZips(t testing.TB) map[string][]byte { return caseZips(t) }

// BadZips are the zips that are wrong or odd, by name.
func BadZips(t testing.TB) map[string][]byte {
	out := map[string][]byte{}
	for _, c := range badZips(t) {
		out[c.name] = c.zip
	}
	return out
}

// BadTrees are the source trees that are wrong or odd, by name.
func BadTrees() map[string]fs.FS {
	out := map[string]fs.FS{}
	for _, c := range badTrees() {
		files := goodTree()
		if c.edit != nil {
			c.edit(files)
		}
		out[c.name] = files
	}
	return out
}

// CustomizedZip is a zip of a customizations.xml and what else it takes, beside more entries, each a name and its text.
func CustomizedZip(t testing.TB, customizations string, more ...[2]string) []byte {
	var entries []zipEntry
	for _, e := range more {
		entries = append(entries, zipEntry{e[0], e[1]})
	}
	return custom(t, customizations, entries...)
}

// GoodTree is a source tree with nothing wrong in it.
func GoodTree() fstest.MapFS { return goodTree() }

// HasNamesAlike reports whether names of parts differ in letter case only, so that readers may take either.
func (p *Package) HasNamesAlike() bool { return p.alike }

// LayoutRows are what the tables know: each needs a case that holds it. It is the path of an element in customizations.xml, or
// the folder of a part.
func LayoutRows() (elements [][]string, folders []string) {
	for _, row := range layouts {
		elements = append(elements, []string{row.section, "*"})
	}
	for _, q := range entityParts {
		path := []string{"Entities", "Entity", q.child, q.group, q.item}
		elements = append(elements, slices.DeleteFunc(path, func(name string) bool { return name == "" }))
	}
	elements = append(elements, []string{"Entities", "Entity", ribbonChild, "*"})
	for _, k := range templateKinds {
		elements = append(elements, []string{"Templates", k.child, "*"})
	}
	for _, row := range rawLayouts {
		folders = append(folders, strings.TrimSuffix(row.folder, "*"))
	}
	return elements, append(folders, "formulas")
}

// Sample makes a solution zip whose customizations.xml has about size bytes.
var Sample = sample
