package solution

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// inPublisher has the order of the children of Publisher (observed in all exports).
var inPublisher = place{path: []string{"Publisher"}, order: []string{
	"UniqueName", "LocalizedNames", "Descriptions", "EMailAddress", "SupportingWebsiteUrl", "CustomizationPrefix",
	"CustomizationOptionValuePrefix", "Addresses",
}}

// WithPublisher returns m with that publisher. Fields that are as they were keep their bytes, whatever else is in their
// elements; Addresses that are nil stay as they are.
//
// It changes the manifest alone: components that carry the prefix of another publisher in their names keep them. The error is a
// [*ValueError]: a value among the changed ones that the platform would refuse or that XML cannot hold.
func (m *Manifest) WithPublisher(p Publisher) (*Manifest, error) {
	old, none := m.publisher, m.child("Publisher") == xmlspan.None
	if err := checkPublisher(p, old, none); err != nil {
		return nil, err
	}
	if none {
		m = m.edit(m.addChild(m.top, manifestOrder, "Publisher", "<Publisher></Publisher>")...)
		m = m.edit(m.openPublisher()...)
	}
	for _, f := range []struct {
		name     string
		old, now *string
	}{
		{"UniqueName", &old.UniqueName, &p.UniqueName},
		{"EMailAddress", old.EMail, p.EMail},
		{"SupportingWebsiteUrl", old.Website, p.Website},
		{"CustomizationPrefix", &old.Prefix, &p.Prefix},
		{"CustomizationOptionValuePrefix", number(old.OptionValuePrefix), number(p.OptionValuePrefix)},
	} {
		if !equalText(f.old, f.now) {
			m = m.edit(m.setPublisherText(f.name, f.now)...)
		}
	}
	m = m.withPublisherLabels("LocalizedNames", "LocalizedName", old.DisplayNames, p.DisplayNames)
	m = m.withPublisherLabels("Descriptions", "Description", old.Descriptions, p.Descriptions)
	if p.Addresses != nil && !slices.EqualFunc(old.Addresses, p.Addresses, equalAddress) {
		m = m.withAddresses(old.Addresses, p.Addresses)
	}
	return m, nil
}

func number(n int) *string {
	text := strconv.Itoa(n)
	return &text
}

func equalText(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }

func equalAddress(a, b Address) bool {
	return slices.EqualFunc(a, b, func(a, b AddressField) bool { return a.Name == b.Name && equalText(a.Value, b.Value) })
}

// openPublisher puts the end tag of a publisher that is new and empty on a line of its own.
func (m *Manifest) openPublisher() []Splice {
	at := m.child("Publisher")
	if lead := m.lead(at); lead != "" {
		end := int(m.doc.CloseStart(at))
		return []Splice{{end, end, lead}}
	}
	return nil
}

func (m *Manifest) setPublisherText(name string, text *string) []Splice {
	at := m.child("Publisher")
	switch i := m.doc.Child(at, name); {
	case i != xmlspan.None:
		return m.setElement(i, text)
	case text != nil:
		return m.setText(at, inPublisher.order, name, *text)
	}
	return nil
}

func (m *Manifest) withPublisherLabels(list, item string, old, labels []Label) *Manifest {
	if slices.Equal(old, labels) {
		return m
	}
	return m.withList(inPublisher, list, len(labels) == 0, func(m *Manifest, list int32) []Splice {
		return m.setLabels(list, item, labels)
	})
}

// withAddresses changes the values of the fields where the addresses have the same ones; else it writes those anew that are
// not there.
func (m *Manifest) withAddresses(old, addresses []Address) *Manifest {
	list := m.doc.At(m.top, "Publisher", "Addresses")
	if slices.EqualFunc(old, addresses, sameFields) {
		var edit []Splice
		for i, node := range m.items(list, "") {
			for k, field := range m.items(node, "") {
				if now := addresses[i][k].Value; !equalText(old[i][k].Value, now) {
					edit = append(edit, m.setElement(field, now)...)
				}
			}
		}
		return m.edit(edit...)
	}
	return m.withList(inPublisher, "Addresses", len(addresses) == 0, func(m *Manifest, list int32) []Splice {
		nodes := m.items(list, "")
		lead, _ := m.listLeads(list, nodes)
		used := make([]bool, len(old))
		items := make([]listItem, len(addresses))
		for i, a := range addresses {
			items[i].old = -1
			for k, have := range old {
				if !used[k] && equalAddress(a, have) {
					items[i].old, used[k] = k, true
					break
				}
			}
			if items[i].old < 0 {
				items[i].text = m.appendAddress(nil, a, lead, m.indent(list))
			}
		}
		return m.setList(list, nodes, items)
	})
}

// sameFields reports whether two addresses differ in values alone. In a file that cannot say null, a field that becomes null
// goes, but that is no reason to write the others anew.
func sameFields(a, b Address) bool {
	return slices.EqualFunc(a, b, func(a, b AddressField) bool { return a.Name == b.Name })
}

// appendAddress appends a new address. lead is the white space in front of it and unit that of one level, both empty to write
// all on one line.
func (m *Manifest) appendAddress(dst []byte, a Address, lead, unit string) []byte {
	deeper := ""
	if lead != "" {
		deeper = lead + unit
	}
	_, null := m.doc.Attr(m.root, "xmlns:xsi")
	dst = append(dst, "<Address>"...)
	for _, f := range a {
		if f.Value != nil || null {
			dst = appendTextElement(append(dst, deeper...), f.Name, f.Value, m.newline())
		}
	}
	return append(append(dst, lead...), "</Address>"...)
}

// checkPublisher finds what cannot be written in what is new in p.
func checkPublisher(p, old Publisher, all bool) error {
	switch {
	case (all || p.UniqueName != old.UniqueName) && !isUniqueName(p.UniqueName):
		return &ValueError{"publisher's unique name", p.UniqueName, adviceUniqueName}
	case (all || p.Prefix != old.Prefix) && !isPrefix(p.Prefix):
		return &ValueError{"publisher's prefix", p.Prefix, advicePrefix}
	case (all || p.OptionValuePrefix != old.OptionValuePrefix) && (p.OptionValuePrefix < minOptionValuePrefix || p.OptionValuePrefix > maxOptionValuePrefix):
		return &ValueError{"publisher's option value prefix", strconv.Itoa(p.OptionValuePrefix), fmt.Sprintf("use %d to %d", minOptionValuePrefix, maxOptionValuePrefix)}
	}
	if err := checkLabels("publisher's name", p.DisplayNames); err != nil {
		return err
	}
	if err := checkLabels("publisher's description", p.Descriptions); err != nil {
		return err
	}
	texts := []*string{p.EMail, p.Website}
	for _, a := range p.Addresses {
		for _, f := range a {
			if !isElementName(f.Name) {
				return &ValueError{"publisher's address", f.Name, "this is not the name of an element: use letters, digits and underscores, no digit first"}
			}
			texts = append(texts, f.Value)
		}
	}
	for _, text := range texts {
		if text != nil && !isXMLText(*text) {
			return &ValueError{"publisher's text", *text, adviceXML}
		}
	}
	return nil
}
