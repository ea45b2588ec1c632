package solutiontest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A builder collects what the lines of a text add to a package.
type builder struct {
	parts    []part
	partLine map[string]int // by folded name: the line that made it
	claims   map[solution.Key]int
	roots    element
	rooted   map[solution.Key]int
	needs    element
	manifest manifest

	tables     []*table
	tableOf    map[string]*table
	sections   map[string]*element
	folders    map[string]bool   // folded names of the folders that parts are in
	links      map[string]string // connection references of the text to their connector ids
	connectors map[solution.GUID]string
	left       []*line // lines that leave out a part
}

func newBuilder() *builder {
	return &builder{partLine: map[string]int{}, claims: map[solution.Key]int{}, roots: element{depth: 3}, rooted: map[solution.Key]int{},
		needs: element{depth: 3}, tableOf: map[string]*table{}, sections: map[string]*element{}, folders: map[string]bool{},
		links: map[string]string{}, connectors: map[solution.GUID]string{}}
}

// Parse reads a text in the language of the package comment and makes the package. The error is a [*SyntaxError].
func Parse(text string) (*Solution, error) {
	lines, err := readLines(text)
	if err != nil {
		return nil, err
	}
	b := newBuilder()
	for _, l := range lines {
		b.announce(l)
	}
	for _, l := range lines {
		if l.use.keyword() == "connectionreference" {
			b.bind(l)
		}
	}
	for i, l := range lines {
		if first := l.use.keyword() == "solution"; first != (i == 0) {
			if first {
				return nil, &SyntaxError{l.number, fmt.Errorf("a second solution: it has begun on line %d", lines[0].number)}
			}
			return nil, &SyntaxError{l.number, errors.New("the first line is not a solution: write solution NAME VERSION")}
		}
		if err := l.use.build(b, l); err != nil {
			return nil, &SyntaxError{l.number, err}
		}
	}
	if len(lines) == 0 {
		return nil, &SyntaxError{1, errors.New("an empty text: write solution NAME VERSION")}
	}
	b.finish()
	for _, l := range b.left {
		if err := b.leaveOut(l.word(0)); err != nil {
			return nil, &SyntaxError{l.number, err}
		}
	}
	return &Solution{parts: b.parts}, nil
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
func (b *builder) announce(l *line) {
	switch l.use.keyword() {
	case "entity":
		b.announceTable(l)
	case "connector":
		b.connectors[b.id(l, "id", "connector", l.word(0))] = l.word(0)
	}
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

// derivedID returns the GUID of what has none in the text: the same for one kind and name.
func derivedID(kind, name string) solution.GUID {
	sum := sha256.Sum256([]byte(kind + " " + solution.Fold(name)))
	id := solution.GUID(sum[:16])
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return id
}

// root adds a root component.
func (b *builder) root(l *line, rc solution.RootComponent) error {
	if first, ok := b.rooted[rc.Key]; ok {
		return fmt.Errorf("a second root component %v: it comes from line %d already", rc.Key, first)
	}
	b.rooted[rc.Key] = l.number
	code, ok := rc.Key.Type().Code()
	if !ok {
		return fmt.Errorf("%s has no fixed number, so it cannot be a root component: remove the line", rc.Key.Type())
	}
	attrs := []string{"type", fmt.Sprint(code)}
	if rc.SchemaName != "" {
		attrs = append(attrs, "schemaName", rc.SchemaName)
	}
	if !rc.ID.IsZero() {
		attrs = append(attrs, "id", rc.ID.Braced())
	}
	b.roots.empty("RootComponent", append(attrs, "behavior", fmt.Sprint(uint8(rc.Behavior)))...)
	return nil
}

// section returns the section of customizations.xml of that name.
func (b *builder) section(name string) *element {
	s := b.sections[name]
	if s == nil {
		s = &element{depth: 2}
		b.sections[name] = s
	}
	return s
}

// part adds a part of the zip.
func (b *builder) part(l *line, name string, data []byte) error {
	folded := solution.Fold(name)
	if first, ok := b.partLine[folded]; ok {
		return fmt.Errorf("a second part %s: it comes from line %d already", name, first)
	}
	if b.folders[folded] {
		return fmt.Errorf("part %s is a folder already", name)
	}
	for i := strings.IndexByte(folded, '/'); i >= 0; {
		if _, ok := b.partLine[folded[:i]]; ok {
			return fmt.Errorf("part %s: its folder is a part already", name)
		}
		b.folders[folded[:i]] = true
		next := strings.IndexByte(folded[i+1:], '/')
		if next < 0 {
			break
		}
		i += next + 1
	}
	b.partLine[folded] = l.number
	b.parts = append(b.parts, part{name, data})
	return nil
}

const contentTypesFile = "[Content_Types].xml"

// firstParts are the parts that every zip begins with.
var firstParts = [...]string{contentTypesFile, solution.ManifestFile, solution.CustomizationsFile}

func (b *builder) finish() {
	size := 0
	for _, t := range b.tables {
		size += len(t.attributes.out) + len(t.forms.out) + len(t.views.out) + 512
	}
	if size > 0 {
		entities := b.section("Entities")
		entities.out = make([]byte, 0, size)
		for _, t := range b.tables {
			t.write(entities)
		}
	}
	size = 1 << 11
	for _, s := range b.sections {
		size += len(s.out)
	}
	custom := element{out: make([]byte, 0, size)}
	custom.open("ImportExportXml", "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
	b.section("Languages").text("Language", language)
	for _, name := range solution.SectionNames() {
		b.writeSection(&custom, name, solution.IsStandardSection(name))
	}
	custom.close("ImportExportXml")
	made := map[string]func() []byte{
		contentTypesFile:            func() []byte { return contentTypes(b.parts) },
		solution.ManifestFile:       b.writeManifest,
		solution.CustomizationsFile: func() []byte { return custom.out },
	}
	for _, name := range slices.Backward(firstParts[:]) {
		if _, given := b.partLine[solution.Fold(name)]; !given {
			b.parts = slices.Insert(b.parts, 0, part{name, made[name]()})
		}
	}
}

func (b *builder) writeSection(e *element, name string, always bool) {
	s := b.sections[name]
	if s == nil {
		if always {
			e.empty(name)
		}
		return
	}
	e.open(name)
	e.add(s)
	e.close(name)
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
func (b *builder) leaveOut(name string) error {
	for i, p := range b.parts {
		if strings.EqualFold(p.name, name) {
			b.parts = append(b.parts[:i:i], b.parts[i+1:]...)
			return nil
		}
	}
	return fmt.Errorf("no part %s to leave out", name)
}
