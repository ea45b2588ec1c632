package inventory_test

import (
	"fmt"
	"log"
	"os"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/inventory"
)

func Example() {
	parts, err := solution.PartsOf(fstest.MapFS{
		"customizations.xml": {Data: []byte(`<ImportExportXml><optionsets><optionset Name="made_stage"><OptionSetType>picklist</OptionSetType>
<options><option value="1"><labels><label description="Open" languagecode="1033" /></labels></option></options></optionset></optionsets></ImportExportXml>`)},
	})
	if err != nil {
		log.Fatal(err)
	}
	inv, err := inventory.Take(inventory.Source{Parts: parts, Title: "Made"})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range inv.Solutions[0].Choices {
		fmt.Println(c.Name, len(c.Options))
	}
	if err := inv.WriteMarkdown(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	// made_stage 1
	// # Inventory of Made
	//
	// ## Made
	//
	// ### Choices
	//
	// | Title | Name | Options |
	// |---|---|---|
	// | made\_stage | made\_stage | 1 Open |
	//
	// ### Components by kind
	//
	// | Kind | Components |
	// |---|---|
	// | Option Set | 1 |
}
