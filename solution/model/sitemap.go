package model

import (
	"iter"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A SiteMap is the navigation of an app, or that of all classic apps of an environment. It is made of areas, these of groups,
// these of subareas.
type SiteMap struct{ Component }

func siteMapOf(c Component) SiteMap { return SiteMap{c} }

// SiteMaps returns the site maps in the order of the file.
func (m *Model) SiteMaps() iter.Seq[SiteMap] { return views(m, solution.TypeSiteMap, siteMapOf) }

// SiteMap returns the site map of that name.
func (m *Model) SiteMap(name string) (SiteMap, bool) {
	return lookup(m, solution.NameKey(solution.TypeSiteMap, "", name), siteMapOf)
}

func (s SiteMap) body() Element { return s.Element().Child("SiteMap") }

// UniqueName returns the name of the site map of an app, which is mostly that of the app; empty for that of the environment.
func (s SiteMap) UniqueName() string { return s.Element().text("SiteMapUniqueName") }

// IsOfApp reports whether the site map is that of an app.
func (s SiteMap) IsOfApp() bool { return s.Element().Tag() == "AppModuleSiteMap" }

// IntroducedVersion returns the version that the site map says it is of, as written; often that of the designer.
func (s SiteMap) IntroducedVersion() string { return s.body().Attr("IntroducedVersion") }

// Action returns what a managed package does to the site map of the layer below, as its areas and what is in them say it too:
// "Added", "Modified", "Removed"; empty if it is not said.
func (s SiteMap) Action() string { return s.body().Attr("solutionaction") }

var siteMapMembers = map[string]bool{"SiteMap": true, "SiteMapUniqueName": true, "LocalizedNames": true}

// Settings returns the settings, such as ShowHome, ShowPinned, ShowRecents and EnableCollapsibleGroups: names and texts as written.
func (s SiteMap) Settings() iter.Seq2[string, string] { return settings(s.Element(), siteMapMembers) }

// Areas returns the areas in the order of the file.
func (s SiteMap) Areas() iter.Seq[SiteMapArea] {
	return eachIn(s.body(), "Area", func(e Element) SiteMapArea { return SiteMapArea{siteMapItem{merged{e}}} })
}

// AllSubAreas returns the subareas of all groups of all areas.
func (s SiteMap) AllSubAreas() iter.Seq[SiteMapSubArea] {
	return func(yield func(SiteMapSubArea) bool) {
		for a := range s.Areas() {
			for g := range a.Groups() {
				for x := range g.SubAreas() {
					if !yield(x) {
						return
					}
				}
			}
		}
	}
}

// siteMapItem is what areas, groups and subareas have in common.
type siteMapItem struct{ merged }

// ID returns the name that managed packages and other files know the item by.
func (i siteMapItem) ID() string { return i.e.Attr("Id") }

// Titles returns what the item is called, by language; one without a language has language 0. A subarea of a table that has
// no title is called as the table.
func (i siteMapItem) Titles() []solution.Label {
	if titles := i.e.Child("Titles").titles("Title"); titles != nil {
		return titles
	}
	if title := i.e.Attr("Title"); title != "" {
		return []solution.Label{{Text: title}}
	}
	return nil
}

// BaseTitle returns the title that an attribute gives in no language, empty if there is none.
func (i siteMapItem) BaseTitle() string { return i.e.Attr("Title") }

// Descriptions returns the descriptions by language.
func (i siteMapItem) Descriptions() []solution.Label {
	return i.e.Child("Descriptions").titles("Description")
}

// Icons returns the icon and the vector icon, as written: "/WebResources/" or "$webresource:" and a name, or a path of the
// platform.
func (i siteMapItem) Icons() (icon, vector string) { return i.e.Attr("Icon"), i.e.Attr("VectorIcon") }

// ResourceID returns the name of the text of the platform that is the title, empty if there is none.
func (i siteMapItem) ResourceID() string { return i.e.Attr("ResourceId") }

// IntroducedVersion returns the version of the platform that brought the item, as written.
func (i siteMapItem) IntroducedVersion() string { return i.e.Attr("IntroducedVersion") }

func (i siteMapItem) settingsBut(members ...string) iter.Seq2[string, string] {
	return i.e.attrsBut(append(members, "Id", "Title", "Icon", "VectorIcon", "ResourceId", "IntroducedVersion", "solutionaction", "ordinalvalue")...)
}

// A SiteMapArea is an area of a site map.
type SiteMapArea struct{ siteMapItem }

// ShowsGroups reports whether the groups are shown as such.
func (a SiteMapArea) ShowsGroups() bool { return a.e.attrFlag("ShowGroups") }

// Settings returns the attributes that have no method of their own.
func (a SiteMapArea) Settings() iter.Seq2[string, string] { return a.settingsBut("ShowGroups") }

// Groups returns the groups in the order of the file.
func (a SiteMapArea) Groups() iter.Seq[SiteMapGroup] {
	return eachIn(a.e, "Group", func(e Element) SiteMapGroup { return SiteMapGroup{siteMapItem{merged{e}}} })
}

// A SiteMapGroup is a group of an area.
type SiteMapGroup struct{ siteMapItem }

// Settings returns the attributes that have no method of their own, such as IsProfile.
func (g SiteMapGroup) Settings() iter.Seq2[string, string] { return g.settingsBut() }

// SubAreas returns the subareas in the order of the file.
func (g SiteMapGroup) SubAreas() iter.Seq[SiteMapSubArea] {
	return eachIn(g.e, "SubArea", func(e Element) SiteMapSubArea { return SiteMapSubArea{siteMapItem{merged{e}}} })
}

// A SiteMapSubArea is what a user opens: a table, a dashboard, a page, an address.
type SiteMapSubArea struct{ siteMapItem }

// Table returns the logical name of the table as written, empty for others.
func (s SiteMapSubArea) Table() string { return s.e.Attr("Entity") }

// URL returns the address, a path of the platform, or "$webresource:" and a name; empty if there is none.
func (s SiteMapSubArea) URL() string { return s.e.Attr("Url") }

// Page returns the name of the custom page, which is a canvas app; empty for others.
func (s SiteMapSubArea) Page() string { return s.e.Attr("Page") }

// Dashboard returns the GUID of the dashboard that is opened first, zero if none is named.
func (s SiteMapSubArea) Dashboard() solution.GUID { return s.e.attrGUID("DefaultDashboard") }

// Clients returns the clients that show the subarea: "All", "Web", "Outlook"; empty if the file does not say.
func (s SiteMapSubArea) Clients() []string {
	if list := s.e.Attr("Client"); list != "" {
		return strings.Split(list, ",")
	}
	return nil
}

// IsAvailableOffline reports whether the subarea is there without a network.
func (s SiteMapSubArea) IsAvailableOffline() bool { return s.e.attrFlag("AvailableOffline") }

// PassesParameters reports whether the address gets the language and the organisation as parameters.
func (s SiteMapSubArea) PassesParameters() bool { return s.e.attrFlag("PassParams") }

// Settings returns the attributes that have no method of their own, such as Sku and GetStartedPanePath.
func (s SiteMapSubArea) Settings() iter.Seq2[string, string] {
	return s.settingsBut("Entity", "Url", "Page", "DefaultDashboard", "Client", "AvailableOffline", "PassParams")
}

// Privileges returns the privileges without which a user does not see the subarea.
func (s SiteMapSubArea) Privileges() iter.Seq[SiteMapPrivilege] {
	return eachIn(s.e, "Privilege", func(e Element) SiteMapPrivilege { return SiteMapPrivilege{merged{e}} })
}

// A SiteMapPrivilege is a privilege that a subarea asks for.
type SiteMapPrivilege struct{ merged }

// Table returns the logical name of the table as written, empty if the privilege is one of no table.
func (p SiteMapPrivilege) Table() string { return p.e.Attr("Entity") }

// Names returns the privileges: "Read", "Create", or such as "LearningPath" of no table.
func (p SiteMapPrivilege) Names() []string { return strings.Split(p.e.Attr("Privilege"), ",") }
