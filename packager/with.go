package packager

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// With returns t with changes made, which must all be of the parts of t. Each splice lands in the file that its bytes are from,
// of which all other bytes stay. What adds or removes components or parts adds and removes the files of the tree that
// Unpack would make of them; a file of which a part moves to another is written as Unpack writes it. All other files stay as
// they are.
//
// Packing the result gives what [Rewrite] makes of a zip of t, with the same digest. The error is a [*solution.SourceError], a
// [*solution.ConflictError] or an [*Error].
//
// In a tree of both kinds a change is of the parts of one of them, and so is what becomes of the forms and files that each of them
// has for itself; main files they share. Where a package has Other/Solution.xml or Other/Customizations.xml for itself, which
// say what is in it, files that it gets or loses are its own. What the managed package would lose only for the unmanaged form to take its place is
// refused.
func (t *Tree) With(changes ...*solution.Change) (*Tree, error) {
	change, err := solution.JoinChanges(changes...)
	if err != nil {
		return nil, err
	}
	if change.IsEmpty() {
		return t, nil
	}
	parts, err := t.partsOf(change)
	if err != nil {
		return nil, err
	}
	half := parts.tree // t, but in a tree of both kinds that has more than its main files
	custom, err := half.findFold(otherCustomizations).read()
	if err != nil {
		return nil, &Error{Op: "edit", Path: otherCustomizations, Err: err}
	}
	newline := "\n"
	if bytes.Contains(custom, []byte("\r\n")) {
		newline = "\r\n"
	}
	w := &writing{whole: t, newline: newline, parts: parts, change: change, splices: map[string][]diag.Edit{}, data: map[string][]byte{}}
	if err := w.sort(); err != nil {
		return nil, err
	}
	if err := w.judge(); err != nil {
		return nil, err
	}
	out, err := w.inPlace(half)
	if err != nil {
		return nil, err
	}
	if w.structural {
		if out, err = w.anew(out); err != nil {
			return nil, err
		}
	}
	if half != t {
		if out, err = t.withHalf(half, out, parts.kind, newline); err != nil {
			return nil, err
		}
	}
	return out.withManifestOf(t)
}

// partsOf returns the parts of t that a change was made of.
func (t *Tree) partsOf(change *solution.Change) (*treeParts, error) {
	var mismatch error
	for _, kind := range t.kinds() {
		parts, err := t.parts(kind)
		if err != nil {
			return nil, err
		}
		if mismatch = change.Check(parts); mismatch == nil {
			return parts, nil
		}
	}
	return nil, mismatch
}

// A writing brings a change of parts back to the files of a tree.
type writing struct {
	whole   *Tree // of which the parts are, or are a half
	parts   *treeParts
	change  *solution.Change
	newline string // of the tree

	splices    map[string][]diag.Edit // of files of the tree, by path
	data       map[string][]byte      // whole files
	before     *Tree                  // unpacked without the change, nil until it is needed
	direct     *solution.Editor       // what can be done in place
	structural bool                   // not everything can
	moved      bool                   // files of components get other names by it
	held       []string               // sections that go, but stay for the package of the other kind
}

// sort finds out what can be done in place.
func (w *writing) sort() error {
	w.direct = solution.NewEditor(w.parts)
	clear(w.splices)
	clear(w.data)
	for x := range w.change.Parts() {
		part := w.parts.byFold[fold(x.Name)]
		switch {
		case x.Op == solution.RemovePart && part != nil && part.places != nil:
			return errorf("edit", x.Name, "%w: every solution has this part: leave it in its place", ErrFormat)
		case part != nil && part.file.path == typesPart:
			return errorf("edit", x.Name, "Pack writes this part of the others: leave it out of the change")
		case part != nil && part.file.elsewhere != "" && x.Op != solution.RemovePart:
			return errorf("edit", x.Name, "it stands in %s, and not in the tree: change it there", part.file.elsewhere)
		case x.Op == solution.AddPart || x.Op == solution.RemovePart:
			w.structural = true
		case part.places != nil:
			if err := w.joined(part, x); err != nil {
				return err
			}
		case x.Op == solution.ReplacePart:
			w.replace(part, x.Data)
			w.direct.Replace(x.Name, x.Data)
		default:
			src, err := part.file.read()
			if err != nil {
				return &Error{Op: "edit", Path: part.file.path, Err: err}
			}
			w.replace(part, x.Apply(src))
			for _, s := range x.Splices {
				w.direct.Splice(x.Name, s.Start, s.End, s.Text)
			}
		}
	}
	return nil
}

// replace gives a part other bytes, in each file that is it.
func (w *writing) replace(part *treePart, data []byte) {
	for _, name := range append([]string{part.file.path}, part.copies...) {
		w.data[name] = data
	}
}

// joined finds the files of splices in customizations.xml or solution.xml. A splice can be made in a file if it lies inside of
// what was copied from it, which is a component or an element of one: a component as a whole is a file. What was rescued is
// written anew, as its order and its place depend on the rest.
func (w *writing) joined(part *treePart, x solution.PartChange) error {
	if x.Op != solution.SplicePart {
		w.structural = true
		return nil
	}
	text, err := part.file.read()
	if err != nil {
		return &Error{Op: "edit", Path: part.file.path, Err: err}
	}
	for _, s := range x.Splices {
		source, from, to, ok := part.places.record.Between(text, s.Start, s.End)
		if !ok {
			w.structural = true
			continue
		}
		span := part.places.spans[source]
		if from <= int(span.start) || to >= int(span.end) || strings.EqualFold(span.path, rescuedPath) || w.moved && isSplit(span.path) {
			w.structural = true
			continue
		}
		w.splices[span.path] = append(w.splices[span.path], diag.Edit{File: span.path, Start: from, End: to, New: s.Text})
		w.direct.Splice(x.Name, s.Start, s.End, s.Text)
	}
	return nil
}

// isSplit reports whether a file holds components that were taken out of customizations.xml.
func isSplit(name string) bool {
	return !strings.EqualFold(name, otherCustomizations) && !strings.EqualFold(name, otherSolution)
}

// judge takes back that splices can be made in place if the tree that Unpack would make has other files then: a component
// that lost its name, or names another file, has another place.
func (w *writing) judge() error {
	if !slices.ContainsFunc(slices.Collect(maps.Keys(w.splices)), isSplit) {
		return nil
	}
	direct, err := w.direct.Change()
	if err != nil {
		return err
	}
	before, err := w.unchanged()
	if err != nil {
		return err
	}
	done, err := w.unpacked(direct)
	if err != nil {
		return err
	}
	was, err := before.listLines(unclaimedPath)
	if err != nil {
		return err
	}
	is, err := done.listLines(unclaimedPath)
	if err != nil {
		return err
	}
	if slices.Equal(before.Names(), done.Names()) && slices.Equal(was, is) && sameSplit(before, done, direct) {
		return nil
	}
	w.structural, w.moved = true, true
	return w.sort()
}

// sameSplit reports whether the files of two trees, of parts before and after a change, are made of the same elements.
func sameSplit(before, after *Tree, change *solution.Change) bool {
	var splices []solution.Splice
	for x := range change.Parts() {
		if fold(x.Name) == fold(customizationsPart) {
			splices = x.Splices
		}
	}
	moved := func(offset int32) int32 {
		shift := 0
		for _, s := range splices {
			if s.Start > len(byteOrderMark)+int(offset) {
				break
			}
			shift += len(s.Text) - (s.End - s.Start)
		}
		return offset + int32(shift)
	}
	for _, f := range before.sys.files {
		now := after.findFold(f.path)
		if now == nil || !slices.EqualFunc(f.spans, now.spans, func(a, b span) bool { return moved(a.start) == b.start }) {
			return false
		}
	}
	return true
}

// inPlace returns t with what can be done in place.
func (w *writing) inPlace(t *Tree) (*Tree, error) {
	var files []*file
	for name, edits := range w.splices {
		f := t.findFold(name)
		data, err := t.spliced(name, edits)
		if err != nil {
			return nil, err
		}
		if data, err = t.sortedAs(f.path, data); err != nil {
			return nil, err
		}
		files = append(files, memoryFile(f.path, data))
	}
	for name, data := range w.data {
		files = append(files, memoryFile(name, data))
	}
	inApps, gone, err := t.withApps(w.data)
	if err != nil {
		return nil, err
	}
	out := t.withFile(append(files, inApps...)...)
	out.sys.files = slices.DeleteFunc(out.sys.files, func(f *file) bool { return at(gone, f.path) })
	return out, nil
}

// spliced returns an XML file with edits made, whose offsets are those of its text in UTF-8 without a byte order mark.
func (t *Tree) spliced(name string, edits []diag.Edit) ([]byte, error) {
	raw, err := t.findFold(name).read()
	if err != nil {
		return nil, &Error{Op: "edit", Path: name, Err: err}
	}
	return splicedXML(name, raw, edits)
}

func splicedXML(name string, raw []byte, edits []diag.Edit) ([]byte, error) {
	text, err := utf8XML(raw, name)
	if err != nil {
		return nil, err
	}
	out, err := xmlspan.AsUTF8(raw) // as it is written, with another encoding in its declaration if need be
	if err != nil {
		return nil, xmlError(err, name, raw)
	}
	crlf := bytes.Contains(raw, []byte("\r\n"))
	for i := range edits {
		edits[i].Start += len(out) - len(text)
		edits[i].End += len(out) - len(text)
		if crlf {
			edits[i].New = strings.ReplaceAll(strings.ReplaceAll(edits[i].New, "\r\n", "\n"), "\n", "\r\n")
		}
	}
	out, err = diag.Apply(out, edits)
	if err != nil {
		return nil, &Error{Op: "edit", Path: name, Err: err}
	}
	return out, nil
}

// sortedAs returns new bytes of a file of t in which the lists that Unpack sorts are sorted if they were before.
func (t *Tree) sortedAs(name string, data []byte) ([]byte, error) {
	old, err := t.findFold(name).read()
	if err != nil {
		return nil, &Error{Op: "edit", Path: name, Err: err}
	}
	var docs [2]*xmlspan.Document
	for i, raw := range [][]byte{old, data} {
		if docs[i], err = parseXML(raw, name, 4, t.limits); err != nil {
			return nil, err
		}
	}
	was := sortedListsOfFile(docs[0], name)
	var edits []diag.Edit
	for _, list := range sortedListsOfFile(docs[1], name) {
		i := slices.IndexFunc(was, func(l foundList) bool { return l.name == list.name })
		if i >= 0 && was[i].isSorted() {
			edits = append(edits, list.edits()...)
		}
	}
	return splicedXML(name, data, edits)
}

// anew brings back what can't be done in place: it unpacks the parts with all of the change, and with what was done in place
// alone, and takes over the files in which they differ.
func (w *writing) anew(t *Tree) (*Tree, error) {
	direct, err := w.direct.Change()
	if err != nil {
		return nil, err
	}
	before, err := w.unchanged()
	if err != nil {
		return nil, err
	}
	done, err := w.unpacked(direct)
	if err != nil {
		return nil, err
	}
	after, err := w.unpacked(w.change)
	if err != nil {
		return nil, err
	}
	gone := map[string]bool{}
	var files []*file
	for _, f := range done.sys.files {
		if after.findFold(f.path) == nil && !isList(f.path) {
			gone[fold(w.place(t, before, f.path))] = true
		}
	}
	for _, f := range after.sys.files {
		if isList(f.path) {
			continue
		}
		data, err := f.read()
		if err != nil {
			return nil, &Error{Op: "edit", Path: f.path, Err: err}
		}
		var had []byte
		if old := done.findFold(f.path); old != nil {
			if had, err = old.read(); err != nil {
				return nil, &Error{Op: "edit", Path: f.path, Err: err}
			}
			if bytes.Equal(had, data) {
				continue
			}
		}
		name := w.place(t, before, f.path)
		if data, err = w.kept(t, name, had, data); err != nil {
			return nil, err
		}
		delete(gone, fold(name))
		files = append(files, memoryFile(name, data))
	}
	if err := w.checkHeld(after); err != nil {
		return nil, err
	}
	t.goneApps(gone)
	if err := w.checkTwins(t, gone); err != nil {
		return nil, err
	}
	out := t.withFile(files...)
	out.sys.files = slices.DeleteFunc(out.sys.files, func(f *file) bool { return at(gone, f.path) })
	return out.withLists(done, after, gone)
}

// checkHeld refuses to take a section from one package alone if files that would then belong to no section stand in its folder.
func (w *writing) checkHeld(after *Tree) error {
	for _, section := range w.held {
		folder := layoutOf(section).folder
		for _, f := range after.sys.files {
			if folder != "" && strings.EqualFold(topFolder(f.path), folder) {
				return errorf("edit", otherCustomizations, "%w: section %s can't go from one package alone, as %s stands in its folder: remove that, too, or leave the section empty", ErrKind, section, f.path)
			}
		}
	}
	return nil
}

// isList reports whether a file is one of the lists of what was kept, whose lines name files of the tree.
func isList(name string) bool {
	return strings.EqualFold(name, unclaimedPath) || strings.EqualFold(name, renamedPath)
}

func lineSet(lines []string) map[string]bool {
	set := make(map[string]bool, len(lines))
	for _, line := range lines {
		set[line] = true
	}
	return set
}

// withLists returns t with the lines of the lists that after has and before does not, and without those of which it is the
// reverse, or which name a file that has gone. A list without lines goes.
func (t *Tree) withLists(before, after *Tree, gone map[string]bool) (*Tree, error) {
	for _, name := range []string{unclaimedPath, renamedPath} {
		have, err := t.listLines(name)
		if err != nil {
			return nil, err
		}
		was, err := before.listLines(name)
		if err != nil {
			return nil, err
		}
		wanted, err := after.listLines(name)
		if err != nil {
			return nil, err
		}
		isBefore, isAfter := lineSet(was), lineSet(wanted)
		lines := slices.DeleteFunc(slices.Clone(have), func(line string) bool {
			of, _, _ := strings.Cut(line, "\t")
			return at(gone, unquoteLine(of)) || isBefore[line] && !isAfter[line]
		})
		isThere := lineSet(lines)
		for _, line := range wanted {
			if !isBefore[line] && !isThere[line] {
				isThere[line] = true
				lines = append(lines, line)
			}
		}
		if slices.Equal(lines, have) {
			continue
		}
		slices.Sort(lines)
		old := t.findFold(name)
		t = t.withFile()
		t.sys.files = slices.DeleteFunc(t.sys.files, func(f *file) bool { return f == old })
		if len(lines) > 0 {
			t = t.withFile(memoryFile(name, []byte(strings.Join(lines, "\n")+"\n")))
		}
	}
	return t, nil
}

// listLines returns the lines of a list, none if there is no such file.
func (t *Tree) listLines(name string) ([]string, error) {
	f := t.findFold(name)
	if f == nil {
		return nil, nil
	}
	data, err := f.read()
	if err != nil {
		return nil, &Error{Op: "edit", Path: f.path, Err: err}
	}
	return readList(data), nil
}

// unchanged returns the tree of the parts as they are.
func (w *writing) unchanged() (*Tree, error) {
	if w.before == nil {
		t, err := w.unpacked(&solution.Change{})
		if err != nil {
			return nil, err
		}
		w.before = t
	}
	return w.before, nil
}

// unpacked returns the tree of the parts with a change made.
func (w *writing) unpacked(change *solution.Change) (*Tree, error) {
	parts, err := change.Apply(w.parts)
	if err != nil {
		return nil, err
	}
	pkg, err := packageOf(parts, w.parts.entryNames(change), w.parts.tree.limits)
	if err != nil {
		return nil, err
	}
	return Unpack(pkg, &UnpackOptions{Newline: w.newline})
}

// place returns the path that a file of the unpacked parts has in the tree: components may stand there under another name than
// Unpack gives them.
func (w *writing) place(t, before *Tree, name string) string {
	if f := t.findFold(name); f != nil {
		return f.path
	}
	f := before.findFold(name)
	switch {
	case f == nil:
		return name
	case f.entry != nil:
		if part := w.parts.byFold[fold(f.entry.part)]; part != nil {
			return part.file.path
		}
		return name
	case len(f.spans) == 0:
		return name
	}
	joined := w.parts.byFold[fold(customizationsPart)].places
	start := len(byteOrderMark) + int(f.spans[0].start) // spans are of the text without the mark, with which parts begin
	if at, ok := joined.record.At(start); ok && at.Exact {
		if path := joined.spans[at.Source].path; path != otherCustomizations {
			return path
		}
	}
	return name
}

// kept returns the new bytes of a file, in which the tree keeps what it may write otherwise than Unpack does: of
// Other/Customizations.xml only the sections change that differ between old and data, and a tree of both kinds stays one.
func (w *writing) kept(t *Tree, name string, old, data []byte) ([]byte, error) {
	switch {
	case strings.EqualFold(name, otherSolution) && t.manifest.Kind() == solution.Both:
		text, err := utf8XML(data, name)
		if err != nil {
			return nil, err
		}
		m, err := solution.ParseManifest(text, name)
		if err != nil {
			return nil, err
		}
		return append(slices.Clone(byteOrderMark), m.WithKind(solution.Both).Bytes()...), nil
	case strings.EqualFold(name, otherCustomizations) && old != nil:
		return w.withSections(t, name, old, data)
	}
	return data, nil
}

// withSections returns Other/Customizations.xml with the sections added, removed and replaced in which after differs from
// before. Where sections can't be told apart by name it is after. A section stays, empty, if the package of the other kind has
// files in it.
func (w *writing) withSections(t *Tree, name string, before, after []byte) ([]byte, error) {
	raw, err := t.findFold(name).read()
	if err != nil {
		return nil, &Error{Op: "edit", Path: name, Err: err}
	}
	var docs [3]*xmlspan.Document
	var nodes [3]map[string]int32
	for i, src := range [][]byte{raw, before, after} {
		if docs[i], err = parseXML(src, name, 1, t.limits); err != nil {
			return nil, err
		}
		nodes[i] = map[string]int32{}
		for c := range docs[i].Elements(docs[i].Root()) {
			if _, twice := nodes[i][docs[i].Name(c)]; twice {
				return after, nil
			}
			nodes[i][docs[i].Name(c)] = c
		}
	}
	have, old, wanted := docs[0], docs[1], docs[2]
	if have.Nodes[have.Root()].Kind == xmlspan.EmptyTag {
		return after, nil
	}
	var edits []diag.Edit
	for section, c := range nodes[0] {
		n := &have.Nodes[c]
		switch now, stays := nodes[2][section]; {
		case !stays:
			if _, had := nodes[1][section]; !had {
				continue
			}
			if w.heldByOther(section) {
				w.held = append(w.held, section)
			} else {
				start := len(bytes.TrimRight(have.Src[:n.Start], " \t\r\n"))
				edits = append(edits, diag.Edit{Start: start, End: int(n.End)})
			}
		default:
			if o, had := nodes[1][section]; !had || !bytes.Equal(old.Bytes(o), wanted.Bytes(now)) {
				edits = append(edits, diag.Edit{Start: int(n.Start), End: int(n.End), New: string(wanted.Bytes(now))})
			}
		}
	}
	at := int(have.Nodes[have.Root()].OpenEnd) // behind the section that a new one follows
	for c := range wanted.Elements(wanted.Root()) {
		section := wanted.Name(c)
		if n, ok := nodes[0][section]; ok {
			at = int(have.Nodes[n].End)
			continue
		}
		if _, had := nodes[1][section]; !had {
			edits = append(edits, diag.Edit{Start: at, End: at, New: "\n  " + string(wanted.Bytes(c))})
		}
	}
	return t.spliced(name, edits)
}

// withFile returns t with files added or replaced.
func (t *Tree) withFile(files ...*file) *Tree {
	replaced := make(map[string]bool, len(files))
	for _, f := range files {
		replaced[fold(f.path)] = true
	}
	kept := slices.DeleteFunc(slices.Clone(t.sys.files), func(have *file) bool { return replaced[fold(have.path)] })
	out := *t
	out.joined = &joinedParts{}
	out.sys = &fileSystem{files: append(kept, files...)}
	out.sys.sort()
	return &out
}

// withManifestOf reads the manifest of a tree made of t.
func (t *Tree) withManifestOf(old *Tree) (*Tree, error) {
	f := t.findFold(otherSolution)
	if f == nil {
		return nil, errorf("edit", otherSolution, "%w: the change removes it", ErrFormat)
	}
	if f == old.findFold(otherSolution) {
		return t, nil
	}
	data, err := f.read()
	if err != nil {
		return nil, &Error{Op: "edit", Path: f.path, Err: err}
	}
	if data, err = utf8XML(data, f.path); err != nil {
		return nil, err
	}
	m, err := solution.ParseManifest(data, f.path)
	if err != nil {
		return nil, err
	}
	t.manifest = m
	return t, nil
}
