package programs_test

import (
	"bytes"
	"fmt"
	"log"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connector/lint"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
)

// repository holds connectors as a repository keeps them.
var repository = fstest.MapFS{"parts/apiDefinition.swagger.json": {Data: []byte(`{"swagger": "2.0",
  "info": {"title": "Parts", "description": "Looks up spare parts in the stock of Contoso.", "version": "1.2"},
  "host": "parts.contoso.com", "basePath": "/", "schemes": ["https"], "consumes": [], "produces": ["application/json"],
  "paths": {}, "definitions": {}, "securityDefinitions": {}, "security": []}`)}}

// Loose connectors become a solution, unmanaged and managed, with equal bytes whenever it is built.
func Example_connectors() {
	list, err := connector.Load(repository)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range list {
		if err := lint.Check(c, nil).Err(); err != nil {
			log.Fatal(err)
		}
	}
	contoso := solution.Publisher{UniqueName: "contoso", Prefix: "cat", OptionValuePrefix: 10000}
	m, err := solution.NewManifest("contoso_connectors", solution.Version{Major: 1, Minor: 2}, contoso)
	if err != nil {
		log.Fatal(err)
	}
	empty := solution.NewParts(m)
	change, err := connector.Put(empty, list, nil)
	if err != nil {
		log.Fatal(err)
	}
	parts, err := change.Apply(empty)
	if err != nil {
		log.Fatal(err)
	}
	tree, err := packager.Unpack(parts, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, kind := range []solution.Kind{solution.Unmanaged, solution.Managed} {
		var once, again bytes.Buffer
		for _, w := range []*bytes.Buffer{&once, &again} {
			if _, err := packager.Pack(w, tree, &packager.PackOptions{Kind: &kind, Convert: true}); err != nil {
				log.Fatal(err)
			}
		}
		fmt.Println(kind, "equal bytes:", bytes.Equal(once.Bytes(), again.Bytes()))
	}
	for _, name := range tree.Names() {
		fmt.Println(name)
	}
	// Output:
	// unmanaged equal bytes: true
	// managed equal bytes: true
	// Connectors/cat_parts.xml
	// Connectors/cat_parts_connectionparameters.json
	// Connectors/cat_parts_openapidefinition.json
	// Connectors/cat_parts_policytemplateinstances.json
	// Other/Customizations.xml
	// Other/Solution.xml
}
