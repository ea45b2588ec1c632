package solution

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// The rules of Manifest.Check.
const (
	ruleElementMissing      = "solution/element-missing"
	ruleElementRepeated     = "solution/element-repeated"
	ruleUniqueName          = "solution/unique-name-invalid"
	ruleVersion             = "solution/version-invalid"
	ruleVersionParts        = "solution/version-parts"
	ruleManaged             = "solution/managed-invalid"
	ruleLabelLanguage       = "solution/label-language"
	rulePublisherName       = "solution/publisher-name-invalid"
	rulePrefix              = "solution/publisher-prefix-invalid"
	ruleOptionPrefix        = "solution/option-value-prefix-invalid"
	ruleRootType            = "solution/root-type-invalid"
	ruleRootTypeUnknown     = "solution/root-type-unknown"
	ruleRootTypeEnvironment = "solution/root-type-environment"
	ruleRootKey             = "solution/root-key-missing"
	ruleRootID              = "solution/root-id-invalid"
	ruleRootIDForm          = "solution/root-id-form"
	ruleRootBehavior        = "solution/root-behavior-invalid"
	ruleRootDuplicate       = "solution/root-duplicate"
	ruleDependencyEnd       = "solution/dependency-incomplete"
	ruleDependencySolution  = "solution/dependency-solution-invalid"
)

var rules = [...]diag.Rule{
	{ID: ruleElementMissing, Severity: diag.Warning, Summary: "an element that every export has is missing",
		Help: "Stubs that people write lack elements; tools read the file, but an import may refuse it. Add the element, empty if there is nothing to say."},
	{ID: ruleElementRepeated, Severity: diag.Error, Summary: "an element that may occur once occurs again",
		Help: "The first one counts here; other readers may take another. Remove all but one."},
	{ID: ruleUniqueName, Severity: diag.Error, Summary: "the unique name is missing or has characters that are not allowed",
		Help: "A unique name is made of letters a to z, digits and underscores."},
	{ID: ruleVersion, Severity: diag.Error, Summary: "the version is missing or not one to four numbers",
		Help: "Write major.minor.build.revision in decimal numbers."},
	{ID: ruleVersionParts, Severity: diag.Note, Summary: "the version has fewer than four parts",
		Help: "Missing parts read as zero. The documented form has four."},
	{ID: ruleManaged, Severity: diag.Error, Summary: "Managed is not 0, 1 or 2",
		Help: "0 is unmanaged, 1 managed, and 2, in source trees only, both."},
	{ID: ruleLabelLanguage, Severity: diag.Warning, Summary: "a text does not say its language",
		Help: "languagecode is the decimal number of the language, such as 1033."},
	{ID: rulePublisherName, Severity: diag.Error, Summary: "the publisher's unique name is missing or has characters that are not allowed",
		Help: "The publisher's unique name decides who may update a managed solution. It is made of letters a to z, digits and underscores."},
	{ID: rulePrefix, Severity: diag.Error, Summary: "the publisher's customization prefix is missing or not valid",
		Help: "A prefix has 2 to 8 letters, digits and underscores, begins with a letter and not with mscrm."},
	{ID: ruleOptionPrefix, Severity: diag.Error, Summary: "the publisher's option value prefix is missing or not between 10000 and 99999",
		Help: "Values of new choices begin with this number."},
	{ID: ruleRootType, Severity: diag.Error, Summary: "a root component has no type, or one that is not a number",
		Help: "The reference tool refuses to pack such a manifest."},
	{ID: ruleRootTypeUnknown, Severity: diag.Note, Summary: "a root component's type is not in the catalogue",
		Help: "The component is carried, but nothing is known about its kind."},
	{ID: ruleRootTypeEnvironment, Severity: diag.Warning, Summary: "a root component's type has a number that only one environment knows",
		Help: "Numbers from 10000 on are given by each environment, so in another one this means something else or nothing."},
	{ID: ruleRootKey, Severity: diag.Warning, Summary: "a root component lacks the key that its type is identified by",
		Help: "Types are identified by schemaName, by id or by either. Only the default site map has none."},
	{ID: ruleRootID, Severity: diag.Error, Summary: "a root component's id is not a GUID"},
	{ID: ruleRootIDForm, Severity: diag.Note, Summary: "a root component's id is not in braces and lower case",
		Help: "All exports write ids in this form."},
	{ID: ruleRootBehavior, Severity: diag.Error, Summary: "a root component's behavior is not 0, 1 or 2"},
	{ID: ruleRootDuplicate, Severity: diag.Error, Summary: "a root component occurs twice",
		Help: "The reference tool refuses to pack such a manifest. Names compare without regard to case."},
	{ID: ruleDependencyEnd, Severity: diag.Warning, Summary: "a missing dependency lacks its Required or Dependent element or a type"},
	{ID: ruleDependencySolution, Severity: diag.Warning, Summary: "a missing dependency names no solution, or one with a version that cannot be read",
		Help: "Write \"Name (1.0.0.0)\", Active for the unmanaged layer, or System for the platform."},
}

// Rules returns the catalogue of the findings of [Manifest.Check], sorted by id.
func Rules() iter.Seq[diag.Rule] {
	sorted := slices.SortedFunc(slices.Values(rules[:]), func(a, b diag.Rule) int { return strings.Compare(a.ID, b.ID) })
	return slices.Values(sorted)
}

// Check returns what is wrong or odd in the manifest, sorted, the first 1,000 of each rule. It looks at this file alone: whether root
// components have content is for the reader of the package to say. Fixes are given where there is only
// one way.
func (m *Manifest) Check() diag.List {
	c := checker{Manifest: m}
	c.elements()
	c.uniqueName()
	c.versions()
	c.managed()
	c.publisherRules()
	c.rootRules()
	c.dependencies()
	c.found.Sort()
	return c.found
}

type checker struct {
	*Manifest
	found  diag.List
	counts map[string]int // findings by rule
}

// add records a finding about node i.
func (c *checker) add(rule string, i int32, path, format string, args ...any) *diag.Diagnostic {
	return c.addAt(rule, c.location(i, path), format, args...)
}

func (c *checker) addAt(rule string, at diag.Location, format string, args ...any) *diag.Diagnostic {
	if c.counts == nil {
		c.counts = map[string]int{}
	}
	switch c.counts[rule]++; {
	case c.counts[rule] == maxFindings:
		format += "; no more of this kind are told"
	case c.counts[rule] > maxFindings:
		return &diag.Diagnostic{} // not told
	}
	d := diag.Diagnostic{Rule: rule, Message: fmt.Sprintf(format, args...), Location: at}
	for _, r := range rules {
		if r.ID == rule {
			d.Severity = r.Severity
		}
	}
	c.found = append(c.found, d)
	return &c.found[len(c.found)-1]
}

// maxFindings is how many findings of a rule Check makes: a made-up manifest may have a million of them.
const maxFindings = 1000

// tag returns the place of the start tag of node i: what is missing in an element is marked there.
func (c *checker) tag(i int32, path string) diag.Location {
	n := &c.doc.Nodes[i]
	return c.span(n.Start, n.OpenEnd, path)
}

// textPlace returns the place of what stands between the tags of node i, of the element if it is empty.
func (c *checker) textPlace(i int32, path string) diag.Location {
	open, end := c.doc.Nodes[i].OpenEnd, c.doc.CloseStart(i)
	if open >= end {
		return c.location(i, path)
	}
	return c.span(open, end, path)
}

// attrPlace returns the place of an attribute's value, of the start tag if it is absent.
func (c *checker) attrPlace(i int32, path, name string) diag.Location {
	if a, ok := c.attr(i, name); ok {
		return c.span(a.Value.Start, a.Value.End, path+"/@"+name)
	}
	return c.tag(i, path)
}

func (c *checker) attr(i int32, name string) (xmlspan.Attr, bool) {
	for a := range c.doc.RawAttrs(i) {
		if string(a.Name.Of(c.doc.Src)) == name {
			return a, true
		}
	}
	return xmlspan.Attr{}, false
}

// fix returns an edit of the source, none if the bytes do not stand there as they do here.
func (c *checker) fix(message string, start, end int32, text string) []diag.Fix {
	at := c.places(int(start), int(end))
	if at.End.Offset-at.Start.Offset != int(end-start) {
		return nil
	}
	return []diag.Fix{{Message: message, Edits: []diag.Edit{{File: at.File, Start: at.Start.Offset, End: at.End.Offset, New: text}}}}
}

// elements: every child that exports have is there once. Rules of their own tell of missing values.
func (c *checker) elements() {
	for _, name := range manifestOrder {
		path := "SolutionManifest/" + name
		first := c.child(name)
		if first == xmlspan.None {
			switch name {
			case "UniqueName", "Version", "ConfigurationPage":
			default:
				c.addAt(ruleElementMissing, c.tag(c.top, "SolutionManifest"), "element %s is missing: add it", name)
			}
			continue
		}
		for i := range c.doc.Elements(c.top) {
			if i != first && c.doc.Is(i, name) {
				d := c.add(ruleElementRepeated, i, path, "element %s occurs again: remove all but one", name)
				d.Related = []diag.Related{{Location: c.location(first, path), Message: "the first one"}}
			}
		}
	}
	c.labelRules("SolutionManifest", c.top)
}

func (c *checker) labelRules(path string, parent int32) {
	for _, names := range [...][2]string{{"LocalizedNames", "LocalizedName"}, {"Descriptions", "Description"}} {
		list, item := names[0], names[1]
		at := c.doc.Child(parent, list)
		if at == xmlspan.None {
			continue
		}
		n := 0
		for i := range c.doc.Elements(at) {
			if !c.doc.Is(i, item) {
				continue
			}
			n++
			code, _ := c.doc.Attr(i, "languagecode")
			if lcid, err := strconv.Atoi(code); err != nil || lcid <= 0 {
				here := fmt.Sprintf("%s/%s/%s[%d]", path, list, item, n)
				c.addAt(ruleLabelLanguage, c.attrPlace(i, here, "languagecode"), "languagecode %q is not the number of a language: write one such as 1033", code)
			}
		}
	}
}

func (c *checker) uniqueName() {
	const path = "SolutionManifest/UniqueName"
	i := c.child("UniqueName")
	if i == xmlspan.None {
		c.addAt(ruleUniqueName, c.tag(c.top, "SolutionManifest"), "element UniqueName is missing: add it")
		return
	}
	if name := c.UniqueName(); !isUniqueName(name) {
		c.addAt(ruleUniqueName, c.textPlace(i, path), "unique name %q: "+adviceUniqueName, name)
	}
}

func (c *checker) versions() {
	const path = "SolutionManifest/Version"
	i := c.child("Version")
	if i == xmlspan.None {
		c.addAt(ruleVersion, c.tag(c.top, "SolutionManifest"), "element Version is missing: add it")
		return
	}
	text := c.VersionText()
	v, err := ParseVersion(text)
	if err != nil {
		c.addAt(ruleVersion, c.textPlace(i, path), "%v", err)
		return
	}
	if strings.Count(text, ".") < 3 {
		d := c.addAt(ruleVersionParts, c.textPlace(i, path), "version %q has fewer than four parts: write %q", text, v)
		d.Fixes = c.fix("write four parts", c.doc.Nodes[i].OpenEnd, c.doc.CloseStart(i), v.String())
	}
}

func (c *checker) managed() {
	text, ok := c.KindText()
	if !ok {
		return // element-missing says so
	}
	if _, ok := kindOfNumber(text); !ok {
		c.addAt(ruleManaged, c.textPlace(c.child("Managed"), "SolutionManifest/Managed"), "Managed %q: write 0 for unmanaged or 1 for managed", text)
	}
}

func (c *checker) publisherRules() {
	const path = "SolutionManifest/Publisher"
	at := c.child("Publisher")
	if at == xmlspan.None {
		return
	}
	c.labelRules(path, at)
	c.publisherText(at, path, "UniqueName", rulePublisherName, isUniqueName, adviceUniqueName)
	c.publisherText(at, path, "CustomizationPrefix", rulePrefix, isPrefix, advicePrefix)
	c.publisherText(at, path, "CustomizationOptionValuePrefix", ruleOptionPrefix, isOptionPrefix, "use a number from 10000 to 99999")
}

func isOptionPrefix(text string) bool {
	n, err := strconv.Atoi(text)
	return err == nil && n >= minOptionValuePrefix && n <= maxOptionValuePrefix
}

func (c *checker) publisherText(publisher int32, path, name, rule string, ok func(string) bool, advice string) {
	i := c.doc.Child(publisher, name)
	if i == xmlspan.None {
		c.addAt(rule, c.tag(publisher, path), "publisher's %s is missing: %s", name, advice)
		return
	}
	if text := c.value(i); !ok(text) {
		c.addAt(rule, c.textPlace(i, path+"/"+name), "publisher's %s %q: %s", name, text, advice)
	}
}

func (c *checker) rootRules() {
	first := map[Key]int{}
	for i, rc := range c.roots {
		node, path := c.rootNodes[i], rootPath(i)
		if !c.rootType(node, path, rc) {
			continue
		}
		c.rootID(node, path)
		c.rootBehavior(node, path)
		if !rootHasKey(rc) {
			c.add(ruleRootKey, node, path, "%s has no %s: add it", rc.Key.kind.Title(), rootKeyName(rc.Key.kind))
			continue
		}
		j, again := first[rc.Key]
		if !again {
			first[rc.Key] = i
			continue
		}
		n := &c.doc.Nodes[node]
		d := c.add(ruleRootDuplicate, node, path, "root component %s occurs twice: remove one", rc.Key)
		d.Related = []diag.Related{{Location: c.location(c.rootNodes[j], rootPath(j)), Message: "the first one"}}
		if rc.Behavior == c.roots[j].Behavior {
			d.Fixes = c.fix("remove this one", n.Start-int32(len(c.lead(node))), n.End, "")
		}
	}
}

// rootType reports whether the type can be read; what follows from an unreadable one is not told.
func (c *checker) rootType(node int32, path string, rc RootComponent) bool {
	text, ok := c.doc.Attr(node, "type")
	code, numeric := rc.Key.kind.Code()
	if _, err := strconv.ParseUint(trimSpace(text), 10, 31); err != nil {
		if !ok {
			c.addAt(ruleRootType, c.tag(node, path), "root component has no type: add its number")
			return false
		}
		d := c.addAt(ruleRootType, c.attrPlace(node, path, "type"), "type %q is not a number: write the number of the component's type", text)
		if a, ok := c.attr(node, "type"); ok && numeric {
			d.Message = fmt.Sprintf("type %q is not a number: write %d", text, code)
			d.Fixes = c.fix("write the number", a.Value.Start, a.Value.End, strconv.Itoa(code))
		}
		return false
	}
	_, known := rc.Key.kind.Info()
	switch {
	case code >= firstEnvironmentCode:
		c.addAt(ruleRootTypeEnvironment, c.attrPlace(node, path, "type"), "type %d means something else in another environment: do not list this component as a root", code)
	case !known:
		c.addAt(ruleRootTypeUnknown, c.attrPlace(node, path, "type"), "type %d is not known: the component is carried as it is", code)
	}
	return true
}

func (c *checker) rootID(node int32, path string) {
	a, ok := c.attr(node, "id")
	if !ok {
		return
	}
	text := xmlspan.AttrValue(a.Value.Of(c.doc.Src))
	id, err := ParseGUID(text)
	switch {
	case err != nil:
		c.addAt(ruleRootID, c.attrPlace(node, path, "id"), "id %v", err)
	case text != id.Braced():
		d := c.addAt(ruleRootIDForm, c.attrPlace(node, path, "id"), "id %q is not in braces and lower case: write %q", text, id.Braced())
		d.Fixes = c.fix("write the form of exports", a.Value.Start, a.Value.End, id.Braced())
	}
}

func (c *checker) rootBehavior(node int32, path string) {
	text, ok := c.doc.Attr(node, "behavior")
	if ok && text != "0" && text != "1" && text != "2" {
		c.addAt(ruleRootBehavior, c.attrPlace(node, path, "behavior"), "behavior %q: write 0 for all, 1 for the table alone or 2 for a shell", text)
	}
}

// rootHasKey reports whether a root has the key of its type. An id that is not a GUID has its own rule.
func rootHasKey(rc RootComponent) bool {
	switch {
	case rc.Key.kind == TypeSiteMap:
		return true
	case rc.Key.kind == TypeRole && rc.SchemaName == "" && !rc.ParentID.IsZero():
		return true // manifests of version 7 list roles so
	}
	switch rc.Key.kind.keyForm() {
	case KeyName, KeyScoped:
		return rc.Key.name != ""
	case KeyID:
		return rc.Key.HasName() && (rc.SchemaName == "" || !rc.ID.IsZero())
	case KeyNone, KeyInternal:
		return true
	}
	return rc.Key.HasName()
}

func rootKeyName(t ComponentType) string {
	switch t.keyForm() {
	case KeyName, KeyScoped:
		return "schemaName"
	case KeyID:
		return "id"
	}
	return "schemaName and no id"
}

func (c *checker) dependencies() {
	for i, at := range c.needNodes {
		path := needPath(i)
		c.dependencyEnd(at.item, at.required, path, "Required")
		c.dependencyEnd(at.item, at.dependent, path, "Dependent")
		if at.required == xmlspan.None {
			continue
		}
		here := path + "/Required"
		text, ok := c.doc.Attr(at.required, "solution")
		if !ok {
			c.addAt(ruleDependencySolution, c.tag(at.required, here), "required component names no solution: add the one that has it")
		} else if _, err := ParseRef(text); err != nil {
			c.addAt(ruleDependencySolution, c.attrPlace(at.required, here, "solution"), "%v", err)
		}
	}
}

func (c *checker) dependencyEnd(item, end int32, path, name string) {
	if end == xmlspan.None {
		c.addAt(ruleDependencyEnd, c.tag(item, path), "missing dependency has no %s element: add it", name)
		return
	}
	if text, _ := c.doc.Attr(end, "type"); trimSpace(text) == "" {
		c.addAt(ruleDependencyEnd, c.tag(end, path+"/"+name), "%s component has no type: add its number or name", strings.ToLower(name))
	}
}
