package connector

import (
	"bytes"
	"slices"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// level is the depth of a connector in customizations.xml.
const level = 2

// layout returns an element on lines of its own, in the dialect of the platform.
func (w *putting) layout(element []byte) []byte {
	f := xmlspan.Format{Newline: w.newline}
	return f.Append(nil, xmlspan.Scanned{Src: element}, 0, len(element), level)
}

// insert gives the added elements a place: behind those of the section, which is made if it is missing.
func (w *putting) insert() {
	if len(w.added) == 0 {
		return
	}
	root := w.doc.Root()
	splice := func(start, end int32, text string) {
		w.editor.Splice(solution.CustomizationsFile, int(start), int(end), text)
	}
	indent := w.newline + "  "
	if i := w.doc.Child(root, "Connectors"); i != xmlspan.None {
		n := w.doc.Nodes[i]
		switch {
		case n.Kind == xmlspan.EmptyTag:
			start := n.Start + int32(len(bytes.TrimRight(w.doc.Src[n.Start:n.End-2], " \t\r\n")))
			splice(start, n.End, ">"+string(w.added)+indent+"</Connectors>")
		case len(w.sol.Elements) > 0:
			last := int32(w.sol.Elements[len(w.sol.Elements)-1].End)
			splice(last, last, string(w.added))
		default:
			text := string(w.added)
			if !bytes.Contains(w.doc.Inner(i), []byte("\n")) {
				text += indent
			}
			splice(n.OpenEnd, n.OpenEnd, text)
		}
		return
	}
	section := "<Connectors>" + string(w.added) + indent + "</Connectors>"
	order := solution.SectionNames()
	behind := order[slices.Index(order, "Connectors")+1:]
	for i := range w.doc.Elements(root) {
		if slices.Contains(behind, w.doc.Name(i)) {
			at := w.doc.Nodes[i].Start
			splice(at, at, section+indent)
			return
		}
	}
	n := w.doc.Nodes[root]
	if n.Kind == xmlspan.EmptyTag {
		start := n.Start + int32(len(bytes.TrimRight(w.doc.Src[n.Start:n.End-2], " \t\r\n")))
		splice(start, n.End, ">"+indent+section+w.newline+"</"+w.doc.Name(root)+">")
		return
	}
	splice(w.doc.CloseStart(root), w.doc.CloseStart(root), "  "+section+w.newline)
}
