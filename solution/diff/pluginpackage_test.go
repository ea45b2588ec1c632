package diff_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/assembly/assemblytest"
	"github.com/solutionkit/solutionkit/solution"
)

// nupkg makes a package of entries: a name, then its bytes.
func nupkg(t *testing.T, entries ...string) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for i := 0; i < len(entries); i += 2 {
		f, err := w.Create(entries[i])
		if err == nil {
			_, err = f.Write([]byte(entries[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func packageSolution(t *testing.T, pkg []byte) solution.Parts {
	t.Helper()
	return partsOf(t, fstest.MapFS{
		"solution.xml":       {Data: []byte(`<ImportExportXml><SolutionManifest><UniqueName>A</UniqueName><Version>1.0</Version><Managed>0</Managed></SolutionManifest></ImportExportXml>`)},
		"customizations.xml": {Data: []byte(`<ImportExportXml></ImportExportXml>`)},
		"pluginpackages/ct_MadeUp/pluginpackage.xml":    {Data: []byte(`<pluginpackage uniquename="ct_MadeUp"><name>ct_MadeUp</name><package mimetype="application/octet-stream">MadeUp.nupkg</package><version>1.0.0</version></pluginpackage>`)},
		"pluginpackages/ct_MadeUp/package/MadeUp.nupkg": {Data: pkg},
	})
}

// A plug-in package is compared by its entries: DLLs by their identity, texts by lines, and what packing makes anew is noise.
func TestPluginPackages(t *testing.T) {
	dll := func(change func(d *assemblytest.DLL)) string {
		d := assemblytest.DLL{Name: "MadeUp", Version: [4]uint16{1}, Build: [16]byte{1}}
		change(&d)
		return string(d.Bytes())
	}
	first := dll(func(*assemblytest.DLL) {})
	const spec1, spec2 = "<package>\n<version>1.0.0</version>\n</package>\n", "<package>\n<version>1.0.1</version>\n</package>\n"
	old := nupkg(t, "MadeUp.nuspec", spec1, "lib/net462/MadeUp.dll", first, "lib/net462/Gone.dll", first, "_rels/.rels", "a", "[Content_Types].xml", "a",
		"package/services/metadata/core-properties/1.psmdcp", "a")
	tests := []struct {
		name string
		new  []byte
		want []string
	}{
		{"nothing", old, nil},
		{"packed anew", nupkg(t, "[Content_Types].xml", "a", "_rels/.rels", "b", "MadeUp.nuspec", spec1, "lib/net462/MadeUp.dll", first, "lib/net462/Gone.dll", first,
			"package/services/metadata/core-properties/2.psmdcp", "a"), []string{
			"changed /_rels/.rels, package-packing",
			"added /package/services/metadata/core-properties/2.psmdcp, package-packing",
			"removed /package/services/metadata/core-properties/1.psmdcp, package-packing"}},
		{"in another order", nupkg(t, "lib/net462/MadeUp.dll", first, "lib/net462/Gone.dll", first, "_rels/.rels", "a", "[Content_Types].xml", "a",
			"package/services/metadata/core-properties/1.psmdcp", "a", "MadeUp.nuspec", spec1), []string{"changed , package-packing"}},
		{"a new build", nupkg(t, "MadeUp.nuspec", spec2, "lib/net462/MadeUp.dll", dll(func(d *assemblytest.DLL) { d.Version[3], d.Build[0] = 7, 2 }), "lib/net462/New.dll", first,
			"_rels/.rels", "a", "[Content_Types].xml", "a", "package/services/metadata/core-properties/1.psmdcp", "a"), []string{
			"changed /lib/net462/MadeUp.dll/AssemblyVersion, unknown a later build replaces the one before",
			"changed /lib/net462/MadeUp.dll/ModuleVersionId, unknown it was built anew; whether its code changed is not looked at",
			"added /lib/net462/New.dll, unknown ",
			"changed /MadeUp.nuspec, unknown ",
			"removed /lib/net462/Gone.dll, unknown "}},
		{"another key", nupkg(t, "MadeUp.nuspec", spec1, "lib/net462/MadeUp.dll", dll(func(d *assemblytest.DLL) { d.Key = []byte("key") }), "lib/net462/Gone.dll", first, "_rels/.rels", "a",
			"[Content_Types].xml", "a", "package/services/metadata/core-properties/1.psmdcp", "a"), []string{
			"changed /lib/net462/MadeUp.dll/PublicKeyToken, breaking the platform takes it for another assembly, and steps and workflows name the one before"}},
		{"no archive", []byte("made up"), []string{"changed , unknown "}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := compare(t, packageSolution(t, old), packageSolution(t, tt.new))
			var got []string
			for _, x := range c.Components {
				for _, p := range x.Properties {
					_, below, ok := strings.Cut(p.Path, ".nupkg")
					if !ok {
						t.Errorf("%s differs", p.Path)
					}
					judged := p.Noise
					if judged == "" {
						judged = p.Impact.String() + " " + p.Reason
					}
					got = append(got, fmt.Sprintf("%s %s, %s", p.Op, below, judged))
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
			if unread := len(c.Diagnostics) > 0; unread != (tt.name == "no archive") {
				t.Errorf("findings: %v", c.Diagnostics)
			}
		})
	}
}
