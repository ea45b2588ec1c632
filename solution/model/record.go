package model

import "iter"

// A Record is a component of one of the kinds that are a list of fields and nothing more, or of which no exports were seen: the catalogue says
// which.
type Record struct{ Component }

func recordOf(c Component) Record { return Record{c} }

// Fields returns names and texts as written. A field that names another component is called by both names: "appmoduleid.uniquename". Of
// elements with more in them Element reaches all.
func (r Record) Fields() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for name, text := range r.Element().Attrs() {
			if !yield(name, text) {
				return
			}
		}
		for e := range r.Element().Children() {
			if !e.HasChildren() {
				if !yield(e.Tag(), e.Text()) {
					return
				}
				continue
			}
			for x := range e.Children() {
				if !x.HasChildren() && !yield(e.Tag()+"."+x.Tag(), x.Text()) {
					return
				}
			}
		}
	}
}
