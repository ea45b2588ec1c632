package packager

import (
	"bytes"
	"strings"

	"github.com/solutionkit/solutionkit/internal/assembly"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A builtAssembly is a plug-in assembly whose DLL has another name than the package says.
type builtAssembly struct {
	from, to string // full names
	file     string // path of the DLL
}

// A remapping gives the names of assemblies in a package those that their DLLs have.
type remapping struct {
	p      *packing
	byFrom map[string]builtAssembly // by the full name in the tree
	byName map[string]builtAssembly // by the folded simple name, if the DLL has it too
	known  map[string]int           // folded simple names of all assemblies of the package, and how many have each
	edits  []diag.Edit
}

// remapPlugins writes the names of DLLs where those in the tree differ, if opts asks for it.
func (p *packing) remapPlugins(opts *PackOptions) error {
	if !opts.RemapPlugins {
		return nil
	}
	r := &remapping{p: p, byFrom: map[string]builtAssembly{}, byName: map[string]builtAssembly{}, known: map[string]int{}}
	for i, find := range []func(*xmlspan.Document){r.customizations, r.roots} {
		data, err := p.entries[i].file.read()
		if err != nil {
			return err
		}
		d, err := xmlspan.Parse(data, 5, p.tree.limits.xml())
		if err != nil {
			return xmlError(err, p.entries[i].name, data)
		}
		r.edits = nil
		find(d)
		if err := r.write(i, data); err != nil {
			return err
		}
	}
	return r.workflows()
}

// write makes the edits of an entry.
func (r *remapping) write(entry int, data []byte) error {
	if len(r.edits) == 0 {
		return nil
	}
	e := &r.p.entries[entry]
	data, err := diag.Apply(data, r.edits)
	if err != nil {
		return &Error{Op: "pack", Path: e.file.path, Err: err}
	}
	e.file = memoryFile(e.file.path, data)
	return nil
}

// customizations finds the assemblies whose DLLs have another name, and changes that in them, their types and their steps.
func (r *remapping) customizations(d *xmlspan.Document) {
	files := map[string]*file{}
	for _, e := range r.p.entries {
		if part, reason := partName(e.name); reason == "" && e.file != nil {
			files[fold(part)] = e.file
		}
	}
	for c := range d.Elements(d.At(d.Root(), "SolutionPluginAssemblies")) {
		from := attr(d, c, "FullName")
		r.known[fold(simpleName(from))]++
		f := at(files, zipPath(child(d, c, "FileName")))
		if f == nil {
			continue
		}
		data, err := f.read()
		if err != nil {
			continue // it is told where the entry is written
		}
		identity, err := assembly.Read(data)
		if err != nil {
			r.p.found.in(ruleNotRemapped, f.path, "%s is %v: the package names it %q, as the tree does", f.path, err, from)
			continue
		}
		to := identity.String()
		if to == from {
			continue
		}
		a := builtAssembly{from, to, f.path}
		r.byFrom[from] = a
		if name := fold(simpleName(to)); name == fold(simpleName(from)) {
			r.byName[name] = a
		}
		r.attribute(d, c, "FullName", to, a)
		for t := range d.Elements(d.At(c, "PluginTypes")) {
			name, _ := splitQualified(attr(d, t, "AssemblyQualifiedName"))
			r.attribute(d, t, "AssemblyQualifiedName", name+", "+to, a)
		}
	}
	for c := range d.Elements(d.At(d.Root(), "SdkMessageProcessingSteps")) {
		n := d.Child(c, "PluginTypeName")
		if n == xmlspan.None || hasElements(d, n) {
			continue
		}
		text := d.Text(n)
		name, of := splitQualified(strings.TrimSpace(text))
		a, ok := r.buildOf(of)
		if !ok || a.to == of {
			continue
		}
		to := name + ", " + a.to
		r.change(int(d.Nodes[n].OpenEnd), int(d.CloseStart(n)), string(xmlspan.AppendText(nil, to, r.p.newline)))
		r.tell(a, "PluginTypeName of step "+attr(d, c, "SdkMessageProcessingStepId"), text, to)
	}
}

// roots changes the names of assemblies in the list of root components.
func (r *remapping) roots(d *xmlspan.Document) {
	for c := range d.Elements(d.At(d.Root(), "SolutionManifest", "RootComponents")) {
		if a, ok := r.byFrom[attr(d, c, "schemaName")]; ok && attr(d, c, "type") == "91" {
			r.attribute(d, c, "schemaName", a.to, a)
		}
	}
}

// attribute changes an attribute.
func (r *remapping) attribute(d *xmlspan.Document, i int32, name, value string, a builtAssembly) {
	for raw := range d.RawAttrs(i) {
		if string(raw.Name.Of(d.Src)) == name {
			r.change(int(raw.Value.Start), int(raw.Value.End), escapedValue(value))
			r.tell(a, name+" of "+d.Name(i), xmlspan.AttrValue(raw.Value.Of(d.Src)), value)
		}
	}
}

func (r *remapping) change(start, end int, text string) {
	r.edits = append(r.edits, diag.Edit{Start: start, End: end, New: text})
}

func (r *remapping) tell(a builtAssembly, what, from, to string) {
	r.p.found.in(ruleRemapped, a.file, "%s: %q is %q in the package, as the DLL is called so", what, from, to)
}

// buildOf finds the assembly that a full name in a step or a workflow is of. As the reference tool does, it goes by the simple name,
// which the DLL must have kept; where several assemblies have one, by the whole name.
func (r *remapping) buildOf(full string) (builtAssembly, bool) {
	simple := fold(simpleName(full))
	if r.known[simple] == 1 {
		a, ok := r.byName[simple]
		return a, ok
	}
	a, ok := r.byFrom[full]
	return a, ok && fold(simpleName(a.to)) == simple
}

// workflows changes the names of assemblies in the XAML of workflows.
func (r *remapping) workflows() error {
	if len(r.byFrom) == 0 {
		return nil
	}
	for i := range r.p.entries {
		e := &r.p.entries[i]
		if e.file == nil || fold(topFolder(e.name)) != "WORKFLOWS" || fold(extension(e.name)) != "XAML" {
			continue
		}
		data, err := e.file.read()
		if err != nil || !bytes.Contains(data, []byte(activityReference)) {
			continue // an error is told where the entry is written
		}
		changed, err := r.xaml(e.file.path, data)
		if err != nil {
			r.p.found.in(ruleNotRemapped, e.file.path, "%s names assemblies and can't be read: %v", e.file.path, err)
			continue
		}
		if changed != nil {
			e.file = memoryFile(e.file.path, changed)
		}
	}
	return nil
}

// activityReference is the element of a workflow that names a type of a plug-in assembly.
const activityReference = "ActivityReference"

// xaml returns the XAML of a workflow with the names of DLLs, nil if it has none of another name.
func (r *remapping) xaml(name string, data []byte) ([]byte, error) {
	d, err := parseXML(data, name, r.p.tree.limits.Depth, r.p.tree.limits)
	if err != nil {
		return nil, err
	}
	r.edits = nil
	for n := range d.Nodes {
		i := int32(n)
		if local := d.Name(i); local[strings.IndexByte(local, ':')+1:] != activityReference {
			continue
		}
		typeName, of := splitQualified(attr(d, i, "AssemblyQualifiedName"))
		if a, ok := r.buildOf(of); ok && a.to != of {
			r.attribute(d, i, "AssemblyQualifiedName", typeName+", "+a.to, builtAssembly{of, a.to, name})
		}
	}
	if len(r.edits) == 0 {
		return nil, nil
	}
	text, err := diag.Apply(d.Src, r.edits)
	if err != nil {
		return nil, err
	}
	return rewrittenXAML(text, name, r.p.newline, r.p.tree.limits)
}

// rewrittenXAML writes XAML as the reference tool does when it changes a name in it: indented, without declaration, byte order mark and
// newline at the end, and the end tag of an element with nothing in it on a line of its own.
func rewrittenXAML(text []byte, name, newline string, lim Limits) ([]byte, error) {
	d, err := parseXML(text, name, lim.Depth, lim)
	if err != nil {
		return nil, err
	}
	f := xmlspan.Format{Newline: newline}
	// In line is what has text before it in the element around it, and what is below that; white space is kept there, and below
	// xml:space="preserve".
	inLine, hasText := make([]bool, len(d.Nodes)), make([]bool, len(d.Nodes))
	for n := 1; n < len(d.Nodes); n++ {
		i := int32(n)
		node := &d.Nodes[i]
		inLine[i] = inLine[node.Parent] || hasText[node.Parent] || attr(d, i, "xml:space") == "preserve"
		hasText[node.Parent] = hasText[node.Parent] || node.Kind == xmlspan.Text || node.Kind == xmlspan.CData
		if node.Kind != xmlspan.StartTag || hasChildren(d, i) || inLine[i] {
			continue
		}
		empty := []byte("<" + d.Name(i) + attributeText(d, i) + ">")
		empty = append(f.AppendIndent(empty, int(node.Depth)), "</"+d.Name(i)+">"...)
		f.Holes = append(f.Holes, xmlspan.Hole{Start: node.Start, End: node.End, Text: empty})
	}
	var out []byte
	for n := range d.Nodes {
		if node := &d.Nodes[n]; node.Depth == 0 {
			out = f.Append(out, d.Scanned, int(node.Start), int(node.End), 0)
		}
	}
	return bytes.TrimPrefix(out, []byte(newline)), nil
}

// splitQualified splits the name of a type from the full name of its assembly. Types in brackets have commas of their own.
func splitQualified(text string) (name, assembly string) {
	depth := 0
	for i, c := range []byte(text) {
		switch {
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == ',' && depth == 0 && (i == 0 || text[i-1] != '\\'):
			return text[:i], strings.TrimSpace(text[i+1:])
		}
	}
	return text, ""
}

// simpleName is the first part of the full name of an assembly.
func simpleName(full string) string {
	name, _ := splitQualified(full)
	return strings.TrimSpace(name)
}
