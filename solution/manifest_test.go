package solution_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

func publisher() solution.Publisher {
	mail, empty := "it@fabrikam.example", ""
	return solution.Publisher{
		UniqueName: "fabrikam", Prefix: "fab", OptionValuePrefix: 10001,
		DisplayNames: []solution.Label{{LCID: 1033, Text: `Fabrikam "&" <Sons>`}},
		Descriptions: []solution.Label{{LCID: 1031, Text: "Größe"}},
		EMail:        &mail, Website: &empty,
		Addresses: []solution.Address{{{Name: "AddressNumber", Value: ptr("1")}, {Name: "City"}}, {{Name: "AddressNumber", Value: ptr("2")}}},
	}
}

func ptr(text string) *string { return &text }

func TestNewManifest(t *testing.T) {
	v := solution.Version{Major: 1, Minor: 2}
	m, err := solution.NewManifest("Fabrikam_Core", v, publisher())
	if err != nil {
		t.Fatal(err)
	}
	if m.UniqueName() != "Fabrikam_Core" || m.VersionText() != "1.2.0.0" || m.Kind() != solution.Unmanaged {
		t.Errorf("got %q, %q, %v", m.UniqueName(), m.VersionText(), m.Kind())
	}
	if diff := cmp.Diff(publisher(), m.Publisher()); diff != "" {
		t.Errorf("publisher (-given +got)\n%s", diff)
	}
	if diff := cmp.Diff(diag.List(nil), m.Check()); diff != "" {
		t.Errorf("findings\n%s", diff)
	}
	plain, err := solution.NewManifest("A", v, solution.Publisher{UniqueName: "fab", Prefix: "fab", OptionValuePrefix: 10000})
	if err != nil {
		t.Fatal(err)
	}
	if p := plain.Publisher(); p.EMail != nil || p.Website != nil || len(p.DisplayNames) != 1 || len(plain.Check()) != 0 {
		t.Errorf("got %+v, %v", p, plain.Check())
	}
}

func TestNewManifestErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		name   string
		change func(*solution.Publisher)
		want   string
	}{
		"name":           {"a b", func(*solution.Publisher) {}, `unique name "a b"`},
		"no name":        {"", func(*solution.Publisher) {}, `unique name ""`},
		"publisher":      {"a", func(p *solution.Publisher) { p.UniqueName = "ä" }, `publisher's unique name "ä"`},
		"prefix":         {"a", func(p *solution.Publisher) { p.Prefix = "mscrmx" }, `prefix "mscrmx"`},
		"long prefix":    {"a", func(p *solution.Publisher) { p.Prefix = "abcdefghi" }, `prefix "abcdefghi"`},
		"option prefix":  {"a", func(p *solution.Publisher) { p.OptionValuePrefix = 100000 }, `prefix "100000": use 10000 to 99999`},
		"control":        {"a", func(p *solution.Publisher) { p.EMail = ptr("a\x01") }, "XML cannot hold"},
		"not UTF-8":      {"a", func(p *solution.Publisher) { p.DisplayNames[0].Text = "\xff" }, "XML cannot hold"},
		"address":        {"a", func(p *solution.Publisher) { p.Addresses[0][0].Name = "a b" }, `address "a b": this is not the name of an element`},
		"address markup": {"a", func(p *solution.Publisher) { p.Addresses[0][0].Name = "1" }, `address "1": this is not the name of an element`},
	} {
		p := publisher()
		tt.change(&p)
		if m, err := solution.NewManifest(tt.name, solution.Version{}, p); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, %v, want an error with %q", name, m, err, tt.want)
		}
	}
}

func newManifest(t testing.TB) *solution.Manifest {
	t.Helper()
	m, err := solution.NewManifest("A", solution.Version{Major: 1}, publisher())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestManifestIsImmutable(t *testing.T) {
	m := newManifest(t)
	before := bytes.Clone(m.Bytes())
	p := m.Publisher()
	p.DisplayNames[0].Text, p.Addresses[0][0].Name = "changed", "changed"
	m.WithVersion(solution.Version{Major: 2}).WithKind(solution.Managed)
	if _, err := m.WithRootComponent(solution.NewRootComponent(solution.TypeEntity, "account", solution.GUID{})); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(publisher(), m.Publisher()); diff != "" {
		t.Errorf("publisher (-before +after)\n%s", diff)
	}
	if !bytes.Equal(before, m.Bytes()) || m.Version().Major != 1 || m.Kind() != solution.Unmanaged {
		t.Error("a With method changed its receiver")
	}
}

func TestManifestConcurrentUse(t *testing.T) {
	m := newManifest(t)
	m, err := m.WithRootComponents(
		solution.NewRootComponent(solution.TypeEntity, "account", solution.GUID{}),
		solution.NewRootComponent(solution.TypeEntity, "Account", solution.GUID{}))
	if err != nil {
		t.Fatal(err)
	}
	want := dumpManifest(m)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if got := dumpManifest(m); got != want || len(m.Check()) != 1 {
				t.Errorf("got %s, %v", got, m.Check())
			}
		})
	}
	all.Wait()
}

func TestWithRootComponentsErrors(t *testing.T) {
	m := newManifest(t)
	for name, rc := range map[string]solution.RootComponent{
		"no type":        {},
		"no fixed code":  solution.NewRootComponent(solution.TypeBot, "b", solution.GUID{}),
		"control":        solution.NewRootComponent(solution.TypeEntity, "a\x00", solution.GUID{}),
		"not UTF-8":      solution.NewRootComponent(solution.TypeEntity, "a\xff", solution.GUID{}),
		"noncharacter":   solution.NewRootComponent(solution.TypeEntity, "\uffff", solution.GUID{}),
		"key's own name": {Key: solution.NameKey(solution.TypeEntity, "", "\x1f")},
	} {
		if got, err := m.WithRootComponents(rc); err == nil || got != nil {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
		if got, err := m.WithRootComponent(rc); err == nil || got != nil {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
}

func TestByteOrderMark(t *testing.T) {
	src := append([]byte("\ufeff"), newManifest(t).Bytes()...)
	m, err := solution.ParseManifest(src, solution.ManifestFile)
	if err != nil {
		t.Fatal(err)
	}
	changed := m.WithVersion(solution.Version{Major: 7}).Bytes()
	if want := bytes.Replace(src, []byte("1.0.0.0"), []byte("7.0.0.0"), 1); !bytes.Equal(changed, want) {
		t.Errorf("got %q", changed)
	}
	c, err := solution.ParseCustomizations([]byte("\ufeff<ImportExportXml><Roles><Role name='r' /></Roles></ImportExportXml>"), solution.CustomizationsFile)
	if err != nil {
		t.Fatal(err)
	}
	if got := slices.Collect(c.Elements()); len(got) != 1 || c.Location(got[0]).Start.Column != 25 {
		t.Errorf("got %v", got)
	}
}

func TestSyntaxErrorLimits(t *testing.T) {
	deep := "<ImportExportXml>" + strings.Repeat("<a>", 100000)
	for _, parse := range []func([]byte) error{
		func(src []byte) error { _, err := solution.ParseManifest(src, solution.ManifestFile); return err },
		func(src []byte) error {
			_, err := solution.ParseCustomizations(src, solution.CustomizationsFile)
			return err
		},
	} {
		var syntax *solution.SyntaxError
		if err := parse([]byte(deep)); !errors.As(err, &syntax) || !strings.Contains(err.Error(), "nested deeper") {
			t.Errorf("got %v", err)
		}
	}
}

// A file of more pieces than any solution has is refused before its index is many times as large as it is.
func TestCountLimits(t *testing.T) {
	manifest := func(list, item string, n int) error {
		_, err := solution.ParseManifest([]byte("<ImportExportXml><SolutionManifest><"+list+">"+strings.Repeat(item, n)+"</"+list+"></SolutionManifest></ImportExportXml>"), solution.ManifestFile)
		return err
	}
	customizations := func(head, item, tail string, n int) error {
		_, err := solution.ParseCustomizations([]byte("<ImportExportXml>"+head+strings.Repeat(item, n)+tail+"</ImportExportXml>"), solution.CustomizationsFile)
		return err
	}
	for name, parse := range map[string]func(n int) error{
		"root components": func(n int) error { return manifest("RootComponents", "<RootComponent/>", n) },
		"dependencies":    func(n int) error { return manifest("MissingDependencies", "<MissingDependency/>", n) },
		"sections":        func(n int) error { return customizations("", "<a/>", "", n) },
		"components":      func(n int) error { return customizations("<Roles>", "<Role/>", "</Roles>", n) },
	} {
		t.Run(name, func(t *testing.T) {
			if err := parse(16_000); err != nil {
				t.Errorf("16,000: %v", err)
			}
			var syntax *solution.SyntaxError
			if err := parse(20_000); !errors.Is(err, solution.ErrLimit) || !errors.As(err, &syntax) || syntax.Pos.Line != 1 {
				t.Errorf("20,000: error %v, want a limit with its place", err)
			}
		})
	}
}

func TestRules(t *testing.T) {
	ids := []string{}
	for r := range solution.Rules() {
		ids = append(ids, r.ID)
		if !strings.HasPrefix(r.ID, "solution/") || r.Summary == "" || strings.HasSuffix(r.Summary, ".") {
			t.Errorf("bad rule %+v", r)
		}
	}
	if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Errorf("not sorted or not unique: %v", ids)
	}
	// The case named wrong and the stub together raise all of them.
	raised := map[string]bool{}
	eachCase(t, "manifest", func(t *testing.T, in map[string][]byte) map[string]string {
		if m, err := solution.ParseManifest(source(in, "solution.xml"), solution.ManifestFile); err == nil {
			for _, d := range m.Check() {
				raised[d.Rule] = true
			}
			checkFindings(t, m.Check(), m.Bytes())
		}
		return nil
	})
	for _, id := range ids {
		if !raised[id] {
			t.Errorf("no case raises %s", id)
		}
	}
}

func TestManifestLocate(t *testing.T) {
	m, err := solution.ParseManifest([]byte("<ImportExportXml>\n <SolutionManifest><Version>1.0</Version>\n  <Publisher><UniqueName>a</UniqueName></Publisher></SolutionManifest>\n</ImportExportXml>"), solution.ManifestFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		names []string
		want  string
	}{
		{nil, "solution.xml:1:1 "},
		{[]string{"SolutionManifest", "Version"}, "solution.xml:2:20 SolutionManifest/Version"},
		{[]string{"SolutionManifest", "Publisher", "UniqueName"}, "solution.xml:3:14 SolutionManifest/Publisher/UniqueName"},
		{[]string{"SolutionManifest", "Publisher", "Addresses"}, "solution.xml:3:3 SolutionManifest/Publisher"},
		{[]string{"Languages", "Version"}, "solution.xml:1:1 "},
	} {
		at := m.Locate(test.names...)
		if got := fmt.Sprintf("%s:%d:%d %s", at.File, at.Start.Line, at.Start.Column, at.Path); got != test.want {
			t.Errorf("Locate(%q) = %s, want %s", test.names, got, test.want)
		}
	}
}

// A made-up manifest of very many faults gives no more findings of one rule than a reader can use.
func TestCheckOfManyFaults(t *testing.T) {
	src := "<ImportExportXml><SolutionManifest><UniqueName>a</UniqueName><Version>1.0.0.0</Version><Managed>0</Managed><MissingDependencies>" +
		strings.Repeat(`<MissingDependency><Required type="1" schemaName="a" /></MissingDependency>`, 3000) + "</MissingDependencies></SolutionManifest></ImportExportXml>"
	m, err := solution.ParseManifest([]byte(src), "solution.xml")
	if err != nil {
		t.Fatal(err)
	}
	counts, told := map[string]int{}, 0
	for _, d := range m.Check() {
		counts[d.Rule]++
		if strings.HasSuffix(d.Message, "; no more of this kind are told") {
			told++
		}
	}
	for rule, n := range counts {
		if n > 1000 {
			t.Errorf("%d findings of %s", n, rule)
		}
	}
	if told == 0 {
		t.Error("nothing says that there are more")
	}
}

// TestCheckPlaces: numbers of types have 31 bits, and what is missing in an element that is there is marked at the element.
func TestCheckPlaces(t *testing.T) {
	manifest := func(version, roots string) string {
		return "<ImportExportXml><SolutionManifest><UniqueName>a</UniqueName>\n<Version>" + version + "</Version><Managed>0</Managed><RootComponents>" + roots +
			"</RootComponents></SolutionManifest></ImportExportXml>"
	}
	for src, want := range map[string]string{
		manifest("1.0.0.0", `<RootComponent type="2147483648" schemaName="a" />`): "solution/root-type-invalid 2:84 to 2:94",
		manifest("1.0.0.0", `<RootComponent type="2147483647" schemaName="a" />`): "",
		manifest("", ""):  "solution/version-invalid 2:1 to 2:20",
		manifest("x", ""): "solution/version-invalid 2:10 to 2:11",
	} {
		m, err := solution.ParseManifest([]byte(src), "solution.xml")
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, d := range m.Check() {
			if strings.HasSuffix(d.Rule, "-invalid") {
				got += fmt.Sprintf("%s %d:%d to %d:%d", d.Rule, d.Location.Start.Line, d.Location.Start.Column, d.Location.End.Line, d.Location.End.Column)
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", src, got, want)
		}
	}
}
