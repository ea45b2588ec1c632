package packager

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// resourcesFolder is the folder of resource files in a tree.
const resourcesFolder = "Resources"

// templateFile is the resource file of one language, for translators.
const templateFile = resourcesFolder + "/template_resources.resx"

// autoLocale as a locale is the base language of the solution.
const autoLocale = "auto"

// resourceFile is the resource file of a culture.
func resourceFile(c culture) string {
	return resourcesFolder + "/" + c.name + "/resources." + c.name + ".resx"
}

// locale returns the culture that a SourceLocale names; base is the language code of the solution.
func locale(op, name, base string) (culture, error) {
	if !strings.EqualFold(name, autoLocale) {
		if c, ok := cultureNamed(name); ok {
			return c, nil
		}
		return culture{}, errorf(op, "", "source locale %q is not known: use auto, a number such as 1033, or a name such as en-US", name)
	}
	if c, ok := cultureNamed(base); ok {
		return c, nil
	}
	return culture{}, errorf(op, solutionPart, "the language of the solution (languagecode) is %q, which is not known: name the source locale", base)
}

// baseLanguage is the language code of a solution.xml.
func baseLanguage(d *xmlspan.Document) string {
	return strings.TrimSpace(attr(d, d.Root(), "languagecode"))
}

// solutionLanguages calls each for the languages that customizations.xml lists.
func solutionLanguages(d *xmlspan.Document, each func(node int32, code string)) {
	for c := range d.Elements(d.Child(d.Root(), "Languages")) {
		each(c, strings.TrimSpace(d.Text(c)))
	}
}

// A labelSet is the texts of one package, or of both packages of a tree of both kinds, whose resource files are one set.
type labelSet struct {
	kind   solution.Kind
	byKey  map[string]*resource
	sorted func() []resource
	placed bool // its files are there
}

func newLabelSet(kind solution.Kind) *labelSet {
	s := &labelSet{kind: kind, byKey: map[string]*resource{}}
	s.sorted = sync.OnceValue(func() []resource { return sortedResources(s.byKey) })
	return s
}

// localize adds the resource files that opts asks for, with the texts in set. Of a second package only the texts are added.
func (u *unpacker) localize(opts *UnpackOptions, set *labelSet) error {
	if opts == nil || !opts.Localize && opts.SourceLocale == "" {
		return nil
	}
	manifest, err := parseXML(u.pkg.solution, solutionPart, 2, u.pkg.limits)
	if err != nil {
		return err
	}
	base := baseLanguage(manifest)
	var template culture
	if opts.SourceLocale != "" {
		if template, err = locale("unpack", opts.SourceLocale, base); err != nil {
			return err
		}
	}
	r := labelReader{depth: u.pkg.limits.Depth}
	r.manifest(manifest)
	inManifest := len(r.groups)
	r.customizations(u.doc())
	for _, f := range r.foreign {
		u.noteLabel(u.source, ruleLabelForeign, f.start, "labels of %s have no key: they are in no resource file", f.place)
	}
	for i := range r.groups {
		g, s := &r.groups[i], u.source
		if i < inManifest {
			s = &source{name: solutionPart, doc: manifest}
		}
		if !g.joinInto(set.byKey) {
			u.noteLabel(s, ruleLabelCollision, g.labels[0].start, "another label has the key %q and another text: the resource files have that of the first", g.key)
		}
	}
	if set.placed {
		return nil
	}
	set.placed = true
	put := func(p string, c culture) {
		from := resxSource{c, opts.SourceName, set.kind}
		u.put(&file{path: p, size: -1, weight: int64(len(resxHead)), load: func() ([]byte, error) { return renderResx(set.sorted(), from, u.newline), nil }})
	}
	if opts.Localize {
		listed := map[int]bool{}
		add := func(c culture) {
			if !listed[c.lcid] {
				listed[c.lcid] = true
				put(resourceFile(c), c)
			}
		}
		solutionLanguages(u.doc(), func(node int32, code string) {
			if c, ok := cultureNamed(code); ok {
				add(c)
			} else {
				u.found.at(u.source, ruleLabelLanguage, node, "language %q is not known: it has no resource file", code)
			}
		})
		if c, ok := cultureNamed(base); ok && len(listed) == 0 {
			add(c)
		}
		u.noteUnlisted(r.groups[inManifest:], listed)
	}
	if opts.SourceLocale != "" {
		put(templateFile, template)
	}
	return nil
}

// noteUnlisted tells of languages that labels have and that get no resource file, all at the first such label: tables of the
// platform have labels in forty.
func (u *unpacker) noteUnlisted(groups []labelGroup, listed map[int]bool) {
	var unlisted []int
	first := int32(0)
	for i := range groups {
		for _, l := range groups[i].labels {
			if !listed[l.lcid] {
				listed[l.lcid] = true
				if len(unlisted) == 0 {
					first = l.start
				}
				unlisted = append(unlisted, l.lcid)
			}
		}
	}
	switch len(unlisted) {
	case 0:
	case 1:
		u.noteLabel(u.source, ruleLabelLanguage, first, "labels have the language %d, which is not listed in Languages: it has no resource file", unlisted[0])
	default:
		slices.Sort(unlisted)
		u.noteLabel(u.source, ruleLabelLanguage, first, "labels have %d languages that are not listed in Languages: %s have no resource file", len(unlisted), joinNumbers(unlisted))
	}
}

// joinNumbers writes numbers as a sentence has them.
func joinNumbers(list []int) string {
	var b strings.Builder
	for i, n := range list {
		switch {
		case i == 0:
		case i == len(list)-1:
			b.WriteString(" and ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}

// noteLabel adds a finding about the label at an offset of a file.
func (u *unpacker) noteLabel(s *source, rule diag.Rule, offset int32, format string, args ...any) {
	if u.found.full(rule.ID) {
		return
	}
	d := finding(rule, s.name, format, args...)
	d.Location.Start, d.Location.End = s.span(int(offset), int(offset))
	u.found.list = append(u.found.list, d)
}

// joinInto adds the texts of a group to the resource of its key. It reports false if that has other ones, which stay.
func (g *labelGroup) joinInto(byKey map[string]*resource) bool {
	r := byKey[g.key]
	if r == nil {
		r = &resource{key: g.key, comment: g.comment, texts: map[int]string{}}
		byKey[g.key] = r
	}
	alike := true
	for _, l := range g.labels {
		if have, ok := r.texts[l.lcid]; !ok {
			r.texts[l.lcid] = l.text
		} else if have != l.text {
			alike = false
		}
	}
	return alike
}

// localize merges the resource files of a tree into the package, as opts asks for.
func (p *packing) localize(opts *PackOptions) error {
	if !opts.Localize && opts.SourceLocale == "" {
		return nil
	}
	files, err := p.resourceFiles(opts)
	if err != nil {
		return err
	}
	m := &merging{p: p, byKey: map[string][]*place{}, texts: map[string]map[int]string{}}
	for i := range 2 { // customizations.xml and solution.xml
		if err := m.read(i); err != nil {
			return err
		}
	}
	if err := m.readOther(); err != nil {
		return err
	}
	for _, f := range files {
		m.gather(f)
		if len(f.texts) > 0 && !m.listed[f.culture.lcid] {
			p.found.in(ruleLabelLanguage, f.name, "%s is of the language %d, which is not listed in Languages of %s", f.name, f.culture.lcid, otherCustomizations)
		}
	}
	for _, f := range files {
		for _, t := range f.texts {
			if places := m.byKey[t.key]; len(places) > 0 {
				m.text(f, t, places)
			}
		}
	}
	return m.write()
}

// A resourceOf is a resource file of a culture.
type resourceOf struct {
	*resx
	culture culture
}

// resourceFiles reads the resource files of a tree, that of the source locale last.
func (p *packing) resourceFiles(opts *PackOptions) ([]resourceOf, error) {
	var out []resourceOf
	read := func(name string, c culture) (*resx, error) {
		s, err := p.xml(name, 3)
		if err != nil {
			return nil, err
		}
		r, err := readResx(s)
		if err == nil {
			out = append(out, resourceOf{r, c})
		}
		return r, err
	}
	template := ""
	for _, name := range p.root.sub(resourcesFolder).breadthFirst() {
		switch of, isLanguage := languageOf(name); {
		case fold(name) == fold(templateFile):
			template = name
		case !isLanguage || !opts.Localize:
		default:
			c, ok := cultureNamed(of)
			if !ok {
				return nil, errorf("pack", name, "language %q is not known: call the folder and the file by a name such as de-DE, or take the file away", of)
			}
			if _, err := read(name, c); err != nil {
				return nil, err
			}
		}
	}
	if opts.SourceLocale == "" {
		return out, nil
	}
	c, err := locale("pack", opts.SourceLocale, baseLanguage(p.roots.source.doc))
	if err != nil {
		return nil, err
	}
	if template == "" {
		p.found.in(ruleLabels, templateFile, "%s is not there: the source locale %s has no texts of its own", templateFile, c.name)
		return out, nil
	}
	r, err := read(template, c)
	if err == nil && r.lcid != 0 && r.lcid != c.lcid {
		return nil, errorf("pack", template, "its texts are of the language %d (%s), and the source locale is %s: name that which it was made for", r.lcid, metaLCID, c.name)
	}
	return out, err
}

// languageOf returns the language that Resources/LANGUAGE/resources.LANGUAGE.resx is of. Where the folder has another name, it is that
// of the file.
func languageOf(name string) (string, bool) {
	if strings.Count(name, "/") != 2 {
		return "", false
	}
	stem, isResx := strings.CutSuffix(strings.ToLower(path.Base(name)), ".resx")
	of, ok := strings.CutPrefix(stem, "resources.")
	return of, isResx && ok
}

// A place is a group of labels in the package.
type place struct {
	labelGroup
	entry int // of p.entries
}

// A merging is resource files on their way into a package.
type merging struct {
	p      *packing
	byKey  map[string][]*place
	listed map[int]bool              // languages of the solution
	texts  map[string]map[int]string // of the resource files, by key and LCID
	groups [2][]labelGroup           // of the first two entries of the package
	made   map[string]*resource      // what resource files of both packages have if nothing in them was edited; nil if there is one
	edits  [2][]diag.Edit
}

// read finds the labels of one of the first two entries of the package.
func (m *merging) read(entry int) error {
	data, err := m.p.entries[entry].file.read()
	if err != nil {
		return err
	}
	d, err := xmlspan.Parse(data, 3, m.p.tree.limits.xml())
	if err != nil {
		return xmlError(err, m.p.entries[entry].name, data)
	}
	if entry == 0 {
		m.listed = map[int]bool{}
		solutionLanguages(d, func(_ int32, code string) {
			lcid, _ := strconv.Atoi(code)
			m.listed[lcid] = true
		})
	}
	m.groups[entry] = labelGroups(d, entry, m.p.tree.limits)
	for _, g := range m.groups[entry] {
		m.byKey[g.key] = append(m.byKey[g.key], &place{g, entry})
	}
	return nil
}

// labelGroups returns the labels of one of the first two entries of a package.
func labelGroups(d *xmlspan.Document, entry int, lim Limits) []labelGroup {
	r := labelReader{depth: lim.Depth}
	if entry == 0 {
		r.customizations(d)
	} else {
		r.manifest(d)
	}
	return r.groups
}

// readOther reads the labels of the other package of a tree of both kinds. Its resource files are one set, of which a text can be that
// of one package alone: the other one has to come back without it all the same.
func (m *merging) readOther() error {
	t := m.p.tree
	if t.manifest.Kind() != solution.Both {
		return nil
	}
	if t.whole != nil {
		t = t.whole
	}
	parts, err := t.parts(otherHalf(m.p.kind))
	if err != nil {
		return err
	}
	var packages [2][2][]labelGroup // by kind
	packages[m.p.kind] = m.groups
	for entry, name := range []string{customizationsPart, solutionPart} {
		data, err := parts.ReadPart(name)
		if err != nil {
			return err
		}
		d, err := xmlspan.Parse(data, 3, t.limits.xml())
		if err != nil {
			return xmlError(err, name, data)
		}
		packages[otherHalf(m.p.kind)][entry] = labelGroups(d, entry, t.limits)
	}
	m.made = map[string]*resource{}
	for _, entries := range packages { // the unmanaged one first, as UnpackBoth has it
		for _, groups := range entries {
			for i := range groups {
				groups[i].joinInto(m.made)
			}
		}
	}
	return nil
}

// gather takes note of the texts of a resource file, and drops those that nothing is made of.
func (m *merging) gather(f resourceOf) {
	found, lcid := &m.p.found, f.culture.lcid
	f.texts = slices.DeleteFunc(f.texts, func(t resxText) bool {
		if len(m.byKey[t.key]) == 0 {
			if m.made[t.key] == nil { // else it is of the other package
				found.at(f.source, ruleLabelKey, t.node, "no label of the package has the key %q: its text is not packed", t.key)
			}
			return true
		}
		texts := m.texts[t.key]
		if texts == nil {
			texts = map[int]string{}
			m.texts[t.key] = texts
		}
		before, again := texts[lcid]
		if again && before != t.text {
			found.at(f.source, ruleLabelCollision, t.node, "%q has another text for %s before: that one is packed", t.key, f.culture.name)
		}
		if !again {
			texts[lcid] = t.text
		}
		return again
	})
}

// text merges one text of a resource file into the labels with its key.
//
// Labels with one key can have different texts, and a resource file has one of them. So a text that any of them has is no change,
// and a new one goes only where there is no doubt what it stands for.
func (m *merging) text(f resourceOf, t resxText, places []*place) {
	found, lcid := &m.p.found, f.culture.lcid
	if r := m.made[t.key]; r != nil && oneNewline(r.texts[lcid]) == oneNewline(t.text) {
		return
	}
	var with []*place // those that have a label of the language
	several := false
	for _, g := range places {
		l := g.in(lcid)
		switch {
		case l == nil:
			continue
		case oneNewline(l.text) == oneNewline(t.text):
			return
		}
		several = several || len(with) > 0 && l.text != with[0].in(lcid).text
		with = append(with, g)
	}
	switch {
	case t.text == "" && len(with) > 0:
		found.at(f.source, ruleLabelKept, t.node, "%q has no text for %s: the label keeps %q", t.key, f.culture.name, with[0].in(lcid).text)
	case t.text == "":
	case several:
		found.at(f.source, ruleLabelCollision, t.node, "labels with the key %q have different texts: they keep them, and this one is not packed", t.key)
	case len(with) > 0:
		for _, g := range with {
			l := g.in(lcid)
			m.edits[g.entry] = append(m.edits[g.entry], diag.Edit{Start: int(l.value.Start), End: int(l.value.End), New: escapedValue(t.text)})
		}
	default:
		m.translation(f, t, places)
	}
}

// translation adds a text in a language that no label with its key has.
func (m *merging) translation(f resourceOf, t resxText, places []*place) {
	others := m.texts[t.key]
	alike := true
	for _, g := range places[1:] {
		alike = alike && g.agrees(places[0].texts())
	}
	for _, g := range places {
		if alike || g.saysOneOf(others) && g.agrees(others) {
			m.add(g, f.culture.lcid, t.text)
			continue
		}
		m.p.found.at(f.source, ruleLabelCollision, t.node, "labels with the key %q have different texts: that of %q is not translated", t.key, g.labels[0].text)
	}
}

// texts are the texts of a group by LCID.
func (g *place) texts() map[int]string {
	texts := map[int]string{}
	for _, l := range g.labels {
		texts[l.lcid] = l.text
	}
	return texts
}

// agrees reports whether no label of a group has another text than texts has.
func (g *place) agrees(texts map[int]string) bool {
	for _, l := range g.labels {
		if text, ok := texts[l.lcid]; ok && oneNewline(text) != oneNewline(l.text) {
			return false
		}
	}
	return true
}

// saysOneOf reports whether a label of a group has the text that texts has for its language.
func (g *place) saysOneOf(texts map[int]string) bool {
	for _, l := range g.labels {
		if text, ok := texts[l.lcid]; ok && oneNewline(text) == oneNewline(l.text) {
			return true
		}
	}
	return false
}

// add writes a new label after those that a group has, in their form.
func (m *merging) add(g *place, lcid int, text string) {
	data, _ := m.p.entries[g.entry].file.read() // it was read before
	last := &g.labels[len(g.labels)-1]
	indent := data[:last.start]
	indent = indent[len(bytes.TrimRight(indent, " \t\r\n")):]
	value, code := string(xmlspan.AppendAttr(nil, "description", text)), string(xmlspan.AppendAttr(nil, "languagecode", strconv.Itoa(lcid)))
	attrs := value + code
	if bytes.Contains(data[last.start:last.value.Start], labelMark) {
		attrs = code + value
	}
	m.edits[g.entry] = append(m.edits[g.entry], diag.Edit{Start: int(last.end), End: int(last.end), New: string(indent) + "<" + g.element + attrs + " />"})
}

// escapedValue is a text as the value of an attribute, without its quotes.
func escapedValue(text string) string {
	value := string(xmlspan.AppendAttr(nil, "a", text))
	return value[len(` a="`) : len(value)-len(`"`)]
}

// oneNewline is a text as it is in a resource file, in which all newlines are one.
func oneNewline(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// write makes the edits.
func (m *merging) write() error {
	for i, edits := range m.edits {
		if len(edits) == 0 {
			continue
		}
		e := &m.p.entries[i]
		data, err := e.file.read()
		if err == nil {
			data, err = diag.Apply(data, edits)
		}
		if err == nil {
			err = m.p.tree.limits.xmlSize(int64(len(data)))
		}
		if err != nil {
			return &Error{Op: "pack", Path: e.file.path, Err: fmt.Errorf("merging resource files: %w", err)}
		}
		e.file = memoryFile(e.file.path, data)
	}
	return nil
}
