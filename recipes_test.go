package solutionkit_test

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"strings"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connector/lint"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/build"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/inventory"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// The recipes of the README: each of its blocks of Go is one of the functions below, and each of these is run by an Example. What is
// read is the sample of examples/solkit.

func unpack(file io.ReaderAt, size int64, dir string) error {
	pkg, err := packager.Open(file, size, nil) // any io.ReaderAt
	if err != nil {
		return err
	}
	tree, err := packager.Unpack(pkg, nil) // an fs.FS
	if err != nil {
		return err
	}
	return os.CopyFS(dir, tree) // which overwrites nothing: begin with an empty folder
}

func pack(w io.Writer, dir string) error {
	tree, err := packager.Load(os.DirFS(dir), nil) // any fs.FS
	if err != nil {
		return err
	}
	_, err = packager.Pack(w, tree, nil)
	return err
}

func check(log io.Writer, tree *packager.Tree) error {
	ofTree, err := tree.Check() // each finding has a rule, a place and often a fix
	if err != nil {
		return err
	}
	parts, err := tree.Parts()
	if err != nil {
		return err
	}
	ofContent, err := content.Check(parts, nil)
	if err != nil {
		return err
	}
	found := diag.Join(ofTree, ofContent)
	if err := diag.WriteSARIF(log, diag.Tool{Name: "gate"}, found); err != nil {
		return err
	}
	return found.Err() // an error if one of them is
}

func breaks(old, new solution.Parts) ([]diff.Component, error) {
	c, err := diff.Compare(old, new, nil)
	if err != nil {
		return nil, err
	}
	return c.Breaking(), nil
}

func planImport(w io.Writer, environment []byte, batch ...solution.Parts) error {
	env, err := plan.ParseEnvironment(environment, "environment") // what is installed, bound and known there
	if err != nil {
		return err
	}
	var items []plan.Item
	for _, parts := range batch {
		s, err := plan.Read(parts, nil)
		if err != nil {
			return err
		}
		items = append(items, plan.Item{Solution: s})
	}
	p, err := plan.Resolve(items, env, nil, nil)
	if err != nil {
		return err
	}
	return p.WriteText(w) // a runbook: order, refusals, prompts, deletions, work by hand
}

func settings(parts solution.Parts, connection string) ([]byte, error) {
	set, err := connref.Read(parts)
	if err != nil {
		return nil, err
	}
	blank, _, err := set.Settings(nil) // every reference and variable, with nothing filled in
	if err != nil {
		return nil, err
	}
	filled, err := blank.WithReference("cts_stock_reader", connection, "")
	if err != nil {
		return nil, err
	}
	return filled.Bytes(), nil
}

func release(w io.Writer, pkg *packager.Package, v solution.Version) error {
	rename, err := connref.Rename(pkg, "cts_stock_reader", "cts_stock") // wherever it is used
	if err != nil {
		return err
	}
	raise, err := solution.EditManifest(pkg, func(m *solution.Manifest) (*solution.Manifest, error) {
		return m.WithVersion(v), nil
	})
	if err != nil {
		return err
	}
	return packager.Rewrite(w, pkg, rename, raise) // all other entries are copied as they are compressed
}

func lintConnectors(dir fs.FS) (found diag.List, err error) {
	list, err := connector.Load(dir) // of loose files; connector.Read is that of a solution
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		found = diag.Join(found, lint.Check(c, &lint.Options{Certification: true})) // nil for one that is not to be published
	}
	return found, nil
}

func wiki(w io.Writer, parts ...solution.Parts) error {
	var sources []inventory.Source
	for _, p := range parts {
		sources = append(sources, inventory.Source{Parts: p})
	}
	inv, err := inventory.Take(sources...)
	if err != nil {
		return err
	}
	return inv.WriteMarkdown(w)
}

func makeSolution(w io.Writer) error {
	contoso := solution.Publisher{UniqueName: "contoso", Prefix: "cts", OptionValuePrefix: 52740}
	b, err := build.New(build.Solution{Name: "Orders", Publisher: contoso})
	if err != nil {
		return err
	}
	b.Table(build.Table{Name: "cts_Order", DisplayName: "Order", CollectionName: "Orders"})
	parts, err := b.Parts()
	if err != nil {
		return err
	}
	tree, err := packager.Unpack(parts, nil)
	if err != nil {
		return err
	}
	_, err = packager.Pack(w, tree, nil)
	return err
}

// sampleZip is the zip of the sample.
func sampleZip() []byte {
	var zip bytes.Buffer
	if err := pack(&zip, "examples/solkit/sample"); err != nil {
		log.Fatal(err)
	}
	return zip.Bytes()
}

func opened(zip []byte) *packager.Package {
	pkg, err := packager.Open(bytes.NewReader(zip), int64(len(zip)), nil)
	if err != nil {
		log.Fatal(err)
	}
	return pkg
}

func Example_unpack() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	zip := sampleZip()
	if err := unpack(bytes.NewReader(zip), int64(len(zip)), filepath.Join(dir, "src")); err != nil {
		log.Fatal(err)
	}
	names, err := fs.Glob(os.DirFS(dir), "src/*")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(names)
	// Output: [src/Connectors src/Other src/Workflows src/environmentvariabledefinitions]
}

func Example_pack() {
	pkg := opened(sampleZip())
	fmt.Println(pkg.Manifest().UniqueName(), pkg.Manifest().Version())
	// Output: ContosoStock 1.0.0.0
}

func Example_check() {
	tree, err := packager.Load(os.DirFS("examples/solkit/sample"), nil)
	if err != nil {
		log.Fatal(err)
	}
	var sarif bytes.Buffer
	fmt.Println(check(&sarif, tree), strings.Contains(sarif.String(), `"version": "2.1.0"`))
	// Output: <nil> true
}

func Example_breaks() {
	var next bytes.Buffer
	if err := release(&next, opened(sampleZip()), solution.Version{Major: 1, Minor: 2}); err != nil {
		log.Fatal(err)
	}
	found, err := breaks(opened(sampleZip()), opened(next.Bytes()))
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range found {
		fmt.Println(c.Op, c.Name+":", c.Reason)
	}
	// Output:
	// removed cts_stock_reader: flows and apps of other solutions may use it
}

func Example_planImport() {
	if err := planImport(os.Stdout, []byte(`{"solutions": []}`), opened(sampleZip())); err != nil {
		log.Fatal(err)
	}
	// Output:
	// Cannot be imported: the solution is blocked, no step can be done.
	//
	// Cannot be imported
	// ContosoStock 1.0.0.0 (install):
	// - error:   connector cts_5fstock, connectionreference:cts_stock_reader and workflow:6b0c2f5e-2f0a-4c3e-9a51-0d8e3a7c4b10 (Low stock) share package ContosoStock: at the first import no connection can exist for them; split the package (solkit split-connectors), import the connectors, enter their secrets, create the connections, then import the rest (customizations.xml:39:5) [connector-with-consumer]
	// - warning: ContosoStock is unmanaged: it overwrites what was changed by hand, and cannot be removed as a unit (solution.xml:12:5) [unmanaged-import]
	// - action:  cts_stock_reader (cts_5fstock): choose or create a connection, which can be done only after this import, because the connector comes with it (customizations.xml:52:5) [connection-needed]
	// - action:  workflow:6b0c2f5e-2f0a-4c3e-9a51-0d8e3a7c4b10 (Low stock) cannot start: cts_stock_reader has no connection, because its connector comes with this import (Workflows/LowStock-6B0C2F5E-2F0A-4C3E-9A51-0D8E3A7C4B10.json:6:59) [flow-stays-off]
}

func Example_settings() {
	out, err := settings(opened(sampleZip()), "6f1c")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", out)
	// Output:
	// {
	//   "EnvironmentVariables": [
	//     {
	//       "SchemaName": "cts_StockServer",
	//       "Value": ""
	//     }
	//   ],
	//   "ConnectionReferences": [
	//     {
	//       "LogicalName": "cts_stock_reader",
	//       "ConnectionId": "6f1c",
	//       "ConnectorId": "/providers/Microsoft.PowerApps/apis/shared_cts-5fstock-5f0123456789abcdef"
	//     }
	//   ]
	// }
}

func Example_release() {
	var out bytes.Buffer
	if err := release(&out, opened(sampleZip()), solution.Version{Major: 1, Minor: 2}); err != nil {
		log.Fatal(err)
	}
	set, err := connref.Read(opened(out.Bytes()))
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range set.References {
		fmt.Println(opened(out.Bytes()).Manifest().Version(), r.LogicalName)
	}
	// Output: 1.2.0.0 cts_stock
}

func Example_lintConnectors() {
	found, err := lintConnectors(fstest.MapFS{"parts/apiDefinition.swagger.json": {Data: []byte(`{"swagger": "2.0", "info": {"title": "Parts API", "version": "1"}, "host": "parts.example.com", "paths": {}}`)}})
	if err != nil {
		log.Fatal(err)
	}
	for _, d := range found {
		if d.Severity == diag.Error {
			fmt.Println(d)
		}
	}
	// Output:
	// parts/apiDefinition.swagger.json:1:28: error: info.description is missing: say in 30 to 500 characters what the connector does (CONN-INFO-006)
}

func Example_wiki() {
	var out bytes.Buffer
	if err := wiki(&out, opened(sampleZip())); err != nil {
		log.Fatal(err)
	}
	first, _, _ := strings.Cut(out.String(), "\n")
	fmt.Println(first)
	// Output:
	// # Inventory of Contoso Stock
}

func Example_makeSolution() {
	var zip bytes.Buffer
	if err := makeSolution(&zip); err != nil {
		log.Fatal(err)
	}
	fmt.Println(opened(zip.Bytes()).Manifest().UniqueName(), opened(zip.Bytes()).Manifest().Version())
	// Output: Orders 1.0.0.0
}
