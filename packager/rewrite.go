package packager

import (
	"errors"
	"io"
	"iter"

	"github.com/solutionkit/solutionkit/internal/zipw"
	"github.com/solutionkit/solutionkit/solution"
)

// SetVersion writes p with another version in solution.xml. Nothing else changes: all other entries are
// copied as they are compressed, without being inflated, so it runs at the speed of memory.
func SetVersion(w io.Writer, p *Package, v solution.Version) error {
	edited := p.manifest.WithVersion(v).Bytes()
	changed := p.lookup(solutionPart)
	return p.rewrite(w, func(e *entry) (zipw.Entry, bool) {
		return zipw.Entry{Name: e.name, Data: edited}, e == changed
	})
}

// rewrite copies p entry by entry, but for those that replace gives.
func (p *Package) rewrite(w io.Writer, replace func(*entry) (zipw.Entry, bool)) error {
	var entries iter.Seq[zipw.Entry] = func(yield func(zipw.Entry) bool) {
		for _, e := range p.entries {
			z, ok := replace(e)
			if !ok {
				z = zipw.Entry{Name: e.name, Raw: e.zip}
				if e.isDir() {
					z.Raw = nil
				}
			}
			if !yield(z) {
				return
			}
		}
	}
	err := zipw.Write(w, entries, nil)
	var entry *zipw.EntryError
	if errors.As(err, &entry) {
		err = &Error{Op: "rewrite", Path: entry.Name, Err: entry.Err}
	}
	return err
}
