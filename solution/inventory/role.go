package inventory

import (
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/model"
)

// A Role is a security role.
type Role struct {
	Title  string      `json:"title"`
	ID     string      `json:"id"`
	Tables []RoleTable `json:"tables"`
	Others []Privilege `json:"others"` // privileges of no table
}

// A RoleTable is what a role allows for a table: by the name of a right, for whose rows, as written ("Basic", "Local", "Deep", "Global").
type RoleTable struct {
	Table  string            `json:"table"` // as the privilege has it
	Rights map[string]string `json:"rights"`
}

// A Privilege is one of no table.
type Privilege struct {
	Name  string `json:"name"`
	Level string `json:"level"`
}

// A Profile is a column security profile.
type Profile struct {
	Title   string       `json:"title"`
	Columns []Permission `json:"columns"`
}

// A Permission is what a profile allows for a column.
type Permission struct {
	Table  string `json:"table"`
	Column string `json:"column"`
	Read   bool   `json:"read"`
	Update bool   `json:"update"`
	Create bool   `json:"create"`
}

// rights are those that privileges of tables begin with, in the order of a matrix. AppendTo is looked for before Append.
var rights = []string{"Create", "Read", "Write", "Delete", "AppendTo", "Append", "Assign", "Share"}

func (r *reader) roles() []Role {
	out := collect(r.model.Roles(), roleOf)
	sortBy(out, func(x Role) []string { return []string{x.Title, x.ID} })
	return out
}

func roleOf(x model.Role) Role {
	out := Role{Title: x.DisplayName(baseLanguage), ID: idOf(x.Component), Tables: []RoleTable{}, Others: []Privilege{}}
	at := map[string]int{}
	for p := range x.Privileges() {
		right, table := splitPrivilege(p.Name())
		if table == "" {
			out.Others = append(out.Others, Privilege{p.Name(), p.Level()})
			continue
		}
		i, ok := at[solution.Fold(table)]
		if !ok {
			i = len(out.Tables)
			at[solution.Fold(table)] = i
			out.Tables = append(out.Tables, RoleTable{table, map[string]string{}})
		}
		out.Tables[i].Rights[right] = p.Level()
	}
	sortBy(out.Tables, func(t RoleTable) []string { return []string{t.Table} })
	sortBy(out.Others, func(p Privilege) []string { return []string{p.Name, p.Level} })
	return out
}

// splitPrivilege returns the right and the table of "prvReadcontoso_order"; both are empty for a privilege of no table.
func splitPrivilege(name string) (right, table string) {
	rest, ok := cutPrefixFold(name, "prv")
	if !ok {
		return "", ""
	}
	for _, right := range rights {
		if table, ok := cutPrefixFold(rest, right); ok && table != "" {
			return right, table
		}
	}
	return "", ""
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

func (r *reader) profiles() []Profile {
	out := collect(r.model.FieldSecurityProfiles(), func(p model.FieldSecurityProfile) Profile {
		x := Profile{p.DisplayName(baseLanguage), collect(p.Permissions(), func(f model.FieldPermission) Permission {
			return Permission{f.Table(), f.Column(), f.CanRead(), f.CanUpdate(), f.CanCreate()}
		})}
		sortBy(x.Columns, func(f Permission) []string { return []string{f.Table, f.Column} })
		return x
	})
	sortBy(out, func(p Profile) []string { return []string{p.Title} })
	return out
}
