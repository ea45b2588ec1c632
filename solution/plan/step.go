package plan

import (
	"slices"
)

// A stepper is the import of one package: the outcome of its checks, which others ask for.
type stepper struct {
	importing
	r      *resolution
	index  int   // in the batch
	loop   []int // a shortest loop of steps that it is in, nil if it is in none
	loopAt int   // its place there

	record  recorder
	waiting waiting
	out     Step

	changed    changeCheck
	connectors connectorCheck
	endpoints  []Task // keys to enter
	bindings   referenceCheck
	values     variableCheck
	flows      []offFlow // that stay off, children first
	deletes    []id      // what Deletes of out says
	later      int       // where tasks for later steps belong in ManualAfter
}

func newStepper(r *resolution, index int, item Item) *stepper {
	s := &stepper{r: r, index: index, importing: newImporting(r.world, item.Solution, int32(r.firstOfBatch+index), item.Action)}
	s.compared = item.Changes
	s.record.solution = s.name()
	s.waiting = waiting{self: s, names: map[string]bool{}}
	return s
}

// run looks at the package in the present state of the world, and changes that if it can be imported.
func (s *stepper) run() {
	s.out = Step{Solution: s.name(), Version: s.manifest.VersionText(), Action: s.action, Status: Ready, BlockedBy: []string{}, Deletes: []ComponentID{}}
	if st := s.state(); st.installed {
		s.out.From = st.text
	}
	s.check()
	switch {
	case s.record.refused:
		s.out.Status = Blocked
	case len(s.waiting.names) > 0:
		s.out.Status = BlockedBy
	default:
		s.apply()
	}
	if s.loop == nil { // else what keeps it is the loop
		for name := range s.waiting.names {
			s.out.BlockedBy = append(s.out.BlockedBy, name)
		}
	}
	slices.Sort(s.out.BlockedBy)
}

// check lets the rules look at the package, in the order in which a step tells of them.
func (s *stepper) check() {
	in, out := &s.importing, &s.record
	checkParts(in, out)
	if checkDouble(in, out, s.r.named[s.solution], s.r.isMixed) {
		return // what else there is to tell depends on which of them is meant
	}
	s.r.tellLoop(s)
	checkFormat(in, out)
	checkMode(in, out)
	checkPublisher(in, out)
	checkPending(in, out)
	checkVersion(in, out)
	patch := patchCheck{importing: in, out: out, parents: s.r.named[s.parent], waiting: &s.waiting}
	patch.run()
	needs := needsCheck{importing: in, out: out, r: s.r, waiting: &s.waiting}
	needs.needs()
	needs.providerVersions()
	checkTables(in, out, func(n id) bool { return s.r.takesOver(s, n) })
	checkColumns(in, out)
	checkControls(in, out)
	checkUnmanagedBase(in, out)
	checkHidden(in, out)
	goes := s.dropped().drop()
	s.setDeletes(goes)
	s.changed = changeCheck{importing: in, out: out, was: s.out.From}
	s.changed.run()
	s.changed.lookAt(goes)
	s.connectors = connectorCheck{importing: in, out: out, settings: s.r.settings}
	s.connectors.run()
	s.endpoints = checkEndpoints(in, out)
	checkConnectorUpdates(in, out, s.r)
	checkCalls(in, out)
	s.bindings = referenceCheck{importing: in, out: out, settings: s.r.settings, used: s.r.used}
	s.bindings.run()
	checkRawConnections(in, out)
	s.values = variableCheck{importing: in, out: out, settings: s.r.settings}
	s.values.run()
	flows := flowCheck{importing: in, out: out, prompts: s.bindings.prompts, unbound: s.bindings.unbound}
	s.flows = flows.run()
	s.describe()
}

// dropped returns the check of what the installed version has and the package has not.
func (s *stepper) dropped() *dropCheck {
	return &dropCheck{importing: &s.importing, out: &s.record, r: s.r, waiting: &s.waiting}
}

func (s *stepper) setDeletes(d *deletion) {
	if d != nil {
		s.deletes, s.out.Deletes, s.out.Titles = d.list, s.texts(d.list), s.titles(d.list)
	}
}

// describe puts what the checks found out into the step.
func (s *stepper) describe() {
	s.out.Changes = s.changed.changes
	s.out.Secrets = append([]Secret{}, s.connectors.secrets...)
	s.out.Prompts, s.out.Bound, s.out.Kept = s.bindings.prompts, s.bindings.bound, s.bindings.kept
	s.out.VariablesNeeded = s.values.needed
	s.out.ManualBefore, s.out.ManualAfter, s.later = s.tasks()
}

// importable reports whether the step was gone through and done.
func (s *stepper) importable() bool { return s.out.Status == Ready && s.out.Solution != "" }

// A waiting is the packages of the batch that a step misses.
type waiting struct {
	self  *stepper
	names map[string]bool
}

func (w *waiting) wait(other *stepper) { w.names[other.name()] = true }

// waitFor notes the packages among list that could not be imported, and reports whether there is one.
func (w *waiting) waitFor(list []*stepper) bool {
	missed := false
	for _, other := range list {
		if other != w.self && other.solution != w.self.solution && !other.importable() {
			w.wait(other)
			missed = true
		}
	}
	return missed
}
