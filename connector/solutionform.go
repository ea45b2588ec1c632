package connector

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/lazyregexp"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

var rootAttributes = lazyregexp.New(`^<Connector\s[^>]*>`)

// fromSolution returns a connector of a solution as it is.
func fromSolution(c *index.Connector, id solution.GUID) *placed {
	n := &placed{name: c.Name, id: id, element: rootAttributes.ReplaceAll(c.Element.Source(), []byte("<Connector>"))}
	for _, part := range index.PartFields {
		text := c.Element.Text(part.Name)
		if at, ok := c.Solution.Part(text); ok && strings.TrimSpace(text) != "" {
			for _, f := range c.Files() {
				if f.Name == at {
					n.files = append(n.files, placedFile{index.PartName(text), f.Source})
				}
			}
		}
	}
	return n
}

// fromFiles returns loose files in the solution form.
func (w *putting) fromFiles(c *index.Connector, name string, id solution.GUID, had *index.Element) (*placed, error) {
	n := &placed{name: name, id: id}
	e := elementWriter{b: []byte("<Connector>")}
	e.text("connectorid", id.String())
	e.text("description", c.Info("description"))
	e.text("displayname", c.Title())
	e.text("iconbrandcolor", c.Brand())
	e.text("name", name)
	e.text("connectortype", "1")
	if c.Props.ScriptOps.OK() {
		var b bytes.Buffer
		if err := json.Compact(&b, c.Props.ScriptOps.Raw()); err != nil {
			return nil, err
		}
		e.text("scriptoperations", b.String())
	}
	def := bytes.TrimPrefix(c.Def.Source, []byte(plainBOM))
	if w.opts.Minify {
		var b bytes.Buffer
		if err := json.Compact(&b, def); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Def.Name, err)
		}
		def = b.Bytes()
	}
	or := func(v index.Value, absent string) []byte {
		if v.OK() {
			return v.Raw()
		}
		return []byte(absent)
	}
	data := map[string][]byte{"openapidefinition": def, "connectionparameters": or(c.Props.Params, "{}"), "policytemplateinstances": or(c.Props.Policies, "null")}
	if c.Props.Sets.OK() {
		data["connectionparametersets"] = c.Props.Sets.Raw()
	}
	if c.Script != nil {
		data["customcodeblobcontent"] = c.Script.Source
	}
	if c.Icon != nil {
		data["iconblob"] = c.Icon.Source
	}
	for _, part := range index.PartFields {
		if bytes, ok := data[part.Name]; ok {
			file := index.Folder + name + part.Suffix
			n.files = append(n.files, placedFile{file, bytes})
			e.text(part.Name, "/"+file)
		}
	}
	if had != nil {
		e.keep(had)
	}
	n.element = append(e.b, "\n</Connector>"...)
	return n, nil
}

// An elementWriter writes a <Connector>.
type elementWriter struct{ b []byte }

// text adds a child element on a line of its own.
func (e *elementWriter) text(name, text string) {
	e.b = append(e.b, "\n  <"+name+">"...)
	e.b = xmlspan.AppendText(e.b, strings.Map(xmlRune, text), "\n")
	e.b = append(e.b, "</"+name+">"...)
}

// keep adds the children of an element that loose files know nothing of.
func (e *elementWriter) keep(had *index.Element) {
	for _, f := range had.Fields {
		name := strings.ToLower(f.Name)
		if heldFields[name] || slices.Contains([]string{"connectorid", "description", "displayname", "name", "connectortype"}, name) {
			continue
		}
		e.b = append(append(e.b, "\n  "...), had.File.Source[f.Start:f.End]...)
	}
}

// xmlRune drops what XML cannot hold; only info.title and info.description could have it, and the
// definition keeps those.
func xmlRune(r rune) rune {
	if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
		return -1
	}
	return r
}
