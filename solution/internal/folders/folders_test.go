package folders

import "testing"

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
		if got := IsComponent(tt.part, tt.root); got != tt.want {
			t.Errorf("IsComponent(%q, %q) = %v", tt.part, tt.root, got)
		}
	}
}
