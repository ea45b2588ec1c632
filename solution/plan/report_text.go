package plan

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/internal/lazyregexp"
)

// WriteText writes the plan as a runbook in plain text: whether it can be done, numbered steps with the work by hand
// among them, what cannot be imported and why, why the order is as it is, and what else there is to know. Lists of more
// than 20 lines are cut, and say so; the JSON form of a plan has everything. Characters of names that do not print are
// escaped as in Go. The only errors are those of w, to which everything is written at once.
func (p *Plan) WriteText(w io.Writer) error { return p.WriteTextWidth(w, 0) }

// WriteTextWidth writes what [Plan.WriteText] does in lines of at most so many characters, as far as the words allow, for those
// who know how wide the terminal is. 0: lines are not wrapped.
func (p *Plan) WriteTextWidth(w io.Writer, width int) error {
	r := newReport(p)
	t := &textWriter{cut: r.cut, width: width}
	t.line(0, 0, r.verdict)
	if len(r.doubles) > 0 {
		t.blank()
		t.lines(0, r.doubles)
		return t.flush(w)
	}
	for _, g := range r.stages {
		t.blank()
		for _, task := range g.tasks {
			number := fmt.Sprintf("%d. ", task.number)
			t.line(0, len(number), append(words("%s", number), task.what...))
			for _, s := range task.details {
				t.section(len(number), s)
			}
		}
	}
	if len(r.refused) > 0 || len(r.cycles) > 0 {
		t.title("Cannot be imported")
		if len(r.missing) > 0 {
			t.section(0, section{title: words(missingTitle), lines: r.missing})
		}
		for _, s := range r.refused {
			t.section(0, s)
		}
		for _, s := range r.cycles {
			s.title = append(words("Cycle: "), s.title...)
			t.section(0, s)
		}
	}
	t.list("Why this order", r.why)
	t.list(platformTitle, r.base)
	t.list("Other findings", r.other)
	return t.flush(w)
}

// A textWriter writes text for people.
type textWriter struct {
	bytes.Buffer
	cut   bool // something was left out
	width int  // 0: any
}

// line writes a line. What goes on in more lines is indented by hang more.
func (t *textWriter) line(indent, hang int, ph phrase) {
	t.WriteString(strings.Repeat(" ", indent))
	t.wrapped(ph.plain(), indent, indent+hang)
	t.WriteByte('\n')
}

// narrowest is the room that words have at least, however narrow the lines and deep the indent.
const narrowest = 24

// wrapped writes a text behind an indent, in lines that break at blanks. Words that are longer than a line stay whole, as they are
// names that somebody will copy.
func (t *textWriter) wrapped(text string, used, hang int) {
	if t.width <= 0 {
		t.WriteString(text)
		return
	}
	width := max(t.width, hang+narrowest)
	for first := true; ; first = false {
		at := breakAt(text, width-used, first)
		t.WriteString(text[:at])
		if text = strings.TrimLeft(text[at:], " "); text == "" {
			return
		}
		t.WriteByte('\n')
		t.WriteString(strings.Repeat(" ", hang))
		used = hang
	}
}

// breakAt returns where a text of which so many characters fit into a line ends: at the last blank that is early enough, else at
// the first. Blanks that fill up the severity at the start are none.
func breakAt(text string, room int, first bool) int {
	if utf8.RuneCountInString(text) <= room {
		return len(text)
	}
	start := 0
	if first {
		start = hangOf(text)
	}
	last, count := len(text), 0
	for i, r := range text {
		if r == ' ' && i >= start {
			switch {
			case count <= room:
				last = i
			case last == len(text):
				return i
			default:
				return last
			}
		}
		count++
	}
	return last
}

// hangOf is how long the start of a line is, that stands out: the number, the dash and the severity.
func hangOf(text string) int { return len(standsOut.FindString(text)) }

var standsOut = lazyregexp.New(`^([0-9]+\. |- )?((error|warning|action|info): +)?`)

func (t *textWriter) blank() { t.WriteByte('\n') }

func (t *textWriter) title(text string) {
	t.blank()
	t.line(0, 0, words("%s", text))
}

// section writes a title and its lines below.
func (t *textWriter) section(indent int, s section) {
	if len(s.title) > 0 {
		if len(s.lines) > 0 {
			s.title = s.title.and(":")
		}
		t.line(indent, 2, s.title)
	}
	t.lines(indent, s.lines)
}

// list writes a part of the report, if it has lines.
func (t *textWriter) list(title string, lines []phrase) {
	if len(lines) > 0 {
		t.title(title)
		t.lines(0, lines)
	}
}

func (t *textWriter) lines(indent int, lines []phrase) {
	shown, more := cut(lines, mostLines)
	for _, ph := range shown {
		text := append(words("- "), ph...)
		t.line(indent, hangOf(text.plain()), text)
	}
	if more > 0 {
		t.line(indent, 2, words("- and %d more", more))
		t.cut = true
	}
}

// cut returns the lines that are shown, and how many are not.
func cut(lines []phrase, most int) (shown []phrase, more int) {
	if len(lines) > most {
		return lines[:most], len(lines) - most
	}
	return lines, 0
}

const (
	missingTitle  = "Neither installed nor in the batch; import these first"
	platformTitle = "Comes with the platform; if it is missing there, update or install the Microsoft app that has it"
)

const cutNote = "Long lists are cut: the JSON of this report has everything (solkit -json)."

func (t *textWriter) flush(w io.Writer) error {
	if t.cut {
		t.blank()
		t.WriteString(cutNote + "\n")
	}
	_, err := w.Write(t.Bytes())
	return err
}
