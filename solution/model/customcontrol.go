package model

import (
	"fmt"
	"io/fs"
	"iter"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A CustomControl is a control of the Power Apps component framework. Its files are in a folder of their own.
type CustomControl struct{ Component }

func customControlOf(c Component) CustomControl { return CustomControl{c} }

// CustomControls returns the custom controls in the order of the file.
func (m *Model) CustomControls() iter.Seq[CustomControl] {
	return views(m, solution.TypeCustomControl, customControlOf)
}

// CustomControl returns the custom control of that name: the prefix of the publisher, "_", the namespace, "." and the constructor.
func (m *Model) CustomControl(name string) (CustomControl, bool) {
	return lookup(m, solution.NameKey(solution.TypeCustomControl, "", name), customControlOf)
}

// FileName returns the path of the manifest as written: "/Controls/", the name and "/ControlManifest.xml".
func (c CustomControl) FileName() string { return c.Element().text("FileName") }

// Manifest reads the manifest. The error is that of reading the part, which is [fs.ErrNotExist] if the file named none that is
// there, or a [*solution.SyntaxError].
func (c CustomControl) Manifest() (ControlManifest, error) {
	want := solution.Fold(strings.TrimLeft(strings.ReplaceAll(c.FileName(), `\`, "/"), "/"))
	for _, part := range c.Parts() {
		if solution.Fold(part) == want {
			root, err := c.m.Document(part)
			return ControlManifest{root}, err
		}
	}
	return ControlManifest{}, fmt.Errorf("manifest %q of custom control %q: %w", c.FileName(), c.Name(), fs.ErrNotExist)
}

// A ControlManifest is the manifest of a custom control, a file.
type ControlManifest struct{ e Element }

// Element returns the place of the manifest.
func (m ControlManifest) Element() Element { return m.e }

func (m ControlManifest) control() Element { return m.e.Child("control") }

// Name returns the namespace and the constructor, which the full name of the control is made of.
func (m ControlManifest) Name() (namespace, constructor string) {
	return m.control().Attr("namespace"), m.control().Attr("constructor")
}

// Version returns the version as written. A package with a lower one does not replace the control.
func (m ControlManifest) Version() string { return m.control().Attr("version") }

// Kind returns "standard" or "virtual", which shares React with the platform; empty for standard ones of old tools.
func (m ControlManifest) Kind() string { return m.control().Attr("control-type") }

// Keys returns the keys of the display name and the description in the texts of the control, or the texts themselves.
func (m ControlManifest) Keys() (name, description string) {
	return m.control().Attr("display-name-key"), m.control().Attr("description-key")
}

// Properties returns the properties, in the order of the file.
func (m ControlManifest) Properties() iter.Seq[ControlProperty] {
	return eachIn(m.control(), "property", func(e Element) ControlProperty { return ControlProperty{e} })
}

// DataSets returns the sets of rows that the control shows, in the order of the file.
func (m ControlManifest) DataSets() iter.Seq[ControlProperty] {
	return eachIn(m.control(), "data-set", func(e Element) ControlProperty { return ControlProperty{e} })
}

// Resources returns the files of the control: kinds ("code", "css", "resx", "img") and paths in its folder; and the libraries
// ("library", "platform-library") with their names.
func (m ControlManifest) Resources() iter.Seq2[string, string] {
	return func(yield func(kind, path string) bool) {
		for r := range m.control().Child("resources").Children() {
			where := r.Attr("path")
			if where == "" {
				where = r.Attr("name")
			}
			if !yield(r.Tag(), where) {
				return
			}
		}
	}
}

// Features returns the features of the platform that the control uses: names such as "WebAPI", and whether it cannot do without.
func (m ControlManifest) Features() iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		for f := range m.control().Child("feature-usage").Each("uses-feature") {
			if !yield(f.Attr("name"), f.attrFlag("required")) {
				return
			}
		}
	}
}

// Domains returns the hosts that the control calls, and whether it says that it calls any, which makes it a premium control.
func (m ControlManifest) Domains() (hosts []string, calls bool) {
	e := m.control().Child("external-service-usage")
	for d := range e.Each("domain") {
		hosts = append(hosts, strings.TrimSpace(d.Text()))
	}
	return hosts, e.attrFlag("enabled")
}

// A ControlProperty is a property of a custom control, or a set of rows that it shows.
type ControlProperty struct{ e Element }

// Element returns the place of the property.
func (p ControlProperty) Element() Element { return p.e }

// Name returns the name.
func (p ControlProperty) Name() string { return p.e.Attr("name") }

// Type returns the type as written, such as "SingleLine.Text"; empty for a set of rows and for a property of several types, which
// a group of types names.
func (p ControlProperty) Type() string { return p.e.Attr("of-type") }

// Usage returns "bound", "input" or "output"; empty for a set of rows.
func (p ControlProperty) Usage() string { return p.e.Attr("usage") }

// IsRequired reports whether the property must be given.
func (p ControlProperty) IsRequired() bool { return p.e.attrFlag("required") }

// Settings returns the attributes that have no method of their own, such as display-name-key and default-value.
func (p ControlProperty) Settings() iter.Seq2[string, string] {
	return p.e.attrsBut("name", "of-type", "usage", "required")
}

// Columns returns the columns that a set of rows must have.
func (p ControlProperty) Columns() iter.Seq[ControlProperty] {
	return eachIn(p.e, "property-set", func(e Element) ControlProperty { return ControlProperty{e} })
}

// A CustomControlDefaultConfig says which controls show a table everywhere.
type CustomControlDefaultConfig struct{ Component }

func controlConfigOf(c Component) CustomControlDefaultConfig { return CustomControlDefaultConfig{c} }

// CustomControlDefaultConfigs returns the controls that show tables, in the order of the file.
func (m *Model) CustomControlDefaultConfigs() iter.Seq[CustomControlDefaultConfig] {
	return views(m, solution.TypeCustomControlDefaultConfig, controlConfigOf)
}

// CustomControlDefaultConfigs returns the controls that show the table.
func (t Table) CustomControlDefaultConfigs() iter.Seq[CustomControlDefaultConfig] {
	return nestedViews(t.Component, solution.TypeCustomControlDefaultConfig, controlConfigOf)
}

// Table returns the logical name of the table.
func (d CustomControlDefaultConfig) Table() string { return d.OwnerKey().Name() }

// TableCode returns the type code of the table as the exporting environment had it, as written; empty in most files.
func (d CustomControlDefaultConfig) TableCode() string {
	return d.Element().text("PrimaryEntityTypeCode")
}

// ControlDescriptions returns the controls.
func (d CustomControlDefaultConfig) ControlDescriptions() iter.Seq[ControlDescription] {
	return controlDescriptions(d.Element().Child("ControlDescriptionXML"))
}
