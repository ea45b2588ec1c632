package plan

import (
	"fmt"
	"slices"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A stepper is the import of one package.
type stepper struct {
	*world
	r        *resolution
	index    int // in the batch
	pkg      *Package
	manifest *solution.Manifest
	mode     solution.Kind // of the package
	facts    *facts
	number   int32 // of the facts
	solution int32

	action    Action
	parent    int32 // of a patch, -1: none is known
	parentRef solution.Ref
	loop      []int // a shortest loop of steps that it is in, nil if it is in none
	double    bool  // the batch has another package of the same name

	out     Step
	waits   map[string]bool   // packages of the batch that are missed
	refused bool              // for a reason that is none of waits
	unbound map[string]string // folded names of references without a connection, and why

	deletes       []id            // what Deletes of out says
	offFlows      []offFlow       // children first
	comesLater    map[string]bool // folded names of references whose connector the package brings
	mayBeBound    map[string]bool // folded names of references that may have a connection
	unusable      []*Connection   // by who imports
	vaults        []string        // secrets that need access to their vault
	newConnectors map[id]bool
	unsureSecrets map[string]bool // names of connectors that may not ask for secrets
	secretsEnd    int             // of the sentences about secrets in ManualAfter
}

// choose decides how the package is imported.
func (s *stepper) choose(a Action) {
	s.parent = -1
	name, ref := s.world.patchOf(s.pkg)
	if name == "" && a == Patch {
		name = s.world.likelyParent(s.solution)
	}
	switch {
	case name != "":
		s.action, s.parent, s.parentRef = Patch, s.world.solution(name), ref
	case a == Patch:
		s.action = Patch
	case !s.state().installed:
		s.action = Install
	case a == Install, a == Stage && !s.managed():
		s.action = Update // there is one unmanaged layer, so nothing can stand beside it
	case a == "":
		s.action = Upgrade
	default:
		s.action = a
	}
}

func (s *stepper) state() *state { return &s.world.solutions[s.solution] }

func (s *stepper) managed() bool { return s.mode == solution.Managed }

func (s *stepper) publisher() string { return s.manifest.Publisher().UniqueName }

// name is the unique name as the package writes it.
func (s *stepper) name() string { return s.pkg.name }

// replaces reports whether the import removes what the installed version has and the package has not.
func (s *stepper) replaces() bool {
	return (s.action == Upgrade || s.action == Stage) && s.managed() && s.state().isManaged()
}

// checks are the rules, in the order in which they look at a package.
var checks = []func(s *stepper){
	(*stepper).checkParts,
	(*stepper).checkDouble,
	(*stepper).checkLoop,
	(*stepper).checkFormat,
	(*stepper).checkMode,
	(*stepper).checkPublisher,
	(*stepper).checkPending,
	(*stepper).checkVersion,
	(*stepper).checkPatch,
	(*stepper).checkNeeds,
	(*stepper).checkProviderVersions,
	(*stepper).checkTables,
	(*stepper).checkColumns,
	(*stepper).checkControls,
	(*stepper).checkUnmanagedBase,
	(*stepper).checkHidden,
	(*stepper).checkDrops,
	(*stepper).checkConnectors,
	(*stepper).checkReferences,
	(*stepper).checkRawConnections,
	(*stepper).checkVariables,
	(*stepper).checkFlows,
	(*stepper).checkManual,
}

// run looks at the package in the present state of the world, and changes that if it can be imported.
func (s *stepper) run() {
	st := s.state()
	s.out = Step{Solution: s.name(), Version: s.manifest.VersionText(), Action: s.action, Status: Ready, BlockedBy: []string{}, Findings: []Finding{},
		Prompts: []string{}, Bound: map[string]string{}, Kept: []string{}, VariablesNeeded: []string{}, Secrets: []Secret{}, Deletes: []Component{},
		ManualBefore: []string{}, ManualAfter: []string{}}
	s.waits, s.unbound = map[string]bool{}, map[string]string{}
	s.comesLater, s.mayBeBound, s.newConnectors, s.unsureSecrets = map[string]bool{}, map[string]bool{}, map[id]bool{}, map[string]bool{}
	if st.installed {
		s.out.From = st.text
	}
	for _, check := range checks {
		check(s)
	}
	switch {
	case s.refused:
		s.out.Status = Blocked
	case len(s.waits) > 0:
		s.out.Status = BlockedBy
	default:
		s.apply()
	}
	for name := range s.waits {
		if s.loop != nil {
			break // what keeps it is the loop
		}
		s.out.BlockedBy = append(s.out.BlockedBy, name)
	}
	slices.Sort(s.out.BlockedBy)
}

// importable reports whether the step was gone through and done.
func (s *stepper) importable() bool { return s.out.Status == Ready && s.out.Solution != "" }

// wait notes that the step misses another package of the batch.
func (s *stepper) wait(other *stepper) { s.waits[other.name()] = true }

// add adds a finding about components. One of severity error blocks the step.
func (s *stepper) add(id string, at diag.Location, about []Component, format string, args ...any) {
	s.addAs(id, severityOf(id), at, about, format, args...)
}

func (s *stepper) addAs(id string, severity Severity, at diag.Location, about []Component, format string, args ...any) {
	if severity == Error {
		s.refused = true
	}
	s.out.Findings = append(s.out.Findings, newFinding(id, severity, at, about, format, args...))
}

// alike notes how reports say the last finding together with others like it; see [Plan].groups.
func (s *stepper) alike(format string) {
	f := &s.out.Findings[len(s.out.Findings)-1]
	s.r.groups[saying{f.ID, f.Message}] = format
}

func newFinding(id string, severity Severity, at diag.Location, about []Component, format string, args ...any) Finding {
	return Finding{ID: id, Severity: severity, Message: fmt.Sprintf(format, args...), Components: uniqueComponents(about),
		File: at.File, Path: at.Path, Line: at.Start.Line, Column: at.Start.Column}
}

// uniqueComponents drops repetitions and keeps the order.
func uniqueComponents(list []Component) []Component {
	out := make([]Component, 0, len(list))
	var seen map[Component]bool // of a list that is too long to go through again and again
	if len(list) > 16 {
		seen = make(map[Component]bool, len(list))
	}
	for _, c := range list {
		if seen[c] || seen == nil && slices.Contains(out, c) {
			continue
		}
		if out = append(out, c); seen != nil {
			seen[c] = true
		}
	}
	return out
}

// whole is what findings about the whole package are about.
func (s *stepper) whole() []Component { return []Component{SolutionComponent(s.name())} }

// place returns where a need is written.
func (f *facts) place(n *need) diag.Location {
	switch {
	case n.dependency >= 0:
		return f.pkg.dependencies[n.dependency].Location
	case n.reference >= 0:
		return f.pkg.references[n.reference].Location
	}
	return diag.Location{}
}

// enumerate returns texts as "a, b and c", cut short.
func enumerate[T ~string](list []T) string {
	const most = 5
	text := ""
	for i, x := range list {
		switch {
		case i == most && len(list) > most+1:
			return fmt.Sprintf("%s and %d more", text, len(list)-most)
		case i == 0:
		case i == len(list)-1:
			text += " and "
		default:
			text += ", "
		}
		text += string(x)
	}
	return text
}
