package solution

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A KeyCheck finds out whether all components of a customizations.xml have keys of their own, piece by piece, while the file is
// written: for each, its GUID, and its name with that of its owner if its key has one. Kinds that the catalogue does not have are
// told apart by their sections. It makes no index, so it takes a fraction of what [ParseCustomizations] does. A nil KeyCheck does nothing.
//
// Keys are compared by hashes of 64 bits. That keys are distinct can be relied on. That they are not says that [ParseCustomizations] has to be
// asked, which is seldom: two components have one key, or it looks so, or a name is in two lines, or there is a component that the
// catalogue does not have in a section that it has, or there are too many components.
type KeyCheck struct {
	hasher     keyHasher
	indexer    indexer
	scan       xmlspan.Scanner
	seen       hashSet
	components int
	most       int     // of components, from which on they are not looked at
	owner      finding // the component of a section that was added last, if it may have parts
	ownerTexts findingTexts
	owned      bool // it is there
	twice      bool
	watch      watching
}

// NewKeyCheck returns a KeyCheck for a file that will be about size bytes long: of a file that is longer than four times that, not
// all components may be looked at, so that it is not known whether their keys are distinct.
func NewKeyCheck(size int) *KeyCheck { return &KeyCheck{most: maxComponents(4 * size)} }

// Add adds the elements of src, which stand in the elements of path: names from the section on, "Entities/Entity" for parts of a table, the section
// itself for components, and "" for whole sections. Parts belong to the component that was added last. src is XML that
// has been read before; it may change afterwards. What is in the spans but, in their order, counts for nothing.
func (k *KeyCheck) Add(path string, src []byte, but ...[2]int) {
	if k == nil || k.components > k.most {
		return
	}
	p := &k.indexer
	k.scan.RescanElements(src)
	*p = indexer{src: src, scan: &k.scan, places: nowhere, stack: p.stack[:0], sections: p.sections[:0], found: p.found[:0], but: but}
	p.keys = k
	k.enter(path)
	k.twice = p.run() != nil || k.twice
	if len(p.stack) == 2 {
		k.setOwner()
	}
	k.settle()
}

// watching is what a KeyCheck knows of a document that is read while it watches.
type watching struct {
	path, other string
	entered     bool // the elements around the root are on the stack
}

// Watch begins to look at a document which is read, a token at a time; see [KeyCheck.Token]. What is found counts when Watched says that
// the document is written. Its root stands in the elements of path, or, if the catalogue does not know it there, of other, if that
// is not empty. src is the document.
func (k *KeyCheck) Watch(src []byte, path, other string) {
	p := &k.indexer
	k.watch = watching{path: path, other: other}
	*p = indexer{src: src, places: nowhere, stack: p.stack[:0], sections: p.sections[:0], found: p.found[:0], keys: k}
}

// Token looks at the current token of a scanner. It returns how many elements are around those that it has to see, as
// a Watcher of package xmlspan.
func (k *KeyCheck) Token(s *xmlspan.Scanner) (depth int) {
	p := &k.indexer
	if p.scan = s; !k.watch.entered {
		if s.Kind != xmlspan.StartTag && s.Kind != xmlspan.EmptyTag {
			return 0
		}
		k.watch.entered = true
		k.enter(k.watch.path)
		if k.watch.other != "" && childNode(p.stack[len(p.stack)-1].node, s.Name.Of(p.src)) < 0 {
			p.stack, p.sections, p.found = p.stack[:0], p.sections[:0], p.found[:0]
			k.enter(k.watch.other)
		}
	}
	if k.components > k.most || p.token() != nil {
		k.twice = true
		return -1
	}
	if p.capture.on {
		return len(p.stack) - p.base + 1
	}
	return len(p.stack) - p.base
}

// Watched says that the document which was watched last is written, without the spans but.
func (k *KeyCheck) Watched(but ...[2]int) {
	p := &k.indexer
	for _, span := range but {
		for i := range p.found {
			if f := &p.found[i]; int(f.start) >= span[0] && int(f.end) <= span[1] && !f.around {
				f.around = true // it does not count
			}
		}
	}
	if len(p.stack) == 2 {
		k.setOwner()
	}
	k.settle()
}

// Distinct reports whether all keys that were added are distinct. size is how long the file has become, sections how many it has.
func (k *KeyCheck) Distinct(size, sections int) bool {
	return !k.twice && k.components+sections < maxComponents(size)
}

// TooMany reports whether there are more components and sections than [ParseCustomizations] reads.
func (k *KeyCheck) TooMany(size, sections int) bool {
	return k.components+sections > maxComponents(size)
}

// manyFound is how many components a KeyCheck keeps before it looks at their keys.
const manyFound = 4096

// settle looks at the keys of the components that have been found and have ended, and forgets them.
func (k *KeyCheck) settle() {
	p, h := &k.indexer, &k.hasher
	if h.indexer == nil {
		h.indexer, h.seed = p, maphash.MakeSeed()
	}
	h.owner, h.kind = -1, 0
	for i := range p.found {
		if f := &p.found[i]; f.end > 0 && !f.around {
			if k.components++; !k.twice && k.components <= k.most {
				k.look(f)
			}
		}
	}
	kept := p.found[:0]
	for i := range p.stack {
		f := &p.stack[i]
		if f.owner = -1; i > 0 {
			f.owner = p.stack[i-1].owner
		}
		if f.found >= 0 {
			kept = append(kept, p.found[f.found])
			last := &kept[len(kept)-1]
			last.owner = f.owner
			f.found = int32(len(kept) - 1)
			f.owner = f.found
		}
	}
	p.found = kept
}

// look takes the keys of a component.
func (k *KeyCheck) look(f *finding) {
	p := &k.indexer
	if f.node == unknownNode && childNode(0, []byte(p.sections[f.section].Name)) >= 0 {
		k.twice = true
		return
	}
	if f.owner >= 0 {
		p.found[f.owner].settled = true
	}
	id, name := k.hasher.keys(f)
	k.twice = id != 0 && !k.seen.add(id) || name != 0 && !k.seen.add(name) || f.broken(p.src)
}

// enter puts the elements of a path on the stack.
func (k *KeyCheck) enter(path string) {
	p := &k.indexer
	p.stack = append(p.stack, frame{node: 0, found: -1, owner: -1})
	for rest := path; rest != ""; {
		var name string
		name, rest, _ = strings.Cut(rest, "/")
		up := p.stack[len(p.stack)-1]
		f := frame{node: childNode(up.node, []byte(name)), found: -1, owner: up.owner}
		if len(p.stack) == 1 {
			p.sections = append(p.sections, Section{Name: name})
		}
		if len(p.stack) == 2 && k.owned {
			p.found = append(p.found, k.owner)
			p.found[0].around = true
			f.found, f.owner = 0, 0
		}
		p.stack = append(p.stack, f)
	}
	p.base = len(p.stack)
}

// setOwner remembers the component that was added, as its parts may follow.
func (k *KeyCheck) setOwner() {
	found := k.indexer.found
	if k.owned = len(found) > 0 && found[0].node != unknownNode && paths[found[0].node].count > 0; !k.owned {
		return
	}
	k.owner, k.ownerTexts = found[0], findingTexts{}
	if rest := found[0].rest; rest != nil {
		k.ownerTexts = *rest
	}
	k.ownerTexts.name = string(found[0].nameIn(k.indexer.src)) // src may change
	k.owner.section, k.owner.name, k.owner.rest = 0, xmlspan.Span{}, &k.ownerTexts
}

// broken reports whether the name has a line break that is not written as it is.
func (f *finding) broken(src []byte) bool {
	if bytes.IndexByte(f.name.Of(src), '\r') >= 0 {
		return true
	}
	return f.rest != nil && strings.Contains(f.rest.name+f.rest.second+f.rest.badID+string(f.rest.leaf(src)), "\r")
}

// nowhere is where elements are of which no place is told.
func nowhere(int, int) diag.Location { return diag.Location{} }

// A keyHasher makes the hashes of the keys of components. Those of the same key are the same.
type keyHasher struct {
	*indexer
	seed   maphash.Seed
	buf    []byte
	kindOf kindOf
	kind   uint64
	owner  int32 // the component that parent is about
	parent uint64
}

// kindOf is what the kind of a component follows from.
type kindOf struct {
	node    int16
	section int32 // of an unknown node, else 0
}

// keys returns the hashes of the keys of a component, 0 for none.
func (k *keyHasher) keys(f *finding) (id, name uint64) {
	k.setKind(f)
	if !f.id.IsZero() {
		k.buf = append(k.begin(1), f.id[:]...)
		id = k.sum()
		if f.node == unknownNode {
			return id, 0
		}
	}
	parent := uint64(0)
	if f.keyForm() == KeyScoped && f.owner >= 0 {
		parent = k.ofOwner(f.owner)
	}
	k.buf = binary.LittleEndian.AppendUint64(k.begin(2), parent)
	if !k.appendName(f) {
		return id, 0
	}
	return id, k.sum()
}

func (k *keyHasher) setKind(f *finding) {
	of := kindOf{node: f.node}
	if f.node == unknownNode {
		of.section = f.section
	}
	if of == k.kindOf && k.kind != 0 {
		return
	}
	k.kindOf = of
	kind := ""
	if f.node == unknownNode {
		kind = Fold(k.sections[f.section].Name)
	} else {
		kind = string(catalogue[paths[f.node].row].Type)
	}
	k.kind = maphash.String(k.seed, kind)
}

// keyForm is that of the type; what is of none is called by the names and GUIDs that it has.
func (f *finding) keyForm() KeyForm {
	if f.node == unknownNode {
		return KeyBoth
	}
	return catalogue[paths[f.node].row].Key
}

// begin returns the empty buffer with what the hashes of one kind begin with.
func (k *keyHasher) begin(form byte) []byte {
	return append(binary.LittleEndian.AppendUint64(k.buf[:0], k.kind), form)
}

// sum returns the hash of the buffer. It is never 0.
func (k *keyHasher) sum() uint64 { return max(maphash.Bytes(k.seed, k.buf), 1) }

// ofOwner returns the hash of what the keys of scoped types have of their owner.
func (k *keyHasher) ofOwner(i int32) uint64 {
	if i == k.owner {
		return k.parent
	}
	k.owner, k.buf = i, k.buf[:0]
	if f := &k.found[i]; !k.appendName(f) && !f.id.IsZero() {
		k.buf = append(k.buf, f.id.String()...)
	}
	k.parent = k.sum()
	return k.parent
}

// appendName appends the folded name that the key of a component has, false if it has none.
func (k *keyHasher) appendName(f *finding) bool {
	start := len(k.buf)
	if form := f.keyForm(); f.id.IsZero() || form != KeyID && form != KeyInternal {
		k.appendOwnName(f)
	}
	if len(k.buf) == start && f.rest != nil {
		k.buf = append(k.buf, Fold(f.rest.badID)...)
	}
	return len(k.buf) > start
}

func (k *keyHasher) appendOwnName(f *finding) {
	name := f.nameIn(k.src)
	switch source := f.source(); {
	case source.join && f.rest != nil:
		k.buf = append(k.buf, Fold(trimSpace(string(name)+" "+f.rest.second))...)
	case source.suffix != "":
		if f.owner >= 0 {
			if name := k.found[f.owner].nameIn(k.src); len(name) <= maxOwnerName {
				k.buf = appendFolded(k.buf, name)
			}
		}
		k.buf = appendFolded(k.buf, []byte(source.suffix))
	case len(name) == 0 && f.node == unknownNode && f.leaf && f.rest != nil:
		k.buf = appendFolded(k.buf, bytes.Trim(f.rest.leaf(k.src), " \t\r\n"))
	default:
		k.buf = appendFolded(k.buf, name)
	}
}

// appendFolded appends a text as [Fold] has it.
func appendFolded(dst, text []byte) []byte {
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return append(dst, Fold(string(text))...)
		}
	}
	dst = slices.Grow(dst, len(text)) // at once: a text can be all that a file has
	for _, c := range text {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}

// A hashSet holds hashes, none of them 0, in a table with open places.
type hashSet struct {
	table []uint64
	count int
}

// add puts a hash into the set, false if it is there.
func (s *hashSet) add(h uint64) bool {
	if s.count*3 >= len(s.table)*2 {
		s.grow()
	}
	slot := s.slot(h)
	if *slot == h {
		return false
	}
	*slot = h
	s.count++
	return true
}

// slot returns the place of a hash, a free one if it is not there.
func (s *hashSet) slot(h uint64) *uint64 {
	mask := uint64(len(s.table) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		if slot := &s.table[i]; *slot == 0 || *slot == h {
			return slot
		}
	}
}

func (s *hashSet) grow() {
	old := s.table
	s.table = make([]uint64, max(64, 4*len(old)))
	for _, h := range old {
		if h != 0 {
			*s.slot(h) = h
		}
	}
}
