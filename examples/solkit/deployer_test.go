package main

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/solution/deployer"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

const (
	rightOrder = `<configdatastorage><solutions><configsolutionfile solutionpackagefilename="core.zip" overwriteunmanagedcustomizations="false" /><configsolutionfile solutionpackagefilename="flows.zip" /></solutions></configdatastorage>`
	wrongOrder = `<configdatastorage><solutions><configsolutionfile solutionpackagefilename="flows.zip" /><configsolutionfile solutionpackagefilename="core.zip" /></solutions></configdatastorage>`
)

// putDeployment writes a package with that list, as a folder and as a zip, and returns their paths.
func putDeployment(t *testing.T, list string) []string {
	t.Helper()
	dir := t.TempDir()
	folder := filepath.Join(dir, "package")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, data := range map[string][]byte{"ImportConfig.xml": []byte(list), "core.zip": solutiontest.Zip(t, coreText), "flows.zip": solutiontest.Zip(t, flowText)} {
		w, err := z.Create("PkgAssets/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Join(folder, "PkgAssets"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "PkgAssets", name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "package.zip")
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return []string{folder, file}
}

func TestPlanPackage(t *testing.T) {
	for _, arg := range putDeployment(t, rightOrder) {
		out := fine(t, "plan", "-json", arg)
		if strings.Contains(out, "deployer/") {
			t.Error(out)
		}
		wantSteps(t, out, "Core install ready", "Flows install ready")
		list, err := deployer.ParseConfig([]byte(fine(t, "plan", "-format", "importconfig", arg)), "out")
		if err != nil {
			t.Fatal(err)
		}
		if len(list.Solutions) != 2 || list.Solutions[0].File != "core.zip" || list.Solutions[0].Overwrite == nil || list.Solutions[1].File != "flows.zip" {
			t.Errorf("%+v", list.Solutions)
		}
	}
	for _, arg := range putDeployment(t, wrongOrder) {
		for _, format := range []string{"text", "markdown"} {
			stdout, _ := fails(t, "plan", "-format", format, arg)
			wantText(t, stdout, "the list imports Flows before Core", "core.zip")
		}
		stdout, _ := fails(t, "plan", "-json", arg)
		wantText(t, stdout, `"deployer/order"`)
		if out := fine(t, "plan", "-format", "importconfig", arg); strings.Index(out, "core.zip") > strings.Index(out, "flows.zip") {
			t.Error(out)
		}
	}
}

func TestPlanPackageErrors(t *testing.T) {
	dir := putDeployment(t, "<configdatastorage><solutions>")[0]
	_, stderr := fails(t, "plan", dir)
	wantText(t, stderr, "package: PkgAssets/ImportConfig.xml:1:")
	dir = putDeployment(t, rightOrder)[0]
	if err := os.WriteFile(filepath.Join(dir, "PkgAssets", "core.zip"), []byte("no zip"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, stderr = fails(t, "plan", dir)
	wantText(t, stderr, "package: PkgAssets/core.zip: ")
}

func TestPlanListOfFiles(t *testing.T) {
	dir := t.TempDir()
	core, flows := putZip(t, dir, "core.zip", coreText), putZip(t, dir, "flows.zip", flowText)
	out := fine(t, "plan", "-format", "importconfig", flows, core)
	if a, b := strings.Index(out, `"core.zip"`), strings.Index(out, `"flows.zip"`); a < 0 || b < a {
		t.Error(out)
	}
	stdout, stderr := fails(t, "plan", "-format", "importconfig", flows)
	wantText(t, stderr, "no ImportConfig.xml is written", "not all of the solutions can be imported", "-format text says why")
	if stdout != "" {
		t.Error(stdout)
	}
	other := putZip(t, filepath.Join(dir, "other"), "core.zip", flowText)
	_, stderr = fails(t, "plan", "-format", "importconfig", core, other)
	wantText(t, stderr, "Core and Flows have files of one name, core.zip")
}
