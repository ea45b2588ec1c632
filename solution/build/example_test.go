package build_test

import (
	"bytes"
	"fmt"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/build"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// A solution from nothing: two tables with a relationship, a form, a view, a role, a choice, a flow with its connection
// reference, a variable and a connector; packed, unpacked, checked, compared with itself, split and planned.
func Example() {
	connectors, err := connector.Load(fstest.MapFS{
		"apiDefinition.swagger.json": {Data: []byte(`{"swagger":"2.0","info":{"title":"Contoso Stock","version":"1.0"},"host":"stock.contoso.example","paths":{"/items":{"get":{"operationId":"ListItems","summary":"List items","responses":{"200":{"description":"OK"}}}}}}`)},
		"apiProperties.json":         {Data: []byte(`{"properties":{"connectionParameters":{},"iconBrandColor":"#007ee5","capabilities":[]}}`)},
	})
	must(err)
	b, err := build.New(build.Solution{Name: "ContosoOrders", DisplayName: "Orders", Version: solution.Version{Major: 1},
		Publisher: solution.Publisher{UniqueName: "contoso", Prefix: "contoso", OptionValuePrefix: 10000}})
	must(err)
	b.Choice(build.Choice{Name: "contoso_kind", DisplayName: "Kind", Options: []build.Option{{Label: "New"}, {Label: "Used"}}})
	b.Table(build.Table{Name: "contoso_Order", DisplayName: "Order", Columns: []build.Column{
		{Name: "contoso_Total", Type: build.Decimal}, {Name: "contoso_Kind", Type: build.Choices, Choice: "contoso_kind"}}})
	b.Table(build.Table{Name: "contoso_Line", DisplayName: "Line", Columns: []build.Column{
		{Name: "contoso_OrderId", DisplayName: "Order", Type: build.Lookup, Target: "contoso_Order"}, {Name: "contoso_Count", Type: build.Integer, Min: "1"}}})
	b.Form("contoso_Line", build.Form{Name: "Short", Tabs: []build.Tab{{Label: "Line", Sections: []build.Section{{Label: "Line", Columns: []string{"contoso_name", "contoso_count"}}}}}})
	b.View("contoso_Order", build.View{Name: "Orders by total", Columns: []string{"contoso_name", "contoso_total"}, Order: "contoso_total", Descending: true})
	b.Role(build.Role{Name: "Order clerk", Privileges: build.Access("contoso_Order", build.Organization, "Create", "Read", "Write")})
	b.Variable(build.Variable{Name: "contoso_Warehouse", DisplayName: "Warehouse"})
	b.Connectors(connectors...)
	b.ConnectionReference(connref.Reference{LogicalName: "contoso_sharepoint", ConnectorID: "/providers/Microsoft.PowerApps/apis/shared_sharepointonline"})
	b.Flow(build.Flow{Name: "On order", Definition: []byte(`{"properties":{"connectionReferences":{"shared_sharepointonline":{"runtimeSource":"embedded","connection":{"connectionReferenceLogicalName":"contoso_sharepoint"},"api":{"name":"shared_sharepointonline"}}},"definition":{"$schema":"https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#","contentVersion":"1.0.0.0","parameters":{},"triggers":{"manual":{"type":"Request","kind":"Button"}},"actions":{}}},"schemaVersion":"1.0.0.0"}`)})
	parts, err := b.Parts()
	must(err)
	tree, err := packager.Unpack(parts, nil)
	must(err)
	var zip bytes.Buffer
	packing, err := packager.Pack(&zip, tree, nil)
	must(err)
	pkg, err := packager.Open(bytes.NewReader(zip.Bytes()), int64(zip.Len()), nil)
	must(err)
	found, err := content.Check(pkg, nil)
	must(err)
	compared, err := diff.Compare(parts, pkg, nil)
	must(err)
	split, err := plan.SplitConnectors(pkg, nil)
	must(err)
	read, err := plan.Read(pkg, nil)
	must(err)
	p, err := plan.Resolve([]plan.Item{{Solution: read}}, nil, nil, nil)
	must(err)
	fmt.Println(len(tree.Names()), "files;", len(packing)+len(found), "findings; nothing lost:", compared.Equal())
	fmt.Println("connectors apart:", !split.Connectors.IsEmpty(), "; steps:", len(p.Steps))
	// Output:
	// 33 files; 0 findings; nothing lost: true
	// connectors apart: true ; steps: 1
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
