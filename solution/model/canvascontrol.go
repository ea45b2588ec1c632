package model

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// The entries of a canvas app that have controls and data sources, in lower case.
const (
	controlFolder   = "controls/"
	componentFolder = "components/"
	jsonEnding      = ".json"
	dataSources     = "References/DataSources.json"
	oldEntities     = "Entities.json" // of apps that have no folders
)

// screenKind is the kind of control that a screen is.
const screenKind = "screen"

// A CanvasControl is a screen, a component or a control in one: a place in the JSON of the studio or, where an app has only sources, in
// these.
type CanvasControl struct {
	v      Value
	source *sourceControl
}

// JSON returns the place of the control, which reaches all that is written there; none if it is one of a source.
func (c CanvasControl) JSON() Value { return c.v }

// Name returns the name that formulas call it by.
func (c CanvasControl) Name() string {
	if c.source != nil {
		return c.source.name
	}
	return c.v.Get("Name").Text()
}

// Kind returns the kind of control as the studio calls it, such as "screen", "label" or "gallery". That of a component in use is the
// name of its definition, which the studio made.
func (c CanvasControl) Kind() string {
	if c.source != nil {
		return c.source.kind
	}
	return c.v.Get("Template", "Name").Text()
}

// Children returns the controls that are in it, in the order of the file.
func (c CanvasControl) Children() iter.Seq[CanvasControl] {
	if c.source != nil {
		return func(yield func(CanvasControl) bool) {
			for _, x := range c.source.children {
				if !yield(CanvasControl{source: x}) {
					return
				}
			}
		}
	}
	return elementsOf(c.v.Get("Children"), func(v Value) CanvasControl { return CanvasControl{v: v} })
}

// All returns the control and those that are in it, at any depth, each before what is in it.
func (c CanvasControl) All() iter.Seq[CanvasControl] {
	return func(yield func(CanvasControl) bool) { c.walk(yield) }
}

func (c CanvasControl) walk(yield func(CanvasControl) bool) bool {
	if !yield(c) {
		return false
	}
	for child := range c.Children() {
		if !child.walk(yield) {
			return false
		}
	}
	return true
}

// Formulas returns the formulas of the control by property, in the order of the file. Those of a source begin with "=".
func (c CanvasControl) Formulas() iter.Seq2[string, string] {
	return func(yield func(property, formula string) bool) {
		if c.source != nil {
			for _, f := range c.source.formulas {
				if !yield(f.property, f.text) {
					return
				}
			}
			return
		}
		for r := range c.v.Get("Rules").Elements() {
			if !yield(r.Get("Property").Text(), r.Get("InvariantScript").Text()) {
				return
			}
		}
	}
}

// Screens returns the screens in the order of the studio: from Controls/*.json, else, as in folders of Git, from the sources in Src. Each
// is read when it is its turn. The error is one of reading an entry, or a [*solution.SyntaxError].
func (d *CanvasDocument) Screens() (iter.Seq[CanvasControl], error) {
	if len(d.below(controlFolder, jsonEnding)) == 0 && !d.has(oldEntities) {
		return d.sourceScreens()
	}
	return d.controls(controlFolder, func(v Value) bool { return v.Get("Template", "Name").Text() == screenKind })
}

// Definitions returns the definitions of components, in the order of the studio.
func (d *CanvasDocument) Definitions() (iter.Seq[CanvasControl], error) {
	return d.controls(componentFolder, func(Value) bool { return true })
}

// A topControl is where a control stands that is in no other.
type topControl struct {
	index float64
	entry string // that is read when it is its turn
	v     Value  // of an old app, in which all are in one entry
}

// controls returns the controls of a folder that are wanted. Their numbers mean nothing; what is in them says the order.
func (d *CanvasDocument) controls(folder string, wanted func(Value) bool) (iter.Seq[CanvasControl], error) {
	var list []topControl
	take := func(top Value, entry string, keep Value) {
		if wanted(top) {
			index, _ := strconv.ParseFloat(top.Get("Index").Text(), 64) // "1.0" in old apps
			list = append(list, topControl{index, entry, keep})
		}
	}
	for _, name := range d.below(folder, jsonEnding) {
		v, err := ReadJSON(d, name)
		if err != nil {
			return nil, err
		}
		if top := v.Get("TopParent"); top.Exists() {
			take(top, name, Value{})
		}
	}
	if list == nil && folder == controlFolder && d.has(oldEntities) {
		v, err := ReadJSON(d, oldEntities)
		if err != nil {
			return nil, err
		}
		for x := range v.Get("Entities").Elements() {
			if x.Get("Type").Text() == "ControlInfo" {
				take(x, oldEntities, x)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b topControl) int { return cmp.Compare(a.index, b.index) })
	return func(yield func(CanvasControl) bool) {
		for _, x := range list {
			v := x.v
			if !v.Exists() {
				file, err := ReadJSON(d, x.entry)
				if err != nil {
					return // it was read before, and the bytes do not change
				}
				v = file.Get("TopParent")
			}
			if !yield(CanvasControl{v: v}) {
				return
			}
		}
	}, nil
}

// A CanvasDataSource is a data source of a canvas app.
type CanvasDataSource struct{ v Value }

// JSON returns the place of the data source.
func (s CanvasDataSource) JSON() Value { return s.v }

// Name returns the name that formulas call it by.
func (s CanvasDataSource) Name() string { return s.v.Get("Name").Text() }

// Kind returns what it is, as the studio calls it: NativeCDSDataSourceInfo (a table of Dataverse), ConnectedDataSourceInfo (a table by a
// connector), ServiceInfo (a connector or flow), CollectionDataSourceInfo, StaticDataSourceInfo and others.
func (s CanvasDataSource) Kind() string { return s.v.Get("Type").Text() }

// ConnectorID returns the path of the connector, which ends with its name; empty if there is none.
func (s CanvasDataSource) ConnectorID() string { return s.v.Get("ApiId").Text() }

// Table returns the table: its logical name in Dataverse, or what the connector calls it; empty if it is none.
func (s CanvasDataSource) Table() string {
	return cmp.Or(s.v.Get("LogicalName").Text(), s.v.Get("TableName").Text())
}

// Dataset returns where the table is: a name of an environment, a site, a file; empty if it is none.
func (s CanvasDataSource) Dataset() string { return s.v.Get("DatasetName").Text() }

// IsSample reports whether it is sample data of the studio.
func (s CanvasDataSource) IsSample() bool { return isTrue(s.v.Get("IsSampleData").Text()) }

// DataSources returns the data sources in the order of the file, views and choices of tables and collections among them. The error is
// one of reading the entry, or a [*solution.SyntaxError].
func (d *CanvasDocument) DataSources() (iter.Seq[CanvasDataSource], error) {
	entry, member := dataSources, "DataSources"
	if !d.has(entry) {
		if entry, member = oldEntities, "Entities"; !d.has(entry) {
			return func(func(CanvasDataSource) bool) {}, nil
		}
	}
	v, err := ReadJSON(d, entry)
	if err != nil {
		return nil, err
	}
	return func(yield func(CanvasDataSource) bool) {
		for x := range v.Get(member).Elements() {
			if isDataSource(x.Get("Type").Text()) && !yield(CanvasDataSource{x}) {
				return
			}
		}
	}, nil
}

// isDataSource tells data sources from what else old apps have in their list.
func isDataSource(kind string) bool {
	switch kind {
	case "ServiceInfo", "ViewInfo", "OptionSetInfo":
		return true
	}
	return strings.HasSuffix(kind, "DataSourceInfo")
}
