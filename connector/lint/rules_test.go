package lint

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// fixture returns the clean connector as files by name.
func fixture(t testing.TB) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, name := range []string{definitionFile, propertiesFile} {
		data, err := os.ReadFile(filepath.Join("testdata", "fixture", name))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = data
	}
	return out
}

func toFS(files map[string][]byte) fstest.MapFS {
	m := fstest.MapFS{}
	for name, data := range files {
		m[name] = &fstest.MapFile{Data: data}
	}
	return m
}

// load1 reads the one connector of files.
func load1(t testing.TB, files map[string][]byte) *connector.Connector {
	t.Helper()
	list, err := connector.Load(toFS(files))
	if err != nil || len(list) != 1 {
		t.Fatalf("%d connectors: %v", len(list), err)
	}
	return list[0]
}

func partsOf(t testing.TB, files map[string][]byte) solution.Parts {
	t.Helper()
	p, err := solution.PartsOf(toFS(files))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The names of the loose files.
const (
	definitionFile = "apiDefinition.swagger.json"
	propertiesFile = "apiProperties.json"
	iconFile       = "icon.png"
	scriptFile     = "script.csx"
	settingsFile   = "settings.json"
)

// A world is a connector under edit, as the cases in testdata/rules describe it: one command a line.
type world struct {
	t     *testing.T
	files map[string][]byte
	opts  Options
	whole bool // a solution: check the package too
	mild  bool // read leniently
	extra map[string][]byte
}

// edit runs one command. A command is about the definition unless it begins with "props", "settings"
// or, in a solution, with the name of a part.
//
//	set POINTER JSON      replaces a value, or adds a member
//	add POINTER JSON      adds an element to an array
//	del POINTER           removes a member or element
//	ren POINTER KEY       gives a member another key
//	text OLD ==> NEW      replaces text of the file
//	gen WHAT POINTER N    adds N things: see generate
//	pad FILE N            makes a script N characters long
//	put FILE              takes the file from the section CASE/FILE of the archive
//	png W H COLOR, jpeg   makes an icon
//	solution              goes over to the solution form; then xml and manifest edit those files by text
//	rm FILE               removes a file
//	option NAME           sets an option
func (w *world) edit(line, section string) {
	w.t.Helper()
	word, rest, _ := strings.Cut(line, " ")
	target := definitionFile
	switch word {
	case "props", "settings":
		target = map[string]string{"props": propertiesFile, "settings": settingsFile}[word]
		if word == "settings" && w.files[target] == nil {
			w.files[target] = []byte("{}")
		}
		word, rest, _ = strings.Cut(rest, " ")
	case "part":
		var name string
		name, rest, _ = strings.Cut(rest, " ")
		target = "Connector/cat_contoso-20parts_" + name
		word, rest, _ = strings.Cut(rest, " ")
	}
	switch word {
	case "set", "add", "del", "ren":
		pointer, argument, _ := strings.Cut(rest, " ")
		w.splice(target, word, pointer, argument)
	case "text", "xml", "manifest":
		if word == "xml" {
			target = "customizations.xml"
		} else if word == "manifest" {
			target = "solution.xml"
		}
		was, is, ok := strings.Cut(rest, "==>")
		was, is = strings.TrimSpace(was), strings.TrimSpace(is)
		if !ok || !bytes.Contains(w.files[target], []byte(was)) {
			w.t.Fatalf("%s: %s does not hold %q:\n%s", line, target, was, w.files[target])
		}
		is = strings.NewReplacer(`\t`, "\t", `\n`, "\n", `\xff`, "\xff").Replace(is)
		w.files[target] = bytes.Replace(w.files[target], []byte(was), []byte(is), 1)
	case "bom":
		w.files[target] = append([]byte("\xef\xbb\xbf"), w.files[target]...)
	case "gen":
		w.generate(strings.Fields(rest))
	case "pad":
		name, n, _ := strings.Cut(rest, " ")
		size, _ := strconv.Atoi(n)
		w.files[name] = append(w.files[name], bytes.Repeat([]byte("/"), size-len(w.files[name]))...)
	case "put":
		name := rest
		if data, ok := w.extra[section+"/"+rest]; ok {
			w.files[name] = data
		} else {
			w.files[name] = w.extra[rest]
		}
	case "png":
		var width, height, r, g, b, a int
		if _, err := fmt.Sscanf(rest, "%d %d #%02x%02x%02x%02x", &width, &height, &r, &g, &b, &a); err != nil {
			w.t.Fatalf("%s: %v", line, err)
		}
		img := image.NewNRGBA(image.Rect(0, 0, width, height))
		for i := 0; i < len(img.Pix); i += 4 {
			copy(img.Pix[i:], []byte{byte(r), byte(g), byte(b), byte(a)})
		}
		var buf bytes.Buffer
		if err := png.Encode(&buf, img); err != nil {
			w.t.Fatal(err)
		}
		w.files[iconFile] = buf.Bytes()
	case "jpeg":
		var buf bytes.Buffer
		img := image.NewGray(image.Rect(0, 0, 8, 8))
		img.Set(1, 1, color.Gray{200})
		if err := jpeg.Encode(&buf, img, nil); err != nil {
			w.t.Fatal(err)
		}
		w.files[iconFile] = buf.Bytes()
	case "solution":
		w.toSolution()
	case "rm":
		delete(w.files, rest)
	case "option":
		w.option(rest)
	default:
		w.t.Fatalf("unknown command %q", line)
	}
}

func (w *world) option(name string) {
	switch name {
	case "deploy":
		w.opts.Deploy = true
	case "independent":
		w.opts.Independent = true
	case "lenient":
		w.mild = true
	case "installed-with-oauth":
		files := fixture(w.t)
		files[propertiesFile] = []byte(`{"properties":{"connectionParameters":{"token":{"type":"oauthSetting","oAuthSettings":{"identityProvider":"aad","clientId":"x"}}}}}`)
		w.opts.Installed = load1(w.t, files)
	default:
		w.t.Fatalf("unknown option %q", name)
	}
}

func (w *world) splice(file, word, pointer, argument string) {
	w.t.Helper()
	tree, err := jsonspan.Parse(w.files[file], nil)
	if err != nil {
		w.t.Fatalf("%s: %v", file, err)
	}
	n, ok := tree.At(pointer)
	var edit jsonspan.Edit
	switch {
	case word == "set" && !ok:
		cut := strings.LastIndexByte(pointer, '/')
		up, found := tree.At(pointer[:cut])
		if !found {
			w.t.Fatalf("no value at %s", pointer)
		}
		edit = tree.Insert(up, jsonspan.UnescapeStep(pointer[cut+1:]), argument)
	case !ok:
		w.t.Fatalf("no value at %s", pointer)
	case word == "set":
		edit = tree.Replace(n, argument)
	case word == "add":
		edit = tree.Insert(n, "", argument)
	case word == "del":
		edit = tree.Remove(n)
	case word == "ren":
		edit = tree.Rename(n, argument)
	}
	if w.files[file], err = jsonspan.Apply(w.files[file], []jsonspan.Edit{edit}); err != nil {
		w.t.Fatal(err)
	}
}

// generate makes what is too large to write out.
func (w *world) generate(args []string) {
	n, _ := strconv.Atoi(args[len(args)-1])
	prop := func(i int) string {
		return fmt.Sprintf(`"p%d": {"type": "string", "title": "P", "description": "A."}`, i)
	}
	list := func(n int, f func(int) string) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(f(i))
		}
		return b.String()
	}
	object := func(members string) string {
		return `{"type": "object", "title": "O", "description": "An object.", "properties": {` + members + `}}`
	}
	switch args[0] {
	case "operations":
		for i := range n {
			w.splice(definitionFile, "set", fmt.Sprintf("/paths/~1g%d", i), fmt.Sprintf(`{"get":{"operationId":"Generated%d","summary":"Get number %d","description":"Gets a thing.","responses":{"200":{"description":"A.","schema":{"$ref":"#/definitions/Part"}}}}}`, i, i))
		}
	case "properties":
		w.splice(definitionFile, "set", args[1], "{"+list(n, prop)+"}")
	case "objects":
		inner, _ := strconv.Atoi(args[2])
		w.splice(definitionFile, "set", args[1], "{"+list(n, func(i int) string { return fmt.Sprintf(`"o%d": %s`, i, object(list(inner, prop))) })+"}")
	case "nest":
		deep := `{"type": "string", "title": "P", "description": "A."}`
		for range n {
			deep = object(`"n": ` + deep)
		}
		w.splice(definitionFile, "set", args[1], deep)
	case "text":
		w.splice(definitionFile, "set", args[1], strconv.Quote(strings.Repeat("x", n)))
	case "blanks":
		w.files[definitionFile] = append(w.files[definitionFile], bytes.Repeat([]byte(" "), n)...)
	default:
		w.t.Fatalf("unknown thing %q", args)
	}
}

// toSolution goes over to the solution form, with a manifest of a publisher cat.
func (w *world) toSolution() {
	const id = "8f0c0a52-1111-4222-8333-0123456789ab"
	c := load1(w.t, w.files)
	empty, err := solution.PartsOf(toFS(map[string][]byte{
		"customizations.xml": []byte("\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<ImportExportXml>\n</ImportExportXml>"),
		"solution.xml": fmt.Appendf(nil, `<ImportExportXml><SolutionManifest><UniqueName>parts</UniqueName><Publisher><CustomizationPrefix>cat</CustomizationPrefix></Publisher>`+
			`<RootComponents><RootComponent type="372" id="{%s}" schemaName="%s" behavior="0" /></RootComponents><MissingDependencies /></SolutionManifest></ImportExportXml>`, id, connector.Name("cat", c.Title())),
	}))
	if err != nil {
		w.t.Fatal(err)
	}
	guid, err := solution.ParseGUID(id)
	if err != nil {
		w.t.Fatal(err)
	}
	change, err := connector.Put(empty, []*connector.Connector{c}, &connector.ConvertOptions{ID: guid, AllowLoss: true})
	if err != nil {
		w.t.Fatal(err)
	}
	p, err := change.Apply(empty)
	if err != nil {
		w.t.Fatal(err)
	}
	w.whole = true
	w.files = map[string][]byte{}
	for _, name := range p.Names() {
		if w.files[name], err = p.ReadPart(name); err != nil {
			w.t.Fatal(err)
		}
	}
}

// lint checks the world.
func (w *world) lint() diag.List {
	w.t.Helper()
	w.opts.Certification = true
	if w.whole {
		list, err := CheckSolution(partsOf(w.t, w.files), &w.opts)
		if err != nil {
			w.t.Fatal(err)
		}
		return list
	}
	load := connector.Load
	if w.mild {
		load = connector.LoadLenient
	}
	list, err := load(toFS(w.files))
	found, err := Unreadable(err)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, c := range list {
		found = append(found, Check(c, &w.opts)...)
	}
	return found
}

func ids(list diag.List) []string {
	set := map[string]bool{}
	for _, d := range list {
		set[d.Rule] = true
	}
	return slices.Sorted(maps.Keys(set))
}

func TestFixtureIsClean(t *testing.T) {
	w := &world{t: t, files: fixture(t)}
	if list := w.lint(); len(list) > 0 {
		t.Errorf("findings in the clean fixture:\n%v", list)
	}
	w.toSolution()
	if list := w.lint(); len(list) > 0 {
		t.Errorf("findings in the clean fixture as a solution:\n%v", list)
	}
}

// TestRules runs testdata/rules: one archive a rule, with changes to the clean fixture. Each section
// "bad..." must give exactly the rule, and those named in the section "follow"; each "good..." must not
// give the rule. Where a finding has a fix, applying it must end that finding.
func TestRules(t *testing.T) {
	golden.Run(t, "testdata/rules/*.txtar", runRuleCase)
}

func runRuleCase(t *testing.T, ar *golden.Case) {
	id := ar.Name
	extra, follow := map[string][]byte{}, map[string]bool{}
	var common []string
	bad, good := 0, 0
	for _, f := range ar.Files {
		extra[f.Name] = f.Data
		switch f.Name {
		case "follow":
			for _, id := range strings.Fields(string(f.Data)) {
				follow[id] = true
			}
		case "all":
			common = strings.Split(strings.TrimSpace(string(f.Data)), "\n")
		}
	}
	var found strings.Builder
	for _, f := range ar.Files {
		kind, _, _ := strings.Cut(f.Name, " ")
		if kind != "bad" && kind != "good" || strings.Contains(f.Name, "/") {
			continue
		}
		w := &world{t: t, files: fixture(t), extra: extra}
		for _, line := range slices.Concat(common, strings.Split(strings.TrimSpace(string(f.Data)), "\n")) {
			if line != "" {
				w.edit(line, f.Name)
			}
		}
		list := w.lint()
		got := ids(list)
		if kind == "good" {
			good++
			if slices.Contains(got, id) {
				t.Errorf("%s: found although nothing is wrong:\n%v", f.Name, list)
			}
			continue
		}
		bad++
		if !slices.Contains(got, id) {
			t.Errorf("%s: not found; found %v", f.Name, list)
		}
		for _, other := range got {
			if other != id && !follow[other] {
				t.Errorf("%s: unexpected %s:\n%v", f.Name, other, list)
			}
		}
		for _, d := range list {
			if d.Rule == id {
				message := d.Message
				if len(message) > 300 {
					message = message[:300]
				}
				fmt.Fprintf(&found, "%s: %s %s %s: %s\n", f.Name, d.Location, d.Severity, d.Location.Path, message)
			}
		}
		w.checkFixes(list, id)
	}
	if bad == 0 || good == 0 {
		t.Errorf("%d bad and %d good sections: a rule needs one of each", bad, good)
	}
	ar.HoldText(t, "want", found.String())
}

// checkFixes applies each fix of the rule alone and looks whether the finding is gone.
func (w *world) checkFixes(list diag.List, id string) {
	before := 0
	for range list.Rule(id) {
		before++
	}
	for d := range list.Rule(id) {
		for _, fix := range d.Fixes {
			files := maps.Clone(w.files)
			byFile := map[string][]diag.Edit{}
			for _, e := range fix.Edits {
				byFile[e.File] = append(byFile[e.File], e)
			}
			for name, edits := range byFile {
				data, err := diag.Apply(files[name], edits)
				if err != nil {
					w.t.Errorf("fix %q: %v", fix.Message, err)
				}
				files[name] = data
			}
			fixed := *w
			fixed.files = files
			after := 0
			for range fixed.lint().Rule(id) {
				after++
			}
			if after >= before {
				w.t.Errorf("fix %q of %v leaves %d of %d findings", fix.Message, d, after, before)
			}
		}
	}
}

// TestEveryRuleHasACase holds catalogue and cases together.
func TestEveryRuleHasACase(t *testing.T) {
	for r := range Rules() {
		if _, err := os.Stat(filepath.Join("testdata", "rules", r.ID+".txtar")); errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s has no case", r.ID)
		}
		if r.Summary == "" {
			t.Errorf("%s has no summary", r.ID)
		}
	}
	if n := len(ruleByID()); n != len(catalogue()) {
		t.Errorf("%d ids for %d rules", n, len(catalogue()))
	}
	paths, _ := filepath.Glob("testdata/rules/*.txtar")
	for _, p := range paths {
		if id := strings.TrimSuffix(filepath.Base(p), ".txtar"); ruleByID()[id] == nil {
			t.Errorf("%s is no rule", id)
		}
	}
}
