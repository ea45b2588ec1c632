package packager

import (
	"bytes"
	"io/fs"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// WithManifest returns t with m as its Other/Solution.xml, written in the dialect of the reference tool
// with LF newlines.
func (t *Tree) WithManifest(m *solution.Manifest) (*Tree, error) {
	doc, err := parseXML(m.Bytes(), otherSolution, 1, t.limits)
	if err != nil {
		return nil, err
	}
	f := xmlspan.Format{Newline: "\n"}
	name := otherSolution
	if have := t.findFold(otherSolution); have != nil {
		name = have.path
	}
	out := t.withFile(memoryFile(name, f.AppendDocument(nil, doc, true)))
	out.manifest = m
	return out, nil
}

// WithFiles returns t with the files of add, which replace files of the same path whatever their letter
// case. Where a file belongs to a component kind whose section Other/Customizations.xml lacks, the
// section is added to it, before connectionreferences or Languages. The manifest stays as it is: a
// component that must be a root component needs [Tree.WithManifest] too.
//
// Files in Other and in the root of add, and paths that can't be in a tree on every system, are
// errors. The files are read at once.
func (t *Tree) WithFiles(add fs.FS) (*Tree, error) {
	var files []*file
	sections := map[string]bool{}
	err := fs.WalkDir(add, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		top := topFolder(p)
		switch reason := unwritable(p); {
		case reason != "":
			return errorf("edit", p, "%w: the path %s", ErrInsecurePath, reason)
		case top == p || strings.EqualFold(top, "Other"):
			return errorf("edit", p, "only files in component folders can be added")
		}
		data, err := fs.ReadFile(add, p)
		if err != nil {
			return &Error{Op: "edit", Path: p, Err: err}
		}
		for i := range layouts {
			if layouts[i].folder == top {
				sections[layouts[i].section] = true
			}
		}
		files = append(files, memoryFile(p, data))
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := t.withFile(files...)
	for i := range layouts {
		if name := layouts[i].section; sections[name] {
			if out, err = out.withSection(name); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// withSection returns t with an empty section of that name in Other/Customizations.xml.
func (t *Tree) withSection(name string) (*Tree, error) {
	f := t.findFold(otherCustomizations)
	if f == nil {
		return nil, errorf("edit", otherCustomizations, "%w: the tree has no such file", ErrFormat)
	}
	data, err := f.read()
	if err != nil {
		return nil, &Error{Op: "edit", Path: f.path, Err: err}
	}
	doc, err := parseXML(data, f.path, 2, t.limits)
	if err != nil {
		return nil, err
	}
	src, root := doc.Src, doc.Root()
	if have := doc.Child(root, name); have != xmlspan.None {
		if doc.Nodes[have].Kind != xmlspan.EmptyTag && len(bytes.TrimSpace(doc.Inner(have))) > 0 {
			return nil, errorf("edit", f.path, "section %s has content in this file: move it to files first", name)
		}
		return t, nil
	}
	newline := "\n"
	if bytes.Contains(src, []byte("\r\n")) {
		newline = "\r\n"
	}
	at, text := doc.Nodes[root].CloseStart, "  <"+name+" />"+newline
	for _, before := range []string{"connectionreferences", "Languages"} {
		if n := doc.Child(root, before); n != xmlspan.None {
			at, text = doc.Nodes[n].Start, "<"+name+" />"+newline+"  "
			break
		}
	}
	if doc.Nodes[root].Kind == xmlspan.EmptyTag {
		return nil, errorf("edit", f.path, "%w: the root element is empty", ErrFormat)
	}
	edited := slices.Concat([]byte("\xef\xbb\xbf"), src[:at], []byte(text), src[at:])
	return t.withFile(memoryFile(f.path, edited)), nil
}
