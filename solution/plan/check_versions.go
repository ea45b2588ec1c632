package plan

import (
	"slices"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// The numbers of the platform's errors.
const (
	codeStillWaits   = "0x80048539" // an upgrade waits, or a patch does not fit
	codeNotHigher    = "0x80048541"
	codeColumnType   = "0x80041A06"
	codeStillUsed    = "0x8004F01F"
	codeNotRemovable = "0x8004F01D"
)

// checkPending refuses an import while a staged upgrade of the solution waits.
func checkPending(s *importing, out *recorder) {
	base := s.solution
	if s.action == Patch {
		base = s.parent
	}
	if base < 0 {
		return
	}
	waiting := s.pending(base)
	if waiting < 0 || s.action == Install {
		return
	}
	name := s.solutions[waiting].name
	out.tell(rulePendingUpgrade, s.inManifest("UniqueName"), append(out.whole(), solutionComponent(name)), Facts{Solutions: []string{name}, Code: codeStillWaits})
}

// checkVersion compares the version with the installed one. How strict it is with updates is for policies to say.
func checkVersion(s *importing, out *recorder) {
	st := s.state()
	if !st.installed || s.action == Patch || !s.managed() || !st.isManaged() || st.version == (solution.Version{}) {
		return
	}
	if s.action == Update {
		if names := s.patchNames(); len(names) > 0 {
			tellPolicy(s, out, ruleOverPatches, policyOverPatches, Facts{Solutions: names})
		}
	}
	order := s.manifest.Version().Compare(st.version)
	facts := Facts{Action: s.action, New: s.manifest.VersionText(), Old: st.version.String(), Code: codeNotHigher}
	switch {
	case order > 0:
	case s.action != Update:
		out.tell(ruleVersionNotHigher, s.inManifest("Version"), out.whole(), facts)
	case order < 0:
		tellPolicy(s, out, ruleVersionNotHigher, policyLower, facts)
	default:
		tellPolicy(s, out, ruleVersionNotHigher, policyEqual, facts)
	}
}

// tellPolicy adds a finding about the version of the package whose severity is the value of a policy, none for "allow".
func tellPolicy(s *importing, out *recorder, rule diag.Rule, policy string, facts Facts) {
	var severity diag.Severity
	if err := severity.UnmarshalText([]byte(s.pol.value(policy))); err != nil {
		return // allow
	}
	facts.Policy = policy
	out.tellAs(rule, severity, s.inManifest("Version"), andSolutions(out.whole(), facts.Solutions), facts)
}

// patchNames returns the installed patches of the solution, by version.
func (s *importing) patchNames() []string {
	var names []string
	for _, q := range s.state().patches {
		if other := &s.solutions[q]; other.installed {
			names = append(names, other.name)
		}
	}
	return names
}

// A patchCheck holds a patch against its parent as that is now.
type patchCheck struct {
	*importing
	out     *recorder
	parents []*stepper // the packages of the batch that bring the parent
	waiting *waiting
}

func (c *patchCheck) run() {
	if c.action != Patch {
		return
	}
	at := c.inManifest("ParentSolution")
	if c.parent < 0 {
		c.out.tell(rulePatchParent, at, c.out.whole(), Facts{Case: caseUnnamed})
		return
	}
	parent := &c.solutions[c.parent]
	about := append(c.out.whole(), solutionComponent(parent.name))
	names := []string{parent.name}
	if parent.patchOf >= 0 || slices.ContainsFunc(c.parents, func(p *stepper) bool { return p.action == Patch }) {
		c.out.tell(rulePatchParent, at, about, Facts{Case: casePatch, Solutions: names})
		return
	}
	if !parent.installed {
		if missed := c.waiting.waitFor(c.parents); !missed {
			c.out.tell(rulePatchParent, at, about, Facts{Case: caseAbsent, Solutions: names})
		}
		return
	}
	if parent.managed != nil && *parent.managed != c.managed() {
		c.out.tell(rulePatchMode, c.inManifest("Managed"), about, Facts{New: modeOf(c.managed()), Old: modeOf(*parent.managed), Solutions: names})
	}
	if parent.version != (solution.Version{}) {
		c.version(parent, about)
		c.others(parent)
	}
}

// version refuses a patch whose version does not fit that of its parent.
func (c *patchCheck) version(parent *state, about []ComponentID) {
	provider := Provider{Name: parent.name, There: parent.version.String(), Installed: true}
	at := c.inManifest("Version")
	switch made, waits := c.parentRef, c.pending(c.parent); {
	case c.fitsParent(parent.version) || c.waiting.waitFor(c.fitting()):
		return
	case waits >= 0 && c.fitsParent(c.solutions[waits].version):
		return // it will, and what waits is reported
	case made.VersionText != "" && !sameLine(made.Version, parent.version):
		at, provider.Version = c.inManifest("ParentSolution", "Version"), made.VersionText
	}
	c.out.tell(rulePatchVersion, at, about, Facts{New: c.manifest.VersionText(), Providers: []Provider{provider}, Code: codeStillWaits})
}

// others refuses a patch below one that is installed.
func (c *patchCheck) others(parent *state) {
	from, _ := slices.BinarySearchFunc(parent.patches, c.manifest.Version(), func(q int32, v solution.Version) int { return c.solutions[q].version.Compare(v) })
	for _, q := range parent.patches[from:] {
		other := &c.solutions[q]
		if other.installed {
			c.out.tell(rulePatchNotNewer, c.inManifest("Version"), append(c.out.whole(), solutionComponent(other.name)), Facts{
				New: c.manifest.VersionText(), Old: other.version.String(), Solutions: []string{other.name}, Providers: []Provider{{Name: parent.name, Installed: true}}})
		}
	}
}

// fitting returns the packages of the batch that bring the parent in a version that the patch fits.
func (c *patchCheck) fitting() []*stepper {
	return slices.DeleteFunc(slices.Clone(c.parents), func(p *stepper) bool { return !c.fitsParent(p.manifest.Version()) })
}

// fitsParent reports whether a patch can be one of a version of its parent: that has the same line as the patch and as
// the version that the patch was made from, and the patch is higher.
func (s *importing) fitsParent(parent solution.Version) bool {
	v := s.manifest.Version()
	return sameLine(v, parent) && v.Compare(parent) > 0 && (s.parentRef.VersionText == "" || sameLine(s.parentRef.Version, parent))
}
