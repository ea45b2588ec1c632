package solution_test

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution"
)

const emptyManifest = `<ImportExportXml>
  <SolutionManifest>
    <UniqueName>A</UniqueName>
    <Version>1.0</Version>
    <MissingDependencies />
  </SolutionManifest>
</ImportExportXml>`

func parse(t *testing.T, src string) *solution.Manifest {
	t.Helper()
	m, err := solution.ParseManifest([]byte(src), solution.ManifestFile)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Of every type, ends with each combination of owner, name and id come back with the key that they were
// written for, whether they are made by NewEnd or have a key alone.
func TestDependenciesOfEveryKeyForm(t *testing.T) {
	id := guid(t, "{0a1b2c3d-1111-2222-3333-444455556666}")
	types := []solution.ComponentType{"123", "10250", "somethingnew"}
	forms := map[solution.KeyForm]bool{}
	for info := range solution.ComponentTypes() {
		types = append(types, info.Type)
		forms[info.Key] = true
	}
	if len(forms) != 7 {
		t.Fatalf("%d key forms, want all 7", len(forms))
	}
	var needs []solution.Dependency
	for _, typ := range types {
		for _, parent := range []string{"", "Fab_Table"} {
			for _, name := range []string{"", `Fab_<Name> & "more"`} {
				for _, id := range []solution.GUID{{}, id} {
					e := solution.NewEnd(typ, parent, name, id)
					if want := solution.NewKey(typ, parent, name, id); e.Key != want {
						t.Errorf("NewEnd has key %q, want %q", e.Key, want)
					}
					needs = append(needs, solution.Dependency{Required: e, Dependent: solution.End{Key: e.Key}})
				}
			}
		}
	}
	m, err := parse(t, emptyManifest).WithDependencies(needs...)
	if err != nil {
		t.Fatal(err)
	}
	again := parse(t, string(m.Bytes()))
	i := 0
	for d := range again.Dependencies() {
		if d.Required.Key != needs[i].Required.Key || d.Dependent.Key != needs[i].Required.Key {
			t.Errorf("%q and %q, want %q", d.Required.Key, d.Dependent.Key, needs[i].Required.Key)
		}
		i++
	}
	if i != len(needs) || i < 500 {
		t.Errorf("%d dependencies of %d", i, len(needs))
	}
}

// What exports have beside the key is written in their order, and read back as it was.
func TestWithDependencyWritesAsExports(t *testing.T) {
	connector := solution.NewEnd(solution.TypeConnector, "", "fab_5Fapi", guid(t, "{0a1b2c3d-1111-2222-3333-444455556666}"))
	connector.DisplayName = `The "API" & more`
	connector.Solution = solution.Ref{Name: "FabConnectors", VersionText: "1.0"}
	connector.Applications = []solution.Application{{Solution: solution.Ref{Name: "Anchor", VersionText: "1.2"}, AppName: "App", AppVersion: "1.2"}}
	column := solution.NewEnd(solution.TypeAttribute, "fab_table", "fab_column", solution.GUID{})
	column.ParentDisplayName = "Table"
	role := solution.NewEnd(solution.TypeRole, "", "", guid(t, "{1a1b2c3d-1111-2222-3333-444455556666}"))
	role.ParentID = guid(t, "{2a1b2c3d-1111-2222-3333-444455556666}")
	role.Number = "7"
	m := parse(t, emptyManifest)
	for _, d := range []solution.Dependency{
		{Required: connector, Dependent: solution.NewEnd(solution.TypeConnectionReference, "", "Fab_Ref", solution.GUID{})},
		{Required: column, Dependent: role},
	} {
		var err error
		if m, err = m.WithDependency(d); err != nil {
			t.Fatal(err)
		}
		same, err := m.WithDependency(solution.Dependency{Required: solution.End{Key: d.Required.Key}, Dependent: solution.End{Key: d.Dependent.Key}})
		if err != nil || same != m {
			t.Errorf("an entry is added twice: %v", err)
		}
	}
	_, got, _ := strings.Cut(string(m.Bytes()), "</Version>\n")
	want := `    <MissingDependencies>
      <MissingDependency>
        <Required type="372" schemaName="fab_5Fapi" displayName="The &quot;API&quot; &amp; more" solution="FabConnectors (1.0)" id="{0a1b2c3d-1111-2222-3333-444455556666}">
          <package appName="App" version="1.2">Anchor (1.2)</package>
        </Required>
        <Dependent type="connectionreference" id.connectionreferencelogicalname="Fab_Ref" />
      </MissingDependency>
      <MissingDependency>
        <Required type="2" schemaName="fab_column" parentSchemaName="fab_table" parentDisplayName="Table" />
        <Dependent key="7" type="20" id="{1a1b2c3d-1111-2222-3333-444455556666}" parentId="{2a1b2c3d-1111-2222-3333-444455556666}" />
      </MissingDependency>
    </MissingDependencies>
  </SolutionManifest>
</ImportExportXml>`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Entries that stay keep their bytes; the others go, and comments stay.
func TestWithDependenciesKeepsBytes(t *testing.T) {
	const first = `<MissingDependency future="1"><Required solution="Active" type='61' schemaName="a.js" later="x"/><Dependent type="29" id="{0A1B2C3D-1111-2222-3333-444455556666}"/></MissingDependency>`
	const second = `<MissingDependency>
	  <Required type="settingdefinition" id.uniquename="S" solution="Base (1.02)" />
	  <Dependent type="62" />
	</MissingDependency>`
	const src = "<ImportExportXml><SolutionManifest><MissingDependencies><!-- one -->\n\t" + first + "\n\t<!-- two -->\n\t" + second + "\n</MissingDependencies></SolutionManifest></ImportExportXml>"
	m := parse(t, src)
	needs := slices.Collect(m.Dependencies())
	same, err := m.WithDependencies(needs...)
	if err != nil || !bytes.Equal(same.Bytes(), m.Bytes()) {
		t.Errorf("%v: with what is there:\n%s", err, same.Bytes())
	}
	one, err := m.WithDependencies(needs[1])
	if err != nil || !strings.Contains(string(one.Bytes()), second) || strings.Contains(string(one.Bytes()), first) || !strings.Contains(string(one.Bytes()), "<!-- one -->") {
		t.Errorf("%v: with the second alone:\n%s", err, one.Bytes())
	}
	turned, err := m.WithDependencies(needs[1], needs[0])
	if err != nil || strings.Index(string(turned.Bytes()), second) > strings.Index(string(turned.Bytes()), first) || !strings.Contains(string(turned.Bytes()), first) {
		t.Errorf("%v: turned round:\n%s", err, turned.Bytes())
	}
	none, err := parse(t, strings.NewReplacer("<!-- one -->", "", "<!-- two -->", "").Replace(src)).WithDependencies()
	if want := "<ImportExportXml><SolutionManifest><MissingDependencies /></SolutionManifest></ImportExportXml>"; err != nil || string(none.Bytes()) != want {
		t.Errorf("%v: with none:\n%s", err, none.Bytes())
	}
	changed := needs[0]
	changed.Required.DisplayName = "A"
	other, err := m.WithDependencies(changed, needs[1])
	if err != nil || !strings.Contains(string(other.Bytes()), `<Required type="61" schemaName="a.js" displayName="A" solution="Active" />`) || !strings.Contains(string(other.Bytes()), second) {
		t.Errorf("%v: with the first changed:\n%s", err, other.Bytes())
	}
}

func TestWithDependenciesRefuses(t *testing.T) {
	good := solution.NewEnd(solution.TypeWorkflow, "", "", guid(t, "{0a1b2c3d-1111-2222-3333-444455556666}"))
	other := good
	other.SchemaName, other.ID = "x", guid(t, "{1a1b2c3d-1111-2222-3333-444455556666}")
	for want, bad := range map[string]solution.End{
		"no type":                    solution.NewEnd("", "", "x", solution.GUID{}),
		"XML cannot hold":            solution.NewEnd(solution.TypeWebResource, "", "a\x01", solution.GUID{}),
		"make ends with NewEnd":      other,
		"alternate key \"a b\": use": {Key: solution.NewKey("custom", "", "x", solution.GUID{}), Alternates: []solution.AlternateKey{{Column: "a b", Value: "x"}}},
		"package \"\\x01\": it has":  {Key: good.Key, Applications: []solution.Application{{Solution: solution.Ref{Name: "\x01"}}}},
		"displayName \"\\uffff\"":    {Key: good.Key, DisplayName: "\uffff"},
	} {
		if _, err := parse(t, emptyManifest).WithDependencies(solution.Dependency{Required: bad, Dependent: good}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestWithNames(t *testing.T) {
	m := parse(t, `<ImportExportXml><SolutionManifest>
  <UniqueName>A</UniqueName>
  <LocalizedNames>
    <LocalizedName future="1" description='Old' languagecode="1033" />
    <LocalizedName description="Alt" languagecode="1031"/>
  </LocalizedNames>
  <ConfigurationPage>a.html</ConfigurationPage>
</SolutionManifest></ImportExportXml>`)
	got, err := m.WithDisplayNames(solution.Label{LCID: 1033, Text: `New's "name"`}, solution.Label{LCID: 1036, Text: "Neuf"})
	if err != nil {
		t.Fatal(err)
	}
	want := `<ImportExportXml><SolutionManifest>
  <UniqueName>A</UniqueName>
  <LocalizedNames>
    <LocalizedName future="1" description="New's &quot;name&quot;" languagecode="1033" />
    <LocalizedName description="Neuf" languagecode="1036" />
  </LocalizedNames>
</SolutionManifest></ImportExportXml>`
	if got, err = got.WithConfigurationPage(""); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got.Bytes())); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	same, err := m.WithDisplayNames(m.DisplayNames()...)
	if err != nil || same != m {
		t.Errorf("with the names that are there: %v\n%s", err, same.Bytes())
	}
	if _, err := m.WithDisplayNames(solution.Label{Text: "\x02"}); err == nil {
		t.Error("a control character in a name")
	}
}

// checkNeedEdits takes all missing dependencies of a manifest away and adds them again: what is written anew is
// what the export had, but for comments and for attributes that are there without a value.
func checkNeedEdits(t *testing.T, m *solution.Manifest) {
	t.Helper()
	needs := slices.Collect(m.Dependencies())
	if same, err := m.WithDependencies(needs...); err != nil || same != m {
		t.Errorf("with the dependencies that are there: %v", err)
	}
	none, err := m.WithDependencies()
	if err != nil {
		t.Fatal(err)
	}
	again, err := none.WithDependencies(needs...)
	if err != nil {
		t.Fatal(err)
	}
	plain := func(m *solution.Manifest) string {
		src := regexp.MustCompile(`(?s)\s*<!--.*?-->`).ReplaceAll(m.Bytes(), nil)
		return string(regexp.MustCompile(` parentSchemaName=""`).ReplaceAll(src, nil))
	}
	if diff := cmp.Diff(plain(m), plain(again)); diff != "" && len(needs) > 0 {
		t.Errorf("dependencies written anew (-want +got)\n%s", diff)
	}
}
