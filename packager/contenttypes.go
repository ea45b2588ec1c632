package packager

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// contentTypes writes [Content_Types].xml in the form of the reference tool on Windows: a Default for
// each extension at its first entry, an Override for each entry whose extension has another type or
// that has none; Defaults first, all on one line.
func contentTypes(entries []packEntry) []byte {
	const text, binary = "text/xml", "application/octet-stream"
	var defaults, overrides []byte
	seen := map[string]string{}
	for _, e := range entries {
		if e.file == nil {
			continue
		}
		kind := binary
		if e.file.path == otherCustomizations || e.file.path == otherSolution {
			kind = text
		}
		ext := extension(e.name)
		if part, reason := partName(e.name); reason == "" {
			ext = extension(part) // as those who read the zip see it
		}
		have, ok := seen[fold(ext)]
		switch {
		case ext != "" && !ok && escapeName(ext) == ext:
			seen[fold(ext)] = kind
			defaults = append(defaults, "<Default"...)
			defaults = xmlspan.AppendAttr(defaults, "Extension", ext)
			defaults = append(xmlspan.AppendAttr(defaults, "ContentType", kind), " />"...)
		case have != kind:
			overrides = append(overrides, "<Override"...)
			overrides = xmlspan.AppendAttr(overrides, "PartName", "/"+escapeName(strings.ReplaceAll(e.name, `\`, "/")))
			overrides = append(xmlspan.AppendAttr(overrides, "ContentType", kind), " />"...)
		}
	}
	out := []byte(xmlspan.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">`)
	out = append(append(out, defaults...), overrides...)
	return append(out, "</Types>"...)
}

// A typeTable is what a [Content_Types].xml gives a content type: folded extensions and part names.
type typeTable struct{ extensions, overrides map[string]bool }

func readTypes(doc *xmlspan.Document) typeTable {
	t := typeTable{map[string]bool{}, map[string]bool{}}
	for c := range doc.Elements(doc.Root()) {
		kind, _ := doc.Attr(c, "ContentType")
		if !isContentType(kind) {
			continue
		}
		if ext, ok := doc.Attr(c, "Extension"); ok && doc.Is(c, "Default") {
			t.extensions[fold(ext)] = true
		}
		if part, ok := doc.Attr(c, "PartName"); ok && doc.Is(c, "Override") {
			part = strings.TrimPrefix(part, "/")
			t.overrides[fold(part)], t.overrides[fold(percentDecode(part))] = true, true
		}
	}
	return t
}

// covers reports whether an entry has a content type.
func (t typeTable) covers(e *entry) bool {
	return at(t.extensions, extension(e.part)) || at(t.overrides, e.part) || at(t.overrides, strings.ReplaceAll(e.name, `\`, "/"))
}

// escapeName writes the bytes of name that XML can't hold as percent escapes.
func escapeName(name string) string {
	var b strings.Builder
	for i, r := range name {
		_, size := utf8.DecodeRuneInString(name[i:])
		if r >= 0x20 && r != 0xFFFE && r != 0xFFFF && (r != utf8.RuneError || size > 1) {
			b.WriteRune(r)
			continue
		}
		for _, c := range []byte(name[i : i+size]) {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
