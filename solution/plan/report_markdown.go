package plan

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// WriteMarkdown writes the plan for a comment on a pull request, in GitHub's Markdown: the verdict, a table of the
// steps, what is to be done as a task list, what cannot be imported, and folded away what few want to read. Names and
// messages are escaped, so that they cannot make markup, mention people or leave their cell. Lists of more than 20
// lines, or 100 folded ones, are cut and say so. The only errors are those of w, to which everything is written at once.
func (p *Plan) WriteMarkdown(w io.Writer) error {
	r := newReport(p)
	m := &markdownWriter{cut: r.cut}
	m.printf("## %s\n", r.verdict.markdown())
	if len(r.doubles) > 0 {
		m.printf("\n")
		m.items("", r.doubles, mostLines)
		return m.flush(w)
	}
	m.table(p, r)
	m.tasks(r.stages)
	if len(r.refused) > 0 || len(r.cycles) > 0 {
		m.printf("\n### Cannot be imported\n\n")
		if len(r.missing) > 0 {
			m.section(0, section{title: words(missingTitle), lines: r.missing})
		}
		for _, s := range r.refused {
			m.section(0, s)
		}
		for _, s := range r.cycles {
			s.title = append(words("Cycle: "), s.title...)
			m.section(0, s)
		}
	}
	m.folded(words("Why this order"), r.why)
	m.folded(words(platformTitle), r.base)
	m.folded(words("Other findings"), r.other)
	return m.flush(w)
}

func (m *markdownWriter) flush(w io.Writer) error {
	if m.cut {
		m.printf("\n%s\n", cutNote)
	}
	_, err := w.Write(m.Bytes())
	return err
}

type markdownWriter struct {
	bytes.Buffer
	cut bool // something was left out
}

func (m *markdownWriter) printf(format string, args ...any) { fmt.Fprintf(m, format, args...) }

// table has a row for each step. The number is that of the import in the list of tasks.
func (m *markdownWriter) table(p *Plan, r *report) {
	if len(p.Steps) == 0 {
		return
	}
	numbers := map[*Step]int{}
	for _, g := range r.stages {
		if g.step != nil {
			numbers[g.step] = g.imported
		}
	}
	m.printf("\n| # | Solution | Version | Action | Status |\n|--:|---|---|---|---|\n")
	for i := range p.Steps {
		s := &p.Steps[i]
		number := ""
		if n := numbers[s]; n > 0 {
			number = fmt.Sprint(n)
		}
		status := words("%s", s.Status)
		if s.Status == BlockedBy && len(s.BlockedBy) > 0 {
			status = append(words("blocked by "), names(s.BlockedBy)...)
		}
		m.printf("| %s | %s | %s | %s | %s |\n", number, markdownCode(s.Solution), markdownText(versions(s)), markdownText(string(s.Action)), status.markdown())
	}
}

// tasks writes what there is to do for each solution, one sequence through all of them.
func (m *markdownWriter) tasks(stages []stage) {
	for _, g := range stages {
		title := "Connections to make first"
		if g.step != nil {
			title = markdownCode(g.step.Solution)
		}
		m.printf("\n### %s\n\n", title)
		var long []section
		for _, task := range g.tasks {
			m.printf("- [ ] **%d.** %s\n", task.number, task.what.markdown())
			for _, s := range task.details {
				if s.long {
					long = append(long, s)
				} else {
					m.section(1, s)
				}
			}
		}
		for _, s := range long {
			m.folded(append(named(g.step.Solution).and(": "), s.title...), s.lines)
		}
	}
}

// section writes a title and its lines as items of a list.
func (m *markdownWriter) section(depth int, s section) {
	indent := strings.Repeat("  ", depth)
	if len(s.title) == 0 {
		m.items(indent, s.lines, mostLines)
		return
	}
	if len(s.lines) == 0 {
		m.items(indent, []phrase{s.title}, 1)
		return
	}
	m.printf("%s- **%s**\n", indent, s.title.markdown())
	m.items(indent+"  ", s.lines, mostLines)
}

func (m *markdownWriter) items(indent string, lines []phrase, most int) {
	shown, more := cut(lines, most)
	for _, ph := range shown {
		m.printf("%s- %s\n", indent, itemStart(ph.markdown()))
	}
	if more > 0 {
		m.printf("%s- and %d more\n", indent, more)
		m.cut = true
	}
}

// folded writes a list that opens with a click.
func (m *markdownWriter) folded(title phrase, lines []phrase) {
	if len(lines) == 0 {
		return
	}
	m.printf("\n<details><summary>%s (%d)</summary>\n\n", title.html(), len(lines))
	m.items("", lines, mostFolded)
	m.printf("\n</details>\n")
}

func (ph phrase) markdown() string {
	var b strings.Builder
	for _, s := range ph {
		if s.name {
			b.WriteString(markdownCode(s.text))
		} else {
			b.WriteString(markdownText(s.text))
		}
	}
	return b.String()
}

// html is the phrase where Markdown is not read, in the line of an HTML element.
func (ph phrase) html() string {
	var b strings.Builder
	for _, s := range ph {
		if s.name {
			b.WriteString("<code>" + entities(oneLine(s.text), isPlainCode) + "</code>")
		} else {
			b.WriteString(entities(oneLine(s.text), isPlainText))
		}
	}
	return b.String()
}

// markdownCode returns a name as code. Back quotes around it would not do for all names: in a cell, a bar ends them.
func markdownCode(name string) string {
	name = oneLine(name)
	if name != "" && strings.TrimSpace(name) == name && !strings.ContainsFunc(name, func(r rune) bool { return !isPlainCode(r) }) {
		return "`" + name + "`"
	}
	return "<code>" + entities(name, isPlainCode) + "</code>"
}

// isPlainCode reports whether a character of code stands for itself, also in a cell and in an HTML element.
func isPlainCode(r rune) bool {
	return r >= utf8.RuneSelf || unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" _-.:/,()+={}%", r)
}

// markdownText returns words so that nothing in them is markup.
func markdownText(s string) string {
	s = oneLine(s)
	var b strings.Builder
	before := ' '
	for i, r := range s {
		after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		switch {
		case r == ':' && after == '/', r == '.' && strings.HasSuffix(strings.ToLower(s[:i]), "www"):
			fmt.Fprintf(&b, "<!-- -->%c", r) // else it is a link
		case r == '_' && isWord(before) && isWord(after), isPlainText(r): // inside of a word, _ is no emphasis
			b.WriteRune(r)
		case (r == '@' || r == '#') && !isWord(before):
			fmt.Fprintf(&b, "%c<!-- -->", r) // else it mentions a person or an issue
		default:
			fmt.Fprintf(&b, "&#%d;", r)
		}
		before = r
	}
	return b.String()
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// isPlainText reports whether a character of text is never markup.
func isPlainText(r rune) bool {
	return r >= utf8.RuneSelf || isWord(r) || strings.ContainsRune(` "'%()+,-./:;=>?^{}!`, r)
}

// itemStart keeps a text from beginning another block at the start of an item, such as a nested list.
func itemStart(s string) string {
	s = strings.TrimLeft(s, " ")
	if s != "" && (s[0] == '-' || s[0] == '+' || s[0] == '=' || s[0] == '>' || s[0] >= '0' && s[0] <= '9') {
		return fmt.Sprintf("&#%d;%s", s[0], s[1:])
	}
	return s
}

// entities writes characters that are not plain as numbers.
func entities(s string, plain func(rune) bool) string {
	var b strings.Builder
	for _, r := range s {
		if plain(r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "&#%d;", r)
		}
	}
	return b.String()
}
