package build_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/build"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/model"
)

var (
	formID  = build.ID("form of labels")
	viewID  = build.ID("view of labels")
	boardID = build.ID("board of labels")
	deskID  = build.ID("desk of labels")
)

// labelled is a solution that has labels of all kinds, in English.
func labelled(t *testing.T) solution.Parts {
	t.Helper()
	b := newBuilder(t)
	b.Table(build.Table{Name: "contoso_Order", NoViews: true, NoForm: true, Keys: []build.AlternateKey{{Name: "contoso_Key", Columns: []string{"contoso_Name"}}}, Columns: []build.Column{
		{Name: "contoso_Size", Type: build.Choices, Options: []build.Option{{Label: "Small"}, {Label: "Large", Description: "Not small"}}},
		{Name: "contoso_Buyer", Type: build.Lookup, Target: "account", Relation: "contoso_buyer"}}})
	b.Form("contoso_order", build.Form{Name: "Main", ID: formID, Tabs: []build.Tab{{Label: "First", Sections: []build.Section{{Label: "All", Columns: []string{"contoso_name", "contoso_size"}}}}, {Label: "Second"}}})
	b.View("contoso_order", build.View{Name: "Orders", ID: viewID, Columns: []string{"contoso_name"}})
	b.Table(build.Table{Name: "account", Shell: true})
	b.Choice(build.Choice{Name: "contoso_kind", Options: []build.Option{{Label: "One"}}})
	b.Dashboard(build.Form{Name: "Board", ID: boardID})
	b.Element("Dashboards", `<Dashboard>
      <LocalizedNames />
      <FormId>`+deskID.Braced()+`</FormId>
      <FormXml><forms type="dashboard"><form><tabs>
        <tab name="left" id="{00000000-0000-0000-0000-0000000000a1}"><columns><column><sections><section name="top" /></sections></column></columns></tab>
      </tabs></form></forms></FormXml>
    </Dashboard>`)
	b.Root(solution.NewRootComponent(solution.TypeSystemForm, "", deskID))
	b.Variable(build.Variable{Name: "contoso_Site", DisplayName: "Site"})
	b.WebResource(build.WebResource{Name: "contoso_/a.js", DisplayName: "Script", Data: []byte("// nothing")})
	b.Flow(build.Flow{Name: "Send", ID: build.ID("flow of labels"), Definition: []byte(`{"properties":{"definition":{"triggers":{}}}}`)})
	b.ConnectionReference(connref.Reference{LogicalName: "contoso_sql", DisplayName: "SQL", ConnectorID: "/providers/Microsoft.PowerApps/apis/shared_sql"})
	b.Element("AppModuleSiteMaps", `<AppModuleSiteMap>
      <SiteMapUniqueName>contoso_app</SiteMapUniqueName>
      <SiteMap>
        <Area Id="main"><Titles><Title LCID='1033' Title='Main'/></Titles>
          <Group Id="group"><SubArea Id="orders" Entity="contoso_order"><Privilege Entity="contoso_order" Privilege="Read" /></SubArea></Group>
        </Area>
        <Area Id="twice" /><Area Id="twice" />
      </SiteMap>
      <LocalizedNames>
        <LocalizedName description="App" languagecode="1033" />
      </LocalizedNames>
    </AppModuleSiteMap>`)
	b.Root(solution.NewRootComponent(solution.TypeSiteMap, "contoso_app", solution.GUID{}))
	parts, err := b.Parts()
	if err != nil {
		t.Fatal(err)
	}
	return parts
}

func name(t solution.ComponentType, parent, name string) solution.Key {
	return solution.NameKey(t, parent, name)
}

var labelTests = []struct {
	what  string // the name of the file in testdata/labels.txtar
	label build.Label
}{
	{"a language of a table", build.Label{Of: name(solution.TypeEntity, "", "contoso_order"), Language: 1036, Text: "Commande"}},
	{"another name of a table", build.Label{Of: name(solution.TypeEntity, "", "contoso_order"), Text: `An "order" & 'more'`}},
	{"many rows", build.Label{Of: name(solution.TypeEntity, "", "contoso_order"), Kind: build.CollectionName, Text: "All orders"}},
	{"a description of a column", build.Label{Of: name(solution.TypeAttribute, "contoso_order", "contoso_size"), Kind: build.Description, Language: 1031, Text: "Wie groß"}},
	{"a key", build.Label{Of: name(solution.TypeEntityKey, "contoso_order", "contoso_key"), Kind: build.Description, Text: "By name"}},
	{"an option of a column", build.Label{Of: name(solution.TypeAttribute, "contoso_order", "contoso_size"), In: build.OptionPart, Part: "100000001", Text: "Big"}},
	{"a status", build.Label{Of: name(solution.TypeAttribute, "contoso_order", "statuscode"), In: build.OptionPart, Part: "1", Language: 1036, Text: "Actif"}},
	{"a description of an option", build.Label{Of: name(solution.TypeOptionSet, "", "contoso_kind"), In: build.OptionPart, Part: "100000000", Kind: build.Description, Text: "The first"}},
	{"a choice", build.Label{Of: name(solution.TypeOptionSet, "", "contoso_kind"), Text: "Sort"}},
	{"a relationship", build.Label{Of: name(solution.TypeEntityRelationship, "", "contoso_buyer"), Kind: build.Description, Text: "Who buys"}},
	{"a view", build.Label{Of: solution.IDKey(solution.TypeSavedQuery, viewID), Text: "All"}},
	{"a description of a view", build.Label{Of: solution.IDKey(solution.TypeSavedQuery, viewID), Kind: build.Description, Text: "Of all"}},
	{"a form", build.Label{Of: solution.IDKey(solution.TypeSystemForm, formID), Language: 1036, Text: "Principal"}},
	{"a dashboard", build.Label{Of: solution.IDKey(solution.TypeSystemForm, boardID), Text: "Desk"}},
	{"an empty list", build.Label{Of: solution.IDKey(solution.TypeSystemForm, deskID), Text: "Desk"}},
	{"a tab by its name", build.Label{Of: solution.IDKey(solution.TypeSystemForm, deskID), In: build.TabPart, Part: "left", Text: "Left"}},
	{"a tab by its id", build.Label{Of: solution.IDKey(solution.TypeSystemForm, deskID), In: build.TabPart, Part: "00000000-0000-0000-0000-0000000000A1", Text: "Left side"}},
	{"a section without content", build.Label{Of: solution.IDKey(solution.TypeSystemForm, deskID), In: build.SectionPart, Part: "top", Text: "Top"}},
	{"a control", build.Label{Of: solution.IDKey(solution.TypeSystemForm, formID), In: build.ControlPart, Part: "contoso_Size", Text: "How big"}},
	{"an area", build.Label{Of: name(solution.TypeSiteMap, "", "contoso_app"), In: build.AreaPart, Part: "main", Text: "It's <main>"}},
	{"a group without titles", build.Label{Of: name(solution.TypeSiteMap, "", "contoso_app"), In: build.GroupPart, Part: "group", Language: 1036, Text: "Groupe"}},
	{"a description of a sub-area", build.Label{Of: name(solution.TypeSiteMap, "", "contoso_app"), In: build.SubAreaPart, Part: "orders", Kind: build.Description, Text: "Orders here"}},
	{"a site map", build.Label{Of: name(solution.TypeSiteMap, "", "contoso_app"), Text: "Orders app"}},
	{"a variable", build.Label{Of: name(solution.TypeEnvironmentVariableDefinition, "", "contoso_site"), Text: "The site"}},
	{"a new description of a variable", build.Label{Of: name(solution.TypeEnvironmentVariableDefinition, "", "contoso_site"), Kind: build.Description, Text: "Where"}},
	{"a language of a variable", build.Label{Of: name(solution.TypeEnvironmentVariableDefinition, "", "contoso_site"), Language: 1036, Text: "Le site"}},
	{"a web resource", build.Label{Of: name(solution.TypeWebResource, "", "contoso_/a.js"), Text: "Code & more"}},
	{"a description of a web resource", build.Label{Of: name(solution.TypeWebResource, "", "contoso_/a.js"), Kind: build.Description, Text: "Code"}},
	{"a connection reference", build.Label{Of: name(solution.TypeConnectionReference, "", "contoso_sql"), Text: "Database"}},
	{"a flow", build.Label{Of: solution.IDKey(solution.TypeWorkflow, build.ID("flow of labels")), Text: "Send it"}},
}

// TestLabels: a label changes what it says and nothing else, in a zip as in a tree.
func TestLabels(t *testing.T) {
	before := labelled(t)
	tree := sound(t, before)
	inTree, err := tree.Parts()
	if err != nil {
		t.Fatal(err)
	}
	given := map[string]string{}
	for _, tt := range labelTests {
		t.Run(tt.what, func(t *testing.T) {
			change := func(p solution.Parts) *solution.Change {
				b, err := build.On(p)
				if err != nil {
					t.Fatal(err)
				}
				b.Label(tt.label)
				c, err := b.Change()
				if err != nil {
					t.Fatal(err)
				}
				for part := range c.Parts() {
					if part.Op != solution.SplicePart {
						t.Errorf("%s is written anew", part.Name)
					}
				}
				return c
			}
			after, err := change(before).Apply(before)
			if err != nil {
				t.Fatal(err)
			}
			edited, err := tree.With(change(inTree))
			if err != nil {
				t.Fatal(err)
			}
			editedParts, err := edited.Parts()
			if err != nil {
				t.Fatal(err)
			}
			sound(t, editedParts)
			got := told(t, before, after)
			if d := cmp.Diff(got, told(t, inTree, editedParts)); d != "" {
				t.Errorf("in the tree other than in the zip (-zip +tree):\n%s", d)
			}
			given[tt.what] = got
		})
	}
	golden.Read(t, "testdata/labels.txtar").Hold(t, func(string) bool { return true }, given)
}

// told returns the changes of a comparison, with the new texts.
func told(t *testing.T, before, after solution.Parts) string {
	t.Helper()
	c, err := diff.Compare(before, after, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for x := range c.Changes() {
		fmt.Fprintf(&out, "%v\n", x.Key)
		for _, p := range x.Properties {
			fmt.Fprintf(&out, "%v %s = %s\n", p.Op, p.Path, strings.Join(strings.Fields(p.New), " "))
		}
	}
	return out.String()
}

// TestLabelErrors: what is not there, and what has no such text, is told.
func TestLabelErrors(t *testing.T) {
	form := solution.IDKey(solution.TypeSystemForm, formID)
	table := name(solution.TypeEntity, "", "contoso_order")
	tests := []struct {
		labels  []build.Label
		want    string
		missing bool
	}{
		{[]build.Label{{Of: name(solution.TypeEntity, "", "contoso_lost"), Text: "x"}}, `build label "entity contoso_lost": the solution has no such component`, true},
		{[]build.Label{{Of: name(solution.TypeEntity, "", "account"), Text: "x"}}, `build label "entity account": the solution has no EntityInfo/entity of it, as it is there in part: add its settings first`, true},
		{[]build.Label{{Of: name(solution.TypeOptionSet, "", "contoso_kind"), In: build.OptionPart, Part: "7", Text: "x"}}, `build label "optionset contoso_kind option 7": the component has no such part`, true},
		{[]build.Label{{Of: form, In: build.TabPart, Part: "lost", Text: "x"}}, `build label "systemform ` + formID.Braced() + ` tab lost": the component has no such part`, true},
		{[]build.Label{{Of: form, In: build.SectionPart, Part: "", Text: "x"}}, `build label "systemform ` + formID.Braced() + ` section ": the component has no such part`, true},
		{[]build.Label{{Of: form, In: "page", Part: "a", Text: "x"}}, `build label "systemform ` + formID.Braced() + ` page a": "page" is no part that has labels`, false},
		{[]build.Label{{Of: form, In: build.TabPart, Part: "a", Kind: build.Description, Text: "x"}}, `build label "systemform ` + formID.Braced() + ` tab a": a part of that kind has no description`, false},
		{[]build.Label{{Of: table, In: build.TabPart, Part: "a", Text: "x"}}, `build label "entity contoso_order tab a": components of type entity have no tabs of their own: give the component that is nested in it`, false},
		{[]build.Label{{Of: form, Kind: build.CollectionName, Text: "x"}}, `build label "systemform ` + formID.Braced() + `": components of type systemform have no name of many rows that can be set`, false},
		{[]build.Label{{Of: table, Text: ""}}, `build label "entity contoso_order": its display name is empty`, false},
		{[]build.Label{{Of: table, Language: -1, Text: "x"}}, `build label "entity contoso_order": -1 is no language: use its LCID, such as 1036`, false},
		{[]build.Label{{Of: table, Text: "a\x01"}}, `build label "entity contoso_order": the text "a\x01" has a character that XML cannot hold`, false},
		{[]build.Label{{Of: table, Text: "a"}, {Of: table, Language: 1036, Text: "b"}, {Of: table, Language: 1033, Text: "c"}}, `build label "entity contoso_order": its display name in 1033 is given twice`, false},
		{[]build.Label{{Of: name(solution.TypeWebResource, "", "contoso_/a.js"), Language: 1036, Text: "x"}}, `build label "webresource contoso_/a.js": it has one text for all languages: give it in the base language, 1033`, false},
		{[]build.Label{{Of: name(solution.TypeWebResource, "", "contoso_/a.js"), Text: "x"}, {Of: name(solution.TypeWebResource, "", "contoso_/a.js"), Text: "y"}}, `build label "webresource contoso_/a.js": its display name is given twice`, false},
		{[]build.Label{{Of: name(solution.TypeEnvironmentVariableDefinition, "", "contoso_site"), Kind: build.Description, Language: 1036, Text: "x"}}, `build label "environmentvariabledefinition contoso_site": it has no description in the base language, 1033: give that by itself before`, false},
		{[]build.Label{{Of: name(solution.TypeSiteMap, "", "contoso_app"), In: build.AreaPart, Part: "twice", Text: "x"}}, `build label "sitemap contoso_app area twice": 2 parts are called that, at `, false},
	}
	parts := labelled(t)
	for _, tt := range tests {
		b, err := build.On(parts)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range tt.labels {
			b.Label(l)
		}
		_, err = b.Change()
		var e *build.Error
		if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), tt.want) || errors.Is(err, fs.ErrNotExist) != tt.missing {
			t.Errorf("got %v\nwant %s", err, tt.want)
		}
	}
}

// TestManyLabels: labels of one list, of lists that come to one element, and a new option beside one that changes, come together.
func TestManyLabels(t *testing.T) {
	parts := labelled(t)
	b, err := build.On(parts)
	if err != nil {
		t.Fatal(err)
	}
	siteMap, kind := name(solution.TypeSiteMap, "", "contoso_app"), name(solution.TypeOptionSet, "", "contoso_kind")
	for _, l := range []build.Label{
		{Of: siteMap, In: build.SubAreaPart, Part: "orders", Kind: build.Description, Language: 1031, Text: "Alles"},
		{Of: siteMap, In: build.SubAreaPart, Part: "orders", Language: 1033, Text: "Orders"},
		{Of: siteMap, In: build.SubAreaPart, Part: "orders", Language: 1031, Text: "Aufträge"},
		{Of: siteMap, In: build.GroupPart, Part: "group", Text: "Group"},
		{Of: kind, Text: "Sort"}, {Of: kind, Language: 1031, Text: "Art"},
		{Of: kind, In: build.OptionPart, Part: "100000000", Language: 1031, Text: "Eins"},
	} {
		b.Label(l)
	}
	b.Option("contoso_kind", build.Option{Label: "Two"})
	after, err := b.Parts()
	if err != nil {
		t.Fatal(err)
	}
	sound(t, after)
	src, err := after.ReadPart(solution.CustomizationsFile)
	if err != nil {
		t.Fatal(err)
	}
	flat := strings.Join(strings.Fields(string(src)), " ")
	for _, want := range []string{
		`<SubArea Id="orders" Entity="contoso_order"><Titles> <Title Title="Orders" LCID="1033" /> <Title Title="Aufträge" LCID="1031" /> </Titles> <Descriptions> <Description Description="Alles" LCID="1031" /> </Descriptions> <Privilege`,
		`<Group Id="group"><Titles> <Title Title="Group" LCID="1033" /> </Titles> <SubArea`,
		`<displayname description="Sort" languagecode="1033" /> <displayname description="Art" languagecode="1031" />`,
		`<label description="One" languagecode="1033" /> <label description="Eins" languagecode="1031" />`,
		`<label description="Two" languagecode="1033" />`,
	} {
		if !strings.Contains(flat, want) {
			t.Errorf("there is no %s in\n%s", want, src)
		}
	}
}

// TestCorpusLabels gives components of real solutions a name and a description in a language that none of them has, and one part of
// each form and site map. Each is there once afterwards, and all else is as it was.
func TestCorpusLabels(t *testing.T) {
	step := 20 // each label reads the solution anew
	if testing.Short() {
		step = 28
	}
	given := map[string]int{}
	solutions := corpus.Solutions(t)
	for i := 0; i < len(solutions); i += step {
		src := solutions[i].Zip(t)
		pkg, err := packager.Open(bytes.NewReader(src), int64(len(src)), nil)
		if err != nil {
			continue
		}
		m, err := model.Read(pkg)
		if err != nil {
			continue
		}
		b, err := build.On(pkg)
		if err != nil {
			continue
		}
		perType, labels := map[solution.ComponentType]int{}, 0
		for x := range m.Components() {
			kind := x.Key().Type()
			if perType[kind]++; perType[kind] > 3 {
				continue
			}
			for _, l := range []build.Label{{Of: x.Key()}, {Of: x.Key(), Kind: build.Description}, {Of: x.Key(), Kind: build.CollectionName}, {Of: x.Key(), In: build.TabPart, Part: first(x.Element(), "tab", "id")},
				{Of: x.Key(), In: build.AreaPart, Part: first(x.Element(), "Area", "Id")}, {Of: x.Key(), In: build.OptionPart, Part: first(x.Element(), "option", "value")}} {
				l.Language, l.Text = 4242, "A label & nothing else"
				alone, err := build.On(pkg)
				if err != nil {
					t.Fatal(err)
				}
				if alone.Label(l); alone.Err() != nil {
					continue // it has none
				}
				b.Label(l)
				given[string(kind)+" "+string(l.In)+" "+l.Kind.String()]++
				labels++
			}
		}
		parts, err := b.Parts()
		if err != nil {
			t.Errorf("%s: %v", solutions[i].Name, err)
			continue
		}
		count := 0
		for _, name := range parts.Names() {
			if strings.HasSuffix(name, ".xml") {
				src, err := parts.ReadPart(name)
				if err != nil {
					t.Fatal(err)
				}
				count += bytes.Count(src, []byte("A label &amp; nothing else"))
			}
		}
		if count != labels {
			t.Errorf("%s: %d labels, want %d", solutions[i].Name, count, labels)
		}
		if _, err := model.Read(parts); err != nil {
			t.Errorf("%s: %v", solutions[i].Name, err)
		}
	}
	for _, want := range []string{"entity  display name", "attribute  description", "systemform tab display name", "sitemap area display name", "optionset option display name"} {
		if given[want] == 0 {
			t.Errorf("no %s was given", want)
		}
	}
	t.Logf("%v", given)
}

// first returns an attribute of the first element of that name below one.
func first(e model.Element, tag, attr string) string {
	for child := range e.Children() {
		if child.Tag() == tag {
			return child.Attr(attr)
		}
		if found := first(child, tag, attr); found != "" {
			return found
		}
	}
	return ""
}
