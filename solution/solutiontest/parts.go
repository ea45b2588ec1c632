package solutiontest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// maxDepth leaves room for the elements around one, so that what is read here is read in its section.
const maxDepth = 256

// buildXML adds an element to a section of customizations.xml.
func buildXML(b *builder, l *line) error {
	name, src := l.word(0), strings.TrimSpace(l.word(1))
	switch {
	case !slices.Contains(solution.SectionNames(), name):
		return fmt.Errorf("%q is no section of customizations.xml that is written: write one of %s", name, strings.Join(solution.SectionNames(), ", "))
	case name == "Entities":
		return errors.New("tables have lines of their own: write entity TABLE")
	case name == "Languages":
		return errors.New("section Languages is written already, with the language 1033: leave the line out")
	}
	doc, err := xmlspan.ParseElement([]byte(src), 1, &xmlspan.Limits{Depth: maxDepth})
	if err != nil {
		return fmt.Errorf("text of xml: %w", err)
	}
	if root := doc.Nodes[doc.Root()]; int(root.Start) != 0 || int(root.End) != len(src) {
		return errors.New("text of xml is more than one element: write a line for each")
	}
	if _, err := xmlspan.Parse([]byte(`<x xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`+src+"</x>"), 0, nil); err != nil {
		return fmt.Errorf("text of xml: %w", err)
	}
	s := b.section(name)
	if len(s.out) > 0 {
		s.out = append(s.out, '\n')
	}
	s.out = append(append(s.out, "    "...), src...)
	return nil
}

// buildFile adds any part, also in place of one that other lines make. A zip has no folder Other: that one
// makes it a tree.
func buildFile(b *builder, l *line) error {
	name := l.word(0)
	folder, _, nested := strings.Cut(name, "/")
	switch {
	case strings.EqualFold(folder, "Other"):
		return fmt.Errorf("part %s: only trees have the folder Other", name)
	case nested && slices.ContainsFunc(firstParts[:], func(p string) bool { return strings.EqualFold(p, folder) }):
		return fmt.Errorf("part %s: %s is not a folder", name, folder)
	}
	return b.part(l, name, []byte(l.word(1)))
}

func buildWithout(b *builder, l *line) error {
	b.left = append(b.left, l)
	return nil
}
