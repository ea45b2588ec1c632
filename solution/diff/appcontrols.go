package diff

import (
	"io/fs"
	"slices"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/model"
)

// controlStamps are members of controls that the studio computes or copies: running numbers, state of the editor, the name of
// what holds the control, the definition of the kind of control.
var controlStamps = []string{"ControlUniqueId", "PublishOrderIndex", "ControlPropertyState", "Parent", "LastModifiedTimestamp", "Version",
	"DynamicControlDefinitionJson", "ComponentDefinitionInfo", "IsPremiumPcfControl", "PcfConversions", "RuleProviderType"}

// newerMembers are members that newer studios write and older ones do not.
var newerMembers = []string{"AllowAccessToGlobals", "HasDynamicProperties", "OptimizeForDevices", "PropToDynamicType"}

// controlFile compares two files of controls.
func (c *comparer) controlFile(a, b model.Value) {
	p, q := a.Get("TopParent"), b.Get("TopParent")
	if p.Kind() != model.ObjectValue || q.Kind() != model.ObjectValue {
		c.push("#", "")
		c.value(a, b)
		c.pop()
		return
	}
	c.control(p, q)
	c.others(a, b, "TopParent")
}

// control compares two trees of controls: their formulas and what they hold by name, in any order, and all else that stands
// there. Formulas stand behind the name of the property, controls behind that of what holds them.
func (c *comparer) control(a, b model.Value) {
	c.list("Rules", "", a, b, "Property", c.formula)
	c.list("DynamicProperties", "DynamicProperties", a, b, "PropertyName", func(x, y model.Value) {
		p, q := x.Get("Rule"), y.Get("Rule")
		if p.Kind() == model.ObjectValue && q.Kind() == model.ObjectValue {
			c.formula(p, q)
			c.others(x, y, "Rule")
			return
		}
		c.others(x, y)
	})
	c.list("Children", "", a, b, "Name", c.control)
	if p, q := a.Get("Template"), b.Get("Template"); p.Kind() == model.ObjectValue && q.Kind() == model.ObjectValue {
		if x, y := p.Get("Name"), q.Get("Name"); x.Text() != y.Text() {
			c.push("Template", "")
			c.add(Changed, "", x.Text(), y.Text(), p.Location(), q.Location())
			c.pop()
		}
		c.push("Template", "")
		c.others(p, q, "Name")
		c.pop()
		c.others(a, b, "Rules", "DynamicProperties", "Children", "Template")
		return
	}
	c.others(a, b, "Rules", "DynamicProperties", "Children")
}

// formula compares two rules.
func (c *comparer) formula(a, b model.Value) {
	if p, q := a.Get("InvariantScript"), b.Get("InvariantScript"); p.Text() != q.Text() {
		c.add(Changed, "", p.Text(), q.Text(), orAt(p, a), orAt(q, b))
	}
	c.others(a, b, "InvariantScript")
}

// orAt returns the place of a member, or of what would hold it.
func orAt(v, holder model.Value) diag.Location {
	if v.Exists() {
		return v.Location()
	}
	return holder.Location()
}

// others compares the members of two objects but some; those that the studio computes are noise.
func (c *comparer) others(a, b model.Value, but ...string) {
	old, oldNames := table(a)
	new, newNames := table(b)
	done := map[string]bool{}
	for _, name := range but {
		done[name] = true
	}
	for _, name := range append(newNames, oldNames...) {
		x, y := old[name], new[name]
		if done[name] || x.Exists() && y.Exists() && string(x.Bytes()) == string(y.Bytes()) {
			continue
		}
		done[name] = true
		noise := ""
		stamp := slices.Contains(controlStamps, name)
		if stamp || slices.Contains(newerMembers, name) && x.Exists() != y.Exists() {
			noise = noiseAppStamps
		}
		c.push(pointerStep(name), "")
		c.quietly(noise, func() {
			switch {
			case !x.Exists() && !isNothing(y):
				c.add(Added, "", "", plain(y), a.Location(), y.Location())
			case !y.Exists() && !isNothing(x):
				c.add(Removed, "", plain(x), "", x.Location(), b.Location())
			case x.Exists() && y.Exists() && stamp:
				c.add(Changed, "", plain(x), plain(y), x.Location(), y.Location())
			case x.Exists() && y.Exists():
				c.value(x, y)
			}
		})
		c.pop()
	}
}

// list compares the elements of two arrays by the member that names them; their order means nothing. What is no such list is
// compared as any JSON is.
func (c *comparer) list(name, title string, a, b model.Value, member string, both func(a, b model.Value)) {
	x, y := a.Get(name), b.Get(name)
	old, new := slices.Collect(x.Elements()), slices.Collect(y.Elements())
	oldKeys, newKeys := itemKey(old, member), itemKey(new, member)
	if oldKeys == nil || newKeys == nil || !isList(x) || !isList(y) {
		c.push(name, "")
		switch {
		case x.Exists() && y.Exists():
			c.value(x, y)
		case x.Exists() && !isNothing(x):
			c.add(Removed, "", plain(x), "", x.Location(), b.Location())
		case y.Exists() && !isNothing(y):
			c.add(Added, "", "", plain(y), a.Location(), y.Location())
		}
		c.pop()
		return
	}
	if title != "" {
		c.push(title, "")
		defer c.pop()
	}
	at := make(map[string]int, len(old))
	for i, k := range oldKeys {
		at[k] = i
	}
	for i, k := range newKeys {
		c.push(pointerStep(k), "")
		if j, ok := at[k]; ok {
			delete(at, k)
			if string(old[j].Bytes()) != string(new[i].Bytes()) {
				both(old[j], new[i])
			}
		} else {
			c.add(Added, "", "", saysOf(new[i]), orAt(x, a), new[i].Location())
		}
		c.pop()
	}
	for i, k := range oldKeys {
		if _, ok := at[k]; ok {
			c.push(pointerStep(k), "")
			c.add(Removed, "", saysOf(old[i]), "", old[i].Location(), orAt(y, b))
			c.pop()
		}
	}
}

// isList reports whether a value is an array, or none at all.
func isList(v model.Value) bool { return !v.Exists() || v.Kind() == model.ArrayValue || isNothing(v) }

// saysOf returns the formula of a rule, or the kind of a control.
func saysOf(v model.Value) string {
	for _, f := range []model.Value{v.Get("InvariantScript"), v.Get("Rule", "InvariantScript"), v.Get("Template", "Name")} {
		if f.Exists() {
			return f.Text()
		}
	}
	return plain(v)
}

// innerJSON is the JSON that is the text of a value, as the only part of its kind; all in it is placed at the value.
type innerJSON struct {
	src []byte
	at  diag.Location
}

func (p innerJSON) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid} // nobody opens it
}
func (p innerJSON) Names() []string                  { return []string{""} }
func (p innerJSON) ReadPart(string) ([]byte, error)  { return p.src, nil }
func (p innerJSON) Locate(string, int) diag.Location { return p.at }

// inner compares two texts that are JSON, and reports whether they are.
func (c *comparer) inner(a, b model.Value) bool {
	if c.kind() != solution.TypeCanvasApp || !isJSON(a.Text()) || !isJSON(b.Text()) {
		return false
	}
	x, errA := model.ReadJSON(innerJSON{[]byte(a.Text()), a.Location()}, "")
	y, errB := model.ReadJSON(innerJSON{[]byte(b.Text()), b.Location()}, "")
	if errA != nil || errB != nil {
		return false
	}
	c.push("#", "")
	c.value(x, y)
	c.pop()
	return true
}
