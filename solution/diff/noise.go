package diff

import (
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/lazyregexp"
	"github.com/solutionkit/solutionkit/solution"
)

// A NoiseRule is a row of the table of noise: what differs without anybody having changed it.
type NoiseRule struct {
	ID      string // "server-build"
	Summary string
	Where   string // the paths, for people

	kind  solution.ComponentType // empty: any
	paths []string               // the last names of the path; an attribute is a name that begins with "@"
	only  func(p *Property) bool // nil: always
}

const (
	noiseLineEnds   = "line-ends"
	noiseAppStamps  = "app-stamps"
	noiseAppSources = "app-sources"
	noiseRoot       = "root-component"
	noiseTrained    = "ai-trained"
	noiseAppIcon    = "app-icon"
	noisePacking    = "package-packing"
)

// noiseRules were made from 234 pairs of exports of one solution with next versions and 8 pairs of one version.
var noiseRules = []NoiseRule{
	{ID: "server-build", Summary: "the build of the server or of the format that exported", Where: "root of solution.xml and customizations.xml",
		kind: TypeSolution, paths: []string{"@version", "@OrganizationVersion", "@OrganizationSchemaType", "@CRMServerServiceabilityVersion", "@SolutionPackageVersion", "@TenantId", "@OrganizationType", "@minimumversion", "@generatedBy"}, only: atRoot},
	{ID: "server-build", kind: TypeCustomizations, paths: []string{"@OrganizationVersion", "@OrganizationSchemaType", "@CRMServerServiceabilityVersion", "@version", "@SolutionPackageVersion", "@generatedBy", "@TenantId", "@OrganizationType", "@minimumversion"}, only: atRoot},
	{ID: "version", Summary: "the version of the solution, which each export raises", Where: "SolutionManifest/Version", kind: TypeSolution, paths: []string{"SolutionManifest/Version"}},
	{ID: noiseRoot, Summary: "the entry in the list of root components of a component that came or went, which is told by itself", Where: "RootComponents/RootComponent", only: func(*Property) bool { return false }},
	{ID: "running-number", Summary: "a number that ties the ends of dependencies together in one file", Where: "MissingDependency @key", kind: TypeSolution, paths: []string{"Required/@key", "Dependent/@key"}},
	{ID: "dependency-title", Summary: "the title of a component in a list of dependencies, and what its dependent stands in", Where: "MissingDependency @displayName", kind: TypeSolution,
		paths: []string{"Required/@displayName", "Required/@parentDisplayName", "Dependent/@displayName", "Dependent/@parentDisplayName",
			"Dependent/@parentSchemaName", "Dependent/@parentId"}},
	{ID: "dependency-version", Summary: "the version of the solution that happened to provide something", Where: "MissingDependency @solution", kind: TypeSolution,
		paths: []string{"Required/@solution"}, only: sameSolution},
	{ID: "dependency-version", kind: TypeSolution, paths: []string{"package/@version", "package/@appName", "Required/package"}},
	{ID: "studio-version", Summary: "the version of the studio that saved an app", Where: "CanvasApp", kind: solution.TypeCanvasApp,
		paths: []string{"CreatedByClientVersion", "MinClientVersion"}},
	{ID: "studio-version", kind: solution.TypeCanvasApp, only: func(p *Property) bool {
		return strings.HasPrefix(p.Path, "Tags#/") && (strings.Contains(p.Path, "ersion") || strings.Contains(p.Path, "ize") || strings.HasSuffix(p.Path, "/studioVersion"))
	}},
	{ID: "app-id", Summary: "an id or icon that a save gives to what an app refers to", Where: "CanvasApp/ConnectionReferences, CdsDependencies", kind: solution.TypeCanvasApp, only: isAppID},
	{ID: noiseAppStamps, Summary: "checksums, times, sizes and running numbers that each save of an app makes anew", Where: ".msapp", kind: solution.TypeCanvasApp, only: isAppStamp},
	{ID: noiseAppSources, Summary: "controls of an app that differ as their sources do; sources that a studio began to write", Where: ".msapp, Controls and Components, Src",
		kind: solution.TypeCanvasApp, only: func(*Property) bool { return false }},
	{ID: "app-library", Summary: "the library of controls, themes and flags that comes with the studio", Where: ".msapp, References/Templates.json, Properties.json", kind: solution.TypeCanvasApp,
		only: func(p *Property) bool {
			return inApp(p, appLibrary) || isHost(p) || isPreviewFlag(p) || strings.Contains(p.Path, "/CustomProperties/") && strings.HasSuffix(p.Path, "/Type#/Version")
		}},
	{ID: "app-copy", Summary: "a copy that an app has of the metadata of a table or connector", Where: ".msapp, References/DataSources.json", kind: solution.TypeCanvasApp,
		only: func(p *Property) bool { return inApp(p, appCopies) }},
	{ID: "introduced-version", Summary: "the version of the solution that brought something, which the platform rewrites", Where: "IntroducedVersion",
		paths: []string{"IntroducedVersion", "@IntroducedVersion", "introducedversion"}},
	{ID: "empty", Summary: "an empty text that is there or not", Where: "anywhere", only: func(p *Property) bool {
		// An element with a key says by being there what it says, and an empty formula is not the one that a control has without.
		return isBlank(p.Old) && isBlank(p.New) && p.Op != Moved && !strings.HasSuffix(p.Path, "]") && !strings.Contains(p.Path, ".msapp/Controls/") && !strings.Contains(p.Path, ".msapp/Components/")
	}},
	{ID: "agent-published", Summary: "the times at which an agent was published and its topics were saved, and by whom", Where: "Bot/synchronizationstatus, data of bot components", kind: solution.TypeBot,
		only: func(p *Property) bool { return strings.HasPrefix(p.Path, "synchronizationstatus") }},
	{ID: "agent-published", kind: solution.TypeBotComponent, paths: []string{"updatedTime", "updatedUserId"}},
	{ID: noiseAppIcon, Summary: "the icon of a model-driven app that is in neither solution", Where: "AppModule/WebResourceId", only: func(*Property) bool { return false }},
	{ID: noiseTrained, Summary: "ids, numbers and data that training and publishing of an AI model make anew; that it happened stands at the model", Where: "AIConfiguration", only: func(*Property) bool { return false }},
	{ID: "process-type", Summary: "a member that newer exports leave out", Where: "Workflow/BusinessProcessType", kind: solution.TypeWorkflow,
		paths: []string{"BusinessProcessType"}, only: func(p *Property) bool { return isZero(p.Old) && isZero(p.New) }},
	{ID: "newer-member", Summary: "a member that newer exports write, with what older ones mean without it", Where: "CascadeArchive, promptingbehavior, IsCustomProcessingStepAllowedForOtherPublishers, IsCustomizable of apps",
		kind: solution.TypeEntityRelationship, paths: []string{"CascadeArchive"}, only: cameWith("NoCascade", "RemoveLink", "Restrict")},
	{ID: "newer-member", kind: solution.TypeWorkflow, paths: []string{"IsCustomProcessingStepAllowedForOtherPublishers"}, only: cameWith("1")},
	{ID: "newer-member", kind: solution.TypeConnectionReference, paths: []string{"promptingbehavior"}, only: cameWith("0")},
	{ID: "newer-member", kind: solution.TypeCanvasApp, paths: []string{"IsCustomizable"}, only: cameWith("1")},
	{ID: "operation-id", Summary: "an id that the flow designer gives anew", Where: "metadata/operationMetadataId of flows", kind: solution.TypeWorkflow,
		paths: []string{"metadata/operationMetadataId"}},
	{ID: "operation-id", kind: solution.TypeWorkflow, paths: []string{"metadata"}, only: func(p *Property) bool { return onlyOperationID.MatchString(p.Old + p.New) }},
	{ID: "app-saved", Summary: "the time at which an app was saved; what changed in it stands below its document", Where: "CanvasApp/AppVersion", kind: solution.TypeCanvasApp, paths: []string{"AppVersion"}},
	{ID: "managed-layer", Summary: "an attribute of a managed difference, which depends on the layer below", Where: "forms and site maps",
		paths: []string{"@solutionaction", "@ordinalvalue"}},
	{ID: noisePacking, Summary: "what each packing of a plug-in package makes anew: the list of its files, who packed it, the signature", Where: ".nupkg", only: func(*Property) bool { return false }},
	{ID: noiseLineEnds, Summary: "text that differs in nothing but CR LF and LF", Where: "text files", only: func(*Property) bool { return false }},
	{ID: noiseUniform, Summary: "what nearly all components of a type have alike", Where: "anywhere; told once", only: func(*Property) bool { return false }},
}

// NoiseRules returns the table of noise, each id once.
func NoiseRules() iter.Seq[NoiseRule] {
	return func(yield func(NoiseRule) bool) {
		for _, r := range noiseRules {
			if r.Summary != "" && !yield(r) {
				return
			}
		}
	}
}

// noiseOf returns the id of the row that a property of a component of a type meets, empty if none does.
func noiseOf(kind solution.ComponentType, p *Property) string {
	names := names(p.Path)
	for i := range noiseRules {
		r := &noiseRules[i]
		if r.kind != "" && r.kind != kind || r.only != nil && !r.only(p) {
			continue
		}
		if r.paths == nil || slices.ContainsFunc(r.paths, func(pattern string) bool { return hasSuffix(names, pattern) }) {
			return r.ID
		}
	}
	return ""
}

// names returns the steps of a path without their keys.
func names(path string) []string {
	var out []string
	for len(path) > 0 {
		end, depth := len(path), 0
		for i := range len(path) {
			switch path[i] {
			case '[':
				depth++
			case ']':
				depth--
			case '/':
				if depth == 0 {
					end = i
				}
			}
			if end == i {
				break
			}
		}
		s := path[:end]
		if i := strings.IndexByte(s, '['); i >= 0 {
			s = s[:i]
		}
		out = append(out, s)
		path = path[min(end+1, len(path)):]
	}
	return out
}

func atRoot(p *Property) bool { return strings.HasPrefix(p.Path, "@") }

// sameSolution reports whether a solution is named on both sides that differs in its version alone.
func sameSolution(p *Property) bool {
	a, errA := solution.ParseRef(p.Old)
	b, errB := solution.ParseRef(p.New)
	return errA == nil && errB == nil && solution.Fold(a.Name) == solution.Fold(b.Name)
}

func isBlank(text string) bool {
	text = strings.TrimSpace(text)
	return text == "" || text == "[]" || text == "{}"
}

// onlyOperationID is an object with nothing in it but the id of an operation.
var onlyOperationID = lazyregexp.New(`^\{\s*"operationMetadataId"\s*:\s*"[^"]*"\s*\}$`)

// cameWith returns what reports whether a member came or went that had one of some values. Whether exports have it was seen to depend on
// their version alone: they have it everywhere, or nowhere.
func cameWith(values ...string) func(p *Property) bool {
	return func(p *Property) bool {
		return p.Op == Added && slices.Contains(values, p.New) || p.Op == Removed && slices.Contains(values, p.Old)
	}
}

// isHost reports whether a property is the control that newer studios put into each app, which stands for what the app runs in.
func isHost(p *Property) bool {
	const host = "hostControl"
	return strings.HasSuffix(p.Path, ".msapp/Controls/App/Host") && (p.Op == Added && p.New == host || p.Op == Removed && p.Old == host)
}

func isZero(text string) bool { return text == "" || text == "0" }

// isAppID reports whether a property is an id in the JSON of an app that is another after each save.
func isAppID(p *Property) bool {
	if !strings.HasPrefix(p.Path, "ConnectionReferences#/") && !strings.HasPrefix(p.Path, "CdsDependencies#/") {
		return false
	}
	steps := names(p.Path)
	last := steps[len(steps)-1]
	switch last {
	case "iconUri", "sharedConnectionId":
		return true
	}
	if len(steps) < 2 {
		return false
	}
	switch steps[len(steps)-2] {
	case "parameterHints": // of the connections that a flow has by the app, by their ids; the flow says what it calls them
		return isGUID(last)
	case "dependencies", "dependents":
		return isGUID(p.Old) && (isGUID(p.New) || p.New == "") || p.Old == "" && isGUID(p.New)
	}
	return false
}

func isGUID(text string) bool {
	_, err := solution.ParseGUID(text)
	return err == nil
}

// appMembers are members of the JSON of an app by the name of the entry, without its folder, as some apps have none: paths of
// which "*" is any step. What is below them belongs to them.
type appMembers map[string][]string

var appComputed = appMembers{
	"properties.json": {"Id", "FileID", "OriginatingVersion", "ControlCount", "AnalysisLoadTime", "DeserializationLoadTime", "ErrorCount", "ParserErrorCount",
		"BindingErrorCount", "RuntimeErrorCount", "LastControlUniqueId", "LocalConnectionReferences"}, // the last are those of customizations.xml
	"header.json":             {"DocVersion", "MinVersionToLoad", "MSAppStructureVersion", "LastSavedDateTimeUTC", "AnalysisOptions"},
	"publishinfo.json":        {"LogoFileName"},
	"resources.json":          {"Resources/*/RootPath"},
	"datasources.json":        {"DataSources/*/AddinConnectorId", "DataSources/*/MaxGetRowsCount"},
	"componentsmetadata.json": {"Components/*/LastModifiedTimestamp", "*/LastModifiedTimestamp"},
	"templates.json":          {"ComponentTemplates/*/LastModifiedTimestamp"},
}

var appLibrary = appMembers{
	"templates.json": {"UsedTemplates/*/Version", "UsedTemplates/*/Template", "PcfTemplates/*/Version", "PcfTemplates/*/DynamicControlDefinitionJson",
		"PcfTemplates/*/PcfConversions", "PcfTemplates/*/IsPremiumPcfControl"},
	"themes.json":       {"Version"},
	"modernthemes.json": {"Version"},
	"properties.json":   {"AppPreviewFlagsKey"},
}

var appCopies = appMembers{
	"datasources.json": {"DataSources/*/TableDefinition", "DataSources/*/NativeCDSDataSourceInfoNameMapping", "DataSources/*/ViewInfoNameMapping"},
}

func isAppStamp(p *Property) bool { return inApp(p, appComputed) }

// isPreviewFlag reports whether a flag of the studio came or went; that one is switched is for people to see.
func isPreviewFlag(p *Property) bool {
	return p.Op != Changed && inApp(p, appMembers{"properties.json": {"AppPreviewFlagsMap"}})
}

// inApp reports whether a property is in one of the members.
func inApp(p *Property, members appMembers) bool {
	_, inside, _ := strings.Cut(p.Path, ".msapp/")
	entry, below, ok := strings.Cut(inside, "#/")
	if !ok {
		return false
	}
	var steps []string
	for _, pattern := range members[strings.ToLower(path.Base(entry))] {
		if steps == nil {
			steps = strings.Split(strings.ReplaceAll(below, "#", ""), "/")
		}
		if hasPrefix(steps, pattern) {
			return true
		}
	}
	return false
}

// hasPrefix reports whether a path begins with the steps of a pattern.
func hasPrefix(steps []string, pattern string) bool {
	want := strings.Split(pattern, "/")
	if len(want) > len(steps) {
		return false
	}
	for i, s := range want {
		if s != "*" && s != steps[i] {
			return false
		}
	}
	return true
}
