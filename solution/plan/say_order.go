package plan

import (
	"fmt"
	"strings"
)

// because says in words why one solution comes before another.
func (c *Constraint) because() string {
	var p Pair
	if len(c.Because) > 0 {
		p = c.Because[0]
	}
	need, by := p.titled()
	more := ""
	if n := len(c.Because) - 1 + c.More; n > 0 {
		more = fmt.Sprintf(" (and %d more)", n)
	}
	switch c.Kind {
	case Release:
		if p.By == p.Need {
			return fmt.Sprintf("%s takes its layer of %s away, of which %s has the base%s", c.Before, need, c.After, more)
		}
		return fmt.Sprintf("%s of %s stops using %s, which %s deletes%s", by, c.Before, need, c.After, more)
	case Handover:
		return fmt.Sprintf("%s takes over %s, which %s drops%s", c.Before, need, c.After, more)
	case PatchOf:
		if c.Patch == c.Before {
			return fmt.Sprintf("%s takes in patch %s", c.After, c.Before)
		}
		return fmt.Sprintf("%s patches %s", c.After, c.Before)
	case Connects:
		return fmt.Sprintf("%s of %s uses %s of %s%s", by, c.After, need, c.Before, more)
	case Soft:
		return fmt.Sprintf("%s of %s names %s of %s%s", by, c.After, need, c.Before, more)
	}
	return fmt.Sprintf("%s of %s needs %s of %s%s", by, c.After, need, c.Before, more)
}

// short returns the constraint as facts have it.
func (c Constraint) short() Constraint {
	if n := len(c.Because); n > 1 {
		c.Because, c.More = c.Because[:1:1], n-1
	}
	return c
}

// sayImportOrder says why one package comes first, or, of a package that waits, for which.
func sayImportOrder(f *Finding) string {
	x := f.Facts
	if len(x.Order) == 0 {
		return fmt.Sprintf("%s cannot be imported, because it needs %s first, which cannot be imported", x.Solution, enumerate(x.Solutions))
	}
	c := &x.Order[0]
	return fmt.Sprintf("import %s before %s, because %s", c.Before, c.After, c.because())
}

// sayCycle tells a loop of Count packages from this one on, and how it can be opened: by an update of the one in Solutions,
// which deletes nothing, or not without a change of the packages.
func sayCycle(f *Finding) string {
	x := f.Facts
	count := int(x.Count)
	var names, reasons []string
	for i := range x.Order {
		names = append(names, x.Order[i].Before)
		reasons = append(reasons, x.Order[i].because())
	}
	if n := len(x.Order); n > 0 && n < count {
		names = append(names, x.Order[n-1].After)
		reasons = append(reasons, fmt.Sprintf("and %d more", count-n))
	}
	way := "move one of the components to another solution"
	if len(x.Solutions) > 0 {
		way = fmt.Sprintf("import %s as an update first, which deletes nothing, and upgrade it when the others have been imported", enumerate(x.Solutions))
	}
	return fmt.Sprintf("%s wait for each other: %s: %s", enumerateOf(names, count), strings.Join(reasons, "; "), way)
}
