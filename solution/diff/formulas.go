package diff

import (
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/model"
)

// Formula columns of a table share a file, of which each column has an entry. A change is one of the column whose entry differs;
// entries of columns that neither solution has are told at the table.

// columnFormula compares the formulas of a column in files that others share, and returns the files of both sides that are left.
func (c *comparer) columnFormula(old, new model.Component) (oldFiles, newFiles []string, err error) {
	oldFiles, newFiles = old.Parts(), new.Parts()
	x, isColumn := old.View().(model.Column)
	y, also := new.View().(model.Column)
	if !isColumn || !also {
		return oldFiles, newFiles, nil
	}
	was, had, err := x.Formula()
	if err != nil {
		return nil, nil, err
	}
	is, has, err := y.Formula()
	if err != nil {
		return nil, nil, err
	}
	oldFiles, newFiles = withoutFormulas(c.old, oldFiles), withoutFormulas(c.new, newFiles)
	if had || has {
		part := y.FormulaPart()
		if !has {
			part = x.FormulaPart()
		}
		c.push(part, "")
		c.oneFormula(was, is, had, has)
		c.pop()
	}
	return oldFiles, newFiles, nil
}

func (c *comparer) oneFormula(was, is model.ColumnFormula, had, has bool) {
	switch {
	case !had:
		c.add(Added, "", "", is.Text, was.Location, is.Location)
	case !has:
		c.add(Removed, "", was.Text, "", was.Location, is.Location)
	case was.Text != is.Text:
		a, b := strings.SplitAfter(was.Text, "\n"), strings.SplitAfter(is.Text, "\n")
		start, endOld, endNew := differing(a, b)
		c.add(Changed, "", strings.Join(a[start:endOld], ""), strings.Join(b[start:endNew], ""), was.Location, is.Location)
	}
}

// withoutFormulas returns files without those that are split into formulas.
func withoutFormulas(m *model.Model, files []string) []string {
	return slices.DeleteFunc(files, func(name string) bool {
		list, err := m.Formulas(name)
		return err == nil && len(list) > 0
	})
}

// otherFormulas compares the entries of shared files that are of no column of a table on either side, and files that could not be split.
func (c *comparer) otherFormulas(old, new model.Component) error {
	x, isTable := old.View().(model.Table)
	y, also := new.View().(model.Table)
	if !isTable || !also {
		return nil
	}
	taken := map[string]bool{}
	before, after := formulaFiles(x, taken), formulaFiles(y, taken)
	for _, folded := range sortedKeys(after) {
		was, ok := before[folded]
		if !ok {
			continue
		}
		name := after[folded]
		a, err := c.old.Formulas(was)
		if err != nil {
			return err
		}
		b, err := c.new.Formulas(name)
		if err != nil {
			return err
		}
		if len(a) == 0 || len(b) == 0 {
			continue // compared as a file, at the columns
		}
		c.push(name, "")
		c.otherEntries(byColumn(a, taken), byColumn(b, taken))
		c.pop()
	}
	return nil
}

func (c *comparer) otherEntries(a, b map[string]model.ColumnFormula) {
	names := map[string]string{}
	for name := range a {
		names[name] = name
	}
	for name := range b {
		names[name] = name
	}
	for _, name := range sortedKeys(names) {
		was, had := a[name]
		is, has := b[name]
		c.push(name, "")
		c.oneFormula(was, is, had, has)
		c.pop()
	}
}

// formulaFiles returns the files that columns of a table share by their folded names, and notes the folded names of these columns.
func formulaFiles(t model.Table, taken map[string]bool) map[string]string {
	out := map[string]string{}
	for column := range t.Columns() {
		taken[solution.Fold(column.LogicalName())] = true
		if part := column.FormulaPart(); part != "" {
			out[solution.Fold(part)] = part
		}
	}
	return out
}

// byColumn returns the formulas of columns that are not taken.
func byColumn(list []model.ColumnFormula, taken map[string]bool) map[string]model.ColumnFormula {
	out := map[string]model.ColumnFormula{}
	for _, f := range list {
		if name := solution.Fold(f.Column); !taken[name] {
			out[name] = f
		}
	}
	return out
}

// differing returns which lines of two texts differ: what stands before and behind is equal.
func differing(a, b []string) (start, endA, endB int) {
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	endA, endB = len(a), len(b)
	for endA > start && endB > start && a[endA-1] == b[endB-1] {
		endA, endB = endA-1, endB-1
	}
	return start, endA, endB
}
