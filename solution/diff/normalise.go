package diff

import (
	"bytes"
	"cmp"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/model"
)

// Normalise returns the change that puts what has no order into a stable one: see "Normalising" in the package comment. It is
// empty if everything is in that order.
//
// The error is that of reading a part.
func Normalise(p solution.Parts) (*solution.Change, error) {
	m, err := model.Read(p)
	if err != nil {
		return nil, err
	}
	n := &normaliser{model: m, editor: solution.NewEditor(p), pinned: pinned(m), order: map[model.Element][]model.Element{}, touched: map[model.Element]bool{}}
	manifest, err := m.Document(solution.ManifestFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	n.document(manifest, TypeSolution)
	n.document(m.Root(), TypeCustomizations)
	if err := n.files(); err != nil {
		return nil, err
	}
	return n.editor.Change()
}

// A list is one of components that have no order.
type list struct {
	path string // of its elements, from the section on
	why  string // what shows that their order means nothing
}

// lists are those of components whose order was seen to mean nothing: exports of one solution differ in it alone, or a source
// tree, which the platform's own tool packs and which imports like its zip, does not keep it. Components of sections that have no
// row stay in their order: of what was never seen in two orders nobody knows.
var lists = []list{
	{"Entities/Entity", "trees: that of folders"},
	{"Entities/Entity/FormXml/forms/systemform", "exports of one version; trees: that of files"},
	{"Entities/Entity/SavedQueries/savedqueries/savedquery", "10 pairs of exports, also of one version; trees: that of files"},
	{"Entities/Entity/Visualizations/visualization", "3 pairs of exports; trees: that of files"},
	{"Roles/Role", "trees: that of files"},
	{"Workflows/Workflow", "17 pairs of exports; trees: that of files"},
	{"EntityRelationships/EntityRelationship", "2 pairs of exports"},
	{"optionsets/optionset", "trees: that of files"},
	{"Reports/Report", "trees: that of files"},
	{"Dashboards/Dashboard", "1 pair of exports; trees: that of files"},
	{"InteractionCentricDashboards/InteractionCentricDashboard", "trees: that of files"},
	{"Dialogs/Dialog", "trees: that of files"},
	{"WebResources/WebResource", "6 pairs of exports; trees: that of files"},
	{"SolutionPluginAssemblies/PluginAssembly", "trees: that of files"},
	{"SdkMessageProcessingSteps/SdkMessageProcessingStep", "trees: that of files; Rank says which runs first"},
	{"MobileOfflineProfiles/MobileOfflineProfile", "trees: that of files"},
	{"AppModuleSiteMaps/AppModuleSiteMap", "trees: that of folders"},
	{"AppModules/AppModule", "6 pairs of exports; trees: that of folders"},
	{"EntityDataProviders/EntityDataProvider", "trees: that of files"},
	{"EntityDataSources/EntityDataSource", "trees: that of files"},
	{"CanvasApps/CanvasApp", "7 pairs of exports; trees: that of files"},
	{"Connectors/Connector", "trees: that of files"},
	{"connectionreferences/connectionreference", "6 pairs of exports"},
}

// listOf returns the row for the components of a path, nil if they stay in their order.
func listOf(path string) *list {
	for i := range lists {
		if lists[i].path == path {
			return &lists[i]
		}
	}
	return nil
}

// A normaliser puts the elements of documents in order.
type normaliser struct {
	model   *model.Model
	editor  *solution.Editor
	pinned  map[model.Element]bool
	order   map[model.Element][]model.Element // children in their new order, of elements where it differs
	touched map[model.Element]bool            // elements in which any order differs
}

// pinned returns the components whose key another one has too, and all that they are in. Such are told apart by their order alone.
func pinned(m *model.Model) map[model.Element]bool {
	count := map[solution.Key]int{}
	for c := range m.Components() {
		count[c.Key()]++
	}
	out := map[model.Element]bool{}
	for c := range m.Components() {
		if count[c.Key()] == 1 {
			continue
		}
		for e := c.Element(); e.Exists() && !out[e]; e = e.Parent() {
			out[e] = true
		}
	}
	return out
}

// files puts the files of components in order that are XML.
func (n *normaliser) files() error {
	for c := range n.model.Components() {
		root := c.Element()
		if !root.Exists() || root.Parent().Exists() || root.Part() == solution.CustomizationsFile {
			continue
		}
		src, err := n.model.Parts().ReadPart(root.Part())
		if err != nil {
			return err
		}
		// Offsets are those of UTF-8: what is in another encoding stays.
		if text, err := xmlspan.AsUTF8(src); err == nil && bytes.Equal(text, src) {
			n.document(root, c.Type())
		}
	}
	return nil
}

func (n *normaliser) document(root model.Element, kind solution.ComponentType) {
	n.sort(root, kind, nil)
	n.splice(root)
}

// sort finds the order of what is in an element, from the inside out, as elements that no key tells apart are ordered by what is in
// them. kind is that of the component that the element is of, and path are the names from there on. It reports whether
// anything is to be moved.
func (n *normaliser) sort(e model.Element, kind solution.ComponentType, path []string) bool {
	var children []model.Element
	several := false // of one name
	slots := map[string][]int{}
	for x := range e.Children() {
		slots[x.Tag()] = append(slots[x.Tag()], len(children))
		several = several || len(slots[x.Tag()]) > 1
		children = append(children, x)
		kind, path := kind, append(path, x.Tag())
		if c, ok := n.model.ComponentOf(x); ok {
			kind, path = c.Type(), nil
		}
		if n.sort(x, kind, path) {
			n.touched[e] = true
		}
	}
	if !several {
		return n.touched[e]
	}
	sorted := slices.Clone(children)
	for tag, at := range slots {
		if len(at) == 1 || !blankBetween(e, children[at[0]:at[len(at)-1]+1]) {
			continue
		}
		group := make([]model.Element, len(at))
		for i, j := range at {
			group[i] = children[j]
		}
		n.sortGroup(group, kind, append(path, tag))
		for i, j := range at {
			sorted[j] = group[i]
		}
	}
	if !slices.Equal(sorted, children) {
		n.order[e], n.touched[e] = sorted, true
	}
	return n.touched[e]
}

// blankBetween reports whether there is nothing between elements. A comment there may be of what is before it or behind it, so
// they stay where they are.
func blankBetween(parent model.Element, children []model.Element) bool {
	src := parent.Bytes()
	base, _ := parent.Span()
	_, end := children[0].Span()
	for _, x := range children[1:] {
		from, to := x.Span()
		for _, b := range src[end-base : from-base] {
			if !isBlankByte(b) {
				return false
			}
		}
		end = to
	}
	return true
}

// sortGroup sorts the elements of one name in a parent, if their order means nothing.
func (n *normaliser) sortGroup(group []model.Element, kind solution.ComponentType, path []string) {
	if c, ok := n.model.ComponentOf(group[0]); ok {
		n.sortComponents(group, c)
		return
	}
	if slices.ContainsFunc(group, func(e model.Element) bool { return n.pinned[e] }) {
		return
	}
	key := setKey(group, kind, path)
	if key == nil {
		return
	}
	type item struct {
		e     model.Element
		key   []string
		bytes []byte // in their new order, when they are needed
	}
	items := make([]item, len(group))
	for i, e := range group {
		items[i] = item{e: e, key: make([]string, len(key))}
		for j, part := range key {
			items[i].key[j] = keyText(e, part)
		}
	}
	written := func(x *item) []byte {
		if x.bytes == nil {
			x.bytes = n.bytes(x.e)
		}
		return x.bytes
	}
	at := make([]*item, len(items))
	for i := range items {
		at[i] = &items[i]
	}
	slices.SortStableFunc(at, func(a, b *item) int {
		if c := slices.CompareFunc(a.key, b.key, compareValues); c != 0 {
			return c
		}
		return bytes.Compare(written(a), written(b))
	})
	for i, x := range at {
		group[i] = x.e
	}
}

// sortComponents sorts components by their keys. A list stays as it is if not all in it are components with a key of their own.
func (n *normaliser) sortComponents(group []model.Element, first model.Component) {
	if listOf(first.Element().Path()) == nil {
		return
	}
	keys := make(map[model.Element]solution.Key, len(group))
	for _, e := range group {
		c, ok := n.model.ComponentOf(e)
		if !ok || n.pinned[e] {
			return
		}
		keys[e] = c.Key()
	}
	slices.SortStableFunc(group, func(a, b model.Element) int { return keys[a].Compare(keys[b]) })
}

// setKey returns the key by which elements that are a set are sorted, nil if they are none, or one without evidence. What it calls a
// set, matchKeys does as well.
func setKey(elements []model.Element, kind solution.ComponentType, path []string) []string {
	if s := shapeOf(kind, path); s != nil && (s.set || keysOf(elements, s.key) != nil) {
		if s.why == "" {
			return nil
		}
		return s.key
	}
	if isLabels(elements) && keysOf(elements, labelKey) != nil {
		return labelKey
	}
	return nil
}

// compareValues orders texts of keys, numbers as numbers and before all else.
func compareValues(a, b string) int {
	x, y := isDigits(a), isDigits(b)
	switch {
	case x && y:
		a0, b0 := strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		return cmp.Or(cmp.Compare(len(a0), len(b0)), cmp.Compare(a0, b0), cmp.Compare(a, b))
	case x:
		return -1
	case y:
		return 1
	}
	return cmp.Compare(a, b)
}

func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// splice moves what is in an element to where it is to be: the bytes of elements, each in the place of another one, and nothing
// between them.
func (n *normaliser) splice(e model.Element) {
	if !n.touched[e] {
		return
	}
	order, i := n.order[e], 0
	for x := range e.Children() {
		if order == nil || order[i] == x {
			n.splice(x)
		} else {
			start, end := x.Span()
			n.editor.Splice(x.Part(), start, end, string(n.bytes(order[i])))
		}
		i++
	}
}

// bytes returns an element with what is in it in its new order.
func (n *normaliser) bytes(e model.Element) []byte {
	if !n.touched[e] {
		return e.Bytes()
	}
	return n.append(make([]byte, 0, len(e.Bytes())), e)
}

func (n *normaliser) append(dst []byte, e model.Element) []byte {
	src := e.Bytes()
	if !n.touched[e] {
		return append(dst, src...)
	}
	base, _ := e.Span()
	order, i, done := n.order[e], 0, 0
	for x := range e.Children() {
		start, end := x.Span()
		dst = append(dst, src[done:start-base]...)
		if order != nil {
			x = order[i]
		}
		dst = n.append(dst, x)
		done = end - base
		i++
	}
	return append(dst, src[done:]...)
}
