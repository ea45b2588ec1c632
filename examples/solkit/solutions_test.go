package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution/inventory"
)

// bindable is a solution with a flow, a reference that it uses, a raw connection and a variable.
func bindable(name string) []testEntry {
	return []testEntry{
		{"solution.xml", `<ImportExportXml><SolutionManifest><UniqueName>` + name + `</UniqueName><Version>1.0.0.0</Version><Managed>0</Managed></SolutionManifest></ImportExportXml>`},
		{"[Content_Types].xml", `<?xml version="1.0" encoding="utf-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="text/xml" /><Default Extension="json" ContentType="application/octet-stream" /></Types>`},
		{"customizations.xml", `<ImportExportXml><Workflows><Workflow WorkflowId="{aaaaaaaa-0000-0000-0000-000000000001}" Name="Send &lt;mail&gt;"><JsonFileName>/Workflows/Send-AAAAAAAA-0000-0000-0000-000000000001.json</JsonFileName></Workflow></Workflows>` +
			`<connectionreferences><connectionreference connectionreferencelogicalname="new_mail"><connectionreferencedisplayname>Mail</connectionreferencedisplayname><connectorid>/p/shared_office365</connectorid></connectionreference></connectionreferences></ImportExportXml>`},
		{"Workflows/Send-AAAAAAAA-0000-0000-0000-000000000001.json", `{"properties":{"connectionReferences":{"m":{"connection":{"connectionReferenceLogicalName":"new_mail"},"api":{"name":"shared_office365"}},"r":{"connection":{},"api":{"name":"shared_office365"}}}},"a":{"subscriptionRequest/entityname":"far_thing"}}`},
		{"environmentvariabledefinitions/new_v/environmentvariabledefinition.xml", `<environmentvariabledefinition schemaname="new_v"><displayname default="V" /><type>100000005</type><defaultvalue>hush</defaultvalue></environmentvariabledefinition>`},
	}
}

func TestConnections(t *testing.T) {
	name := writeZip(t, bindable("Demo")...)
	got := decode[connectionsDocument](t, fine(t, "connections", "-json", name))
	want := []listedReference{{LogicalName: "new_mail", DisplayName: "Mail", ConnectorID: "/p/shared_office365", Connector: "shared_office365",
		UsedBy: []keyed{{Kind: "workflow", Key: "aaaaaaaa-0000-0000-0000-000000000001"}}}}
	if diff := cmp.Diff(want, got.References); diff != "" {
		t.Errorf("references (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]listedRaw{{"workflow", "aaaaaaaa-0000-0000-0000-000000000001", "shared_office365", "r"}}, got.Raw); diff != "" {
		t.Errorf("raw (-want +got)\n%s", diff)
	}
	wantText(t, fine(t, "connections", name), "new_mail", "raw: workflow")
}

func TestVariablesHideSecrets(t *testing.T) {
	name := writeZip(t, bindable("Demo")...)
	for _, flags := range [][]string{{}, {"-json"}} {
		text := fine(t, append(append([]string{"variables"}, flags...), name)...)
		wantText(t, text, "new_v", "(hidden)")
		if strings.Contains(text, "hush") {
			t.Errorf("the secret is printed:\n%s", text)
		}
	}
}

func TestSettings(t *testing.T) {
	name := writeZip(t, bindable("Demo")...)
	_, made, said := solkit("settings", name)
	wantText(t, made, `"LogicalName": "new_mail"`)
	if strings.Contains(made, "new_v") {
		t.Errorf("a secret has a blank entry:\n%s", made)
	}
	wantText(t, said, `flow "Send <mail>" binds shared_office365`, `"new_v" is a secret and was left out`)
	keep := filepath.Join(t.TempDir(), "keep.json")
	if err := os.WriteFile(keep, []byte(strings.Replace(made, `"ConnectionId": ""`, `"ConnectionId": "c1"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	wantText(t, fine(t, "settings", "-keep", keep, name), `"ConnectionId": "c1"`)
	wantText(t, fine(t, "settings", "-check", keep, name), ": 0 errors, ")
	bad := filepath.Join(t.TempDir(), "bad.json")
	if err := os.WriteFile(bad, []byte(`{"ConnectionReferences":[{"LogicalName":"new_mail","ConnectionId":"x","ConnectorId":"shared_teams"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	stdout, _ := fails(t, "settings", "-check", bad, name)
	wantText(t, stdout, bad+":1:26: error", "connref/connector-mismatch")
}

func TestRefs(t *testing.T) {
	name := writeZip(t, bindable("Demo")...)
	got := decode[refsDocument](t, fine(t, "refs", "-json", "-unresolved", name))
	if len(got.References) != 1 || got.References[0].To.Key != "far_thing" || got.References[0].Line != 1 || got.References[0].From.Solution != "Demo" {
		t.Errorf("unresolved: %+v", got.References)
	}
	if text := fine(t, "refs", "-to", "new_mail", name); strings.Contains(text, "far_thing") || !strings.Contains(text, "flow-connection-reference") {
		t.Errorf("-to:\n%s", text)
	}
	other := writeZip(t, testEntry{"solution.xml", `<ImportExportXml><SolutionManifest><UniqueName>Far</UniqueName><Version>1.0.0.0</Version><Managed>0</Managed></SolutionManifest></ImportExportXml>`}, bindable("")[1],
		testEntry{"customizations.xml", `<ImportExportXml><Entities><Entity><Name>far_thing</Name></Entity></Entities></ImportExportXml>`})
	both := decode[refsDocument](t, fine(t, "refs", "-json", "-to", "far_thing", name, other))
	if len(both.References) != 1 || both.References[0].Resolved != "batch" || both.References[0].To.Solution != "Far" {
		t.Errorf("together: %+v", both.References)
	}
	wantText(t, fine(t, "graph", "-level", "solution", name, other), "n0 --> n1", "Far<br/>")
}

func TestGraph(t *testing.T) {
	name := writeZip(t, bindable("Demo")...)
	wantText(t, fine(t, "graph", name), "flowchart LR", `s0["Demo"]`, "Send #lt;mail#gt;", "-->")
	wantText(t, fine(t, "graph", "-format", "dot", name), "digraph", "cluster_0", "Send <mail>")
	js := decode[graphDocument](t, fine(t, "graph", "-format", "json", name))
	if len(js.Nodes) != 5 || len(js.Edges) == 0 {
		t.Errorf("json: %+v", js)
	}
	svg := fine(t, "graph", "-format", "svg", name)
	wantText(t, svg, "Send &lt;mail&gt;", "elsewhere", "far_thing")
	x := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := x.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("not XML: %v", err)
		}
	}
	if svg != fine(t, "graph", "-format", "svg", name) {
		t.Error("a second run draws something else")
	}
	if code, _, _ := solkit("graph", "-format", "png", name); code != exitUsage {
		t.Errorf("-format png: exit status %d", code)
	}
}

// Solutions that the manifest needs are drawn as well, but not the base of the platform.
func TestGraphOfNeeds(t *testing.T) {
	need := func(from string) string {
		return `<MissingDependency><Required type="1" schemaName="a" displayName="A" solution="` + from + `" /><Dependent type="1" schemaName="b" /></MissingDependency>`
	}
	parts := bindable("Demo")
	parts[0].data = strings.Replace(parts[0].data, "</SolutionManifest>", "<MissingDependencies>"+need("Far (1.0)")+need("Active")+need("System")+"</MissingDependencies></SolutionManifest>", 1)
	text := fine(t, "graph", "-level", "solution", writeZip(t, parts...))
	wantText(t, text, "n0 --> n1", "n0 --> n2", "Far<br/>", "Components of no solution")
	if strings.Contains(text, "System") {
		t.Errorf("the platform is drawn:\n%s", text)
	}
}

func TestConnref(t *testing.T) {
	name := writeZip(t, bindable("Demo")...)
	out := filepath.Join(t.TempDir(), "out.zip")
	got := decode[editDocument](t, fine(t, "connref", "rename", "-json", "-n", name, "new_mail", "new_post"))
	if len(got.Edits) != 2 || got.Written {
		t.Errorf("-n: %+v", got)
	}
	fine(t, "connref", "rename", "-o", out, name, "new_mail", "new_post")
	wantText(t, fine(t, "connections", out), "new_post", "workflow aaaaaaaa")
	dir := filepath.Join(t.TempDir(), "tree")
	fine(t, "unpack", name, dir)
	wantText(t, fine(t, "connref", "adopt", dir, "new_mail"), "1 place changed")
	if text := fine(t, "connections", dir); strings.Contains(text, "raw:") {
		t.Errorf("still raw:\n%s", text)
	}
	fails(t, "connref", "merge", dir, "new_mail", "new_other")
	if code, _, _ := solkit("connref", "rename", name, "new_mail", "new_post"); code != exitUsage {
		t.Errorf("a zip without -o: exit status %d", code)
	}
}

func TestInventory(t *testing.T) {
	name := writeZip(t, bindable("Demo")...)
	md := fine(t, "inventory", name)
	wantText(t, md, "# Inventory of", "### Processes", "Send &lt;mail&gt;", "```mermaid")
	if md != fine(t, "inventory", "-markdown", name) {
		t.Error("-markdown gives something else")
	}
	wantText(t, fine(t, "inventory", "-html", name, name), "<!DOCTYPE html>", "Send &lt;mail&gt;", "<svg", `id="s2-processes"`)
	js := decode[inventory.Inventory](t, fine(t, "inventory", "-json", name))
	if len(js.Solutions) != 1 || js.Solutions[0].UniqueName != "Demo" || len(js.Solutions[0].Variables) != 1 || len(js.Dependencies) == 0 {
		t.Errorf("json: %+v", js)
	}
	for _, flags := range [][]string{{"-html", "-markdown"}, {"-json", "-html"}} {
		if code, _, _ := solkit(append(append([]string{"inventory"}, flags...), name)...); code != exitUsage {
			t.Errorf("%v: exit status %d", flags, code)
		}
	}
	if code, _, errors := solkit("inventory", "-html", name+"x"); code != exitFailed || errors == "" {
		t.Errorf("no such file: exit status %d, %s", code, errors)
	}
}
