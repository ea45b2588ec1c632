package solution

import (
	"iter"
	"strconv"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A Dependency is one MissingDependency: a component of the package needs one that is not in the
// package and not part of the base platform. The platform lists only the dependencies it tracks; what
// flows and apps name in their content is not here.
//
// Match dependencies by key, never by the text of the providing solution: that is what the exporting
// environment happened to have.
type Dependency struct {
	Required, Dependent End
	Location            diag.Location // the MissingDependency element; ignored by With methods
}

// An End is the needed or the needing component of a [Dependency]. All fields but Key are as written and
// empty or zero where absent. The needing one may be nearly empty: a type alone is the default site map.
type End struct {
	Key               Key    // what identifies it, alternate keys included; see [NewKey]
	TypeText          string // type: a number, or a name for types without a fixed number
	SchemaName        string // a title for views, an assembly-qualified name for plug-in types
	DisplayName       string
	ParentSchemaName  string // the table of a column, form, view or relationship
	ParentDisplayName string
	ID                GUID
	ParentID          GUID           // the root role of a role
	Alternates        []AlternateKey // id.<column> attributes in the order of the file
	Number            string         // key: ties the ends of older files together; no identity
	Solution          Ref            // who provides it; needed ends only. [Active] and [System] are no solutions
	Applications      []Application  // the applications to install or update; needed ends only
	Location          diag.Location  // the Required or Dependent element; zero if it is missing
}

// An AlternateKey is an id.<column> attribute. Column may be dotted ("parentappmoduleid.uniquename").
type AlternateKey struct{ Column, Value string }

// An Application is what can be installed, named by its anchor solution.
type Application struct {
	Solution   Ref
	AppName    string // empty if absent
	AppVersion string // empty if absent
}

// Dependencies returns the entries of MissingDependencies in the order of the file. The caller must
// not change the slices in them.
func (m *Manifest) Dependencies() iter.Seq[Dependency] {
	return func(yield func(Dependency) bool) {
		for i, at := range m.needNodes {
			d, path := m.need(i), needPath(i)
			d.Location = m.location(at.item, path)
			if at.required != xmlspan.None {
				d.Required.Location = m.location(at.required, path+"/Required")
			}
			if at.dependent != xmlspan.None {
				d.Dependent.Location = m.location(at.dependent, path+"/Dependent")
			}
			if !yield(d) {
				return
			}
		}
	}
}

func needPath(i int) string {
	return "SolutionManifest/MissingDependencies/MissingDependency[" + strconv.Itoa(i+1) + "]"
}
