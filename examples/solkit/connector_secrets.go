package main

import (
	"archive/zip"
	"bytes"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
)

var connectorSecretsCommand = command{
	name:    "connector secrets",
	args:    []string{"DIR|ZIP"},
	summary: "list what to enter after an import and what should not travel",
	help: `Lists, without the values themselves: "enter", what must be given after every import, such as a client secret;
"exposed", secrets that stand in a file; and "environment", client ids, tenants and the like of the environment
that the files come from. "solkit connector strip" takes the last two out. The exit status is 0 whatever is found.`,
	examples: []string{"solkit connector secrets contoso_1_0_0_0.zip", "solkit connector secrets -json src"},
	define:   func(*flag.FlagSet) action { return listSecrets },
}

// A secretsDocument is what connector secrets prints.
type secretsDocument struct {
	Connectors []connectorSecrets `json:"connectors"`
	connectorOutcome
}

type connectorSecrets struct {
	Name    string            `json:"name"`
	Path    string            `json:"path"`
	Secrets []connectorSecret `json:"secrets"`
}

type connectorSecret struct {
	Kind    string `json:"kind"`  // enter, exposed or environment
	Field   string `json:"field"` // clientSecret, the name of a header, ...
	Owner   string `json:"owner"` // connection parameter, policy or place
	File    string `json:"file"`
	Pointer string `json:"pointer"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
}

func (s *connectorSource) secrets(c foundConnector, take func(connector.Secret) bool) connectorSecrets {
	out := connectorSecrets{Name: c.name, Path: s.at(c.dir), Secrets: []connectorSecret{}}
	for _, v := range c.Secrets() {
		if take(v) {
			out.Secrets = append(out.Secrets, connectorSecret{Kind: v.Kind.String(), Field: v.Field, Owner: v.Owner, File: path.Join(s.at(c.root), v.Location.File),
				Pointer: v.Location.Path, Line: v.Location.Start.Line, Column: v.Location.Start.Column})
		}
	}
	return out
}

func listSecrets(j *job) (document, error) {
	d := &secretsDocument{Connectors: []connectorSecrets{}}
	src, err := openConnectors(j.args[0])
	if err != nil {
		return d, err
	}
	defer src.close()
	list, err := src.load()
	for _, c := range list {
		d.Connectors = append(d.Connectors, src.secrets(c, func(connector.Secret) bool { return true }))
	}
	return d, err
}

func (d *secretsDocument) text(p *printer, _ *job) {
	for _, c := range d.Connectors {
		c.print(p)
	}
}

func (c *connectorSecrets) print(p *printer) {
	if len(c.Secrets) == 0 {
		p.printf("%s: none\n", plain(c.Name))
	}
	for _, s := range c.Secrets {
		p.printf("%s:%d:%d: %s: %s of %s\n", s.File, s.Line, s.Column, s.Kind, plain(s.Field), plain(s.Owner))
	}
}

var connectorStripCommand = command{
	name:    "connector strip",
	args:    []string{"SRC", "DST"},
	summary: "take secrets out of connectors",
	help: `Writes SRC to DST without what "solkit connector secrets" calls exposed or of an environment. The member
clientSecret is left out, other values become empty texts, and not a byte of anything else changes. A folder gives a
folder, where files that are as they should be keep their time stamp, and a zip gives a zip, whose other entries are
copied as they are compressed. DST may be SRC. Links, and files and folders whose name begins with a dot, in SRC itself or
with .git, are not copied to another folder. If one connector can't be read, nothing is written.`,
	examples: []string{"solkit connector strip contoso_1_0_0_0.zip public.zip"},
	define: func(fs *flag.FlagSet) action {
		keep := fs.Bool("keep-environment", false, "keep client ids, tenants, resources and redirect addresses, as exports do")
		return func(j *job) (document, error) { return strip(j, &connector.StripOptions{KeepEnvironment: *keep}) }
	},
}

// A stripDocument is what connector strip did.
type stripDocument struct {
	Connectors []connectorSecrets `json:"connectors"` // what was taken out, by its place in SRC
	Changed    []string           `json:"changed"`    // files that differ from those of SRC, below it
	connectorOutcome
	dst string
}

func strip(j *job, opts *connector.StripOptions) (document, error) {
	d := &stripDocument{Connectors: []connectorSecrets{}, Changed: []string{}, dst: j.args[1]}
	src, err := openConnectors(j.args[0])
	if err != nil {
		return d, err
	}
	defer src.close()
	if isZip(d.dst) != (src.zip != nil) {
		return nil, usagef("%s to %s: a folder gives a folder, and a zip a file whose name ends in .zip", src.name, d.dst)
	}
	list, err := src.load()
	if err != nil {
		return d, err
	}
	for _, c := range list {
		d.Connectors = append(d.Connectors, src.secrets(c, func(s connector.Secret) bool {
			return s.Kind == connector.Exposed || s.Kind == connector.Environment && !opts.KeepEnvironment
		}))
	}
	stripped, changes, err := src.strip(list, opts)
	if err != nil {
		return d, src.wrap(err)
	}
	if len(src.places) == 1 && src.places[0].pkg != nil {
		pkg := src.places[0].pkg
		for x := range changes.Parts() {
			d.Changed = append(d.Changed, x.Name)
		}
		return d, writeFile(d.dst, func(f *os.File) error {
			defer src.close() // it may be the file that is replaced, and Windows replaces none that is open
			return src.wrap(packager.Rewrite(&checkedWriter{j, f}, pkg, changes))
		})
	}
	d.Changed = slices.AppendSeq(d.Changed, maps.Keys(stripped))
	slices.Sort(d.Changed)
	if src.zip != nil {
		return d, writeFile(d.dst, func(f *os.File) error {
			defer src.close()
			return src.wrap(rewriteZip(&checkedWriter{j, f}, src.zip, stripped))
		})
	}
	return d, copyFolder(j, src.fsys, d.dst, stripped)
}

// changedFiles adds the files in which after differs from before.
func changedFiles(before, after fs.FS, files map[string][]byte) error {
	return fs.WalkDir(after, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(after, name)
		if err != nil {
			return err
		}
		if had, err := fs.ReadFile(before, name); err != nil || !bytes.Equal(data, had) {
			files[name] = data
		}
		return nil
	})
}

// strip takes secrets out: of loose files and solutions in folders it returns the new files by their path below the source; of the
// zip of a solution, the change.
func (s *connectorSource) strip(list []foundConnector, opts *connector.StripOptions) (map[string][]byte, *solution.Change, error) {
	files := map[string][]byte{}
	for _, c := range list {
		if c.in != nil {
			continue
		}
		without, err := c.Strip(opts)
		if err != nil {
			return nil, nil, err
		}
		if err := changedFiles(c.Files(), without.Files(), files); err != nil {
			return nil, nil, err
		}
	}
	for _, p := range s.places {
		change, err := connector.Strip(p.parts, opts)
		if err != nil {
			return nil, nil, err
		}
		if p.pkg != nil {
			return files, change, nil
		}
		if err := p.edited(change, files); err != nil {
			return nil, nil, err
		}
	}
	return files, nil, nil
}

// edited adds the files in which a change of a solution in a folder leads to other bytes.
func (p *connectorPlace) edited(change *solution.Change, files map[string][]byte) error {
	if p.tree == nil {
		for x := range change.Parts() {
			src, err := p.parts.ReadPart(x.Name)
			if err != nil {
				return err
			}
			files[path.Join(p.dir, p.parts.Locate(x.Name, 0).File)] = x.Apply(src)
		}
		return nil
	}
	tree, err := p.tree.With(change)
	if err != nil {
		return err
	}
	for _, name := range tree.Names() {
		data, err := tree.ReadFile(name)
		if err != nil {
			return err
		}
		if had, err := p.tree.ReadFile(name); err != nil || !bytes.Equal(data, had) {
			files[path.Join(p.dir, name)] = data
		}
	}
	return nil
}

// rewriteZip copies a zip with other contents for some entries, which are found by the path that their names
// stand for.
func rewriteZip(w io.Writer, from *zip.Reader, contents map[string][]byte) error {
	out := zip.NewWriter(w)
	written := map[string]bool{}
	for _, f := range from.File {
		name := strings.ReplaceAll(f.Name, `\`, "/")
		data, ok := contents[name]
		if !ok {
			if decoded, err := url.PathUnescape(name); err == nil {
				name = decoded
				data, ok = contents[name]
			}
		}
		if !ok {
			if err := out.Copy(f); err != nil {
				return err
			}
			continue
		}
		written[name] = true
		entry, err := out.CreateHeader(&zip.FileHeader{Name: f.Name, Comment: f.Comment, Method: zip.Deflate, Modified: f.Modified, ExternalAttrs: f.ExternalAttrs})
		if err != nil {
			return err
		}
		if _, err := entry.Write(data); err != nil {
			return err
		}
	}
	for name := range contents {
		if !written[name] {
			return fmt.Errorf("%s: no entry of the zip has that name: repair the zip first", name)
		}
	}
	if err := out.SetComment(from.Comment); err != nil {
		return err
	}
	return out.Close()
}

// copyFolder writes the files of a folder to dir, some with other contents.
func copyFolder(j *job, from fs.FS, dir string, contents map[string][]byte) error {
	var names []string
	err := fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && isHidden(name) && contents[name] == nil:
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular():
			return nil
		}
		names = append(names, name)
		return j.ctx.Err()
	})
	if err != nil {
		return err
	}
	return writeFolder(j, dir, names, func(name string) ([]byte, error) {
		if data, ok := contents[name]; ok {
			return data, nil
		}
		return fs.ReadFile(from, name)
	})
}

func (d *stripDocument) text(p *printer, _ *job) {
	n := 0
	for _, c := range d.Connectors {
		n += len(c.Secrets)
		if len(c.Secrets) > 0 {
			c.print(p)
		}
	}
	p.printf("took %s out of %s, %s changed, in %s\n", count(n, "value"), count(len(d.Connectors), "connector"), count(len(d.Changed), "file"), d.dst)
}
