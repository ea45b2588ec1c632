package programs_test

import (
	"fmt"
	"log"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
)

// The deployment settings of three environments, made of a zip and of what is known of each.
func Example_settings() {
	pkg, err := packager.OpenFile(uploads(), "stock.zip", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer pkg.Close()
	set, err := connref.Read(pkg)
	if err != nil {
		log.Fatal(err)
	}
	blank, _, err := set.Settings(nil) // every reference and variable, with nothing filled in
	if err != nil {
		log.Fatal(err)
	}
	for _, env := range []struct{ name, connection, server string }{
		{"test", "6f1c", "stock-test.example.com"}, {"acceptance", "9b20", "stock-acc.example.com"}, {"production", "", "stock.example.com"},
	} {
		settings, err := blank.WithVariable("cts_StockServer", env.server)
		if err != nil {
			log.Fatal(err)
		}
		if env.connection != "" {
			if settings, err = settings.WithReference("cts_stock_reader", env.connection, ""); err != nil {
				log.Fatal(err)
			}
		}
		fmt.Printf("%s: %d bytes\n", env.name, len(settings.Bytes()))
		for _, d := range set.Check(settings) {
			fmt.Printf("  %s: %s\n", d.Severity, d.Message)
		}
	}
	// Output:
	// test: 340 bytes
	// acceptance: 339 bytes
	// production: 331 bytes
	//   warning: connection reference "cts_stock_reader" (shared_cts-5fstock-5f0123456789abcdef): choose or create a connection
}
