package solution

import (
	"path"
	"slices"
	"sync"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// locatedParts is how many parts a [LineCache] has the lines of: a reader goes through one part after the other and looks
// back to the manifest and the customizations. Several readers may do so at once.
const locatedParts = 8

// A LineCache tells places in parts without reading a part for each of them: it has the bytes of the part that was read last,
// and the lines of those in which a place was asked for lately, and of the manifest. It is for types that implement [Parts]. The zero value is empty.
// A LineCache is safe for concurrent use and must not be copied.
type LineCache struct {
	mu      sync.Mutex
	last    textLines
	located []textLines // the one that was used last is the last
}

// textLines are the lines of a part.
type textLines struct {
	name  string
	src   []byte
	lines func() *diag.Lines
}

func newTextLines(name string, src []byte) textLines {
	return textLines{name, src, sync.OnceValue(func() *diag.Lines { return diag.NewLines(src) })}
}

// Remember keeps the bytes of a part that was read, which must not change, in case that places in it are asked for.
func (c *LineCache) Remember(name string, src []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = newTextLines(name, src)
}

// Locate returns the place of a byte of a part. read gives the bytes of the part of that name where the cache does not have
// them; if it fails, the place is the file alone. A caller that is asked for many places makes the function once.
func (c *LineCache) Locate(name string, offset int, read func(name string) ([]byte, error)) diag.Location {
	lines := c.Lines(name, read)
	if lines == nil {
		return diag.Location{File: name}
	}
	at := lines.Position(offset)
	return diag.Location{File: name, Start: at, End: at}
}

// Lines returns the lines of a part, nil if it is not in the cache and cannot be read.
func (c *LineCache) Lines(name string, read func(name string) ([]byte, error)) *diag.Lines {
	text, ok := c.find(name)
	if !ok {
		src, err := read(name)
		if err != nil {
			return nil
		}
		text = c.keep(newTextLines(name, src))
	}
	return text.lines()
}

// find returns what the cache has of a part, and notes that it was used.
func (c *LineCache) find(name string) (textLines, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := len(c.located) - 1; i >= 0; i-- {
		if text := c.located[i]; text.name == name {
			copy(c.located[i:], c.located[i+1:])
			c.located[len(c.located)-1] = text
			return text, true
		}
	}
	if c.last.name == name && c.last.lines != nil {
		c.add(c.last)
		return c.last, true
	}
	return textLines{}, false
}

// keep adds the lines of a part, unless they have come meanwhile.
func (c *LineCache) keep(text textLines) textLines {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, have := range c.located {
		if have.name == text.name {
			return have
		}
	}
	c.add(text)
	return text
}

// isManifest reports whether a file of a zip or tree is the manifest, whose places are asked for when all else was read, and the zip
// may be closed.
func isManifest(name string) bool { return Fold(path.Base(name)) == ManifestFile }

func (c *LineCache) add(text textLines) {
	if len(c.located) == locatedParts {
		i := max(0, slices.IndexFunc(c.located, func(x textLines) bool { return !isManifest(x.name) }))
		c.located = slices.Delete(c.located, i, i+1)
	}
	c.located = append(c.located, text)
}
