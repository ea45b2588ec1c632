package packager

import (
	"bytes"
	"errors"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// A spelling changes the files of a tree to others that mean the same, as people, editors and other tools leave them.
type spelling func(t *testing.T, files map[string][]byte)

var spellings = map[string]spelling{
	"as unpacked": func(*testing.T, map[string][]byte) {},
	"crlf": eachXML(func(text string) []byte {
		return []byte(strings.ReplaceAll(xmlspan.Header+text, "\n", "\r\n"))
	}),
	"no byte order mark": eachXML(func(text string) []byte {
		return []byte(strings.TrimPrefix(xmlspan.Header, "\ufeff") + text)
	}),
	"utf-16": eachXML(func(text string) []byte {
		return []byte(inUTF16(`<?xml version="1.0" encoding="utf-16"?>` + text))
	}),
	"hand-formatted": func(t *testing.T, files map[string][]byte) {
		text := strings.TrimPrefix(string(files[otherCustomizations]), xmlspan.Header)
		text = strings.ReplaceAll(text, "\n  <", "\n\n\t\t<!-- by hand -->\n\t<")
		files[otherCustomizations] = []byte(strings.ReplaceAll(text, " />", "\n/>"))
	},
	"other file names": func(t *testing.T, files map[string][]byte) {
		for name, data := range maps.Clone(files) {
			row := layoutOf(sectionOfFolder(topFolder(name)))
			rule, ok := row.split.(perComponent)
			if !ok || rule.ext == dataXML || rule.leaf != "" || !strings.HasSuffix(name, rule.ext) || path.Dir(name) != row.folder {
				continue
			}
			delete(files, name)
			files[row.folder+"/by hand "+strings.TrimSuffix(path.Base(name), rule.ext)+rule.ext] = data
		}
	},
	"items without list": func(t *testing.T, files map[string][]byte) {
		for name, data := range files {
			for _, q := range entityParts {
				if !q.wrap || !strings.HasPrefix(name, "Entities/") || !strings.Contains(name, "/"+q.child+"/") || !strings.HasSuffix(name, ".xml") {
					continue
				}
				doc, err := xmlspan.Parse(data, 1, nil)
				if err != nil {
					t.Fatal(err)
				}
				for item := range doc.Elements(doc.Root()) {
					files[name] = doc.Bytes(item)
				}
			}
		}
	},
	"both kinds": func(t *testing.T, files map[string][]byte) {
		manifest := string(files[otherSolution])
		manifest = strings.NewReplacer("<Managed>0<", "<Managed>2<", "<Managed>1<", "<Managed>2<").Replace(manifest)
		files[otherSolution] = []byte(manifest)
		for name, data := range maps.Clone(files) {
			switch stem, managed := strings.CutSuffix(name, managedXML); {
			case managed:
				files[stem+".xml"] = data
			case hasTwin(name):
				files[managedTwin(name)] = data
			}
		}
	},
}

func sectionOfFolder(folder string) string {
	for _, row := range layouts {
		if row.folder == folder {
			return row.section
		}
	}
	return folder
}

func hasTwin(name string) bool {
	return slices.Contains([]string{"AppModule.xml", "AppModuleSiteMap.xml"}, path.Base(name)) || name == "Other/SiteMap.xml" ||
		strings.HasPrefix(name, "Entities/") && strings.Contains(name, "/FormXml/") && strings.HasSuffix(name, ".xml")
}

// eachXML respells the XML that Unpack writes; text is what follows the declaration.
func eachXML(respell func(text string) []byte) spelling {
	return func(t *testing.T, files map[string][]byte) {
		for name, data := range files {
			if text, ok := strings.CutPrefix(string(data), xmlspan.Header); ok && strings.HasSuffix(name, ".xml") && !strings.HasPrefix(name, keptFolder) {
				files[name] = respell(text)
			}
		}
	}
}

// kindsOf returns the kinds of packages that a tree can be.
func kindsOf(tree *Tree) []solution.Kind {
	if k := tree.Manifest().Kind(); k != solution.Both {
		return []solution.Kind{k}
	}
	return []solution.Kind{solution.Unmanaged, solution.Managed}
}

// However a tree is spelled, With makes of it what the change says: the written files, loaded again, have the parts that the
// change makes of the tree's.
func TestWithOfSpellings(t *testing.T) {
	t.Parallel()
	eachZip(t, func(t *testing.T, data []byte) {
		if openBytes(t, data).alike {
			t.Skip("names that differ in letter case only can't be changed")
		}
		unpacked := treeFiles(t, unpackBytes(t, data))
		names, rounds := slices.Sorted(maps.Keys(spellings)), 3
		if len(unpacked) > 40 { // of the corpus
			names, rounds = []string{[]string{"both kinds", "other file names", "utf-16", "items without list"}[len(data)%4]}, 1
		}
		for _, name := range names {
			t.Run(name, func(t *testing.T) {
				files := maps.Clone(unpacked)
				spellings[name](t, files)
				tree := loadMap(t, files)
				r := rand.New(rand.NewPCG(2, uint64(len(data))))
				for _, kind := range kindsOf(tree) {
					parts, err := tree.PartsAs(kind)
					if err != nil {
						t.Fatal(err)
					}
					for range rounds {
						change := randomChange(t, r, parts)
						edited, err := tree.With(change)
						if errors.Is(err, ErrKind) && name == "both kinds" && kind == solution.Managed {
							continue // the unmanaged form would take the place of the managed one
						}
						if err != nil {
							t.Fatal(err)
						}
						checkEdited(t, edited, kind, parts, change)
						if t.Failed() {
							t.Logf("change:\n%s", describe(change))
							return
						}
					}
				}
			})
		}
	})
}

// checkEdited checks that a tree, written and loaded, has the parts that a change makes.
func checkEdited(t *testing.T, edited *Tree, kind solution.Kind, parts solution.Parts, change *solution.Change) {
	t.Helper()
	want, err := change.Apply(parts)
	if err != nil {
		t.Fatal(err)
	}
	got, err := loadMap(t, treeFiles(t, edited)).PartsAs(kind)
	if err != nil {
		t.Fatal(err)
	}
	wantXML, gotXML := partsXML(t, want), partsXML(t, got)
	if edited.Manifest().Kind() == solution.Both {
		// A section stays while the package of the other kind has something in it.
		for _, parts := range []map[string][]string{wantXML, gotXML} {
			parts[fold(customizationsPart)] = slices.DeleteFunc(parts[fold(customizationsPart)], func(line string) bool {
				return strings.HasPrefix(line, " :")
			})
		}
	}
	if !maps.EqualFunc(wantXML, gotXML, slices.Equal[[]string]) {
		t.Errorf("parts (-apply +loaded)\n%.4000s", cmp.Diff(wantXML, gotXML))
	}
}

// partsXML gives parts as what has to be equal of them.
func partsXML(t *testing.T, p solution.Parts) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, name := range p.Names() {
		data, err := p.ReadPart(name)
		if err != nil {
			t.Fatal(err)
		}
		switch fold(name) {
		case fold(typesPart):
		case fold(customizationsPart), fold(solutionPart):
			lines := canonicalXML(t, data)
			for i, line := range lines {
				// An indent that a removed element leaves behind in text is that of the file.
				if indent, text, ok := strings.Cut(line, "text="); ok && strings.TrimSpace(indent) == "" {
					lines[i] = indent + "text=" + strings.Join(strings.Fields(text), " ")
				}
			}
			out[fold(name)] = lines
		default:
			out[fold(name)] = []string{string(data)}
		}
	}
	return out
}

// A case under testdata/with shows what a change of parts does to the files of a tree. Its comment says what it shows. Its
// sections:
//
//   - tree/PATH: a file of the tree. Other/Solution.xml is made up where it is absent.
//   - options: words of "managed", "both" (kinds), "crlf", "as-managed" (the change is of the managed parts).
//   - change: a line an edit of the parts: splice, replace or add with the name of a part and quoted texts, or remove with a
//     name; one with blanks is quoted too. A splice replaces the first text by the second; the first must occur once.
//   - after/PATH: the wanted files that are other ones than before; empty if they are gone. Nothing else changes.
//   - error: the error of With.
func TestWithCases(t *testing.T) {
	golden.Run(t, "testdata/with/*.txtar", func(t *testing.T, c *golden.Case) {
		c.Hold(t, isWithOutput, runWith(t, c.Archive))
		c.Explained(t)
	})
}

func isWithOutput(section string) bool {
	return section == "error" || strings.HasPrefix(section, "after/")
}

func runWith(t *testing.T, archive *txtar.Archive) map[string]string {
	t.Helper()
	files, sections := map[string][]byte{}, map[string]string{}
	for _, f := range archive.Files {
		if name, ok := strings.CutPrefix(f.Name, "tree/"); ok {
			files[name] = bytes.TrimSuffix(f.Data, []byte("\n")) // as files have none at the end
		} else if !isWithOutput(f.Name) {
			sections[f.Name] = string(f.Data)
		}
	}
	options := strings.Fields(sections["options"])
	has := func(o string) bool { return slices.Contains(options, o) }
	if files[otherSolution] == nil {
		text := manifestXML(has("managed"))
		if has("both") {
			text = strings.Replace(text, "<Managed>0<", "<Managed>2<", 1)
		}
		files[otherSolution] = []byte(text)
	}
	if has("crlf") {
		for name, data := range files {
			files[name] = bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))
		}
	}
	tree := loadMap(t, files)
	kind := *digestKind(tree.Manifest().Kind())
	if has("as-managed") {
		kind = solution.Managed
	}
	parts, err := tree.PartsAs(kind)
	if err != nil {
		t.Fatal(err)
	}
	edited, err := tree.With(changeOf(t, parts, sections["change"]))
	if err != nil {
		return map[string]string{"error": err.Error() + "\n"}
	}
	checkEdited(t, edited, kind, parts, changeOf(t, parts, sections["change"]))
	out := map[string]string{}
	now := treeFiles(t, edited)
	for name := range files {
		if now[name] == nil {
			out["after/"+name] = ""
		}
	}
	for name, data := range now {
		if !bytes.Equal(data, files[name]) {
			out["after/"+name] = strings.ReplaceAll(string(data), "\r", "␍") + "\n"
		}
	}
	return out
}

// changeOf reads the change of a case.
func changeOf(t *testing.T, parts solution.Parts, lines string) *solution.Change {
	t.Helper()
	e := solution.NewEditor(parts)
	for line := range strings.Lines(lines) {
		op, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		var texts []string
		for rest = strings.TrimSpace(rest); rest != ""; rest = strings.TrimSpace(rest) {
			var text string
			var length int
			if rest[0] == '"' {
				quoted, err := strconv.QuotedPrefix(rest)
				if err != nil {
					t.Fatalf("%s: %v", line, err)
				}
				if text, err = strconv.Unquote(quoted); err != nil {
					t.Fatalf("%s: %v", line, err)
				}
				length = len(quoted)
			} else {
				text, _, _ = strings.Cut(rest, " ")
				length = len(text)
			}
			texts, rest = append(texts, text), rest[length:]
		}
		if len(texts) == 0 {
			t.Fatalf("no edit: %s", line)
		}
		name, texts := texts[0], texts[1:]
		switch {
		case op == "splice" && len(texts) == 2:
			src, err := parts.ReadPart(name)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Count(src, []byte(texts[0])) != 1 {
				t.Fatalf("%q is not once in %s:\n%s", texts[0], name, src)
			}
			at := bytes.Index(src, []byte(texts[0]))
			e.Splice(name, at, at+len(texts[0]), texts[1])
		case op == "replace" && len(texts) == 1:
			e.Replace(name, []byte(texts[0]))
		case op == "add" && len(texts) == 1:
			e.Add(name, []byte(texts[0]))
		case op == "remove" && len(texts) == 0:
			e.Remove(name)
		default:
			t.Fatalf("no edit: %s", line)
		}
	}
	c, err := e.Change()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A file in another encoding becomes UTF-8, which its declaration then says; nothing else of it changes.
func TestWithInUTF16(t *testing.T) {
	text := "<Role id=\"{00000000-0000-0000-0000-000000000001}\"\tname='Böss'  >\r\n<a />\r\n</Role>"
	tree := loadMap(t, map[string][]byte{
		otherSolution:       []byte(inUTF16(`<?xml version="1.0" encoding="utf-16"?>` + manifestXML(false))),
		otherCustomizations: []byte("<ImportExportXml><Roles /></ImportExportXml>"),
		"Roles/Boss.xml":    []byte(inUTF16(`<?xml version="1.0" encoding="utf-16" ?>` + text)),
	})
	parts, err := tree.Parts()
	if err != nil {
		t.Fatal(err)
	}
	edited, err := tree.With(changeOf(t, parts, "splice customizations.xml \"<a />\" \"<b />\"\nsplice solution.xml 1.0.0.0 2.0.0.0"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := edited.ReadFile("Roles/Boss.xml")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(string(got), strings.Replace(text, "<a />", "<b />", 1)) || strings.Contains(string(got), "utf-16") {
		t.Errorf("%q", got)
	}
	if v := edited.Manifest().Version(); v != (solution.Version{Major: 2}) {
		t.Errorf("version %s", v)
	}
}

func TestWithRefuses(t *testing.T) {
	files := func(version string) map[string][]byte {
		return map[string][]byte{
			otherSolution:       []byte(strings.Replace(manifestXML(false), "1.0.0.0", version, 1)),
			otherCustomizations: []byte("<ImportExportXml><Languages><Language>1033</Language></Languages></ImportExportXml>"),
		}
	}
	tree, other := loadMap(t, files("1.0.0.0")), loadMap(t, files("1.0.0.1"))
	of := func(tree *Tree, lines string) *solution.Change {
		parts, err := tree.Parts()
		if err != nil {
			t.Fatal(err)
		}
		return changeOf(t, parts, lines)
	}
	_, err := tree.With(of(other, "splice customizations.xml 1033 1031"))
	var source *solution.SourceError
	if !errors.As(err, &source) {
		t.Errorf("a change of another source: %v", err)
	}
	_, err = tree.With(of(tree, "splice customizations.xml 1033 1031"), of(tree, "splice customizations.xml 1033 1036"))
	var conflict *solution.ConflictError
	if !errors.As(err, &conflict) {
		t.Errorf("changes in conflict: %v", err)
	}
	if same, err := tree.With(); err != nil || same != tree {
		t.Errorf("no change: %v, another tree: %t", err, same != tree)
	}
}

// Neither a zip nor a tree is written that could not be read again.
func TestChangesThatLeaveNoSolution(t *testing.T) {
	zip := makeZip(t, completed([]zipEntry{{customizationsPart, rolesXML}}, false, true, "20 {00000000-0000-0000-0000-000000000001}")...)
	p, err := Open(bytes.NewReader(zip), int64(len(zip)), nil)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := Unpack(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := tree.Parts()
	if err != nil {
		t.Fatal(err)
	}
	for _, edit := range []string{
		"remove solution.xml", "remove customizations.xml", "remove [Content_Types].xml",
		"replace solution.xml text", "replace solution.xml <a/>", "replace customizations.xml <a>", "replace [Content_Types].xml <Types>",
	} {
		var out bytes.Buffer
		if err := Rewrite(&out, p, changeOf(t, p, edit)); err == nil || out.Len() > 0 {
			t.Errorf("%s: Rewrite wrote %d bytes, error %v", edit, out.Len(), err)
		}
		if _, err := tree.With(changeOf(t, parts, edit)); err == nil {
			t.Errorf("%s: With made a tree", edit)
		}
	}
}

// What is added has a content type also when the same change edits the content types.
func TestRewriteCoversWithEditedTypes(t *testing.T) {
	zip := makeZip(t, completed([]zipEntry{{customizationsPart, rolesXML}}, false, true, "20 {00000000-0000-0000-0000-000000000001}")...)
	p, err := Open(bytes.NewReader(zip), int64(len(zip)), nil)
	if err != nil {
		t.Fatal(err)
	}
	src, err := p.ReadPart(typesPart)
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.Replace(string(src), "</Types>", `<Default Extension="one" ContentType="a/b" /></Types>`, 1)
	e := solution.NewEditor(p)
	e.Replace(typesPart, []byte(edited))
	e.Add("more/x.two", []byte("2"))
	e.Add("more/x.one", []byte("1"))
	change, err := e.Change()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := Rewrite(&out, p, change); err != nil {
		t.Fatal(err)
	}
	q, err := Open(bytes.NewReader(out.Bytes()), int64(out.Len()), nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := q.ReadPart(typesPart)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(edited, "</Types>", `<Default Extension="two" ContentType="application/octet-stream" /></Types>`, 1)
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
