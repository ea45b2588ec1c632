package main

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"
	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/diff"
	importplan "github.com/solutionkit/solutionkit/solution/plan"
)

// documents are the types of what -json prints, by command; several where flags or arguments decide.
var documents = map[string][]any{
	"check": {checkDocument{}}, "completion": {completionDocument{}}, "connections": {connectionsDocument{}}, "connector breaking": {breakingDocument{}},
	"connector convert": {convertDocument{}}, "connector lint": {lintDocument{}}, "connector list": {listDocument{}}, "connector rules": {rulesDocument{}},
	"connector secrets": {secretsDocument{}}, "connector strip": {stripDocument{}}, "connref adopt": {editDocument{}}, "connref merge": {editDocument{}},
	"connref rename": {editDocument{}}, "demo": {demoDocument{}}, "diff": {diffDocument{}}, "digest": {digestDocument{}}, "env": {envDocument{}},
	"graph": {graphDocument{}}, "impact": {impactDocument{}, uninstallDocument{}}, "info": {infoDocument{}}, "inventory": {inventoryDocument{}},
	"merge": {mergeDocument{}}, "normalise": {normaliseDocument{}}, "pack": {packDocument{}}, "plan": {planDocument{}}, "refs": {refsDocument{}},
	"rules": {explainedDocument{}}, "settings": {settingsDocument{}, settingsCheck{}}, "split-connectors": {splitDocument{}}, "unpack": {unpackDocument{}},
	"variables": {variablesDocument{}}, "version": {versionDocument{}},
}

// schemaFolder is the folder from wherever a test stands.
var schemaFolder = func() string {
	dir, err := filepath.Abs("../../docs/schemas")
	if err != nil {
		panic(err)
	}
	return dir
}()

// schemaFile is the file of a command's schema.
func schemaFile(command string) string { return strings.ReplaceAll(command, " ", "-") + ".json" }

// TestSchemaFiles holds docs/schemas; -update writes it.
func TestSchemaFiles(t *testing.T) {
	want := map[string][]byte{}
	for _, c := range commands {
		if documents[c.name] == nil {
			t.Errorf("%s has no document", c.name)
			continue
		}
		want[schemaFile(c.name)] = indented(t, schemaOfCommand(t, c.name))
	}
	if len(documents) != len(commands) {
		t.Errorf("%d documents of %d commands", len(documents), len(commands))
	}
	want["deployment-settings.schema.json"] = connref.SettingsSchema()
	want["environment.schema.json"] = importplan.EnvironmentSchema()
	want["plan.schema.json"] = indented(t, strict(t, importplan.Schema()))
	want["README.md"] = schemaIndex()
	golden.Folder(t, schemaFolder, want, "preflight.json") // a test of examples/preflight holds that
}

func schemaIndex() []byte {
	var b bytes.Buffer
	b.WriteString("# JSON schemas\n\nMade by `go generate` from the types that are printed; change them there. The JSON of `solkit` is part of the API.\n\n" +
		"What `solkit` reads:\n\n| File | Schema |\n|---|---|\n" +
		"| deployment settings, of `settings -check`, `plan -settings` and `pac solution import --settings-file` | [deployment-settings.schema.json](deployment-settings.schema.json) |\n" +
		"| an environment, of `plan -env` and `impact -env` | [environment.schema.json](environment.schema.json) |\n" +
		"| a custom connector, for editors | [definition](../../connector/lint/schema/definition.json), [properties](../../connector/lint/schema/properties.json), [settings](../../connector/lint/schema/settings.json) |\n\n" +
		"What each command prints with `-json`; objects have no other members:\n\n| Command | Schema |\n|---|---|\n")
	for _, c := range commands {
		fmt.Fprintf(&b, "| `solkit %s` | [%s](%s) |\n", c.name, schemaFile(c.name), schemaFile(c.name))
	}
	b.WriteString("\nWhat programs among the examples print:\n\n| Program | Schema |\n|---|---|\n| `examples/preflight` | [preflight.json](preflight.json) |\n" +
		"| `examples/cigate -sarif`, `solkit check -sarif` | SARIF 2.1.0, which has a schema of its own |\n")
	return b.Bytes()
}

func indented(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// strict returns a schema whose objects have no members but those that it names.
func strict(t *testing.T, src []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(src, &v); err != nil {
		t.Fatal(err)
	}
	var walk func(v any)
	walk = func(v any) {
		switch x := v.(type) {
		case map[string]any:
			if _, ok := x["properties"].(map[string]any); ok && x["additionalProperties"] == nil && x["type"] == "object" {
				x["additionalProperties"] = false
			}
			for _, y := range x {
				walk(y)
			}
		case []any:
			for _, y := range x {
				walk(y)
			}
		}
	}
	walk(v)
	return v
}

type object = map[string]any

func schemaOfCommand(t *testing.T, name string) object {
	w := &schemaWriter{t: t, defs: object{}}
	var forms []any
	for _, doc := range documents[name] {
		switch doc.(type) {
		case planDocument:
			forms = append(forms, object{"$ref": "plan.schema.json"}, w.failure(nil))
		case envDocument:
			forms = append(forms, object{"$ref": "environment.schema.json"}, w.failure(object{"diagnostics": w.list(w.of(reflect.TypeFor[finding]()))}))
		case settingsDocument:
			forms = append(forms, object{"$ref": "deployment-settings.schema.json"}, w.failure(nil))
		case diffDocument:
			forms = append(forms, comparisonSchema(w), w.failure(nil))
		default:
			forms = append(forms, w.structOf(reflect.TypeOf(doc)))
		}
	}
	out := object{"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "What solkit " + name + " -json prints"}
	if len(forms) == 1 {
		maps.Copy(out, forms[0].(object))
	} else {
		out["anyOf"] = forms
	}
	if len(w.defs) > 0 {
		out["$defs"] = w.defs
	}
	return out
}

// A schemaWriter makes schemas of types, those with a name once.
type schemaWriter struct {
	t    *testing.T
	defs object
}

func (w *schemaWriter) list(items any) object { return object{"type": "array", "items": items} }

// failure is the document of a command that has nothing else to say.
func (w *schemaWriter) failure(more object) object {
	properties := object{"error": object{"type": "string", "description": "why the command failed"}}
	maps.Copy(properties, more)
	return object{"type": "object", "properties": properties, "required": []string{"error"}, "additionalProperties": false}
}

// words are the texts of types that have few.
var fewTexts = map[reflect.Type][]string{
	reflect.TypeFor[diag.Severity](): {"note", "action", "warning", "error"},
	reflect.TypeFor[solution.Kind](): {"unmanaged", "managed", "both"},
	reflect.TypeFor[diff.Op]():       {"changed", "added", "removed", "moved"},
}

// planTypes are in the schema of plans, by which they print themselves.
var planTypes = map[reflect.Type]string{
	reflect.TypeFor[importplan.Finding](): "finding",
}

func (w *schemaWriter) of(t reflect.Type) object {
	if texts := fewTexts[t]; texts != nil {
		return object{"type": "string", "enum": texts}
	}
	if name := planTypes[t]; name != "" {
		return object{"$ref": "plan.schema.json#/definitions/" + name}
	}
	if t.Kind() != reflect.Pointer && t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return object{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.String:
		return object{"type": "string"}
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Uint8:
		return object{"type": "integer"}
	case reflect.Float64:
		return object{"type": "number"}
	case reflect.Interface:
		return object{}
	case reflect.Slice:
		return w.list(w.of(t.Elem()))
	case reflect.Map:
		return object{"type": "object", "additionalProperties": w.of(t.Elem())}
	case reflect.Pointer:
		return object{"anyOf": []any{w.of(t.Elem()), object{"type": "null"}}}
	case reflect.Struct:
		if t.Name() == "" {
			return w.structOf(t)
		}
		name := t.Name()
		if w.defs[name] == nil {
			w.defs[name] = object{}
			x := w.structOf(t)
			if t == reflect.TypeFor[importplan.Use]() { // which prints its place as members of its own
				for name, kind := range map[string]string{"file": "string", "path": "string", "line": "integer", "column": "integer", "offset": "integer"} {
					x["properties"].(object)[name] = object{"type": kind}
				}
			}
			w.defs[name] = x
		}
		return object{"$ref": "#/$defs/" + name}
	}
	w.t.Fatalf("no schema for %s", t)
	return nil
}

func (w *schemaWriter) structOf(t reflect.Type) object {
	properties, required := object{}, []string{}
	w.members(t, properties, &required, false)
	out := object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

// members adds those of a struct, with those of structs that it embeds.
func (w *schemaWriter) members(t reflect.Type, properties object, required *[]string, optional bool) {
	for f := range fieldsOf(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			inner, pointer := f.Type, f.Type.Kind() == reflect.Pointer
			if pointer {
				inner = inner.Elem()
			}
			w.members(inner, properties, required, optional || pointer)
			continue
		}
		if !f.IsExported() || name == "-" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		if properties[name] != nil { // that of an embedded struct, which this one hides
			*required = slices.DeleteFunc(*required, func(have string) bool { return have == name })
		}
		value, leaves := w.of(f.Type), strings.Contains(options, "omit")
		if leaves && f.Type.Kind() == reflect.Pointer {
			value = w.of(f.Type.Elem())
		}
		if text := fieldComment(w.t, t, f.Name); text != "" {
			value = maps.Clone(value)
			value["description"] = text
		}
		properties[name] = value
		if !leaves && !optional {
			*required = append(*required, name)
		}
	}
}

// fieldsOf yields the embedded structs of a struct before its own fields, which hide theirs.
func fieldsOf(t reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for _, embedded := range []bool{true, false} {
			for i := range t.NumField() {
				if f := t.Field(i); f.Anonymous == embedded && !yield(f) {
					return
				}
			}
		}
	}
}

// comparisonSchema is that of diff.Comparison, which prints itself.
func comparisonSchema(w *schemaWriter) object {
	text, number := object{"type": "string"}, object{"type": "integer"}
	impact := object{"type": "string", "enum": []string{"safe", "unknown", "breaking"}, "description": "what it does to those who use the component"}
	closed := func(properties object, optional ...string) object {
		required := slices.DeleteFunc(slices.Sorted(maps.Keys(properties)), func(name string) bool { return slices.Contains(optional, name) })
		return object{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
	}
	w.defs["place"] = closed(object{"file": text, "path": text, "line": number, "column": number}, "path", "line", "column")
	place, op := object{"$ref": "#/$defs/place"}, w.of(reflect.TypeFor[diff.Op]())
	property := closed(object{"op": op, "path": text, "old": text, "new": text, "oldAt": place, "newAt": place, "impact": impact, "reason": text,
		"noise": object{"type": "string", "description": "the id of the kind of noise that it is"}}, "oldAt", "newAt", "reason", "noise")
	w.defs["component"] = closed(object{"op": op, "type": text, "key": text, "owner": text, "name": text, "title": text, "old": place, "new": place,
		"impact": impact, "reason": text, "properties": w.list(property)}, "owner", "title", "old", "new", "reason", "properties")
	uniform := closed(object{"type": text, "op": op, "path": text, "old": text, "new": text, "count": number, "of": number})
	header := w.of(reflect.TypeFor[diff.Header]())
	return closed(object{"old": header, "new": header, "equal": object{"type": "boolean", "description": "nothing differs but noise"},
		"breaking":   object{"type": "integer", "description": "components with a breaking change"},
		"components": w.list(object{"$ref": "#/$defs/component"}), "uniform": w.list(uniform), "diagnostics": w.list(w.of(reflect.TypeFor[finding]()))}, "diagnostics")
}

// comments are those of the fields of a package's structs, by "Type.Field".
var comments = struct {
	sync.Mutex
	of map[string]map[string]string
}{of: map[string]map[string]string{}}

func fieldComment(t *testing.T, typ reflect.Type, field string) string {
	t.Helper()
	dir := "."
	if rel, ok := strings.CutPrefix(typ.PkgPath(), "github.com/solutionkit/solutionkit/"); ok && !strings.HasPrefix(rel, "examples/solkit") {
		dir = filepath.Join("..", "..", filepath.FromSlash(rel))
	}
	comments.Lock()
	defer comments.Unlock()
	if comments.of[dir] == nil {
		comments.of[dir] = readComments(t, dir)
	}
	return comments.of[dir][typ.Name()+"."+field]
}

func readComments(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok {
				for _, field := range s.Fields.List {
					text := strings.TrimSpace(field.Comment.Text())
					if text == "" {
						text = strings.TrimSpace(field.Doc.Text())
					}
					for _, id := range field.Names {
						out[spec.Name.Name+"."+id.Name] = strings.Join(strings.Fields(text), " ")
					}
				}
			}
			return true
		})
	}
	return out
}

// compiled are the schemas of the commands.
var compiled = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	names, err := filepath.Glob(filepath.Join(schemaFolder, "*.json"))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: no schemas", schemaFolder)
	}
	const base = "https://solutionkit.example/"
	for _, name := range names {
		src, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if err := c.AddResource(base+filepath.Base(name), bytes.NewReader(src)); err != nil {
			return nil, err
		}
	}
	out := map[string]*jsonschema.Schema{}
	for _, name := range names {
		if out[filepath.Base(name)], err = c.Compile(base + filepath.Base(name)); err != nil {
			return nil, err
		}
	}
	return out, nil
})

// againstSchema returns what is wrong with the output of a command by its schema; nil if it was not run with -json.
func againstSchema(args []string, stdout string) error {
	c, rest := find(args)
	j := &job{}
	if c == nil || golden.Updating() {
		return nil
	}
	if fs, _ := c.flags(j); fs.Parse(rest) != nil || !j.json || stdout == "" {
		return nil
	}
	schemas, err := compiled()
	if err != nil {
		return err
	}
	if slices.Contains(rest, "-sarif") || schemas[schemaFile(c.name)] == nil {
		return nil
	}
	var doc any
	d := json.NewDecoder(strings.NewReader(stdout))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil {
		return nil // other tests look for that
	}
	return schemas[schemaFile(c.name)].Validate(doc)
}

// TestSchemasOfCases runs commands with the solutions of the cases of other packages: what they print, also of odd and broken ones, is
// what the schemas say.
func TestSchemasOfCases(t *testing.T) {
	ran, fineRuns := 0, map[string]int{}
	for pattern, prefix := range map[string]string{
		"packager/testdata/layout": "zip/", "packager/testdata/rescue": "zip/", "solution/content/testdata/check": "solution/",
		"solution/content/testdata/read": "solution/", "connref/testdata/edit": "solution/", "connref/testdata/settings": "solution/",
	} {
		files, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(pattern), "*.txtar"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no cases in %s: %v", pattern, err)
		}
		for i, name := range files {
			if testing.Short() && i%8 != 0 {
				continue
			}
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			entries := []testEntry{}
			manifest := false
			for _, f := range archive.Files {
				if entry, ok := strings.CutPrefix(f.Name, prefix); ok {
					entries = append(entries, testEntry{entry, string(f.Data)})
					manifest = manifest || entry == "solution.xml"
				}
			}
			if !manifest {
				entries = append(entries, testEntry{"solution.xml", `<ImportExportXml><SolutionManifest><UniqueName>Case</UniqueName><Version>1.0.0.0</Version><Managed>0</Managed></SolutionManifest></ImportExportXml>`})
			}
			zip, dir := writeZip(t, entries...), filepath.Join(t.TempDir(), "tree")
			for _, args := range [][]string{
				{"info", "-json", zip}, {"check", "-json", zip}, {"refs", "-json", zip}, {"graph", "-json", zip}, {"inventory", "-json", zip},
				{"connections", "-json", zip}, {"variables", "-json", zip}, {"connector", "lint", "-json", zip}, {"connector", "list", "-json", zip},
				{"plan", "-json", zip}, {"settings", "-json", zip}, {"normalise", "-n", "-json", zip}, {"version", "-json", zip},
				{"unpack", "-json", zip, dir}, {"digest", "-json", dir}, {"pack", "-json", dir, filepath.Join(t.TempDir(), "again.zip")},
				{"diff", "-json", zip, dir}, {"diff", "-json", filepath.Join("sample"), zip},
				{"connref", "merge", "-json", "-n", zip, "cts_mail", "cts_mail_2"},
			} {
				code, stdout, _ := solkit(args...)
				if stdout == "" {
					t.Errorf("%s: solkit %q prints nothing", name, args)
				}
				if ran++; code == exitFine {
					fineRuns[args[0]]++
				}
			}
		}
	}
	for _, name := range []string{"info", "check", "refs", "graph", "inventory", "connections", "variables", "plan", "unpack", "pack", "diff"} {
		if fineRuns[name] == 0 && !testing.Short() { // a sample may lack one that a command takes
			t.Errorf("%s never ended well in %d runs: the cases are not read as they should be", name, ran)
		}
	}
}

// A member that a schema does not have, and one that is missing, are told.
func TestSchemasRefuse(t *testing.T) {
	out := fine(t, "info", "-json", "sample")
	for _, broken := range []string{
		strings.Replace(out, `"uniqueName"`, `"extra": 1, "uniqueName"`, 1), strings.Replace(out, `"kind"`, `"kinds"`, 1),
		strings.Replace(out, `"missingDependencies": 0`, `"missingDependencies": "0"`, 1),
	} {
		if broken == out || againstSchema([]string{"info", "-json", "sample"}, broken) == nil {
			t.Errorf("taken: %s", broken)
		}
	}
	plan := putZip(t, t.TempDir(), "core.zip", coreText)
	out = fine(t, "plan", "-json", plan)
	if broken := strings.Replace(out, `"blocked"`, `"extra": 1, "blocked"`, 1); againstSchema([]string{"plan", "-json", plan}, broken) == nil {
		t.Error("a plan with an unknown member is taken")
	}
}
