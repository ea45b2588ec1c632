package packager

import (
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// Some files have two forms: X.xml for an unmanaged package and X_managed.xml for a managed one. The tree of a managed package
// has the latter, a tree of both kinds may have both (observed on the reference tool): forms of tables, app modules and site
// maps, as the table and entityParts say.

// managedXML ends the managed form of a file.
const managedXML = "_managed.xml"

// managedTwin returns the managed form of a file X.xml.
func managedTwin(file string) string { return strings.TrimSuffix(file, ".xml") + managedXML }

// formsByPath reports whether a file X.xml at that path may have a managed form.
func formsByPath(p string) bool {
	segments := strings.Split(p, "/")
	for i := range layouts {
		row := &layouts[i]
		switch rule := row.split.(type) {
		case oneFile:
			if rule.twin && strings.EqualFold(p, rule.path) {
				return true
			}
		case perComponent:
			if rule.twin && len(segments) == 3 && strings.EqualFold(segments[0], row.folder) && strings.EqualFold(segments[2], rule.leaf) {
				return true
			}
		case entityCodec:
			if len(segments) == 5 && strings.EqualFold(segments[0], row.folder) && isXML(p) &&
				slices.ContainsFunc(entityParts[:], func(q part) bool { return q.twin && strings.EqualFold(segments[2], q.child) }) {
				return true
			}
		}
	}
	return false
}

// twin returns the form of a file X.xml that the tree of the package has, if the file has two.
func (u *unpacker) twin(has bool, file string) string {
	if has && u.kind == solution.Managed {
		return managedTwin(file)
	}
	return file
}

// pickTwin returns the form of a file X.xml that the package's kind asks for. Of an unmanaged package that is never the managed
// form, which holds differences.
func (p *packing) pickTwin(file string) string {
	managed := managedTwin(file)
	if p.kind == solution.Managed && p.has(managed) {
		p.skipTwin(file)
		return managed
	}
	if p.kind == solution.Managed && p.has(file) && !p.plainForManaged {
		p.noteUnmanagedOnly(file)
		return managed
	}
	if p.kind == solution.Managed && p.has(file) && !isSectionFile(file) { // those are left out
		p.noteUnmanagedForm(file)
	}
	if p.has(managed) && !p.has(file) {
		if p.tree.manifest.Kind() == solution.Managed {
			return managed // what Convert would have to convert, and refuses
		}
		p.noteManagedOnly(file)
	}
	p.skipTwin(managed)
	return file
}

// plainFrom is the first platform version of packages whose managed form may be the plain file X.xml (found by bisection: 9.1.0.22715
// is without it).
var plainFrom = solution.Version{Major: 9, Minor: 1, Build: 0, Revision: 22716}

// usesPlainForManaged reports whether a managed package takes X.xml where X_managed.xml is not there. To convert an unmanaged tree is
// to say so.
func usesPlainForManaged(t *Tree, opts *PackOptions) bool {
	version, err := solution.ParseVersion(t.manifest.Export().PlatformVersion)
	return opts.UnmanagedForMissingManaged || t.manifest.Kind() == solution.Unmanaged || err == nil && version.Compare(plainFrom) >= 0
}

// noteUnmanagedOnly tells of a file that a managed package is without.
func (p *packing) noteUnmanagedOnly(file string) {
	file = p.files[fold(file)].path
	if p.consumed[fold(file)] {
		return
	}
	p.consumed[fold(file)] = true
	p.found.in(ruleMissingManaged, file, "there is no %s, and the platform version of the package is below %s: the managed package is without it; packing with the option UnmanagedForMissingManaged takes this file", path.Base(managedTwin(file)), plainFrom)
}

// noteUnmanagedForm tells of a form or site map that a managed package has in its unmanaged form. App modules are the same in both.
func (p *packing) noteUnmanagedForm(file string) {
	file = p.files[fold(file)].path
	if p.tree.manifest.Kind() != solution.Both || strings.EqualFold(topFolder(file), "AppModules") || p.plainForms[fold(file)] {
		return
	}
	if p.plainForms == nil {
		p.plainForms = map[string]bool{}
	}
	p.plainForms[fold(file)] = true
	p.found.in(ruleUnmanagedForm, file, "there is no %s: the managed package has this file as it is, not as the difference that an export holds: export the solution as managed too", path.Base(managedTwin(file)))
}

// noteManagedOnly tells of a file that an unmanaged package is without.
func (p *packing) noteManagedOnly(file string) {
	managed := at(p.files, managedTwin(file)).path
	if at(p.consumed, managed) {
		return
	}
	p.consumed[fold(managed)] = true
	p.found.in(ruleMissingUnmanaged, managed, "only the managed form %s is there: the unmanaged package is without %s", path.Base(managed), file)
}

// skipTwin marks the form that is not packed as seen; in a tree of one kind it is one too many.
func (p *packing) skipTwin(file string) {
	kind := p.tree.manifest.Kind()
	switch {
	case kind == solution.Both:
		p.consumed[fold(file)] = true
	case kind == p.kind && p.has(file) && !p.consumed[fold(file)]:
		p.otherForms[fold(file)] = true
	}
}

// packsTwin reports whether a file is packed that may be one of two forms.
func (p *packing) packsTwin(file string) bool {
	stem, managed := strings.CutSuffix(file, managedXML)
	normal := file
	if managed {
		normal = stem + ".xml"
	} else if p.kind == solution.Unmanaged && p.tree.manifest.Kind() != solution.Both && atJoined(p.files, strings.TrimSuffix(file, plainXML), managedXML) == nil {
		return true // there is one form
	}
	return p.pickTwin(normal) == file
}

// checkTwins refuses to take a managed form out of a tree of which the managed package would then have the other form.
func (w *writing) checkTwins(t *Tree, gone map[string]bool) error {
	if t.manifest.Kind() != solution.Both || w.parts.kind != solution.Managed {
		return nil
	}
	for _, f := range t.sys.files {
		stem, managed := strings.CutSuffix(f.path, managedXML)
		normal := stem + ".xml"
		if managed && at(gone, f.path) && t.findFold(normal) != nil && !at(gone, normal) && !isSectionFile(normal) {
			return errorf("edit", f.path, "%w: without this file the managed package has %s: make the change of the unmanaged parts first", ErrKind, normal)
		}
	}
	return nil
}

// heldByOther reports whether the package of the kind that a change is not of has files of a section for itself.
func (w *writing) heldByOther(section string) bool {
	t := w.whole
	if t.manifest.Kind() != solution.Both {
		return false
	}
	row := layoutOf(section)
	if rule, ok := row.split.(oneFile); ok {
		other := rule.path
		if w.parts.kind == solution.Unmanaged {
			other = managedTwin(rule.path)
		}
		return rule.twin && t.findFold(other) != nil || t.findFold(halfFolder(otherHalf(w.parts.kind))+"/"+rule.path) != nil
	}
	return row.folder != "" && slices.ContainsFunc(t.sys.files, func(f *file) bool {
		if own, ok := cutFolder(f.path, halfFolder(otherHalf(w.parts.kind))); ok {
			return strings.EqualFold(topFolder(own), row.folder)
		}
		return w.parts.kind == solution.Unmanaged && strings.EqualFold(topFolder(f.path), row.folder) && strings.HasSuffix(f.path, managedXML)
	})
}
