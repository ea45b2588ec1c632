package main

import (
	"bufio"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

var connectorConvertCommand = command{
	name:    "connector convert",
	args:    []string{"SRC", "DST"},
	summary: "turn connectors into loose files, or into a solution",
	help: `Takes every connector of SRC, a folder or zip as for "solkit connector lint", to the form that -to names.

-to files writes loose files: one connector to the folder DST, several to folders in it, called by their names.

-to solution writes a solution of its own, version 1.0.0.0, that holds the connectors and nothing else: a zip if DST
ends in .zip, else an unpacked tree. If DST is the folder of an unpacked solution already, the connectors are added
to it, and only files that change are written. A zip that exists is not touched unless -add says that the connectors
are to be added to the solution in it. A connector of the same name is replaced and keeps its id.

What the other form has no place for is listed by file and JSON Pointer, and nothing is written unless -allow-loss
is given. Loose files need -prefix, the customization prefix of the publisher, unless the solution they are added to
has one. Ids are derived from prefix and name, so the next conversion gives the same.`,
	examples: []string{
		"solkit connector convert -to files -allow-loss contoso_1_0_0_0.zip loose",
		"solkit connector convert -to solution -prefix cts connectors contoso_connectors.zip",
	},
	define: func(fs *flag.FlagSet) action {
		c := &conversion{}
		fs.StringVar(&c.to, "to", "", "`files|solution`: the form to write")
		fs.StringVar(&c.prefix, "prefix", "", "`P`: customization prefix of the publisher (default that of the solution)")
		fs.StringVar(&c.id, "id", "", "`GUID`: connectorid of the one connector")
		fs.StringVar(&c.name, "name", "", "`NAME`: logical name of the one connector (default prefix and title)")
		fs.StringVar(&c.solution, "solution", "", "`NAME`: unique name of a new solution (default from the first connector)")
		fs.StringVar(&c.publisher, "publisher", "", "`NAME`: unique name of the publisher of a new solution (default the prefix)")
		fs.BoolVar(&c.add, "add", false, "add to the solution in a zip that exists")
		fs.BoolVar(&c.loss, "allow-loss", false, "convert although the other form has no place for everything")
		return c.run
	},
}

type conversion struct {
	to, prefix, id, name, solution, publisher string
	add, loss                                 bool
	guid                                      solution.GUID // of id
}

// A convertDocument is what connector convert did, or what it would have lost.
type convertDocument struct {
	To         string               `json:"to"`
	Connectors []convertedConnector `json:"connectors"`
	Lost       []string             `json:"lost"`               // all that was, or would be, lost: NAME: FILE#POINTER
	Solution   string               `json:"solution,omitempty"` // unique name
	connectorOutcome
	dst string
}

type convertedConnector struct {
	Name string   `json:"name"`
	From string   `json:"from"` // the argument and the place below it
	Path string   `json:"path"` // DST and the place below it
	ID   string   `json:"id,omitempty"`
	Lost []string `json:"lost"`
}

func (c *conversion) run(j *job) (document, error) {
	d := &convertDocument{To: c.to, Connectors: []convertedConnector{}, Lost: []string{}, dst: j.args[1]}
	if err := c.check(d.dst); err != nil {
		return nil, err
	}
	src, err := openConnectors(j.args[0])
	if err != nil {
		return d, err
	}
	defer src.close()
	list, err := src.load()
	if err != nil {
		return d, err
	}
	if c.id != "" {
		if c.guid, err = solution.ParseGUID(c.id); err != nil {
			return d, fmt.Errorf("-id: %w", err)
		}
	}
	if (c.id != "" || c.name != "") && (len(list) > 1 || list[0].Form() == connector.FormSolution) {
		return nil, usagef("-id and -name are for one connector of loose files: %s", src.name)
	}
	if c.to == "files" {
		return d, c.toFiles(j, src, list, d)
	}
	return d, c.toSolution(j, src, list, d)
}

func (c *conversion) check(dst string) error {
	switch {
	case c.to != "files" && c.to != "solution":
		return usagef("-to %q: use files or solution", c.to)
	case c.to == "files" && isZip(dst):
		return usagef("%s: loose files are written to a folder", dst)
	case c.to == "files" && (c.prefix != "" || c.id != "" || c.name != "" || c.solution != "" || c.publisher != "" || c.add):
		return usagef("-prefix, -id, -name, -solution, -publisher and -add are for -to solution")
	case c.add && !isZip(dst):
		return usagef("-add is for a zip; to a folder connectors are always added")
	}
	return nil
}

func isZip(name string) bool { return strings.EqualFold(filepath.Ext(name), ".zip") }

// note adds a connector to the document, with what the other form has no place for.
func (d *convertDocument) note(src *connectorSource, c foundConnector, name string, form connector.Form) *convertedConnector {
	one := convertedConnector{Name: name, From: src.at(c.dir), Lost: append([]string{}, c.Lost(form)...)}
	for _, place := range one.Lost {
		d.Lost = append(d.Lost, c.name+": "+place)
	}
	d.Connectors = append(d.Connectors, one)
	return &d.Connectors[len(d.Connectors)-1]
}

// refuse returns the error for what would be lost, unless that is allowed.
func (c *conversion) refuse(d *convertDocument) error {
	if len(d.Lost) == 0 || c.loss {
		return nil
	}
	return fmt.Errorf("the form %q has no place for\n  %s\nallow the loss with -allow-loss, or take it out first", c.to, strings.Join(d.Lost, "\n  "))
}

func (c *conversion) toFiles(j *job, src *connectorSource, list []foundConnector, d *convertDocument) error {
	files := fileMap{}
	taken := map[string]bool{}
	for _, con := range list {
		loose, err := con.ToFiles(&connector.ConvertOptions{AllowLoss: true}) // refuse decides about all of them together
		if err != nil {
			return src.wrap(err)
		}
		one := d.note(src, con, con.name, connector.FormFiles)
		folder := "."
		if len(list) > 1 {
			folder = folderName(one.Name, taken)
		}
		one.Path = path.Join(filepath.ToSlash(d.dst), folder)
		if err := files.add(folder, loose); err != nil {
			return err
		}
	}
	if err := c.refuse(d); err != nil {
		return err
	}
	return files.write(j, d.dst)
}

// A fileMap is files by path.
type fileMap map[string][]byte

// add adds the files of fsys below a folder.
func (m fileMap) add(folder string, fsys fs.FS) error {
	return fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			m[path.Join(folder, name)], err = fs.ReadFile(fsys, name)
		}
		return err
	})
}

func (m fileMap) write(j *job, dir string) error {
	return writeFolder(j, dir, slices.Sorted(maps.Keys(m)), func(name string) ([]byte, error) { return m[name], nil })
}

// folderName makes the name of a folder that every system accepts and that is not taken yet.
func folderName(name string, taken map[string]bool) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || strings.ContainsRune(`<>:"/\|?*`, r) || r == unicode.ReplacementChar {
			return '_'
		}
		return r
	}, name)
	name = strings.Trim(name, " .")
	if name == "" {
		name = "connector"
	}
	free := name
	for n := 2; taken[solution.Fold(free)]; n++ {
		free = fmt.Sprintf("%s-%d", name, n)
	}
	taken[solution.Fold(free)] = true
	return free
}

func (c *conversion) toSolution(j *job, src *connectorSource, list []foundConnector, d *convertDocument) error {
	dst := d.dst
	info, err := os.Stat(dst)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return c.create(j, src, list, d)
	case err != nil:
		return err
	case c.solution != "" || c.publisher != "":
		return usagef("-solution and -publisher are for a new solution, and %s exists", dst)
	case isZip(dst) && !info.IsDir():
		if !c.add {
			return fmt.Errorf("%s exists: -add adds to the solution in it; remove it for a new one", dst)
		}
		return c.addToZip(j, src, list, d)
	case info.IsDir():
		return c.addToFolder(j, src, list, d)
	}
	return fmt.Errorf("%s exists and is neither a zip nor a folder", dst)
}

// create writes a new solution.
func (c *conversion) create(j *job, src *connectorSource, list []foundConnector, d *convertDocument) error {
	prefix := c.prefix
	if first := list[0]; prefix == "" && first.Form() == connector.FormSolution {
		prefix, _, _ = strings.Cut(first.Name(), "_")
	}
	if prefix == "" {
		return usagef("a new solution needs -prefix, the customization prefix of its publisher")
	}
	name := c.solution
	if name == "" {
		name = uniqueName(cmp.Or(c.name, list[0].Title(), list[0].name), prefix)
	}
	m, err := solution.NewManifest(name, solution.Version{Major: 1}, solution.Publisher{UniqueName: cmp.Or(c.publisher, prefix), Prefix: prefix, OptionValuePrefix: 10000})
	if err != nil {
		return err
	}
	empty := solution.NewParts(m)
	change, err := c.put(empty, prefix, src, list, d)
	if err != nil {
		return err
	}
	parts, err := change.Apply(empty)
	if err != nil {
		return err
	}
	tree, err := packager.Unpack(parts, nil)
	if err != nil {
		return err
	}
	if !isZip(d.dst) {
		if parts, err = tree.Parts(); err != nil {
			return err
		}
		if err := d.describe(parts); err != nil {
			return err
		}
		return writeFolder(j, d.dst, tree.Names(), tree.ReadFile)
	}
	if err := d.describe(parts); err != nil {
		return err
	}
	return writeFile(d.dst, func(f *os.File) error {
		w := bufio.NewWriterSize(&checkedWriter{j, f}, 1<<18)
		found, err := packager.Pack(w, tree, nil)
		d.found = found
		if err != nil {
			return fmt.Errorf("%s: %w", d.dst, err)
		}
		return w.Flush()
	})
}

// uniqueName makes the unique name of a solution from a text: letters, digits and underscores, a letter first.
func uniqueName(text, prefix string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case r == ' ' || r == '_' || r == '-':
			b.WriteByte('_')
		}
	}
	name := strings.Trim(b.String(), "_")
	if len(name) > 60 {
		name = strings.Trim(name[:60], "_")
	}
	if name == "" || name[0] <= '9' {
		name = strings.Trim(prefix+"_"+name, "_")
	}
	return name
}

func (c *conversion) addToZip(j *job, src *connectorSource, list []foundConnector, d *convertDocument) error {
	pkg, f, err := openZip(d.dst)
	if err != nil {
		return err
	}
	defer f.Close()
	change, err := c.put(pkg, cmp.Or(c.prefix, pkg.Manifest().Publisher().Prefix), src, list, d)
	if err != nil {
		return err
	}
	parts, err := change.Apply(pkg)
	if err != nil {
		return err
	}
	if err := d.describe(parts); err != nil {
		return err
	}
	return writeFile(d.dst, func(out *os.File) error {
		defer f.Close() // Windows replaces no file that is open
		return packager.Rewrite(&checkedWriter{j, out}, pkg, change)
	})
}

func (c *conversion) addToFolder(j *job, src *connectorSource, list []foundConnector, d *convertDocument) error {
	fsys, err := folderFS(d.dst)
	if err != nil {
		return err
	}
	if !packager.IsTree(fsys) {
		return fmt.Errorf("%s exists and is no unpacked solution: give one, or a name that is free", d.dst)
	}
	before, err := loadTree(d.dst, "")
	if err != nil {
		return err
	}
	parts, err := before.Parts()
	if err != nil {
		return fmt.Errorf("%s: %w", d.dst, err)
	}
	change, err := c.put(parts, cmp.Or(c.prefix, before.Manifest().Publisher().Prefix), src, list, d)
	if err != nil {
		return err
	}
	after, err := before.With(change)
	if err != nil {
		return fmt.Errorf("%s: %w", d.dst, err)
	}
	if parts, err = after.Parts(); err != nil {
		return err
	}
	if err := d.describe(parts); err != nil {
		return err
	}
	return writeChanged(j, d.dst, before, after)
}

// put returns the change that puts the connectors into a solution.
func (c *conversion) put(parts solution.Parts, prefix string, src *connectorSource, list []foundConnector, d *convertDocument) (*solution.Change, error) {
	m, err := solution.ReadManifest(parts)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.dst, err)
	}
	d.Solution = m.UniqueName()
	connectors := make([]*connector.Connector, len(list))
	from := map[string]string{}
	var clashes []string
	for i, con := range list {
		connectors[i] = con.Connector
		name := con.name
		if con.Form() == connector.FormFiles {
			name = cmp.Or(c.name, connector.Name(strings.ToLower(prefix), con.Title()))
		}
		one := d.note(src, con, name, connector.FormSolution)
		if other, twice := from[solution.Fold(name)]; twice {
			clashes = append(clashes, fmt.Sprintf("%s and %s would both be called %q", other, one.From, name))
		}
		from[solution.Fold(name)] = one.From
	}
	if len(clashes) > 0 {
		return nil, fmt.Errorf("%s: give one of them another title, or convert them apart", strings.Join(clashes, ", "))
	}
	if err := c.refuse(d); err != nil {
		return nil, err
	}
	change, err := connector.Put(parts, connectors, &connector.ConvertOptions{Prefix: prefix, Name: c.name, ID: c.guid, AllowLoss: c.loss})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.dst, err)
	}
	return change, nil
}

// describe notes what the connectors are in the solution that is written.
func (d *convertDocument) describe(parts solution.Parts) error {
	list, err := connector.Read(parts)
	if err != nil {
		return err
	}
	for i := range d.Connectors {
		one := &d.Connectors[i]
		for _, c := range list {
			if solution.Fold(c.Name()) != solution.Fold(one.Name) {
				continue
			}
			one.Name, one.ID, one.Path = c.Name(), strings.ToLower(strings.Trim(c.ID(), "{}")), filepath.ToSlash(d.dst)
			if !isZip(d.dst) {
				one.Path = path.Join(one.Path, c.Location().File)
			}
		}
	}
	return nil
}

func (d *convertDocument) text(p *printer, j *job) {
	errs := &printer{Writer: j.stderr, color: hasColor(j.stderr)}
	for _, place := range d.Lost {
		errs.printf("lost: %s\n", place)
	}
	errs.findings(d.found, j.verbose)
	if j.verbose {
		for _, c := range d.Connectors {
			p.printf("%s -> %s\n", c.From, c.Path)
		}
	}
	form := "loose files"
	if d.To == "solution" {
		form = "solution " + d.Solution
	}
	p.printf("converted %s to %s in %s", count(len(d.Connectors), "connector"), form, d.dst)
	if n := d.found.Count(diag.Error); n > 0 {
		p.printf(", with %s", count(n, "error"))
	}
	p.printf("\n")
}
