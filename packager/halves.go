package packager

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A tree of both kinds has most files once, for both packages. Where the package of a kind has something else, that stands in
// Other, of which the reference tool takes no notice:
//
//   - Other/unmanaged/ and Other/managed/ hold the files that the package of that kind has in the place of others, below them
//     by the path of those. Here others are called the main files.
//   - Other/halves.txt has a line for each of them that stands for a main file, and for each main file that the package of a
//     kind is without: path, tab, kind, tab, and the digest of the main file for which the other one stands, or "without".
//
// So a main file that was edited is not hidden by a file that stands for what it was: it is packed, and a finding tells. A
// file without a line stands for no main file, and is packed as long as there is none.
const (
	halvesPath      = "Other/halves.txt"
	unmanagedFolder = "Other/unmanaged"
	managedFolder   = "Other/managed"

	withoutMain = "without"
)

// halfFolder is the folder of what the package of a kind has for itself.
func halfFolder(kind solution.Kind) string {
	if kind == solution.Managed {
		return managedFolder
	}
	return unmanagedFolder
}

// otherHalf is the kind of the other package.
func otherHalf(kind solution.Kind) solution.Kind {
	if kind == solution.Managed {
		return solution.Unmanaged
	}
	return solution.Managed
}

// isHalfFile reports whether a file of a tree belongs to one half only, or says so of others.
func isHalfFile(p string) bool {
	return inHalf(p) != p || strings.EqualFold(p, halvesPath)
}

// inHalf returns the path that a file has in the tree of its half.
func inHalf(p string) string {
	for _, folder := range []string{unmanagedFolder, managedFolder} {
		if own, ok := cutFolder(p, folder); ok {
			return own
		}
	}
	return p
}

// isHalfOf reports whether a folder holds what one package of a tree has for itself.
func isHalfOf(dir string) bool {
	name := path.Join(path.Base(path.Dir(dir)), path.Base(dir))
	return strings.EqualFold(name, unmanagedFolder) || strings.EqualFold(name, managedFolder)
}

// A halfLine is a line of Other/halves.txt.
type halfLine struct {
	path string
	what string // a digest, or withoutMain
}

// halfLines are the lines of Other/halves.txt, by kind and folded path.
type halfLines [2]map[string]halfLine

func newHalfLines() halfLines { return halfLines{{}, {}} }

func (l halfLines) set(kind solution.Kind, p, what string) { l[kind][fold(p)] = halfLine{p, what} }

// halfLines reads Other/halves.txt.
func (t *Tree) halfLines() (halfLines, error) {
	out := newHalfLines()
	f := t.findFold(halvesPath)
	if f == nil {
		return out, nil
	}
	data, err := f.read()
	if err != nil {
		return out, &Error{Op: "load", Path: f.path, Err: err}
	}
	for i, line := range readList(data) {
		fields := strings.Split(line, "\t")
		var kind solution.Kind
		if len(fields) == 3 {
			kind, err = solution.ParseKind(fields[1])
		}
		if len(fields) != 3 || err != nil || kind == solution.Both || fields[2] != withoutMain && !isDigest(fields[2]) {
			return out, errorf("load", f.path, "line %d: %q is not a path, a tab, managed or unmanaged, a tab, and a digest or %q", i+1, line, withoutMain)
		}
		p := unquoteLine(fields[0])
		if _, twice := out[kind][fold(p)]; twice {
			return out, errorf("load", f.path, "line %d: %w: %s has a line of the %s package already: remove one", i+1, ErrFormat, p, kind)
		}
		out.set(kind, p, fields[2])
	}
	return out, nil
}

// file is Other/halves.txt, an anonymous file if there are no lines.
func (l halfLines) file(newline string) *file {
	var lines []string
	for kind, byPath := range l {
		for _, line := range byPath {
			lines = append(lines, quoteLine(line.path)+"\t"+solution.Kind(kind).String()+"\t"+line.what)
		}
	}
	slices.Sort(lines)
	if len(lines) == 0 {
		return &file{}
	}
	return memoryFile(halvesPath, []byte(strings.Join(lines, newline)+newline))
}

// digestLength is how many hexadecimal digits the digest of a main file has.
const digestLength = 16

func isDigest(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil && len(s) == digestLength
}

// mainDigest is the digest of a main file. It does not depend on how lines and the file end, which a checkout and an editor may
// change, nor on the version of the solution, which both packages share.
func mainDigest(f *file) (string, error) {
	data, err := f.read()
	if err != nil {
		return "", &Error{Op: "read", Path: f.path, Err: err}
	}
	if strings.EqualFold(f.path, otherSolution) {
		if m, err := parseManifest(data, f.path); err == nil && !m.Version().IsZero() {
			data = m.WithVersion(anyVersion).Bytes()
		}
	}
	data = bytes.ReplaceAll(bytes.TrimPrefix(data, byteOrderMark), []byte("\r\n"), []byte("\n"))
	data = bytes.TrimRight(data, "\n")
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])[:digestLength], nil
}

var anyVersion = solution.Version{Major: 1}

func parseManifest(data []byte, name string) (*solution.Manifest, error) {
	text, err := utf8XML(data, name)
	if err != nil {
		return nil, err
	}
	return solution.ParseManifest(text, name)
}

// hasHalves reports whether the packages of a tree of both kinds have files for themselves.
func (t *Tree) hasHalves() bool {
	return t.manifest.Kind() == solution.Both && slices.ContainsFunc(t.sys.files, func(f *file) bool { return isHalfFile(f.path) })
}

// half returns the tree of the package of a kind: the main files, and in their place what the package has for itself. It is t if
// nothing is.
func (t *Tree) half(kind solution.Kind) (*Tree, error) {
	if !t.hasHalves() {
		return t, nil
	}
	lines, err := t.halfLines()
	if err != nil {
		return nil, err
	}
	out := halving{Tree: *t, kind: kind}
	out.found, out.joined, out.whole, out.stands, out.sys = nil, &joinedParts{}, t, map[string]string{}, &fileSystem{}
	own := map[string]*file{}
	for _, f := range t.sys.files {
		p, ok := cutFolder(f.path, halfFolder(kind))
		switch {
		case !ok:
		case isHalfFile(p):
			out.told.in(ruleHalfNotUsed, f.path, "%s can't stand for %s, which is of one kind itself: remove it", f.path, p)
		default:
			g := *f
			g.path, g.key = p, ""
			own[fold(p)] = &g
			out.stands[fold(p)] = f.path
		}
	}
	for _, f := range t.sys.files {
		if isHalfFile(f.path) {
			continue
		}
		line, listed := lines[kind][fold(f.path)]
		switch g := own[fold(f.path)]; {
		case g == nil && line.what == withoutMain:
			out.told.in(ruleOneKind, f.path, "the %s package is without this file, as %s says", kind, halvesPath)
			continue
		case g == nil && listed:
			out.told.in(ruleRescueUnused, halvesPath, "%q: there is no %s: the %s package has the main file", f.path, halfFolder(kind)+"/"+f.path, kind)
		case g != nil:
			digest, err := mainDigest(f)
			if err != nil {
				return nil, err
			}
			if line.what == digest {
				out.sys.files = append(out.sys.files, g)
			}
			delete(own, fold(f.path))
			if line.what == digest {
				continue
			}
			out.notUsed(f.path, digest, listed)
		}
		out.sys.files = append(out.sys.files, f)
	}
	for key, g := range own {
		if line, listed := lines[kind][key]; listed && line.what != withoutMain {
			out.told.in(ruleHalfNotUsed, out.stands[key], "the file for which it stands, %s, is not there any more, so the %s package is without it: remove it too, or remove its line from %s", g.path, kind, halvesPath)
			delete(out.stands, key)
			continue
		}
		out.sys.files = append(out.sys.files, g)
	}
	for key, line := range lines[kind] {
		if t.findFold(line.path) == nil && own[key] == nil {
			out.told.in(ruleRescueUnused, halvesPath, "%q is not in the tree: remove its line", line.path)
		}
	}
	out.sys.sort()
	out.told.rest(halvesPath)
	out.found = append(out.told.list, t.found...)
	out.found.Sort()
	return &out.Tree, out.readHalfManifest(t)
}

// A halving makes the tree of one half.
type halving struct {
	Tree
	kind solution.Kind
	told findings
}

// notUsed tells of a file that stands for a main file which has changed.
func (h *halving) notUsed(p, digest string, listed bool) {
	own := at(h.stands, p)
	delete(h.stands, fold(p))
	why := "was edited since"
	if !listed {
		why = "is there too, with no line that says that this file stands for it"
	}
	h.told.in(ruleHalfNotUsed, own, "%s %s: it is in the %s package in the place of this file: remove this one, or make the edit here too and write the digest %s to the line of both in %s",
		p, why, h.kind, digest, halvesPath)
}

// readHalfManifest reads the manifest of a half of a tree. The version is that of the main file, whatever the half says.
func (t *Tree) readHalfManifest(whole *Tree) error {
	f := t.findFold(otherSolution)
	if f == nil {
		return errorf("load", otherSolution, "%w: the tree has no Other/Solution.xml", ErrFormat)
	}
	if t.standing(f.path) == f.path {
		return nil
	}
	data, err := f.read()
	if err != nil {
		return &Error{Op: "load", Path: t.standing(f.path), Err: err}
	}
	m, err := parseManifest(data, t.standing(f.path))
	if err != nil {
		return err
	}
	if v := whole.manifest.Version(); m.Version() != v {
		t.version = v
	}
	t.manifest = m.WithKind(solution.Both)
	return nil
}

// standing returns where a file of a half stands in the tree.
func (t *Tree) standing(p string) string {
	if real := at(t.stands, p); real != "" {
		return real
	}
	return p
}

// located gives findings about files of a half the places where these stand in the tree.
func (t *Tree) located(list diag.List) {
	if len(t.stands) == 0 {
		return
	}
	for i := range list {
		d := &list[i]
		d.Location.File = t.standing(d.Location.File)
		d.Related, d.Fixes = slices.Clone(d.Related), slices.Clone(d.Fixes)
		for j := range d.Related {
			d.Related[j].Location.File = t.standing(d.Related[j].Location.File)
		}
		for j := range d.Fixes {
			d.Fixes[j].Edits = slices.Clone(d.Fixes[j].Edits)
			for k := range d.Fixes[j].Edits {
				d.Fixes[j].Edits[k].File = t.standing(d.Fixes[j].Edits[k].File)
			}
		}
	}
}
