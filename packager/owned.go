package packager

import (
	"path"
	"slices"
	"strings"
)

// Owned returns the files of t that belong to its solution, sorted: those of which Pack makes a package, of either kind if t is
// of both, those that only lack the empty element in their place, and what is kept for it in Other. All others belong to whoever keeps the tree, also those that only a line of
// Other/unclaimed.txt makes a part of the package. XML that can't be read is an error.
func (t *Tree) Owned() ([]string, error) {
	owned := map[string]bool{}
	for _, kind := range t.kinds() {
		p, err := assemble(t, &PackOptions{Kind: &kind})
		if err != nil {
			return nil, err
		}
		for _, f := range t.sys.files {
			if at(p.told, f.path) || at(p.consumed, f.path) && !at(p.listed, f.path) || strings.EqualFold(topFolder(f.path), "Other") {
				owned[f.path] = true
			}
		}
	}
	out := make([]string, 0, len(owned))
	for name := range owned {
		out = append(out, name)
	}
	slices.Sort(out)
	return out, nil
}

// isComponentFolder reports whether a folder in the root of a tree, which belongs to no section, holds components: it is
// known, or a file in it has the form that those of newer kinds have, folder/NAME/kind.xml with the root element kind.
func (p *packing) isComponentFolder(dir *folder) bool {
	if rawLayoutOf(dir.path) != nil {
		return true
	}
	for _, name := range dir.breadthFirst() {
		if !isXML(name) {
			continue
		}
		data, err := at(p.files, name).read()
		if err != nil {
			continue // it is told where it is packed
		}
		doc, err := parseXML(data, name, 0, p.tree.limits)
		if err == nil && strings.EqualFold(doc.Name(doc.Root())+plainXML, path.Base(name)) {
			return true
		}
	}
	return false
}
