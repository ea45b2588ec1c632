package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// isTerminal reports whether w is a terminal that understands colour and a carriage return.
func isTerminal(w io.Writer) bool {
	if v, ok := w.(*visible); ok {
		w = v.w
	}
	f, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull) // a character device too
	return err != nil || !os.SameFile(info, null)
}

// hasColor reports whether w shows colours and nobody has asked for none (no-color.org).
func hasColor(w io.Writer) bool { return os.Getenv("NO_COLOR") == "" && isTerminal(w) }

// lineWidth is the width of the terminal that w is, 0 if it is none or does not say. COLUMNS goes before what the terminal says.
func lineWidth(w io.Writer) int {
	if !isTerminal(w) {
		return 0
	}
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	if v, ok := w.(*visible); ok {
		w = v.w
	}
	f, ok := w.(*os.File)
	if !ok {
		return 0
	}
	return columns(f)
}

// A printer writes text for people. Errors of the writer show when its owner flushes it.
type printer struct {
	io.Writer
	color bool
	width int // of lines, 0: any
}

// lineWidth is the width for texts that are wrapped.
func (p *printer) lineWidth() int {
	if p.width == 0 {
		return 120
	}
	return max(p.width, 40)
}

// messages is the printer for what stands beside the result, on standard error.
func (j *job) messages() *printer { return &printer{Writer: j.stderr, color: hasColor(j.stderr)} }

// paint writes a code that changes the colour.
func (p *printer) paint(code string) {
	if v, ok := p.Writer.(*visible); ok {
		io.WriteString(v.w, code)
	}
}

func (p *printer) printf(format string, args ...any) { fmt.Fprintf(p, format, args...) }

// table writes rows of cells in columns.
func (p *printer) table(rows [][2]string) {
	t := tabwriter.NewWriter(p, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintf(t, "%s\t%s\n", row[0], row[1])
	}
	t.Flush()
}

var severityColor = map[diag.Severity]string{diag.Error: "\x1b[31m", diag.Warning: "\x1b[33m", diag.Note: "\x1b[36m"}

// findings writes a line for each finding, notes only if notes is set.
func (p *printer) findings(l diag.List, notes bool) {
	for _, d := range l {
		if d.Severity == diag.Note && !notes {
			continue
		}
		if p.color {
			p.paint(severityColor[d.Severity])
			p.printf("%s", d)
			p.paint("\x1b[0m")
			p.printf("\n")
		} else {
			p.printf("%s\n", d)
		}
	}
}

// signColor are the colours of lines that begin with a sign, as diff writes them.
var signColor = map[string]string{"+ ": "\x1b[32m", "- ": "\x1b[31m", "~ ": "\x1b[33m"}

// changes writes a text, with its lines in the colours of their signs.
func (p *printer) changes(text string) {
	if !p.color {
		io.WriteString(p, text)
		return
	}
	for line := range strings.Lines(text) {
		body := strings.TrimLeft(line, " ")
		code := signColor[body[:min(2, len(body))]]
		if code == "" {
			io.WriteString(p, line)
			continue
		}
		p.paint(code)
		io.WriteString(p, strings.TrimSuffix(line, "\n"))
		p.paint("\x1b[0m")
		io.WriteString(p, "\n")
	}
}

// summary says how many findings there are.
func summary(l diag.List) string {
	if len(l) == 0 {
		return "no findings"
	}
	return fmt.Sprintf("%s, %s, %s", count(l.Count(diag.Error), "error"), count(l.Count(diag.Warning), "warning"),
		count(l.Count(diag.Note), "note"))
}

// count is a number and its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "y"); ok {
		noun = stem + "ie"
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// A progress shows on a terminal how far long work is. Work of less than a second shows nothing.
type progress struct {
	mu    sync.Mutex
	w     io.Writer
	width int // of the line; 0: any
	text  string
	timer *time.Timer
	shown bool

	// Of work whose length is known:
	done, total int
	noun        string
	started     time.Time
}

// progress starts one on standard error; nil, which is valid, if that is no terminal.
func (j *job) progress() *progress {
	if !isTerminal(j.stderr) {
		return nil
	}
	p := &progress{w: j.stderr, width: lineWidth(j.stderr)}
	if v, ok := j.stderr.(*visible); ok {
		p.w = v.w
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.timer = time.AfterFunc(time.Second, p.show)
	return p
}

func (p *progress) show() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timer == nil {
		return
	}
	fmt.Fprintf(p.w, "\r\x1b[K%s", p.line(time.Now()))
	p.shown = true
	p.timer.Reset(200 * time.Millisecond)
}

// line is what is shown: how far the work is, how fast it goes and how long it will take, and what is being done.
func (p *progress) line(now time.Time) string {
	text := p.text
	if p.total > 0 {
		state := fmt.Sprintf("%d of %s", p.done, count(p.total, p.noun))
		if spent := now.Sub(p.started); p.done > 0 && spent > 0 {
			rate := float64(p.done) / spent.Seconds()
			state += fmt.Sprintf(", %s/s", digits(rate))
			if p.done < p.total {
				left := time.Duration(float64(p.total-p.done) / rate * float64(time.Second))
				state += ", " + left.Round(time.Second).String() + " left"
			}
		}
		text = state + ": " + text
	}
	if runes := []rune(text); p.width > 4 && len(runes) >= p.width { // a line that wraps could not be taken back
		text = string(runes[:p.width-4]) + "..."
	}
	return text
}

// digits is a number with as many of them as matter.
func digits(x float64) string {
	if x < 10 {
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return strconv.FormatFloat(x, 'f', 0, 64)
}

// set says what is being done.
func (p *progress) set(format string, args ...any) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var text strings.Builder
	fmt.Fprintf(&visible{w: &text}, format, args...)
	p.text = text.String()
}

// begin starts work of so many parts; step tells that one of them is done.
func (p *progress) begin(total int, noun string) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.total, p.noun, p.started = 0, total, noun, time.Now()
}

func (p *progress) step() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
}

// stop removes what is shown.
func (p *progress) stop() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timer != nil {
		p.timer.Stop()
		p.timer = nil
	}
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
