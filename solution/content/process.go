package content

import (
	"bytes"
	"path"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// categoryAction is the category of processes that are messages, which flows and programs send by name.
const categoryAction = "3"

// endProcess notes the XAML of a process, and the message that an action is: the publisher's prefix and its unique name.
func (w *walker) endProcess(o *open) {
	x := &w.r.components[o.at]
	for _, name := range x.Parts {
		if strings.EqualFold(path.Ext(name), ".xaml") {
			w.r.processes[name] = x.Key
		}
	}
	if o.category != categoryAction || o.memo == "" {
		return
	}
	if hasPrefix(o.memo) {
		x.Alternates = append(x.Alternates, key(solution.TypeCustomAPI, o.memo))
	}
	if w.r.manifest != nil && w.r.manifest.Publisher().Prefix != "" {
		x.Alternates = append(x.Alternates, key(solution.TypeCustomAPI, w.r.manifest.Publisher().Prefix+"_"+o.memo))
	}
}

// readProcess reads the XAML of a classic process, business rule or business process flow: what it names in attributes of activities.
// Each table is told once.
func (r *reader) readProcess(name string, src []byte) error {
	from := r.processes[name]
	tables := map[string]bool{}
	s := xmlspan.NewScanner(src, nil)
	for s.Next() && r.over == nil {
		if s.Kind != xmlspan.StartTag && s.Kind != xmlspan.EmptyTag {
			continue
		}
		element := localName(s.Name.Of(src))
		for i := range s.Attrs {
			a := &s.Attrs[i]
			edge, to, text := Edge(""), solution.Key{}, ""
			switch attr := a.Name.Of(src); {
			case string(attr) == "EntityName":
				if raw := a.Value.Of(src); isTableName(raw) && !tables[string(raw)] {
					text = string(raw)
					tables[text] = true
					edge, to = ProcessTable, key(solution.TypeEntity, text)
				}
			case string(attr) == "WorkflowId" && string(element) == "StartChildWorkflow":
				if text = xmlspan.AttrValue(a.Value.Of(src)); isGUID(text) {
					edge, to = ProcessChild, idKey(solution.TypeWorkflow, text)
				}
			case string(attr) == "AssemblyQualifiedName" && string(element) == "ActivityReference":
				if text = xmlspan.AttrValue(a.Value.Of(src)); !isPlatformActivity(text) {
					edge, to = ProcessPluginType, key(solution.TypePluginType, text)
				}
			}
			if edge != "" {
				elements := string(s.Name.Of(src)) + "/@" + string(a.Name.Of(src))
				r.refer(edge, from, to, text, r.location(name, int(a.Value.Start), int(a.Value.End), elements))
			}
		}
	}
	return s.Err()
}

// localName returns a name without its prefix.
func localName(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

// isTableName reports whether a text is a constant and no formula of XAML.
func isTableName(raw []byte) bool {
	for i, c := range raw {
		if !isWord(c) || i == 0 && c >= '0' && c <= '9' {
			return false
		}
	}
	return len(raw) > 0 && string(raw) != "none"
}

// isPlatformActivity reports whether an assembly-qualified name is that of an activity that comes with the platform.
func isPlatformActivity(name string) bool {
	_, assembly, ok := strings.Cut(name, ",")
	if !ok || strings.ContainsAny(name, "[{") {
		return true // no name of a registered type
	}
	assembly, _, _ = strings.Cut(assembly, ",")
	assembly = solution.Fold(strings.TrimSpace(assembly))
	for _, lead := range []string{"microsoft.crm.", "microsoft.xrm.", "system.", "mscorlib"} {
		if strings.HasPrefix(assembly+".", lead) {
			return true
		}
	}
	return assembly == "system" || assembly == "mscorlib"
}

// typeAndAssembly returns the parts of an assembly-qualified name that stay when the assembly gets a new version.
func typeAndAssembly(name string) (string, bool) {
	t, rest, ok := strings.Cut(name, ",")
	assembly, _, versioned := strings.Cut(rest, ",")
	return solution.Fold(strings.TrimSpace(t) + "," + strings.TrimSpace(assembly)), ok && versioned
}
