package solution_test

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution"
)

// A manifestEdit is one With method with values.
type manifestEdit struct {
	name  string
	edit  func(m *solution.Manifest) (*solution.Manifest, error)
	holds func(m *solution.Manifest) bool // what is true afterwards
}

// randomManifestEdits returns an edit of each kind, in any order.
func randomManifestEdits(r *rand.Rand) []manifestEdit {
	v := solution.Version{Major: r.Uint32() >> 1, Revision: r.Uint32() >> 1}
	text := func() string { return []string{"a", `<&"'>`, "é\U0001F600", "two words", "x\ny"}[r.Intn(5)] }
	label := func() []solution.Label {
		var out []solution.Label
		for _, lcid := range r.Perm(3)[:r.Intn(4)] {
			out = append(out, solution.Label{LCID: 1031 + lcid, Text: text()})
		}
		return out
	}
	kind, name, names, descriptions, page := solution.Kind(r.Intn(2)), fmt.Sprint("N_", r.Intn(9)), label(), label(), text()
	if r.Intn(3) == 0 {
		page = ""
	}
	publisherNames, mail, prefix, option := label(), text(), fmt.Sprint("pre", r.Intn(99)), 10000+r.Intn(90000)
	root := solution.NewRootComponent(solution.TypeRole, "", solution.GUID{1, byte(r.Intn(256))})
	column := solution.NewEnd(solution.TypeAttribute, "t", fmt.Sprint("c", r.Intn(9)), solution.GUID{})
	need := solution.Dependency{Required: column, Dependent: solution.NewEnd(solution.TypeRole, "", "", solution.GUID{2})}
	publisher := func(set func(p *solution.Publisher)) func(m *solution.Manifest) (*solution.Manifest, error) {
		return func(m *solution.Manifest) (*solution.Manifest, error) {
			p := m.Publisher()
			set(&p)
			return m.WithPublisher(p)
		}
	}
	all := []manifestEdit{
		{"version", func(m *solution.Manifest) (*solution.Manifest, error) { return m.WithVersion(v), nil },
			func(m *solution.Manifest) bool { return m.Version() == v && m.VersionText() == v.String() }},
		{"kind", func(m *solution.Manifest) (*solution.Manifest, error) { return m.WithKind(kind), nil },
			func(m *solution.Manifest) bool { return m.Kind() == kind }},
		{"unique name", func(m *solution.Manifest) (*solution.Manifest, error) { return m.WithUniqueName(name) },
			func(m *solution.Manifest) bool { return m.UniqueName() == name }},
		{"names", func(m *solution.Manifest) (*solution.Manifest, error) { return m.WithDisplayNames(names...) },
			func(m *solution.Manifest) bool { return slices.Equal(m.DisplayNames(), names) }},
		{"descriptions", func(m *solution.Manifest) (*solution.Manifest, error) { return m.WithDescriptions(descriptions...) },
			func(m *solution.Manifest) bool { return slices.Equal(m.Descriptions(), descriptions) }},
		{"page", func(m *solution.Manifest) (*solution.Manifest, error) { return m.WithConfigurationPage(page) },
			func(m *solution.Manifest) bool {
				got := m.ConfigurationPage()
				return page == "" && got == nil || got != nil && *got == page
			}},
		{"publisher names", publisher(func(p *solution.Publisher) { p.DisplayNames = publisherNames }),
			func(m *solution.Manifest) bool {
				return slices.Equal(m.Publisher().DisplayNames, publisherNames)
			}},
		{"publisher's mail and prefix", publisher(func(p *solution.Publisher) { p.EMail, p.Prefix = &mail, prefix }),
			func(m *solution.Manifest) bool { return *m.Publisher().EMail == mail && m.Publisher().Prefix == prefix }},
		{"publisher's option prefix", publisher(func(p *solution.Publisher) { p.OptionValuePrefix = option }),
			func(m *solution.Manifest) bool { return m.Publisher().OptionValuePrefix == option }},
		{"publisher's city", publisher(func(p *solution.Publisher) { p.Addresses[0][1].Value = &mail }),
			func(m *solution.Manifest) bool {
				city, _ := m.Publisher().Addresses[0].Value("City")
				return city == mail
			}},
		{"root", func(m *solution.Manifest) (*solution.Manifest, error) { return m.WithRootComponent(root) },
			func(m *solution.Manifest) bool {
				return slices.ContainsFunc(slices.Collect(m.RootComponents()), func(rc solution.RootComponent) bool { return rc.Key == root.Key })
			}},
		{"another root", func(m *solution.Manifest) (*solution.Manifest, error) {
			return m.WithRootComponent(solution.NewRootComponent(solution.TypeEntity, "other", solution.GUID{}))
		}, func(m *solution.Manifest) bool {
			return slices.ContainsFunc(slices.Collect(m.RootComponents()), func(rc solution.RootComponent) bool { return rc.SchemaName == "other" })
		}},
		{"need", func(m *solution.Manifest) (*solution.Manifest, error) { return m.WithDependency(need) },
			func(m *solution.Manifest) bool {
				return slices.ContainsFunc(slices.Collect(m.Dependencies()), func(d solution.Dependency) bool { return d.Required.Key == need.Required.Key })
			}},
	}
	r.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
	return all
}

// randomManifest is one with all elements that exports have, its lists in any form.
func randomManifest(r *rand.Rand) string {
	list := func(name string, items ...string) string {
		empty := []string{"<" + name + " />", "<" + name + "/>", "<" + name + "></" + name + ">", "<" + name + ">\n  </" + name + ">", "<" + name + " a='1' />", "<" + name + "  \n/>"}
		if n := r.Intn(len(items) + 1); n > 0 {
			between := []string{"\n    ", "", "\n    <!-- c -->\n    "}[r.Intn(3)]
			return "<" + name + ">" + between + strings.Join(items[:n], between) + "\n  </" + name + ">"
		}
		return empty[r.Intn(len(empty))]
	}
	src := `<ImportExportXml xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<SolutionManifest>
  <UniqueName>A</UniqueName>
  ` + list("LocalizedNames", `<LocalizedName description='Alt' languagecode="1031" future="1"/>`, `<LocalizedName languagecode="1033" />`) + `
  ` + list("Descriptions", `<Description description="x" languagecode="1032" />`) + `
  <Version>1.0</Version>
  <Managed>` + fmt.Sprint(r.Intn(2)) + `</Managed>
  <Publisher>
    <UniqueName>fabrikam</UniqueName>
    ` + list("LocalizedNames", `<LocalizedName description="F" languagecode="1033" />`) + `
    <Descriptions />
    <EMailAddress xsi:nil="true"></EMailAddress>
    <CustomizationPrefix>fab</CustomizationPrefix>
    <CustomizationOptionValuePrefix>10001</CustomizationOptionValuePrefix>
    <Addresses><Address><AddressNumber>1</AddressNumber><City /></Address></Addresses>
  </Publisher>
  ` + list("RootComponents", `<RootComponent type="1" schemaName="b" behavior="1"/>`, `<RootComponent later="" type="9" schemaName="c" />`) + `
  ` + list("MissingDependencies", `<MissingDependency><Required type="1" schemaName="z" /><Dependent type="2" schemaName="y" parentSchemaName="x" /></MissingDependency>`) + `
</SolutionManifest>
</ImportExportXml>`
	if r.Intn(2) == 0 {
		src = strings.ReplaceAll(src, "\n", "\r\n")
	}
	if r.Intn(4) == 0 {
		src = "\ufeff" + src
	}
	return src
}

// Of edits of every kind in any order: as one change and as changes of one edit each that are joined, they make the bytes that
// With methods make one after the other; all values are the wanted ones; what no splice touches stays; and they do nothing
// when they are made again.
func TestManifestEditsJoin(t *testing.T) {
	for seed := range int64(400) {
		r := rand.New(rand.NewSource(seed))
		src := randomManifest(r)
		p := extracted(t, map[string]string{"solution.xml": src})
		edits := randomManifestEdits(r)
		edits = edits[:1+r.Intn(len(edits))]
		m, err := solution.ParseManifest([]byte(src), "solution.xml")
		if err != nil {
			t.Fatal(err)
		}
		var single []*solution.Change
		for _, e := range edits {
			if m, err = e.edit(m); err != nil {
				t.Fatalf("%s: %v", e.name, err)
			}
			c, err := solution.EditManifest(p, e.edit)
			if err != nil {
				t.Fatalf("%s: %v", e.name, err)
			}
			single = append(single, c)
		}
		joined, err := solution.JoinChanges(single...)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		together, err := solution.EditManifest(p, func(m *solution.Manifest) (_ *solution.Manifest, err error) {
			for _, e := range edits {
				if m, err = e.edit(m); err != nil {
					return nil, err
				}
			}
			return m, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for what, c := range map[string]*solution.Change{"joined": joined, "together": together} {
			out := apply(t, c, p)
			if diff := cmp.Diff(string(m.Bytes()), textOf(t, out, "solution.xml")); diff != "" {
				t.Fatalf("seed %d: %s (-one after the other +%s)\n%s", seed, what, what, diff)
			}
			if size := touched(c); size > 600 {
				t.Errorf("seed %d: %s: %d bytes are replaced", seed, what, size)
			}
		}
		edited, err := solution.ReadManifest(apply(t, joined, p))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range edits {
			if !e.holds(edited) {
				t.Errorf("seed %d: %s is not what it should be:\n%s", seed, e.name, edited.Bytes())
			}
			if again, err := e.edit(edited); err != nil || again != edited {
				t.Errorf("seed %d: %s does something when it is made again (%v):\n%s\n%s", seed, e.name, err, edited.Bytes(), again.Bytes())
			}
		}
		if strings.Contains(src, "\r\n") && strings.Count(string(edited.Bytes()), "\n") != strings.Count(string(edited.Bytes()), "\r\n") {
			t.Errorf("seed %d: line ends are mixed", seed)
		}
	}
}

// touched returns how many bytes of the source a change replaces.
func touched(c *solution.Change) int {
	n := 0
	for part := range c.Parts() {
		for _, s := range part.Splices {
			n += s.End - s.Start
		}
	}
	return n
}

// For random lists of roots: the result has exactly these in this order, and elements that are in both keep their bytes.
func TestWithRootComponentsAnyOrder(t *testing.T) {
	for seed := range int64(300) {
		r := rand.New(rand.NewSource(seed))
		pick := func() []solution.RootComponent {
			var out []solution.RootComponent
			for _, i := range r.Perm(8)[:r.Intn(9)] {
				rc := solution.NewRootComponent(solution.TypeEntity, fmt.Sprint("t", i), solution.GUID{})
				rc.Behavior = solution.Behavior(r.Intn(3))
				out = append(out, rc)
			}
			return out
		}
		m, err := parse(t, strings.Replace(emptyManifest, "<MissingDependencies />", "<RootComponents />", 1)).WithRootComponents(pick()...)
		if err != nil {
			t.Fatal(err)
		}
		marked := parse(t, strings.ReplaceAll(string(m.Bytes()), "<RootComponent ", "<RootComponent mark='' "))
		want := pick()
		got, err := marked.WithRootComponents(want...)
		if err != nil {
			t.Fatal(err)
		}
		had := map[solution.Key]bool{}
		for rc := range marked.RootComponents() {
			had[rc.Key] = true
		}
		i := 0
		for rc := range got.RootComponents() {
			element := string(got.Bytes()[rc.Location.Start.Offset:rc.Location.End.Offset])
			if rc.Key != want[i].Key || rc.Behavior != want[i].Behavior || strings.Contains(element, "mark") != had[rc.Key] {
				t.Fatalf("seed %d: root %d is %s, want %v", seed, i, element, want[i])
			}
			i++
		}
		if i != len(want) {
			t.Fatalf("seed %d: %d roots, want %d:\n%s", seed, i, len(want), got.Bytes())
		}
		if again, err := got.WithRootComponents(want...); err != nil || again != got {
			t.Fatalf("seed %d: again: %v\n%s", seed, err, again.Bytes())
		}
	}
}

// Four times as many roots take about four times the memory, whether they are added, removed, changed or turned round.
func TestWithRootComponentsIsLinear(t *testing.T) {
	work := func(n int) map[string]uint64 {
		var roots []solution.RootComponent
		for i := range n {
			roots = append(roots, solution.NewRootComponent(solution.TypeEntity, fmt.Sprint("table", i), solution.GUID{}))
		}
		out := map[string]uint64{}
		count := func(name string, f func() (*solution.Manifest, error)) *solution.Manifest {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			m, err := f()
			runtime.ReadMemStats(&after)
			if err != nil {
				t.Fatal(err)
			}
			out[name] = after.TotalAlloc - before.TotalAlloc
			return m
		}
		empty := newManifest(t)
		full := count("add", func() (*solution.Manifest, error) { return empty.WithRootComponents(roots...) })
		count("remove half", func() (*solution.Manifest, error) {
			return full.WithRootComponents(slices.DeleteFunc(slices.Clone(roots), func(rc solution.RootComponent) bool { return rc.SchemaName[len(rc.SchemaName)-1]%2 == 0 })...)
		})
		other := slices.Clone(roots)
		for i := range other {
			other[i].Behavior = solution.IncludeAsShell
		}
		changed := count("change", func() (*solution.Manifest, error) { return full.WithRootComponents(other...) })
		slices.Reverse(other)
		count("turn round", func() (*solution.Manifest, error) { return changed.WithRootComponents(other...) })
		return out
	}
	small, large := work(1000), work(4000)
	for name, n := range small {
		if large[name] > 7*n {
			t.Errorf("%s: %d bytes for 1000 roots, %d for 4000", name, n, large[name])
		}
	}
}

func TestEditManifestErrors(t *testing.T) {
	p := extracted(t, map[string]string{"solution.xml": exampleManifest})
	var value *solution.ValueError
	if _, err := solution.EditManifest(p, func(m *solution.Manifest) (*solution.Manifest, error) { return m.WithUniqueName("a b") }); !errors.As(err, &value) ||
		err.Error() != `solution.xml: unique name "a b": use letters a to z, digits and underscores only` {
		t.Errorf("a value that is not allowed: %v", err)
	}
	for name, m := range map[string]*solution.Manifest{"none": nil, "another": newManifest(t), "made of another": newManifest(t).WithVersion(solution.Version{Major: 7})} {
		if c, err := solution.EditManifest(p, func(*solution.Manifest) (*solution.Manifest, error) { return m, nil }); c != nil || err == nil || !strings.Contains(err.Error(), "another manifest") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := solution.EditManifest(extracted(t, nil), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no manifest: %v", err)
	}
	same, err := solution.EditManifest(p, func(m *solution.Manifest) (*solution.Manifest, error) { return m, nil })
	if err != nil || !same.IsEmpty() {
		t.Errorf("no edit: %v", err)
	}
	back, err := solution.EditManifest(p, func(m *solution.Manifest) (*solution.Manifest, error) {
		return m.WithKind(solution.Managed).WithKind(solution.Unmanaged), nil
	})
	if err != nil || !back.IsEmpty() {
		t.Errorf("an edit that is taken back: %v", err)
	}
}

// Two changes that both add an element of which there is one are in conflict: joined, one of the two would not be read.
func TestManifestEditsConflict(t *testing.T) {
	p := extracted(t, map[string]string{"solution.xml": `<ImportExportXml><SolutionManifest><UniqueName>A</UniqueName></SolutionManifest></ImportExportXml>`})
	root := func(name string) *solution.Change {
		c, err := solution.EditManifest(p, func(m *solution.Manifest) (*solution.Manifest, error) {
			return m.WithRootComponent(solution.NewRootComponent(solution.TypeEntity, name, solution.GUID{}))
		})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	var conflict *solution.ConflictError
	if _, err := solution.JoinChanges(root("a"), root("b")); !errors.As(err, &conflict) {
		t.Errorf("two lists of roots: %v", err)
	}
	if _, err := solution.JoinChanges(root("a"), root("a")); err != nil {
		t.Errorf("the same list twice: %v", err)
	}
}

func ExampleEditManifest() {
	parts, err := solution.PartsOf(fstest.MapFS{"solution.xml": {Data: []byte(exampleManifest)}})
	if err != nil {
		fmt.Println(err)
		return
	}
	change, err := solution.EditManifest(parts, func(m *solution.Manifest) (*solution.Manifest, error) {
		p := m.Publisher()
		p.UniqueName, p.Prefix = "contoso", "con"
		m = m.WithVersion(solution.Version{Major: 2}).WithKind(solution.Managed)
		return m.WithPublisher(p)
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for part := range change.Parts() {
		for _, s := range part.Splices {
			fmt.Printf("%s: %q becomes %q\n", part.Name, exampleManifest[s.Start:s.End], s.Text)
		}
	}
	// Output:
	// solution.xml: "1.4" becomes "2.0.0.0"
	// solution.xml: "0" becomes "1"
	// solution.xml: "fabrikam" becomes "contoso"
	// solution.xml: "fab" becomes "con"
}
