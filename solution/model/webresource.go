package model

import (
	"iter"

	"github.com/solutionkit/solutionkit/solution"
)

// A WebResource is a file that apps show or run.
type WebResource struct{ Component }

func webResourceOf(c Component) WebResource { return WebResource{c} }

// WebResources returns the web resources in the order of the file.
func (m *Model) WebResources() iter.Seq[WebResource] {
	return views(m, solution.TypeWebResource, webResourceOf)
}

// WebResource returns the web resource of that name, which has slashes and mostly an extension.
func (m *Model) WebResource(name string) (WebResource, bool) {
	return lookup(m, solution.NameKey(solution.TypeWebResource, "", name), webResourceOf)
}

// DisplayNames returns the display name, which has no language here.
func (w WebResource) DisplayNames() []solution.Label {
	return plainLabels(w.Element().Child("DisplayName"))
}

// FileType returns the type, and whether it is given: 1 HTML, 2 CSS, 3 script, 4 XML, 5 PNG, 6 JPG, 7 GIF, 8 XAP, 9 XSL, 10 ICO, 11 SVG,
// 12 RESX.
func (w WebResource) FileType() (int, bool) { return w.Element().number("WebResourceType") }

// File returns the name of the part that is the file, empty if the solution has none.
func (w WebResource) File() string { return w.part(w.Element().text("FileName")) }

// Language returns the language, and whether it is given; 0 is none.
func (w WebResource) Language() (int, bool) { return w.Element().number("LanguageCode") }

// IsEnabledForMobile reports whether phones may have the file.
func (w WebResource) IsEnabledForMobile() bool { return w.Element().flag("IsEnabledForMobileClient") }

// IsAvailableOffline reports whether phones have the file without a network.
func (w WebResource) IsAvailableOffline() bool {
	return w.Element().flag("IsAvailableForMobileOffline")
}

var webResourceMembers = members("WebResourceId", "Name", "DisplayName", "Description", "WebResourceType", "FileName", "LanguageCode",
	"IsEnabledForMobileClient", "IsAvailableForMobileOffline", "DependencyXml", "IntroducedVersion")

// Settings returns what has no method of its own: names and texts as written.
func (w WebResource) Settings() iter.Seq2[string, string] {
	return settings(w.Element(), webResourceMembers)
}

// Dependencies returns what the file says that it needs, in the order of the file.
//
// The error is a [*solution.SyntaxError]: what is written is XML as a text.
func (w WebResource) Dependencies() (iter.Seq[WebResourceDependency], error) {
	text := w.Element().Child("DependencyXml")
	root, err := text, error(nil)
	if !text.HasChildren() {
		root, err = text.XML()
	} else if text.Child("Dependencies").Exists() {
		root = text.Child("Dependencies")
	}
	return func(yield func(WebResourceDependency) bool) {
		for kind := range root.Children() {
			for e := range kind.Children() {
				if !yield(WebResourceDependency{kind, e}) {
					return
				}
			}
		}
	}, err
}

// A WebResourceDependency is something that a web resource needs.
type WebResourceDependency struct{ kind, e Element }

// Element returns the place of the dependency.
func (d WebResourceDependency) Element() Element { return d.e }

// Kind returns the type of what is needed, as written: "WebResource" in all exports that were seen.
func (d WebResourceDependency) Kind() string { return d.kind.Attr("componentType") }

// Name returns the name of the web resource.
func (d WebResourceDependency) Name() string { return d.e.Attr("name") }

// Settings returns the attributes that have no method of their own, such as displayName.
func (d WebResourceDependency) Settings() iter.Seq2[string, string] { return d.e.attrsBut("name") }
