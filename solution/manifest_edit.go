package solution

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// manifestOrder is the order of the children of SolutionManifest (observed in all exports), for the
// place of one that is missing.
var manifestOrder = [...]string{
	"UniqueName", "LocalizedNames", "Descriptions", "Version", "Managed", "Publisher", "RootComponents", "MissingDependencies",
}

// WithVersion returns m with that version, written in four parts. If m has this version already, the
// text stays as it is written.
func (m *Manifest) WithVersion(v Version) *Manifest {
	if old, err := ParseVersion(m.VersionText()); err == nil && old == v {
		return m
	}
	return m.withText("Version", v.String())
}

// WithKind returns m with that number in the Managed element. It changes nothing else: the components
// of a managed and of an unmanaged package differ too.
func (m *Manifest) WithKind(k Kind) *Manifest {
	text := strconv.Itoa(int(k))
	if old, ok := m.KindText(); ok && old == text {
		return m
	}
	return m.withText("Managed", text)
}

// WithUniqueName returns m with that unique name. The error is a name that is not made of letters of
// ASCII, digits and underscores.
func (m *Manifest) WithUniqueName(name string) (*Manifest, error) {
	if !isUniqueName(name) {
		return nil, fmt.Errorf("unique name %q: use letters a to z, digits and underscores only", name)
	}
	if m.UniqueName() == name {
		return m, nil
	}
	return m.withText("UniqueName", name), nil
}

// WithNames returns m with exactly these display names. The element of a language that stays is kept as
// it is written, but for its text. The error is a text that XML cannot hold.
func (m *Manifest) WithNames(names ...Label) (*Manifest, error) {
	for _, l := range names {
		if !isXMLText(l.Text) {
			return nil, fmt.Errorf("display name %q has characters that XML cannot hold", l.Text)
		}
	}
	return m.withList("LocalizedNames", len(names) == 0, func(m *Manifest, list int32) []byte {
		var nodes []int32
		have := map[int][]int{}
		for i := range m.doc.Elements(list) {
			if m.doc.Is(i, "LocalizedName") {
				lcid := m.label(i).LCID
				have[lcid] = append(have[lcid], len(nodes))
				nodes = append(nodes, i)
			}
		}
		var items []listItem
		for _, l := range names {
			old := have[l.LCID]
			if len(old) == 0 {
				items = append(items, listItem{-1, appendLabel(nil, "LocalizedName", l)})
				continue
			}
			have[l.LCID] = old[1:]
			node := nodes[old[0]]
			text := m.doc.Bytes(node)
			if m.label(node).Text != l.Text {
				text = m.appendWithAttr(nil, node, "description", l.Text)
			}
			items = append(items, listItem{old[0], text})
		}
		return m.listContent(list, nodes, items)
	}), nil
}

// WithoutConfigurationPage returns m without what names a web resource as the solution's configuration
// page: a part of a solution may lack that resource.
func (m *Manifest) WithoutConfigurationPage() *Manifest {
	for _, name := range []string{"ConfigurationPage", "ConfigurationPageId"} {
		for i := m.child(name); i != xmlspan.None; i = m.child(name) {
			n := &m.doc.Nodes[i]
			m = m.splice(n.Start-int32(len(m.lead(i))), n.End, "")
		}
	}
	return m
}

// withText sets the text of a child of SolutionManifest, which must need no escaping.
func (m *Manifest) withText(name, text string) *Manifest {
	element := "<" + name + ">" + text + "</" + name + ">"
	i := m.child(name)
	if i == xmlspan.None {
		return m.withChild(name, element)
	}
	n := &m.doc.Nodes[i]
	if n.Kind == xmlspan.EmptyTag || m.isNull(i) {
		return m.splice(n.Start, n.End, element)
	}
	return m.splice(n.OpenEnd, n.CloseStart, text)
}

// withChild inserts an element that SolutionManifest lacks at its place in manifestOrder.
func (m *Manifest) withChild(name, element string) *Manifest {
	top := &m.doc.Nodes[m.top]
	if top.Kind == xmlspan.EmptyTag {
		return m.splice(top.Start, top.End, "<SolutionManifest>"+element+"</SolutionManifest>")
	}
	at, lead := top.OpenEnd, ""
	for i := range m.doc.Elements(m.top) {
		lead = m.lead(i)
		break
	}
	before := manifestOrder[:max(slices.Index(manifestOrder[:], name), 0)]
	for i := range m.doc.Elements(m.top) {
		if slices.Contains(before, m.doc.Name(i)) {
			at, lead = m.doc.Nodes[i].End, m.lead(i)
		}
	}
	return m.splice(at, at, lead+element)
}

// lead returns the white space between node i and the tag before it, "" if something else is there.
func (m *Manifest) lead(i int32) string {
	before := m.doc.Src[:m.doc.Nodes[i].Start]
	trimmed := bytes.TrimRight(before, " \t\r\n")
	if !bytes.HasSuffix(trimmed, []byte(">")) {
		return ""
	}
	return string(before[len(trimmed):])
}

// splice returns m with the bytes [start,end) replaced. What comes out is well formed by construction:
// texts have been checked or escaped, and elements take the place of elements.
func (m *Manifest) splice(start, end int32, text string) *Manifest {
	src := slices.Concat(m.doc.Src[:start], []byte(text), m.doc.Src[end:])
	out, err := ParseManifest(src, m.file)
	if err != nil {
		panic(fmt.Sprintf("solution: an edit broke the manifest: %v", err))
	}
	return out
}

// WithRootComponent returns m with rc behind its root components, m itself if a root with that key is
// there already, whatever its behavior. Errors are those of [Manifest.WithRootComponents].
func (m *Manifest) WithRootComponent(rc RootComponent) (*Manifest, error) {
	all := make([]RootComponent, 0, len(m.roots)+1)
	for _, have := range m.roots {
		if have.Key.Match(rc.Key) {
			return m, nil
		}
		all = append(all, have)
	}
	return m.WithRootComponents(append(all, rc)...)
}

// WithRootComponents returns m with exactly these root components in this order. Elements of roots that
// stay are kept as they are written, unknown attributes included; if their behavior changes, that
// attribute alone does. Comments between elements are kept.
//
// The error is a type without a fixed number, which the file cannot hold, or a name with characters
// that XML cannot hold.
func (m *Manifest) WithRootComponents(rc ...RootComponent) (*Manifest, error) {
	for _, c := range rc {
		if err := checkRoot(c); err != nil {
			return nil, err
		}
	}
	return m.withList("RootComponents", len(rc) == 0, func(m *Manifest, list int32) []byte {
		return m.rootsContent(list, rc)
	}), nil
}

// withList returns m with other content between the tags of a list, which is made if there is none and
// it is not to be empty.
func (m *Manifest) withList(name string, empty bool, content func(m *Manifest, list int32) []byte) *Manifest {
	list := m.child(name)
	if list == xmlspan.None {
		if empty {
			return m
		}
		m = m.withChild(name, "<"+name+" />")
		list = m.child(name)
	}
	n := &m.doc.Nodes[list]
	text := content(m, list)
	switch {
	case bytes.Equal(text, m.doc.Src[n.OpenEnd:n.CloseStart]):
		return m
	case n.Kind == xmlspan.EmptyTag:
		open := bytes.TrimRight(bytes.TrimSuffix(m.doc.Src[n.Start:n.End], []byte("/>")), " \t\r\n")
		return m.splice(n.Start, n.End, string(open)+">"+string(text)+"</"+name+">")
	case len(bytes.TrimSpace(text)) == 0: // as exports write an empty list
		open := bytes.TrimRight(bytes.TrimSuffix(m.doc.Src[n.Start:n.OpenEnd], []byte(">")), " \t\r\n")
		return m.splice(n.Start, n.End, string(open)+" />")
	}
	return m.splice(n.OpenEnd, n.CloseStart, string(text))
}

func checkRoot(rc RootComponent) error {
	if _, ok := rc.Key.Type.Code(); !ok {
		return fmt.Errorf("root component %q: its type has no fixed number, so it cannot be a root component", rc.Key)
	}
	for _, text := range [...]string{rc.SchemaName, rc.Key.Name} {
		if !isXMLText(text) {
			return fmt.Errorf("root component %q: the name has characters that XML cannot hold", rc.Key)
		}
	}
	return nil
}

// rootsContent returns what stands between the tags of RootComponents for those roots.
func (m *Manifest) rootsContent(list int32, want []RootComponent) []byte {
	have := map[rootIdentity][]int{}
	for i, rc := range m.roots {
		id := identityOf(rc)
		have[id] = append(have[id], i)
	}
	var items []listItem
	for _, rc := range want {
		id := identityOf(rc)
		if old := have[id]; len(old) > 0 {
			i := old[0]
			have[id] = old[1:]
			items = append(items, listItem{i, m.appendWithBehavior(nil, m.rootNodes[i], m.roots[i].Behavior, rc.Behavior)})
			continue
		}
		items = append(items, listItem{-1, appendRoot(nil, rc)})
	}
	return m.listContent(list, m.rootNodes, items)
}

// A listItem is an element that a list is to have.
type listItem struct {
	old  int // which of the elements it stands for, -1 if it is new
	text []byte
}

// listContent returns what stands between the tags of a list that has the elements nodes, when it is to
// have those of want.
func (m *Manifest) listContent(list int32, nodes []int32, want []listItem) []byte {
	n, src := &m.doc.Nodes[list], m.doc.Src
	if len(nodes)+len(want) == 0 {
		return src[n.OpenEnd:n.CloseStart]
	}
	lead, tail := m.listLeads(list, nodes)
	used := make([]bool, len(nodes))
	var out []byte
	for _, item := range want {
		if item.old >= 0 {
			used[item.old] = true
			out = append(out, m.gapBefore(list, nodes, item.old)...)
		} else {
			out = append(out, lead...)
		}
		out = append(out, item.text...)
	}
	last := n.OpenEnd
	for i, node := range nodes {
		if gap := m.gapBefore(list, nodes, i); !used[i] && len(bytes.TrimSpace(gap)) > 0 {
			out = append(out, bytes.TrimRight(gap, " \t\r\n")...) // comments outlive what they stood before
		}
		last = m.doc.Nodes[node].End
	}
	rest := src[last:n.CloseStart]
	if len(nodes) == 0 && len(bytes.TrimSpace(rest)) == 0 {
		rest = nil // the white space of an empty list is no end of a full one
	}
	if len(rest) == 0 && len(out) > 0 && len(nodes) == 0 {
		rest = []byte(tail)
	}
	return append(out, rest...)
}

// rootIdentity is what makes a wanted root the one that is there.
type rootIdentity struct {
	key      Key
	id, from GUID
}

func identityOf(rc RootComponent) rootIdentity { return rootIdentity{rc.Key, rc.ID, rc.ParentID} }

// gapBefore returns the bytes between element i of a list and what is before it.
func (m *Manifest) gapBefore(list int32, nodes []int32, i int) []byte {
	start := m.doc.Nodes[list].OpenEnd
	if i > 0 {
		start = m.doc.Nodes[nodes[i-1]].End
	}
	return m.doc.Src[start:m.doc.Nodes[nodes[i]].Start]
}

// listLeads returns the white space for a new element of a list: before it, and before the end of a list
// that was empty. It is that of an element on a line of its own, else one level deeper than the list.
func (m *Manifest) listLeads(list int32, nodes []int32) (lead, tail string) {
	for _, node := range slices.Backward(nodes) {
		if lead = m.lead(node); strings.Contains(lead, "\n") {
			return lead, ""
		}
	}
	tail = m.lead(list)
	if len(nodes) > 0 || !strings.Contains(tail, "\n") {
		return "", ""
	}
	return tail + m.indent(list), tail
}

// indent returns by how much lists are indented in SolutionManifest.
func (m *Manifest) indent(list int32) string {
	if deeper, ok := strings.CutPrefix(m.lead(list), m.lead(m.top)); ok && deeper != "" {
		return deeper
	}
	return "  "
}

// appendWithBehavior appends the element of a root with its behavior changed if it has to be.
func (m *Manifest) appendWithBehavior(dst []byte, i int32, old, behavior Behavior) []byte {
	if old == behavior {
		return append(dst, m.doc.Bytes(i)...)
	}
	return m.appendWithAttr(dst, i, "behavior", strconv.Itoa(int(behavior)))
}

// appendWithAttr appends element i with one attribute changed, or added behind the others.
func (m *Manifest) appendWithAttr(dst []byte, i int32, name, text string) []byte {
	n, src := &m.doc.Nodes[i], m.doc.Src
	end := n.Name.End
	attr := xmlspan.AppendAttr(nil, name, text)
	for a := range m.doc.RawAttrs(i) {
		if string(a.Name.Of(src)) == name {
			dst = append(dst, src[n.Start:a.Name.Start]...)
			dst = append(dst, attr[1:]...) // the blank in front is there
			return append(dst, src[a.Value.End+1:n.End]...)
		}
		end = a.Value.End + 1
	}
	dst = append(dst, src[n.Start:end]...)
	dst = append(dst, attr...)
	return append(dst, src[end:n.End]...)
}

// appendRoot appends a new element, its attributes in the order that exports have.
func appendRoot(dst []byte, rc RootComponent) []byte {
	code, _ := rc.Key.Type.Code()
	id, name := rc.ID, rc.SchemaName
	if id.IsZero() {
		id = rc.Key.ID
	}
	if name == "" {
		name = rc.Key.Name
	}
	dst = append(dst, "<RootComponent"...)
	dst = xmlspan.AppendAttr(dst, "type", strconv.Itoa(code))
	if !id.IsZero() {
		dst = xmlspan.AppendAttr(dst, "id", id.Braced())
	}
	if name != "" {
		dst = xmlspan.AppendAttr(dst, "schemaName", name)
	}
	if !rc.ParentID.IsZero() {
		dst = xmlspan.AppendAttr(dst, "parentId", rc.ParentID.Braced())
	}
	dst = xmlspan.AppendAttr(dst, "behavior", strconv.Itoa(int(rc.Behavior)))
	return append(dst, " />"...)
}

// isUniqueName reports whether name can be the unique name of a solution or publisher: ASCII letters,
// digits and underscores (observed in all exports).
func isUniqueName(name string) bool {
	for i := range len(name) {
		c := name[i]
		if c != '_' && !isLetter(c) && !isDigit(c) {
			return false
		}
	}
	return name != ""
}

// isPrefix reports whether text can be a customization prefix: 2 to 8 ASCII letters and digits, a letter
// first, and not the platform's own "mscrm" (public documentation).
func isPrefix(text string) bool {
	if len(text) < 2 || len(text) > 8 || !isLetter(text[0]) || strings.HasPrefix(strings.ToLower(text), "mscrm") {
		return false
	}
	for i := range len(text) {
		if !isLetter(text[i]) && !isDigit(text[i]) {
			return false
		}
	}
	return true
}

// The range of a publisher's option value prefix (public documentation).
const (
	minOptionValuePrefix = 10000
	maxOptionValuePrefix = 99999
)

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isXMLText reports whether XML 1.0 can hold text.
func isXMLText(text string) bool {
	if !utf8.ValidString(text) {
		return false
	}
	for _, r := range text {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return false
		}
	}
	return true
}
