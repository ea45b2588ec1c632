package yamlsource_test

import (
	"bytes"
	"fmt"
	"log"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/packager/yamlsource"
	"github.com/solutionkit/solutionkit/solution"
)

// exampleSource is a root as Git integration commits it: a choice and the solution that it is in.
func exampleSource() fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"solutions/Fabrikam/solution.yml": file(`ImportExportXml:
  '@languagecode': 1033
  SolutionManifest:
    UniqueName: Fabrikam
    Version: 1.0.0.0
    Managed: 0
    Publisher:
      UniqueName: fabrikam
`),
		"solutions/Fabrikam/rootcomponents.yml": file(`RootComponents:
  RootComponent:
    '@type': 9
    '@schemaName': fab_size
    '@behavior': 0
`),
		"publishers/fabrikam/publisher.yml": file("Publisher:\n  UniqueName: fabrikam\n  CustomizationPrefix: fab\n  CustomizationOptionValuePrefix: 10001\n"),
		"optionsets/fab_size/optionset.yml": file(`optionset:
  '@Name': fab_size
  OptionSetType: picklist
  options:
    option:
    - '@value': 100010000
    - '@value': 100010001
`),
	}
}

// The tree of a YAML source packs like any other, and says where in the YAML something stands.
func ExampleLoad() {
	tree, err := yamlsource.Load(exampleSource(), nil)
	if err != nil {
		log.Fatal(err)
	}
	var zip bytes.Buffer
	if _, err := packager.Pack(&zip, tree, nil); err != nil {
		log.Fatal(err)
	}
	pkg, err := packager.Open(bytes.NewReader(zip.Bytes()), int64(zip.Len()), nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(pkg.Manifest().UniqueName(), pkg.Manifest().VersionText())
	parts, err := tree.Parts()
	if err != nil {
		log.Fatal(err)
	}
	custom, err := solution.ReadCustomizations(parts)
	if err != nil {
		log.Fatal(err)
	}
	for x := range custom.Elements() {
		fmt.Println(x.Key, custom.Location(x))
	}
	// Output:
	// Fabrikam 1.0.0.0
	// optionset fab_size optionsets/fab_size/optionset.yml:1:1
	// language 1033 solutions/Fabrikam/solution.yml:1:1
}

// Parts of any source are written as YAML.
func ExampleWrite() {
	tree, err := yamlsource.Load(exampleSource(), nil)
	if err != nil {
		log.Fatal(err)
	}
	parts, err := tree.Parts()
	if err != nil {
		log.Fatal(err)
	}
	root, _, err := yamlsource.Write(parts, &yamlsource.WriteOptions{Newline: "\n"})
	if err != nil {
		log.Fatal(err)
	}
	list, err := root.Open("solutions/Fabrikam/solutioncomponents.yml")
	if err != nil {
		log.Fatal(err)
	}
	var text bytes.Buffer
	if _, err := text.ReadFrom(list); err != nil {
		log.Fatal(err)
	}
	fmt.Print(text.String())
	// Output:
	// SolutionComponents:
	//   Component:
	//   - '@path': /optionsets/fab_size
	//   - '@path': /publishers/fabrikam
}

// manyColumns is a source with a table of n columns, each a file.
func manyColumns(tb testing.TB, n int) (fsys fstest.MapFS, size int64) {
	fsys = withFile(tb, "entities/smp_a/entity.yml", "Entity:\n  Name: smp_a\n  EntityInfo:\n    entity:\n      '@Name': smp_a\n      EntitySetName: smp_as\n")
	for i := range n {
		text := fmt.Sprintf("attribute:\n  '@PhysicalName': smp_c%d\n  Type: nvarchar\n  Name: smp_c%d\n  LogicalName: smp_c%d\n  RequiredLevel: none\n  displaynames:\n    displayname:\n    - '@description': 'Column: %d'\n      '@languagecode': 1033\n    - '@description': Spalte\n      '@languagecode': 1031\n", i, i, i, i)
		fsys[fmt.Sprintf("entities/smp_a/attributes/smp_c%d.yml", i)] = &fstest.MapFile{Data: []byte(text)}
	}
	for _, f := range fsys {
		size += int64(len(f.Data))
	}
	return fsys, size
}

func BenchmarkLoad(b *testing.B) {
	fsys, size := manyColumns(b, 500)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		tree, err := yamlsource.Load(fsys, nil)
		if err != nil {
			b.Fatal(err)
		}
		if names := tree.Names(); !strings.Contains(strings.Join(names, " "), "Entity.xml") {
			b.Fatal(names)
		}
	}
}
