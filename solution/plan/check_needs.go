package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A needsCheck looks for what a package needs.
type needsCheck struct {
	*importing
	out     *recorder
	r       *resolution // for who else brings it
	waiting *waiting
	groups  []*needGroup
	newest  map[string]solution.Ref // the highest version of each provider that the manifest names, by folded name
}

// needs reports needed components that are nowhere: each once, with all that need it.
func (c *needsCheck) needs() {
	missed := map[id][]*need{}
	var order []id
	for i := range c.contents.needs {
		n := &c.contents.needs[i]
		if at := c.standing(n); at == own || at == here {
			continue
		}
		if missed[n.need] == nil {
			order = append(order, n.need)
		}
		missed[n.need] = append(missed[n.need], n)
	}
	slices.SortFunc(order, c.compare)
	for _, n := range order {
		c.missed(n, missed[n])
	}
	for _, g := range c.groups {
		c.tellGroup(g)
	}
}

// missed reports one component that the package needs and the environment lacks.
func (c *needsCheck) missed(n id, needs []*need) {
	hard := slices.DeleteFunc(slices.Clone(needs), func(x *need) bool { return !c.contents.isHard(x) })
	if len(hard) == 0 {
		c.untracked(n, needs)
		return
	}
	// What the manifest says goes first, then what it has only parts of.
	slices.SortStableFunc(hard, func(a, b *need) int { return cmp.Compare(a.rank(), b.rank()) })
	first := hard[0]
	switch {
	case c.standing(first) == onUnmanaged && c.notConverted(n):
		c.onlyUnmanaged(n, hard)
	case c.waiting.waitFor(c.r.stepsOf(c.providers(first))):
	case first.root != nil:
		c.rootless(n, hard)
	case first.dependency < 0:
		c.lost(n, hard)
	default:
		c.missing(n, hard, &c.contents.pkg.dependencies[first.dependency].Required)
	}
}

// onlyUnmanaged reports what a managed package needs and only unmanaged solutions or changes by hand have.
func (c *needsCheck) onlyUnmanaged(n id, needs []*need) {
	names := c.unmanagedHolders(n)
	c.out.tell(ruleManagedOnUnmanaged, c.contents.place(needs[0]), andSolutions(c.about(n, needs), names),
		Facts{About: Subject{Component: c.text(n)}, By: c.needing(n, needs), Solutions: names})
}

// notConverted reports whether no other package of the batch brings what exists unmanaged.
func (c *needsCheck) notConverted(n id) bool {
	return !slices.ContainsFunc(c.r.stepsOf(c.creators(n)), func(p *stepper) bool { return p.managed() && !p.importable() })
}

// about lists a needed component and then those that need it.
func (c *needsCheck) about(n id, needs []*need) []ComponentID {
	return append([]ComponentID{c.text(n)}, c.texts(users(needs))...)
}

// missing reports a component that the manifest lists, by what the manifest says of who has it.
func (c *needsCheck) missing(n id, needs []*need, required *solution.End) {
	at, about := c.contents.place(needs[0]), c.about(n, needs)
	facts := Facts{About: titledSubject(c.text(n), required.DisplayName), By: c.needing(n, needs)}
	if required.Solution.IsActive() {
		required = c.ofTable(n, required)
	}
	provider := c.providerOf(required)
	if i := c.unknownProvider(n, required); i >= 0 {
		provider.Installed = true
		c.group(needGroup{rule: ruleInventoryUnknown, severity: ruleInventoryUnknown.Severity, provider: provider, unknown: c.solutions[i].name}, n, needs, facts.About)
		return
	}
	if c.env.MoreSolutions && !c.isPlatform(required) && !c.isInstalled(required) {
		c.group(needGroup{rule: ruleInventoryUnknown, severity: ruleInventoryUnknown.Severity, provider: provider, unknown: notListed}, n, needs, facts.About)
		return
	}
	switch {
	case c.isPlatform(required):
		c.ofPlatform(n, needs, provider, facts.About)
	case len(required.Applications) > 0:
		for _, p := range required.Applications {
			ref := c.highest(p.Solution)
			facts.Providers = append(facts.Providers, Provider{Name: ref.Name, Version: ref.VersionText, Application: p.AppName})
		}
		c.out.tell(ruleMissingApplication, at, about, facts)
	case required.Solution.IsActive():
		facts.Unknown = c.unknown(n)
		c.out.tell(ruleMissingUnmanaged, at, about, facts)
	case required.Solution.Name == "":
		facts.Unknown = c.unknown(n)
		c.out.tell(ruleMissingSolution, at, about, facts)
	default:
		c.missingFrom(n, provider, at, about, facts)
	}
}

// ofTable returns what the manifest says of the table of a column that comes with it, if that names a provider: who has the column
// unmanaged changed it, and did not make it.
func (c *needsCheck) ofTable(n id, required *solution.End) *solution.End {
	for _, main := range c.comesWith(n) {
		for i := range c.contents.needs {
			if x := &c.contents.needs[i]; x.need == main {
				if _, named := c.contents.provider(x); named {
					of := c.contents.pkg.dependencies[x.dependency].Required
					of.DisplayName = required.DisplayName
					return &of
				}
			}
		}
	}
	return required
}

// missingFrom reports a component of a solution that the manifest names, by what is known of that solution.
func (c *needsCheck) missingFrom(n id, p Provider, at diag.Location, about []ComponentID, facts Facts) {
	i, known := c.byName[solution.Fold(p.Name)]
	p.Installed = known && c.solutions[i].installed
	switch {
	case p.Installed && i == c.solution:
		p.There = c.solutions[i].text
	case p.Installed:
		p.There, p.InBatch = c.solutions[i].version.String(), slices.ContainsFunc(c.r.named[i], (*stepper).importable)
	case known && len(c.r.named[i]) > 0:
		p.There, p.InBatch = c.r.named[i][0].manifest.VersionText(), true
	default:
		facts.Unknown = c.unknown(n)
	}
	facts.Providers = []Provider{p}
	c.out.tell(ruleMissingSolution, at, about, facts)
}

// rootless reports a table of which the package has only parts, and which nobody creates.
func (c *needsCheck) rootless(n id, needs []*need) {
	at, about := c.contents.place(needs[0]), c.about(n, needs)
	facts := Facts{About: Subject{Component: c.text(n)}, By: c.needing(n, needs), Case: caseParts}
	if list := c.unknown(n); len(list) > 0 {
		facts.Case, facts.Unknown = caseNeeded, list
		c.out.tell(ruleInventoryUnknown, at, andSolutions(about, list), facts)
		return
	}
	c.out.tell(ruleMissingSolution, at, about, facts)
}

// lost reports what the contents need, and cannot do without, and what is nowhere.
func (c *needsCheck) lost(n id, needs []*need) {
	at, about := c.contents.place(needs[0]), c.about(n, needs)
	facts := Facts{About: Subject{Component: c.text(n)}, By: c.needing(n, needs)}
	if list := c.unknown(n); len(list) > 0 {
		facts.Case, facts.Unknown = caseNeeded, list
		c.out.tell(ruleInventoryUnknown, at, andSolutions(about, list), facts)
		return
	}
	c.out.tellAs(ruleUntracked, diag.Error, at, about, facts)
}

// told are the references whose target somebody has to bring: no export that was looked at leaves them open. Those that are not here
// name mostly what the platform has, and a table of all of that is nobody's; see toldIfOwn.
var told = map[content.Edge]bool{
	content.FlowTable: true, content.FlowChild: true, content.FlowVariable: true, content.FlowAIModel: true, content.CanvasTable: true, content.CanvasFlow: true,
	content.CanvasConnectionReference: true, content.CanvasConnector: true, content.CanvasVariable: true, content.BotFlow: true, content.BotConnectionReference: true,
	content.FlowAgent: true, content.FlowDesktop: true, content.FlowAction: true, content.ProcessChild: true, content.BotAIModel: true,
	content.CommandLibrary: true, content.WebResourceLink: true,
	content.APIPluginType: true, content.AppPage: true, content.CanvasDependency: true, content.CanvasLibrary: true, content.ColumnChoice: true, content.OperationPart: true,
	content.RuleProcess: true, content.VariableParent: true, content.WebResourceDependency: true,
}

// toldIfOwn are references that name mostly what the platform has, and are told if the name begins with the prefix of the publisher, as
// no name of the platform does. Columns are not among them: the platform makes some beside those of a solution.
var toldIfOwn = map[content.Edge]bool{
	content.AppComponent: true, content.AppWelcomePage: true, content.BotPart: true, content.BotVariable: true, content.ChartTable: true,
	content.CommandPart: true, content.CommandTable: true, content.ConnectionRoleTable: true, content.FormPart: true, content.ProcessTable: true,
	content.ProviderPart: true, content.RelationshipTable: true, content.ReportTable: true, content.RibbonWebResource: true, content.RoleTable: true,
	content.SiteMapPart: true, content.SiteMapTable: true, content.SiteMapWebResource: true, content.StepTable: true, content.APITable: true,
	content.TableIcon: true, content.TableMap: true, content.ViewTable: true, content.ViewWebResource: true, content.AIModelTable: true,
}

// isTold reports whether a reference to what is nowhere is a finding.
func (c *needsCheck) isTold(ref *content.Reference) bool {
	switch {
	case ref.Resolved == content.Declared:
		return false
	case told[ref.Edge], ref.Edge == content.FlowRawConnection && connref.IsCustomID(ref.Text), c.pkg.namesConnector(ref):
		return true
	}
	switch name, prefix := ref.To.Name(), c.contents.prefix(); {
	case ref.Edge == content.StepPluginType:
		return name != "" && !strings.HasPrefix(name, "microsoft.") // GUIDs of classes of the platform are the same everywhere
	case ref.To.Type() == solution.TypeEntityRelationship:
		return false // the platform names those that every table has by the table
	default:
		return toldIfOwn[ref.Edge] && prefix != "" && strings.HasPrefix(name, prefix)
	}
}

func (c *needsCheck) untracked(n id, needs []*need) {
	needs = slices.DeleteFunc(needs, func(x *need) bool {
		return !c.isTold(c.contents.pkg.reference(x.reference))
	})
	if len(needs) == 0 {
		return
	}
	about := c.about(n, needs)
	facts := Facts{About: Subject{Component: c.text(n)}, By: c.needing(n, needs), Unknown: c.unknown(n)}
	if list := c.r.stepsOf(c.creators(n)); len(list) > 0 {
		facts.Providers = []Provider{{Name: list[0].name(), InBatch: true}}
		about = append(about, solutionComponent(list[0].name()))
	}
	c.out.tell(ruleUntracked, c.contents.place(needs[0]), about, facts)
}

// providerVersions compares the versions that the package was built against with those that are installed.
func (c *needsCheck) providerVersions() {
	type provider struct {
		ref   solution.Ref
		needs []*need
	}
	found := map[int32]*provider{}
	var order []int32
	for i := range c.contents.needs {
		n := &c.contents.needs[i]
		if n.dependency < 0 {
			continue
		}
		for _, ref := range refs(&c.contents.pkg.dependencies[n.dependency].Required) {
			at, ok := c.byName[solution.Fold(ref.Name)]
			if !ok || at == c.solution || ref.VersionText == "" || !c.isOlder(at, ref.Version) {
				continue
			}
			if where := c.standing(n); where == own || where == absent && c.knows(at, c.kind(n.need)) {
				continue
			}
			p := found[at]
			if p == nil {
				p = &provider{ref: ref}
				found[at] = p
				order = append(order, at)
			}
			if ref.Version.Compare(p.ref.Version) > 0 {
				p.ref = ref
				p.needs = slices.Insert(p.needs, 0, n) // the evidence
				continue
			}
			p.needs = append(p.needs, n)
		}
	}
	slices.Sort(order)
	for _, at := range order {
		p, st := found[at], &c.solutions[at]
		var needed []id
		for _, n := range p.needs {
			needed = append(needed, n.need)
		}
		inBatch := slices.ContainsFunc(c.r.named[at], (*stepper).importable)
		c.out.tell(ruleVersionLower, c.contents.place(p.needs[0]), append(c.texts(needed), solutionComponent(st.name)),
			Facts{Providers: []Provider{{Name: st.name, Version: p.ref.VersionText, There: st.version.String(), Installed: true, InBatch: inBatch}}})
	}
}

// isOlder reports whether an installed solution is below a version, and no staged upgrade to that version waits.
func (w *world) isOlder(s int32, v solution.Version) bool {
	st := &w.solutions[s]
	if !st.installed || st.version == (solution.Version{}) || !w.below(st.version, v) {
		return false
	}
	p := w.pending(s)
	return p < 0 || w.below(w.solutions[p].version, v)
}

// below reports whether a version is below the one that a package was built against, as far as the policy looks.
func (w *world) below(v, built solution.Version) bool {
	switch w.pol.value(policyCompare) {
	case "ignore-build":
		v.Build, built.Build = 0, 0
		fallthrough
	case "ignore-revision":
		v.Revision, built.Revision = 0, 0
	}
	return v.Compare(built) < 0
}
