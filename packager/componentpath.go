package packager

import (
	"bytes"
	"path"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// A pathRule returns the path of the file of component i below the folder of its section, without its ending, or why the
// component has none.
type pathRule func(d *xmlspan.Document, i int32) (p, why string)

const zeroGUID = "{00000000-0000-0000-0000-000000000000}"

func attr(d *xmlspan.Document, i int32, name string) string {
	value, _ := d.Attr(i, name)
	return value
}

func child(d *xmlspan.Document, i int32, name string) string { return plainText(d, d.Child(i, name)) }

// plainText returns the text of an element, empty if there is anything else in it: what stands beside text is written with an
// indent, so the text would not be the same in the tree.
func plainText(d *xmlspan.Document, e int32) string {
	if e != xmlspan.None && bytes.IndexByte(d.Inner(e), '<') >= 0 && !onlyText(d, e) {
		return ""
	}
	return d.Text(e)
}

// onlyText reports whether element e holds text and CDATA and nothing else.
func onlyText(d *xmlspan.Document, e int32) bool {
	sub := d.Sub(e, 1)
	for c := range sub.Children(sub.Root()) {
		if k := sub.Nodes[c].Kind; k != xmlspan.Text && k != xmlspan.CData {
			return false
		}
	}
	return true
}

func named(name, what string) (string, string) {
	if name == "" {
		return "", "has no " + what
	}
	return cleanName(name), ""
}

func attrName(name string) pathRule {
	return func(d *xmlspan.Document, i int32) (string, string) { return named(attr(d, i, name), "attribute "+name) }
}

func childName(name string) pathRule {
	return func(d *xmlspan.Document, i int32) (string, string) { return named(child(d, i, name), "element "+name) }
}

// bracedID names a file by an id attribute in lower case and braces.
func bracedID(name string) pathRule {
	return func(d *xmlspan.Document, i int32) (string, string) {
		id := strings.ToLower(strings.Trim(attr(d, i, name), "{}"))
		if id == "" {
			return "", "has no attribute " + name
		}
		return cleanName("{" + id + "}"), ""
	}
}

// genericName is attribute Name, else child Name or name.
func genericName(d *xmlspan.Document, i int32) (string, string) {
	for _, name := range []string{attr(d, i, "Name"), child(d, i, "Name"), child(d, i, "name")} {
		if name != "" {
			return cleanName(name), ""
		}
	}
	return "", "has no name"
}

func roleName(d *xmlspan.Document, i int32) (string, string) {
	if name := attr(d, i, "name"); name != "" {
		return cleanName(name), ""
	}
	return zeroGUID, ""
}

// pathIn uses the path that a child element names, which must be in the folder of the zip that the
// tree's folder equals.
func pathIn(element, folder string) pathRule {
	return func(d *xmlspan.Document, i int32) (string, string) {
		name := zipPath(child(d, i, element))
		if name == "" {
			return "", "names no file"
		}
		rest, ok := cutFolder(name, folder)
		if !ok {
			return "", "names a file outside " + folder
		}
		return rest, ""
	}
}

// workflowSource is the element of a workflow that names its file: XAML first.
func workflowSource(d *xmlspan.Document, i int32) int32 {
	if n := d.Child(i, "XamlFileName"); n != xmlspan.None {
		return n
	}
	return d.Child(i, "JsonFileName")
}

// workflowPath is the last segment of the named file, in a folder of the workflow's language if it has
// one.
func workflowPath(d *xmlspan.Document, i int32) (string, string) {
	if attr(d, i, "unmodified") == "1" {
		return "", `is a placeholder (unmodified="1")`
	}
	name := zipPath(plainText(d, workflowSource(d, i)))
	if name == "" || strings.HasSuffix(name, "/") {
		return "", "names no file"
	}
	name = cleanName(path.Base(name))
	if language := child(d, i, "LanguageCode"); language != "" {
		name = cleanName(language) + "/" + name
	}
	return name, ""
}

func webResourcePath(d *xmlspan.Document, i int32) (string, string) {
	name := child(d, i, "Name")
	switch {
	case name == "":
		return "", "has no element Name"
	case zipPath(child(d, i, "FileName")) == "":
		return "", "names no file"
	case insecure(name) != "":
		return "", "has a name that leads outside: " + insecure(name)
	}
	return strings.TrimPrefix(path.Clean("/"+name), "/"), ""
}

const linkedReport = "UrlLinkedReport.txt"

// isLinkedReport reports whether a report is a link (type 3), which has no file.
func isLinkedReport(d *xmlspan.Document, i int32) bool {
	return strings.TrimSpace(child(d, i, "reporttypecode")) == "3"
}

// reportPath is language/id/file name.
func reportPath(d *xmlspan.Document, i int32) (string, string) {
	dir := cleanName(child(d, i, "languagecode")) + "/" + cleanName(child(d, i, "reportid")) + "/"
	if isLinkedReport(d, i) {
		return dir + linkedReport, ""
	}
	switch name := child(d, i, "filename"); {
	case name == "":
		return "", "has no element filename"
	case zipPath(child(d, i, "ExportedFileName")) == "":
		return "", "names no file"
	default:
		return dir + cleanName(name), ""
	}
}

func procedurePath(d *xmlspan.Document, i int32) (string, string) {
	switch name := attr(d, i, "name"); {
	case name == "":
		return "", "has no attribute name"
	case zipPath(child(d, i, "file")) == "":
		return "", "names no file"
	default:
		return cleanName(name) + ".sql", ""
	}
}
