package connector

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
)

// The names of the loose files, unless settings.json gives others.
const (
	definitionFile = "apiDefinition.swagger.json"
	propertiesFile = "apiProperties.json"
	iconFile       = "icon.png"
	scriptFile     = "script.csx"
	settingsFile   = "settings.json"
)

// ErrNoConnector is wrapped by the error of [Load] where the folder holds no connector.
var ErrNoConnector = errors.New("no connector here")

// ErrSeveral is wrapped by the error of [Load] where a solution holds more than one connector: use [All].
var ErrSeveral = errors.New("several connectors here")

// maxPart bounds one part: the platform's own limits end far below.
const maxPart = 64 << 20

// Load reads the connector in folder dir of fsys: loose files, or a solution (as a zip's file system or
// unpacked) with exactly one connector. Only the definition is required. Names are compared without
// regard to case; settings.json may give other names, relative to its own folder.
//
// The error is a [*SyntaxError] where a part is not JSON, wraps [ErrNoConnector] or [ErrSeveral], or is
// an error of fsys.
func Load(fsys fs.FS, dir string) (*Connector, error) { return load(fsys, dir, false) }

// LoadLenient is [Load] for files that were edited by hand: it accepts trailing commas and raw tabs and
// line ends in strings, which [Connector.Lint] reports with fixes. Anything else that is not JSON is an
// error still.
func LoadLenient(fsys fs.FS, dir string) (*Connector, error) { return load(fsys, dir, true) }

func load(fsys fs.FS, dir string, lenient bool) (*Connector, error) {
	r := &reader{fsys: fsys, lenient: lenient}
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, err
	}
	if isLoose(entries) {
		return r.loose(dir, entries)
	}
	sol, err := r.openSolution(dir)
	if err != nil {
		return nil, err
	}
	if sol != nil && len(sol.broken) > 0 {
		return nil, sol.broken[0]
	}
	if sol == nil || len(sol.elements) == 0 {
		return nil, fmt.Errorf("%s: %w: expected %s, or a solution with a connector", dir, ErrNoConnector, definitionFile)
	}
	if len(sol.elements) > 1 {
		return nil, fmt.Errorf("%s: %w: the solution has %d", dir, ErrSeveral, len(sol.elements))
	}
	return r.fromElement(sol, sol.elements[0])
}

// All yields every connector in fsys, in the order of their places: all of a solution where fsys is one
// (the file system of its zip, or its unpacked tree), else those of every folder below the root, in
// either form. A connector that cannot be read is yielded as an error with a nil connector, and the
// next one follows.
func All(fsys fs.FS) iter.Seq2[*Connector, error] { return all(fsys, false) }

// AllLenient is [All] with the reading of [LoadLenient].
func AllLenient(fsys fs.FS) iter.Seq2[*Connector, error] { return all(fsys, true) }

func all(fsys fs.FS, lenient bool) iter.Seq2[*Connector, error] {
	return func(yield func(*Connector, error) bool) {
		r := &reader{fsys: fsys, lenient: lenient}
		err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil {
				if !yield(nil, err) {
					return fs.SkipAll
				}
				return fs.SkipDir
			}
			if !entry.IsDir() {
				return nil
			}
			entries, err := fs.ReadDir(fsys, name)
			if err != nil {
				if !yield(nil, err) {
					return fs.SkipAll
				}
				return fs.SkipDir
			}
			if isLoose(entries) {
				if !yield(r.loose(name, entries)) {
					return fs.SkipAll
				}
				return fs.SkipDir
			}
			if !isSolution(entries) {
				return nil
			}
			switch n, more := r.yieldSolution(name, yield); {
			case !more:
				return fs.SkipAll
			case n == 0:
				return nil // a folder that is merely called Connectors: look inside
			}
			return fs.SkipDir
		})
		if err != nil {
			yield(nil, err)
		}
	}
}

func (r *reader) yieldSolution(dir string, yield func(*Connector, error) bool) (n int, more bool) {
	sol, err := r.openSolution(dir)
	if err != nil {
		return 1, yield(nil, err)
	}
	for _, err := range sol.broken {
		if !yield(nil, err) {
			return n, false
		}
		n++
	}
	for _, e := range sol.elements {
		if !yield(r.fromElement(sol, e)) {
			return n, false
		}
		n++
	}
	return n, true
}

func isLoose(entries []fs.DirEntry) bool {
	named, settings := "", false
	for _, e := range entries {
		if strings.EqualFold(e.Name(), definitionFile) && !e.IsDir() {
			named = e.Name()
		}
		settings = settings || strings.EqualFold(e.Name(), settingsFile)
	}
	if named != "" {
		return true
	}
	// A definition under another name needs the settings that say so and properties beside it.
	return settings && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return strings.EqualFold(e.Name(), propertiesFile) })
}

// A reader reads parts from one file system.
type reader struct {
	fsys    fs.FS
	lenient bool
}

func (r *reader) bytes(name string) ([]byte, error) {
	f, err := r.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > maxPart {
		return nil, fmt.Errorf("%s: %d bytes are more than the limit of %d", name, info.Size(), maxPart)
	}
	return readLimited(name, f)
}

func (r *reader) json(name string) (*file, error) {
	src, err := r.bytes(name)
	if err != nil {
		return nil, err
	}
	return readJSON(name, src, r.lenient)
}

// loose reads the loose files of a folder.
func (r *reader) loose(dir string, entries []fs.DirEntry) (*Connector, error) {
	c := &Connector{form: FormFiles, dir: dir, name: path.Base(dir)}
	find := func(name string) (string, bool) {
		if strings.Contains(name, "/") {
			full := path.Join(dir, name)
			_, err := fs.Stat(r.fsys, full)
			return full, err == nil
		}
		for _, e := range entries {
			if strings.EqualFold(e.Name(), name) && !e.IsDir() {
				return path.Join(dir, e.Name()), true
			}
		}
		return path.Join(dir, name), false
	}
	names := map[string]string{"apiDefinition": definitionFile, "apiProperties": propertiesFile, "icon": iconFile, "script": scriptFile}
	if name, ok := find(settingsFile); ok {
		f, err := r.json(name)
		if err != nil {
			return nil, err
		}
		c.settings = f
		for key, usual := range names {
			if given := (value{f, 0}).get(key).text(); given != "" {
				given = path.Clean(strings.ReplaceAll(given, `\`, "/"))
				if _, ok := find(given); ok || usual == definitionFile {
					names[key] = given
				}
			}
		}
	}
	name, _ := find(names["apiDefinition"])
	f, err := r.json(name)
	if err != nil {
		return nil, err
	}
	if c.def, err = definitionOf(f); err != nil {
		return nil, err
	}
	if name, ok := find(names["apiProperties"]); ok {
		f, err := r.json(name)
		if err != nil {
			return nil, err
		}
		c.props = propertiesOf(f)
	}
	for key, at := range map[string]**file{"icon": &c.icon, "script": &c.script} {
		name, ok := find(names[key])
		if !ok {
			continue
		}
		src, err := r.bytes(name)
		if err != nil {
			return nil, err
		}
		*at = newFile(name, src)
	}
	return c, nil
}
