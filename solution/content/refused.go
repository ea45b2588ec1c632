package content

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/model"
)

// CheckComponents returns what the platform refuses of the components of a solution, or makes unusable, sorted: faults that exports do
// not have, and what is written by hand may have. It is a part of [Check]. Errors are those of [model.Read]. It is safe for concurrent
// use.
func CheckComponents(p solution.Parts, opts *Options) (diag.List, error) {
	m, err := model.Read(p)
	if err != nil {
		return nil, err
	}
	x := inspection{m: m, base: BuiltinBase(), required: map[solution.Key]bool{}}
	if opts != nil && opts.Base != nil {
		x.base = opts.Base
	}
	if manifest := m.Manifest(); manifest != nil {
		x.required = requiredKeys(manifest)
	}
	for i := range refusals {
		x.count = 0
		refusals[i].look(&x, &refusals[i])
	}
	x.found.Sort()
	return x.found, nil
}

// An inspection is what the rules look at, and what they found.
type inspection struct {
	m        *model.Model
	base     *Base
	required map[solution.Key]bool // what the manifest declares as missing
	found    diag.List
	count    int // findings of the rule that looks now
}

// tell adds a finding about an element, as long as there are not too many of its rule.
func (x *inspection) tell(r *refusal, at model.Element, format string, args ...any) *diag.Diagnostic {
	x.count++
	if x.count > maxFindings+1 {
		return &diag.Diagnostic{}
	}
	d := diag.Diagnostic{Rule: r.rule.ID, Severity: r.rule.Severity, Location: at.Location(), Message: fmt.Sprintf(format, args...)}
	if x.count > maxFindings {
		d.Message, d.Location = "and more findings of this rule", diag.Location{File: d.Location.File}
	}
	x.found = append(x.found, d)
	return &x.found[len(x.found)-1]
}

// insertion returns an edit that adds text after the last child of an element.
func (x *inspection) insertion(e model.Element, text string) diag.Edit {
	_, at := e.Inner()
	for c := range e.Children() {
		_, at = c.Span()
	}
	place := x.m.Parts().Locate(e.Part(), at)
	return diag.Edit{File: place.File, Start: place.Start.Offset, End: place.Start.Offset, New: text}
}

// nameOf returns the element of a component that is closest to its name, else the component's element.
func nameOf(c model.Component) model.Element {
	for _, name := range []string{"Name", "LogicalName"} {
		if e := c.Element().Child(name); e.Exists() {
			return e
		}
	}
	return c.Element()
}

// isNew reports whether a package makes a table: it is not of the platform, and all of it is there.
func (x *inspection) isNew(t model.Table) bool {
	if !t.HasSettings() || x.base.Has(t.Key()) || x.required[t.Key()] {
		return false
	}
	root, ok := t.Root()
	return !ok || root.Behavior == solution.IncludeSubcomponents
}

// newTables calls f with each table that the package makes. An element of a table that only adds to another one of it is passed over.
func (x *inspection) newTables(f func(t model.Table)) {
	for t := range x.m.Tables() {
		if x.isNew(t) {
			f(t)
		}
	}
}

func tablesWithoutForm(x *inspection, r *refusal) {
	x.newTables(func(t model.Table) {
		for f := range t.Forms() {
			if f.Kind() == "main" {
				return
			}
		}
		x.tell(r, nameOf(t.Component), "table %q has no main form: add one", t.Name())
	})
}

func tablesWithoutPrimaryColumn(x *inspection, r *refusal) {
	x.newTables(func(t model.Table) {
		for c := range t.Columns() {
			if c.IsPrimaryName() {
				return
			}
		}
		x.tell(r, nameOf(t.Component), "table %q has no primary column: give the column that names its rows a DisplayMask with PrimaryName", t.Name())
	})
}

// statuses are the statuses of processes by their states.
var statuses = map[string]string{"0": "1", "1": "2", "2": "3"}

func processesWithoutState(x *inspection, r *refusal) {
	for c := range x.m.OfType(solution.TypeWorkflow) {
		e := c.Element()
		if e.Attr("unmodified") == "1" { // only named, as what the solution does not change
			continue
		}
		state, status := e.Child("StateCode"), e.Child("StatusCode")
		has, is := strings.TrimSpace(state.Text()), strings.TrimSpace(status.Text())
		want, known := statuses[has]
		switch {
		case !state.Exists() && !status.Exists():
			d := x.tell(r, e, "process %q has no StateCode and no StatusCode: add 0 and 1 for a draft, 1 and 2 for one that is switched on", c.Name())
			d.Fixes = []diag.Fix{{Message: "make it a draft", Edits: []diag.Edit{x.insertion(e, "<StateCode>0</StateCode><StatusCode>1</StatusCode>")}}}
		case !state.Exists():
			x.tell(r, status, "process %q has StatusCode %s and no StateCode: add the one of that status", c.Name(), is)
		case !known:
			x.tell(r, state, "process %q has StateCode %q: write 0 for a draft, 1 for one that is switched on", c.Name(), has)
		case !status.Exists():
			d := x.tell(r, state, "process %q has StateCode %s and no StatusCode: add %s", c.Name(), has, want)
			d.Fixes = []diag.Fix{{Message: "add the status of that state", Edits: []diag.Edit{x.insertion(e, "<StatusCode>"+want+"</StatusCode>")}}}
		case is != want:
			x.tell(r, status, "process %q has StatusCode %q with StateCode %s: write %s", c.Name(), is, has, want)
		}
	}
}

// prefixed are the types whose names have a prefix whenever they are not of the platform.
var prefixed = []solution.ComponentType{solution.TypeEntity, solution.TypeAttribute, solution.TypeOptionSet, solution.TypeEntityRelationship,
	solution.TypeWebResource, solution.TypeCustomAPI, solution.TypeEnvironmentVariableDefinition, solution.TypeConnectionReference}

func namesWithoutPrefix(x *inspection, r *refusal) {
	for _, t := range prefixed {
		for c := range x.m.OfType(t) {
			name := c.Key().Name()
			if name == "" || model.Prefix(name) != "" || x.base.Has(c.Key()) || !x.isCustom(c) {
				continue
			}
			prefix := "a prefix"
			if m := x.m.Manifest(); m != nil && m.Publisher().Prefix != "" {
				prefix = m.Publisher().Prefix + "_"
			}
			d := x.tell(r, nameOf(c), "%v %q has no prefix of a publisher: begin its name with %s", c.Type(), c.Name(), prefix)
			if t == solution.TypeWebResource {
				d.Severity = diag.Warning // some exports have them
			}
		}
	}
}

// isCustom reports whether a component can't be one of the platform, whatever its name.
func (x *inspection) isCustom(c model.Component) bool {
	switch v := c.View().(type) {
	case model.Table:
		return x.isNew(v)
	case model.Column:
		return v.IsCustom() && v.LogicalName() != "entityimage" // the image of a table, which the platform names
	case model.Relationship:
		return strings.TrimSpace(c.Element().Child("IsCustomRelationship").Text()) == "1"
	case model.Choice:
		_, nested := c.Owner()
		return !nested
	}
	return true
}

func duplicateIDs(x *inspection, r *refusal) {
	first := map[solution.Key]model.Component{}
	for c := range x.m.Components() {
		if c.ID().IsZero() {
			continue
		}
		k := solution.IDKey(c.Type(), c.ID())
		other, ok := first[k]
		if !ok {
			first[k] = c
			continue
		}
		d := x.tell(r, c.Element(), "%v %q has the GUID %v, as %q has: give one of them another", c.Type(), c.Name(), c.ID(), other.Name())
		d.Related = []diag.Related{{Location: other.Location(), Message: "the other one"}}
	}
}

func labelsWithoutBaseLanguage(x *inspection, r *refusal) {
	if x.m.Manifest() == nil {
		return
	}
	base := x.m.Manifest().Export().LanguageCode
	if base == "" {
		return
	}
	var walk func(e model.Element)
	walk = func(e model.Element) {
		var first model.Element
		has := false
		for c := range e.Children() {
			if language, ok := c.LookupAttr("languagecode"); ok {
				if !first.Exists() {
					first = c
				}
				has = has || strings.TrimSpace(language) == base
			}
			walk(c)
		}
		if first.Exists() && !has {
			x.tell(r, first, "%s has texts, but none in the base language %s: add one", e.Tag(), base)
		}
	}
	if root := x.m.Root(); root.Exists() {
		walk(root)
	}
}

func optionsOutsideRange(x *inspection, r *refusal) {
	if x.m.Manifest() == nil || x.m.Manifest().Publisher().OptionValuePrefix == 0 {
		return
	}
	publisher := x.m.Manifest().Publisher()
	least := publisher.OptionValuePrefix * 10000
	own := func(name string) bool { return strings.EqualFold(model.Prefix(name), publisher.Prefix) }
	look := func(name string, choice model.Choice) {
		var outside []string
		var first model.Option
		for o := range choice.Options() {
			if v, ok := o.Value(); ok && (v < least || v >= least+10000) {
				if outside == nil {
					first = o
				}
				outside = append(outside, strconv.Itoa(v))
			}
		}
		if len(outside) > 3 {
			outside = append(outside[:3], "...")
		}
		if outside != nil {
			x.tell(r, first.Element(), "%s has values outside of the publisher's range, %d to %d: %s", name, least, least+9999, strings.Join(outside, ", "))
		}
	}
	for c := range x.m.Choices() {
		if own(c.Name()) {
			look("choice "+strconv.Quote(c.Name()), c)
		}
	}
	for t := range x.m.Tables() {
		for c := range t.Columns() {
			if choice, ok := c.Choice(); ok && c.IsCustom() && own(c.LogicalName()) && strings.Contains(strings.ToLower(choice.Kind()), "picklist") {
				look(fmt.Sprintf("column %q of table %q", c.SchemaName(), t.Name()), choice)
			}
		}
	}
}

// lookupsWithoutTable tells of tables without a prefix, which can be those of an app of the platform, and of relationships of many to
// many with a severity of their own. The lookup of activities that every table can be in is passed over: exports list tables of it that
// they do not declare.
func lookupsWithoutTable(x *inspection, r *refusal) {
	look := func(rel model.Relationship, side string) {
		e := rel.Element().Child(side)
		name := strings.TrimSpace(e.Text())
		k := solution.NameKey(solution.TypeEntity, "", name)
		if name == "" || x.base.Has(k) || x.required[k] || x.required[rel.Key()] {
			return
		}
		if _, ok := x.m.Table(name); ok {
			return
		}
		d := x.tell(r, e, "relationship %q is with table %q, which is found nowhere and not declared: add the table, or what it needs to the missing dependencies", rel.Name(), name)
		if rel.IsManyToMany() || model.Prefix(name) == "" {
			d.Severity = diag.Warning
		}
	}
	for rel := range x.m.Relationships() {
		switch {
		case rel.IsManyToMany():
			look(rel, "FirstEntityName")
			look(rel, "SecondEntityName")
		case !strings.EqualFold(rel.Column(), "regardingobjectid"):
			look(rel, "ReferencingEntityName")
			look(rel, "ReferencedEntityName")
		}
	}
}
