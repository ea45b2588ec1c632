package model

import (
	"bytes"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/solution"
)

// caseModels are the models of all cases of views.
func caseModels(t *testing.T) map[string]*Model {
	t.Helper()
	names, err := filepath.Glob("testdata/views/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases (%v)", err)
	}
	out := map[string]*Model{}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files := fstest.MapFS{}
		for _, f := range a.Files {
			if f.Name != "want" {
				files[f.Name] = &fstest.MapFile{Data: f.Data}
			}
		}
		parts, err := solution.PartsOf(files)
		if err != nil {
			t.Fatal(err)
		}
		if out[name], err = Read(parts); err != nil {
			t.Fatal(err)
		}
		if out[name].Parts() == nil {
			t.Errorf("%s: no parts", name)
		}
	}
	return out
}

// viewNames are the kinds of views that the catalogue has.
func viewNames() map[string]bool {
	out := map[string]bool{}
	for k := range Kinds() {
		out[k.View] = true
	}
	return out
}

// TestListsOfModel: each list of a model (Tables, Roles, ...) has all components of its view, in their order, and nothing else.
func TestListsOfModel(t *testing.T) {
	views, listed := viewNames(), map[string]bool{}
	for name, m := range caseModels(t) {
		all := map[string][]string{}
		for c := range m.Components() {
			if view := reflect.TypeOf(c.View()).Name(); views[view] {
				all[view] = append(all[view], c.Key().String()+" "+c.Location().String())
			}
		}
		v := reflect.ValueOf(m)
		for i := range v.NumMethod() {
			method := v.Type().Method(i)
			if method.Type.NumIn() != 1 || method.Type.NumOut() != 1 || method.Type.Out(0).Kind() != reflect.Func || method.Type.Out(0).NumIn() != 1 {
				continue
			}
			view := method.Type.Out(0).In(0).In(0)
			if method.Type.Out(0).In(0).NumIn() != 1 || !views[view.Name()] || view.Name() == "Link" {
				continue
			}
			listed[view.Name()] = true
			var got []string
			for _, item := range items(v.Method(i).Call(nil)[0]) {
				x := item[0].Interface().(interface{ Element() Element })
				got = append(got, keyOf(item[0])+" "+x.Element().Location().String())
			}
			want := all[view.Name()]
			if view.Name() == "Choice" {
				want = ofType(m, solution.TypeOptionSet)
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %s gives\n%v, want\n%v", name, method.Name, got, want)
			}
		}
	}
	if len(listed) < 25 {
		t.Errorf("lists of %d views: %v", len(listed), listed)
	}
}

func ofType(m *Model, kind solution.ComponentType) (out []string) {
	for c := range m.OfType(kind) {
		out = append(out, c.Key().String()+" "+c.Location().String())
	}
	return out
}

func keyOf(view reflect.Value) string {
	switch x := view.Interface().(type) {
	case interface{ Key() solution.Key }:
		return x.Key().String()
	case Choice:
		return solution.NameKey(solution.TypeOptionSet, "", x.Name()).String()
	}
	return fmt.Sprintf("%T has no key", view.Interface())
}

// TestSingles: what a model gives for a name or an id is what its components have under that key, in any letter case, and nothing
// is found where there is nothing.
func TestSingles(t *testing.T) {
	found := map[string]bool{}
	for name, m := range caseModels(t) {
		v := reflect.ValueOf(m)
		for i := range v.NumMethod() {
			method := v.Type().Method(i)
			if method.Type.NumIn() != 2 || method.Type.NumOut() != 2 || method.Type.Out(1).Kind() != reflect.Bool || method.Type.Out(0).Kind() != reflect.Struct {
				continue
			}
			key := method.Type.In(1)
			ask := func(arg any) (reflect.Value, bool) {
				out := v.Method(i).Call([]reflect.Value{reflect.ValueOf(arg)})
				return out[0], out[1].Bool()
			}
			switch key {
			case reflect.TypeFor[string]():
				if _, ok := ask("contoso_nothing_of_that_name"); ok {
					t.Errorf("%s: %s finds what is not there", name, method.Name)
				}
			case reflect.TypeFor[solution.GUID]():
				if _, ok := ask(solution.GUID{1, 2, 3}); ok {
					t.Errorf("%s: %s finds what is not there", name, method.Name)
				}
			default:
				continue
			}
			for c := range m.Components() {
				if reflect.TypeOf(c.View()) != method.Type.Out(0) {
					continue
				}
				var arg any = strings.ToUpper(c.Key().Name())
				if key == reflect.TypeFor[solution.GUID]() {
					arg = c.Key().ID()
				}
				if arg == "" || arg == (solution.GUID{}) || c.Key().Parent() != "" {
					continue
				}
				got, ok := ask(arg)
				if !ok {
					t.Errorf("%s: %s(%v) finds nothing", name, method.Name, arg)
					continue
				}
				if first, _ := m.Component(c.Key()); keyOf(got) != first.Key().String() {
					t.Errorf("%s: %s(%v) gives %s", name, method.Name, arg, keyOf(got))
				}
				found[method.Name] = true
			}
		}
	}
	if len(found) < 8 {
		t.Errorf("found by %v", found)
	}
}

// TestSourcesOfViews: what a view is made of (Element, JSON) stands in a part at the place that it tells.
func TestSourcesOfViews(t *testing.T) {
	seen := map[string]int{}
	for name, m := range caseModels(t) {
		w := &sourceWalk{t: t, name: name, m: m, seen: seen}
		for c := range m.Components() {
			if owner, ok := m.ComponentOf(c.Element()); !ok || owner.Key() != c.Key() {
				t.Errorf("%s: the element of %s is that of %s", name, c.Key(), owner.Key())
			}
			w.view(reflect.ValueOf(c.View()), 0)
		}
	}
	for what, least := range map[string]int{"Element": 100, "JSON": 20, "within": 10} {
		if seen[what] < least {
			t.Errorf("%d times %s", seen[what], what)
		}
	}
}

type sourceWalk struct {
	t    *testing.T
	name string
	m    *Model
	seen map[string]int
}

// view looks at a view, and at those that it gives.
func (w *sourceWalk) view(v reflect.Value, depth int) {
	t := v.Type()
	if t.Kind() != reflect.Struct || t.PkgPath() != reflect.TypeFor[Component]().PkgPath() || depth > 12 {
		return
	}
	switch x := v.Interface().(type) {
	case Element:
		if !x.Exists() {
			return
		}
		start, end := x.Span()
		if in := x.src.in; in.Exists() {
			w.within(in, start, end, x.Bytes())
			return
		}
		w.holds("Element", x.Part(), start, end, x.Bytes())
		return
	case Value:
		if !x.Exists() {
			return
		}
		start, end := x.Span()
		if in := x.In(); in.Exists() {
			w.within(in, start, end, x.Bytes())
			return
		}
		w.holds("JSON", x.Part(), start, end, x.Bytes())
		return
	case Component:
		return
	case interface{ Exists() bool }:
		if !x.Exists() {
			return
		}
	}
	for i := range t.NumMethod() {
		method := t.Method(i)
		if method.Type.NumIn() != 1 || method.Name != "Element" && method.Name != "JSON" && notReading[method.Name] {
			continue
		}
		for _, out := range v.Method(i).Call(nil) {
			if out.Kind() != reflect.Func {
				w.view(out, depth+1)
				continue
			}
			if out.Type().NumIn() != 1 || !(out.Type().CanSeq() || out.Type().CanSeq2()) {
				continue
			}
			for _, item := range items(out) {
				for _, x := range item {
					w.view(x, depth+1)
				}
			}
		}
	}
}

// within holds for what stands in the text of an element.
func (w *sourceWalk) within(in Element, start, end int, text []byte) {
	w.seen["within"]++
	if whole := in.Text(); start < 0 || end > len(whole) || start >= end || whole[start:end] != string(text) {
		w.t.Errorf("%s: the text at %s does not hold %.40q at %d", w.name, in.Location(), text, start)
	}
}

func (w *sourceWalk) holds(what, part string, start, end int, text []byte) {
	w.seen[what]++
	src, err := w.m.Parts().ReadPart(part)
	if err != nil {
		w.t.Errorf("%s: %s of a view: %v", w.name, what, err)
		return
	}
	if start < 0 || end > len(src) || start >= end || !bytes.Equal(src[start:end], text) {
		w.t.Errorf("%s: %s at %s [%d,%d) is not %.40q", w.name, what, part, start, end, text)
	}
}
