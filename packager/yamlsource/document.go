package yamlsource

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// What bounds one YAML file. A parsed one takes up to 170 times its size in memory, which was measured on lists of short values with
// comments; the largest that the platform writes are forms, of less than 1 MiB.
const (
	maxFile  = 8 << 20
	maxDepth = 512 // elements open at one time, as in XML that is read
)

// A document is a YAML file on its way to an element.
type document struct {
	file   string
	number int32
	src    []byte
	at     cursor
	// back turns what stands in for the breaks of old YAML into these; nil if the file has none.
	back *strings.Replacer
}

// oldBreaks end lines in YAML 1.1, which the parser reads, and not in 1.2. Each has characters of its length that may stand in for it.
var oldBreaks = []struct{ char, first rune }{{'\u0085', '\u07c0'}, {'\u2028', '\ue000'}, {'\u2029', '\ue800'}}

// standIns returns the file without such characters: others that it does not have stand in their places.
func (d *document) standIns() []byte {
	src := d.src
	if !bytes.ContainsAny(src, "\u0085\u2028\u2029") {
		return src
	}
	have := map[rune]bool{}
	for _, c := range string(src) {
		have[c] = true
	}
	var back []string
	for _, b := range oldBreaks {
		if !have[b.char] {
			continue
		}
		other := b.first
		for have[other] {
			other++
		}
		have[other] = true
		src = bytes.ReplaceAll(src, []byte(string(b.char)), []byte(string(other)))
		back = append(back, string(other), string(b.char))
	}
	if back != nil {
		d.back = strings.NewReplacer(back...)
	}
	return src
}

// restore puts the characters back.
func (d *document) restore(n *yaml.Node) {
	if d.back != nil {
		n.Value = d.back.Replace(n.Value)
	}
}

// A cursor turns lines and columns into offsets. They come in the order of the file mostly, so it goes on from the last.
type cursor struct{ line, column, offset int }

// parse reads the root element of a YAML file: the one key of its mapping.
func parse(file string, number int32, src []byte) (*element, error) {
	d := &document{file: file, number: number, src: src}
	if len(src) > maxFile {
		return nil, d.errorf(0, "%w: more than %d bytes of YAML", errLimit, maxFile)
	}
	if !utf8.Valid(src) {
		return nil, d.errorf(0, "%w: the file is not in UTF-8", errFormat)
	}
	var n yaml.Node
	if err := yaml.Load(d.standIns(), &n); err != nil {
		return nil, d.yamlError(err)
	}
	if n.Kind != yaml.DocumentNode || len(n.Content) != 1 {
		return nil, d.errorf(0, "%w: the file is empty", errFormat)
	}
	root := n.Content[0]
	if root.Kind != yaml.MappingNode || len(root.Content) != 2 {
		return nil, d.errorf(d.offset(root), "%w: the file is not a mapping with one key, the name of its root element", errFormat)
	}
	if err := errors.Join(d.plainNode(root), d.plainNode(root.Content[0])); err != nil {
		return nil, err
	}
	d.restore(root.Content[0])
	var list []*element
	if err := d.elements(root.Content[0], root.Content[1], 1, &list); err != nil {
		return nil, err
	}
	if len(list) != 1 {
		return nil, d.errorf(d.offset(root), "%w: the root element is a list", errFormat)
	}
	return list[0], nil
}

func (d *document) errorf(offset int, format string, args ...any) error {
	return &solution.SyntaxError{File: d.file, Pos: diag.NewLines(d.src).Position(offset), Err: fmt.Errorf(format, args...)}
}

// yamlError gives an error of the parser its place.
func (d *document) yamlError(err error) error {
	var one *yaml.LoadError
	var several *yaml.LoadErrors
	if errors.As(err, &several) && len(several.Errors) > 0 {
		one = several.Errors[0]
	}
	if one == nil && !errors.As(err, &one) {
		return d.errorf(0, "%w: %w", errFormat, err)
	}
	at := 0
	if one.Mark.Line > 0 {
		at = d.offsetAt(one.Mark.Line, max(one.Mark.Column, 1))
	}
	if strings.Contains(one.Message, "exceeded max depth") {
		return d.errorf(at, "%w: %s", errLimit, one.Message)
	}
	return d.errorf(at, "%w: not YAML: %s", errFormat, strings.TrimPrefix(one.Message, "yaml: "))
}

func (d *document) offset(n *yaml.Node) int { return d.offsetAt(n.Line, n.Column) }

func (d *document) place(n *yaml.Node) place { return place{d.number, int32(d.offset(n))} }

// offsetAt returns the offset of a line and a column as YAML counts them, from 1, the column in characters.
func (d *document) offsetAt(line, column int) int {
	c := d.at
	if c.line == 0 || line < c.line || line == c.line && column < c.column {
		c = cursor{1, 1, 0}
		if bytes.HasPrefix(d.src, []byte("\ufeff")) {
			c.offset = len("\ufeff")
		}
	}
	for c.offset < len(d.src) && (c.line < line || c.column < column) {
		r, n := utf8.DecodeRune(d.src[c.offset:])
		switch {
		case r == '\r' && bytes.HasPrefix(d.src[c.offset:], []byte("\r\n")):
			n = 2
			fallthrough
		case r == '\n' || r == '\r':
			if c.line == line {
				return c.offset // the column is behind the end of the line
			}
			c.line, c.column = c.line+1, 1
		default:
			c.column++
		}
		c.offset += n
	}
	d.at = c
	return c.offset
}

// elements appends what a key and its value are: one element, or one for each item of a list.
func (d *document) elements(key, value *yaml.Node, depth int, to *[]*element) error {
	at := d.place(key)
	if value.Kind != yaml.SequenceNode {
		return d.element(key.Value, at, value, depth, to)
	}
	if err := d.plainNode(value); err != nil {
		return err
	}
	for _, item := range value.Content {
		if item.Kind == yaml.SequenceNode {
			return d.errorf(d.offset(item), "%w: a list in a list has no meaning in XML", errFormat)
		}
		if err := d.element(key.Value, d.place(item), item, depth, to); err != nil {
			return err
		}
	}
	return nil
}

// element appends the element of one value.
func (d *document) element(name string, at place, value *yaml.Node, depth int, to *[]*element) error {
	if depth > maxDepth {
		return d.errorf(int(at.offset), "%w: more than %d elements, one in the other", errLimit, maxDepth)
	}
	if !xmlspan.IsName(name) {
		return d.errorf(int(at.offset), "%w: %q can't be the name of an element", errFormat, name)
	}
	if err := d.plainNode(value); err != nil {
		return err
	}
	d.restore(value)
	e := &element{name: name, at: at, textAt: d.place(value)}
	*to = append(*to, e)
	if value.Kind == yaml.ScalarNode {
		e.text, e.open = value.Value, !absent(value)
		return d.characters(value)
	}
	return d.mapping(e, value, depth)
}

// absent reports whether nothing is written where a value should be.
func absent(n *yaml.Node) bool { return n.Value == "" && n.Style == 0 }

// mapping reads the attributes, the text and the children of e.
func (d *document) mapping(e *element, n *yaml.Node, depth int) error {
	seen := make(map[string]bool, len(n.Content)/2)
	hasText := false
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		d.restore(key)
		if err := d.plainNode(key); err != nil {
			return err
		}
		if key.Kind != yaml.ScalarNode {
			return d.errorf(d.offset(key), "%w: a key that is no name", errFormat)
		}
		if seen[key.Value] {
			return d.errorf(d.offset(key), "%w: the key %q occurs twice: write one key with a list", errFormat, key.Value)
		}
		seen[key.Value] = true
		name, isAttr := strings.CutPrefix(key.Value, "@")
		switch {
		case isAttr:
			if err := d.scalar(name, key, value); err != nil {
				return err
			}
			e.attrs = append(e.attrs, attribute{name, value.Value, d.place(value)})
		case key.Value == "#text":
			if err := d.scalar("text", key, value); err != nil {
				return err
			}
			e.text, e.textAt, e.open, hasText = value.Value, d.place(value), !absent(value), true
		default:
			if err := d.elements(key, value, depth+1, &e.children); err != nil {
				return err
			}
		}
	}
	if hasText && len(e.children) > 0 {
		return d.errorf(int(e.textAt.offset), "%w: %s has text and elements: one of both", errFormat, e.name)
	}
	return nil
}

// scalar checks the value of an attribute or of a text.
func (d *document) scalar(name string, key, value *yaml.Node) error {
	if !xmlspan.IsName(name) {
		return d.errorf(d.offset(key), "%w: %q can't be the name of an attribute", errFormat, name)
	}
	if err := d.plainNode(value); err != nil {
		return err
	}
	d.restore(value)
	if value.Kind != yaml.ScalarNode {
		return d.errorf(d.offset(value), "%w: %s has more than a text as its value", errFormat, key.Value)
	}
	return d.characters(value)
}

// characters refuses what no XML can hold.
func (d *document) characters(n *yaml.Node) error {
	if _, reason := xmlspan.InvalidChar(n.Value); reason != "" {
		return d.errorf(d.offset(n), "%w: %s", errFormat, reason)
	}
	return nil
}

// plainNode refuses what the format does not use, as it can stand for something that is not written there.
func (d *document) plainNode(n *yaml.Node) error {
	what := ""
	switch {
	case n.Kind == yaml.AliasNode:
		what = "an alias"
	case n.Anchor != "":
		what = "an anchor"
	case n.Style&yaml.TaggedStyle != 0:
		what = "a tag"
	default:
		return nil
	}
	return d.errorf(d.offset(n), "%w: %s is not read: write the value itself", errFormat, what)
}
