package solutiontest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/build"
)

// A builder collects what the lines of a text ask package build for, and what that package does not make.
type builder struct {
	made     *build.Builder
	empty    *solution.Manifest // of a solution of that publisher
	partLine map[string]int     // by folded name: the line that made it
	claims   map[solution.Key]int
	roots    []solution.RootComponent
	rooted   map[solution.Key]int
	needs    []solution.Dependency
	manifest manifest
	given    []part // in place of those that every solution has

	sets       map[string]string // tables of the text, by folded name, to the names of their sets
	links      map[string]string // connection references of the text to their connector ids
	connectors map[solution.GUID]string
	customs    []*connector.Connector
	references []connref.Reference
	joined     *line   // the last one whose part is made at the end
	left       []*line // lines that leave out a part
}

// Parse reads a text in the language of the package comment and makes the package. The error is a [*SyntaxError].
func Parse(text string) (*Solution, error) {
	lines, err := readLines(text)
	if err != nil {
		return nil, err
	}
	for i, l := range lines {
		if first := l.use.keyword() == "solution"; first != (i == 0) {
			if first {
				return nil, &SyntaxError{l.number, fmt.Errorf("a second solution: it has begun on line %d", lines[0].number)}
			}
			return nil, &SyntaxError{l.number, errors.New("the first line is not a solution: write solution NAME VERSION")}
		}
	}
	if len(lines) == 0 {
		return nil, &SyntaxError{1, errors.New("an empty text: write solution NAME VERSION")}
	}
	b := &builder{partLine: map[string]int{}, claims: map[solution.Key]int{}, rooted: map[solution.Key]int{}, sets: map[string]string{},
		links: map[string]string{}, connectors: map[solution.GUID]string{}}
	for _, l := range lines {
		if err := b.head(l); err != nil {
			return nil, &SyntaxError{l.number, err}
		}
	}
	if err := b.begin(); err != nil {
		return nil, &SyntaxError{lines[0].number, err}
	}
	for _, step := range [...]func(*line) error{b.announce, b.bind, func(l *line) error { return l.use.build(b, l) }} {
		for _, l := range lines {
			err := step(l)
			if err == nil {
				err = b.made.Err()
			}
			if err != nil {
				return nil, &SyntaxError{l.number, err}
			}
		}
	}
	parts, err := b.finish()
	if err != nil {
		return nil, &SyntaxError{orLine(b.joined, lines[0]).number, err}
	}
	for _, l := range b.left {
		if parts, err = leaveOut(parts, l.word(0)); err != nil {
			return nil, &SyntaxError{l.number, err}
		}
	}
	return &Solution{parts: parts}, nil
}

func orLine(l, absent *line) *line {
	if l == nil {
		return absent
	}
	return l
}

// readLines splits a text into statements and checks each against its usage.
func readLines(text string) ([]*line, error) {
	var out []*line
	number := 0
	for text := range strings.SplitSeq(text, "\n") {
		number++
		text = strings.TrimSuffix(text, "\r")
		l, err := readLine(text)
		if err != nil {
			return nil, &SyntaxError{number, err}
		}
		if l != nil {
			l.number = number
			out = append(out, l)
		}
	}
	return out, nil
}

func readLine(text string) (*line, error) {
	if err := checkCharacters(text); err != nil {
		return nil, err
	}
	words, err := splitWords(text)
	if err != nil || len(words) == 0 {
		return nil, err
	}
	use := compiled()[words[0].text]
	if use == nil || words[0].key != "" {
		return nil, fmt.Errorf("no kind of line is called %q: see the package comment for all there are", words[0].text)
	}
	l := &line{use: use}
	for _, w := range words[1:] {
		if w.key != "" {
			l.attrs = append(l.attrs, w)
		} else {
			l.words = append(l.words, w)
		}
	}
	return l, use.check(l)
}

// announce notes what lines above this one may refer to.
func (b *builder) announce(l *line) error {
	switch l.use.keyword() {
	case "entity":
		return b.announceTable(l)
	case "connector":
		b.connectors[b.id(l, "id", "connector", l.word(0))] = l.word(0)
	}
	return nil
}

// claim refuses a second component of one key.
func (b *builder) claim(l *line, k solution.Key) error {
	if first, ok := b.claims[k]; ok {
		return fmt.Errorf("a second %v: it stands on line %d already", k, first)
	}
	b.claims[k] = l.number
	return nil
}

func nameKey(t solution.ComponentType, name string) solution.Key {
	return solution.NewKey(t, "", name, solution.GUID{})
}

// id returns the GUID of an attribute, or one that is made of the kind and name of the component.
func (b *builder) id(l *line, attr, kind, name string) solution.GUID {
	if text, ok := l.attr(attr); ok {
		return guidOf(text)
	}
	return derivedID(kind, name)
}

// derivedID returns the GUID of what has none in the text: the same for one kind and name, in all solutions.
func derivedID(kind, name string) solution.GUID {
	sum := sha256.Sum256([]byte(kind + " " + solution.Fold(name)))
	id := solution.GUID(sum[:16])
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return id
}

// root adds a root component. The lines say which there are, and not package build: some parts are none, others are of no component.
func (b *builder) root(l *line, rc solution.RootComponent) error {
	if first, ok := b.rooted[rc.Key]; ok {
		return fmt.Errorf("a second root component %v: it comes from line %d already", rc.Key, first)
	}
	b.rooted[rc.Key] = l.number
	if _, ok := rc.Key.Type().Code(); !ok {
		return fmt.Errorf("%s has no fixed number, so it cannot be a root component: remove the line", rc.Key.Type())
	}
	b.roots = append(b.roots, rc)
	return nil
}

// file adds a part of the zip.
func (b *builder) file(l *line, name string, data []byte) error {
	folded := solution.Fold(name)
	if first, ok := b.partLine[folded]; ok {
		return fmt.Errorf("a second part %s: it comes from line %d already", name, first)
	}
	b.partLine[folded] = l.number
	if isFirst(name) {
		b.given = append(b.given, part{name, data})
		return nil
	}
	b.made.File(name, data)
	return b.made.Err()
}

// firstParts are the parts that every zip begins with.
var firstParts = [...]string{solution.ContentTypesFile, solution.ManifestFile, solution.CustomizationsFile}

// finish makes the parts.
func (b *builder) finish() ([]part, error) {
	if len(b.customs) > 0 {
		b.made.Connectors(b.customs...)
	}
	if len(b.references) > 0 {
		b.made.ConnectionReference(b.references...)
	}
	made, err := b.made.Parts()
	if err != nil {
		return nil, err
	}
	change, err := solution.EditManifest(made, b.editManifest)
	if err != nil {
		return nil, err
	}
	if made, err = change.Apply(made); err != nil {
		return nil, err
	}
	var parts []part
	for _, name := range made.Names() {
		data, err := made.ReadPart(name)
		if err != nil {
			return nil, err
		}
		if name == solution.ManifestFile {
			data = b.writeExport(data)
		}
		if i := slices.IndexFunc(b.given, func(p part) bool { return strings.EqualFold(p.name, name) }); i >= 0 {
			name, data = b.given[i].name, b.given[i].data
		}
		parts = append(parts, part{name, data})
	}
	types := part{solution.ContentTypesFile, nil}
	if i := slices.IndexFunc(b.given, func(p part) bool { return strings.EqualFold(p.name, types.name) }); i >= 0 {
		types = b.given[i]
	} else {
		types.data = contentTypes(parts)
	}
	parts = append(parts, types)
	slices.SortStableFunc(parts, func(x, y part) int { return place(x.name) - place(y.name) })
	return parts, nil
}

// place orders the first parts before all others.
func place(name string) int {
	for i, first := range firstParts {
		if strings.EqualFold(first, name) {
			return i
		}
	}
	return len(firstParts)
}

// contentTypes lists the extensions of the parts, and by name those that have none.
func contentTypes(parts []part) []byte {
	e := element{out: []byte(header)}
	e.open("Types", "xmlns", "http://schemas.openxmlformats.org/package/2006/content-types")
	seen := map[string]bool{}
	for _, p := range parts {
		base := p.name[strings.LastIndexByte(p.name, '/')+1:]
		dot := strings.LastIndexByte(base, '.')
		if dot < 0 {
			e.empty("Override", "PartName", "/"+p.name, "ContentType", "application/octet-stream")
			continue
		}
		if ext := solution.Fold(base[dot+1:]); !seen[ext] {
			seen[ext] = true
			kind := "application/octet-stream"
			if ext == "xml" {
				kind = "text/xml"
			}
			e.empty("Default", "Extension", base[dot+1:], "ContentType", kind)
		}
	}
	e.close("Types")
	return e.out
}

// leaveOut drops a part.
func leaveOut(parts []part, name string) ([]part, error) {
	for i, p := range parts {
		if strings.EqualFold(p.name, name) {
			return append(parts[:i:i], parts[i+1:]...), nil
		}
	}
	return nil, fmt.Errorf("no part %s to leave out", name)
}
