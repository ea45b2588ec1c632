package connector_test

import (
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/solution"
)

func ExampleLoad() {
	list, err := connector.Load(os.DirFS("testdata"))
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range list {
		fmt.Println(c.Form(), c.Path(), c.Title(), c.Version(), c.Host())
		for o := range c.Operations() {
			fmt.Println(o.Kind, o.ID)
		}
	}
	// Output:
	// files fixture Contoso Parts 1.0 api.contoso.example
	// action ListWarehouses
	// action GetPart
	// action CreateOrder
	// action GetOrderForm
	// polling OnStockPolled
	// webhook OnStockChanged
	// action DeleteHook
}

// What can be read is read, and the error tells of the rest.
func ExampleLoad_broken() {
	list, err := connector.Load(fstest.MapFS{
		"a/apiDefinition.swagger.json": {Data: []byte(`{"swagger": "2.0", "info": {"title": "Parts"}}`)},
		"b/apiDefinition.swagger.json": {Data: []byte(`{"swagger" "2.0"}`)},
	})
	for _, c := range list {
		fmt.Println(c.Title())
	}
	fmt.Println(err)
	// Output:
	// Parts
	// b/apiDefinition.swagger.json:1:12: not JSON: found '"' where a colon after the key should stand
}

// exported returns a solution with the connector in testdata.
func exported() solution.Parts {
	list, err := connector.Load(os.DirFS("testdata/fixture"))
	if err != nil {
		log.Fatal(err)
	}
	m, err := solution.NewManifest("contoso_connectors", solution.Version{Major: 1}, solution.Publisher{UniqueName: "contoso", Prefix: "cat", OptionValuePrefix: 10000})
	if err != nil {
		log.Fatal(err)
	}
	empty := solution.NewParts(m)
	change, err := connector.Put(empty, list, &connector.ConvertOptions{AllowLoss: true})
	if err != nil {
		log.Fatal(err)
	}
	parts, err := change.Apply(empty)
	if err != nil {
		log.Fatal(err)
	}
	return parts
}

func ExampleRead() {
	parts := exported() // or an opened zip, or the parts of a tree
	list, err := connector.Read(parts)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range list {
		fmt.Println(c.Form(), c.Name(), c.ID(), c.DisplayName())
	}
	// Output:
	// solution cat_contoso-20parts ad3d4c01-ca26-5c17-be5a-a54743121c39 Contoso Parts
}

// Loose files become a solution of their own, which package packager packs.
func ExamplePut() {
	list, err := connector.Load(os.DirFS("testdata/fixture"))
	if err != nil {
		log.Fatal(err)
	}
	m, err := solution.NewManifest("contoso_connectors", solution.Version{Major: 1}, solution.Publisher{UniqueName: "contoso", Prefix: "cat", OptionValuePrefix: 10000})
	if err != nil {
		log.Fatal(err)
	}
	empty := solution.NewParts(m)
	_, err = connector.Put(empty, list, nil)
	var loss *connector.LossError
	if errors.As(err, &loss) {
		fmt.Println(loss.Lost)
	}
	change, err := connector.Put(empty, list, &connector.ConvertOptions{AllowLoss: true})
	if err != nil {
		log.Fatal(err)
	}
	parts, err := change.Apply(empty)
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range parts.Names() {
		fmt.Println(name)
	}
	// Output:
	// [apiProperties.json#/properties/capabilities apiProperties.json#/properties/publisher apiProperties.json#/properties/stackOwner]
	// Connector/cat_contoso-20parts_connectionparameters.json
	// Connector/cat_contoso-20parts_openapidefinition.json
	// Connector/cat_contoso-20parts_policytemplateinstances.json
	// customizations.xml
	// solution.xml
}

func ExampleConnector_ToFiles() {
	list, err := connector.Read(exported())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(list[0].Lost(connector.FormFiles))
	files, err := list[0].ToFiles(&connector.ConvertOptions{AllowLoss: true})
	if err != nil {
		log.Fatal(err)
	}
	names, err := fs.Glob(files, "*") // os.CopyFS writes them to a folder
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(names)
	// Output:
	// [Connector/connectorid Connector/name]
	// [apiDefinition.swagger.json apiProperties.json]
}

func ExampleConnector_Secrets() {
	list, err := connector.Load(fstest.MapFS{
		"apiDefinition.swagger.json": {Data: []byte(`{"swagger": "2.0"}`)},
		"apiProperties.json": {Data: []byte(`{"properties": {"connectionParameters": {
  "key": {"type": "securestring", "defaultValue": "k-123456"}}}}`)},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range list[0].Secrets() {
		fmt.Println(s.Location, s.Kind, s.Owner, s.Field)
	}
	stripped, err := list[0].Strip(nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(stripped.Secrets()))
	// Output:
	// apiProperties.json:2:51 exposed key defaultValue
	// 0
}

func ExampleStrip() {
	parts := exported()
	change, err := connector.Strip(parts, nil) // for packager.Rewrite or Tree.With
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("nothing to take out:", change.IsEmpty())
	// Output:
	// nothing to take out: true
}

func ExampleName() {
	fmt.Println(connector.Name("cat", "Contoso Parts"))
	// Output:
	// cat_contoso-20parts
}

func ExampleCompare() {
	definition := func(operation string) fs.FS {
		return fstest.MapFS{"apiDefinition.swagger.json": {Data: []byte(`{"swagger": "2.0", "paths": {"/parts": {"get": {
			"operationId": "` + operation + `", "responses": {"200": {"description": "The parts."}}}}}}`)}}
	}
	old, err := connector.Load(definition("ListParts"))
	if err != nil {
		log.Fatal(err)
	}
	now, err := connector.Load(definition("GetParts"))
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range connector.Compare(old[0], now[0]) {
		fmt.Println(c)
		fmt.Println(c.Old, "->", c.New)
	}
	// Output:
	// breaking: operation ListParts is called GetParts now (CONN-BRK-001)
	// apiDefinition.swagger.json:1:41 -> apiDefinition.swagger.json:1:41
}
