package plan_test

import (
	"fmt"
	"log"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution/plan"
)

func ExampleSplitConnectors() {
	source := fstest.MapFS{
		"Other/Solution.xml": {Data: []byte(`<ImportExportXml><SolutionManifest><UniqueName>Fabrikam_Site</UniqueName><Version>1.0.0.0</Version><Managed>0</Managed>
<RootComponents><RootComponent type="372" schemaName="fab_5Fstock" /></RootComponents><MissingDependencies /></SolutionManifest></ImportExportXml>`)},
		"Other/Customizations.xml": {Data: []byte(`<ImportExportXml>
  <Connectors />
  <connectionreferences>
    <connectionreference connectionreferencelogicalname="fab_stock">
      <connectorid>/providers/Microsoft.PowerApps/apis/shared_fab-5fstock-5f0123456789abcdef</connectorid>
    </connectionreference>
  </connectionreferences>
</ImportExportXml>`)},
		"Connectors/fab_5Fstock.xml": {Data: []byte(`<Connector><name>fab_5Fstock</name></Connector>`)},
	}
	tree, err := packager.Load(source, nil)
	if err != nil {
		log.Fatal(err)
	}
	parts, err := tree.Parts()
	if err != nil {
		log.Fatal(err)
	}
	split, err := plan.SplitConnectors(parts, nil)
	if err != nil {
		log.Fatal(err)
	}
	connectors, err := tree.With(split.Connectors)
	if err != nil {
		log.Fatal(err)
	}
	rest, err := tree.With(split.Rest)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(connectors.Manifest().UniqueName(), connectors.Names())
	fmt.Println(rest.Manifest().UniqueName(), rest.Names())
	for _, d := range split.Dependencies {
		fmt.Println(d.Dependent.Key, "needs", d.Required.Key, "of", d.Required.Solution)
	}
	// Output:
	// Fabrikam_SiteConnectors [Connectors/fab_5Fstock.xml Other/Customizations.xml Other/Solution.xml]
	// Fabrikam_Site [Other/Customizations.xml Other/Solution.xml]
	// connectionreference fab_stock needs connector fab_5fstock of Fabrikam_SiteConnectors (1.0.0.0)
}
