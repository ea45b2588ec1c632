package model_test

import (
	"fmt"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/model"
)

// What the actions of a cloud flow call.
func ExampleFlow_AllActions() {
	parts, err := solution.PartsOf(fstest.MapFS{
		"customizations.xml": {Data: []byte(`<ImportExportXml><Workflows>
  <Workflow WorkflowId="{11111111-0000-0000-0000-000000000011}" Name="On order">
    <JsonFileName>/Workflows/Onorder.json</JsonFileName>
    <Category>5</Category>
  </Workflow>
</Workflows></ImportExportXml>`)},
		"Workflows/Onorder.json": {Data: []byte(`{"properties": {"definition": {"actions": {
  "Big": {"type": "If", "actions": {
    "Tell": {"type": "OpenApiConnection", "inputs": {"host": {"connectionName": "mail", "operationId": "SendEmailV2"}}}},
    "else": {"actions": {"Note": {"type": "Compose"}}}}
}}}}`)},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := model.Read(parts)
	if err != nil {
		fmt.Println(err)
		return
	}
	for p := range m.Processes() {
		flow, err := p.Definition()
		if err != nil {
			fmt.Println(err)
			continue
		}
		for a := range flow.AllActions() {
			_, _, operation := a.Operation()
			fmt.Printf("%s, %s: %q\n", a.Name(), a.Type(), operation)
		}
	}
	// Output:
	// Big, If: ""
	// Tell, OpenApiConnection: "SendEmailV2"
	// Note, Compose: ""
}
