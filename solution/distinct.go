package solution

import (
	"encoding/binary"
	"hash/maphash"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// DistinctKeys reports whether all components of customizations.xml have keys of their own: for each, its GUID, and its name with
// that of its owner if its key has one. Kinds that the catalogue does not have are told apart by their sections. It makes no
// index, so it takes a fraction of what [ParseCustomizations] does. src is taken for XML that has been read before: what is in
// elements that say nothing of a key is passed over.
//
// Keys are compared by hashes of 64 bits. True can be relied on. False says that [ParseCustomizations] has to be asked, which is seldom: two components have one key, or it
// looks so, or src is seen not to be XML, or there is a component that the catalogue does not have in a section that it has.
func DistinctKeys(src []byte) bool {
	p := indexer{src: src, scan: xmlspan.NewRescanner(src), places: placesIn(CustomizationsFile, src)}
	if p.run() != nil {
		return false
	}
	seen := newHashSet(2 * len(p.found))
	k := keyHasher{indexer: &p, seed: maphash.MakeSeed(), owner: -1}
	for i := range p.found {
		f := &p.found[i]
		if f.node == unknownNode && childNode(0, []byte(p.sections[f.section].Name)) >= 0 {
			return false
		}
		id, name := k.keys(f)
		if id != 0 && !seen.add(id) || name != 0 && !seen.add(name) {
			return false
		}
	}
	return true
}

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
		k.buf = append(k.buf, Fold(trimSpace(string(f.rest.text)))...)
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
	mask  uint64
}

// newHashSet makes a set for n hashes at most.
func newHashSet(n int) hashSet {
	size := 16
	for size < n+n/2 {
		size *= 2
	}
	return hashSet{make([]uint64, size), uint64(size - 1)}
}

// add puts a hash into the set, false if it is there.
func (s hashSet) add(h uint64) bool {
	for i := h & s.mask; ; i = (i + 1) & s.mask {
		switch s.table[i] {
		case 0:
			s.table[i] = h
			return true
		case h:
			return false
		}
	}
}
