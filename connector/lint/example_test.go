package lint_test

import (
	"fmt"
	"log"
	"os"
	"slices"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connector/lint"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

func ExampleCheck() {
	list, err := connector.Load(os.DirFS("testdata"))
	if err != nil {
		log.Fatal(err)
	}
	found := lint.Check(list[0], &lint.Options{
		Certification: true,
		Deploy:        true,
		Severity:      map[string]diag.Severity{"CONN-PROP-006": diag.Error},
	})
	for _, d := range found {
		fmt.Println(d)
	}
	fmt.Println(found.Err() != nil)
	// Output:
	// fixture/apiProperties.json:15:5: error: stackOwner makes upload tools fail: leave it out (CONN-PROP-006)
	// true
}

// One file that is not JSON is a finding, and the other connectors are checked.
func ExampleUnreadable() {
	list, err := connector.LoadLenient(fstest.MapFS{
		"a/apiDefinition.swagger.json": {Data: []byte(`{"swagger" "2.0"}`)},
		"b/apiDefinition.swagger.json": {Data: []byte(`{"openapi": "3.0.0"}`)},
	})
	found, err := lint.Unreadable(err)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range list {
		found = append(found, lint.Check(c, nil)...)
	}
	for _, d := range found {
		fmt.Println(d)
	}
	// Output:
	// a/apiDefinition.swagger.json:1:12: error: not JSON: found '"' where a colon after the key should stand (CONN-DOC-001)
	// b/apiDefinition.swagger.json:1:2: error: OpenAPI 3.0.0 is not supported by custom connectors: convert the definition to Swagger 2.0 (CONN-DOC-007)
}

func ExampleCheckSolution() {
	parts, err := solution.PartsOf(fstest.MapFS{ // or an opened zip, or the parts of a tree
		"customizations.xml": {Data: []byte("<ImportExportXml>\n  <Connectors>\n    <Connector>\n      <name>cat_parts</name>\n      <connectortype>1</connectortype>\n" +
			"      <openapidefinition>/Connector/cat_parts_openapidefinition.json</openapidefinition>\n    </Connector>\n  </Connectors>\n</ImportExportXml>")},
		"Connector/cat_other_openapidefinition.json": {Data: []byte("{}")},
	})
	if err != nil {
		log.Fatal(err)
	}
	found, err := lint.CheckSolution(parts, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, d := range found {
		fmt.Println(d)
	}
	// Output:
	// Connector/cat_other_openapidefinition.json: error: no <Connector> names this file: remove it or add the connector (CONN-SOL-002)
	// customizations.xml:6:7: error: /Connector/cat_parts_openapidefinition.json is not in the package: add the file (CONN-SOL-001)
}

func ExampleRules() {
	rules := slices.Collect(lint.Rules())
	for _, r := range rules[:3] {
		fmt.Println(r.ID, r.Severity, lint.ClassOf(r.ID), r.Summary)
	}
	// Output:
	// CONN-DOC-001 error always the file is not JSON, or not XML where that is expected
	// CONN-DOC-002 warning always trailing comma
	// CONN-DOC-003 warning always the file starts with a byte order mark
}
