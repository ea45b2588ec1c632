package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	importplan "github.com/solutionkit/solutionkit/solution/plan"
)

const (
	pacList    = "Connected as maya@fabrikam.example\nUnique Name Friendly Name Version Managed\nCore        The core      1.0.0.0 True\n"
	references = `{"value": [{"connectionreferencelogicalname": "ct_sp", "connectionid": "c1"}]}`
)

func TestEnv(t *testing.T) {
	dir := t.TempDir()
	list, refs := putText(t, filepath.Join(dir, "list.txt"), pacList), putText(t, filepath.Join(dir, "refs.json"), references)
	installed := filepath.Join(dir, "installed")
	core := putZip(t, installed, "core.zip", coreText)
	out := fine(t, "env", list, refs, installed)
	env, err := importplan.ParseEnvironment([]byte(out), "out")
	if err != nil {
		t.Fatal(err)
	}
	managed := true
	want := []importplan.Installed{{Name: "Core", Managed: &managed, PackageFile: filepath.ToSlash(core)}}
	got := []importplan.Installed{{Name: env.Solutions[0].Name, Managed: env.Solutions[0].Managed, PackageFile: env.Solutions[0].PackageFile}}
	if diff := cmp.Diff(want, got); diff != "" || len(env.Solutions) != 1 {
		t.Errorf("(-want +got)\n%s%s", diff, out)
	}
	if again := fine(t, "env", "-json", installed, refs, list); decode[map[string]any](t, again)["solutions"] == nil {
		t.Errorf("-json: %s", again)
	}
	// What it prints is what -env takes; both and the files themselves give one plan, but for what another file stands for.
	file := putText(t, filepath.Join(dir, "environment.json"), out)
	flows := putZip(t, dir, "flows.zip", flowText)
	wantSteps(t, fine(t, "plan", "-json", "-env", file, flows), "Flows install ready")
	p := wantSteps(t, fine(t, "plan", "-json", "-env", list, "-env", refs, "-env", installed, flows), "Flows install ready")
	if diff := cmp.Diff([]string{"ct_sp"}, p.Steps[0].Kept); diff != "" {
		t.Errorf("kept (-want +got)\n%s", diff)
	}
	wantText(t, fine(t, "impact", "-env", list, "-env", core, "entity:ct_order"), "entity:ct_order")
}

func TestEnvContradiction(t *testing.T) {
	dir := t.TempDir()
	a := putText(t, filepath.Join(dir, "a.json"), `[{"SolutionUniqueName": "Core", "VersionNumber": "1.0.0.0"}]`)
	b := putText(t, filepath.Join(dir, "b.json"), `[{"SolutionUniqueName": "Core", "VersionNumber": "1.1.0.0"}]`)
	flows := putZip(t, dir, "flows.zip", flowText)
	for _, args := range [][]string{{"env", a, b}, {"plan", "-env", b, "-env", a, flows}, {"impact", "-env", b, "-env", a, "entity:ct_order"}} {
		stdout, stderr := fails(t, args...)
		wantText(t, stderr, "a.json", "b.json", "environment/contradiction")
		if stdout != "" || strings.Count(stderr, "(environment/contradiction)") != 1 {
			t.Errorf("%q: %s%s", args, stdout, stderr)
		}
	}
	stdout, _ := fails(t, "env", "-json", a, b)
	if doc := decode[map[string]any](t, stdout); doc["error"] == nil || doc["diagnostics"] == nil {
		t.Error(stdout)
	}
}

// A list that was cut does not make a plan say that something is missing, and every form of the plan tells of it.
func TestPlanWithCutList(t *testing.T) {
	dir := t.TempDir()
	list := putText(t, filepath.Join(dir, "list.json"), `{"@odata.context": "x/$metadata#solutions(uniquename)", "value": [{"uniquename": "Other", "version": "1.0"}], "@odata.nextLink": "x"}`)
	flows := putZip(t, dir, "flows.zip", flowText)
	for _, format := range []string{"text", "markdown"} {
		wantText(t, fine(t, "plan", "-env", list, "-format", format, flows), "further pages", "the list of solutions is not complete")
	}
	wantText(t, fine(t, "plan", "-json", "-env", list, flows), "environment/incomplete")
	if _, stderr := fails(t, "env", filepath.Join(dir, "none")); !strings.Contains(stderr, "none") {
		t.Error(stderr)
	}
	empty := filepath.Join(dir, "empty")
	if err := os.Mkdir(empty, 0o755); err != nil {
		t.Fatal(err)
	}
	_, stderr := fails(t, "env", empty)
	wantText(t, stderr, "empty")
}
