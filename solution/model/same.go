package model

import (
	"bytes"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// SameWords reports whether an element of m is written as one of another model, tag by tag and text by text in one order, what is
// nested in both and is a component left out. White space between elements, comments, and whether an element without content is one
// tag or two, do not count. It is a quick answer: elements may mean the same and not be written the same.
func (m *Model) SameWords(e Element, other *Model, f Element) bool {
	if e.src == nil || f.src == nil {
		return e.src == f.src
	}
	a, b := words{m, e, e.node}, words{other, f, f.node}
	for {
		x, y := a.node(), b.node()
		if x == nil || y == nil {
			return x == y
		}
		if x.IsElement() != y.IsElement() || x.Depth-e.src.doc.Nodes[e.node].Depth != y.Depth-f.src.doc.Nodes[f.node].Depth {
			return false
		}
		if !bytes.Equal(word(e.src.doc, x), word(f.src.doc, y)) {
			return false
		}
		a.next()
		b.next()
	}
}

// word returns the start tag of an element without its end, or the text of another node.
func word(d *xmlspan.Document, n *xmlspan.Node) []byte {
	if !n.IsElement() {
		return d.Src[n.Start:n.End]
	}
	return bytes.TrimRight(bytes.TrimSuffix(d.Src[n.Start:n.OpenEnd-1], []byte("/")), " \t\r\n")
}

// words goes through the nodes of an element.
type words struct {
	m  *Model
	of Element
	at int32
}

// node returns the present node, nil behind the last one.
func (w *words) node() *xmlspan.Node {
	nodes := w.of.src.doc.Nodes
	if int(w.at) >= len(nodes) || nodes[w.at].Start >= nodes[w.of.node].End {
		return nil
	}
	return &nodes[w.at]
}

// next goes to the next node that counts, or behind the last one.
func (w *words) next() {
	nodes := w.of.src.doc.Nodes
	last := nodes[w.of.node].End
	for w.at++; int(w.at) < len(nodes) && nodes[w.at].Start < last; {
		switch n := &nodes[w.at]; {
		case n.Kind == xmlspan.Comment:
			w.at++
		case n.IsElement() && w.of.src == w.m.custom && w.m.starts[w.at]:
			for end := n.End; int(w.at) < len(nodes) && nodes[w.at].Start < end; {
				w.at++
			}
		default:
			return
		}
	}
}
