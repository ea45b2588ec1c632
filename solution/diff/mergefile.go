package diff

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/model"
)

// MergeFile merges one file of a solution or of its source tree, as version control asks for it: XML by its elements, JSON by its
// members, text by its lines. name says by its ending what the file is. The result is ours with what theirs changed since base;
// where both changed something in different ways ours stays, and that is a [Conflict]. Its places are in name.
//
// The error is a file that cannot be read as what its name says, a [*solution.SyntaxError], and of files that are neither XML, JSON nor
// text, which cannot be merged.
func MergeFile(name string, base, ours, theirs []byte) ([]byte, []Conflict, diag.List, error) {
	src := [3][]byte{base, ours, theirs}
	switch {
	case bytes.Equal(ours, theirs) || bytes.Equal(base, theirs):
		return ours, nil, nil, nil
	case bytes.Equal(base, ours):
		return theirs, nil, nil, nil
	}
	part := path.Base(strings.ReplaceAll(name, `\`, "/"))
	if part == "." || part == "/" {
		part = "file"
	}
	m := &merger{out: &Merged{}, edits: map[string][]edit{}, sections: map[string]bool{}, inserted: map[model.Element]bool{}, filled: map[model.Element]bool{},
		anchors: map[model.Element]map[model.Element]model.Element{}}
	for i, side := range []**model.Model{&m.base, &m.ours, &m.theirs} {
		parts, err := solution.PartsOf(memfs.New(map[string][]byte{"file/" + part: src[i]})) // in a folder, so that it is no manifest
		if err != nil {
			return nil, nil, nil, err
		}
		if *side, err = model.Read(parts); err != nil {
			return nil, nil, nil, fmt.Errorf("merge: %w", err)
		}
	}
	out, err := m.oneFile("file/"+part, src)
	if syntax := (*solution.SyntaxError)(nil); errors.As(err, &syntax) {
		return nil, nil, nil, &solution.SyntaxError{File: name, Pos: syntax.Pos, Err: syntax.Err}
	}
	if err != nil {
		return nil, nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	for i := range m.out.Conflicts {
		c := &m.out.Conflicts[i]
		for _, at := range []*diag.Location{&c.BaseAt, &c.OursAt, &c.TheirsAt} {
			if at.File != "" {
				at.File = name
			}
		}
	}
	for i := range m.out.Notes {
		m.out.Notes[i].Location.File = name
	}
	return out, m.out.Conflicts, m.out.Notes, nil
}

func (m *merger) oneFile(part string, src [3][]byte) ([]byte, error) {
	names := [3]string{part, part, part}
	switch strings.ToLower(path.Ext(part)) {
	case ".json":
		m.begin(solution.NameKey(TypeFile, "", path.Base(part)))
		return m.jsonFile(names, src)
	case ".xml", ".xaml", ".resx":
		roots, err := m.documents(names)
		if err != nil {
			return nil, err
		}
		m.begin(solution.NameKey(typeOfRoot(roots[1]), "", path.Base(part)))
		m.element(roots[0], roots[1], roots[2])
		return apply(src[1], m.edits[part], 0), nil
	}
	m.begin(solution.NameKey(TypeFile, "", path.Base(part)))
	for _, text := range src {
		if !isText(text) {
			return nil, fmt.Errorf("neither XML, JSON nor text: choose a side")
		}
	}
	if out, ok := mergeLines(src[0], src[1], src[2]); ok {
		return out, nil
	}
	at := diag.Location{File: part}
	m.conflict(bothChanged, "", size(src[0]), size(src[1]), size(src[2]), at, at, at)
	return src[1], nil
}

// typeOfRoot returns the type of the component that a file with that root is, by which its elements are matched.
func typeOfRoot(root model.Element) solution.ComponentType {
	if root.Child("SolutionManifest").Exists() {
		return TypeSolution
	}
	for info := range solution.ComponentTypes() {
		for section := range strings.FieldsSeq(info.Section) {
			if path.Base(section) == root.Tag() {
				return info.Type
			}
		}
	}
	return TypeFile
}
