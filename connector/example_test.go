package connector_test

import (
	"errors"
	"fmt"
	"log"
	"os"
	"slices"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/solution/diag"
)

func ExampleLoad() {
	c, err := connector.Load(os.DirFS("testdata"), "fixture")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Form(), c.Title(), c.Version(), c.Host())
	for o := range c.Operations() {
		fmt.Println(o.Kind, o.ID)
	}
	// Output:
	// files Contoso Parts 1.0 api.contoso.example
	// action ListWarehouses
	// action GetPart
	// action CreateOrder
	// action GetOrderForm
	// polling OnStockPolled
	// webhook OnStockChanged
	// action DeleteHook
}

func ExampleConnector_Lint() {
	c, err := connector.Load(os.DirFS("testdata"), "fixture")
	if err != nil {
		log.Fatal(err)
	}
	found := c.Lint(&connector.LintOptions{
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

func ExampleConnector_As() {
	c, err := connector.Load(os.DirFS("testdata"), "fixture")
	if err != nil {
		log.Fatal(err)
	}
	_, err = c.As(connector.FormSolution, &connector.ConvertOptions{Prefix: "cat"})
	var loss *connector.LossError
	if errors.As(err, &loss) {
		fmt.Println(loss.Lost)
	}
	parts, err := c.As(connector.FormSolution, &connector.ConvertOptions{Prefix: "cat", AllowLoss: true})
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range parts.Files {
		fmt.Println(f.Name)
	}
	fmt.Println(parts.Root.Type, parts.Root.SchemaName, parts.Root.ID)
	// Output:
	// [apiProperties.json#/properties/capabilities apiProperties.json#/properties/publisher apiProperties.json#/properties/stackOwner]
	// Connector/cat_contoso-20parts_openapidefinition.json
	// Connector/cat_contoso-20parts_connectionparameters.json
	// Connector/cat_contoso-20parts_policytemplateinstances.json
	// 372 cat_contoso-20parts ad3d4c01-ca26-5c17-be5a-a54743121c39
}

func ExampleConnector_Secrets() {
	c, err := connector.Load(os.DirFS("testdata"), "fixture")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(c.Secrets()))
	stripped, err := c.Strip(nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(stripped.Title())
	// Output:
	// 0
	// Contoso Parts
}

func ExampleRules() {
	rules := slices.Collect(connector.Rules())
	for _, r := range rules[:3] {
		fmt.Println(r.ID, r.Severity, connector.ClassOf(r.ID), r.Summary)
	}
	// Output:
	// CONN-DOC-001 error always the file is not JSON, or not XML where that is expected
	// CONN-DOC-002 warning always trailing comma
	// CONN-DOC-003 warning always the file starts with a byte order mark
}
