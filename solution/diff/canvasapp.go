package diff

import (
	"bytes"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution/model"
)

// appStamps are entries of an app that every save makes anew, and that are compared as bytes: checksums, findings of the app
// checker, what the editor had open, and what to leave out of a repository.
var appStamps = []string{"checksum.json", "*.sarif", "src/_editorstate.pa.yaml", ".gitignore"}

// sourceFolder is where the studio writes the sources of an app, for people; controls say the same again.
const sourceFolder = "src/"

// app compares the documents of a canvas app, entry by entry. It reports whether both could be read.
func (c *comparer) app(oldName, newName string, old, new []byte) bool {
	a, errA := readApp(c.old.Parts(), oldName)
	b, errB := readApp(c.new.Parts(), newName)
	if errA != nil || errB != nil {
		c.unread(oldName, newName, errA, errB)
		return false
	}
	x, y := a.units(), b.units()
	before := len(c.at.Properties)
	for _, name := range sortedKeys(y) {
		was, ok := x[name]
		c.push(name, "")
		c.quietly(entryNoise(a, b, name, was, y[name]), func() {
			if ok {
				c.appEntry(a, b, was, y[name])
			} else {
				c.add(Added, "", "", b.size(y[name]), a.at, b.Locate(y[name], 0))
			}
		})
		c.pop()
	}
	for _, name := range sortedKeys(x) {
		if _, ok := y[name]; ok {
			continue
		}
		c.push(name, "")
		c.quietly(entryNoise(a, b, name, x[name], ""), func() {
			c.add(Removed, "", a.size(x[name]), "", a.Locate(x[name], 0), b.at)
		})
		c.pop()
	}
	if len(c.at.Properties) == before {
		c.quietly(noiseAppStamps, func() { c.add(Changed, "", size(old), size(new), a.at, b.at) })
	}
	return true
}

// entryNoise returns the row of noise that a whole entry meets, empty if its differences count. One name is empty if a side has
// no such entry.
func entryNoise(a, b *appFiles, unit, oldName, newName string) string {
	folded := strings.ToLower(unit)
	switch {
	case isStamp(folded):
		return noiseAppStamps
	case isSource(folded) && a.sources == nil != (b.sources == nil):
		return noiseAppSources // the studio writes them, or none
	case !isControl(folded) || len(a.sources) == 0 || len(b.sources) == 0:
		return ""
	}
	// Controls say what the source of their name says. If that is the same, there must be something else in them.
	source := strings.ToLower(path.Base(unit)) + sourceExt
	old, new := a.sources[source], b.sources[source]
	if old != "" && new != "" && !a.same(old, b, new) || oldName == "" && new != "" || newName == "" && old != "" {
		return noiseAppSources
	}
	return ""
}

// same reports whether two sources say the same.
func (a *appFiles) same(name string, b *appFiles, other string) bool {
	x, errA := a.ReadPart(name)
	y, errB := b.ReadPart(other)
	return errA == nil && errB == nil && bytes.Equal(lineFeeds(x[leadingComments(x):]), lineFeeds(y[leadingComments(y):]))
}

// appEntry compares an entry that both apps have.
func (c *comparer) appEntry(a, b *appFiles, oldName, newName string) {
	old, errA := a.ReadPart(oldName)
	new, errB := b.ReadPart(newName)
	if errA != nil || errB != nil {
		c.notRead(b.at, errA, errB)
		c.add(Changed, "", a.size(oldName), b.size(newName), a.at, b.at)
		return
	}
	if bytes.Equal(old, new) {
		return
	}
	if c.hush != "" {
		c.add(Changed, "", size(old), size(new), a.Locate(oldName, 0), b.Locate(newName, 0))
		return
	}
	switch ext := strings.ToLower(path.Ext(newName)); ext {
	case ".json":
		x, errA := model.ReadJSON(a, oldName)
		y, errB := model.ReadJSON(b, newName)
		if errA == nil && errB == nil {
			if isControl(strings.ToLower(newName)) {
				c.controlFile(x, y)
				return
			}
			c.push("#", "")
			c.value(x, y)
			c.pop()
			return
		}
	case ".yaml":
		c.lines(a, b, oldName, newName, old, new, leadingComments(old), leadingComments(new))
		if from, to := leadingComments(old), leadingComments(new); bytes.Equal(old[from:], new[to:]) {
			c.quietly(noiseAppStamps, func() {
				c.add(Changed, "#notice", string(old[:from]), string(new[:to]), a.Locate(oldName, 0), b.Locate(newName, 0))
			})
		}
		return
	}
	c.raw(a, b, oldName, newName, old, new)
}

// leadingComments returns where the first line begins that is no comment: the studio writes its notice in front of each file.
func leadingComments(src []byte) int {
	at := 0
	for line := range bytes.Lines(src) {
		if text := bytes.TrimSpace(line); len(text) > 0 && text[0] != '#' {
			break
		}
		at += len(line)
	}
	return at
}

// sortedKeys returns the keys of a map in their order.
func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// isStamp reports whether an entry is one of appStamps.
func isStamp(folded string) bool {
	return slices.ContainsFunc(appStamps, func(pattern string) bool {
		ok, _ := path.Match(pattern, folded)
		return ok
	})
}

const sourceExt = ".pa.yaml"

func isSource(folded string) bool {
	return strings.HasPrefix(folded, sourceFolder) && strings.HasSuffix(folded, sourceExt) && !isStamp(folded)
}

// isControl reports whether an entry is a screen, a component or a test with its controls.
func isControl(folded string) bool {
	dir, _, ok := strings.Cut(folded, "/")
	return ok && (dir == "controls" || dir == "components" || dir == "apptests")
}
