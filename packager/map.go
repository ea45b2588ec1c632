package packager

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A Map says which files of a tree stand elsewhere: what a build makes, or what has another place in a repository. It holds the
// directives of a mapping file of the reference tool, see the package comment. It is immutable, and safe for concurrent use if
// the folders are.
type Map struct {
	directives []directive
	folder     func(name string) (fs.FS, error)
	found      diag.List
}

// MapOptions says what a mapping file leaves open. nil and the zero value mean that there is nothing.
type MapOptions struct {
	// Vars are the values of %NAME% in targets. Letter case of the names does not count.
	Vars map[string]string
	// Folder opens a folder of a target. name is as it stands in the mapping file, with values for variables, "/" for "\", and no
	// "." in it: absolute, or from the folder of the tree on, so that it may begin with "../". An error that wraps
	// [fs.ErrNotExist] says that there is none, as there is none at all if Folder is nil. What it gives is read as the tree is.
	Folder func(name string) (fs.FS, error)
}

// A directive sends files of the tree elsewhere.
type directive struct {
	element string
	at      diag.Location
	from    mapPattern
	to      mapTarget
}

// A mapPattern is what the paths of files of a tree are held against.
type mapPattern struct {
	text     string   // as it stands in the file
	anywhere bool     // the folder does not count
	below    bool     // files in folders below count too, with any name
	folders  []string // folded; "**" stands for any number of folders
	name     string   // folded
	ending   bool     // the name only has to end so
}

// A mapTarget is where files stand instead.
type mapTarget struct {
	text   string // as it stands in the file, variables replaced
	folder string // without what follows "**"
	deep   bool   // any folder below will do
	rest   string // what follows, up to the name of the file: empty, or with "/" at its end
	name   string // of the file; empty if it keeps its own
}

const anyFolder = "**"

// mapDirectives are the elements of a mapping file. parse returns why a directive can't be followed, empty if it can.
var mapDirectives = map[string]func(d *directive, from, to string) (fault string){
	"Folder":     (*directive).parseFolder,
	"FileToFile": (*directive).parseFileToFile,
	"FileToPath": (*directive).parseFileToPath,
}

// ParseMap reads a mapping file. file is its name for messages. Directives that can't be followed are left out, as in the
// reference tool, and come with a finding, which [Map.Diagnostics], Pack and Unpack give. XML that can't be read, and a
// root element other than Mapping, are a [*solution.SyntaxError].
func ParseMap(src []byte, file string, opts *MapOptions) (*Map, error) {
	if opts == nil {
		opts = &MapOptions{}
	}
	doc, err := parseXML(src, file, 1, (*Limits)(nil).withDefaults())
	if err != nil {
		return nil, err
	}
	s := &source{name: file, doc: doc}
	root := doc.Root()
	if !doc.Is(root, "Mapping") {
		return nil, &solution.SyntaxError{File: file, Pos: s.at(root).Start, Err: fmt.Errorf("the root element is %s: that of a mapping file is Mapping", doc.Name(root))}
	}
	m := &Map{folder: opts.Folder}
	vars := make(map[string]string, len(opts.Vars))
	for _, name := range slices.Sorted(maps.Keys(opts.Vars)) {
		vars[fold(name)] = opts.Vars[name]
	}
	for c := range doc.Elements(root) {
		m.add(s, c, vars)
	}
	return m, nil
}

// add reads one directive.
func (m *Map) add(s *source, c int32, vars map[string]string) {
	ignored := func(format string, args ...any) {
		m.found = append(m.found, s.finding(ruleDirective, c, "%s: it is ignored", fmt.Sprintf(format, args...)))
	}
	element := s.doc.Name(c)
	parse, ok := mapDirectives[element]
	if !ok {
		ignored("%s is no directive: there are Folder, FileToFile and FileToPath", element)
		return
	}
	var values [2]string
	for i, name := range []string{"map", "to"} {
		if values[i] = strings.TrimSpace(attr(s.doc, c, name)); values[i] == "" {
			ignored("%s has no attribute %s", element, name)
			return
		}
	}
	to, unset := expandVars(values[1], vars)
	d := directive{element: element, at: s.at(c), from: mapPattern{text: values[0]}}
	d.at.Path = s.path(c)
	if fault := parse(&d, slashed(values[0]), slashed(to)); fault != "" {
		ignored("%s", fault)
		return
	}
	if len(unset) > 0 {
		m.found = append(m.found, s.finding(ruleDirective, c, "%s has no value: set it, or nothing is found in %s", strings.Join(unset, ", "), d.to.text))
	}
	m.directives = append(m.directives, d)
}

// Diagnostics returns what is wrong with the directives.
func (m *Map) Diagnostics() diag.List {
	if m == nil {
		return nil
	}
	return slices.Clone(m.found)
}

// Target returns where a file of a tree stands, by the first directive that matches its path: a path as [MapOptions] describes
// it, in which "**" stands for any folders. ok is false if no directive matches, and the file stands in the tree.
func (m *Map) Target(name string) (target string, ok bool) {
	d := m.match(name)
	if d == nil {
		return "", false
	}
	folder, rel := d.target(name)
	if d.to.deep {
		rel = anyFolder + "/" + rel
	}
	return joinTarget(folder, rel), true
}

// Stands reports whether a file of a tree stands elsewhere by a directive, and not in the tree. A file of XML says what a component is,
// and is never elsewhere, unless it is a payload: then isFile reports that the tree has the file that names it. Letter case does not
// count in what it is asked for.
func (m *Map) Stands(name string, isFile func(name string) bool) bool {
	_, ok := m.Target(name)
	return ok && (!strings.EqualFold(path.Ext(name), ".xml") || isFile(name+".data.xml"))
}

// joinTarget is the path of a file in a folder of a target.
func joinTarget(folder, rel string) string { return strings.TrimSuffix(folder, "/") + "/" + rel }

// match returns the first directive that matches the path of a file, nil if there is none.
func (m *Map) match(name string) *directive {
	if m == nil || !fs.ValidPath(name) {
		return nil
	}
	segments := strings.Split(fold(name), "/")
	for i := range m.directives {
		if m.directives[i].from.matches(segments) {
			return &m.directives[i]
		}
	}
	return nil
}

// matches holds a folded path against the pattern.
func (p *mapPattern) matches(segments []string) bool {
	folders, base := segments[:len(segments)-1], segments[len(segments)-1]
	switch {
	case p.below:
		return len(folders) >= len(p.folders) && slices.Equal(folders[:len(p.folders)], p.folders)
	case p.ending && !strings.HasSuffix(base, p.name), !p.ending && base != p.name:
		return false
	}
	return p.anywhere || matchFolders(p.folders, folders)
}

// matchFolders holds folders against a pattern in which "**" stands for any number of them.
func matchFolders(pattern, folders []string) bool {
	i, star, resume := 0, -1, 0
	for j := 0; j < len(folders); {
		switch {
		case i < len(pattern) && pattern[i] == anyFolder:
			star, resume = i, j
			i++
		case i < len(pattern) && pattern[i] == folders[j]:
			i, j = i+1, j+1
		case star >= 0: // it stands for one more
			resume++
			i, j = star+1, resume
		default:
			return false
		}
	}
	for i < len(pattern) && pattern[i] == anyFolder {
		i++
	}
	return i == len(pattern)
}

// target returns the folder of a matched file and the path in it; if the target is deep, in that or in a folder below.
func (d *directive) target(name string) (folder, rel string) {
	switch {
	case d.from.below:
		segments := strings.Split(name, "/")
		return d.to.folder, path.Join(segments[len(d.from.folders):]...)
	case d.to.name != "":
		return d.to.folder, d.to.rest + d.to.name
	}
	return d.to.folder, d.to.rest + path.Base(name)
}

// slashed is a path with "/" as what parts its segments: mapping files have "\" and are read on every system.
func slashed(p string) string { return strings.ReplaceAll(p, `\`, "/") }

// cleanFolder is the path of a folder without "." and empty segments. It is "." for the folder of the tree.
func cleanFolder(p string) string {
	if strings.HasPrefix(p, "//") && strings.Trim(p, "/") != "" { // a share of Windows
		return "/" + path.Clean(p[1:])
	}
	return path.Clean(p)
}

func (d *directive) parseFolder(from, to string) (fault string) {
	if strings.ContainsAny(from, "*?") || strings.ContainsAny(to, "*?") {
		return "Folder takes no wildcards"
	}
	d.from.below = true
	if d.from.folders, fault = patternFolders(from); fault != "" {
		return fault
	}
	d.to.text, d.to.folder = to, cleanFolder(to)
	return ""
}

func (d *directive) parseFileToFile(from, to string) (fault string) {
	if fault := d.parseName(from, false); fault != "" {
		return fault
	}
	dir, name := path.Split(to)
	switch {
	case name == "" || name == "." || name == "..":
		return fmt.Sprintf("to is %q, which names no file", to)
	case strings.ContainsAny(name, "*?"):
		return fmt.Sprintf("to is %q: FileToFile takes no wildcards in names of files", to)
	}
	d.to.name = name
	return d.to.parse(to, dir)
}

func (d *directive) parseFileToPath(from, to string) (fault string) {
	if fault := d.parseName(from, true); fault != "" {
		return fault
	}
	return d.to.parse(to, to)
}

// parseName reads the path of a file, with or without folders. wild says that its name may be *.* or *.ext.
func (d *directive) parseName(from string, wild bool) (fault string) {
	dir, name := path.Split(from)
	if d.from.folders, fault = patternFolders(dir); fault != "" {
		return fault
	}
	d.from.anywhere = dir == ""
	ending, starred := strings.CutPrefix(name, "*.")
	switch {
	case name == "" || name == "." || name == "..":
		return fmt.Sprintf("map is %q, which names no file", from)
	case !strings.ContainsAny(name, "*?"):
		d.from.name = fold(name)
	case !wild:
		return fmt.Sprintf("map is %q: FileToFile takes no wildcards in names of files", from)
	case name == "*.*":
		d.from.ending = true
	case starred && ending != "" && !strings.ContainsAny(ending, "*?"):
		d.from.ending, d.from.name = true, fold("."+ending)
	default:
		return fmt.Sprintf("map is %q: the wildcards of FileToPath are *.* and *.ext", from)
	}
	return ""
}

// patternFolders reads folders of the tree.
func patternFolders(dir string) (folders []string, fault string) {
	if dir == "" {
		return nil, ""
	}
	if dir[0] == '/' || len(dir) > 1 && dir[1] == ':' && isLetter(dir[0]) {
		return nil, fmt.Sprintf("map is %q, which leads out of the tree: give a path in it", dir)
	}
	dir = path.Clean(dir)
	if dir == "." {
		return nil, ""
	}
	for segment := range strings.SplitSeq(dir, "/") {
		switch {
		case segment == "..":
			return nil, fmt.Sprintf("map is %q, which leads out of the tree: give a path in it", dir)
		case segment != anyFolder && strings.ContainsAny(segment, "*?"):
			return nil, fmt.Sprintf("map has the folder %q: the only wildcard for folders is **", segment)
		}
		folders = append(folders, fold(segment))
	}
	return folders, ""
}

// parse reads the folders of a target.
func (t *mapTarget) parse(text, dir string) (fault string) {
	t.text = text
	segments := strings.Split(dir, "/")
	at := slices.Index(segments, anyFolder)
	if t.deep = at >= 0; t.deep {
		if rest := strings.TrimPrefix(path.Clean("/"+strings.Join(segments[at+1:], "/")), "/"); rest != "" {
			t.rest = rest + "/"
		}
		dir = strings.Join(segments[:at], "/")
		if at == 1 && segments[0] == "" {
			dir = "/"
		}
	}
	if strings.ContainsAny(dir+t.rest, "*?") {
		return fmt.Sprintf("to is %q: the only wildcard for folders is **, once", text)
	}
	t.folder = cleanFolder(dir)
	return ""
}

// expandVars replaces %NAME% by values. Variables without one stay, as on Windows; those whose names look like one are returned.
func expandVars(text string, vars map[string]string) (out string, unset []string) {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "%")
		b.WriteString(before)
		if !ok {
			return b.String(), unset
		}
		name, behind, ok := strings.Cut(rest, "%")
		value, known := vars[fold(name)]
		switch {
		case !ok:
			b.WriteString("%" + rest)
			return b.String(), unset
		case known && name != "":
			b.WriteString(value)
			text = behind
			continue
		case isVarName(name):
			unset = append(unset, "%"+name+"%")
		}
		b.WriteString("%" + name)
		text = "%" + behind // which may begin the next
	}
}

// isVarName reports whether a name is one that variables have, and not a part of a path between two percent signs.
func isVarName(name string) bool {
	for i, r := range name {
		letter := r < 0x80 && isLetter(byte(r)) || r == '_'
		if !letter && (i == 0 || r != '(' && r != ')' && r != '.' && r != '-' && (r < '0' || r > '9')) {
			return false
		}
	}
	return name != ""
}
