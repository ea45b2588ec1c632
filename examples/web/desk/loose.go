package desk

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connector/lint"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// loose are connectors of loose files.
type loose struct {
	fsys       fs.FS
	connectors []*connector.Connector
	err        error // of those that can't be read
	// named has what the user calls a file that has the name of a definition here.
	named map[string]string
}

// check checks the connectors of loose files. Those that can't be read are findings.
func (l *loose) check(opts *lint.Options) (diag.List, error) {
	var out diag.List
	for _, c := range l.connectors {
		out = append(out, lint.Check(c, opts)...)
	}
	errs := []error{l.err}
	if many, ok := l.err.(interface{ Unwrap() []error }); ok {
		errs = many.Unwrap()
	}
	for _, err := range errs {
		if err == nil {
			continue
		}
		found, rest := lint.Unreadable(err)
		out = append(out, found...)
		if rest != nil {
			d := unreadable(rest)
			var failed *connector.ReadError
			if errors.As(rest, &failed) {
				d.Location.File = failed.Path
			}
			out = append(out, d)
		}
	}
	out.Sort()
	return out, nil
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
