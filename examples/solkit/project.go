package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution/diag"
)

var (
	ruleProjectCondition = diag.Rule{ID: "solkit/project-condition", Severity: diag.Warning, Summary: "what a project says depends on a condition",
		Help: "Conditions are not evaluated: what has one is left out. Give the flag for what is meant."}
	ruleProjectValue = diag.Rule{ID: "solkit/project-value", Severity: diag.Warning, Summary: "what a project says can't be used",
		Help: "Properties are those of the same file. Give the flag for what is meant."}
	ruleProjectReference = diag.Rule{ID: "solkit/project-reference", Severity: diag.Warning, Summary: "a project needs the build of another",
		Help: "What that build makes is packed only if it stands in the tree, or where a mapping file has it. Build the project for the whole package."}
)

// A project is what a .cdsproj says of the tree that stands beside it. It is read, and its targets are not run.
type project struct {
	file     string // as it is opened
	root     string // SolutionRootPath; empty if it does not say
	kind     string // SolutionPackageType, as -kind has it; empty if it does not say
	mapFile  string // SolutionPackageMapFilePath
	localize bool   // SolutionPackageEnableLocalization
	found    diag.List
}

// A projectFlag is the flag that chooses the project: a file, "none", or empty for the one that is found.
type projectFlag struct{ name string }

func (p *projectFlag) define(fs *flag.FlagSet) {
	fs.StringVar(&p.name, "project", "", "`FILE|none`: the .cdsproj of the tree (default the one in DIR, or beside DIR if it says so)")
}

// find returns the project of a folder, nil if there is none, and the folder of its tree.
func (p *projectFlag) find(dir string) (*project, string, error) {
	switch p.name {
	case "none":
		return nil, dir, nil
	case "":
		return findProject(dir)
	}
	found, err := readProject(p.name)
	if err != nil {
		return nil, "", err
	}
	if sameFolder(found.folder(), dir) && !isTreeFolder(dir) {
		dir = found.tree()
	}
	return found, dir, nil
}

// findProject returns the project that stands in a folder or, if that is the tree of one, beside it.
func findProject(dir string) (*project, string, error) {
	if !isTreeFolder(dir) {
		all, err := projectsIn(dir, func(*project) bool { return true })
		if len(all) == 1 {
			return all[0], all[0].tree(), nil
		}
		if all == nil || err != nil {
			beside, berr := projectsIn(besideFolder(dir), func(p *project) bool { return sameFolder(p.tree(), dir) })
			return oneProject(beside, dir, errors.Join(err, berr))
		}
		return oneProject(all, dir, nil)
	}
	mine := func(p *project) bool { return sameFolder(p.tree(), dir) }
	all, err := projectsIn(dir, mine)
	if len(all) == 0 && err == nil {
		all, err = projectsIn(besideFolder(dir), mine)
	}
	return oneProject(all, dir, err)
}

func oneProject(all []*project, dir string, err error) (*project, string, error) {
	switch {
	case err != nil:
		return nil, "", err
	case len(all) == 0:
		return nil, dir, nil
	case len(all) > 1:
		return nil, "", fmt.Errorf("%s: %s and %s are projects of it: say which with -project, or -project none", dir, all[0].file, all[1].file)
	}
	return all[0], dir, nil
}

// projectsIn reads the projects in a folder that a tree is of.
func projectsIn(dir string, is func(p *project) bool) (out []*project, err error) {
	list, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil // whoever reads the folder says so
	}
	for _, d := range list {
		if !strings.EqualFold(filepath.Ext(d.Name()), ".cdsproj") || d.IsDir() {
			continue
		}
		p, err := readProject(filepath.Join(dir, d.Name()))
		if err != nil {
			return nil, fmt.Errorf("%w: repair it, or give -project none", err)
		}
		if is(p) {
			out = append(out, p)
		}
	}
	return out, nil
}

// besideFolder is the folder that holds a folder, which may be called "." or "..".
func besideFolder(dir string) string {
	if base := filepath.Base(filepath.Clean(dir)); base != "." && base != ".." && base != string(filepath.Separator) {
		return filepath.Dir(filepath.Clean(dir))
	}
	return filepath.Join(dir, "..")
}

func sameFolder(a, b string) bool {
	x, err := filepath.Abs(a)
	y, yerr := filepath.Abs(b)
	if err == nil && yerr == nil && x == y {
		return true
	}
	i, err := os.Stat(a)
	j, jerr := os.Stat(b)
	return err == nil && jerr == nil && os.SameFile(i, j)
}

func isTreeFolder(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && info.IsDir() && packager.IsTree(os.DirFS(dir))
}

func (p *project) folder() string { return filepath.Dir(p.file) }

// tree is the folder of the tree. Where the project does not say, it is the one that holds a tree, and src if none does.
func (p *project) tree() string {
	src := filepath.Join(p.folder(), "src")
	switch {
	case p.root != "":
		return p.root
	case !isTreeFolder(src) && isTreeFolder(p.folder()):
		return p.folder()
	}
	return src
}

// readMap reads the mapping file of a project. Builds copy the tree to obj, three folders deep, and look from there: targets that
// are not there as seen from the tree are those of a build.
func (p *project) readMap(tree string) (*packager.Map, error) {
	m, err := readMap(p.mapFile, tree, filepath.Join(p.folder(), "obj", "Debug", "Metadata"))
	if err != nil {
		return nil, fmt.Errorf("%s has the mapping file %s: %w", p.file, p.mapFile, err)
	}
	return m, nil
}

// projectProperties are the properties that are used, by their name in lower case, and what takes a value; which returns why it
// can't.
var projectProperties = map[string]func(p *project, value string) (fault string){
	"solutionrootpath":                  func(p *project, v string) string { p.root = p.path(v); return "" },
	"solutionpackagemapfilepath":        func(p *project, v string) string { p.mapFile = p.path(v); return "" },
	"solutionpackagetype":               (*project).setKind,
	"solutionpackageenablelocalization": (*project).setLocalize,
}

func (p *project) setKind(value string) (fault string) {
	switch p.kind = strings.ToLower(value); p.kind {
	case "", "unmanaged", "managed", "both":
		return ""
	}
	p.kind = ""
	return "use Unmanaged, Managed or Both"
}

func (p *project) setLocalize(value string) (fault string) {
	switch strings.ToLower(value) {
	case "true", "yes", "on":
		p.localize = true
	case "", "false", "no", "off":
		p.localize = false
	default:
		return "use true or false"
	}
	return ""
}

// path is a path as seen from the folder of the project; empty for none.
func (p *project) path(value string) string {
	if value == "" {
		return ""
	}
	value = filepath.FromSlash(strings.ReplaceAll(value, `\`, "/"))
	if filepath.IsAbs(value) {
		return filepath.Clean(value)
	}
	return filepath.Join(p.folder(), value)
}

// readProject reads a .cdsproj.
func readProject(name string) (*project, error) {
	src, err := readText(name)
	if err != nil {
		return nil, err
	}
	p := &project{file: name}
	r := projectReader{p: p, values: p.reserved(), d: xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))))}
	if err := r.read(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

// reserved are the properties that MSBuild has for every file, as seen from the folder of the project.
func (p *project) reserved() map[string]string {
	base := filepath.Base(p.file)
	stem := strings.TrimSuffix(base, filepath.Ext(base))
	return map[string]string{
		"msbuildthisfiledirectory": "./", "msbuildprojectdirectory": ".",
		"msbuildthisfile": base, "msbuildprojectfile": base, "msbuildthisfilename": stem, "msbuildprojectname": stem,
		"msbuildthisfilefullpath": "./" + base, "msbuildprojectfullpath": "./" + base,
		"msbuildthisfileextension": filepath.Ext(base), "msbuildprojectextension": filepath.Ext(base),
	}
}

// A projectReader reads the properties and references of a project in their order.
type projectReader struct {
	p      *project
	d      *xml.Decoder
	values map[string]string // of properties, by name in lower case
	open   []*projectElement
}

type projectElement struct {
	name        string // in lower case
	conditional bool   // it, or what it stands in
	at          diag.Position
	text        strings.Builder
}

func (r *projectReader) read() error {
	for {
		var at diag.Position
		at.Line, at.Column = r.d.InputPos()
		token, err := r.d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			line, column := r.d.InputPos()
			return fmt.Errorf("%d:%d: %w", line, column, err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if len(r.open) == 0 && !strings.EqualFold(token.Name.Local, "Project") {
				return fmt.Errorf("%d:%d: the root element is %s: that of a project is Project", at.Line, at.Column, token.Name.Local)
			}
			if strings.EqualFold(token.Name.Local, "Target") { // it is for a build
				if err := r.d.Skip(); err != nil {
					return err
				}
				continue
			}
			r.start(token, at)
		case xml.CharData:
			if n := len(r.open); n > 0 {
				r.open[n-1].text.Write(token)
			}
		case xml.EndElement:
			e := r.open[len(r.open)-1]
			if len(r.open) > 1 && r.open[len(r.open)-2].name == "propertygroup" {
				r.property(token.Name.Local, e)
			}
			r.open = r.open[:len(r.open)-1]
		}
	}
}

func (r *projectReader) start(token xml.StartElement, at diag.Position) {
	e := &projectElement{name: strings.ToLower(token.Name.Local), at: at}
	include := ""
	for _, a := range token.Attr {
		switch strings.ToLower(a.Name.Local) {
		case "condition":
			e.conditional = strings.TrimSpace(a.Value) != ""
		case "include":
			include = a.Value
		}
	}
	if n := len(r.open); n > 0 {
		e.conditional = e.conditional || r.open[n-1].conditional
		if e.name == "projectreference" && r.open[n-1].name == "itemgroup" && include != "" {
			r.find(ruleProjectReference, at, "the project %s needs a build, which is not made: what it gives is packed only if it is in the tree, or where a mapping file has it", include)
		}
	}
	e.conditional = e.conditional || e.name == "choose"
	r.open = append(r.open, e)
}

// property takes the value of a property that has ended.
func (r *projectReader) property(name string, e *projectElement) {
	set, used := projectProperties[e.name]
	if e.conditional {
		if used {
			r.find(ruleProjectCondition, e.at, "%s depends on a condition, which is not evaluated: the value %q is left out", name, strings.TrimSpace(e.text.String()))
		}
		return
	}
	value, unknown := expandProperties(strings.TrimSpace(e.text.String()), r.values)
	if unknown == "" {
		r.values[e.name] = value
	}
	if !used {
		return
	}
	fault := ""
	if unknown != "" {
		fault = unknown + " is not set in this file"
	} else {
		fault = set(r.p, value)
	}
	if fault != "" {
		r.find(ruleProjectValue, e.at, "%s is %q, which is left out: %s", name, strings.TrimSpace(e.text.String()), fault)
	}
}

func (r *projectReader) find(rule diag.Rule, at diag.Position, format string, args ...any) {
	r.p.found = append(r.p.found, diag.Diagnostic{Rule: rule.ID, Severity: rule.Severity, Message: fmt.Sprintf(format, args...),
		Location: diag.Location{File: filepath.ToSlash(r.p.file), Start: at, End: at}})
}

var propertyUse = regexp.MustCompile(`\$\([^()]*(\([^()]*\))?[^()]*\)`)

// expandProperties replaces $(NAME) by values. unknown is the first that has none.
func expandProperties(text string, values map[string]string) (out, unknown string) {
	out = propertyUse.ReplaceAllStringFunc(text, func(use string) string {
		value, ok := values[strings.ToLower(strings.TrimSpace(use[2:len(use)-1]))]
		if !ok && unknown == "" {
			unknown = use
		}
		return value
	})
	return out, unknown
}

// says is a line about what is taken from the project.
func (p *project) says(tree string, taken ...string) string {
	taken = slices.DeleteFunc(taken, func(s string) bool { return s == "" })
	return fmt.Sprintf("%s: %s", p.file, strings.Join(append([]string{"the tree is " + tree}, taken...), ", "))
}
