package packager

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// compareFolder is the order in which NTFS lists a folder: upper-cased names, ordinal.
func compareFolder(a, b string) int {
	return cmp.Or(cmp.Compare(fold(a), fold(b)), cmp.Compare(a, b))
}

// cultureOrder is the order of single characters in the culture compare of the reference tool, as
// observed; hyphen and apostrophe do not count at first.
const cultureOrder = " !\"#$%&()*,./:;?@[\\]^_`{|}~+<=>0123456789abcdefghijklmnopqrstuvwxyz"

var cultureRank = func() (rank [128]int) {
	for i, c := range cultureOrder {
		rank[c] = i + 1
		if c >= 'a' && c <= 'z' {
			rank[c-'a'+'A'] = i + 1
		}
	}
	return rank
}()

// accented maps Latin letters with marks to the letter they sort beside.
var accented = func() map[rune]rune {
	m := map[rune]rune{}
	for base, letters := range map[rune]string{
		'a': "àáâãäåāăą", 'c': "çćĉċč", 'd': "ďđ", 'e': "èéêëēĕėęě", 'g': "ĝğġģ", 'h': "ĥħ",
		'i': "ìíîïĩīĭįı", 'j': "ĵ", 'k': "ķ", 'l': "ĺļľŀł", 'n': "ñńņňŉ", 'o': "òóôõöøōŏő",
		'r': "ŕŗř", 's': "śŝşš", 't': "ţťŧ", 'u': "ùúûüũūŭůűų", 'w': "ŵ", 'y': "ýÿŷ", 'z': "źżž",
	} {
		for _, r := range letters {
			m[r] = base
		}
	}
	return m
}()

func rankOf(r rune) int {
	if r < 128 {
		return cultureRank[r]
	}
	l := unicode.ToLower(r)
	if base, ok := accented[l]; ok {
		return cultureRank[base]
	}
	return 128 + int(l)
}

// compareCulture is the culture compare by which the reference tool sorts: letters without case and
// marks first, then marks, then lower case before upper, and hyphens and apostrophes last of all.
func compareCulture(a, b string) int {
	if a == b {
		return 0
	}
	var arrays [4][48]rune // as long as most names are
	ra, hardA := splitSoft(arrays[0][:0], arrays[1][:0], a)
	rb, hardB := splitSoft(arrays[2][:0], arrays[3][:0], b)
	by := func(x, y []rune, key func(rune) int) int {
		return slices.CompareFunc(x, y, func(p, q rune) int { return cmp.Compare(key(p), key(q)) })
	}
	upper := func(r rune) int {
		if unicode.IsUpper(r) {
			return 1
		}
		return 0
	}
	mark := func(r rune) int {
		if l := unicode.ToLower(r); l >= 128 {
			return int(l)
		}
		return 0
	}
	soft := func(r rune) int { return strings.IndexRune("'-", r) }
	return cmp.Or(by(hardA, hardB, rankOf), by(hardA, hardB, mark), by(hardA, hardB, upper), by(ra, rb, soft),
		strings.Compare(a, b))
}

// splitSoft appends the characters of a name to all, and those that are not soft to hard.
func splitSoft(all, hard []rune, name string) (_, _ []rune) {
	for _, r := range name {
		all = append(all, r)
		if r != '-' && r != '\'' {
			hard = append(hard, r)
		}
	}
	return all, hard
}

// A folder is a directory of a tree, for walks in the order of the reference tool.
type folder struct {
	path  string // "" for the root
	files []string
	dirs  []*folder
	index map[string]*folder // of the root: all folders by folded path
}

// folders builds the directories of a set of paths, each sorted as NTFS lists it. Folders that differ
// in case only are one. The slice is used for them. Of files that are known by their folded paths, those of the folders are taken.
func folders(paths []string, files map[string]*file) *folder {
	root := &folder{index: map[string]*folder{}}
	root.index[""] = root
	var next []folder                    // to be used
	var open func(dir, p string) *folder // p is the path of a file in it
	open = func(dir, p string) *folder {
		if f := at(root.index, dir); f != nil {
			return f
		}
		above := open(dir[:max(0, strings.LastIndexByte(dir, '/'))], p)
		if len(next) == 0 {
			next = make([]folder, min(2+len(paths)/8, 64))
		}
		f := &next[0]
		next = next[1:]
		f.path = dir
		above.dirs = append(above.dirs, f)
		if known := at(files, p); known != nil && len(known.key) == len(p) {
			root.index[known.key[:len(dir)]] = f
		} else {
			root.index[fold(dir)] = f
		}
		return f
	}
	last, current := "", root
	for i := 0; i < len(paths); {
		p := paths[i]
		dir := p[:max(0, strings.LastIndexByte(p, '/'))]
		if dir != last {
			last, current = dir, open(dir, p)
		}
		from := i
		for i++; i < len(paths) && isDirectlyIn(paths[i], dir); i++ {
		}
		if current.files == nil {
			current.files = paths[from:i:i]
		} else {
			current.files = append(current.files, paths[from:i]...)
		}
	}
	for _, f := range root.index {
		sortFolder(f.files, func(p string) string { return p })
		sortFolder(f.dirs, func(d *folder) string { return d.path })
	}
	return root
}

// isDirectlyIn reports whether a path is that of a file in dir itself.
func isDirectlyIn(p, dir string) bool {
	return max(0, strings.LastIndexByte(p, '/')) == len(dir) && p[:len(dir)] == dir
}

// sortFolder sorts siblings by the last segment of their path.
func sortFolder[T any](items []T, pathOf func(T) string) {
	if slices.IsSortedFunc(items, func(a, b T) int { return compareSiblings(path.Base(pathOf(a)), path.Base(pathOf(b))) }) {
		return
	}
	type keyed struct {
		key, name string
		item      T
	}
	list := make([]keyed, len(items))
	for i, it := range items {
		name := path.Base(pathOf(it))
		list[i] = keyed{fold(name), name, it}
	}
	slices.SortFunc(list, func(a, b keyed) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.name, b.name)) })
	for i, k := range list {
		items[i] = k.item
	}
}

// compareSiblings is compareFolder without folded copies; names that it can't compare so count as not sorted.
func compareSiblings(a, b string) int {
	for i := 0; i < min(len(a), len(b)); i++ {
		x, y := a[i], b[i]
		if x >= utf8.RuneSelf || y >= utf8.RuneSelf {
			return 1
		}
		if x >= 'a' && x <= 'z' {
			x -= 'a' - 'A'
		}
		if y >= 'a' && y <= 'z' {
			y -= 'a' - 'A'
		}
		if x != y {
			return cmp.Compare(x, y)
		}
	}
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// sub returns the folder of that path, nil if there is none. Case does not count. f is the root.
func (f *folder) sub(p string) *folder { return at(f.index, p) }

// breadthFirst returns the files of f, then those of its folders, level by level.
func (f *folder) breadthFirst() []string {
	if f == nil {
		return nil
	}
	var out []string
	for level := []*folder{f}; len(level) > 0; {
		var next []*folder
		for _, d := range level {
			out = append(out, d.files...)
			next = append(next, d.dirs...)
		}
		level = next
	}
	return out
}

// list returns the files of f itself.
func (f *folder) list() []string {
	if f == nil {
		return nil
	}
	return f.files
}
