package lazyregexp_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/lazyregexp"
)

func TestRegexp(t *testing.T) {
	broken := lazyregexp.New(`(`)
	defer func() {
		if recover() == nil {
			t.Error("the first use of a broken expression does not panic")
		}
	}()
	r := lazyregexp.New(`(b)(\d)`)
	got := []any{
		r.Match([]byte("ab1")), r.MatchString("ab"), r.FindString("ab1"), r.FindStringSubmatch("ab1"), r.FindStringSubmatchIndex("ab1"),
		r.FindAllStringSubmatch("b1b2", -1), string(r.FindSubmatch([]byte("ab1"))[2]), len(r.FindAllSubmatch([]byte("b1b2"), -1)),
		r.FindAllSubmatchIndex([]byte("b1b2"), -1), r.ReplaceAllString("ab1", "$2$1"), string(r.ReplaceAll([]byte("ab1"), []byte("$2"))),
		r.ReplaceAllLiteralString("ab1", "$2"), r.ReplaceAllStringFunc("ab1", func(s string) string { return s + s }),
	}
	want := []any{
		true, false, "b1", []string{"b1", "b", "1"}, []int{1, 3, 1, 2, 2, 3},
		[][]string{{"b1", "b", "1"}, {"b2", "b", "2"}}, "1", 2,
		[][]int{{0, 2, 0, 1, 1, 2}, {2, 4, 2, 3, 3, 4}}, "a1b", "a1",
		"a$2", "ab1b1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	broken.MatchString("")
}
