package diag

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
)

// A Catalogue is the rules of several packages together, for a program that reports the findings of all of them. It is
// immutable and safe for concurrent use; a nil *Catalogue has no rules.
type Catalogue struct {
	rules []Rule // sorted by id
}

// NewCatalogue returns the catalogue of all rules of lists. A package that passes on the rules of another may repeat them. The
// error is a rule without an id, or two different rules of one id.
func NewCatalogue(lists ...iter.Seq[Rule]) (*Catalogue, error) {
	c := &Catalogue{}
	for _, list := range lists {
		c.rules = slices.AppendSeq(c.rules, list)
	}
	slices.SortStableFunc(c.rules, func(a, b Rule) int { return cmp.Compare(a.ID, b.ID) })
	c.rules = slices.Compact(c.rules)
	for i, r := range c.rules {
		switch {
		case r.ID == "":
			return nil, fmt.Errorf("rule %q has no id: give it one", r.Summary)
		case i > 0 && r.ID == c.rules[i-1].ID:
			return nil, fmt.Errorf("rule id %q is that of two rules, %q and %q: give one of them another", r.ID, c.rules[i-1].Summary, r.Summary)
		}
	}
	return c, nil
}

// Lookup returns the rule of that id, false if the catalogue has none.
func (c *Catalogue) Lookup(id string) (Rule, bool) {
	if c == nil {
		return Rule{}, false
	}
	i, ok := slices.BinarySearchFunc(c.rules, id, func(r Rule, id string) int { return cmp.Compare(r.ID, id) })
	if !ok {
		return Rule{}, false
	}
	return c.rules[i], true
}

// All returns the rules, sorted by id.
func (c *Catalogue) All() iter.Seq[Rule] {
	if c == nil {
		return slices.Values([]Rule(nil))
	}
	return slices.Values(c.rules)
}
