package content

import (
	"bytes"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// maxPartName is more than any name of a part that an element holds; longer texts are none.
const maxPartName = 512

// beforeFolder are the bytes that may stand in front of the name of a part.
var beforeFolder = [256]bool{' ': true, '\t': true, '\r': true, '\n': true, '/': true, '\\': true}

// initials are the bytes that a raw text which names a part in one of some folders can begin with.
func initials(folders map[string]bool) (bytes [256]bool) {
	for c := utf8.RuneSelf; c < len(bytes); c++ {
		bytes[c] = true
	}
	bytes['&'] = true
	for folder := range folders {
		if folder != "" {
			bytes[folder[0]] = true
			bytes[strings.ToUpper(folder[:1])[0]] = true
		}
	}
	return bytes
}

// inFolder reports whether a raw text can be the name of a part in a folder. Most texts are not, so this makes no string.
func (r *reader) inFolder(raw []byte) bool {
	if len(raw) > maxPartName {
		return false
	}
	for len(raw) > 0 && beforeFolder[raw[0]] {
		raw = raw[1:]
	}
	if len(raw) == 0 || !r.initials[raw[0]] {
		return false
	}
	end := bytes.IndexByte(raw, '/')
	if end < 0 {
		end = len(raw)
	}
	if i := bytes.IndexByte(raw[:end], '\\'); i >= 0 {
		end = i
	} else if end == len(raw) {
		return false
	}
	var lower [maxPartName]byte
	for i, c := range raw[:end] {
		switch {
		case c == '&' || c >= utf8.RuneSelf:
			return true // perhaps
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		lower[i] = c
	}
	return r.folders[string(lower[:end])]
}

// own adds the part that a raw text of a component's element names to the parts of the component, if it names one.
func (w *walker) own(raw []byte) {
	if !w.r.inFolder(raw) {
		return
	}
	o := w.innermost()
	if o == nil {
		return
	}
	text := strings.TrimSpace(xmlspan.Decode(raw))
	if name := w.r.all[solution.Fold(strings.TrimLeft(strings.ReplaceAll(text, `\`, "/"), "/"))]; strings.Contains(name, "/") {
		w.r.components[o.at].own(name)
		if o.Key.Type() == solution.TypeCustomControl { // its files are those beside its manifest and below
			w.r.components[o.at].own(w.r.below(path.Dir(name))...)
		}
	}
}

// own adds parts to c.
func (c *component) own(parts ...string) {
	for _, name := range parts {
		if c.owns(name) {
			continue
		}
		c.Parts = append(c.Parts, name)
		if c.owned != nil {
			c.owned[name] = true
		}
	}
}

func (c *component) owns(name string) bool {
	const few = 16
	if len(c.Parts) <= few {
		return slices.Contains(c.Parts, name)
	}
	if c.owned == nil {
		c.owned = map[string]bool{}
		for _, have := range c.Parts {
			c.owned[have] = true
		}
	}
	return c.owned[name]
}

// below returns the parts in a folder and the folders in it.
func (r *reader) below(dir string) []string {
	var out []string
	prefix := solution.Fold(dir) + "/"
	for _, name := range r.names {
		if strings.HasPrefix(solution.Fold(name), prefix) {
			out = append(out, name)
		}
	}
	return out
}

// ownFlow gives a process the file of its flow, which its element may name without a folder.
func (r *reader) ownFlow(x *component) {
	if r.flowFiles == nil {
		r.flowFiles = map[solution.Key][]string{}
		for name, k := range r.flows {
			r.flowFiles[k] = append(r.flowFiles[k], name)
		}
	}
	if !x.Key.IsZero() {
		x.own(r.flowFiles[x.Key]...)
	}
}

// ownFolders gives components that are folders the parts in them: to each part the innermost of them.
func (r *reader) ownFolders() {
	if len(r.dirs) == 0 {
		return
	}
	for _, name := range r.names {
		for dir := path.Dir(solution.Fold(name)); dir != "."; dir = path.Dir(dir) {
			if i, ok := r.dirs[dir]; ok {
				r.components[i].own(name)
				break
			}
		}
	}
}
