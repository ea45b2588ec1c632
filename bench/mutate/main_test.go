package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestMutantsOf(t *testing.T) {
	const src = `package a

import "strings"

type row struct {
	name string ` + "`json:\"name\"`" + `
	on   bool
}

var rows = []row{{name: "abc", on: true}, {name: ""}}

func f(n int) bool {
	if n < 3 && strings.HasPrefix("a", "q") {
		return false
	}
	return n == 1
}
`
	want := []string{
		`10 row {name: "abc", on: true}, is gone`,
		`10 row {name: ""} is gone`,
		`10 row name: "abc", is gone`,
		`10 row on: true is gone`,
		`10 text "abc" becomes "aqc"`,
		`10 bool true becomes false`,
		`10 row name: "" is gone`,
		`10 text "" becomes "q"`,
		`13 condition n < 3 && strings.HasPrefix("a", "q") becomes !(n < 3 && strings.HasPrefix("a", "q"))`,
		`13 operator && becomes ||`,
		`13 operator < becomes <=`,
		`13 number 3 becomes (3 + 1)`,
		`13 text "a" becomes "q"`,
		`13 text "q" becomes "w"`,
		`14 bool false becomes true`,
		`16 operator == becomes !=`,
		`16 number 1 becomes (1 + 1)`,
	}
	list, err := mutantsOf(nil, "a.go", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range list {
		got = append(got, strings.TrimSpace(strings.Join([]string{itoa(m.line), m.kind, m.what}, " ")))
		if changed := string(m.apply([]byte(src))); changed == src {
			t.Errorf("%s: the source is what it was", m.what)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func itoa(n int) string { return string(rune('0'+n/10)) + string(rune('0'+n%10)) }

// TestSurvivors holds that what a test looks at is noticed, and that what none looks at survives.
func TestSurvivors(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a module again for each change")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":    "module example.com/a\n\ngo 1.26\n",
		"a.go":      "package a\n\nvar seen, unseen = []int{7, 8}, []int{9}\n",
		"a_test.go": "package a\n\nimport \"testing\"\n\nfunc TestSeen(t *testing.T) {\n\tif len(seen) != 2 || seen[0] != 7 || seen[1] != 8 {\n\t\tt.Error(seen)\n\t}\n}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	whole := targets
	defer func() { targets = whole }()
	targets = []target{{"a", "*.go", []tests{{".", "Seen"}}}}
	var out bytes.Buffer
	survivors, err := run([]string{"-root", dir, "-n", "100"}, &out)
	if err != nil {
		t.Fatal(err)
	}
	if survivors != 2 || strings.Count(out.String(), "SURVIVED a a.go:3: number: 9 becomes (9 + 1)\n") != 1 || !strings.HasSuffix(out.String(), "2 of 6 survived (seed 1)\n") {
		t.Error(out.String())
	}

	targets[0].tests[0].run = "Nothing"
	if _, err := run([]string{"-root", dir}, &out); err == nil || !strings.Contains(err.Error(), "no tests") {
		t.Errorf("tests that are not there: %v", err)
	}
}

func TestRefuses(t *testing.T) {
	for _, args := range [][]string{{"-target", "nothing"}, {"-kind", "nothing"}, {"-x"}} {
		if _, err := run(append([]string{"-root", "../.."}, args...), &bytes.Buffer{}); err == nil {
			t.Errorf("%v: no error", args)
		}
	}
}

// TestTargets holds that the files of all targets are there, and each kind of change in them.
func TestTargets(t *testing.T) {
	list, err := choose("../..", nil, nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, m := range list {
		kinds[m.kind]++
	}
	for _, kind := range strings.Fields("row bool text number condition operator") {
		if kinds[kind] < 50 {
			t.Errorf("%d changes of kind %s", kinds[kind], kind)
		}
	}
}
