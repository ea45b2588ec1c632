package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// ownFindings returns a finding of each rule of the command line, as commands tell it of small inputs.
func ownFindings(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	t.Run("findings", func(t *testing.T) {
		t.Chdir(samplePair(t))
		tell := func(args ...string) {
			t.Helper()
			_, stdout, stderr := solkit(args...)
			var doc any
			if err := json.Unmarshal([]byte(stdout), &doc); err != nil {
				t.Fatalf("%q: %v\n%s%s", args, err, stdout, stderr)
			}
			collectFindings(found, doc)
		}
		for _, dir := range []string{"src", "base", "theirs"} {
			fine(t, "unpack", "-both", "stock.zip", dir)
		}
		putFiles(t, "theirs", map[string]string{"Other/managed/" + sampleFlow: `{"a":1}`})
		tell("split-connectors", "-json", "-kind", "managed", "src", "connectors.zip", "rest.zip")
		tell("diff", "-json", "base", "theirs")
		tell("merge", "-json", "base", "src", "stock_managed.zip", "merged")

		putFiles(t, ".", map[string]string{"project/Stock.cdsproj": `<Project>
  <PropertyGroup>
    <SolutionRootPath>src</SolutionRootPath>
    <SolutionPackageType Condition="'$(Configuration)' == 'Release'">Managed</SolutionPackageType>
    <SolutionPackageMapFilePath>$(Maps)\map.xml</SolutionPackageMapFilePath>
  </PropertyGroup>
  <ItemGroup>
    <ProjectReference Include="..\Control\Control.pcfproj" />
  </ItemGroup>
</Project>
`})
		tell("unpack", "-json", "stock.zip", "project")

		if err := os.WriteFile("export.zip", []byte("<html>"), 0o666); err != nil {
			t.Fatal(err)
		}
		tell("check", "-sarif", "export.zip")
		putFiles(t, ".", map[string]string{"old/parts/apiDefinition.swagger.json": `{"swagger": "2.0"}`, "old/stock/apiDefinition.swagger.json": `{"swagger": "2.0"}`,
			"new/stock/apiDefinition.swagger.json": `{"swagger": "2.0"}`, "bad/parts/apiDefinition.swagger.json": `{"swagger": "2.0"}`,
			"bad/parts/settings.json": `{"apiDefinition": "../other"}`, "bad/other/a.txt": "a"})
		tell("connector", "breaking", "-json", "old", "new")
		tell("connector", "lint", "-json", "bad")
	})
	return found
}

// collectFindings adds those in a document, as a line each.
func collectFindings(found map[string]string, doc any) {
	switch x := doc.(type) {
	case []any:
		for _, y := range x {
			collectFindings(found, y)
		}
	case map[string]any:
		for _, y := range x {
			collectFindings(found, y)
		}
		text := func(names ...string) string {
			for _, name := range names {
				if s, ok := x[name].(string); ok && s != "" {
					return s
				}
			}
			return ""
		}
		id := text("rule", "ruleId")
		if !strings.HasPrefix(id, "solkit/") {
			return
		}
		message := text("message", "what")
		if m, ok := x["message"].(map[string]any); ok { // SARIF
			message, _ = m["text"].(string)
		}
		at := text("file")
		if line, ok := x["line"].(float64); ok && at != "" && line > 0 {
			at += fmt.Sprintf(":%v:%v", line, x["column"])
		}
		if at != "" {
			at += ": "
		}
		found[id] = fmt.Sprintf("%s%s: %s (%s)", at, text("severity", "impact", "level"), message, id)
	}
}
