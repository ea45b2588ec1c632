package model

import (
	"iter"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A Bot is an agent.
type Bot struct{ Component }

func botOf(c Component) Bot { return Bot{c} }

// Bots returns the agents by the names of their folders.
func (m *Model) Bots() iter.Seq[Bot] { return views(m, solution.TypeBot, botOf) }

// Bot returns the agent of that schema name.
func (m *Model) Bot(name string) (Bot, bool) {
	return lookup(m, solution.NameKey(solution.TypeBot, "", name), botOf)
}

// SchemaName returns the schema name.
func (b Bot) SchemaName() string { return b.Element().Attr("schemaname") }

// Title returns what makers call the agent.
func (b Bot) Title() string { return b.Element().text("name") }

// Language returns the language that the agent was made in, and whether it is given.
func (b Bot) Language() (int, bool) { return b.Element().number("language") }

// AuthenticationMode returns how users say who they are, and whether that is given: 1 not at all, 2 as Microsoft services know
// them, 3 and 4 by a provider that the maker chose.
func (b Bot) AuthenticationMode() (int, bool) { return b.Element().number("authenticationmode") }

// Template returns what the agent was made of.
func (b Bot) Template() string { return b.Element().text("template") }

// Icon returns the icon, as written: base 64.
func (b Bot) Icon() string { return b.Element().text("iconbase64") }

// Configuration reads the part that holds the settings of the agent; none if the solution has none.
//
// The error is that of reading the part, or a [*solution.SyntaxError].
func (b Bot) Configuration() (Value, error) {
	return b.fileJSON("configuration.json")
}

// Components returns the topics and other components that say that they are of the agent, in the order of Components.
func (b Bot) Components() iter.Seq[BotComponent] {
	return func(yield func(BotComponent) bool) {
		for _, i := range b.m.byBot()[solution.Fold(b.SchemaName())] {
			if !yield(BotComponent{Component{b.m, i}}) {
				return
			}
		}
	}
}

// findByBot lists the components of agents by the folded schema name of the agent.
func (m *Model) findByBot() map[string][]int {
	of := map[string][]int{}
	for c := range m.OfType(solution.TypeBotComponent) {
		if bot := solution.Fold(BotComponent{c}.Bot()); bot != "" {
			of[bot] = append(of[bot], c.i)
		}
	}
	return of
}

var botMembers = members("name", "description", "language", "authenticationmode", "template", "iconbase64")

// Settings returns what has no method of its own, such as synchronizationstatus: names and texts as written.
func (b Bot) Settings() iter.Seq2[string, string] { return settings(b.Element(), botMembers) }

// A BotComponent is a piece of an agent: a topic, an entity, a tool, a source of knowledge.
type BotComponent struct{ Component }

func botComponentOf(c Component) BotComponent { return BotComponent{c} }

// BotComponents returns the components of all agents by the names of their folders.
func (m *Model) BotComponents() iter.Seq[BotComponent] {
	return views(m, solution.TypeBotComponent, botComponentOf)
}

// SchemaName returns the schema name.
func (b BotComponent) SchemaName() string { return b.Element().Attr("schemaname") }

// Title returns what makers call the component.
func (b BotComponent) Title() string { return b.Element().text("name") }

// ComponentType returns what the component is, and whether that is given: 0 a topic of the older form, 3 an entity of that, 9 a topic or tool,
// 14 a file, 15 the agent itself, 16 a source of knowledge.
func (b BotComponent) ComponentType() (int, bool) { return b.Element().number("componenttype") }

// Bot returns the schema name of the agent, empty if the component is of a collection or is joined to agents by links alone.
func (b BotComponent) Bot() string {
	return b.Element().Child("parentbotid").text("schemaname")
}

// ParentComponent returns the schema name of the component that this one is in, empty if it is in none.
func (b BotComponent) ParentComponent() string {
	return b.Element().Child("parentbotcomponentid").text("schemaname")
}

// Collection returns the schema name of the collection that the component is of, empty if it is of none.
func (b BotComponent) Collection() string {
	return b.Element().Child("parentbotcomponentcollectionid").text("schemaname")
}

// State returns the state, the reason of the state, and whether they are given: a component that is on has 0 and 1.
func (b BotComponent) State() (state, status int, ok bool) { return b.Element().state() }

// File returns the name of a file that the component is, and its media type; empty if it is none.
func (b BotComponent) File() (name, mediaType string) {
	e := b.Element().Child("filedata")
	return strings.TrimSpace(e.Text()), e.Attr("mimetype")
}

// DataFile returns the name of the part that says what the component does: YAML of newer ones, JSON of the older form; empty if the
// solution has none.
func (b BotComponent) DataFile() string {
	for _, name := range []string{"data", "content.json"} {
		if part := b.m.files().byFold[b.entry().dir+"/"+name]; part != "" {
			return part
		}
	}
	return ""
}

// Kind returns the kind in the part with data, such as "AdaptiveDialog", and that of what begins it, such as "OnRecognizedIntent" of a topic
// that users start by what they say. Both are empty where there is no such part in YAML.
//
// The error is that of reading the part.
func (b BotComponent) Kind() (kind, trigger string, err error) {
	part := b.DataFile()
	if part == "" || strings.HasSuffix(part, ".json") {
		return "", "", nil
	}
	src, err := b.m.parts.ReadPart(part)
	if err != nil {
		return "", "", err
	}
	kind, trigger = topicKind(string(src))
	return kind, trigger, nil
}

// topicKind reads the two kinds by lines, as they stand at the first two levels of YAML that the platform writes.
func topicKind(src string) (kind, trigger string) {
	begins, indent := false, -1
	for line := range strings.Lines(strings.TrimPrefix(src, "\ufeff")) {
		text := strings.TrimLeft(line, " ")
		depth := len(line) - len(text)
		name, value, ok := strings.Cut(strings.TrimSpace(text), ":")
		switch value = strings.TrimSpace(value); {
		case !ok || strings.HasPrefix(name, "#"):
		case depth == 0:
			begins, indent = name == "beginDialog", -1
			if name == "kind" && kind == "" {
				kind = value
			}
		case begins:
			if indent < 0 {
				indent = depth
			}
			if depth == indent && name == "kind" && trigger == "" {
				trigger = value
			}
		}
	}
	return kind, trigger
}

var botComponentMembers = members("name", "description", "componenttype", "parentbotid", "parentbotcomponentid",
	"parentbotcomponentcollectionid", "statecode", "statuscode", "filedata")

// Settings returns what has no method of its own, such as language: names and texts as written.
func (b BotComponent) Settings() iter.Seq2[string, string] {
	return settings(b.Element(), botComponentMembers)
}

// A BotComponentCollection is a set of components that agents share.
type BotComponentCollection struct{ Component }

func botComponentCollectionOf(c Component) BotComponentCollection { return BotComponentCollection{c} }

// SchemaName returns the schema name.
func (b BotComponentCollection) SchemaName() string { return b.Element().Attr("schemaname") }

// Title returns what makers call the collection.
func (b BotComponentCollection) Title() string { return b.Element().text("name") }

// State returns the state, the reason of the state, and whether they are given.
func (b BotComponentCollection) State() (state, status int, ok bool) { return b.Element().state() }

// A Link joins two components: an agent and a topic, a topic and a flow that it calls.
type Link struct{ Component }

func linkOf(c Component) Link { return Link{c} }

// Ends returns what is joined, in the order of the file: which column it is, such as "botcomponentid.schemaname", and the name or GUID there.
func (l Link) Ends() iter.Seq2[string, string] { return l.Element().Attrs() }

// fileJSON reads a JSON file in the folder of the component; none if there is no such file.
func (c Component) fileJSON(name string) (Value, error) {
	part := c.m.files().byFold[c.entry().dir+"/"+name]
	if part == "" || c.entry().dir == "" {
		return Value{}, nil
	}
	return c.m.JSON(part)
}
