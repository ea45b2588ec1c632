package solution_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/solutionkit/solutionkit/solution"
)

const (
	guidA = "0a1b2c3d-1111-2222-3333-444455556666"
	guidB = "ffffffff-1111-2222-3333-444455556666"
)

func guid(t testing.TB, text string) solution.GUID {
	t.Helper()
	g, err := solution.ParseGUID(text)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestGUID(t *testing.T) {
	for _, text := range []string{guidA, "{" + guidA + "}", strings.ToUpper(guidA)} {
		g := guid(t, text)
		if g.String() != guidA || g.Braced() != "{"+guidA+"}" || g[0] != 0x0a || g[15] != 0x66 {
			t.Errorf("%q was read as %v", text, g)
		}
	}
	for _, text := range []string{"", "{}", "{" + guidA, guidA + "}", guidA[:35], guidA + "0", strings.Replace(guidA, "-", "0", 1), strings.Replace(guidA, "a", "g", 1)} {
		if g, err := solution.ParseGUID(text); err == nil {
			t.Errorf("%q was read as %v", text, g)
		} else if !strings.Contains(err.Error(), "is not a GUID") || !g.IsZero() {
			t.Errorf("%q: %v, %v", text, g, err)
		}
	}
}

func TestTextMarshaling(t *testing.T) {
	var g solution.GUID
	var v solution.Version
	var k solution.Kind
	for _, tt := range []struct {
		value interface {
			UnmarshalText([]byte) error
			MarshalText() ([]byte, error)
		}
		text, bad string
	}{{&g, guidA, "x"}, {&v, "1.2.3.4", "x"}, {&k, "both", "x"}} {
		if err := tt.value.UnmarshalText([]byte(tt.text)); err != nil {
			t.Error(err)
		}
		if got, err := tt.value.MarshalText(); err != nil || string(got) != tt.text {
			t.Errorf("got %q, %v, want %q", got, err, tt.text)
		}
		if err := tt.value.UnmarshalText([]byte(tt.bad)); err == nil {
			t.Errorf("%T accepts %q", tt.value, tt.bad)
		}
		if got, err := tt.value.MarshalText(); err != nil || string(got) != tt.text {
			t.Errorf("a refused text changed the value to %q", got)
		}
	}
	if got, err := solution.ParseKind("Managed"); err != nil || got != solution.Managed {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestNewKey(t *testing.T) {
	a := guid(t, guidA)
	for _, tt := range []struct {
		got  solution.Key
		want solution.Key
		text string
	}{
		{solution.NewKey(solution.TypeEntity, "ignored", "Account", a), solution.NameKey("entity", "", "account"), "entity account"},
		{solution.NewKey(solution.TypeAttribute, "Account", "Name", a), solution.NameKey("attribute", "account", "name"), "attribute account.name"},
		{solution.NewKey(solution.TypeSavedQuery, "account", "Active Accounts", a), solution.IDKey("savedquery", a), "savedquery {" + guidA + "}"},
		{solution.NewKey(solution.TypeConnector, "", "X", a), solution.NameKey("connector", "", "x").WithID(a), "connector x"},
		{solution.NewKey("77", "", "X", a), solution.NameKey("77", "", "x").WithID(a), "77 x"},
		{solution.NewKey(solution.TypeSiteMap, "", "", solution.GUID{}), solution.NameKey("sitemap", "", ""), "sitemap"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %+v, want %+v", tt.got, tt.want)
		}
		if tt.got.String() != tt.text {
			t.Errorf("got %q, want %q", tt.got, tt.text)
		}
	}
}

func TestKeyMatch(t *testing.T) {
	a, b := guid(t, guidA), guid(t, guidB)
	both := solution.NameKey("connector", "", "x").WithID(a)
	for _, tt := range []struct {
		k, l solution.Key
		want bool
	}{
		{both, solution.NameKey("connector", "", "x"), true},
		{both, solution.IDKey("connector", a), true},
		{both, solution.NameKey("connector", "", "other").WithID(a), true},
		{both, solution.NameKey("connector", "", "x").WithID(b), false},
		{both, solution.NameKey("entity", "", "x").WithID(a), false},
		{solution.NameKey("connector", "", "x"), solution.IDKey("connector", a), false},
		{solution.NameKey("attribute", "p", "x"), solution.NameKey("attribute", "q", "x"), false},
		{solution.NameKey("sitemap", "", ""), solution.NameKey("sitemap", "", ""), true},
		{solution.NameKey("sitemap", "", ""), solution.NameKey("sitemap", "", "x"), false},
	} {
		if got := tt.k.Match(tt.l); got != tt.want {
			t.Errorf("%v and %v: got %v", tt.k, tt.l, got)
		}
		if got := tt.l.Match(tt.k); got != tt.want {
			t.Errorf("%v and %v, the other way: got %v", tt.l, tt.k, got)
		}
	}
}

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"cts_Widget": "cts_widget", "already": "already", "ÄΣς": "äσσ", "\u212a": "\u212a", "Iİı": "iİı",
	} {
		if got := solution.Fold(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		once := solution.Fold(string(r))
		if twice := solution.Fold(once); twice != once {
			t.Errorf("%U: folded once %q, twice %q", r, once, twice)
		}
		if upper := solution.Fold(string(unicode.ToUpper(r))); r < 0x80 && upper != once {
			t.Errorf("%U: %q, but its upper case %q", r, once, upper)
		}
	}
}
