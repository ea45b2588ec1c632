package plan

import (
	"maps"
	"slices"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// A dropCheck looks at what the installed version has and the package has not: what an upgrade deletes and may not delete, or
// what an update leaves behind.
type dropCheck struct {
	*importing
	out     *recorder
	r       *resolution // for who else takes it over or stops using it
	waiting *waiting
}

// drop returns what goes: with the import, or, of a staged upgrade, when somebody applies it.
func (c *dropCheck) drop() *deletion {
	if !c.mayDrop() || c.action == Install || c.action == Patch {
		return nil
	}
	c.unknownInventory()
	drops := c.drops()
	if c.action == Update {
		c.leaves(drops)
		return nil
	}
	d := c.newDeletion(c.family(c.solution), drops, c.publisherNow())
	c.unordered(d)
	if c.action != Stage { // which is judged when all steps have been gone through: others may stop using what goes
		c.judge(d)
	}
	return d
}

func (c *dropCheck) mayDrop() bool {
	return c.state().installed && c.managed() && c.state().isManaged()
}

// dropStaged says what applying a staged upgrade will delete, in the state behind all steps.
func (c *dropCheck) dropStaged() *deletion {
	if c.action != Stage || !c.mayDrop() {
		return nil
	}
	family := c.family(c.solution)
	if staged := c.pending(c.solution); staged >= 0 {
		family = append(family, staged)
	}
	d := c.newDeletion(family, c.drops(), c.publisherNow())
	for i := range c.contents.needs { // the new version does not go, and may use what it drops
		if n := &c.contents.needs[i]; n.tracked && d.gone[n.need] && d.above[n.need] == nil {
			d.users[n.need] = append(d.users[n.need], user{n.by, c.solution})
		}
	}
	c.judge(d)
	return d
}

// judge reports what goes, and what keeps it.
func (c *dropCheck) judge(d *deletion) {
	for _, n := range d.list {
		late := c.waiting.waitFor(c.r.takers(c.importing, n))
		if above := d.above[n]; above != nil {
			about, layers := c.layersAbove(n, above)
			c.refuse(ruleBaseLayerForeignAbove, about, Facts{About: c.subject(n), Layers: layers})
		} else if users := d.users[n]; users != nil {
			c.blocked(n, users, late)
		}
		c.connections(n)
	}
	c.deletes(d)
	if unknown := c.unknownUsers(d.family); len(unknown) > 0 && len(d.list) > 0 {
		c.out.tell(ruleInventoryUnknown, diag.Location{}, andSolutions(c.texts(d.list), unknown), Facts{Case: caseUsers, Unknown: unknown})
	}
}

// unordered says where the base layer of a component is not known, because the environment does not say which of two
// solutions was installed first.
func (c *dropCheck) unordered(d *deletion) {
	if !c.tied[c.state().order] {
		return
	}
	var list []id
	var with []string
	for _, h := range d.holds {
		if !h.created || c.isBase(h.id) {
			continue
		}
		for _, l := range c.layers(h.id).all() {
			if other := &c.solutions[l]; !slices.Contains(d.family, l) && other.order == c.state().order && c.solutionCreates(l, h.id) {
				list, with = append(list, h.id), append(with, other.name)
			}
		}
	}
	if len(list) == 0 {
		return
	}
	slices.Sort(with)
	with = slices.Compact(with)
	c.out.tell(ruleInventoryUnknown, diag.Location{}, andSolutions(c.texts(list), with), Facts{Case: caseBaseLayer, Solutions: with})
}

// unknownInventory says that deletions cannot be computed, or not all.
func (c *dropCheck) unknownInventory() {
	for _, member := range c.family(c.solution) {
		for _, i := range c.solutions[member].contents {
			f := c.world.contents[i]
			if f.complete && !f.leftovers {
				continue
			}
			name := c.solutions[member].name
			facts := Facts{Case: caseDeleted, Action: c.action}
			if !f.leftovers { // else of no kind all is known
				for _, t := range slices.Sorted(maps.Keys(f.kinds)) {
					facts.Values = append(facts.Values, string(t))
				}
			}
			facts.Unknown = []string{name}
			c.out.tell(ruleInventoryUnknown, diag.Location{}, []ComponentID{solutionComponent(name)}, facts)
			return
		}
	}
}

func (c *dropCheck) leaves(drops []held) {
	var list []id
	for _, h := range drops {
		if h.created && !c.isBase(h.id) {
			list = append(list, h.id)
		}
	}
	if len(list) > 0 {
		c.out.tell(ruleUpdateLeaves, diag.Location{}, c.texts(list), Facts{})
	}
}

// blocked reports a deletion that the platform refuses. If all that use the component would stop, or another package
// would take it over, and they could only not be imported themselves, the package waits for them.
func (c *dropCheck) blocked(n id, users []user, late bool) {
	about, by := c.keepers(n, users)
	facts := Facts{About: c.subject(n), By: by, Code: codeStillUsed}
	var waits []*stepper
	for _, u := range users {
		if o := c.releasing(n, u); o != nil {
			waits = append(waits, o)
		}
	}
	if len(waits) < len(users) && !late || c.action == Stage {
		c.refuse(ruleDeleteBlocked, about, facts)
		return
	}
	c.out.mention(ruleDeleteBlocked, diag.Error, diag.Location{}, about, facts)
	for _, o := range waits {
		c.waiting.wait(o)
	}
}

// releasing returns the package of the batch whose import would end a use, and cannot be imported.
func (c *dropCheck) releasing(n id, u user) *stepper {
	for _, o := range c.r.replacing(u.solution) {
		if o.number == c.number || o.importable() {
			continue
		}
		if u.by != noID && c.isPart(u.by, n) {
			if o.action == Upgrade && !c.holds(o.number, u.by) {
				return o
			}
		} else if slices.Contains(c.r.endingUse(u.solution, n, u.by), o) {
			return o
		}
	}
	return nil
}

// refuse adds a finding about a deletion that is refused: at once, or when somebody applies a staged upgrade.
func (c *dropCheck) refuse(rule diag.Rule, about []ComponentID, facts Facts) {
	severity := rule.Severity
	if facts.Action = c.action; c.action == Stage {
		severity = diag.Warning
	}
	c.out.tellAs(rule, severity, diag.Location{}, about, facts)
}

// deletes reports what is deleted: each component with the parts of it that go too.
func (c *dropCheck) deletes(d *deletion) {
	tops, parts := d.tops()
	for _, n := range c.sorted(tops) {
		names := c.takerNames(n)
		about := andSolutions(append([]ComponentID{c.text(n)}, c.texts(parts[n])...), names)
		c.out.tell(ruleUpgradeDeletes, diag.Location{}, about, Facts{Action: c.action, About: c.subject(n), Solutions: names})
	}
}

// takerNames returns the packages of the batch that would take a component over, and have not.
func (c *dropCheck) takerNames(n id) []string {
	var out []string
	for _, t := range c.r.takers(c.importing, n) {
		out = append(out, t.name())
	}
	slices.Sort(out)
	return slices.Compact(out)
}
