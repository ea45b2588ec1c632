package build_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/build"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/model"
)

var contoso = build.Solution{Name: "Orders", Publisher: solution.Publisher{UniqueName: "contoso", Prefix: "contoso", OptionValuePrefix: 10000}}

func newBuilder(t *testing.T) *build.Builder {
	t.Helper()
	b, err := build.New(contoso)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sound holds that a solution unpacks, packs to the same, and has no findings.
func sound(t *testing.T, parts solution.Parts) *packager.Tree {
	t.Helper()
	tree, err := packager.Unpack(parts, nil)
	if err != nil {
		t.Fatal(err)
	}
	if found := tree.Diagnostics(); len(found) > 0 {
		t.Errorf("unpacking: %v", found)
	}
	var zip bytes.Buffer
	found, err := packager.Pack(&zip, tree, nil)
	if err != nil || len(found) > 0 {
		t.Errorf("packing: %v %v", found, err)
	}
	pkg, err := packager.Open(bytes.NewReader(zip.Bytes()), int64(zip.Len()), nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := diff.Compare(parts, pkg, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Components) > 0 {
		t.Errorf("lost on the way: %+v", c.Components)
	}
	if found, err = content.Check(pkg, nil); err != nil || len(found) > 0 {
		t.Errorf("check: %v %v", found, err)
	}
	return tree
}

var allTypes = []build.ColumnType{build.Text, build.Memo, build.Integer, build.Decimal, build.Float, build.Money, build.YesNo, build.Choices, build.Multiple,
	build.Date, build.DateTime, build.Lookup, build.Image, build.File}

// TestColumns: a table with a column of every type is sound, and the model reads what was asked for.
func TestColumns(t *testing.T) {
	b := newBuilder(t)
	table := build.Table{Name: "contoso_Order", Keys: []build.AlternateKey{{Name: "contoso_ByName", Columns: []string{"contoso_Name"}}}}
	for _, kind := range allTypes {
		c := build.Column{Name: "contoso_" + string(kind), Type: kind, DisplayName: "A " + string(kind) + " <&>", Required: kind == build.Integer}
		switch kind {
		case build.Lookup:
			c.Target = "account"
		case build.Choices, build.Multiple:
			c.Options = []build.Option{{Label: "One"}, {Value: 100000007, Label: "Seven", Color: "#ff0000"}, {Label: "Two"}}
		case build.Text:
			c.AutoNumber, c.MaxLength = "ORD-{SEQNUM:4}", 20
		}
		table.Columns = append(table.Columns, c)
	}
	b.Table(table)
	parts, err := b.Parts()
	if err != nil {
		t.Fatal(err)
	}
	sound(t, parts)
	m, err := model.Read(parts)
	if err != nil {
		t.Fatal(err)
	}
	made, ok := m.Table("contoso_order")
	if !ok {
		t.Fatal("no table")
	}
	got := map[string]string{}
	for c := range made.Columns() {
		if c.IsCustom() {
			got[c.LogicalName()] = fmt.Sprint(c.DataType(), " ", c.Required(), " ", model.Text(c.DisplayNames(), 1033))
		}
	}
	want := map[string]string{
		"contoso_name": "nvarchar required Name", "contoso_text": "nvarchar none A text <&>", "contoso_memo": "ntext none A memo <&>",
		"contoso_integer": "int required A integer <&>", "contoso_decimal": "decimal none A decimal <&>", "contoso_float": "float none A float <&>",
		"contoso_money": "money none A money <&>", "contoso_yesno": "bit none A yesno <&>", "contoso_choice": "picklist none A choice <&>",
		"contoso_choices": "multiselectpicklist none A choices <&>", "contoso_date": "datetime none A date <&>",
		"contoso_datetime": "datetime none A datetime <&>", "contoso_lookup": "lookup none A lookup <&>", "contoso_image": "image none A image <&>",
		"contoso_file": "file none A file <&>",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("columns (-want +got):\n%s", d)
	}
	c, _ := made.Column("contoso_choice")
	choice, _ := c.Choice()
	var values []int
	for o := range choice.Options() {
		v, _ := o.Value()
		values = append(values, v)
	}
	if !slices.Equal(values, []int{100000000, 100000007, 100000001}) {
		t.Errorf("options %v", values)
	}
	lookup, _ := made.Column("contoso_lookup")
	if tables := lookup.LookupTables(); !slices.Equal(tables, []string{"account"}) {
		t.Errorf("the lookup points to %v", tables)
	}
}

// TestSame: the same calls make the same bytes.
func TestSame(t *testing.T) {
	var digests []string
	for range 2 {
		b := newBuilder(t)
		b.Table(build.Table{Name: "contoso_Order"})
		b.Role(build.Role{Name: "Clerk", Privileges: build.Access("contoso_Order", build.User, "Read")})
		parts, err := b.Parts()
		if err != nil {
			t.Fatal(err)
		}
		src, err := parts.ReadPart(solution.CustomizationsFile)
		if err != nil {
			t.Fatal(err)
		}
		digests = append(digests, string(src))
	}
	if digests[0] != digests[1] {
		t.Error("two runs differ")
	}
}

// TestOn: what is added to a tree is a change of it, made in the files that it touches, and told by a comparison.
func TestOn(t *testing.T) {
	b := newBuilder(t)
	b.Table(build.Table{Name: "contoso_Order"})
	b.Choice(build.Choice{Name: "contoso_kind", Options: []build.Option{{Label: "One"}}})
	b.Role(build.Role{Name: "Clerk", Privileges: build.Access("contoso_Order", build.User, "Read")})
	parts, err := b.Parts()
	if err != nil {
		t.Fatal(err)
	}
	tree := sound(t, parts)
	before, err := tree.Parts()
	if err != nil {
		t.Fatal(err)
	}
	more, err := build.On(before)
	if err != nil {
		t.Fatal(err)
	}
	more.Column("contoso_order", build.Column{Name: "contoso_Kind", Type: build.Choices, Choice: "contoso_kind"})
	more.Column("contoso_order", build.Column{Name: "contoso_Account", Type: build.Lookup, Target: "account"})
	more.Option("contoso_kind", build.Option{Label: "Two"})
	more.Option("contoso_Kind", build.Option{Label: "Three"})
	more.Privileges("Clerk", build.Access("contoso_Order", build.Organization, "Write")...)
	more.WebResource(build.WebResource{Name: "contoso_/main.js", Data: []byte("// nothing\n")})
	change, err := more.Change()
	if err != nil {
		t.Fatal(err)
	}
	after, err := tree.With(change)
	if err != nil {
		t.Fatal(err)
	}
	changed, err := after.Parts()
	if err != nil {
		t.Fatal(err)
	}
	sound(t, changed)
	c, err := diff.Compare(before, changed, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for x := range c.Changes() {
		got = append(got, x.Op.String()+" "+x.Key.String())
		for _, p := range x.Properties {
			got = append(got, "  "+p.Op.String()+" "+p.Path)
		}
	}
	slices.Sort(got)
	for _, want := range []string{"added attribute contoso_order.contoso_kind", "added attribute contoso_order.contoso_account", "changed optionset contoso_kind",
		`  added options/option[100000001 "Two"]`, `  added options/option[100000002 "Three"]`, "  added RolePrivileges/RolePrivilege[prvWritecontoso_Order]", "added webresource contoso_/main.js"} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, strings.Join(got, "\n"))
		}
	}
}

// TestOptionTwice: a value that an earlier call added is there already.
func TestOptionTwice(t *testing.T) {
	b := newBuilder(t)
	b.Choice(build.Choice{Name: "contoso_kind", Options: []build.Option{{Label: "One"}}})
	parts, err := b.Parts()
	if err != nil {
		t.Fatal(err)
	}
	more, err := build.On(parts)
	if err != nil {
		t.Fatal(err)
	}
	more.Option("contoso_kind", build.Option{Label: "Two"})
	more.Option("contoso_kind", build.Option{Label: "Three", Value: 100000001})
	const want = `build option "contoso_kind.Three": the value 100000001 is there already`
	if _, err := more.Parts(); err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

// TestShell: what is added to a table that another solution creates is there, and nothing else of the table.
func TestShell(t *testing.T) {
	b := newBuilder(t)
	b.Table(build.Table{Name: "Account", Shell: true, Columns: []build.Column{{Name: "contoso_Rank", Type: build.Integer}}})
	b.Column("account", build.Column{Name: "contoso_Owner", Type: build.Lookup, Target: "systemuser"})
	b.Column("account", build.Column{Name: "contoso_Payer", Written: "customer"})
	for _, target := range []string{"account", "contact"} {
		b.OneToMany(build.OneToMany{Name: "contoso_account_payer_" + target, From: "Account", Lookup: "contoso_Payer", To: target})
	}
	b.Form("account", build.Form{Name: "Rank", Libraries: []string{"contoso_/rank.js"}, Controls: []string{"Contoso.Stars"}})
	b.View("account", build.View{Name: "By rank", Columns: []string{"name", "contoso_rank"}, Order: "contoso_rank",
		Joins: []build.Join{{Table: "contact", From: "contactid", To: "primarycontactid"}}})
	b.WebResource(build.WebResource{Name: "contoso_/rank.js"})
	b.Table(build.Table{Name: "contact", Shell: true})
	parts, err := b.Parts()
	if err != nil {
		t.Fatal(err)
	}
	sound(t, parts)
	m, err := model.Read(parts)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for table := range m.Tables() {
		for c := range table.Columns() {
			got[c.LogicalName()] = c.DataType()
		}
	}
	if d := cmp.Diff(map[string]string{"contoso_rank": "int", "contoso_owner": "lookup", "contoso_payer": "customer"}, got); d != "" {
		t.Errorf("columns (-want +got):\n%s", d)
	}
	for r := range m.Manifest().RootComponents() {
		if r.Key.Type() == solution.TypeEntity && r.Behavior != solution.IncludeAsShell {
			t.Errorf("%v is listed with %v", r.Key, r.Behavior)
		}
	}
	src, err := parts.ReadPart(solution.CustomizationsFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<Library name="contoso_/rank.js"`, `<customControl name="Contoso.Stars"`, `datafieldname="contoso_rank"`,
		`<link-entity name="contact" from="contactid" to="primarycontactid" link-type="outer" />`, `<order attribute="contoso_rank"`,
		"<ReferencingAttributeName>contoso_Owner</ReferencingAttributeName>"} {
		if !bytes.Contains(src, []byte(want)) {
			t.Errorf("there is no %s", want)
		}
	}
	if n := bytes.Count(src, []byte("<EntityInfo>")); n != 1 {
		t.Errorf("%d tables with settings, want that with columns alone", n)
	}
}

// TestByHand: what the package does not make is added as it is written, whatever is in it, and beside what it makes.
func TestByHand(t *testing.T) {
	b := newBuilder(t)
	b.Element("EntityMaps", "<EntityMap><EntitySource>account</EntitySource><EntityTarget>contact</EntityTarget><AttributeMaps /></EntityMap>")
	b.Element("EntityMaps", "<EntityMap><EntitySource>contact</EntitySource><EntityTarget>account</EntityTarget><AttributeMaps /></EntityMap>")
	b.File("Workflows/broken.json", []byte("no JSON"))
	b.Dashboard(build.Form{Name: "Board"})
	b.Root(solution.NewRootComponent(solution.TypeEntity, "contoso_far", solution.GUID{}))
	site := "https://contoso.example"
	b.Variable(build.Variable{Name: "contoso_Site", Type: build.SourceVariable, Value: &site, Parameter: "dataset",
		Connector: "/providers/Microsoft.PowerApps/apis/shared_sharepointonline"})
	b.Variable(build.Variable{Name: "contoso_List", Type: build.SourceVariable, Parent: "contoso_Site", Parameter: "table"})
	b.OneToMany(build.OneToMany{Name: "contoso_account_contact", From: "Contact", Lookup: "contoso_Account", To: "Account"})
	b.ConnectionReference(connref.Reference{LogicalName: "contoso_a", ConnectorID: "/providers/Microsoft.PowerApps/apis/shared_sql"},
		connref.Reference{LogicalName: "contoso_b", ConnectorID: "/providers/Microsoft.PowerApps/apis/shared_sql"})
	if err := b.Err(); err != nil {
		t.Fatal(err)
	}
	parts, err := b.Parts()
	if err != nil {
		t.Fatal(err)
	}
	change, err := b.Change()
	if err != nil {
		t.Fatal(err)
	}
	if src, err := parts.ReadPart("Workflows/broken.json"); err != nil || string(src) != "no JSON" {
		t.Errorf("%q, %v", src, err)
	}
	if !slices.ContainsFunc(slices.Collect(change.Parts()), func(c solution.PartChange) bool { return c.Name == "Workflows/broken.json" }) {
		t.Error("the change lacks the part")
	}
	c, err := solution.ReadCustomizations(parts)
	if err != nil {
		t.Fatal(err)
	}
	got := map[solution.ComponentType]int{}
	for x := range c.Elements() {
		got[x.Key.Type()]++
	}
	want := map[solution.ComponentType]int{solution.TypeEntityMap: 2, solution.TypeSystemForm: 1, solution.TypeEntityRelationship: 1, solution.TypeConnectionReference: 2}
	for kind, n := range want {
		if got[kind] != n {
			t.Errorf("%d of %s, want %d", got[kind], kind, n)
		}
	}
	set, err := connref.Read(parts)
	if err != nil {
		t.Fatal(err)
	}
	var variables []string
	for _, v := range set.Variables {
		text := v.SchemaName + " " + v.ParameterKey + " " + v.Parent
		if v.Value != nil {
			text += " = " + v.Value.Reveal()
		}
		variables = append(variables, text)
	}
	slices.Sort(variables)
	if d := cmp.Diff([]string{"contoso_List table contoso_Site", "contoso_Site dataset  = https://contoso.example"}, variables); d != "" {
		t.Errorf("variables (-want +got):\n%s", d)
	}
	m, err := solution.ReadManifest(parts)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(slices.Collect(m.RootComponents())); n != 2 {
		t.Errorf("%d root components, want the dashboard and the table", n)
	}
}

// TestErrors: what the platform would refuse is refused, with the component and what to do.
func TestErrors(t *testing.T) {
	tests := map[string]func(b *build.Builder){
		`build table "Order": begin it with the publisher's prefix, contoso_`: func(b *build.Builder) { b.Table(build.Table{Name: "Order"}) },
		`build table "contoso_order": it is made already: change the first one instead`: func(b *build.Builder) {
			b.Table(build.Table{Name: "contoso_Order"})
			b.Table(build.Table{Name: "contoso_order"})
			b.Table(build.Table{Name: "Other"}) // the first error counts
		},
		`build column "contoso_Order.contoso_A": a lookup needs a target: the table whose rows it points to`: func(b *build.Builder) {
			b.Table(build.Table{Name: "contoso_Order", Columns: []build.Column{{Name: "contoso_A", Type: build.Lookup}}})
		},
		`build column "contoso_Order.contoso_A": give a choice of the solution, or options of its own`: func(b *build.Builder) {
			b.Table(build.Table{Name: "contoso_Order", Columns: []build.Column{{Name: "contoso_A", Type: build.Choices}}})
		},
		`build column "contoso_a": there is no table "contoso_lost" in the solution: add it first`: func(b *build.Builder) {
			b.Column("contoso_lost", build.Column{Name: "contoso_a"})
		},
		`build view "contoso_Order.All": the table has no column "contoso_lost"`: func(b *build.Builder) {
			b.Table(build.Table{Name: "contoso_Order"})
			b.View("contoso_order", build.View{Name: "All", Columns: []string{"contoso_lost"}})
		},
		`build option "contoso_kind.Two": the value 1 is there already`: func(b *build.Builder) {
			b.Choice(build.Choice{Name: "contoso_kind", Options: []build.Option{{Value: 1, Label: "One"}, {Value: 1, Label: "Two"}}})
		},
		`build web resource "contoso_/a": its ending does not say what it is: use .js, .html, .css, .svg, .png or the like`: func(b *build.Builder) {
			b.WebResource(build.WebResource{Name: "contoso_/a"})
		},
		`build flow "F": its definition has no properties/definition/triggers: give the JSON of a flow as exports have it`: func(b *build.Builder) {
			b.Flow(build.Flow{Name: "F", Definition: []byte(`{}`)})
		},
		`build part "workflows/A": it is there already`: func(b *build.Builder) {
			b.File("Workflows/a", nil)
			b.File("workflows/A", nil)
		},
		`build part "a/b": its folder is a part already`: func(b *build.Builder) {
			b.File("a", nil)
			b.File("a/b", nil)
		},
		`build part "a/B": it is a folder already`: func(b *build.Builder) {
			b.File("a/b/c", nil)
			b.File("a/B", nil)
		},
		`build part "Solution.xml": it is there already`:                          func(b *build.Builder) { b.File("Solution.xml", nil) },
		`build part "../a": it is no path: write names with slashes between them`: func(b *build.Builder) { b.File("../a", nil) },
		`build element of section "Nowhere": there is no such section`:            func(b *build.Builder) { b.Element("Nowhere", "<a />") },
		`build element of section "Roles": its text is more than one element: add each by itself`: func(b *build.Builder) {
			b.Element("Roles", "<a /><!-- b -->")
		},
		`build table "account": a shell has columns, forms and views alone: the primary column, keys, ownership and audit are those of the solution that creates it`: func(b *build.Builder) {
			b.Table(build.Table{Name: "account", Shell: true, Audit: true})
		},
		`build column "account.contoso_a": it has two types, "text" and "customer" as files write it`: func(b *build.Builder) {
			b.Table(build.Table{Name: "account", Shell: true, Columns: []build.Column{{Name: "contoso_a", Type: build.Text, Written: "customer"}}})
		},
		`build relationship "contoso_a": it needs two tables and a column`: func(b *build.Builder) {
			b.OneToMany(build.OneToMany{Name: "contoso_a", From: "account", To: "contact"})
		},
		`build table "contoso_Order": the text "a\x01" has a character that XML cannot hold`: func(b *build.Builder) {
			b.Table(build.Table{Name: "contoso_Order", DisplayName: "a\x01"})
		},
	}
	for want, f := range tests {
		b := newBuilder(t)
		f(b)
		for range 2 {
			_, err := b.Parts()
			var e *build.Error
			if !errors.As(err, &e) || err.Error() != want {
				t.Errorf("got %v\nwant %s", err, want)
			}
		}
	}
}
