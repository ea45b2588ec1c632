package model

import (
	"iter"

	"github.com/solutionkit/solutionkit/solution"
)

// A Role is a security role.
type Role struct{ Component }

func roleOf(c Component) Role { return Role{c} }

// Roles returns the roles in the order of the file.
func (m *Model) Roles() iter.Seq[Role] { return views(m, solution.TypeRole, roleOf) }

// Role returns the role of a GUID.
func (m *Model) Role(id solution.GUID) (Role, bool) {
	return lookup(m, solution.IDKey(solution.TypeRole, id), roleOf)
}

// IsInherited reports whether members of a team have what the role allows as if it were given to each of them.
func (r Role) IsInherited() bool { return r.Element().attrFlag("isinherited") }

// IsAutoAssigned reports whether users get the role without being given it.
func (r Role) IsAutoAssigned() bool { return r.Element().flag("IsAutoAssigned") }

// Privileges returns what the role allows, in the order of the file.
func (r Role) Privileges() iter.Seq[RolePrivilege] {
	return eachIn(r.Element().Child("RolePrivileges"), "RolePrivilege", func(e Element) RolePrivilege { return RolePrivilege{e} })
}

var roleMembers = members("Description", "IsAutoAssigned", "IntroducedVersion", "RolePrivileges")

// Settings returns what has no method of its own: names and texts as written.
func (r Role) Settings() iter.Seq2[string, string] { return settings(r.Element(), roleMembers) }

// A RolePrivilege is something that a role allows.
type RolePrivilege struct{ e Element }

// Element returns the place of the privilege.
func (p RolePrivilege) Element() Element { return p.e }

// Name returns the name of the privilege, which is that of a right and, for most, of a table: "prvReadcontoso_order".
func (p RolePrivilege) Name() string { return p.e.Attr("name") }

// Level returns for which rows, as written: "Basic" those of the user, "Local" those of the business unit, "Deep" those of the units
// below too, "Global" all.
func (p RolePrivilege) Level() string { return p.e.Attr("level") }

// Depth returns Level as a number, 1 to 4 for Basic to Global, 0 for any other.
func (p RolePrivilege) Depth() int { return depths[p.Level()] }

var depths = map[string]int{"Basic": 1, "Local": 2, "Deep": 3, "Global": 4}

// A FieldSecurityProfile is a column security profile: who may read and write columns that are secured.
type FieldSecurityProfile struct{ Component }

func fieldSecurityProfileOf(c Component) FieldSecurityProfile { return FieldSecurityProfile{c} }

// FieldSecurityProfiles returns the profiles in the order of the file.
func (m *Model) FieldSecurityProfiles() iter.Seq[FieldSecurityProfile] {
	return views(m, solution.TypeFieldSecurityProfile, fieldSecurityProfileOf)
}

// Permissions returns what the profile allows, in the order of the file.
func (p FieldSecurityProfile) Permissions() iter.Seq[FieldPermission] {
	return nestedViews(p.Component, solution.TypeFieldPermission, fieldPermissionOf)
}

var fieldSecurityProfileMembers = members("FieldPermissions", "IntroducedVersion", "description", "Description")

// Settings returns what has no method of its own: names and texts as written.
func (p FieldSecurityProfile) Settings() iter.Seq2[string, string] {
	return settings(p.Element(), fieldSecurityProfileMembers)
}

// A FieldPermission is what a column security profile allows for a column.
type FieldPermission struct{ Component }

func fieldPermissionOf(c Component) FieldPermission { return FieldPermission{c} }

// Table returns the logical name of the table.
func (p FieldPermission) Table() string { return p.Element().text("EntityName") }

// Column returns the logical name of the column.
func (p FieldPermission) Column() string { return p.Element().text("AttributeName") }

// CanRead reports whether the column may be read. The file says 4 for yes and 0 for no, here and in the other two.
func (p FieldPermission) CanRead() bool { return p.allows("CanRead") }

// CanUpdate reports whether the column may be changed.
func (p FieldPermission) CanUpdate() bool { return p.allows("CanUpdate") }

// CanCreate reports whether new rows may have a value in the column.
func (p FieldPermission) CanCreate() bool { return p.allows("CanCreate") }

func (p FieldPermission) allows(right string) bool {
	n, _ := p.Element().number(right)
	return n != 0
}

var fieldPermissionMembers = members("EntityName", "AttributeName", "CanRead", "CanUpdate", "CanCreate")

// Settings returns what has no method of its own, such as CanReadUnmasked: names and texts as written.
func (p FieldPermission) Settings() iter.Seq2[string, string] {
	return settings(p.Element(), fieldPermissionMembers)
}
