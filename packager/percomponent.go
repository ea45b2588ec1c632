package packager

import (
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// perComponent is the rule of a section of which each component is a file in the section's folder.
type perComponent struct {
	// file gives the path of a component's file below the folder, without ext.
	file pathRule
	// ext is the ending of the files. With dataXML they may stand in folders below the section's, with others not.
	ext string
	// leaf is the name of the file if each component has a folder of its own, for which file then gives the name.
	leaf string
	// twin says that the file has a "_managed" form, see twins.go. Only with leaf.
	twin bool
	// bare says that the declarations on the root of customizations.xml are not repeated on the root of the file.
	bare bool
	// culture says that Pack sorts the files by culture compare of their names, else as a folder lists them.
	culture bool
	// named says that the section is split only if its first element has a name, as those without a row of their own are.
	named bool
	// singles are elements that are no components but files of their own, and come first.
	singles []string

	// payload gives the files that a component names, nil if there are none.
	payload payloadRule
	// optional says that the reference tool packs no component whose files are not there, where it refuses to pack others: those of
	// controls come of a build.
	optional bool
	// listed says that Pack takes them as a folder lists them, else as the component names them.
	listed bool
	// owns says that all files in the folder of the component's file belong to it.
	owns bool
	// fileKeys gives more keys of a component, from the file that it names, an XML one.
	fileKeys keysRule
	// values is the name of a file of the section as a whole, in the section's folder; in a zip it is in the root.
	values string
}

// splits says of a section without a row of its own whether its first element has a name.
func (r perComponent) splits(d *xmlspan.Document, row *layout, section int32) bool {
	if !r.named {
		return true
	}
	for c := range d.Elements(section) {
		name, _ := genericName(d, c)
		return name != "" && unwritable(row.section) == ""
	}
	return false
}

func (r perComponent) unpack(u *unpacker, row *layout, section int32) error {
	d := u.doc()
	u.keepAttributes(row.section, section)
	paths, why, err := r.paths(u, row, section)
	if err != nil {
		return err
	}
	for c := range d.Children(section) {
		n := &d.Nodes[c]
		p := paths[c]
		if p != "" && r.optional && u.lacks(c, r.payload(d, c, p)) {
			p, why[c] = "", "has no file in the zip"
		}
		switch {
		case !n.IsElement():
			u.keep(row.section, c, "%s between components", nodeKind(n.Kind))
		case p == "":
			u.keep(row.section, c, "%s %s", d.Name(c), why.of(c))
		default:
			r.component(u, row, c, p)
		}
	}
	if r.values != "" {
		if e := u.pkg.lookup(r.values); e != nil {
			u.moveEntry(e, row.folder+"/"+r.values, r.values)
		}
	}
	return nil
}

// paths finds the file of each component of a section, and why a child has none. Of several
// with one file, the last has it, as in the reference tool.
func (r perComponent) paths(u *unpacker, row *layout, section int32) (paths map[int32]string, why reasons, err error) {
	d := u.doc()
	paths, why = map[int32]string{}, reasons{}
	last := map[string]int32{}
	for c := range d.Elements(section) {
		if slices.Contains(r.singles, d.Name(c)) {
			paths[c] = row.folder + "/" + cleanName(d.Name(c)) + ".xml"
		} else {
			name, reason := r.file(d, c)
			if reason != "" {
				why.set(c, "%s", reason)
				continue
			}
			paths[c] = row.folder + "/" + name + r.ext
			if r.leaf != "" {
				paths[c] = row.folder + "/" + name + "/" + u.twin(r.twin, r.leaf)
			}
		}
		if isSectionFile(strings.TrimSuffix(paths[c], dataXML)) {
			why.set(c, "names the file of a section")
			delete(paths, c)
			continue
		}
		if reason := unwritable(paths[c]); reason != "" {
			why.set(c, "has a name that can't be a file: %q %s", paths[c], reason)
			delete(paths, c)
			continue
		}
		key := fold(paths[c])
		if before, ok := last[key]; ok {
			why.set(before, "has the file name of a later one, %q", paths[c])
			delete(paths, before)
		}
		last[key] = c
		if err := u.filesLimit(len(last)); err != nil {
			return nil, nil, err
		}
	}
	if r.ext == dataXML {
		for c, p := range paths { // of web resources x and x.data.xml the second one's own file is the component of the first
			file, ok := strings.CutSuffix(p, dataXML)
			if _, taken := last[fold(file)]; ok && taken {
				why.set(c, "names a file with the path of another component, %q", file)
				delete(paths, c)
			}
		}
	}
	return paths, why, nil
}

// isComponent reports whether Pack takes a file of that path for that of a component, whatever is in it. What a component names can
// have such a path.
func (r perComponent) isComponent(row *layout, p string) bool {
	return r.leaf == "" && r.ext != dataXML && strings.HasSuffix(fold(p), fold(r.ext)) && fold(path.Dir(p)) == fold(row.folder)
}

// component makes the file of component c and moves the files it names.
func (r perComponent) component(u *unpacker, row *layout, c int32, p string) {
	d := u.doc()
	n := &d.Nodes[c]
	f := u.each
	if r.bare {
		f = u.format("")
	}
	if lists := sortedListsOf(d, c, row.element); len(lists) > 0 {
		own := *f
		for _, list := range lists {
			own.Holes = append(own.Holes, list.hole(u.newline, 1))
		}
		f = &own
	}
	if !u.putNode(p, f, "", n) {
		u.keep(row.section, c, "%s has the path of another file, %q", d.Name(c), p)
		return
	}
	if row.folder != "" {
		u.owned[fold(row.folder)] = true
	}
	if r.payload == nil || slices.Contains(r.singles, d.Name(c)) {
		return
	}
	for _, file := range r.payload(d, c, p) {
		if r.isComponent(row, file.tree) {
			file.tree = ""
		}
		u.payload(c, file)
	}
	if r.owns {
		u.ownedEntries(path.Dir(p), r.ext)
	}
}

// ownedEntries moves the entries in the folder of a component, and in folders of it, but for those of components.
func (u *unpacker) ownedEntries(dir, ext string) {
	if u.byFolder == nil {
		u.byFolder = map[string][]int{}
		for i, e := range u.pkg.entries {
			for above := path.Dir(fold(e.part)); above != "."; above = path.Dir(above) {
				u.byFolder[above] = append(u.byFolder[above], i)
			}
		}
	}
	entries := u.byFolder[fold(dir)]
	delete(u.byFolder, fold(dir)) // what stays has no place for another component of the folder either
	for _, i := range entries {
		e := u.pkg.entries[i]
		if !u.claimed[e] && !e.isDir() && e.visible && !strings.HasSuffix(fold(e.part), fold(ext)) {
			if u.moveEntry(e, e.part, e.part) && u.mappedRaw(e.part, false) {
				u.taken[fold(e.part)].elsewhere = e.part
			}
		}
	}
}

func (r perComponent) pack(p *packing, row *layout, c int32) error {
	return p.inSection(row, c, func() error { return r.components(p, row) })
}

// components packs the components and the files they name.
func (r perComponent) components(p *packing, row *layout) error {
	nameless, in := p.keptComponents(row), &keyPaths{path: row.section}
	for _, single := range r.singles {
		file := row.folder + "/" + single + ".xml"
		if p.kept(file) {
			continue
		}
		s, err := p.xmlWatched(nil, file, 1, in)
		if err != nil {
			return err
		}
		if s != nil {
			p.section.addRoot(s)
		}
	}
	var owned []string
	for _, name := range r.files(p, row) {
		s, err := p.xmlWatched(nil, name, 2, in)
		if err != nil {
			return err
		}
		root := s.doc.Root()
		p.wrongRoot(s, row.element)
		var files []payload
		if r.payload != nil {
			files = r.payload(s.doc, root, name)
		}
		for i, file := range files {
			if r.isComponent(row, file.tree) {
				files[i].tree = ""
			}
		}
		for _, file := range files {
			p.mapped(file.tree, true)
		}
		p.roots.component(p, row, s, root, append(row.keysOf(s.doc, root), r.keysInFile(p, name)...)...)
		if i := slices.IndexFunc(files, p.lacks); i >= 0 && r.optional {
			d := s.finding(ruleMissingFile, root, "%s needs the file %s, which is not there%s: it is not packed; build it, or restore the file",
				componentName(row, s, root), files[i].tree, p.notWhere(files[i].tree))
			d.Severity = diag.Warning
			p.note(d)
			continue
		}
		p.section.addRoot(s)
		if r.listed {
			slices.SortStableFunc(files, func(a, b payload) int { return compareFolder(a.tree, b.tree) })
		}
		for _, file := range files {
			if err := p.app(file.tree); err != nil {
				return err
			}
			p.payload(row, s, root, file)
		}
		if r.owns {
			owned = append(owned, path.Dir(name))
		}
	}
	for _, dir := range owned {
		for _, name := range p.root.sub(dir).breadthFirst() {
			if !at(p.consumed, name) {
				p.noteDot(name)
				p.mappedRaw(name)
				p.addEntry(name, name)
			}
		}
	}
	if r.values != "" && p.has(row.folder+"/"+r.values) {
		p.addEntry(row.folder+"/"+r.values, r.values)
	}
	for _, node := range nameless {
		p.section.addNode(node)
	}
	return nil
}

// files lists the files of a section's components in the order of packing.
func (r perComponent) files(p *packing, row *layout) []string {
	dir := p.root.sub(row.folder)
	if dir == nil {
		return nil
	}
	var out []string
	switch {
	case r.leaf != "":
		for _, d := range dir.dirs {
			if name := p.pickTwin(d.path + "/" + r.leaf); p.has(name) && !p.kept(name) {
				out = append(out, name)
			}
		}
		return out
	case r.ext == dataXML:
		out = dir.breadthFirst()
	default:
		out = dir.list()
	}
	single := func(name string) bool {
		return slices.ContainsFunc(r.singles, func(s string) bool { return fold(path.Base(name)) == fold(s+".xml") })
	}
	out = slices.DeleteFunc(slices.Clone(out), func(name string) bool {
		return !strings.HasSuffix(fold(name), fold(r.ext)) || single(name) || p.kept(name) ||
			r.ext == dataXML && p.has(name+dataXML) // it is the file of that component
	})
	if r.culture {
		slices.SortStableFunc(out, func(a, b string) int { return compareCulture(path.Base(a), path.Base(b)) })
	}
	return out
}

func (r perComponent) held(p *packing, row *layout) (held []heldComponent) {
	for _, file := range r.allFiles(p, row) {
		h := heldComponent{file: file, kind: row.root}
		if s := p.peek(file, 2); s != nil {
			root := s.doc.Root()
			h.keys = append(row.keysOf(s.doc, root), r.keysInFile(p, file)...)
			if name, why := r.file(s.doc, root); why != "" || name == "" || !s.doc.Is(root, row.element) && len(h.keys) == 0 && !r.named {
				continue // it only has the ending of such a file
			}
		}
		held = append(held, h)
	}
	return held
}

// allFiles lists the files of a section's components, those of both kinds.
func (r perComponent) allFiles(p *packing, row *layout) (files []string) {
	dir := p.root.sub(row.folder)
	if dir == nil || r.leaf == "" {
		return r.files(p, row)
	}
	for _, d := range dir.dirs {
		for _, name := range []string{r.leaf, managedTwin(r.leaf)} {
			if file := d.path + "/" + name; p.has(file) {
				files = append(files, file)
			}
		}
	}
	return files
}

func (r perComponent) inline(p *packing, row *layout, section int32) {
	d := p.custom.doc
	for c := range d.Elements(section) {
		if slices.Contains(r.singles, d.Name(c)) {
			continue
		}
		keys := row.keysOf(d, c)
		if _, why := r.file(d, c); why != "" {
			p.roots.have(row.root, keys...) // it has no file in a tree either
			continue
		}
		p.roots.component(p, row, p.custom, c, keys...)
		if r.payload == nil {
			continue
		}
		for _, file := range r.payload(d, c, "") {
			p.needs = append(p.needs, need{row: row, source: p.custom, component: c, payload: file, optional: r.optional})
		}
	}
}

// keysInFile returns the keys of a component that the file beside its own gives.
func (r perComponent) keysInFile(p *packing, name string) []string {
	beside := at(p.files, strings.TrimSuffix(name, dataXML))
	if r.fileKeys == nil || beside == nil {
		return nil
	}
	data, err := beside.read()
	if err != nil {
		return nil // reported when it is packed
	}
	doc, err := parseXML(data, beside.path, 1, p.tree.limits)
	if err != nil {
		return nil // a payload, whatever is in it
	}
	return r.fileKeys(doc, doc.Root())
}

// keptNeeds notes the files of a component that was kept because they were not in the zip.
func (r perComponent) keptNeeds(p *packing, row *layout, s *source, i int32) {
	if !r.optional {
		return
	}
	if _, why := r.file(s.doc, i); why != "" {
		return
	}
	for _, file := range r.payload(s.doc, i, "") {
		p.needs = append(p.needs, need{row: row, source: s, component: i, payload: file, optional: true})
	}
}

// keptComponents writes what was kept for a section. It comes first: of two components with one name
// the last has the file, so they must not change places. It returns those that must not come first: a
// section without a row of its own is split only if its first element has a name.
func (p *packing) keptComponents(row *layout) (nameless []keptNode) {
	rule, _ := row.split.(perComponent)
	for _, node := range p.rescue.take(row.section) {
		_, doc, root := node.element()
		if doc != nil {
			p.roots.have(row.root, row.keysOf(doc, root)...)
			rule.keptNeeds(p, row, &source{name: p.rescue.source.name, doc: doc}, root)
		}
		if doc != nil && rule.named {
			if name, _ := genericName(doc, root); name == "" {
				nameless = append(nameless, node)
				continue
			}
		}
		p.section.addNode(node)
	}
	return nameless
}
