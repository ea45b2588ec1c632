package solutionkit_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/packager/yamlsource"
)

// A yamlFill puts n of something into a YAML source.
type yamlFill func(put func(name, text string), n int)

// readYAML reads a YAML source, checks it and packs it.
func readYAML(fill yamlFill) func(t testing.TB, n int) func() error {
	return func(t testing.TB, n int) func() error {
		files := fstest.MapFS{}
		put := func(name, text string) { files[name] = &fstest.MapFile{Data: []byte(text)} }
		put("publishers/smp/publisher.yml", "Publisher:\n  UniqueName: smp\n  LocalizedNames: \n  Descriptions: \n  CustomizationPrefix: smp\n  CustomizationOptionValuePrefix: 12345\n  Addresses: \n")
		put("solutions/One/solution.yml", "ImportExportXml:\n  '@version': 9.2.26053.152\n  '@SolutionPackageVersion': 9.2\n  '@languagecode': 1033\n  SolutionManifest:\n    UniqueName: One\n    LocalizedNames: \n"+
			"    Descriptions: \n    Version: 1.0.0.0\n    Managed: 0\n    Publisher:\n      UniqueName: smp\n")
		put("solutions/One/rootcomponents.yml", "RootComponents: \n")
		fill(put, n)
		return func() error {
			tree, err := yamlsource.Load(files, nil)
			if err != nil {
				return err
			}
			if _, err := tree.Check(); err != nil {
				return err
			}
			_, err = packager.Pack(io.Discard, tree, &packager.PackOptions{Workers: 1})
			return err
		}
	}
}

// inYAML is a file with n times a pattern between two texts.
func inYAML(name, before, pattern, after string) yamlFill {
	return func(put func(name, text string), n int) {
		var b strings.Builder
		repeat(&b, n, pattern)
		put(name, before+b.String()+after)
	}
}

const yamlTable = "Entity:\n  Name: smp_a\n  EntityInfo:\n    entity:\n      '@Name': smp_a\n"

var yamlFamilies = []family{
	{"yaml/columns", 300, readYAML(func(put func(name, text string), n int) {
		put("entities/smp_a/entity.yml", yamlTable)
		for i := range n {
			put(fmt.Sprintf("entities/smp_a/attributes/smp_c%d.yml", i), fmt.Sprintf("attribute:\n  '@PhysicalName': smp_c%d\n  Type: nvarchar\n  LogicalName: smp_c%d\n", i, i))
		}
	})},
	{"yaml/tables", 200, readYAML(func(put func(name, text string), n int) {
		for i := range n {
			put(fmt.Sprintf("entities/smp_t%d/entity.yml", i), strings.ReplaceAll(yamlTable, "smp_a", fmt.Sprintf("smp_t%d", i)))
		}
	})},
	{"yaml/choices", 300, readYAML(func(put func(name, text string), n int) {
		for i := range n {
			put(fmt.Sprintf("optionsets/smp_o%d/optionset.yml", i), fmt.Sprintf("optionset:\n  '@Name': smp_o%d\n", i))
		}
	})},
	{"yaml/files-of-no-component", 3000, readYAML(func(put func(name, text string), n int) {
		put("entities/smp_a/entity.yml", yamlTable)
		for i := range n {
			put(fmt.Sprintf("solutions/One/notes%d.txt", i), "x")
		}
	})},
	{"yaml/items-of-list", 1000, readYAML(inYAML("optionsets/smp_o/optionset.yml", "optionset:\n  '@Name': smp_o\n  options:\n    option:\n", "    - '@value': #\n      '@Color': x\n", ""))},
	{"yaml/keys-of-mapping", 3000, readYAML(inYAML("entities/smp_a/entity.yml", yamlTable, "      k#: v\n", ""))},
	{"yaml/lines-of-text", 10000, readYAML(inYAML("entities/smp_a/entity.yml", yamlTable+"      k: >-\n", "        line #\n\n", ""))},
	{"yaml/members", 300, readYAML(func(put func(name, text string), n int) {
		var b strings.Builder
		b.WriteString("SolutionComponents:\n  Component:\n")
		repeat(&b, n, "  - '@path': /optionsets/smp_o#\n")
		put("solutions/One/solutioncomponents.yml", b.String())
		for i := range n {
			put(fmt.Sprintf("optionsets/smp_o%d/optionset.yml", i+1), fmt.Sprintf("optionset:\n  '@Name': smp_o%d\n", i+1))
		}
	})},
}
