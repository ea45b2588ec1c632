package model

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
)

// eachReal runs f for every real solution beside the checkout.
func eachReal(t *testing.T, f func(t *testing.T, name string, p solution.Parts)) {
	t.Helper()
	for _, s := range corpus.Sample(t, 20) {
		zip := s.Zip(t)
		if p, err := packager.Open(bytes.NewReader(zip), int64(len(zip)), nil); err == nil {
			f(t, s.Name, p)
		}
	}
}

// readAll calls every method of a view that takes nothing, and so on with the views that it gets.
func readAll(v reflect.Value, depth int) {
	t := v.Type()
	if t.Kind() != reflect.Struct || t.PkgPath() != reflect.TypeFor[Component]().PkgPath() || depth > 40 {
		return
	}
	switch t {
	case reflect.TypeFor[Element](), reflect.TypeFor[Component](), reflect.TypeFor[Value]():
		return
	}
	if c, ok := v.Interface().(interface {
		Exists() bool
		Key() solution.Key
	}); ok && !c.Exists() {
		return // the methods of no component may not be called
	}
	for i := range t.NumMethod() {
		m := t.Method(i)
		if m.Type.NumIn() != 1 || notReading[m.Name] {
			continue
		}
		for _, out := range v.Method(i).Call(nil) {
			each(out, depth)
		}
	}
}

// notReading are methods that lead elsewhere: to other components, or to the raw element.
var notReading = map[string]bool{"Element": true, "Model": true, "Nested": true, "Owner": true, "Relationships": true, "LookupTables": true, "Root": true,
	"Location": true, "Parts": true, "View": true,
	"AllControls": true, "AllSubAreas": true, "AllActions": true, "JSON": true} // all of what other methods give as a tree

func each(v reflect.Value, depth int) {
	t := v.Type()
	switch {
	case t.Kind() == reflect.Func && t.CanSeq2():
		for a, b := range v.Seq2() {
			readAll(a, depth+1)
			readAll(b, depth+1)
		}
	case t.Kind() == reflect.Func && t.CanSeq():
		for a := range v.Seq() {
			readAll(a, depth+1)
		}
	case t.Kind() == reflect.Slice:
		for i := range v.Len() {
			readAll(v.Index(i), depth+1)
		}
	default:
		readAll(v, depth+1)
	}
}

// A reach counts how much of the components of a type has a typed meaning.
type reach struct {
	components, bytes, read int
	missing                 map[string]int // paths that nothing reads and no row calls raw
}

// add counts a component after its view was read.
func (r *reach) add(c Component, row *Kind) {
	r.components++
	e := c.Element()
	s, doc := e.src, e.src.doc
	var walk func(i int32, steps string, read, raw bool)
	walk = func(i int32, steps string, read, raw bool) {
		n := &doc.Nodes[i]
		read = read || s.trace.texts[i]
		reached := read || s.trace.elements[i] || sections[c.Type()][steps]
		size := len(doc.Name(i))
		if n.Kind == xmlspan.StartTag {
			size *= 2
		}
		r.bytes += size
		if reached {
			r.read += size
		} else if !raw {
			r.missing[steps]++
		}
		for a := range doc.RawAttrs(i) {
			size := int(a.Name.End - a.Name.Start + a.Value.End - a.Value.Start)
			r.bytes += size
			name := string(a.Name.Of(doc.Src))
			step := strings.TrimPrefix(steps+"/@"+name, "/")
			switch {
			case s.trace.attrs[a.Name.Start] || isIdentity(c, a.Value.Of(doc.Src)):
				r.read += size
			case !raw && !isRaw(row, step) && !strings.HasPrefix(name, "xmlns") && name != "xsi:nil":
				r.missing[step]++
			}
		}
		for j := range doc.Children(i) {
			m := &doc.Nodes[j]
			if !m.IsElement() {
				if m.Kind == xmlspan.Text || m.Kind == xmlspan.CData {
					size := int(m.End - m.Start)
					r.bytes += size
					if read || isIdentity(c, doc.Bytes(j)) {
						r.read += size
					} else if !raw {
						r.missing[steps+" (text)"]++
					}
				}
				continue
			}
			if s == c.m.custom && c.m.starts[j] && !isInlineChoice(doc.Name(j), c) {
				continue
			}
			below := strings.TrimPrefix(steps+"/"+doc.Name(j), "/")
			walk(j, below, read, raw || isRaw(row, below))
		}
	}
	walk(e.node, "", false, false)
}

// isInlineChoice reports whether a nested element is read by the view of c all the same.
func isInlineChoice(tag string, c Component) bool {
	return tag == "optionset" && c.Type() == solution.TypeAttribute
}

// sections are the paths below components of a type at which elements hold nested components and nothing else.
var sections = func() map[solution.ComponentType]map[string]bool {
	out := map[solution.ComponentType]map[string]bool{}
	for owner := range solution.ComponentTypes() {
		for nested := range solution.ComponentTypes() {
			for q := range strings.FieldsSeq(nested.Section) {
				below, ok := strings.CutPrefix(q, owner.Section+"/")
				for i := range below {
					if ok && below[i] == '/' {
						if out[owner.Type] == nil {
							out[owner.Type] = map[string]bool{}
						}
						out[owner.Type][below[:i]] = true
					}
				}
			}
		}
	}
	return out
}()

// isIdentity reports whether a text is the name or GUID of the component, which Component.Name and ID give.
func isIdentity(c Component, raw []byte) bool {
	text := strings.TrimSpace(xmlspan.Decode(raw))
	id, err := solution.ParseGUID(text)
	return text != "" && (strings.EqualFold(text, c.Name()) || err == nil && id == c.ID())
}

func isRaw(row *Kind, path string) bool {
	steps := strings.Split(path, "/")
	for _, raw := range row.Raw {
		want := strings.Split(raw, "/")
		if want[0] == "**" && len(steps) >= len(want)-1 {
			want = append(slices.Clone(steps[:len(steps)-len(want)+1]), want[1:]...)
		}
		if len(want) == len(steps) && slices.EqualFunc(want, steps, func(w, s string) bool {
			return w == s || w == "*" && s[0] != '@' || w == "@*" && s[0] == '@'
		}) {
			return true
		}
	}
	return false
}

// TestReach: every element and attribute of every component of a type that has a view is read by a method of it, or its row
// says that it is raw. With -v it prints the shares.
func TestReach(t *testing.T) {
	reached := map[solution.ComponentType]*reach{}
	viewless := map[solution.ComponentType][2]int{}
	eachReal(t, func(t *testing.T, name string, p solution.Parts) {
		m, err := read(p, newTrace())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for c := range m.Components() {
			row := kindOf[c.Type()]
			if row == nil {
				n := viewless[c.Type()]
				viewless[c.Type()] = [2]int{n[0] + 1, n[1] + len(c.Element().Bytes())}
				continue
			}
			r := reached[c.Type()]
			if r == nil {
				r = &reach{missing: map[string]int{}}
				reached[c.Type()] = r
			}
			readAll(reflect.ValueOf(c.View()), 0)
			r.add(c, row)
		}
	})
	for _, kind := range slices.Sorted(maps.Keys(reached)) {
		r := reached[kind]
		t.Logf("%-30s %6d components %6.2f %% of %d bytes", kind, r.components, 100*float64(r.read)/float64(max(r.bytes, 1)), r.bytes)
		for _, path := range slices.Sorted(maps.Keys(r.missing)) {
			t.Errorf("%s: %s: %d that no method of the view reads and the catalogue does not call raw", kind, path, r.missing[path])
		}
	}
	var rest []string
	for kind, n := range viewless {
		rest = append(rest, fmt.Sprintf("%s %d (%d bytes)", kind, n[0], n[1]))
	}
	slices.Sort(rest)
	t.Logf("without a view: %s", strings.Join(rest, ", "))
}
