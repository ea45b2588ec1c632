package solution

// pathNode is a node of the tree of element paths in customizations.xml; its children are the count
// nodes from first on. row is the catalogue's row of the component that the element is, -1 if it is none.
type pathNode struct {
	name, path        string // of the element, and from its section on
	first, count, row int16
}

// keySource says where in its element a component's name and GUID stand: "@" and the name of an
// attribute, or the name of a child element. The first that is there counts.
type keySource struct {
	name, id []string
	join     bool   // the name is all of name, joined by a blank
	suffix   string // the name is that of the owner followed by this
}
