package build

import (
	"bytes"
	"encoding/json"
	"path"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A Role is a set of privileges that people are given.
type Role struct {
	Name       string
	ID         solution.GUID // made of the name if zero
	Privileges []Privilege
}

// A Privilege is something that a role may do.
type Privilege struct {
	Name  string // "prvReadcontoso_Order"
	Depth Depth  // User if empty
}

// A Depth is for which rows a privilege is, as files write it.
type Depth string

// The depths.
const (
	User         Depth = "Basic"  // the user's own
	BusinessUnit Depth = "Local"  // of the business unit
	Parent       Depth = "Deep"   // and of those below
	Organization Depth = "Global" // all
)

// Access returns the privileges on rows of a table for what is named: "Create", "Read", "Write", "Delete", "Append", "AppendTo", "Assign",
// "Share". The table is given with the letter case of its schema name.
func Access(table string, depth Depth, what ...string) []Privilege {
	out := make([]Privilege, len(what))
	for i, w := range what {
		out[i] = Privilege{"prv" + w + table, depth}
	}
	return out
}

// Role adds a role.
func (b *Builder) Role(r Role) {
	id := b.id(r.ID, "role", r.Name)
	if b.err != nil || !b.claim(solution.IDKey(solution.TypeRole, id), "role", r.Name) {
		return
	}
	if r.Name == "" {
		b.fail("role", r.Name, "it has no name")
	}
	b.checkText("role", r.Name, r.Name)
	w := newWriter(2)
	w.in("Role", func() {
		w.texts("IsCustomizable", "1", "IsAutoAssigned", "0")
		w.in("RolePrivileges", func() {
			have := map[string]bool{}
			for _, p := range r.Privileges {
				if have[solution.Fold(p.Name)] {
					b.fail("role", r.Name, "the privilege %q is there twice", p.Name)
				}
				have[solution.Fold(p.Name)] = true
				b.writePrivilege(w, r.Name, p)
			}
		})
	}, "id", id.Braced(), "name", r.Name)
	b.section("Roles").WriteString(w.b.String())
	b.root(solution.TypeRole, "", id)
}

func (b *Builder) writePrivilege(w *writer, role string, p Privilege) {
	depth := p.Depth
	if depth == "" {
		depth = User
	}
	switch depth {
	case User, BusinessUnit, Parent, Organization:
	default:
		b.fail("role", role, "%q is no depth of a privilege", depth)
	}
	if !strings.HasPrefix(p.Name, "prv") {
		b.fail("role", role, "%q is no privilege: their names begin with prv", p.Name)
	}
	b.checkText("role", role, p.Name)
	w.empty("RolePrivilege", "name", p.Name, "level", string(depth))
}

// Privileges adds privileges to a role that the solution has.
func (b *Builder) Privileges(role string, list ...Privilege) {
	if b.err != nil {
		return
	}
	for r := range b.model.OfType(solution.TypeRole) {
		if r.Name() != role && r.ID().String() != role {
			continue
		}
		at := r.Element().Child("RolePrivileges")
		if !at.Exists() {
			b.fail("role", role, "it has no list of privileges in the solution")
			return
		}
		have := map[string]bool{}
		for p := range at.Children() {
			have[solution.Fold(p.Attr("name"))] = true
		}
		w := newWriter(4)
		for _, p := range list {
			if have[solution.Fold(p.Name)] {
				b.fail("role", role, "the privilege %q is there already", p.Name)
				return
			}
			have[solution.Fold(p.Name)] = true
			b.writePrivilege(w, role, p)
		}
		b.append(at, w.b.String())
		return
	}
	b.missing("role", role, "there is no such role in the solution")
}

// A WebResource is a file that apps load.
type WebResource struct {
	Name        string // with prefix: "contoso_/js/main.js"
	DisplayName string // Name if empty
	Description string
	ID          solution.GUID // made of the name if zero
	Type        string        // the number of what it is, as files write it; by the ending of the name if empty
	Data        []byte
}

// webResourceTypes are the numbers of what files are, by their endings.
var webResourceTypes = map[string]string{".htm": "1", ".html": "1", ".css": "2", ".js": "3", ".xml": "4", ".png": "5", ".jpg": "6", ".jpeg": "6", ".gif": "7",
	".xap": "8", ".xsl": "9", ".xslt": "9", ".ico": "10", ".svg": "11", ".resx": "12"}

// WebResourceType returns the number of what a file is by its ending, empty if that does not say.
func WebResourceType(name string) string { return webResourceTypes[strings.ToLower(path.Ext(name))] }

// WebResource adds a web resource. Its ending says what it is.
func (b *Builder) WebResource(r WebResource) {
	if b.err != nil || !b.claim(solution.NameKey(solution.TypeWebResource, "", r.Name), "web resource", r.Name) {
		return
	}
	if !b.any && !strings.HasPrefix(solution.Fold(r.Name), solution.Fold(b.prefix)+"_") {
		b.fail("web resource", r.Name, "begin it with the publisher's prefix, %s_", b.prefix)
		return
	}
	kind := r.Type
	if kind == "" {
		kind = WebResourceType(r.Name)
	}
	if kind == "" {
		b.fail("web resource", r.Name, "its ending does not say what it is: use .js, .html, .css, .svg, .png or the like")
		return
	}
	for _, c := range r.Name {
		if c != '_' && c != '/' && c != '.' && c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			b.fail("web resource", r.Name, "use letters, digits, underscores, dots, hyphens and slashes")
			return
		}
	}
	orElse(&r.DisplayName, r.Name)
	b.checkText("web resource", r.Name, r.DisplayName, r.Description)
	id := b.id(r.ID, "web resource", r.Name)
	// The file is called by the name without what makes it a path, and the id: so exports have it.
	file := "WebResources/" + strings.NewReplacer("/", "", ".", "").Replace(r.Name) + strings.ToUpper(id.String())
	w := newWriter(2)
	w.in("WebResource", func() {
		w.texts("WebResourceId", id.Braced(), "Name", r.Name, "DisplayName", r.DisplayName)
		if r.Description != "" {
			w.text("Description", r.Description)
		}
		w.texts("LanguageCode", "0", "WebResourceType", kind, "IntroducedVersion", "1.0.0.0", "IsEnabledForMobileClient", "0", "IsAvailableForMobileOffline", "0",
			"IsCustomizable", "1", "CanBeDeleted", "1", "IsHidden", "0", "FileName", "/"+file)
	})
	b.section("WebResources").WriteString(w.b.String())
	b.file(file, bytes.Clone(r.Data))
	b.root(solution.TypeWebResource, r.Name, solution.GUID{})
}

// A VariableType is what values of an environment variable are: the number that files write.
type VariableType string

// The types of environment variables.
const (
	StringVariable  VariableType = "100000000"
	NumberVariable  VariableType = "100000001"
	BooleanVariable VariableType = "100000002"
	JSONVariable    VariableType = "100000003"
	SourceVariable  VariableType = "100000004" // a data source: what a connection shows, such as a site
	SecretVariable  VariableType = "100000005" // the address of a secret in a vault
)

// A Variable is an environment variable: a value that each environment may have another one of.
type Variable struct {
	Name        string // schema name with prefix
	DisplayName string // Name if empty
	Description string
	Type        VariableType // StringVariable if empty
	Default     *string      // nil: none
	Value       *string      // nil: none; one that a package carries is set in every environment that it is imported to
	Connector   string       // of SourceVariable: the id of the connector, "/providers/Microsoft.PowerApps/apis/shared_sharepointonline"
	Parameter   string       // of SourceVariable: the parameter of the connector
	Parent      string       // of SourceVariable: the variable that this one is inside of, as a list is of a site
}

// Variable adds an environment variable.
func (b *Builder) Variable(v Variable) {
	if !b.prefixed("variable", v.Name) || !b.claim(solution.NameKey(solution.TypeEnvironmentVariableDefinition, "", v.Name), "variable", v.Name) {
		return
	}
	orElse(&v.DisplayName, v.Name)
	if v.Type == "" {
		v.Type = StringVariable
	}
	switch v.Type {
	case StringVariable, NumberVariable, BooleanVariable, JSONVariable, SourceVariable, SecretVariable:
	default:
		b.fail("variable", v.Name, "%q is no type of variables", v.Type)
	}
	b.checkText("variable", v.Name, v.DisplayName, v.Description, v.Connector, v.Parameter, v.Parent)
	w := newWriter(0)
	w.in("environmentvariabledefinition", func() {
		if v.Connector != "" {
			w.text("apiid", v.Connector)
		}
		if v.Default != nil {
			b.checkText("variable", v.Name, *v.Default)
			w.text("defaultvalue", *v.Default)
		}
		for _, text := range []struct{ name, value string }{{"description", v.Description}, {"displayname", v.DisplayName}} {
			if text.value != "" {
				w.in(text.name, func() { w.empty("label", "description", text.value, "languagecode", b.language) }, "default", text.value)
			}
		}
		w.texts("introducedversion", "1.0.0.0", "iscustomizable", "1", "isrequired", "0")
		if v.Parameter != "" {
			w.text("parameterkey", v.Parameter)
		}
		if v.Parent != "" {
			w.in("parentdefinitionid", func() { w.text("schemaname", v.Parent) })
		}
		w.texts("secretstore", "0", "type", string(v.Type))
	}, "schemaname", v.Name)
	folder := "environmentvariabledefinitions/" + v.Name
	b.file(folder+"/environmentvariabledefinition.xml", []byte(strings.TrimPrefix(w.b.String(), "\n")))
	if v.Value != nil {
		b.checkText("variable", v.Name, *v.Value)
		b.file(folder+"/environmentvariablevalues.json", variableValue(b.id(solution.GUID{}, "variable value", v.Name), *v.Value))
	}
}

// variableValue writes the file of a value.
func variableValue(id solution.GUID, text string) []byte {
	type value struct {
		ID           string `json:"@environmentvariablevalueid"`
		Customizable string `json:"iscustomizable"`
		Value        string `json:"value"`
	}
	var file struct {
		Values struct {
			Value value `json:"environmentvariablevalue"`
		} `json:"environmentvariablevalues"`
	}
	file.Values.Value = value{id.String(), "1", text}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(&file); err != nil {
		panic(err) // texts can be encoded
	}
	return bytes.TrimRight(out.Bytes(), "\n")
}

// A Flow is a cloud flow.
type Flow struct {
	Name       string
	ID         solution.GUID // made of the name if zero
	Definition []byte        // the JSON of its file: {"properties": {"connectionReferences": ..., "definition": ...}, "schemaVersion": ...}
	Off        bool          // it is switched off where it is imported
}

// Flow adds a cloud flow.
func (b *Builder) Flow(f Flow) {
	id := b.id(f.ID, "flow", f.Name)
	if b.err != nil || !b.claim(solution.IDKey(solution.TypeWorkflow, id), "flow", f.Name) {
		return
	}
	if f.Name == "" {
		b.fail("flow", f.Name, "it has no name")
	}
	b.checkText("flow", f.Name, f.Name)
	var shape struct {
		Properties struct {
			Definition map[string]any `json:"definition"`
		} `json:"properties"`
	}
	if err := json.Unmarshal(f.Definition, &shape); err != nil {
		b.fail("flow", f.Name, "its definition is no JSON: %v", err)
		return
	}
	if shape.Properties.Definition["triggers"] == nil {
		b.fail("flow", f.Name, "its definition has no properties/definition/triggers: give the JSON of a flow as exports have it")
		return
	}
	file := "Workflows/" + fileName(f.Name) + "-" + strings.ToUpper(id.String()) + ".json"
	state, status := "1", "2"
	if f.Off {
		state, status = "0", "1"
	}
	w := newWriter(2)
	w.in("Workflow", func() {
		w.texts("JsonFileName", "/"+file, "Type", "1", "Subprocess", "0", "Category", "5", "Mode", "0", "Scope", "4", "OnDemand", "0", "TriggerOnCreate", "0",
			"TriggerOnDelete", "0", "AsyncAutodelete", "0", "SyncWorkflowLogOnFailure", "0", "StateCode", state, "StatusCode", status, "RunAs", "1",
			"IsTransacted", "1", "IntroducedVersion", "1.0.0.0", "IsCustomizable", "1", "BusinessProcessType", "0",
			"IsCustomProcessingStepAllowedForOtherPublishers", "1", "ModernFlowType", "0", "PrimaryEntity", "none")
		w.in("LocalizedNames", func() { w.empty("LocalizedName", "languagecode", b.language, "description", f.Name) })
	}, "WorkflowId", id.Braced(), "Name", f.Name)
	b.section("Workflows").WriteString(w.b.String())
	b.file(file, bytes.Clone(f.Definition))
	b.root(solution.TypeWorkflow, "", id)
}

// fileName returns what of a name the files of flows have: letters and digits, 50 at most.
func fileName(name string) string {
	var out []byte
	for _, c := range []byte(name) {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			out = append(out, c)
		}
	}
	return string(out[:min(len(out), 50)])
}
