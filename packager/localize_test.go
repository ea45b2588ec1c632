package packager

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// A case under testdata/localize shows the resource files of one small zip. Its sections are those of [TestCases], and
//
//   - options: words of "localize", "source=LOCALE".
//   - resx/PATH: a resource file from its metadata on, as what stands before is the same in all.
//
// What is packed of the tree is always what is packed of a tree without resource files.
func TestLocalizeCases(t *testing.T) {
	isWanted := func(name string) bool {
		return strings.HasPrefix(name, "resx/") || name == "findings" || name == "error"
	}
	golden.Run(t, "testdata/localize/*.txtar", func(t *testing.T, c *golden.Case) { c.Hold(t, isWanted, localizeCase(t, c.Archive)) })
}

func localizeCase(t *testing.T, archive *txtar.Archive) map[string]string {
	t.Helper()
	var entries []zipEntry
	opts := &UnpackOptions{SourceName: "made_up.zip"}
	for _, f := range archive.Files {
		if name, ok := strings.CutPrefix(f.Name, "zip/"); ok {
			entries = append(entries, zipEntry{name, string(f.Data)})
		}
		if f.Name == "options" {
			for _, word := range strings.Fields(string(f.Data)) {
				if value, ok := strings.CutPrefix(word, "source="); ok {
					opts.SourceLocale = value
				} else {
					opts.Localize = word == "localize"
				}
			}
		}
	}
	data := makeZip(t, completed(entries, false, true)...)
	pkg, err := Open(bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := Unpack(pkg, opts)
	if err != nil {
		return map[string]string{"error": err.Error() + "\n"}
	}
	out := map[string]string{"findings": ""}
	for _, name := range tree.Names() {
		if strings.HasPrefix(name, resourcesFolder+"/") {
			data, err := tree.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			rest, ok := strings.CutPrefix(string(data), xmlspan.Header+"\n"+resxHead)
			if !ok {
				t.Errorf("%s does not begin as a resource file does:\n%s", name, data)
			}
			out["resx/"+name] = rest + "\n"
		}
	}
	for _, d := range tree.Diagnostics() {
		out["findings"] += d.String() + "\n"
	}
	sameWithResources(t, tree, unpackBytes(t, data), opts.SourceLocale)
	return out
}

// sameWithResources makes a package of a tree with its resource files and one of a tree without them, and compares what can differ.
func sameWithResources(t *testing.T, tree, plain *Tree, locale string) {
	t.Helper()
	with, err := assemble(tree, &PackOptions{Localize: true, SourceLocale: locale})
	if err != nil {
		t.Fatal(err)
	}
	without, err := assemble(plain, &PackOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		want, err := without.entries[i].file.read()
		if err != nil {
			t.Fatal(err)
		}
		got, err := with.entries[i].file.read()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want, got) {
			t.Errorf("resource files change %s:\n%s", with.entries[i].name, firstDifference(want, got))
		}
	}
}

// Resource files of real solutions change nothing when they are merged as they are, and all labels have a key.
func TestLocalizeCorpus(t *testing.T) {
	t.Parallel()
	count := 0
	for _, s := range corpus.Sample(t, 8) {
		data := s.Zip(t)
		pkg, err := Open(bytes.NewReader(data), int64(len(data)), nil)
		if err != nil {
			continue // the test of the corpus tells
		}
		plain, err := Unpack(pkg, nil)
		if err != nil {
			continue
		}
		count++
		t.Run(s.Name, func(t *testing.T) {
			tree, err := Unpack(pkg, &UnpackOptions{Localize: true, SourceLocale: "en-US"})
			if err != nil {
				t.Fatal(err)
			}
			sameWithResources(t, tree, plain, "en-US")
			for d := range tree.Diagnostics().Rule(ruleLabelForeign.ID) {
				t.Error(d)
			}
		})
	}
	t.Logf("%d solutions", count)
}

// A tree of both kinds has one set of resource files, with the labels of both packages.
func TestLocalizeBoth(t *testing.T) {
	table := func(view string) string {
		return `<ImportExportXml><Entities><Entity><Name LocalizedName="Box" OriginalName="Box">mu_Box</Name><SavedQueries><savedqueries><savedquery><savedqueryid>` + view +
			`</savedqueryid><LocalizedNames><LocalizedName description="View ` + view + `" languagecode="1033" /></LocalizedNames></savedquery></savedqueries></SavedQueries></Entity></Entities><Languages><Language>1033</Language></Languages></ImportExportXml>`
	}
	var halves [2]*Package
	for kind, view := range []string{"{a}", "{b}"} {
		halves[kind] = openBytes(t, makeZip(t, completed([]zipEntry{{customizationsPart, table(view)}}, kind == 1, true)...))
	}
	tree, err := UnpackBoth(halves[0], halves[1], &UnpackOptions{Localize: true, SourceName: "x_managed.zip"})
	if err != nil {
		t.Fatal(err)
	}
	plain, err := UnpackBoth(halves[0], halves[1], nil)
	if err != nil {
		t.Fatal(err)
	}
	data, err := tree.ReadFile("Resources/en-US/resources.en-US.resx")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<value>Both</value>", "<value>View {a}</value>", "<value>View {b}</value>", "<value>x_managed.zip</value>"} {
		if !strings.Contains(string(data), want) {
			t.Errorf("no %s in\n%s", want, data)
		}
	}
	for _, kind := range []solution.Kind{solution.Unmanaged, solution.Managed} {
		want := zipEntries(t, packBytes(t, plain, &PackOptions{Kind: &kind}))
		var packed bytes.Buffer
		list, err := Pack(&packed, tree, &PackOptions{Kind: &kind, Localize: true})
		if err != nil {
			t.Fatal(err)
		}
		for d := range list.Rule(ruleLabelKey.ID) {
			t.Errorf("a key of the other package: %v", d)
		}
		got := zipEntries(t, packed.Bytes())
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", kind, diff)
		}
	}
}

// What nobody edited in the resource files of both packages changes neither, though a label has another text, or a language is there, in
// one of them alone. What somebody edited goes into both.
func TestLocalizeBothTexts(t *testing.T) {
	table := func(labels ...string) string {
		return `<ImportExportXml><Entities><Entity><Name LocalizedName="Box" OriginalName="Box">mu_Box</Name><EntityInfo><entity Name="mu_Box"><LocalizedNames>` +
			strings.Join(labels, "") + `</LocalizedNames></entity></EntityInfo></Entity></Entities><Languages><Language>1033</Language><Language>1031</Language><Language>1036</Language></Languages></ImportExportXml>`
	}
	label := func(lcid, text string) string {
		return `<LocalizedName description="` + text + `" languagecode="` + lcid + `" />`
	}
	halves := [2][]byte{
		makeZip(t, completed([]zipEntry{{customizationsPart, table(label("1033", "Name"), label("1031", "Namen"))}}, false, true)...),
		makeZip(t, completed([]zipEntry{{customizationsPart, table(label("1033", ""), label("1036", "Nom"))}}, true, true)...),
	}
	tree, err := UnpackBoth(openBytes(t, halves[0]), openBytes(t, halves[1]), &UnpackOptions{Localize: true})
	if err != nil {
		t.Fatal(err)
	}
	files := treeFiles(t, tree)
	labels := func(kind solution.Kind) string {
		data := zipEntries(t, packBytes(t, loadMap(t, files), &PackOptions{Kind: &kind, Localize: true}))[customizationsPart]
		_, after, _ := strings.Cut(string(data), "<LocalizedNames>")
		before, _, _ := strings.Cut(after, "</LocalizedNames>")
		return strings.Join(strings.Fields(before), " ")
	}
	want := map[solution.Kind]string{
		solution.Unmanaged: label("1033", "Name") + " " + label("1031", "Namen"),
		solution.Managed:   label("1033", "") + " " + label("1036", "Nom"),
	}
	for kind, text := range want {
		if got := labels(kind); got != text {
			t.Errorf("%s, nothing edited: %s, want %s", kind, got, text)
		}
	}
	edit := func(culture, old, new string) {
		name := "Resources/" + culture + "/resources." + culture + ".resx"
		files[name] = bytes.ReplaceAll(files[name], []byte("<value>"+old+"</value>"), []byte("<value>"+new+"</value>"))
	}
	edit("en-US", "Name", "Title")
	edit("de-DE", "Namen", "Titel")
	edit("fr-FR", "Nom", "Titre")
	want = map[solution.Kind]string{
		solution.Unmanaged: label("1033", "Title") + " " + label("1031", "Titel") + " " + label("1036", "Titre"),
		solution.Managed:   label("1033", "Title") + " " + label("1036", "Titre") + " " + label("1031", "Titel"),
	}
	for kind, text := range want {
		if got := labels(kind); got != text {
			t.Errorf("%s, edited: %s, want %s", kind, got, text)
		}
	}
}

// Whatever is in a resource file, packing tells or makes a package that can be read, and what is merged is there.
func FuzzResourceFile(f *testing.F) {
	f.Add(`<root><data name="15062:LocalizedName,Case"><value>Fall</value></data></root>`)
	f.Add(`<root><data name="15062:LocalizedName,contosocts10000"><value>&lt;"'&#xA;</value></data><data name="x"><value /></data></root>`)
	f.Add("<root><data name=\"15062:LocalizedName,Case\" xml:space=\"preserve\"><value>a\r\n b\t</value></data></root>")
	f.Add(`<root><metadata name="Source LCID"><value>1033</value></metadata><data name="15062:LocalizedName,Case">x</data></root>`)
	f.Fuzz(func(t *testing.T, resx string) {
		tree := loadMap(t, map[string][]byte{
			otherCustomizations:                    []byte(`<ImportExportXml><Languages><Language>1031</Language></Languages></ImportExportXml>`),
			otherSolution:                          []byte(manifestXML(false)),
			"Resources/de-DE/resources.de-DE.resx": []byte(resx),
		})
		p, err := assemble(tree, &PackOptions{Localize: true})
		if err != nil {
			return
		}
		for i := range 2 {
			data, err := p.entries[i].file.read()
			if err == nil {
				_, err = parseXML(data, p.entries[i].name, 9, tree.limits)
			}
			if err != nil {
				t.Errorf("%v\n%s", err, data)
			}
		}
	})
}
