package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// yamlSource writes a source with two solutions in the YAML of Git integration.
func yamlSource(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{
		"publishers/smppublisher/publisher.yml": "Publisher:\n  UniqueName: smppublisher\n  LocalizedNames:\n    LocalizedName:\n      '@description': Publisher\n      '@languagecode': 1033\n" +
			"  Descriptions: \n  CustomizationPrefix: smp\n  CustomizationOptionValuePrefix: 12345\n  Addresses: \n",
		"connectionreferences/smp_mail/connectionreference.yml": "connectionreference:\n  '@connectionreferencelogicalname': smp_mail\n  connectorid: /providers/Microsoft.PowerApps/apis/shared_office365\n",
		"optionsets/smp_size/optionset.yml":                     "optionset:\n  '@Name': smp_size\n",
	}
	for name, path := range map[string]string{"One": "connectionreferences/smp_mail", "Two": "optionsets/smp_size"} {
		in := "solutions/" + name + "/"
		files[in+"solution.yml"] = "ImportExportXml:\n  '@version': 9.2.26053.152\n  '@SolutionPackageVersion': 9.2\n  '@languagecode': 1033\n  SolutionManifest:\n    UniqueName: " + name +
			"\n    LocalizedNames:\n      LocalizedName:\n        '@description': Sample\n        '@languagecode': 1033\n    Descriptions: \n    Version: 1.0.0.0\n    Managed: 0\n    Publisher:\n      UniqueName: smppublisher\n"
		files[in+"rootcomponents.yml"] = "RootComponents: \n"
		files[in+"solutioncomponents.yml"] = "SolutionComponents:\n  Component:\n  - '@path': /" + path + "\n  - '@path': /publishers/smppublisher\n"
	}
	putFiles(t, dir, files)
	return dir
}

// A YAML source is read wherever a tree is.
func TestYAMLSource(t *testing.T) {
	dir := yamlSource(t)
	_, stderr := fails(t, "info", dir)
	wantText(t, stderr, "several solutions", "One, Two")
	wantText(t, fine(t, "info", "-solution", "one", dir), "One", "smp_mail")
	wantText(t, fine(t, "connections", "-solution", "One", dir), "smp_mail", "shared_office365")
	wantText(t, fine(t, "refs", "-solution", "One", dir), "connectionreferences/smp_mail/connectionreference.yml:3:3")
	wantText(t, fine(t, "plan", "-solution", "One", dir), "Install One 1.0.0.0")
	stdout, _ := fails(t, "check", "-solution", "Two", dir)
	wantText(t, stdout, "optionsets/smp_size/optionset.yml:1:1: error", "add <RootComponent", "to solutions/Two/rootcomponents.yml", "packager/component-without-root")
	for _, kind := range []string{"unmanaged", "managed"} {
		zip := filepath.Join(t.TempDir(), kind+".zip")
		fine(t, "pack", "-kind", kind, "-solution", "One", dir, zip)
		wantText(t, fine(t, "info", zip), "kind                   "+kind, "smp_mail")
		if code, stdout, stderr := solkit("diff", "-solution", "One", dir, zip); kind == "unmanaged" && code != 0 {
			t.Errorf("the zip differs: %s%s", stdout, stderr)
		}
	}
}

// A folder is a source tree or a YAML source: an edit of one of both would be lost without a word.
func TestYAMLSourceBesideTree(t *testing.T) {
	dir, zip := yamlSource(t), filepath.Join(t.TempDir(), "one.zip")
	fine(t, "pack", "-solution", "One", dir, zip)
	before := contents(t, dir)
	for _, args := range [][]string{{"unpack", zip, dir}, {"unpack", "-n", zip, dir}, {"unpack", "-clobber", zip, dir}} {
		_, stderr := fails(t, args...)
		wantText(t, stderr, "it holds a YAML source, by solutions/One/solution.yml", "unpack the zip elsewhere")
	}
	if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
		t.Errorf("(-before +after)\n%s", diff)
	}
	tree := filepath.Join(t.TempDir(), "tree")
	fine(t, "unpack", zip, tree)
	if err := os.CopyFS(filepath.Join(tree, "solutions"), os.DirFS(filepath.Join(dir, "solutions"))); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"info", tree}, {"pack", tree, zip}, {"check", tree}} {
		_, stderr := fails(t, args...)
		wantText(t, stderr, "an unpacked solution", "solutions/One/solution.yml", "move one of them away")
	}
}

// A YAML source is not changed, and nothing of another layout gets into it.
func TestYAMLSourceStays(t *testing.T) {
	dir := yamlSource(t)
	before := contents(t, dir)
	for _, args := range [][]string{
		{"version", "-bump", "minor", "-solution", "One", dir},
		{"connref", "rename", "-solution", "One", dir, "smp_mail", "smp_post"},
	} {
		_, stderr := fails(t, args...)
		wantText(t, stderr, "YAML source")
	}
	after := contents(t, dir)
	for name := range after {
		if before[name] != after[name] {
			t.Errorf("%s changed", name)
		}
	}
	// A kind that is not known is refused by every command.
	file := filepath.Join(dir, "roles", "basic", "role.yml")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("Role:\n  '@name': Basic\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"pack", "-solution", "One", dir, filepath.Join(t.TempDir(), "a.zip")}, {"check", "-solution", "One", dir}, {"refs", "-solution", "One", dir}} {
		_, stderr := fails(t, args...)
		if !strings.Contains(stderr, "roles/basic/role.yml") || !strings.Contains(stderr, "Role") {
			t.Errorf("%v: %s", args, stderr)
		}
	}
}
