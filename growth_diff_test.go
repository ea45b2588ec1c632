package solutionkit_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/internal/msapp"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/inventory"
	"github.com/solutionkit/solutionkit/solution/plan"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// canvasOf is one canvas app, of the entries that are told.
func canvasOf(entries func(n int) []msapp.Item) filling {
	return func(z *zipped, n int) {
		src, err := msapp.Build(entries(n))
		if err != nil {
			panic(err)
		}
		z.customizations.WriteString(`<CanvasApps><CanvasApp><Name>ct_a</Name><DocumentUri>/CanvasApps/ct_a_DocumentUri.msapp</DocumentUri></CanvasApp></CanvasApps>`)
		z.add("CanvasApps/ct_a_DocumentUri.msapp", string(src))
	}
}

// entriesOf are n entries of an app.
func entriesOf(name, data string) func(n int) []msapp.Item {
	return func(n int) []msapp.Item {
		var out []msapp.Item
		for i := range n {
			number := strings.NewReplacer("#", itoa(i))
			out = append(out, msapp.Item{Name: number.Replace(name), Data: []byte(number.Replace(data))})
		}
		return out
	}
}

// oneEntry is an entry with a list of n things.
func oneEntry(name, before, pattern, after string) func(n int) []msapp.Item {
	return func(n int) []msapp.Item {
		return []msapp.Item{{Name: name, Data: []byte(before + strings.TrimSuffix(repeated(n, pattern), ",") + after)}}
	}
}

// reversed puts n things into a section, the last first.
func reversed(before, pattern, after string) filling {
	return func(z *zipped, n int) {
		var list []string
		for i := range n {
			list = append(list, strings.ReplaceAll(pattern, "#", itoa(i+1)))
		}
		slices.Reverse(list)
		z.customizations.WriteString(before + strings.Join(list, "") + after)
	}
}

func needsOf(version string) filling {
	return func(z *zipped, n int) {
		repeat(&z.needs, n, `<MissingDependency><Required key="#" type="1" schemaName="ct_x#" solution="S (`+version+`)" /><Dependent key="a#" type="1" schemaName="ct_y#" /></MissingDependency>`)
	}
}

// formulasOf are n formula columns of one table.
func formulasOf(formula string) filling {
	columns := inEntity(beforeColumns, `<attribute PhysicalName="ct_c#"><LogicalName>ct_c#</LogicalName><FormulaDefinitionFileName>/Formulas/ct_a-FormulaDefinitions.yaml</FormulaDefinitionFileName></attribute>`,
		`</attributes></entity></EntityInfo>`)
	return func(z *zipped, n int) {
		columns(z, n)
		z.add("Formulas/ct_a-FormulaDefinitions.yaml", repeated(n, "ct_c#: ="+formula+"\n"))
	}
}

// textOf is one web resource of n lines.
func textOf(line string) filling {
	return func(z *zipped, n int) {
		resourcesOf(z, 1)
		z.contents[len(z.contents)-1] = repeated(n, line)
	}
}

// written compares two solutions and writes all that there is to write of the differences.
func written(old, new filling) func(t testing.TB, n int) func() error {
	return func(t testing.TB, n int) func() error {
		var z [2]zipped
		old(&z[0], n)
		new(&z[1], n)
		a, b := z[0].open(t), z[1].open(t)
		return func() error {
			c, err := diff.Compare(a, b, nil)
			if err != nil {
				return err
			}
			for _, write := range []func(io.Writer) error{c.WriteText, c.WriteNoise, c.WriteMarkdown} {
				if err := write(io.Discard); err != nil {
					return err
				}
			}
			_, err = c.MarshalJSON()
			return err
		}
	}
}

// plannedChanges plans an upgrade with what it changes: a table less for each flow of another solution.
func plannedChanges(t testing.TB, n int) func() error {
	parts := func(text string) solution.Parts {
		s, err := solutiontest.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		p, err := solution.PartsOf(s.FS())
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	old := "solution Core 1.0.0.0 managed\n" + repeated(n, "entity ct_a#\nattribute ct_a#.ct_b\n")
	flows := "solution Flows 1.0.0.0 managed\n"
	for i := range n {
		flows += fmt.Sprintf("workflow %x name=F%d sets=ct_a%ds\n", i+1, i, i+1)
	}
	const next = "solution Core 2.0.0.0 managed\nwebresource ct_keep\n"
	installed := readSolution(t, old)
	env := &plan.Environment{Solutions: []plan.Installed{{Name: "Core", Order: 1, Package: installed}, {Name: "Flows", Order: 2, Package: readSolution(t, flows)}}}
	item := plan.Item{Solution: readSolution(t, next)}
	var err error
	if item.Changes, err = diff.Compare(parts(old), parts(next), nil); err != nil {
		t.Fatal(err)
	}
	return func() error {
		p, err := plan.Resolve([]plan.Item{item}, env, nil, nil)
		if err != nil {
			return err
		}
		p.Diagnostics()
		if err := p.WriteText(io.Discard); err != nil {
			return err
		}
		_, err = p.MarshalJSON()
		return err
	}
}

func inventoryOf(p *packager.Package, _ int) error {
	inv, err := inventory.Take(inventory.Source{Parts: p})
	if err != nil {
		return err
	}
	return inv.WriteMarkdown(io.Discard)
}

const (
	controlsBefore = `{"TopParent":{"Name":"S","Template":{"Name":"screen"},"Children":[`
	sourcesBefore  = "Screens:\n  S:\n    Children:\n"
)

var diffFamilies = []family{
	{"diff/app-controls", 300, written(
		canvasOf(oneEntry(`Controls\1.json`, controlsBefore, `{"Name":"C#","Template":{"Name":"label"},"Rules":[{"Property":"Text","InvariantScript":"1"}]},`, `]}}`)),
		canvasOf(oneEntry(`Controls\1.json`, controlsBefore, `{"Name":"C#","Template":{"Name":"label"},"Rules":[{"Property":"Text","InvariantScript":"2"}]},`, `]}}`)))},
	{"diff/app-controls-of-one-name", 300, written(
		canvasOf(oneEntry(`Controls\1.json`, controlsBefore, `{"Name":"C","Template":{"Name":"label#"}},`, `]}}`)),
		canvasOf(oneEntry(`Controls\1.json`, controlsBefore, `{"Name":"C","Template":{"Name":"icon#"}},`, `]}}`)))},
	{"diff/app-screens", 300, written(canvasOf(entriesOf(`Controls\#.json`, `{"TopParent":{"Name":"S#","Index":#,"Template":{"Name":"screen"}}}`)),
		canvasOf(entriesOf(`Controls\1#.json`, `{"TopParent":{"Name":"S#","Index":1#,"Template":{"Name":"screen"}}}`)))},
	{"diff/app-sources", 300, written(canvasOf(entriesOf(`Src\S#.pa.yaml`, "A: 1\n")), canvasOf(entriesOf(`Src\S#.pa.yaml`, "A: 2\n")))},
	{"diff/app-data-sources", 300, written(canvasOf(oneEntry(`References\DataSources.json`, `{"DataSources":[`, `{"Name":"D#","Type":"ServiceInfo"},`, `]}`)),
		canvasOf(oneEntry(`References\DataSources.json`, `{"DataSources":[`, `{"Name":"E#","Type":"ServiceInfo"},`, `]}`)))},
	{"diff/lines", 500, written(textOf("a#\n"), textOf("b#\n"))},
	{"diff/options-moved", 300, written(reversed(`<optionsets><optionset Name="ct_o"><options>`, `<option value="#"><labels><label description="a#" languagecode="1033"/></labels></option>`, `</options></optionset></optionsets>`),
		func(z *zipped, n int) {
			z.customizations.WriteString(`<optionsets><optionset Name="ct_o"><options>` + repeated(n, `<option value="#"><labels><label description="a#" languagecode="1033"/></labels></option>`) + `</options></optionset></optionsets>`)
		})},
	{"diff/dependencies", 300, written(needsOf("1.0"), needsOf("2.0"))},
	{"diff/formulas", 300, written(formulasOf("1"), formulasOf("2"))},
	{"diff/columns-with-another-flag", 300, written(inEntity(beforeColumns, `<attribute PhysicalName="ct_c#"><Type>int</Type></attribute>`, `</attributes></entity></EntityInfo>`),
		inEntity(beforeColumns, `<attribute PhysicalName="ct_c#"><Type>int</Type><IsSearchable>#</IsSearchable></attribute>`, `</attributes></entity></EntityInfo>`))},
	{"diff/columns-with-one-flag", 300, written(inEntity(beforeColumns, `<attribute PhysicalName="ct_c#"><Type>int</Type></attribute>`, `</attributes></entity></EntityInfo>`),
		inEntity(beforeColumns, `<attribute PhysicalName="ct_c#"><Type>int</Type><IsSearchable>1</IsSearchable></attribute>`, `</attributes></entity></EntityInfo>`))},
	{"diff/arrays", 300, written(flowOf(`"a#":{"type":"Compose","inputs":[{"x":1},{"y":2}]}`), flowOf(`"a#":{"type":"Compose","inputs":[{"y":2},{"x":3}]}`))},
	{"diff/tables-removed", 100, written(section("Entities", `<Entity><Name>ct_a#</Name><EntityInfo><entity Name="ct_a#"><attributes><attribute PhysicalName="ct_c"/></attributes></entity></EntityInfo></Entity>`),
		section("Entities", ""))},
	{"plan/changes", 100, plannedChanges},
	{"inventory/app-sources", 300, openedParts(canvasOf(entriesOf(`Src\S#.pa.yaml`, "Screens:\n  S#:\n    Children:\n      - A:\n          Control: B@1\n")), inventoryOf)},
	{"inventory/app-source-controls", 300, openedParts(canvasOf(oneEntry(`Src\S.pa.yaml`, sourcesBefore, "      - A#:\n          Control: B@1\n          Properties:\n            X: =1\n", "")), inventoryOf)},
	{"inventory/app-screens", 300, openedParts(canvasOf(entriesOf(`Controls\#.json`, `{"TopParent":{"Name":"S#","Index":#,"Template":{"Name":"screen"}}}`)), inventoryOf)},
	{"inventory/app-without-folders", 300, openedParts(canvasOf(oneEntry(`Entities.json`, `{"Entities":[`, `{"Name":"S#","Type":"ControlInfo","Template":{"Name":"screen"}},`, `]}`)), inventoryOf)},
	{"normalise/folders", 300, openedParts(func(z *zipped, n int) {
		for i := range n {
			z.add(fmt.Sprintf("environmentvariabledefinitions/ct_v%d/environmentvariabledefinition.xml", i),
				fmt.Sprintf(`<environmentvariabledefinition schemaname="ct_v%d"><displayname default="a"><label description="b" languagecode="1036"/><label description="a" languagecode="1033"/></displayname></environmentvariabledefinition>`, i))
		}
	}, normalise)},
	{"normalise/privileges", 300, openedParts(reversed(`<Roles><Role id="{1}" name="a"><RolePrivileges>`, `<RolePrivilege name="prvReadct_a#" level="Global"/>`, `</RolePrivileges></Role></Roles>`), normalise)},
}
