package diff

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash"
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/model"
)

// value compares two JSON values that are the same one.
func (c *comparer) value(a, b model.Value) {
	if bytes.Equal(a.Bytes(), b.Bytes()) {
		return
	}
	switch {
	case a.Kind() == model.ObjectValue && b.Kind() == model.ObjectValue:
		c.members(a, b)
	case a.Kind() == model.ArrayValue && b.Kind() == model.ArrayValue:
		c.items(a, b)
	case a.Kind() == model.StringValue && b.Kind() == model.StringValue && c.inner(a, b):
	case a.Kind() != b.Kind() || a.Text() != b.Text():
		c.add(Changed, "", plain(a), plain(b), a.Location(), b.Location())
	}
}

// plain returns a value for people: a text without its quotes, all others as written.
func plain(v model.Value) string {
	if v.Kind() == model.StringValue {
		return v.Text()
	}
	return string(v.Bytes()[:min(len(v.Bytes()), maxText+1)])
}

// members compares two objects. Their order means nothing.
func (c *comparer) members(a, b model.Value) {
	old, oldNames := table(a)
	new, newNames := table(b)
	if generated(append(slices.Clone(oldNames), newNames...)) {
		// Keys that are GUIDs are made anew at each save: the members are told apart by what they are called.
		x, y := titles(old, oldNames, false), titles(new, newNames, false)
		if repeats(x) || repeats(y) {
			x, y = titles(old, oldNames, true), titles(new, newNames, true)
		}
		if x != nil && y != nil {
			old, oldNames = renamed(old, oldNames, x)
			new, newNames = renamed(new, newNames, y)
		}
	}
	for _, name := range newNames {
		c.push(pointerStep(name), "")
		if x, ok := old[name]; ok {
			c.value(x, new[name])
		} else if y := new[name]; !isNothing(y) {
			c.add(Added, "", "", plain(y), a.Location(), y.Location())
		}
		c.pop()
	}
	for _, name := range oldNames {
		if _, ok := new[name]; ok || isNothing(old[name]) {
			continue
		}
		c.push(pointerStep(name), "")
		c.add(Removed, "", plain(old[name]), "", old[name].Location(), b.Location())
		c.pop()
	}
}

func pointerStep(name string) string { return jsonspan.EscapeStep(name) }

func isNothing(v model.Value) bool { return v.Kind() == model.NullValue }

func table(v model.Value) (map[string]model.Value, []string) {
	members := map[string]model.Value{}
	var names []string
	for name, x := range v.Members() {
		if _, ok := members[name]; !ok {
			names = append(names, name)
		}
		members[name] = x
	}
	return members, names
}

// generated reports whether all names are GUIDs.
func generated(names []string) bool {
	for _, name := range names {
		if _, err := solution.ParseGUID(name); err != nil {
			return false
		}
	}
	return len(names) > 0
}

// titles returns what members are called, nil if one has no title; with the first of their data sources if that is asked for.
func titles(members map[string]model.Value, names []string, withSource bool) []string {
	var out []string
	for _, name := range names {
		v := members[name]
		title := strings.TrimSpace(v.Get("id").Text() + " " + v.Get("displayName").Text())
		if title == "" {
			return nil
		}
		if withSource {
			for x := range v.Get("dataSources").Elements() {
				title += " " + x.Text()
				break
			}
		}
		out = append(out, title)
	}
	return out
}

func repeats(list []string) bool {
	seen := map[string]bool{}
	for _, s := range list {
		if seen[s] {
			return true
		}
		seen[s] = true
	}
	return false
}

// renamed gives members their titles for names; of several of one title, those after the first have a number.
func renamed(members map[string]model.Value, names, titles []string) (map[string]model.Value, []string) {
	out := make(map[string]model.Value, len(names))
	seen := map[string]int{}
	var list []string
	for i, title := range titles {
		of := title
		for {
			seen[of]++
			if n := seen[of]; n > 1 {
				title = of + " (" + number(n) + ")"
			}
			if _, ok := out[title]; !ok {
				break
			}
		}
		out[title] = members[names[i]]
		list = append(list, title)
	}
	return out, list
}

// itemKeys tell the elements of an array apart, best first; of several members with "|" between them, the first that an element has.
var itemKeys = []string{"id", "name", "Name", "key", "operationId", "logicalName", "title", "value", "dependencyid|logicalname"}

// items compares two arrays. Their order means something.
func (c *comparer) items(a, b model.Value) {
	old, new := slices.Collect(a.Elements()), slices.Collect(b.Elements())
	x, y := itemNames(old, new)
	if x == nil {
		x, y = c.itemSums(old, new)
	}
	at := make(map[string]int, len(x))
	for i, k := range x {
		at[k] = i
	}
	var order []int
	paired := make([]bool, len(x))
	for i, k := range y {
		j, ok := at[k]
		c.push(number(i), "")
		if ok {
			paired[j] = true
			order = append(order, j)
			c.value(old[j], new[i])
		} else {
			c.add(Added, "", "", plain(new[i]), a.Location(), new[i].Location())
		}
		c.pop()
	}
	for j := range x {
		if !paired[j] {
			c.push(number(j), "")
			c.add(Removed, "", plain(old[j]), "", old[j].Location(), b.Location())
			c.pop()
		}
	}
	if moved(order) {
		was := slices.Sorted(slices.Values(order))
		c.add(Moved, "", strings.Join(numbers(was), ", "), strings.Join(numbers(order), ", "), a.Location(), b.Location())
	}
}

// itemNames returns what tells the elements of each side apart, nil if nothing does.
func itemNames(old, new []model.Value) (a, b []string) {
	for _, key := range itemKeys {
		if a = itemKey(old, key); a == nil {
			continue
		}
		if b = itemKey(new, key); b != nil && overlap(a, b) {
			return a, b
		}
	}
	return nil, nil
}

func itemKey(list []model.Value, key string) []string {
	out := make([]string, len(list))
	seen := map[string]bool{}
	for i, v := range list {
		for one := range strings.SplitSeq(key, "|") {
			if out[i] = v.Get(one).Text(); out[i] != "" {
				break
			}
		}
		if out[i] == "" || seen[out[i]] {
			return nil
		}
		seen[out[i]] = true
	}
	return out
}

// itemSums names the elements of both sides so that those which say the same have one name, and of the others the first of one
// side has the name of the first of the other.
func (c *comparer) itemSums(old, new []model.Value) (a, b []string) {
	a, b = make([]string, len(old)), make([]string, len(new))
	where := map[[sha256.Size]byte][]int{}
	for i, v := range old {
		sum := valueSum(v)
		where[sum] = append(where[sum], i)
	}
	n := 0
	var rest []int
	for i, v := range new {
		sum := valueSum(v)
		if list := where[sum]; len(list) > 0 {
			where[sum] = list[1:]
			a[list[0]], b[i] = "same "+number(n), "same "+number(n)
			n++
			continue
		}
		rest = append(rest, i)
	}
	m := 0
	for i := range old {
		if a[i] != "" {
			continue
		}
		a[i] = "old " + number(i)
		if m < len(rest) {
			a[i] = "next " + number(m)
			b[rest[m]] = a[i]
			m++
		}
	}
	for i := range b {
		if b[i] == "" {
			b[i] = "new " + number(i)
		}
	}
	return a, b
}

func valueSum(v model.Value) [sha256.Size]byte {
	h := sha256.New()
	writeValue(h, v)
	var out [sha256.Size]byte
	h.Sum(out[:0])
	return out
}

func writeValue(h hash.Hash, v model.Value) {
	switch v.Kind() {
	case model.ObjectValue:
		members, names := table(v)
		slices.Sort(names)
		fmt.Fprintf(h, "{%d", len(names))
		for _, name := range names {
			fmt.Fprintf(h, "%q:", name)
			writeValue(h, members[name])
		}
	case model.ArrayValue:
		h.Write([]byte{'['})
		for x := range v.Elements() {
			writeValue(h, x)
			h.Write([]byte{','})
		}
		h.Write([]byte{']'})
	default:
		fmt.Fprintf(h, "%s %q", v.Kind(), v.Text())
	}
}

func number(n int) string { return strconv.Itoa(n) }

func numbers(list []int) []string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = number(n)
	}
	return out
}
