package diff_test

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/build"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/model"
)

// bigSolution is a solution with something of everything that edits touches.
func bigSolution(t *testing.T) solution.Parts {
	t.Helper()
	b, err := build.New(build.Solution{Name: "Orders", Publisher: solution.Publisher{UniqueName: "contoso", Prefix: "contoso", OptionValuePrefix: 10000}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		table := build.Table{Name: fmt.Sprintf("contoso_Table%d", i)}
		for j := range 4 {
			table.Columns = append(table.Columns, build.Column{Name: fmt.Sprintf("contoso_C%d", j), Type: build.Text})
		}
		b.Table(table)
		b.Choice(build.Choice{Name: fmt.Sprintf("contoso_choice%d", i), Options: []build.Option{{Label: "a"}, {Label: "b"}, {Label: "c"}}})
		b.Role(build.Role{Name: fmt.Sprintf("Role %d", i), Privileges: append(build.Access("contoso_Table0", build.User, "Read", "Write"), build.Access("contoso_Table1", build.User, "Read")...)})
		b.WebResource(build.WebResource{Name: fmt.Sprintf("contoso_/%d.js", i), Data: []byte("a\nb\nc\nd\ne\nf\ng\n")})
		b.Flow(build.Flow{Name: fmt.Sprintf("Flow %d", i), Definition: []byte(`{"properties":{"definition":{"triggers":{"t":{"type":"Request"}},"actions":{"A":{"type":"Compose","inputs":1},"B":{"type":"Compose","inputs":2},"C":{"type":"Compose","inputs":3}}}}}`)})
	}
	p, err := b.Parts()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// edits are changes of that solution no two of which touch the same thing.
func edits(t *testing.T, p solution.Parts) []*solution.Change {
	t.Helper()
	m, err := model.Read(p)
	if err != nil {
		t.Fatal(err)
	}
	var out []*solution.Change
	add := func(f func(e *solution.Editor)) {
		e := solution.NewEditor(p)
		f(e)
		c, err := e.Change()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	text := func(x model.Element, new string) {
		start, end := x.Inner()
		add(func(e *solution.Editor) { e.Splice(x.Part(), start, end, new) })
	}
	for table := range m.Tables() {
		text(table.Element().Child("EntityInfo", "entity", "IsAuditEnabled"), "1")
		for c := range table.Columns() {
			if !c.IsCustom() {
				continue
			}
			text(c.Element().Child("MaxLength"), "77")
			label := c.Element().Child("displaynames", "displayname")
			start, end, _ := label.AttrSpan("description")
			add(func(e *solution.Editor) { e.Splice(label.Part(), start, end, "changed") })
		}
		// one column goes, and one comes
		last, _ := table.Column("contoso_c3")
		start, end := last.Element().Span()
		out = out[:len(out)-2] // not the edits in it
		add(func(e *solution.Editor) { e.Splice(last.Part(), start, end, "") })
		first, _ := table.Column("createdby")
		at, _ := first.Element().Span()
		add(func(e *solution.Editor) {
			e.Splice(first.Part(), at, at, `<attribute PhysicalName="contoso_New"><LogicalName>contoso_new</LogicalName></attribute>`)
		})
	}
	for c := range m.Choices() {
		options := slices.Collect(c.Options())
		start, end := options[1].Element().Span()
		add(func(e *solution.Editor) { e.Splice(c.Element().Part(), start, end, "") })
		_, at := options[2].Element().Span()
		add(func(e *solution.Editor) { e.Splice(c.Element().Part(), at, at, `<option value="7" />`) })
	}
	for r := range m.OfType(solution.TypeRole) {
		privileges := slices.Collect(r.Element().Child("RolePrivileges").Children())
		start, end, _ := privileges[0].AttrSpan("level")
		add(func(e *solution.Editor) { e.Splice(r.Part(), start, end, "Global") })
		from, to := privileges[2].Span()
		add(func(e *solution.Editor) { e.Splice(r.Part(), from, to, "") })
	}
	for _, name := range p.Names() {
		src, err := p.ReadPart(name)
		if err != nil {
			t.Fatal(err)
		}
		replace := func(old, new string) {
			i := strings.Index(string(src), old)
			add(func(e *solution.Editor) { e.Splice(name, i, i+len(old), new) })
		}
		switch {
		case strings.HasPrefix(name, "WebResources/"):
			replace("b\n", "B\n")
			replace("f\n", "f1\nf2\n")
		case strings.HasPrefix(name, "Workflows/"):
			replace(`"inputs":1`, `"inputs":10`)
			replace(`,"B":{"type":"Compose","inputs":2}`, ``)
			replace(`"inputs":3}`, `"inputs":3},"D":{"type":"Wait"}`)
		}
	}
	return out
}

// TestMergeRandom: edits that do not touch each other merge to what all of them make together, whichever side has which, and
// without a conflict.
func TestMergeRandom(t *testing.T) {
	base := bigSolution(t)
	all := edits(t, base)
	apply := func(list []*solution.Change) solution.Parts {
		t.Helper()
		c, err := solution.JoinChanges(list...)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			return base
		}
		p, err := c.Apply(base)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for seed := range int64(20) {
		r := rand.New(rand.NewSource(seed))
		var a, b, both []*solution.Change
		for _, c := range all {
			switch r.Intn(4) {
			case 0:
				a, both = append(a, c), append(both, c)
			case 1:
				b, both = append(b, c), append(both, c)
			case 2: // both sides
				a, b, both = append(a, c), append(b, c), append(both, c)
			}
		}
		m, merged := merge(t, base, apply(a), apply(b))
		if len(m.Conflicts) > 0 {
			t.Errorf("seed %d: %d conflicts: %v", seed, len(m.Conflicts), m.Conflicts[0])
		}
		equal(t, fmt.Sprintf("seed %d", seed), apply(both), merged)
	}
}

// TestMergeConflicts: what both sides replaced by different texts is a conflict, each time, and stays as in ours.
func TestMergeConflicts(t *testing.T) {
	base := bigSolution(t)
	n := 0
	for _, c := range edits(t, base) {
		other := solution.NewEditor(base)
		replaced := false
		for p := range c.Parts() {
			for _, s := range p.Splices {
				replaced = replaced || s.End > s.Start && s.Text != ""
				other.Splice(p.Name, s.Start, s.End, s.Text+"1")
			}
		}
		if !replaced || strings.Contains(fmt.Sprint(slices.Collect(c.Parts())), `"Wait"`) {
			continue // an insertion, or a removal
		}
		n++
		change, err := other.Change()
		if err != nil {
			t.Fatal(err)
		}
		ours, err := c.Apply(base)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := change.Apply(base)
		if err != nil {
			t.Fatal(err)
		}
		for _, sides := range [][2]solution.Parts{{ours, theirs}, {theirs, ours}} {
			m, merged := merge(t, base, sides[0], sides[1])
			if len(m.Conflicts) != 1 {
				t.Errorf("%d conflicts, want one: %v", len(m.Conflicts), m.Conflicts)
			}
			equal(t, "a conflict that changed ours", sides[0], merged)
		}
	}
	if n < 50 {
		t.Errorf("only %d edits replace something", n)
	}
}

// TestMergeFile: one file, as git asks for it: a table of a tree, the manifest, a flow, a script, and what cannot be merged.
func TestMergeFile(t *testing.T) {
	tests := []struct {
		name, base, ours, theirs, want string
		conflicts                      int
	}{
		{"Entities/a/Entity.xml",
			`<Entity><Name>a</Name><EntityInfo><entity><attributes><attribute PhysicalName="x"><LogicalName>x</LogicalName><MaxLength>1</MaxLength></attribute><attribute PhysicalName="y"><LogicalName>y</LogicalName></attribute></attributes></entity></EntityInfo></Entity>`,
			`<Entity><Name>a</Name><EntityInfo><entity><attributes><attribute PhysicalName="x"><LogicalName>x</LogicalName><MaxLength>2</MaxLength></attribute><attribute PhysicalName="y"><LogicalName>y</LogicalName></attribute></attributes></entity></EntityInfo></Entity>`,
			`<Entity><Name>a</Name><EntityInfo><entity><attributes><attribute PhysicalName="y"><LogicalName>y</LogicalName><IsSecured>1</IsSecured></attribute><attribute PhysicalName="x"><LogicalName>x</LogicalName><MaxLength>1</MaxLength></attribute></attributes></entity></EntityInfo></Entity>`,
			"", 0},
		{"Other/Solution.xml",
			`<ImportExportXml><SolutionManifest><Version>1.0.0.0</Version><Managed>0</Managed></SolutionManifest></ImportExportXml>`,
			`<ImportExportXml><SolutionManifest><Version>1.0.0.1</Version><Managed>0</Managed></SolutionManifest></ImportExportXml>`,
			`<ImportExportXml><SolutionManifest><Version>1.0.0.2</Version><Managed>0</Managed></SolutionManifest></ImportExportXml>`,
			`<ImportExportXml><SolutionManifest><Version>1.0.0.2</Version><Managed>0</Managed></SolutionManifest></ImportExportXml>`, 0},
		{"Workflows/a.json", `{"a":1,"b":2}`, `{"a":3,"b":2}`, `{"a":1,"b":4}`, `{"a":3,"b":4}`, 0},
		{"Workflows/a.json", `{"a":1}`, `{"a":2}`, `{"a":3}`, `{"a":2}`, 1},
		{"a.js", "a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n", 0},
		{"a.js", "a\n", "b\n", "c\n", "b\n", 1},
	}
	for _, tt := range tests {
		got, conflicts, _, err := diff.MergeFile(tt.name, []byte(tt.base), []byte(tt.ours), []byte(tt.theirs))
		if err != nil || len(conflicts) != tt.conflicts || tt.want != "" && string(got) != tt.want {
			t.Errorf("%s: %s, %v, %v, want %s and %d conflicts", tt.name, got, conflicts, err, tt.want, tt.conflicts)
		}
		for _, c := range conflicts {
			if c.OursAt.File != tt.name {
				t.Errorf("%s: the place is in %q", tt.name, c.OursAt.File)
			}
		}
		if tt.want == "" && (!strings.Contains(string(got), "<MaxLength>2") || !strings.Contains(string(got), "IsSecured") || strings.Index(string(got), `"y"`) > strings.Index(string(got), `"x"`)) {
			t.Errorf("%s: %s", tt.name, got)
		}
	}
	for _, name := range []string{"a.xml", "a.json", "a.png"} {
		if _, _, _, err := diff.MergeFile(name, []byte("\x00a"), []byte("\x00b"), []byte("\x00c")); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
