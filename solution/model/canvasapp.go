package model

import (
	"iter"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A CanvasApp is a canvas app, a custom page, a library of components or commands, or a code app. Its screens are in a file of its own
// ([CanvasApp.Document]).
type CanvasApp struct{ Component }

func canvasAppOf(c Component) CanvasApp { return CanvasApp{c} }

// CanvasApps returns the canvas apps in the order of the file.
func (m *Model) CanvasApps() iter.Seq[CanvasApp] {
	return views(m, solution.TypeCanvasApp, canvasAppOf)
}

// CanvasApp returns the canvas app of that name, which ends with letters that the platform made.
func (m *Model) CanvasApp(name string) (CanvasApp, bool) {
	return lookup(m, solution.NameKey(solution.TypeCanvasApp, "", name), canvasAppOf)
}

// AppType returns what the app is, and whether that is given: 0 an app, 1 a library of components, 2 a custom page, 4 a code app.
func (a CanvasApp) AppType() (int, bool) { return a.Element().number("CanvasAppType") }

// File returns the name of the part that is the .msapp file, empty if the solution has none.
func (a CanvasApp) File() string { return a.part(a.Element().text("DocumentUri")) }

// Background returns the name of the part that is the picture of the app, empty if the solution has none.
func (a CanvasApp) Background() string { return a.part(a.Element().text("BackgroundImageUri")) }

// AdditionalFiles returns the names of the other parts of the app.
func (a CanvasApp) AdditionalFiles() []string {
	var out []string
	for e := range a.Element().Child("AdditionalUris").Children() {
		if name := a.part(e.Text()); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// CodeFiles returns the files of a code app, in the order of the file: the name of the part, empty if the solution has none, and the media
// type.
func (a CanvasApp) CodeFiles() iter.Seq2[string, string] {
	return func(yield func(part, mediaType string) bool) {
		for e := range a.Element().Child("CodeAppPackageUris").Children() {
			text := e.Text()
			_, mediaType, _ := strings.Cut(text, "_ContentType_")
			if !yield(a.part(text), mediaType) {
				return
			}
		}
	}
}

// Version returns the time that the app was published, as written.
func (a CanvasApp) Version() string { return a.Element().text("AppVersion") }

// Connections returns what the app connects to, in the order of the file.
//
// The error is a [*solution.SyntaxError]: what is written is JSON as a text. So are those of the other methods.
func (a CanvasApp) Connections() (iter.Seq[CanvasConnection], error) {
	v, err := a.Element().Child("ConnectionReferences").JSON()
	return membersOf(v, func(id string, v Value) CanvasConnection { return CanvasConnection{id, v} }), err
}

// Tables returns the tables of Dataverse that the app has as data sources, in the order of the file.
func (a CanvasApp) Tables() (iter.Seq[CanvasTable], error) {
	v, err := a.Element().Child("DatabaseReferences").JSON()
	return func(yield func(CanvasTable) bool) {
		for environment, database := range v.Members() {
			for name, table := range database.Get("dataSources").Members() {
				if !yield(CanvasTable{environment, name, table}) {
					return
				}
			}
		}
	}, err
}

// Dependencies returns what the app needs of Dataverse, as the app says.
func (a CanvasApp) Dependencies() (iter.Seq[CanvasDependency], error) {
	v, err := a.Element().Child("CdsDependencies").JSON()
	return elementsOf(v.Get("cdsdependencies"), func(v Value) CanvasDependency { return CanvasDependency{v} }), err
}

// Components returns the components that the app offers to others.
func (a CanvasApp) Components() (iter.Seq[CanvasComponent], error) {
	v, err := a.Element().Child("AppComponents").JSON()
	return elementsOf(v, func(v Value) CanvasComponent { return CanvasComponent{v} }), err
}

// UsedComponents returns the components of libraries that the app has in it.
func (a CanvasApp) UsedComponents() (iter.Seq[CanvasComponent], error) {
	v, err := a.Element().Child("AppComponentDependencies").JSON()
	return elementsOf(v, func(v Value) CanvasComponent { return CanvasComponent{v} }), err
}

// Tags returns what the editor notes of the app, such as primaryFormFactor: names and texts.
func (a CanvasApp) Tags() (iter.Seq2[string, string], error) {
	v, err := a.Element().Child("Tags").JSON()
	return func(yield func(string, string) bool) {
		for name, tag := range v.Members() {
			if !yield(name, tag.Text()) {
				return
			}
		}
	}, err
}

var canvasAppMembers = members("Name", "AppVersion", "DisplayName", "Description", "ConnectionReferences", "DatabaseReferences", "CdsDependencies",
	"AppComponents", "AppComponentDependencies", "Tags", "CanvasAppType", "DocumentUri", "BackgroundImageUri", "AdditionalUris", "CodeAppPackageUris",
	"IntroducedVersion")

// Settings returns what has no method of its own, such as Status and BypassConsent: names and texts as written.
func (a CanvasApp) Settings() iter.Seq2[string, string] {
	return settings(a.Element(), canvasAppMembers)
}

// elementsOf returns the elements of an array, each as a view of its place.
func elementsOf[V any](array Value, view func(Value) V) iter.Seq[V] {
	return func(yield func(V) bool) {
		for v := range array.Elements() {
			if !yield(view(v)) {
				return
			}
		}
	}
}

// texts returns the texts of the elements of an array.
func (v Value) texts() []string {
	var out []string
	for x := range v.Elements() {
		out = append(out, x.Text())
	}
	return out
}

// A CanvasConnection is something that a canvas app connects to.
type CanvasConnection struct {
	id string
	v  Value
}

// JSON returns the place of the connection, which reaches all that is written there.
func (c CanvasConnection) JSON() Value { return c.v }

// ID returns what the app calls it by, mostly a GUID.
func (c CanvasConnection) ID() string { return c.id }

// ConnectorID returns the path of the connector, which ends with its name.
func (c CanvasConnection) ConnectorID() string { return c.v.Get("id").Text() }

// Title returns what people call the connector.
func (c CanvasConnection) Title() string { return c.v.Get("displayName").Text() }

// Reference returns the logical name of the connection reference, empty if the app chooses by itself.
func (c CanvasConnection) Reference() string {
	return c.v.Get("xrmConnectionReferenceLogicalName").Text()
}

// SharedConnection returns the path of a connection that the app shares with those who run it, empty if it shares none.
func (c CanvasConnection) SharedConnection() string { return c.v.Get("sharedConnectionId").Text() }

// IsOnPremises reports whether the connection goes through a gateway.
func (c CanvasConnection) IsOnPremises() bool {
	return isTrue(c.v.Get("isOnPremiseConnection").Text())
}

// DataSources returns the names of the data sources that the app has by the connection.
func (c CanvasConnection) DataSources() []string { return c.v.Get("dataSources").texts() }

// A CanvasTable is a table of Dataverse that a canvas app has as a data source.
type CanvasTable struct {
	environment, name string
	v                 Value
}

// JSON returns the place of the data source.
func (t CanvasTable) JSON() Value { return t.v }

// Environment returns the name of the environment: "default.cds" is that of the app.
func (t CanvasTable) Environment() string { return t.environment }

// DataSource returns the name that formulas have for it.
func (t CanvasTable) DataSource() string { return t.name }

// LogicalName returns the logical name of the table.
func (t CanvasTable) LogicalName() string { return t.v.Get("logicalName").Text() }

// SetName returns the name of the set of rows.
func (t CanvasTable) SetName() string { return t.v.Get("entitySetName").Text() }

// A CanvasDependency is something that a canvas app needs.
type CanvasDependency struct{ v Value }

// JSON returns the place of the dependency.
func (d CanvasDependency) JSON() Value { return d.v }

// Target returns the key of what is needed.
func (d CanvasDependency) Target() solution.Key {
	id, _ := solution.ParseGUID(d.v.Get("dependencyid").Text())
	t := solution.ParseComponentType(d.v.Get("componenttypeplatformname").Text())
	if t == "" {
		code, err := strconv.Atoi(d.v.Get("componenttype").Text())
		if err != nil {
			return solution.Key{}
		}
		t = solution.TypeOfCode(code)
	}
	return solution.NewKey(t, "", d.v.Get("logicalname").Text(), id)
}

// A CanvasComponent is a component that canvas apps share.
type CanvasComponent struct{ v Value }

// JSON returns the place of the component, which reaches all that is written there.
func (c CanvasComponent) JSON() Value { return c.v }

// ComponentName returns the name, which is one that the editor made.
func (c CanvasComponent) ComponentName() string { return c.v.Get("appComponentName").Text() }

// Title returns what people call it, empty where it is used.
func (c CanvasComponent) Title() string { return c.v.Get("displayName").Text() }

// Library returns the name of the canvas app that has the component.
func (c CanvasComponent) Library() string { return c.v.Get("appComponentLibraryLogicalName").Text() }
