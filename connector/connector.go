package connector

import (
	"io/fs"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// Form is one of the two forms in which a connector lives.
type Form uint8

// The forms. The zero Form is none.
const (
	FormFiles    Form = iota + 1 // apiDefinition.swagger.json, apiProperties.json, icon.png, script.csx, settings.json
	FormSolution                 // Connector/NAME_openapidefinition.json and the like, plus a <Connector> element
)

// String returns "files" or "solution".
func (f Form) String() string {
	switch f {
	case FormFiles:
		return "files"
	case FormSolution:
		return "solution"
	}
	return "no form"
}

// A Connector is one custom connector as it was read, by [Load] or [Read]. It is immutable and safe for concurrent use. The
// zero Connector is not usable.
type Connector index.Handle

// newConnector returns what this package shows of an index.
func newConnector(x *index.Connector) *Connector { return (*Connector)(index.NewHandle(x)) }

// index returns where everything of c stands.
func (c *Connector) index() *index.Connector { return (*index.Handle)(c).Index() }

// Form returns the form that c was read from.
func (c *Connector) Form() Form {
	if c.index().Element != nil {
		return FormSolution
	}
	return FormFiles
}

// Path returns the folder of loose files, below the root that the caller gave; "." for a connector of a solution.
func (c *Connector) Path() string { return c.index().Dir }

// Location returns where c stands: its <Connector> element, or the file of its definition.
func (c *Connector) Location() diag.Location {
	if e := c.index().Element; e != nil {
		return e.Location("")
	}
	return c.index().Def.Location(0, false)
}

// Name returns the logical name (solution form), or the name of the folder (loose files; "." if c was
// read from the root).
func (c *Connector) Name() string { return c.index().Name }

// Title returns info.title of the definition.
func (c *Connector) Title() string { return c.index().Title() }

// Version returns info.version of the definition.
func (c *Connector) Version() string { return c.index().Info("version") }

// Description returns info.description of the definition.
func (c *Connector) Description() string { return c.index().Info("description") }

// Host returns the host of the definition, which may be an expression like @environmentVariables("x").
func (c *Connector) Host() string { return c.index().Def.Text(c.index().Def.Host) }

// BasePath returns the basePath of the definition.
func (c *Connector) BasePath() string { return c.index().Def.Text(c.index().Def.BasePath) }

// DisplayName returns <displayname> of the solution form and info.title of the other.
func (c *Connector) DisplayName() string {
	if e := c.index().Element; e != nil {
		return e.Text("displayname")
	}
	return c.Title()
}

// ID returns <connectorid> as written, a GUID that exports have in lower case without braces; of loose files connectorId of
// settings.json, or "".
func (c *Connector) ID() string { return c.index().ID() }

// Definition returns the bytes of the API definition as read; nil if a solution lacks the part, which is a finding of package
// lint. The caller must not change them.
func (c *Connector) Definition() []byte {
	if c.index().Def.Missing {
		return nil
	}
	return c.index().Def.Source
}

// Script returns the custom code, nil if there is none. The caller must not change it.
func (c *Connector) Script() []byte { return bytesOf(c.index().Script) }

// Icon returns the bytes of the icon, nil if there is none. The caller must not change them.
func (c *Connector) Icon() []byte { return bytesOf(c.index().Icon) }

// BrandColor returns the colour of the icon's ground as written, usually #rrggbb.
func (c *Connector) BrandColor() string { return c.index().Brand() }

func bytesOf(f *index.File) []byte {
	if f == nil {
		return nil
	}
	return f.Source
}

// Files returns the files of c as they were read: loose files by name below the root that the caller gave, those of a solution
// by the name of their part. The <Connector> element is no file of its own and not among them.
func (c *Connector) Files() fs.FS {
	files := map[string][]byte{}
	for _, f := range c.index().Files() {
		files[f.Name] = f.Source
	}
	return memfs.New(files)
}
