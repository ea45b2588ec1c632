package packager

import (
	"fmt"
	"testing"
)

// Entries that stand where the tree has the file of a component or of a section come back as what they were.
func TestEntriesInThePlaceOfFiles(t *testing.T) {
	for i, c := range []struct {
		sections string
		entries  []string
	}{
		{`<Reports><Report><languagecode>1</languagecode><reportid>a</reportid><reporttypecode>3</reporttypecode></Report></Reports>`, []string{"Reports/ReportLinks.xml"}},
		{`<EnvironmentVariables><Definition><SchemaName>a</SchemaName></Definition></EnvironmentVariables>`, []string{"EnvironmentVariables/environment_variable_values.json"}},
		{`<Templates><ContractTemplates><a/></ContractTemplates></Templates>`, []string{"Templates/Foo.xml"}},
		{`<Templates />`, []string{"Templates/Foo.xml"}},
		{`<Entities><Entity><Name>a</Name><RibbonDiffXml /></Entity></Entities>`, []string{"Entities/b/Entity.xml"}},
		{`<Entities><Entity><Name>a</Name><FormXml /></Entity></Entities>`, []string{"Entities/a/FormXml/main/x.xml", "Entities/a/SavedQueries/x.xml"}},
		{`<Entities />`, []string{"Entities/b/Entity.xml"}},
		{`<AppModules />`, []string{"AppModules/b/AppModule.xml"}},
		{`<AppModules><AppModule><UniqueName>a</UniqueName></AppModule></AppModules>`, []string{"AppModules/b/AppModule.xml"}},
		{`<Roles />`, []string{"Roles/b.xml"}},
		{`<Workflows />`, []string{"Workflows/b.xml.data.xml"}},
		{`<CustomControls><CustomControl><Name>a</Name><FileName>/Controls/a/ControlManifest.xml</FileName></CustomControl></CustomControls>`, []string{"Controls/a/ControlManifest.xml", "Controls/b/ControlManifest.xml.data.xml", "Controls/a/x.data.xml"}},
		{`<EntityRelationships />`, []string{"Entities/b/Entity.xml"}},
		{`<SiteMap />`, []string{"PluginAssemblies/ServiceEndpoints.xml"}},
		{`<SolutionPluginAssemblies><PluginAssembly FullName="a"><FileName>/PluginAssemblies/ServiceEndpoints.xml</FileName></PluginAssembly></SolutionPluginAssemblies><ServiceEndpoints><ServiceEndpoint Name="s"/></ServiceEndpoints>`, []string{"PluginAssemblies/ServiceEndpoints.xml"}},
		{`<ServiceEndpoints><ServiceEndpoint Name="s"/></ServiceEndpoints><SolutionPluginAssemblies><PluginAssembly FullName="a"><FileName>/PluginAssemblies/ServiceEndpoints.xml</FileName></PluginAssembly></SolutionPluginAssemblies>`, []string{"PluginAssemblies/ServiceEndpoints.xml"}},
		{`<SolutionPluginAssemblies><PluginAssembly FullName="a"><FileName>/PluginAssemblies/ServiceEndpoints.xml</FileName></PluginAssembly></SolutionPluginAssemblies><ServiceEndpoints />`, []string{"PluginAssemblies/ServiceEndpoints.xml"}},
		{`<ServiceEndpoints />`, []string{"PluginAssemblies/ServiceEndpoints.xml"}},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			entries := []zipEntry{{customizationsPart, "<ImportExportXml>" + c.sections + "</ImportExportXml>"}}
			for _, name := range c.entries {
				entries = append(entries, zipEntry{name, "<raw/>"})
			}
			zip := makeZip(t, completed(entries, false, true)...)
			tree := unpackBytes(t, zip)
			checkPromises(t, zip, tree, packBytes(t, tree, nil))
			if t.Failed() {
				t.Log(c, tree.Names())
			}
		})
	}
}
