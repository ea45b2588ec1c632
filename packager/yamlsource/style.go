package yamlsource

import (
	"fmt"
	"strings"
)

// The style of the platform: two blanks a level, items of lists in the column of their key, scalars plain wherever YAML allows it and
// else in single quotes, texts with line breaks in a folded block, nothing folded besides.

// A styler writes elements as YAML.
type styler struct {
	out     []byte
	newline string
}

// document writes a root element as a file.
func (y *styler) document(root *element) error { return y.value(0, root.name, []*element{root}) }

// value writes a key and what it stands for: an element, or several of one name as a list.
func (y *styler) value(level int, name string, list []*element) error {
	y.key(level, name)
	if len(list) == 1 {
		return y.element(level, list[0])
	}
	for _, e := range list {
		y.line()
		y.indent(level)
		y.out = append(y.out, '-')
		if len(e.attrs) == 0 && len(e.children) == 0 {
			y.out = append(y.out, ' ')
			if err := y.text(level, e); err != nil {
				return err
			}
			continue
		}
		// The first key of the item stands behind the dash.
		at := len(y.out)
		if err := y.mapping(level+1, e); err != nil {
			return err
		}
		lead := len(y.newline) + 2*(level+1)
		y.out = append(y.out[:at], append([]byte(" "), y.out[at+lead:]...)...)
	}
	return nil
}

func (y *styler) line()            { y.out = append(y.out, y.newline...) }
func (y *styler) indent(level int) { y.out = append(y.out, strings.Repeat("  ", level)...) }

// key writes a key at the beginning of a line.
func (y *styler) key(level int, name string) {
	if len(y.out) > 0 {
		y.line()
	}
	y.indent(level)
	y.out = append(append(y.out, scalar(name)...), ':')
}

// element writes an element behind its key.
func (y *styler) element(level int, e *element) error {
	if len(e.attrs) == 0 && len(e.children) == 0 {
		y.out = append(y.out, ' ')
		return y.text(level, e)
	}
	return y.mapping(level+1, e)
}

// mapping writes attributes, the text, and children in the order in which their names come first.
func (y *styler) mapping(level int, e *element) error {
	for _, a := range e.attrs {
		if strings.ContainsAny(a.value, "\r\n") {
			return fmt.Errorf("the attribute %s of %s has several lines, and how the format writes these is not known", a.name, e.name)
		}
		y.key(level, "@"+a.name)
		y.out = append(append(y.out, ' '), scalar(a.value)...)
	}
	if e.text != "" {
		y.key(level, "#text")
		y.out = append(y.out, ' ')
		if err := y.text(level, e); err != nil {
			return err
		}
	}
	byName := map[string][]*element{}
	for _, c := range e.children {
		byName[c.name] = append(byName[c.name], c)
	}
	for _, c := range e.children {
		if list := byName[c.name]; list != nil {
			delete(byName, c.name)
			if err := y.value(level, c.name, list); err != nil {
				return err
			}
		}
	}
	return nil
}

// text writes the text of an element, absent if it has none and no end tag.
func (y *styler) text(level int, e *element) error {
	switch {
	case e.text == "" && !e.open:
		return nil
	case !strings.ContainsAny(e.text, "\r\n"):
		y.out = append(y.out, scalar(e.text)...)
		return nil
	}
	return y.folded(level+1, e)
}

// folded writes a text of several lines. Each break is an empty line.
func (y *styler) folded(level int, e *element) error {
	lines := strings.Split(e.text, "\n")
	for i, line := range lines {
		switch {
		case line == "" && (i == 0 || i == len(lines)-1), strings.HasPrefix(line, " "), strings.HasPrefix(line, "\t"), strings.HasSuffix(line, " "), strings.HasSuffix(line, "\t"), strings.ContainsFunc(line, isEscaped):
			return fmt.Errorf("the text of %s has lines that a folded block can't keep", e.name)
		}
	}
	y.out = append(y.out, ">-"...)
	for i, line := range lines {
		if i > 0 {
			y.line()
		}
		if line != "" {
			y.line()
			y.indent(level)
			y.out = append(y.out, line...)
		}
	}
	return nil
}

// scalar writes a text of one line, plain if YAML allows it.
func scalar(text string) string {
	if strings.ContainsFunc(text, isEscaped) {
		return escaped(text)
	}
	if isPlain(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// isPlain reports whether a text needs no quotes.
func isPlain(text string) bool {
	switch {
	case text == "" || strings.Trim(text, " \t") != text:
		return false
	case strings.ContainsRune("{[]},#&*!|>'\"%@`", rune(text[0])):
		return false
	case strings.ContainsRune("-?:", rune(text[0])) && (len(text) == 1 || text[1] == ' ' || text[1] == '\t'):
		return false
	case strings.HasPrefix(text, "---") || strings.HasPrefix(text, "..."):
		return false
	}
	return !strings.Contains(text, ": ") && !strings.Contains(text, ":\t") && !strings.Contains(text, " #") && !strings.Contains(text, "\t#") && !strings.HasSuffix(text, ":")
}

// isEscaped reports whether a character can stand in YAML as an escape only, or is safe so for every reader of it.
func isEscaped(c rune) bool {
	return c < ' ' && c != '\t' || c >= 0x7F && c < 0xA0 || c == '\u2028' || c == '\u2029' || c == '\ufeff' || c >= 0xFFFE && c <= 0xFFFF
}

// escaped writes a text in double quotes, which nothing of the platform was seen to need.
func escaped(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case isEscaped(c):
			fmt.Fprintf(&b, "\\u%04x", c)
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
