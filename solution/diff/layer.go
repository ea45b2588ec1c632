package diff

import (
	"strings"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/model"
)

// Exports hold parts of tables that somebody else creates. When such a part is no longer in a solution, a layer goes, and what is below
// holds: that a table of the platform or of another solution is deleted with its rows is then wrong.

// layers tells what a solution only has a layer of.
type layers struct {
	prefix  string          // what begins the names of what it creates; empty if the manifest does not say
	foreign map[string]bool // tables that somebody else creates, by folded name
	ends    map[solution.Key][2]string
}

// newLayers reads which tables a solution only has a layer of: roots with only parts of them, those that the manifest requires, those
// without any prefix, which are of the platform, and those with another prefix whose primary key it does not have. What a later version
// says of the table counts as well.
func newLayers(of, later *model.Model) *layers {
	l := &layers{foreign: map[string]bool{}, ends: map[solution.Key][2]string{}}
	for _, m := range []*model.Model{of, later} {
		if m.Manifest() == nil {
			continue
		}
		for root := range m.Manifest().RootComponents() {
			if root.Key.Type() == solution.TypeEntity && root.Behavior != solution.IncludeSubcomponents {
				l.foreign[root.Key.Name()] = true
			}
		}
		for d := range m.Manifest().Dependencies() {
			if k := d.Required.Key; k.Type() == solution.TypeEntity {
				l.foreign[k.Name()] = true
			}
		}
	}
	if m := of.Manifest(); m != nil && m.Publisher().Prefix != "" {
		l.prefix = solution.Fold(m.Publisher().Prefix) + "_"
	}
	for t := range of.Tables() {
		if l.isOthers(t.Key()) && !hasPrimaryKey(t) {
			l.foreign[t.Key().Name()] = true
		}
	}
	for r := range of.Relationships() {
		from, to := r.Tables()
		l.ends[r.Key()] = [2]string{from, to}
	}
	return l
}

func hasPrimaryKey(t model.Table) bool {
	for c := range t.Columns() {
		if strings.EqualFold(c.DataType(), "primarykey") {
			return true
		}
	}
	return false
}

func (l *layers) isForeign(table string) bool {
	table = solution.Fold(table)
	return l.foreign[table] || table != "" && !strings.Contains(table, "_")
}

// has reports whether a component is a table that somebody else creates, or a part of such tables without the prefix of the publisher.
func (l *layers) has(k solution.Key) bool {
	switch k.Type() {
	case solution.TypeEntity:
		return l.isForeign(k.Name())
	case solution.TypeAttribute, solution.TypeEntityKey:
		return l.isOthers(k) && l.isForeign(k.Parent())
	case solution.TypeEntityRelationship:
		ends := l.ends[k]
		return l.isOthers(k) && l.isForeign(ends[0]) && l.isForeign(ends[1])
	}
	return false
}

// isOthers reports whether a name cannot be that of something which the solution creates.
func (l *layers) isOthers(k solution.Key) bool {
	return l.prefix != "" && !strings.HasPrefix(k.Name(), l.prefix)
}

const reasonLayer = "only what this solution says of it goes, as another one creates it"

// wholeLayer is what it does that a component goes of which the solution only has a layer.
var wholeLayer = impactRule{impact: connector.Unknown, reason: reasonLayer}
