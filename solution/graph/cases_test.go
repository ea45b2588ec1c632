package graph_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/graph"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// TestCases reads the solutions of each case, which are lines of solutiontest, draws them in all ways, and compares the text.
func TestCases(t *testing.T) {
	wanted := func(name string) bool { return strings.HasPrefix(name, "want/") }
	golden.Run(t, "testdata/*.txtar", func(t *testing.T, c *golden.Case) {
		var read []*content.Content
		for _, f := range c.Files {
			if wanted(f.Name) {
				continue
			}
			one, err := content.Read(solutiontest.Parts(t, string(f.Data)), nil)
			if err != nil {
				t.Fatal(err)
			}
			read = append(read, one)
		}
		var sources []graph.Source
		for _, one := range content.Join(read...) {
			sources = append(sources, graph.Source{Content: one})
		}
		components, solutions, byKind := graph.Components(sources...), graph.Solutions(sources...), graph.Components(sources...)
		byKind.ByKind()
		for _, g := range []*graph.Graph{components, solutions, byKind} {
			svg := written(t, g.WriteSVG)
			for _, n := range g.Nodes {
				if !strings.Contains(svg, ">"+escaped.Replace(n.Kind)+"<") {
					t.Errorf("no %s in the picture", n.Kind)
				}
			}
			for _, e := range g.Edges {
				if e.From == e.To || e.Count < 1 || e.From >= len(g.Nodes) || e.To >= len(g.Nodes) {
					t.Errorf("edge %+v of %d nodes", e, len(g.Nodes))
				}
			}
		}
		c.Hold(t, wanted, map[string]string{
			"want/components.mmd": written(t, components.WriteMermaid), "want/components.dot": written(t, components.WriteDOT),
			"want/solutions.mmd": written(t, solutions.WriteMermaid), "want/by-kind.mmd": written(t, byKind.WriteMermaid),
		})
	})
}

var escaped = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func written(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Many components of one kind that nothing refers to are one box, which says how many; a label that is too long is cut.
func TestComponentsThatStandAlone(t *testing.T) {
	var text strings.Builder
	fmt.Fprintf(&text, "solution Contoso 1.0.0.0\nconnectionreference ct_sp connector=shared_sharepointonline name=\"%s\"\nworkflow 22 refs=ct_sp\n", strings.Repeat("long ", 30))
	for i := range 12 {
		fmt.Fprintf(&text, "webresource ct_/page%d.html\n", i)
	}
	c, err := content.Read(solutiontest.Parts(t, text.String()), nil)
	if err != nil {
		t.Fatal(err)
	}
	g := graph.Components(graph.Source{Content: content.Join(c)[0]})
	kinds := map[string][]string{}
	for _, n := range g.Nodes {
		kinds[n.Kind] = append(kinds[n.Kind], n.Label)
	}
	if got := kinds["Web Resource"]; len(got) != 1 || !strings.Contains(got[0], "12") {
		t.Errorf("12 web resources that stand alone are %q of %v", got, kinds)
	}
	svg := written(t, g.WriteSVG)
	if strings.Contains(svg, ">"+strings.Repeat("long ", 29)) || !strings.Contains(svg, "…") {
		t.Errorf("the long label is not cut\n%s", svg)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestErrorsOfTheWriter(t *testing.T) {
	g := &graph.Graph{Nodes: []graph.Node{{Label: "a", Kind: "Table"}}}
	for name, write := range map[string]func(io.Writer) error{"Mermaid": g.WriteMermaid, "DOT": g.WriteDOT, "SVG": g.WriteSVG} {
		if err := write(full{}); err != io.ErrShortWrite {
			t.Errorf("%s: %v", name, err)
		}
	}
}
