package model

import (
	"iter"

	"github.com/solutionkit/solutionkit/solution"
)

// A Template is an e-mail, contract, article or mail merge template.
type Template struct{ Component }

func templateOf(c Component) Template { return Template{c} }

// Templates returns the templates of all four types, in the order of the file.
func (m *Model) Templates() iter.Seq[Template] {
	return func(yield func(Template) bool) {
		for c := range m.Components() {
			switch c.Type() {
			case solution.TypeEmailTemplate, solution.TypeContractTemplate, solution.TypeKBArticleTemplate, solution.TypeMailMergeTemplate:
				if !yield(Template{c}) {
					return
				}
			}
		}
	}
}

// Title returns the title or name of the template.
func (t Template) Title() string {
	if title := t.Element().text("title"); title != "" {
		return title
	}
	return t.Element().text("name")
}

// DisplayNames returns the title in the language of the template.
func (t Template) DisplayNames() []solution.Label {
	title := t.Title()
	if title == "" {
		return t.Component.DisplayNames()
	}
	lcid, _ := t.Language()
	return []solution.Label{{LCID: lcid, Text: title}}
}

// Language returns the language of the template, and whether it is given.
func (t Template) Language() (int, bool) { return t.Element().number("languagecode") }

// TableCode returns which table the template is for, as written: a type code or a name; empty if it is for any or none.
func (t Template) TableCode() string { return t.Element().text("templatetypecode") }

// documents are the elements of templates that hold a document or what it was made of.
var documents = map[string]bool{"subject": true, "body": true, "subjectpresentationxml": true, "presentationxml": true, "structurexml": true,
	"formatxml": true, "abstract": true, "defaultfilter": true, "parameterxml": true}

// Documents returns the documents: names of elements, such as subject, body and formatxml, and their texts. In exports nearly all of
// them are XML or XSL that is written as text.
func (t Template) Documents() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for e := range t.Element().Children() {
			if documents[e.Tag()] && !yield(e.Tag(), e.Text()) {
				return
			}
		}
	}
}

var templateMembers = func() map[string]bool {
	members := map[string]bool{"title": true, "name": true, "languagecode": true, "templatetypecode": true, "description": true, "IntroducedVersion": true,
		"templateid": true, "contracttemplateid": true, "kbarticletemplateid": true, "mailmergetemplateid": true}
	for name := range documents {
		members[name] = true
	}
	return members
}()

// Settings returns what has no method of its own: names and texts as written.
func (t Template) Settings() iter.Seq2[string, string] {
	return settings(t.Element(), templateMembers)
}
