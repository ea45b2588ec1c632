package desk

import (
	"archive/zip"
	"bytes"
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
	maxTold   = 16 << 20  // bytes of a file that tells of an environment, in a zip or folder
)

// add puts what was dropped on the desk, or the sample.
func (d *Desk) add(r *request) (Added, error) {
	files := r.files
	if r.Sample {
		var err error
		if files, err = sampleFiles(); err != nil {
			return Added{}, err
		}
	}
	d.last = max(d.last, r.After)
	return d.take(files), nil
}

// restore puts what was dropped on a desk that was begun anew. Items get the ids that they had, by their names, as a file of several may be
// gone; those that were removed since stay away.
func (d *Desk) restore(r *request) (Added, error) {
	before := len(d.items)
	added, err := d.add(r)
	came := d.items[before:]
	d.items, added.New = d.items[:before:before], []int{}
	for _, it := range came {
		i := slices.IndexFunc(r.Items, func(x Item) bool { return x.Name == it.name && x.Kind == it.kind && !slices.Contains(added.New, x.ID) })
		if i < 0 {
			continue
		}
		it.id = r.Items[i].ID
		d.items, added.New, d.last = append(d.items, it), append(added.New, it.id), max(d.last, it.id)
	}
	added.Items = d.list()
	return added, err
}

// take puts files on the desk. One that can't be read is a problem, and keeps no other away.
func (d *Desk) take(files []File) Added {
	t := &taking{desk: d, ids: []int{}, problems: []Problem{}}
	var parts []File // of loose connectors
	folders := map[string][]File{}
	for i, f := range files {
		d.progress(i, len(files))
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
	it.desk, it.id = t.desk, t.desk.last
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
		for i, in := range other.Inside {
			t.desk.progress(i, len(other.Inside))
			t.nested(name, z, in, depth)
		}
	case other.What != "":
		t.problem(name, err)
		return
	}
	told := t.told(name, z)
	list, loadErr := connector.LoadLenient(outside{z, other.Inside})
	switch {
	case !errors.Is(loadErr, connector.ErrNoConnector):
		t.add(&item{name: name, kind: kindConnectors, loose: &loose{fsys: z, connectors: list, err: loadErr}})
	case len(other.Inside) == 0 && told == 0:
		t.problem(name, err)
	}
}

// told takes files that tell of imports and stand in the root of a zip or folder, as a pipeline leaves them beside its solutions. Other
// files there are not for this page. It returns how many there are.
func (t *taking) told(name string, z *zip.Reader) int {
	n := 0
	for _, f := range z.File {
		if path.Dir(f.Name) != "." || !strings.EqualFold(path.Ext(f.Name), ".json") || f.UncompressedSize64 > maxTold {
			continue
		}
		data, err := readLimited(z, f.Name, maxTold)
		if err != nil {
			continue // readers of connectors tell of it, if it is one
		}
		if it, err := textItem(path.Join(name, f.Name), data); err == nil {
			t.add(it)
			n++
		}
	}
	return n
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
	if packager.IsTree(sub) {
		tree, err := packager.Load(sub, limits)
		t.tree(at, tree, err)
		return
	}
	it := &item{name: at, kind: kindSolution}
	if it.parts, err = solution.PartsOf(sub); err == nil {
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
		tree, err := yamlsource.Load(z, &yamlsource.Options{Solution: n, Limits: limits})
		t.tree(path.Join(name, n), tree, err)
	}
}

// tree takes a source tree, unless loading it failed.
func (t *taking) tree(name string, tree *packager.Tree, err error) {
	var parts solution.Parts
	if err == nil {
		parts, err = tree.Parts()
	}
	if err != nil {
		t.problem(name, err)
		return
	}
	it := &item{name: name, kind: kindSolution, parts: solution.Shared(parts), manifest: tree.Manifest(), tree: tree}
	if it.packs = []solution.Kind{it.manifest.Kind()}; it.manifest.Kind() == solution.Both {
		it.packs = []solution.Kind{solution.Unmanaged, solution.Managed}
	}
	t.add(it)
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
