//go:build ignore

// The program behind go generate in package solution.
package main

import (
	"log"
	"os"

	"github.com/solutionkit/solutionkit/solution/internal/catalogue"
)

func main() {
	table, err := os.ReadFile("components.csv")
	if err != nil {
		log.Fatal(err)
	}
	out, err := catalogue.Generate(table)
	if err != nil {
		log.Fatalf("components.csv: %v", err)
	}
	if err := os.WriteFile("components_table.go", out, 0o644); err != nil {
		log.Fatal(err)
	}
}
