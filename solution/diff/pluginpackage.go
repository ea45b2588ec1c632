package diff

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/model"
)

// packingParts are entries of a plug-in package that each packing makes anew: they say what else is in it, who packed it and that
// nobody changed it since.
var packingParts = []string{"[content_types].xml", "_rels/.rels", "package/services/metadata/core-properties/*.psmdcp", ".signature.p7s"}

func isPackingPart(folded string) bool {
	return slices.ContainsFunc(packingParts, func(pattern string) bool {
		ok, _ := path.Match(strings.ReplaceAll(pattern, "[", `\[`), folded)
		return ok
	})
}

// pluginPackage compares two plug-in packages (.nupkg) entry by entry. It reports whether both are archives that can be read.
func (c *comparer) pluginPackage(oldName, newName string, old, new []byte) bool {
	a, errA := model.ReadCanvasDocument(c.old.Parts(), oldName) // which is an archive too, and held to the same limits
	b, errB := model.ReadCanvasDocument(c.new.Parts(), newName)
	if errA != nil || errB != nil {
		c.unread(oldName, newName, errA, errB)
		return false
	}
	atOld, atNew := c.old.Parts().Locate(oldName, 0), c.new.Parts().Locate(newName, 0)
	x, y := packed(a), packed(b)
	before := len(c.at.Properties)
	for _, key := range sortedKeys(y) {
		if was, ok := x[key]; ok {
			c.packedEntry(a, b, was, y[key])
			continue
		}
		c.inPackage(y[key], key, func() { c.add(Added, "", "", entrySize(b, y[key]), atOld, b.Locate(y[key], 0)) })
	}
	for _, key := range sortedKeys(x) {
		if _, ok := y[key]; !ok {
			c.inPackage(x[key], key, func() { c.add(Removed, "", entrySize(a, x[key]), "", a.Locate(x[key], 0), atNew) })
		}
	}
	if len(c.at.Properties) == before {
		c.quietly(noisePacking, func() { c.add(Changed, "", size(old), size(new), atOld, atNew) })
	}
	return true
}

// packed returns the entries of a package by their folded names.
func packed(d *model.CanvasDocument) map[string]string {
	out := map[string]string{}
	for _, name := range d.Names() {
		out[strings.ToLower(name)] = name
	}
	return out
}

// inPackage does what compares an entry, all of which is noise if each packing makes it anew.
func (c *comparer) inPackage(name, folded string, compare func()) {
	c.push(name, "")
	noise := ""
	if isPackingPart(folded) {
		noise = noisePacking
	}
	c.quietly(noise, compare)
	c.pop()
}

// packedEntry compares an entry that both packages have.
func (c *comparer) packedEntry(a, b *model.CanvasDocument, oldName, newName string) {
	old, errA := a.ReadPart(oldName)
	new, errB := b.ReadPart(newName)
	folded := strings.ToLower(newName)
	c.inPackage(newName, folded, func() {
		switch atOld, atNew := a.Locate(oldName, 0), b.Locate(newName, 0); {
		case errA != nil || errB != nil:
			c.notRead(atNew, errA, errB)
			c.add(Changed, "", entrySize(a, oldName), entrySize(b, newName), atOld, atNew)
		case bytes.Equal(old, new):
		case path.Ext(folded) == ".dll" && c.assembly(old, new, atOld, atNew):
		default:
			c.raw(a, b, oldName, newName, old, new)
		}
	})
}

// entrySize says how large an entry is.
func entrySize(d *model.CanvasDocument, name string) string {
	src, err := d.ReadPart(name)
	if err != nil {
		return err.Error()
	}
	return size(src)
}

// notRead notes that an entry of an archive is damaged.
func (c *comparer) notRead(at diag.Location, errs ...error) {
	for _, err := range errs {
		if err != nil {
			c.out.Diagnostics = append(c.out.Diagnostics, diag.Diagnostic{Rule: "content/malformed", Severity: diag.Warning, Location: at, Message: "not compared: " + err.Error()})
		}
	}
}
