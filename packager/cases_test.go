package packager

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A txtar case under testdata shows what becomes of one small zip. Its comment says what the reference
// tool does with it and what this package does. Its sections:
//
//   - zip/NAME: an entry of the input, in the order of the file. A name that ends in "/" is a folder.
//     [Content_Types].xml and solution.xml are made up where they are absent.
//   - roots: lines "type key", the root components of a solution.xml that is made up. A key in braces
//     is an id, another one a schema name.
//   - options: words of "managed", "crlf", "no-content-types".
//   - tree/PATH: the wanted tree, complete; Other/Solution.xml counts only where the case has a
//     solution.xml of its own.
//   - entries: the names in the packed zip, in their order.
//   - pack/NAME: an entry of the packed zip. customizations.xml is always there.
//   - findings: what Unpack and Pack saw, "operation rule severity place".
//   - error: the error of the operation that fails; then nothing is packed.
//
// Wanted files that begin with "<" begin in truth with the byte order mark and the XML declaration; in
// a file that really begins with "<", "(as is)" is the first line. "␍" is a carriage return. The flag -update
// rewrites what is wanted, for review.
type packageCase struct {
	archive *golden.Case
	input   map[string]string // sections that are no output
	zip     []byte
	newline string
}

func TestCases(t *testing.T) {
	for _, file := range caseFiles(t) {
		name := strings.TrimSuffix(filepath.ToSlash(strings.TrimPrefix(file, "testdata"+string(filepath.Separator))), ".txtar")
		t.Run(name, func(t *testing.T) {
			c := readCase(t, file)
			got := c.run(t)
			dropUnasked(c.archive, got)
			c.archive.Hold(t, isOutput, got)
			c.archive.Explained(t)
		})
	}
}

// dropUnasked leaves out the entries of packed zips that a case does not ask for. customizations.xml always counts.
func dropUnasked(c *golden.Case, got map[string]string) {
	asked := c.Under("")
	maps.DeleteFunc(got, func(name, _ string) bool {
		_, ok := asked[name]
		return !ok && strings.HasPrefix(name, "pack/") && !strings.EqualFold(name, "pack/"+customizationsPart)
	})
}

// caseFiles are the files of the cases that begin with a zip.
func caseFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*/*.txtar")
	files = slices.DeleteFunc(files, func(name string) bool {
		return slices.Contains([]string{"with", "packing", "both", "map", "localize"}, filepath.Base(filepath.Dir(name)))
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	return files
}

func isOutput(section string) bool {
	dir, _, _ := strings.Cut(section, "/")
	return slices.Contains([]string{"tree", "pack", "entries", "findings", "error"}, dir)
}

func readCase(t testing.TB, file string) *packageCase {
	t.Helper()
	archive := golden.Read(t, file)
	c := &packageCase{archive: archive, input: map[string]string{}, newline: "\n"}
	var entries []zipEntry
	for _, f := range archive.Files {
		if isOutput(f.Name) {
			continue
		}
		if _, twice := c.input[f.Name]; twice && !strings.HasPrefix(f.Name, "zip/") {
			t.Fatalf("%s: section %s occurs twice", file, f.Name)
		}
		c.input[f.Name] = string(f.Data)
		if name, ok := strings.CutPrefix(f.Name, "zip/"); ok {
			entries = append(entries, zipEntry{name, strings.ReplaceAll(string(f.Data), "␍", "\r")})
		}
	}
	managed, types := false, true
	for _, o := range strings.Fields(c.input["options"]) {
		switch o {
		case "managed":
			managed = true
		case "crlf":
			c.newline = "\r\n"
		case "no-content-types":
			types = false
		default:
			t.Fatalf("%s: option %q", file, o)
		}
	}
	c.zip = makeZip(t, completed(entries, managed, types, strings.Split(c.input["roots"], "\n")...)...)
	return c
}

// A zipEntry is an entry of a zip that a test makes.
type zipEntry struct{ name, data string }

func makeZip(t testing.TB, entries ...zipEntry) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, e := range entries {
		f, err := w.CreateHeader(&zip.FileHeader{Name: e.name, Method: zip.Deflate, NonUTF8: strings.Contains(e.name, "\xff")})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, e.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// completed puts [Content_Types].xml, solution.xml and customizations.xml beside entries that lack them.
func completed(entries []zipEntry, managed, types bool, roots ...string) []zipEntry {
	has := func(name string) bool {
		return slices.ContainsFunc(entries, func(e zipEntry) bool { return strings.EqualFold(e.name, name) })
	}
	entries = slices.Clone(entries)
	if !has(customizationsPart) {
		entries = append(entries, zipEntry{customizationsPart, "<ImportExportXml />"})
	}
	if !has(solutionPart) {
		entries = append(entries, zipEntry{solutionPart, manifestXML(managed, roots...)})
	}
	if types && !has(typesPart) {
		entries = append([]zipEntry{{typesPart, typesXML(entries)}}, entries...)
	}
	return entries
}

// manifestXML is a solution.xml with root components of "type key" lines.
func manifestXML(managed bool, roots ...string) string {
	var b strings.Builder
	flag := 0
	if managed {
		flag = 1
	}
	fmt.Fprintf(&b, `<ImportExportXml version="9.2" SolutionPackageVersion="9.2" languagecode="1033"><SolutionManifest><UniqueName>Case</UniqueName>`+
		`<LocalizedNames><LocalizedName description="Case" languagecode="1033" /></LocalizedNames><Descriptions /><Version>1.0.0.0</Version><Managed>%d</Managed>`+
		`<Publisher><UniqueName>contoso</UniqueName><LocalizedNames><LocalizedName description="Contoso" languagecode="1033" /></LocalizedNames>`+
		`<Descriptions /><CustomizationPrefix>cts</CustomizationPrefix><CustomizationOptionValuePrefix>10000</CustomizationOptionValuePrefix></Publisher><RootComponents>`, flag)
	for _, root := range roots {
		kind, key, _ := strings.Cut(strings.TrimSpace(root), " ")
		switch {
		case kind == "":
		case key == "":
			fmt.Fprintf(&b, `<RootComponent type="%s" behavior="0" />`, kind)
		case key[0] == '{':
			fmt.Fprintf(&b, `<RootComponent type="%s" id="%s" behavior="0" />`, kind, key)
		default:
			fmt.Fprintf(&b, `<RootComponent type="%s" schemaName="%s" behavior="0" />`, kind, key)
		}
	}
	b.WriteString(`</RootComponents><MissingDependencies /></SolutionManifest></ImportExportXml>`)
	return b.String()
}

// typesXML gives every entry a content type.
func typesXML(entries []zipEntry) string {
	var b strings.Builder
	b.WriteString(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">`)
	seen := map[string]bool{}
	for _, e := range entries {
		name := strings.ReplaceAll(e.name, `\`, "/")
		switch ext := strings.TrimPrefix(path.Ext(path.Base(name)), "."); {
		case strings.HasSuffix(name, "/"):
		case ext == "":
			fmt.Fprintf(&b, `<Override PartName="/%s" ContentType="application/octet-stream" />`, escape(name))
		case !seen[ext]:
			seen[ext] = true
			fmt.Fprintf(&b, `<Default Extension="%s" ContentType="application/octet-stream" />`, escape(ext))
		}
	}
	b.WriteString(`</Types>`)
	return b.String()
}

func escape(text string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		panic(err)
	}
	return b.String()
}

// run makes the wanted sections of a case, and holds every promise to it that is true of all packages.
func (c *packageCase) run(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	var findings strings.Builder
	tell := func(op string, list diag.List) {
		for _, d := range list {
			fmt.Fprintf(&findings, "%s %s %s %s\n", op, d.Rule, d.Severity, d.Location)
		}
		out["findings"] = findings.String()
	}
	pkg, err := Open(bytes.NewReader(c.zip), int64(len(c.zip)), nil)
	if err != nil {
		out["error"] = err.Error() + "\n"
		return out
	}
	tree, err := Unpack(pkg, &UnpackOptions{Newline: c.newline})
	if err != nil {
		out["error"] = err.Error() + "\n"
		return out
	}
	_, ownManifest := c.input["zip/"+solutionPart]
	for name, data := range treeFiles(t, tree) {
		if name != otherSolution || ownManifest {
			out["tree/"+name] = c.show(data, c.newline)
		}
	}
	tell("unpack", tree.Diagnostics())
	var buf bytes.Buffer
	list, err := Pack(&buf, tree, nil)
	tell("pack", list)
	if err != nil {
		out["error"] = err.Error() + "\n"
		return out
	}
	zr, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range zr.File {
		out["entries"] += f.Name + "\n"
		out["pack/"+f.Name] = c.show(corpus.ReadEntry(t, f), "\n")
	}
	checkPromises(t, c.zip, tree, buf.Bytes())
	return out
}

// show is how a case shows a file.
func (c *packageCase) show(data []byte, newline string) string {
	text := string(data)
	header := xmlspan.Header + newline
	if rest, ok := strings.CutPrefix(text, header); ok && strings.HasPrefix(rest, "<") {
		text = rest + "\n"
	} else if strings.HasPrefix(text, "<") {
		text = "(as is)\n" + text
	}
	text = strings.ReplaceAll(text, "\r", "␍")
	if rest, ok := strings.CutPrefix(text, "\ufeff"); ok {
		text = "(byte order mark)" + rest
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text
}

// checkPromises holds a tree and its zip to what is true of every package that was unpacked from input
// and packed: the round trip law, comments included; that unpacking again gives the same tree; that the
// tree survives being written, listed and loaded; one digest for all of them.
func checkPromises(t testing.TB, input []byte, tree *Tree, packed []byte) {
	t.Helper()
	checkLaw(t, input, packed)
	if diff := cmp.Diff(comments(t, input), comments(t, packed)); diff != "" {
		t.Errorf("comments and processing instructions of customizations.xml (-want +got)\n%s", diff)
	}
	checkPaths(t, tree)
	files := treeFiles(t, tree)
	opts := &UnpackOptions{}
	if bytes.HasPrefix(files[otherSolution], []byte(xmlspan.Header+"\r\n")) {
		opts.Newline = "\r\n"
	}
	pkg := openBytes(t, packed)
	again, err := Unpack(pkg, opts)
	if err != nil {
		t.Errorf("unpacking what was packed: %v", err)
		return
	}
	first, second := maps.Clone(files), treeFiles(t, again)
	if slices.ContainsFunc(openBytes(t, input).entries, func(e *entry) bool { return !e.visible && !e.isDir() }) {
		// Pack gives every entry a content type, so some are no longer unclaimed.
		for _, files := range []map[string][]byte{first, second} {
			delete(files, unclaimedPath)
			if list, ok := files[renamedPath]; ok {
				lines := strings.Split(strings.ReplaceAll(string(list), keptFolder, ""), "\n")
				slices.Sort(lines)
				files[renamedPath] = []byte(strings.Join(lines, "\n"))
			}
			for name, data := range files {
				if rest, kept := strings.CutPrefix(name, keptFolder); kept {
					delete(files, name)
					files[rest] = data
				}
			}
		}
	}
	// An empty section that stays may have an end tag in a zip, and is packed without.
	first[otherCustomizations] = emptyTag.ReplaceAll(first[otherCustomizations], []byte("$1 />"))
	second[otherCustomizations] = emptyTag.ReplaceAll(second[otherCustomizations], []byte("$1 />"))
	if diff := cmp.Diff(first, second, showBytes); diff != "" {
		t.Errorf("unpacking what was packed gives another tree (-first +second)\n%s", diff)
	}
	loaded := loadMap(t, files)
	var buf bytes.Buffer
	if _, err := Pack(&buf, loaded, nil); err != nil {
		t.Errorf("packing the loaded tree: %v", err)
	} else if !bytes.Equal(buf.Bytes(), packed) {
		t.Errorf("the loaded tree packs to other bytes")
	}
	want, err := tree.Digest()
	if err != nil {
		t.Fatal(err)
	}
	for name, digest := range map[string]func() (string, error){
		"input": openBytes(t, input).Digest, "packed": pkg.Digest, "tree again": again.Digest, "loaded": loaded.Digest,
	} {
		if got, err := digest(); err != nil || got != want {
			t.Errorf("digest of %s: %s, %v; of the tree: %s", name, got, err, want)
		}
	}
}

var showBytes = cmp.Transformer("text", func(b []byte) string { return string(b) })

// emptyTag is an element without content that has an end tag, at the place of a section.
var emptyTag = regexp.MustCompile(`(?m)(^  <[A-Za-z0-9_:]+[^<>]*)></[A-Za-z0-9_:]+>`)

// checkPaths proves that a tree can be written on every system.
func checkPaths(t testing.TB, tree *Tree) {
	t.Helper()
	seen := map[string]string{}
	for _, p := range tree.Names() {
		if !fs.ValidPath(p) || strings.ContainsAny(p, `\:`) {
			t.Errorf("%q is no path", p)
		}
		if reason := unwritable(p); reason != "" {
			t.Errorf("path %q %s", p, reason)
		}
		for dir := p; dir != "."; dir = path.Dir(dir) {
			if other, ok := seen[fold(dir)]; ok && other != dir || ok && dir == p {
				t.Errorf("%q and %q are one file or folder", p, other)
			}
			seen[fold(dir)] = dir
		}
	}
}

func treeFiles(t testing.TB, tree *Tree) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, name := range tree.Names() {
		data, err := tree.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = data
	}
	return out
}

func loadMap(t testing.TB, files map[string][]byte) *Tree {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, data := range files {
		fsys[name] = &fstest.MapFile{Data: data}
	}
	tree, err := Load(fsys, nil)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func openBytes(t testing.TB, data []byte) *Package {
	t.Helper()
	pkg, err := Open(bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

// comments returns the comments and processing instructions of customizations.xml, sorted, with the
// white space in them made one blank.
func comments(t testing.TB, data []byte) []string {
	t.Helper()
	src, _, err := openBytes(t, data).customizations()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	d := xml.NewDecoder(bytes.NewReader(src))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for {
		token, err := d.RawToken()
		if err == io.EOF {
			slices.Sort(out)
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.Comment:
			out = append(out, "<!--"+strings.Join(strings.Fields(string(token)), " ")+"-->")
		case xml.ProcInst:
			if token.Target != "xml" {
				out = append(out, "<?"+token.Target+" "+string(token.Inst)+"?>")
			}
		}
	}
}
