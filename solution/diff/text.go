package diff

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// signs are how lines of each operation begin.
var signs = [...]string{Changed: "~", Added: "+", Removed: "-", Moved: "↕"}

// WriteText writes the changes for people: a line for each component and each property, "+" what came, "-" what went, "~" what
// changed, "↕" what is in another order, with the places of both sides where they matter. What came or went in a component that came or
// went is counted, as are properties of one component beyond fifty. Noise is counted at the end.
func (c *Comparison) WriteText(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintln(out, c.title())
	nested := c.nested()
	for x := range c.Changes() {
		if nested.inside(x) {
			continue
		}
		fmt.Fprintf(out, "%s %s%s%s\n", signs[x.Op], label(x), nested.of(x), judged(x.Impact, x.Reason))
		fmt.Fprintf(out, "    at %s\n", places(x.Old, x.New))
		shown, more := x.most()
		for _, p := range shown {
			fmt.Fprintf(out, "    %s %s%s%s\n", signs[p.Op], visible(p.Path), change(p), judged(p.Impact, p.Reason))
		}
		if more > 0 {
			fmt.Fprintf(out, "    and %d more\n", more)
		}
	}
	for _, u := range c.Uniform {
		fmt.Fprintf(out, "%s %s in %d of %d: %s%s\n", signs[u.Op], typeName(u.Type), u.Count, u.Of, visible(u.Path), change(Property{Op: u.Op, Old: u.Old, New: u.New}))
	}
	if n := c.count(); n.noise > 0 {
		fmt.Fprintf(out, "not shown: %s of noise\n", plural(n.noise, "difference"))
	}
	if c.Equal() {
		fmt.Fprintln(out, "no differences")
	}
	return out.Flush()
}

// maxProperties is how many properties of one component are written for people.
const maxProperties = 50

// most returns the properties of a component that are written for people, those that break something before all others if there
// are too many, and how many are left out.
func (x Component) most() (shown []Property, more int) {
	if len(x.Properties) <= maxProperties {
		return x.Properties, 0
	}
	shown = slices.Clone(x.Properties)
	slices.SortStableFunc(shown, func(a, b Property) int { return cmp.Compare(b.Impact, a.Impact) })
	return shown[:maxProperties], len(shown) - maxProperties
}

// WriteNoise writes what WriteText leaves out, a line for each property with the id of its row.
func (c *Comparison) WriteNoise(w io.Writer) error {
	out := bufio.NewWriter(w)
	for x := range c.Noise() {
		fmt.Fprintf(out, "%s %s\n", signs[x.Op], label(x))
		shown, more := x.most()
		for _, p := range shown {
			fmt.Fprintf(out, "    %s %s%s [%s]\n", signs[p.Op], visible(p.Path), change(p), p.Noise)
		}
		if more > 0 {
			fmt.Fprintf(out, "    and %d more\n", more)
		}
	}
	return out.Flush()
}

func (c *Comparison) title() string {
	name := visible(c.New.UniqueName)
	if solution.Fold(c.Old.UniqueName) != solution.Fold(c.New.UniqueName) {
		name = visible(c.Old.UniqueName) + " → " + name
	}
	version := visible(c.New.Version)
	if c.Old.Version != c.New.Version {
		version = visible(c.Old.Version) + " → " + version
	}
	kind := c.New.Kind.String()
	if c.Old.Kind != c.New.Kind {
		kind = c.Old.Kind.String() + " → " + kind
	}
	return fmt.Sprintf("%s %s (%s)", name, version, kind)
}

// owned counts what came or went in components that came or went.
type owned struct {
	whole  map[solution.Key]Op // components that came or went
	counts map[solution.Key]map[solution.ComponentType]int
}

func (c *Comparison) nested() owned {
	o := owned{map[solution.Key]Op{}, map[solution.Key]map[solution.ComponentType]int{}}
	for _, x := range c.Components {
		if x.Op == Added || x.Op == Removed {
			o.whole[x.Key] = x.Op
		}
	}
	for _, x := range c.Components {
		if o.inside(x) {
			if o.counts[x.Owner] == nil {
				o.counts[x.Owner] = map[solution.ComponentType]int{}
			}
			o.counts[x.Owner][x.Key.Type()]++
		}
	}
	return o
}

// inside reports whether a component came or went with its owner.
func (o owned) inside(x Component) bool {
	op, ok := o.whole[x.Owner]
	return ok && !x.Owner.IsZero() && op == x.Op
}

// of says how many components came or went with x.
func (o owned) of(x Component) string {
	var list []string
	for info := range solution.ComponentTypes() {
		if n := o.counts[x.Key][info.Type]; n > 0 && o.whole[x.Key] == x.Op {
			list = append(list, plural(n, strings.ToLower(typeName(info.Type))))
		}
	}
	if list == nil {
		return ""
	}
	return " with " + strings.Join(list, ", ")
}

func plural(n int, what string) string {
	switch {
	case n == 1:
	case strings.HasSuffix(what, "y") && !strings.HasSuffix(what, "ey"):
		what = strings.TrimSuffix(what, "y") + "ies"
	default:
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// label names a component for people.
func label(x Component) string {
	name := x.Name
	if name == "" {
		name = x.Owner.Name()
	} else if !x.Owner.IsZero() && x.Owner.Name() != "" && !strings.Contains(solution.Fold(name), x.Owner.Name()+".") {
		name = x.Owner.Name() + "." + name
	}
	if name == "" {
		name = x.Key.ID().String()
	}
	text := typeName(x.Key.Type())
	if name != "" {
		text += " " + visible(name)
	}
	if x.Title != "" {
		text += fmt.Sprintf(" %q", x.Title)
	}
	return text
}

// typeName names a type for people.
func typeName(t solution.ComponentType) string {
	switch t {
	case TypeSolution:
		return "Solution"
	case TypeCustomizations:
		return "Customizations"
	case TypeFile:
		return "File"
	}
	for info := range solution.ComponentTypes() {
		if info.Type == t && info.Name != "" {
			return info.Name
		}
	}
	return string(t)
}

// maxShown is how many runes of a text a line shows.
const maxShown = 60

// change says the texts of a property.
func change(p Property) string {
	switch {
	case p.Op == Added && p.New == "" || p.Op == Removed && p.Old == "":
		return ""
	case p.judged && strings.HasPrefix(p.Path, "operations"):
		return ": " + visible(strings.Join(strings.Fields(p.New), " "))
	case p.Op == Added:
		return ": " + quote(p.New)
	case p.Op == Removed:
		return ": " + quote(p.Old)
	}
	old, new := oneLine(p.Old), oneLine(p.New)
	if from := sameStart(old, new); from > 0 {
		return ": " + quote("…"+old[from:]) + " → " + quote("…"+new[from:])
	}
	return ": " + quote(old) + " → " + quote(new)
}

// sameStart returns where two texts are shown from: the beginning, unless they would be cut before they differ.
func sameStart(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	if n == len(a) && n == len(b) || utf8.RuneCountInString(a[:n]) < maxShown*2/3 {
		return 0
	}
	const before = 20 // that are shown of what is the same
	from := n
	for range before {
		_, size := utf8.DecodeLastRuneInString(a[:from])
		from -= size
	}
	for from > 0 && !utf8.RuneStart(a[from]) {
		from--
	}
	return from
}

// oneLine puts a text on one line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// quote shortens and quotes a text; what is on several lines becomes one.
func quote(text string) string {
	text = oneLine(text)
	if runes := []rune(text); len(runes) > maxShown {
		text = string(runes[:maxShown-1]) + "…"
	}
	return fmt.Sprintf("%q", text)
}

// visible makes characters that steer a terminal seen.
func visible(text string) string {
	quoted := fmt.Sprintf("%q", text)
	return strings.ReplaceAll(strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`), `\\`, `\`)
}

func judged(impact connector.Impact, reason string) string {
	text := " [" + impact.String()
	if reason != "" && impact != connector.Safe {
		text += ": " + reason
	}
	return text + "]"
}

func places(old, new diag.Location) string {
	var list []string
	for _, at := range []diag.Location{old, new} {
		if at.File != "" {
			list = append(list, visible(at.String()))
		}
	}
	return strings.Join(list, " → ")
}

// A tally counts what changed.
type tally struct {
	added, removed, changed, breaking, unknown, noise int
}

func (c *Comparison) count() tally {
	var t tally
	for x := range c.Changes() {
		switch x.Op {
		case Added:
			t.added++
		case Removed:
			t.removed++
		default:
			t.changed++
		}
		switch x.Impact {
		case connector.Breaking:
			t.breaking++
		case connector.Unknown:
			t.unknown++
		}
	}
	for x := range c.Noise() {
		for _, p := range x.Properties {
			if p.Noise != noiseUniform {
				t.noise++
			}
		}
	}
	return t
}
