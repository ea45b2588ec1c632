package packager

import (
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// kinds say what the components of a section are in a managed package, as exports of one solution in both kinds show. What they
// are seen on is 28 public pairs of packages, of one version each.
type kinds struct {
	// seen is the evidence; empty if nobody has compared exports of both kinds, which is then taken for different.
	seen string
	// differs says in what a managed package differs; empty if it does not.
	differs string
	// unless says why a component can't be converted though others of the section can, empty if it can.
	unless func(p *packing, s *source, i int32, keys []string) string
}

// alike in a managed and in an unmanaged package, as seen.
func alike(seen string) kinds { return kinds{seen: seen} }

// alikeIfOwned is alike of components that the package owns.
func alikeIfOwned(seen string) kinds { return kinds{seen: seen, unless: notOwned} }

// unlike in what differs, as seen.
func unlike(differs, seen string) kinds { return kinds{seen: seen, differs: differs} }

// documented stands for evidence where the pairs have none: the documentation says what a managed package holds.
const documented = "documented"

// why says why components of a section can't be converted, empty if they can.
func (k kinds) why() string {
	if k.seen == "" {
		return "not known to be the same in both"
	}
	return k.differs
}

// notOwned says of a component whether it has the prefix of the solution's publisher. Of others a managed package may hold
// differences to the layer that brought them.
func notOwned(p *packing, _ *source, _ int32, keys []string) string {
	prefix := p.tree.manifest.Publisher().Prefix
	if prefix != "" && slices.ContainsFunc(keys, func(key string) bool { return strings.HasPrefix(fold(key), fold(prefix)+"_") }) {
		return ""
	}
	return "it is not of the publisher, so a managed package may hold differences"
}

// tableDiffers says of a table in what it differs: in forms (of 487 forms of pairs 388 are others, whose labels are left to the
// columns, or which are differences), and without EntityInfo where that says it is not modified (8 of 9 tables).
func tableDiffers(p *packing, s *source, i int32, keys []string) string {
	d := s.doc.Sub(i, 3)
	root := d.Root()
	forms := d.Child(root, "FormXml")
	if forms != xmlspan.None && (hasChildren(d, forms) || s != p.custom && p.holdsXML(path.Dir(s.name)+"/FormXml")) {
		return "a managed package holds differences of forms"
	}
	if entity := d.At(root, "EntityInfo", "entity"); entity != xmlspan.None && attr(d, entity, "unmodified") == "1" {
		return "a managed package does not describe a table that is not modified"
	}
	return notOwned(p, s, i, keys)
}

// unmodifiedRelationships notes relationships that a managed package does not describe: those that are not modified, like tables.
func (p *packing) unmodifiedRelationships() {
	if !p.converts {
		return
	}
	for _, at := range p.lookups.sections {
		src := p.out[at[0]:at[1]]
		for x := xmlspan.NewScanner(src, nil); x.Next(); {
			for _, a := range x.Attrs {
				if x.Kind != xmlspan.Text && string(a.Name.Of(src)) == "unmodified" && string(a.Value.Of(src)) == "1" {
					p.cantConvert("EntityRelationships", "a managed package does not describe a relationship that is not modified")
				}
			}
		}
	}
}

// holdsXML reports whether there is XML below a folder.
func (p *packing) holdsXML(dir string) bool {
	return slices.ContainsFunc(p.root.sub(dir).breadthFirst(), isXML)
}

// converted notes why a component can't be converted.
func (p *packing) converted(row *layout, s *source, i int32, keys []string) {
	if !p.converts || row.managed.unless == nil {
		return
	}
	if why := row.managed.unless(p, s, i, keys); why != "" {
		p.cantConvert(row.section+" "+keys[0], why)
	}
}

// maxUnlike is how many causes are told of why a tree can't be converted.
const maxUnlike = 20

func (p *packing) cantConvert(what, why string) {
	switch {
	case len(p.unlike) < maxUnlike:
		p.unlike = append(p.unlike, what+" ("+why+")")
	case len(p.unlike) == maxUnlike:
		p.unlike = append(p.unlike, "others")
	}
}
