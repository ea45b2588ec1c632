package environment

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// columnTitles are the titles that tables of pac have. They are looked for by name, because between two titles there may be a single
// blank.
var columnTitles = []string{
	"Unique Name", "Solution Unique Name", "SolutionUniqueName", "Friendly Name", "FriendlyName", "Version Number", "VersionNumber", "Version", "Is Managed", "IsManaged", "Managed",
	"Connection Name", "Connection Id", "ConnectionId", "Connector Id", "ConnectorId", "API Id", "ApiId", "Display Name", "Name", "Id", "Status",
	"Setting", "Value",
}

// A column is one column of a table.
type column struct {
	name  string // plain
	start int    // in UTF-16 units, in which the tool counts when it pads
}

// titles returns the columns of a line of titles, and the list that they are of; false if the line is none.
func titles(line string) ([]column, *list, bool) {
	line = strings.TrimRight(line, " \t\r\n")
	var columns []column
	names := map[string]bool{}
	for at := 0; at < len(line); {
		if line[at] == ' ' || line[at] == '\t' {
			at++
			continue
		}
		title := titleAt(line[at:])
		if title == "" {
			return nil, nil, false
		}
		columns = append(columns, column{plainName(title), at}) // titles are ASCII
		names[plainName(title)] = true
		at += len(title)
	}
	if len(columns) < 2 {
		return nil, nil, false
	}
	l := marked(func(name string) bool { return names[name] })
	return columns, l, l != nil
}

// titleAt returns the longest title that a text begins with, empty if there is none.
func titleAt(text string) string {
	best := ""
	for _, t := range columnTitles {
		if len(t) > len(best) && len(text) >= len(t) && strings.EqualFold(text[:len(t)], t) && (len(text) == len(t) || text[len(t)] == ' ') {
			best = t
		}
	}
	return best
}

// table reads a table that pac printed.
func (r *Reading) table(text []byte) error {
	d := &document{file: r.file, lines: diag.NewLines(text)}
	fail := func(at int, err error) error {
		return &plan.EnvironmentError{File: r.file, Pos: d.lines.Position(at), Err: err}
	}
	if i := invalidUTF8(text); i >= 0 {
		return fail(i, errors.New("this byte is not UTF-8: save the file as UTF-8"))
	}
	var columns []column
	var l *list
	at := 0
	for line := range strings.Lines(string(text)) {
		start := at
		at += len(line)
		body := strings.TrimPrefix(strings.TrimRight(line, " \t\r\n"), "\ufeff")
		start += len(strings.TrimRight(line, " \t\r\n")) - len(body)
		switch {
		case strings.TrimSpace(body) == "":
			continue
		case l == nil:
			var ok bool
			if columns, l, ok = titles(body); ok {
				r.lists = append(r.lists, listed{set: l.name, at: d.at(start)})
			} else {
				l = nil
			}
			continue
		case strings.Trim(body, "- ") == "":
			continue // a line between titles and rows
		}
		rec, wrong := cells(d, columns, body, start)
		if wrong >= 0 {
			return fail(wrong, errors.New("the line does not fit the columns of the table: give the output for programs (--json), or leave away what stands behind the table"))
		}
		if err := r.row(l, &rec); err != nil {
			return err
		}
	}
	if l == nil {
		return fail(0, fmt.Errorf("neither JSON nor a table with titles that are known: give %s", setNames()))
	}
	return nil
}

func invalidUTF8(text []byte) int {
	for i := 0; i < len(text); {
		c, n := utf8.DecodeRune(text[i:])
		if c == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// cells cuts a line at the columns. wrong is the offset of text that stands where two columns meet, or of the line if its first
// column is empty; else -1.
func cells(d *document, columns []column, line string, start int) (r record, wrong int) {
	r = record{doc: d, start: start, cells: make(map[string]cell, len(columns))}
	offsets := make([]int, len(columns)+1)
	for i := range offsets {
		offsets[i] = len(line)
	}
	unit, next := 0, 0
	for i, c := range line {
		for next < len(columns) && unit >= columns[next].start {
			offsets[next] = i
			next++
		}
		unit++
		if c > 0xFFFF {
			unit++
		}
	}
	for i, c := range columns {
		from, to := offsets[i], offsets[i+1]
		if i > 0 && from < len(line) && line[from-1] != ' ' {
			return r, start + from
		}
		text := strings.TrimSpace(line[from:to])
		if i == 0 && text == "" {
			return r, start
		}
		at := start + from
		if text != "" {
			at += strings.Index(line[from:to], text)
		}
		r.cells[c.name] = cell{text, at}
	}
	return r, -1
}
