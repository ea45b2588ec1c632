package solution

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// ManifestFile is the name of the manifest in a solution zip, and that of its part.
const ManifestFile = "solution.xml"

// A Manifest is solution.xml: who the solution is, who published it, what its roots are and what it
// needs. It is an immutable view over the bytes it was parsed from and safe for concurrent use.
//
// With methods return a new Manifest in which only the changed spans of the bytes differ, or the Manifest itself if nothing
// does. Elements and attributes that this package does not know are carried. Locations in the new one are places in its own
// bytes. [EditManifest] makes a [Change] of such edits, which can be written back to where the manifest is from.
type Manifest struct {
	doc  *xmlspan.Document
	root int32 // ImportExportXml
	top  int32 // SolutionManifest

	version   Version
	kind      Kind
	publisher Publisher
	roots     []RootComponent // without Location
	rootNodes []int32
	needNodes []needNode // of missing dependencies, which are read when they are asked for: each takes a kilobyte
	file      string     // the name of the source, for errors and findings
	places    places

	origin  *Manifest // what a With method made this of, nil if it was read
	splices []Splice  // of the bytes of origin
}

type needNode struct{ item, required, dependent int32 }

// A Label is a text in one language.
type Label struct {
	LCID int // the language, such as 1033 for English (United States); 0 if the file does not say
	Text string
}

// A Publisher is the owner of a solution. A pointer is nil where the file has no value: the element is
// absent or says xsi:nil; an empty element gives an empty text.
type Publisher struct {
	UniqueName        string // identity; a managed update with another one is refused
	Prefix            string // CustomizationPrefix, which begins every new name: 2 to 8 letters and digits
	OptionValuePrefix int    // CustomizationOptionValuePrefix, 10000 to 99999; 0 if there is none
	DisplayNames      []Label
	Descriptions      []Label
	EMail             *string
	Website           *string
	Addresses         []Address
}

// An Address of a publisher: its child elements in the order of the file. Platform exports have two
// addresses of 24 to 26 elements, nearly all of them null.
type Address []AddressField

// An AddressField is one element of an [Address]; a nil Value is null.
type AddressField struct {
	Name  string
	Value *string
}

// Value returns the text of the element of that name and whether there is one that is not null.
func (a Address) Value(name string) (string, bool) {
	for _, f := range a {
		if f.Name == name && f.Value != nil {
			return *f.Value, true
		}
	}
	return "", false
}

// Behavior says how much of a table a root component brings along.
type Behavior uint8

const (
	IncludeSubcomponents      Behavior = iota // all columns, forms, views, ...
	DoNotIncludeSubcomponents                 // the table's own settings, and what else is a root
	IncludeAsShell                            // nothing of the table but its name
)

// String returns "all", "metadata" or "shell".
func (b Behavior) String() string {
	words := [...]string{"all", "metadata", "shell"}
	if int(b) < len(words) {
		return words[b]
	}
	return "behavior(" + strconv.Itoa(int(b)) + ")"
}

// A RootComponent is what somebody added to the solution. The list is not the contents of the package:
// parts of the roots and many newer kinds are in the package without being listed.
type RootComponent struct {
	// Key identifies the component. An id that is not a GUID becomes the name, so nothing that differs
	// in the file is equal here.
	Key        Key
	SchemaName string // as written; empty if there is none
	ID         GUID   // also where it is not identity; zero if there is none
	ParentID   GUID   // the role, in manifests of version 7, which give it no other key
	Behavior   Behavior
	Location   diag.Location // the element; ignored by With methods
}

// NewRootComponent returns a root for [Manifest.WithRootComponents]. schemaName or id may be empty.
func NewRootComponent(t ComponentType, schemaName string, id GUID) RootComponent {
	return RootComponent{Key: NewKey(t, "", schemaName, id), SchemaName: schemaName, ID: id}
}

// An Export says what wrote the file: the attributes of its root element, as written and empty where
// absent. The last three come together or not at all.
type Export struct {
	PlatformVersion        string // version: the platform build, four numbers
	SolutionPackageVersion string // format, "9.2"; an environment refuses one above its own
	LanguageCode           string // the base language
	GeneratedBy            string // CrmLive or OnPremise
	OrganizationVersion    string
	OrganizationSchemaType string // Core, Standard or Full, in this order
	ServiceabilityVersion  string // CRMServerServiceabilityVersion
}

// UniqueName returns the name that identifies the solution, compared without regard to case. It is
// empty if the file has none.
func (m *Manifest) UniqueName() string { return m.text("UniqueName") }

// DisplayNames returns the display names.
func (m *Manifest) DisplayNames() []Label { return m.labels(m.top, "LocalizedNames", "LocalizedName") }

// Descriptions returns the descriptions.
func (m *Manifest) Descriptions() []Label { return m.labels(m.top, "Descriptions", "Description") }

// Version returns the version, zero if there is none or it cannot be read; [Manifest.Check] tells.
func (m *Manifest) Version() Version { return m.version }

// VersionText returns the version as written.
func (m *Manifest) VersionText() string { return m.text("Version") }

// Kind returns the flavour. A file that does not say, or says something unknown, is [Unmanaged];
// [Manifest.KindText] and [Manifest.Check] tell.
func (m *Manifest) Kind() Kind { return m.kind }

// KindText returns the text of the Managed element and whether there is one.
func (m *Manifest) KindText() (string, bool) {
	i := m.child("Managed")
	return m.value(i), i != xmlspan.None
}

// Publisher returns the publisher, zero if there is none. The caller may change it.
func (m *Manifest) Publisher() Publisher {
	p := m.publisher
	p.DisplayNames = slices.Clone(p.DisplayNames)
	p.Descriptions = slices.Clone(p.Descriptions)
	p.Addresses = slices.Clone(p.Addresses)
	for i, a := range p.Addresses {
		p.Addresses[i] = slices.Clone(a)
	}
	return p
}

// ConfigurationPage returns the name of the web resource that is the solution's configuration page,
// nil if there is none.
func (m *Manifest) ConfigurationPage() *string { return m.optional(m.top, "ConfigurationPage") }

// Export returns what wrote the file.
func (m *Manifest) Export() Export {
	var e Export
	for name, value := range m.doc.Attrs(m.root) {
		switch name {
		case "version":
			e.PlatformVersion = value
		case "SolutionPackageVersion":
			e.SolutionPackageVersion = value
		case "languagecode":
			e.LanguageCode = value
		case "generatedBy":
			e.GeneratedBy = value
		case "OrganizationVersion":
			e.OrganizationVersion = value
		case "OrganizationSchemaType":
			e.OrganizationSchemaType = value
		case "CRMServerServiceabilityVersion":
			e.ServiceabilityVersion = value
		}
	}
	return e
}

// PatchOf returns the solution that this one patches, and whether it is a patch. A ParentSolution
// element says so, with the parent's version; without it, a unique name that ends with _Patch_ and
// hexadecimal digits does, without a version. Whether the platform always writes that element is not
// documented.
func (m *Manifest) PatchOf() (Ref, bool) {
	if p := m.child("ParentSolution"); p != xmlspan.None {
		ref := Ref{Name: m.value(m.doc.Child(p, "UniqueName")), VersionText: m.value(m.doc.Child(p, "Version"))}
		if v, err := ParseVersion(ref.VersionText); err == nil {
			ref.Version = v
		}
		return ref, true
	}
	const mark = "_patch_"
	name := m.UniqueName()
	at := strings.LastIndex(Fold(name), mark)
	if at <= 0 {
		return Ref{}, false
	}
	digits := name[at+len(mark):]
	if digits == "" || strings.Trim(digits, "0123456789abcdefABCDEF") != "" {
		return Ref{}, false
	}
	return Ref{Name: name[:at]}, true
}

// RootComponents returns the root components in the order of the file.
func (m *Manifest) RootComponents() iter.Seq[RootComponent] {
	return func(yield func(RootComponent) bool) {
		for i, rc := range m.roots {
			rc.Location = m.location(m.rootNodes[i], rootPath(i))
			if !yield(rc) {
				return
			}
		}
	}
}

func rootPath(i int) string {
	return "SolutionManifest/RootComponents/RootComponent[" + strconv.Itoa(i+1) + "]"
}

// Bytes returns the file. The caller must not change it.
func (m *Manifest) Bytes() []byte { return m.doc.Src }

// location returns the place of a node.
func (m *Manifest) location(i int32, path string) diag.Location {
	n := &m.doc.Nodes[i]
	return m.span(n.Start, n.End, path)
}

// span returns the place of the bytes [start,end).
func (m *Manifest) span(start, end int32, path string) diag.Location {
	at := m.places(int(start), int(end))
	at.Path = path
	return at
}

// Locate returns the place of an element: the first that has these names from the root element down, such as
// "SolutionManifest", "Version". Without names it is the root element. If the element is absent it is the last one on
// the way that is there, and the path of the result is that one's.
func (m *Manifest) Locate(names ...string) diag.Location {
	at := m.root
	for i, name := range names {
		next := m.doc.Child(at, name)
		if next == xmlspan.None {
			names = names[:i]
			break
		}
		at = next
	}
	return m.location(at, strings.Join(names, "/"))
}

// child returns the first child of SolutionManifest of that name, None if there is none.
func (m *Manifest) child(name string) int32 { return m.doc.Child(m.top, name) }

// value returns the text of an element without the white space around it.
func (m *Manifest) value(i int32) string { return trimSpace(m.doc.Text(i)) }

func (m *Manifest) text(name string) string { return m.value(m.child(name)) }

// optional returns the text of a child of i as it stands, nil if it is absent or null.
func (m *Manifest) optional(i int32, name string) *string {
	return m.nullable(m.doc.Child(i, name))
}

func (m *Manifest) nullable(i int32) *string {
	if i == xmlspan.None || m.isNull(i) {
		return nil
	}
	text := m.doc.Text(i)
	return &text
}

// isNull reports whether element i says xsi:nil, which means null and is not the same as empty.
func (m *Manifest) isNull(i int32) bool {
	value, _ := m.doc.Attr(i, "xsi:nil")
	return value == "true" || value == "1"
}

func (m *Manifest) labels(parent int32, list, item string) []Label {
	at := m.doc.Child(parent, list)
	if at == xmlspan.None {
		return nil
	}
	var out []Label
	for i := range m.doc.Elements(at) {
		if !m.doc.Is(i, item) {
			continue
		}
		out = append(out, m.label(i))
	}
	return out
}

func (m *Manifest) label(i int32) Label {
	text, _ := m.doc.Attr(i, "description")
	code, _ := m.doc.Attr(i, "languagecode")
	lcid, err := strconv.Atoi(code)
	if err != nil || lcid < 0 {
		lcid = 0
	}
	return Label{lcid, text}
}
