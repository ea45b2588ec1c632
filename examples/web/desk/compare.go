package desk

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/diff"
)

func (p pair) compare() (*diff.Comparison, error) {
	c, err := diff.Compare(p.old.parts, p.new.parts, nil)
	if err != nil {
		return nil, fmt.Errorf("%s and %s: %w", p.old.name, p.new.name, err)
	}
	return c, nil
}

// mostProperties is how many changes of one component are shown; the JSON has all.
const mostProperties = 200

// comparison is what changed, as a document: what breaks first, then a table for each kind.
func comparison(p pair, r *request) ([]Block, error) {
	c, err := p.compare()
	if err != nil {
		return nil, err
	}
	return changes(c, r.Noise), nil
}

func changes(c *diff.Comparison, noise bool) []Block {
	out := []Block{{Kind: heading, Level: 2, Text: plain(fmt.Sprintf("%s → %s", header(c.Old), header(c.New)))}}
	components := c.Changes()
	if noise {
		components = c.Noise()
	}
	var added, removed, changed, breaking int
	var broken []Entry
	var tables []Block
	last := solution.ComponentType("")
	inside := partsOf(c)
	for x := range components {
		if inside.has(x) {
			continue
		}
		switch x.Op {
		case diff.Added:
			added++
		case diff.Removed:
			removed++
		default:
			changed++
		}
		if x.Impact == connector.Breaking {
			breaking++
			broken = append(broken, breaks(x)...)
		}
		if len(tables) == 0 || x.Key.Type() != last {
			last = x.Key.Type()
			tables = append(tables, Block{Kind: fold, Text: plain(kindOf(x)), Blocks: []Block{{Kind: table,
				Head: []Text{plain("Change"), plain("Component"), plain("Property"), plain("Before"), plain("After"), plain("Impact"), plain("Place")}}}})
		}
		t := &tables[len(tables)-1].Blocks[0]
		t.Rows = append(t.Rows, rowsOf(x, inside.of[x.Key])...)
	}
	rows := 0
	for _, t := range tables {
		rows += t.rows()
	}
	for i := range tables {
		tables[i].Open = rows <= fewRows
		tables[i].Text = plain(fmt.Sprintf("%s (%d)", tables[i].Text, len(tables[i].Blocks[0].Rows)))
	}
	hidden := 0
	for range c.Noise() {
		hidden++
	}
	switch {
	case noise:
		out = append(out, Block{Kind: paragraph, Text: plain(fmt.Sprintf("Differences that mean nothing, in %s: what a save or an export makes anew.", count(changed+added+removed, "component")))})
	case added+removed+changed == 0:
		out = append(out, Block{Kind: paragraph, Text: plain("No differences" + withNoise(hidden) + ".")})
	default:
		out = append(out, Block{Kind: paragraph, Text: plain(fmt.Sprintf("%d added, %d removed, %d changed; %d breaking%s.",
			added, removed, changed, breaking, withNoise(hidden)))})
	}
	if len(broken) > 0 {
		out = append(out, Block{Kind: heading, Level: 3, Text: plain("Breaking")}, Block{Kind: fold, Text: plain("What breaks (" + fmt.Sprint(len(broken)) + ")"),
			Open: len(broken) <= fewRows, Blocks: []Block{{Kind: list, Items: broken}}})
	}
	if len(tables) > 0 {
		out = append(out, Block{Kind: heading, Level: 3, Text: plain("Changes by kind")})
	}
	out = append(out, tables...)
	out = append(out, uniform(c)...)
	return append(out, unread(c.Diagnostics)...)
}

// A nesting knows the parts of what came or went, which came or went with it.
type nesting struct {
	whole map[solution.Key]diff.Op
	of    map[solution.Key]int // how many parts there are
}

func partsOf(c *diff.Comparison) nesting {
	n := nesting{map[solution.Key]diff.Op{}, map[solution.Key]int{}}
	for _, x := range c.Components {
		if x.Op != diff.Changed {
			n.whole[x.Key] = x.Op
		}
	}
	for _, x := range c.Components {
		if n.has(x) {
			n.of[x.Owner]++
		}
	}
	return n
}

func (n nesting) has(x diff.Component) bool {
	op, ok := n.whole[x.Owner]
	return ok && x.Op == op
}

func withNoise(n int) string {
	if n == 0 {
		return ""
	}
	return ", and noise in " + count(n, "component")
}

func header(h diff.Header) string {
	return strings.TrimSpace(cmp.Or(h.UniqueName, "Solution") + " " + h.Version)
}

func kindOf(x diff.Component) string {
	kind := cmp.Or(x.Key.Type().Title(), "other")
	first, size := utf8.DecodeRuneInString(kind)
	return string(unicode.ToUpper(first)) + kind[size:]
}

func nameOf(x diff.Component) string {
	if x.Title == "" || x.Title == x.Name {
		return cmp.Or(x.Name, x.Key.String())
	}
	return fmt.Sprintf("%s (%s)", x.Title, cmp.Or(x.Name, x.Key.String()))
}

// breaks are the reasons why a component breaks what uses it.
func breaks(x diff.Component) []Entry {
	var out []Entry
	say := func(what, reason string) {
		text := Text{{Text: kindOf(x) + " "}, {nameOf(x), strong}, {Text: what}}
		if reason != "" {
			text = append(text, Run{Text: ": " + reason})
		}
		out = append(out, Entry{Text: text})
	}
	if x.Op != diff.Changed {
		say(" "+x.Op.String(), x.Reason)
	}
	for _, p := range x.Properties {
		if p.Impact == connector.Breaking {
			say(", "+p.Path, p.Reason)
		}
	}
	return out
}

func rowsOf(x diff.Component, parts int) [][]Text {
	name := Text{{nameOf(x), strong}}
	if parts > 0 {
		name = append(name, Run{Text: " with " + count(parts, "part")})
	}
	row := func(op diff.Op, path, old, new string, impact connector.Impact, reason string, oldAt, newAt diag.Location) []Text {
		property, effect := Text{}, impact.String()
		if path != "" {
			property = Text{{path, code}}
		}
		if reason != "" && impact != connector.Safe {
			effect += ": " + reason
		}
		return []Text{plain(op.String()), name, property, plain(old), plain(new), plain(effect), plain(place(oldAt, newAt))}
	}
	var out [][]Text
	if x.Op != diff.Changed {
		oldAt, newAt := x.Old, x.New
		if x.Op == diff.Removed {
			newAt = diag.Location{}
		}
		out = append(out, row(x.Op, "", "", "", x.Impact, x.Reason, oldAt, newAt))
	}
	for i, p := range x.Properties {
		if i == mostProperties {
			out = append(out, []Text{{}, name, plain(fmt.Sprintf("and %d more", len(x.Properties)-i)), {}, {}, {}, {}})
			break
		}
		reason := p.Reason
		if p.Noise != "" {
			reason = p.Noise
		}
		out = append(out, row(p.Op, p.Path, p.Old, p.New, p.Impact, reason, p.OldAt, p.NewAt))
	}
	return out
}

// place is where a change is in the new solution, else in the old one.
func place(old, new diag.Location) string {
	old.Path, new.Path = "", ""
	if new.File == "" && old.File != "" {
		return old.String() + " (old)"
	}
	return new.String()
}

func uniform(c *diff.Comparison) []Block {
	if len(c.Uniform) == 0 {
		return nil
	}
	t := Block{Kind: table, Head: []Text{plain("Kind"), plain("Components"), plain("Property"), plain("Before"), plain("After")}}
	for _, u := range c.Uniform {
		t.Rows = append(t.Rows, []Text{plain(u.Type.Title()), plain(fmt.Sprintf("%d of %d", u.Count, u.Of)), {{u.Path, code}}, plain(u.Old), plain(u.New)})
	}
	return []Block{{Kind: heading, Level: 3, Text: plain("In nearly all components of a kind")}, t}
}

// unread tells of what was compared as bytes.
func unread(l diag.List) []Block {
	if len(l) == 0 {
		return nil
	}
	b := Block{Kind: list}
	for _, d := range l {
		b.Items = append(b.Items, Entry{Text: plain(d.String())})
	}
	return []Block{{Kind: heading, Level: 3, Text: plain("Compared as bytes")}, b}
}
