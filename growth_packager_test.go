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

	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A zipped is a solution zip that is made by hand, as solutiontest makes none that is not valid.
type zipped struct {
	roots, needs    strings.Builder // in solution.xml
	customizations  strings.Builder // in the root
	rootAttributes  string
	names, contents []string
}

func (z *zipped) add(name, content string) {
	z.names, z.contents = append(z.names, name), append(z.contents, content)
}

func (z *zipped) open(t testing.TB) *packager.Package {
	t.Helper()
	z.add("solution.xml", `<ImportExportXml><SolutionManifest><UniqueName>Sample</UniqueName><Version>1.0.0.0</Version><Managed>0</Managed><RootComponents>`+
		z.roots.String()+`</RootComponents><MissingDependencies>`+z.needs.String()+`</MissingDependencies></SolutionManifest></ImportExportXml>`)
	z.add("customizations.xml", "<ImportExportXml"+z.rootAttributes+">"+z.customizations.String()+"</ImportExportXml>")
	z.add("[Content_Types].xml", `<Types><Default Extension="xml" ContentType="text/xml" /><Default Extension="txt" ContentType="text/plain" /><Default Extension="js" ContentType="text/plain" /></Types>`)
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for i, name := range z.names {
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err == nil {
			_, err = io.WriteString(f, z.contents[i])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	p, err := packager.Open(bytes.NewReader(buf.Bytes()), int64(buf.Len()), &packager.Limits{Files: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// roundTrip opens a zip, unpacks it, reads all files, loads these, packs and checks them, and joins the parts. Findings of
// severity error are no reason to stop.
func roundTrip(fill func(z *zipped, n int)) func(t testing.TB, n int) func() error {
	return func(t testing.TB, n int) func() error {
		z := &zipped{}
		fill(z, n)
		p := z.open(t)
		return func() error {
			tree, err := packager.Unpack(p, nil)
			if err != nil {
				return err
			}
			files := map[string][]byte{}
			for _, name := range tree.Names() {
				data, err := tree.ReadFile(name)
				if err != nil {
					return err
				}
				files[name] = data
			}
			return packTree(memfs.New(files))
		}
	}
}

func packTree(files fs.FS) error {
	tree, err := packager.Load(files, &packager.Limits{Files: 1 << 20})
	if err != nil {
		return err
	}
	opts := packager.PackOptions{Level: packager.Store, Workers: 1}
	if tree.Manifest().Kind() == solution.Both {
		managed := solution.Managed
		opts.Kind = &managed
	}
	var failed *diag.FailedError
	if _, err := packager.Pack(io.Discard, tree, &opts); err != nil && !errors.As(err, &failed) {
		return err
	}
	if _, err := tree.Check(); err != nil {
		return err
	}
	if _, err := tree.Owned(); err != nil {
		return err
	}
	parts, err := tree.Parts()
	if err != nil {
		return err
	}
	for _, name := range partNames(parts) {
		parts.Locate(name, 10)
	}
	return nil
}

func partNames(parts fs.FS) (names []string) {
	_ = fs.WalkDir(parts, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return nil
	})
	return names
}

// repeat writes n times what a pattern makes of 1 to n.
func repeat(b *strings.Builder, n int, pattern string) {
	for i := range n {
		b.WriteString(strings.ReplaceAll(pattern, "#", fmt.Sprint(i+1)))
	}
}

func guid(i int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", i, i) }

// section fills one section with n elements.
func section(name, pattern string) func(z *zipped, n int) {
	return func(z *zipped, n int) {
		z.customizations.WriteString("<" + name + ">")
		repeat(&z.customizations, n, pattern)
		z.customizations.WriteString("</" + name + ">")
	}
}

// inEntity fills one table with n elements.
func inEntity(before, pattern, after string) func(z *zipped, n int) {
	return func(z *zipped, n int) {
		z.roots.WriteString(`<RootComponent type="1" schemaName="ct_a" behavior="0" />`)
		z.customizations.WriteString(`<Entities><Entity><Name LocalizedName="A" OriginalName="A">ct_a</Name>` + before)
		repeat(&z.customizations, n, pattern)
		z.customizations.WriteString(after + `</Entity></Entities>`)
	}
}

// alike are n names that are one name once illegal characters are replaced.
func alike(i int) string {
	const illegal = `"<>|:*?`
	var b strings.Builder
	for range 8 {
		b.WriteByte(illegal[i%len(illegal)])
		i /= len(illegal)
	}
	return b.String()
}

var packagerFamilies = []family{
	{"packager/siblings", 3000, roundTrip(section("Roles", "<a/>"))},
	{"packager/siblings-of-unknown-section", 3000, roundTrip(section("Unknown", "<a/>"))},
	{"packager/siblings-of-one-file", 3000, roundTrip(section("ImportMaps", "<a/>"))},
	{"packager/siblings-in-root", 1000, roundTrip(func(z *zipped, n int) { repeat(&z.customizations, n, "<a/>") })},
	{"packager/sections", 1000, roundTrip(func(z *zipped, n int) { repeat(&z.customizations, n, "<a#/>") })},
	{"packager/sections-with-content", 1000, roundTrip(func(z *zipped, n int) { repeat(&z.customizations, n, "<a#><b/></a#>") })},
	{"packager/sections-of-one-name", 1000, roundTrip(func(z *zipped, n int) { repeat(&z.customizations, n, `<Roles><Role name="a#"/></Roles>`) })},
	{"packager/comments-between-sections", 1000, roundTrip(func(z *zipped, n int) { repeat(&z.customizations, n, "<!--#--><a#/>") })},
	{"packager/comments-between-components", 1000, roundTrip(section("Roles", `<!--#--><Role id="{#}" name="a#"/>`))},
	{"packager/text-between-components", 1000, roundTrip(section("Roles", `text#<Role id="{#}" name="a#"/>`))},
	{"packager/comments-before-root", 1000, func(t testing.TB, n int) func() error {
		return roundTrip(func(z *zipped, n int) {
			z.add("Other/x.txt", "x")
			repeat(&z.customizations, n, "<!--#-->")
		})(t, n)
	}},
	{"packager/attributes-of-root", 60, roundTrip(func(z *zipped, n int) {
		var b strings.Builder
		repeat(&b, n, ` a#="1"`)
		z.rootAttributes = b.String()
	})},
	// Few namespaces are kept from one scan to the next, so that is measured where they are many: a tag has 512 attributes at most.
	{"packager/namespaces", 120, roundTrip(func(z *zipped, n int) {
		var b strings.Builder
		repeat(&b, n, ` xmlns:a#="urn:#"`)
		z.rootAttributes = b.String()
		section("Roles", `<Role id="{#}" name="a#"/>`)(z, 10)
	})},
	{"packager/attributes-of-components", 1000, roundTrip(func(z *zipped, n int) {
		var b strings.Builder
		repeat(&b, 100, ` b#="1"`)
		section("Roles", `<Role id="{#}" name="a#"`+b.String()+`/>`)(z, n/10)
	})},
	{"packager/roles", 500, roundTrip(section("Roles", `<Role id="{#}" name="a#"/>`))},
	{"packager/roles-of-one-name", 500, roundTrip(section("Roles", `<Role id="{#}" name="a"/>`))},
	{"packager/roles-of-one-id", 500, roundTrip(section("Roles", `<Role id="{1}" name="a#"/>`))},
	{"packager/nameless", 500, roundTrip(section("Unknown", `<x><y>#</y></x>`))},
	{"packager/named-of-unknown-section", 500, roundTrip(section("Unknown", `<x Name="a#"><y>#</y></x>`))},
	{"packager/optionsets", 500, roundTrip(section("optionsets", `<optionset Name="ct_a#"/>`))},
	{"packager/entities", 500, roundTrip(section("Entities", `<Entity><Name>ct_a#</Name><EntityInfo><entity Name="ct_a#"><attributes/></entity></EntityInfo><FormXml/><SavedQueries/><RibbonDiffXml/></Entity>`))},
	{"packager/entities-of-one-name", 500, roundTrip(section("Entities", `<Entity><Name>ct_a</Name><EntityInfo><entity Name="ct_a"/></EntityInfo></Entity>`))},
	{"packager/attributes-of-table", 500, roundTrip(inEntity(`<EntityInfo><entity Name="ct_a"><attributes>`, `<attribute PhysicalName="ct_c#"/>`, `</attributes></entity></EntityInfo>`))},
	{"packager/forms", 500, roundTrip(inEntity(`<FormXml><forms type="main">`, `<systemform><formid>{#}</formid></systemform>`, `</forms></FormXml>`))},
	{"packager/forms-of-one-id", 500, roundTrip(inEntity(`<FormXml><forms type="main">`, `<systemform><formid>{1}</formid><form>#</form></systemform>`, `</forms></FormXml>`))},
	{"packager/form-types", 500, roundTrip(inEntity(`<FormXml>`, `<forms type="t#"><systemform><formid>{#}</formid></systemform></forms>`, `</FormXml>`))},
	{"packager/form-types-alike", 500, roundTrip(inEntity(`<FormXml>`, `<forms type="main"><systemform><formid>{#}</formid></systemform></forms>`, `</FormXml>`))},
	{"packager/views-of-one-id", 500, roundTrip(inEntity(`<SavedQueries><savedqueries>`, `<savedquery><savedqueryid>{1}</savedqueryid><x>#</x></savedquery>`, `</savedqueries></SavedQueries>`))},
	{"packager/children-of-table", 500, roundTrip(inEntity("", `<x#/>`, ""))},
	{"packager/children-of-table-alike", 500, roundTrip(inEntity("", `<FormXml/>`, ""))},
	{"packager/comments-in-table", 500, roundTrip(inEntity("", `<!--#-->`, ""))},
	{"packager/controls", 300, roundTrip(func(z *zipped, n int) {
		section("CustomControls", `<CustomControl><Name>ct_a#</Name><FileName>/Controls/ct_a#/ControlManifest.xml</FileName></CustomControl>`)(z, n)
		for i := range n {
			z.add(fmt.Sprintf("Controls/ct_a%d/ControlManifest.xml", i+1), "<manifest/>")
			z.add(fmt.Sprintf("Controls/ct_a%d/bundle.js", i+1), "x")
		}
	})},
	{"packager/files-of-one-control", 500, roundTrip(func(z *zipped, n int) {
		section("CustomControls", `<CustomControl><Name>ct_a</Name><FileName>/Controls/ct_a/ControlManifest.xml</FileName></CustomControl>`)(z, 1)
		z.add("Controls/ct_a/ControlManifest.xml", "<manifest/>")
		for i := range n {
			z.add(fmt.Sprintf("Controls/ct_a/f%d.js", i+1), "x")
		}
	})},
	{"packager/webresources", 300, roundTrip(func(z *zipped, n int) {
		section("WebResources", `<WebResource><WebResourceId>{#}</WebResourceId><Name>ct_a#.js</Name><FileName>/WebResources/ct_a#</FileName></WebResource>`)(z, n)
		for i := range n {
			z.add(fmt.Sprintf("WebResources/ct_a%d", i+1), "x")
		}
	})},
	{"packager/webresources-without-files", 300, roundTrip(section("WebResources", `<WebResource><Name>ct_a#.js</Name><FileName>/WebResources/ct_a#</FileName></WebResource>`))},
	{"packager/webresources-of-one-file", 300, roundTrip(func(z *zipped, n int) {
		section("WebResources", `<WebResource><Name>ct_a#.js</Name><FileName>/WebResources/ct_a</FileName></WebResource>`)(z, n)
		z.add("WebResources/ct_a", "x")
	})},
	{"packager/webresources-in-own-folders", 300, roundTrip(func(z *zipped, n int) {
		section("WebResources", `<WebResource><Name>ct_a#/b.js</Name><FileName>/WebResources/ct_a#</FileName></WebResource>`)(z, n)
		for i := range n {
			z.add(fmt.Sprintf("WebResources/ct_a%d", i+1), "x")
		}
	})},
	{"packager/workflows", 300, roundTrip(func(z *zipped, n int) {
		section("Workflows", `<Workflow WorkflowId="{#}" Name="a"><JsonFileName>/Workflows/a-#.json</JsonFileName></Workflow>`)(z, n)
		for i := range n {
			z.add(fmt.Sprintf("Workflows/a-%d.json", i+1), "{}")
		}
	})},
	{"packager/escaped-beside-twins", 300, roundTrip(func(z *zipped, n int) {
		section("WebResources", `<WebResource><Name>ct_a#.js</Name><FileName>/WebResources/ct a#</FileName></WebResource>`)(z, n)
		for i := range n {
			z.add(fmt.Sprintf("WebResources/ct%%20a%d", i+1), "x")
			z.add(fmt.Sprintf("WebResources/ct a%d", i+1), "y")
		}
	})},
	{"packager/escaped-beside-one-twin", 300, roundTrip(func(z *zipped, n int) {
		section("WebResources", `<WebResource><Name>ct_a#.js</Name><FileName>/WebResources/ct a#</FileName></WebResource>`)(z, n)
		for i := range n {
			z.add(fmt.Sprintf("WebResources/ct%%20a%d", i+1), "x")
		}
		z.add("b.txt", "x")
		z.add("B.txt", "x")
	})},
	{"packager/names-alike", 300, roundTrip(func(z *zipped, n int) {
		for i := range n {
			z.add(alike(i)+".txt", "x")
		}
	})},
	{"packager/long-names-alike", 300, roundTrip(func(z *zipped, n int) {
		for i := range n {
			z.add(strings.Repeat("a", 200)+fmt.Sprint(i)+".txt", "x")
		}
	})},
	{"packager/names-in-two-cases", 300, roundTrip(func(z *zipped, n int) {
		for i := range n {
			name := []byte("abcdefghijklmnopqrst.txt")
			for bit := range 20 {
				if i>>bit&1 != 0 {
					name[bit] -= 0x20
				}
			}
			z.add(string(name), "x")
		}
	})},
	{"packager/raw-files", 500, roundTrip(func(z *zipped, n int) {
		for i := range n {
			z.add(fmt.Sprintf("customapis/ct_a%d/customapi.xml", i+1), `<customapi uniquename="ct_a"/>`)
		}
	})},
	{"packager/raw-folders", 300, roundTrip(func(z *zipped, n int) {
		for i := range n {
			z.add(fmt.Sprintf("folder%d/ct_a/x.xml", i+1), `<x/>`)
		}
	})},
	{"packager/folder-entries", 500, roundTrip(func(z *zipped, n int) {
		for i := range n {
			z.add(fmt.Sprintf("folder%d/", i+1), "")
		}
	})},
	{"packager/unclaimed", 500, roundTrip(func(z *zipped, n int) {
		section("Roles", `<Role name="a"/>`)(z, 1)
		for i := range n {
			z.add(fmt.Sprintf("Roles/x%d.txt", i+1), "x")
		}
	})},
	{"packager/root-components", 500, roundTrip(func(z *zipped, n int) {
		repeat(&z.roots, n, `<RootComponent type="20" id="{#}" behavior="0" />`)
	})},
	{"packager/root-components-of-unknown-type", 500, roundTrip(func(z *zipped, n int) {
		repeat(&z.roots, n, `<RootComponent type="10#" schemaName="x#" behavior="0" />`)
	})},
	{"packager/root-components-alike", 500, roundTrip(func(z *zipped, n int) {
		repeat(&z.roots, n, `<RootComponent type="1" schemaName="ct_a" behavior="0" />`)
	})},
	{"packager/missing-dependencies", 500, roundTrip(func(z *zipped, n int) {
		repeat(&z.needs, n, `<MissingDependency><Required type="1" schemaName="ct_#" solution="B (1.0)" /><Dependent type="1" schemaName="ct_a" /></MissingDependency>`)
	})},
	{"packager/missing-dependencies-alike", 500, roundTrip(func(z *zipped, n int) {
		repeat(&z.needs, n, `<MissingDependency><Required type="1" schemaName="ct_b" solution="B (1.0)" /><Dependent type="1" schemaName="ct_a" /></MissingDependency>`)
	})},
	{"packager/relationships", 500, roundTrip(section("EntityRelationships", `<EntityRelationship Name="ct_r#"><EntityRelationshipType>OneToMany</EntityRelationshipType><ReferencedEntityName>ct_a#</ReferencedEntityName></EntityRelationship>`))},
	{"packager/relationships-of-one-table", 500, roundTrip(section("EntityRelationships", `<EntityRelationship Name="ct_r#"><EntityRelationshipType>OneToMany</EntityRelationshipType><ReferencedEntityName>ct_a</ReferencedEntityName></EntityRelationship>`))},
	{"packager/environment-variables", 300, roundTrip(func(z *zipped, n int) {
		for i := range n {
			z.add(fmt.Sprintf("environmentvariabledefinitions/ct_v%d/environmentvariabledefinition.xml", i+1), fmt.Sprintf(`<environmentvariabledefinition schemaname="ct_v%d"/>`, i))
		}
	})},
	{"packager/connectors", 300, roundTrip(func(z *zipped, n int) {
		section("Connectors", `<Connector><connectorid>{#}</connectorid><name>ct_c#</name><openapidefinition>/Connector/ct_c#_openapidefinition.json</openapidefinition></Connector>`)(z, n)
		for i := range n {
			z.add(fmt.Sprintf("Connector/ct_c%d_openapidefinition.json", i+1), "{}")
		}
	})},
	{"packager/canvas-apps", 300, roundTrip(func(z *zipped, n int) {
		section("CanvasApps", `<CanvasApp><Name>ct_c#</Name><DocumentUri>/CanvasApps/ct_c#.msapp</DocumentUri></CanvasApp>`)(z, n)
		for i := range n {
			z.add(fmt.Sprintf("CanvasApps/ct_c%d.msapp", i+1), "x")
		}
	})},
	{"packager/assemblies", 300, roundTrip(func(z *zipped, n int) {
		section("SolutionPluginAssemblies", `<PluginAssembly FullName="A#, Version=1.0.0.0" PluginAssemblyId="{#}"><FileName>/PluginAssemblies/A#/A#.dll</FileName></PluginAssembly>`)(z, n)
		for i := range n {
			z.add(fmt.Sprintf("PluginAssemblies/A%d/A%d.dll", i+1, i+1), "x")
		}
	})},
	{"packager/templates", 300, roundTrip(func(z *zipped, n int) {
		z.customizations.WriteString("<Templates>")
		section("EmailTemplates", `<EmailTemplate><templateid>{#}</templateid><title>t#</title></EmailTemplate>`)(z, n)
		z.customizations.WriteString("</Templates>")
	})},
	{"packager/app-modules", 300, roundTrip(section("AppModules", `<AppModule><UniqueName>ct_a#</UniqueName></AppModule>`))},
	{"packager/site-maps", 300, roundTrip(section("AppModuleSiteMaps", `<AppModuleSiteMap><SiteMapUniqueName>ct_a#</SiteMapUniqueName></AppModuleSiteMap>`))},
	{"packager/carriage-returns", 500, roundTrip(section("Roles", `<Role name="a#">a`+strings.Repeat("&", 1)+`quot;#</Role>`))},
	{"packager/content-types", 300, func(t testing.TB, n int) func() error {
		z := &zipped{}
		for i := range n {
			z.add(fmt.Sprintf("folder/a.x%d", i+1), "x")
		}
		p := z.open(t)
		return func() error {
			tree, err := packager.Unpack(p, nil)
			if err != nil {
				return err
			}
			_, err = packager.Pack(io.Discard, tree, nil)
			return err
		}
	}},
	{"packager/edits-of-zip", 500, func(t testing.TB, n int) func() error {
		z := &zipped{}
		section("Roles", `<Role id="{#}" name="a#"/>`)(z, n)
		p := z.open(t)
		return func() error {
			change, err := everyRole(p)
			if err != nil {
				return err
			}
			return packager.Rewrite(io.Discard, p, change)
		}
	}},
	{"packager/edits-of-tree", 300, func(t testing.TB, n int) func() error {
		files := map[string][]byte{}
		z := &zipped{}
		section("Roles", `<Role id="{#}" name="a#"/>`)(z, n)
		tree, err := packager.Unpack(z.open(t), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range tree.Names() {
			data, err := tree.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = data
		}
		return func() error {
			tree, err := packager.Load(memfs.New(files), nil)
			if err != nil {
				return err
			}
			parts, err := tree.Parts()
			if err != nil {
				return err
			}
			change, err := everyRole(parts)
			if err != nil {
				return err
			}
			_, err = tree.With(change)
			return err
		}
	}},
	{"packager/files-added-to-tree", 300, editTree(func(e *solution.Editor, n int) {
		for i := range n {
			e.Add(fmt.Sprintf("customapis/ct_b%d/customapi.xml", i+1), []byte("<customapi/>"))
		}
	})},
	{"packager/files-removed-from-tree", 300, editTree(func(e *solution.Editor, n int) {
		for i := range n {
			e.Remove(fmt.Sprintf("customapis/ct_a%d/customapi.xml", i+1))
		}
	})},
	{"packager/files-replaced-in-tree", 300, editTree(func(e *solution.Editor, n int) {
		for i := range n {
			e.Replace(fmt.Sprintf("customapis/ct_a%d/customapi.xml", i+1), []byte("<customapi/>"))
		}
	})},
	{"packager/twins", 300, func(t testing.TB, n int) func() error {
		files := treeOf(t, 0)
		files["Other/Solution.xml"] = bytes.ReplaceAll(files["Other/Solution.xml"], []byte("<Managed>0<"), []byte("<Managed>2<"))
		files["Other/Customizations.xml"] = []byte("<ImportExportXml><Entities /></ImportExportXml>")
		files["Entities/A/Entity.xml"] = []byte(`<Entity><Name>ct_a</Name><FormXml /><SavedQueries /></Entity>`)
		for i := range n {
			for _, ending := range []string{".xml", "_managed.xml"} {
				files[fmt.Sprintf("Entities/A/FormXml/main/{%s}%s", guid(i), ending)] = []byte("<forms><systemform><formid>{" + guid(i) + "}</formid></systemform></forms>")
			}
		}
		return func() error { return packTree(memfs.New(files)) }
	}},
	{"packager/unowned-files", 300, func(t testing.TB, n int) func() error {
		files := treeOf(t, 0)
		files["Other/Customizations.xml"] = []byte("<ImportExportXml><Roles /></ImportExportXml>")
		for i := range n {
			files[fmt.Sprintf("Roles/x%d/y.txt", i)] = []byte("x")
		}
		return func() error { return packTree(memfs.New(files)) }
	}},
	{"packager/rescued", 300, func(t testing.TB, n int) func() error {
		files := treeOf(t, 0)
		var b strings.Builder
		b.WriteString("<Rescued>")
		repeat(&b, n, `<In Path="Roles"><Content><Node><!--#--></Node></Content></In><In Path="Nothing#"><Content><Node><!--#--></Node></Content></In>`)
		b.WriteString("</Rescued>")
		files["Other/Customizations.xml"] = []byte("<ImportExportXml><Roles /></ImportExportXml>")
		files["Other/Rescued.xml"] = []byte(b.String())
		return func() error { return packTree(memfs.New(files)) }
	}},
}

// everyRole changes something in each role.
func everyRole(parts solution.Parts) (*solution.Change, error) {
	src, err := parts.ReadPart("customizations.xml")
	if err != nil {
		return nil, err
	}
	e := solution.NewEditor(parts)
	for at := 0; ; {
		i := bytes.Index(src[at:], []byte("name="))
		if i < 0 {
			return e.Change()
		}
		at += i + len(`name="`)
		e.Splice("customizations.xml", at, at, "b")
	}
}

// treeOf is a tree with n components that are folders.
func treeOf(t testing.TB, n int) map[string][]byte {
	t.Helper()
	z := &zipped{}
	for i := range n {
		z.add(fmt.Sprintf("customapis/ct_a%d/customapi.xml", i+1), `<customapi uniquename="ct_a"/>`)
	}
	tree, err := packager.Unpack(z.open(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, name := range tree.Names() {
		data, err := tree.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = data
	}
	return files
}

func editTree(edit func(e *solution.Editor, n int)) func(t testing.TB, n int) func() error {
	return func(t testing.TB, n int) func() error {
		files := treeOf(t, n)
		return func() error {
			tree, err := packager.Load(memfs.New(files), nil)
			if err != nil {
				return err
			}
			parts, err := tree.Parts()
			if err != nil {
				return err
			}
			e := solution.NewEditor(parts)
			edit(e, n)
			change, err := e.Change()
			if err != nil {
				return err
			}
			_, err = tree.With(change)
			return err
		}
	}
}
