package solutionkit_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/plan"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// openedParts makes a zip and works on its parts.
func openedParts(fill func(z *zipped, n int), work func(p *packager.Package, n int) error) func(t testing.TB, n int) func() error {
	return func(t testing.TB, n int) func() error {
		z := &zipped{}
		fill(z, n)
		p := z.open(t)
		return func() error { return work(p, n) }
	}
}

func readManifest(p *packager.Package, n int) error {
	m, err := solution.ReadManifest(p)
	if err != nil {
		return err
	}
	m.Check()
	for range m.RootComponents() {
	}
	for range m.Dependencies() {
	}
	m.WithRootComponents(solution.NewRootComponent(solution.TypeEntity, "ct_x", solution.GUID{}))
	return nil
}

func addRoots(p *packager.Package, n int) error {
	var roots []solution.RootComponent
	for i := range n {
		roots = append(roots, solution.NewRootComponent(solution.TypeEntity, fmt.Sprint("ct_x", i), solution.GUID{}))
	}
	_, err := solution.EditManifest(p, func(m *solution.Manifest) (*solution.Manifest, error) { return m.WithRootComponents(roots...) })
	return err
}

func readCustomizations(p *packager.Package, n int) error {
	c, err := solution.ReadCustomizations(p)
	if err != nil {
		return err
	}
	for x := range c.Elements() {
		c.Lookup(x.Key)
		c.Location(x)
	}
	for range c.OfType(solution.TypeEntity) {
	}
	for range c.Sections() {
	}
	return nil
}

func joinChanges(p *packager.Package, n int) error {
	var changes []*solution.Change
	for i := range n {
		e := solution.NewEditor(p)
		e.Add(fmt.Sprintf("folder/file%d.xml", i), []byte("<x/>"))
		c, err := e.Change()
		if err != nil {
			return err
		}
		changes = append(changes, c)
	}
	all, err := solution.JoinChanges(changes...)
	if err != nil {
		return err
	}
	_, err = all.Apply(p)
	return err
}

var rolesOf = section("Roles", `<Role id="{#}" name="a#"/>`)

var solutionFamilies = []family{
	{"solution/root-components", 500, openedParts(func(z *zipped, n int) {
		repeat(&z.roots, n, `<RootComponent type="1" schemaName="ct_#" behavior="0" />`)
	}, readManifest)},
	{"solution/root-components-alike", 500, openedParts(func(z *zipped, n int) {
		repeat(&z.roots, n, `<RootComponent type="1" schemaName="ct_a" behavior="0" />`)
	}, readManifest)},
	{"solution/roots-that-say-nothing", 500, openedParts(func(z *zipped, n int) { repeat(&z.roots, n, `<RootComponent />`) }, readManifest)},
	{"solution/missing-dependencies", 500, openedParts(func(z *zipped, n int) {
		repeat(&z.needs, n, `<MissingDependency><Required type="1" schemaName="ct_#" solution="B (1.0)" /><Dependent type="1" schemaName="ct_a" /></MissingDependency>`)
	}, readManifest)},
	{"solution/missing-dependencies-alike", 500, openedParts(func(z *zipped, n int) {
		repeat(&z.needs, n, `<MissingDependency><Required type="1" schemaName="ct_b" solution="B (1.0)" /><Dependent type="1" schemaName="ct_a" /></MissingDependency>`)
	}, readManifest)},
	{"solution/add-roots", 300, openedParts(rolesOf, addRoots)},
	{"solution/add-dependencies", 300, openedParts(rolesOf, func(p *packager.Package, n int) error {
		var needs []solution.Dependency
		for i := range n {
			needs = append(needs, solution.Dependency{
				Required:  solution.NewEnd(solution.TypeEntity, "", fmt.Sprint("ct_x", i), solution.GUID{}),
				Dependent: solution.NewEnd(solution.TypeEntity, "", "ct_y", solution.GUID{}),
			})
		}
		_, err := solution.EditManifest(p, func(m *solution.Manifest) (*solution.Manifest, error) { return m.WithDependencies(needs...) })
		return err
	})},
	{"solution/elements", 500, openedParts(rolesOf, readCustomizations)},
	{"solution/elements-alike", 500, openedParts(section("Roles", `<Role id="{1}" name="a"/>`), readCustomizations)},
	{"solution/elements-without-key", 500, openedParts(section("Roles", `<Role/>`), readCustomizations)},
	{"solution/sections", 500, openedParts(func(z *zipped, n int) { repeat(&z.customizations, n, "<a#><b/></a#>") }, readCustomizations)},
	{"solution/text-in-pieces", 500, openedParts(section("Entities", `<Entity><Name>`+strings.Repeat("a&amp;<!---->", 5)+`</Name></Entity>`), readCustomizations)},
	{"solution/name-in-pieces", 500, openedParts(func(z *zipped, n int) {
		z.customizations.WriteString("<Entities><Entity><Name>")
		repeat(&z.customizations, n, "a#<!---->")
		z.customizations.WriteString("</Name></Entity></Entities>")
	}, readCustomizations)},
	{"solution/join-changes", 300, openedParts(rolesOf, joinChanges)},
	{"normalise/roots-alike", 500, openedParts(func(z *zipped, n int) {
		repeat(&z.roots, n, `<RootComponent type="1" schemaName="ct_a"><RootComponents><RootComponent type="2" /><RootComponent type="1" schemaName="#" /></RootComponents></RootComponent>`)
	}, normalise)},
	{"normalise/labels", 500, openedParts(section("optionsets", `<optionset Name="ct_#"><displaynames><displayname languagecode="2" /><displayname languagecode="1" /></displaynames></optionset>`), normalise)},
	{"normalise/elements-alike", 500, openedParts(section("Roles", `<Role id="{1}" name="a"/>`), normalise)},
}

func normalise(p *packager.Package, _ int) error {
	_, err := diff.Normalise(p)
	return err
}

// tested makes a managed solution of lines and works on it.
func tested(lines func(b *strings.Builder, n int), work func(p solution.Parts, n int) error) func(t testing.TB, n int) func() error {
	return testedAs("managed", lines, work)
}

func testedAs(kind string, lines func(b *strings.Builder, n int), work func(p solution.Parts, n int) error) func(t testing.TB, n int) func() error {
	return func(t testing.TB, n int) func() error {
		var b strings.Builder
		b.WriteString("solution Sample 1.0.0.0 " + kind + "\n")
		lines(&b, n)
		s, err := solutiontest.Parse(b.String())
		if err != nil {
			t.Fatal(err)
		}
		p, err := solution.PartsOf(s.FS())
		if err != nil {
			t.Fatal(err)
		}
		return func() error { return work(p, n) }
	}
}

func each(pattern string) func(b *strings.Builder, n int) {
	return func(b *strings.Builder, n int) { repeat(b, n, pattern+"\n") }
}

// one writes one line with a list of n items.
func one(before, item, after string) func(b *strings.Builder, n int) {
	return func(b *strings.Builder, n int) {
		b.WriteString(before)
		repeat(b, n-1, item+",")
		b.WriteString(strings.ReplaceAll(item, "#", fmt.Sprint(n)) + after + "\n")
	}
}

func both(parts ...func(b *strings.Builder, n int)) func(b *strings.Builder, n int) {
	return func(b *strings.Builder, n int) {
		for _, f := range parts {
			f(b, n)
		}
	}
}

func readContent(p solution.Parts, n int) error {
	c, err := content.Read(p, nil)
	if err != nil {
		return err
	}
	c.Diagnostics()
	for x := range c.Components() {
		c.Component(x.Key)
	}
	for range c.References() {
	}
	if _, err := content.Check(p, nil); err != nil {
		return err
	}
	_, err = plan.Read(p, nil)
	return err
}

// namedFile is a solution of a process, a page and a style sheet, one of whose files has n items.
func namedFile(name, before, item, after string) func(t testing.TB, n int) func() error {
	return openedParts(func(z *zipped, n int) {
		var b strings.Builder
		b.WriteString(before)
		repeat(&b, n, item)
		b.WriteString(after)
		z.add(name, b.String())
		z.customizations.WriteString(`<Workflows><Workflow WorkflowId="{00000000-0000-4000-8000-000000000022}" Name="a"><XamlFileName>/Workflows/a.xaml</XamlFileName></Workflow></Workflows>
			<WebResources><WebResource><Name>ct_p/a.html</Name><WebResourceType>1</WebResourceType><FileName>/WebResources/a</FileName></WebResource>
			<WebResource><Name>ct_p/a.css</Name><WebResourceType>2</WebResourceType><FileName>/WebResources/b</FileName></WebResource></WebResources>`)
	}, func(p *packager.Package, n int) error { return readContent(p, n) })
}

// oneFlow is a solution of one cloud flow with n actions.
func oneFlow(action string, work func(p solution.Parts, n int) error) func(t testing.TB, n int) func() error {
	return openedParts(func(z *zipped, n int) {
		var f strings.Builder
		f.WriteString(`{"properties":{"connectionReferences":{"shared_x":{"connection":{"connectionReferenceLogicalName":"ct_sp"},"api":{"name":"shared_x"}}},"definition":{"actions":{`)
		repeat(&f, n, action+",")
		f.WriteString(`"last":{"type":"Compose"}}}}}`)
		z.add("Workflows/a.json", f.String())
		z.customizations.WriteString(`<Workflows><Workflow WorkflowId="{00000000-0000-4000-8000-000000000022}" Name="a"><JsonFileName>/Workflows/a.json</JsonFileName><Category>5</Category></Workflow></Workflows>`)
	}, func(p *packager.Package, n int) error { return work(p, n) })
}

var contentFamilies = []family{
	{"content/folders", 300, tested(each("component customapi ct_a#"), readContent)},
	{"content/bots", 100, tested(both(each("bot ct_b#"), each("botcomponent ct_b#.topic.a bot=ct_b#")), readContent)},
	{"content/topics", 300, tested(func(b *strings.Builder, n int) {
		b.WriteString("bot ct_b\n")
		repeat(b, n, "botcomponent ct_b.topic.a# bot=ct_b\n")
	}, readContent)},
	{"content/tables", 300, tested(each("entity ct_a#\nattribute ct_a#.ct_c"), readContent)},
	{"content/columns", 300, tested(func(b *strings.Builder, n int) {
		b.WriteString("entity ct_a\n")
		repeat(b, n, "attribute ct_a.ct_c#\n")
	}, readContent)},
	{"content/forms", 300, tested(func(b *strings.Builder, n int) {
		b.WriteString("entity ct_a\n")
		repeat(b, n, "systemform # table=ct_a columns=ct_x\n")
	}, readContent)},
	{"content/relationships", 300, tested(func(b *strings.Builder, n int) {
		b.WriteString("entity ct_a\n")
		repeat(b, n, "entityrelationship ct_r# from=ct_a to=account lookup=ct_l#\n")
	}, readContent)},
	{"content/references-of-one-role", 300, tested(one("role 1 reads=", "ct_t#", ""), readContent)},
	{"content/references-of-one-app", 300, tested(one("canvasapp ct_a needs=", "entity:ct_t#", ""), readContent)},
	{"content/references-to-one-table", 300, tested(each("role # reads=ct_t"), readContent)},
	{"content/flows", 200, tested(func(b *strings.Builder, n int) {
		b.WriteString("connectionreference ct_sp connector=shared_x\n")
		repeat(b, n, "workflow # refs=ct_sp sets=ct_orders\n")
	}, readContent)},
	{"content/flows-that-run-the-next", 200, tested(func(b *strings.Builder, n int) {
		for i := range n - 1 {
			fmt.Fprintf(b, "workflow %d child=%d\n", i+1, i+2)
		}
	}, readContent)},
	{"content/connections-of-one-flow", 200, tested(both(each("connectionreference ct_sp# connector=shared_x"), one("workflow 22 refs=", "ct_sp#", "")), readContent)},
	{"content/sets-of-one-flow", 200, tested(one("workflow 22 sets=", "ct_orders#", ""), readContent)},
	{"content/actions", 500, oneFlow(`"a#":{"type":"OpenApiConnection","inputs":{"host":{"connectionName":"shared_x","operationId":"GetItems"},"parameters":{"entityName":"ct_t#s"}},"runAfter":{}}`, readContent)},
	{"content/actions-alike", 500, oneFlow(`"a":{"type":"Compose","inputs":"@parameters('x#')"}`, readContent)},
	{"content/expressions", 500, oneFlow(`"a#":{"type":"Compose","inputs":"@parameters('x (ct_v#)') @{variables('y')} @{variables('z')}"}`, readContent)},
	{"content/child-flows-of-one-flow", 300, oneFlow(`"a#":{"type":"Workflow","inputs":{"host":{"workflowReferenceName":"00000000-0000-0000-0000-0000000a1000"}}}`, readContent)},
	{"content/tables-of-one-query", 300, oneFlow(`"a#":{"inputs":{"host":{"apiId":"/apis/shared_commondataserviceforapps"},"parameters":{"fetchXml":"<fetch><entity name='ct_a#'/></fetch>"}}}`, readContent)},
	{"content/tables-of-one-process", 300, namedFile("Workflows/a.xaml", "<A>", `<B EntityName="ct_a#" AssemblyQualifiedName="A.B#, A, Version=1.0.0.0"/><ActivityReference AssemblyQualifiedName="A.B#, A, Version=1.0.0.0"/>`, "</A>")},
	{"content/links-of-one-page", 300, namedFile("WebResources/a", "", `<script src="ct_a#.js">if (a < b) "</script><style>@import "ct_#.css" @import url(x</style><!-- x --><a href=ct_#.html>`, "")},
	{"content/unfinished-page", 1000, namedFile("WebResources/a", "", `<a <script <!- </ "`, "")},
	{"content/unfinished-style", 1000, namedFile("WebResources/b", "", `@import "a @import  url( /* * `, "")},
	{"content/escaped-queries", 300, openedParts(func(z *zipped, n int) {
		z.customizations.WriteString("<Entities><Entity><Name>ct_t</Name><SavedQueries><savedqueries><savedquery><savedqueryid>{00000000-0000-4000-8000-000000000001}</savedqueryid><fetchxml>&lt;fetch&gt;")
		repeat(&z.customizations, n, "&lt;entity name='ct_a#' /&gt;")
		z.customizations.WriteString("</fetchxml></savedquery></savedqueries></SavedQueries></Entity></Entities>")
	}, func(p *packager.Package, n int) error { return readContent(p, n) })},
	{"content/web-resources", 300, tested(each("webresource ct_/a#.js text=x"), readContent)},
	{"content/site-map", 300, tested(one("sitemap ct_s tables=", "ct_t#", ""), readContent)},
	{"content/app-parts", 300, tested(one("appmodule ct_s parts=", "entity:ct_t#", ""), readContent)},
	{"content/assemblies", 300, tested(one(`pluginassembly "A, Version=1.0.0.0" types=`, "A.T#", ""), readContent)},
	{"content/connectors", 200, tested(each("connector ct_c#"), readContent)},
	{"content/variables", 300, tested(each("environmentvariabledefinition ct_v# default=x value=y"), readContent)},
	{"content/unknown-sections", 300, openedParts(func(z *zipped, n int) { repeat(&z.customizations, n, "<Things#><Thing Name='#'/></Things#>") }, func(p *packager.Package, n int) error { return readContent(p, n) })},
	{"content/unknown-elements", 300, openedParts(section("Things", "<Thing Name='#'/>"), func(p *packager.Package, n int) error { return readContent(p, n) })},
	{"content/missing-dependencies", 300, tested(each(`missing entity:ct_t# by entity:ct_a in "Base (1.0.0.0)"`), readContent)},
	{"content/duplicate-components", 300, openedParts(section("Roles", `<Role id="{00000000-0000-4000-8000-000000000001}" name="a"/>`), func(p *packager.Package, n int) error { return readContent(p, n) })},
	{"content/join", 30, func(t testing.TB, n int) func() error {
		var all []*content.Content
		for i := range n {
			s, err := solutiontest.Parse(fmt.Sprintf("solution S%d 1.0.0.0 managed\nentity ct_t%d\nworkflow %d sets=ct_t%ds,ct_x%ds\n", i, i, i+1, (i*7)%n, (i*13)%n))
			if err != nil {
				t.Fatal(err)
			}
			p, err := solution.PartsOf(s.FS())
			if err != nil {
				t.Fatal(err)
			}
			c, err := content.Read(p, nil)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, c)
		}
		return func() error { content.Join(all...); return nil }
	}},
}

// settingsOf are deployment settings for n references and n variables.
func settingsOf(n int) []byte {
	var b strings.Builder
	b.WriteString(`{"EnvironmentVariables":[`)
	repeat(&b, n, `{"SchemaName":"ct_v#","Value":"x"},`)
	b.WriteString(`{"SchemaName":"ct_last","Value":"x"}],"ConnectionReferences":[`)
	repeat(&b, n, `{"LogicalName":"ct_r#","ConnectionId":"x","ConnectorId":"/providers/Microsoft.PowerApps/apis/shared_x"},`)
	b.WriteString(`{"LogicalName":"ct_last","ConnectionId":"","ConnectorId":""}]}`)
	return []byte(b.String())
}

func useSettings(p solution.Parts, n int) error {
	set, err := connref.Read(p)
	if err != nil {
		return err
	}
	set.Diagnostics()
	blank, _, err := set.Settings(nil)
	if err != nil {
		return err
	}
	given, err := connref.ParseSettings(settingsOf(n), "settings.json")
	if err != nil {
		return err
	}
	set.Check(given)
	set.Check(blank)
	if _, _, err := set.Settings(given); err != nil {
		return err
	}
	if _, err := blank.Merge(given); err != nil {
		return err
	}
	if _, err := given.Merge(blank); err != nil {
		return err
	}
	for _, b := range given.ConnectionReferences() {
		given.Reference(b.LogicalName)
		set.Reference(b.LogicalName)
	}
	for _, v := range given.EnvironmentVariables() {
		given.Variable(v.SchemaName)
		set.Variable(v.SchemaName)
	}
	connref.Join(set, set)
	return nil
}

var connrefFamilies = []family{
	{"connref/settings-of-references", 100, tested(each("connectionreference ct_r# connector=shared_x"), useSettings)},
	{"connref/settings-of-variables", 100, tested(each("environmentvariabledefinition ct_v# type=text"), useSettings)},
	{"connref/settings-of-nothing", 100, tested(each("entity ct_a#"), useSettings)},
	{"connref/uses", 100, tested(func(b *strings.Builder, n int) {
		b.WriteString("connectionreference ct_sp connector=shared_x\n")
		repeat(b, n, "workflow # refs=ct_sp variables=ct_v\n")
	}, useSettings)},
	{"connref/uses-of-nothing", 100, tested(each("workflow # refs=ct_r#:shared_x variables=ct_v#"), useSettings)},
	{"connref/raw", 100, tested(each("workflow # raw=shared_x"), useSettings)},
	{"connref/raw-of-one-flow", 100, tested(one("workflow 22 raw=", "shared_x#", ""), useSettings)},
	{"connref/data-sources", 100, tested(each("connectionreference ct_r# connector=shared_x\nenvironmentvariabledefinition ct_v# type=datasource connector=shared_x parameter=p parent=ct_v"), useSettings)},
	{"connref/uses-of-one-flow", 100, tested(both(each("connectionreference ct_sp# connector=shared_x"), one("workflow 22 refs=", "ct_sp#", "")), useSettings)},
	{"connref/actions", 100, oneFlow(`"a#":{"type":"OpenApiConnection","inputs":{"host":{"connectionName":"shared_x","operationId":"GetItems"}}}`, useSettings)},
	{"connref/rename", 100, tested(func(b *strings.Builder, n int) {
		b.WriteString("connectionreference ct_sp connector=shared_x\n")
		repeat(b, n, "workflow # refs=ct_sp\n")
	}, func(p solution.Parts, n int) error { _, err := connref.Rename(p, "ct_sp", "ct_other"); return err })},
	{"connref/merge", 100, tested(each("connectionreference ct_sp# connector=shared_x\nworkflow # refs=ct_sp#"), func(p solution.Parts, n int) error {
		var drop []string
		for i := range n - 1 {
			drop = append(drop, fmt.Sprint("ct_sp", i+2))
		}
		_, err := connref.Merge(p, "ct_sp1", drop...)
		return err
	})},
	{"connref/adopt", 100, tested(func(b *strings.Builder, n int) {
		b.WriteString("connectionreference ct_sp connector=shared_x\n")
		repeat(b, n, "workflow # raw=shared_x\n")
	}, func(p solution.Parts, n int) error { _, err := connref.Adopt(p, "ct_sp"); return err })},
	{"connref/join", 100, func(t testing.TB, n int) func() error {
		var sets []*connref.Set
		for i := range n {
			s, err := solutiontest.Parse(fmt.Sprintf("solution S%d 1.0.0.0 managed\nconnectionreference ct_r%d connector=shared_x\nenvironmentvariabledefinition ct_v default=x\n", i, i))
			if err != nil {
				t.Fatal(err)
			}
			p, err := solution.PartsOf(s.FS())
			if err != nil {
				t.Fatal(err)
			}
			set, err := connref.Read(p)
			if err != nil {
				t.Fatal(err)
			}
			sets = append(sets, set)
		}
		return func() error {
			connref.Join(sets...).Diagnostics()
			return nil
		}
	}},
}
