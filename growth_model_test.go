package solutionkit_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/packager/yamlsource"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/build"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/model"
)

// drained asks for all views of a sequence.
func drained[V any](seq func(yield func(V) bool)) {
	for range seq {
	}
}

func readModel(p *packager.Package, n int) error {
	m, err := model.Read(p)
	if err != nil {
		return err
	}
	for c := range m.Components() {
		m.Component(c.Key())
	}
	drained(m.OfType(solution.TypeRole))
	drained(m.Forms())
	drained(m.SavedQueries())
	drained(m.Charts())
	drained(m.Choices())
	drained(m.WebResources())
	drained(m.Relationships())
	drained(m.EnvironmentVariables())
	drained(m.ConnectionReferences())
	drained(m.CustomAPIs())
	drained(m.SiteMaps())
	drained(m.AppModules())
	for r := range m.Roles() {
		drained(r.Privileges())
	}
	for t := range m.Tables() {
		drained(t.Relationships())
		for c := range t.Columns() {
			c.LookupTables()
		}
	}
	return nil
}

// A filling puts n things into a solution.
type filling = func(z *zipped, n int)

// compared compares two solutions, and merges what the second changed into the first.
func compared(old, new filling) func(t testing.TB, n int) func() error {
	return func(t testing.TB, n int) func() error {
		var z [2]zipped
		old(&z[0], n)
		new(&z[1], n)
		a, b := z[0].open(t), z[1].open(t)
		return func() error {
			if _, err := diff.Compare(a, b, nil); err != nil {
				return err
			}
			for _, ours := range []*packager.Package{a, b} {
				m, err := diff.Merge(a, ours, b)
				if err != nil {
					return err
				}
				if _, err := m.Change.Apply(ours); err != nil {
					return err
				}
			}
			return nil
		}
	}
}

// compareToOne compares a solution of n things with one of a single one.
func compareToOne(fill filling) func(t testing.TB, n int) func() error {
	return compared(func(z *zipped, n int) { fill(z, 1) }, fill)
}

const beforeColumns = `<EntityInfo><entity Name="ct_a"><attributes>`

// flowOf is one flow of n actions.
func flowOf(action string) filling {
	return func(z *zipped, n int) {
		z.customizations.WriteString(`<Workflows><Workflow WorkflowId="{00000000-0000-4000-8000-000000000022}" Name="a"><JsonFileName>/Workflows/a.json</JsonFileName><Category>5</Category></Workflow></Workflows>`)
		z.add("Workflows/a.json", `{"properties":{"definition":{"actions":{`+repeated(n, action+",")+`"last":{"type":"Compose"}}}}}`)
	}
}

// bothKinds unpacks two packages as one tree, and packs both again.
func bothKinds(unmanaged, managed filling) func(t testing.TB, n int) func() error {
	return func(t testing.TB, n int) func() error {
		var z [2]zipped
		unmanaged(&z[0], n)
		managed(&z[1], n)
		a := z[0].open(t)
		b := z[1].open(t)
		asManaged, err := solution.EditManifest(b, func(m *solution.Manifest) (*solution.Manifest, error) { return m.WithKind(solution.Managed), nil })
		if err != nil {
			t.Fatal(err)
		}
		parts, err := asManaged.Apply(b)
		if err != nil {
			t.Fatal(err)
		}
		return func() error {
			tree, err := packager.UnpackBoth(a, parts, nil)
			if err != nil {
				return err
			}
			files := map[string][]byte{}
			for _, name := range tree.Names() {
				if files[name], err = tree.ReadFile(name); err != nil {
					return err
				}
			}
			return packTree(memfs.New(files))
		}
	}
}

// unpackedBy unpacks with options that are made of n.
func unpackedBy(fill filling, opts func(n int) (*packager.UnpackOptions, error)) func(t testing.TB, n int) func() error {
	return openedParts(fill, func(p *packager.Package, n int) error {
		o, err := opts(n)
		if err != nil {
			return err
		}
		tree, err := packager.Unpack(p, o)
		if err != nil {
			return err
		}
		for _, name := range tree.Names() {
			if _, err := tree.ReadFile(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		_, err = packager.Pack(io.Discard, tree, &packager.PackOptions{Level: packager.Store, Workers: 1})
		return err
	})
}

func mapped(directive string) func(n int) (*packager.UnpackOptions, error) {
	return func(n int) (*packager.UnpackOptions, error) {
		m, err := packager.ParseMap([]byte("<Mapping>"+repeated(n, directive)+"</Mapping>"), "map.xml", nil)
		return &packager.UnpackOptions{Map: m}, err
	}
}

func localized(int) (*packager.UnpackOptions, error) {
	return &packager.UnpackOptions{Localize: true}, nil
}

// resourcesOf are n web resources with their files.
func resourcesOf(z *zipped, n int) {
	section("WebResources", `<WebResource><WebResourceId>{#}</WebResourceId><Name>ct_a#.js</Name><FileName>/WebResources/ct_a#</FileName></WebResource>`)(z, n)
	for i := range n {
		z.add(fmt.Sprintf("WebResources/ct_a%d", i+1), "x")
	}
}

// loose are n connectors in folders.
func loose(t testing.TB, n int) []*connector.Connector {
	t.Helper()
	files := map[string][]byte{}
	for i := range n {
		files["c"+itoa(i)+"/apiDefinition.swagger.json"] = []byte(`{"swagger":"2.0","info":{"title":"Sample ` + itoa(i) + `","version":"1.0"},"host":"a.com","paths":{}}`)
		files["c"+itoa(i)+"/apiProperties.json"] = []byte(`{"properties":{}}`)
	}
	list, err := connector.Load(memfs.New(files))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// oneConnector loads a connector of some paths and definitions.
func oneConnector(t testing.TB, paths, definitions string) *connector.Connector {
	t.Helper()
	list, err := connector.Load(memfs.New(map[string][]byte{
		"apiDefinition.swagger.json": []byte(`{"swagger":"2.0","info":{"title":"Sample","version":"1.0"},"host":"a.com","paths":{` + paths + `"/last":{}},"definitions":{` + definitions + `"Last":{"type":"object"}}}`),
		"apiProperties.json":         []byte(`{"properties":{}}`),
	}))
	if err != nil {
		t.Fatal(err)
	}
	return list[0]
}

func comparedConnectors(oldPaths, oldDefinitions, newPaths, newDefinitions string) func(t testing.TB, n int) func() error {
	return func(t testing.TB, n int) func() error {
		a := oneConnector(t, numbered(repeated(n, oldPaths)), numbered(repeated(n, oldDefinitions)))
		b := oneConnector(t, numbered(repeated(n, newPaths)), numbered(repeated(n, newDefinitions)))
		return func() error {
			connector.Compare(a, b)
			return nil
		}
	}
}

// built makes a solution of what a builder is told to put into it.
func built(tell func(b *build.Builder, n int)) func(t testing.TB, n int) func() error {
	return func(t testing.TB, n int) func() error {
		return func() error {
			b, err := build.New(build.Solution{Name: "Sample", Version: solution.Version{Major: 1}, Publisher: solution.Publisher{UniqueName: "contoso", Prefix: "ct", OptionValuePrefix: 10000}})
			if err != nil {
				return err
			}
			tell(b, n)
			_, err = b.Parts()
			return err
		}
	}
}

// fromYAML writes a solution in the YAML source format, and loads that.
func fromYAML(fill func(b *strings.Builder, n int)) func(t testing.TB, n int) func() error {
	return testedAs("unmanaged", fill, func(p solution.Parts, n int) error {
		fsys, _, err := yamlsource.Write(p, nil)
		if err != nil {
			return err
		}
		tree, err := yamlsource.Load(fsys, nil)
		if err != nil {
			return err
		}
		_, err = packager.Pack(io.Discard, tree, &packager.PackOptions{Level: packager.Store, Workers: 1})
		return err
	})
}

func openedApp(entry, data string) func(t testing.TB, n int) func() error {
	return func(t testing.TB, n int) func() error {
		var buf bytes.Buffer
		w := zip.NewWriter(&buf)
		for i := range n {
			f, err := w.Create(strings.ReplaceAll(entry, "#", itoa(i)))
			if err == nil {
				_, err = io.WriteString(f, strings.ReplaceAll(data, "#", itoa(i)))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return func() error {
			app, err := packager.OpenApp(bytes.NewReader(buf.Bytes()), int64(buf.Len()), nil)
			if err != nil {
				return err
			}
			for _, name := range app.Names() {
				if _, err := app.ReadFile(name); err != nil {
					return err
				}
			}
			folder, err := app.Folder(nil)
			if err != nil {
				return err
			}
			for _, name := range partNames(folder) {
				if _, err := fs.ReadFile(folder, name); err != nil {
					return err
				}
			}
			again, _, err := packager.LoadApp(folder, nil, nil)
			if err != nil {
				return err
			}
			_, err = again.WriteTo(io.Discard)
			return err
		}
	}
}

var modelFamilies = []family{
	{"model/roles", 300, openedParts(section("Roles", `<Role id="{#}" name="a#"><RolePrivileges><RolePrivilege name="prvReadct_a#" level="Global"/></RolePrivileges></Role>`), readModel)},
	{"model/roles-of-one-id", 300, openedParts(section("Roles", `<Role id="{1}" name="a"/>`), readModel)},
	{"model/tables", 300, openedParts(section("Entities", `<Entity><Name>ct_a#</Name><EntityInfo><entity Name="ct_a#"><attributes><attribute PhysicalName="ct_c"/></attributes></entity></EntityInfo></Entity>`), readModel)},
	{"model/columns", 300, openedParts(inEntity(beforeColumns, `<attribute PhysicalName="ct_c#"/>`, `</attributes></entity></EntityInfo>`), readModel)},
	{"model/lookups", 300, openedParts(func(z *zipped, n int) {
		inEntity(beforeColumns, `<attribute PhysicalName="ct_c#"><Type>lookup</Type><LogicalName>ct_c#</LogicalName></attribute>`, `</attributes></entity></EntityInfo>`)(z, n)
		section("EntityRelationships", `<EntityRelationship Name="ct_r#"><EntityRelationshipType>OneToMany</EntityRelationshipType><ReferencingEntityName>ct_a</ReferencingEntityName><ReferencedEntityName>ct_b</ReferencedEntityName><ReferencingAttributeName>ct_c#</ReferencingAttributeName></EntityRelationship>`)(z, n)
	}, readModel)},
	{"model/forms", 300, openedParts(inEntity(`<FormXml><forms type="main">`, `<systemform><formid>{#}</formid></systemform>`, `</forms></FormXml>`), readModel)},
	{"model/web-resources", 300, openedParts(resourcesOf, readModel)},
	{"model/folders", 300, openedParts(func(z *zipped, n int) {
		for i := range n {
			z.add(fmt.Sprintf("environmentvariabledefinitions/ct_v%d/environmentvariabledefinition.xml", i), fmt.Sprintf(`<environmentvariabledefinition schemaname="ct_v%d"/>`, i))
		}
	}, readModel)},
	{"diff/roles", 300, compared(section("Roles", `<Role id="{#}" name="a#"/>`), section("Roles", `<Role id="{#}" name="b#"/>`))},
	{"diff/roles-added", 300, compareToOne(section("Roles", `<Role id="{#}" name="a#"/>`))},
	{"diff/roles-of-one-id", 300, compared(section("Roles", `<Role id="{1}" name="a#"/>`), section("Roles", `<Role id="{1}" name="b#"/>`))},
	{"diff/columns", 300, compared(inEntity(beforeColumns, `<attribute PhysicalName="ct_c#"><Type>int</Type></attribute>`, `</attributes></entity></EntityInfo>`),
		inEntity(beforeColumns, `<attribute PhysicalName="ct_c#"><Type>bit</Type></attribute>`, `</attributes></entity></EntityInfo>`))},
	{"diff/columns-added", 300, compareToOne(inEntity(beforeColumns, `<attribute PhysicalName="ct_c#"/>`, `</attributes></entity></EntityInfo>`))},
	{"diff/elements-without-key", 300, compared(section("Unknown", `<x><y>#</y></x>`), section("Unknown", `<x><z>#</z></x>`))},
	{"diff/root-components", 300, compared(
		func(z *zipped, n int) {
			repeat(&z.roots, n, `<RootComponent type="1" schemaName="ct_#" behavior="0" />`)
		},
		func(z *zipped, n int) {
			repeat(&z.roots, n, `<RootComponent type="1" schemaName="ct_#" behavior="1" />`)
		})},
	{"diff/actions", 300, compared(flowOf(`"a#":{"type":"Compose","inputs":"x"}`), flowOf(`"a#":{"type":"Compose","inputs":"y"}`))},
	{"diff/files", 300, compared(resourcesOf, func(z *zipped, n int) {
		resourcesOf(z, n)
		for i := range z.contents {
			z.contents[i] += "y"
		}
	})},
	{"build/tables", 50, built(func(b *build.Builder, n int) {
		for i := range n {
			b.Table(build.Table{Name: "ct_A" + itoa(i)})
		}
	})},
	{"build/columns", 100, built(func(b *build.Builder, n int) {
		b.Table(build.Table{Name: "ct_A"})
		for i := range n {
			b.Column("ct_A", build.Column{Name: "ct_C" + itoa(i)})
		}
	})},
	{"build/roles", 100, built(func(b *build.Builder, n int) {
		for i := range n {
			b.Role(build.Role{Name: "Role " + itoa(i), Privileges: []build.Privilege{{Name: "prvReadAccount"}}})
		}
	})},
	{"build/connectors", 50, func(t testing.TB, n int) func() error {
		list := loose(t, n)
		return built(func(b *build.Builder, n int) { b.Connectors(list...) })(t, n)
	}},
	{"connector/put", 50, func(t testing.TB, n int) func() error {
		list := loose(t, n)
		return openedParts(rolesOf, func(p *packager.Package, n int) error {
			change, err := connector.Put(p, list, &connector.ConvertOptions{Prefix: "ct"})
			if err != nil {
				return err
			}
			_, err = change.Apply(p)
			return err
		})(t, n)
	}},
	{"connector/strip", 50, tested(each("connector ct_c# auth=oauth"), func(p solution.Parts, n int) error {
		if _, err := connector.Read(p); err != nil {
			return err
		}
		_, err := connector.Strip(p, nil)
		return err
	})},
	{"connector/compare-operations", 100, comparedConnectors(`"/a#":{"get":{"operationId":"A#","summary":"A",`+answer+`}},`, "", `"/a#":{"get":{"operationId":"A#","summary":"B",`+answer+`}},`, "")},
	{"connector/compare-added-operations", 100, comparedConnectors("", "", `"/a#":{"get":{"operationId":"A#","summary":"B",`+answer+`}},`, "")},
	{"connector/compare-definitions", 100, comparedConnectors(
		`"/a#":{"get":{"operationId":"A#","responses":{"200":{"description":"x","schema":{"$ref":"§/definitions/D#"}}}}},`, `"D#":{"type":"object","properties":{"a":{"type":"string"}}},`,
		`"/a#":{"get":{"operationId":"A#","responses":{"200":{"description":"x","schema":{"$ref":"§/definitions/D#"}}}}},`, `"D#":{"type":"object","properties":{"a":{"type":"integer"}}},`)},
	{"packager/both-roles", 300, bothKinds(section("Roles", `<Role id="{#}" name="a#"/>`), section("Roles", `<Role id="{#}" name="a#"><x/></Role>`))},
	{"packager/both-roles-of-one", 300, bothKinds(section("Roles", `<Role id="{#}" name="a#"/>`), func(z *zipped, n int) {})},
	{"packager/both-forms", 300, bothKinds(inEntity(`<FormXml><forms type="main">`, `<systemform><formid>{#}</formid></systemform>`, `</forms></FormXml>`),
		inEntity(`<FormXml><forms type="main">`, `<systemform><formid>{#}</formid><x/></systemform>`, `</forms></FormXml>`))},
	{"packager/both-files", 300, bothKinds(resourcesOf, func(z *zipped, n int) {
		resourcesOf(z, n)
		for i := range z.contents {
			z.contents[i] += "y"
		}
	})},
	{"packager/localized", 300, unpackedBy(inEntity(beforeColumns, `<attribute PhysicalName="ct_c#"><displaynames><displayname description="C #" languagecode="1033"/></displaynames></attribute>`, `</attributes></entity></EntityInfo>`), localized)},
	{"packager/yaml-references", 100, fromYAML(each("connectionreference ct_r# connector=shared_x"))},
	{"packager/app-entries", 300, openedApp("Assets/a#.txt", "x")},
	{"packager/app-screens", 100, openedApp("Controls/#.json", `{"TopParent":{"Type":"ControlInfo","Name":"Screen#","Children":[]}}`)},
	{"solution/editor-splices", 500, openedParts(rolesOf, func(p *packager.Package, n int) error {
		change, err := everyRole(p)
		if err != nil {
			return err
		}
		_, err = change.Apply(p)
		return err
	})},
	{"solution/editor-parts", 300, openedParts(rolesOf, func(p *packager.Package, n int) error {
		e := solution.NewEditor(p)
		for i := range n {
			e.Add(fmt.Sprintf("folder/file%d.xml", i), []byte("<x/>"))
		}
		change, err := e.Change()
		if err != nil {
			return err
		}
		parts, err := change.Apply(p)
		if err != nil {
			return err
		}
		e = solution.NewEditor(parts)
		for i := range n {
			e.Remove(fmt.Sprintf("folder/file%d.xml", i))
		}
		if change, err = e.Change(); err != nil {
			return err
		}
		_, err = change.Apply(parts)
		return err
	})},
}

// mapFamilies search with each of n patterns for each of n files, as the reference tool does: n of one are measured against few of the other.
var mapFamilies = []family{
	{"packager/mapped-files", 300, unpackedBy(resourcesOf, func(int) (*packager.UnpackOptions, error) {
		return mapped(`<FileToFile map="ct_x.js" to="../x/ct_x.js" />`)(1)
	})},
	{"packager/directives", 300, unpackedBy(func(z *zipped, n int) { resourcesOf(z, 1) }, mapped(`<FileToFile map="ct_x#.js" to="../x/ct_x#.js" />`))},
}
