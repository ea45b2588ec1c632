package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"testing/fstest"

	"github.com/beevik/etree"
	kflate "github.com/klauspost/compress/flate"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/model"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// level is what packages are compressed with unless something else is asked for.
const level = 6

// An archive is a zip that was opened, and what its jobs begin with.
type archive struct {
	zip      []byte
	entries  [][]byte // inflated
	inflated int
	customs  []byte // customizations.xml
	tree     fs.FS  // source tree
}

func openArchive(data []byte) (*archive, error) {
	a := &archive{zip: data}
	err := inflate(data, func(content []byte) { a.entries = append(a.entries, content) })
	if err != nil {
		return nil, err
	}
	for _, e := range a.entries {
		a.inflated += len(e)
	}
	p, err := open(data)
	if err != nil {
		return nil, err
	}
	if a.customs, err = p.ReadPart("customizations.xml"); err != nil {
		return nil, err
	}
	tree, err := packager.Unpack(p, nil)
	if err != nil {
		return nil, err
	}
	files := fstest.MapFS{}
	for _, name := range tree.Names() {
		src, err := tree.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files[name] = &fstest.MapFile{Data: src}
	}
	a.tree = files
	return a, nil
}

func open(data []byte) (*packager.Package, error) {
	return packager.Open(bytes.NewReader(data), int64(len(data)), nil)
}

// inflate reads all entries of a zip.
func inflate(data []byte, each func(content []byte)) error {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	for _, f := range r.File {
		e, err := f.Open()
		if err != nil {
			return err
		}
		content := make([]byte, f.UncompressedSize64)
		if _, err := io.ReadFull(e, content); err != nil {
			return err
		}
		each(content)
	}
	return nil
}

func deflate(entries [][]byte) error {
	w, err := flate.NewWriter(io.Discard, level)
	if err != nil {
		return err
	}
	return compress(w, entries)
}

func deflateByKlauspost(entries [][]byte) error {
	w, err := kflate.NewWriter(io.Discard, level)
	if err != nil {
		return err
	}
	return compress(w, entries)
}

// A compressor is the writer of either package.
type compressor interface {
	io.WriteCloser
	Reset(w io.Writer)
}

func compress(w compressor, entries [][]byte) error {
	for _, e := range entries {
		w.Reset(io.Discard)
		if _, err := w.Write(e); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
	}
	return nil
}

func (a *archive) copyAll() error {
	for _, e := range a.entries {
		copy(make([]byte, len(e)), e)
	}
	return nil
}

func (a *archive) inflateAll() error { return inflate(a.zip, func([]byte) {}) }

// xmlGroup is what reads customizations.xml from its first byte to its last.
func (a *archive) xmlGroup() group {
	src := a.customs
	return group{"read XML", len(src), []job{
		{"copy", false, func() error { copy(make([]byte, len(src)), src); return nil }},
		{"scan", true, func() error {
			s := xmlspan.NewScanner(src, nil)
			for s.Next() {
			}
			return s.Err()
		}},
		{"index of components", true, func() error { _, err := solution.ParseCustomizations(src, "customizations.xml"); return err }},
		{"encoding/xml, RawToken", false, func() error { return tokens(src, (*xml.Decoder).RawToken) }},
		{"encoding/xml, Token", false, func() error { return tokens(src, (*xml.Decoder).Token) }},
		{"beevik/etree", false, func() error { return etree.NewDocument().ReadFromBytes(src) }},
	}}
}

func tokens(src []byte, next func(*xml.Decoder) (xml.Token, error)) error {
	d := xml.NewDecoder(bytes.NewReader(src))
	for {
		if _, err := next(d); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func (a *archive) unpackGroup() group {
	return group{unpacking, a.inflated, []job{
		{"inflate", false, a.inflateAll},
		{"copy", false, a.copyAll},
		{"unpack, and read all files", true, func() error {
			p, err := open(a.zip)
			if err != nil {
				return err
			}
			tree, err := packager.Unpack(p, nil)
			if err != nil {
				return err
			}
			for _, name := range tree.Names() {
				if _, err := tree.ReadFile(name); err != nil {
					return err
				}
			}
			return nil
		}},
	}}
}

func (a *archive) pack(opts *packager.PackOptions) func() error {
	return func() error {
		tree, err := packager.Load(a.tree, nil)
		if err != nil {
			return err
		}
		_, err = packager.Pack(io.Discard, tree, opts)
		return err
	}
}

func (a *archive) packGroup() group {
	byKlauspost := func(w io.Writer) (io.WriteCloser, error) { return kflate.NewWriter(w, level) }
	return group{packing, a.inflated, []job{
		{fmt.Sprintf("deflate, level %d", level), false, func() error { return deflate(a.entries) }},
		{"load and pack", true, a.pack(&packager.PackOptions{Workers: 1})},
		{fmt.Sprintf("klauspost/compress, level %d", level), false, func() error { return deflateByKlauspost(a.entries) }},
		{"load and pack by klauspost/compress", true, a.pack(&packager.PackOptions{Workers: 1, Compressor: byKlauspost})},
	}}
}

func (a *archive) versionGroup() group {
	next := solution.Version{Major: 9, Minor: 8}
	return group{"another version", len(a.zip), []job{
		{"copy of the zip", false, func() error { copy(make([]byte, len(a.zip)), a.zip); return nil }},
		{"re-version", true, func() error {
			p, err := open(a.zip)
			if err != nil {
				return err
			}
			raise, err := solution.EditManifest(p, func(m *solution.Manifest) (*solution.Manifest, error) { return m.WithVersion(next), nil })
			if err != nil {
				return err
			}
			return packager.Rewrite(io.Discard, p, raise)
		}},
		{"inflate", false, a.inflateAll},
	}}
}

// readings are what is read of a package; each begins with the zip.
func (a *archive) readings() []job {
	reading := func(name string, read func(p solution.Parts) error) job {
		return job{name, true, func() error {
			p, err := open(a.zip)
			if err != nil {
				return err
			}
			return read(p)
		}}
	}
	return []job{
		reading("content: components and references", func(p solution.Parts) error { _, err := content.Read(p, nil); return err }),
		reading("model: tables, columns, forms, flows", readModel),
		reading("plan: read, and resolve", func(p solution.Parts) error {
			s, err := plan.Read(p, nil)
			if err != nil {
				return err
			}
			_, err = plan.Resolve([]plan.Item{{Solution: s}}, &plan.Environment{}, nil, nil)
			return err
		}),
	}
}

func readModel(p solution.Parts) error {
	m, err := model.Read(p)
	if err != nil {
		return err
	}
	for t := range m.Tables() {
		for c := range t.Columns() {
			c.Key()
		}
	}
	for f := range m.Forms() {
		f.Key()
	}
	for w := range m.OfType(solution.TypeWorkflow) {
		w.Key()
	}
	return nil
}

func (a *archive) readGroup() group {
	return group{"read a zip", a.inflated, append([]job{{"inflate", false, a.inflateAll}, {"copy", false, a.copyAll}}, a.readings()...)}
}

// compareGroup compares a with what it became.
func compareGroup(a, b *archive) group {
	return group{"compare two zips", a.inflated + b.inflated, []job{
		{"inflate of both", false, func() error { return errors.Join(a.inflateAll(), b.inflateAll()) }},
		{"diff", true, func() error {
			old, err := open(a.zip)
			if err != nil {
				return err
			}
			next, err := open(b.zip)
			if err != nil {
				return err
			}
			_, err = diff.Compare(old, next, nil)
			return err
		}},
	}}
}

// These are groups that others add jobs to.
const (
	unpacking = "unpack a zip"
	packing   = "pack a tree"
)

// groups are all jobs, on what definition and the two zips hold.
func groups(old, next *archive, definition []byte) []group {
	list := []group{old.xmlGroup(), old.unpackGroup(), old.packGroup(), old.versionGroup(), old.readGroup()}
	if next != nil {
		list = append(list, compareGroup(old, next))
	}
	if definition != nil {
		list = append(list, definitionGroup(definition))
	}
	return list
}
