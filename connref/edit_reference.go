package connref

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// referenceSection has the definitions of references.
const referenceSection = "connectionreferences"

// SetConnector points a connection reference at another connector. custom is the GUID of a custom connector, zero of a standard
// one; that of a custom connector of the solution need not be given. Flows and apps that use the reference call operations of
// the old connector by name and are not changed.
//
// The error is a reference that the solution does not have, an id that is none, the id of a custom connector whose GUID is
// neither given nor in the solution, or a part that cannot be read.
func SetConnector(p solution.Parts, reference, connectorID string, custom solution.GUID) (*solution.Change, error) {
	r, err := readWhole(p)
	if err != nil {
		return nil, err
	}
	ref, err := r.existing(reference)
	if err != nil {
		return nil, err
	}
	ref.ConnectorID, ref.CustomConnector = connectorID, custom
	if err := r.completeConnector(&ref); err != nil {
		return nil, err
	}
	x, _ := r.custom.Lookup(ref.Key())
	doc, err := xmlspan.ParseElement(r.custom.ElementBytes(x), 2, nil)
	if err != nil {
		return nil, err
	}
	w := elementWriter{solution.NewEditor(p), doc, x.Start}
	w.setChild("connectorid", doc.Child(doc.Root(), "connectorid"), escape(ref.ConnectorID))
	own := doc.Child(doc.Root(), "customconnectorid")
	switch {
	case !ref.CustomConnector.IsZero():
		w.setChild("customconnectorid", own, "<connectorid>"+ref.CustomConnector.String()+"</connectorid>")
	case own != xmlspan.None:
		w.splice(removal(doc, own))
	}
	return w.Change()
}

// completeConnector checks the connector of a reference that is to be written, and looks up the GUID of a custom one.
func (r *reader) completeConnector(ref *Reference) error {
	if ConnectorName(ref.ConnectorID) == "" || strings.ContainsAny(ref.ConnectorID, " \t\r\n") {
		return fmt.Errorf("connection reference %q: %q is no id of a connector: write it as other references do, such as /providers/Microsoft.PowerApps/apis/shared_sql", ref.LogicalName, ref.ConnectorID)
	}
	if err := checkText("the id of the connector", ref.ConnectorID); err != nil {
		return err
	}
	if !ref.CustomConnector.IsZero() || !IsCustomID(ref.ConnectorID) {
		return nil
	}
	if r.custom != nil {
		for x := range r.custom.OfType(solution.TypeConnector) {
			if IsRuntimeID(x.Name, ref.ConnectorID) && !x.ID.IsZero() {
				ref.CustomConnector = x.ID
				return nil
			}
		}
	}
	return fmt.Errorf("connection reference %q: %s is a custom connector that the solution does not hold: give its GUID", ref.LogicalName, ConnectorName(ref.ConnectorID))
}

// AddReference adds connection references to a solution. Their UsedBy and Location say nothing; the GUID of a custom connector of the
// solution need not be given.
//
// The error is a name that the solution has or that is no name, an id of a connector as [SetConnector] refuses, or a part
// that cannot be read.
func AddReference(p solution.Parts, list ...Reference) (*solution.Change, error) {
	r, err := readWhole(p)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return solution.NewEditor(p).Change()
	}
	list = slices.Clone(list)
	twice := map[string]bool{}
	for i := range list {
		if err := r.checkNew(&list[i], twice); err != nil {
			return nil, err
		}
	}
	if r.custom == nil {
		return nil, &fs.PathError{Op: "add connection reference", Path: solution.CustomizationsFile, Err: fs.ErrNotExist}
	}
	doc, err := xmlspan.Parse(r.custom.Bytes(), 2, nil)
	if err != nil {
		return nil, err
	}
	w := elementWriter{solution.NewEditor(p), doc, 0}
	root := doc.Root()
	elements := func(lead string) string {
		var b strings.Builder
		for i, ref := range list {
			if i > 0 {
				b.WriteString(lead)
			}
			b.WriteString(ref.element(lead))
		}
		return b.String()
	}
	if list := doc.Child(root, referenceSection); list != xmlspan.None {
		w.append(list, elements)
		return w.Change()
	}
	section := func(lead string) string {
		inner := lead
		if lead != "" {
			inner += "  "
		}
		return "<" + referenceSection + ">" + inner + elements(inner) + lead + "</" + referenceSection + ">"
	}
	if next := doc.Child(root, "Languages"); next != xmlspan.None { // exports have it behind
		lead := w.lead(next)
		w.splice(solution.Splice{Start: int(doc.Nodes[next].Start), End: int(doc.Nodes[next].Start), Text: section(lead) + lead})
		return w.Change()
	}
	w.append(root, section)
	return w.Change()
}

// checkNew refuses a reference that is there already or that cannot be written, and completes it. twice are the folded names of those
// before it.
func (r *reader) checkNew(ref *Reference, twice map[string]bool) error {
	if err := checkName(ref.LogicalName); err != nil {
		return err
	}
	if _, ok := r.set.Reference(ref.LogicalName); ok {
		return fmt.Errorf("connection reference %q: the solution has one of that name", ref.LogicalName)
	}
	if twice[solution.Fold(ref.LogicalName)] {
		return fmt.Errorf("connection reference %q: it is added twice", ref.LogicalName)
	}
	twice[solution.Fold(ref.LogicalName)] = true
	if err := r.completeConnector(ref); err != nil {
		return err
	}
	return checkText("the connection reference", ref.DisplayName+ref.Description)
}

// element writes a reference as exports do. lead is the white space before it.
func (r Reference) element(lead string) string {
	inner := lead
	if lead != "" {
		inner += "  "
	}
	var b strings.Builder
	b.Write(append(xmlspan.AppendAttr([]byte("<connectionreference"), "connectionreferencelogicalname", r.LogicalName), '>'))
	child := func(name, text string) {
		if text != "" {
			b.WriteString(inner + "<" + name + ">" + text + "</" + name + ">")
		}
	}
	title := r.DisplayName
	if title == "" {
		title = r.LogicalName
	}
	child("connectionreferencedisplayname", escape(title))
	child("connectorid", escape(r.ConnectorID))
	if !r.CustomConnector.IsZero() {
		deeper := inner
		if inner != "" {
			deeper += "  "
		}
		child("customconnectorid", deeper+"<connectorid>"+r.CustomConnector.String()+"</connectorid>"+inner)
	}
	child("description", escape(r.Description))
	child("iscustomizable", "1")
	prompt := "0"
	if r.Skip {
		prompt = "1"
	}
	child("promptingbehavior", prompt)
	child("statecode", "0")
	child("statuscode", "1")
	b.WriteString(lead + "</connectionreference>")
	return b.String()
}

// RemoveReference removes a connection reference that nothing uses, with what the manifest says that it needs.
//
// The error is a reference that the solution does not have or that is used, in which case it names what uses it, or a part
// that cannot be read.
func RemoveReference(p solution.Parts, name string) (*solution.Change, error) {
	r, err := readWhole(p)
	if err != nil {
		return nil, err
	}
	ref, err := r.existing(name)
	if err != nil {
		return nil, err
	}
	if len(ref.UsedBy) > 0 {
		var users []string
		for _, k := range ref.UsedBy {
			users = append(users, k.String())
		}
		return nil, fmt.Errorf("connection reference %q is used by %s: merge it with another one instead", name, strings.Join(users, ", "))
	}
	dropped := map[string]bool{solution.Fold(name): true}
	change, err := r.each(func(e *splices, part kindOfPart, src []byte) error {
		_, err := e.remove(part, src, "", dropped)
		return err
	})
	if err != nil {
		return nil, err
	}
	m, err := solution.ReadManifest(p)
	if err != nil || !slices.ContainsFunc(slices.Collect(m.Dependencies()), ref.needs) {
		return change, nil // a manifest that is there was read
	}
	needs, err := solution.EditManifest(p, func(m *solution.Manifest) (*solution.Manifest, error) {
		return m.WithDependencies(slices.DeleteFunc(slices.Collect(m.Dependencies()), ref.needs)...)
	})
	if err != nil {
		return nil, err
	}
	return solution.JoinChanges(change, needs)
}

// needs reports whether a missing dependency is one of r.
func (r Reference) needs(d solution.Dependency) bool { return d.Dependent.Key.Match(r.Key()) }

// An elementWriter edits elements of a document that begins at an offset of a part.
type elementWriter struct {
	*solution.Editor
	doc   *xmlspan.Document
	start int // of doc in customizations.xml
}

func (w elementWriter) splice(s solution.Splice) {
	w.Splice(solution.CustomizationsFile, w.start+s.Start, w.start+s.End, s.Text)
}

// checkText refuses a text that XML cannot hold. The error does not show it, as it may be a secret.
func checkText(what, text string) error {
	if _, err := xmlspan.Parse([]byte("<a>"+escape(text)+"</a>"), 0, nil); err != nil {
		return fmt.Errorf("%s has characters that XML cannot hold: remove them", what)
	}
	return nil
}

func escape(text string) string { return string(xmlspan.AppendText(nil, text, "\n")) }

// lead returns the white space before an element.
func (w elementWriter) lead(i int32) string { return leadOf(w.doc, i) }

func leadOf(doc *xmlspan.Document, i int32) string {
	end := int(doc.Nodes[i].Start)
	return string(doc.Src[removal(doc, i).Start:end])
}

// setChild gives child i of the root another content, and adds it if there is none.
func (w elementWriter) setChild(name string, i int32, content string) {
	if i == xmlspan.None {
		w.append(w.doc.Root(), func(string) string { return "<" + name + ">" + content + "</" + name + ">" })
		return
	}
	w.splice(withContent(w.doc, i, content))
}

// withContent gives an element another content.
func withContent(doc *xmlspan.Document, i int32, content string) solution.Splice {
	n := doc.Nodes[i]
	if n.Kind == xmlspan.StartTag {
		return solution.Splice{Start: int(n.OpenEnd), End: int(doc.CloseStart(i)), Text: content}
	}
	tag := strings.TrimRight(strings.TrimSuffix(string(doc.Bytes(i)), "/>"), " \t\r\n")
	return solution.Splice{Start: int(n.Start), End: int(n.End), Text: tag + ">" + content + "</" + doc.Name(i) + ">"}
}

// append adds an element behind the last child of an element, in the layout of that one. make gets the white space before it.
func (w elementWriter) append(i int32, make func(lead string) string) {
	w.splice(appended(w.doc, i, make))
}

func appended(doc *xmlspan.Document, i int32, make func(lead string) string) solution.Splice {
	last := xmlspan.None
	for c := range doc.Elements(i) {
		last = c
	}
	if last != xmlspan.None {
		lead, end := leadOf(doc, last), int(doc.Nodes[last].End)
		return solution.Splice{Start: end, End: end, Text: lead + make(lead)}
	}
	outer := leadOf(doc, i)
	lead := outer
	if strings.Contains(outer, "\n") {
		lead += "  "
	}
	return withContent(doc, i, lead+make(lead)+outer)
}
