package programs_test

import (
	"fmt"
	"io"
	"log"
	"os"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// The gate of a pull request: the source tree packs, is the solution that was exported, and has no errors. A log in the form
// that code hosts read says where.
func gate(tree *packager.Tree, exported *packager.Package, log io.Writer) error {
	parts, err := tree.Parts()
	if err != nil {
		return err
	}
	ofTree, err := tree.Check()
	if err != nil {
		return err
	}
	ofContent, err := content.Check(parts, nil)
	if err != nil {
		return err
	}
	found := diag.Join(ofTree, ofContent) // each finding once, with its place in the tree
	rules, err := diag.NewCatalogue(packager.Rules(), solution.Rules(), content.Rules(), connref.Rules())
	if err != nil {
		return err
	}
	if err := diag.WriteSARIF(log, diag.Tool{Name: "gate", Rules: rules}, found); err != nil {
		return err
	}
	if err := found.Err(); err != nil {
		return err
	}
	have, err := tree.Digest()
	if err != nil {
		return err
	}
	if want, err := exported.Digest(); err != nil || have != want {
		return fmt.Errorf("the tree is not what was exported: unpack the zip again, %v", err)
	}
	return nil
}

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
	fmt.Println(gate(tree, exported, io.Discard))

	const flow = "Workflows/LowStock-6B0C2F5E-2F0A-4C3E-9A51-0D8E3A7C4B10.json"
	lost := fstest.MapFS{} // the same tree without the file of a flow
	for _, name := range tree.Names() {
		if data, err := tree.ReadFile(name); err == nil && name != flow {
			lost[name] = &fstest.MapFile{Data: data}
		}
	}
	if tree, err = packager.Load(lost, nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println(gate(tree, exported, io.Discard))
	// Output:
	// <nil>
	// Workflows/LowStock-6B0C2F5E-2F0A-4C3E-9A51-0D8E3A7C4B10.json.data.xml:3:3: Workflow "{6b0c2f5e-2f0a-4c3e-9a51-0d8e3a7c4b10}" needs the file Workflows/LowStock-6B0C2F5E-2F0A-4C3E-9A51-0D8E3A7C4B10.json, which is not there: restore it or remove the component
}
