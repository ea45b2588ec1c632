package build_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
