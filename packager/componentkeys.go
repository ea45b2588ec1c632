package packager

import (
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// A keysRule returns names and ids of component i, or of the components in section i if that is one file.
type keysRule func(d *xmlspan.Document, i int32) []string

func attrKeys(names ...string) keysRule {
	return func(d *xmlspan.Document, i int32) (keys []string) {
		for _, name := range names {
			if key := attr(d, i, name); key != "" {
				keys = append(keys, key)
			}
		}
		return keys
	}
}

func childKeys(names ...string) keysRule {
	return func(d *xmlspan.Document, i int32) (keys []string) {
		for _, name := range names {
			if key := child(d, i, name); key != "" {
				keys = append(keys, key)
			}
		}
		return keys
	}
}

func bothKeys(attribute, element string) keysRule {
	return func(d *xmlspan.Document, i int32) []string {
		return append(attrKeys(attribute)(d, i), childKeys(element)(d, i)...)
	}
}

// eachChild collects the keys of the children of an element.
func eachChild(rule keysRule) keysRule {
	return func(d *xmlspan.Document, i int32) (keys []string) {
		for c := range d.Elements(i) {
			keys = append(keys, rule(d, c)...)
		}
		return keys
	}
}

func fixedKey(key string) keysRule {
	return func(*xmlspan.Document, int32) []string { return []string{key} }
}

// controlName is the name that the manifest of a custom control gives it: tools that build controls write another one into
// customizations.xml.
func controlName(d *xmlspan.Document, root int32) []string {
	control := d.Child(root, "control")
	if control == xmlspan.None {
		return nil
	}
	return []string{attr(d, control, "namespace") + "." + attr(d, control, "constructor")}
}

func (l *layout) keysOf(d *xmlspan.Document, i int32) []string {
	if l.keys == nil {
		return nil
	}
	return l.keys(d, i)
}

// isBusinessRule reports whether a process is a business rule: an activated definition of scope "entity" and mode "background", by
// the four numbers that exports have. The reference tool asks for no root component of such a one, and of any other.
func isBusinessRule(d *xmlspan.Document, i int32) bool {
	for _, want := range [][2]string{{"Type", "1"}, {"Category", "2"}, {"Mode", "1"}, {"Scope", "4"}} {
		if strings.TrimSpace(child(d, i, want[0])) != want[1] {
			return false
		}
	}
	return true
}
