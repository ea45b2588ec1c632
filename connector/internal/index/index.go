// Package index knows where everything of a custom connector stands. Packages connector, which shows it, and connector/lint,
// which checks it, share it, so that a connector is read once.
//
// An index holds spans and node numbers of the bytes that were read, and copies nothing. It is made by package connector,
// does not change afterwards, and is safe for concurrent use.
package index

import (
	"bytes"
	"slices"
)

// A Connector is one custom connector as it was read.
type Connector struct {
	Dir  string // the folder of loose files; "." in a solution
	Name string // the logical name, or that of the folder

	Def      *Definition
	Props    Properties
	Script   *File // nil: none
	Icon     *File
	Settings *File
	Element  *Element  // nil: loose files
	Solution *Solution // nil: loose files

	OtherScripts []*File // C# files beside loose files that are not taken for the script
	Lacking      []Value // the members of settings.json that name a file which is not there
}

// A Handle is a Connector of which nothing is seen. The Connector of package connector is made of it, so callers see only what
// that package shows, and those who may import this one get the index by a conversion.
type Handle struct{ c *Connector }

// NewHandle returns the handle of c.
func NewHandle(c *Connector) *Handle { return &Handle{c} }

// Index returns what the handle is of.
func (h *Handle) Index() *Connector { return h.c }

// Title returns info.title of the definition.
func (c *Connector) Title() string { return c.Info("title") }

// ID returns <connectorid> as written, or connectorId of settings.json, or "".
func (c *Connector) ID() string {
	if c.Element != nil {
		return c.Element.Text("connectorid")
	}
	if c.Settings != nil {
		return c.Settings.Root().Get("connectorId").Text()
	}
	return ""
}

// Info returns the text of a member of info, "" if it is absent.
func (c *Connector) Info(key string) string {
	if c.Def.Info == 0 {
		return ""
	}
	return Value{c.Def.File, c.Def.Info}.Get(key).Text()
}

// Files returns each file once. Texts of the <Connector> element are none.
func (c *Connector) Files() []*File {
	var out []*File
	for _, f := range append([]*File{c.Def.File, c.Props.Whole, c.Props.Params.File, c.Props.Sets.File, c.Props.Policies.File, c.Script, c.Icon, c.Settings}, c.OtherScripts...) {
		if f == nil || f.Name == "" || f == c.Def.File && c.Def.Missing || slices.Contains(out, f) {
			continue
		}
		out = append(out, f)
	}
	return out
}

// HasScript reports whether there is code: an empty file is none.
func (c *Connector) HasScript() bool {
	return c.Script != nil && len(bytes.TrimSpace(c.Script.Source)) > 0
}

// Brand returns the brand colour of either form.
func (c *Connector) Brand() string {
	if c.Element != nil {
		return c.Element.Text("iconbrandcolor")
	}
	return c.Props.Brand.Text()
}
