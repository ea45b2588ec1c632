package model

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/solution"
)

// TestViews reads the parts of each case and compares what every view of every component says, without what is zero, with the
// file want.
func TestViews(t *testing.T) {
	golden.Run(t, "testdata/views/*.txtar", func(t *testing.T, c *golden.Case) {
		files := fstest.MapFS{}
		for _, f := range c.Files {
			if f.Name != "want" {
				files[f.Name] = &fstest.MapFile{Data: f.Data}
			}
		}
		parts, err := solution.PartsOf(files)
		if err != nil {
			t.Fatal(err)
		}
		m, err := Read(parts)
		if err != nil {
			t.Fatal(err)
		}
		c.HoldText(t, "want", dump(m))
	})
}

// dump writes what the methods of all views return.
func dump(m *Model) string {
	var b strings.Builder
	for c := range m.Components() {
		view := reflect.ValueOf(c.View())
		fmt.Fprintf(&b, "%s %s %s\n", view.Type().Name(), c.Key(), c.Location())
		if files := c.Parts(); files != nil {
			fmt.Fprintf(&b, "  Parts: %s\n", strings.Join(files, ", "))
		}
		if root, ok := c.Root(); ok {
			fmt.Fprintf(&b, "  Root: %s\n", root.Behavior)
		}
		dumpMethods(&b, view, "  ")
	}
	for _, d := range m.Diagnostics() {
		fmt.Fprintln(&b, d)
	}
	return b.String()
}

func dumpMethods(b *strings.Builder, v reflect.Value, indent string) {
	for i := range v.NumMethod() {
		m := v.Type().Method(i)
		_, isComponent := v.Interface().(interface{ Key() solution.Key })
		if m.Type.NumIn() != 1 || notReading[m.Name] || isComponent && inHeader[m.Name] {
			continue
		}
		out := v.Method(i).Call(nil)
		if len(out) > 1 && out[len(out)-1].Kind() == reflect.Bool && !out[len(out)-1].Bool() && out[0].IsZero() {
			continue
		}
		dumpResult(b, m.Name, out, indent)
	}
}

// inHeader are methods of a component that the first line of its dump says.
var inHeader = map[string]bool{"Key": true, "Type": true, "Exists": true, "OwnerKey": true, "Part": true, "LookupTables": true}

func dumpResult(b *strings.Builder, name string, out []reflect.Value, indent string) {
	t := out[0].Type()
	if err, ok := out[len(out)-1].Interface().(error); ok {
		fmt.Fprintf(b, "%s%s: error: %v\n", indent, name, err)
		return
	}
	if _, ok := out[0].Interface().(interface{ Key() solution.Key }); ok {
		return // a component has a place of its own in the dump
	}
	if t.Kind() == reflect.Func {
		for _, item := range items(out[0]) {
			dumpResult(b, name, item, indent)
		}
		return
	}
	if v, ok := out[0].Interface().(Value); ok {
		if v.Exists() {
			fmt.Fprintf(b, "%s%s: %s\n", indent, name, v.Bytes())
		}
		return
	}
	if e, ok := out[0].Interface().(Element); ok {
		if e.Exists() {
			fmt.Fprintf(b, "%s%s: at %s\n", indent, name, e.Location())
		}
		return
	}
	if isPlace(t) {
		fmt.Fprintf(b, "%s%s:\n", indent, name)
		dumpMethods(b, out[0], indent+"  ")
		return
	}
	var texts []string
	zero := true
	for _, v := range out {
		zero = zero && (v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0)
		if v.CanInterface() {
			texts = append(texts, fmt.Sprintf("%+v", v.Interface()))
		}
	}
	if !zero {
		fmt.Fprintf(b, "%s%s: %s\n", indent, name, strings.Join(texts, ", "))
	}
}

// isPlace reports whether t is a view of a place.
func isPlace(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t.PkgPath() == reflect.TypeFor[Component]().PkgPath() &&
		t != reflect.TypeFor[Element]() && t != reflect.TypeFor[Value]() && t != reflect.TypeFor[Component]()
}

func items(seq reflect.Value) [][]reflect.Value {
	var out [][]reflect.Value
	if seq.Type().CanSeq2() {
		for a, b := range seq.Seq2() {
			out = append(out, []reflect.Value{a, b})
		}
		return out
	}
	for a := range seq.Seq() {
		out = append(out, []reflect.Value{a})
	}
	return out
}

// TestSources: a component's places are those of the parts that it stands in, and a malformed file of one is a finding.
func TestSources(t *testing.T) {
	parts, err := solution.PartsOf(fstest.MapFS{
		"bots/contoso_helper/bot.xml": {Data: []byte("<bot schemaname=\"contoso_helper\">\n  <name>Helper</name>\n</bot>")},
		"bots/contoso_lost/bot.xml":   {Data: []byte("<bot>\n  <name>Lost</bot>")},
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := Read(parts)
	if err != nil {
		t.Fatal(err)
	}
	c, ok := m.Component(solution.NameKey(solution.TypeBot, "", "Contoso_Helper"))
	if !ok || c.DisplayName(0) != "Helper" || c.Element().Child("name").Location().String() != "bots/contoso_helper/bot.xml:2:3" {
		t.Errorf("bot: %v at %v", c.DisplayName(0), c.Element().Child("name").Location())
	}
	if found := m.Diagnostics(); len(found) != 1 || found[0].Location.String() != "bots/contoso_lost/bot.xml:2:13" {
		t.Errorf("findings: %v", found)
	}
}

// TestNestedOfOneKey: of several components with one key each has what is in it and no more.
func TestNestedOfOneKey(t *testing.T) {
	const table = `<Entity><Name>contoso_twin</Name><EntityInfo><entity Name="contoso_twin"><attributes><attribute PhysicalName="a"/><attribute PhysicalName="b"/></attributes></entity></EntityInfo></Entity>`
	parts, err := solution.PartsOf(fstest.MapFS{"customizations.xml": {Data: []byte("<ImportExportXml><Entities>" + table + table + table + "</Entities></ImportExportXml>")}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := Read(parts)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for table := range m.Tables() {
		for column := range table.Columns() {
			owner, _ := column.Owner()
			got = append(got, fmt.Sprint(column.Name(), " ", owner == table.Component))
		}
	}
	if d := cmp.Diff([]string{"a true", "b true", "a true", "b true", "a true", "b true"}, got); d != "" {
		t.Errorf("columns (-want +got):\n%s", d)
	}
}

// TestSameWords: what is written alike is, whatever stands between the elements and in components that are nested.
func TestSameWords(t *testing.T) {
	read := func(custom string) *Model {
		t.Helper()
		parts, err := solution.PartsOf(fstest.MapFS{"customizations.xml": {Data: []byte("<ImportExportXml><Entities>" + custom + "</Entities></ImportExportXml>")}})
		if err != nil {
			t.Fatal(err)
		}
		m, err := Read(parts)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	table := func(m *Model) Element {
		for x := range m.Tables() {
			return x.Element()
		}
		return Element{}
	}
	const base = `<Entity><Name x="1">a</Name><EntityInfo><entity><attributes><attribute PhysicalName="b"><Type>int</Type></attribute></attributes><A /></entity></EntityInfo></Entity>`
	a := read(base)
	for _, tt := range []struct {
		custom string
		want   bool
	}{
		{base, true},
		{strings.ReplaceAll(base, "><", ">\n  <"), true},
		{strings.Replace(base, "<A />", "<!-- a --><A></A>", 1), true},
		{strings.Replace(base, "int", "bit", 1), true}, // of another component
		{strings.Replace(base, ">a<", ">b<", 1), false},
		{strings.Replace(base, `x="1"`, `x="2"`, 1), false},
		{strings.Replace(base, "<A />", "<A>1</A>", 1), false},
		{strings.Replace(base, "<A />", "<A><A /></A>", 1), false},
		{strings.Replace(base, "<A />", "<A /><A />", 1), false},
		{strings.Replace(base, "<A />", "", 1), false},
	} {
		b := read(tt.custom)
		if got := a.SameWords(table(a), b, table(b)); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.custom, got, tt.want)
		}
		if got := b.SameWords(table(b), a, table(a)); got != tt.want {
			t.Errorf("the other way round, %s: %v, want %v", tt.custom, got, tt.want)
		}
	}
}
