package content_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/model"
)

// A link is a reference without its place: its edge, from what, and to what.
type link struct {
	edge     content.Edge
	from, to string
}

// asContent returns what content says of edges that the views of a model have too.
func asContent(c *content.Content) map[link]bool {
	out := map[link]bool{}
	for ref := range c.References() {
		if ref.Resolved == content.Unknown {
			continue
		}
		to := ref.To.Name()
		switch ref.Edge {
		case content.FormColumn, content.SiteMapTable, content.ViewTable:
		case content.AppComponent:
			to = ref.To.String()
		case content.AppRole:
			to = ref.To.ID().String()
		default:
			continue
		}
		out[link{ref.Edge, ref.From.String(), to}] = true
	}
	return out
}

// asModel returns the same by the views.
func asModel(m *model.Model) map[link]bool {
	out := map[link]bool{}
	add := func(edge content.Edge, from model.Component, to string) {
		if to != "" {
			out[link{edge, from.Key().String(), to}] = true
		}
	}
	for x := range m.Forms() {
		for c := range x.AllControls() {
			add(content.FormColumn, x.Component, solution.Fold(c.Column()))
		}
		for c := range x.HiddenControls() {
			add(content.FormColumn, x.Component, solution.Fold(c.Column()))
		}
	}
	for x := range m.SavedQueries() {
		q, err := x.Fetch()
		if err != nil {
			continue
		}
		for _, table := range q.Tables() {
			add(content.ViewTable, x.Component, solution.Fold(table))
		}
	}
	for x := range m.SiteMaps() {
		for area := range x.AllSubAreas() {
			add(content.SiteMapTable, x.Component, solution.Fold(area.Table()))
			for p := range area.Privileges() {
				add(content.SiteMapTable, x.Component, solution.Fold(p.Element().Attr("Entity")))
			}
		}
	}
	for x := range m.AppModules() {
		for c := range x.Components() {
			add(content.AppComponent, x.Component, c.Target().String())
		}
		for _, id := range x.Roles() {
			add(content.AppRole, x.Component, id.String())
		}
	}
	return out
}

// TestCorpusModel: forms, views, site maps and apps are read twice, by the rules of this package and by the views of package model. Both
// say the same.
func TestCorpusModel(t *testing.T) {
	links := 0
	eachReal(t, func(t *testing.T, p *packager.Package) {
		m, err := model.Read(p)
		if err != nil {
			t.Fatal(err)
		}
		want, got := asModel(m), asContent(read(t, p))
		links += len(got)
		if diff := cmp.Diff(sortedLinks(want), sortedLinks(got), cmp.AllowUnexported(link{})); diff != "" {
			t.Errorf("(-model +content)\n%s", diff)
		}
	})
	if links < 30_000 {
		t.Errorf("only %d links", links)
	}
}

func sortedLinks(m map[link]bool) []link {
	return slices.SortedFunc(maps.Keys(m), func(a, b link) int {
		return slices.Compare([]string{string(a.edge), a.from, a.to}, []string{string(b.edge), b.from, b.to})
	})
}
