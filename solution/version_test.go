package solution_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution"
)

func TestParseVersion(t *testing.T) {
	for text, want := range map[string]solution.Version{
		"1":                   {Major: 1},
		"1.0":                 {Major: 1},
		"2.0.10":              {Major: 2, Build: 10},
		"1.22043.1":           {Major: 1, Minor: 22043, Build: 1},
		"9.0.4.0066":          {Major: 9, Build: 4, Revision: 66},
		"2025.8.4.17941113":   {Major: 2025, Minor: 8, Build: 4, Revision: 17941113},
		"0.0.0.2147483647":    {Revision: 2147483647},
		"000000000000000.0.0": {},
	} {
		got, err := solution.ParseVersion(text)
		if err != nil || got != want {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, want)
		}
	}
}

func TestParseVersionErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":           `part "" is not a number`,
		"1.":         `part "" is not a number`,
		"1..2":       `part "" is not a number`,
		"1.0.0.0.0":  "more than four parts",
		"1.-2":       `part "-2" is not a number`,
		"1.+2":       `part "+2" is not a number`,
		"1.0x1":      `part "0x1" is not a number`,
		"1_0":        `part "1_0" is not a number`,
		" 1.0":       `part " 1" is not a number`,
		"v1.0":       `part "v1" is not a number`,
		"2147483648": "larger than 2147483647",
	} {
		v, err := solution.ParseVersion(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, %v, want an error with %q", text, v, err, want)
		}
	}
}

func TestVersionCompare(t *testing.T) {
	ascending := []string{"0", "0.0.0.1", "1.9", "1.10", "1.10.0.1", "2"}
	for i, a := range ascending {
		for j, b := range ascending {
			want := min(max(i-j, -1), 1)
			if got := version(t, a).Compare(version(t, b)); got != want {
				t.Errorf("%s and %s: got %d, want %d", a, b, got, want)
			}
		}
	}
	if version(t, "9.0.4.0066") != version(t, "9.0.4.66") {
		t.Error("zeros in front of a part count")
	}
}

func version(t testing.TB, text string) solution.Version {
	t.Helper()
	v, err := solution.ParseVersion(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func FuzzVersion(f *testing.F) {
	for _, text := range []string{"1.0", "9.0.4.0066", "1.2.3.4.5", "", "4294967296", "1..2"} {
		f.Add(text, "1.0.0.0")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		v, err := solution.ParseVersion(a)
		if err != nil {
			if v != (solution.Version{}) {
				t.Fatalf("%q: version %v beside error %v", a, v, err)
			}
			return
		}
		if back := version(t, v.String()); back != v {
			t.Fatalf("%q became %v, then %v", a, v, back)
		}
		w, err := solution.ParseVersion(b)
		if err != nil {
			return
		}
		if v.Compare(w) != -w.Compare(v) || (v.Compare(w) == 0) != (v == w) {
			t.Fatalf("%v and %v: compare %d and %d", v, w, v.Compare(w), w.Compare(v))
		}
	})
}

func TestParseRef(t *testing.T) {
	for text, want := range map[string]solution.Ref{
		"Active":                   {Name: "Active"},
		"System (5.0)":             {Name: "System", Version: solution.Version{Major: 5}, VersionText: "5.0"},
		"Field Service (9.0.4.07)": {Name: "Field Service", Version: solution.Version{Major: 9, Build: 4, Revision: 7}, VersionText: "9.0.4.07"},
		"A (1.2.3.4 )":             {Name: "A", Version: solution.Version{Major: 1, Minor: 2, Build: 3, Revision: 4}, VersionText: "1.2.3.4"},
		"A( \t01.2\n)":             {Name: "A", Version: solution.Version{Major: 1, Minor: 2}, VersionText: "01.2"},
		" A (b) (1.0) ":            {Name: "A (b)", Version: solution.Version{Major: 1}, VersionText: "1.0"},
	} {
		got, err := solution.ParseRef(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got)\n%s", text, diff)
		}
		again, err := solution.ParseRef(got.String())
		if err != nil || again != got || strings.ContainsAny(got.String(), "\t\n") {
			t.Errorf("%q is written %q", text, got)
		}
	}
	for _, text := range []string{"", " ", "(1.0)", "A (b)", "A ()", "A ( )", "A (1 .0)"} {
		if ref, err := solution.ParseRef(text); err == nil {
			t.Errorf("%q was read as %v", text, ref)
		}
	}
	if got := (solution.Ref{Name: "A", Version: solution.Version{Major: 1}}).String(); got != "A (1.0.0.0)" {
		t.Errorf("got %q", got)
	}
	if !(solution.Ref{Name: "active"}).IsActive() || (solution.Ref{Name: "A"}).IsActive() || !(solution.Ref{Name: "SYSTEM"}).IsSystem() {
		t.Error("the names of the unmanaged layer and the platform are not seen")
	}
}
