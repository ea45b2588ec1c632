package model

import (
	"bytes"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A ColumnFormula is the Power Fx formula of a formula column.
type ColumnFormula struct {
	Column   string        // the logical name, as written
	Text     string        // with LF
	Location diag.Location // of the entry
}

// Formula returns the formula of a formula column, and whether there is one. All formula columns of a table have theirs in one YAML file
// (observed on exports). The formulas of calculated and rollup columns are XAML, in a file for each; see [Column.FormulaPart].
//
// The error is one of reading the part.
func (c Column) Formula() (f ColumnFormula, ok bool, err error) {
	part := c.FormulaPart()
	if !isFormulaFile(part) {
		return ColumnFormula{}, false, nil
	}
	all, err := c.m.formulas()
	if err != nil {
		return ColumnFormula{}, false, err
	}
	name := solution.Fold(c.LogicalName())
	i, ok := all.byColumn[formulaOf{part, name}]
	if !ok {
		return ColumnFormula{}, false, nil
	}
	return all.byPart[part][i], true, nil
}

// Formulas returns what the file that the formula columns of a table share has for each column, in the order of the file; nil if the
// part is no such file. Columns that the solution does not have may be among them. The list must not be changed.
//
// The error is one of reading the part.
func (m *Model) Formulas(part string) ([]ColumnFormula, error) {
	all, err := m.formulas()
	if err != nil {
		return nil, err
	}
	return slices.Clip(all.byPart[part]), nil
}

// A formulaOf is a column in a part, by its folded name.
type formulaOf struct{ part, column string }

// A formulaIndex has the formulas of all files.
type formulaIndex struct {
	byPart   map[string][]ColumnFormula
	byColumn map[formulaOf]int
}

// formulaFolder is where the files of formulas stand.
const formulaFolder = "formulas/"

func (m *Model) readFormulas() (*formulaIndex, error) {
	x := &formulaIndex{map[string][]ColumnFormula{}, map[formulaOf]int{}}
	for _, part := range m.parts.Names() {
		if !isFormulaFile(part) || !strings.HasPrefix(solution.Fold(part), formulaFolder) {
			continue
		}
		src, err := m.parts.ReadPart(part)
		if err != nil {
			return nil, err
		}
		for i, e := range formulaEntries(src) {
			x.byPart[part] = append(x.byPart[part], ColumnFormula{e.name, e.text, m.parts.Locate(part, e.start)})
			if of := (formulaOf{part, solution.Fold(e.name)}); !has(x.byColumn, of) {
				x.byColumn[of] = i
			}
		}
	}
	return x, nil
}

func has[K comparable, V any](m map[K]V, k K) bool {
	_, ok := m[k]
	return ok
}

// isFormulaFile reports whether a part that columns name is one that they share.
func isFormulaFile(part string) bool {
	switch strings.ToLower(path.Ext(part)) {
	case ".yaml", ".yml":
		return true
	}
	return false
}

// A formulaEntry is a member of the mapping in a file of formulas.
type formulaEntry struct {
	name, text string
	value      []byte // as written
	start      int    // in the file
}

// formulaEntries splits a file of formulas: a key at the start of a line, with what follows it up to the next one. That is all of
// YAML that such files were seen to have.
func formulaEntries(src []byte) []formulaEntry {
	var out []formulaEntry
	at := 0
	for line := range bytes.Lines(src) {
		name, value, ok := formulaKey(strings.TrimPrefix(string(line), "\ufeff"))
		switch {
		case ok:
			out = append(out, formulaEntry{name: name, value: []byte(value), start: at})
		case len(out) > 0 && !startsComment(line):
			out[len(out)-1].value = append(out[len(out)-1].value, line...)
		}
		at += len(line)
	}
	for i := range out {
		out[i].text = scalar(string(out[i].value))
	}
	return out
}

// startsComment reports whether a line is a comment between entries; further in, it is a line of a formula.
func startsComment(line []byte) bool { return line[0] == '#' }

// formulaKey splits a line that begins with a key.
func formulaKey(line string) (name, value string, ok bool) {
	if line == "" || strings.ContainsRune(" \t\r\n#-", rune(line[0])) {
		return "", "", false
	}
	if q := line[0]; q == '\'' || q == '"' {
		end := strings.IndexByte(line[1:], q)
		if end < 0 || !strings.HasPrefix(line[end+2:], ":") {
			return "", "", false
		}
		return line[1 : end+1], line[end+3:], true
	}
	name, value, ok = strings.Cut(line, ":")
	if !ok || value != "" && !strings.ContainsRune(" \t\r\n", rune(value[0])) {
		return "", "", false
	}
	return strings.TrimRight(name, " \t"), value, true
}

// scalar returns the text of a value: plain, quoted or a block, with LF and without the indent of the block.
func scalar(value string) string {
	value = strings.ReplaceAll(value, "\r\n", "\n")
	head, rest, _ := strings.Cut(value, "\n")
	head = strings.TrimSpace(head)
	switch {
	case strings.HasPrefix(head, "|"), strings.HasPrefix(head, ">"):
		return block(rest)
	case len(head) > 1 && head[0] == '\'' && head[len(head)-1] == '\'' && strings.TrimSpace(rest) == "":
		return strings.ReplaceAll(head[1:len(head)-1], "''", "'")
	case len(head) > 1 && head[0] == '"' && strings.TrimSpace(rest) == "":
		if text, err := strconv.Unquote(head); err == nil {
			return text
		}
	}
	if i := strings.Index(head, " #"); i >= 0 {
		head = head[:i] // a comment
	}
	return strings.TrimSpace(head + "\n" + block(rest))
}

// block returns lines without the indent of the first that is not blank, and without blank ones at the end.
func block(text string) string {
	indent := -1
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			b.WriteByte('\n')
			continue
		}
		if indent < 0 {
			indent = len(line) - len(strings.TrimLeft(line, " "))
		}
		own := len(line) - len(strings.TrimLeft(line, " "))
		b.WriteString(line[min(indent, own):])
	}
	return strings.TrimRight(b.String(), "\n")
}
