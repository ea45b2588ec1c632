package content

import (
	"iter"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// A tag is a start tag in a text that may not be well formed, such as HTML.
type tag struct {
	name       string // in small letters
	start, end int    // of the attributes
}

// tags yields the start tags of a text outside of comments and scripts.
func tags(text string) iter.Seq[tag] {
	return func(yield func(tag) bool) {
		for at := 0; ; {
			i := strings.IndexByte(text[at:], '<')
			if i < 0 {
				return
			}
			at += i + 1
			if strings.HasPrefix(text[at:], "!--") {
				end := strings.Index(text[at:], "-->")
				if end < 0 {
					return
				}
				at += end
				continue
			}
			start := at
			for at < len(text) && (isWord(text[at]) || text[at] == '-') {
				at++
			}
			if at == start {
				continue
			}
			t := tag{name: strings.ToLower(text[start:at]), start: at}
			for quote := byte(0); at < len(text) && (quote != 0 || text[at] != '>'); at++ {
				switch c := text[at]; {
				case c == quote:
					quote = 0
				case quote == 0 && (c == '"' || c == '\''):
					quote = c
				}
			}
			if at == len(text) {
				return // no tag, or none that ends
			}
			t.end = at
			if !yield(t) {
				return
			}
			if t.name == "script" || t.name == "style" {
				at = closing(text, at, t.name)
			}
		}
	}
}

// closing returns where the end tag of an element begins whose content has no tags.
func closing(text string, at int, name string) int {
	for {
		i := strings.Index(text[at:], "</")
		if i < 0 {
			return len(text)
		}
		at += i
		if end := at + 2 + len(name); end <= len(text) && strings.EqualFold(text[at+2:end], name) {
			return at
		}
		at += 2
	}
}

// A tagAttr is an attribute of a tag, as spans of the text.
type tagAttr struct{ nameStart, nameEnd, start, end int }

func (a tagAttr) name(text string) string { return strings.ToLower(text[a.nameStart:a.nameEnd]) }

func (a tagAttr) value(text string) string {
	return strings.TrimSpace(xmlspan.Decode([]byte(text[a.start:a.end])))
}

// attributes returns the attributes that have a value.
func (t tag) attributes(text string) []tagAttr {
	var out []tagAttr
	at := t.start
	skip := func(set string, in bool) {
		for at < t.end && strings.IndexByte(set, text[at]) >= 0 == in {
			at++
		}
	}
	const space = " \t\r\n"
	for {
		skip(space+"/", true)
		a := tagAttr{nameStart: at}
		skip(space+"/=", false)
		a.nameEnd = at
		skip(space, true)
		if at >= t.end {
			return out
		}
		if text[at] != '=' {
			continue
		}
		at++
		skip(space, true)
		if at < t.end && (text[at] == '"' || text[at] == '\'') {
			quote := text[at : at+1]
			at++
			a.start = at
			skip(quote, false)
			a.end = at
			at = min(at+1, t.end)
		} else {
			a.start = at
			skip(space, false)
			a.end = at
		}
		out = append(out, a)
	}
}
