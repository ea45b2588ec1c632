package solution_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/solutionkit/solutionkit/solution"
)

// manyTables makes customizations of the shape of real ones: tables with columns, forms and views.
func manyTables(n int) []byte {
	var b bytes.Buffer
	b.WriteString("<ImportExportXml><Entities>\r\n")
	for i := range n {
		fmt.Fprintf(&b, "  <Entity>\r\n    <Name LocalizedName=\"Table\">fab_Table%d</Name>\r\n    <EntityInfo>\r\n      <entity Name=\"fab_Table%d\">\r\n        <attributes>\r\n", i, i)
		for j := range 20 {
			fmt.Fprintf(&b, "          <attribute PhysicalName=\"fab_Column%d\">\r\n            <Type>nvarchar</Type>\r\n            <Name>fab_column%d</Name>\r\n            <LogicalName>fab_column%d</LogicalName>\r\n            <RequiredLevel>none</RequiredLevel>\r\n            <DisplayMask>ValidForAdvancedFind|ValidForForm|ValidForGrid</DisplayMask>\r\n            <displaynames>\r\n              <displayname description=\"Column %d\" languagecode=\"1033\" />\r\n            </displaynames>\r\n          </attribute>\r\n", j, j, j, j)
		}
		b.WriteString("        </attributes>\r\n      </entity>\r\n    </EntityInfo>\r\n    <FormXml>\r\n      <forms type=\"main\">\r\n")
		fmt.Fprintf(&b, "        <systemform>\r\n          <formid>{0a1b2c3d-1111-2222-3333-%012d}</formid>\r\n          <form>\r\n", i)
		for j := range 30 {
			fmt.Fprintf(&b, "            <cell id=\"{0a1b2c3d-1111-2222-3333-%012d}\" showlabel=\"true\"><labels><label description=\"Column\" languagecode=\"1033\" /></labels><control id=\"fab_column%d\" classid=\"{4273EDBD-AC1D-40d3-9FB2-095C621B552D}\" datafieldname=\"fab_column%d\" /></cell>\r\n", j, j, j)
		}
		b.WriteString("          </form>\r\n        </systemform>\r\n      </forms>\r\n    </FormXml>\r\n  </Entity>\r\n")
	}
	b.WriteString("</Entities></ImportExportXml>")
	return b.Bytes()
}

func BenchmarkParseCustomizations(b *testing.B) {
	src := manyTables(100)
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := solution.ParseCustomizations(src, solution.CustomizationsFile); err != nil {
			b.Fatal(err)
		}
	}
}

func manyRoots(b *testing.B, n int) *solution.Manifest {
	m := newManifest(b)
	roots := make([]solution.RootComponent, n)
	for i := range roots {
		roots[i] = solution.NewRootComponent(solution.TypeWebResource, fmt.Sprintf("fab_/script%d.js", i), solution.GUID{})
	}
	m, err := m.WithRootComponents(roots...)
	if err != nil {
		b.Fatal(err)
	}
	return m
}

func BenchmarkParseManifest(b *testing.B) {
	src := manyRoots(b, 200).Bytes()
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := solution.ParseManifest(src, solution.ManifestFile); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWithVersion(b *testing.B) {
	m := manyRoots(b, 200)
	b.SetBytes(int64(len(m.Bytes())))
	b.ReportAllocs()
	for b.Loop() {
		m.WithVersion(solution.Version{Major: 2})
	}
}

func BenchmarkCheck(b *testing.B) {
	m := manyRoots(b, 200)
	b.SetBytes(int64(len(m.Bytes())))
	b.ReportAllocs()
	for b.Loop() {
		m.Check()
	}
}
