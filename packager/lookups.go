package packager

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// A lookup column is made by its relationship, and without it an import has nothing to make it of. Nearly all lookup columns
// that somebody has added to a table come with theirs (2,244 of 2,247 in real packages, and 71 of 71 for customers); the
// platform's own columns, such as those of owners and currencies, often have one that is not exported.

// lookups are the lookup columns of tables that were packed, and those that relationships make.
type lookups struct {
	columns  []lookup
	have     map[[2]string]bool // the keys of those that relationships make
	sections [][2]int           // where the relationships are in customizations.xml, if the package is converted
}

// A lookup is a lookup column. It holds no place, as few are told of, and the tables would have to stay in memory.
type lookup struct{ file, table, name string }

func (l lookup) key() [2]string { return [2]string{fold(l.table), fold(l.name)} }

// add takes note of the lookup columns that somebody has added to a table.
func (l *lookups) add(s *source, table string) {
	src := s.doc.Src
	if !bytes.Contains(src, []byte("<IsCustomField>1<")) || !bytes.Contains(src, []byte(">lookup<")) && !bytes.Contains(src, []byte(">customer<")) {
		return
	}
	_, names := customLookups(s)
	for _, name := range names {
		l.columns = append(l.columns, lookup{s.name, table, name})
	}
}

// customLookups returns the names of the lookup columns that somebody has added to a table, by their elements.
func customLookups(s *source) (at *source, names map[int32]string) {
	info := s.doc.Child(s.doc.Root(), "EntityInfo")
	if info == xmlspan.None {
		return s, nil
	}
	d := s.doc.Sub(info, 4)
	names = map[int32]string{}
	if list := d.At(d.Root(), "entity", "attributes"); list != xmlspan.None {
		for c := range d.Elements(list) {
			if kind := fold(child(d, c, "Type")); child(d, c, "IsCustomField") != "1" || kind != "LOOKUP" && kind != "CUSTOMER" {
				continue
			}
			name := child(d, c, "LogicalName")
			if name == "" {
				name = attr(d, c, "PhysicalName")
			}
			names[c] = name
		}
	}
	return &source{name: s.name, doc: d, mark: s.mark, above: s.path(info)}, names
}

// relationship notes which lookup column element i makes. Where all tables are written and none has such a column, nobody asks.
func (p *packing) relationship(d *xmlspan.Document, i int32) {
	l := &p.lookups
	if len(l.columns) == 0 && p.sections["Entities"] {
		return
	}
	if l.have == nil {
		l.have = map[[2]string]bool{}
	}
	l.have[[2]string{fold(strings.TrimSpace(child(d, i, "ReferencingEntityName"))), fold(strings.TrimSpace(child(d, i, "ReferencingAttributeName")))}] = true
}

// check tells of lookup columns without a relationship.
func (l *lookups) check(p *packing) error {
	if len(l.columns) == 0 {
		return nil
	}
	told := map[string]bool{}
	for _, c := range l.columns {
		if !l.have[c.key()] && !told[c.file] {
			told[c.file] = true
			if err := p.noteLookups(c, l.have); err != nil {
				return err
			}
		}
	}
	return nil
}

// noteLookups tells of the lookup columns of a table whose relationships are not there.
func (p *packing) noteLookups(of lookup, have map[[2]string]bool) error {
	data, err := p.read(of.file)
	if err != nil {
		return err
	}
	doc, err := parseXML(data, of.file, 1, p.tree.limits)
	if err != nil {
		return err
	}
	s, names := customLookups(&source{name: of.file, doc: doc})
	for _, c := range slices.Sorted(maps.Keys(names)) {
		if of.name = names[c]; !have[of.key()] {
			p.found.at(s, ruleLookupAlone, c, "lookup column %s of %s has no relationship: add it to %s and a file in %s, or remove the column", of.name, of.table, relationshipIndex, relationshipFolder)
		}
	}
	return nil
}
