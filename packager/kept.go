package packager

import (
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// A packRescue is what Other/Rescued.xml gives back.
type packRescue struct {
	source     *source
	containers map[string]*keptPart
	order      []string
	lastAfter  int
}

type keptPart struct {
	in    int32
	attrs string
	nodes []keptNode
	used  bool
}

// A keptNode is a node that was kept: the content of one group of Other/Rescued.xml.
type keptNode struct {
	doc        *xmlspan.Document
	group      int32
	start, end int32
	text       bool
}

// append writes the node on a line of its own.
func (n keptNode) append(dst []byte, f *xmlspan.Format, level int) []byte {
	if n.text {
		dst = f.AppendIndent(dst, level)
	}
	return f.Append(dst, n.doc.Src, int(n.start), int(n.end), level)
}

// element returns the node as a document of its own if it is an element.
func (n keptNode) element() (name string, doc *xmlspan.Document, root int32) {
	for e := range n.doc.Elements(n.group) {
		sub := n.doc.Sub(e, 2)
		return sub.Name(sub.Root()), sub, sub.Root()
	}
	return "", nil, xmlspan.None
}

// readKept reads the lists in Other.
func (p *packing) readKept() error {
	p.rescue = &packRescue{containers: map[string]*keptPart{}}
	p.renamed = map[string]string{}
	if p.has(renamedPath) {
		data, err := p.read(renamedPath)
		if err != nil {
			return err
		}
		names, err := readRenamed(data)
		if err != nil {
			return err
		}
		for tree, name := range names {
			p.renamed[fold(tree)] = name
		}
	}
	s, err := p.xml(rescuedPath, 4)
	if err != nil || s == nil {
		return err
	}
	d := s.doc
	p.rescue.source = s
	for in := range d.Elements(d.Root()) {
		part := &keptPart{in: in}
		name := attr(d, in, "Path")
		p.rescue.containers[name] = part
		p.rescue.order = append(p.rescue.order, name)
		if n, ok := strings.CutPrefix(name, "After/"); ok {
			if at, err := strconv.Atoi(n); err == nil && at <= 100_000 {
				p.rescue.lastAfter = max(p.rescue.lastAfter, at)
			}
		}
		for c := range d.Elements(in) {
			switch d.Name(c) {
			case "Attributes":
				part.attrs = attributeText(d, c)
			case "Content":
				for g := range d.Elements(c) {
					n := &d.Nodes[g]
					part.nodes = append(part.nodes, keptNode{doc: d, group: g, start: n.OpenEnd, end: n.CloseStart, text: d.Is(g, "Text")})
				}
			}
		}
	}
	return nil
}

// take returns the nodes kept for a container, once.
func (r *packRescue) take(container string) []keptNode {
	c := r.containers[container]
	if c == nil {
		return nil
	}
	c.used = true
	nodes := c.nodes
	c.nodes = nil
	return nodes
}

func (r *packRescue) attrs(container string) string {
	c := r.containers[container]
	if c == nil {
		return ""
	}
	c.used = true
	return c.attrs
}

// unused tells of containers whose place is no longer there.
func (r *packRescue) unused(p *packing) {
	for _, name := range r.order {
		if c := r.containers[name]; !c.used {
			p.note(r.source.finding(ruleRescueUnused, c.in, "%q is no longer part of the tree: what is kept for it is not packed", name))
		}
	}
}

// kept reports whether a file is one that Other/unclaimed.txt puts back as it is.
func (p *packing) kept(name string) bool {
	if p.keptFiles == nil {
		p.keptFiles = map[string]bool{}
		if p.has(unclaimedPath) {
			// A file that can't be read is reported by unclaimed.
			data, _ := p.files[fold(unclaimedPath)].read()
			for _, line := range readList(data) {
				p.keptFiles[fold(unquoteLine(line))] = true
			}
		}
	}
	return p.keptFiles[fold(name)]
}

// unclaimed puts back the entries that Other/unclaimed.txt names.
func (p *packing) unclaimed() error {
	if !p.has(unclaimedPath) {
		return nil
	}
	data, err := p.read(unclaimedPath)
	if err != nil {
		return err
	}
	for _, line := range readList(data) {
		name := unquoteLine(line)
		if dir := strings.TrimRight(name, `/\`); dir != name {
			if reason := insecure(name); reason != "" || dir == "" {
				return errorf("pack", unclaimedPath, "%q: %w: %s", name, ErrInsecurePath, reason)
			}
			p.entries = append(p.entries, packEntry{name: name})
			continue
		}
		switch {
		case !p.has(name):
			p.note(finding(ruleRescueUnused, unclaimedPath, "%q is not in the tree: it is not packed", name))
		case !p.consumed[fold(name)]:
			p.addEntry(name, name)
		}
	}
	return nil
}

// rawFolders are the folders of component kinds that a package holds as files of their own, as far as
// they are known. They are packed without remark.
var rawFolders = []string{
	"aiconfiguration", "aipluginoperations", "aiplugins", "aiskillconfigs", "appactions", "assets", "botcomponentcollections",
	"botcomponents", "bots", "customapis", "dvfilesearchs", "dvfilesearchentities", "dvtablesearchs", "dvtablesearchentities",
	"environmentvariabledefinitions", "fxexpressions", "maskingrules", "organizationsettings", "powerbidatasets", "powerbireports",
	"settingdefinitions", "formulas",
}

func isRawFolder(top string) bool {
	top = strings.ToLower(top)
	return slices.Contains(rawFolders, top) || strings.HasPrefix(top, "msdyn_")
}

// rawFiles packs, as they are, the files of all folders that no section owns.
func (p *packing) rawFiles() error {
	for _, dir := range p.root.dirs {
		top := dir.path
		if strings.EqualFold(top, "Other") || strings.EqualFold(top, "Resources") {
			continue
		}
		closed := p.closed[fold(top)]
		var unowned []string
		for _, name := range dir.breadthFirst() {
			switch {
			case p.consumed[fold(name)] || p.kept(name):
			case closed:
				unowned = append(unowned, name)
			default:
				if !isRawFolder(top) {
					p.note(finding(ruleRawFile, name, "%s is packed as it is; its folder is of no known component kind", name))
				}
				p.roots.rawFile(name)
				p.addEntry(name, name)
			}
		}
		p.noteUnowned(unowned)
	}
	return nil
}

// manyUnowned is how many files of one folder are named one by one.
const manyUnowned = 3

// noteUnowned tells of files that are not packed, folder by folder where there are many: the sources
// of a canvas app can stand beside it.
func (p *packing) noteUnowned(names []string) {
	groups := map[string][]string{}
	for _, name := range names {
		dir := name
		if parts := strings.SplitN(name, "/", 3); len(parts) == 3 {
			dir = parts[0] + "/" + parts[1]
		}
		groups[dir] = append(groups[dir], name)
	}
	for dir, files := range groups {
		if len(files) > manyUnowned {
			p.note(finding(ruleUnownedFile, dir, "%d files in %s belong to no component: they are not packed", len(files), dir))
			continue
		}
		for _, name := range files {
			p.note(finding(ruleUnownedFile, name, "%s belongs to no component: it is not packed", name))
		}
	}
}
