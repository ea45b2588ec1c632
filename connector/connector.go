package connector

import (
	"iter"
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

// Form returns the form that c was read from.
func (c *Connector) Form() Form { return c.form }

// Path returns where c was read: the folder of loose files, or the folder that holds the parts of a
// solution, below the root that the caller gave.
func (c *Connector) Path() string { return c.dir }

// Name returns the logical name (solution form), or the name of the folder (loose files; "." if c was
// read from the root).
func (c *Connector) Name() string { return c.name }

// Version returns info.version of the definition.
func (c *Connector) Version() string { return c.info("version") }

// Description returns info.description of the definition.
func (c *Connector) Description() string { return c.info("description") }

// Host returns the host of the definition, which may be an expression like @environmentVariables("x").
func (c *Connector) Host() string { return c.def.text(c.def.host) }

// BasePath returns the basePath of the definition.
func (c *Connector) BasePath() string { return c.def.text(c.def.basePath) }

// DisplayName returns <displayname> of the solution form and info.title of the other.
func (c *Connector) DisplayName() string {
	if c.element != nil {
		return c.element.text("displayname")
	}
	return c.Title()
}

// Definition returns the bytes of the API definition as read. The caller must not change them.
func (c *Connector) Definition() []byte { return c.def.src }

// Properties returns the bytes of apiProperties.json as read; nil in the solution form, which has no
// such file.
func (c *Connector) Properties() []byte {
	if c.props.whole == nil {
		return nil
	}
	return c.props.whole.src
}

// Script returns the custom code, nil if there is none. The caller must not change it.
func (c *Connector) Script() []byte { return bytesOf(c.script) }

// Icon returns the bytes of the icon, nil if there is none. The caller must not change them.
func (c *Connector) Icon() []byte { return bytesOf(c.icon) }

func bytesOf(f *file) []byte {
	if f == nil {
		return nil
	}
	return f.src
}

// Files returns the parts of c as they were read, by name below the root that the caller gave. The
// <Connector> element is no file of its own and not among them.
func (c *Connector) Files() iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for _, f := range c.parts() {
			if !yield(f.name, f.src) {
				return
			}
		}
	}
}
