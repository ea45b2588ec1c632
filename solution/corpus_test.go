package solution_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/solution"
)

// eachReal calls f for that part of every real solution beside the checkout.
func eachReal(t *testing.T, part string, f func(t *testing.T, src []byte)) {
	t.Helper()
	for _, s := range corpus.Solutions(t) {
		t.Run(s.Name, func(t *testing.T) {
			src := s.Part(t, part)
			if src == nil {
				t.Fatalf("it has no %s", part)
			}
			f(t, src)
		})
	}
}

// decoded is what encoding/xml, an independent reader, makes of a manifest.
type decoded struct {
	Manifest struct {
		UniqueName string
		Version    string
		Managed    string
		Publisher  struct {
			UniqueName          string
			CustomizationPrefix string
			Addresses           struct {
				Address []struct {
					Fields []struct {
						XMLName xml.Name
						Nil     string `xml:"http://www.w3.org/2001/XMLSchema-instance nil,attr"`
						Text    string `xml:",chardata"`
					} `xml:",any"`
				}
			}
		}
		RootComponents struct {
			RootComponent []struct {
				Type     string `xml:"type,attr"`
				Schema   string `xml:"schemaName,attr"`
				ID       string `xml:"id,attr"`
				Behavior string `xml:"behavior,attr"`
			}
		}
		MissingDependencies struct {
			MissingDependency []struct{ Required, Dependent decodedEnd }
		}
	} `xml:"SolutionManifest"`
}

type decodedEnd struct {
	Attrs   []xml.Attr `xml:",any,attr"`
	Package []struct {
		Text string `xml:",chardata"`
	} `xml:"package"`
}

func (e decodedEnd) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func TestCorpusManifests(t *testing.T) {
	eachReal(t, solution.ManifestFile, func(t *testing.T, src []byte) {
		m, err := solution.ParseManifest(src, solution.ManifestFile)
		if err != nil {
			t.Fatal(err)
		}
		compareDecoded(t, m)
		checkEdits(t, m)
	})
}

func compareDecoded(t *testing.T, m *solution.Manifest) {
	t.Helper()
	var want decoded
	if err := xml.Unmarshal(bytes.TrimPrefix(m.Bytes(), []byte("\ufeff")), &want); err != nil {
		t.Fatal(err)
	}
	w := want.Manifest
	managed, _ := m.KindText()
	p := m.Publisher()
	if diff := cmp.Diff(
		[]string{w.UniqueName, w.Version, w.Managed, w.Publisher.UniqueName, w.Publisher.CustomizationPrefix},
		[]string{m.UniqueName(), m.VersionText(), managed, p.UniqueName, p.Prefix}); diff != "" {
		t.Errorf("(-encoding/xml +got)\n%s", diff)
	}
	var fields, wantFields []string
	for _, a := range p.Addresses {
		for _, f := range a {
			if f.Value == nil {
				fields = append(fields, f.Name+" null")
			} else {
				fields = append(fields, f.Name+" "+*f.Value)
			}
		}
	}
	for _, a := range w.Publisher.Addresses.Address {
		for _, f := range a.Fields {
			if f.Nil == "true" {
				f.Text = "null"
			}
			wantFields = append(wantFields, f.XMLName.Local+" "+f.Text)
		}
	}
	if diff := cmp.Diff(wantFields, fields); diff != "" {
		t.Errorf("addresses (-encoding/xml +got)\n%s", diff)
	}
	var roots, wantRoots []string
	for rc := range m.RootComponents() {
		code, _ := rc.Key.Type().Code()
		text := strconv.Itoa(code) + " " + rc.SchemaName + " " + strconv.Itoa(int(rc.Behavior))
		if !rc.ID.IsZero() {
			text += " " + rc.ID.Braced()
		}
		roots = append(roots, text)
		at := m.Bytes()[rc.Location.Start.Offset:rc.Location.End.Offset]
		if !bytes.HasPrefix(at, []byte("<RootComponent ")) || !bytes.HasSuffix(at, []byte("/>")) {
			t.Errorf("%v: the span is %q", rc.Key, at)
		}
	}
	for _, rc := range w.RootComponents.RootComponent {
		text := rc.Type + " " + rc.Schema + " " + rc.Behavior
		if rc.Behavior == "" {
			text += "0"
		}
		if rc.ID != "" {
			text += " " + rc.ID
		}
		wantRoots = append(wantRoots, text)
	}
	if diff := cmp.Diff(wantRoots, roots); diff != "" {
		t.Errorf("roots (-encoding/xml +got)\n%s", diff)
	}
	i := 0
	for d := range m.Dependencies() {
		if i >= len(w.MissingDependencies.MissingDependency) {
			t.Fatalf("more dependencies than %d", i)
		}
		wd := w.MissingDependencies.MissingDependency[i]
		compareEnd(t, m, wd.Required, d.Required)
		compareEnd(t, m, wd.Dependent, d.Dependent)
		i++
	}
	if i != len(w.MissingDependencies.MissingDependency) {
		t.Errorf("%d dependencies, want %d", i, len(w.MissingDependencies.MissingDependency))
	}
}

func compareEnd(t *testing.T, m *solution.Manifest, want decodedEnd, got solution.End) {
	t.Helper()
	for _, f := range []struct{ name, value string }{
		{"type", got.TypeText}, {"schemaName", got.SchemaName}, {"displayName", got.DisplayName},
		{"parentSchemaName", got.ParentSchemaName}, {"parentDisplayName", got.ParentDisplayName},
		{"key", got.Number}, {"solution", got.Solution.String()},
	} {
		if want.attr(f.name) != f.value {
			t.Errorf("%s: got %s %q, want %q", got.Location, f.name, f.value, want.attr(f.name))
		}
	}
	if id := want.attr("id"); id != "" && id != got.ID.Braced() {
		t.Errorf("%s: got id %s, want %s", got.Location, got.ID, id)
	}
	for _, k := range got.Alternates {
		if want.attr("id."+k.Column) != k.Value {
			t.Errorf("%s: got %v", got.Location, k)
		}
	}
	if got.Key.Type() == "" {
		t.Errorf("%s: no key", got.Location)
	}
	for i, p := range got.Applications {
		if i >= len(want.Package) || p.Solution.String() != want.Package[i].Text {
			t.Errorf("%s: got package %v", got.Location, p)
		}
	}
	if len(got.Applications) != len(want.Package) {
		t.Errorf("%s: %d packages, want %d", got.Location, len(got.Applications), len(want.Package))
	}
	at := m.Bytes()[got.Location.Start.Offset:got.Location.End.Offset]
	if !bytes.HasPrefix(at, []byte("<Required ")) && !bytes.HasPrefix(at, []byte("<Dependent ")) {
		t.Errorf("the span is %q", at)
	}
}

// checkEdits checks of every edit that it does what it says, that all bytes outside of the edited span
// stay, and that the way back leads to the bytes it started from where it can.
func checkEdits(t *testing.T, m *solution.Manifest) {
	t.Helper()
	v := m.Version()
	v.Revision ^= 1
	changed := m.WithVersion(v)
	if changed.Version() != v {
		t.Errorf("WithVersion(%v) gives %v", v, changed.Version())
	}
	onlySpan(t, m, changed, "Version")
	if m.WithVersion(m.Version()) != m && m.VersionText() != "" && m.Version() != (solution.Version{}) {
		t.Errorf("WithVersion of the same version changes the manifest")
	}
	for _, k := range []solution.Kind{solution.Unmanaged, solution.Managed, solution.Both} {
		changed := m.WithKind(k)
		if changed.Kind() != k {
			t.Errorf("WithKind(%v) gives %v", k, changed.Kind())
		}
		onlySpan(t, m, changed, "Managed")
		if _, ok := m.KindText(); ok && !bytes.Equal(changed.WithKind(m.Kind()).Bytes(), m.Bytes()) && m.Kind() <= solution.Both {
			if text, _ := m.KindText(); text == strconv.Itoa(int(m.Kind())) {
				t.Errorf("WithKind(%v) and back does not give the same bytes", k)
			}
		}
	}
	checkRootEdits(t, m)
	checkNeedEdits(t, m)
}

func checkRootEdits(t *testing.T, m *solution.Manifest) {
	t.Helper()
	roots := slices.Collect(m.RootComponents())
	writable := func(rc solution.RootComponent) bool { _, ok := rc.Key.Type().Code(); return ok }
	if !slices.ContainsFunc(roots, func(rc solution.RootComponent) bool { return !writable(rc) }) {
		same, err := m.WithRootComponents(roots...)
		if err != nil || same != m {
			t.Errorf("WithRootComponents of the same roots changes the manifest (%v)", err)
		}
		none, err := m.WithRootComponents()
		if err != nil {
			t.Fatal(err)
		}
		onlySpan(t, m, none, "RootComponents")
		if n := len(slices.Collect(none.RootComponents())); n != 0 {
			t.Errorf("%d roots are left of none", n)
		}
		again, err := none.WithRootComponents(roots...)
		if err != nil {
			t.Fatal(err)
		}
		sameRoots(t, roots, slices.Collect(again.RootComponents()))
		slices.Reverse(roots)
		reversed, err := m.WithRootComponents(roots...)
		if err != nil {
			t.Fatal(err)
		}
		onlySpan(t, m, reversed, "RootComponents")
		sameRoots(t, roots, slices.Collect(reversed.RootComponents()))
	}
	rc := solution.NewRootComponent(solution.TypeWebResource, "new_/<added> & \"quoted\".js", solution.GUID{})
	added, err := m.WithRootComponent(rc)
	if err != nil {
		if slices.ContainsFunc(roots, func(rc solution.RootComponent) bool { return !writable(rc) }) {
			return
		}
		t.Fatal(err)
	}
	got := slices.Collect(added.RootComponents())
	if len(got) == 0 || got[len(got)-1].SchemaName != rc.SchemaName || got[len(got)-1].Key != rc.Key {
		t.Errorf("the added root is not the last: %v", got)
	}
	if again, err := added.WithRootComponent(rc); err != nil || again != added {
		t.Errorf("a root that is there is added again (%v)", err)
	}
}

func sameRoots(t *testing.T, want, got []solution.RootComponent) {
	t.Helper()
	plain := func(in []solution.RootComponent) []solution.RootComponent {
		out := slices.Clone(in)
		for i := range out {
			out[i].Location.Start, out[i].Location.End, out[i].Location.Path = got[0].Location.Start, got[0].Location.End, ""
		}
		return out
	}
	if len(got) != len(want) {
		t.Fatalf("%d roots, want %d", len(got), len(want))
	}
	if len(got) == 0 {
		return
	}
	if diff := cmp.Diff(plain(want), plain(got)); diff != "" {
		t.Errorf("roots (-want +got)\n%s", diff)
	}
}

// onlySpan checks that m and changed are alike but for one element of that name and, if m has none, the
// white space in front of it.
func onlySpan(t *testing.T, m, changed *solution.Manifest, name string) {
	t.Helper()
	rest := func(src []byte) string {
		open := bytes.Index(src, []byte("<"+name))
		if open < 0 {
			return string(src)
		}
		end := bytes.IndexByte(src[open:], '>') + open + 1
		if src[end-2] != '/' {
			closing := []byte("</" + name + ">")
			end = bytes.Index(src[open:], closing) + open + len(closing)
		}
		return string(src[:open]) + string(src[end:])
	}
	before, after := rest(m.Bytes()), rest(changed.Bytes())
	if before != after && (bytes.Contains(m.Bytes(), []byte("<"+name)) || strings.Join(strings.Fields(before), "") != strings.Join(strings.Fields(after), "")) {
		t.Errorf("bytes outside of %s changed (-before +after)\n%s", name, cmp.Diff(before, after))
	}
}

// bigFile is where encoding/xml gets too slow for a test that compares with it.
const bigFile = 1 << 18

func TestCorpusCustomizations(t *testing.T) {
	eachReal(t, solution.CustomizationsFile, func(t *testing.T, src []byte) {
		c, err := solution.ParseCustomizations(src, solution.CustomizationsFile)
		if err != nil {
			t.Fatal(err)
		}
		checkSpans(t, c)
		checkSectionOrder(t, c)
		if len(src) > bigFile {
			return
		}
		if diff := cmp.Diff(countDecoded(t, src), count(c)); diff != "" {
			t.Errorf("(-encoding/xml +got)\n%s", diff)
		}
	})
}

// checkSectionOrder compares the order of the sections of an export with that of the table.
func checkSectionOrder(t *testing.T, c *solution.Customizations) {
	t.Helper()
	names := solution.SectionNames()
	last := -1
	for s := range c.Sections() {
		if i := slices.Index(names, s.Name); i >= 0 {
			if i < last {
				t.Errorf("section %s stands behind %s", s.Name, names[last])
			}
			last = i
		}
	}
}

func count(c *solution.Customizations) map[string]int {
	n := map[string]int{}
	for s := range c.Sections() {
		n[s.Name]++
	}
	for x := range c.Elements() {
		if x.Path != x.Section {
			n[x.Path]++
		}
	}
	return n
}

// countDecoded counts the sections, their direct children, and the elements on paths of the catalogue.
func countDecoded(t *testing.T, src []byte) map[string]int {
	wanted, containers := map[string]bool{}, map[string]bool{}
	for info := range solution.ComponentTypes() {
		for path := range strings.FieldsSeq(info.Section) {
			wanted[path] = true
			for at := strings.LastIndexByte(path, '/'); at > 0; at = strings.LastIndexByte(path[:at], '/') {
				containers[path[:at]] = true
			}
		}
	}
	n := map[string]int{}
	var at []string
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(src, []byte("\ufeff"))))
	for {
		token, err := d.RawToken()
		if err == io.EOF {
			return n
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			at = append(at, e.Name.Local)
			path := strings.Join(at[1:], "/")
			generic := len(at) == 3 && !wanted[at[1]] && !containers[path]
			if len(at) == 2 || len(at) > 2 && wanted[path] || generic {
				n[path]++
			}
		case xml.EndElement:
			at = at[:len(at)-1]
		}
	}
}
