package diff_test

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/model"
)

// setsOf returns the elements whose children are in no order: sections of customizations.xml, labels, root components, privileges.
func setsOf(m *model.Model, manifest model.Element) []model.Element {
	var out []model.Element
	sections := []string{"Entities", "Roles", "Workflows", "optionsets", "WebResources", "EntityRelationships"}
	for _, name := range sections {
		out = append(out, m.Root().Child(name))
	}
	out = append(out, manifest.Child("SolutionManifest", "RootComponents"))
	for x := range m.Components() {
		switch x.Type() {
		case solution.TypeRole:
			out = append(out, x.Element().Child("RolePrivileges"))
		case solution.TypeAttribute:
			out = append(out, x.Element().Child("displaynames"))
		}
	}
	return slices.DeleteFunc(out, func(e model.Element) bool { return !e.Exists() || !e.HasChildren() })
}

// TestSetsInAnyOrder: what has no order is the same in any.
func TestSetsInAnyOrder(t *testing.T) {
	base := bigSolution(t)
	m, err := model.Read(base)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := m.Document(solution.ManifestFile)
	if err != nil {
		t.Fatal(err)
	}
	sets := setsOf(m, manifest)
	moved := 0
	for seed := range int64(10) {
		r := rand.New(rand.NewSource(seed))
		for _, set := range sets {
			children := slices.Collect(set.Children())
			order := r.Perm(len(children))
			if slices.IsSorted(order) {
				continue
			}
			moved++
			e := solution.NewEditor(base)
			start, _ := children[0].Span()
			_, end := children[len(children)-1].Span()
			text := ""
			for _, i := range order {
				text += string(children[i].Bytes())
			}
			e.Splice(set.Part(), start, end, text)
			c, err := e.Change()
			if err != nil {
				t.Fatal(err)
			}
			shuffled, err := c.Apply(base)
			if err != nil {
				t.Fatal(err)
			}
			if d := compare(t, base, shuffled); len(d.Components) > 0 {
				t.Errorf("%s in another order: %+v of %s", set.Tag(), d.Components[0].Properties, d.Components[0].Key)
			}
		}
	}
	if moved < 50 {
		t.Errorf("only %d sets were put in another order", moved)
	}
}

// TestOneEdit: one edit is one property or one component that differs, at the place of the edit.
func TestOneEdit(t *testing.T) {
	base := bigSolution(t)
	list := edits(t, base)
	for _, c := range list {
		new, err := c.Apply(base)
		if err != nil {
			t.Fatal(err)
		}
		var part solution.PartChange
		for part = range c.Parts() {
		}
		what := fmt.Sprintf("%s: %+v", part.Name, part.Splices)
		d := compare(t, base, new)
		if len(d.Components) != 1 {
			t.Errorf("%s: %d components differ", what, len(d.Components))
			continue
		}
		x := d.Components[0]
		old, at := x.Old, x.New
		if x.Op == diff.Changed {
			if len(x.Properties) != 1 || x.Properties[0].Noise != "" {
				t.Errorf("%s: %+v", what, x.Properties)
				continue
			}
			old, at = x.Properties[0].OldAt, x.Properties[0].NewAt
		}
		place := base.Locate(part.Name, part.Splices[0].Start)
		for _, side := range []string{old.File, at.File} {
			if side != "" && side != place.File {
				t.Errorf("%s: told in %s", what, side)
			}
		}
		if x.Op == diff.Changed && x.Properties[0].Op == diff.Changed && old.Start.Line != place.Start.Line {
			t.Errorf("%s at line %d: told at line %d", what, place.Start.Line, old.Start.Line)
		}
	}
	if len(list) < 50 {
		t.Errorf("only %d edits", len(list))
	}
}
