package packager

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// rawEntries places every entry that no component has claimed.
func (u *unpacker) rawEntries() {
	types := u.pkg.lookup(typesPart)
	// Which of two spellings a path has must not depend on the order of entries.
	entries := slices.SortedStableFunc(slices.Values(u.pkg.entries), func(a, b *entry) int {
		return cmp.Or(strings.Compare(fold(a.part), fold(b.part)), strings.Compare(a.name, b.name))
	})
	for _, e := range entries {
		switch {
		case u.claimed[e]:
		case e == types:
			if e.name != typesPart {
				u.renamed[typesPart] = e.name
			}
		case e.isDir():
			u.unclaimed = append(u.unclaimed, e.name)
			u.found.in(ruleUnclaimedEntry, e.name, "folder entry %q is kept in %s", e.name, unclaimedPath)
		default:
			u.rawEntry(e)
		}
	}
}

func (u *unpacker) rawEntry(e *entry) {
	p := e.part
	top := topFolder(p)
	raw := e.visible && strings.Contains(p, "/") && !at(u.owned, top) && !isOwnFolder(top) && !isSectionFile(p)
	f := entryFile(e, p)
	if raw = raw && unwritable(p) == "" && u.put(f); raw {
		if !at(u.closed, top) && u.mappedRaw(f.path, true) {
			f.elsewhere = f.path
		}
	} else {
		f.path = u.freePath(keptFolder + p)
		u.put(f)
	}
	f.raw = raw
	u.claimed[e] = true
	if natural := strings.TrimPrefix(f.path, keptFolder); e.name != natural {
		u.renamed[f.path] = e.name
		u.found.in(ruleRenamedEntry, e.name, "%q is %s in the tree: its exact name is kept in %s", e.name, f.path, renamedPath)
	}
	switch {
	case !raw:
		u.found.in(ruleUnclaimedEntry, e.name, "%q belongs to no component: it is kept as %s", e.name, f.path)
	case at(u.closed, top): // the reference tool writes it here, and does not pack it
		u.unclaimed = append(u.unclaimed, f.path)
		u.found.in(ruleUnclaimedEntry, e.name, "%q belongs to no component: it is kept as %s and named in %s", e.name, f.path, unclaimedPath)
	}
}

func entryFile(e *entry, p string) *file {
	return &file{path: p, size: e.size(), load: e.read, entry: e, shared: e.zip == nil}
}

// freePath makes p a path that can be written and is not taken.
func (u *unpacker) freePath(p string) string {
	segments := strings.Split(p, "/")
	for i, s := range segments {
		s = strings.TrimRight(cleanName(strings.ToValidUTF8(s, "_")), ". ")
		if s == "" || s[0] == '.' || isDevice(s) {
			s = "_" + s
		}
		if len(s) > 100 {
			s = strings.ToValidUTF8(s[:100], "")
		}
		segments[i] = s
	}
	if u.free == nil {
		u.free = map[string]int{}
	}
	for i := range segments[:len(segments)-1] {
		segments[i] = path.Base(u.firstFree(strings.Join(segments[:i+1], "/"), "/", func(key string) bool { return u.taken[key] == nil }))
	}
	return u.firstFree(strings.Join(segments, "/"), "", func(key string) bool { return u.taken[key] == nil && u.folders[key] == "" })
}

// firstFree returns p, or p~2, p~3 and so on: the first whose folded form is free. What was taken once stays so, and as what
// kind says it is not asked for again.
func (u *unpacker) firstFree(p, kind string, free func(key string) bool) string {
	for n := max(u.free[fold(p)+kind], 1); ; n++ {
		try := p
		if n > 1 {
			try = fmt.Sprintf("%s~%d", p, n)
		}
		if free(fold(try)) {
			u.free[fold(p)+kind] = n
			return try
		}
	}
}

// rawFiles packs, as they are, the files of all folders that no section owns.
func (p *packing) rawFiles() error {
	for _, dir := range p.root.dirs {
		top := dir.path
		if isOwnFolder(top) {
			continue
		}
		closed := at(p.closed, top)
		foreign := !closed && !at(p.demoted, top) && !p.isComponentFolder(dir)
		section, stray := sectionOf(top), false
		var unowned []string
		for _, name := range dir.breadthFirst() {
			switch {
			case at(p.consumed, name) || p.kept(name):
			case at(p.told, name):
			case closed:
				unowned = append(unowned, name)
			default:
				row := rawLayoutOf(top)
				switch {
				case foreign && section != "":
					stray = true
				case foreign:
					p.found.in(ruleRawFile, name, "%s is packed as it is; its folder is of no known component kind", name)
				}
				p.roots.rawFile(row, name)
				p.loose[fold(name)] = true
				p.noteDot(name)
				p.mappedRaw(name)
				p.addEntry(name, name)
			}
		}
		if stray {
			d := finding(ruleRawFile, top, "what is in %s is packed as it is; it is the folder of the section %s, which %s does not have", top, section, otherCustomizations)
			d.Severity = diag.Warning
			p.note(d)
		}
		p.noteUnowned(unowned)
	}
	return nil
}

// sectionOf returns the section to which a folder in the root of a tree belongs, if it does.
func sectionOf(top string) string {
	for i := range layouts {
		if row := &layouts[i]; strings.EqualFold(row.folder, top) {
			return row.section
		}
	}
	return ""
}

// manyUnowned is how many files of one folder are named one by one.
const manyUnowned = 3

// noteUnowned tells of files that are not packed, folder by folder where there are many: the sources
// of a canvas app can stand beside it.
func (p *packing) noteUnowned(names []string) {
	names = p.oldApps(names)
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
			p.found.in(ruleUnownedFile, dir, "%d files in %s belong to no component: they are not packed", len(files), dir)
			continue
		}
		for _, name := range files {
			if p.otherForms[fold(name)] {
				p.found.in(ruleUnownedFile, name, "%s is not packed: it is the form of a package of the other kind, and the tree is %s: delete it, or set Managed in %s to 2 if the tree is of both", name, p.kind, otherSolution)
				continue
			}
			p.found.in(ruleUnownedFile, name, "%s belongs to no component: it is not packed", name)
		}
	}
}

// noteDot tells of a file, or of the first in a folder, whose name begins with a dot and that is packed without being named.
func (p *packing) noteDot(name string) {
	segments := strings.Split(name, "/")
	i := slices.IndexFunc(segments, func(s string) bool { return strings.HasPrefix(s, ".") })
	if i < 0 {
		return
	}
	dotted := strings.Join(segments[:i+1], "/")
	if at(p.dotted, dotted) {
		return
	}
	p.dotted[fold(dotted)] = true
	p.note(finding(ruleDotFile, dotted, "%s is packed with the folder that it is in", dotted))
}

// labels tells of files in Resources that were not merged into the components.
func (p *packing) labels() {
	dir := p.root.sub(resourcesFolder)
	var left []string
	labels, merged := false, false
	for _, name := range dir.breadthFirst() {
		if at(p.consumed, name) {
			merged = true
			continue
		}
		left = append(left, name)
		labels = labels || fold(extension(name)) == "RESX"
	}
	switch {
	case merged && fold(strings.Join(left, "")) == fold(templateFile): // it begins translations, and is none
	case merged:
		for _, name := range left {
			p.found.in(ruleLabels, name, "%s is not the resource file of a language: it is not packed", name)
		}
	case labels:
		p.found.in(ruleLabels, dir.path, "%s holds localized labels, which are not merged into the package: it has those that stand in its components", dir.path)
	case len(left) > 0:
		p.found.in(ruleLabels, dir.path, "%s holds files, which are not packed", dir.path)
	}
}
