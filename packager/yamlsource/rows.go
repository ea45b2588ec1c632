package yamlsource

import (
	"io"
	"path"
	"strings"

	"github.com/solutionkit/solutionkit/internal/lazyregexp"
	"github.com/solutionkit/solutionkit/solution"
)

// row takes a folder <set>/<key> into the package as it is, if it is a row of a table that is aware of solutions, and reports whether
// it is. A component of another kind is refused.
func (l *loader) row(set, dir string) (bool, error) {
	var leaf *sourceFile
	for _, f := range l.below(dir) {
		name, ok, err := l.looksLikeComponent(set, &f)
		switch {
		case err != nil:
			return false, err
		case !ok:
			continue
		case fold(path.Dir(f.path)) != fold(dir) || !l.isRow(set, name, &f):
			return false, l.unknown(name, &f)
		case leaf != nil:
			return false, errorf(l.base+f.path, "%w: it and %s are of one component", errFormat, path.Base(leaf.path))
		}
		leaf = l.file(f.path)
	}
	if leaf == nil {
		if l.members.of(dir) == mine {
			return false, l.unknown(set, &l.below(dir)[0])
		}
		return false, nil
	}
	switch l.members.of(dir) {
	case others:
		l.use(dir)
		return true, nil
	case nobody:
		l.notListed(leaf.path, dir)
	}
	return true, l.addRow(dir, leaf)
}

// addRow adds the files of a row.
func (l *loader) addRow(dir string, leaf *sourceFile) error {
	for _, f := range l.below(dir) {
		p := &part{name: f.path, file: l.file(f.path)}
		l.used[f.key] = true
		if f.key == leaf.key && !strings.EqualFold(path.Ext(f.path), ".xml") {
			var err error
			if p, err = l.rowFile(leaf); err != nil {
				return err
			}
		}
		if err := l.parts.add(p, f.path); err != nil {
			return err
		}
	}
	return nil
}

// rowFile makes the XML of a row as zips have it: without a declaration, lines ended by CRLF.
func (l *loader) rowFile(f *sourceFile) (*part, error) {
	e, err := l.source.element(f)
	if err != nil {
		return nil, err
	}
	declare(e)
	w := &writer{newline: "\r\n"}
	w.element(e, 0, true)
	return &part{name: strings.TrimSuffix(f.path, path.Ext(f.path)) + ".xml", data: w.out, record: w.record}, nil
}

// isRow reports whether a component is a row: its element is in small letters, as names of tables are, and of no section.
func (l *loader) isRow(set, element string, f *sourceFile) bool {
	base := strings.TrimSuffix(path.Base(f.path), path.Ext(f.path))
	return element == strings.ToLower(element) && strings.EqualFold(base, element) && !isSection(set) && !isSectionElement(element)
}

// isSectionElement reports whether an element is that of a component in customizations.xml.
func isSectionElement(name string) bool {
	for info := range solution.ComponentTypes() {
		for _, section := range strings.Fields(info.Section) {
			if strings.EqualFold(path.Base(section), name) {
				return true
			}
		}
	}
	return false
}

// looksLikeComponent returns the root element of a file of an unknown folder if it may be the file of a component: one that has the
// name of its root element, or is called as a component of customizations.xml is, or is listed.
func (l *loader) looksLikeComponent(set string, f *sourceFile) (element string, ok bool, err error) {
	ext := strings.ToLower(path.Ext(f.path))
	if ext != ".yml" && ext != ".xml" {
		return "", false, nil
	}
	element, err = l.rootName(f, ext)
	if err != nil {
		return "", false, err
	}
	base := path.Base(f.path)
	base = base[:len(base)-len(ext)]
	depth := strings.Count(f.path, "/")
	switch {
	case l.members.of(f.path) == mine:
		return firstOf(element, base), true, nil
	case element == "":
		return "", false, nil
	case isSection(set):
		return element, strings.EqualFold(element, base) || isSectionElement(element), nil
	case ext == ".yml" && depth <= 2 && isSectionElement(element):
		return element, true, nil
	}
	return element, depth == 2 && strings.EqualFold(element, base), nil
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

var (
	firstKey = lazyregexp.New(`^(?:\x{FEFF})?(?:(?:#[^\n]*|---[ \t]*|[ \t]*)\r?\n)*["']?([A-Za-z_][\w.-]*)["']?[ \t]*:(?:\s|$)`)
	firstTag = lazyregexp.New(`^(?:\x{FEFF})?\s*(?:<[?!][^>]*>\s*)*<([A-Za-z_][\w.-]*)`)
)

// rootName returns the name of the root element of a YAML or XML file by how it begins, empty if that can't be told.
func (l *loader) rootName(f *sourceFile, ext string) (string, error) {
	file, err := l.fsys.Open(l.base + f.path)
	if err != nil {
		return "", errorf(l.base+f.path, "%w", err)
	}
	defer file.Close()
	head := make([]byte, 4096)
	n, err := io.ReadFull(file, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return "", errorf(l.base+f.path, "%w", err)
	}
	form := firstKey
	if ext == ".xml" {
		form = firstTag
	}
	if m := form.FindSubmatch(head[:n]); m != nil {
		return string(m[1]), nil
	}
	return "", nil
}
