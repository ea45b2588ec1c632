package solution_test

import (
	"testing"

	"github.com/solutionkit/solutionkit/solution"
)

func TestDistinctKeys(t *testing.T) {
	const id = "{01234567-89ab-cdef-0123-456789abcdef}"
	table := func(name, columns string) string {
		return "<Entity><Name>" + name + `</Name><EntityInfo><entity Name="` + name + `"><attributes>` + columns + "</attributes></entity></EntityInfo></Entity>"
	}
	column := func(name string) string {
		return "<attribute PhysicalName='x'><LogicalName>" + name + "</LogicalName></attribute>"
	}
	for _, test := range []struct {
		name, sections string
		want           bool
	}{
		{"nothing", "", true},
		{"columns of one name in two tables", "<Entities>" + table("fab_A", column("fab_x")) + table("fab_B", column("fab_x")) + "</Entities>", true},
		{"columns of one name in one table", "<Entities>" + table("fab_A", column("fab_x")+column("fab_X")) + "</Entities>", false},
		{"columns of one name in tables without one", "<Entities>" + table("", column("fab_x")) + table("", column("fab_x")) + "</Entities>", false},
		{"tables", "<Entities>" + table("fab_A", "") + table("fab_a", "") + "</Entities>", false},
		{"a name in pieces", "<Entities>" + table("fab_AB", "") + table("fab_<!-- b -->A<![CDATA[b]]>", "") + "</Entities>", false},
		{"a name with a reference and blanks", "<Entities>" + table("fab_A", "") + table(" fab_&#65; ", "") + "</Entities>", false},
		{"a reference of a blank", "<Entities>" + table("fab_A", "") + table("&#32;fab_A", "") + "</Entities>", false},
		{"letters that are not ASCII", "<Entities>" + table("fab_Σ", "") + table("fab_ς", "") + "</Entities>", false},
		{"the Kelvin sign", "<Entities>" + table("fab_k", "") + table("fab_\u212a", "") + "</Entities>", true},
		{"processes of one name", `<Workflows><Workflow WorkflowId="` + id + `" Name="A"/><Workflow WorkflowId="{11234567-89ab-cdef-0123-456789abcdef}" Name="A"/></Workflows>`, true},
		{"processes of one GUID", `<Workflows><Workflow WorkflowId="` + id + `" Name="A"/><Workflow WorkflowId="01234567-89AB-CDEF-0123-456789ABCDEF" Name="B"/></Workflows>`, false},
		{"a bad GUID twice", `<Workflows><Workflow WorkflowId="x1"/><Workflow WorkflowId="X1"/></Workflows>`, false},
		{"a GUID beside a bad one twice", `<Workflows><Workflow WorkflowId="` + id + `"><WorkflowId>x</WorkflowId></Workflow><Workflow WorkflowId="x"/></Workflows>`, true},
		{"two ends of a map", `<EntityMaps><EntityMap><EntitySource>a</EntitySource><EntityTarget>b</EntityTarget></EntityMap>` +
			`<EntityMap><EntityTarget>B</EntityTarget><EntitySource>A</EntitySource></EntityMap></EntityMaps>`, false},
		{"one end of a map", `<EntityMaps><EntityMap><EntitySource>a</EntitySource></EntityMap><EntityMap><EntityTarget>a</EntityTarget></EntityMap></EntityMaps>`, false},
		{"names in a section that nobody knows", `<Things><Thing Name="a"/><Thing Name="A"/></Things>`, false},
		{"texts in a section that nobody knows", `<Things><Thing>1</Thing><Thing> 1 </Thing></Things>`, false},
		{"names in two sections of one name but for letter case", `<Things><Thing Name="a"/></Things><things><thing Name="a"/></things>`, false},
		{"names in two sections", `<Things><Thing Name="a"/></Things><Others><Thing Name="a"/></Others>`, true},
		{"an unknown element in a section that is known", `<Roles><Thing Name="a"/></Roles>`, false},
		{"no XML", `<Roles>`, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			src := []byte("<ImportExportXml>" + test.sections + "</ImportExportXml>")
			if got := solution.DistinctKeys(src); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
			checkDistinct(t, src)
		})
	}
}

// checkDistinct holds DistinctKeys to the index: no two of what it calls distinct have one key. It returns what it says.
func checkDistinct(t *testing.T, src []byte) bool {
	t.Helper()
	if !solution.DistinctKeys(src) {
		return false
	}
	c, err := solution.ParseCustomizations(src, solution.CustomizationsFile)
	if err != nil {
		t.Fatalf("the keys of what can't be read are distinct: %v", err)
	}
	seen := map[solution.Key]bool{}
	add := func(k solution.Key) {
		if seen[k] {
			t.Errorf("two components have the key %v", k)
		}
		seen[k] = true
	}
	for x := range c.Elements() {
		kind := x.Key.Type()
		if _, known := kind.Info(); !known {
			kind = solution.ComponentType(solution.Fold(x.Section))
		}
		if !x.ID.IsZero() {
			add(solution.IDKey(kind, x.ID))
		}
		if name := x.Key.Name(); name != "" && (x.ID.IsZero() || kind == x.Key.Type()) {
			add(solution.NameKey(kind, x.Key.Parent(), name))
		}
	}
	return true
}

func TestDistinctKeysOfCorpus(t *testing.T) {
	distinct, all := 0, 0
	corpus(t, solution.CustomizationsFile, func(t *testing.T, src []byte) {
		all++
		if checkDistinct(t, src) {
			distinct++
		}
	})
	if distinct < all*9/10 {
		t.Errorf("%d of %d real solutions have distinct keys, so the index is made for the others", distinct, all)
	}
}
