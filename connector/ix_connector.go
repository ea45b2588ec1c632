package connector

import (
	"bytes"
	"slices"
)

// A Connector is one custom connector as it was read. It is immutable and safe for concurrent use.
type Connector struct {
	form Form
	dir  string
	name string

	def      *definition
	props    properties
	script   *file // nil: none
	icon     *file
	settings *file
	element  *element      // solution form only
	solution *surroundings // solution form only
}

// Title returns info.title of the definition.
func (c *Connector) Title() string { return c.info("title") }

// ID returns <connectorid>, a GUID in lower case without braces, or connectorId of settings.json, or "".
func (c *Connector) ID() string {
	if c.element != nil {
		return c.element.text("connectorid")
	}
	if c.settings != nil {
		return value{c.settings, 0}.get("connectorId").text()
	}
	return ""
}

func (c *Connector) info(key string) string {
	return value{c.def.file, c.def.info}.getIn(c.def.info, key)
}

func (v value) getIn(parent int32, key string) string {
	if parent == 0 {
		return ""
	}
	return v.get(key).text()
}

// parts returns each file once.
func (c *Connector) parts() []*file {
	var out []*file
	for _, f := range []*file{c.def.file, c.props.whole, c.props.params.f, c.props.sets.f, c.props.policies.f, c.script, c.icon, c.settings} {
		if f == nil || f.name == "" || f == c.def.file && c.def.missing || slices.Contains(out, f) {
			continue
		}
		out = append(out, f)
	}
	return out
}

// hasScript reports whether there is code: an empty file is none.
func (c *Connector) hasScript() bool {
	return c.script != nil && len(bytes.TrimSpace(c.script.src)) > 0
}

// brand returns the brand colour of either form.
func (c *Connector) brand() string {
	if c.element != nil {
		return c.element.text("iconbrandcolor")
	}
	return c.props.brand.text()
}
