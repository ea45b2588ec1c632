package solution_test

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/solution"
)

// eachCase runs f for every txtar file of a folder of testdata. f gets the files by name and returns the
// files that it makes, which must be those of the case.
func eachCase(t *testing.T, folder string, f func(t *testing.T, in map[string][]byte) map[string]string) {
	t.Helper()
	golden.Run(t, "testdata/"+folder+"/*.txtar", func(t *testing.T, c *golden.Case) {
		in := map[string][]byte{}
		for _, f := range c.Files {
			in[f.Name] = f.Data
		}
		for name, got := range f(t, in) {
			c.HoldText(t, name, got)
		}
	})
}

// source returns the XML of a case. "crlf" in the comment file turns its line ends into CRLF.
func source(in map[string][]byte, name string) []byte {
	src := bytes.TrimSuffix(in[name], []byte("\n"))
	if _, ok := in["crlf"]; ok {
		src = bytes.ReplaceAll(src, []byte("\n"), []byte("\r\n"))
	}
	return src
}

func TestManifestCases(t *testing.T) {
	eachCase(t, "manifest", func(t *testing.T, in map[string][]byte) map[string]string {
		src := source(in, "solution.xml")
		m, err := solution.ParseManifest(src, solution.ManifestFile)
		if err != nil {
			return map[string]string{"want": "error: " + err.Error() + "\n", "findings": ""}
		}
		if !bytes.Equal(m.Bytes(), src) {
			t.Errorf("Bytes are not what was read")
		}
		var findings strings.Builder
		for _, d := range m.Check() {
			fmt.Fprintf(&findings, "%s [%s]\n", d, d.Location.Path)
			for _, r := range d.Related {
				fmt.Fprintf(&findings, "\t%s: %s\n", r.Location, r.Message)
			}
			for _, f := range d.Fixes {
				for _, e := range f.Edits {
					fmt.Fprintf(&findings, "\tfix: %s: %q -> %q\n", f.Message, src[e.Start:e.End], e.New)
				}
			}
		}
		return map[string]string{"want": dumpManifest(m), "findings": findings.String()}
	})
}

// dumpManifest writes everything a manifest tells, leaving out what is empty.
func dumpManifest(m *solution.Manifest) string {
	var b strings.Builder
	show := func(name string, value any) {
		if text := fmt.Sprint(value); text != "" && text != "[]" {
			fmt.Fprintf(&b, "%s: %s\n", name, text)
		}
	}
	optional := func(name string, text *string) {
		if text != nil {
			fmt.Fprintf(&b, "%s: %q\n", name, *text)
		}
	}
	show("unique name", m.UniqueName())
	show("names", m.DisplayNames())
	show("descriptions", m.Descriptions())
	fmt.Fprintf(&b, "version: %s (%q)\n", m.Version(), m.VersionText())
	text, ok := m.KindText()
	fmt.Fprintf(&b, "kind: %s (%q, %v)\n", m.Kind(), text, ok)
	fmt.Fprintf(&b, "export: %+v\n", m.Export())
	optional("configuration page", m.ConfigurationPage())
	if ref, ok := m.PatchOf(); ok {
		show("patch of", ref)
	}
	p := m.Publisher()
	show("publisher", p.UniqueName)
	show("publisher names", p.DisplayNames)
	show("publisher descriptions", p.Descriptions)
	show("prefixes", strings.TrimSuffix(fmt.Sprint(p.Prefix, " ", p.OptionValuePrefix), " 0"))
	optional("e-mail", p.EMail)
	optional("website", p.Website)
	for _, a := range p.Addresses {
		b.WriteString("address:")
		for _, f := range a {
			if f.Value == nil {
				fmt.Fprintf(&b, " %s=null", f.Name)
			} else {
				fmt.Fprintf(&b, " %s=%q", f.Name, *f.Value)
			}
		}
		b.WriteByte('\n')
	}
	for rc := range m.RootComponents() {
		fmt.Fprintf(&b, "root: %s", describeKey(rc.Key))
		if rc.SchemaName != "" {
			fmt.Fprintf(&b, " schemaName=%q", rc.SchemaName)
		}
		if !rc.ID.IsZero() {
			fmt.Fprintf(&b, " id=%s", rc.ID)
		}
		if !rc.ParentID.IsZero() {
			fmt.Fprintf(&b, " parentId=%s", rc.ParentID)
		}
		fmt.Fprintf(&b, " %s at %d:%d\n", rc.Behavior, rc.Location.Start.Line, rc.Location.Start.Column)
	}
	for d := range m.Dependencies() {
		fmt.Fprintf(&b, "dependency at %d:%d", d.Location.Start.Line, d.Location.Start.Column)
		b.WriteByte('\n')
		dumpEnd(&b, "required", d.Required)
		dumpEnd(&b, "dependent", d.Dependent)
	}
	return b.String()
}

func dumpEnd(b *strings.Builder, name string, e solution.End) {
	if !e.Location.Start.IsValid() {
		return
	}
	fmt.Fprintf(b, "\t%s: %s", name, describeKey(e.Key))
	for _, f := range []struct{ name, value string }{
		{"type", e.TypeText}, {"schemaName", e.SchemaName}, {"displayName", e.DisplayName},
		{"parentSchemaName", e.ParentSchemaName}, {"parentDisplayName", e.ParentDisplayName}, {"key", e.Number},
		{"solution", e.Solution.String()},
	} {
		if f.value != "" {
			fmt.Fprintf(b, " %s=%q", f.name, f.value)
		}
	}
	if !e.ID.IsZero() {
		fmt.Fprintf(b, " id=%s", e.ID)
	}
	if !e.ParentID.IsZero() {
		fmt.Fprintf(b, " parentId=%s", e.ParentID)
	}
	for _, k := range e.Alternates {
		fmt.Fprintf(b, " id.%s=%q", k.Column, k.Value)
	}
	for _, p := range e.Applications {
		fmt.Fprintf(b, " package=%q app=%q %q", p.Solution, p.AppName, p.AppVersion)
	}
	fmt.Fprintf(b, " at %d:%d\n", e.Location.Start.Line, e.Location.Start.Column)
}

func describeKey(k solution.Key) string { return "<" + k.String() + ">" }

func TestEditCases(t *testing.T) {
	eachCase(t, "edit", func(t *testing.T, in map[string][]byte) map[string]string {
		src := source(in, "before.xml")
		m, err := solution.ParseManifest(src, solution.ManifestFile)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(in["edit"])) {
			if m, err = edit(t, m, strings.Fields(line)); err != nil {
				var value *solution.ValueError
				if !errors.As(err, &value) {
					t.Errorf("error is a %T", err)
				}
				return map[string]string{"after.xml": "error: " + err.Error() + "\n"}
			}
			again, err := edit(t, m, strings.Fields(line))
			if err != nil || again != m {
				t.Errorf("%s does something again: %v", line, err)
			}
		}
		checkChange(t, src, in["edit"], m)
		after := string(m.Bytes())
		if _, ok := in["crlf"]; ok {
			if strings.Count(after, "\n") != strings.Count(after, "\r\n") {
				t.Errorf("line ends are mixed: %q", after)
			}
			after = strings.ReplaceAll(after, "\r\n", "\n")
		}
		return map[string]string{"after.xml": after + "\n"}
	})
}

// checkChange checks that a change of these edits makes the same manifest, and so do changes of one edit each that are joined.
func checkChange(t *testing.T, src, edits []byte, want *solution.Manifest) {
	t.Helper()
	p := extracted(t, map[string]string{"solution.xml": string(src)})
	var single []*solution.Change
	all, err := solution.EditManifest(p, func(m *solution.Manifest) (_ *solution.Manifest, err error) {
		for line := range strings.Lines(string(edits)) {
			if m, err = edit(t, m, strings.Fields(line)); err != nil {
				return nil, err
			}
			c, err := solution.EditManifest(p, func(m *solution.Manifest) (*solution.Manifest, error) { return edit(t, m, strings.Fields(line)) })
			if err != nil {
				return nil, err
			}
			single = append(single, c)
		}
		return m, nil
	})
	if err != nil {
		t.Error(err)
		return
	}
	if got := textOf(t, apply(t, all, p), "solution.xml"); got != string(want.Bytes()) {
		t.Errorf("as one change\n%s", cmp.Diff(string(want.Bytes()), got))
	}
	joined, err := solution.JoinChanges(single...)
	var conflict *solution.ConflictError
	if errors.As(err, &conflict) {
		return
	}
	if got := textOf(t, apply(t, joined, p), "solution.xml"); got != string(want.Bytes()) {
		t.Errorf("as changes that are joined\n%s", cmp.Diff(string(want.Bytes()), got))
	}
}

// edit does one line of an edit file: version V, kind K, name N, names L..., descriptions L..., page P, publisher F=V...,
// roots R..., add R, where R is type[:schemaName][:{id}][=behavior], L is language=text, and F a field of the publisher; its value
// - is null.
func edit(t *testing.T, m *solution.Manifest, words []string) (*solution.Manifest, error) {
	var roots []solution.RootComponent
	if words[0] == "roots" || words[0] == "add" {
		for _, word := range words[1:] {
			roots = append(roots, parseRoot(t, word))
		}
	}
	switch words[0] {
	case "version":
		return m.WithVersion(version(t, words[1])), nil
	case "kind":
		k, err := solution.ParseKind(words[1])
		if err != nil {
			t.Fatal(err)
		}
		return m.WithKind(k), nil
	case "name":
		return m.WithUniqueName(words[1])
	case "names":
		return m.WithDisplayNames(parseLabels(t, words[1:])...)
	case "descriptions":
		return m.WithDescriptions(parseLabels(t, words[1:])...)
	case "page":
		return m.WithConfigurationPage(strings.Join(words[1:], " "))
	case "publisher":
		p := m.Publisher()
		for _, word := range words[1:] {
			setPublisher(t, &p, word)
		}
		return m.WithPublisher(p)
	case "roots":
		return m.WithRootComponents(roots...)
	case "add":
		return m.WithRootComponent(roots[0])
	}
	t.Fatalf("unknown edit %q", words)
	return nil, nil
}

func parseLabels(t *testing.T, words []string) []solution.Label {
	var out []solution.Label
	for _, word := range words {
		code, text, _ := strings.Cut(word, "=")
		lcid, err := strconv.Atoi(code)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, solution.Label{LCID: lcid, Text: text})
	}
	return out
}

// setPublisher sets a field; addresses.N.FIELD is one of an address, addresses.N alone adds one with a city.
func setPublisher(t *testing.T, p *solution.Publisher, word string) {
	name, value, _ := strings.Cut(word, "=")
	text := &value
	if value == "-" {
		text = nil
	}
	field := strings.Split(name, ".")
	switch field[0] {
	case "name":
		p.UniqueName = value
	case "names":
		p.DisplayNames = parseLabels(t, []string{strings.TrimPrefix(word, "names=")})
	case "descriptions":
		p.Descriptions = parseLabels(t, []string{strings.TrimPrefix(word, "descriptions=")})
	case "prefix":
		p.Prefix = value
	case "option":
		n, err := strconv.Atoi(value)
		if err != nil {
			t.Fatal(err)
		}
		p.OptionValuePrefix = n
	case "mail":
		p.EMail = text
	case "site":
		p.Website = text
	case "addresses":
		i := int(field[1][0] - '0')
		if len(field) == 2 {
			if len(p.Addresses) <= i {
				p.Addresses = append(p.Addresses, solution.Address{{Name: "AddressNumber"}, {Name: "City", Value: text}})
			}
			return
		}
		for k, f := range p.Addresses[i] {
			if f.Name == field[2] {
				p.Addresses[i][k].Value = text
			}
		}
	default:
		t.Fatalf("unknown field %q", word)
	}
}

func parseRoot(t *testing.T, word string) solution.RootComponent {
	text, behavior, _ := strings.Cut(word, "=")
	parts := strings.Split(text, ":")
	var name string
	var id solution.GUID
	for _, part := range parts[1:] {
		if strings.HasPrefix(part, "{") {
			id = guid(t, part)
		} else {
			name = part
		}
	}
	rc := solution.NewRootComponent(solution.ParseComponentType(parts[0]), name, id)
	if behavior != "" {
		rc.Behavior = solution.Behavior(behavior[0] - '0')
	}
	return rc
}

func TestCustomizationsCases(t *testing.T) {
	eachCase(t, "customizations", func(t *testing.T, in map[string][]byte) map[string]string {
		src := source(in, "customizations.xml")
		c, err := solution.ParseCustomizations(src, solution.CustomizationsFile)
		if err != nil {
			return map[string]string{"want": "error: " + err.Error() + "\n"}
		}
		if !bytes.Equal(c.Bytes(), src) {
			t.Errorf("Bytes are not what was read")
		}
		var b strings.Builder
		for s := range c.Sections() {
			fmt.Fprintf(&b, "section %s: %d bytes\n", s.Name, s.End-s.Start)
			for x := range c.Elements() {
				if x.Start < s.Start || x.End > s.End {
					continue
				}
				at := c.Location(x)
				fmt.Fprintf(&b, "\t%s at %d:%d [%s]", describeKey(x.Key), at.Start.Line, at.Start.Column, at.Path)
				if x.Name != "" {
					fmt.Fprintf(&b, " name=%q", x.Name)
				}
				if !x.ID.IsZero() {
					fmt.Fprintf(&b, " id=%s", x.ID)
				}
				if !x.Owner.IsZero() {
					fmt.Fprintf(&b, " in %s", describeKey(x.Owner))
				}
				b.WriteByte('\n')
			}
		}
		checkSpans(t, c)
		return map[string]string{"want": b.String()}
	})
}

// checkSpans checks what holds for every index: spans are whole elements in order, and keys find them.
func checkSpans(t *testing.T, c *solution.Customizations) {
	t.Helper()
	last := -1
	n := 0
	for x := range c.Elements() {
		n++
		element := c.ElementBytes(x)
		name := path.Base(x.Path)
		if !bytes.HasPrefix(element, []byte("<"+name)) || !bytes.HasSuffix(element, []byte(">")) {
			t.Errorf("%v: the span is %.40q", x.Key, element)
		}
		if !bytes.HasSuffix(element, []byte("/>")) && !bytes.Contains(element[len(element)-len(name)-8:], []byte("</"+name)) {
			t.Errorf("%v: the span ends with %q", x.Key, element[max(len(element)-40, 0):])
		}
		if x.Start <= last {
			t.Errorf("%v begins at %d, the one before at %d", x.Key, x.Start, last)
		}
		last = x.Start
		found, ok := c.Lookup(x.Key)
		if !ok || found.Key.Type() != x.Key.Type() || !found.Key.Match(x.Key) {
			t.Errorf("%v: the key finds %v, %v", x.Key, found.Key, ok)
		}
		if byID, ok := c.Lookup(solution.IDKey(x.Key.Type(), x.ID)); !x.ID.IsZero() && (!ok || byID.ID != x.ID) {
			t.Errorf("%v: the id finds %v, %v", x.Key, byID.Key, ok)
		}
	}
	if n != c.Len() {
		t.Errorf("Len is %d, there are %d", c.Len(), n)
	}
}
