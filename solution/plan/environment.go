package plan

import (
	"github.com/solutionkit/solutionkit/solution"
)

// An Environment is what is known about the place where solutions are to be imported. Everything but Solutions is
// optional; what is nil or zero is not known, and a plan says where that limits it. The order of the lists has no
// meaning. [ParseEnvironment] reads its JSON form.
type Environment struct {
	Solutions []Installed
	// UnmanagedLayers are components that were changed by hand above what managed solutions say.
	UnmanagedLayers []solution.Key
	// UnmanagedComponents are components that exist without any managed solution.
	UnmanagedComponents []solution.Key
	Connections         []Connection      // nil: not known
	References          []BoundReference  // connection references; nil: not known
	Variables           map[string]string // current values of environment variables, by name in any case; nil: not known
	// MoreReferences and MoreVariables say that References and Variables are not all that is there, as after a plan for an
	// environment that did not tell of them.
	MoreReferences, MoreVariables bool
	// MoreSolutions and MoreConnections say the same of Solutions and Connections: a list was cut, or shows only what whoever
	// asked can see.
	MoreSolutions, MoreConnections bool
	Present                        []solution.Key   // components that are there; nobody tells which solution has them
	Base                           []solution.Key   // what the platform has there besides the built-in table
	PlatformSolutions              []string         // unique names of solutions that come with the platform there, besides the built-in table
	PlatformVersion                solution.Version // zero: not known
	SchemaType                     string           // Core, Standard or Full; empty: not known
	PackageVersion                 solution.Version // the highest format that it accepts; zero: not known
	Identity                       string           // who imports; empty: not known
}

// An Installed is a solution of an environment. A pending upgrade is one named NAME_Upgrade.
type Installed struct {
	Name    string // unique name
	Version solution.Version
	// VersionText is Version as somebody wrote it ("1.9"), for output; empty: Version says it.
	VersionText string
	Managed     *bool  // nil: as Package says, else not known
	Publisher   string // unique name; empty: as Package says, else not known
	// Order counts installations: of several solutions with one component, the one with the lowest order has its base
	// layer. Equal orders are ordered by name.
	Order int
	// Package is what was installed and is all that the solution holds. Without it, Provides and Requires say what is known.
	Package *Solution
	// PackageFile is the member "package" of the JSON form, a path. This package reads no files: the caller sets Package.
	PackageFile string
	// Provides lists what the solution holds, completely for each kind that it mentions; nil: not known; empty: nothing.
	Provides []solution.Key
	// Extends lists what the solution only has a layer of: somebody else created it.
	Extends []solution.Key
	// Complete says that Provides and Extends are all that the solution holds, of every kind.
	Complete bool
	Requires []Requirement
	// PatchOf is the name of the solution that this one patches. Empty: as Package says, else as the name does.
	PatchOf string
	// Leftovers says that the solution holds more than Package and Provides: an update left components of an unknown
	// version behind, or a list was cut.
	Leftovers bool
	// Source says where that is known from, "solutions.json:12:5", for people.
	Source string
}

// shownVersion is the version as it is printed, empty if it is not known.
func (in *Installed) shownVersion() string {
	if v, err := solution.ParseVersion(in.VersionText); err == nil && v == in.Version {
		return in.VersionText
	}
	return versionText(in.Version)
}

// A Requirement is a component that a solution needs, and the component that needs it, which may be zero.
type Requirement struct{ Need, By solution.Key }

// A Connection is a connection of an environment.
type Connection struct {
	ID         string
	Connector  string // its id or the last segment of it, "shared_sharepointonline"
	Owner      string
	SharedWith []string
	Source     string // as that of an [Installed]
}

// A BoundReference is a connection reference that exists in an environment.
type BoundReference struct {
	Name         string // logical name
	ConnectionID string // empty: it exists without a connection
	Source       string // as that of an [Installed]
}
