package solutiontest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

func buildAssembly(b *builder, l *line) error {
	full := l.word(0)
	id := b.id(l, "id", "pluginassembly", full)
	if err := b.claim(l, nameKey(solution.TypePluginAssembly, full)); err != nil {
		return err
	}
	if err := b.claim(l, solution.Key{Type: solution.TypePluginAssembly, ID: id}); err != nil {
		return err
	}
	short, _, _ := strings.Cut(full, ",")
	if err := checkForm("NAME", short); err != nil {
		return fmt.Errorf("name of the assembly: %w", err)
	}
	file := "PluginAssemblies/" + letters(short) + "-" + strings.ToUpper(id.String()) + "/" + short + ".dll"
	e := b.section("SolutionPluginAssemblies")
	e.open("PluginAssembly", "FullName", full, "PluginAssemblyId", id.String(), "CustomizationLevel", "1")
	e.text("IsolationMode", "2")
	e.text("SourceType", "0")
	e.text("IntroducedVersion", "1.0.0.0")
	e.text("FileName", "/"+file)
	e.open("PluginTypes")
	for _, name := range l.list("types") {
		k := solution.NewKey(solution.TypePluginType, "", name, solution.GUID{})
		if err := b.claim(l, k); err != nil {
			return err
		}
		e.open("PluginType", "AssemblyQualifiedName", name+", "+full, "PluginTypeId", derivedID("plugintype", name).String(), "Name", name)
		e.text("FriendlyName", name)
		e.close("PluginType")
	}
	e.close("PluginTypes")
	e.close("PluginAssembly")
	if err := b.root(l, solution.NewRootComponent(solution.TypePluginAssembly, full, id)); err != nil {
		return err
	}
	return b.part(l, file, []byte("MZ"))
}

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
	return b.part(l, "bots/"+name+"/bot.xml", e.out)
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
	if err := b.part(l, "botcomponents/"+name+"/botcomponent.xml", e.out); err != nil {
		return err
	}
	y := []byte("kind: AdaptiveDialog\nbeginDialog:\n  kind: OnRecognizedIntent\n  id: main\n  actions:\n")
	action := func(kind, key, value string) {
		y = append(y, "    - kind: "+kind+"\n      "+key+": "+value+"\n"...)
	}
	for _, link := range l.list("refs") {
		action("InvokeConnectorAction", "connectionReference", link)
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
	return b.part(l, "botcomponents/"+name+"/data", y)
}

// nameAttributes are the attributes that name components that are folders; other kinds have uniquename.
var nameAttributes = map[string]string{"maskingrule": "name", "aiplugin": "name", "fxexpression": "name",
	"msdyn_knowledgemanagementsetting": "name"}

// folderOwners are the kinds in whose folders other kinds stand.
var folderOwners = map[string]string{"customapirequestparameter": "customapi", "customapiresponseproperty": "customapi"}

// takenFolders are folders whose files are read in another way.
var takenFolders = []string{"assets", "canvasapps", "connectors", "controls", "entities", "formulas", "pluginassemblies", "reports", "webresources", "workflows"}

// ownLines are kinds that have a statement of their own.
var ownLines = []string{"bot", "botcomponent", "environmentvariabledefinition", "environmentvariablevalue", "connectionreference"}

func buildComponent(b *builder, l *line) error {
	kind, name := l.word(0), l.word(1)
	info, known := solution.ComponentType(kind).Info()
	if known && info.Section != "" || slices.Contains(ownLines, kind) || slices.Contains(takenFolders, kind+"s") {
		return fmt.Errorf("%s is no component that is a folder: write a line of its own kind", kind)
	}
	folder, owner := kind+"s/"+name, ""
	if in, ok := folderOwners[kind]; ok {
		if owner, name, ok = strings.Cut(name, "."); !ok || name == "" {
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
	return b.part(l, folder+"/"+kind+".xml", e.out)
}

// maxDepth leaves room for the elements around one, so that what is read here is read in its section.
const maxDepth = 256

// buildXML adds an element to a section of customizations.xml.
func buildXML(b *builder, l *line) error {
	name, src := l.word(0), strings.TrimSpace(l.word(1))
	if !slices.Contains(alwaysSections, name) && !slices.Contains(moreSections, name) {
		return fmt.Errorf("%q is no section of customizations.xml that is written: write one of %s, %s", name,
			strings.Join(alwaysSections, ", "), strings.Join(moreSections, ", "))
	}
	if name == "Entities" {
		return errors.New("tables have lines of their own: write entity TABLE")
	}
	doc, err := xmlspan.Parse([]byte(src), 1, &xmlspan.Limits{Depth: maxDepth})
	if err != nil {
		return fmt.Errorf("text of xml: %w", err)
	}
	if root := doc.Nodes[doc.Root()]; int(root.Start) != 0 || int(root.End) != len(src) {
		return errors.New("text of xml is more than one element: write a line for each")
	}
	s := b.section(name)
	if len(s.out) > 0 {
		s.out = append(s.out, '\n')
	}
	s.out = append(append(s.out, "    "...), src...)
	return nil
}

// buildFile adds any part, also in place of one that other lines make. A zip has no folder Other: that one
// makes it a tree.
func buildFile(b *builder, l *line) error {
	name := l.word(0)
	folder, _, nested := strings.Cut(name, "/")
	switch {
	case strings.EqualFold(folder, "Other"):
		return fmt.Errorf("part %s: only trees have the folder Other", name)
	case nested && slices.ContainsFunc(firstParts[:], func(p string) bool { return strings.EqualFold(p, folder) }):
		return fmt.Errorf("part %s: %s is not a folder", name, folder)
	}
	return b.part(l, name, []byte(l.word(1)))
}

func buildWithout(b *builder, l *line) error {
	b.left = append(b.left, l)
	return nil
}
