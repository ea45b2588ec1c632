package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInfo(t *testing.T) {
	name := tinyZip(t, `<Entities><Entity><Name>cts_a</Name><EntityInfo><entity Name="cts_a"><attributes>`+
		`<attribute PhysicalName="cts_x"><LogicalName>cts_x</LogicalName></attribute></attributes></entity></EntityInfo></Entity></Entities>`+
		`<Connectors><Connector><name>cts_5Fz</name></Connector><Connector><name>cts_5Fa</name></Connector></Connectors>`+
		`<connectionreferences><connectionreference connectionreferencelogicalname="cts_ref" /></connectionreferences>`+
		`<OrganizationSettings><setting /></OrganizationSettings>`+
		`<Things><Thing><Name>one</Name></Thing><Thing><Name>two</Name></Thing></Things>`+
		`<Languages><Language>1033</Language><Language>1031</Language></Languages>`,
		testEntry{"environmentvariabledefinitions/cts_B/environmentvariabledefinition.xml", "<a/>"},
		testEntry{"environmentvariabledefinitions/cts_B/environmentvariablevalues.json", "{}"},
		testEntry{"environmentvariabledefinitions/cts_A/environmentvariabledefinition.xml", "<a/>"},
		testEntry{"bots/cts_helper/bot.xml", "<a/>"},
		testEntry{"bots/cts_helper/configuration.json", "{}"},
		testEntry{"botcomponents/cts_helper.topic.A/botcomponent.xml", "<a/>"},
		testEntry{"botcomponents/cts_helper.topic.B/botcomponent.xml", "<a/>"},
		testEntry{"customapis/cts_Do/customapi.xml", "<a/>"},
		testEntry{"customapis/cts_Do/customapirequestparameters/In/customapirequestparameter.xml", "<a/>"},
		testEntry{"widgetentities/w/widgetentity.xml", "<a/>"},
		testEntry{"gadgets/g/readme.json", "{}"},
		testEntry{"gadgets/gadget.xml", "<a/>"},
	)
	want := infoDocument{
		UniqueName: "Tiny", Version: "1.2", Kind: "managed", Publisher: publisherDocument{"contoso", "cts"},
		holdings: holdings{
			Components: map[string]int{"entity": 1, "connector": 2, "connectionreference": 1, "thing": 2, "environmentvariabledefinition": 2,
				"bot": 1, "botcomponent": 2, "customapi": 1, "widgetentity": 1},
			Connectors:           []string{"cts_5Fa", "cts_5Fz"},
			ConnectionReferences: []string{"cts_ref"},
			EnvironmentVariables: []string{"cts_A", "cts_B"},
		},
		MissingDependencies: 1, Languages: []int{1031, 1033},
	}
	compare := cmp.AllowUnexported(infoDocument{}, outcome{})
	out := fine(t, "info", "-json", name)
	if diff := cmp.Diff(want, decode[infoDocument](t, out), compare); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	text := fine(t, "info", name)
	wantText(t, text, "Tiny", "1.2", "managed", "contoso, prefix cts", "2 botcomponent\n", "cts_ref")

	dir := filepath.Join(t.TempDir(), "src")
	solkit("unpack", name, dir) // whatever it finds
	if got := fine(t, "info", "-json", dir); got != out {
		t.Errorf("the tree gives (-zip +tree)\n%s", cmp.Diff(out, got))
	}
	if got := fine(t, "info", dir); got != text {
		t.Errorf("the tree gives (-zip +tree)\n%s", cmp.Diff(text, got))
	}
}

// Lists are never null.
func TestInfoEmpty(t *testing.T) {
	out := fine(t, "info", "-json", tinyZip(t, ""))
	if diff := cmp.Diff(set("uniqueName", "version", "kind", "publisher", "components", "connectors", "connectionReferences",
		"environmentVariables", "missingDependencies", "languages"), members(t, out)); diff != "" {
		t.Errorf("members (-want +got)\n%s", diff)
	}
	if strings.Contains(out, "null") {
		t.Error(out)
	}
}

func TestIsPlural(t *testing.T) {
	for _, tt := range []struct {
		plural, word string
		want         bool
	}{
		{"bots", "bot", true}, {"dvtablesearchentities", "dvtablesearchentity", true}, {"bot", "bot", false}, {"s", "", false},
		{"ies", "y", true}, {"bots", "configuration", false},
	} {
		if got := isPlural(tt.plural, tt.word); got != tt.want {
			t.Errorf("isPlural(%q, %q) = %v", tt.plural, tt.word, got)
		}
	}
}

func TestDigest(t *testing.T) {
	zip := sampleZip(t)
	out := fine(t, "digest", "-json", zip)
	want := map[string]string{"command": "digest", "solution": "ContosoStock", "version": "1.0.0.0", "kind": "unmanaged",
		"digest": strings.TrimSpace(fine(t, "digest", "sample"))}
	if diff := cmp.Diff(want, decode[map[string]string](t, out)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	src := sampleTree(t)
	putFiles(t, src, map[string]string{"Connectors/cts_5Fstock_connectionparameters.json": "{}"})
	if got := fine(t, "digest", src); strings.TrimSpace(got) == want["digest"] {
		t.Error("another content has the same digest")
	}
	if err := os.Remove(filepath.Join(src, sampleFlow)); err != nil {
		t.Fatal(err)
	}
	stdout, _ := fails(t, "digest", "-json", src)
	if doc := decode[report](t, stdout); doc.Error == "" || doc.Digest != "" || len(doc.Diagnostics) != 1 {
		t.Errorf("got %s", stdout)
	}
}

// Of a tree of both kinds it says which package it is of, and describes the one that is asked for.
func TestInfoOfBothKinds(t *testing.T) {
	zip := filepath.Join(samplePair(t), "stock.zip")
	dir := filepath.Join(t.TempDir(), "both")
	fine(t, "unpack", "-both", zip, dir)
	for kind, flags := range map[string][]string{"unmanaged": nil, "managed": {"-kind", "managed"}} {
		wantText(t, fine(t, slices.Concat([]string{"info"}, flags, []string{dir})...), "both; what follows is of the "+kind+" package")
		doc := decode[infoDocument](t, fine(t, slices.Concat([]string{"info", "-json"}, flags, []string{dir})...))
		if doc.Kind != "both" || doc.Package != kind {
			t.Errorf("kind %s, package %s, want both and %s", doc.Kind, doc.Package, kind)
		}
	}
	if doc := decode[infoDocument](t, fine(t, "info", "-json", "-kind", "unmanaged", zip)); doc.Kind != "unmanaged" || doc.Package != "" {
		t.Errorf("kind %s, package %q", doc.Kind, doc.Package)
	}
	_, stderr := fails(t, "info", "-kind", "managed", zip)
	wantText(t, stderr, "it is unmanaged")
	if code, _, stderr := solkit("info", "-kind", "both", dir); code != exitUsage || !strings.Contains(stderr, "use unmanaged or managed") {
		t.Errorf("exit status %d, %s", code, stderr)
	}
}
