package model

import (
	"bytes"
	"cmp"
	"iter"
	"path"
	"slices"
	"strings"
)

// The sources of an app, which the studio writes for people, are YAML: a file for each screen, in which each control is a member of a
// list with its kind and its formulas (public documentation, and observed on apps that have both these and their JSON):
//
//	Screens:
//	  Screen1:
//	    Properties:
//	      Fill: =Color.White
//	    Children:
//	      - Button1:
//	          Control: Classic/Button@2.2.0
//	          Properties:
//	            OnSelect: |-
//	              =Navigate(Screen2)

const (
	sourceFolder = "src/"
	sourceEnding = ".pa.yaml"
	editorState  = "_editorstate" + sourceEnding
)

// A sourceControl is a control of a source.
type sourceControl struct {
	name, kind string
	formulas   []sourceFormula
	children   []*sourceControl
}

type sourceFormula struct{ property, text string }

// sourceScreens returns the screens of the sources: in the order that the state of the editor says, else by name.
func (d *CanvasDocument) sourceScreens() (iter.Seq[CanvasControl], error) {
	var list []*sourceControl
	order := map[string]int{}
	for _, name := range d.below(sourceFolder, sourceEnding) {
		src, err := d.ReadPart(name)
		if err != nil {
			return nil, err
		}
		lines := sourceLines(src)
		if strings.ToLower(path.Base(name)) == editorState {
			for _, x := range member(lines, "EditorState", "ScreensOrder") {
				if screen, ok := strings.CutPrefix(x.text, "- "); ok {
					order[scalar(screen)] = len(order) + 1
				}
			}
			continue
		}
		for _, x := range mapping(member(lines, "Screens")) {
			screen := readSource(x.name, x.below)
			screen.kind = screenKind
			list = append(list, screen)
		}
	}
	slices.SortStableFunc(list, func(a, b *sourceControl) int {
		return cmp.Or(cmp.Compare(order[a.name], order[b.name]), strings.Compare(a.name, b.name))
	})
	return func(yield func(CanvasControl) bool) {
		for _, s := range list {
			if !yield(CanvasControl{source: s}) {
				return
			}
		}
	}, nil
}

// A sourceLine is a line of YAML without its indent.
type sourceLine struct {
	indent int
	text   string
}

// sourceLines splits a source. Comments at the start of lines are left out, blank lines stay, as they may be in a text.
func sourceLines(src []byte) []sourceLine {
	var out []sourceLine
	for line := range bytes.Lines(bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))) {
		text := strings.TrimRight(string(line), "\r\n")
		if strings.HasPrefix(text, "#") {
			continue
		}
		own := strings.TrimLeft(text, " ")
		out = append(out, sourceLine{len(text) - len(own), own})
	}
	return out
}

// A sourceMember is a member of a mapping with the lines below it, and the text behind its key.
type sourceMember struct {
	name, value string
	below       []sourceLine
}

// mapping returns the members of a mapping or the items of a list whose lines these are.
func mapping(lines []sourceLine) []sourceMember {
	var out []sourceMember
	indent := -1
	for _, l := range lines {
		if l.text == "" {
			if len(out) > 0 {
				out[len(out)-1].below = append(out[len(out)-1].below, l)
			}
			continue
		}
		if indent < 0 {
			indent = l.indent
		}
		if l.indent > indent {
			if len(out) > 0 {
				out[len(out)-1].below = append(out[len(out)-1].below, l)
			}
			continue
		}
		if name, value, ok := formulaKey(strings.TrimPrefix(l.text, "- ")); ok && l.indent == indent {
			out = append(out, sourceMember{name: name, value: value})
		}
	}
	return out
}

// member returns the lines below a member of a member.
func member(lines []sourceLine, names ...string) []sourceLine {
	for _, name := range names {
		i := slices.IndexFunc(mapping(lines), func(m sourceMember) bool { return m.name == name })
		if i < 0 {
			return nil
		}
		lines = mapping(lines)[i].below
	}
	return lines
}

// readSource reads a control.
func readSource(name string, lines []sourceLine) *sourceControl {
	c := &sourceControl{name: name}
	for _, m := range mapping(lines) {
		switch m.name {
		case "Control":
			kind, _, _ := strings.Cut(scalar(m.value), "@")
			c.kind = kind
		case "Properties":
			for _, p := range mapping(m.below) {
				c.formulas = append(c.formulas, sourceFormula{p.name, scalar(p.value + "\n" + joined(p.below))})
			}
		case "Children":
			for _, child := range mapping(m.below) {
				c.children = append(c.children, readSource(child.name, child.below))
			}
		}
	}
	return c
}

// joined returns lines with their indents.
func joined(lines []sourceLine) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(strings.Repeat(" ", l.indent))
		b.WriteString(l.text)
		b.WriteByte('\n')
	}
	return b.String()
}
