package content_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
)

// TestRead reads the folder solution of each case and compares with the file want.
func TestRead(t *testing.T) {
	golden.Run(t, "testdata/read/*.txtar", func(t *testing.T, c *golden.Case) {
		parts, got := filesOf(c), ""
		if strings.HasPrefix(string(c.Comment), "tree:") {
			tree, err := packager.Load(parts, nil)
			if err != nil {
				t.Fatal(err)
			}
			inTree, err := tree.Parts()
			if err != nil {
				t.Fatal(err)
			}
			got = dump(read(t, inTree))
		} else {
			content := read(t, parts)
			got = dump(content)
			sameInTree(t, partsOf(t, parts), content)
		}
		c.HoldText(t, "want", got)
	})
}

// filesOf are the files in the folder solution of a case.
func filesOf(c *golden.Case) fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range c.Under("solution/") {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// dump writes a content as lines, with places.
func dump(c *content.Content) string {
	var b strings.Builder
	for x := range c.Components() {
		fmt.Fprintf(&b, "%v", x.Key)
		if x.DisplayName != "" {
			fmt.Fprintf(&b, " %q", x.DisplayName)
		}
		if x.Root != nil {
			fmt.Fprintf(&b, " root %v", x.Root.Behavior)
		}
		fmt.Fprintf(&b, " at %v", x.Location)
		if len(x.Parts) > 0 {
			fmt.Fprintf(&b, " with %s", strings.Join(x.Parts, ", "))
		}
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	for ref := range c.References() {
		fmt.Fprintf(&b, "%s: %v -> %v is %v, at %v %s\n", ref.Edge, ref.From, ref.To, ref.Resolved, ref.Location, ref.Location.Path)
	}
	for x := range c.Calls() {
		fmt.Fprintf(&b, "call: %v -> %s of %v by %v, at %v %s\n", x.From, x.Operation, x.Connector, x.Reference, x.Location, x.Location.Path)
	}
	for _, d := range c.Diagnostics() {
		fmt.Fprintf(&b, "\n%v", d)
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

func TestJoin(t *testing.T) {
	tables := fstest.MapFS{"customizations.xml": {Data: []byte(`<ImportExportXml><Entities><Entity><Name>far_table</Name></Entity></Entities></ImportExportXml>`)}}
	flows := fstest.MapFS{
		"customizations.xml":  {Data: []byte(`<ImportExportXml />`)},
		"Workflows/flow.json": {Data: []byte(`{"a":{"subscriptionRequest/entityname":"far_table"}}`)},
	}
	resolved := func(c *content.Content) (got []string) {
		for ref := range c.References() {
			got = append(got, ref.Resolved.String())
		}
		return append(got, fmt.Sprint(len(c.Diagnostics())))
	}
	alone := read(t, flows)
	joined := content.Join(read(t, tables), alone)
	if diff := cmp.Diff([]string{"none", "1"}, resolved(alone)); diff != "" {
		t.Errorf("alone (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"batch", "0"}, resolved(joined[1])); diff != "" {
		t.Errorf("joined (-want +got)\n%s", diff)
	}
}

func TestBase(t *testing.T) {
	more, err := content.ParseBase([]byte("# mine\nentity,my_table,my_sets\nwebresource,my_*,\n"))
	if err != nil {
		t.Fatal(err)
	}
	b := content.BuiltinBase().With(more)
	name := func(t solution.ComponentType, n string) solution.Key {
		return solution.NewKey(t, "", n, solution.GUID{})
	}
	for k, want := range map[solution.Key]bool{
		name(solution.TypeEntity, "Account"): true, name(solution.TypeEntity, "my_table"): true, name(solution.TypeEntity, "my_other"): false,
		name(solution.TypeWebResource, "my_icon"): true, name(solution.TypeWebResource, "icon"): false,
	} {
		if b.Has(k) != want {
			t.Errorf("Has(%v) = %t", k, !want)
		}
	}
	if table, ok := b.Table("MY_SETS"); !ok || table != "my_table" {
		t.Errorf("Table: %q, %t", table, ok)
	}
	if content.BuiltinBase().Has(name(solution.TypeEntity, "my_table")) {
		t.Error("With changed the built-in table")
	}
	for _, bad := range []string{"entity,a\n", "entity,\"a,b,c\n", "entity,a,b,c,d\n", "entity,!a_*,\n"} {
		if _, err := content.ParseBase([]byte(bad)); err == nil {
			t.Errorf("ParseBase(%q) has no error", bad)
		}
	}
}

// TestBuiltinBase holds the table against what it promises: each row says where it is from, and tables and columns of apps are
// not part of the platform.
func TestBuiltinBase(t *testing.T) {
	src, err := os.ReadFile("base.csv")
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(src))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	sources := []string{"reference", "dynamics-365", "observed", "environments"}
	seen := map[string]bool{}
	for _, row := range rows {
		if len(row) != 4 || !slices.Contains(sources, row[3]) {
			t.Errorf("%q does not say where it is from: want one of %q", row, sources)
		}
		if name := row[0] + " " + strings.ToLower(row[1]); seen[name] {
			t.Errorf("%s is there twice", name)
		} else {
			seen[name] = true
		}
	}

	b := content.BuiltinBase()
	for name, want := range map[string]bool{
		"contact": true, "territory": true, "goal": true, "environmentvariabledefinition": true,
		"lead": false, "uom": false, "service": false, "characteristic": false, "ratingmodel": false, "equipment": false, "site": false,
	} {
		if b.Has(solution.NameKey(solution.TypeEntity, "", name)) != want {
			t.Errorf("Has(%s) = %t", name, !want)
		}
	}
	for name, want := range map[string]bool{
		"account.name": true, "contact.address1_city": true, "team.createdon": true, "lead.createdon": false, "account.originatingleadid": false, "team.name": false,
	} {
		table, column, _ := strings.Cut(name, ".")
		if b.Lists(solution.NameKey(solution.TypeAttribute, table, column)) != want {
			t.Errorf("Lists(%s) = %t", name, !want)
		}
	}
	for name, want := range map[string]bool{
		"account.name": true, "account.originatingleadid": false, "contact.businesscard": false, "account.my_level": false, "my_table.createdon": true,
	} {
		table, column, _ := strings.Cut(name, ".")
		if b.MakesColumn(solution.NameKey(solution.TypeAttribute, table, column)) != want {
			t.Errorf("MakesColumn(%s) = %t", name, !want)
		}
	}
	for name, want := range map[string]bool{"environmentvariables": true, "MSDYNCE_AppCommon": true, "msdynce_Sales": false, "my_solution": false} {
		if b.Solution(name) != want {
			t.Errorf("Solution(%s) = %t", name, !want)
		}
	}
	mine, err := content.ParseBase([]byte("solution,my_Platform,,mine\nsolution,!EnvironmentVariables,,mine\nentity,!contact,\nsolution,mine_*,\n"))
	if err != nil {
		t.Fatal(err)
	}
	b = b.With(mine)
	if !b.Solution("my_platform") || !b.Solution("Mine_Core") || b.Solution("EnvironmentVariables") || b.Has(solution.NameKey(solution.TypeEntity, "", "contact")) {
		t.Error("With does not extend and replace")
	}
}

func TestReadErrors(t *testing.T) {
	for want, fsys := range map[string]fs.FS{
		"read solution: customizations.xml:1:": fstest.MapFS{"customizations.xml": {Data: []byte(`<ImportExportXml><a></b></ImportExportXml>`)}},
		"read solution: solution.xml:1:":       fstest.MapFS{"customizations.xml": {Data: []byte(`<ImportExportXml/>`)}, "solution.xml": {Data: []byte(`<x/>`)}},
	} {
		if _, err := content.Read(partsOf(t, fsys), nil); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("error %v, want %s...", err, want)
		}
	}
}

func ExampleRead() {
	parts, err := solution.PartsOf(fstest.MapFS{ // or a zip that packager.Open opened, or the parts of a tree
		"customizations.xml": {Data: []byte(`<ImportExportXml><Entities><Entity><Name>new_Thing</Name>
<EntityInfo><entity Name="new_Thing"><EntitySetName>new_things</EntitySetName></entity></EntityInfo></Entity></Entities></ImportExportXml>`)},
		"Workflows/Send-dddddddd-0000-0000-0000-000000000001.json": {Data: []byte(`{"inputs": {"host": {"apiId": "shared_commondataservice"},
 "parameters": {"entityName": "new_things"}}}`)},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := content.Read(parts, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for ref := range c.References() {
		fmt.Println(ref.Edge, ref.To, ref.Resolved, ref.Location.Path)
	}
	// Output: flow-table entity new_thing package /inputs/parameters/entityName
}

// FuzzRead: no part makes a reading panic, and every place lies within its part.
func FuzzRead(f *testing.F) {
	f.Add("Workflows/a.json", []byte(`{"properties":{"connectionReferences":{"a":{"api":{"name":"x"}}},"definition":{"parameters":{"a":{"metadata":{"schemaName":"b"}}}}},"operationId":"aibuilderpredict_customprompt"}`))
	f.Add("botcomponents/a/data", []byte("- flowId: 'x' # y\r\n  a: =Env.new_b\n"))
	f.Add("customizations.xml", []byte(`<ImportExportXml><CanvasApps><CanvasApp><Name>a</Name><DatabaseReferences>{"a":{"dataSources":{"b":{"logicalName":"c"}}}}</DatabaseReferences></CanvasApp></CanvasApps></ImportExportXml>`))
	f.Add("customizations.xml", []byte(`<ImportExportXml><CanvasApps><CanvasApp><Name>a</Name><CdsDependencies>{"cdsdependencies":[{"componenttype":1,"logicalname":"b"}]}</CdsDependencies></CanvasApp></CanvasApps></ImportExportXml>`))
	f.Add("Assets/a.xml", []byte(`<a><b botcomponentid.schemaname="c" workflowid.workflowid="d"/></a>`))
	f.Fuzz(func(t *testing.T, name string, src []byte) {
		if !fs.ValidPath(name) || name == "." {
			return
		}
		c, err := content.Read(partsOf(t, fstest.MapFS{name: {Data: src}}), nil)
		if err != nil {
			return
		}
		for ref := range c.References() {
			if at := ref.Location; at.File == name && (at.Start.Offset < 0 || at.End.Offset > len(src) || at.End.Offset < at.Start.Offset) {
				t.Fatalf("%v outside of its part: %+v", ref.Edge, at)
			}
		}
	})
}
