package packager

import (
	"bytes"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// What the reference tool would lose is kept in files in Other, of which that tool takes no notice:
//
//   - unclaimed.txt names the files of the tree that are entries of the zip and belong to nothing.
//   - renamed.txt gives the exact entry name, quoted as in Go, of each file whose name in the zip is
//     not the one that follows from its path: path, tab, name.
//   - Rescued.xml holds elements, attributes, comments and text that have no file.
//   - unclaimed/ holds entries whose own path is taken or can't be written on every system.
const (
	otherCustomizations = "Other/Customizations.xml"
	otherSolution       = "Other/Solution.xml"
	unclaimedPath       = "Other/unclaimed.txt"
	renamedPath         = "Other/renamed.txt"
	rescuedPath         = "Other/Rescued.xml"
	keptFolder          = "Other/unclaimed"
)

// A rescue is the content of Other/Rescued.xml: by container, attributes and nodes that have no other
// place in the tree. A container is a section ("Roles"), a part of one ("Entities/account/FormXml"), a
// list of the manifest ("Solution/RootComponents"), or a place between sections ("After/3").
type rescue struct {
	byContainer map[string]*rescued
	order       []string
}

type rescued struct {
	attrs string // with a leading blank, as written
	nodes []rescuedNode
}

// A rescuedNode is a node of customizations.xml, or bytes of another file.
type rescuedNode struct {
	src  []byte
	span span
}

func newRescue() *rescue { return &rescue{byContainer: map[string]*rescued{}} }

func (r *rescue) container(name string) *rescued {
	c := r.byContainer[name]
	if c == nil {
		c = &rescued{}
		r.byContainer[name] = c
		r.order = append(r.order, name)
	}
	return c
}

// add keeps node i of customizations.xml; its span is filled in by render.
func (r *rescue) add(container string, i int32) {
	c := r.container(container)
	c.nodes = append(c.nodes, rescuedNode{span: span{i, -1}})
}

func (r *rescue) addFrom(container string, src []byte, s span) {
	c := r.container(container)
	c.nodes = append(c.nodes, rescuedNode{src: src, span: s})
}

func (r *rescue) attributes(container, attrs string) { r.container(container).attrs = attrs }

// afterSection keeps a node that stands after the n-th section.
func (r *rescue) afterSection(n int, i int32) { r.add("After/"+strconv.Itoa(n), i) }

// render writes Other/Rescued.xml, nothing if there is nothing in it.
func (r *rescue) render(u *unpacker) []byte {
	if len(r.order) == 0 {
		return nil
	}
	d := u.doc()
	f := xmlspan.Format{Newline: u.newline}
	out := append([]byte(xmlspan.Header), u.newline...)
	out = append(out, "<Rescued"+u.extra+">"...)
	for _, name := range r.order {
		c := r.byContainer[name]
		out = f.AppendIndent(out, 1)
		out = append(xmlspan.AppendAttr(append(out, "<In"...), "Path", name), '>')
		if c.attrs != "" {
			out = append(f.AppendIndent(out, 2), "<Attributes"+c.attrs+" />"...)
		}
		if len(c.nodes) > 0 {
			out = append(f.AppendIndent(out, 2), "<Content>"...)
			// Text would put its neighbours in line and run into other text: all of it is one group, the
			// last, without the white space around it.
			var text []byte
			for _, n := range c.nodes {
				src, s := n.src, n.span
				if src == nil {
					node := &d.Nodes[s.start]
					src, s = d.Src, span{node.Start, node.End}
				}
				switch {
				case bytes.HasPrefix(src[s.start:s.end], []byte("<![CDATA[")):
					text = f.Append(append(text, u.newline...), src, int(s.start), int(s.end), 0)
				case src[s.start] != '<':
					plain := strings.Trim(xmlspan.Decode(src[s.start:s.end]), " \t\r\n")
					text = xmlspan.AppendText(append(text, u.newline...), plain, u.newline)
				default:
					out = append(f.AppendIndent(out, 3), "<Node>"...)
					out = f.Append(out, src, int(s.start), int(s.end), 4)
					out = append(f.AppendIndent(out, 3), "</Node>"...)
				}
			}
			if text = bytes.TrimPrefix(text, []byte(u.newline)); len(text) > 0 {
				out = append(append(append(f.AppendIndent(out, 3), "<Text>"...), text...), "</Text>"...)
			}
			out = append(f.AppendIndent(out, 2), "</Content>"...)
		}
		out = append(f.AppendIndent(out, 1), "</In>"...)
	}
	return append(f.AppendIndent(out, 0), "</Rescued>"...)
}

// listFile is a sorted list, one line each.
func listFile(lines []string, newline string) []byte {
	if len(lines) == 0 {
		return nil
	}
	sorted := slices.Clone(lines)
	for i, l := range sorted {
		sorted[i] = quoteLine(l)
	}
	sort.Strings(sorted)
	return []byte(strings.Join(slices.Compact(sorted), newline) + newline)
}

// quoteLine quotes a name that can't stand on a line as it is.
func quoteLine(name string) string {
	if q := strconv.Quote(name); q != `"`+name+`"` && (strings.ContainsAny(name, "\r\n\t\"") || q[1] == ' ' || !isPlainLine(name)) {
		return q
	}
	return name
}

func isPlainLine(name string) bool {
	for _, r := range name {
		if r < 0x20 || r == 0x7F || r == 0xFFFD {
			return false
		}
	}
	return true
}

func unquoteLine(line string) string {
	if strings.HasPrefix(line, `"`) {
		if name, err := strconv.Unquote(line); err == nil {
			return name
		}
	}
	return line
}

// renamedFile is the list of entry names that do not follow from the path.
func renamedFile(renamed map[string]string, newline string) []byte {
	if len(renamed) == 0 {
		return nil
	}
	var lines []string
	for p, name := range renamed {
		lines = append(lines, p+"\t"+strconv.Quote(name))
	}
	sort.Strings(lines)
	return []byte(strings.Join(lines, newline) + newline)
}

// readList reads a list file: lines, blank ones left out.
func readList(data []byte) []string {
	var out []string
	for line := range strings.Lines(string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))) {
		if line = strings.TrimRight(line, "\r\n"); strings.TrimSpace(line) != "" {
			out = append(out, line)
		}
	}
	return out
}

// readRenamed reads Other/renamed.txt: entry names by path.
func readRenamed(data []byte) (map[string]string, error) {
	out := map[string]string{}
	for i, line := range readList(data) {
		p, quoted, ok := strings.Cut(line, "\t")
		name, err := strconv.Unquote(quoted)
		if !ok || err != nil {
			return nil, errorf("load", renamedPath, "line %d: %q is not a path, a tab and a quoted name", i+1, line)
		}
		if reason := insecure(name); reason != "" {
			return nil, errorf("load", renamedPath, "line %d: %q: %w: %s", i+1, name, ErrInsecurePath, reason)
		}
		out[p] = name
	}
	return out, nil
}
