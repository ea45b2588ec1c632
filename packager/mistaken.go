package packager

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/memfs"
)

// A NotSolutionError says what an input is that was given in the place of a solution, as far as that can be told. It wraps
// [ErrFormat].
type NotSolutionError struct {
	// What it is: "git-lfs-pointer", "html", "json", "xml", "archive" (of another format than zip), "canvas-app", "app-export"
	// (of one app or flow), "data" (of the configuration migration tool), "extracted-zip", "yaml-source" (the format of Git
	// integration), "inside-tree" (the folder Other of a tree); "" if it holds solutions or nothing is known of it.
	What string
	// Inside are the solutions in it, sorted: zips, folders with solution.xml, and folders that are trees. Paths are those of
	// the zip or file system.
	Inside []string

	missing string // what should be there
	hint    string
}

// Error says what is missing, what the input is instead, and what to do.
func (e *NotSolutionError) Error() string {
	text := ErrFormat.Error()
	for _, more := range []string{e.missing, e.hint} {
		if more != "" {
			text += ": " + more
		}
	}
	return text
}

// Unwrap returns [ErrFormat].
func (e *NotSolutionError) Unwrap() error { return ErrFormat }

// pointerHint is what to do about a file that stands for another in a repository.
const pointerHint = "this is a Git LFS pointer and not the file: run git lfs pull, or have LFS files checked out"

// maxPointer bounds the size of a pointer (specification of Git LFS).
const maxPointer = 1024

// isPointer reports whether the bytes of a file are a Git LFS pointer.
func isPointer(data []byte) bool {
	return len(data) < maxPointer && (bytes.HasPrefix(data, []byte("version https://git-lfs.github.com/spec/")) ||
		bytes.HasPrefix(data, []byte("version https://hawser.github.com/spec/")))
}

// pointers tells of entries that are pointers.
func (u *unpacker) pointers() {
	for _, e := range u.pkg.entries {
		if size := e.size(); size <= 0 || size >= maxPointer {
			continue
		}
		if data, err := e.read(); err == nil && isPointer(data) { // an error is told where the entry is used
			u.found.in(rulePointer, e.name, "%s is a Git LFS pointer and not the file itself: the package can't be packed again", e.name)
		}
	}
}

// pointers refuses to pack pointers in the place of files.
func (p *packing) pointers() {
	for _, e := range p.entries {
		if e.file == nil || e.file.size <= 0 || e.file.size >= maxPointer {
			continue
		}
		if data, err := e.file.read(); err == nil && isPointer(data) { // an error is told where the entry is written
			p.missing = append(p.missing, finding(rulePointer, e.file.path, "%s is a Git LFS pointer and not the file itself: run git lfs pull", e.file.path))
		}
	}
}

// archives are the beginnings of archives that are no zips.
var archives = []struct{ magic, name string }{
	{"7z\xbc\xaf\x27\x1c", "a 7z archive"}, {"Rar!\x1a\x07", "a RAR archive"}, {"\x1f\x8b", "a gzip archive"}, {"MSCF", "a cabinet"},
	{"BZh", "a bzip2 archive"}, {"\xfd7zXZ\x00", "an xz archive"}, {"\x28\xb5\x2f\xfd", "a Zstandard archive"},
}

// notZip returns the error of a file that is no zip, by how it begins. cause is that of reading it as a zip.
func notZip(r io.ReaderAt, size int64, cause error) error {
	head := make([]byte, min(size, maxPointer))
	n, err := r.ReadAt(head, 0)
	if head = head[:n]; err != nil && err != io.EOF {
		return errorf("open", "", "%w: not a zip: %w", ErrFormat, cause)
	}
	e := &NotSolutionError{missing: "not a zip"}
	text := strings.ToLower(string(bytes.TrimLeft(bytes.TrimPrefix(head, byteOrderMark), " \t\r\n")))
	switch {
	case size < maxPointer && isPointer(head):
		e.What, e.hint = "git-lfs-pointer", pointerHint
	case strings.HasPrefix(text, "<!doctype html") || strings.HasPrefix(text, "<html") || strings.HasPrefix(text, "<head"):
		e.What, e.hint = "html", "this is an HTML page, such as one to sign in or one about the file: download the file itself"
	case strings.HasPrefix(text, "<?xml") || strings.HasPrefix(text, "<importexportxml"):
		e.What, e.hint = "xml", "this is one XML file: give the zip, or the folder of the source tree"
	case strings.HasPrefix(text, "{") || strings.HasPrefix(text, "["):
		e.What, e.hint = "json", "this is JSON, such as the message of a service that did not give the file: download the file itself"
	default:
		for _, a := range archives {
			if bytes.HasPrefix(head, []byte(a.magic)) {
				e.What, e.hint = "archive", "this is "+a.name+": give a zip"
			}
		}
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return errorf("open", "", "%w: not a zip: it begins as one and lacks the end, so it is cut off or damaged: %w", ErrFormat, cause)
	}
	if e.What == "" {
		return errorf("open", "", "%w: not a zip: %w", ErrFormat, cause)
	}
	return &Error{Op: "open", Err: e}
}

// A survey is what the paths of something tell that is no solution.
type survey struct {
	names  map[string]string // exact by folded
	zips   []string
	zipped []string // folders with solution.xml, as in a zip
	trees  []string
	yaml   []string // solution.yml of Git integration
	apps   []string // canvas apps
}

// see takes note of a path.
func (s *survey) see(name string) {
	folded := fold(name)
	s.names[folded] = name
	dir, base := path.Split(folded)
	dir = name[:len(dir)]
	switch {
	case base == "SOLUTION.XML" && (dir == "" || fold(path.Base(dir)) != "OTHER"):
		s.zipped = append(s.zipped, path.Clean(dir))
	case base == "SOLUTION.XML" && isHalfOf(path.Dir(path.Clean(dir))):
	case base == "SOLUTION.XML":
		s.trees = append(s.trees, path.Dir(path.Clean(dir)))
	case base == "SOLUTION.YML" && strings.Contains("/"+fold(dir), "/SOLUTIONS/"):
		s.yaml = append(s.yaml, name)
	case strings.HasSuffix(base, ".ZIP"):
		s.zips = append(s.zips, name)
	case strings.HasSuffix(base, ".MSAPP"):
		s.apps = append(s.apps, name)
	}
}

func (s *survey) has(name string) bool { return s.names[fold(name)] != "" }

// hasBelow reports whether a folder holds a file of that name.
func (s *survey) hasBelow(name string) bool {
	for folded := range s.names {
		if dir, base := path.Split(folded); base == fold(name) && strings.Count(dir, "/") == 1 {
			return true
		}
	}
	return false
}

// yamlManifest is the manifest of a solution in the YAML of Git integration.
const yamlManifest = "solution.yml"

// some names a few of a list, and says how many others there are.
func some(list []string) string {
	const few = 3
	text := strings.Join(list[:min(few, len(list))], ", ")
	if list[0] == "." {
		text = "in its root"
	} else if n := len(list) - few; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}

// down says how far below something is.
func down(name string) string {
	n := strings.Count(name, "/")
	if n == 1 {
		return "one folder down"
	}
	return fmt.Sprintf("%d folders down", n)
}

// inside returns the error of something that holds solutions, and what to do with each kind of them.
func (s *survey) inside(e *NotSolutionError, zipped, trees, zips string) {
	var hints []string
	say := func(list []string, text string) {
		if slices.Sort(list); len(list) > 0 {
			hints = append(hints, text)
			e.Inside = append(e.Inside, list...)
		}
	}
	if slices.Sort(s.zipped); len(s.zipped) > 0 {
		name := s.zipped[0] + "/" + solutionPart
		say(s.zipped, fmt.Sprintf("%s is %s: "+zipped, name, down(name), s.zipped[0]))
	}
	if slices.Sort(s.trees); len(s.trees) > 0 {
		say(s.trees, fmt.Sprintf(trees, some(s.trees)))
	}
	if slices.Sort(s.zips); len(s.zips) > 0 {
		say(s.zips, fmt.Sprintf(zips, some(s.zips)))
	}
	e.hint = strings.Join(hints, "; ")
	slices.Sort(e.Inside)
}

// noManifest returns the error of a zip without solution.xml.
func (p *Package) noManifest() error {
	s := &survey{names: map[string]string{}}
	for _, e := range p.entries {
		s.see(e.part)
	}
	e := &NotSolutionError{missing: "the zip has no solution.xml at its root"}
	switch {
	case s.has("Header.json") && s.has("Properties.json"):
		e.What, e.hint = "canvas-app", "this is a canvas app (msapp), and no solution: export the solution that holds it"
	case s.has("manifest.json") && slices.ContainsFunc(p.entries, func(x *entry) bool {
		return topFolder(fold(x.part)) == "MICROSOFT.POWERAPPS" || topFolder(fold(x.part)) == "MICROSOFT.FLOW"
	}):
		e.What, e.hint = "app-export", "this is the export of an app or a flow alone: add it to a solution, and export that"
	case s.has("data_schema.xml") && s.has("data.xml"):
		e.What, e.hint = "data", "this is data of the configuration migration tool, and no solution"
	case len(s.yaml) > 0:
		slices.Sort(s.yaml)
		e.What, e.hint = "yaml-source", s.yaml[0]+": this is the YAML source format of Git integration: extract it, and give the folder"
	default:
		s.inside(e, "zip what is in the folder %s, not the folder", "it holds the source tree %s: extract it, and give the folder of the tree", "it holds %s: extract it, and give that")
	}
	return &Error{Op: "open", Path: solutionPart, Err: e}
}

// How far and how long a folder that is no tree is searched for one.
const (
	maxSurveyDepth = 5
	maxSurvey      = 20_000
)

// noTree returns the error of a folder that is no source tree.
func noTree(fsys fs.FS) error {
	s := &survey{names: map[string]string{}}
	seen := 0
	err := memfs.Walk(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		seen++
		switch {
		case err != nil:
			if name == "." {
				return err
			}
			return fs.SkipDir
		case seen > maxSurvey:
			return fs.SkipAll
		case name == ".":
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || strings.Count(name, "/") >= maxSurveyDepth):
			return fs.SkipDir
		case d.Type().IsRegular():
			s.see(name)
		}
		return nil
	})
	if err != nil {
		return &Error{Op: "load", Err: err}
	}
	e := &NotSolutionError{missing: "the tree has no " + otherSolution}
	switch {
	case s.names[fold(solutionPart)] == path.Base(otherSolution) && !s.has(typesPart):
		e.What, e.hint = "inside-tree", "this is the folder Other of a tree: give the folder above"
	case s.has(solutionPart):
		e.What, e.hint = "extracted-zip", "solution.xml is here, so this is an extracted zip: give the zip"
	case len(s.yaml) > 0:
		slices.Sort(s.yaml)
		e.What, e.hint = "yaml-source", s.yaml[0]+": this is the YAML source format of Git integration, which package yamlsource reads"
	case s.has(yamlManifest):
		e.What, e.hint = "yaml-source", yamlManifest+" is here, so this is one solution of the YAML source format of Git integration: give the folder that holds the folder solutions"
	case s.hasBelow(yamlManifest):
		e.What, e.hint = "yaml-source", "this is the folder solutions of the YAML source format of Git integration: give the folder above"
	default:
		s.inside(e, "it is an extracted zip, in the folder %s: give the zip", "it holds the source tree %s: give the folder of the tree", "it holds the zip %s: unpack it, and give the folder of its tree")
		if e.hint == "" {
			e.hint = "is this the folder that holds Other?"
		}
	}
	return &Error{Op: "load", Path: otherSolution, Err: e}
}
