package build_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/build"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/model"
)

// order makes a table with one more column, or with what f changes of it.
func order(columns ...build.Column) func(b *build.Builder) {
	return func(b *build.Builder) { b.Table(build.Table{Name: "contoso_Order", Columns: columns}) }
}

// there is a solution that the others are added to.
func there(t *testing.T) solution.Parts {
	t.Helper()
	b := newBuilder(t)
	order()(b)
	b.Choice(build.Choice{Name: "contoso_kind", Options: []build.Option{{Label: "One"}}})
	b.Role(build.Role{Name: "Clerk", Privileges: build.Access("contoso_Order", build.User, "Read")})
	b.WebResource(build.WebResource{Name: "contoso_/main.js", Data: []byte("// nothing\n")})
	parts, err := b.Parts()
	if err != nil {
		t.Fatal(err)
	}
	return parts
}

// TestRefused: each rule of what can't be made says which component it is and what to do, in a new solution and on one that is there.
func TestRefused(t *testing.T) {
	tests := []struct {
		want string
		on   bool // of what is added to a solution that is there
		f    func(b *build.Builder)
	}{
		{`build table "contoso_Or der": use letters, digits and underscores`, false, func(b *build.Builder) { b.Table(build.Table{Name: "contoso_Or der"}) }},
		{`build table "contoso_Order": the column that names rows is a text`, false, func(b *build.Builder) {
			b.Table(build.Table{Name: "contoso_Order", Primary: build.Column{Name: "contoso_No", Type: build.Integer}})
		}},
		{`build column "contoso_Order.contoso_A": "words" is no type of columns`, false, order(build.Column{Name: "contoso_A", Type: "words"})},
		{`build column "contoso_Order.contoso_A": it has a target, and is no lookup`, false, order(build.Column{Name: "contoso_A", Target: "account"})},
		{`build column "contoso_Order.contoso_A": only texts are numbered automatically`, false, order(build.Column{Name: "contoso_A", Type: build.Integer, AutoNumber: "{SEQNUM:4}"})},
		{`build column "contoso_Order.contoso_A": a length of 4001: at most 4000 characters in a text, and 1048576 in a memo`, false, order(build.Column{Name: "contoso_A", MaxLength: 4001})},
		{`build column "contoso_Order.contoso_A": a length of 1048577: at most 4000 characters in a text, and 1048576 in a memo`, false, order(build.Column{Name: "contoso_A", Type: build.Memo, MaxLength: 1048577})},
		{`build column "contoso_Order.contoso_A": 11 decimal places: 0 to 10`, false, order(build.Column{Name: "contoso_A", Type: build.Decimal, Precision: 11})},
		{`build key "contoso_ByName": it has no columns`, false, func(b *build.Builder) {
			b.Table(build.Table{Name: "contoso_Order", Keys: []build.AlternateKey{{Name: "contoso_ByName"}}})
		}},
		{`build key "contoso_ByName": the table has no column "contoso_No"`, false, func(b *build.Builder) {
			b.Table(build.Table{Name: "contoso_Order", Keys: []build.AlternateKey{{Name: "contoso_ByName", Columns: []string{"contoso_No"}}}})
		}},
		{`build form "Main": there is no new table "contoso_order": forms are made for tables of the same builder`, true, func(b *build.Builder) { b.Form("contoso_order", build.Form{Name: "Main"}) }},
		{`build view "All": there is no new table "contoso_order": views are made for tables of the same builder`, true, func(b *build.Builder) { b.View("contoso_order", build.View{Name: "All"}) }},
		{`build form "contoso_Order.Main": the table has no column "contoso_No"`, false, func(b *build.Builder) {
			order()(b)
			b.Form("contoso_Order", build.Form{Name: "Main", Tabs: []build.Tab{{Sections: []build.Section{{Columns: []string{"contoso_No"}}}}}})
		}},
		{`build view "contoso_Order.All": the table has no column "contoso_No"`, false, func(b *build.Builder) {
			order()(b)
			b.View("contoso_Order", build.View{Name: "All", Order: "contoso_No"})
		}},
		{`build relationship "contoso_x": it needs two tables`, false, func(b *build.Builder) { b.ManyToMany(build.ManyToMany{Name: "contoso_x", One: "contoso_Order"}) }},
		{`build relationship "x": begin it with the publisher's prefix, contoso_`, false, func(b *build.Builder) { b.ManyToMany(build.ManyToMany{Name: "x"}) }},
		{`build role "": it has no name`, false, func(b *build.Builder) { b.Role(build.Role{}) }},
		{`build role "Clerk": the privilege "prvReadcontoso_order" is there twice`, false, func(b *build.Builder) {
			b.Role(build.Role{Name: "Clerk", Privileges: append(build.Access("contoso_Order", "", "Read"), build.Access("contoso_order", "", "Read")...)})
		}},
		{`build role "Clerk": "All" is no depth of a privilege`, false, func(b *build.Builder) {
			b.Role(build.Role{Name: "Clerk", Privileges: build.Access("contoso_Order", "All", "Read")})
		}},
		{`build role "Clerk": "Read" is no privilege: their names begin with prv`, false, func(b *build.Builder) {
			b.Role(build.Role{Name: "Clerk", Privileges: []build.Privilege{{Name: "Read"}}})
		}},
		{`build role "Clerk": the privilege "prvReadcontoso_ORDER" is there already`, true, func(b *build.Builder) { b.Privileges("Clerk", build.Access("contoso_ORDER", "", "Read")...) }},
		{`build role "Boss": there is no such role in the solution`, true, func(b *build.Builder) { b.Privileges("Boss", build.Access("contoso_Order", "", "Read")...) }},
		{`build option "contoso_far.Two": there is no choice "contoso_far" in the solution`, true, func(b *build.Builder) { b.Option("contoso_far", build.Option{Label: "Two"}) }},
		{`build option "contoso_kind.0": it has no label`, false, func(b *build.Builder) {
			b.Choice(build.Choice{Name: "contoso_kind", Options: []build.Option{{}}})
		}},
		{`build web resource "main.js": begin it with the publisher's prefix, contoso_`, false, func(b *build.Builder) { b.WebResource(build.WebResource{Name: "main.js"}) }},
		{`build web resource "contoso_/a b.js": use letters, digits, underscores, dots, hyphens and slashes`, false, func(b *build.Builder) { b.WebResource(build.WebResource{Name: "contoso_/a b.js"}) }},
		{`build variable "contoso_url": "text" is no type of variables`, false, func(b *build.Builder) { b.Variable(build.Variable{Name: "contoso_url", Type: "text"}) }},
		{`build flow "": it has no name`, false, func(b *build.Builder) { b.Flow(build.Flow{}) }},
		{`build table "contoso_Order": the solution has it already, at customizations.xml:2:3`, true, order()},
	}
	for _, tt := range tests {
		b := newBuilder(t)
		if tt.on {
			var err error
			if b, err = build.On(there(t)); err != nil {
				t.Fatal(err)
			}
		}
		tt.f(b)
		for _, make := range []func() error{
			func() error { _, err := b.Parts(); return err },
			func() error { _, err := b.Change(); return err },
		} {
			var e *build.Error
			if err := make(); !errors.As(err, &e) || err.Error() != tt.want {
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
		}
	}
}

// TestNewRefuses: names and prefixes that the platform would refuse, and parts that are no solution.
func TestNewRefuses(t *testing.T) {
	for _, s := range []build.Solution{
		{},
		{Name: "Or ders", Publisher: contoso.Publisher},
		{Name: "Orders", Publisher: solution.Publisher{UniqueName: "contoso", Prefix: "1", OptionValuePrefix: 10000}},
		{Name: "Orders", DisplayName: "a\x01", Publisher: contoso.Publisher},
	} {
		var bad *solution.ValueError
		if _, err := build.New(s); !errors.As(err, &bad) {
			t.Errorf("%+v: %v", s, err)
		}
	}
	for name, files := range map[string]fstest.MapFS{
		"nothing":         {},
		"no manifest":     {"customizations.xml": {Data: []byte("<ImportExportXml />")}},
		"broken manifest": {"customizations.xml": {Data: []byte("<ImportExportXml />")}, "solution.xml": {Data: []byte("<a")}},
	} {
		parts, err := solution.PartsOf(files)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := build.On(parts); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestManyToMany: the relationship is what the model reads, and has both tables.
func TestManyToMany(t *testing.T) {
	b := newBuilder(t)
	b.Table(build.Table{Name: "contoso_Order"})
	b.Table(build.Table{Name: "contoso_Tag"})
	b.ManyToMany(build.ManyToMany{Name: "contoso_Order_Tag", One: "contoso_Order", Many: "contoso_Tag"})
	parts, err := b.Parts()
	if err != nil {
		t.Fatal(err)
	}
	sound(t, parts)
	m, err := model.Read(parts)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for r := range m.Relationships() {
		if strings.EqualFold(r.Name(), "contoso_Order_Tag") {
			got = append(got, r.Element().Child("FirstEntityName").Text(), r.Element().Child("SecondEntityName").Text(), r.Element().Child("EntityRelationshipType").Text())
		}
	}
	if d := cmp.Diff([]string{"contoso_Order", "contoso_Tag", "ManyToMany"}, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// TestChangeOfOtherPackages: what connector and connref make is in the change as in the parts: files that are added and replaced.
func TestChangeOfOtherPackages(t *testing.T) {
	list, err := connector.Load(fstest.MapFS{
		"apiDefinition.swagger.json": {Data: []byte(`{"swagger":"2.0","info":{"title":"Stock","version":"1.0"},"host":"api.contoso.com","paths":{}}`)},
		"apiProperties.json":         {Data: []byte(`{"properties":{"connectionParameters":{},"iconBrandColor":"#007ee5","capabilities":[]}}`)},
		"script.csx":                 {Data: []byte("public class Script {}")},
	})
	if err != nil {
		t.Fatal(err)
	}
	made := func(on solution.Parts, list []*connector.Connector, reference string) solution.Parts {
		t.Helper()
		b, err := build.On(on)
		if err != nil {
			t.Fatal(err)
		}
		b.Connectors(list...)
		b.ConnectionReference(connref.Reference{LogicalName: reference, DisplayName: "Stock", ConnectorID: "/providers/Microsoft.PowerApps/apis/shared_office365"})
		want, err := b.Parts()
		if err != nil {
			t.Fatal(err)
		}
		change, err := b.Change()
		if err != nil {
			t.Fatal(err)
		}
		got, err := change.Apply(on)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want.Names(), got.Names()); d != "" {
			t.Errorf("parts (-want +got)\n%s", d)
		}
		c, err := diff.Compare(want, got, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !c.Equal() {
			t.Errorf("the change makes something else: %+v", c.Components)
		}
		sound(t, got)
		return got
	}
	first := made(there(t), list, "contoso_stock")
	next, err := connector.Load(fstest.MapFS{
		"apiDefinition.swagger.json": {Data: []byte(`{"swagger":"2.0","info":{"title":"Stock","version":"2.0"},"host":"api.contoso.com","paths":{}}`)},
		"apiProperties.json":         {Data: []byte(`{"properties":{"connectionParameters":{},"iconBrandColor":"#007ee5","capabilities":[]}}`)},
		"script.csx":                 {Data: []byte("public class Other {}")},
	})
	if err != nil {
		t.Fatal(err)
	}
	second := made(first, next, "contoso_more")
	if d := cmp.Diff(first.Names(), second.Names()); d != "" {
		t.Errorf("a new version has other parts (-old +new)\n%s", d)
	}

	b, err := build.On(second)
	if err != nil {
		t.Fatal(err)
	}
	b.ConnectionReference(connref.Reference{LogicalName: "contoso_stock", ConnectorID: "/providers/Microsoft.PowerApps/apis/shared_office365"})
	if _, err := b.Change(); err == nil || !strings.Contains(err.Error(), "contoso_stock") {
		t.Errorf("a reference that is there already: %v", err)
	}
	if _, err := b.Parts(); err == nil {
		t.Error("a reference that is there already is no error of Parts")
	}
}
