package programs_test

import (
	"fmt"
	"log"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// What a tool that imports solutions has to know of a zip before it uploads it.
func Example_preflight() {
	pkg, err := packager.OpenFile(uploads(), "stock.zip", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer pkg.Close()
	m := pkg.Manifest()
	fmt.Println(m.UniqueName(), m.Version(), m.Kind(), "by", m.Publisher().UniqueName)
	for need := range m.Dependencies() {
		fmt.Println("needs", need.Required.Key, "of", need.Required.Solution)
	}
	set, err := connref.Read(pkg)
	if err != nil {
		log.Fatal(err)
	}
	for _, ref := range set.References {
		fmt.Println("asks for a connection:", ref.LogicalName, "to", connref.ConnectorName(ref.ConnectorID))
	}
	for _, v := range set.Variables {
		if !v.HasValue() {
			fmt.Println("asks for a value:", v.SchemaName)
		}
	}
	found, err := content.Check(pkg, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(found.Count(diag.Error), "errors")
	// Output:
	// ContosoStock 1.0.0.0 unmanaged by contoso
	// asks for a connection: cts_stock_reader to shared_cts-5fstock-5f0123456789abcdef
	// 0 errors
}
