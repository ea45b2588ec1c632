package connref

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// readWhole reads a solution of which every part has to be readable: an edit that leaves some uses behind is none.
func readWhole(p solution.Parts) (*reader, error) {
	r, err := read(p)
	if err != nil {
		return nil, fmt.Errorf("read solution: %w", err)
	}
	return r, r.set.found.Err()
}

// existing returns the reference of that name.
func (r *reader) existing(name string) (Reference, error) {
	ref, ok := r.set.Reference(name)
	if !ok {
		return ref, fmt.Errorf("connection reference %q: the solution has none of that name", name)
	}
	return ref, nil
}

// splices collects the splices of parts, by name.
type splices struct {
	*reader
	of    map[string][]solution.Splice
	whole map[string][]byte // parts that get other bytes as a whole
	found diag.List
}

func (e *splices) splice(part string, start, end int, text string) {
	e.of[part] = append(e.of[part], solution.Splice{Start: start, End: end, Text: text})
}

// each goes through the parts that can name a reference.
func (r *reader) each(do func(e *splices, part kindOfPart, src []byte) error) (*solution.Change, error) {
	e := &splices{reader: r, of: map[string][]solution.Splice{}, whole: map[string][]byte{}}
	for _, part := range r.kinds {
		if part.kind >= definitionPart { // of variables
			continue
		}
		src, err := r.parts.ReadPart(part.name)
		if err != nil {
			return nil, err
		}
		if err := do(e, part, src); err != nil {
			return nil, fmt.Errorf("%s: %w", r.parts.Locate(part.name, 0).File, err)
		}
	}
	out := solution.NewEditor(r.parts)
	for _, part := range r.kinds {
		for _, s := range e.of[part.name] {
			out.Splice(part.name, s.Start, s.End, s.Text)
		}
		if data, ok := e.whole[part.name]; ok {
			out.Replace(part.name, data)
		}
	}
	out.Note(e.found...)
	return out.Change()
}

// Rename gives a connection reference another logical name, wherever the solution names it: its definition, the
// manifest, flows, bot components and canvas apps: their metadata and their documents, of which all other entries are copied, but
// checksum.json is left out. A finding of the change tells of an app whose document can't be read. Settings have a method of their own, [Settings.Rename].
//
// The error is a reference that the solution does not have, a new name that it has or that is no name, or a
// part that cannot be read: an edit that leaves some uses behind is none.
func Rename(p solution.Parts, old, name string) (*solution.Change, error) {
	r, err := readWhole(p)
	if err != nil {
		return nil, err
	}
	if _, err := r.existing(old); err != nil {
		return nil, err
	}
	if _, ok := r.set.Reference(name); ok && compareFold(old, name) != 0 {
		return nil, fmt.Errorf("connection reference %q exists: merge the two instead", name)
	}
	if err := checkName(name); err != nil {
		return nil, err
	}
	return r.each(func(e *splices, part kindOfPart, src []byte) error { return e.replace(part, src, namesOf(old), name) })
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

// namesOf are names of references, by folded name.
func namesOf(names ...string) map[string]string {
	byFold := make(map[string]string, len(names))
	for _, name := range names {
		byFold[solution.Fold(name)] = name
	}
	return byFold
}

// replace makes the edits that replace names in a part.
func (e *splices) replace(part kindOfPart, src []byte, old map[string]string, new string) error {
	switch part.kind {
	case flowPart:
		return e.replaceInFlow(part.name, src, old, new)
	case appPart:
		return e.replaceInApp(part.name, src, old, new)
	case topicPart:
		for v := range yamlValues(src, "connectionReference") {
			if _, ok := old[solution.Fold(v.text)]; ok {
				e.splice(part.name, v.start, v.end, new)
			}
		}
		return nil
	}
	return e.replaceInXML(part.name, src, old, new)
}

func (e *splices) replaceInFlow(name string, src []byte, old map[string]string, new string) error {
	t, err := jsonspan.Parse(src, nil)
	if err != nil {
		return err
	}
	for _, c := range flowConnections(t) {
		if _, ok := old[solution.Fold(c.reference)]; ok && c.reference != "" {
			n := t.Node(c.at)
			e.splice(name, int(n.Start), int(n.End), jsonspan.Quote(new))
		}
	}
	return nil
}

// replaceInXML replaces names in attributes that hold logical names of references, and in the JSON of canvas apps.
func (e *splices) replaceInXML(name string, src []byte, old map[string]string, new string) error {
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
				if _, ok := old[solution.Fold(xmlspan.AttrValue(a.Value.Of(src)))]; ok {
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
func (e *splices) replaceInText(name string, src []byte, start, end int, old map[string]string, new string) {
	const member = "logicalname"
	folded := lowerASCII(src[start:end])
	for at := 0; ; {
		i := bytes.Index(folded[at:], []byte(member))
		if i < 0 {
			return
		}
		at += i + len(member)
		quote, value := quotedValue(folded[at:])
		if quote == "" {
			continue
		}
		from := at + value
		length := bytes.Index(folded[from:], []byte(quote))
		if length < 0 {
			return
		}
		was, ok := old[solution.Fold(string(src[start+from:start+from+length]))]
		if !ok {
			continue
		}
		at = from + length
		e.splice(name, start+from, start+at, new)
		if e.reaches(start + from) {
			continue
		}
		e.found = append(e.found, diag.Diagnostic{Rule: ruleAppContents.ID, Severity: ruleAppContents.Severity,
			Message:  fmt.Sprintf("a canvas app uses connection reference %q: its .msapp file names it too and is not changed; save the app again", was),
			Location: solution.Span(e.parts, name, start+from, start+at)})
	}
}

// quotedValue returns the quote that ends the name of a member, and where the text begins that is its value: the offset behind
// that quote, a colon and the same quote again. The quote is empty if src does not begin so.
func quotedValue(src []byte) (quote string, value int) {
	for _, quote := range []string{`"`, "&quot;"} {
		rest, ok := bytes.CutPrefix(src, []byte(quote))
		if !ok {
			continue
		}
		rest, ok = bytes.CutPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte(":"))
		if !ok {
			break
		}
		if rest, ok = bytes.CutPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte(quote)); ok {
			return quote, len(src) - len(rest)
		}
	}
	return "", 0
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
// are removed. Links of a bot component that would be there twice are removed too. What it cannot reach is what [Rename]
// cannot.
//
// The error is a reference that the solution does not have, references of different connectors, one to drop that alone has the GUID
// of a custom connector, or a part that cannot be read. Custom connectors are one if their GUIDs are equal, whatever their ids at run time.
func Merge(p solution.Parts, keep string, drop ...string) (*solution.Change, error) {
	r, err := readWhole(p)
	if err != nil {
		return nil, err
	}
	kept, err := r.existing(keep)
	if err != nil {
		return nil, err
	}
	dropped := map[string]bool{}
	for _, name := range drop {
		ref, err := r.existing(name)
		switch {
		case err != nil:
			return nil, err
		case compareFold(name, keep) == 0 || dropped[solution.Fold(name)]:
			return nil, fmt.Errorf("connection reference %q is named twice", name)
		}
		if !ref.sharesConnector(kept) {
			a, b := ref.connectorWords(kept)
			return nil, fmt.Errorf("connection reference %q is for %s, %q for %s: only references of one connector can be merged", name, a, keep, b)
		}
		if kept.CustomConnector.IsZero() && !ref.CustomConnector.IsZero() {
			return nil, fmt.Errorf("connection reference %q has the GUID of its connector, which %q has not: keep %[1]q", name, keep)
		}
		dropped[solution.Fold(name)] = true
	}
	old := namesOf(drop...)
	return r.each(func(e *splices, part kindOfPart, src []byte) error {
		removed, err := e.remove(part, src, keep, dropped)
		if err != nil {
			return err
		}
		if err := e.replace(part, src, old, kept.LogicalName); err != nil {
			return err
		}
		e.of[part.name] = slices.DeleteFunc(e.of[part.name], func(x solution.Splice) bool {
			// Those that are removed follow each other: the last that begins before x is the one that may hold it.
			i, same := slices.BinarySearchFunc(removed, x.Start, func(r solution.Splice, start int) int { return cmp.Compare(r.Start, start) })
			if !same {
				i--
			}
			return i >= 0 && removed[i] != x && x.End <= removed[i].End
		})
		return nil
	})
}

// sharesConnector reports whether r and s are of one connector. The GUID of a custom connector is the same everywhere; where one of
// them has none, the id of the environment that both come from says it.
func (r Reference) sharesConnector(s Reference) bool {
	if !r.CustomConnector.IsZero() && !s.CustomConnector.IsZero() {
		return r.CustomConnector == s.CustomConnector
	}
	same, exact := SameConnector(r.ConnectorID, s.ConnectorID)
	return same && exact
}

// connectorWords names the connectors of r and s so that they can be told apart.
func (r Reference) connectorWords(s Reference) (string, string) {
	a, b := ConnectorName(r.ConnectorID), ConnectorName(s.ConnectorID)
	if a == b {
		a, b = a+" "+r.CustomConnector.String(), b+" "+s.CustomConnector.String()
	}
	return a, b
}

// remove takes out definitions of references that are dropped, and links of a bot component to them if it has one to
// what replaces them already. It returns the edits.
func (e *splices) remove(part kindOfPart, src []byte, keep string, dropped map[string]bool) ([]solution.Splice, error) {
	switch part.kind {
	case customizationsPart, linksPart:
	default:
		return nil, nil
	}
	doc, err := xmlspan.Parse(src, 2, nil)
	if err != nil {
		return nil, err
	}
	attribute, list, link := linkAttribute, doc.Root(), true
	if part.kind == customizationsPart {
		attribute, list, link = "connectionreferencelogicalname", doc.Child(list, referenceSection), false
	}
	if list == xmlspan.None {
		return nil, nil
	}
	linked := map[solution.Key]bool{} // components that link to what is kept
	for i := range doc.Elements(list) {
		if what, _ := doc.Attr(i, attribute); link && compareFold(what, keep) == 0 {
			linked[LinkUser(doc, i)] = true
		}
	}
	var removed []solution.Splice
	for i := range doc.Elements(list) {
		what, _ := doc.Attr(i, attribute)
		if !dropped[solution.Fold(what)] {
			continue
		}
		if who := LinkUser(doc, i); link && !linked[who] {
			linked[who] = true // this one becomes the link
			continue
		}
		s := removal(doc, i)
		e.splice(part.name, s.Start, s.End, s.Text)
		removed = append(removed, s)
	}
	return removed, nil
}

// removal takes an element out, with the white space before it.
func removal(doc *xmlspan.Document, i int32) solution.Splice {
	start := int(doc.Nodes[i].Start)
	for start > 0 && strings.IndexByte(" \t\r\n", doc.Src[start-1]) >= 0 {
		start--
	}
	return solution.Splice{Start: start, End: int(doc.Nodes[i].End)}
}

// Adopt points the raw connections of flows at a connection reference: those of its connector, which the alias in the
// flow keeps. Canvas apps are left alone.
//
// The error is a reference that the solution does not have, or a part that cannot be read.
func Adopt(p solution.Parts, reference string) (*solution.Change, error) {
	r, err := readWhole(p)
	if err != nil {
		return nil, err
	}
	ref, err := r.existing(reference)
	if err != nil {
		return nil, err
	}
	return r.each(func(e *splices, part kindOfPart, src []byte) error {
		if part.kind != flowPart {
			return nil
		}
		t, err := jsonspan.Parse(src, nil)
		if err != nil {
			return err
		}
		for _, c := range flowConnections(t) {
			if same, exact := SameConnector(c.connector, ref.ConnectorID); c.reference != "" || !same || !exact && !ref.IsCustom() {
				continue
			}
			x := adoption(t, c.at, jsonspan.Quote(ref.LogicalName))
			e.splice(part.name, x.Start, x.End, x.New)
		}
		return nil
	})
}

// adoption is the edit that makes the raw connection i one by a reference.
func adoption(t *jsonspan.Tree, i int32, reference string) jsonspan.Edit {
	const member = "connectionReferenceLogicalName"
	c := t.Get(i, "connection")
	switch {
	case c == jsonspan.None:
		return t.Insert(i, "connection", `{"`+member+`": `+reference+`}`)
	case t.Kind(c) != jsonspan.Object || t.Node(c).Count == 0:
		return t.Replace(c, `{"`+member+`": `+reference+`}`)
	case t.Get(c, member) != jsonspan.None:
		return t.Replace(t.Get(c, member), reference)
	}
	return t.Insert(c, member, reference)
}
