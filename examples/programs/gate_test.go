package programs_test

import (
	"bytes"
	"fmt"
	"log"
	"os"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// The gate of a pull request: the source tree packs, is the solution that was exported, and has no errors.
func Example_gate() {
	exported, err := packager.OpenFile(uploads(), "stock.zip", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer exported.Close()
	tree, err := packager.Load(os.DirFS("../solkit/sample"), nil)
	if err != nil {
		log.Fatal(err)
	}
	parts, err := tree.Parts()
	if err != nil {
		log.Fatal(err)
	}
	ofTree, err := tree.Check()
	if err != nil {
		log.Fatal(err)
	}
	ofContent, err := content.Check(parts, nil)
	if err != nil {
		log.Fatal(err)
	}
	found := diag.Join(ofTree, ofContent) // each finding once, its place in the tree
	want, err := exported.Digest()
	if err != nil {
		log.Fatal(err)
	}
	got, err := tree.Digest()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("same as the export:", got == want)
	var sarif bytes.Buffer
	if err := diag.WriteSARIF(&sarif, diag.Tool{Name: "gate"}, found); err != nil {
		log.Fatal(err)
	}
	fmt.Println("fails:", found.Err() != nil)

	// The same of a tree from which somebody has removed the flow's file.
	broken := fstest.MapFS{}
	for _, name := range tree.Names() {
		if data, err := tree.ReadFile(name); err == nil && name != "Workflows/LowStock-6B0C2F5E-2F0A-4C3E-9A51-0D8E3A7C4B10.json" {
			broken[name] = &fstest.MapFile{Data: data}
		}
	}
	if tree, err = packager.Load(broken, nil); err != nil {
		log.Fatal(err)
	}
	if found, err = tree.Check(); err != nil {
		log.Fatal(err)
	}
	fmt.Println(found.Err())
	// Output:
	// same as the export: true
	// fails: false
	// Workflows/LowStock-6B0C2F5E-2F0A-4C3E-9A51-0D8E3A7C4B10.json.data.xml:3:3: Workflow "{6b0c2f5e-2f0a-4c3e-9a51-0d8e3a7c4b10}" needs the file Workflows/LowStock-6B0C2F5E-2F0A-4C3E-9A51-0D8E3A7C4B10.json, which is not there: restore it or remove the component
}
