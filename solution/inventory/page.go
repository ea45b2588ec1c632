package inventory

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A section is one topic of a page: what Markdown and HTML have in common.
type section struct {
	ID     string
	Title  string
	Count  int // of what the section is about
	Tables []grid
}

// A grid is a table of a page.
type grid struct {
	Title  string
	About  string // a line above the table
	Header []string
	Rows   [][]string
}

// sectionsOf are the topics of a solution in their order. A new list of an inventory is a row here. Topics without rows are left out.
var sectionsOf = []struct {
	id, title string
	grids     func(s *Solution) (count int, grids []grid)
}{
	{"findings", "Findings", func(s *Solution) (int, []grid) {
		return one(s.Findings, []string{"Severity", "Finding", "Rule", "Place"}, func(f Finding) []string {
			return []string{f.Severity.String(), f.Message, f.Rule, f.Path}
		})
	}},
	{"tables", "Tables", tablesPage},
	{"relationships", "Relationships", func(s *Solution) (int, []grid) {
		return one(s.Relationships, []string{"From", "Column", "To", "Kind", "Name"}, func(r Relationship) []string {
			return []string{r.From, r.Column, r.To, r.Kind, r.Name}
		})
	}},
	{"choices", "Choices", func(s *Solution) (int, []grid) {
		return one(s.Choices, []string{"Title", "Name", "Options", "Description"}, func(c Choice) []string {
			return []string{c.Title, c.Name, optionsText(c.Options), c.Description}
		})
	}},
	{"flows", "Flows", func(s *Solution) (int, []grid) {
		return one(s.Flows, []string{"Title", "State", "Starts", "Connects to", "Actions", "Runs", "Description"}, func(f Flow) []string {
			if f.Unread {
				return []string{f.Title, onOff(f.On), "not known: the file of the flow can't be read", "", "", "", f.Description}
			}
			return []string{f.Title, onOff(f.On), lines(f.Triggers, Trigger.about), lines(f.Connections, FlowConnection.about), number(f.Actions), list(f.Children), f.Description}
		})
	}},
	{"processes", "Processes", func(s *Solution) (int, []grid) {
		return one(s.Processes, []string{"Title", "Kind", "Table", "State", "Description"}, func(p Process) []string {
			return []string{p.Title, p.Kind, p.Table, onOff(p.On), p.Description}
		})
	}},
	{"roles", "Roles", rolesPage},
	{"column-security", "Column security", func(s *Solution) (int, []grid) {
		var out []grid
		for _, p := range s.ColumnSecurity {
			_, g := one(p.Columns, []string{"Table", "Column", "Read", "Update", "Create"}, func(c Permission) []string {
				return []string{c.Table, c.Column, yes(c.Read), yes(c.Update), yes(c.Create)}
			})
			out = append(out, titled(g, p.Title, "")...)
		}
		return len(s.ColumnSecurity), out
	}},
	{"apps", "Apps", func(s *Solution) (int, []grid) {
		return one(s.Apps, []string{"Title", "Kind", "Name", "Screens", "Data sources", "Uses", "Description"}, func(a App) []string {
			screens := lines(a.Screens, Screen.about)
			if a.Unread {
				screens = "not known: the document of the app can't be read"
			}
			return []string{a.Title, a.Kind, a.Name, screens, lines(a.DataSources, DataSource.about), list(a.Uses), a.Description}
		})
	}},
	{"agents", "Agents", func(s *Solution) (int, []grid) {
		var out []grid
		for _, a := range s.Agents {
			about := a.Name
			if len(a.Uses) > 0 {
				about += "; uses " + list(a.Uses)
			}
			_, g := one(a.Parts, []string{"Title", "Kind", "Starts", "Name"}, func(p AgentPart) []string {
				return []string{p.Title, p.Kind, p.Trigger, p.Name}
			})
			out = append(out, titled(g, a.Title, about)...)
		}
		return len(s.Agents), out
	}},
	{"variables", "Environment variables", func(s *Solution) (int, []grid) {
		return one(s.Variables, []string{"Title", "Name", "Type", "Default", "Value", "Required", "Description"}, func(v Variable) []string {
			return []string{v.Title, v.Name, v.Type, v.Default, v.Value, yes(v.Required), v.Description}
		})
	}},
	{"connections", "Connections", func(s *Solution) (int, []grid) {
		n, out := one(s.ConnectionReferences, []string{"Title", "Name", "Connector", "Custom", "Used by", "Description"}, func(r Reference) []string {
			return []string{r.Title, r.Name, r.Connector, yes(r.Custom), list(r.UsedBy), r.Description}
		})
		m, raw := one(s.RawConnections, []string{"Used by", "Connector", "Name"}, func(r RawConnection) []string {
			return []string{r.By, r.Connector, r.Name}
		})
		return n + m, append(titled(out, "Connection references", ""), titled(raw, "Connections without a reference", "")...)
	}},
	{"connectors", "Connectors", func(s *Solution) (int, []grid) {
		return one(s.Connectors, []string{"Title", "Name", "Description"}, func(c Named) []string { return []string{c.Title, c.Name, c.Description} })
	}},
	{"plugins", "Plug-ins", func(s *Solution) (int, []grid) {
		n, types := one(s.PluginTypes, []string{"Class", "Assembly"}, func(t PluginType) []string { return []string{t.Name, t.Assembly} })
		m, steps := one(s.Steps, []string{"Step", "Message", "Table", "Stage", "Mode", "Columns", "Class"}, func(p Step) []string {
			return []string{p.Title, p.Message, p.Table, p.Stage, p.Mode, list(p.Columns), p.Type}
		})
		return n + m, append(titled(types, "Classes", ""), titled(steps, "Steps", "")...)
	}},
	{"apis", "Custom APIs", func(s *Solution) (int, []grid) {
		return one(s.APIs, []string{"Title", "Name", "Kind", "Table", "Takes", "Returns", "Description"}, func(a API) []string {
			kind := "action"
			if a.Function {
				kind = "function"
			}
			return []string{a.Title, a.Name, kind, a.Table, lines(a.Parameters, Parameter.about), lines(a.Properties, Parameter.about), a.Description}
		})
	}},
	{"web-resources", "Web resources", func(s *Solution) (int, []grid) {
		return one(s.WebResources, []string{"Name", "Title", "Type", "Description"}, func(w WebResource) []string {
			return []string{w.Name, w.Title, w.Type, w.Description}
		})
	}},
	{"others", "Other components", func(s *Solution) (int, []grid) {
		return one(s.Others, []string{"Kind", "Title", "Name", "In"}, func(o Other) []string { return []string{o.Kind, o.Title, o.Name, o.In} })
	}},
	{"needs", "Needs of other solutions", func(s *Solution) (int, []grid) {
		return one(s.Needs, []string{"Solution", "Kind", "Component", "Needed by"}, func(n Need) []string {
			return []string{n.Solution, n.Kind, n.Name, n.By}
		})
	}},
	{"counts", "Components by kind", func(s *Solution) (int, []grid) {
		return one(s.Components, []string{"Kind", "Components"}, func(c Count) []string { return []string{c.Kind, number(c.Count)} })
	}},
}

// sections returns those of a solution that have something in them.
func (s *Solution) sections() []section {
	var out []section
	for _, row := range sectionsOf {
		if n, grids := row.grids(s); n > 0 {
			out = append(out, section{row.id, row.title, n, grids})
		}
	}
	return out
}

// dependencies is the topic that all solutions share.
func (inv *Inventory) dependencies() section {
	n, grids := one(inv.Dependencies, []string{"From", "Kind", "Solution", "To", "Kind", "Solution", "References"}, func(d Dependency) []string {
		return []string{d.From.Title, d.From.Kind, d.From.Solution, d.To.Title, d.To.Kind, d.To.Solution, number(d.Count)}
	})
	return section{"dependencies", "Dependencies", n, grids}
}

func tablesPage(s *Solution) (int, []grid) {
	n, out := one(s.Tables, []string{"Title", "Name", "Ownership", "Columns", "Forms", "Views", "Description"}, func(t Table) []string {
		return []string{t.Title, t.Name, t.Ownership, number(len(t.Columns)), number(len(t.Forms)), number(len(t.Views)), t.Description}
	})
	out = titled(out, "All tables", "")
	for _, t := range s.Tables {
		_, g := one(t.Columns, []string{"Title", "Name", "Type", "Required", "More", "Description"}, func(c Column) []string {
			return []string{c.Title, c.Name, c.Type, c.Required, c.about(), c.Description}
		})
		out = append(out, titled(g, fmt.Sprintf("%s (%s)", t.Title, t.Name), t.about())...)
	}
	return n, out
}

// about says what a table has besides columns, in lines.
func (t Table) about() string {
	var out []string
	for _, k := range t.Keys {
		out = append(out, "Key "+k.Name+": "+list(k.Columns))
	}
	if len(t.Forms) > 0 {
		out = append(out, "Forms: "+strings.ReplaceAll(lines(t.Forms, Form.about), "\n", ", "))
	}
	if len(t.Views) > 0 {
		out = append(out, "Views: "+list(t.Views))
	}
	return strings.Join(out, "\n")
}

func rolesPage(s *Solution) (int, []grid) {
	var out []grid
	for _, r := range s.Roles {
		_, g := one(r.Tables, append([]string{"Table"}, rights...), func(t RoleTable) []string {
			row := []string{t.Table}
			for _, right := range rights {
				row = append(row, t.Rights[right])
			}
			return row
		})
		_, more := one(r.Others, []string{"Privilege", "For"}, func(p Privilege) []string { return []string{p.Name, p.Level} })
		if len(g)+len(more) == 0 {
			g = []grid{{Header: []string{"Table"}, Rows: [][]string{{"no privileges"}}}}
		}
		out = append(out, titled(g, r.Title, "")...)
		out = append(out, titled(more, r.Title+": privileges of no table", "")...)
	}
	return len(s.Roles), out
}

// one returns the table of a list, none if that is empty. Columns that are empty in all rows are left out.
func one[T any](list []T, header []string, row func(T) []string) (int, []grid) {
	if len(list) == 0 {
		return 0, nil
	}
	g := grid{Rows: make([][]string, len(list))}
	used := make([]bool, len(header))
	for i, x := range list {
		g.Rows[i] = row(x)
		for k, text := range g.Rows[i] {
			used[k] = used[k] || text != ""
		}
	}
	keep := func(row []string) []string {
		var out []string
		for k, text := range row {
			if used[k] {
				out = append(out, text)
			}
		}
		return out
	}
	g.Header = keep(header)
	for i := range g.Rows {
		g.Rows[i] = keep(g.Rows[i])
	}
	return len(list), []grid{g}
}

func titled(list []grid, title, about string) []grid {
	for i := range list {
		list[i].Title, list[i].About = title, about
	}
	if len(list) == 0 && about != "" {
		return []grid{{Title: title, About: about}}
	}
	return list
}

func lines[T any](list []T, line func(T) string) string {
	var out []string
	for _, x := range list {
		out = append(out, line(x))
	}
	return strings.Join(out, "\n")
}

func list(texts []string) string { return strings.Join(texts, ", ") }

func (f Form) about() string { return f.Title + " (" + f.Kind + ")" }

func (s Screen) about() string {
	switch s.Controls {
	case 0:
		return s.Name
	case 1:
		return s.Name + " (1 control)"
	}
	return s.Name + " (" + number(s.Controls) + " controls)"
}

func (s DataSource) about() string {
	if s.Of == "" || solution.Fold(s.Of) == solution.Fold(s.Name) {
		return s.Name + " (" + s.Kind + ")"
	}
	return s.Name + " (" + s.Kind + " " + s.Of + ")"
}

func (p Parameter) about() string {
	text := p.Name + ": " + p.Type
	if p.Optional {
		text += ", optional"
	}
	return text
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return ""
}

// heading is what a page calls a solution.
func (s *Solution) heading() string { return cmp.Or(s.Title, s.UniqueName, "Solution") }

// facts are what a page says of a solution first.
func (s *Solution) facts() [][2]string {
	var out [][2]string
	for _, f := range [][2]string{{"Name", s.UniqueName}, {"Version", s.Version}, {"Kind", s.Kind}, {"Publisher", s.Publisher.Title},
		{"Prefix", s.Publisher.Prefix}, {"Patch of", s.PatchOf}, {"Description", s.Description}} {
		if f[1] != "" {
			out = append(out, f)
		}
	}
	return out
}

// title is that of a page.
func (inv *Inventory) title() string {
	var names []string
	for i := range inv.Solutions {
		names = append(names, inv.Solutions[i].heading())
	}
	if len(names) > 3 {
		return fmt.Sprintf("Inventory of %d solutions", len(names))
	}
	return "Inventory of " + list(names)
}
