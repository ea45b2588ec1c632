package packager

import (
	"bytes"
	"io"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/dirhash"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// Digest returns the identity of the package that t makes: the "h1:" digest of x/mod's dirhash over
// the names and bytes of the entries that Pack writes with LF newlines, but for [Content_Types].xml,
// which follows from the others. It does not depend on compression, on the order of entries, or on
// the newlines of the tree. A zip and its tree have the same digest. A tree of both kinds has that of its unmanaged package;
// [Tree.DigestAs] gives the other.
func (t *Tree) Digest() (string, error) { return t.DigestAs(*digestKind(t.manifest.Kind())) }

// DigestAs returns the digest of the package of that kind, which must be the kind of t, or either kind if t is of both.
func (t *Tree) DigestAs(kind solution.Kind) (string, error) {
	p, err := assemble(t, &PackOptions{Kind: &kind})
	if err != nil {
		return "", err
	}
	if len(p.missing) > 0 {
		return "", &Error{Op: "digest", Err: p.missing.Err()}
	}
	byName := map[string]*file{}
	var names []string
	for _, e := range p.entries {
		if e.file == nil || e.file.path == typesPart {
			continue
		}
		name := e.name
		if strings.Contains(name, "\n") {
			name = strconv.Quote(name) // the digest has a line for each
		}
		byName[name] = e.file
		names = append(names, name)
	}
	return dirhash.Hash1(names, func(name string) (io.ReadCloser, error) {
		data, err := byName[name].read()
		if err != nil {
			return nil, err
		}
		return io.NopCloser(bytes.NewReader(data)), nil
	})
}

// Digest returns the digest of the tree that p unpacks to; see [Tree.Digest].
func (p *Package) Digest() (string, error) {
	t, err := Unpack(p, nil)
	if err != nil {
		return "", err
	}
	return t.Digest()
}

// Check reports what is wrong or worth knowing in t without packing it: files that components name and
// that are not there, components without a root component and the reverse, files that belong to
// nothing, letter case, names that are not portable, faults of the manifest, and what Unpack or Load
// saw. Of a tree of both kinds both packages are checked. XML that can't be read is an error.
func (t *Tree) Check() (diag.List, error) {
	var list diag.List
	for _, kind := range t.kinds() {
		p, err := assemble(t, &PackOptions{Kind: &kind})
		if err != nil {
			return nil, t.origin.error(err)
		}
		list = joinFindings(list, append(p.found.list, p.missing...))
	}
	for _, d := range t.found {
		switch d.Rule {
		case ruleUnclaimedEntry.ID, ruleRenamedEntry.ID, ruleRescuedElement.ID:
			list = append(list, d)
		}
	}
	list.Sort()
	return t.origin.list(list), nil
}
