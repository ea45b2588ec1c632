package connector

import (
	"fmt"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

// A schemaComparison compares two schemas: of what is sent (input) or of what comes back.
type schemaComparison struct {
	*comparison
	input bool
	flat  bool // a parameter that is no body, whose items are no schemas of their own
	what  string
	seen  map[[2]int32]bool // pairs of resolved schemas, each compared once
}

// maxPairs bounds the pairs of schemas that are looked at in all, those that are known to be alike not counted.
const maxPairs = 2_000_000

// compare compares the schemas at two nodes and all below. Where nothing differs, all that was looked at is alike wherever else it
// is used: definitions are shared by many operations.
func (s *schemaComparison) compare(path string, old, new int32, mandatory bool) {
	before := len(s.found)
	s.nodes(path, old, new, mandatory)
	if len(s.found) == before && !s.cut {
		for pair := range s.seen {
			s.alike[alike{pair, s.input}] = true
		}
	}
}

// An alike is two schemas that do not differ, as inputs or as outputs.
type alike struct {
	pair  [2]int32
	input bool
}

// nodes compares the schemas at two nodes. mandatory says that an input always has this part.
func (s *schemaComparison) nodes(path string, old, new int32, mandatory bool) {
	a, ok := s.old.Def.Resolve(old)
	b, also := s.new.Def.Resolve(new)
	if !ok || !also {
		return // a reference that leads nowhere is a matter of package lint
	}
	pair := [2]int32{a.Node, b.Node}
	if s.seen[pair] || s.alike[alike{pair, s.input}] {
		return
	}
	if s.pairs++; s.pairs > maxPairs {
		s.cut = true
		return
	}
	s.seen[pair] = true
	if a.DynamicRef() != b.DynamicRef() {
		word := "asked for while a flow is edited"
		if a.DynamicRef() {
			word = "said in the definition, and was asked for"
		}
		s.add(s.typeRule(), Unknown, path, s.oldAt(old), s.newAt(new), reasonSaved, "the form of %s is %s", s.name(path), word)
		return
	}
	if !s.value(path, a, b) {
		return
	}
	s.properties(path, &a, &b, mandatory)
	if a.Items != jsonspan.None && b.Items != jsonspan.None {
		s.nodes(path+"[]", a.Items, b.Items, false)
	}
	if s.old.Def.IsObject(a.Additional) && s.new.Def.IsObject(b.Additional) {
		s.nodes(path+"/*", a.Additional, b.Additional, false)
	}
}

func (s *schemaComparison) typeRule() string {
	if s.input {
		return changeParameterType
	}
	return changeResponse
}

// name says what a path is of.
func (s *schemaComparison) name(path string) string {
	switch {
	case s.input:
		return fmt.Sprintf("%s %s of %s", s.what, quoted(path), s.o.ID)
	case path == "":
		return fmt.Sprintf("%s of %s", s.what, s.o.ID)
	}
	return fmt.Sprintf("%s in %s of %s", quoted(path), s.what, s.o.ID)
}

// value compares what two schemas say of the values themselves, and reports whether it makes sense to look inside.
func (s *schemaComparison) value(path string, a, b index.Keywords) bool {
	was, is := s.old.Def.Text(a.Type), s.new.Def.Text(b.Type)
	if was == "" && a.Properties != jsonspan.None {
		was = "object"
	}
	if is == "" && b.Properties != jsonspan.None {
		is = "object"
	}
	old, new := s.oldAt(a.Node), s.newAt(b.Node)
	if was != is {
		impact, reason := Breaking, "flows that exist send values of the old type"
		if !s.input {
			reason = reasonReads
		}
		switch {
		case s.input && is == "", !s.input && was == "":
			impact, reason = Safe, "what was taken and given still may be"
		case was == "" || is == "":
			impact, reason = Unknown, "one of the versions does not say the type"
		case s.input && was == "integer" && is == "number", !s.input && was == "number" && is == "integer":
			impact, reason = Safe, "every integer is a number"
		}
		s.add(s.typeRule(), impact, path, old, new, reason, "%s was %s and is %s", s.name(path), typeWord(was), typeWord(is))
		return impact == Safe
	}
	if f, g := s.old.Def.Text(a.Format), s.new.Def.Text(b.Format); f != g && f != "" && g != "" {
		s.add(s.typeRule(), Unknown, path, old, new, "values that exist may be of the old format", "%s had format %s and has %s", s.name(path), f, g)
	}
	if s.input {
		s.enum(path, &a, &b)
		if was == "array" && s.flat && a.Items != jsonspan.None && b.Items != jsonspan.None {
			s.value(path+"[]", s.old.Def.Keywords(a.Items), s.new.Def.Keywords(b.Items))
		}
	}
	return true
}

func typeWord(t string) string {
	if t == "" {
		return "of no type"
	}
	return "of type " + t
}

func (s *schemaComparison) enum(path string, a, b *index.Keywords) {
	if s.new.Def.Kind(b.Enum) != jsonspan.Array {
		return
	}
	if s.old.Def.Kind(a.Enum) != jsonspan.Array {
		s.add(changeEnum, Unknown, path, s.oldAt(a.Node), s.newAt(b.Enum), "flows that exist may send others", "%s takes only certain values now", s.name(path))
		return
	}
	known := map[string]bool{}
	for v := range s.new.Def.Tree.Children(b.Enum) {
		known[index.ValueText(s.new.Def.Tree, v)] = true
	}
	var gone []string
	for v := range s.old.Def.Tree.Children(a.Enum) {
		if !known[index.ValueText(s.old.Def.Tree, v)] {
			gone = append(gone, string(s.old.Def.Tree.Raw(v)))
		}
	}
	if len(gone) > 0 {
		s.add(changeEnum, Unknown, path, s.oldAt(a.Enum), s.newAt(b.Enum), "flows that exist may send it", "%s does not take %s any more", s.name(path), few(gone))
	}
}

// few names some of many.
func few(list []string) string {
	const most = 5
	text := ""
	for i, s := range list {
		if i == most {
			return text + fmt.Sprintf(" and %d others", len(list)-most)
		}
		if i > 0 {
			text += ", "
		}
		text += s
	}
	return text
}

// A member is a property of an object, its own or of a part that the object is put together from.
type member struct {
	node     int32
	required bool
}

// members returns the properties of an object in order, and whether that is not all that is known of them.
func members(d *index.Definition, k *index.Keywords) (names []string, byName map[string]member, open bool) {
	byName = map[string]member{}
	left := 64 // parts
	var collect func(k *index.Keywords)
	collect = func(k *index.Keywords) {
		if d.IsObject(k.Properties) {
			required := d.NameSet(jsonspan.None)
			if d.Kind(k.Required) == jsonspan.Array {
				required = d.NameSet(k.Required)
			}
			for c := range d.Tree.Children(k.Properties) {
				name := d.Tree.Key(c)
				m, had := byName[name]
				if !had {
					names = append(names, name)
					m.node = c
				}
				m.required = m.required || required.Has(d.Tree.PlainKey(c))
				byName[name] = m
			}
		}
		if d.IsTrue(k.Additional) || d.IsObject(k.Additional) || k.Dynamic() || k.Properties == jsonspan.None && k.AllOf == jsonspan.None {
			open = true
		}
		if k.AllOf == jsonspan.None {
			return
		}
		for c := range d.Tree.Children(k.AllOf) {
			part, ok := d.Resolve(c)
			if left--; !ok || left < 0 {
				open = true
				continue
			}
			collect(&part)
		}
	}
	collect(k)
	return names, byName, open
}

func (s *schemaComparison) properties(path string, a, b *index.Keywords, mandatory bool) {
	names, was, _ := members(s.old.Def, a)
	newNames, is, open := members(s.new.Def, b)
	for _, name := range names {
		old, at := was[name], join(path, name)
		k, ok := s.old.Def.Resolve(old.node)
		if !ok {
			continue
		}
		own := s.old.Def.Keywords(old.node)
		internal := s.old.Def.IsInternal(&k) || s.old.Def.IsInternal(&own)
		new, there := is[name]
		if !there {
			s.propertyGone(at, s.oldAt(old.node), s.newAt(b.Node), internal, s.input && s.old.Def.IsTrue(k.ReadOnly), open)
			continue
		}
		now, _ := s.new.Def.Resolve(new.node)
		if s.input && !old.required && new.required {
			s.propertyRequired(at, s.oldAt(old.node), s.newAt(new.node), &now, mandatory, false)
		}
		if s.input && !internal && s.new.Def.IsInternal(&now) {
			s.add(changeHidden, Unknown, at, s.oldAt(old.node), s.newAt(new.node), reasonSaved, "%s is internal now", s.name(at))
		}
		s.nodes(at, old.node, new.node, mandatory && old.required)
	}
	for _, name := range newNames {
		if _, there := was[name]; there {
			continue
		}
		new, at := is[name], join(path, name)
		if now, ok := s.new.Def.Resolve(new.node); ok && s.input {
			if new.required {
				s.propertyRequired(at, s.oldAt(a.Node), s.newAt(new.node), &now, mandatory, true)
				continue
			}
		}
		s.add(changeAdded, Safe, at, s.oldAt(a.Node), s.newAt(new.node), reasonNothing, "%s is new", s.name(at))
	}
}

func (s *schemaComparison) propertyGone(path string, old, new index.Value, internal, readOnly, open bool) {
	rule, impact, reason := changeResponse, Breaking, reasonReads
	if s.input {
		rule, reason = changeParameterGone, reasonSends
	}
	switch {
	case internal:
		impact, reason = Safe, reasonInternalParameter
	case readOnly:
		impact, reason = Safe, "nothing could send it"
	case open:
		impact, reason = Unknown, "the new version takes and gives properties that it does not name"
	}
	s.add(rule, impact, path, old, new, reason, "%s is gone", s.name(path))
}

func (s *schemaComparison) propertyRequired(path string, old, new index.Value, k *index.Keywords, mandatory, isNew bool) {
	if mandatory {
		s.required(path, s.name(path), old, new, k, true, isNew)
		return
	}
	s.add(changeParameterRequired, Unknown, path, old, new, "flows that send what it is in without it fail", "%s is required now", s.name(path))
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "/" + name
}
