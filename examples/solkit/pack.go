package main

import (
	"archive/zip"
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

var packCommand = command{
	name:    "pack",
	args:    []string{"DIR", "ZIP"},
	summary: "pack a source tree",
	sourced: true,
	help: `Packs the source tree in a folder, and makes the folder of the zip if need be. The zip appears only when it is complete;
until then, and when packing fails, a zip that is there already stays as it is. If there are findings of severity error that do not keep the tree from
being packed, the zip is written and the exit status is 1.

A canvas app that has a folder, as unpack -canvas writes it, is made of that; its .msapp, if it is there, gives what was not
edited, byte for byte.

The kind is that of the tree; a tree that holds both needs -kind. -kind both packs both: X.zip, and X_managed.zip beside
it. Neither appears before both are complete. -convert allows a kind that is not the tree's if nothing in the solution
differs between the two.

-localize merges the texts of Resources/CULTURE/resources.CULTURE.resx into the labels of the components, and
-sourceloc those of Resources/template_resources.resx, as texts of that language. -remap-plugins writes the names that
plug-in assemblies have in their DLLs where the tree has others, and says so; the tree stays as it is.

-map takes the files that its directives match from where they stand, as SolutionPackager does: Folder, FileToFile and
FileToPath, with ** and %VAR%. A relative target is seen from the folder of the tree.

The .cdsproj in DIR, or beside the tree DIR, is read as far as flags do not say otherwise: SolutionRootPath is the folder of
the tree, SolutionPackageType -kind, SolutionPackageMapFilePath -map, and SolutionPackageEnableLocalization -localize. Values that
depend on a condition are told and left out; projects that it refers to are not built, which is told. -project names another one, or none.`,
	strict: true,
	examples: []string{
		"solkit pack src contoso.zip",
		"solkit pack -version 1.2.0.0 src contoso_1_2_0_0.zip",
		"solkit pack -kind both tree contoso.zip",
	},
	define: func(fs *flag.FlagSet) action {
		var p packing
		fs.StringVar(&p.kind, "kind", "", "`unmanaged|managed|both`: the kind of the package, or both (default that of the tree)")
		fs.BoolVar(&p.plain, "unmanaged-for-missing-managed", false, "take the plain form of a file where the managed one is missing, whatever the platform version")
		fs.BoolVar(&p.convert, "convert", false, "allow a kind that is not the tree's")
		fs.BoolVar(&p.localize, "localize", false, "merge resource files of labels")
		fs.StringVar(&p.locale, "sourceloc", "", "`auto|LCID|CULTURE`: merge the template of a resource file as that language")
		fs.BoolVar(&p.remap, "remap-plugins", false, "give plug-in assemblies the names of their DLLs")
		fs.Func("version", "`V`: the version to write, such as 1.2.0.0 (default that of the tree)", func(text string) error {
			if p.version = text; text == "" {
				return errors.New("it is empty: give a version, such as 1.2.0.0")
			}
			return nil
		})
		fs.StringVar(&p.mapFile, "map", "", "`FILE`: the mapping file, which says what stands outside the tree (default that of the project)")
		p.project.define(fs)
		fs.IntVar(&p.level, "level", 6, "`N`: how hard to compress, 1 to 9, or 0 not at all (default 6)")
		return p.run
	},
}

type packing struct {
	kind, version string
	locale        string
	convert       bool
	plain         bool
	localize      bool
	remap         bool
	level         int
	mapFile       string
	project       projectFlag
}

// options turns the flags into those of the library.
func (p *packing) options() (*packager.PackOptions, error) {
	opts := &packager.PackOptions{Convert: p.convert, UnmanagedForMissingManaged: p.plain, Level: p.level, Localize: p.localize, SourceLocale: p.locale, RemapPlugins: p.remap}
	if p.kind != "" {
		if opts.Kind = kindOf(p.kind); opts.Kind == nil {
			return nil, usagef("-kind %q: use unmanaged, managed or both", p.kind)
		}
	}
	if p.version != "" {
		v, err := solution.ParseVersion(p.version)
		if err != nil {
			return nil, usagef("-version: %v", err)
		}
		if v.IsZero() {
			return nil, usagef("-version %q: a version is higher than 0.0.0.0", p.version)
		}
		opts.Version = v
	}
	switch {
	case p.level < 0 || p.level > 9:
		return nil, usagef("-level %d: use 0 to 9", p.level)
	case p.level == 0:
		opts.Level = packager.Store
	}
	return opts, nil
}

// A packDocument is the report of what was packed.
type packDocument struct {
	report
	Managed []file `json:"managed,omitempty"` // entries of the managed package, if both are packed
	managed *packDocument
	zip     string
	project string    // what was taken from it
	about   diag.List // what is to be told about it
	entries []*zip.File
	size    int64
}

// kindOf reads the word for a kind, nil if it is none.
func kindOf(word string) *solution.Kind {
	kind, err := solution.ParseKind(word)
	if err != nil {
		return nil
	}
	return &kind
}

func (p *packing) run(j *job) (document, error) {
	dir, name := j.args[0], j.args[1]
	d := &packDocument{report: report{Command: "pack", Files: []file{}}, zip: name}
	if _, err := p.options(); err != nil {
		return nil, err
	}
	proj, dir, err := p.project.find(dir)
	if err != nil {
		return d, err
	}
	about := p.take(d, proj, dir)
	opts, err := p.options()
	if err != nil {
		return nil, err
	}
	show := j.progress()
	defer show.stop()
	show.set("packing %s", dir)

	tree, err := loadTreeSeen(dir, j.solution, func(file string) { show.set("packing %s: %s", dir, file) })
	if err != nil {
		return d, err
	}
	if tree, err = p.mapped(tree, proj, dir); err != nil {
		return d, err
	}
	m := tree.Manifest()
	if proj != nil && proj.kind == "both" && p.kind == "" {
		if m.Kind() == solution.Both {
			opts.Kind = kindOf("both")
			d.project += ", both kinds"
		} else {
			about = append(about, diag.Diagnostic{Rule: ruleProjectValue.ID, Severity: ruleProjectValue.Severity, Location: diag.Location{File: filepath.ToSlash(proj.file)},
				Message: fmt.Sprintf("SolutionPackageType is Both, and the tree is %s: that one is packed", m.Kind())})
		}
	}
	if !opts.Version.IsZero() {
		m = m.WithVersion(opts.Version)
	}
	if opts.Kind != nil {
		m = m.WithKind(*opts.Kind)
	}
	d.setManifest(m)
	d.about = about
	if opts.Kind != nil && *opts.Kind == solution.Both {
		return d, p.packBoth(j, d, tree, dir, opts)
	}
	return d, writeFile(name, func(f *os.File) error { return p.write(j, d, tree, dir, opts, f) })
}

// write writes one package.
func (p *packing) write(j *job, d *packDocument, tree *packager.Tree, dir string, opts *packager.PackOptions, f *os.File) error {
	w := bufio.NewWriterSize(&checkedWriter{j, f}, 1<<18)
	found, err := packager.Pack(w, tree, opts)
	d.found = append(slices.Clone(d.about), found...)
	if err != nil {
		return p.explain(dir, err)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return d.list(f, j.json)
}

// take takes from the project what no flag says, and returns what is to be told about it.
func (p *packing) take(d *packDocument, proj *project, dir string) diag.List {
	if proj == nil {
		return nil
	}
	d.Project = proj.file
	found, kind, mapping := slices.Clone(proj.found), "", ""
	switch {
	case p.kind != "":
	case proj.kind == "both": // known when the tree is
	case proj.kind != "":
		p.kind, kind = proj.kind, "the kind "+proj.kind
	}
	if p.mapFile == "" && proj.mapFile != "" {
		mapping = "the mapping file " + proj.mapFile
	}
	labels := ""
	if proj.localize && !p.localize {
		p.localize, labels = true, "labels are merged"
	}
	d.project = proj.says(dir, kind, mapping, labels)
	return found
}

// mapped gives the tree the mapping file, if there is one.
func (p *packing) mapped(tree *packager.Tree, proj *project, dir string) (*packager.Tree, error) {
	m, err := chooseMap(p.mapFile, proj, dir)
	if err != nil || m == nil {
		return tree, err
	}
	return tree.WithMap(m), nil
}

// explain adds the name of the tree to an error, and what to do if a flag helps.
func (p *packing) explain(dir string, err error) error {
	err = fmt.Errorf("%s: %w", dir, err)
	switch {
	case !errors.Is(err, packager.ErrKind) || p.convert:
		return err
	case p.kind == "":
		return fmt.Errorf("%w: -kind does", err)
	}
	return fmt.Errorf("%w: -convert allows that if nothing differs between the kinds", err)
}

// list reads the zip that was written.
func (d *packDocument) list(f *os.File, hashes bool) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	d.size = info.Size()
	r, err := zip.NewReader(f, d.size)
	if err != nil {
		return err
	}
	d.entries = r.File
	if hashes {
		d.Files, err = entryFiles(r)
	}
	return err
}

// entryFiles describes the entries of a zip in their order.
func entryFiles(r *zip.Reader) ([]file, error) {
	files := make([]file, 0, len(r.File))
	for _, e := range r.File {
		sum := sha256.New()
		if err := copyEntry(sum, e); err != nil {
			return nil, err
		}
		files = append(files, file{Path: e.Name, Size: int64(e.UncompressedSize64), SHA256: hex.EncodeToString(sum.Sum(nil))})
	}
	return files, nil
}

func copyEntry(w io.Writer, e *zip.File) error {
	c, err := e.Open()
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = io.Copy(w, c)
	return err
}

// A checkedWriter fails when the job has been interrupted.
type checkedWriter struct {
	j *job
	w io.Writer
}

func (c *checkedWriter) Write(b []byte) (int, error) {
	if err := c.j.ctx.Err(); err != nil {
		return 0, err
	}
	return c.w.Write(b)
}

func (d *packDocument) text(p *printer, j *job) {
	zips := []*packDocument{d}
	if d.managed != nil {
		zips = append(zips, d.managed)
	}
	if j.verbose {
		for _, z := range zips {
			for _, e := range z.entries {
				p.printf("%10d %s\n", e.UncompressedSize64, e.Name)
			}
		}
	}
	j.messages().findings(d.found, j.verbose)
	if d.project != "" {
		p.printf("%s\n", d.project)
	}
	for i, z := range zips {
		kind := d.Kind
		if d.managed != nil {
			kind = solution.Kind(i).String()
		}
		p.printf("packed %s %s (%s) to %s: %s, %d bytes\n", d.Solution, d.Version, kind, z.zip, count(len(z.entries), "entry"), z.size)
	}
	if n := d.found.Count(diag.Error); n > 0 {
		p.printf("it has %s\n", count(n, "error"))
	}
}
