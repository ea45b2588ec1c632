package packager

import (
	"bytes"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// withHalf returns t, a tree of both kinds of which half is the tree of one package, with what changed from half to next.
func (t *Tree) withHalf(half, next *Tree, kind solution.Kind, newline string) (*Tree, error) {
	lines, err := t.halfLines()
	if err != nil {
		return nil, err
	}
	b := &bringing{t: t, half: half, kind: kind, lines: lines, files: map[string]*file{}, digests: map[string]string{}}
	if err := b.followers(); err != nil {
		return nil, err
	}
	for _, f := range next.sys.files {
		old := half.findFold(f.path)
		if old == f {
			continue
		}
		if err := b.has(f, old); err != nil {
			return nil, err
		}
	}
	for _, f := range half.sys.files {
		if next.findFold(f.path) == nil {
			b.lost(f)
		}
	}
	return b.tree(newline)
}

// A bringing brings what changed in one half of a tree back to it.
type bringing struct {
	t, half *Tree
	kind    solution.Kind
	lines   halfLines
	files   map[string]*file  // new ones by folded path, nil for those that go
	digests map[string]string // of main files for which files of the other half stand, by folded path
}

// followers notes for which main files the other half has files, and not for what they were before they were edited: these go on
// to stand for them.
func (b *bringing) followers() error {
	for key, line := range b.lines[otherHalf(b.kind)] {
		main := b.t.findFold(line.path)
		if main == nil || line.what == withoutMain {
			continue
		}
		digest, err := mainDigest(main)
		if err != nil {
			return err
		}
		if digest == line.what {
			b.digests[key] = digest
		}
	}
	return nil
}

// alone reports whether the half says for itself what is in its package, so that what comes and goes is not the other's.
func (b *bringing) alone() bool {
	return at(b.half.stands, otherSolution) != "" || at(b.half.stands, otherCustomizations) != ""
}

func (b *bringing) own(p string) string { return halfFolder(b.kind) + "/" + p }

// has gives the half a file, in the place of old if that is not nil.
func (b *bringing) has(f, old *file) error {
	main := b.t.findFold(f.path)
	switch {
	case old != nil && at(b.half.stands, f.path) != "":
		b.put(at(b.half.stands, f.path), f)
		return b.sharedVersion(f)
	case old != nil:
		return b.setMain(f)
	case main != nil: // which the half is without
		digest, err := mainDigest(main)
		if err != nil {
			return err
		}
		b.lines.set(b.kind, f.path, digest)
		b.put(b.own(f.path), f)
	case b.alone() || b.t.findFold(halfFolder(otherHalf(b.kind))+"/"+f.path) != nil:
		b.put(b.own(f.path), f)
	default:
		b.put(f.path, f)
	}
	return nil
}

func (b *bringing) put(p string, f *file) {
	g := *f
	g.path, g.key = p, ""
	b.files[fold(p)] = &g
}

// setMain replaces a main file. A file of the other half that stands for it stays.
func (b *bringing) setMain(f *file) error {
	b.put(f.path, f)
	if at(b.digests, f.path) == "" {
		return nil
	}
	digest, err := mainDigest(f)
	if err == nil {
		b.lines.set(otherHalf(b.kind), f.path, digest)
	}
	return err
}

// sharedVersion gives the main manifest the version of that of a half, as the packages have one.
func (b *bringing) sharedVersion(f *file) error {
	if !strings.EqualFold(f.path, otherSolution) {
		return nil
	}
	data, err := f.read()
	if err != nil {
		return &Error{Op: "edit", Path: f.path, Err: err}
	}
	now, err := parseManifest(data, f.path)
	if err != nil {
		return err
	}
	was := b.half.manifest.Version()
	if now.Version() == was {
		return nil
	}
	main := b.t.findFold(otherSolution)
	if data, err = main.read(); err != nil {
		return &Error{Op: "edit", Path: main.path, Err: err}
	}
	m, err := parseManifest(data, main.path)
	if err != nil {
		return err
	}
	text := m.WithVersion(now.Version()).Bytes()
	if bytes.HasPrefix(data, byteOrderMark) && !bytes.HasPrefix(text, byteOrderMark) {
		text = append(slices.Clone(byteOrderMark), text...)
	}
	b.put(main.path, memoryFile(main.path, text))
	return nil
}

// lost takes a file from the half.
func (b *bringing) lost(f *file) {
	main := b.t.findFold(f.path)
	if stands := at(b.half.stands, f.path); stands != "" {
		b.files[fold(stands)] = nil
		if main == nil {
			delete(b.lines[b.kind], fold(f.path))
		} else {
			b.lines.set(b.kind, main.path, withoutMain)
		}
		return
	}
	other := b.lines[otherHalf(b.kind)]
	shared := other[fold(f.path)].what != withoutMain && at(b.digests, f.path) == ""
	switch {
	case !shared:
		delete(other, fold(f.path))
	case b.alone() && !b.isOwnForm(f.path):
		b.lines.set(b.kind, f.path, withoutMain)
		return
	}
	b.files[fold(f.path)] = nil
}

// isOwnForm reports whether a file is of the kind of the half alone, as the other one has another form of it or none.
func (b *bringing) isOwnForm(p string) bool {
	stem, managed := strings.CutSuffix(p, managedXML)
	if managed {
		return b.kind == solution.Managed && formsByPath(stem+".xml")
	}
	return b.kind == solution.Unmanaged && formsByPath(p) && b.t.findFold(managedTwin(p)) != nil
}

// tree returns the tree with the files brought back.
func (b *bringing) tree(newline string) (*Tree, error) {
	b.files[fold(halvesPath)] = nil
	if list := b.lines.file(newline); list.path != "" {
		b.files[fold(halvesPath)] = list
	}
	var files []*file
	for _, f := range b.files {
		if f != nil {
			files = append(files, f)
		}
	}
	out := b.t.withFile(files...)
	out.sys.files = slices.DeleteFunc(out.sys.files, func(f *file) bool {
		now, changed := b.files[fold(f.path)]
		return changed && now == nil
	})
	return out, nil
}
