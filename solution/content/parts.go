package content

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A reader collects what the parts of a solution say.
type reader struct {
	fsys fs.FS
	tree bool            // an unpacked tree
	all  map[string]bool // folded names of all files

	manifest   *solution.Manifest
	components []Component
	references []Reference
	found      diag.List

	sets     map[string]string       // folded set name to table
	flows    map[string]solution.Key // folded name of a flow's file to its key
	tables   map[string]string       // folder below Entities to the name of the table
	wrapping map[string][]string     // root element of a tree's file to the elements it stood in
	sections map[string]bool
}

func newReader(fsys fs.FS) *reader {
	r := &reader{fsys: fsys, all: map[string]bool{}, sets: map[string]string{}, flows: map[string]solution.Key{},
		tables: map[string]string{}, wrapping: map[string][]string{}, sections: map[string]bool{}}
	for info := range solution.ComponentTypes() {
		for _, p := range strings.Fields(info.Section) {
			steps := strings.Split(p, "/")
			r.sections[steps[0]] = true
			last := len(steps) - 1
			if old, ok := r.wrapping[steps[last]]; last > 0 && (!ok || len(old) > last) {
				r.wrapping[steps[last]] = steps[:last]
			}
		}
	}
	return r
}

// run reads all parts, flows and bots last, because what they name is resolved by what the others hold.
func (r *reader) run() error {
	var names []string
	err := fs.WalkDir(r.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
			r.all[strings.ToLower(name)] = true
		}
		return err
	})
	if err != nil {
		return err
	}
	r.tree = r.all["other/customizations.xml"]
	for _, later := range []bool{false, true} {
		for _, name := range names {
			read, must := r.how(name)
			if read == nil || later != (strings.HasSuffix(name, ".json") || path.Base(name) == "data") {
				continue
			}
			src, err := fs.ReadFile(r.fsys, name)
			if err != nil {
				return err
			}
			if err := read(name, src); err != nil {
				if must {
					return err
				}
				r.malformed(name, src, err)
			}
		}
	}
	return nil
}

// folders of a tree whose XML files are pieces of customizations.xml, besides *.data.xml and *.meta.xml in any folder.
var pieceFolders = map[string]bool{"appmodules": true, "appmodulesitemaps": true, "connectors": true, "dashboards": true,
	"entities": true, "entitydataproviders": true, "entitydatasources": true, "interactioncentricdashboards": true,
	"optionsets": true, "other": true, "pluginassemblies": true, "reports": true, "roles": true, "sdkmessageprocessingsteps": true,
	"templates": true}

// folders whose XML files are content of a component, not components.
var fileFolders = map[string]bool{"webresources": true, "controls": true, "canvasapps": true, "workflows": true, "connector": true,
	"connectors": true, "pluginassemblies": true, "reports": true, "entities": true, "formulas": true}

// files of a tree that say nothing of their own.
var skipped = map[string]bool{"other/relationships.xml": true}

// how says how a part is read, nil if it is not. must says that an error ends the reading.
func (r *reader) how(name string) (read func(name string, src []byte) error, must bool) {
	folded := strings.ToLower(name)
	folder, rest, nested := strings.Cut(folded, "/")
	switch {
	case !nested && folded == "solution.xml" && !r.tree, folded == "other/solution.xml" && r.tree:
		return r.readManifest, true
	case folded == "customizations.xml" && !r.tree, folded == "other/customizations.xml" && r.tree:
		return r.readCustomizations, true
	case !nested || skipped[folded] || strings.HasPrefix(folded, "other/unclaimed/"):
		return nil, false
	case folded == "other/rescued.xml":
		return r.readRescued, false
	case folder == "workflows" && strings.HasSuffix(folded, ".json"):
		return r.readFlow, false
	case folder == "botcomponents" && path.Base(rest) == "data":
		return r.readTopic, false
	case folder == "assets" && strings.HasSuffix(folded, ".xml"):
		return r.readLinks, false
	case !strings.HasSuffix(folded, ".xml"):
		return nil, false
	case r.tree && (strings.HasSuffix(folded, ".data.xml") || strings.HasSuffix(folded, ".meta.xml") || pieceFolders[folder]):
		if strings.HasSuffix(folded, "_managed.xml") && r.all[strings.TrimSuffix(folded, "_managed.xml")+".xml"] {
			return nil, false // a tree of both kinds: the unmanaged one counts
		}
		return r.readPiece, false
	case !fileFolders[folder]:
		return r.readFolderComponent, false
	}
	return nil, false
}

func (r *reader) readManifest(name string, src []byte) error {
	m, err := solution.ParseManifest(src, name)
	if err != nil {
		return err
	}
	r.manifest = m
	return nil
}

func (r *reader) readCustomizations(name string, src []byte) error {
	return r.walk(&document{name: name, src: src, lines: diag.NewLines(src)})
}

// readPiece reads a file of a tree as the piece of customizations.xml that it was: what stood around it is put
// around it again.
func (r *reader) readPiece(name string, src []byte) error {
	start, root, err := rootOf(src)
	if err != nil {
		return err
	}
	w := wrapping{open: "<ImportExportXml>", closing: "</ImportExportXml>"}
	steps := strings.Split(name, "/")
	switch {
	case strings.EqualFold(steps[0], "Entities") && len(steps) > 2 && root != "Entity":
		table, ok := r.tables[steps[1]]
		if !ok {
			table = steps[1]
		}
		w.add("Entities", "Entity")
		w.open += string(xmlspan.AppendText([]byte("<Name>"), table, "\n")) + "</Name>"
		if around, ok := partsOfTable[root]; ok {
			w.add(around)
		}
	case r.sections[root]:
	case r.wrapping[root] != nil:
		w.add(r.wrapping[root]...)
	default:
		w.add(steps[0])
	}
	d := w.document(name, src, start, len(src), diag.NewLines(src))
	if root == "Entity" && len(steps) > 2 {
		d.folder = steps[1]
	}
	return r.walk(d)
}

// partsOfTable are the elements in which the files of a table stood, by their root.
var partsOfTable = map[string]string{"forms": "FormXml", "savedqueries": "SavedQueries", "visualization": "Visualizations"}

// A wrapping is what stood around a piece.
type wrapping struct{ open, closing string }

func (w *wrapping) add(elements ...string) {
	for _, e := range elements {
		w.open += "<" + e + ">"
		w.closing = "</" + e + ">" + w.closing
	}
}

// document puts w around the bytes [start,end) of a part.
func (w *wrapping) document(name string, src []byte, start, end int, lines *diag.Lines) *document {
	wrapped := make([]byte, 0, len(w.open)+end-start+len(w.closing))
	wrapped = append(append(append(wrapped, w.open...), src[start:end]...), w.closing...)
	return &document{name: name, src: wrapped, lines: lines, from: len(w.open), shift: start - len(w.open)}
}

// readRescued reads the elements that have no file in a tree: Rescued/In@Path/Content/Node.
func (r *reader) readRescued(name string, src []byte) error {
	doc, err := xmlspan.Parse(src, 4, nil)
	if err != nil {
		return err
	}
	lines := diag.NewLines(src)
	for in := range doc.Elements(doc.Root()) {
		where, _ := doc.Attr(in, "Path")
		if strings.ContainsAny(where, "[]@<>&\"' ") || where == "" {
			continue // inside of a component, which has a file
		}
		for content := range doc.Elements(in) {
			for node := range doc.Elements(content) {
				n := doc.Nodes[node]
				if !doc.Is(node, "Node") || n.CloseStart <= n.OpenEnd {
					continue
				}
				w := wrapping{open: "<ImportExportXml>", closing: "</ImportExportXml>"}
				w.add(strings.Split(where, "/")...)
				if err := r.walk(w.document(name, src, int(n.OpenEnd), int(n.CloseStart), lines)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// rootOf returns where the root element of a document starts, and its name.
func rootOf(src []byte) (int, string, error) {
	s := xmlspan.NewScanner(src, nil)
	for s.Next() {
		if s.Kind == xmlspan.StartTag || s.Kind == xmlspan.EmptyTag {
			return s.Start, string(s.Name.Of(src)), nil
		}
	}
	if err := s.Err(); err != nil {
		return 0, "", err
	}
	return 0, "", errors.New("no root element")
}

// A document is a part that holds pieces of customizations.xml.
type document struct {
	name   string
	src    []byte // what is scanned
	lines  *diag.Lines
	from   int    // where the part starts in src
	shift  int    // add to an offset in src to get one in the part
	folder string // of a table in a tree
}

func (d *document) location(start, end int, elements string) diag.Location {
	at := d.lines.Span(d.name, start+d.shift, end+d.shift)
	at.Path = elements
	return at
}

func (r *reader) malformed(name string, src []byte, err error) {
	offset, text := 0, err.Error()
	var j *jsonspan.SyntaxError
	var x *xmlspan.SyntaxError
	var s *solution.SyntaxError
	switch {
	case errors.As(err, &s):
		offset, text = s.Pos.Offset, s.Err.Error()
	case errors.As(err, &j):
		offset, text = j.Offset, j.Message
	case errors.As(err, &x):
		offset, text = x.Offset, x.Msg
	}
	at := diag.NewLines(src).Span(name, min(offset, len(src)), min(offset, len(src)))
	r.report(ruleMalformed, at, "what this file holds and refers to is not known: %s; repair it", text)
}

func (r *reader) report(rule diag.Rule, at diag.Location, format string, args ...any) {
	r.found = append(r.found, diag.Diagnostic{Rule: rule.ID, Severity: rule.Severity, Location: at, Message: fmt.Sprintf(format, args...)})
}

// refer adds a reference. Empty texts name nothing.
func (r *reader) refer(edge Edge, from, to solution.Key, text string, at diag.Location) {
	if text == "" || from.IsZero() {
		return
	}
	ref := Reference{From: from, To: to, Edge: edge, Text: text, Location: at}
	if strings.HasPrefix(text, "@") || strings.HasPrefix(text, "=") {
		ref.Resolved = Unknown
		ref.To = solution.Key{Type: to.Type}
	}
	r.references = append(r.references, ref)
}

func key(t solution.ComponentType, name string) solution.Key {
	return solution.NewKey(t, "", name, solution.GUID{})
}

// idKey returns the key of a component by the text of its GUID; a text that is none is taken for a name.
func idKey(t solution.ComponentType, text string) solution.Key {
	id, err := solution.ParseGUID(strings.TrimSpace(text))
	if err != nil {
		return key(t, text)
	}
	return solution.Key{Type: t, ID: id}
}

func columnKey(table, column string) solution.Key {
	return solution.NewKey(solution.TypeAttribute, table, column, solution.GUID{})
}

func isGUID(text string) bool {
	_, err := solution.ParseGUID(text)
	return err == nil
}
