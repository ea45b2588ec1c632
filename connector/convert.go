package connector

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// ConvertOptions says how [Connector.As] converts. The zero value converts to loose files, losing nothing.
type ConvertOptions struct {
	// Prefix is the publisher's prefix. Loose files need it to become part of a solution, unless Name is
	// given.
	Prefix string
	// Name is the logical name; default Name(Prefix, title).
	Name string
	// ID is the GUID, with or without braces; default DeriveID(Prefix, name).
	ID string
	// AllowLoss converts although the other form cannot hold everything.
	AllowLoss bool
	// Minify takes the white space out of the definition on the way to a solution, where its text may
	// have 1,000,000 characters.
	Minify bool
}

// A LossError says what the other form cannot hold. Lost are places: the file, "#" and a JSON Pointer
// ("apiProperties.json#/properties/publisher"), or the path of an XML element ("Connector/name").
type LossError struct {
	Form Form
	Lost []string
}

// Error names what would be lost.
func (e *LossError) Error() string {
	return fmt.Sprintf("the form %q cannot hold %s: allow the loss or take it out first", e.Form, strings.Join(e.Lost, ", "))
}

// A File is one part: its slash-separated name and content.
type File struct {
	Name string
	Data []byte
}

// Parts is a connector in one form, as data. It is not changed by the package once it is returned.
//
// In the form of loose files, Files is all. In the form of a solution, Files are the parts as they are
// named in a zip (Connector/...), and Element, Root and Extensions are what the rest of the solution
// needs: the <Connector> element for customizations.xml (LF, two blanks of indent, none before the
// first line), the root component for solution.xml, and the extensions that need a Default entry in
// [Content_Types].xml.
type Parts struct {
	Form       Form
	Files      []File
	Element    []byte
	Root       RootComponent
	Extensions []string
	Lost       []string // what the form could not hold; empty unless the loss was allowed
}

// RootComponent is what solution.xml says of a connector: type 372, behavior 0.
type RootComponent struct {
	Type       int
	ID         string // lower case, no braces
	SchemaName string
	Behavior   int
}

// fileSystem returns files as a file system. Of one name the last counts.
func fileSystem(files []File) fs.FS {
	byName := make(map[string][]byte, len(files))
	for _, f := range files {
		byName[f.Name] = f.Data
	}
	return memfs.New(byName)
}

// FS returns the parts as a file system that [Load] reads: the loose files; or the layout of a zip with
// a customizations.xml that holds the connector alone.
func (p *Parts) FS() fs.FS {
	if p.Form != FormSolution {
		return fileSystem(p.Files)
	}
	var b bytes.Buffer
	b.WriteString(xmlspan.Header + "\n<ImportExportXml>\n  <Connectors>")
	b.Write(layout(p.Element, 2))
	b.WriteString("\n  </Connectors>\n</ImportExportXml>")
	return fileSystem(append([]File{{"customizations.xml", b.Bytes()}}, p.Files...))
}

// Tree returns the parts of the solution form as the reference packager unpacks them: Connectors/NAME.xml
// and the other parts beside it. For loose files it is the same as FS.
func (p *Parts) Tree() fs.FS {
	if p.Form != FormSolution {
		return fileSystem(p.Files)
	}
	root := bytes.Replace(p.Element, []byte("<Connector>"), []byte(`<Connector xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`), 1)
	files := []File{{"Connectors/" + p.Root.SchemaName + ".xml", append([]byte(xmlspan.Header+"\n"), root...)}}
	for _, f := range p.Files {
		files = append(files, File{"Connectors/" + path.Base(f.Name), f.Data})
	}
	return fileSystem(files)
}

// As returns c in the given form. To convert between forms, definition, script and icon keep their
// bytes (but for a byte order mark), and every other value keeps its spelling and the order of its
// members; what the form cannot hold is the error, a [*LossError], unless the options allow it.
//
// From loose files to a solution: policies and brand colour that are absent become null and an empty
// element, as the platform itself writes them, so that the way back gives the same. Lost are publisher,
// stackOwner, capabilities, settings.json and unknown properties. From a solution to loose files: lost
// are name, connectorid, unknown elements, and displayname and description where they differ from info.
func (c *Connector) As(form Form, opts *ConvertOptions) (*Parts, error) {
	var o ConvertOptions
	if opts != nil {
		o = *opts
	}
	var p *Parts
	var err error
	switch {
	case form == c.form && form == FormFiles:
		p = c.ownFiles()
	case form == c.form:
		p, err = c.ownSolution()
	case form == FormSolution:
		p, err = c.toSolution(o)
	case form == FormFiles:
		p, err = c.toFiles()
	default:
		return nil, fmt.Errorf("unknown form %d: use FormFiles or FormSolution", form)
	}
	if err != nil {
		return nil, err
	}
	if len(p.Lost) > 0 && !o.AllowLoss {
		return nil, &LossError{Form: form, Lost: p.Lost}
	}
	return p, nil
}

// ownFiles returns loose files as they are, by their names below the folder.
func (c *Connector) ownFiles() *Parts {
	p := &Parts{Form: FormFiles}
	for _, f := range c.parts() {
		p.Files = append(p.Files, File{strings.TrimPrefix(f.name, strings.TrimPrefix(c.dir+"/", "./")), f.src})
	}
	return p
}

func (c *Connector) ownSolution() (*Parts, error) {
	if c.def.missing {
		return nil, c.noDefinition()
	}
	p := &Parts{Form: FormSolution, Root: RootComponent{connectorType, strings.ToLower(strings.Trim(c.ID(), "{}")), c.name, 0}}
	p.Element = bytes.TrimSpace(layout(rootAttributes.ReplaceAll(c.element.f.src[c.element.start:c.element.end], []byte("<Connector>")), 0))
	for _, f := range c.parts() {
		p.Files = append(p.Files, File{"Connector/" + path.Base(f.name), f.src})
	}
	p.addExtensions()
	return p, nil
}

var rootAttributes = regexp.MustCompile(`^<Connector\s[^>]*>`)

// layout writes an element on lines of its own at a level of indent, in the dialect of the platform.
func layout(element []byte, level int) []byte {
	f := xmlspan.Format{Newline: "\n"}
	return f.Append(nil, element, 0, len(element), level)
}

func (c *Connector) noDefinition() error {
	return fmt.Errorf("connector %q: %w: its definition is not in the package", c.name, fs.ErrNotExist)
}

func (p *Parts) addExtensions() {
	seen := map[string]bool{}
	for _, f := range p.Files {
		if ext := strings.TrimPrefix(path.Ext(f.Name), "."); ext != "" && !seen[ext] {
			seen[ext] = true
			p.Extensions = append(p.Extensions, ext)
		}
	}
}

const (
	connectorType = 372
	plainBOM      = "\xef\xbb\xbf"
)

var guidPattern = regexp.MustCompile(`^\{?([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\}?$`)

// errName is wrapped by errors about a name or id that cannot be used.
var errName = errors.New("cannot name the connector")

// identity returns name and id for the solution form.
func (c *Connector) identity(o ConvertOptions) (name, id string, err error) {
	name = o.Name
	if name == "" {
		if !isPrefix(o.Prefix) {
			return "", "", fmt.Errorf("%w: publisher prefix %q: give 2 to 8 letters and digits, a letter first, or the whole name", errName, o.Prefix)
		}
		if strings.TrimSpace(c.Title()) == "" {
			return "", "", fmt.Errorf("%w: info.title is empty: give a name", errName)
		}
		name = Name(strings.ToLower(o.Prefix), c.Title())
	}
	switch {
	case !utf8.ValidString(name) || strings.IndexFunc(name, func(r rune) bool { return r < 0x20 || r == '/' || r == '\\' || r == 0x7f }) >= 0:
		return "", "", fmt.Errorf("%w: name %q: leave out slashes and control characters", errName, name)
	case strings.TrimSpace(name) != name || strings.HasPrefix(name, "."):
		return "", "", fmt.Errorf("%w: name %q: leave out blanks around it and dots before it", errName, name)
	case len(name) > maxFileName:
		return "", "", fmt.Errorf("%w: name %q has %d bytes, with more than %d its file names are too long: give a shorter one", errName, name, len(name), maxFileName)
	}
	if o.ID == "" {
		return name, DeriveID(o.Prefix, name), nil
	}
	m := guidPattern.FindStringSubmatch(o.ID)
	if m == nil {
		return "", "", fmt.Errorf("%w: id %q is no GUID", errName, o.ID)
	}
	return name, strings.ToLower(m[1]), nil
}

// heldProperties are the members of apiProperties.json that the solution form has a place for.
var heldProperties = map[string]bool{"connectionParameters": true, "connectionParameterSets": true, "iconBrandColor": true, "policyTemplateInstances": true, "scriptOperations": true}

func (c *Connector) lostProperties() []string {
	var lost []string
	note := func(f *file, n int32) { lost = append(lost, path.Base(f.name)+"#"+f.tree.Pointer(n)) }
	if whole := c.props.whole; whole != nil {
		t := whole.tree
		for m := range t.Children(0) {
			if t.Key(m) != "properties" || t.Hidden(m) {
				note(whole, m)
			}
		}
		for m := range c.props.inner.children {
			empty := m.key() == "capabilities" && m.kind() == jsonspan.Array && m.count() == 0
			if !heldProperties[m.key()] && !empty || t.Hidden(m.n) || m.key() == "iconBrandColor" && m.kind() != jsonspan.String {
				note(whole, m.n)
			}
		}
	}
	if c.settings != nil {
		for m := range c.settings.tree.Children(0) {
			note(c.settings, m)
		}
	}
	return lost
}

func (c *Connector) toSolution(o ConvertOptions) (*Parts, error) {
	name, id, err := c.identity(o)
	if err != nil {
		return nil, err
	}
	p := &Parts{Form: FormSolution, Root: RootComponent{connectorType, id, name, 0}, Lost: c.lostProperties()}
	e := elementWriter{b: []byte("<Connector>")}
	e.text("connectorid", id)
	e.text("description", c.Description())
	e.text("displayname", c.Title())
	e.text("iconbrandcolor", c.brand())
	e.text("name", name)
	e.text("connectortype", "1")
	if c.props.scriptOps.ok() {
		var b bytes.Buffer
		if err := json.Compact(&b, c.props.scriptOps.raw()); err != nil {
			return nil, err
		}
		e.text("scriptoperations", b.String())
	}
	add := func(field string, data []byte) {
		for _, part := range partFields {
			if part.name == field {
				p.Files = append(p.Files, File{"Connector/" + name + part.suffix, data})
				e.text(field, "/Connector/"+name+part.suffix)
			}
		}
	}
	or := func(v value, absent string) []byte {
		if v.ok() {
			return v.raw()
		}
		return []byte(absent)
	}
	def := bytes.TrimPrefix(c.def.src, []byte(plainBOM))
	if o.Minify {
		var b bytes.Buffer
		if err := json.Compact(&b, def); err != nil {
			return nil, fmt.Errorf("%s: %w", c.def.name, err)
		}
		def = b.Bytes()
	}
	add("openapidefinition", def)
	add("connectionparameters", or(c.props.params, "{}"))
	if c.props.sets.ok() {
		add("connectionparametersets", c.props.sets.raw())
	}
	add("policytemplateinstances", or(c.props.policies, "null"))
	if c.script != nil {
		add("customcodeblobcontent", c.script.src)
	}
	if c.icon != nil {
		add("iconblob", c.icon.src)
	}
	p.Element = append(e.b, "\n</Connector>"...)
	p.addExtensions()
	return p, nil
}

type elementWriter struct{ b []byte }

// text adds a child element on a line of its own.
func (e *elementWriter) text(name, text string) {
	e.b = append(e.b, "\n  <"+name+">"...)
	e.b = xmlspan.AppendText(e.b, strings.Map(xmlRune, text), "\n")
	e.b = append(e.b, "</"+name+">"...)
}

// xmlRune drops what XML cannot hold; only info.title and info.description could have it, and the
// definition keeps those.
func xmlRune(r rune) rune {
	if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
		return -1
	}
	return r
}

// knownFields are the children of <Connector> that loose files hold in some way.
var knownFields = map[string]bool{"iconbrandcolor": true, "scriptoperations": true, "openapidefinition": true, "connectionparameters": true,
	"connectionparametersets": true, "policytemplateinstances": true, "customcodeblobcontent": true, "iconblob": true}

func (c *Connector) lostFields() []string {
	var lost []string
	for _, f := range c.element.fields {
		held := knownFields[strings.ToLower(f.name)]
		switch strings.ToLower(f.name) {
		case "connectortype":
			held = f.value == "1"
		case "displayname":
			held = f.value == "" || sameText(f.value, c.Title())
		case "description":
			held = f.value == "" || sameText(f.value, c.Description())
		}
		if !held {
			lost = append(lost, "Connector/"+f.name)
		}
	}
	return lost
}

func sameText(a, b string) bool {
	plain := strings.NewReplacer("\r\n", "\n", "\r", "\n")
	return plain.Replace(a) == plain.Replace(b)
}

func (c *Connector) toFiles() (*Parts, error) {
	if c.def.missing {
		return nil, c.noDefinition()
	}
	p := &Parts{Form: FormFiles, Lost: c.lostFields()}
	var b bytes.Buffer
	b.WriteString("{\n  \"properties\": {")
	first := true
	member := func(key string, raw []byte) error {
		if !first {
			b.WriteByte(',')
		}
		first = false
		b.WriteString("\n    " + jsonspan.Quote(key) + ": ")
		return json.Indent(&b, raw, "    ", "  ")
	}
	or := func(v value, absent string) []byte {
		if v.ok() {
			return bytes.TrimPrefix(v.raw(), []byte(plainBOM))
		}
		return []byte(absent)
	}
	err := member("connectionParameters", or(c.props.params, "{}"))
	if c.props.sets.ok() {
		err = errors.Join(err, member("connectionParameterSets", c.props.sets.raw()))
	}
	if color := c.brand(); color != "" {
		err = errors.Join(err, member("iconBrandColor", []byte(jsonspan.Quote(color))))
	}
	err = errors.Join(err, member("capabilities", []byte("[]")))
	if c.props.policies.ok() && c.props.policies.kind() != jsonspan.Null {
		err = errors.Join(err, member("policyTemplateInstances", c.props.policies.raw()))
	}
	if c.props.scriptOps.ok() {
		err = errors.Join(err, member("scriptOperations", c.props.scriptOps.raw()))
	}
	if err != nil {
		return nil, err
	}
	b.WriteString("\n  }\n}\n")
	p.Files = append(p.Files, File{definitionFile, bytes.TrimPrefix(c.def.src, []byte(plainBOM))}, File{propertiesFile, b.Bytes()})
	if c.icon != nil {
		p.Files = append(p.Files, File{iconFile, c.icon.src})
	}
	if c.script != nil {
		p.Files = append(p.Files, File{scriptFile, c.script.src})
	}
	return p, nil
}
