package programs_test

import (
	"fmt"
	"log"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// Plan an import and write what one's own users want to see: from facts, not from sentences.
func Example_plan() {
	pkg, err := packager.OpenFile(uploads(), "stock.zip", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer pkg.Close()
	split, err := plan.SplitConnectors(pkg, nil) // what has connectors is imported in two steps
	if err != nil {
		log.Fatal(err)
	}
	rest, err := split.Rest.Apply(pkg)
	if err != nil {
		log.Fatal(err)
	}
	batch, err := plan.Read(rest, nil)
	if err != nil {
		log.Fatal(err)
	}
	p, err := plan.Resolve([]plan.Item{{Solution: batch}}, nil, nil, nil) // into an environment with nothing in it
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("blocked:", p.Blocked)
	for _, step := range p.Steps {
		for _, f := range step.Findings {
			for _, need := range f.Facts.Providers {
				fmt.Printf("%s wants %s %s, which has %s\n", step.Solution, need.Name, need.Version, f.Facts.About)
			}
		}
	}
	// Output:
	// blocked: true
	// ContosoStock wants ContosoStockConnectors 1.0.0.0, which has connector:3f7d9a64-5b1c-4e8f-8a27-91c6d2e05b33 (Contoso Stock)
}
