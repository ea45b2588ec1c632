package build

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/model"
)

// A Choice is a set of options that many columns may use.
type Choice struct {
	Name        string // with prefix
	DisplayName string // Name if empty
	Description string
	Options     []Option
}

// An Option is one of a choice.
type Option struct {
	Value       int // what rows hold; 0: the next of the publisher's range, but in options of YesNo
	Label       string
	Description string
	Color       string // "#0078d4"; empty: none
}

// Choice adds a choice.
func (b *Builder) Choice(c Choice) {
	if !b.prefixed("choice", c.Name) || !b.claim(solution.NameKey(solution.TypeOptionSet, "", c.Name), "choice", c.Name) {
		return
	}
	orElse(&c.DisplayName, c.Name)
	b.checkText("choice", c.Name, c.DisplayName, c.Description)
	options := b.numbered(c.Name, c.Options, nil)
	w := newWriter(2)
	w.in("optionset", func() {
		w.texts("OptionSetType", "picklist", "IsGlobal", "1", "IntroducedVersion", "1.0.0.0", "IsCustomizable", "1", "ExternalTypeName", "")
		w.labels("displaynames", "displayname", c.DisplayName, b.language)
		w.labels("Descriptions", "Description", c.Description, b.language)
		b.writeOptions(w, options)
	}, "Name", c.Name, "localizedName", c.DisplayName)
	b.section("optionsets").WriteString(w.b.String())
	b.root(solution.TypeOptionSet, c.Name, solution.GUID{})
}

// Option adds an option to a choice that the solution has. Several are added by several calls, in their order.
func (b *Builder) Option(choice string, o Option) {
	if b.err != nil {
		return
	}
	c, ok := b.model.Choice(choice)
	if !ok {
		b.missing("option", choice+"."+o.Label, fmt.Sprintf("there is no choice %q in the solution", choice))
		return
	}
	list := c.Element().Child("options")
	if !list.Exists() {
		b.fail("option", choice+"."+o.Label, "the choice has no list of options in the solution")
		return
	}
	w := newWriter(4)
	for _, x := range b.numbered(choice, []Option{o}, b.valuesOf(c)) {
		b.writeOption(w, x)
	}
	b.append(list, w.b.String())
}

// valuesOf returns the values that a choice of the solution has, with those that are added to it.
func (b *Builder) valuesOf(c model.Choice) map[int]bool {
	name := solution.Fold(c.Name())
	if b.values[name] == nil {
		have := map[int]bool{}
		for x := range c.Options() {
			if v, ok := x.Value(); ok {
				have[v] = true
			}
		}
		b.values[name] = have
	}
	return b.values[name]
}

// numbered gives options their values: those without one the next of the publisher's range.
func (b *Builder) numbered(choice string, options []Option, have map[int]bool) []Option {
	if have == nil {
		have = map[int]bool{}
	}
	next := b.model.Manifest().Publisher().OptionValuePrefix * 10000
	out := slices.Clone(options)
	for _, o := range out {
		if o.Value != 0 && have[o.Value] {
			b.fail("option", choice+"."+o.Label, "the value %d is there already", o.Value)
		}
		if o.Value != 0 {
			have[o.Value] = true
		}
	}
	for i := range out {
		b.checkText("option", choice+"."+out[i].Label, out[i].Label, out[i].Description, out[i].Color)
		if out[i].Label == "" {
			b.fail("option", choice+"."+strconv.Itoa(out[i].Value), "it has no label")
		}
		if out[i].Value == 0 {
			for have[next] {
				next++
			}
			out[i].Value = next
			have[next] = true
		}
	}
	return out
}

func (b *Builder) writeOptions(w *writer, options []Option) {
	w.in("options", func() {
		for _, o := range options {
			b.writeOption(w, o)
		}
	})
}

func (b *Builder) writeOption(w *writer, o Option) {
	attrs := []string{"value", strconv.Itoa(o.Value)}
	if o.Color != "" {
		attrs = append(attrs, "Color", o.Color)
	}
	w.in("option", func() {
		w.labels("labels", "label", o.Label, b.language)
		if o.Description != "" {
			w.labels("Descriptions", "Description", o.Description, b.language)
		}
	}, append(attrs, "IsHidden", "0")...)
}

// choiceOf writes the choice of a column: the name of one of the solution, or its own.
func (b *Builder) choiceOf(w *writer, table string, c *Column, kind string) {
	if c.Choice != "" {
		w.text("OptionSetName", c.Choice)
		return
	}
	own := *c
	own.Options = b.numbered(table+"."+c.Name, c.Options, nil)
	b.inlineChoice(w, table, &own, kind)
}

func (b *Builder) inlineChoice(w *writer, table string, c *Column, kind string) {
	w.in("optionset", func() {
		w.texts("OptionSetType", kind, "IntroducedVersion", "1.0.0.0", "IsCustomizable", "1")
		w.labels("displaynames", "displayname", cmp.Or(c.DisplayName, c.Name), b.language)
		w.labels("Descriptions", "Description", c.Description, b.language)
		b.writeOptions(w, c.Options)
	}, "Name", table+"_"+solution.Fold(c.Name))
}
