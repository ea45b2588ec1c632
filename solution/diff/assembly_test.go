package diff_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/assembly/assemblytest"
	"github.com/solutionkit/solutionkit/solution"
)

// pluginSolution is a solution with an assembly of that full name, its DLL and its types.
func pluginSolution(t *testing.T, full string, dll []byte, types ...string) solution.Parts {
	t.Helper()
	var list strings.Builder
	for _, name := range types {
		fmt.Fprintf(&list, `<PluginType AssemblyQualifiedName="%s, %s" PluginTypeId="aaaaaaaa-0000-4000-8000-00000000000%c" Name="%s"><FriendlyName>%s</FriendlyName></PluginType>`, name, full, name[len(name)-1], name, name)
	}
	return partsOf(t, fstest.MapFS{
		"solution.xml": {Data: []byte(`<ImportExportXml><SolutionManifest><UniqueName>A</UniqueName><Version>1.0</Version><Managed>0</Managed></SolutionManifest></ImportExportXml>`)},
		"customizations.xml": {Data: []byte(`<ImportExportXml><SolutionPluginAssemblies><PluginAssembly FullName="` + full + `" PluginAssemblyId="aaaaaaaa-0000-4000-8000-000000000001">` +
			`<FileName>/PluginAssemblies/MadeUp-AAAAAAAA-0000-4000-8000-000000000001/MadeUp.dll</FileName><PluginTypes>` + list.String() + `</PluginTypes></PluginAssembly></SolutionPluginAssemblies></ImportExportXml>`)},
		"PluginAssemblies/MadeUp-AAAAAAAA-0000-4000-8000-000000000001/MadeUp.dll": {Data: dll},
	})
}

// Assemblies are told by what they call themselves, and types by the XML.
func TestAssemblies(t *testing.T) {
	const v1, v2 = "MadeUp, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null", "MadeUp, Version=2.0.0.0, Culture=neutral, PublicKeyToken=null"
	first := assemblytest.DLL{Name: "MadeUp", Version: [4]uint16{1}, Build: [16]byte{1}}
	with := func(change func(d *assemblytest.DLL)) []byte {
		d := first
		change(&d)
		return d.Bytes()
	}
	type side struct {
		full  string
		dll   []byte
		types []string
	}
	tests := []struct {
		name     string
		old, new side
		want     []string // below the DLL: step, old, new, impact, reason; components that came or went
	}{
		{"a new build", side{full: v1, dll: first.Bytes()}, side{full: v1, dll: with(func(d *assemblytest.DLL) { d.Build[0] = 2 })},
			[]string{"/ModuleVersionId: 00000001-0000-0000-0000-000000000000, 00000002-0000-0000-0000-000000000000, unknown, it was built anew; whether its code changed is not looked at"}},
		{"a new version", side{full: v1, dll: first.Bytes()}, side{full: v2, dll: with(func(d *assemblytest.DLL) { d.Version, d.Build[0] = [4]uint16{2}, 2 })},
			[]string{"/AssemblyVersion: 1.0.0.0, 2.0.0.0, unknown, with another major or minor version it is another assembly, beside the one before",
				"/ModuleVersionId: 00000001-0000-0000-0000-000000000000, 00000002-0000-0000-0000-000000000000, unknown, it was built anew; whether its code changed is not looked at"}},
		{"a later build", side{full: v1, dll: first.Bytes()}, side{full: v1, dll: with(func(d *assemblytest.DLL) { d.Version[3] = 7 })},
			[]string{"/AssemblyVersion: 1.0.0.0, 1.0.0.7, unknown, a later build replaces the one before"}},
		{"another key", side{full: v1, dll: first.Bytes()}, side{full: v1, dll: with(func(d *assemblytest.DLL) { d.Key = []byte("key") })},
			[]string{"/PublicKeyToken: null, de7773713678392a, breaking, the platform takes it for another assembly, and steps and workflows name the one before"}},
		{"another name and culture", side{full: v1, dll: first.Bytes()}, side{full: v1, dll: with(func(d *assemblytest.DLL) { d.Name, d.Culture = "Other", "de" })},
			[]string{"/AssemblyName: MadeUp, Other, breaking, the platform takes it for another assembly, and steps and workflows name the one before",
				"/Culture: neutral, de, breaking, the platform takes it for another assembly, and steps and workflows name the one before"}},
		{"the same identity", side{full: v1, dll: first.Bytes()}, side{full: v1, dll: with(func(d *assemblytest.DLL) { d.Rest = []byte("signature") })},
			[]string{"/bytes: (sizes), unknown, the bytes differ, the identity is the same"}},
		{"no assembly", side{full: v1, dll: []byte("MZ\x00")}, side{full: v1, dll: first.Bytes()}, []string{": (sizes), unknown, "}},
		{"types", side{v1, first.Bytes(), []string{"MadeUp.A", "MadeUp.B"}}, side{v1, first.Bytes(), []string{"MadeUp.A", "MadeUp.C"}},
			[]string{"removed MadeUp.B, " + v1, "added MadeUp.C, " + v1}},
		{"nothing", side{full: v1, dll: first.Bytes()}, side{full: v1, dll: first.Bytes()}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := compare(t, pluginSolution(t, test.old.full, test.old.dll, test.old.types...), pluginSolution(t, test.new.full, test.new.dll, test.new.types...))
			var got []string
			for _, x := range c.Components {
				if x.Key.Type() == solution.TypePluginType {
					got = append(got, x.Op.String()+" "+x.Name)
				}
				for _, p := range x.Properties {
					_, below, ok := strings.Cut(p.Path, ".dll")
					if !ok {
						continue
					}
					texts := p.Old + ", " + p.New
					if strings.Contains(texts, "SHA-256") {
						texts = "(sizes)"
					}
					got = append(got, fmt.Sprintf("%s: %s, %s, %s", below, texts, p.Impact, p.Reason))
				}
			}
			if d := cmp.Diff(test.want, got); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}
