package inventory

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/solution/model"
)

// A Table is a table, or what a solution brings of one.
type Table struct {
	Name        string   `json:"name"`
	Title       string   `json:"title"`
	Plural      string   `json:"plural"`
	Description string   `json:"description"`
	Ownership   string   `json:"ownership"` // as written
	Custom      bool     `json:"custom"`
	Columns     []Column `json:"columns"`
	Keys        []Key    `json:"keys"`
	Forms       []Form   `json:"forms"`
	Views       []string `json:"views"`
}

// A Column is a column of a table.
type Column struct {
	Name        string   `json:"name"`
	Title       string   `json:"title"`
	Type        string   `json:"type"`     // as written
	Required    string   `json:"required"` // as written
	Custom      bool     `json:"custom"`
	Secured     bool     `json:"secured"`
	Primary     bool     `json:"primary"`   // it names rows
	MaxLength   int      `json:"maxLength"` // 0: not given
	Choice      string   `json:"choice"`    // the choice of the solution that it uses
	Options     []Option `json:"options"`   // of a choice of its own
	Tables      []string `json:"tables"`    // that a lookup points to
	Description string   `json:"description"`
}

// A Key is an alternate key.
type Key struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

// A Form is a form of a table.
type Form struct {
	Title string `json:"title"`
	Kind  string `json:"kind"`
}

// A Choice is one that many columns may use.
type Choice struct {
	Name        string   `json:"name"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Options     []Option `json:"options"` // in their order
}

// An Option is one of a choice.
type Option struct {
	Value int    `json:"value"` // 0 if it cannot be read
	Title string `json:"title"`
}

// A Relationship is one between two tables.
type Relationship struct {
	Name   string `json:"name"`
	Kind   string `json:"kind"`   // as written
	From   string `json:"from"`   // the table with the lookup, or the first one
	Column string `json:"column"` // the lookup
	To     string `json:"to"`
}

func (r *reader) tables() []Table {
	out := collect(r.model.Tables(), tableOf)
	sortBy(out, func(t Table) []string { return []string{t.Name} })
	return out
}

func tableOf(t model.Table) Table {
	out := Table{Name: t.LogicalName(), Title: t.DisplayName(baseLanguage), Plural: model.Text(t.CollectionNames(), baseLanguage),
		Description: model.Text(t.Descriptions(), baseLanguage), Ownership: t.Ownership(), Custom: t.IsCustom(),
		Columns: collect(t.Columns(), columnOf), Keys: collect(t.Keys(), keyOf), Forms: collect(t.Forms(), formOf),
		Views: collect(t.SavedQueries(), func(q model.SavedQuery) string { return q.DisplayName(baseLanguage) })}
	sortBy(out.Columns, func(c Column) []string { return []string{c.Name} })
	sortBy(out.Keys, func(k Key) []string { return []string{k.Name} })
	sortBy(out.Forms, func(f Form) []string { return []string{f.Kind, f.Title} })
	sortBy(out.Views, func(v string) []string { return []string{v} })
	return out
}

func columnOf(c model.Column) Column {
	out := Column{Name: c.LogicalName(), Title: c.DisplayName(baseLanguage), Type: c.DataType(), Required: c.Required(), Custom: c.IsCustom(),
		Secured: c.IsSecured(), Primary: c.IsPrimaryName(), Choice: c.GlobalChoice(), Options: []Option{}, Tables: sorted(c.LookupTables()),
		Description: model.Text(c.Descriptions(), baseLanguage)}
	out.MaxLength, _ = c.MaxLength()
	if own, ok := c.Choice(); ok {
		out.Options = collect(own.Options(), optionOf)
	}
	return out
}

func optionOf(o model.Option) Option {
	value, _ := o.Value()
	return Option{value, model.Text(o.Labels(), baseLanguage)}
}

func keyOf(k model.AlternateKey) Key { return Key{k.LogicalName(), append([]string{}, k.Columns()...)} }

func formOf(f model.Form) Form { return Form{f.DisplayName(baseLanguage), f.Kind()} }

func (r *reader) choices() []Choice {
	out := collect(r.model.Choices(), func(c model.Choice) Choice {
		base, _ := c.BaseTexts()
		return Choice{c.Name(), cmp.Or(model.Text(c.DisplayNames(), baseLanguage), base, c.Name()), model.Text(c.Descriptions(), baseLanguage), collect(c.Options(), optionOf)}
	})
	sortBy(out, func(c Choice) []string { return []string{c.Name} })
	return out
}

func (r *reader) relationships() []Relationship {
	out := collect(r.model.Relationships(), func(x model.Relationship) Relationship {
		from, to := x.Tables()
		return Relationship{x.Name(), x.Kind(), from, x.Column(), to}
	})
	sortBy(out, func(x Relationship) []string { return []string{x.From, x.To, x.Name} })
	return out
}

// about says what the type of a column leaves open.
func (c Column) about() string {
	var out []string
	add := func(is bool, text string) {
		if is {
			out = append(out, text)
		}
	}
	add(c.Primary, "names the rows")
	add(c.MaxLength > 0, "up to "+strconv.Itoa(c.MaxLength)+" characters")
	add(len(c.Tables) > 0, "to "+strings.Join(c.Tables, ", "))
	add(c.Choice != "", "choice "+c.Choice)
	add(len(c.Options) > 0, optionsText(c.Options))
	add(c.Secured, "column security")
	return strings.Join(out, "; ")
}

func optionsText(list []Option) string {
	var out []string
	for _, o := range list {
		out = append(out, strconv.Itoa(o.Value)+" "+o.Title)
	}
	return strings.Join(out, ", ")
}

func number(n int) string { return strconv.Itoa(n) }
