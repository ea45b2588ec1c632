package connector

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/solution"
)

// ConvertOptions says how [Connector.ToFiles] and [Put] convert. The zero value loses nothing. It is a plain value.
type ConvertOptions struct {
	// AllowLoss converts although the other form cannot hold everything; see [Connector.Lost].
	AllowLoss bool

	// What follows is for the way to a solution.

	// Prefix is the publisher's prefix; default that of the publisher of the solution.
	Prefix string
	// Name is the logical name of the one connector; default Name(Prefix, title).
	Name string
	// ID is the GUID of the one connector; default that of the connector of that name in the solution, else one that is derived
	// from prefix and name, so that repeated builds update one row.
	ID solution.GUID
	// Minify takes the white space out of the definition, whose text may have 1,000,000 characters in a solution.
	Minify bool
}

// A LossError says what the other form cannot hold, or what the connector that takes the place of another one lacks. Lost are
// places as [Connector.Lost] returns them, or files of the source.
type LossError struct {
	Form Form // that was to hold it
	Lost []string
}

// Error names what would be lost.
func (e *LossError) Error() string {
	return fmt.Sprintf("the form %q cannot hold %s: allow the loss or take it out first", e.Form, strings.Join(e.Lost, ", "))
}

const plainBOM = "\xef\xbb\xbf"

// Lost returns what the given form has no place for: the file, "#" and a JSON Pointer ("apiProperties.json#/properties/publisher"),
// the path of an XML element ("Connector/name"), or the name of a file. It is empty for the form of c.
//
// Loose files lose publisher, stackOwner, capabilities, settings.json, unknown properties and C# files beside the script on the
// way to a solution; a solution loses name, connectorid, unknown elements, and displayname and description where they differ
// from info on the way to loose files.
func (c *Connector) Lost(form Form) []string {
	switch {
	case form == c.Form():
		return nil
	case form == FormSolution:
		return append(lostProperties(c.index()), lostScripts(c.index())...)
	}
	return lostFields(c.index())
}

// heldProperties are the members of apiProperties.json that the solution form has a place for.
var heldProperties = map[string]bool{"connectionParameters": true, "connectionParameterSets": true, "iconBrandColor": true, "policyTemplateInstances": true, "scriptOperations": true}

func lostProperties(c *index.Connector) []string {
	var lost []string
	note := func(v index.Value) { lost = append(lost, path.Base(v.File.Name)+"#"+v.File.Tree.Pointer(v.Node)) }
	if whole := c.Props.Whole; whole != nil {
		for m := range whole.Root().Children {
			if m.Key() != "properties" || whole.Tree.Hidden(m.Node) {
				note(m)
			}
		}
		for m := range c.Props.Inner.Children {
			empty := m.Key() == "capabilities" && m.Kind() == jsonspan.Array && m.Count() == 0
			if !heldProperties[m.Key()] && !empty || whole.Tree.Hidden(m.Node) || m.Key() == "iconBrandColor" && m.Kind() != jsonspan.String {
				note(m)
			}
		}
	}
	if c.Settings != nil {
		for m := range c.Settings.Root().Children {
			note(m)
		}
	}
	return lost
}

// lostScripts names the C# files that are not the script: perhaps one of them was meant to be.
func lostScripts(c *index.Connector) []string {
	var lost []string
	for _, f := range c.OtherScripts {
		lost = append(lost, path.Base(f.Name))
	}
	return lost
}

// heldFields are the children of <Connector> that loose files hold in some way.
var heldFields = map[string]bool{"iconbrandcolor": true, "scriptoperations": true, "openapidefinition": true, "connectionparameters": true,
	"connectionparametersets": true, "policytemplateinstances": true, "customcodeblobcontent": true, "iconblob": true}

func lostFields(c *index.Connector) []string {
	var lost []string
	for _, f := range c.Element.Fields {
		held := heldFields[strings.ToLower(f.Name)]
		switch strings.ToLower(f.Name) {
		case "connectortype":
			held = f.Value == "1"
		case "displayname":
			held = f.Value == "" || sameText(f.Value, c.Title())
		case "description":
			held = f.Value == "" || sameText(f.Value, c.Info("description"))
		}
		if !held {
			lost = append(lost, "Connector/"+f.Name)
		}
	}
	return lost
}

func sameText(a, b string) bool {
	plain := strings.NewReplacer("\r\n", "\n", "\r", "\n")
	return plain.Replace(a) == plain.Replace(b)
}

// ToFiles returns c as loose files: a file system that [Load] reads, with the files at its root. Definition, script and icon
// keep their bytes (but for a byte order mark), and every other value keeps its spelling and the order of its members. Of
// loose files it returns them as they are. opts may be nil.
//
// What loose files cannot hold is the error, a [*LossError], unless opts allow it. The error of a connector whose definition
// is not in the solution wraps [fs.ErrNotExist]; that of one which only lenient reading takes is a [*solution.SyntaxError].
func (c *Connector) ToFiles(opts *ConvertOptions) (fs.FS, error) {
	if c.Form() == FormFiles {
		return ownFiles(c.index()), nil
	}
	if c.index().Def.Missing {
		return nil, noDefinition(c)
	}
	if lost := c.Lost(FormFiles); len(lost) > 0 && (opts == nil || !opts.AllowLoss) {
		return nil, &LossError{Form: FormFiles, Lost: lost}
	}
	if err := strict(c.index()); err != nil {
		return nil, err
	}
	return toFiles(c.index())
}

// strict returns an error if a file of c is JSON for lenient reading alone: it is not written elsewhere.
func strict(c *index.Connector) error {
	for _, f := range c.Files() {
		if f.Tree != nil && len(f.Tree.Mends()) > 0 {
			again := *f
			if err := again.ParseJSON(false); err != nil {
				return err
			}
		}
	}
	return nil
}

func noDefinition(c *Connector) error {
	return fmt.Errorf("connector %q: %w: its definition is not in the package", c.Name(), fs.ErrNotExist)
}

// ownFiles returns loose files by their names below the folder.
func ownFiles(c *index.Connector) fs.FS {
	files := map[string][]byte{}
	for _, f := range c.Files() {
		files[strings.TrimPrefix(f.Name, strings.TrimPrefix(c.Dir+"/", "./"))] = f.Source
	}
	return memfs.New(files)
}

func toFiles(c *index.Connector) (fs.FS, error) {
	properties, err := propertiesText(&c.Props, c.Brand())
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{definitionFile: bytes.TrimPrefix(c.Def.Source, []byte(plainBOM)), propertiesFile: properties}
	if c.Icon != nil {
		files[iconFile] = c.Icon.Source
	}
	if c.Script != nil {
		files[scriptFile] = c.Script.Source
	}
	return memfs.New(files), nil
}

// propertiesText writes apiProperties.json of the parts of a solution.
func propertiesText(p *index.Properties, color string) ([]byte, error) {
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
	params := []byte("{}")
	if p.Params.OK() {
		params = bytes.TrimPrefix(p.Params.Raw(), []byte(plainBOM))
	}
	err := member("connectionParameters", params)
	if p.Sets.OK() {
		err = errors.Join(err, member("connectionParameterSets", p.Sets.Raw()))
	}
	if color != "" {
		err = errors.Join(err, member("iconBrandColor", []byte(jsonspan.Quote(color))))
	}
	err = errors.Join(err, member("capabilities", []byte("[]")))
	if p.Policies.OK() && p.Policies.Kind() != jsonspan.Null {
		err = errors.Join(err, member("policyTemplateInstances", p.Policies.Raw()))
	}
	if p.ScriptOps.OK() {
		err = errors.Join(err, member("scriptOperations", p.ScriptOps.Raw()))
	}
	b.WriteString("\n  }\n}\n")
	return b.Bytes(), err
}
