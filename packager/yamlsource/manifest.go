package yamlsource

import (
	"path"

	"github.com/solutionkit/solutionkit/solution"
)

// manifest makes solution.xml.
func (l *loader) manifest() error {
	read := func(name, root string) (*element, error) {
		return l.source.root(l.file(path.Join(l.solution, name)), root)
	}
	e, err := read(solutionFile, "ImportExportXml")
	if err != nil {
		return err
	}
	l.root, l.language = e.at, e.attr("languagecode")
	m := e.child("SolutionManifest")
	if m == nil {
		return l.errorAt(e.at, "%w: there is no SolutionManifest", errFormat)
	}
	if err := l.publisher(m); err != nil {
		return err
	}
	for _, list := range []struct{ file, root string }{{"rootcomponents.yml", "RootComponents"}, {"missingdependencies.yml", "MissingDependencies"}} {
		if m.child(list.root) != nil {
			continue
		}
		if l.file(path.Join(l.solution, list.file)) == nil {
			if list.root == "RootComponents" {
				return errorf(l.base+path.Join(l.solution, list.file), "%w: it is not there, and says what the solution holds: restore it", errFormat)
			}
			m.children = append(m.children, &element{name: list.root, at: m.at, textAt: m.at})
			continue
		}
		x, err := read(list.file, list.root)
		if err != nil {
			return err
		}
		m.children = append(m.children, x)
	}
	declare(e)
	w := &writer{newline: "\n"}
	w.from(e.at)
	w.out = append(w.out, `<?xml version="1.0" encoding="utf-8"?>`...)
	w.indent(0)
	w.element(e, 0, true)
	return l.parts.add(&part{name: solution.ManifestFile, data: w.out, record: w.record}, l.solution)
}

// publisher puts the publisher, which has a file of its own, in the place of its name.
func (l *loader) publisher(m *element) error {
	i := m.index("Publisher")
	if i < 0 || m.children[i].childText("UniqueName") == "" {
		return l.errorAt(m.at, "%w: the solution names no publisher", errFormat)
	}
	named := m.children[i]
	file := path.Join(publishersFolder, named.childText("UniqueName"), "publisher.yml")
	f := l.file(file)
	if f == nil {
		return l.errorAt(named.child("UniqueName").textAt, "%w: the publisher's file %s is not there: restore it", errFormat, file)
	}
	p, err := l.source.root(f, "Publisher")
	if err == nil {
		m.children[i] = p
	}
	return err
}
