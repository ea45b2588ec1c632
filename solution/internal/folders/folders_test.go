package folders

import (
	"testing"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

func TestFolders(t *testing.T) {
	for part, want := range map[string]bool{
		"bots/a/bot.xml": true, "Bots/a/bot.XML": true, "assets/links.xml": true,
		"solution.xml": false, "bots/a/data": false, "WebResources/a.xml": false, "Workflows/a.xml": false,
	} {
		if got := MayHold(part); got != want {
			t.Errorf("MayHold(%q) = %v", part, got)
		}
	}
	for _, tt := range []struct {
		part, root string
		want       bool
	}{{"bots/a/bot.xml", "bot", true}, {"bots/a/Bot.xml", "bot", true}, {"bots/a/other.xml", "bot", false}, {"AppModules/a/AppModule.xml", "AppModule", false}} {
		if got := isComponent(tt.part, tt.root); got != tt.want {
			t.Errorf("isComponent(%q, %q) = %v", tt.part, tt.root, got)
		}
	}
}

func TestRead(t *testing.T) {
	for _, tt := range []struct{ part, src, key, name string }{
		{"bots/A/bot.xml", `<bot schemaname="ct_A" name="other"/>`, "bot ct_a", "ct_A"},
		{"bots/ct_A/bot.xml", `<bot/>`, "bot ct_a", "ct_A"},
		{"customapis/ct_A/customapirequestparameters/B/customapirequestparameter.xml", `<customapirequestparameter uniquename="B"/>`, "customapirequestparameter ct_a.b", "B"},
		{"bots/A/other.xml", `<bot schemaname="ct_A"/>`, "", ""},
	} {
		doc, err := xmlspan.Parse([]byte(tt.src), 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := Read(tt.part, doc)
		if ok != (tt.key != "") || ok && (got.Key.String() != tt.key || got.Name != tt.name) {
			t.Errorf("%s: %v, %v", tt.part, got, ok)
		}
	}
}

func TestLink(t *testing.T) {
	doc, err := xmlspan.Parse([]byte(`<links><Bot_Flow a="x" b="y"/></links>`), 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if key, name := Link(doc, doc.Child(doc.Root(), "Bot_Flow")); key.String() != "bot_flow x y" || name != "x y" {
		t.Errorf("%v, %q", key, name)
	}
}
