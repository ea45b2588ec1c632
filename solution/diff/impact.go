package diff

import (
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/model"
)

// An impactRule says what a change does to those who use the component.
type impactRule struct {
	kind   solution.ComponentType // empty: any
	path   string                 // the last names of the path; empty: the component as a whole
	op     []Op                   // nil: any
	impact connector.Impact
	reason string
	when   func(p *Property) bool // nil: always
}

// impactRules: the first that holds counts. What none holds for is unknown.
var impactRules = slices.Concat(assemblyRules(solution.TypePluginAssembly), assemblyRules(solution.TypePluginPackage), []impactRule{
	{kind: solution.TypeAttribute, path: "Type", impact: connector.Breaking, reason: "the platform refuses to change the type of a column that exists"},
	{kind: solution.TypeAttribute, path: "MaxLength", impact: connector.Breaking, reason: "values that are longer are refused", when: lower},
	{kind: solution.TypeAttribute, path: "MaxLength", impact: connector.Safe, reason: "all values that exist fit", when: higher},
	{kind: solution.TypeAttribute, path: "Length", impact: connector.Safe, reason: "it follows from the longest text", when: higher},
	{kind: solution.TypeAttribute, path: "MaxValue", impact: connector.Breaking, reason: "values that are greater are refused", when: lower},
	{kind: solution.TypeAttribute, path: "MaxValue", impact: connector.Safe, reason: "all values that exist fit", when: higher},
	{kind: solution.TypeAttribute, path: "MinValue", impact: connector.Breaking, reason: "values that are smaller are refused", when: higher},
	{kind: solution.TypeAttribute, path: "MinValue", impact: connector.Safe, reason: "all values that exist fit", when: lower},
	{kind: solution.TypeAttribute, path: "RequiredLevel", impact: connector.Breaking, reason: "forms ask for a value, and what creates rows without one may fail",
		when: func(p *Property) bool { return strings.HasSuffix(p.New, "required") }},
	{kind: solution.TypeAttribute, path: "RequiredLevel", impact: connector.Safe, reason: "less is asked for"},
	{kind: solution.TypeAttribute, path: "IsSecured", impact: connector.Breaking, reason: "people without a column security profile see no values any more",
		when: func(p *Property) bool { return p.New == "1" }},
	{kind: solution.TypeAttribute, path: "SourceType", impact: connector.Breaking, reason: "the platform refuses to change how the values of a column come about"},
	{kind: solution.TypeAttribute, path: "OptionSetName", impact: connector.Breaking, reason: "rows hold values of the other choice"},
	{path: "options/option", op: []Op{Removed}, impact: connector.Breaking, reason: "rows and flows hold its value"},
	{path: "options/option", op: []Op{Added}, impact: connector.Safe, reason: "nothing holds its value yet"},
	{path: "statuses/status", op: []Op{Removed}, impact: connector.Breaking, reason: "rows and flows hold its value"},
	{path: "statuses/status", op: []Op{Added}, impact: connector.Safe, reason: "nothing holds its value yet"},
	{kind: solution.TypeEntityKey, path: "EntityKeyAttributes/AttributeName", impact: connector.Breaking, reason: "what finds rows by the key names other columns"},
	{kind: solution.TypeEntity, path: "entity/OwnershipTypeMask", impact: connector.Breaking, reason: "the platform refuses to change who rows belong to"},
	{kind: solution.TypeEntity, path: "entity/EntitySetName", impact: connector.Breaking, reason: "flows and programs call the table by its set name"},
	{kind: solution.TypeEntityRelationship, path: "ReferencedEntityName", impact: connector.Breaking, reason: "the lookup points to another table"},
	{kind: solution.TypeEntityRelationship, path: "ReferencingAttributeName", impact: connector.Breaking, reason: "queries name the lookup"},
	{kind: solution.TypeEntityRelationship, path: "EntityRelationshipRole/NavigationPropertyName", impact: connector.Breaking, reason: "flows and programs name it"},
	{kind: solution.TypeEntityRelationship, path: "CascadeDelete", impact: connector.Unknown, reason: "rows are deleted, kept or protected in other cases"},
	{kind: solution.TypeRole, path: "RolePrivileges/RolePrivilege", op: []Op{Removed}, impact: connector.Breaking, reason: "who has the role may not do it any more"},
	{kind: solution.TypeRole, path: "RolePrivileges/RolePrivilege", op: []Op{Added}, impact: connector.Safe, reason: "who has the role may do more"},
	{kind: solution.TypeRole, path: "RolePrivilege/@level", impact: connector.Breaking, reason: "who has the role may do it for fewer rows", when: lowerDepth},
	{kind: solution.TypeRole, path: "RolePrivilege/@level", impact: connector.Safe, reason: "who has the role may do it for more rows"},
	{kind: solution.TypeWorkflow, path: "StateCode", impact: connector.Breaking, reason: "activation: the process is switched off", when: func(p *Property) bool { return p.New == "0" }},
	{kind: solution.TypeWorkflow, path: "StateCode", impact: connector.Safe, reason: "activation: the process is switched on"},
	{kind: solution.TypeWorkflow, path: "StatusCode", impact: connector.Safe, reason: "it follows the state"},
	{kind: solution.TypeWorkflow, path: "PrimaryEntity", impact: connector.Breaking, reason: "the process runs for another table"},
	{kind: solution.TypeAIModel, path: "msdyn_activerunconfigurationid", impact: connector.Unknown, reason: "the model was trained or published anew, and may answer otherwise"},
	{kind: solution.TypeConnectionReference, path: "connectorid", impact: connector.Breaking, reason: "connections of the other connector do not fit"},
	{kind: solution.TypeEnvironmentVariableDefinition, path: "type", impact: connector.Breaking, reason: "values that environments have are of the old type"},
	{kind: solution.TypeEnvironmentVariableDefinition, path: "defaultvalue", impact: connector.Unknown, reason: "environments without a value of their own get the new default"},
	{kind: TypeSolution, path: "Publisher/UniqueName", impact: connector.Breaking, reason: "a managed update with another publisher is refused"},
	{kind: TypeSolution, path: "SolutionManifest/UniqueName", impact: connector.Breaking, reason: "it is another solution"},
	{kind: TypeSolution, path: "SolutionManifest/Managed", impact: connector.Unknown, reason: "the other kind is another package"},
	{kind: TypeSolution, path: "Publisher/CustomizationPrefix", impact: connector.Unknown, reason: "what is made from now on has other names"},
	{kind: TypeSolution, path: "Publisher/CustomizationOptionValuePrefix", impact: connector.Unknown, reason: "options that are made from now on have other values"},
	{kind: TypeSolution, path: "Required/@solution", impact: connector.Unknown, reason: "what is required is no longer of a managed solution",
		when: func(p *Property) bool { return p.New == "Active" }},
	{kind: TypeSolution, path: "RootComponents/RootComponent", impact: connector.Safe, reason: "what came or went is told at the component", op: []Op{Added}},
	{kind: solution.TypeEnvironmentVariableDefinition, path: "environmentvariablevalues.json", op: []Op{Added}, impact: connector.Unknown,
		reason: "current values travel with the solution and replace those of the environment"},
	{kind: solution.TypeEnvironmentVariableValue, path: "value", impact: connector.Unknown, reason: "the import replaces the value of the environment"},
	{kind: TypeSolution, path: "MissingDependencies/MissingDependency", op: []Op{Added}, impact: connector.Unknown, reason: "the import asks for it"},
	{kind: TypeSolution, path: "MissingDependencies/MissingDependency", op: []Op{Removed}, impact: connector.Safe, reason: "the import asks for less"},
	{kind: solution.TypeCustomAPIRequestParameter, path: "isoptional", impact: connector.Breaking, reason: "callers do not send it", when: func(p *Property) bool { return p.New == "0" }},
	{kind: solution.TypeCustomAPIRequestParameter, path: "type", impact: connector.Breaking, reason: "callers send the old type"},
	{kind: solution.TypeCustomAPIResponseProperty, path: "type", impact: connector.Breaking, reason: "callers read the old type"},

	{path: "displayname", impact: connector.Safe, reason: reasonText},
	{path: "LocalizedName", impact: connector.Safe, reason: reasonText},
	{path: "LocalizedCollectionName", impact: connector.Safe, reason: reasonText},
	{path: "Description", impact: connector.Safe, reason: reasonText},
	{path: "label", impact: connector.Safe, reason: reasonText},
	{path: "Title", impact: connector.Safe, reason: reasonText},
	{path: "CustomLabel", impact: connector.Safe, reason: reasonText},
	{path: "*/@description", impact: connector.Safe, reason: reasonText},
	{path: "*/@Title", impact: connector.Safe, reason: reasonText},
	{path: "*/@LocalizedName", impact: connector.Safe, reason: reasonText},
	{path: "@localizedName", impact: connector.Safe, reason: reasonText},
	{path: "@description", impact: connector.Safe, reason: reasonText},
})

// assemblyRules are the rows about a DLL of components of a type.
func assemblyRules(kind solution.ComponentType) []impactRule {
	return []impactRule{
		{kind: kind, path: stepAssemblyName, impact: connector.Breaking, reason: reasonOtherAssembly},
		{kind: kind, path: stepCulture, impact: connector.Breaking, reason: reasonOtherAssembly},
		{kind: kind, path: stepPublicKeyToken, impact: connector.Breaking, reason: reasonOtherAssembly},
		{kind: kind, path: stepAssemblyVersion, impact: connector.Unknown,
			reason: "with another major or minor version it is another assembly, beside the one before", when: anotherAssembly},
		{kind: kind, path: stepAssemblyVersion, impact: connector.Unknown, reason: "a later build replaces the one before"},
		{kind: kind, path: stepModuleVersionID, impact: connector.Unknown, reason: "it was built anew; whether its code changed is not looked at"},
		{kind: kind, path: stepBytes, impact: connector.Unknown, reason: "the bytes differ, the identity is the same"},
	}
}

const reasonOtherAssembly = "the platform takes it for another assembly, and steps and workflows name the one before"

const reasonText = "it is a text for people"

// wholeRules say what it does that a component of a type comes or goes. Types without a row: that it comes is safe, that it goes
// unknown.
var wholeRules = []impactRule{
	{kind: solution.TypeEntity, op: []Op{Removed}, impact: connector.Breaking, reason: "an upgrade deletes the table with its rows"},
	{kind: solution.TypeAttribute, op: []Op{Removed}, impact: connector.Breaking, reason: "an upgrade deletes the column with its values"},
	{kind: solution.TypeOptionSet, op: []Op{Removed}, impact: connector.Breaking, reason: "columns and flows use it"},
	{kind: solution.TypeEntityRelationship, op: []Op{Removed}, impact: connector.Breaking, reason: "queries and flows name it"},
	{kind: solution.TypeEntityKey, op: []Op{Removed}, impact: connector.Breaking, reason: "what finds rows by it fails"},
	{kind: solution.TypeWorkflow, op: []Op{Removed}, impact: connector.Breaking, reason: "what it did is not done any more"},
	{kind: solution.TypeConnector, op: []Op{Removed}, impact: connector.Breaking, reason: "flows and apps call it"},
	{kind: solution.TypeConnectionReference, op: []Op{Removed}, impact: connector.Breaking, reason: "flows and apps of other solutions may use it"},
	{kind: solution.TypeEnvironmentVariableDefinition, op: []Op{Removed}, impact: connector.Breaking, reason: "flows and apps read it"},
	{kind: solution.TypeRole, op: []Op{Removed}, impact: connector.Breaking, reason: "people who have it lose what it allows"},
	{kind: solution.TypeWebResource, op: []Op{Removed}, impact: connector.Unknown, reason: "forms, commands and pages of others may load it"},
	{kind: solution.TypeCustomAPI, op: []Op{Removed}, impact: connector.Breaking, reason: "programs and flows call it"},
	{kind: solution.TypeCustomAPIRequestParameter, op: []Op{Removed}, impact: connector.Breaking, reason: "callers send it"},
	{kind: solution.TypeCustomAPIResponseProperty, op: []Op{Removed}, impact: connector.Breaking, reason: "callers read it"},
	{kind: solution.TypeCanvasApp, op: []Op{Removed}, impact: connector.Breaking, reason: "people who use it lose it"},
	{kind: solution.TypeAppModule, op: []Op{Removed}, impact: connector.Breaking, reason: "people who use it lose it"},
	{kind: solution.TypeEnvironmentVariableValue, op: []Op{Added}, impact: connector.Unknown, reason: "a current value was exported: the import replaces that of the environment"},
	{op: []Op{Added}, impact: connector.Safe, reason: "nothing uses it yet"},
}

// judge gives all changes their impact and finds the noise.
func (c *comparer) judge() {
	told, icons, layers := c.toldRoots(), c.webResources(), newLayers(c.old, c.new)
	for i := range c.out.Components {
		x := &c.out.Components[i]
		if x.Op != Changed {
			x.Impact = connector.Unknown
			r := find(wholeRules, x.Key.Type(), "", &Property{Op: x.Op})
			if x.Op == Removed && layers.has(x.Key) {
				r = &wholeLayer
			}
			if r != nil {
				x.Impact, x.Reason = r.impact, r.reason
			}
			continue
		}
		x.Impact = connector.Safe
		trained := slices.ContainsFunc(x.Properties, func(p Property) bool { return p.Path == configurationID })
		for j := range x.Properties {
			p := &x.Properties[j]
			if p.judged {
				x.Impact = worse(x.Impact, p.Impact)
				continue
			}
			if p.Noise == "" {
				p.Noise = noiseOf(x.Key.Type(), p)
				if p.Op == Added && told[startOf(p.NewAt)] || p.Op == Removed && told[startOf(p.OldAt)] {
					p.Noise = noiseRoot
				}
				if trained && x.Key.Type() == solution.TypeAIConfiguration && slices.Contains(trainedMembers, p.Path) {
					p.Noise = noiseTrained
				}
				if p.Noise == "" && isForeignIcon(x.Key.Type(), p, icons) {
					p.Noise = noiseAppIcon
				}
			}
			if p.Noise != "" {
				p.Impact = connector.Safe
				continue
			}
			p.Impact = connector.Unknown
			r := find(impactRules, x.Key.Type(), p.Path, p)
			if p.Op == Removed && r != nil && x.Key.Type() == solution.TypeEntity && layers.has(x.Key) {
				r = &wholeLayer
			}
			if r != nil {
				p.Impact, p.Reason = r.impact, r.reason
			}
			x.Impact = worse(x.Impact, p.Impact)
		}
	}
	c.inheritParts(layers)
}

// inheritParts gives a table of which a layer goes the worst of what goes with it, as that is told in its place.
func (c *comparer) inheritParts(layers *layers) {
	gone := map[solution.Key]*Component{}
	for i := range c.out.Components {
		if x := &c.out.Components[i]; x.Op == Removed && x.Key.Type() == solution.TypeEntity && layers.has(x.Key) {
			gone[x.Key] = x
		}
	}
	for i := range c.out.Components {
		x := &c.out.Components[i]
		if table := gone[x.Owner]; table != nil && x.Op == Removed && worse(table.Impact, x.Impact) != table.Impact {
			table.Impact, table.Reason = x.Impact, x.Reason
		}
	}
}

// toldRoots returns where the manifests list the components that came or went, which are told by themselves.
func (c *comparer) toldRoots() map[diag.Location]bool {
	told := map[diag.Location]bool{}
	for _, x := range c.out.Components {
		m := c.new
		switch x.Op {
		case Added:
		case Removed:
			m = c.old
		default:
			continue
		}
		if y, ok := m.Component(x.Key); ok {
			if root, ok := y.Root(); ok && root.Location.File != "" {
				told[startOf(root.Location)] = true
			}
		}
	}
	return told
}

func startOf(at diag.Location) diag.Location { return diag.Location{File: at.File, Start: at.Start} }

const configurationID = "msdyn_aiconfigurationid"

// trainedMembers are what training and publishing make anew in a configuration of an AI model; that it happened, the model says.
var trainedMembers = []string{configurationID, "msdyn_majoriterationnumber", "msdyn_minoriterationnumber", "msdyn_name", "msdyn_modeldata", "msdyn_modelrundataspecification",
	"msdyn_trainedmodelaiconfigurationpareid"}

// isForeignIcon reports whether a property is the icon of an app, and neither solution has the web resource that it was or is: the
// platform gives such apps another icon of its own.
func isForeignIcon(kind solution.ComponentType, p *Property, icons map[string]bool) bool {
	return kind == solution.TypeAppModule && p.Path == "WebResourceId" && !icons[foldID(p.Old)] && !icons[foldID(p.New)]
}

// webResources returns the ids of the web resources of both solutions.
func (c *comparer) webResources() map[string]bool {
	out := map[string]bool{}
	for _, m := range []*model.Model{c.old, c.new} {
		for x := range m.OfType(solution.TypeWebResource) {
			out[foldID(x.Element().Child("WebResourceId").Text())] = true
		}
	}
	return out
}

func find(rules []impactRule, kind solution.ComponentType, path string, p *Property) *impactRule {
	steps := names(path)
	for i := range rules {
		r := &rules[i]
		if r.kind != "" && r.kind != kind || r.op != nil && !contains(r.op, p.Op) || r.when != nil && !r.when(p) {
			continue
		}
		if r.path == "" || hasSuffix(steps, r.path) {
			return r
		}
	}
	return nil
}

func contains(ops []Op, op Op) bool {
	for _, o := range ops {
		if o == op {
			return true
		}
	}
	return false
}

func numberOf(p *Property) (old, new float64, ok bool) {
	old, errA := strconv.ParseFloat(p.Old, 64)
	new, errB := strconv.ParseFloat(p.New, 64)
	return old, new, errA == nil && errB == nil
}

func lower(p *Property) bool { old, new, ok := numberOf(p); return ok && new < old }

func higher(p *Property) bool { old, new, ok := numberOf(p); return ok && new > old }

// depths are how far a privilege reaches.
var depths = map[string]int{"Basic": 1, "Local": 2, "Deep": 3, "Global": 4}

func lowerDepth(p *Property) bool { return depths[p.New] < depths[p.Old] }
