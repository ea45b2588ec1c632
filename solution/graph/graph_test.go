package graph

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// wellFormed fails the test if a text is no XML.
func wellFormed(t *testing.T, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// Solutions that were given stand in a frame of their own, and what they need of others in another.
func TestGraphOfSolutionsFramesWhatIsGiven(t *testing.T) {
	d := &Graph{Nodes: []Node{{Label: "Core", Kind: "Solution", given: true}, {Label: "Far", Kind: "Solution"}, {Label: "Apps", Kind: "Solution", given: true}},
		Edges: []Edge{{From: 0, To: 1, Count: 1}, {From: 2, To: 0, Count: 1}}}
	var b strings.Builder
	if err := d.WriteSVG(&b); err != nil {
		t.Fatal(err)
	}
	wellFormed(t, b.String())
	for _, want := range []string{">given</text>", ">elsewhere</text>", ">in none of those given</text>", ">refers to, in one frame</text>", ">refers to, in another frame</text>"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in\n%s", want, b.String())
		}
	}
	given, elsewhere := strings.Index(b.String(), ">given<"), strings.Index(b.String(), ">elsewhere<")
	if given > elsewhere {
		t.Error("what was given stands below")
	}
	if n := strings.Count(b.String(), `fill="#e0f2fe" stroke="#94a3b8"`+outsideDash); n != 1 {
		t.Errorf("%d boxes of solutions are dashed, not the one that was not given", n)
	}
}

// More than 60 components are a box for each kind; the edges between them stay.
func TestGraphOfManyComponents(t *testing.T) {
	d := &Graph{}
	for i := range 50 {
		d.Nodes = append(d.Nodes, Node{Label: fmt.Sprint("Flow ", i), Kind: "Workflow", Solution: "Core"}, Node{Label: fmt.Sprint("Table ", i), Kind: "Entity", Solution: "Core"})
		d.Edges = append(d.Edges, Edge{From: 2 * i, To: 2*i + 1, Count: 2})
	}
	d.Nodes = append(d.Nodes, Node{Label: "7 more", Kind: "Entity", Solution: "Core", more: 7}, Node{Label: "SQL", Kind: "Connector"})
	d.ByKind()
	var got []string
	for _, n := range d.Nodes {
		got = append(got, n.Label+" "+n.Kind)
	}
	if want := "50 components Workflow, 57 components Entity, SQL Connector"; strings.Join(got, ", ") != want {
		t.Errorf("boxes %q, want %s", got, want)
	}
	if len(d.Edges) != 1 || d.Edges[0] != (Edge{From: 0, To: 1, Count: 100}) {
		t.Errorf("edges %v", d.Edges)
	}
}

// Names that are too long lose their middle: the prefix and the end tell them apart.
func TestShorten(t *testing.T) {
	for in, want := range map[string]string{
		"short":                      "short",
		"abcdefghijklmnopqrstuvwxyz": "abcde…vwxyz",
		"contoso_sharedcommondataserviceforapps_db8cc": "conto…db8cc",
		"ääääääääääßßßßß":                              "äääää…ßßßßß",
	} {
		if got := shorten(in, 11); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
