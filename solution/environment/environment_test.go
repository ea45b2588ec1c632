package environment_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/environment"
	"github.com/solutionkit/solutionkit/solution/plan"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// want is the part of a case that the readings are held against: the environment, then the findings.
const want = "want"

const joined = "testdata/join/*.txtar"

// TestJoin reads and joins the files of each case, in several orders.
func TestJoin(t *testing.T) {
	golden.Run(t, joined, func(t *testing.T, c *golden.Case) {
		var readings []*environment.Reading
		for _, f := range c.Files {
			if f.Name == want {
				continue
			}
			r, err := environment.Read(f.Data, f.Name)
			if err != nil {
				t.Fatal(err)
			}
			readings = append(readings, r)
		}
		got := describe(t, readings)
		c.HoldText(t, want, got)
		random := rand.New(rand.NewPCG(1, 2))
		for range 10 {
			shuffled := slices.Clone(readings)
			random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			if diff := cmp.Diff(got, describe(t, append(shuffled, shuffled[0]))); diff != "" {
				t.Fatalf("another order (-first +this)\n%s", diff)
			}
		}
	})
}

func describe(t *testing.T, readings []*environment.Reading) string {
	t.Helper()
	env, found := environment.Join(readings...)
	src, err := json.Marshal(env)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, src, "", "  "); err != nil {
		t.Fatal(err)
	}
	if _, err := plan.Resolve(nil, env, nil, nil); err != nil {
		t.Errorf("no plan can be made for it: %v", err)
	}
	for _, d := range found {
		fmt.Fprintf(&b, "\n%s", d)
	}
	return b.String() + "\n"
}

func TestReadErrors(t *testing.T) {
	c, got := golden.Read(t, "testdata/errors.txtar"), map[string]string{}
	for _, f := range c.Files {
		// Each part is the text, then the error behind an arrow.
		src, _, ok := strings.Cut(string(f.Data), "\n=> ")
		if !ok {
			t.Fatalf("%s: no arrow", f.Name)
		}
		_, err := environment.Read([]byte(src), f.Name)
		var typed *plan.EnvironmentError
		if !errors.As(err, &typed) || !typed.Pos.IsValid() {
			t.Errorf("%s: %T %v, want an EnvironmentError with a position", f.Name, err, err)
			continue
		}
		got[f.Name] = src + "\n=> " + err.Error() + "\n"
	}
	c.Hold(t, func(string) bool { return true }, got)
}

// Shells write UTF-16, and some tools a byte order mark.
func TestReadEncodings(t *testing.T) {
	const list = `[{"SolutionUniqueName": "FabrikamÜber", "VersionNumber": "1.0"}]`
	wide := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune("Connected as maya\r\n" + list)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	for name, src := range map[string][]byte{"utf-16": wide, "mark": []byte("\xef\xbb\xbf" + list), "plain": []byte(list)} {
		r, err := environment.Read(src, name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		env, found := environment.Join(r)
		if len(env.Solutions) != 1 || env.Solutions[0].Name != "FabrikamÜber" || len(found) > 0 {
			t.Errorf("%s: %v, %v", name, env.Solutions, found)
		}
	}
	if _, err := environment.Read([]byte{0xFF, 0xFE, 'a'}, "half"); err == nil {
		t.Error("half a character is read")
	}
}

func readPackage(t *testing.T, text string) *plan.Solution {
	t.Helper()
	s, err := solutiontest.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := solution.PartsOf(s.FS())
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.Read(parts, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A package is the contents of what is installed only if it is of that version.
func TestInstalled(t *testing.T) {
	old, now := readPackage(t, "solution FabrikamCore 1.0.0.0 managed\nentity fab_order\n"), readPackage(t, "solution FabrikamCore 1.1.0.0 managed\nentity fab_order\n")
	list, err := environment.Read([]byte(`[{"SolutionUniqueName": "FabrikamCore", "VersionNumber": "1.1"}]`), "list.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name     string
		readings []*environment.Reading
		pkg      string // the file of the package
		more     bool
		want     []string
	}{
		{"alone", []*environment.Reading{environment.Installed(old, "old.zip")}, "old.zip", false, nil},
		{"of the version", []*environment.Reading{list, environment.Installed(now, "now.zip")}, "now.zip", false, nil},
		{"of another version", []*environment.Reading{list, environment.Installed(old, "old.zip")}, "", false, []string{"environment/other-version"}},
		{"both, with a list", []*environment.Reading{list, environment.Installed(old, "old.zip"), environment.Installed(now, "now.zip")}, "now.zip", false, []string{"environment/other-version"}},
		{"both, without", []*environment.Reading{environment.Installed(old, "old.zip"), environment.Installed(now, "now.zip")}, "now.zip", false, []string{"environment/contradiction"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			env, found := environment.Join(test.readings...)
			slices.Reverse(test.readings)
			again, _ := environment.Join(test.readings...)
			if len(env.Solutions) != 1 || env.Solutions[0].PackageFile != test.pkg || (env.Solutions[0].Package != nil) != (test.pkg != "") || env.MoreSolutions != test.more {
				t.Errorf("%+v, more %v", env.Solutions, env.MoreSolutions)
			}
			if again.Solutions[0].PackageFile != env.Solutions[0].PackageFile {
				t.Errorf("in another order %s", again.Solutions[0].PackageFile)
			}
			var ids []string
			for _, d := range found {
				ids = append(ids, d.Rule)
			}
			if diff := cmp.Diff(test.want, ids); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// No value of a variable is in what is said of it.
func TestNoValueIsShown(t *testing.T) {
	const secret = "p4ssw0rd-of-fabrikam"
	var readings []*environment.Reading
	for i, src := range []string{
		`{"value": [{"value": "` + secret + `", "environmentvariablevalueid": "00000000-0000-0000-0000-000000000001", "EnvironmentVariableDefinitionId": {"schemaname": "fab_Key"}}]}`,
		`{"solutions": [], "environmentVariables": {"fab_key": "` + secret + `2"}}`,
	} {
		r, err := environment.Read([]byte(src), fmt.Sprint(i))
		if err != nil {
			t.Fatal(err)
		}
		readings = append(readings, r)
	}
	_, found := environment.Join(readings...)
	if len(found) == 0 || found.Err() == nil {
		t.Fatal("the contradiction is not found")
	}
	for _, d := range found {
		if strings.Contains(fmt.Sprintf("%+v", d), secret) {
			t.Errorf("the value is shown: %v", d)
		}
	}
	for _, src := range []string{
		`{"value": [{"value": {"` + secret + `": 1}, "environmentvariablevalueid": "00000000-0000-0000-0000-000000000001"}]}`,
		`{"value": [{"value": "` + secret + `, "environmentvariablevalueid": "0"}]}`,
		`{"value": [{"value": "` + secret + `", "environmentvariablevalueid": 1}]}`,
	} {
		if _, err := environment.Read([]byte(src), "f"); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", src, err)
		}
	}
}

func TestRulesAreFound(t *testing.T) {
	all := ""
	for _, c := range golden.Cases(t, joined) {
		all += c.Text(want)
	}
	for r := range environment.Rules() {
		if r.ID != "environment/other-version" && !strings.Contains(all, "("+r.ID+")") { // that one is in TestInstalled
			t.Errorf("no case finds %s", r.ID)
		}
		if r.Severity > diag.Error || r.Summary == "" || r.Help == "" {
			t.Errorf("%s says nothing", r.ID)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, c := range append(golden.Cases(f, joined), golden.Read(f, "testdata/errors.txtar")) {
		for _, part := range c.Files {
			f.Add(part.Data)
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		r, err := environment.Read(src, "file")
		if err != nil {
			if r != nil {
				t.Error("a reading beside an error")
			}
			return
		}
		env, _ := environment.Join(r)
		again, _ := environment.Join(r, r)
		first, err := json.Marshal(env)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		second, err := json.Marshal(again)
		if err != nil || !bytes.Equal(first, second) {
			t.Errorf("the same twice is not the same: %v\n%s\n%s", err, first, second)
		}
		if _, err := plan.Resolve(nil, env, nil, nil); err != nil {
			t.Error(err)
		}
	})
}
