package solution

import (
	"strconv"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// defaultLCID is English (United States), the language of texts that do not say theirs.
const defaultLCID = 1033

// NewManifest returns the manifest of an empty unmanaged solution, written as the platform exports it:
// no byte order mark, no declaration, indented by two blanks, LF. Its display name is name. Names of
// the publisher default to its unique name; addresses that p lacks are left out.
//
// The error is a [*ValueError]: a name, prefix or option value prefix that the platform would refuse, or a text that XML
// cannot hold.
func NewManifest(name string, v Version, p Publisher) (*Manifest, error) {
	if err := checkNew(name, p); err != nil {
		return nil, err
	}
	b := builder{}
	b.line(0, `<ImportExportXml version="9.2.0.0" SolutionPackageVersion="9.2" languagecode="1033" generatedBy="CrmLive" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`)
	b.line(1, "<SolutionManifest>")
	b.element(2, "UniqueName", name)
	b.labels(2, "LocalizedNames", "LocalizedName", []Label{{defaultLCID, name}})
	b.labels(2, "Descriptions", "Description", nil)
	b.element(2, "Version", v.String())
	b.element(2, "Managed", strconv.Itoa(int(Unmanaged)))
	b.publisher(p)
	b.line(2, "<RootComponents />")
	b.line(2, "<MissingDependencies />")
	b.line(1, "</SolutionManifest>")
	b.src = append(b.src, "</ImportExportXml>"...)
	return ParseManifest(b.src, ManifestFile)
}

func checkNew(name string, p Publisher) error {
	if !isUniqueName(name) {
		return &ValueError{"unique name", name, adviceUniqueName}
	}
	return checkPublisher(p, Publisher{}, true)
}

// A builder writes a new manifest line by line.
type builder struct{ src []byte }

func (b *builder) indent(level int) {
	for range level {
		b.src = append(b.src, "  "...)
	}
}

func (b *builder) line(level int, text string) {
	b.indent(level)
	b.src = append(b.src, text...)
	b.src = append(b.src, '\n')
}

func (b *builder) element(level int, name, text string) { b.nullable(level, name, &text) }

func (b *builder) nullable(level int, name string, text *string) {
	b.indent(level)
	b.src = append(appendTextElement(b.src, name, text, "\n"), '\n')
}

// appendTextElement appends an element with a text, null in the two-tag form of exports.
func appendTextElement(dst []byte, name string, text *string, newline string) []byte {
	dst = append(dst, "<"+name...)
	if text == nil {
		dst = append(dst, ` xsi:nil="true">`...)
	} else {
		dst = xmlspan.AppendText(append(dst, '>'), *text, newline)
	}
	return append(dst, "</"+name+">"...)
}

func (b *builder) labels(level int, list, item string, labels []Label) {
	if len(labels) == 0 {
		b.line(level, "<"+list+" />")
		return
	}
	b.line(level, "<"+list+">")
	for _, l := range labels {
		b.indent(level + 1)
		b.src = append(appendLabel(b.src, item, l), '\n')
	}
	b.line(level, "</"+list+">")
}

// appendLabel appends the element of a label; one that does not say its language is English.
func appendLabel(dst []byte, item string, l Label) []byte {
	lcid := l.LCID
	if lcid == 0 {
		lcid = defaultLCID
	}
	dst = append(dst, "<"+item...)
	dst = xmlspan.AppendAttr(dst, "description", l.Text)
	dst = xmlspan.AppendAttr(dst, "languagecode", strconv.Itoa(lcid))
	return append(dst, " />"...)
}

func (b *builder) publisher(p Publisher) {
	names := p.DisplayNames
	if len(names) == 0 {
		names = []Label{{defaultLCID, p.UniqueName}}
	}
	b.line(2, "<Publisher>")
	b.element(3, "UniqueName", p.UniqueName)
	b.labels(3, "LocalizedNames", "LocalizedName", names)
	b.labels(3, "Descriptions", "Description", p.Descriptions)
	b.nullable(3, "EMailAddress", p.EMail)
	b.nullable(3, "SupportingWebsiteUrl", p.Website)
	b.element(3, "CustomizationPrefix", p.Prefix)
	b.element(3, "CustomizationOptionValuePrefix", strconv.Itoa(p.OptionValuePrefix))
	if len(p.Addresses) == 0 {
		b.line(3, "<Addresses />")
	} else {
		b.line(3, "<Addresses>")
		for _, a := range p.Addresses {
			b.line(4, "<Address>")
			for _, f := range a {
				b.nullable(5, f.Name, f.Value)
			}
			b.line(4, "</Address>")
		}
		b.line(3, "</Addresses>")
	}
	b.line(2, "</Publisher>")
}
