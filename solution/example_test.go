package solution_test

import (
	"fmt"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

const exampleManifest = `<ImportExportXml>
  <SolutionManifest>
    <UniqueName>Fabrikam_Core</UniqueName>
    <LocalizedNames />
    <Descriptions />
    <Version>1.4</Version>
    <Managed>0</Managed>
    <Publisher>
      <UniqueName>fabrikam</UniqueName>
      <CustomizationPrefix>fab</CustomizationPrefix>
      <CustomizationOptionValuePrefix>10001</CustomizationOptionValuePrefix>
    </Publisher>
    <RootComponents>
      <RootComponent type="1" schemaName="fab_Widget" behavior="0" />
    </RootComponents>
    <MissingDependencies>
      <MissingDependency>
        <Required type="66" schemaName="Other.Control" displayName="Other.Control" solution="OtherControls (2.1)" />
        <Dependent type="60" displayName="Main" parentDisplayName="Widget" id="{0a1b2c3d-1111-2222-3333-444455556666}" />
      </MissingDependency>
    </MissingDependencies>
  </SolutionManifest>
</ImportExportXml>`

func ExampleParseManifest() {
	m, err := solution.ParseManifest([]byte(exampleManifest), solution.ManifestFile)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.UniqueName(), m.Version(), m.Kind(), "by", m.Publisher().UniqueName)
	for rc := range m.RootComponents() {
		fmt.Printf("line %d: %s %s, %s\n", rc.Location.Start.Line, rc.Key.Type().Title(), rc.SchemaName, rc.Behavior)
	}
	for d := range m.Dependencies() {
		fmt.Println(d.Dependent.Key, "needs", d.Required.Key, "of", d.Required.Solution)
	}
	// Output:
	// Fabrikam_Core 1.4.0.0 unmanaged by fabrikam
	// line 14: Entity fab_Widget, all
	// systemform {0a1b2c3d-1111-2222-3333-444455556666} needs customcontrol other.control of OtherControls (2.1)
}

// The folder of an extracted zip is read as the zip is: places are those of its files.
func ExamplePartsOf() {
	parts, err := solution.PartsOf(fstest.MapFS{
		"solution.xml":       {Data: []byte(exampleManifest)},
		"customizations.xml": {Data: []byte("<ImportExportXml>\n  <Roles><Role name=\"Reader\" /></Roles>\n</ImportExportXml>")},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := solution.ReadManifest(parts)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.UniqueName(), m.Version())
	custom, err := solution.ReadCustomizations(parts)
	if err != nil {
		fmt.Println(err)
		return
	}
	for x := range custom.Elements() {
		fmt.Println(custom.Location(x), x.Key.Type(), x.Name)
	}
	// Output:
	// Fabrikam_Core 1.4.0.0
	// customizations.xml:2:10 role Reader
}

func ExampleParseRef() {
	ref, err := solution.ParseRef("Field Service (9.0.4.0066)")
	fmt.Println(ref.Name, ref.Version, ref.VersionText, err)
	// Output: Field Service 9.0.4.66 9.0.4.0066 <nil>
}

func ExampleManifest_WithVersion() {
	m, err := solution.ParseManifest([]byte(`<ImportExportXml><SolutionManifest><Version>1.4</Version><Managed>0</Managed></SolutionManifest></ImportExportXml>`), solution.ManifestFile)
	if err != nil {
		fmt.Println(err)
		return
	}
	v := m.Version()
	v.Build++
	fmt.Println(string(m.WithVersion(v).WithKind(solution.Managed).Bytes()))
	// Output: <ImportExportXml><SolutionManifest><Version>1.4.1.0</Version><Managed>1</Managed></SolutionManifest></ImportExportXml>
}

func ExampleManifest_WithRootComponent() {
	m, err := solution.ParseManifest([]byte(exampleManifest), solution.ManifestFile)
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err = m.WithRootComponent(solution.NewRootComponent(solution.TypeWebResource, "fab_/main.js", solution.GUID{}))
	if err != nil {
		fmt.Println(err)
		return
	}
	for rc := range m.RootComponents() {
		at := rc.Location
		fmt.Println(string(m.Bytes()[at.Start.Offset:at.End.Offset]))
	}
	// Output:
	// <RootComponent type="1" schemaName="fab_Widget" behavior="0" />
	// <RootComponent type="61" schemaName="fab_/main.js" behavior="0" />
}

func ExampleManifest_Check() {
	src := []byte(exampleManifest)
	m, err := solution.ParseManifest(src, solution.ManifestFile)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range m.Check() {
		fmt.Println(d)
		for _, fix := range d.Fixes {
			fixed, err := diag.Apply(src, fix.Edits)
			fmt.Printf("%s: %s %v\n", fix.Message, fixed[d.Location.Start.Offset:][:7], err)
		}
	}
	// Output:
	// solution.xml:6:14: note: version "1.4" has fewer than four parts: write "1.4.0.0" (solution/version-parts)
	// write four parts: 1.4.0.0 <nil>
}

func ExampleNewManifest() {
	m, err := solution.NewManifest("Fabrikam_Core", solution.Version{Major: 1},
		solution.Publisher{UniqueName: "fabrikam", Prefix: "fab", OptionValuePrefix: 10001})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.UniqueName(), m.VersionText(), m.DisplayNames()[0].Text, len(m.Check()))
	// Output: Fabrikam_Core 1.0.0.0 Fabrikam_Core 0
}

func ExampleParseCustomizations() {
	c, err := solution.ParseCustomizations([]byte(`<ImportExportXml>
  <Entities>
    <Entity>
      <Name>fab_Widget</Name>
      <EntityInfo><entity><attributes>
        <attribute PhysicalName="fab_Size"><LogicalName>fab_size</LogicalName></attribute>
      </attributes></entity></EntityInfo>
    </Entity>
  </Entities>
</ImportExportXml>`), solution.CustomizationsFile)
	if err != nil {
		fmt.Println(err)
		return
	}
	for x := range c.Elements() {
		fmt.Println(c.Location(x), x.Key)
	}
	column, ok := c.Lookup(solution.NewKey(solution.TypeAttribute, "FAB_WIDGET", "FAB_SIZE", solution.GUID{}))
	fmt.Println(column.Name, column.Owner, ok)
	// Output:
	// customizations.xml:3:5 entity fab_widget
	// customizations.xml:6:9 attribute fab_widget.fab_size
	// fab_size entity fab_widget true
}

func ExampleParseVersion() {
	a, _ := solution.ParseVersion("9.0.4.0066")
	b, _ := solution.ParseVersion("9.0.4.7")
	fmt.Println(a, a.Compare(b))
	_, err := solution.ParseVersion("1.0-beta")
	fmt.Println(err)
	// Output:
	// 9.0.4.66 1
	// version "1.0-beta": part "0-beta" is not a number: use major.minor.build.revision
}

func ExampleComponentType() {
	for _, text := range []string{"61", "MaskingRule", "10066"} {
		t := solution.ParseComponentType(text)
		code, fixed := t.Code()
		fmt.Println(t, "-", t.Title(), "-", code, fixed, t.EnvironmentSpecific())
	}
	// Output:
	// webresource - Web Resource - 61 true false
	// maskingrule - Masking Rule - 0 false true
	// 10066 - 10066 - 10066 true true
}

// A new solution, made in memory.
func ExampleNewParts() {
	m, err := solution.NewManifest("fabrikam_core", solution.Version{Major: 1}, solution.Publisher{UniqueName: "fabrikam", Prefix: "fab", OptionValuePrefix: 10001})
	if err != nil {
		fmt.Println(err)
		return
	}
	parts := solution.NewParts(m)
	custom, err := solution.ReadCustomizations(parts)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(parts.Names())
	for s := range custom.Sections() {
		if !solution.IsStandardSection(s.Name) {
			fmt.Println(s.Name)
		}
	}
	// Output:
	// [customizations.xml solution.xml]
	// Languages
}
