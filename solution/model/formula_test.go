package model_test

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/model"
)

// formulaModel is a solution with a table whose columns have a file of formulas, and one that has a XAML of its own.
func formulaModel(t *testing.T, yaml string, columns ...string) *model.Model {
	t.Helper()
	list := `<attribute PhysicalName="contoso_Sum"><LogicalName>contoso_sum</LogicalName><SourceType>1</SourceType><FormulaDefinitionFileName>/Formulas/contoso_a-contoso_sum.xaml</FormulaDefinitionFileName></attribute>`
	for _, name := range columns {
		list += fmt.Sprintf(`<attribute PhysicalName="%s"><LogicalName>%s</LogicalName><SourceType>3</SourceType><FormulaDefinitionFileName>/Formulas/contoso_a-FormulaDefinitions.yaml</FormulaDefinitionFileName></attribute>`, name, name)
	}
	parts, err := solution.PartsOf(fstest.MapFS{
		"solution.xml": {Data: []byte(`<ImportExportXml><SolutionManifest><UniqueName>A</UniqueName><Version>1.0</Version></SolutionManifest></ImportExportXml>`)},
		"customizations.xml": {Data: []byte(`<ImportExportXml><Entities><Entity><Name>contoso_A</Name><EntityInfo><entity Name="contoso_A"><attributes>` + list +
			`</attributes></entity></EntityInfo></Entity></Entities></ImportExportXml>`)},
		"Formulas/contoso_a-FormulaDefinitions.yaml": {Data: []byte(yaml)},
		"Formulas/contoso_a-contoso_sum.xaml":        {Data: []byte("<Activity/>")},
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := model.Read(parts)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestFormula(t *testing.T) {
	const yaml = "\ufeff# made by hand\ncontoso_a: =contoso_x + 1\r\ncontoso_B: |-\n    =If(\n        contoso_x > 1,\n\n        \"a: b\"\n    )\n'contoso_c': '=\"it''s\"'\n" +
		"\"contoso_d\": \"=\\\"x\\\"\"\ncontoso_e:\n  =1 +\n  2\n# the last\ncontoso_f: =2 # and more\n"
	want := map[string]string{
		"contoso_a": "=contoso_x + 1 2:1", "contoso_b": "=If(\n    contoso_x > 1,\n\n    \"a: b\"\n) 3:1", "contoso_c": "=\"it's\" 9:1", "contoso_d": "=\"x\" 10:1",
		"contoso_e": "=1 +\n2 11:1", "contoso_f": "=2 15:1",
	}
	got := map[string]string{}
	m := formulaModel(t, yaml, "contoso_a", "contoso_b", "contoso_c", "contoso_d", "contoso_e", "contoso_f", "contoso_g")
	table, _ := m.Table("contoso_a")
	for c := range table.Columns() {
		f, ok, err := c.Formula()
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			got[c.LogicalName()] = fmt.Sprintf("%s %d:%d", f.Text, f.Location.Start.Line, f.Location.Start.Column)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	var names []string
	all, err := m.Formulas("Formulas/contoso_a-FormulaDefinitions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		names = append(names, f.Column)
	}
	if diff := cmp.Diff([]string{"contoso_a", "contoso_B", "contoso_c", "contoso_d", "contoso_e", "contoso_f"}, names); diff != "" {
		t.Errorf("columns of the file (-want +got)\n%s", diff)
	}
}
