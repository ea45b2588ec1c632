package model

import (
	"iter"
	"strconv"

	"github.com/solutionkit/solutionkit/solution"
)

// An AppModule is a model-driven app.
type AppModule struct{ Component }

func appModuleOf(c Component) AppModule { return AppModule{c} }

// AppModules returns the apps in the order of the file.
func (m *Model) AppModules() iter.Seq[AppModule] {
	return views(m, solution.TypeAppModule, appModuleOf)
}

// AppModule returns the app of that unique name.
func (m *Model) AppModule(name string) (AppModule, bool) {
	return lookup(m, solution.NameKey(solution.TypeAppModule, "", name), appModuleOf)
}

// UniqueName returns the unique name.
func (a AppModule) UniqueName() string { return a.Element().text("UniqueName") }

// Icon returns the GUID of the web resource that is the icon, zero if there is none.
func (a AppModule) Icon() solution.GUID { return a.Element().guid("WebResourceId") }

// WelcomePage returns the GUID of the web resource that opens first, zero if there is none.
func (a AppModule) WelcomePage() solution.GUID { return a.Element().guid("WelcomePageId") }

// ClientType returns the client that the app is for, and whether it is given: 2 the classic web client, 4 the unified interface.
func (a AppModule) ClientType() (int, bool) { return a.Element().number("ClientType") }

// NavigationType returns how sessions are shown, and whether it is given: 0 one at a time, 1 several.
func (a AppModule) NavigationType() (int, bool) { return a.Element().number("NavigationType") }

// State returns the state, the reason of the state, and whether they are given: an active app has 0 and 1.
func (a AppModule) State() (state, status int, ok bool) { return a.Element().state() }

var appModuleMembers = map[string]bool{"UniqueName": true, "WebResourceId": true, "WelcomePageId": true, "ClientType": true, "NavigationType": true,
	"statecode": true, "statuscode": true, "IntroducedVersion": true, "LocalizedNames": true, "Descriptions": true,
	"AppModuleComponents": true, "AppModuleRoleMaps": true, "appsettings": true, "appelements": true}

// Settings returns what has no method of its own, such as FormFactor and OptimizedFor: names and texts as written.
func (a AppModule) Settings() iter.Seq2[string, string] {
	return settings(a.Element(), appModuleMembers)
}

// Components returns what the app shows, in the order of the file. An app with a table and none of its forms shows all of them;
// so with views and charts.
func (a AppModule) Components() iter.Seq[AppModuleComponent] {
	return eachIn(a.Element().Child("AppModuleComponents"), "AppModuleComponent", func(e Element) AppModuleComponent { return AppModuleComponent{merged{e}} })
}

// Roles returns the GUIDs of the roles that may open the app.
func (a AppModule) Roles() []solution.GUID {
	var out []solution.GUID
	for r := range a.Element().Child("AppModuleRoleMaps").Each("Role") {
		out = append(out, r.attrGUID("id"))
	}
	return out
}

// AppSettings returns the values that the app has for settings of the platform and of solutions.
func (a AppModule) AppSettings() iter.Seq[AppSetting] {
	return nestedViews(a.Component, solution.TypeAppSetting, appSettingOf)
}

// Elements returns the custom pages of the app.
func (a AppModule) Elements() iter.Seq[AppElement] {
	return nestedViews(a.Component, solution.TypeAppElement, appElementOf)
}

// An AppModuleComponent is something that an app shows.
type AppModuleComponent struct{ merged }

// Target returns the key of the component: of tables, web resources and others by name, of views, forms, charts and processes by GUID.
func (c AppModuleComponent) Target() solution.Key {
	code, err := strconv.Atoi(c.e.Attr("type"))
	if err != nil {
		return solution.Key{}
	}
	return solution.NewKey(solution.TypeOfCode(code), "", c.e.Attr("schemaName"), c.e.attrGUID("id"))
}

// An AppSetting is the value of a setting for an app.
type AppSetting struct{ Component }

func appSettingOf(c Component) AppSetting { return AppSetting{c} }

// AppSettings returns the values of settings for apps, in the order of Components.
func (m *Model) AppSettings() iter.Seq[AppSetting] {
	return views(m, solution.TypeAppSetting, appSettingOf)
}

// Definition returns the unique name of the setting.
func (s AppSetting) Definition() string { return s.Element().Attr("settingdefinitionid.uniquename") }

// Value returns the value as written.
func (s AppSetting) Value() string { return s.Element().text("value") }

// An AppElement is a custom page of an app.
type AppElement struct{ Component }

func appElementOf(c Component) AppElement { return AppElement{c} }

// AppElements returns the custom pages of apps, in the order of Components.
func (m *Model) AppElements() iter.Seq[AppElement] {
	return views(m, solution.TypeAppElement, appElementOf)
}

// UniqueName returns the unique name.
func (x AppElement) UniqueName() string { return x.Element().Attr("uniquename") }

// Title returns what the element is called, which is mostly its unique name again.
func (x AppElement) Title() string { return x.Element().text("name") }

// CanvasApp returns the name of the canvas app that is the page.
func (x AppElement) CanvasApp() string { return x.Element().Child("canvasappid").text("name") }
