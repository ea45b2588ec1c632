package connref_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// lines are findings as "rule: message", without places.
func lines(list diag.List) []string {
	out := []string{}
	for _, d := range list {
		out = append(out, d.Rule+": "+d.Message)
	}
	return out
}

func setOf(t *testing.T, text string) *connref.Set {
	t.Helper()
	set, err := connref.Read(solutiontest.Parts(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// TestJoin: what several solutions need together is there once, with the users in all of them, and what differs is told.
func TestJoin(t *testing.T) {
	a := setOf(t, `solution A 1.0.0.0
connectionreference ct_sp connector=shared_sharepointonline name=First
connectionreference ct_mail connector=shared_office365
environmentvariabledefinition ct_url type=text default=a
environmentvariabledefinition ct_count type=number default=1
workflow 22 refs=ct_sp`)
	b := setOf(t, `solution B 1.0.0.0
connectionreference ct_sp connector=shared_sharepointonline name=Second
connectionreference ct_mail connector=shared_sendmail
environmentvariabledefinition ct_url type=text default=b
environmentvariabledefinition ct_count type=text default=1
workflow 23 refs=ct_sp,ct_far:shared_teams raw=shared_office365`)
	set := connref.Join(a, b)
	var got []string
	for _, r := range set.References {
		got = append(got, fmt.Sprintf("%s %s %s used by %v", r.LogicalName, r.DisplayName, connref.ConnectorName(r.ConnectorID), r.UsedBy))
	}
	for _, v := range set.Variables {
		got = append(got, fmt.Sprintf("%s %v %s", v.SchemaName, v.Type, v.Default))
	}
	for u := range set.Missing() {
		got = append(got, "missing "+u.Name)
	}
	want := []string{
		"ct_mail ct_mail shared_office365 used by []",
		"ct_sp First shared_sharepointonline used by [workflow {00000000-0000-0000-0000-000000000022} workflow {00000000-0000-0000-0000-000000000023}]",
		"ct_count number 1",
		"ct_url text a",
		"missing ct_far",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if r, ok := set.Reference("CT_SP"); !ok || r.DisplayName != "First" {
		t.Errorf("Reference: %+v, %v", r, ok)
	}
	if v, ok := set.Variable("CT_URL"); !ok || v.SchemaName != "ct_url" {
		t.Errorf("Variable: %+v, %v", v, ok)
	}
	if _, ok := set.Variable("ct_sp"); ok {
		t.Error("a reference is found as a variable")
	}

	differs := slices.DeleteFunc(slices.Clone(set.Diagnostics()), func(d diag.Diagnostic) bool { return !strings.Contains(d.Message, "another solution") })
	if len(differs) != 2 || !strings.Contains(differs[0].Message, `"ct_mail" is of shared_sendmail, and of shared_office365`) || !strings.Contains(differs[1].Message, `"ct_count" is of type text, and of type number`) {
		t.Errorf("differences %q", lines(differs))
	}
	for _, d := range differs {
		if len(d.Related) != 1 {
			t.Errorf("%s: where is the other one? %v", d.Message, d.Related)
		}
	}
	if one := connref.Join(a, a); len(one.References) != len(a.References) || len(one.Diagnostics()) != 2*len(a.Diagnostics()) {
		t.Errorf("one set twice: %+v", one)
	}
}

// TestCheckParts: CheckUses and CheckSecrets tell what Check tells of uses and of secrets.
func TestCheckParts(t *testing.T) {
	set := setOf(t, `solution A 1.0.0.0
connectionreference ct_sp connector=shared_sharepointonline
environmentvariabledefinition ct_key type=secret
environmentvariabledefinition ct_count type=number
workflow 22 refs=ct_sp,ct_far:shared_teams raw=shared_office365`)
	const vault = "/subscriptions/1/resourceGroups/g/providers/microsoft.keyvault/vaults/my-vault/secrets/key"
	for _, tt := range []struct {
		value   string
		secrets int
	}{{vault, 0}, {"swordfish", 1}, {"https://my-vault.vault.azure.net/secrets/key", 1}} {
		st, err := (&connref.Settings{}).WithVariable("ct_key", tt.value)
		if err != nil {
			t.Fatal(err)
		}
		if st, err = st.WithVariable("ct_count", "many"); err != nil {
			t.Fatal(err)
		}
		all, uses, secrets := lines(set.Check(st)), lines(set.CheckUses()), lines(set.CheckSecrets(st))
		if len(uses) != 2 || len(secrets) != tt.secrets {
			t.Errorf("%s: uses %q, secrets %q", tt.value, uses, secrets)
		}
		for _, line := range append(uses, secrets...) {
			if !slices.Contains(all, line) {
				t.Errorf("Check is silent about %s in\n%q", line, all)
			}
			if strings.Contains(line, "swordfish") {
				t.Errorf("told: %s", line)
			}
		}
		if !slices.ContainsFunc(all, func(line string) bool {
			return strings.Contains(line, `"ct_count" is of type number, the value is not`)
		}) {
			t.Errorf("a number that is none is not told: %q", all)
		}
	}
	if got := connref.VaultName(vault); got != "my-vault" {
		t.Errorf("VaultName: %q", got)
	}
	for _, none := range []string{"", "my-vault", vault + "/1", strings.Replace(vault, "secrets", "keys", 1)} {
		if connref.VaultName(none) != "" || connref.IsVaultReference(none) {
			t.Errorf("%q is a reference to a vault", none)
		}
	}
}

// TestValuesOfTypes: a value that is none of its type is told, at the type's own rules.
func TestValuesOfTypes(t *testing.T) {
	for _, tt := range []struct {
		kind, value string
		ok          bool
	}{
		{"text", "anything", true}, {"text", "", true},
		{"number", "1", true}, {"number", " -1.5e3 ", true}, {"number", "1,5", false}, {"number", "", true},
		{"boolean", "yes", true}, {"boolean", "No", true}, {"boolean", "TRUE", true}, {"boolean", "0", true}, {"boolean", "maybe", false},
		{"json", `{"a":[1]}`, true}, {"json", `{"a":`, false}, {"json", "a", false},
	} {
		set := setOf(t, "solution A 1.0.0.0\nenvironmentvariabledefinition ct_v type="+tt.kind)
		st, err := (&connref.Settings{}).WithVariable("ct_v", tt.value)
		if err != nil {
			t.Fatal(err)
		}
		told := slices.ContainsFunc(lines(set.Check(st)), func(line string) bool { return strings.Contains(line, "the value is not") })
		if told == tt.ok {
			t.Errorf("%s %q: told %v", tt.kind, tt.value, told)
		}
	}
}

// TestRuntimeIDs: it finds exactly the names of which IsRuntimeID says that an id can be theirs.
func TestRuntimeIDs(t *testing.T) {
	const env, other = "-5f0123456789abcdef", "-5ffedcba9876543210"
	names := []string{"ct_5ferp", "erp", "ct_erp", "", "CT_5FERP", "new_5forders-20api"}
	find := connref.RuntimeIDs(names)
	found := 0
	for _, id := range []string{
		"shared_ct-5ferp" + env, "shared_CT-5FERP" + env, "/providers/Microsoft.PowerApps/apis/shared_ct-5ferp" + env + other,
		"shared_erp" + env + other, "shared_erp" + env, "shared_ct-5ferp", "ct-5ferp" + env, "shared_new-5forders-20api" + env, "shared_" + env,
		"shared_ct-5ferp-5f0123456789abcdeg", "shared_sharepointonline", "",
	} {
		var want []int
		for i, name := range names {
			if connref.IsRuntimeID(name, id) {
				want = append(want, i)
			}
		}
		if got := find(id); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", id, got, want)
		}
		found += len(want)
	}
	if found < 8 {
		t.Errorf("only %d names are found", found)
	}
}

// TestRenameInSettings changes one name, and nothing if it is not there.
func TestRenameInSettings(t *testing.T) {
	st := parse(t, `{ "ConnectionReferences": [ {"LogicalName":"a", "ConnectionId":"1"},{"LogicalName":"b"}] }`)
	got, err := st.Rename("A", "c")
	if err != nil {
		t.Fatal(err)
	}
	if want := `{ "ConnectionReferences": [ {"LogicalName":"c", "ConnectionId":"1"},{"LogicalName":"b"}] }`; string(got.Bytes()) != want {
		t.Errorf("got %s", got.Bytes())
	}
	if same, err := st.Rename("x", "c"); err != nil || same != st {
		t.Errorf("a name that is not there: %v, %v", same, err)
	}
	if _, err := st.Rename("a", "b"); err == nil {
		t.Error("two entries of one name are no error")
	}
}

// TestSettingsTellNearNames: members with nearly the name of one that is read are told.
func TestSettingsTellNearNames(t *testing.T) {
	st := parse(t, `{"environmentVariables":[],"ConnectionReferences":[{"LogicalName":"a","ConnectionID":"1"}],"Other":1}`)
	found := st.Diagnostics()
	if len(found) != 2 {
		t.Fatalf("%q", lines(found))
	}
	for i, name := range []string{"environmentVariables", "ConnectionID"} {
		if !strings.Contains(found[i].Message, name) || found[i].Location.Start.Line != 1 {
			t.Errorf("%v does not tell of %s", found[i], name)
		}
	}
}

// TestRulesOfPackage: every finding of a check is of a rule in the catalogue, with its severity.
func TestRulesOfPackage(t *testing.T) {
	rules := map[string]diag.Rule{}
	for r := range connref.Rules() {
		if rules[r.ID].ID != "" || r.Summary == "" || r.Help == "" {
			t.Errorf("rule %+v is there twice, or says nothing", r)
		}
		rules[r.ID] = r
	}
	set := setOf(t, "solution A 1.0.0.0\nenvironmentvariabledefinition ct_key type=secret value=x\nworkflow 22 refs=ct_far:shared_teams raw=shared_office365")
	found := set.Check(parse(t, `{"EnvironmentVariables":[{"SchemaName":"ct_no","Value":"1"}],"ConnectionReferences":[{"LogicalName":"ct_no"}]}`))
	if len(found) < 4 {
		t.Errorf("few findings: %q", lines(found))
	}
	for _, d := range found {
		if rules[d.Rule].ID == "" {
			t.Errorf("%s is in no catalogue", d.Rule)
		}
	}
}
