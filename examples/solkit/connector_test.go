package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connector/lint"
	"github.com/solutionkit/solutionkit/internal/corpus"
)

// definitionOf is a small definition that has nothing wrong with it.
func definitionOf(title string) string {
	return `{
  "swagger": "2.0",
  "info": {"title": "` + title + `", "description": "Looks up spare parts in the stock of Contoso.", "version": "1.2"},
  "host": "parts.contoso.com",
  "basePath": "/",
  "schemes": ["https"],
  "consumes": [],
  "produces": ["application/json"],
  "paths": {
    "/parts": {
      "get": {
        "operationId": "ListParts",
        "summary": "List parts",
        "description": "Lists all parts.",
        "responses": {"200": {"description": "The parts.", "schema": {"type": "string", "title": "Parts", "description": "Parts."}}}
      }
    }
  },
  "securityDefinitions": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
  "security": [{"key": []}]
}
`
}

// properties are as convert writes them.
const properties = `{
  "properties": {
    "connectionParameters": {
      "api_key": {
        "type": "securestring",
        "uiDefinition": {
          "displayName": "Key",
          "description": "The key of the account",
          "constraints": {
            "required": "true"
          }
        }
      }
    },
    "iconBrandColor": "#0078d4",
    "capabilities": []
  }
}
`

func looseFiles(title string) map[string]string {
	return map[string]string{"apiDefinition.swagger.json": definitionOf(title), "apiProperties.json": properties}
}

// looseFolder writes loose files to a new folder.
func looseFolder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "loose")
	putFiles(t, dir, files)
	return dir
}

// connectorFolders writes a folder of connectors: two that are fine, one that is not JSON.
func connectorFolders(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	putFiles(t, filepath.Join(dir, "a"), looseFiles("Parts"))
	putFiles(t, filepath.Join(dir, "b"), map[string]string{"apiDefinition.swagger.json": "{\n  \"swagger\" 2\n}"})
	putFiles(t, filepath.Join(dir, "c"), looseFiles("Orders"))
	return dir
}

type lintJSON struct {
	Connectors     []lintedConnector
	Diagnostics    []connectorFinding
	Errors         int
	Warnings       int
	Notes          int
	Certifications int
	Error          string
}

func TestConnectorLintGoesOn(t *testing.T) {
	dir := connectorFolders(t)
	stdout, _ := fails(t, "connector", "lint", "-json", dir)
	got := decode[lintJSON](t, stdout)
	at := filepath.ToSlash(dir)
	want := lintJSON{
		Connectors: []lintedConnector{
			{Name: "a", Path: at + "/a", Form: "files", Operations: 1, Diagnostics: []connectorFinding{}},
			{Name: "b", Path: at + "/b", Diagnostics: []connectorFinding{{Rule: "CONN-DOC-001", Severity: "error", File: at + "/b/apiDefinition.swagger.json", Line: 2, Column: 13,
				Message: "not JSON: found '2' where a colon after the key should stand"}}},
			{Name: "c", Path: at + "/c", Form: "files", Operations: 1, Diagnostics: []connectorFinding{}},
		},
		Diagnostics: []connectorFinding{}, Errors: 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if strings.Contains(stdout, "null") {
		t.Errorf("null in\n%s", stdout)
	}
	text, _ := fails(t, "connector", "lint", dir)
	wantText(t, text, at+"/b/apiDefinition.swagger.json:2:13: error: ", "3 connectors: 1 error, 0 warnings, 0 notes")
}

func TestConnectorLintReadsEveryLayout(t *testing.T) {
	loose := looseFolder(t, looseFiles("Parts"))
	dir := t.TempDir()
	sol, tree, parts := filepath.Join(dir, "sol.zip"), filepath.Join(dir, "tree"), filepath.Join(dir, "parts")
	fine(t, "connector", "convert", "-to", "solution", "-prefix", "cat", loose, sol)
	fine(t, "unpack", sol, tree)
	r, err := zip.OpenReader(sol)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := os.CopyFS(parts, r); err != nil {
		t.Fatal(err)
	}
	var entries []testEntry
	for name, data := range looseFiles("Parts") {
		entries = append(entries, testEntry{"some/where/" + name, data})
	}
	folders := t.TempDir()
	putFiles(t, filepath.Join(folders, "x", "y"), looseFiles("Parts"))
	for form, sources := range map[string][]string{"files": {loose, folders, writeZip(t, entries...)}, "solution": {sol, tree, parts}} {
		for _, src := range sources {
			got := decode[lintJSON](t, fine(t, "connector", "lint", "-json", src))
			if len(got.Connectors) != 1 || got.Connectors[0].Form != form || got.Errors+got.Warnings != 0 || !strings.HasPrefix(got.Connectors[0].Path, filepath.ToSlash(src)) {
				t.Errorf("%s: %+v", src, got)
			}
		}
	}
	putFiles(t, tree, map[string]string{"Connectors/cat_c.xml": "<Connector><name>cat_c</name><openapidefinition>/Connector/cat_c_openapidefinition.json</openapidefinition></Connector>",
		"Connectors/cat_c_openapidefinition.json": "{"})
	stdout, _ := fails(t, "connector", "lint", "-json", tree)
	var names []string
	for _, c := range decode[lintJSON](t, stdout).Connectors {
		names = append(names, fmt.Sprintf("%s %t", c.Name, c.Path == filepath.ToSlash(tree) && (c.Form == "" || len(c.Diagnostics) == 0)))
	}
	if diff := cmp.Diff([]string{"cat_c true", "cat_parts true"}, slices.Sorted(slices.Values(names))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// XML that is none keeps the tree from being read; the finding names the file.
	putFiles(t, tree, map[string]string{"Connectors/cat_b.xml": "<Connector>"})
	stdout, _ = fails(t, "connector", "lint", "-json", tree)
	broken := decode[lintJSON](t, stdout).Connectors
	if len(broken) != 1 || len(broken[0].Diagnostics) != 1 || broken[0].Diagnostics[0].File != filepath.ToSlash(tree)+"/Connectors/cat_b.xml" {
		t.Errorf("%+v", broken)
	}
	fine(t, "unpack", "-delete", sol, tree)

	all := decode[lintJSON](t, fine(t, "connector", "lint", "-json", loose, sol, tree))
	if len(all.Connectors) != 3 {
		t.Errorf("three sources: %+v", all)
	}
	wantText(t, fine(t, "connector", "lint", tinyZip(t, "")), "0 connectors") // a solution need not have one
}

func TestConnectorLintFlags(t *testing.T) {
	files := looseFiles("Parts API")
	files["apiDefinition.swagger.json"] = strings.Replace(files["apiDefinition.swagger.json"], `"summary": "List parts",`, `"summary": "List parts",,`, 1)
	broken := looseFolder(t, files)
	fails(t, "connector", "lint", broken)

	files["apiDefinition.swagger.json"] = strings.Replace(definitionOf("Parts API"), `"produces": ["application/json"],`, `"produces": ["application/json",],`, 1)
	dir := looseFolder(t, files)
	got := decode[lintJSON](t, fine(t, "connector", "lint", "-json", "-certification", dir))
	rules := map[string]connectorFinding{}
	for _, f := range got.Connectors[0].Diagnostics {
		rules[f.Rule] = f
	}
	if f := rules["CONN-INFO-003"]; f.Severity != "certification" || f.Pointer != "/info/title" || f.Line != 3 {
		t.Errorf("the title: %+v", f)
	}
	if f := rules["CONN-DOC-002"]; f.Severity != "warning" || f.Fix == "" {
		t.Errorf("the comma: %+v", f)
	}
	if got.Certifications == 0 || got.Warnings != 1 {
		t.Errorf("counts: %+v", got)
	}
	wantText(t, fine(t, "connector", "lint", "-certification", dir), ": certification: ", " for certification")
	if text := fine(t, "connector", "lint", "-disable", "CONN-DOC-002,CONN-INFO-001", dir); strings.Contains(text, "DOC-002") {
		t.Errorf("disabled:\n%s", text)
	}
	wantText(t, fine(t, "connector", "lint", "-sarif", dir), `"version": "2.1.0"`, `"CONN-DOC-002"`, `"deletedRegion"`)
	if code, _, stderr := solkit("connector", "lint", "-disable", "CONN-NO-001", dir); code != exitUsage || !strings.Contains(stderr, "CONN-NO-001") {
		t.Errorf("an unknown rule: %d %s", code, stderr)
	}
	if code, _, stderr := solkit("connector", "lint"); code != exitUsage || !strings.Contains(stderr, "DIR|ZIP...") {
		t.Errorf("no argument: %d %s", code, stderr)
	}
	_, stderr := fails(t, "connector", "lint", t.TempDir())
	wantText(t, stderr, "no connector here")
}

func TestConnectorFamily(t *testing.T) {
	for _, args := range [][]string{{"connector"}, {"connector", "lnit"}, {"help", "connector"}} {
		if code, _, stderr := solkit(args...); code != exitUsage || !strings.Contains(stderr, "connector lint, ") {
			t.Errorf("%v: %d %s", args, code, stderr)
		}
	}
	wantText(t, fine(t, "connector", "lint", "-h"), "usage: solkit connector lint [-certification]")
	wantText(t, fine(t, "help"), "  connector convert ")
}

func TestConnectorList(t *testing.T) {
	type listJSON struct {
		Connectors  []listedConnector
		Diagnostics []connectorFinding
		Error       string
	}
	dir := connectorFolders(t)
	stdout, _ := fails(t, "connector", "list", "-json", dir)
	got := decode[listJSON](t, stdout)
	want := listedConnector{Name: "a", Path: filepath.ToSlash(dir) + "/a", Form: "files", Title: "Parts", Version: "1.2", Host: "parts.contoso.com", Actions: 1, Auth: []string{"apiKey"}}
	if len(got.Connectors) != 2 || len(got.Diagnostics) != 1 {
		t.Fatalf("%+v", got)
	}
	if diff := cmp.Diff(want, got.Connectors[0]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	wantText(t, fine(t, "connector", "list", filepath.Join(dir, "a")), "NAME", "a     Parts  1.2", "apiKey")
}

func TestConnectorRules(t *testing.T) {
	if got := fine(t, "connector", "rules", "-markdown"); got != string(lint.Markdown(nil)) {
		t.Error("the page differs")
	}
	got := decode[struct{ Rules []listedRule }](t, fine(t, "connector", "rules", "-json"))
	n := 0
	for r := range lint.Rules() {
		if got.Rules[n].ID != r.ID {
			t.Errorf("rule %d: %s, want %s", n, got.Rules[n].ID, r.ID)
		}
		n++
	}
	for r := range connector.ChangeRules() {
		if got.Rules[n].ID != r.ID || got.Rules[n].Class != "breaking" {
			t.Errorf("rule %d: %+v, want %s", n, got.Rules[n], r.ID)
		}
		n++
	}
	if n == 0 || len(got.Rules) != n {
		t.Errorf("%d rules, want %d", len(got.Rules), n)
	}
	wantText(t, fine(t, "connector", "rules"), "CONN-DOC-001", "certification")
}

// leaky are loose files with a client secret and a client id.
func leaky() map[string]string {
	files := looseFiles("Parts")
	files["apiProperties.json"] = `{"properties": {"connectionParameters": {"token": {"type": "oauthSetting", "oAuthSettings": {
  "identityProvider": "oauth2", "clientId": "11111111-2222-4333-8444-555555555555", "clientSecret": "tops3cret-value", "scopes": [ ],
  "redirectMode": "Global", "redirectUrl": "https://global.consent.azure-apim.net/redirect"}}}, "capabilities": []}}`
	files["README.md"] = "about it"
	return files
}

func TestConnectorSecretsAndStrip(t *testing.T) {
	src := looseFolder(t, leaky())
	dir := t.TempDir()
	text := fine(t, "connector", "secrets", src)
	wantText(t, text, "exposed: clientSecret of token", "environment: clientId of token", "enter: clientSecret of token")
	if strings.Contains(text, "tops3cret") {
		t.Errorf("a secret is printed:\n%s", text)
	}
	exposed := func(src string) (out []string) {
		doc := decode[struct {
			Connectors  []connectorSecrets
			Diagnostics []connectorFinding
		}](t, fine(t, "connector", "secrets", "-json", src))
		for _, c := range doc.Connectors {
			for _, s := range c.Secrets {
				if s.Kind == "exposed" {
					out = append(out, s.Field)
				}
			}
		}
		return out
	}
	if diff := cmp.Diff([]string{"clientSecret"}, exposed(src)); diff != "" {
		t.Fatalf("(-want +got)\n%s", diff)
	}

	dst := filepath.Join(dir, "stripped")
	wantText(t, fine(t, "connector", "strip", src, dst), "1 file changed")
	have, want := contents(t, dst), leaky()
	if strings.Contains(have["apiProperties.json"], "tops3cret") || !strings.Contains(have["apiProperties.json"], `"scopes": [ ]`) {
		t.Errorf("properties:\n%s", have["apiProperties.json"])
	}
	delete(have, "apiProperties.json")
	delete(want, "apiProperties.json")
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("other files (-want +got)\n%s", diff)
	}

	sol, clean := filepath.Join(dir, "leaky.zip"), filepath.Join(dir, "clean.zip")
	fine(t, "connector", "convert", "-to", "solution", "-prefix", "cat", src, sol)
	fine(t, "connector", "strip", sol, clean)
	if got := exposed(sol); len(got) != 1 {
		t.Errorf("the source lost its secret: %v", got)
	}
	if got := exposed(clean); got != nil {
		t.Errorf("the zip has %v", got)
	}
	fine(t, "connector", "strip", sol, sol) // onto itself
	if a, b := fine(t, "digest", sol), fine(t, "digest", clean); a != b {
		t.Errorf("in place: %s and %s", a, b)
	}

	fine(t, "connector", "convert", "-to", "solution", "-prefix", "cat", src, filepath.Join(dir, "tree"))
	age(t, filepath.Join(dir, "tree"))
	fine(t, "connector", "strip", filepath.Join(dir, "tree"), filepath.Join(dir, "tree"))
	if diff := cmp.Diff(set("Connectors/cat_parts_connectionparameters.json"), touched(t, filepath.Join(dir, "tree"))); diff != "" {
		t.Errorf("files written (-want +got)\n%s", diff)
	}
	if got := exposed(filepath.Join(dir, "tree")); got != nil {
		t.Errorf("the tree has %v", got)
	}
	if code, _, _ := solkit("connector", "strip", sol, dst); code != exitUsage {
		t.Errorf("a zip to a folder: exit status %d", code)
	}
}

// Values of zips whose entries have escaped names are replaced under these names.
func TestConnectorStripEscapedNames(t *testing.T) {
	element := `<Connectors><Connector><connectorid>00000001-5a5a-4b4b-8c8c-0123456789ab</connectorid><name>cts_a b</name><connectortype>1</connectortype>` +
		`<openapidefinition>/Connector/cts_a b_openapidefinition.json</openapidefinition><connectionparameters>/Connector/cts_a b_connectionparameters.json</connectionparameters></Connector></Connectors>`
	src := tinyZip(t, element, testEntry{"Connector/cts_a%20b_openapidefinition.json", definitionOf("a b")},
		testEntry{"Connector/cts_a%20b_connectionparameters.json", `{"k": {"type": "securestring", "defaultValue": "hunter2hunter2"}}`})
	dst := filepath.Join(t.TempDir(), "out.zip")
	fine(t, "connector", "strip", src, dst)
	r, err := zip.OpenReader(dst)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := fs.ReadFile(r, "Connector/cts_a%20b_connectionparameters.json")
	if err != nil || string(data) != `{"k": {"type": "securestring", "defaultValue": ""}}` {
		t.Errorf("%s, %v", data, err)
	}
}

func TestConnectorConvertRefusesLoss(t *testing.T) {
	files := looseFiles("Parts")
	files["apiProperties.json"] = strings.Replace(properties, `"capabilities": []`, `"capabilities": [], "publisher": "Contoso"`, 1)
	src := looseFolder(t, files)
	dst := filepath.Join(t.TempDir(), "x.zip")
	stdout, stderr := fails(t, "connector", "convert", "-json", "-to", "solution", "-prefix", "cat", src, dst)
	wantText(t, stderr, "apiProperties.json#/properties/publisher", "-allow-loss")
	wantText(t, stdout, `"loose: apiProperties.json#/properties/publisher"`)
	if _, err := os.Stat(dst); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something was written: %v", err)
	}
	fine(t, "connector", "convert", "-to", "solution", "-prefix", "cat", "-allow-loss", src, dst)
	back := filepath.Join(t.TempDir(), "back")
	_, stderr = fails(t, "connector", "convert", "-to", "files", dst, back)
	wantText(t, stderr, "Connector/connectorid", "Connector/name")
	fine(t, "connector", "convert", "-to", "files", "-allow-loss", dst, back)
	if diff := cmp.Diff(looseFiles("Parts"), contents(t, back)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestConnectorConvertSeveral(t *testing.T) {
	src := t.TempDir()
	putFiles(t, filepath.Join(src, "a"), looseFiles("Parts"))
	putFiles(t, filepath.Join(src, "b"), looseFiles("Orders"))
	dst := filepath.Join(t.TempDir(), "both.zip")
	wantText(t, fine(t, "connector", "convert", "-to", "solution", "-prefix", "cat", "-solution", "Contoso", "-publisher", "contosoltd", src, dst), "2 connectors")
	wantText(t, fine(t, "info", dst), "Contoso", "1.0.0.0", "contosoltd", "cat_parts", "cat_orders")
	wantText(t, fine(t, "check", dst), "no findings")
	back := t.TempDir()
	fine(t, "connector", "convert", "-to", "files", "-allow-loss", dst, back)
	want := map[string]string{}
	for folder, title := range map[string]string{"cat_parts": "Parts", "cat_orders": "Orders"} {
		for name, data := range looseFiles(title) {
			want[folder+"/"+name] = data
		}
	}
	if diff := cmp.Diff(want, contents(t, back)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	putFiles(t, filepath.Join(src, "c"), looseFiles("Parts"))
	_, stderr := fails(t, "connector", "convert", "-to", "solution", "-prefix", "cat", src, filepath.Join(back, "x.zip"))
	wantText(t, stderr, `would both be called "cat_parts"`)
	putFiles(t, filepath.Join(src, "d"), map[string]string{"apiDefinition.swagger.json": "{"})
	_, stderr = fails(t, "connector", "convert", "-to", "solution", "-prefix", "cat", src, filepath.Join(back, "x.zip"))
	wantText(t, stderr, "d/apiDefinition.swagger.json:1:")
}

func TestConnectorConvertAddsToFolder(t *testing.T) {
	for _, newline := range []string{"\n", "\r\n"} {
		tree := sampleTree(t)
		for name, data := range contents(t, tree) {
			if path.Ext(name) == ".xml" {
				putFiles(t, tree, map[string]string{name: strings.ReplaceAll(data, "\n", newline)})
			}
		}
		before := contents(t, tree)
		age(t, tree)
		loose := looseFolder(t, looseFiles("Parts"))
		id := "0a000000-0000-4000-8000-00000000000a"
		fine(t, "connector", "convert", "-to", "solution", "-prefix", "cat", "-id", "{"+strings.ToUpper(id)+"}", loose, tree)
		names := touched(t, tree)
		for name := range names {
			if strings.HasPrefix(name, "Connectors/cat_parts") {
				delete(names, name)
			}
		}
		if names["Other/Customizations.xml"] { // only if it had no section for connectors
			delete(names, "Other/Customizations.xml")
		}
		if diff := cmp.Diff(set("Other/Solution.xml"), names); diff != "" {
			t.Errorf("files written (-want +got)\n%s", diff)
		}
		after := contents(t, tree)
		if got, want := strings.Count(after["Other/Solution.xml"], "\n"), strings.Count(before["Other/Solution.xml"], "\n")+1; got != want {
			t.Errorf("%q: Solution.xml has %d lines, want %d", newline, got, want)
		}
		wantText(t, after["Other/Solution.xml"], `type="372"`, id)
		fine(t, "check", tree)

		// Again: the connector keeps its id, and nothing is written.
		age(t, tree)
		fine(t, "connector", "convert", "-to", "solution", "-prefix", "cat", loose, tree)
		if diff := cmp.Diff(set(), touched(t, tree)); diff != "" {
			t.Errorf("written again (-want +got)\n%s", diff)
		}
		_, stderr := fails(t, "connector", "convert", "-to", "solution", "-prefix", "cat", "-id", "0b000000-0000-4000-8000-00000000000a", loose, tree)
		wantText(t, stderr, id)

		putFiles(t, tree, map[string]string{"Connectors/cat_parts_iconblob.Png": "x"})
		xml := after["Connectors/cat_parts.xml"]
		putFiles(t, tree, map[string]string{"Connectors/cat_parts.xml": strings.Replace(xml, "</Connector>", "  <iconblob>/Connector/cat_parts_iconblob.Png</iconblob>\n</Connector>", 1)})
		_, stderr = fails(t, "connector", "convert", "-to", "solution", "-prefix", "cat", loose, tree)
		wantText(t, stderr, "Connectors/cat_parts_iconblob.Png")
	}
	_, stderr := fails(t, "connector", "convert", "-to", "solution", "-prefix", "cat", looseFolder(t, looseFiles("Parts")), t.TempDir())
	wantText(t, stderr, "no unpacked solution")
}

func TestConnectorConvertAddsToZip(t *testing.T) {
	name := tinyZip(t, "")
	loose := looseFolder(t, looseFiles("Parts"))
	before := fine(t, "digest", name)
	_, stderr := fails(t, "connector", "convert", "-to", "solution", loose, name)
	wantText(t, stderr, "-add")
	if after := fine(t, "digest", name); after != before {
		t.Error("the zip was changed")
	}
	fine(t, "connector", "convert", "-to", "solution", "-add", loose, name)
	wantText(t, fine(t, "info", name), "Tiny", "cts_parts", "managed")
	if got := decode[lintJSON](t, fine(t, "connector", "lint", "-json", name)); len(got.Connectors) != 1 || got.Connectors[0].Name != "cts_parts" {
		t.Errorf("%+v", got)
	}
}

func TestConnectorConvertUsage(t *testing.T) {
	loose := looseFolder(t, looseFiles("Parts"))
	out := filepath.Join(t.TempDir(), "x.zip")
	for _, args := range [][]string{
		{loose, out}, {"-to", "zip", loose, out}, {"-to", "files", loose, out}, {"-to", "files", "-prefix", "cat", loose, "x"},
		{"-to", "solution", loose, out}, {"-to", "solution", "-add", loose, "x"},
	} {
		if code, _, stderr := solkit(append([]string{"connector", "convert"}, args...)...); code != exitUsage {
			t.Errorf("%v: exit status %d: %s", args, code, stderr)
		}
	}
}

// A name at the edge of what file systems hold, with every kind of letter that is special on the way, comes
// back from files by way of a solution, a zip, a tree and another zip to files.
func TestConnectorJourney(t *testing.T) {
	title := strings.Repeat(`Größe & 100% "Ж" <x> `, 10)[:200]
	title = strings.ToValidUTF8(title, "")
	for len([]rune(title)) < 200 {
		title += "y"
	}
	files := looseFiles(strings.ReplaceAll(title, `"`, `\"`))
	files["icon.png"] = "\x89PNG\r\n\x1a\nnot really"
	files["script.csx"] = "public class Script : ScriptBase\r\n{\r\n}\r\n"
	src := looseFolder(t, files)
	name := "cat_" + strings.Repeat("Größe & 100% ", 13) + strings.Repeat("z", 27)
	if n := len([]rune(name)); n != 200 {
		t.Fatalf("the name has %d characters", n)
	}
	dir := t.TempDir()
	first, second, tree, back := filepath.Join(dir, "1.zip"), filepath.Join(dir, "2.zip"), filepath.Join(dir, "tree"), filepath.Join(dir, "back")

	_, stderr := fails(t, "connector", "convert", "-to", "solution", "-prefix", "cat", src, first)
	wantText(t, stderr, "give a shorter one") // encoded, the title is too long for the name of a file

	fine(t, "connector", "convert", "-to", "solution", "-prefix", "cat", "-name", name, src, first)
	fine(t, "unpack", first, tree)
	fine(t, "pack", tree, second)
	if a, b := fine(t, "digest", first), fine(t, "digest", second); a != b {
		t.Errorf("digests %s and %s", a, b)
	}
	got := decode[lintJSON](t, fine(t, "connector", "lint", "-json", second))
	if len(got.Connectors) != 1 || got.Connectors[0].Name != name {
		t.Errorf("%+v", got.Connectors)
	}
	fine(t, "connector", "convert", "-to", "files", "-allow-loss", second, back)
	if diff := cmp.Diff(files, contents(t, back)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestConnectorCorpus takes all published connectors that can be read to one solution each batch, and back.
func TestConnectorCorpus(t *testing.T) {
	src, err := openConnectors(corpus.Path(t, "corpus", "connectors-dev.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer src.close()
	var batches [][]foundConnector // names are unique within a solution
	taken := map[string]int{}
	total := 0
	list, err := src.find(false)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		if c.err != nil {
			continue
		}
		total++
		name := connector.Name("cat", c.Title())
		n := taken[name]
		taken[name]++
		if n == len(batches) {
			batches = append(batches, nil)
		}
		batches[n] = append(batches[n], c)
	}
	if total != 503 {
		t.Errorf("%d connectors can be read, want 503", total)
	}
	for i, batch := range batches {
		dst := filepath.Join(t.TempDir(), fmt.Sprintf("batch%d.zip", i))
		c := &conversion{to: "solution", prefix: "cat", loss: true}
		d := &convertDocument{dst: dst}
		if err := c.create(&job{ctx: t.Context()}, src, batch, d); err != nil {
			t.Fatal(err)
		}
		back := t.TempDir()
		fine(t, "connector", "convert", "-to", "files", "-allow-loss", dst, back)
		for k, one := range d.Connectors {
			folder := filepath.Join(back, one.Name)
			if len(batch) == 1 {
				folder = back
			}
			sameConnector(t, batch[k].Connector, folder)
		}
	}
}

// sameConnector compares what both forms hold.
func sameConnector(t *testing.T, want *connector.Connector, dir string) {
	t.Helper()
	list, err := connector.Load(os.DirFS(dir))
	if err != nil {
		t.Error(err)
		return
	}
	got := list[0]
	same := func(what string, a, b []byte) {
		if !bytes.Equal(a, b) {
			t.Errorf("%s: %s differs", want.Name(), what)
		}
	}
	same("definition", bytes.TrimPrefix(want.Definition(), []byte("\xef\xbb\xbf")), got.Definition())
	same("icon", want.Icon(), got.Icon())
	same("script", want.Script(), got.Script())
	wantIDs, wantOK := want.ScriptOperations()
	gotIDs, gotOK := got.ScriptOperations()
	if !slices.Equal(wantIDs, gotIDs) || wantOK != gotOK || want.BrandColor() != got.BrandColor() {
		t.Errorf("%s: properties differ", want.Name())
	}
	pairs := func(c *connector.Connector) (out []string) {
		for p := range c.ConnectionParameters() {
			out = append(out, p.Set+"/"+p.Name+" "+strings.Join(strings.Fields(string(p.JSON)), ""))
		}
		for p := range c.Policies() {
			out = append(out, p.Template+" "+p.Title+" "+strings.Join(p.Operations, ","))
			for name, json := range p.Parameters() {
				out = append(out, name+" "+strings.Join(strings.Fields(string(json)), ""))
			}
		}
		return out
	}
	if diff := cmp.Diff(pairs(want), pairs(got)); diff != "" {
		t.Errorf("%s (-want +got)\n%s", want.Name(), diff)
	}
}

// connector breaking tells what an update breaks and fails then; what is safe is shown on request.
func TestConnectorBreaking(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("old/parts/apiDefinition.swagger.json", definitionOf("Parts"))
	write("new/parts/apiDefinition.swagger.json", strings.Replace(definitionOf("Parts"), `"ListParts"`, `"GetParts"`, 1))
	write("more/parts/apiDefinition.swagger.json", strings.Replace(definitionOf("Parts"), `"summary"`, `"deprecated": true, "summary"`, 1))
	write("more/other/apiDefinition.swagger.json", definitionOf("Other"))
	at := func(name string) string { return filepath.ToSlash(filepath.Join(dir, name)) }

	out, _ := fails(t, "connector", "breaking", at("old"), at("new"))
	wantText(t, out, "breaking: operation ListParts is called GetParts now", "(CONN-BRK-001)", "new/parts/apiDefinition.swagger.json:", "1 breaking, 0 unknown, 0 safe")
	out = fine(t, "connector", "breaking", at("old"), at("more"))
	if wantText(t, out, "other: new in "); strings.Contains(out, "deprecated") {
		t.Error(out)
	}
	wantText(t, fine(t, "connector", "breaking", "-v", at("old"), at("more")), "safe: operation ListParts is deprecated now")
	out, _ = fails(t, "connector", "breaking", at("more"), at("new"))
	wantText(t, out, "breaking: connector other is gone")
	out, _ = fails(t, "connector", "breaking", "-json", at("old"), at("new"))
	got := decode[breakingDocument](t, out)
	if len(got.Connectors) != 1 || got.Breaking != 1 || len(got.Connectors[0].Changes) != 1 {
		t.Fatalf("%+v", got)
	}
	change := got.Connectors[0].Changes[0]
	want := connectorChange{Rule: "CONN-BRK-001", Impact: "breaking", Operation: "ListParts", What: change.What, Reason: change.Reason,
		Old: changePlace{at("old") + "/parts/apiDefinition.swagger.json", "/paths/~1parts/get", 11, 7}, New: changePlace{at("new") + "/parts/apiDefinition.swagger.json", "/paths/~1parts/get", 11, 7}}
	if diff := cmp.Diff(want, change); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	fails(t, "connector", "breaking", at("old"), at("nowhere"))
	if code, _, _ := solkit("connector", "breaking", at("old")); code != exitUsage {
		t.Errorf("one argument: %d", code)
	}
}
