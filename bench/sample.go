package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/build"
)

// These are about how many bytes of customizations.xml one table is, and of a definition one operation with its schema, and one
// property of a schema.
const (
	bytesOfTable     = 135_000
	bytesOfOperation = 1_150
	bytesOfProperty  = 108
)

// Both are below what the rules allow in a connector. Larger definitions have larger schemas.
const (
	mostOperations   = 200
	mostOfDefinition = 900_000
)

const columnsOfTable = 40

// A sample is a solution zip, another version of it, and a definition of a connector, in all about as large as was asked for.
type sample struct {
	old, new   []byte
	definition []byte
}

func newSample(size int) (*sample, error) {
	s := &sample{definition: definitionOf(min(size/40, mostOfDefinition))}
	var err error
	if s.old, err = solutionZip(size, false); err == nil {
		s.new, err = solutionZip(size, true)
	}
	return s, err
}

// solutionZip has tables with forms, views and roles, flows, web resources and connectors. The next version has some more columns,
// and other labels and flows here and there.
func solutionZip(size int, next bool) ([]byte, error) {
	b, err := build.New(build.Solution{
		Name: "Contoso", Version: solution.Version{Major: 1},
		Publisher: solution.Publisher{UniqueName: "contoso", Prefix: "ct", OptionValuePrefix: 10000},
	})
	if err != nil {
		return nil, err
	}
	list, err := connector.Load(connectorFiles(definition(20, 0)))
	if err != nil {
		return nil, err
	}
	b.Connectors(list...)
	b.ConnectionReference(connref.Reference{LogicalName: "ct_files", DisplayName: "Files", ConnectorID: "/providers/Microsoft.PowerApps/apis/shared_sharepointonline"})
	words := rand.New(rand.NewPCG(1, 2))
	for i := range max(1, size/bytesOfTable) {
		b.Table(tableOf(i, next && i%10 == 0))
		schema := fmt.Sprintf("ct_Table%d", i)
		b.Role(build.Role{Name: fmt.Sprintf("Users of table %d", i), Privileges: build.Access(schema, build.Organization, "Create", "Read", "Write")})
		actions := 20
		if next && i%7 == 0 {
			actions++
		}
		b.Flow(build.Flow{Name: fmt.Sprintf("When row %d comes", i), Definition: flow(i, actions)})
		if i%4 == 0 {
			b.WebResource(build.WebResource{Name: fmt.Sprintf("ct_/js/form%d.js", i), Data: script(words, 20_000)})
		}
	}
	parts, err := b.Parts()
	if err != nil {
		return nil, err
	}
	tree, err := packager.Unpack(parts, nil)
	if err != nil {
		return nil, err
	}
	var zip bytes.Buffer
	_, err = packager.Pack(&zip, tree, nil)
	return zip.Bytes(), err
}

var columnTypes = []build.ColumnType{build.Text, build.Memo, build.Integer, build.Decimal, build.YesNo, build.Choices, build.Date, build.DateTime}

func tableOf(i int, changed bool) build.Table {
	t := build.Table{Name: fmt.Sprintf("ct_Table%d", i), DisplayName: fmt.Sprintf("Table %d", i)}
	columns := columnsOfTable
	if changed {
		t.Description = "Has one column more"
		columns++
	}
	for c := range columns {
		column := build.Column{
			Name: fmt.Sprintf("ct_Column%d", c), DisplayName: fmt.Sprintf("Column %d of table %d", c, i),
			Description: "What people write into a form, and reports read.", Type: columnTypes[c%len(columnTypes)],
		}
		if column.Type == build.Choices {
			column.Options = []build.Option{{Label: "New"}, {Label: "In work"}, {Label: "Done"}}
		}
		t.Columns = append(t.Columns, column)
	}
	return t
}

func flow(i, actions int) []byte {
	var b strings.Builder
	b.WriteString(`{"properties":{"connectionReferences":{"shared_sharepointonline":{"runtimeSource":"embedded","connection":{"connectionReferenceLogicalName":"ct_files"},"api":{"name":"shared_sharepointonline"}}},`)
	b.WriteString(`"definition":{"triggers":{"manual":{"type":"Request","kind":"Button","inputs":{"schema":{"type":"object","properties":{},"required":[]}}}},"actions":{`)
	for a := range actions {
		after := ""
		if a > 0 {
			fmt.Fprintf(&b, ",")
			after = fmt.Sprintf(`"Get_items_%d":["Succeeded"]`, a-1)
		}
		fmt.Fprintf(&b, `"Get_items_%d":{"runAfter":{%s},"type":"OpenApiConnection","inputs":{"host":{"connectionName":"shared_sharepointonline","operationId":"GetItems","apiId":"/providers/Microsoft.PowerApps/apis/shared_sharepointonline"},"parameters":{"dataset":"https://contoso.sharepoint.com/sites/%d","table":"ct_table%d","$filter":"Title eq '@{triggerBody()?['text_%d']}'"},"authentication":"@parameters('$authentication')"}}`, a, after, a, i, a)
	}
	b.WriteString(`}}},"schemaVersion":"1.0.0.0"}`)
	return []byte(b.String())
}

var scriptWords = strings.Fields("const let return function form context getAttribute setValue if else await row table value null true false name id ( ) { } ; = + .")

// script is text that deflate makes as small as it makes programs.
func script(r *rand.Rand, size int) []byte {
	var b bytes.Buffer
	for b.Len() < size {
		fmt.Fprintf(&b, "%s ", scriptWords[r.IntN(len(scriptWords))])
		if r.IntN(9) == 0 {
			fmt.Fprintf(&b, "field%d\n  ", r.IntN(5000))
		}
	}
	return b.Bytes()
}

func definitionOf(size int) []byte {
	operations := min(mostOperations, max(1, size/bytesOfOperation))
	return definition(operations, max(0, size-operations*bytesOfOperation)/operations/bytesOfProperty)
}

// definition is one of n operations, each with a schema that has more properties.
func definition(n, more int) []byte {
	var b strings.Builder
	b.WriteString(`{"swagger":"2.0","info":{"title":"Orders","description":"Reads and writes orders of Contoso, with their lines and customers.","version":"1.0"},"host":"api.contoso.com","basePath":"/","schemes":["https"],"consumes":["application/json"],"produces":["application/json"],"paths":{`)
	for i := range n {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, `"/orders%d/{id}":{"get":{"operationId":"GetOrder%d","summary":"Get an order of kind %d","description":"Returns one order of kind %d, with its lines.","parameters":[{"name":"id","in":"path","required":true,"type":"string","x-ms-summary":"Order","description":"Which order is returned."},{"name":"top","in":"query","required":false,"type":"integer","format":"int32","x-ms-summary":"Top","description":"How many lines are returned.","x-ms-visibility":"advanced"}],"responses":{"200":{"description":"The order","schema":{"$ref":"#/definitions/Order%d"}},"default":{"description":"Something else"}}}}`, i, i, i, i, i)
	}
	b.WriteString(`},"definitions":{`)
	for i := range n {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, `"Order%d":{"type":"object","properties":{"id":{"type":"string","description":"What the order is called","x-ms-summary":"Order"},"total":{"type":"number","format":"double","description":"What it costs in all","x-ms-summary":"Total"},"lines":{"type":"array","items":{"type":"object","properties":{"item":{"type":"string"},"count":{"type":"integer","format":"int32"}}},"description":"What is ordered","x-ms-summary":"Lines"}`, i)
		for p := range more {
			fmt.Fprintf(&b, `,"field%d":{"type":"string","description":"What field %d of an order holds","x-ms-summary":"Field %d"}`, p, p, p)
		}
		b.WriteString("}}")
	}
	b.WriteString(`},"securityDefinitions":{"key":{"type":"apiKey","in":"header","name":"X-Key"}},"security":[{"key":[]}]}`)
	return []byte(b.String())
}

// connectorFiles are loose files of a connector.
func connectorFiles(definition []byte) fstest.MapFS {
	return fstest.MapFS{
		"apiDefinition.swagger.json": {Data: definition},
		"apiProperties.json":         {Data: []byte(`{"properties":{"connectionParameters":{"key":{"type":"securestring","uiDefinition":{"displayName":"Key","description":"The key of the service","tooltip":"The key","constraints":{"required":"true"}}}},"iconBrandColor":"#0078d4","capabilities":[]}}`)},
	}
}
