package graph

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Sizes of the picture, in pixels.
const (
	boxWidth    = 220
	boxHeight   = 34
	gapX        = 90
	gapY        = 10
	margin      = 24
	titleHeight = 30
	mostRows    = 28 // boxes above each other; more go beside them
)

// kindColors are the fills of common kinds; others are white.
var kindColors = map[string]string{"Entity": "#dbeafe", "Workflow": "#dcfce7", "Canvas App": "#fae8ff", "Model-driven App": "#ede9fe",
	"Connection Reference": "#fef3c7", "Connector": "#ffedd5", "Environment Variable Definition": "#fef9c3", "Web Resource": "#f1f5f9",
	"Role": "#ffe4e6", "Solution": "#e0f2fe"}

type point struct{ x, y int }

// WriteSVG writes the graph as a picture. The only errors are those of w, to which everything is written at once.
func (g *Graph) WriteSVG(w io.Writer) error { return writeAtOnce(w, g.svg) }

// svg draws the groups below each other. In a group, boxes are in layers from left to right, so that edges go to the
// right where there is no cycle, and in a layer near the boxes that they are connected to.
func (g *Graph) svg(out *bytes.Buffer) {
	at := make([]point, len(g.Nodes))
	type frame struct {
		title            string
		y, width, height int
	}
	var frames []frame
	y, width := margin, 0
	for _, group := range g.groups() {
		var members []int
		for i, n := range g.Nodes {
			if n.frame() == group {
				members = append(members, i)
			}
		}
		if len(members) == 0 {
			continue
		}
		columns := g.layers(members)
		rows := 0
		for c, column := range columns {
			for r, i := range column {
				at[i] = point{2*margin + c*(boxWidth+gapX), y + titleHeight + r*(boxHeight+gapY)}
			}
			rows = max(rows, len(column))
		}
		f := frame{title: frameTitle(group), y: y, width: 2*margin + len(columns)*(boxWidth+gapX) - gapX, height: titleHeight + rows*(boxHeight+gapY) + margin/2}
		frames = append(frames, f)
		width = max(width, f.width+2*margin)
		y += f.height + 2*margin
	}
	legend := g.legend(y)
	width, y = max(width, legend.width), y+legend.height
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="Segoe UI, Helvetica, Arial, sans-serif">`+"\n", width, y, width, y)
	fmt.Fprintln(out, `<defs><marker id="a" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#64748b"/></marker></defs>`)
	fmt.Fprintf(out, `<rect width="%d" height="%d" fill="#ffffff"/>`+"\n", width, y)
	for _, f := range frames {
		fmt.Fprintf(out, `<rect x="%d" y="%d" width="%d" height="%d" rx="8" fill="#f8fafc" stroke="#cbd5e1"/><text x="%d" y="%d" font-size="14" font-weight="600" fill="#334155">%s</text>`+"\n",
			margin, f.y, f.width, f.height, 2*margin, f.y+20, html.EscapeString(f.title))
	}
	for _, e := range g.Edges {
		edgePath(out, at[e.From], at[e.To], g.crosses(e))
	}
	for i, n := range g.Nodes {
		p := at[i]
		dash := ""
		if n.isOutside() {
			dash = outsideDash
		}
		fmt.Fprintf(out, `<g><title>%s: %s</title><rect x="%d" y="%d" width="%d" height="%d" rx="5" fill="%s" stroke="#94a3b8"%s/>`,
			html.EscapeString(n.Kind), html.EscapeString(n.Label), p.x, p.y, boxWidth, boxHeight, cmp.Or(kindColors[n.Kind], "#ffffff"), dash)
		fmt.Fprintf(out, `<text x="%d" y="%d" font-size="12" fill="#0f172a">%s</text><text x="%d" y="%d" font-size="9" fill="#64748b">%s</text></g>`+"\n",
			p.x+8, p.y+15, html.EscapeString(shorten(n.Label, 31)), p.x+8, p.y+28, html.EscapeString(shorten(n.Kind, 40)))
	}
	out.WriteString(legend.text)
	fmt.Fprintln(out, "</svg>")
}

// A legend explains colours and lines.
type legend struct {
	text          string
	width, height int
}

const legendWidth = 232 // of one entry

// legend returns that of what the picture has, in rows below y.
func (g *Graph) legend(y int) legend {
	const across = 4 // entries of a row
	var b strings.Builder
	n := 0
	entry := func(mark func(x, y int), text string) {
		x, at := margin+n%across*legendWidth, y+n/across*22
		mark(x, at)
		fmt.Fprintf(&b, `<text x="%d" y="%d" font-size="11" fill="#334155">%s</text>`+"\n", x+36, at+12, html.EscapeString(text))
		n++
	}
	box := func(fill, dash string) func(x, y int) {
		return func(x, y int) {
			fmt.Fprintf(&b, `<rect x="%d" y="%d" width="28" height="16" rx="3" fill="%s" stroke="#94a3b8"%s/>`, x, y, fill, dash)
		}
	}
	line := func(color string) func(x, y int) {
		return func(x, y int) {
			fmt.Fprintf(&b, `<path d="M%d %dh28" fill="none" stroke="%s" marker-end="url(#a)"/>`, x, y+8, color)
		}
	}
	kinds := map[string]bool{}
	outside, inside, between := false, false, false
	for i := range g.Nodes {
		kinds[g.Nodes[i].Kind] = true
		outside = outside || g.Nodes[i].isOutside()
	}
	for _, e := range g.Edges {
		if g.crosses(e) {
			between = true
		} else {
			inside = true
		}
	}
	b.WriteString(`<g>`)
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		if color := kindColors[kind]; color != "" {
			entry(box(color, ""), kind)
		}
	}
	if slices.ContainsFunc(g.Nodes, func(n Node) bool { return kindColors[n.Kind] == "" }) {
		entry(box("#ffffff", ""), "other kinds")
	}
	if outside {
		entry(box("#ffffff", outsideDash), "in none of those given")
	}
	if inside {
		entry(line(insideColor), "refers to, in one frame")
	}
	if between {
		entry(line(acrossColor), "refers to, in another frame")
	}
	b.WriteString("</g>\n")
	return legend{b.String(), 2*margin + min(n, across)*legendWidth, (n+across-1)/across*22 + margin}
}

const (
	outsideDash = ` stroke-dasharray="4 3"`
	insideColor = "#94a3b8"
	acrossColor = "#f59e0b"
)

// isOutside reports whether a box is in none of the solutions that were given.
func (n *Node) isOutside() bool { return n.frame() == elsewhere }

// crosses reports whether an edge leads to another frame.
func (g *Graph) crosses(e Edge) bool {
	return g.Nodes[e.From].frame() != g.Nodes[e.To].frame()
}

// edgePath draws an edge from the right side of a box to the left side of another, or round by the right if that is
// not to the right of it.
func edgePath(out *bytes.Buffer, from, to point, across bool) {
	x1, y1, x2, y2 := from.x+boxWidth, from.y+boxHeight/2, to.x, to.y+boxHeight/2
	bend := gapX * 2 / 3
	color := insideColor
	if across {
		color = acrossColor
	}
	if to.x <= from.x {
		x2 = to.x + boxWidth
	}
	end := x2 - bend
	if to.x <= from.x {
		end = x2 + bend
	}
	fmt.Fprintf(out, `<path d="M%d %dC%d %d %d %d %d %d" fill="none" stroke="%s" stroke-opacity="0.6" marker-end="url(#a)"/>`+"\n", x1, y1, x1+bend, y1, end, y2, x2, y2, color)
}

// shorten leaves out the middle of a text that is too long. The title of the box has all of it.
func shorten(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	if typeName, _, _ := strings.Cut(s, ","); strings.Count(typeName, ".") > 1 {
		// A type is told by the end of its name; a step is named by its type and what it handles.
		class, _, _ := strings.Cut(typeName, ":")
		typeName = typeName[strings.LastIndexByte(class, '.')+1:]
		if utf8.RuneCountInString(typeName) < most {
			return "…" + typeName
		}
		s = typeName
	}
	// Names differ at their ends: the prefix says whose they are, the end which.
	runes := []rune(s)
	end := (most - 1) / 2
	return string(runes[:most-1-end]) + "…" + string(runes[len(runes)-end:])
}

// layers puts nodes into columns: a node is to the right of those that refer to it, edges that close a cycle aside.
func (g *Graph) layers(members []int) [][]int {
	next, previous := map[int][]int{}, map[int][]int{}
	in := map[int]bool{}
	for _, i := range members {
		in[i] = true
	}
	for _, e := range g.Edges {
		if in[e.From] && in[e.To] {
			next[e.From] = append(next[e.From], e.To)
		}
	}
	order := topological(members, next)
	rank := map[int]int{}
	for r, i := range order {
		rank[i] = r
	}
	layer := map[int]int{}
	for _, i := range order {
		for _, to := range next[i] {
			previous[to] = append(previous[to], i)
			if rank[to] > rank[i] { // else the edge closes a cycle
				layer[to] = max(layer[to], layer[i]+1)
			}
		}
	}
	var columns [][]int
	for _, i := range members {
		for len(columns) <= layer[i] {
			columns = append(columns, nil)
		}
		columns[layer[i]] = append(columns[layer[i]], i)
	}
	g.arrange(columns, next, previous)
	var out [][]int
	for _, c := range columns {
		for len(c) > mostRows {
			out = append(out, c[:mostRows])
			c = c[mostRows:]
		}
		if len(c) > 0 {
			out = append(out, c)
		}
	}
	return out
}

// topological orders nodes so that edges lead forward, but for those that close a cycle.
func topological(members []int, next map[int][]int) []int {
	seen := map[int]bool{}
	var out []int
	var visit func(i int)
	visit = func(i int) {
		if seen[i] {
			return
		}
		seen[i] = true
		for _, to := range next[i] {
			visit(to)
		}
		out = append(out, i)
	}
	for _, i := range members {
		visit(i)
	}
	slices.Reverse(out)
	return out
}

// arrange orders each column by the mean place of the neighbours, forth and back a few times. Nodes without neighbours
// go last, by kind and label.
func (g *Graph) arrange(columns [][]int, next, previous map[int][]int) {
	row := map[int]int{}
	place := func(c []int) {
		for r, i := range c {
			row[i] = r
		}
	}
	for _, c := range columns {
		slices.SortStableFunc(c, func(a, b int) int {
			return cmp.Or(cmp.Compare(g.Nodes[a].Kind, g.Nodes[b].Kind), cmp.Compare(g.Nodes[a].Label, g.Nodes[b].Label))
		})
		place(c)
	}
	mean := func(l []int) float64 {
		if len(l) == 0 {
			return 1e9
		}
		sum := 0
		for _, i := range l {
			sum += row[i]
		}
		return float64(sum) / float64(len(l))
	}
	for range 4 {
		for _, c := range columns {
			slices.SortStableFunc(c, func(a, b int) int { return cmp.Compare(mean(previous[a]), mean(previous[b])) })
			place(c)
		}
		for _, c := range slices.Backward(columns) {
			slices.SortStableFunc(c, func(a, b int) int { return cmp.Compare(mean(next[a]), mean(next[b])) })
			place(c)
		}
	}
}
