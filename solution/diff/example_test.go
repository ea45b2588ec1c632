package diff_test

import (
	"fmt"
	"log"
	"os"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diff"
)

func ExampleCompare() {
	version := func(version, label, maxLength string) solution.Parts {
		parts, err := solution.PartsOf(fstest.MapFS{
			"solution.xml": {Data: []byte(`<ImportExportXml><SolutionManifest><UniqueName>Orders</UniqueName><Version>` + version + `</Version><Managed>0</Managed></SolutionManifest></ImportExportXml>`)},
			"customizations.xml": {Data: []byte(`<ImportExportXml><Entities><Entity><Name>contoso_order</Name><EntityInfo><entity Name="contoso_order"><attributes>` +
				`<attribute PhysicalName="contoso_note"><Type>nvarchar</Type><LogicalName>contoso_note</LogicalName><MaxLength>` + maxLength + `</MaxLength>` +
				`<displaynames><displayname description="` + label + `" languagecode="1033" /></displaynames></attribute></attributes></entity></EntityInfo></Entity></Entities></ImportExportXml>`)},
		})
		if err != nil {
			log.Fatal(err)
		}
		return parts
	}
	c, err := diff.Compare(version("1.0.0.0", "Note", "200"), version("1.1.0.0", "Remark", "100"), nil)
	if err != nil {
		log.Fatal(err)
	}
	if err := c.WriteText(os.Stdout); err != nil {
		log.Fatal(err)
	}
	for _, x := range c.Breaking() {
		fmt.Println("breaking:", x.Key)
	}
	// Output:
	// Orders 1.0.0.0 → 1.1.0.0 (unmanaged)
	// ~ Attribute contoso_order.contoso_note "Remark" [breaking]
	//     at customizations.xml:1:115 → customizations.xml:1:115
	//     ~ MaxLength: "200" → "100" [breaking: values that are longer are refused]
	//     ~ displaynames/displayname[1033]/@description: "Note" → "Remark" [safe]
	// not shown: 1 difference of noise
	// breaking: attribute contoso_order.contoso_note
}
