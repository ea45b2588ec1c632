package packager

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/assembly/assemblytest"
	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// remapTree is a tree with an assembly, a step and a workflow. The metadata has version 1 of Made.Up.
func remapTree(t *testing.T, built []byte) map[string][]byte {
	t.Helper()
	const full = "Made.Up, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null"
	return map[string][]byte{
		otherCustomizations: []byte(`<ImportExportXml><Workflows /><SolutionPluginAssemblies /><SdkMessageProcessingSteps /></ImportExportXml>`),
		otherSolution: []byte(strings.Replace(manifestXML(false, "29 {aaaaaaaa-0000-4000-8000-000000000002}", "92 {aaaaaaaa-0000-4000-8000-000000000001}"),
			"<RootComponents>", `<RootComponents><RootComponent type="91" schemaName="`+full+`" />`, 1)),
		"PluginAssemblies/M-1/M.dll": built,
		"PluginAssemblies/M-1/M.dll.data.xml": []byte(`<PluginAssembly FullName="` + full + `"><FileName>/PluginAssemblies/M-1/M.dll</FileName><PluginTypes>` +
			`<PluginType AssemblyQualifiedName="Made.Up.Of` + "`1[[A, Other, Version=3.0.0.0]], " + full + `" /></PluginTypes></PluginAssembly>`),
		"SdkMessageProcessingSteps/{aaaaaaaa-0000-4000-8000-000000000001}.xml": []byte(`<SdkMessageProcessingStep SdkMessageProcessingStepId="{aaaaaaaa-0000-4000-8000-000000000001}"><PluginTypeName>Made.Up.One, ` + full + `</PluginTypeName></SdkMessageProcessingStep>`),
		"Workflows/w.xaml": []byte("<Activity  xmlns:m=\"m\"><m:ActivityReference AssemblyQualifiedName=\"Made.Up.Two, " + full + "\" /><m:ActivityReference AssemblyQualifiedName=\"Other.Two, Other, Version=1.0.0.0\" />" +
			"<a></a><b>x<c></c></b></Activity>\n"),
		"Workflows/w.xaml.data.xml": []byte(`<Workflow WorkflowId="{aaaaaaaa-0000-4000-8000-000000000002}"><XamlFileName>/Workflows/w.xaml</XamlFileName></Workflow>`),
	}
}

func remapped(t *testing.T, files map[string][]byte, opts *PackOptions) (map[string][]byte, diag.List) {
	t.Helper()
	var packed bytes.Buffer
	list, err := Pack(&packed, loadMap(t, files), opts)
	if err != nil {
		t.Fatal(err)
	}
	return zipEntries(t, packed.Bytes()), list
}

// A version that the build has raised goes everywhere, and each change is told.
func TestRemapPlugins(t *testing.T) {
	files := remapTree(t, assemblytest.DLL{Name: "Made.Up", Version: [4]uint16{2}}.Bytes())
	before, list := remapped(t, files, nil)
	if len(list) > 0 {
		t.Errorf("findings: %v", list)
	}
	got, list := remapped(t, files, &PackOptions{RemapPlugins: true})
	replace := func(name string) string {
		return strings.ReplaceAll(string(before[name]), "Made.Up, Version=1.", "Made.Up, Version=2.")
	}
	for _, name := range []string{customizationsPart, solutionPart} {
		if diff := cmp.Diff(replace(name), string(got[name])); diff != "" || string(got[name]) == string(before[name]) {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	want := `<Activity xmlns:m="m">
  <m:ActivityReference AssemblyQualifiedName="Made.Up.Two, Made.Up, Version=2.0.0.0, Culture=neutral, PublicKeyToken=null" />
  <m:ActivityReference AssemblyQualifiedName="Other.Two, Other, Version=1.0.0.0" />
  <a>
  </a>
  <b>x<c></c></b>
</Activity>`
	if diff := cmp.Diff(want, string(got["Workflows/w.xaml"])); diff != "" {
		t.Errorf("workflow (-want +got)\n%s", diff)
	}
	var told []string
	for d := range list.Rule(ruleRemapped.ID) {
		told = append(told, d.Location.File+": "+d.Message[:strings.Index(d.Message, ": ")])
	}
	wantTold := []string{
		"PluginAssemblies/M-1/M.dll: AssemblyQualifiedName of PluginType", "PluginAssemblies/M-1/M.dll: FullName of PluginAssembly",
		"PluginAssemblies/M-1/M.dll: PluginTypeName of step {aaaaaaaa-0000-4000-8000-000000000001}", "PluginAssemblies/M-1/M.dll: schemaName of RootComponent",
		"Workflows/w.xaml: AssemblyQualifiedName of m:ActivityReference",
	}
	slices.Sort(told)
	if diff := cmp.Diff(wantTold, told); diff != "" || len(list) != len(told) {
		t.Errorf("told (-want +got)\n%s", diff)
	}
}

// Steps and workflows go by the simple name, so they stay where that has changed.
func TestRemapPluginsName(t *testing.T) {
	files := remapTree(t, assemblytest.DLL{Name: "Other.Name", Version: [4]uint16{1}}.Bytes())
	before, _ := remapped(t, files, nil)
	got, _ := remapped(t, files, &PackOptions{RemapPlugins: true})
	text := string(got[customizationsPart])
	for _, want := range []string{`FullName="Other.Name, Version=1`, `[[A, Other, Version=3.0.0.0]], Other.Name, Version=1`, `<PluginTypeName>Made.Up.One, Made.Up, Version=1`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if !bytes.Equal(before["Workflows/w.xaml"], got["Workflows/w.xaml"]) {
		t.Errorf("the workflow is changed:\n%s", got["Workflows/w.xaml"])
	}
}

// What is as it should be, or no assembly, changes nothing.
func TestRemapPluginsLeaves(t *testing.T) {
	for rule, built := range map[string][]byte{"": assemblytest.DLL{Name: "Made.Up", Version: [4]uint16{1}}.Bytes(), ruleNotRemapped.ID: []byte("no DLL")} {
		files := remapTree(t, built)
		before, _ := remapped(t, files, nil)
		got, list := remapped(t, files, &PackOptions{RemapPlugins: true})
		if diff := cmp.Diff(before, got); diff != "" {
			t.Errorf("%s: (-before +after)\n%s", rule, diff)
		}
		if rule == "" && len(list) > 0 || rule != "" && (len(list) != 1 || list[0].Rule != rule) {
			t.Errorf("findings %v, want %q", list, rule)
		}
	}
}

// Packages with DLLs are packed as the reference tool packs them, those included that are exceptions without the option.
func TestRemapCorpus(t *testing.T) {
	t.Parallel()
	count := 0
	for _, s := range corpus.Solutions(t) {
		data := s.Zip(t)
		pkg, err := Open(bytes.NewReader(data), int64(len(data)), nil)
		if err != nil || !slices.ContainsFunc(pkg.Names(), func(name string) bool { return fold(extension(name)) == "DLL" }) {
			continue
		}
		t.Run(s.ID(), func(t *testing.T) {
			tree, err := Unpack(pkg, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := readExpected(t, s.File("expected.zip"))
			list := want.parts["repacked"]
			if list == nil {
				t.Skip("the reference tool packs nothing")
			}
			var buf bytes.Buffer
			if _, err := Pack(&buf, tree, &PackOptions{RemapPlugins: true}); err != nil {
				t.Fatal(err)
			}
			count++
			comparePack(t, nil, tree, buf.Bytes(), list, want)
		})
	}
	t.Logf("%d packages with DLLs", count)
}
