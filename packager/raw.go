package packager

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
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
			u.note(finding(ruleUnclaimedEntry, e.name, "folder entry %q is kept in %s", e.name, unclaimedPath))
		default:
			u.rawEntry(e)
		}
	}
}

func (u *unpacker) rawEntry(e *entry) {
	p := e.part
	top := topFolder(p)
	raw := e.visible && strings.Contains(p, "/") && !u.owned[fold(top)] && !strings.EqualFold(top, "Other") && !strings.EqualFold(top, "Resources")
	f := entryFile(e, p)
	placed := unwritable(p) == "" && !strings.EqualFold(top, "Other") && u.put(f)
	if !placed {
		raw = false
		f.path = u.freePath(keptFolder + "/" + p)
		u.put(f)
	}
	p = f.path
	u.claimed[e] = true
	if e.name != p {
		u.renamed[p] = e.name
		u.note(finding(ruleRenamedEntry, e.name, "%q is %s in the tree: its exact name is kept in %s", e.name, p, renamedPath))
	}
	if raw && !u.closed[fold(top)] {
		return
	}
	u.unclaimed = append(u.unclaimed, p)
	u.note(finding(ruleUnclaimedEntry, e.name, "%q belongs to no component: it is kept as %s and named in %s", e.name, p, unclaimedPath))
}

func entryFile(e *entry, p string) *file {
	return &file{path: p, size: e.size(), read: e.read, entry: e}
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
	p = strings.Join(segments, "/")
	for n := 1; ; n++ {
		try := p
		if n > 1 {
			try = fmt.Sprintf("%s~%d", p, n)
		}
		if u.taken[fold(try)] == nil && u.folders[fold(try)] == "" && u.noFileAbove(try) {
			return try
		}
	}
}

func (u *unpacker) noFileAbove(p string) bool {
	for dir := path.Dir(fold(p)); dir != "."; dir = path.Dir(dir) {
		if u.taken[dir] != nil {
			return false
		}
	}
	return true
}
