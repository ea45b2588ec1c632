package plan

import "github.com/solutionkit/solutionkit/solution"

// A Reach says what one component of an environment is used by.
type Reach struct {
	Component Component `json:"component"`
	// Layers are the solutions that hold it, the base layer first. Unmanaged solutions are the last.
	Layers []Layer     `json:"layers"`
	Base   bool        `json:"base"`  // part of the platform
	Parts  []Component `json:"parts"` // deleted together with it, such as the columns of a table
	// UsedBy has each place that names the component or a part of it, in solutions whose contents are known.
	UsedBy []Use `json:"usedBy"`
	// Blocks has the components whose use keeps the platform from deleting it.
	Blocks   []Component `json:"blocks"`
	Unknown  []string    `json:"unknown"` // solutions whose contents are not known, which may use it too
	Findings []Finding   `json:"findings"`
}

// A Layer is what one solution says of a component.
type Layer struct {
	Solution  string `json:"solution"`
	Version   string `json:"version"`
	Publisher string `json:"publisher"`
	Managed   bool   `json:"managed"`
	Base      bool   `json:"base"` // of managed layers, the one that the component stands and falls with
}

// A Use is one place where a component of an environment names another.
type Use struct {
	By       Component `json:"by"`
	Need     Component `json:"need"` // the component or one of its parts
	Solution string    `json:"solution"`
	// Tracked says that the platform knows of the use, and refuses to delete what is needed.
	Tracked bool   `json:"tracked"`
	File    string `json:"file"`
	Path    string `json:"path"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
}

// A Removal says what uninstalling a solution does.
type Removal struct {
	Solution string `json:"solution"`
	Blocked  bool   `json:"blocked"`
	// Order has the solutions to uninstall: patches, the newest first, then the solution.
	Order []string `json:"order"`
	// Deletes is what goes, also where that is refused.
	Deletes  []Component `json:"deletes"`
	Findings []Finding   `json:"findings"`
}

var _ = solution.Key{}
