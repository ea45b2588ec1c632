package solutiontest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

func buildBot(b *builder, l *line) error {
	name := l.word(0)
	if err := b.claim(l, nameKey(solution.TypeBot, name)); err != nil {
		return err
	}
	e := &element{out: []byte(header)}
	e.open("bot", "schemaname", name)
	e.text("iscustomizable", "0")
	e.text("language", language)
	e.text("name", l.text("name", name))
	e.close("bot")
	return b.file(l, "bots/"+name+"/bot.xml", e.out)
}

// buildBotComponent writes a topic: what it refers to stands in its YAML.
func buildBotComponent(b *builder, l *line) error {
	name := l.word(0)
	if err := b.claim(l, nameKey(solution.TypeBotComponent, name)); err != nil {
		return err
	}
	e := &element{out: []byte(header)}
	e.open("botcomponent", "schemaname", name)
	e.text("componenttype", "9")
	e.text("iscustomizable", "0")
	e.text("name", l.text("name", name))
	e.open("parentbotid")
	e.text("schemaname", l.text("bot", ""))
	e.close("parentbotid")
	e.close("botcomponent")
	if err := b.file(l, "botcomponents/"+name+"/botcomponent.xml", e.out); err != nil {
		return err
	}
	y := []byte("kind: AdaptiveDialog\nbeginDialog:\n  kind: OnRecognizedIntent\n  id: main\n  actions:\n")
	action := func(kind, key, value string) {
		y = append(y, "    - kind: "+kind+"\n      "+key+": "+value+"\n"...)
	}
	for _, link := range l.list("refs") {
		action("InvokeConnectorAction", "connectionReference", link)
	}
	for _, call := range l.list("calls") {
		reference, operation, _ := strings.Cut(call, ":")
		action("InvokeConnectorAction", "connectionReference", reference)
		y = append(y, "      operationId: "+operation+"\n"...)
	}
	for _, flow := range l.list("flow") {
		action("InvokeFlowAction", "flowId", guidOf(flow).String())
	}
	for _, variable := range l.list("variables") {
		action("SendActivity", "activity", `"{Env.`+variable+`}"`)
	}
	for _, dialog := range l.list("dialog") {
		action("BeginDialog", "dialog", dialog)
	}
	return b.file(l, "botcomponents/"+name+"/data", y)
}

// nameAttributes are the attributes that name components that are folders; other kinds have uniquename.
var nameAttributes = map[string]string{"maskingrule": "name", "aiplugin": "name", "fxexpression": "name",
	"msdyn_knowledgemanagementsetting": "name"}

// folderOwner returns the kind in whose folders those of another stand, by the catalogue's pattern
// "customapis/<api>/customapirequestparameters/<name>/"; "" if they stand on their own.
func folderOwner(info solution.TypeInfo) string {
	segments := strings.Split(info.Folder, "/")
	if info.Key != solution.KeyScoped || len(segments) < 4 || segments[2] != string(info.Type)+"s" {
		return ""
	}
	return strings.TrimSuffix(segments[0], "s")
}

// isTakenFolder reports whether the files of a folder are those of other kinds, or of parts of tables, which are read in
// another way.
func isTakenFolder(folder string) bool {
	for info := range solution.ComponentTypes() {
		if top, _, _ := strings.Cut(info.Folder, "/"); strings.EqualFold(top, folder) {
			return true
		}
	}
	return folder == "formulas"
}

// ownLines are kinds that have a statement of their own.
var ownLines = []string{"bot", "botcomponent", "environmentvariabledefinition", "environmentvariablevalue", "connectionreference"}

func buildComponent(b *builder, l *line) error {
	kind, name := l.word(0), l.word(1)
	info, known := solution.ComponentType(kind).Info()
	if known && info.Section != "" || slices.Contains(ownLines, kind) || !known && isTakenFolder(kind+"s") {
		return fmt.Errorf("%s is no component that is a folder: write a line of its own kind", kind)
	}
	folder, owner := kind+"s/"+name, ""
	if in := folderOwner(info); in != "" {
		var ok bool
		if owner, name, ok = strings.Cut(name, "."); !ok || owner == "" || name == "" {
			return fmt.Errorf("%s %s: write OWNER.NAME, where OWNER is its %s", kind, l.word(1), in)
		}
		folder = in + "s/" + owner + "/" + kind + "s/" + name
	}
	if err := b.claim(l, solution.NewKey(solution.ComponentType(kind), owner, name, solution.GUID{})); err != nil {
		return err
	}
	e := &element{out: []byte(header)}
	e.open(kind, orElse(nameAttributes[kind], "uniquename"), name)
	title := l.text("name", name)
	e.open("displayname", "default", title)
	e.empty("label", "description", title, "languagecode", language)
	e.close("displayname")
	if plugin, ok := l.attr("plugintype"); ok {
		e.open("plugintypeid")
		e.text("plugintypeexportkey", guidOf(plugin).String())
		e.close("plugintypeid")
	}
	e.text("iscustomizable", "1")
	e.close(kind)
	return b.file(l, folder+"/"+kind+".xml", e.out)
}
