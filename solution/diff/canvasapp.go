package diff

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/msapp"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/model"
)

// appLimits are how much of one app is inflated.
var appLimits = msapp.Limits{Entries: 20_000, EntryBytes: 64 << 20, TotalBytes: 512 << 20}

// appStamps are entries of an app that every save makes anew: checksums, times, findings of the app checker, what the editor
// had open, and the libraries of controls that come with the studio.
var appStamps = []string{"checksum.json", "header.json", "*.sarif", "src/_editorstate.pa.yaml", "resources/publishinfo.json", ".gitignore",
	"references/templates.json", "references/themes.json", "references/modernthemes.json", "componentsmetadata.json"}

// sourceFolder is where the studio writes the sources of an app, for people; without it, the controls are compared.
const sourceFolder = "src/"

// app compares the documents of a canvas app, entry by entry. It reports whether both could be read.
func (c *comparer) app(oldName, newName string, old, new []byte) bool {
	a, errA := readApp(c.old.Parts(), oldName, old)
	b, errB := readApp(c.new.Parts(), newName, new)
	if errA != nil || errB != nil {
		c.unread(oldName, newName, errA, errB)
		return false
	}
	sources := a.hasSources() && b.hasSources()
	x, y := a.units(sources), b.units(sources)
	before := len(c.at.Properties)
	for _, name := range sortedKeys(y) {
		entry, ok := x[name]
		if !ok {
			c.push(name, "")
			c.add(Added, "", "", b.size(y[name]), a.at, b.Locate(y[name], 0))
			c.pop()
			continue
		}
		c.push(name, "")
		c.appEntry(a, b, entry, y[name])
		c.pop()
	}
	for _, name := range sortedKeys(x) {
		if _, ok := y[name]; !ok {
			c.push(name, "")
			c.add(Removed, "", a.size(x[name]), "", a.Locate(x[name], 0), b.at)
			c.pop()
		}
	}
	if len(c.at.Properties) == before {
		c.add(Changed, "", size(old), size(new), a.at, b.at)
		c.at.Properties[before].Noise = noiseAppStamps
	}
	return true
}

func (c *comparer) appEntry(a, b *appFiles, oldName, newName string) {
	old, errA := a.ReadPart(oldName)
	new, errB := b.ReadPart(newName)
	if errA != nil || errB != nil {
		for _, err := range []error{errA, errB} {
			if err != nil {
				c.out.Diagnostics = append(c.out.Diagnostics, diag.Diagnostic{Rule: "content/malformed", Severity: diag.Warning, Location: a.at,
					Message: fmt.Sprintf("not compared: %v", err)})
			}
		}
		return
	}
	if bytes.Equal(old, new) {
		return
	}
	switch ext := strings.ToLower(path.Ext(newName)); ext {
	case ".json":
		x, errA := model.ReadJSON(a, oldName)
		y, errB := model.ReadJSON(b, newName)
		if errA == nil && errB == nil {
			if p, q := x.Get("TopParent"), y.Get("TopParent"); p.Exists() && q.Exists() {
				c.controls(p, q)
				return
			}
			c.push("#", "")
			c.value(x, y)
			c.pop()
			return
		}
	case ".yaml":
		c.lines(a, b, oldName, newName, old, new, leadingComments(old), leadingComments(new))
		return
	}
	c.raw(a, b, oldName, newName, old, new)
}

// controls compares two trees of controls: which there are, by their names, what kind each is, and its formulas. All else that
// stands there follows from these, or is bookkeeping of the studio.
func (c *comparer) controls(a, b model.Value) {
	if x, y := a.Get("Template", "Name").Text(), b.Get("Template", "Name").Text(); x != y {
		c.push("Template", "")
		c.add(Changed, "", x, y, a.Location(), b.Location())
		c.pop()
	}
	c.named(a.Get("Rules"), b.Get("Rules"), "Property", func(x, y model.Value) {
		p, q := x.Get("InvariantScript"), y.Get("InvariantScript")
		if p.Text() != q.Text() {
			c.add(Changed, "", p.Text(), q.Text(), p.Location(), q.Location())
		}
	})
	c.named(a.Get("Children"), b.Get("Children"), "Name", c.controls)
}

// named compares the elements of two arrays by the member that names them; their order means nothing.
func (c *comparer) named(a, b model.Value, member string, both func(a, b model.Value)) {
	old := map[string]model.Value{}
	for x := range a.Elements() {
		old[x.Get(member).Text()] = x
	}
	for y := range b.Elements() {
		name := y.Get(member).Text()
		c.push(name, "")
		if x, ok := old[name]; ok {
			delete(old, name)
			both(x, y)
		} else {
			c.add(Added, "", "", saysOf(y), a.Location(), y.Location())
		}
		c.pop()
	}
	for x := range a.Elements() {
		name := x.Get(member).Text()
		if _, ok := old[name]; ok {
			delete(old, name)
			c.push(name, "")
			c.add(Removed, "", saysOf(x), "", x.Location(), b.Location())
			c.pop()
		}
	}
}

// saysOf returns the formula of a rule, or the kind of a control.
func saysOf(v model.Value) string {
	if f := v.Get("InvariantScript"); f.Exists() {
		return f.Text()
	}
	return v.Get("Template", "Name").Text()
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

// appFiles are the entries of an app as parts; they are placed in the file of the app.
type appFiles struct {
	app  *msapp.App
	name string
	at   diag.Location

	last  string // the entry that was read last, with its bytes and lines
	src   []byte
	lines *diag.Lines
}

func readApp(p solution.Parts, name string, src []byte) (*appFiles, error) {
	app, err := msapp.Parse(src, &appLimits)
	if err != nil {
		return nil, err
	}
	return &appFiles{app: app, name: name, at: p.Locate(name, 0)}, nil
}

func (a *appFiles) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid} // nobody opens entries
}

func (a *appFiles) Names() []string {
	var out []string
	for _, e := range a.app.Entries() {
		out = append(out, e.Path)
	}
	slices.Sort(out)
	return out
}

func (a *appFiles) ReadPart(name string) ([]byte, error) {
	if name == a.last && name != "" {
		return a.src, nil
	}
	e := a.app.Find(name)
	if e == nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	src, err := e.Read()
	if err != nil {
		return nil, fmt.Errorf("%s/%s: %w", a.name, name, err)
	}
	a.last, a.src, a.lines = name, src, nil
	return src, nil
}

// Locate gives the file of the app with the entry behind it, and line and column in the entry.
func (a *appFiles) Locate(name string, offset int) diag.Location {
	at := diag.Location{File: a.at.File + "/" + name}
	if src, err := a.ReadPart(name); err == nil {
		if a.lines == nil {
			a.lines = diag.NewLines(src)
		}
		at.Start = a.lines.Position(min(offset, len(src)))
	}
	return at
}

func (a *appFiles) hasSources() bool {
	return slices.ContainsFunc(a.Names(), func(name string) bool { return isSource(strings.ToLower(name)) })
}

func isSource(folded string) bool {
	return strings.HasPrefix(folded, sourceFolder) && strings.HasSuffix(folded, ".pa.yaml") && !isStamp(folded)
}

// units returns the entries to compare by the names that they have on both sides. Controls are known by the name in them, as their
// numbers mean nothing, and are left out where sources say the same.
func (a *appFiles) units(sources bool) map[string]string {
	out := map[string]string{}
	for _, name := range a.Names() {
		folded := strings.ToLower(name)
		if isStamp(folded) || !sources && isSource(folded) {
			continue
		}
		dir, _, _ := strings.Cut(folded, "/")
		if (dir == "controls" || dir == "components") && strings.HasSuffix(folded, ".json") {
			if sources {
				continue
			}
			if v, err := model.ReadJSON(a, name); err == nil {
				if title := v.Get("TopParent", "Name").Text(); title != "" {
					key := path.Dir(name) + "/" + title
					if _, ok := out[key]; !ok {
						out[key] = name
						continue
					}
				}
			}
		}
		out[name] = name
	}
	return out
}

// isStamp reports whether an entry is one of appStamps.
func isStamp(folded string) bool {
	return slices.ContainsFunc(appStamps, func(pattern string) bool {
		ok, _ := path.Match(pattern, folded)
		return ok
	})
}

func (a *appFiles) size(name string) string {
	src, err := a.ReadPart(name)
	if err != nil {
		return err.Error()
	}
	return size(src)
}

func sortedKeys(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
