package connector

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

func readLimited(name string, f fs.File) ([]byte, error) {
	var b bytes.Buffer
	if info, err := f.Stat(); err == nil && info.Size() > 0 {
		b.Grow(int(info.Size()) + bytes.MinRead)
	}
	n, err := b.ReadFrom(io.LimitReader(f, maxPart+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if n > maxPart {
		return nil, fmt.Errorf("%s: more bytes than the limit of %d", name, maxPart)
	}
	return b.Bytes(), nil
}

// A solution is what surrounds the connectors of one package.
type surroundings struct {
	dir      string
	unpacked bool
	folder   string // of the parts: "Connector" in a zip, "Connectors" unpacked; as spelled there
	files    []string
	elements []*element
	broken   []error // of Connectors/NAME.xml files that cannot be read
	manifest *file   // solution.xml; nil if absent
	prefix   string
	roots    []rootComponent

	references []connectionReference
	variables  map[string]bool // schema names in lower case, those of declared dependencies included
	flows      []*file         // names and contents of cloud flows
}

type rootComponent struct {
	id, schemaName string
	offset         int
}

type connectionReference struct {
	name, apiID, connector string
	f                      *file
	offset                 int
}

// isSolution reports whether a folder is the root of a solution: customizations.xml in a zip,
// Other/Customizations.xml or Connectors/ unpacked.
func isSolution(entries []fs.DirEntry) bool {
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		switch strings.ToLower(e.Name()) {
		case "customizations.xml":
			return !e.IsDir()
		case "connectors", "connector":
			return e.IsDir()
		}
		return false
	})
}

// fold finds a child of dir without regard to case.
func (r *reader) fold(dir, name string) (string, bool) {
	entries, err := fs.ReadDir(r.fsys, dir)
	if err != nil {
		return path.Join(dir, name), false
	}
	for _, e := range entries {
		if strings.EqualFold(e.Name(), name) {
			return path.Join(dir, e.Name()), true
		}
	}
	return path.Join(dir, name), false
}

// openSolution reads what surrounds the connectors; nil if dir is no solution.
func (r *reader) openSolution(dir string) (*surroundings, error) {
	s := &surroundings{dir: dir, variables: map[string]bool{}}
	var customizations string
	if name, ok := r.fold(dir, "customizations.xml"); ok {
		customizations = name
		s.folder, _ = r.fold(dir, "Connector")
	} else if folder, ok := r.fold(dir, "Connectors"); ok {
		s.unpacked, s.folder = true, folder
		if other, ok := r.fold(dir, "Other"); ok {
			customizations, _ = r.fold(other, "Customizations.xml")
		}
	} else {
		return nil, nil
	}
	if err := r.listParts(s); err != nil {
		return nil, err
	}
	if customizations != "" {
		if err := r.readCustomizations(s, customizations); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	if s.unpacked {
		if err := r.readElements(s); err != nil {
			return nil, err
		}
	}
	if len(s.elements) == 0 && len(s.files) == 0 {
		return s, nil
	}
	return s, r.readSurroundings(s)
}

func (r *reader) listParts(s *surroundings) error {
	entries, err := fs.ReadDir(r.fsys, s.folder)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	for _, e := range entries {
		if !e.IsDir() {
			s.files = append(s.files, path.Join(s.folder, e.Name()))
		}
	}
	return nil
}

// readCustomizations takes the <Connector> elements and the connection references.
func (r *reader) readCustomizations(s *surroundings, name string) error {
	src, err := r.bytes(name)
	if err != nil {
		return err
	}
	hasConnectors, hasReferences := bytes.Contains(src, []byte("<Connector>")) || bytes.Contains(src, []byte("<Connector ")), bytes.Contains(src, []byte("<connectionreference "))
	if !hasConnectors && !hasReferences {
		return nil // the common case of a large file: nothing of ours inside
	}
	f := newFile(name, src)
	doc, err := parseXML(f, 5)
	if err != nil {
		return err
	}
	for section := range doc.Elements(doc.Root()) {
		switch doc.Name(section) {
		case "Connectors":
			for e := range doc.Elements(section) {
				if doc.Is(e, "Connector") {
					s.elements = append(s.elements, newElement(f, doc, e))
				}
			}
		case "connectionreferences":
			for e := range doc.Elements(section) {
				ref := connectionReference{f: f, offset: int(doc.Nodes[e].Start)}
				ref.name, _ = doc.Attr(e, "connectionreferencelogicalname")
				ref.apiID = strings.TrimPrefix(strings.ToLower(doc.Text(doc.Child(e, "connectorid"))), "/providers/microsoft.powerapps/apis/")
				ref.connector = strings.ToLower(strings.TrimSpace(doc.Text(doc.At(e, "customconnectorid", "connectorid"))))
				s.references = append(s.references, ref)
			}
		}
	}
	return nil
}

func parseXML(f *file, depth int) (*xmlspan.Document, error) {
	doc, err := xmlspan.Parse(f.src, depth, nil)
	var se *xmlspan.SyntaxError
	if errors.As(err, &se) {
		return nil, f.syntaxError(se.Offset, se)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	return doc, nil
}

// readElements reads the Connectors/NAME.xml files of a tree. One that is no XML leaves the others as they are.
func (r *reader) readElements(s *surroundings) error {
	var rest []string
	for _, name := range s.files {
		if !strings.EqualFold(path.Ext(name), ".xml") {
			rest = append(rest, name)
			continue
		}
		src, err := r.bytes(name)
		if err != nil {
			return err
		}
		f := newFile(name, src)
		doc, err := parseXML(f, 3)
		if err != nil {
			s.broken = append(s.broken, err)
			continue
		}
		if doc.Is(doc.Root(), "Connector") {
			s.elements = append(s.elements, newElement(f, doc, doc.Root()))
		}
	}
	s.files = rest
	return nil
}

// readSurroundings reads the manifest, the environment variables and the cloud flows: what the rules of
// the solution form compare a connector with.
func (r *reader) readSurroundings(s *surroundings) error {
	manifest, ok := r.fold(s.dir, "solution.xml")
	if !ok {
		if other, found := r.fold(s.dir, "Other"); found {
			manifest, ok = r.fold(other, "Solution.xml")
		}
	}
	if ok {
		src, err := r.bytes(manifest)
		if err != nil {
			return err
		}
		s.manifest = newFile(manifest, src)
		if err := s.readManifest(); err != nil {
			return err
		}
	}
	if folder, ok := r.fold(s.dir, "environmentvariabledefinitions"); ok {
		entries, err := fs.ReadDir(r.fsys, folder)
		if err != nil {
			return err
		}
		for _, e := range entries {
			s.variables[strings.ToLower(e.Name())] = true
		}
	}
	folder, ok := r.fold(s.dir, "Workflows")
	if !ok {
		return nil
	}
	entries, err := fs.ReadDir(r.fsys, folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.EqualFold(path.Ext(e.Name()), ".json") || e.IsDir() {
			continue
		}
		src, err := r.bytes(path.Join(folder, e.Name()))
		if err != nil {
			return err
		}
		s.flows = append(s.flows, newFile(path.Join(folder, e.Name()), src))
	}
	return nil
}

const connectorComponent = "372" // the type code of connectors among root components

func (s *surroundings) readManifest() error {
	doc, err := parseXML(s.manifest, 6)
	if err != nil {
		return err
	}
	root := doc.At(doc.Root(), "SolutionManifest")
	if root == xmlspan.None {
		return nil
	}
	s.prefix = doc.Text(doc.At(root, "Publisher", "CustomizationPrefix"))
	if list := doc.Child(root, "RootComponents"); list != xmlspan.None {
		for c := range doc.Elements(list) {
			if t, _ := doc.Attr(c, "type"); t == connectorComponent {
				id, _ := doc.Attr(c, "id")
				name, _ := doc.Attr(c, "schemaName")
				s.roots = append(s.roots, rootComponent{strings.ToLower(strings.Trim(id, "{}")), name, int(doc.Nodes[c].Start)})
			}
		}
	}
	if list := doc.Child(root, "MissingDependencies"); list != xmlspan.None {
		for c := range doc.Elements(list) {
			if req := doc.Child(c, "Required"); req != xmlspan.None {
				if name, _ := doc.Attr(req, "schemaName"); name != "" {
					s.variables[strings.ToLower(name)] = true
				}
			}
		}
	}
	return nil
}

// part returns the file that a path like /Connector/x.json names, wherever the package keeps it.
func (s *surroundings) part(named string) (string, bool) {
	base := path.Base(strings.ReplaceAll(named, `\`, "/"))
	for _, exact := range []bool{true, false} {
		for _, f := range s.files {
			if b := path.Base(f); b == base || !exact && strings.EqualFold(b, base) {
				return f, true
			}
		}
	}
	return path.Join(s.folder, base), false
}

// fromElement reads the parts that an element names. Parts that are not there are left to rule
// CONN-SOL-001.
func (r *reader) fromElement(s *surroundings, e *element) (*Connector, error) {
	c := &Connector{form: FormSolution, dir: s.dir, name: e.text("name"), element: e, solution: s}
	files := map[string]*file{}
	for _, p := range partFields {
		named := strings.TrimSpace(e.text(p.name))
		if named == "" {
			continue
		}
		at, ok := s.part(named)
		if !ok {
			continue
		}
		src, err := r.bytes(at)
		if err != nil {
			return nil, err
		}
		if p.name == "customcodeblobcontent" || p.name == "iconblob" {
			files[p.name] = newFile(at, src)
			continue
		}
		if files[p.name], err = readJSON(at, src, r.lenient); err != nil {
			return nil, err
		}
	}
	c.script, c.icon = files["customcodeblobcontent"], files["iconblob"]
	def := files["openapidefinition"]
	if def == nil {
		at, _ := s.part(e.text("openapidefinition"))
		def, _ = readJSON(at, []byte("{}"), false)
	}
	var err error
	if c.def, err = definitionOf(def); err != nil {
		return nil, err
	}
	c.def.missing = files["openapidefinition"] == nil
	whole := func(name string) value {
		if f := files[name]; f != nil {
			return value{f, 0}
		}
		return value{}
	}
	c.props.params = whole("connectionparameters")
	c.props.sets = whole("connectionparametersets")
	c.props.policies = whole("policytemplateinstances")
	if v, ok := e.lookup("scriptoperations"); ok && strings.TrimSpace(v.value) != "" {
		f, err := readJSON("", []byte(v.value), r.lenient)
		if err != nil {
			var se *SyntaxError
			if errors.As(err, &se) {
				se.Location, se.Message = e.location("scriptoperations"), "<scriptoperations> is "+se.Message
			}
			return nil, err
		}
		c.props.scriptOps = value{f, 0}
	}
	c.props.index()
	return c, nil
}
