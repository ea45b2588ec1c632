package connref

import (
	"bytes"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A Change is what an edit of a solution does: splices of its parts. All other bytes stay. It is immutable.
type Change struct {
	edits []diag.Edit
	files map[string][]byte
	found diag.List
}

// Edits returns the splices, by file and place.
func (c *Change) Edits() []diag.Edit { return slices.Clone(c.edits) }

// Diagnostics returns what the change could not reach, such as the contents of a canvas app.
func (c *Change) Diagnostics() diag.List { return slices.Clone(c.found) }

// Files returns the parts that change, sorted by name, with their new bytes, which the caller must not change.
func (c *Change) Files() iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for _, name := range slices.Sorted(maps.Keys(c.files)) {
			if !yield(name, c.files[name]) {
				return
			}
		}
	}
}

// An editor collects the edits of the parts of a solution.
type editor struct {
	fsys  fs.FS
	edits map[string][]diag.Edit
	src   map[string][]byte
	found diag.List
}

// each reads the parts that can name a reference, by the table of Scan.
func (e *editor) each(f func(name, folded string, src []byte) error) error {
	return fs.WalkDir(e.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		folded := strings.ToLower(name)
		if !slices.ContainsFunc(parts, func(p part) bool { ok, _ := path.Match(p.pattern, folded); return ok }) {
			return nil
		}
		src, err := fs.ReadFile(e.fsys, name)
		if err != nil {
			return err
		}
		e.src[name] = src
		if err := f(name, folded, src); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	})
}

func (e *editor) splice(name string, start, end int, text string) {
	e.edits[name] = append(e.edits[name], diag.Edit{File: name, Start: start, End: end, New: text})
}

func (e *editor) finish() (*Change, error) {
	c := &Change{files: map[string][]byte{}, found: e.found}
	for _, name := range slices.Sorted(maps.Keys(e.edits)) {
		edits := e.edits[name]
		slices.SortFunc(edits, func(a, b diag.Edit) int { return a.Start - b.Start })
		out, err := diag.Apply(e.src[name], edits)
		if err != nil {
			return nil, err
		}
		c.edits = append(c.edits, edits...)
		c.files[name] = out
	}
	c.found.Sort()
	return c, nil
}

func newEditor(fsys fs.FS) *editor {
	return &editor{fsys: fsys, edits: map[string][]diag.Edit{}, src: map[string][]byte{}}
}

// Rename gives a connection reference another logical name, wherever the solution names it: its definition, the
// manifest, flows, bot components and the metadata of canvas apps. What an .msapp file says is not changed; a finding
// tells of the app. Settings have a method of their own, [Settings.Rename].
//
// The error is a reference that the solution does not have, a new name that it has or that is no name, or a
// part that cannot be read: an edit that leaves some uses behind is none.
func Rename(fsys fs.FS, old, name string) (*Change, error) {
	set, err := scanWhole(fsys)
	if err != nil {
		return nil, err
	}
	if _, ok := set.Reference(old); !ok {
		return nil, fmt.Errorf("connection reference %q: the solution has none of that name", old)
	}
	if _, ok := set.Reference(name); ok && compareFold(old, name) != 0 {
		return nil, fmt.Errorf("connection reference %q exists: merge the two instead", name)
	}
	if err := checkName(name); err != nil {
		return nil, err
	}
	e := newEditor(fsys)
	if err := e.each(func(part, folded string, src []byte) error { return e.replace(part, folded, src, old, name) }); err != nil {
		return nil, err
	}
	return e.finish()
}

// scanWhole scans a solution of which every part has to be readable.
func scanWhole(fsys fs.FS) (*Set, error) {
	set, err := Scan(fsys)
	if err != nil {
		return nil, err
	}
	return set, set.Diagnostics.Err()
}

// checkName refuses names that would have to be escaped somewhere, which the platform does not give either.
func checkName(name string) error {
	for i, c := range []byte(name) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789_.-", rune(c))) {
			return fmt.Errorf("%q is no logical name: use letters, digits, %q and begin with a letter", name, "_.-")
		}
	}
	if name == "" {
		return fmt.Errorf("the new logical name is empty")
	}
	return nil
}

// replace makes the edits that replace a name in a part.
func (e *editor) replace(name, folded string, src []byte, old, new string) error {
	switch {
	case strings.HasSuffix(folded, ".json"):
		return e.replaceInFlow(name, src, old, new)
	case path.Base(folded) == "data":
		for v := range yamlValues(src, "connectionReference") {
			if compareFold(v.text, old) == 0 {
				e.splice(name, v.start, v.end, new)
			}
		}
		return nil
	}
	return e.replaceInXML(name, src, old, new)
}

func (e *editor) replaceInFlow(name string, src []byte, old, new string) error {
	t, err := jsonspan.Parse(src, nil)
	if err != nil {
		return err
	}
	for _, c := range flowConnections(t) {
		if c.reference != "" && compareFold(c.reference, old) == 0 {
			n := t.Node(c.at)
			e.splice(name, int(n.Start), int(n.End), jsonspan.Quote(new))
		}
	}
	return nil
}

// replaceInXML replaces the name in attributes that hold logical names of references, and in the JSON of canvas apps.
func (e *editor) replaceInXML(name string, src []byte, old, new string) error {
	s := xmlspan.NewScanner(src, nil)
	element := ""
	for s.Next() {
		switch s.Kind {
		case xmlspan.StartTag, xmlspan.EmptyTag:
			element = string(s.Name.Of(src))
			for _, a := range s.Attrs {
				if !strings.HasSuffix(string(a.Name.Of(src)), "connectionreferencelogicalname") {
					continue
				}
				if compareFold(xmlspan.AttrValue(a.Value.Of(src)), old) == 0 {
					e.splice(name, int(a.Value.Start), int(a.Value.End), new)
				}
			}
		case xmlspan.Text:
			if element == "ConnectionReferences" || element == "CdsDependencies" {
				e.replaceInText(name, src, s.Start, s.End, old, new)
			}
		}
	}
	return s.Err()
}

// replaceInText replaces the value of members that name a reference, in JSON that stands in XML, with quotes as
// they are or as references.
func (e *editor) replaceInText(name string, src []byte, start, end int, old, new string) {
	folded, want := lowerASCII(src[start:end]), lowerASCII([]byte(old))
	for at := start; at < end; {
		i := bytes.Index(folded[at-start:], want)
		if i < 0 {
			return
		}
		from := at + i
		at = from + len(old)
		quote := `"`
		if bytes.HasSuffix(src[start:from], []byte("&quot;")) {
			quote = "&quot;"
		}
		before, ok := bytes.CutSuffix(src[start:from], []byte(quote))
		if !ok || !bytes.HasPrefix(src[at:end], []byte(quote)) {
			continue
		}
		before = bytes.TrimRight(before, " \t\r\n")
		before, ok = bytes.CutSuffix(before, []byte(":"))
		before = bytes.ToLower(bytes.TrimRight(before, " \t\r\n"))
		if !ok || !bytes.HasSuffix(before, []byte("logicalname"+quote)) {
			continue
		}
		e.splice(name, from, at, new)
		e.found = append(e.found, diag.Diagnostic{Rule: ruleAppContents.ID, Severity: ruleAppContents.Severity,
			Message:  fmt.Sprintf("a canvas app uses connection reference %q: its .msapp file names it too and is not changed; save the app again", old),
			Location: diag.NewLines(src).Span(name, from, at)})
	}
}

// lowerASCII returns b with the letters of ASCII in lower case. It never changes the length.
func lowerASCII(b []byte) []byte {
	out := bytes.Clone(b)
	for i, c := range out {
		if c >= 'A' && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return out
}

// Merge makes one connection reference of several: what uses one of drop uses keep, and the definitions of drop
// are removed. Links of a bot component that would be there twice are removed too.
//
// The error is a reference that the solution does not have, references of different connectors, or a part that cannot
// be read.
func Merge(fsys fs.FS, keep string, drop ...string) (*Change, error) {
	set, err := scanWhole(fsys)
	if err != nil {
		return nil, err
	}
	kept, ok := set.Reference(keep)
	if !ok {
		return nil, fmt.Errorf("connection reference %q: the solution has none of that name", keep)
	}
	dropped := map[string]bool{}
	for _, name := range drop {
		r, ok := set.Reference(name)
		switch {
		case !ok:
			return nil, fmt.Errorf("connection reference %q: the solution has none of that name", name)
		case compareFold(name, keep) == 0 || dropped[solution.Fold(name)]:
			return nil, fmt.Errorf("connection reference %q is named twice", name)
		}
		if _, exact := SameConnector(r.ConnectorID, kept.ConnectorID); !exact || ConnectorName(r.ConnectorID) != ConnectorName(kept.ConnectorID) ||
			r.CustomConnector != kept.CustomConnector {
			return nil, fmt.Errorf("connection reference %q is for %s, %q for %s: only references of one connector can be merged",
				name, ConnectorName(r.ConnectorID), keep, ConnectorName(kept.ConnectorID))
		}
		dropped[solution.Fold(name)] = true
	}
	e := newEditor(fsys)
	err = e.each(func(part, folded string, src []byte) error {
		removed, err := e.remove(part, folded, src, keep, dropped)
		if err != nil {
			return err
		}
		for _, name := range drop {
			if err := e.replace(part, folded, src, name, kept.LogicalName); err != nil {
				return err
			}
		}
		e.edits[part] = slices.DeleteFunc(e.edits[part], func(x diag.Edit) bool {
			return slices.ContainsFunc(removed, func(r diag.Edit) bool { return r != x && r.Start <= x.Start && x.End <= r.End })
		})
		if len(e.edits[part]) == 0 {
			delete(e.edits, part)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return e.finish()
}

// remove takes out definitions of references that are dropped, and links of a bot component to them if it has one to
// what replaces them already. It returns the edits.
func (e *editor) remove(name, folded string, src []byte, keep string, dropped map[string]bool) ([]diag.Edit, error) {
	attribute, parent := "connectionreferencelogicalname", "connectionreferences"
	link := strings.HasPrefix(folded, "assets/")
	if link {
		attribute, parent = "connectionreferenceid.connectionreferencelogicalname", "botcomponent_connectionreferenceset"
	} else if path.Base(folded) != "customizations.xml" {
		return nil, nil
	}
	doc, err := xmlspan.Parse(src, 2, nil)
	if err != nil {
		return nil, err
	}
	list := doc.Root()
	if !doc.Is(list, parent) {
		list = doc.Child(list, parent)
	}
	if list == xmlspan.None {
		return nil, nil
	}
	linked := map[string]bool{} // bot components that link to what is kept
	for i := range doc.Elements(list) {
		who, _ := doc.Attr(i, "botcomponentid.schemaname")
		if what, _ := doc.Attr(i, attribute); link && compareFold(what, keep) == 0 {
			linked[solution.Fold(who)] = true
		}
	}
	var removed []diag.Edit
	for i := range doc.Elements(list) {
		what, _ := doc.Attr(i, attribute)
		if !dropped[solution.Fold(what)] {
			continue
		}
		who, _ := doc.Attr(i, "botcomponentid.schemaname")
		if link && !linked[solution.Fold(who)] {
			linked[solution.Fold(who)] = true // this one becomes the link
			continue
		}
		start := int(doc.Nodes[i].Start)
		for start > 0 && strings.IndexByte(" \t\r\n", src[start-1]) >= 0 {
			start--
		}
		e.splice(name, start, int(doc.Nodes[i].End), "")
		removed = append(removed, e.edits[name][len(e.edits[name])-1])
	}
	return removed, nil
}

// Adopt points the raw connections of flows at a connection reference: those of its connector, which the alias in the
// flow keeps. Canvas apps are left alone.
//
// The error is a reference that the solution does not have, or a part that cannot be read.
func Adopt(fsys fs.FS, reference string) (*Change, error) {
	set, err := scanWhole(fsys)
	if err != nil {
		return nil, err
	}
	r, ok := set.Reference(reference)
	if !ok {
		return nil, fmt.Errorf("connection reference %q: the solution has none of that name", reference)
	}
	e := newEditor(fsys)
	err = e.each(func(name, folded string, src []byte) error {
		if !strings.HasPrefix(folded, "workflows/") || !strings.HasSuffix(folded, ".json") {
			return nil
		}
		t, err := jsonspan.Parse(src, nil)
		if err != nil {
			return err
		}
		for _, c := range flowConnections(t) {
			if same, exact := SameConnector(c.connector, r.ConnectorID); c.reference != "" || !same || !exact && !r.IsCustom() {
				continue
			}
			x := adoption(t, c.at, jsonspan.Quote(r.LogicalName))
			e.splice(name, x.Start, x.End, x.New)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return e.finish()
}

// adoption is the edit that makes the raw connection i one by a reference.
func adoption(t *jsonspan.Tree, i int32, reference string) jsonspan.Edit {
	const member = "connectionReferenceLogicalName"
	c := t.Get(i, "connection")
	switch {
	case c == 0:
		return t.Insert(i, "connection", `{"`+member+`": `+reference+`}`)
	case t.Kind(c) != jsonspan.Object || t.Node(c).Count == 0:
		return t.Replace(c, `{"`+member+`": `+reference+`}`)
	case t.Get(c, member) != 0:
		return t.Replace(t.Get(c, member), reference)
	}
	return t.Insert(c, member, reference)
}

// Rename returns st with another name for a reference, st itself if it does not name it.
func (st *Settings) Rename(old, name string) (*Settings, error) {
	b, ok := st.Reference(old)
	if !ok {
		return st, nil
	}
	return st.edit(st.set(b.node, "LogicalName", name)...)
}
