package packager

import (
	"bytes"
	"errors"
	"io"
	"slices"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/internal/zipw"
	"github.com/solutionkit/solutionkit/solution"
)

// Rewrite writes p with changes made, which must all be of p. Entries that no change touches are copied as they are
// compressed, without being inflated, so it runs at the speed of memory; their order stays. Added parts stand behind
// the others, before [Content_Types].xml, which gets what it lacks to cover them.
//
// A change that leaves no solution is refused, before anything is written: one that removes solution.xml, customizations.xml
// or [Content_Types].xml, or makes no XML of them. The error is a [*solution.SourceError], [*solution.ConflictError], [*solution.SyntaxError] or
// [*Error], or one of w; in the last case a part of the zip may have been written.
func Rewrite(w io.Writer, p *Package, changes ...*solution.Change) error {
	change, err := solution.JoinChanges(changes...)
	if err != nil {
		return err
	}
	if err := change.Check(p); err != nil {
		return err
	}
	entries, err := p.rewritten(change)
	if err != nil {
		return err
	}
	err = zipw.Write(w, slices.Values(entries), nil)
	var entry *zipw.EntryError
	if errors.As(err, &entry) {
		err = &Error{Op: "rewrite", Path: entry.Name, Err: entry.Err}
	}
	return err
}

// rewritten returns the entries of p with a change made.
func (p *Package) rewritten(change *solution.Change) ([]zipw.Entry, error) {
	replaced := map[*entry]solution.PartChange{}
	var added []solution.PartChange
	for x := range change.Parts() {
		if x.Op == solution.AddPart {
			if reason := insecure(x.Name); reason != "" {
				return nil, errorf("rewrite", x.Name, "%w: %s", ErrInsecurePath, reason)
			}
			added = append(added, x)
			continue
		}
		replaced[p.find(x.Name)] = x
	}
	types := p.lookup(typesPart)
	var out []zipw.Entry
	place, kinds := -1, []byte(nil) // the content types
	for _, e := range p.entries {
		x, ok := replaced[e]
		z := zipw.Entry{Name: e.name, Raw: e.zip}
		switch {
		case ok && x.Op == solution.RemovePart:
			if isHead(e.part) {
				return nil, errorf("rewrite", e.name, "%w: every package has this part: leave it in its place", ErrFormat)
			}
			continue
		case ok:
			src, err := p.ReadPart(e.part)
			if err != nil {
				return nil, err
			}
			z.Raw, z.Data = nil, x.Apply(src)
			if err := p.checkHead(e.part, z.Data); err != nil {
				return nil, err
			}
		case e.isDir():
			z.Raw = nil
		}
		if e == types {
			place, kinds = len(out), z.Data
		}
		out = append(out, z)
	}
	if len(added) == 0 {
		return out, nil
	}
	var files []zipw.Entry
	for _, x := range added {
		files = append(files, zipw.Entry{Name: x.Name, Data: x.Data})
	}
	if place < 0 {
		return append(out, files...), nil
	}
	if kinds == nil {
		raw, err := types.read()
		if err != nil {
			return nil, err
		}
		kinds = raw
	}
	covered, err := p.coverTypes(types.name, kinds, added)
	if err != nil {
		return nil, err
	}
	if covered != nil {
		out[place] = zipw.Entry{Name: types.name, Data: covered}
	}
	return slices.Insert(out, place, files...), nil
}

// checkHead returns why data can't be a part, nil for parts that a package need not have.
func (p *Package) checkHead(part string, data []byte) error {
	if !isHead(part) {
		return nil
	}
	doc, err := parseXML(data, part, 0, p.limits)
	if err == nil && fold(part) == fold(solutionPart) {
		_, err = solution.ParseManifest(doc.Src, part)
	}
	return err
}

// coverTypes returns raw, which is [Content_Types].xml, with what it lacks for added parts, nil if it lacks nothing.
func (p *Package) coverTypes(name string, raw []byte, added []solution.PartChange) ([]byte, error) {
	src, err := utf8XML(raw, name)
	if err != nil {
		return nil, err
	}
	doc, err := parseXML(src, name, 1, p.limits)
	if err != nil {
		return nil, err
	}
	have := readTypes(doc)
	var text []byte
	for _, x := range added {
		if have.covers(&entry{name: x.Name, part: x.Name}) {
			continue
		}
		if ext := extension(x.Name); ext != "" && escapeName(ext) == ext {
			text = append(xmlspan.AppendAttr(append(text, "<Default"...), "Extension", ext), ` ContentType="application/octet-stream" />`...)
			have.extensions[fold(ext)] = true
			continue
		}
		text = append(xmlspan.AppendAttr(append(text, "<Override"...), "PartName", "/"+escapeName(x.Name)), ` ContentType="application/octet-stream" />`...)
	}
	root := &doc.Nodes[doc.Root()]
	switch {
	case len(text) == 0:
		return nil, nil
	case root.Kind == xmlspan.EmptyTag:
		return nil, errorf("rewrite", name, "%w: it is empty: write <Types ...></Types>", ErrFormat)
	}
	mark := []byte(nil)
	if bytes.HasPrefix(raw, byteOrderMark) {
		mark = byteOrderMark
	}
	end := doc.CloseStart(doc.Root())
	return slices.Concat(mark, src[:end], text, src[end:]), nil
}
