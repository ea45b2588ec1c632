package diff

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/model"
)

// files compares the files of a component on both sides: by name, then those that are the only one of their kind.
func (c *comparer) files(old, new []string) error {
	left := map[string]string{} // folded name to name
	for _, name := range old {
		left[solution.Fold(name)] = name
	}
	var rest []string
	for _, name := range new {
		if was, ok := left[solution.Fold(name)]; ok {
			delete(left, solution.Fold(name))
			if err := c.file(was, name); err != nil {
				return err
			}
			continue
		}
		rest = append(rest, name)
	}
	gone := make([]string, 0, len(left))
	for _, name := range left {
		gone = append(gone, name)
	}
	slices.Sort(gone)
	for _, name := range rest {
		if was := onlyOne(gone, rest, name); was != "" {
			gone = slices.DeleteFunc(gone, func(s string) bool { return s == was })
			if err := c.file(was, name); err != nil {
				return err
			}
			continue
		}
		if err := c.oneFile(Added, c.new, name); err != nil {
			return err
		}
	}
	for _, name := range gone {
		if err := c.oneFile(Removed, c.old, name); err != nil {
			return err
		}
	}
	return nil
}

// onlyOne returns the file of old that has the ending of name, if there is one such file on each side.
func onlyOne(old, new []string, name string) string {
	found := ""
	for _, s := range old {
		if path.Ext(s) == path.Ext(name) {
			if found != "" {
				return ""
			}
			found = s
		}
	}
	n := 0
	for _, s := range new {
		if path.Ext(s) == path.Ext(name) {
			n++
		}
	}
	if n > 1 {
		return ""
	}
	return found
}

func (c *comparer) oneFile(op Op, m *model.Model, name string) error {
	src, err := m.Parts().ReadPart(name)
	if err != nil {
		return err
	}
	c.push(name, "")
	defer c.pop()
	at := m.Parts().Locate(name, 0)
	if op == Added {
		c.add(op, "", "", size(src), diag.Location{}, at)
		c.warnOfValues(name, at)
	} else {
		c.add(op, "", size(src), "", at, diag.Location{})
	}
	return nil
}

// warnOfValues warns of current values of environment variables: they come into an export by mistake, and an import sets them.
func (c *comparer) warnOfValues(name string, at diag.Location) {
	if solution.Fold(path.Base(name)) != "environmentvariablevalues.json" {
		return
	}
	c.out.Diagnostics = append(c.out.Diagnostics, diag.Diagnostic{Rule: ruleCurrentValue.ID, Severity: ruleCurrentValue.Severity, Location: at,
		Message: "the new solution has a current value of an environment variable, and its import replaces the value that is there; remove it from the solution unless that is meant"})
}

func size(src []byte) string {
	sum := sha256.Sum256(src)
	return fmt.Sprintf("%d bytes, SHA-256 %x", len(src), sum[:6])
}

// file compares two files that are the same one.
func (c *comparer) file(oldName, newName string) error {
	old, err := c.old.Parts().ReadPart(oldName)
	if err != nil {
		return err
	}
	new, err := c.new.Parts().ReadPart(newName)
	if err != nil {
		return err
	}
	if bytes.Equal(old, new) {
		return nil
	}
	c.push(c.fileTitle(newName), "")
	defer c.pop()
	switch ext := strings.ToLower(path.Ext(newName)); {
	case ext == ".json" || isJSON(string(head(old))) && isJSON(string(head(new))):
		a, errA := c.old.JSON(oldName)
		b, errB := c.new.JSON(newName)
		if errA == nil && errB == nil {
			c.push("#", "")
			c.value(a, b)
			c.pop()
			return nil
		}
		if ext == ".json" {
			c.unread(oldName, newName, errA, errB)
		}
	case ext == ".msapp":
		if c.app(oldName, newName, old, new) {
			return nil
		}
	case ext == ".dll":
		if c.assembly(old, new, c.old.Parts().Locate(oldName, 0), c.new.Parts().Locate(newName, 0)) {
			return nil
		}
	case ext == ".nupkg":
		if c.pluginPackage(oldName, newName, old, new) {
			return nil
		}
	case ext == ".xml" || ext == ".xaml" || ext == ".resx":
		a, errA := c.old.Document(oldName)
		b, errB := c.new.Document(newName)
		if errA == nil && errB == nil {
			c.element(a, b)
			return nil
		}
		c.unread(oldName, newName, errA, errB)
	}
	c.raw(c.old.Parts(), c.new.Parts(), oldName, newName, old, new)
	return nil
}

// fileTitle returns a name of a file for paths: those of apps, flows and agents without their folder, and that of a flow
// without the GUID, which say what the component says.
func (c *comparer) fileTitle(name string) string {
	switch c.kind() {
	case solution.TypeCanvasApp:
		return path.Base(name)
	case solution.TypeWorkflow:
	case solution.TypeBotComponent, solution.TypeBot:
		_, below, _ := strings.Cut(name, "/") // botcomponents, then the name
		if _, file, ok := strings.Cut(below, "/"); ok {
			return file
		}
		return name
	default:
		return name
	}
	base, ext := path.Base(name), path.Ext(name)
	stem := strings.TrimSuffix(base, ext)
	const guid = 36
	if n := len(stem) - guid; n > 1 && stem[n-1] == '-' {
		if _, err := solution.ParseGUID(stem[n:]); err == nil {
			return stem[:n-1] + ext
		}
	}
	return base
}

func head(src []byte) []byte {
	return bytes.TrimPrefix(src[:min(len(src), 64)], []byte("\xef\xbb\xbf"))
}

// unread notes that a file is not what its name says.
func (c *comparer) unread(oldName, newName string, errs ...error) {
	for i, err := range errs {
		if err == nil {
			continue
		}
		at := c.new.Parts().Locate(newName, 0)
		if i == 0 {
			at = c.old.Parts().Locate(oldName, 0)
		}
		c.out.Diagnostics = append(c.out.Diagnostics, diag.Diagnostic{Rule: "content/malformed", Severity: diag.Warning, Location: at,
			Message: fmt.Sprintf("compared as bytes: %v", err)})
	}
}

// raw compares two files as text, by the lines that differ, or as bytes.
func (c *comparer) raw(a, b solution.Parts, oldName, newName string, old, new []byte) {
	if !isText(old) || !isText(new) {
		c.add(Changed, "", size(old), size(new), a.Locate(oldName, 0), b.Locate(newName, 0))
		return
	}
	c.lines(a, b, oldName, newName, old, new, 0, 0)
}

// lines compares two texts, from an offset of each on.
func (c *comparer) lines(a, b solution.Parts, oldName, newName string, old, new []byte, fromOld, fromNew int) {
	x, y := old[fromOld:], new[fromNew:]
	if bytes.Equal(x, y) {
		return
	}
	if !c.opts.LineEnds {
		x, y = lineFeeds(x), lineFeeds(y)
		if bytes.Equal(x, y) {
			c.add(Changed, "", "line ends", "line ends", a.Locate(oldName, 0), b.Locate(newName, 0))
			c.at.Properties[len(c.at.Properties)-1].Noise = noiseLineEnds
			return
		}
	}
	oldLines, newLines := lines(x), lines(y)
	start, endOld, endNew := differing(oldLines, newLines)
	c.add(Changed, "", strings.Join(oldLines[start:endOld], ""), strings.Join(newLines[start:endNew], ""),
		a.Locate(oldName, fromOld+lineStart(old[fromOld:], start)), b.Locate(newName, fromNew+lineStart(new[fromNew:], start)))
}

func lines(src []byte) []string { return slices.Collect(strings.Lines(string(src))) }

func lineFeeds(src []byte) []byte { return bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n")) }

// lineStart returns where the line of that number, from 0, begins.
func lineStart(src []byte, n int) int {
	at := 0
	for range n {
		i := bytes.IndexByte(src[at:], '\n')
		if i < 0 {
			return len(src)
		}
		at += i + 1
	}
	return at
}

func isText(src []byte) bool { return utf8.Valid(src) && bytes.IndexByte(src, 0) < 0 }

// looseFiles compares the files that belong to no component.
func (c *comparer) looseFiles() error {
	old, new := loose(c.old), loose(c.new)
	both := map[string]string{}
	for _, name := range old {
		both[solution.Fold(name)] = name
	}
	one := func(op Op, m *model.Model, name string) {
		x := Component{Op: op, Key: solution.NameKey(TypeFile, "", name), Name: name}
		if op == Added {
			x.New = m.Parts().Locate(name, 0)
		} else {
			x.Old = m.Parts().Locate(name, 0)
		}
		c.out.Components = append(c.out.Components, x)
	}
	for _, name := range new {
		was, ok := both[solution.Fold(name)]
		if !ok {
			one(Added, c.new, name)
			continue
		}
		delete(both, solution.Fold(name))
		c.begin(Component{Key: solution.NameKey(TypeFile, "", name), Name: name, Old: c.old.Parts().Locate(was, 0), New: c.new.Parts().Locate(name, 0)})
		if err := c.file(was, name); err != nil {
			return err
		}
		c.end()
	}
	for _, name := range old {
		if both[solution.Fold(name)] == name {
			one(Removed, c.old, name)
		}
	}
	return nil
}

// loose returns the parts that are no component and belong to none. [Content_Types].xml follows from the others.
func loose(m *model.Model) []string {
	owned := map[string]bool{solution.ManifestFile: true, solution.CustomizationsFile: true, solution.Fold(solution.ContentTypesFile): true}
	for x := range m.Components() {
		owned[solution.Fold(x.Part())] = true
		for _, name := range x.Parts() {
			owned[solution.Fold(name)] = true
		}
	}
	var out []string
	for _, name := range m.Parts().Names() {
		if !owned[solution.Fold(name)] {
			out = append(out, name)
		}
	}
	return out
}
