package plan

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// WriteText writes the plan as a runbook in plain text: whether it can be done, numbered steps with the work by hand
// among them, what cannot be imported and why, why the order is as it is, and what else there is to know. Lists of more
// than 20 lines are cut, and say so; the JSON form of a plan has everything. Characters of names that do not print are
// escaped as in Go. The only errors are those of w, to which everything is written at once.
func (p *Plan) WriteText(w io.Writer) error {
	r := newReport(p)
	t := &textWriter{cut: r.cut}
	t.line(0, r.verdict)
	for _, g := range r.stages {
		t.blank()
		for _, task := range g.tasks {
			number := fmt.Sprintf("%d. ", task.number)
			t.line(0, append(words("%s", number), task.what...))
			for _, s := range task.details {
				t.section(len(number), s)
			}
		}
	}
	if len(r.refused) > 0 || len(r.cycles) > 0 {
		t.title("Cannot be imported")
		for _, s := range r.refused {
			t.section(0, s)
		}
		for _, s := range r.cycles {
			s.title = append(words("Cycle: "), s.title...)
			t.section(0, s)
		}
	}
	t.list("Why this order", r.why)
	t.list("Other findings", r.other)
	return t.flush(w)
}

// A textWriter writes text for people.
type textWriter struct {
	bytes.Buffer
	cut bool // something was left out
}

func (t *textWriter) line(indent int, ph phrase) {
	t.WriteString(strings.Repeat(" ", indent))
	t.WriteString(ph.plain())
	t.WriteByte('\n')
}

func (t *textWriter) blank() { t.WriteByte('\n') }

func (t *textWriter) title(text string) {
	t.blank()
	t.WriteString(text + "\n")
}

// section writes a title and its lines below.
func (t *textWriter) section(indent int, s section) {
	if len(s.lines) > 0 {
		s.title = s.title.and(":")
	}
	t.line(indent, s.title)
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
		t.line(indent, append(words("- "), ph...))
	}
	if more > 0 {
		t.line(indent, words("- and %d more", more))
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

const cutNote = "Long lists are cut: the JSON of this report has everything (solkit -json)."

func (t *textWriter) flush(w io.Writer) error {
	if t.cut {
		t.blank()
		t.WriteString(cutNote + "\n")
	}
	_, err := w.Write(t.Bytes())
	return err
}
