package solutiontest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// buildXML adds an element to a section of customizations.xml.
func buildXML(b *builder, l *line) error {
	name := l.word(0)
	switch {
	case !slices.Contains(solution.SectionNames(), name):
		return fmt.Errorf("%q is no section of customizations.xml that is written: write one of %s", name, strings.Join(solution.SectionNames(), ", "))
	case name == "Entities":
		return errors.New("tables have lines of their own: write entity TABLE")
	case name == "Languages":
		return errors.New("section Languages is written already, with the language 1033: leave the line out")
	}
	b.made.Element(name, l.word(1))
	return nil
}

// buildFile adds any part, also in place of one that every solution has. A zip has no folder Other: that one
// makes it a tree.
func buildFile(b *builder, l *line) error {
	name := l.word(0)
	folder, _, nested := strings.Cut(name, "/")
	switch {
	case strings.EqualFold(folder, "Other"):
		return fmt.Errorf("part %s: only trees have the folder Other", name)
	case nested && isFirst(folder):
		return fmt.Errorf("part %s: %s is not a folder", name, folder)
	}
	return b.file(l, name, []byte(l.word(1)))
}

// isFirst reports whether every zip has the part.
func isFirst(name string) bool {
	return slices.ContainsFunc(firstParts[:], func(p string) bool { return strings.EqualFold(p, name) })
}

func buildWithout(b *builder, l *line) error {
	b.left = append(b.left, l)
	return nil
}
