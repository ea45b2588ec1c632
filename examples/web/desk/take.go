package desk

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/packager/yamlsource"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/environment"
)

// A File is one that was dropped on the page. One of a folder has the path of the folder in its name.
type File struct {
	Name string
	Data []byte
}

// limits are lower than those of a program, as a page has less memory.
var limits = &packager.Limits{FileBytes: 256 << 20, TotalBytes: 1 << 30, XMLBytes: 96 << 20}

// What is taken of zips that hold others, in all that was dropped together.
const (
	maxNested = 512 << 20 // bytes of zips in zips
	maxInside = 200       // zips and folders in zips
	maxDepth  = 3         // zips in zips in zips
)

// loose are connectors of loose files.
type loose struct {
	fsys       fs.FS
	connectors []*connector.Connector
	err        error // of those that can't be read
	// named has what the user calls a file that has the name of a definition here.
	named map[string]string
}

// take puts files on the desk. One that can't be read is a problem, and keeps no other away.
func (d *Desk) take(files []File) Added {
	t := &taking{desk: d}
	var parts []File // of loose connectors
	folders := map[string][]File{}
	for _, f := range files {
		f.Name = strings.TrimLeft(path.Clean(strings.ReplaceAll(f.Name, `\`, "/")), "/")
		top, _, inFolder := strings.Cut(f.Name, "/")
		switch {
		case inFolder:
			folders[top] = append(folders[top], f)
		case isConnectorFile(f):
			parts = append(parts, f)
		default:
			t.file(f.Name, f.Data, 0)
		}
	}
	for _, top := range slices.Sorted(maps.Keys(folders)) {
		t.folder(top, folders[top])
	}
	if len(parts) > 0 {
		t.connectorFiles(parts)
	}
	if t.problems == nil {
		t.problems = []Problem{}
	}
	if t.ids == nil {
		t.ids = []int{}
	}
	return Added{Items: d.list(), New: t.ids, Problems: t.problems}
}

// A taking is one call of take.
type taking struct {
	desk     *Desk
	ids      []int
	problems []Problem
	inside   int   // zips and folders that were taken out of zips
	bytes    int64 // of these zips
}

func (t *taking) add(it *item) {
	t.desk.last++
	it.id = t.desk.last
	t.desk.items = append(t.desk.items, it)
	t.ids = append(t.ids, it.id)
}

func (t *taking) problem(name string, err error) {
	t.problems = append(t.problems, Problem{name, err.Error()})
}

// file takes one file by what it holds.
func (t *taking) file(name string, data []byte, depth int) {
	if bytes.HasPrefix(data, []byte("PK")) {
		t.zip(name, data, depth)
		return
	}
	if it, err := textItem(name, data); err != nil {
		t.problem(name, err)
	} else {
		t.add(it)
	}
}

// textItem reads a file that says something about imports.
func textItem(name string, data []byte) (*item, error) {
	var members map[string]json.RawMessage
	if json.Unmarshal(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), &members) == nil && isSettings(members) {
		s, err := connref.ParseSettings(data, name)
		return &item{name: name, kind: kindSettings, settings: s}, err
	}
	r, err := environment.Read(data, name)
	if err == nil {
		return &item{name: name, kind: kindEnvironment, reading: r}, nil
	}
	if _, zipErr := packager.Open(bytes.NewReader(data), int64(len(data)), limits); zipErr != nil {
		var other *packager.NotSolutionError
		if errors.As(zipErr, &other) && other.What != "json" {
			err = zipErr // it says better what it is
		} else if members == nil && !bytes.ContainsAny(data[:min(len(data), 512)], "\n{[") {
			err = zipErr
		}
	}
	return nil, err
}

// isSettings reports whether a document with these members is deployment settings.
func isSettings(members map[string]json.RawMessage) bool {
	for name := range members {
		if !strings.EqualFold(name, "EnvironmentVariables") && !strings.EqualFold(name, "ConnectionReferences") {
			return false
		}
		if value := bytes.TrimSpace(members[name]); len(value) > 0 && value[0] != '[' {
			return false
		}
	}
	return len(members) > 0
}

// zip takes a solution, or what a zip holds of solutions and connectors.
func (t *taking) zip(name string, data []byte, depth int) {
	pkg, err := packager.Open(bytes.NewReader(data), int64(len(data)), limits)
	if err == nil {
		t.add(&item{name: name, kind: kindSolution, parts: solution.Shared(pkg), manifest: pkg.Manifest(), size: int64(len(data))})
		return
	}
	z, zipErr := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	var other *packager.NotSolutionError
	if zipErr != nil || !errors.As(err, &other) {
		t.problem(name, err)
		return
	}
	t.holder(name, z, other, err, depth)
}

// holder takes what stands in a zip that is no solution, of which err says so.
func (t *taking) holder(name string, z *zip.Reader, other *packager.NotSolutionError, err error, depth int) {
	switch {
	case other.What == "yaml-source":
		t.yaml(name, z)
		return
	case depth >= maxDepth || t.inside+len(other.Inside) > maxInside:
		t.problem(name, fmt.Errorf("%w: it holds more than the page takes of zips in zips: drop those that matter", err))
		return
	case len(other.Inside) > 0:
		t.inside += len(other.Inside)
		for _, in := range other.Inside {
			t.nested(name, z, in, depth)
		}
	case other.What != "":
		t.problem(name, err)
		return
	}
	list, loadErr := connector.LoadLenient(outside{z, other.Inside})
	switch {
	case errors.Is(loadErr, connector.ErrNoConnector) && len(other.Inside) > 0:
	case errors.Is(loadErr, connector.ErrNoConnector):
		t.problem(name, err)
	default:
		t.add(&item{name: name, kind: kindConnectors, loose: &loose{fsys: z, connectors: list, err: loadErr}})
	}
}

// nested takes one thing in a zip: a zip, a source tree or an extracted solution.
func (t *taking) nested(name string, z *zip.Reader, in string, depth int) {
	at := path.Join(name, in)
	if strings.EqualFold(path.Ext(in), ".zip") {
		data, err := readLimited(z, in, maxNested-t.bytes)
		if err != nil {
			t.problem(at, err)
			return
		}
		t.bytes += int64(len(data))
		t.file(at, data, depth+1)
		return
	}
	sub, err := fs.Sub(z, in)
	if err != nil {
		t.problem(at, err)
		return
	}
	it := &item{name: at, kind: kindSolution}
	if packager.IsTree(sub) {
		if it.tree, err = packager.Load(sub, limits); err == nil {
			it.parts, err = it.tree.Parts()
		}
	} else {
		it.parts, err = solution.PartsOf(sub)
	}
	if err == nil {
		it.parts = solution.Shared(it.parts)
		it.manifest, err = solution.ReadManifest(it.parts)
	}
	if err != nil {
		t.problem(at, err)
		return
	}
	t.add(it)
}

// yaml takes the solutions of a YAML source.
func (t *taking) yaml(name string, z *zip.Reader) {
	names, err := yamlsource.Solutions(z)
	if err != nil {
		t.problem(name, err)
		return
	}
	for _, n := range names {
		tree, err := yamlsource.Load(z, &yamlsource.Options{Solution: n})
		var parts solution.Parts
		if err == nil {
			parts, err = tree.Parts()
		}
		if err != nil {
			t.problem(path.Join(name, n), err)
			continue
		}
		t.add(&item{name: path.Join(name, n), kind: kindSolution, parts: solution.Shared(parts), tree: tree, manifest: tree.Manifest()})
	}
}

// readLimited reads a file of at most so many bytes.
func readLimited(fsys fs.FS, name string, most int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		return nil, fmt.Errorf("%s: it has more than the %d bytes that are left of what the page takes of zips in zips: drop it itself", name, most)
	}
	return data, err
}

// folder takes a folder as a zip of it would be.
func (t *taking) folder(name string, files []File) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		out, err := w.CreateHeader(&zip.FileHeader{Name: strings.TrimPrefix(f.Name, name+"/"), Method: zip.Store})
		if err == nil {
			_, err = out.Write(f.Data)
		}
		if err != nil {
			t.problem(f.Name, err)
			return
		}
	}
	if err := w.Close(); err != nil {
		t.problem(name, err)
		return
	}
	t.zip(name, b.Bytes(), 0)
}

// isConnectorFile reports whether a file by itself is one of the loose files of a connector.
func isConnectorFile(f File) bool {
	switch base := strings.ToLower(f.Name); path.Ext(base) {
	case ".csx", ".cs":
		return true
	case ".png":
		return true
	case ".json":
		if base == "apiproperties.json" {
			return true
		}
		return isDefinition(f.Data) || base == "settings.json" && hasMember(f.Data, "connectorId", "apiDefinition", "apiProperties")
	}
	return false
}

// isDefinition reports whether a file is an OpenAPI definition. Connectors may have slips that no JSON has, so its beginning counts.
func isDefinition(data []byte) bool {
	if hasMember(data, "swagger", "openapi") {
		return true
	}
	return bytes.Contains(data[:min(len(data), 4096)], []byte(`"swagger"`))
}

func hasMember(data []byte, names ...string) bool {
	var members map[string]json.RawMessage
	if json.Unmarshal(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), &members) != nil {
		return false
	}
	for name := range members {
		if slices.Contains(names, name) {
			return true
		}
	}
	return false
}

// definitionName is the name that the one file has which a connector must have.
const definitionName = "apiDefinition.swagger.json"

// connectorFiles takes the loose files of connectors that came without a folder. With one definition, all belong to it; of several,
// each is a connector of its own.
func (t *taking) connectorFiles(files []File) {
	var definitions, rest []File
	for _, f := range files {
		if strings.EqualFold(path.Ext(f.Name), ".json") && isDefinition(f.Data) {
			definitions = append(definitions, f)
		} else {
			rest = append(rest, f)
		}
	}
	if len(definitions) != 1 {
		for _, f := range rest {
			why := "this belongs to a connector: drop it together with the definition"
			if len(definitions) > 1 {
				why = "it is not told to which of the definitions this belongs: drop each connector by itself, or as a folder"
			}
			t.problem(f.Name, errors.New(why))
		}
		rest = nil
	}
	for _, def := range definitions {
		t.connector(def, rest)
	}
}

func (t *taking) connector(def File, rest []File) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	add := func(name string, data []byte) {
		out, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err == nil {
			out.Write(data) // a buffer takes all
		}
	}
	name := definitionName
	if slices.ContainsFunc(rest, func(f File) bool { return strings.EqualFold(f.Name, "settings.json") }) {
		name = def.Name // which the settings may say
	}
	add(name, def.Data)
	for _, f := range rest {
		add(f.Name, f.Data)
	}
	err := w.Close()
	var z *zip.Reader
	if err == nil {
		z, err = zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	}
	if err != nil {
		t.problem(def.Name, err)
		return
	}
	list, err := connector.LoadLenient(z)
	t.add(&item{name: def.Name, kind: kindConnectors, loose: &loose{fsys: z, connectors: list, err: err, named: map[string]string{name: def.Name}}})
}

// outside is a file system without folders that were taken already.
type outside struct {
	fs.FS
	taken []string
}

// ReadDir implements fs.ReadDirFS.
func (o outside) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := fs.ReadDir(o.FS, name)
	return slices.DeleteFunc(list, func(e fs.DirEntry) bool { return slices.Contains(o.taken, path.Join(name, e.Name())) }), err
}

// looseName is what the user calls a file of loose connectors.
func (l *loose) looseName(file string) string { return cmp.Or(l.named[file], file) }
