package solution_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

func TestKeyCheck(t *testing.T) {
	const id = "{01234567-89ab-cdef-0123-456789abcdef}"
	table := func(name, columns string) string {
		return "<Entity><Name>" + name + `</Name><EntityInfo><entity Name="` + name + `"><attributes>` + columns + "</attributes></entity></EntityInfo></Entity>"
	}
	column := func(name string) string {
		return "<attribute PhysicalName='x'><LogicalName>" + name + "</LogicalName></attribute>"
	}
	columns := func(n int) string { return numbered(n, column) }
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
		{"many columns", "<Entities>" + table("fab_A", columns(9000)) + table("fab_B", columns(9000)) + "</Entities>", true},
		{"many columns and one of them twice", "<Entities>" + table("fab_A", columns(9000)+column("fab_x17")) + "</Entities>", false},
		{"no XML", `<Roles>`, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			src := []byte("<ImportExportXml>" + test.sections + "</ImportExportXml>")
			if got := distinctKeys(t, src); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
			checkDistinct(t, src)
		})
	}
}

// numbered joins what make gives for n names.
func numbered(n int, make func(name string) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(make(fmt.Sprint("fab_x", i)))
	}
	return b.String()
}

// Where a table gets its name after many of its columns were seen, it is not known whether their keys are distinct.
func TestKeyCheckLateName(t *testing.T) {
	late := "<Entities><Entity><EntityInfo><entity><attributes>" + numbered(9000, func(name string) string { return "<attribute PhysicalName='" + name + "'/>" }) +
		"</attributes></entity></EntityInfo><Name>fab_A</Name></Entity></Entities>"
	keys := solution.NewKeyCheck(len(late))
	keys.Add("", []byte(late))
	if keys.Distinct(len(late), 1) {
		t.Error("they are distinct")
	}
}

func TestKeyCheckTooMany(t *testing.T) {
	piece := []byte(strings.Repeat("<Thing/>", 20_000))
	keys := solution.NewKeyCheck(len(piece))
	keys.Add("Things", piece)
	if !keys.TooMany(len(piece), 1) || keys.TooMany(100*len(piece), 1) {
		t.Error("20,000 components are too many for their size, and not for a larger file")
	}
	if _, err := solution.ParseCustomizations([]byte("<ImportExportXml><Things>"+string(piece)+"</Things></ImportExportXml>"), ""); err == nil {
		t.Error("they are not too many for the index")
	}
}

// checkDistinct holds a KeyCheck to the index: no two of what it calls distinct have one key. It returns what it says.
func checkDistinct(t *testing.T, src []byte) bool {
	t.Helper()
	if !distinctKeys(t, src) {
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

// distinctKeys reports whether the keys of customizations.xml are distinct. It looks at whole sections, at components, and at the
// parts of tables beside the tables, which must come to the same.
func distinctKeys(t *testing.T, src []byte) bool {
	t.Helper()
	d, err := xmlspan.Parse(src, 4, nil)
	if err != nil {
		return false
	}
	whole, each, parts := solution.NewKeyCheck(len(src)), solution.NewKeyCheck(len(src)), solution.NewKeyCheck(len(src))
	sections := 0
	for s := range d.Elements(d.Root()) {
		sections++
		whole.Add("", d.Bytes(s))
		if d.Is(s, "RibbonDiffXml") || d.Is(s, "SiteMap") { // components themselves
			each.Add("", d.Bytes(s))
			parts.Add("", d.Bytes(s))
			continue
		}
		for c := range d.Elements(s) {
			each.Add(d.Name(s), d.Bytes(c))
			if d.Name(s) != "Entities" || !d.Is(c, "Entity") {
				parts.Add(d.Name(s), d.Bytes(c))
				continue
			}
			start := int(d.Nodes[c].Start)
			var apart [][2]int
			for q := range d.Elements(c) {
				if !d.Is(q, "Name") {
					apart = append(apart, [2]int{int(d.Nodes[q].Start) - start, int(d.Nodes[q].End) - start})
				}
			}
			parts.Add("Entities", d.Bytes(c), apart...)
			for q := range d.Elements(c) {
				switch {
				case d.Is(q, "Name"):
				case d.Is(q, "FormXml"):
					for group := range d.Elements(q) {
						parts.Add("Entities/Entity/FormXml/"+d.Name(group), d.Inner(group))
					}
				default:
					parts.Add("Entities/Entity", d.Bytes(q))
				}
			}
		}
	}
	got := whole.Distinct(len(src), sections)
	watched := solution.NewKeyCheck(len(src))
	for s := range d.Elements(d.Root()) {
		// As files of a tree, which are written when they have been read.
		watch := func(element []byte, path, other string, apart ...[2]int) {
			watched.Watch(element, path, other)
			if err := xmlspan.ParseWatched(&xmlspan.Document{}, element, 0, nil, watched); err == nil {
				watched.Watched(apart...)
			} else {
				watched.Add(path, element, apart...)
			}
		}
		if d.Is(s, "RibbonDiffXml") || d.Is(s, "SiteMap") {
			watch(d.Bytes(s), "", "")
			continue
		}
		for c := range d.Elements(s) {
			start := int(d.Nodes[c].Start)
			forms := d.Child(c, "FormXml")
			if d.Name(s) != "Entities" || !d.Is(c, "Entity") || forms == xmlspan.None {
				watch(d.Bytes(c), d.Name(s), "")
				continue
			}
			watch(d.Bytes(c), "Entities", "", [2]int{int(d.Nodes[forms].Start) - start, int(d.Nodes[forms].End) - start})
			for group := range d.Elements(forms) {
				watch(d.Bytes(group), "Entities/Entity/FormXml", "Entities/Entity/FormXml/forms")
			}
		}
	}
	if w := watched.Distinct(len(src), sections); w != got {
		t.Errorf("distinct: %t by sections, %t by watching", got, w)
	}
	if e, p := each.Distinct(len(src), sections), parts.Distinct(len(src), sections); got != e || got != p {
		t.Errorf("distinct: %t by sections, %t by components, %t by parts", got, e, p)
	}
	return got
}

func TestKeyCheckOfCorpus(t *testing.T) {
	distinct, all := 0, 0
	eachReal(t, solution.CustomizationsFile, func(t *testing.T, src []byte) {
		all++
		if checkDistinct(t, src) {
			distinct++
		}
	})
	if distinct < all*9/10 {
		t.Errorf("%d of %d real solutions have distinct keys, so the index is made for the others", distinct, all)
	}
}
