package packager

import (
	"slices"
	"strings"
	"testing"
)

// CaseZips are the zips of all cases, by name.
func CaseZips(t testing.TB) map[string][]byte { return caseZips(t) }

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
