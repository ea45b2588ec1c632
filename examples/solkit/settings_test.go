package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/internal/corpus"
)

// A reference that is found nowhere is told by every command that tells of references, unless another solution has it.
func TestReferenceFoundNowhere(t *testing.T) {
	dir := t.TempDir()
	flows := putZip(t, dir, "flows.zip", "solution Flows 1.0.0.0 managed\nworkflow 11 name=\"Sync\" refs=ct_gone:shared_office365\n")
	core := putZip(t, dir, "core.zip", "solution Core 1.0.0.0 managed\nconnectionreference ct_gone connector=shared_office365\n")
	for _, command := range []string{"check", "connections", "settings"} {
		stdout, stderr := fails(t, command, flows)
		wantText(t, stdout+stderr, `uses connection reference "ct_gone", which is found nowhere`, "(connref/reference-missing)")
	}
	wantText(t, fine(t, "connections", flows, core), "ct_gone")
	fine(t, "settings", flows, core)
	got := decode[connectionsDocument](t, func() string { stdout, _ := fails(t, "connections", "-json", flows); return stdout }())
	if len(got.References) != 1 || !got.References[0].Missing || len(got.References[0].UsedBy) != 1 || len(got.Diagnostics) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestRawConnectionsAreExplained(t *testing.T) {
	raw := putZip(t, t.TempDir(), "raw.zip", "solution Raw 1.0.0.0 unmanaged\nworkflow 11 name=\"Sync\" raw=shared_office365\n")
	code, made, said := solkit("settings", raw)
	if code != exitFine || !strings.Contains(made, `"ConnectionReferences": []`) {
		t.Errorf("exit status %d:\n%s", code, made)
	}
	wantText(t, said, `flow "Sync" binds shared_office365 directly`, "connref adopt")
	wantText(t, fine(t, "connections", raw), "raw: workflow", "No settings can set a raw connection")
	wantText(t, fine(t, "check", raw), "no findings")
}

// A reference that is there twice is one finding of check, which says what the two are of.
func TestReferenceTwice(t *testing.T) {
	entries := bindable("Demo")
	entries[2].data = strings.Replace(entries[2].data, "</connectionreferences>",
		`<connectionreference connectionreferencelogicalname="NEW_mail"><connectorid>/p/shared_teams</connectorid></connectionreference></connectionreferences>`, 1)
	zip := writeZip(t, entries...)
	_, stdout, _ := solkit("check", zip)
	wantText(t, stdout, `connection reference "NEW_mail" occurs twice, for shared_office365 and shared_teams: remove one (packager/duplicate-key)`)
	if n := strings.Count(stdout, "packager/duplicate-key"); n != 1 {
		t.Errorf("told %d times:\n%s", n, stdout)
	}
	_, _, said := solkit("settings", zip)
	wantText(t, said, `"NEW_mail" occurs twice`)
	_, stdout, _ = solkit("plan", zip)
	wantText(t, stdout, `"NEW_mail" occurs twice`)
}

// Places in one of several solutions begin with its name, those in the settings do not.
func TestSettingsPlaces(t *testing.T) {
	dir := t.TempDir()
	core := putZip(t, dir, "core.zip", "solution Core 1.0.0.0 managed\nenvironmentvariabledefinition ct_url type=text\n")
	text := putZip(t, dir, "text.zip", "solution Text 1.0.0.0 managed\nenvironmentvariabledefinition ct_url type=json\n")
	file := putText(t, filepath.Join(dir, "s.json"), `{"environmentVariables": []}`)
	both := fine(t, "settings", "-check", file, core, text)
	wantText(t, both, filepath.ToSlash(core)+"/environmentvariabledefinitions/ct_url/", filepath.ToSlash(text)+"/environmentvariabledefinitions/ct_url/",
		"connref/defined-differently", file+`:1:2: warning: "environmentVariables" is not read: did you mean "EnvironmentVariables"?`)
	if one := fine(t, "settings", "-check", file, core); !strings.Contains(one, "\nenvironmentvariabledefinitions/") && !strings.HasPrefix(one, "environmentvariabledefinitions/") {
		t.Errorf("the only solution is named:\n%s", one)
	}
}

func TestSettingsSecrets(t *testing.T) {
	dir := t.TempDir()
	zip := putZip(t, dir, "s.zip", "solution S 1.0.0.0 managed\nenvironmentvariabledefinition ct_secret type=secret\n")
	for value, id := range map[string]string{"": "connref/secret-blank", "HUSH-1": "connref/value-type", "https://hush.vault.azure.net/secrets/s": "connref/value-type"} {
		file := putText(t, filepath.Join(dir, "s.json"), `{"EnvironmentVariables":[{"SchemaName":"ct_secret","Value":"`+value+`"}]}`)
		stdout, stderr := fails(t, "settings", "-check", file, zip)
		wantText(t, stdout, file+":1:26: error", id)
		if value != "" && strings.Contains(stdout+stderr, value) {
			t.Errorf("the value is printed:\n%s%s", stdout, stderr)
		}
		_, stderr = fails(t, "settings", "-keep", file, zip)
		wantText(t, stderr, id)
	}
	file := putText(t, filepath.Join(dir, "s.json"), `{"EnvironmentVariables":[{"SchemaName":"ct_secret","Value":"/subscriptions/1/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv/secrets/s"}]}`)
	wantText(t, fine(t, "settings", "-check", file, zip), "no findings")
}

// sharedCases are commands on the inputs of the cases beside the checkout, with what they must say.
var sharedCases = []struct {
	dir  string
	args string
	code int
	says []string
	not  []string
}{
	{"F07-secret-value-form", "settings -check F1.json F.zip", exitFailed, []string{"F1.json:1:26: error", `environment variable "ct_secret" is a secret: write /subscriptions/`, "connref/value-type"}, []string{"ShivaSecret"}},
	{"F07-secret-value-form", "settings -check F2.json F.zip", exitFine, []string{"no findings"}, nil},
	{"F07-secret-value-form", "settings -check F3.json F.zip", exitFailed, []string{"F3.json:1:26: error"}, []string{"vault.azure.net"}},
	{"F08-secret-blank", "settings -check B1.json B1.zip", exitFailed, []string{"B1.json:3:5: error", "remove the entry"}, nil},
	{"F08-secret-blank", "settings B1.zip", exitFine, []string{`"mf_SecretVariable" is a secret and was left out`}, []string{`"Value": ""`}},
	{"F09-vault-access-for-whom", "plan -env SE-env.json SE.zip", exitFine, []string{"Give app-0001 (who imports) and Dataverse the role Key Vault Secrets User on vault kv: the import of ct_secret is refused if the importing identity may not read the secret"}, []string{"secrets/s"}},
	{"F10-connector-with-connections-deleted", "plan -env W-env.json -action ContosoCore=upgrade W2.zip", exitFailed, []string{"upgrade-delete-blocked", "(ct_audit) cannot be deleted: it has connection c9 of ann@contoso.example (CannotDeleteApiDueToExistingConnections)"}, []string{"Can be imported"}},
	{"F10-connector-with-connections-deleted", "impact -env W-env.json connector:ct_audit", exitFine, []string{"(ct_audit) is used by 1 connection and cannot be deleted", "connection c9 of ann@contoso.example"}, nil},
	{"F10-connector-with-connections-deleted", "impact -env W-env.json solution:ContosoCore", exitFailed, []string{"ContosoCore cannot be uninstalled", "connector:00000000-0000-0000-0000-000000000033 (ct_audit)", "connection c9 of ann@contoso.example"}, nil},
	{"F12-child-flow-invoker", "plan -env G-env.json G-invoker.zip", exitFine, []string{"flow-stays-off", "(Parent) cannot start: its child flow", `lets the run-only user give the connection ct_sp ("runtimeSource": "invoker"): set "Use this connection" for run-only users of Child, in the source`, "Workflows/Parent-"}, nil},
	{"F13-missing-reference-not-told", "check X.zip", exitFailed, []string{":1:134: error", "connref/reference-missing", `"ct_gone", which is found nowhere: add it`}, nil},
	{"F13-missing-reference-not-told", "connections X.zip", exitFailed, []string{":1:134: error", "connref/reference-missing", "ct_gone"}, []string{"no connections"}},
	{"F13-missing-reference-not-told", "settings X.zip", exitFailed, []string{":1:134: error", "connref/reference-missing"}, nil},
	{"F14-raw-connections-not-told", "settings Y.zip", exitFine, []string{"warning", `flow "Child" binds shared_office365 directly: no settings can set it`, "solkit connref adopt"}, nil},
	{"F15-duplicate-reference", "check G-dupref.zip", exitFine, []string{`connection reference "ct_sp" occurs twice, for shared_sharepointonline and shared_office365: remove one (packager/duplicate-key)`}, nil},
	{"F15-duplicate-reference", "settings G-dupref.zip", exitFine, []string{`"ct_sp" occurs twice`, "packager/duplicate-key"}, nil},
	{"F15-duplicate-reference", "plan G-dupref.zip", exitFine, []string{`connection reference "ct_sp" occurs twice, for shared_sharepointonline and shared_office365: remove one`}, nil},
	{"F16-check-names-no-zip", "settings -check F4.json F.zip SE.zip", exitFine, []string{"F.zip/environmentvariabledefinitions/ct_flag/environmentvariabledefinition.xml:2:1"}, nil},
	{"F17-settings-member-case", "settings -check shape2.json F.zip", exitFine, []string{`shape2.json:1:2: warning: "environmentVariables" is not read: did you mean "EnvironmentVariables"?`}, nil},
}

func TestSharedCases(t *testing.T) {
	root := corpus.Path(t, "cases", "connector")
	for _, c := range sharedCases {
		t.Run(c.dir+" "+strings.Fields(c.args)[0], func(t *testing.T) {
			t.Chdir(filepath.Join(root, c.dir))
			code, stdout, stderr := solkit(strings.Fields(c.args)...)
			if code != c.code {
				t.Errorf("solkit %s: exit status %d, want %d", c.args, code, c.code)
			}
			wantText(t, stdout+stderr, c.says...)
			for _, text := range c.not {
				if strings.Contains(stdout+stderr, text) {
					t.Errorf("%q is in:\n%s%s", text, stdout, stderr)
				}
			}
		})
	}
}
