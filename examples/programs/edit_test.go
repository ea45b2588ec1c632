package programs_test

import (
	"bytes"
	"fmt"
	"log"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
)

// Rename a connection reference wherever it is used, and set the default of an environment variable, in a zip. All entries that
// this does not touch are copied as they are compressed. A tree takes the same changes by Tree.With.
func Example_edit() {
	pkg, err := packager.OpenFile(uploads(), "stock.zip", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer pkg.Close()
	rename, err := connref.Rename(pkg, "cts_stock_reader", "cts_stock_shared")
	if err != nil {
		log.Fatal(err)
	}
	server := "stock.example.com"
	set, err := connref.SetVariableDefault(pkg, "cts_StockServer", &server)
	if err != nil {
		log.Fatal(err)
	}
	var zip bytes.Buffer
	if err := packager.Rewrite(&zip, pkg, rename, set); err != nil {
		log.Fatal(err)
	}
	edited, err := packager.Open(bytes.NewReader(zip.Bytes()), int64(zip.Len()), nil)
	if err != nil {
		log.Fatal(err)
	}
	after, err := connref.Read(edited)
	if err != nil {
		log.Fatal(err)
	}
	for _, ref := range after.References {
		fmt.Println(ref.LogicalName, "used by", ref.UsedBy)
	}
	for _, v := range after.Variables {
		fmt.Println(v.SchemaName, v.Default)
	}
	// Output:
	// cts_stock_shared used by [workflow {6b0c2f5e-2f0a-4c3e-9a51-0d8e3a7c4b10}]
	// cts_StockServer stock.example.com
}
