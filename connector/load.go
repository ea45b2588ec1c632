package connector

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/solution"
)

// The names of the loose files, unless settings.json gives others.
const (
	definitionFile = "apiDefinition.swagger.json"
	propertiesFile = "apiProperties.json"
	iconFile       = "icon.png"
	scriptFile     = "script.csx"
	settingsFile   = "settings.json"
)

// ErrNoConnector is wrapped by the error of [Load] where there are no loose files of a connector.
var ErrNoConnector = errors.New("no connector here")

// maxFile bounds one file: the platform's own limits end far below.
const maxFile = 64 << 20

// Load returns the connectors of loose files in fsys: those of the root, or of every folder below it that holds them, sorted
// by folder. What is in the folder of a connector belongs to it. Only the definition is required. Names are compared without
// regard to case; settings.json may give other names, relative to its own folder. Without a script.csx, the one C# file of the
// folder (.csx or .cs) is the script; C# files that are not taken for it are kept all the same, and lost in a solution.
//
// One that cannot be read keeps no other from being read: the list holds those that can be, and the error joins a
// [*ReadError] for each of the others, and for each folder that cannot be listed. Without any connector the error wraps
// [ErrNoConnector], so the list is not empty if the error is nil.
//
// The list holds the bytes and the index of every connector, some times the size of their files: of very many, load a folder
// at a time by [fs.Sub] if memory counts.
func Load(fsys fs.FS) ([]*Connector, error) { return load(fsys, false) }

// LoadLenient is [Load] for files that were edited by hand, as [ReadLenient] is [Read].
func LoadLenient(fsys fs.FS) ([]*Connector, error) { return load(fsys, true) }

func load(fsys fs.FS, lenient bool) ([]*Connector, error) {
	r := &reader{fsys: fsys, lenient: lenient}
	var list []*Connector
	var failed []error
	fail := func(dir string, err error) {
		failed = append(failed, &ReadError{Name: path.Base(dir), Path: dir, Err: err})
	}
	err := memfs.Walk(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			fail(name, err)
			return fs.SkipDir
		}
		if !entry.IsDir() {
			return nil
		}
		entries, err := memfs.ReadDir(fsys, name)
		if err != nil || !isLoose(entries) {
			return nil // the walk meets the error again
		}
		c, err := r.loose(name, entries)
		if err != nil {
			fail(name, err)
		} else {
			list = append(list, newConnector(c))
		}
		return fs.SkipDir
	})
	if err != nil {
		failed = append(failed, err)
	}
	if len(list)+len(failed) == 0 {
		return nil, fmt.Errorf("%w: expected %s, or folders with it", ErrNoConnector, definitionFile)
	}
	return list, errors.Join(failed...)
}

func isLoose(entries []fs.DirEntry) bool {
	named, settings := false, false
	for _, e := range entries {
		named = named || strings.EqualFold(e.Name(), definitionFile) && !e.IsDir()
		settings = settings || strings.EqualFold(e.Name(), settingsFile)
	}
	// A definition under another name needs the settings that say so and properties beside it.
	return named || settings && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return strings.EqualFold(e.Name(), propertiesFile) })
}

// A reader reads loose files from one file system.
type reader struct {
	fsys    fs.FS
	lenient bool
}

func (r *reader) bytes(name string) ([]byte, error) {
	// Asked before it is opened: opening a pipe waits for its other end.
	if info, err := fs.Stat(r.fsys, name); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a regular file: replace it by one", name)
	}
	f, err := r.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var b bytes.Buffer
	if info, err := f.Stat(); err == nil {
		if info.Size() > maxFile {
			return nil, fmt.Errorf("%s: %d bytes are more than the limit of %d", name, info.Size(), maxFile)
		}
		b.Grow(int(max(info.Size(), 0)) + bytes.MinRead)
	}
	n, err := b.ReadFrom(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if n > maxFile {
		return nil, fmt.Errorf("%s: more bytes than the limit of %d", name, maxFile)
	}
	return b.Bytes(), nil
}

func (r *reader) json(name string) (*index.File, error) {
	src, err := r.bytes(name)
	if err != nil {
		return nil, err
	}
	f := index.NewFile(name, src)
	return f, f.ParseJSON(r.lenient)
}

// A folder is one folder of loose files.
type folder struct {
	fsys    fs.FS
	dir     string
	entries []fs.DirEntry
}

// find returns the path of a file below the folder, and whether it is there.
func (d *folder) find(name string) (string, bool) {
	if strings.Contains(name, "/") {
		full := path.Join(d.dir, name)
		_, err := fs.Stat(d.fsys, full)
		return full, err == nil
	}
	for _, e := range d.entries {
		if strings.EqualFold(e.Name(), name) && !e.IsDir() {
			return path.Join(d.dir, e.Name()), true
		}
	}
	return path.Join(d.dir, name), false
}

// looseNames are the names of the files of one folder.
type looseNames struct{ definition, properties, icon, script string }

// rename takes over what settings.json calls the files. It returns the members that name one which is not there, but for those with
// the usual name, as tools write them without looking. The error is such a definition.
func (n *looseNames) rename(settings *index.File, d *folder) (lacking []index.Value, err error) {
	for _, f := range []struct {
		key  string
		name *string
		must bool
	}{{"apiDefinition", &n.definition, true}, {"apiProperties", &n.properties, false}, {"icon", &n.icon, false}, {"script", &n.script, false}} {
		v := settings.Root().Get(f.key)
		if v.Text() == "" {
			continue
		}
		given := path.Clean(strings.ReplaceAll(v.Text(), `\`, "/"))
		switch full, ok := d.find(given); {
		case ok:
			*f.name = given
		case f.must:
			at, where := settings.Location(v.Node, false), "not there: add the file or correct the name"
			if !fs.ValidPath(full) {
				where = "outside of the folder that is read: put the file in it"
			}
			return nil, &solution.SyntaxError{File: at.File, Pos: at.Start, Err: fmt.Errorf("%s names %s, which is %s: %w", f.key, full, where, fs.ErrNotExist)}
		case !strings.EqualFold(given, *f.name):
			lacking = append(lacking, v)
		}
	}
	return lacking, nil
}

// loose reads the loose files of a folder.
func (r *reader) loose(dir string, entries []fs.DirEntry) (*index.Connector, error) {
	c := &index.Connector{Dir: dir, Name: path.Base(dir)}
	d := &folder{r.fsys, dir, entries}
	names := looseNames{definitionFile, propertiesFile, iconFile, scriptFile}
	if name, ok := d.find(settingsFile); ok {
		f, err := r.json(name)
		if err != nil {
			return nil, err
		}
		c.Settings = f
		if c.Lacking, err = names.rename(f, d); err != nil {
			return nil, err
		}
	}
	name, _ := d.find(names.definition)
	f, err := r.json(name)
	if err != nil {
		return nil, err
	}
	if c.Def, err = index.NewDefinition(f); err != nil {
		return nil, err
	}
	if name, ok := d.find(names.properties); ok {
		f, err := r.json(name)
		if err != nil {
			return nil, err
		}
		c.Props = index.PropertiesOf(f)
	}
	if name, ok := d.find(names.icon); ok {
		if c.Icon, err = r.file(name); err != nil {
			return nil, err
		}
	}
	script, others := d.scripts(names.script)
	if script != "" {
		if c.Script, err = r.file(script); err != nil {
			return nil, err
		}
	}
	for _, name := range others {
		f, err := r.file(name)
		if err != nil {
			return nil, err
		}
		c.OtherScripts = append(c.OtherScripts, f)
	}
	return c, nil
}

func (r *reader) file(name string) (*index.File, error) {
	src, err := r.bytes(name)
	if err != nil {
		return nil, err
	}
	return index.NewFile(name, src), nil
}

// scripts returns the path of the script, "" if there is none, and the C# files beside it that are not it. A script is called
// script.csx, or what settings.json calls it; published connectors have others, and the one C# file of a folder can be nothing
// else. Of several it is the one called script.cs, the only .csx, or the only .cs, in this order.
func (d *folder) scripts(named string) (script string, others []string) {
	var csx, cs []string
	for _, e := range d.entries {
		if e.IsDir() {
			continue
		}
		switch at := path.Join(d.dir, e.Name()); strings.ToLower(path.Ext(e.Name())) {
		case ".csx":
			csx = append(csx, at)
		case ".cs":
			cs = append(cs, at)
		}
	}
	script, ok := d.find(named)
	if !ok {
		script, ok = d.find("script.cs")
	}
	switch {
	case ok:
	case len(csx) == 1:
		script = csx[0]
	case len(csx) == 0 && len(cs) == 1:
		script = cs[0]
	default:
		script = ""
	}
	for _, name := range append(csx, cs...) {
		if name != script {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	return script, others
}
