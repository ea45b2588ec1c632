package content_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// bound is a solution in which all that both packages read stands in several parts, in an order that is not that of reading, and some of
// it is damaged.
const bound = `
solution ContosoBound 1.0.0.0
entity ct_order
connectionreference ct_sp connector=shared_sharepointonline
connectionreference ct_o365 connector=shared_office365
environmentvariabledefinition ct_Url default=a value=b
environmentvariabledefinition ct_Secret type=secret
workflow 21 name="First" refs=ct_sp,ct_o365 raw=shared_teams variables=ct_Url
workflow 22 name="Second" refs=ct_o365 invoker=ct_sp child=21
workflow 23 name="Third" raw=shared_excelonlinebusiness
canvasapp ct_app_1 refs=ct_sp raw=shared_office365users tables=ct_order variables=ct_Url
canvasapp ct_app_2 raw=shared_teams flow=21
bot ct_bot
botcomponent ct_bot.topic.A bot=ct_bot refs=ct_o365,ct_lost flow=22
botcomponent ct_bot.topic.B bot=ct_bot refs=ct_sp
file Workflows/broken-00000000-0000-0000-0000-000000000029.json "{\"properties\":"
file Assets/broken.xml "<connectionreferenceid.connectionreferencelogicalname"
file environmentvariabledefinitions/ct_Other/environmentvariablevalues.json "{"
`

// sameWithSet holds what is read in one pass against what is read in two.
func sameWithSet(t *testing.T, p solution.Parts) {
	t.Helper()
	c, set, err := content.ReadWithSet(p, nil)
	alone, aloneErr := content.Read(p, nil)
	setAlone, setErr := connref.Read(p)
	if aloneErr == nil {
		aloneErr = setErr
	}
	if (err == nil) != (aloneErr == nil) {
		t.Fatalf("error %v, in two passes %v", err, aloneErr)
	}
	if err != nil {
		return
	}
	if diff := cmp.Diff(dump(alone), dump(c)); diff != "" {
		t.Errorf("content (-in two passes +in one)\n%s", diff)
	}
	if diff := cmp.Diff(lines(alone), lines(c)); diff != "" {
		t.Errorf("content (-in two passes +in one)\n%s", diff)
	}
	if diff := cmp.Diff(setText(setAlone), setText(set)); diff != "" {
		t.Errorf("set (-in two passes +in one)\n%s", diff)
	}
}

// setText writes a set with all places, in its order.
func setText(s *connref.Set) []string {
	var out []string
	for _, x := range s.References {
		out = append(out, fmt.Sprintf("reference %+v", x))
	}
	for _, x := range s.Variables {
		out = append(out, fmt.Sprintf("variable %+v", x))
	}
	for _, x := range s.Uses {
		out = append(out, fmt.Sprintf("use %+v", x))
	}
	for _, x := range s.Raw {
		out = append(out, fmt.Sprintf("raw %+v", x))
	}
	for _, d := range s.Diagnostics() {
		out = append(out, fmt.Sprintf("finding %+v", d))
	}
	return out
}

func TestReadWithSet(t *testing.T) {
	s, err := solutiontest.Parse(bound)
	if err != nil {
		t.Fatal(err)
	}
	p := partsOf(t, s.FS())
	_, set, err := content.ReadWithSet(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := []int{len(set.Uses), len(set.Raw), len(set.Variables), len(set.Diagnostics())}
	if diff := cmp.Diff([]int{7, 6, 2, 3}, got); diff != "" {
		t.Errorf("uses, raw connections, variables and findings (-want +got)\n%s", diff)
	}
	sameWithSet(t, p)

	golden.Run(t, "testdata/*/*.txtar", func(t *testing.T, c *golden.Case) {
		if parts := filesOf(c); len(parts) > 0 {
			sameWithSet(t, partsOf(t, parts))
		}
	})
}

func TestCorpusReadWithSet(t *testing.T) {
	eachReal(t, func(t *testing.T, p *packager.Package) { sameWithSet(t, p) })
}
