package plan

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/diff"
)

// Changes are what an import changes of the version that is installed; see [Item].
type Changes struct {
	From string `json:"from"` // the version that was compared
	// Added, Removed and Changed count components, with what is nested in them and without noise.
	Added   int `json:"added"`
	Removed int `json:"removed"`
	Changed int `json:"changed"`
	// Unknown counts the components of which nobody can tell whether their change breaks those who use them.
	Unknown int `json:"unknown"`
	// Breaks are the changes that break those who use the component. What is dropped and stays breaks nothing.
	Breaks []Change `json:"breaks"`
	// Dropped are the components that the new version has not, without what is nested in them: an upgrade deletes them, unless
	// another solution has them too, and an update keeps them. See Deletes of [Step] for what is known to go.
	Dropped []Subject `json:"dropped"`
	// Keeps says that the import removes none of Dropped.
	Keeps bool `json:"keeps,omitzero"`
}

// A Change is one change that breaks those who use a component.
type Change struct {
	Component ComponentID `json:"component"`
	Title     string      `json:"title,omitzero"` // for people, of a component that is named by a GUID
	Op        diff.Op     `json:"op"`
	Path      string      `json:"path,omitzero"` // of what changed in the component; empty: the component as a whole
	Old       string      `json:"old,omitzero"`
	New       string      `json:"new,omitzero"`
	Reason    string      `json:"reason,omitzero"`
	// OldAt and NewAt are places in the installed version and in the package, without End.
	OldAt diag.Location `json:"-"`
	NewAt diag.Location `json:"-"`
}

// A changeDocument is the JSON form of a change.
type changeDocument struct {
	changeFields
	OldAt *placeDocument `json:"oldAt,omitzero"`
	NewAt *placeDocument `json:"newAt,omitzero"`
}

type changeFields Change // without methods

// MarshalJSON returns the change as a step has it.
func (c Change) MarshalJSON() ([]byte, error) {
	return marshal(changeDocument{changeFields(c), placeIfAny(c.OldAt), placeIfAny(c.NewAt)})
}

// UnmarshalJSON reads what [Change.MarshalJSON] writes.
func (c *Change) UnmarshalJSON(src []byte) error {
	var doc changeDocument
	if err := json.Unmarshal(src, &doc); err != nil {
		return err
	}
	*c = Change(doc.changeFields)
	for _, x := range []struct {
		to   *diag.Location
		from *placeDocument
	}{{&c.OldAt, doc.OldAt}, {&c.NewAt, doc.NewAt}} {
		if x.from != nil {
			*x.to = x.from.location()
		}
	}
	return nil
}

func placeIfAny(at diag.Location) *placeDocument {
	if at.File == "" {
		return nil
	}
	p := placeOf(at)
	return &p
}

// checkChanges says what of the comparisons that came with a batch does not fit to it or to what is installed.
func (r *resolution) checkChanges() error {
	for _, s := range r.steps {
		c := s.compared
		if c == nil {
			continue
		}
		st := s.state()
		switch {
		case solution.Fold(c.New.UniqueName) != solution.Fold(s.name()) || c.New.Version != s.manifest.VersionText():
			return fmt.Errorf("%s %s: its changes are those to %s %s: compare what is installed with this package", s.name(), s.manifest.VersionText(), c.New.UniqueName, c.New.Version)
		case solution.Fold(c.Old.UniqueName) != solution.Fold(s.name()):
			return fmt.Errorf("%s: its changes are those from %s, which is another solution: compare with the installed version", s.name(), c.Old.UniqueName)
		case !st.installed:
			return fmt.Errorf("%s: it has changes from %s, and the environment has no such solution: add it, or leave the changes out", s.name(), c.Old.Version)
		case st.version != (solution.Version{}) && !sameVersion(c.Old.Version, st.version):
			return fmt.Errorf("%s: its changes are those from %s, and the environment has %s: compare with that version", s.name(), c.Old.Version, st.text)
		}
	}
	return nil
}

func sameVersion(text string, v solution.Version) bool {
	w, err := solution.ParseVersion(text)
	return err == nil && v.Compare(w) == 0
}

// A changeCheck says what an import changes, and who else uses what it breaks.
type changeCheck struct {
	*importing
	out      *recorder
	changes  *Changes
	broken   []broken
	replaced bool    // the import, or applying it later, may delete what was dropped
	family   []int32 // the solution with its patches, as they were before
	was      string  // the version that is there before
}

// A broken component is one with changes that break those who use it.
type broken struct {
	n       id   // noID: nobody names it
	targets []id // it, and what goes with it
	changes []Change
	gone    bool // it was removed
	unsure  bool // it is not known whether that deletes it
	uses    []found
}

// run looks at the changes before the import.
func (c *changeCheck) run() {
	c.family = c.world.family(c.solution)
	if c.compared == nil {
		return
	}
	c.replaced = c.replaces()
	c.changes = &Changes{From: c.compared.Old.Version, Breaks: []Change{}, Dropped: []Subject{}, Keeps: !c.replaced}
	removed := map[solution.Key]int{} // to the index in broken
	var nested []diff.Component
	for x := range c.compared.Changes() {
		if x.Op == diff.Removed {
			removed[x.Key] = -1
		}
	}
	for x := range c.compared.Changes() {
		c.count(&x)
		_, goes := removed[x.Owner]
		switch {
		case x.Op != diff.Removed:
			c.look(&x)
		case goes && !x.Owner.IsZero():
			nested = append(nested, x)
		default:
			c.changes.Dropped = append(c.changes.Dropped, c.titled(&x))
			removed[x.Key] = len(c.broken)
			c.look(&x)
		}
	}
	for _, x := range nested {
		if n, known := c.lookup(x.Key); known && removed[x.Owner] >= 0 && removed[x.Owner] < len(c.broken) {
			b := &c.broken[removed[x.Owner]]
			b.targets = append(b.targets, n)
		}
	}
}

// lookAt takes what the import deletes, as far as no comparison told of it: each component with its parts.
func (c *changeCheck) lookAt(d *deletion) {
	if d == nil {
		return
	}
	told := map[id]bool{}
	for _, b := range c.broken {
		told[b.n] = true
	}
	tops, parts := d.tops()
	for _, n := range c.sorted(tops) {
		if told[n] {
			continue
		}
		x := c.subject(n)
		c.broken = append(c.broken, broken{n: n, targets: append([]id{n}, parts[n]...), gone: true,
			changes: []Change{{Component: x.Component, Title: x.Title, Op: diff.Removed}}})
	}
}

// look takes a component that changed.
func (c *changeCheck) look(x *diff.Component) {
	if x.Op == diff.Removed && !c.replaced {
		return // it stays
	}
	list := c.breaking(x)
	c.changes.Breaks = append(c.changes.Breaks, list...)
	b := broken{n: noID, changes: slices.DeleteFunc(slices.Clone(list), ofOperation), gone: x.Op == diff.Removed}
	if len(b.changes) == 0 {
		return
	}
	b.unsure = !c.knows(c.solution, x.Key.Type())
	if n, known := c.lookup(x.Key); known {
		b.n, b.targets = n, []id{n}
	}
	c.broken = append(c.broken, b)
}

// ofOperation reports whether a change is one of an operation of a connector, of which another check tells who calls it.
func ofOperation(c Change) bool {
	return c.Component.Kind() == string(solution.TypeConnector) && c.Path != ""
}

func (c *changeCheck) count(x *diff.Component) {
	switch x.Op {
	case diff.Added:
		c.changes.Added++
	case diff.Removed:
		c.changes.Removed++
	default:
		c.changes.Changed++
	}
	if x.Impact == connector.Unknown {
		c.changes.Unknown++
	}
}

// titled returns a component of a comparison as facts have it.
func (c *changeCheck) titled(x *diff.Component) Subject {
	switch x.Key.Type() {
	case diff.TypeSolution, diff.TypeCustomizations:
		return Subject{Component: solutionComponent(c.name())}
	}
	title := x.Title
	if title == "" {
		title = x.Name
	}
	return titledSubject(ComponentOf(x.Key), title)
}

// breaking returns the changes of a component that break those who use it.
func (c *changeCheck) breaking(x *diff.Component) []Change {
	if x.Impact != connector.Breaking {
		return nil
	}
	subject := c.titled(x)
	change := func(op diff.Op, path, old, new, reason string, oldAt, newAt diag.Location) Change {
		oldAt.End, newAt.End = oldAt.Start, newAt.Start
		return Change{Component: subject.Component, Title: subject.Title, Op: op, Path: path, Old: withoutSecret(path, old), New: withoutSecret(path, new), Reason: reason, OldAt: oldAt, NewAt: newAt}
	}
	if x.Op != diff.Changed {
		return []Change{change(x.Op, "", "", "", x.Reason, x.Old, x.New)}
	}
	var out []Change
	for i := range x.Properties {
		if p := &x.Properties[i]; p.Impact == connector.Breaking {
			out = append(out, change(p.Op, p.Path, p.Old, p.New, p.Reason, p.OldAt, p.NewAt))
		}
	}
	return out
}

// withoutSecret returns a text, or what stands for one that looks like a credential.
func withoutSecret(name, text string) string {
	if looksSecret(name, text) {
		return hidden
	}
	return text
}

// usedBy finds who uses what breaks, in the state behind all steps: other steps may have brought versions that use it no more, or
// that begin to.
func (r *resolution) usedBy(order []int) {
	byTarget := map[ComponentID][]*broken{}
	targets := map[id]bool{}
	owners := map[*broken]*stepper{}
	told := map[toldUse]bool{}
	for _, i := range order {
		s := r.steps[i]
		s.noteTold(told)
		goes := map[id]bool{}
		for _, n := range s.deletes {
			goes[n] = true
		}
		stays := map[ComponentID]bool{}
		for j := range s.changed.broken {
			b := &s.changed.broken[j]
			if b.gone && s.action == Upgrade && s.importable() && b.n != noID && goes[b.n] && r.exists(b.n) {
				continue // a later step brings it again
			}
			if b.gone && !b.unsure && !goes[b.n] {
				stays[b.changes[0].Component] = true
				continue
			}
			owners[b] = s
			for _, n := range b.targets {
				targets[n] = true
				byTarget[r.text(n)] = append(byTarget[r.text(n)], b)
			}
		}
		s.changed.keep(stays)
	}
	if len(targets) == 0 {
		return
	}
	for i, f := range r.contents {
		if !r.active[i] {
			continue
		}
		for _, u := range r.usesIn(f, targets) {
			if r.covered(u.by, f.solution) || r.overwritten(u.by, int32(i)) {
				continue
			}
			for _, b := range byTarget[u.Need] {
				if s := owners[b]; !slices.Contains(s.changed.family, f.solution) && f.solution != r.pending(s.solution) && !(b.gone && told[toldUse{b.changes[0].Component, u.By}]) {
					b.uses = append(b.uses, u)
				}
			}
		}
	}
	for _, i := range order {
		r.steps[i].changed.tell()
	}
}

// keep notes which components that were dropped break nothing: only a layer goes, or another solution takes them over.
func (c *changeCheck) keep(stays map[ComponentID]bool) {
	if len(stays) > 0 && c.changes != nil {
		c.changes.Breaks = slices.DeleteFunc(c.changes.Breaks, func(x Change) bool { return x.Op == diff.Removed && x.Path == "" && stays[x.Component] })
	}
}

// A toldUse is a use of a component of which a refused deletion tells.
type toldUse struct{ of, by ComponentID }

// noteTold notes the uses of which other findings of the step tell.
func (s *stepper) noteTold(told map[toldUse]bool) {
	for _, f := range s.record.findings {
		if f.Rule == ruleDeleteBlocked.ID {
			for _, by := range f.Components[1:] {
				told[toldUse{f.Components[0], by}] = true
			}
		}
	}
}

// tell tells who uses what breaks, and of whom that is not known.
func (c *changeCheck) tell() {
	for i := range c.broken {
		b := &c.broken[i]
		if len(b.uses) == 0 {
			continue
		}
		first := b.changes[0]
		facts := Facts{Action: c.action, About: Subject{Component: first.Component, Title: first.Title}, Old: c.from(), New: c.manifest.VersionText(), Changes: b.changes}
		about := []ComponentID{first.Component}
		for _, u := range onceEach(b.uses) {
			user := Subject{Component: u.By, Solution: u.Solution}
			if u.by != noID {
				user.Title = c.subject(u.by).Title
			}
			about = append(about, u.By)
			facts.By, facts.Uses = append(facts.By, user), append(facts.Uses, u.Use)
		}
		at := first.NewAt
		if b.gone {
			at = first.OldAt
		}
		c.out.tell(ruleBreaksUser, at, about, facts)
	}
	if c.compared == nil {
		return // of whom that is not known, what tells of the deletions tells
	}
	unknown := c.unknownUsers(c.family)
	if len(c.broken) > 0 && len(unknown) > 0 && !slices.ContainsFunc(c.out.findings, func(f Finding) bool {
		return f.Rule == ruleInventoryUnknown.ID && f.Facts.Case == caseUsers
	}) {
		c.out.tell(ruleInventoryUnknown, diag.Location{}, andSolutions(c.out.whole(), unknown), Facts{Case: caseBroken, Unknown: unknown})
	}
}

// from is the version that is there before the import, as whoever compared has written it.
func (c *changeCheck) from() string {
	if c.compared != nil {
		return c.compared.Old.Version
	}
	return c.was
}

// onceEach sorts uses and keeps one place of each pair, in what uses rather than in the list of its manifest.
func onceEach(list []found) []found {
	listed := func(u *found) int {
		if u.Location.File == "" || u.Location.File == solution.ManifestFile {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b found) int {
		return cmp.Or(comparePairs(&a.Use, &b.Use), cmp.Compare(listed(&a), listed(&b)), comparePlacesOf(&a.Use, &b.Use))
	})
	return slices.CompactFunc(list, func(a, b found) bool { return comparePairs(&a.Use, &b.Use) == 0 })
}
