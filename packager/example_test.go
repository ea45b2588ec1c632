package packager_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// exampleSource is a source tree as it stands in a repository: a web resource and its data.
func exampleSource() fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"Other/Solution.xml": file(`<ImportExportXml>
  <SolutionManifest>
    <UniqueName>Fabrikam_Site</UniqueName>
    <LocalizedNames />
    <Descriptions />
    <Version>1.0.0.0</Version>
    <Managed>0</Managed>
    <Publisher>
      <UniqueName>fabrikam</UniqueName>
      <CustomizationPrefix>fab</CustomizationPrefix>
      <CustomizationOptionValuePrefix>10001</CustomizationOptionValuePrefix>
    </Publisher>
    <RootComponents>
      <RootComponent type="61" schemaName="fab_/app.js" behavior="0" />
    </RootComponents>
    <MissingDependencies />
  </SolutionManifest>
</ImportExportXml>`),
		"Other/Customizations.xml": file(`<ImportExportXml><WebResources /></ImportExportXml>`),
		"WebResources/fab_/app.js": file("run();\n"),
		"WebResources/fab_/app.js.data.xml": file(`<WebResource>
  <Name>fab_/app.js</Name>
  <FileName>/WebResources/fab_appjs0A1B2C3D</FileName>
</WebResource>`),
	}
}

// exampleZip is a solution zip, such as an export from an environment.
func exampleZip() *bytes.Reader {
	tree, err := packager.Load(exampleSource(), nil)
	if err != nil {
		log.Fatal(err)
	}
	var zip bytes.Buffer
	if _, err := packager.Pack(&zip, tree, nil); err != nil {
		log.Fatal(err)
	}
	return bytes.NewReader(zip.Bytes())
}

func ExampleOpen() {
	file := exampleZip() // any io.ReaderAt
	pkg, err := packager.Open(file, file.Size(), nil)
	if err != nil {
		log.Fatal(err)
	}
	m := pkg.Manifest()
	fmt.Println(m.UniqueName(), m.Version(), m.Kind())
	for _, name := range pkg.Names() {
		fmt.Println(name)
	}
	// Output:
	// Fabrikam_Site 1.0.0.0 unmanaged
	// WebResources/fab_appjs0A1B2C3D
	// [Content_Types].xml
	// customizations.xml
	// solution.xml
}

// A zip that is a file of an fs.FS: os.DirFS, an embedded one, an upload.
func ExampleOpenFile() {
	var zip bytes.Buffer
	if _, err := exampleZip().WriteTo(&zip); err != nil {
		log.Fatal(err)
	}
	pkg, err := packager.OpenFile(fstest.MapFS{"in/site.zip": {Data: zip.Bytes()}}, "in/site.zip", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer pkg.Close()
	digest, err := pkg.Digest()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(pkg.Manifest().UniqueName(), digest)
	// Output: Fabrikam_Site h1:YzvjE2z+xmFIH/nQ9odHJuk3aSCC/5BAWMqKY7kMVcQ=
}

// A zip becomes a source tree, which is an fs.FS: os.CopyFS writes it to a folder.
func ExampleUnpack() {
	file := exampleZip()
	pkg, err := packager.Open(file, file.Size(), nil)
	if err != nil {
		log.Fatal(err)
	}
	tree, err := packager.Unpack(pkg, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range tree.Names() {
		fmt.Println(name)
	}
	data, err := tree.ReadFile("WebResources/fab_/app.js.data.xml")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(strings.TrimPrefix(string(data), "\ufeff"))
	// Output:
	// Other/Customizations.xml
	// Other/Solution.xml
	// WebResources/fab_/app.js
	// WebResources/fab_/app.js.data.xml
	// <?xml version="1.0" encoding="utf-8"?>
	// <WebResource>
	//   <Name>fab_/app.js</Name>
	//   <FileName>/WebResources/fab_appjs0A1B2C3D</FileName>
	// </WebResource>
}

// What packing sees comes back as findings.
func ExamplePack_findings() {
	src := exampleSource()
	src["docs/notes.txt"] = &fstest.MapFile{Data: []byte("notes")}
	tree, err := packager.Load(src, nil)
	if err != nil {
		log.Fatal(err)
	}
	found, err := packager.Pack(new(bytes.Buffer), tree, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, d := range found {
		fmt.Println(d)
	}
	// Output:
	// docs/notes.txt: note: docs/notes.txt is packed as it is; its folder is of no known component kind (packager/raw-file)
}

func ExampleLoad() {
	tree, err := packager.Load(exampleSource(), nil) // os.DirFS("src"), say
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tree.Manifest().UniqueName(), len(tree.Names()), "files")

	_, err = packager.Load(fstest.MapFS{"README.md": {}}, nil)
	fmt.Println(err)
	// Output:
	// Fabrikam_Site 4 files
	// load: Other/Solution.xml: not a valid solution: the tree has no Other/Solution.xml: is this the folder that holds Other?
}

// A program that takes whatever it is given asks what a folder is.
func ExampleIsTree() {
	fmt.Println(packager.IsTree(exampleSource()))
	fmt.Println(packager.IsTree(fstest.MapFS{"solution.xml": {}, "customizations.xml": {}})) // an extracted zip: solution.PartsOf
	// Output:
	// true
	// false
}

// Packing is deterministic: the same tree gives the same bytes, with any number of workers.
func ExamplePack() {
	tree, err := packager.Load(exampleSource(), nil)
	if err != nil {
		log.Fatal(err)
	}
	var one, eight bytes.Buffer
	if _, err := packager.Pack(&one, tree, &packager.PackOptions{Workers: 1}); err != nil {
		log.Fatal(err)
	}
	if _, err := packager.Pack(&eight, tree, &packager.PackOptions{Workers: 8}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(bytes.Equal(one.Bytes(), eight.Bytes()))

	// Another kind or version for one package; the tree stays as it is.
	opts := &packager.PackOptions{Kind: new(solution.Managed), Convert: true, Version: solution.Version{Major: 2}}
	var managed bytes.Buffer
	if _, err := packager.Pack(&managed, tree, opts); err != nil {
		log.Fatal(err)
	}
	pkg, err := packager.Open(bytes.NewReader(managed.Bytes()), int64(managed.Len()), nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(pkg.Manifest().Kind(), pkg.Manifest().Version())
	// Output:
	// true
	// managed 2.0.0.0
}

// A component that names a file that is not there stops Pack; nothing is written.
func ExamplePack_missing() {
	src := exampleSource()
	delete(src, "WebResources/fab_/app.js")
	tree, err := packager.Load(src, nil)
	if err != nil {
		log.Fatal(err)
	}
	var zip bytes.Buffer
	_, err = packager.Pack(&zip, tree, nil)
	fmt.Println(err)
	fmt.Println(zip.Len(), "bytes")
	// Output:
	// pack: WebResources/fab_/app.js.data.xml:3:3: WebResource "fab_/app.js" needs the file WebResources/fab_/app.js, which is not there: restore it or remove the component
	// 0 bytes
}

// The digest is of the content: a tree with other line ends has the same one as the zip.
func ExampleTree_Digest() {
	file := exampleZip()
	pkg, err := packager.Open(file, file.Size(), nil)
	if err != nil {
		log.Fatal(err)
	}
	fromZip, err := pkg.Digest()
	if err != nil {
		log.Fatal(err)
	}
	tree, err := packager.Unpack(pkg, &packager.UnpackOptions{Newline: "\r\n"})
	if err != nil {
		log.Fatal(err)
	}
	fromTree, err := tree.Digest()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(fromZip)
	fmt.Println(fromTree == fromZip)
	// Output:
	// h1:YzvjE2z+xmFIH/nQ9odHJuk3aSCC/5BAWMqKY7kMVcQ=
	// true
}

// A zip is edited without packing anything again: entries that no change touches are copied as they are.
func ExampleRewrite() {
	file := exampleZip()
	pkg, err := packager.Open(file, file.Size(), nil)
	if err != nil {
		log.Fatal(err)
	}
	change, err := solution.EditManifest(pkg, func(m *solution.Manifest) (*solution.Manifest, error) {
		v := m.Version()
		v.Revision++
		return m.WithVersion(v), nil
	})
	if err != nil {
		log.Fatal(err)
	}
	var out bytes.Buffer
	if err := packager.Rewrite(&out, pkg, change); err != nil {
		log.Fatal(err)
	}
	pkg, err = packager.Open(bytes.NewReader(out.Bytes()), int64(out.Len()), nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(pkg.Manifest().Version())
	// Output: 1.0.0.1
}

// The same edit of a tree: of its files, one changes, by the bytes of the version.
func ExampleTree_With() {
	tree, err := packager.Load(exampleSource(), nil)
	if err != nil {
		log.Fatal(err)
	}
	parts, err := tree.Parts()
	if err != nil {
		log.Fatal(err)
	}
	change, err := solution.EditManifest(parts, func(m *solution.Manifest) (*solution.Manifest, error) {
		return m.WithVersion(solution.Version{Major: 2}), nil
	})
	if err != nil {
		log.Fatal(err)
	}
	edited, err := tree.With(change)
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range edited.Names() {
		before, _ := tree.ReadFile(name)
		after, _ := edited.ReadFile(name)
		fmt.Println(name, bytes.Equal(before, after))
	}
	fmt.Println(edited.Manifest().Version())
	// Output:
	// Other/Customizations.xml true
	// Other/Solution.xml false
	// WebResources/fab_/app.js true
	// WebResources/fab_/app.js.data.xml true
	// 2.0.0.0
}

// The parts of a tree are those of its zip; what is found in them stands in the files of the tree.
func ExampleTree_Parts() {
	tree, err := packager.Load(exampleSource(), nil)
	if err != nil {
		log.Fatal(err)
	}
	parts, err := tree.Parts()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(parts.Names())
	custom, err := solution.ReadCustomizations(parts)
	if err != nil {
		log.Fatal(err)
	}
	for c := range custom.Elements() {
		fmt.Println(c.Key, "at", custom.Location(c))
	}
	// Output:
	// [WebResources/fab_appjs0A1B2C3D [Content_Types].xml customizations.xml solution.xml]
	// webresource fab_/app.js at WebResources/fab_/app.js.data.xml:1:1
}

// A tree of both kinds, whose <Managed> is 2, gives the parts of either.
func ExampleTree_PartsAs() {
	src := exampleSource()
	manifest := src["Other/Solution.xml"]
	manifest.Data = bytes.ReplaceAll(manifest.Data, []byte("<Managed>0<"), []byte("<Managed>2<"))
	src["Other/Customizations.xml"].Data = []byte("<ImportExportXml><WebResources /><SiteMap /></ImportExportXml>")
	src["Other/SiteMap.xml"] = &fstest.MapFile{Data: []byte("<SiteMap><SiteMap><Area Id=\"all\" /></SiteMap></SiteMap>")}
	src["Other/SiteMap_managed.xml"] = &fstest.MapFile{Data: []byte("<SiteMap><SiteMap /></SiteMap>")}
	tree, err := packager.Load(src, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, kind := range []solution.Kind{solution.Unmanaged, solution.Managed} {
		parts, err := tree.PartsAs(kind)
		if err != nil {
			log.Fatal(err)
		}
		custom, err := parts.ReadPart("customizations.xml")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(kind, bytes.Contains(custom, []byte("<Area")))
	}
	// Output:
	// unmanaged true
	// managed false
}

// Check says what is wrong with a tree, without packing it.
func ExampleTree_Check() {
	src := exampleSource()
	src["Other/Solution.xml"].Data = bytes.ReplaceAll(src["Other/Solution.xml"].Data, []byte("fab_/app.js"), []byte("fab_/old.js"))
	tree, err := packager.Load(src, nil)
	if err != nil {
		log.Fatal(err)
	}
	list, err := tree.Check()
	if err != nil {
		log.Fatal(err)
	}
	for _, d := range list {
		if strings.HasPrefix(d.Rule, "packager/") {
			fmt.Println(d)
		}
	}
	// Output:
	// Other/Solution.xml:14:7: warning: root component of type 61, "fab_/old.js", is not in the tree (packager/root-without-component)
	// WebResources/fab_/app.js.data.xml:1:1: error: WebResource "fab_/app.js" is not in RootComponents: add <RootComponent type="61" ... /> to Other/Solution.xml (packager/component-without-root)
}

func ExampleRules() {
	var ids []string
	for r := range packager.Rules() {
		if r.Severity == diag.Error {
			ids = append(ids, r.ID)
		}
	}
	slices.Sort(ids)
	fmt.Println(strings.Join(ids, "\n"))
	// Output:
	// packager/app-conflict
	// packager/app-file-missing
	// packager/app-malformed
	// packager/case-collision
	// packager/component-without-root
	// packager/difference-in-unmanaged
	// packager/duplicate-entry
	// packager/git-lfs-pointer
	// packager/missing-file
	// packager/placeholder-missing
	// packager/table-without-name
}

func ExampleParseMap() {
	const src = `<Mapping>
  <FileToFile map="Sample.dll" to="%OUT%\**\Built.dll" />
  <FileToPath map="*.js" to="../dist" />
</Mapping>`
	m, err := packager.ParseMap([]byte(src), "map.xml", &packager.MapOptions{
		Vars: map[string]string{"OUT": `..\bin`},
		// Folder opens folders as seen from that of the tree; here the tree stands in repo/src.
		Folder: func(name string) (fs.FS, error) { return os.DirFS(filepath.Join("repo", "src", name)), nil },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"PluginAssemblies/Sample-1/Sample.dll", "WebResources/ct_/app.js", "WebResources/ct_/app.css"} {
		target, ok := m.Target(name)
		fmt.Printf("%s: %v %s\n", name, ok, target)
	}
	// With it, Pack takes these files from there: packager.Pack(w, tree.WithMap(m), nil)

	// Output:
	// PluginAssemblies/Sample-1/Sample.dll: true ../bin/**/Built.dll
	// WebResources/ct_/app.js: true ../dist/app.js
	// WebResources/ct_/app.css: false
}

// One tree of both packages: what they have otherwise stands in Other, so that each of them comes back.
func ExampleUnpackBoth() {
	source := exampleSource()
	zipAs := func(managed, script string) *packager.Package {
		text := strings.Replace(string(source["Other/Solution.xml"].Data), "<Managed>0<", "<Managed>"+managed+"<", 1)
		source["Other/Solution.xml"] = &fstest.MapFile{Data: []byte(text)}
		source["WebResources/fab_/app.js"] = &fstest.MapFile{Data: []byte(script)}
		tree, err := packager.Load(source, nil)
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
		return pkg
	}
	unmanaged, managed := zipAs("0", "run();\n"), zipAs("1", "runMinified();\n")

	tree, err := packager.UnpackBoth(unmanaged, managed, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tree.Manifest().Kind())
	for _, name := range tree.Names() {
		fmt.Println(name)
	}
	for kind, pkg := range map[solution.Kind]*packager.Package{solution.Unmanaged: unmanaged, solution.Managed: managed} {
		want, err := pkg.Digest()
		if err != nil {
			log.Fatal(err)
		}
		if got, err := tree.DigestAs(kind); err != nil || got != want {
			log.Fatal(kind, " is another package now ", err)
		}
	}
	// Output:
	// both
	// Other/Customizations.xml
	// Other/Solution.xml
	// Other/halves.txt
	// Other/managed/WebResources/fab_/app.js
	// WebResources/fab_/app.js
	// WebResources/fab_/app.js.data.xml
}

// Translators get the texts of labels in a resource file, and what they write comes into the package.
func ExamplePackOptions_localize() {
	source := exampleSource()
	text := string(source["Other/Solution.xml"].Data)
	text = strings.Replace(text, "<LocalizedNames />", `<LocalizedNames><LocalizedName description="Site" languagecode="1033" /></LocalizedNames>`, 1)
	source["Other/Solution.xml"].Data = []byte(text)
	source["Other/Customizations.xml"].Data = []byte(`<ImportExportXml><WebResources /><Languages><Language>1033</Language><Language>1036</Language></Languages></ImportExportXml>`)
	source["Resources/fr-FR/resources.fr-FR.resx"] = &fstest.MapFile{Data: []byte(`<root>
  <data name="15062:LocalizedName,Fabrikam_Site"><value>Le site</value></data>
  <data name="15062:LocalizedName,Fabrikam_Shop"><value>La boutique</value></data>
</root>`)}
	tree, err := packager.Load(source, nil)
	if err != nil {
		log.Fatal(err)
	}
	var zip bytes.Buffer
	findings, err := packager.Pack(&zip, tree, &packager.PackOptions{Localize: true})
	if err != nil {
		log.Fatal(err)
	}
	for _, d := range findings {
		fmt.Println(d)
	}
	pkg, err := packager.Open(bytes.NewReader(zip.Bytes()), int64(zip.Len()), nil)
	if err != nil {
		log.Fatal(err)
	}
	tree, err = packager.Unpack(pkg, &packager.UnpackOptions{Localize: true})
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range tree.Names() {
		if strings.HasPrefix(name, "Resources/") {
			data, err := tree.ReadFile(name)
			if err != nil {
				log.Fatal(err)
			}
			_, value, _ := strings.Cut(string(data), `<data name="15062:LocalizedName,Fabrikam_Site" xml:space="preserve">`)
			value, _, _ = strings.Cut(value, "</value>")
			fmt.Println(name, strings.TrimSpace(value)+"</value>")
		}
	}
	// Output:
	// Resources/fr-FR/resources.fr-FR.resx:3:3: warning: no label of the package has the key "15062:LocalizedName,Fabrikam_Shop": its text is not packed (packager/label-key-unknown)
	// Resources/en-US/resources.en-US.resx <value>Site</value>
	// Resources/fr-FR/resources.fr-FR.resx <value>Le site</value>
}

// A canvas app as files, which people review and edit, and back.
func ExampleApp_Folder() {
	var file bytes.Buffer // an .msapp, which stands in a solution or was downloaded
	w := zip.NewWriter(&file)
	for _, entry := range [][2]string{{"Header.json", "{}"}, {"Properties.json", `{"Name":"Wood"}`}, {`Src\Start.pa.yaml`, "Screens:\r\n"}} {
		f, err := w.Create(entry[0])
		if err != nil {
			log.Fatal(err)
		}
		f.Write([]byte(entry[1]))
	}
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}

	app, err := packager.OpenApp(bytes.NewReader(file.Bytes()), int64(file.Len()), nil)
	if err != nil {
		log.Fatal(err)
	}
	folder, err := app.Folder(nil) // os.CopyFS writes it
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range app.Names() {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s (%s): %q\n", name, app.Kind(name), text)
	}
	same, _, err := packager.LoadApp(folder, app, nil)
	if err != nil {
		log.Fatal(err)
	}
	var back bytes.Buffer
	if _, err := same.WriteTo(&back); err != nil {
		log.Fatal(err)
	}
	fmt.Println(bytes.Equal(file.Bytes(), back.Bytes()))
	// Output:
	// Header.json (stamp): "{}\n"
	// Properties.json (definition): "{\n  \"Name\": \"Wood\"\n}\n"
	// Src/Start.pa.yaml (source): "Screens:\r\n"
	// true
}
