package packager

import (
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

// twin returns the form of a file X.xml that the tree of the package has, if the file has two.
func (u *unpacker) twin(has bool, file string) string {
	if has && u.kind == solution.Managed {
		return managedTwin(file)
	}
	return file
}

// pickTwin returns the form of a file X.xml that the package's kind asks for.
func (p *packing) pickTwin(file string) string {
	managed := managedTwin(file)
	if p.kind == solution.Managed && p.has(managed) {
		p.skipTwin(file)
		return managed
	}
	if p.has(file) || !p.has(managed) || p.tree.manifest.Kind() == solution.Both {
		p.skipTwin(managed)
		return file
	}
	return managed
}

// skipTwin marks the form that is not packed as seen.
func (p *packing) skipTwin(file string) {
	if p.tree.manifest.Kind() == solution.Both {
		p.consumed[fold(file)] = true
	}
}

// packsTwin reports whether a file is packed that may be one of two forms.
func (p *packing) packsTwin(file string) bool {
	stem, managed := strings.CutSuffix(file, managedXML)
	normal := file
	if managed {
		normal = stem + ".xml"
	}
	if p.pickTwin(normal) != file {
		return false
	}
	if managed && p.kind == solution.Unmanaged && p.tree.manifest.Kind() == solution.Both {
		p.consumed[fold(file)] = true // only the managed package has it
		return false
	}
	return true
}
