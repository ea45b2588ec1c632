package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const sampleProject = `<?xml version="1.0" encoding="utf-8"?>
<Project ToolsVersion="15.0" DefaultTargets="Build" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
  <Import Project="$(MSBuildExtensionsPath)\Common.props" Condition="Exists('$(MSBuildExtensionsPath)\Common.props')" />
  <PropertyGroup>
    <Folder>tree</Folder>
    <SolutionRootPath>$(folder)</SolutionRootPath>
    <SolutionPackageMapFilePath>$(MSBuildThisFileDirectory)\map.xml</SolutionPackageMapFilePath>
    <!-- <SolutionPackageType>Managed</SolutionPackageType> -->
  </PropertyGroup>
  <PropertyGroup Condition="'$(Configuration)' == 'Release'">
    <SolutionPackageType>Managed</SolutionPackageType>
    <DebugType>none</DebugType>
  </PropertyGroup>
  <ItemGroup>
    <ProjectReference Include="..\Control\Control.pcfproj" />
  </ItemGroup>
  <Target Name="X"><PropertyGroup><SolutionRootPath>elsewhere</SolutionRootPath></PropertyGroup></Target>
</Project>`

// The project beside a tree, or in the folder that is given, says where the tree is and which mapping file it has.
func TestProject(t *testing.T) {
	dir := mapProject(t)
	putFiles(t, dir, map[string]string{"Sample.cdsproj": sampleProject})
	tree, out := filepath.Join(dir, "tree"), filepath.Join(t.TempDir(), "out.zip")
	code, stdout, stderr := solkit("unpack", sampleZip(t), dir)
	if code != exitFine {
		t.Fatalf("exit status %d: %s", code, stderr)
	}
	wantText(t, stdout, "Sample.cdsproj: the tree is "+tree+", the mapping file "+filepath.Join(dir, "map.xml")+"\n", "to "+tree+": 7 files, 7 created")
	wantText(t, stderr, "Sample.cdsproj:11:5: warning: SolutionPackageType depends on a condition", "solkit/project-condition",
		"Sample.cdsproj:15:5: warning: the project ..\\Control\\Control.pcfproj needs a build", "solkit/project-reference")
	if strings.Contains(stderr, "DebugType") || strings.Contains(stderr, "Common.props") {
		t.Errorf("what is of no concern is told:\n%s", stderr)
	}
	for _, given := range []string{dir, tree} { // the one that it is in, and the one that it is beside of
		doc := decode[report](t, fine(t, "pack", "-json", given, out))
		if diff := cmp.Diff(filepath.Join(dir, "Sample.cdsproj"), doc.Project); diff != "" || len(doc.Files) != 8 {
			t.Errorf("%s: %d files, project (-want +got)\n%s", given, len(doc.Files), diff)
		}
	}
	wantText(t, fine(t, "info", dir), "ContosoStock")
	_, stderr = fails(t, "pack", "-project", "none", tree, out)
	wantText(t, stderr, "which is not there")
	code, _, stderr = solkit("pack", "-werror", dir, out)
	if code != exitFailed || !strings.Contains(stderr, "-werror lets it fail") {
		t.Errorf("-werror: exit status %d: %s", code, stderr)
	}
}

// A flag goes before what a project says, and a project before the tree.
func TestProjectKind(t *testing.T) {
	dir, out := t.TempDir(), filepath.Join(t.TempDir(), "out.zip")
	tree := filepath.Join(dir, "src")
	if err := os.CopyFS(tree, os.DirFS("sample")); err != nil {
		t.Fatal(err)
	}
	project := func(name, properties string) {
		putFiles(t, dir, map[string]string{name: "<Project><PropertyGroup>" + properties + "</PropertyGroup></Project>"})
	}
	project("A.cdsproj", "<SolutionPackageType>Managed</SolutionPackageType>")
	_, stderr := fails(t, "pack", dir, out)
	wantText(t, stderr, "the tree is unmanaged, managed was asked for")
	fine(t, "pack", "-kind", "unmanaged", dir, out)

	project("A.cdsproj", "<SolutionPackageType>Both$(X)</SolutionPackageType><SolutionPackageMapFilePath>$([System.IO.Path]::GetTempPath())</SolutionPackageMapFilePath>")
	code, _, stderr := solkit("pack", tree, out)
	wantText(t, stderr, `SolutionPackageType is "Both$(X)", which is left out: $(X) is not set`, "$([System.IO.Path]::GetTempPath()) is not set", "solkit/project-value")
	if code != exitFine {
		t.Errorf("exit status %d: %s", code, stderr)
	}

	project("A.cdsproj", "<SolutionPackageType>Every</SolutionPackageType>")
	_, _, stderr = solkit("pack", tree, out)
	wantText(t, stderr, "use Unmanaged, Managed or Both")

	project("B.cdsproj", "<SolutionRootPath></SolutionRootPath>")
	_, stderr = fails(t, "pack", dir, out)
	wantText(t, stderr, "A.cdsproj", "B.cdsproj", "-project")
	_, stderr = fails(t, "pack", tree, out)
	wantText(t, stderr, "-project")
	fine(t, "pack", "-project", filepath.Join(dir, "B.cdsproj"), dir, out)
	fine(t, "pack", "-project", "none", tree, out)

	project("B.cdsproj", "<SolutionRootPath>other</SolutionRootPath>") // the tree is not its
	fine(t, "pack", tree, out)

	putFiles(t, dir, map[string]string{"B.cdsproj": "<Project><PropertyGroup>"})
	_, stderr = fails(t, "pack", tree, out)
	wantText(t, stderr, "B.cdsproj: 1:", "-project none")
	putFiles(t, dir, map[string]string{"B.cdsproj": "<Mapping />"})
	_, stderr = fails(t, "pack", tree, out)
	wantText(t, stderr, "B.cdsproj: 1:1: the root element is Mapping")
}

// Builds look for the targets of a mapping file from three folders below the project.
func TestProjectMapOfBuild(t *testing.T) {
	dir := t.TempDir()
	putFiles(t, dir, map[string]string{
		"repo/solution/A.cdsproj":                 "<Project><PropertyGroup><SolutionPackageMapFilePath>$(MSBuildProjectDirectory)/map.xml</SolutionPackageMapFilePath></PropertyGroup></Project>",
		"repo/solution/map.xml":                   `<Mapping><FileToPath map="Workflows/*.json" to="..\..\..\..\flows" /></Mapping>`,
		"repo/flows/" + filepath.Base(sampleFlow): `{"properties":{"definition":{"built":true}}}`,
	})
	src, out := filepath.Join(dir, "repo/solution/src"), filepath.Join(dir, "out.zip")
	if err := os.CopyFS(src, os.DirFS("sample")); err != nil {
		t.Fatal(err)
	}
	fine(t, "pack", src, out)
	fine(t, "unpack", out, filepath.Join(dir, "again"))
	if got := contents(t, filepath.Join(dir, "again"))[sampleFlow]; got != `{"properties":{"definition":{"built":true}}}` {
		t.Errorf("packed %q", got)
	}
}

// SolutionPackageEnableLocalization is -localize.
func TestProjectLocalize(t *testing.T) {
	dir := t.TempDir()
	putFiles(t, dir, map[string]string{"A.cdsproj": "<Project><PropertyGroup><SolutionPackageEnableLocalization>True</SolutionPackageEnableLocalization></PropertyGroup></Project>"})
	wantText(t, fine(t, "unpack", sampleZip(t), dir), "labels are written")
	labels, err := filepath.Glob(filepath.Join(dir, "src/Resources/*/resources.*.resx"))
	if err != nil || len(labels) == 0 {
		t.Errorf("no labels were written: %v", err)
	}
	wantText(t, fine(t, "pack", dir, filepath.Join(dir, "out.zip")), "labels are merged")
	if err := os.RemoveAll(filepath.Join(dir, "src/Resources")); err != nil {
		t.Fatal(err)
	}
	fine(t, "pack", dir, filepath.Join(dir, "out.zip"))
}

// A project of both kinds is unpacked of both zips, if both are there, and packed to both.
func TestProjectBoth(t *testing.T) {
	zips, dir, out := samplePair(t), t.TempDir(), t.TempDir()
	putFiles(t, dir, map[string]string{"A.cdsproj": "<Project><PropertyGroup><SolutionPackageType>Both</SolutionPackageType></PropertyGroup></Project>"})
	wantText(t, fine(t, "unpack", filepath.Join(zips, "stock.zip"), dir), "both kinds of ", "(both) to "+filepath.Join(dir, "src"))
	wantText(t, fine(t, "pack", dir, filepath.Join(out, "s.zip")), ", both kinds\n", "s_managed.zip")
	for _, name := range []string{"", "_managed"} {
		if a, b := fine(t, "digest", filepath.Join(zips, "stock"+name+".zip")), fine(t, "digest", filepath.Join(out, "s"+name+".zip")); a != b {
			t.Errorf("digests differ: %s %s", a, b)
		}
	}
	if err := os.RemoveAll(filepath.Join(dir, "src")); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := solkit("unpack", sampleZip(t), dir)
	wantText(t, stdout, "(unmanaged) to ")
	wantText(t, stderr, "SolutionPackageType is Both, and ", "stock_managed.zip is not there")
	if code != exitFine {
		t.Errorf("exit status %d", code)
	}
	code, _, stderr = solkit("pack", dir, filepath.Join(out, "one.zip"))
	wantText(t, stderr, "the tree is unmanaged: that one is packed")
	if code != exitFine {
		t.Errorf("exit status %d", code)
	}
}
