package content

import (
	"net/url"
	"path"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A webPage is a web resource that can link to others.
type webPage struct {
	key   solution.Key
	style bool // a style sheet
}

// Types of web resources.
const (
	typePage       = "1"
	typeStyleSheet = "2"
)

// endWebResource notes the file of a page or style sheet.
func (w *walker) endWebResource(o *open) {
	if o.category != typePage && o.category != typeStyleSheet {
		return
	}
	x := &w.r.components[o.at]
	for _, name := range x.Parts {
		w.r.pages[name] = webPage{x.Key, o.category == typeStyleSheet}
	}
}

// webResourceDependencies reads the XML in the text: <Dependencies><Dependency componentType="WebResource"><Library name="n" />.
// Dependencies of other types are columns that a script reads.
func webResourceDependencies(e *element) {
	for tag := range tags(e.text) {
		if tag.name != "library" {
			continue
		}
		for _, a := range tag.attributes(e.text) {
			if name := a.value(e.text); a.name(e.text) == "name" {
				e.refer(WebResourceDependency, key(solution.TypeWebResource, name), name)
			}
		}
	}
}

// linkAttributes are the attributes that hold addresses, by tag.
var linkAttributes = map[string]struct {
	name string
	edge Edge
}{
	"a": {"href", WebResourceLink}, "frame": {"src", WebResourceLink}, "iframe": {"src", WebResourceLink}, "link": {"href", WebResourceLink},
	"script": {"src", WebResourceLink}, "embed": {"src", WebResourceImage}, "img": {"src", WebResourceImage}, "input": {"src", WebResourceImage},
	"object": {"data", WebResourceImage}, "source": {"src", WebResourceImage},
}

// readPage reads the relative links of a page or style sheet to other web resources.
func (r *reader) readPage(name string, src []byte) error {
	page, text := r.pages[name], string(src)
	if page.style {
		r.readStyle(name, text, 0, len(text))
		return nil
	}
	for tag := range tags(text) {
		switch tag.name {
		case "base":
			return nil // links are relative to it
		case "style":
			r.readStyle(name, text, tag.end, closing(text, tag.end, tag.name))
		}
		attr, ok := linkAttributes[tag.name]
		if !ok {
			continue
		}
		for _, a := range tag.attributes(text) {
			if a.name(text) == attr.name {
				r.link(attr.edge, name, a.value(text), a.start, a.end, tag.name+"/@"+attr.name)
			}
		}
	}
	return nil
}

// readStyle reads url(ADDRESS) and @import "ADDRESS" outside of comments.
func (r *reader) readStyle(name, text string, at, end int) {
	for at < end {
		switch rest := text[at:end]; {
		case strings.HasPrefix(rest, "/*"):
			i := strings.Index(rest, "*/")
			if i < 0 {
				return
			}
			at += i + 2
		case strings.HasPrefix(rest, "url("):
			at += len("url(")
			i := strings.IndexByte(text[at:end], ')')
			if i < 0 {
				return
			}
			r.styleLink(WebResourceImage, name, text, at, at+i)
			at += i
		case strings.HasPrefix(rest, "@import "):
			at += len("@import ")
			for at < end && text[at] == ' ' {
				at++
			}
			if at == end || text[at] != '"' && text[at] != '\'' {
				continue // url(ADDRESS) perhaps
			}
			near := text[at+1 : min(at+1+maxAddress, end)]
			if i := strings.IndexByte(near, text[at]); i >= 0 {
				r.styleLink(WebResourceLink, name, text, at, at+i+2)
				at += i + 2
			}
			at++
		default:
			at++
		}
	}
}

// styleLink adds the link in text[start:end], which may be in quotes.
func (r *reader) styleLink(edge Edge, name, text string, start, end int) {
	const around = " \t\r\n\"'"
	for start < end && strings.IndexByte(around, text[start]) >= 0 {
		start++
	}
	for start < end && strings.IndexByte(around, text[end-1]) >= 0 {
		end--
	}
	r.link(edge, name, text[start:end], start, end, "")
}

func (r *reader) link(edge Edge, part, address string, start, end int, elements string) {
	from := r.pages[part].key
	if to, ok := linkedResource(from.Name(), address); ok {
		r.refer(edge, from, key(solution.TypeWebResource, to), address, r.location(part, start, end, elements))
	}
}

// maxAddress is more than any address of a web resource; longer ones are data.
const maxAddress = 512

// linkedResource returns the web resource that an address in the page of another one leads to on the same server. Names are paths below
// /WebResources/. Every one begins with the prefix of a publisher, which pages of the platform do not.
func linkedResource(from, address string) (string, bool) {
	if address == "" || len(address) > maxAddress || address[0] == '#' || strings.ContainsAny(address, ":{}<>$*|'\" ") {
		return "", false
	}
	if end := strings.IndexAny(address, "?#"); end >= 0 {
		address = address[:end]
	}
	address, err := url.PathUnescape(strings.ReplaceAll(address, `\`, "/"))
	if err != nil || strings.HasPrefix(address, "//") {
		return "", false
	}
	const root = "/webresources/"
	whole := path.Clean(address)
	if !path.IsAbs(address) {
		whole = path.Join(root, path.Dir(from), address)
	}
	name, ok := strings.CutPrefix(solution.Fold(whole), root)
	if !ok || !hasPrefix(name) || strings.HasSuffix(name, ".aspx") {
		return "", false
	}
	return name, true
}
