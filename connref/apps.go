package connref

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/msapp"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// Apps returns the parts that hold documents of canvas apps, by their exact names, and which app each holds: what DocumentUri of a
// CanvasApp element names. c are the customizations of p, nil if it has none.
func Apps(p solution.Parts, c *solution.Customizations) map[string]solution.Key {
	out := map[string]solution.Key{}
	if c == nil {
		return out
	}
	var byFold map[string]string
	for x := range c.OfType(solution.TypeCanvasApp) {
		doc, err := xmlspan.ParseElement(c.ElementBytes(x), 1, nil)
		if err != nil { // it was read as a part of the whole
			continue
		}
		text := strings.TrimSpace(doc.Text(doc.Child(doc.Root(), "DocumentUri")))
		if byFold == nil {
			byFold = map[string]string{}
			for _, name := range p.Names() {
				byFold[solution.Fold(name)] = name
			}
		}
		if name, ok := byFold[solution.Fold(strings.TrimLeft(strings.ReplaceAll(text, `\`, "/"), "/"))]; ok && out[name] == (solution.Key{}) {
			out[name] = x.Key
		}
	}
	return out
}

// maxAppFacts is how many bytes of all documents of a solution are inflated.
const maxAppFacts = 256 << 20

// An appUse is a connection reference that a document names.
type appUse struct {
	name  string // of the part
	facts []msapp.Fact
}

// app reads the document of a canvas app, which repeats what the metadata says of its connections, and can say more.
func (r *reader) app(name string, src []byte) error {
	app, err := msapp.Parse(src, nil)
	var facts []msapp.Fact
	if err == nil {
		facts, err = app.AllFacts(&r.appBytes)
	}
	r.appFacts(name, facts, err)
	return nil
}

// appFacts takes what the document of a canvas app says. err is why that may not be all.
func (r *reader) appFacts(name string, facts []msapp.Fact, err error) {
	if err != nil {
		r.set.found = append(r.set.found, MalformedApp(r.parts, name, err))
		r.opaque[r.apps[name]] = true
	}
	r.appUses = append(r.appUses, appUse{name, facts})
}

// finishApps adds the uses in documents that the metadata does not tell.
func (r *reader) finishApps() {
	type use struct {
		by   solution.Key
		name string
	}
	known := map[use]bool{}
	for _, u := range r.set.Uses {
		known[use{u.By, solution.Fold(u.Name)}] = true
	}
	for _, x := range r.appUses {
		by := r.apps[x.name]
		for _, f := range x.facts {
			u := use{by, solution.Fold(f.Text)}
			if f.Kind != msapp.Connection || known[u] {
				continue
			}
			known[u] = true
			r.set.Uses = append(r.set.Uses, Use{By: by, Name: f.Text, Location: AppLocation(r.parts, x.name, f.Entry, f.Path)})
		}
	}
}

// AppLocation returns a place in the document of a canvas app: the path is the entry, a hash, and a JSON Pointer in it.
func AppLocation(p solution.Parts, part, entry, pointer string) diag.Location {
	return diag.Location{File: p.Locate(part, 0).File, Path: entry + "#" + pointer}
}

// MalformedApp returns the finding that the document of a canvas app can't be read. The app is packed and imported as it is, so
// it is a warning. Package content raises the same.
func MalformedApp(p solution.Parts, part string, err error) diag.Diagnostic {
	return diag.Diagnostic{Rule: ruleAppUnreadable.ID, Severity: ruleAppUnreadable.Severity, Location: diag.Location{File: p.Locate(part, 0).File},
		Message: fmt.Sprintf("what this app refers to is known by its metadata alone: %v; save the app again", err)}
}

// replaceInApp replaces names of references in the document of a canvas app.
func (e *splices) replaceInApp(name string, src []byte, old map[string]string, new string) error {
	app, err := msapp.Parse(src, nil)
	if err != nil {
		return nil // found when it was read, and told where the metadata names the reference
	}
	left := int64(maxAppFacts)
	facts, err := app.AllFacts(&left)
	if err != nil {
		return nil
	}
	var named []msapp.Fact
	for _, f := range facts {
		if _, ok := old[solution.Fold(f.Text)]; ok && f.Kind == msapp.Connection && f.Text != new {
			named = append(named, f)
		}
	}
	if len(named) == 0 {
		return nil
	}
	data, err := app.Rename(named, new)
	if err != nil {
		return err
	}
	e.whole[name] = data
	return nil
}

// reaches reports whether the document of the app around an offset in the customizations is edited too.
func (r *reader) reaches(offset int) bool {
	if r.reached == nil {
		r.reached = map[solution.Key]bool{}
		for _, key := range r.apps {
			r.reached[key] = !r.opaque[key]
		}
		if r.custom != nil {
			r.appElements = slices.SortedFunc(r.custom.OfType(solution.TypeCanvasApp), func(x, y solution.Element) int { return cmp.Compare(x.Start, y.Start) })
		}
	}
	i, begins := slices.BinarySearchFunc(r.appElements, offset, func(x solution.Element, at int) int { return cmp.Compare(x.Start, at) })
	if !begins {
		i--
	}
	return i >= 0 && offset < r.appElements[i].End && r.reached[r.appElements[i].Key]
}
