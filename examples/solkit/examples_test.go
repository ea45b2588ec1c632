package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// exampleFiles makes a folder with the files that the examples of help name, and returns it.
func exampleFiles(t *testing.T) string {
	t.Helper()
	src, pair := sampleTree(t), samplePair(t)
	pack := func(dir, zip string, flags ...string) {
		fine(t, slices.Concat([]string{"pack"}, flags, []string{dir, zip})...)
	}
	read := func(name string) string {
		t.Helper()
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	replace := func(dir, name, old, new string) {
		t.Helper()
		text := read(filepath.Join(dir, filepath.FromSlash(name)))
		if !strings.Contains(text, old) {
			t.Fatalf("%s has no %q", name, old)
		}
		putFiles(t, dir, map[string]string{name: strings.Replace(text, old, new, 1)})
	}
	dir := t.TempDir()
	t.Chdir(dir)

	pack(src, "base.zip")
	fine(t, "unpack", "base.zip", "next")
	replace("next", "Connectors/cts_5Fstock_openapidefinition.json", `"operationId": "ListItems"`, `"operationId": "ListAll"`)
	pack("next", "theirs.zip")
	fine(t, "unpack", "-both", filepath.Join(pair, "stock.zip"), "tree")

	// What is asked of in the examples is a second reference of the same connector.
	second := `<connectionreference connectionreferencelogicalname="cts_stock_second"><connectionreferencedisplayname>Second</connectionreferencedisplayname>` +
		`<connectorid>/providers/Microsoft.PowerApps/apis/shared_cts-5fstock-5f0123456789abcdef</connectorid><customconnectorid><connectorid>3f7d9a64-5b1c-4e8f-8a27-91c6d2e05b33</connectorid></customconnectorid><statecode>0</statecode><statuscode>1</statuscode></connectionreference>` + "\n  </connectionreferences>"
	for _, dir := range []string{src, "next"} {
		replace(dir, "Other/Customizations.xml", "</connectionreferences>", second)
	}
	pack(src, "contoso_1_0_0_0.zip")
	pack(src, "contoso_1_0_0_0_managed.zip", "-kind", "managed", "-convert")
	pack("next", "contoso_1_1_0_0.zip", "-version", "1.1.0.0")
	fine(t, "unpack", "contoso_1_0_0_0.zip", "src")
	for _, dir := range []string{"next"} {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	putZip(t, ".", "orders.zip", strings.ReplaceAll(coreText, "Core", "Orders"))
	putZip(t, ".", "flows.zip", strings.ReplaceAll(flowText, "Core", "Orders"))
	fine(t, "connector", "convert", "-allow-loss", "-to", "files", "contoso_1_0_0_0.zip", "connectors")
	putText(t, "test.json", `{"solutions": [{"name": "Orders", "version": "0.9.0.0", "managed": true, "publisher": "contoso", "order": 1, "complete": true, "provides": ["entity:ct_order"]}]}`)
	putText(t, "test.settings.json", `{"EnvironmentVariables": [{"SchemaName": "cts_StockServer", "Value": "https://stock.fabrikam.example"}], "ConnectionReferences": []}`)
	putText(t, "solutions.json", `[{"SolutionUniqueName": "Orders", "FriendlyName": "Orders", "VersionNumber": "0.9.0.0", "IsManaged": true}]`)
	putText(t, "connections.json", `{"value": [{"name": "c1", "properties": {"apiId": "/providers/Microsoft.PowerApps/apis/shared_sharepointonline", "displayName": "Sites", "statuses": [{"status": "Connected"}]}}]}`)
	return dir
}

// answers are the examples whose answer is a status of 1: they find what they are asked for.
var answers = []string{
	"solkit diff contoso_1_0_0_0.zip contoso_1_1_0_0.zip",
	"solkit connector breaking contoso_1_0_0_0.zip contoso_1_1_0_0.zip",
}

// TestExamples runs every line that help shows, each among the files that it names.
func TestExamples(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	files := exampleFiles(t)
	for _, c := range commands {
		if n := len(c.examples); n == 0 || n > 3 {
			t.Errorf("%s has %d examples, want 1 to 3", c.name, n)
		}
		for _, line := range c.examples {
			t.Run(line, func(t *testing.T) {
				dir := t.TempDir()
				if err := os.CopyFS(dir, os.DirFS(files)); err != nil {
					t.Fatal(err)
				}
				t.Chdir(dir)
				seen[line] = true
				words, to := strings.Fields(line), ""
				if n := len(words); n > 2 && words[n-2] == ">" {
					words, to = words[:n-2], words[n-1]
				}
				if !slices.Equal(words[:1+len(strings.Fields(c.name))], append([]string{"solkit"}, strings.Fields(c.name)...)) {
					t.Errorf("it is no example of %s", c.name)
				}
				if strings.ContainsAny(line, "'\"|&;$") {
					t.Error("a shell would read it otherwise")
				}
				var stdout, stderr bytes.Buffer
				want := exitFine
				if slices.Contains(answers, line) {
					want = exitFailed
				}
				if code := run(words[1:], strings.NewReader(""), &stdout, &stderr); code != want {
					t.Fatalf("exit status %d, want %d\n%s%s", code, want, &stdout, &stderr)
				}
				if stdout.Len() == 0 {
					t.Error("it prints nothing")
				}
				if to == "" {
					return
				}
				if _, err := os.Stat(to); err == nil {
					t.Errorf("it writes over %s", to)
				}
			})
		}
	}
	shown := 0
	for line := range strings.Lines(string(readme)) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "solkit ") {
			continue
		}
		shown++
		t.Run("README "+line, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(files)); err != nil {
				t.Fatal(err)
			}
			t.Chdir(dir)
			want := exitFine
			if slices.Contains(answers, line) {
				want = exitFailed
			}
			if code, stdout, stderr := solkit(strings.Fields(line)[1:]...); code != want {
				t.Errorf("exit status %d, want %d\n%s%s", code, want, stdout, stderr)
			}
		})
	}
	if shown < 5 {
		t.Errorf("only %d lines of the README were run", shown)
	}
	for _, line := range answers {
		if !seen[line] {
			t.Errorf("%q is no example any more", line)
		}
	}
}
