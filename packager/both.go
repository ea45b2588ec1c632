package packager

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/lazyregexp"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// UnpackBoth makes one tree of both kinds of two packages of one solution, as the reference tool makes of X.zip and
// X_managed.zip. What that tool would lose of either is kept in Other (see the package comment), so that packing each kind gives
// back that package. It refuses packages that differ in name, version or publisher with an error that says in what.
//
// What [Unpack] says of packages and their readers goes for both.
func UnpackBoth(unmanaged, managed solution.Parts, opts *UnpackOptions) (*Tree, error) {
	newline, err := opts.newline()
	if err != nil {
		return nil, err
	}
	var trees [2]*Tree
	var packages [2]*Package
	for kind, parts := range [2]solution.Parts{unmanaged, managed} {
		if packages[kind], err = openParts(parts); err != nil {
			return nil, halfError(solution.Kind(kind), err)
		}
	}
	if err := belongTogether(packages[0].manifest, packages[1].manifest); err != nil {
		return nil, err
	}
	labels := newLabelSet(solution.Both)
	for kind, p := range packages {
		if trees[kind], err = unpackPackage(p, newline, opts, labels); err != nil {
			return nil, halfError(solution.Kind(kind), err)
		}
	}
	return joinHalves(trees, newline)
}

// halfError says in which package an error is.
func halfError(kind solution.Kind, err error) error {
	return fmt.Errorf("the %s package: %w", kind, err)
}

// belongTogether refuses two packages that are not one solution in two kinds.
func belongTogether(unmanaged, managed *solution.Manifest) error {
	for kind, m := range []*solution.Manifest{unmanaged, managed} {
		if want := solution.Kind(kind); m.Kind() != want {
			return errorf("unpack", solutionPart, "%w: the package that is taken for the %s one is %s", ErrKind, want, m.Kind())
		}
	}
	var differ []string
	for _, x := range []struct{ what, a, b string }{
		{"unique name", unmanaged.UniqueName(), managed.UniqueName()},
		{"version", versionOf(unmanaged), versionOf(managed)},
		{"publisher", unmanaged.Publisher().UniqueName, managed.Publisher().UniqueName},
	} {
		if !strings.EqualFold(x.a, x.b) && !(x.what == "publisher" && isDefaultPublisher(x.a) && isDefaultPublisher(x.b)) {
			differ = append(differ, fmt.Sprintf("the %s is %q in the unmanaged package and %q in the managed one", x.what, x.a, x.b))
		}
	}
	if len(differ) > 0 {
		return errorf("unpack", solutionPart, "the packages are not one solution in two kinds: %s: export both again", strings.Join(differ, ", "))
	}
	return nil
}

// defaultPublisher is the unique name of a publisher that an environment makes for itself.
var defaultPublisher = lazyregexp.New(`^(?i:DefaultPublisher.*|cr[0-9a-f]{5})$`)

// isDefaultPublisher reports whether a publisher is the default one of its environment, which an export from another one does not
// have: a pair of real packages differs so.
func isDefaultPublisher(name string) bool { return defaultPublisher.MatchString(name) }

// versionOf is the version of a manifest, as it is written if it can't be read.
func versionOf(m *solution.Manifest) string {
	if v := m.Version(); !v.IsZero() {
		return v.String()
	}
	return m.VersionText()
}

// joinHalves makes one tree of two. The reference tool writes the managed files after the unmanaged ones, of some kinds over
// these, of others only what is not there in an unmanaged form, and of most none (observed): so one of two becomes the main file,
// and the other one is kept.
func joinHalves(trees [2]*Tree, newline string) (*Tree, error) {
	j := joining{trees: trees, main: map[string]*file{}, folders: map[string]string{}, lines: newHalfLines()}
	if a, b := trees[0].manifest.Publisher().UniqueName, trees[1].manifest.Publisher().UniqueName; !strings.EqualFold(a, b) {
		j.found.in(ruleTwoPublishers, otherSolution, "the publisher is %q in the unmanaged package and %q in the managed one: export both from one environment", a, b)
	}
	if err := j.mainFiles(); err != nil {
		return nil, err
	}
	for kind := range trees {
		if err := j.keep(solution.Kind(kind)); err != nil {
			return nil, err
		}
	}
	t := &Tree{sys: &fileSystem{files: j.kept}, limits: trees[0].limits, mapping: trees[0].mapping, joined: &joinedParts{}}
	for _, f := range j.main {
		t.sys.files = append(t.sys.files, f)
	}
	if list := j.lines.file(newline); list.path != "" {
		t.sys.files = append(t.sys.files, list)
	}
	if n := len(t.sys.files); n > t.limits.Files {
		return nil, errorf("unpack", "", "%d files: %w of %d", n, ErrLimit, t.limits.Files)
	}
	t.sys.sort()
	j.found.rest(halvesPath)
	t.found = append(j.found.list, joinFindings(trees[0].found, trees[1].found)...)
	t.found.Sort()
	var err error
	t.manifest, err = t.parsedManifest()
	return t, err
}

// joinFindings returns the findings of both packages, those that both have once.
func joinFindings(a, b diag.List) diag.List {
	seen := make(map[string]bool, len(a))
	for _, d := range a {
		seen[d.String()] = true
	}
	return append(slices.Clone(a), slices.DeleteFunc(slices.Clone(b), func(d diag.Diagnostic) bool { return seen[d.String()] })...)
}

// A joining makes a tree of both kinds of the trees of its packages.
type joining struct {
	trees   [2]*Tree // by kind
	main    map[string]*file
	folders map[string]string // of these, by folded path
	kept    []*file
	lines   halfLines
	found   findings
}

// mainFiles chooses the main files.
func (j *joining) mainFiles() error {
	unmanaged, managed := j.trees[solution.Unmanaged], j.trees[solution.Managed]
	for _, f := range unmanaged.sys.files {
		other, ok := managed.sys.find(f.path)
		switch {
		case !isOfTool(f.path):
			same, err := ok, error(nil)
			if ok {
				same, err = equalFiles(f, other)
			}
			if err != nil {
				return err
			}
			if same {
				j.put(f)
			}
		case ok && managedWins(other):
			j.put(other)
		default:
			j.put(f)
		}
	}
	for _, f := range managed.sys.files {
		if isOfTool(f.path) && managedWins(f) && j.fits(f.path) {
			j.put(f)
		}
	}
	manifest := j.main[fold(otherSolution)]
	data, err := asKind(manifest, solution.Both)
	if err != nil {
		return err
	}
	j.main[fold(otherSolution)] = memoryFile(otherSolution, data)
	return nil
}

// isOfTool reports whether the reference tool writes files at a path, or only this package does.
func isOfTool(p string) bool {
	_, unclaimed := cutFolder(p, strings.TrimSuffix(keptFolder, "/"))
	return !unclaimed && !isList(p) && !strings.EqualFold(p, rescuedPath)
}

// managedWins reports whether the reference tool writes a file of the managed package, over that of the unmanaged one if there
// is one: the head files, of tables all but forms, views, charts and formulas, files of no section, and managed forms of files
// that have two.
func managedWins(f *file) bool {
	if f.raw || f.path == otherCustomizations || f.path == otherSolution {
		return true
	}
	if segments := strings.Split(f.path, "/"); len(segments) == 3 && segments[0] == "Entities" {
		return segments[2] == entityFile || segments[2] == ribbonFile
	}
	stem, managed := strings.CutSuffix(f.path, managedXML)
	return managed && formsByPath(stem+".xml")
}

// put makes f a main file.
func (j *joining) put(f *file) {
	j.main[fold(f.path)] = f
	for i := range len(f.path) {
		if f.path[i] == '/' {
			j.folders[fold(f.path[:i])] = f.path[:i]
		}
	}
}

// fits reports whether a file can stand beside the main files: none has its path, and its folders are spelled as theirs.
func (j *joining) fits(p string) bool {
	for i := range len(p) {
		if p[i] != '/' {
			continue
		}
		if have := at(j.folders, p[:i]); have != "" && have != p[:i] || at(j.main, p[:i]) != nil {
			return false
		}
	}
	return at(j.main, p) == nil && at(j.folders, p) == ""
}

// keep keeps what the package of a kind has otherwise than in the main files.
func (j *joining) keep(kind solution.Kind) error {
	t := j.trees[kind]
	for _, f := range t.sys.files {
		main := at(j.main, f.path)
		if main == f {
			continue
		}
		if main != nil && main.path == f.path {
			same, err := sameInHalf(main, f, kind)
			if err != nil {
				return err
			}
			if same {
				continue
			}
		}
		g := *f
		g.path, g.key, g.raw = halfFolder(kind)+"/"+f.path, "", false
		j.kept = append(j.kept, &g)
		if main == nil {
			j.found.in(ruleOneKind, f.path, "only the %s package has this file: it is kept as %s", kind, g.path)
			continue
		}
		digest, err := mainDigest(main)
		if err != nil {
			return err
		}
		j.lines.set(kind, main.path, digest)
		j.found.in(ruleOneKind, f.path, "the %s package has another file here: it is kept as %s", kind, g.path)
	}
	for _, main := range j.main {
		if t.findFold(main.path) == nil && !j.isOtherForm(main.path, kind) && !isResource(main.path) {
			j.lines.set(kind, main.path, withoutMain)
			j.found.in(ruleOneKind, main.path, "the %s package is without this file: %s says so", kind, halvesPath)
		}
	}
	return nil
}

// isResource reports whether a file is a resource file of labels, which a tree has once.
func isResource(p string) bool { return strings.EqualFold(topFolder(p), "Resources") }

// isOtherForm reports whether a main file that the package of a kind does not have is a form of one that it has.
func (j *joining) isOtherForm(p string, kind solution.Kind) bool {
	form := managedTwin(p)
	if kind == solution.Unmanaged {
		stem, managed := strings.CutSuffix(p, managedXML)
		if !managed {
			return false
		}
		form, p = stem+".xml", stem+".xml"
	}
	return formsByPath(p) && j.trees[kind].findFold(form) != nil
}

// sameInHalf reports whether the package of a kind has the main file.
func sameInHalf(main, own *file, kind solution.Kind) (bool, error) {
	if main.path != otherSolution {
		return equalFiles(main, own)
	}
	data, err := asKind(main, kind)
	if err != nil {
		return false, err
	}
	return equalFiles(memoryFile(main.path, data), own)
}

// equalFiles compares two files.
func equalFiles(a, b *file) (bool, error) {
	if a.size >= 0 && b.size >= 0 && a.size != b.size {
		return false, nil
	}
	var data [2][]byte
	for i, f := range []*file{a, b} {
		var err error
		if data[i], err = f.read(); err != nil {
			return false, &Error{Op: "unpack", Path: f.path, Err: err}
		}
	}
	return bytes.Equal(data[0], data[1]), nil
}

// asKind returns Other/Solution.xml with that kind in it.
func asKind(f *file, kind solution.Kind) ([]byte, error) {
	data, err := f.read()
	if err != nil {
		return nil, &Error{Op: "unpack", Path: f.path, Err: err}
	}
	m, err := parseManifest(data, f.path)
	if err != nil {
		return nil, err
	}
	text := m.WithKind(kind).Bytes()
	if bytes.HasPrefix(data, byteOrderMark) && !bytes.HasPrefix(text, byteOrderMark) {
		text = append(slices.Clone(byteOrderMark), text...)
	}
	return text, nil
}
