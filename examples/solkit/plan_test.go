package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	importplan "github.com/solutionkit/solutionkit/solution/plan"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// The solutions that the tests plan with: a table, a newer version without it, and a flow that uses it.
const (
	coreText = "solution Core 1.0.0.0 managed\nentity ct_order\nentity ct_old\n"
	coreNext = "solution Core 1.1.0.0 managed\nentity ct_order\n"
	flowText = "solution Flows 1.0.0.0 managed\nconnectionreference ct_sp connector=shared_sharepointonline\n" +
		"workflow 22 name=Notify refs=ct_sp sets=ct_orders\nmissing entity:ct_order by workflow:22 in \"Core (1.0.0.0)\"\n"
)

// putZip writes the zip of a solution into a folder and returns its path.
func putZip(t *testing.T, dir, name, text string) string {
	t.Helper()
	p := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, solutiontest.Zip(t, text), 0o644); err != nil {
		t.Fatal(err)
	}
	return p
}

func putText(t *testing.T, name, text string) string {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// steps are the solutions of a plan with action and status, in its order.
func steps(p *importplan.Plan) []string {
	var out []string
	for _, s := range p.Steps {
		out = append(out, strings.Join([]string{s.Solution, string(s.Action), string(s.Status)}, " "))
	}
	return out
}

func wantSteps(t *testing.T, text string, want ...string) *importplan.Plan {
	t.Helper()
	p := decode[importplan.Plan](t, text)
	if diff := cmp.Diff(want, steps(&p)); diff != "" {
		t.Errorf("steps (-want +got)\n%s", diff)
	}
	return &p
}

func TestPlan(t *testing.T) {
	dir := t.TempDir()
	flows, core := putZip(t, dir, "flows.zip", flowText), putZip(t, dir, "core.zip", coreText)
	before := contents(t, dir)

	out := fine(t, "plan", "-json", flows, core)
	wantSteps(t, out, "Core install ready", "Flows install ready")
	if diff := cmp.Diff(set("blocked", "order", "cycles", "constraints", "steps", "findings", "after"), members(t, out)); diff != "" {
		t.Errorf("members (-want +got)\n%s", diff)
	}
	if other := fine(t, "plan", "-json", core, flows); other != out {
		t.Errorf("another order of arguments gives another plan:\n%s\n%s", out, other)
	}
	wantText(t, fine(t, "plan", flows, core), "Can be imported: ", "1. ", "Install Core 1.0.0.0", "Install Flows 1.0.0.0", "ct_sp")
	wantText(t, fine(t, "plan", "-format", "markdown", flows, core), "## Can be imported: ", "| `Core` | 1.0.0.0 | install | ready |", "- [ ] **1.**")
	wantText(t, fine(t, "plan", "-format", "mermaid", flows, core), "flowchart TD", `s0["Core<br/>`, `-->|"need"|`, ":::ready")
	if js := fine(t, "plan", "-json", "-format", "mermaid", flows, core); js != out {
		t.Errorf("-format changes the JSON:\n%s", js)
	}
	if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
		t.Errorf("files changed (-want +got)\n%s", diff)
	}
}

// A plan that is blocked is printed whole, in each form, and the status is 1.
func TestPlanBlocked(t *testing.T) {
	flows := putZip(t, t.TempDir(), "flows.zip", flowText)
	stdout, _ := fails(t, "plan", "-json", flows)
	if p := wantSteps(t, stdout, "Flows install blocked"); !p.Blocked {
		t.Errorf("not blocked:\n%s", stdout)
	}
	for format, want := range map[string]string{"text": "Cannot be imported", "markdown": "### Cannot be imported", "mermaid": ":::blocked"} {
		stdout, stderr := fails(t, "plan", "-format", format, flows)
		wantText(t, stdout, want)
		if stderr != "" {
			t.Errorf("%s: a plan is no failure to tell of: %s", format, stderr)
		}
	}
}

// The environment names packages by paths that are relative to its own file, as zips, trees and extracted zips.
func TestPlanEnvironment(t *testing.T) {
	dir := t.TempDir()
	putZip(t, dir, "installed/core.zip", coreText)
	fine(t, "unpack", filepath.Join(dir, "installed/core.zip"), filepath.Join(dir, "installed/tree"))
	if err := os.CopyFS(filepath.Join(dir, "installed/extracted"), solutiontest.FS(t, coreText)); err != nil {
		t.Fatal(err)
	}
	next := putZip(t, dir, "next.zip", coreNext)
	for _, member := range []string{"installed/core.zip", "installed/tree", "installed/extracted", "./installed/../installed/core.zip"} {
		env := putText(t, filepath.Join(dir, "env.json"), `{"solutions":[{"name":"Core","version":"1.0.0.0","managed":true,"package":"`+member+`"}]}`)
		p := wantSteps(t, fine(t, "plan", "-json", "-env", env, next), "Core upgrade ready")
		if diff := cmp.Diff([]importplan.ComponentID{"entity:ct_old"}, p.Steps[0].Deletes); diff != "" {
			t.Errorf("%s: deletes (-want +got)\n%s", member, diff)
		}
		wantSteps(t, fine(t, "plan", "-json", "-env", env, "-action", "CORE=stage", next), "Core stage ready")
		wantSteps(t, fine(t, "plan", "-json", "-env", env, "-action", "core=update", "-action", "Core=update", next), "Core update ready")
	}
}

// The installed version is given as a zip, a tree or an extracted zip; an environment without the solution gets it, and one with
// another version of it is refused.
func TestPlanInstalled(t *testing.T) {
	dir := t.TempDir()
	old, next, flows := putZip(t, dir, "old/core.zip", coreText), putZip(t, dir, "next.zip", coreNext),
		putZip(t, dir, "flows.zip", "solution Flows 1.0.0.0 managed\nworkflow 22 name=Notify sets=ct_olds\n")
	fine(t, "unpack", old, filepath.Join(dir, "tree"))
	env := func(version string) string {
		return putText(t, filepath.Join(dir, "env"+version+".json"), `{"solutions":[{"name":"CORE","version":"`+version+`"},{"name":"Flows","version":"1.0.0.0","managed":true,"package":"flows.zip"}]}`)
	}
	for _, given := range []string{old, filepath.Join(dir, "tree")} {
		p := wantSteps(t, fine(t, "plan", "-json", "-installed", given, next), "Core upgrade ready")
		c := p.Steps[0].Changes
		if c == nil || c.From != "1.0.0.0" || c.Removed != 1 || len(c.Breaks) != 1 || c.Breaks[0].Component != "entity:ct_old" {
			t.Errorf("%s: changes %+v", given, c)
		}
		if diff := cmp.Diff([]importplan.ComponentID{"entity:ct_old"}, p.Steps[0].Deletes); diff != "" {
			t.Errorf("%s: deletes (-want +got)\n%s", given, diff)
		}
		wantText(t, fine(t, "plan", "-installed", given, "-env", env("1.0.0.0"), next), "Changes since 1.0.0.0: 0 added, 1 removed, 0 changed", "(Notify) of Flows (Workflows/")
	}
	wantText(t, fine(t, "plan", "-installed", old, "-action", "core=update", "-env", env("1.0.0.0"), next), "Dropped, and not deleted by this import:", "- entity:ct_old")
	if p := wantSteps(t, fine(t, "plan", "-json", "-env", env("1.0.0.0"), next), "Core upgrade ready"); p.Steps[0].Changes != nil {
		t.Errorf("changes of nothing that was compared: %+v", p.Steps[0].Changes)
	}
	_, stderr := fails(t, "plan", "-installed", old, "-env", env("1.0.5.0"), next)
	wantText(t, stderr, "core.zip: it is version 1.0.0.0 of CORE, and the environment has 1.0.5.0")
	for _, args := range [][]string{{"-installed", flows, next}, {"-installed", old, "-installed", filepath.Join(dir, "tree"), next}, {"-installed", ""}} {
		if status, _, stderr := solkit(append([]string{"plan"}, args...)...); status != 2 || stderr == "" {
			t.Errorf("plan %q: status %d, %s", args, status, stderr)
		}
	}
}

func TestPlanEnvironmentErrors(t *testing.T) {
	dir := t.TempDir()
	core := putZip(t, dir, "core.zip", coreText)
	putZip(t, dir, "flows.zip", flowText)
	putText(t, filepath.Join(dir, "text.zip"), "no zip")
	if err := os.Rename(rootlessZip(t), filepath.Join(dir, "rootless.zip")); err != nil {
		t.Fatal(err)
	}
	installed := func(member string) string {
		return `{"solutions":[{"name":"Core","version":"1.0.0.0","package":"` + member + `"}]}`
	}
	tests := []struct {
		env  string
		want []string
	}{
		{installed("none.zip"), []string{"env.json: package of solution \"Core\": ", "none.zip"}},
		{installed("text.zip"), []string{"env.json: package of solution \"Core\": ", "text.zip: ", "not a zip"}},
		{installed("rootless.zip"), []string{"package of solution \"Core\"", "rootless.zip: ", "no solution.xml"}},
		{installed("flows.zip"), []string{"package of solution \"Core\"", "flows.zip: it is a package of solution \"Flows\""}},
		{`{"solutions":[],"nmae":1}`, []string{"env.json:1:", "/nmae"}},
		{`{`, []string{"env.json:1:"}},
	}
	for _, tt := range tests {
		env := putText(t, filepath.Join(dir, "env.json"), tt.env)
		stdout, stderr := fails(t, "plan", "-json", "-env", env, core)
		wantText(t, stderr, tt.want...)
		doc := decode[map[string]any](t, stdout)
		message, _ := doc["error"].(string)
		if message == "" || len(doc) != 1 || !strings.Contains(stderr, message) {
			t.Errorf("%s: %s", tt.env, stdout)
		}
		_, stderr = fails(t, "impact", "-json", "-env", env, "entity:ct_order")
		wantText(t, stderr, tt.want...)
	}
	for _, args := range [][]string{
		{"-env", filepath.Join(dir, "none.json"), core},
		{"-settings", filepath.Join(dir, "none.json"), core},
		{"-settings", putText(t, filepath.Join(dir, "settings.json"), "[]"), core},
		{filepath.Join(dir, "none"), core},
		{core, filepath.Join(dir, "text.zip"), filepath.Join(dir, "none")},
		{dir},
	} {
		stdout, stderr := fails(t, append([]string{"plan", "-json"}, args...)...)
		message, _ := decode[map[string]any](t, stdout)["error"].(string)
		if message == "" || !strings.Contains(stderr, message) {
			t.Errorf("%q: %s%s", args, stdout, stderr)
		}
	}
	_, stderr := fails(t, "plan", core, filepath.Join(dir, "text.zip"), filepath.Join(dir, "none"))
	wantText(t, stderr, "text.zip") // the first of several errors, however they were read
}

// rootlessZip is a folder that somebody zipped with the folder itself.
func rootlessZip(t *testing.T) string {
	t.Helper()
	return writeZip(t, testEntry{"core/solution.xml", tinyManifest}, testEntry{"core/[Content_Types].xml", tinyTypes}, testEntry{"core/customizations.xml", "<ImportExportXml/>"})
}

// A zip without a manifest at its root is refused by the plan, under the name of its file; the others are planned.
func TestPlanOfRootlessZip(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "Zipped.Zip")
	if err := os.Rename(rootlessZip(t), name); err != nil {
		t.Fatal(err)
	}
	stdout, _ := fails(t, "plan", "-json", name, putZip(t, dir, "core.zip", coreText))
	p := wantSteps(t, stdout, "Core install ready", "Zipped install blocked")
	if f := p.Steps[1].Findings; len(f) == 0 || f[0].Rule != "plan/package-invalid" {
		t.Errorf("findings %+v", f)
	}
	encrypted, err := os.ReadFile(putZip(t, dir, "encrypted.zip", coreText))
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; ; at += 4 { // set the flag of encryption in each entry of the directory
		i := bytes.Index(encrypted[at:], []byte("PK\x01\x02"))
		if i < 0 {
			break
		}
		at += i
		encrypted[at+8] |= 1
	}
	_, stderr := fails(t, "plan", putText(t, filepath.Join(dir, "encrypted.zip"), string(encrypted)))
	wantText(t, stderr, "encrypted.zip: ", "encrypted")
}

func TestPlanUsage(t *testing.T) {
	core := putZip(t, t.TempDir(), "core.zip", coreText)
	tests := []struct {
		args []string
		want []string
	}{
		{[]string{"plan"}, []string{"it takes ZIP|DIR..."}},
		{[]string{"plan", "-format", "svg", core}, []string{`-format "svg"`, "text, markdown, mermaid or importconfig"}},
		{[]string{"plan", "-action", "Core", core}, []string{"-action", "write NAME=VALUE"}},
		{[]string{"plan", "-action", "=stage", core}, []string{"-action", "write NAME=VALUE"}},
		{[]string{"plan", "-action", "Core=", core}, []string{"-action", "write NAME=VALUE"}},
		{[]string{"plan", "-action", "Core=replace", core}, []string{`no action "replace"`, "install, update, upgrade, stage, patch"}},
		{[]string{"plan", "-action", "Cor=stage", core}, []string{"-action Cor: no solution of that name is given: use Core"}},
		{[]string{"plan", "-action", "Core=stage", "-action", "core=update", core}, []string{"core is given twice, as stage and as update"}},
		{[]string{"plan", "-policy", "x", core}, []string{"-policy", "write NAME=VALUE"}},
		{[]string{"plan", "-policy", "x=y", core}, []string{`policy "x" is not known`, "connector-secrets", "variable-precedence"}},
		{[]string{"plan", "-policy", "unmanaged-base=x", core}, []string{`unmanaged-base can't be "x"`, "convert, refuse"}},
		{[]string{"plan", "-policy", "upload-limit=many", core}, []string{`upload-limit can't be "many"`, "whole number"}},
		{[]string{"plan", "-policy", "upload-limit=0", core}, []string{`upload-limit can't be "0"`}},
		{[]string{"plan", "-policy", "upload-limit=1", "-policy", "upload-limit=2", core}, []string{"upload-limit is given twice, as 1 and as 2"}},
		{[]string{"impact", "entity:account"}, []string{"no -env"}},
		{[]string{"impact", "-env", "x", "account"}, []string{`"account" is no component`}},
		{[]string{"impact", "-env", "x"}, []string{"it takes one, KIND:KEY"}},
	}
	for _, tt := range tests {
		code, stdout, stderr := solkit(tt.args...)
		if code != exitUsage || stdout != "" {
			t.Errorf("%q: exit status %d, standard output %q", tt.args, code, stdout)
		}
		wantText(t, stderr, tt.want...)
	}
}

// Help lists each policy with what it may be, and each format.
func TestPlanHelp(t *testing.T) {
	text := fine(t, "help", "plan")
	wantText(t, text, "  text ", "  markdown ", "  mermaid ")
	wantText(t, plain(text), strings.Join(actionWords(), ", "))
	for p := range importplan.AllPolicies() {
		wantText(t, text, p.Name+"="+p.Default)
		wantText(t, plain(text), plain(p.Summary))
		for _, v := range p.Values {
			wantText(t, text, v)
		}
	}
}

// Each policy that the library knows with each value is taken, and reaches the plan.
func TestPlanPolicies(t *testing.T) {
	dir := t.TempDir()
	core := putZip(t, dir, "core.zip", coreText)
	for p := range importplan.AllPolicies() {
		for _, v := range append([]string{p.Default}, p.Values...) {
			fine(t, "plan", "-policy", p.Name+"="+v, core)
		}
	}
	env := putText(t, filepath.Join(dir, "env.json"), `{"solutions":[{"name":"Core","version":"1.0.0.0","managed":true,"package":"core.zip"}]}`)
	update := []string{"plan", "-env", env, "-action", "Core=update"}
	fine(t, append(update, "-policy", "equal-version-update=allow", core)...)
	fails(t, append(update, "-policy", "equal-version-update=error", core)...)
}

// Settings bind references, so that nobody is asked.
func TestPlanSettings(t *testing.T) {
	dir := t.TempDir()
	core, flows := putZip(t, dir, "core.zip", coreText), putZip(t, dir, "flows.zip", flowText)
	settings := putText(t, filepath.Join(dir, "settings.json"),
		`{"ConnectionReferences":[{"LogicalName":"ct_sp","ConnectionId":"c1","ConnectorId":"/providers/Microsoft.PowerApps/apis/shared_sharepointonline"}]}`)
	asked := wantSteps(t, fine(t, "plan", "-json", core, flows), "Core install ready", "Flows install ready").Steps[1]
	bound := wantSteps(t, fine(t, "plan", "-json", "-settings", settings, core, flows), "Core install ready", "Flows install ready").Steps[1]
	if diff := cmp.Diff([][]string{{"ct_sp"}, {}}, [][]string{asked.Prompts, bound.Prompts}); diff != "" {
		t.Errorf("prompts (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"ct_sp": "c1"}, bound.Bound); diff != "" {
		t.Errorf("bound (-want +got)\n%s", diff)
	}
}

// Many packages are read at a time; that shows in nothing.
func TestPlanOfManyPackages(t *testing.T) {
	dir := t.TempDir()
	args := []string{"plan", "-json"}
	var want []string
	for _, letter := range strings.Split("abcdefghijklmnopqrstuvwxyz", "") {
		args = append(args, putZip(t, dir, letter+".zip", "solution S"+letter+" 1.0.0.0 managed\nentity ct_"+letter+"\n"))
		want = append(want, "S"+letter+" install ready")
	}
	out := fine(t, args...)
	wantSteps(t, out, want...)
	if again := fine(t, args...); again != out {
		t.Error("a second run gives another plan")
	}
}

func TestImpact(t *testing.T) {
	dir := t.TempDir()
	putZip(t, dir, "core.zip", coreText)
	putZip(t, dir, "flows.zip", flowText)
	env := putText(t, filepath.Join(dir, "env.json"), `{"solutions":[{"name":"Core","version":"1.0.0.0","managed":true,"package":"core.zip"},
		{"name":"Flows","version":"1.0.0.0","managed":true,"package":"flows.zip"}]}`)
	out := fine(t, "impact", "-json", "-env", env, "ENTITY:ct_order")
	got := decode[importplan.Reach](t, out)
	if got.Component != "entity:ct_order" || len(got.Layers) != 1 || got.Layers[0].Solution != "Core" || len(got.UsedBy) == 0 || got.UsedBy[0].Solution != "Flows" {
		t.Errorf("got %s", out)
	}
	wantText(t, fine(t, "impact", "-env", env, "entity:ct_order"), "entity:ct_order is used in ", "Core 1.0.0.0", "Used in the solution Flows:")
	wantText(t, fine(t, "impact", "-env", env, "entity:ct_old"), "entity:ct_old is used by nothing that is known")

	stdout, _ := fails(t, "impact", "-json", "-env", env, "Solution:core")
	if got := decode[importplan.Removal](t, stdout); !got.Blocked || got.Solution != "Core" || len(got.Deletes) == 0 {
		t.Errorf("uninstall: got %s", stdout)
	}
	wantText(t, fine(t, "impact", "-env", env, "solution:Flows"), "Flows can be uninstalled: ", "1. Uninstall Flows")
	stdout, stderr := fails(t, "impact", "-json", "-env", env, "solution:None")
	wantText(t, stdout, `"error"`)
	wantText(t, stderr, "None")
}
