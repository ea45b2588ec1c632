package diff

import (
	"testing"

	"github.com/solutionkit/solutionkit/solution"
)

// TestNoiseOf shows each row of the table something that it is for, and, beside it, what is like that and no noise.
func TestNoiseOf(t *testing.T) {
	const guid, other = "{00000000-0000-0000-0000-00000000000a}", "{00000000-0000-0000-0000-00000000000b}"
	const changed, added, removed, moved = Changed, Added, Removed, Moved
	app, flow := solution.TypeCanvasApp, solution.TypeWorkflow
	tests := []struct {
		want     string
		kind     solution.ComponentType
		path     string
		op       Op
		old, new string
	}{
		{"server-build", TypeSolution, "@version", changed, "9.2.1", "9.2.2"},
		{"server-build", TypeSolution, "@generatedBy", changed, "CrmLive", "OnPremise"},
		{"server-build", TypeCustomizations, "@OrganizationVersion", changed, "9.2.1", "9.2.2"},
		{"", TypeSolution, "Publisher/@version", changed, "1", "2"},
		{"", solution.TypeEntity, "@version", changed, "1", "2"},
		{"version", TypeSolution, "SolutionManifest/Version", changed, "1.0", "2.0"},
		{"", TypeSolution, "SolutionManifest/Managed", changed, "0", "1"},
		{"running-number", TypeSolution, "MissingDependencies/MissingDependency[1]/Required/@key", changed, "1", "2"},
		{"dependency-title", TypeSolution, "MissingDependency[a]/Dependent/@parentDisplayName", changed, "A", "B"},
		{"", TypeSolution, "MissingDependency[a]/Dependent/@schemaName", changed, "A", "B"},
		{"dependency-version", TypeSolution, "MissingDependency[a]/Required/@solution", changed, "Core (1.0.0.0)", "core (2.0.0.0)"},
		{"", TypeSolution, "MissingDependency[a]/Required/@solution", changed, "Core (1.0.0.0)", "Other (1.0.0.0)"},
		{"dependency-version", TypeSolution, "Required/package/@appName", changed, "a", "b"},
		{"studio-version", app, "CreatedByClientVersion", changed, "3.1", "3.2"},
		{"studio-version", app, "Tags#/publisherVersion", changed, "1", "2"},
		{"studio-version", app, "Tags#/primaryFormFactorSize", changed, "1", "2"},
		{"", app, "Tags#/primaryDevice", changed, "a", "b"},
		{"", app, "Other#/publisherVersion", changed, "1", "2"},
		{"app-id", app, "ConnectionReferences#/a/iconUri", changed, "a", "b"},
		{"app-id", app, "ConnectionReferences#/a/sharedConnectionId", changed, "a", "b"},
		{"app-id", app, "ConnectionReferences#/a/parameterHints/" + guid, removed, "1", ""},
		{"app-id", app, "ConnectionReferences#/a/dependencies/b", changed, guid, other},
		{"app-id", app, "ConnectionReferences#/a/dependents/b", added, "", guid},
		{"app-id", app, "ConnectionReferences#/a/dependents/b", removed, guid, ""},
		{"", app, "ConnectionReferences#/a/parameterHints/site", removed, "1", ""},
		{"", app, "ConnectionReferences#/a/dependencies/b", changed, guid, "name"},
		{"", app, "ConnectionReferences#/a/displayName", changed, "a", "b"},
		{"", app, "DatabaseReferences#/a/iconUri", changed, "a", "b"},
		{"app-stamps", app, "CanvasApps/a.msapp/Header.json#/LastSavedDateTimeUTC", changed, "1", "2"},
		{"app-stamps", app, "CanvasApps/a.msapp/Resources/Resources.json#/Resources/logo/RootPath", changed, "1", "2"},
		{"", app, "CanvasApps/a.msapp/Header.json#/Name", changed, "1", "2"},
		{"", app, "CanvasApps/a.msapp/Resources/Resources.json#/Resources/logo/Path", changed, "1", "2"},
		{"", app, "Header.json#/LastSavedDateTimeUTC", changed, "1", "2"},
		{"app-library", app, "CanvasApps/a.msapp/References/Templates.json#/UsedTemplates/button/Version", changed, "1", "2"},
		{"app-library", app, "CanvasApps/a.msapp/Properties.json#/AppPreviewFlagsMap/x", added, "", "true"},
		{"", app, "CanvasApps/a.msapp/Properties.json#/AppPreviewFlagsMap/x", changed, "false", "true"},
		{"app-library", app, "CanvasApps/a.msapp/Controls/App/Host", added, "", "hostControl"},
		{"", app, "CanvasApps/a.msapp/Controls/App/Host", added, "", "button"},
		{"app-copy", app, "CanvasApps/a.msapp/References/DataSources.json#/DataSources/Orders/TableDefinition", changed, "1", "2"},
		{"", app, "CanvasApps/a.msapp/References/DataSources.json#/DataSources/Orders/Name", changed, "1", "2"},
		{"introduced-version", solution.TypeRole, "IntroducedVersion", changed, "1.0", "2.0"},
		{"introduced-version", solution.TypeAttribute, "Options/Option[1]/@IntroducedVersion", changed, "1.0", "2.0"},
		{"empty", solution.TypeRole, "Description", added, "", " "},
		{"empty", solution.TypeRole, "Settings#/a", removed, "[]", ""},
		{"empty", solution.TypeRole, "Settings#/a", changed, "{}", "[]"},
		{"", solution.TypeRole, "Description", moved, "", ""},
		{"", solution.TypeRole, "Privileges/Privilege[a]", added, "", ""},
		{"", app, "CanvasApps/a.msapp/Controls/Button1/Text", added, "", ""},
		{"", solution.TypeRole, "Description", changed, "", "x"},
		{"agent-published", solution.TypeBot, "synchronizationstatus#/lastFinishedPublishOperation", changed, "1", "2"},
		{"agent-published", solution.TypeBotComponent, "data#/updatedTime", changed, "1", "2"},
		{"", solution.TypeBot, "name", changed, "1", "2"},
		{"process-type", flow, "BusinessProcessType", removed, "0", ""},
		{"", flow, "BusinessProcessType", changed, "0", "1"},
		{"newer-member", solution.TypeEntityRelationship, "CascadeArchive", added, "", "RemoveLink"},
		{"newer-member", solution.TypeEntityRelationship, "CascadeArchive", removed, "Restrict", ""},
		{"", solution.TypeEntityRelationship, "CascadeArchive", changed, "NoCascade", "Restrict"},
		{"", solution.TypeEntityRelationship, "CascadeArchive", added, "", "Cascade"},
		{"newer-member", flow, "IsCustomProcessingStepAllowedForOtherPublishers", added, "", "1"},
		{"", flow, "IsCustomProcessingStepAllowedForOtherPublishers", added, "", "0"},
		{"newer-member", solution.TypeConnectionReference, "promptingbehavior", added, "", "0"},
		{"", solution.TypeConnectionReference, "promptingbehavior", added, "", "1"},
		{"newer-member", app, "IsCustomizable", removed, "1", ""},
		{"", app, "IsCustomizable", removed, "0", ""},
		{"operation-id", flow, "Workflows/a.json#/actions/Send/metadata/operationMetadataId", changed, guid, other},
		{"operation-id", flow, "Workflows/a.json#/actions/Send/metadata", added, "", `{ "operationMetadataId": "a" }`},
		{"", flow, "Workflows/a.json#/actions/Send/metadata", added, "", `{"operationMetadataId":"a","flow":1}`},
		{"app-saved", app, "AppVersion", changed, "2020", "2021"},
		{"managed-layer", solution.TypeSystemForm, "tabs/tab[a]/@ordinalvalue", changed, "1", "2"},
		{"", solution.TypeSystemForm, "tabs/tab[a]/@visible", changed, "1", "2"},
	}
	shown := map[string]bool{}
	for _, tt := range tests {
		if got := noiseOf(tt.kind, &Property{Path: tt.path, Op: tt.op, Old: tt.old, New: tt.new}); got != tt.want {
			t.Errorf("%s %s of %s, %q to %q: noise %q, want %q", tt.path, tt.op, tt.kind, tt.old, tt.new, got, tt.want)
		}
		shown[tt.want] = true
	}
	// These are found by who compares the components around.
	for _, id := range []string{noiseLineEnds, noiseAppSources, noiseRoot, noiseTrained, noiseAppIcon, noisePacking, noiseUniform} {
		shown[id] = true
	}
	for r := range NoiseRules() {
		if !shown[r.ID] {
			t.Errorf("nothing shows %s", r.ID)
		}
	}
}
