package inventory_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/inventory"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

func partsOf(t testing.TB, zip []byte) *packager.Package {
	t.Helper()
	p, err := packager.Open(bytes.NewReader(zip), int64(len(zip)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func take(t testing.TB, list ...solution.Parts) *inventory.Inventory {
	t.Helper()
	var sources []inventory.Source
	for _, p := range list {
		sources = append(sources, inventory.Source{Parts: p})
	}
	inv, err := inventory.Take(sources...)
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

func encode(t testing.TB, inv *inventory.Inventory) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", " ")
	if err := e.Encode(inv); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func markdown(t testing.TB, inv *inventory.Inventory) string {
	t.Helper()
	var b bytes.Buffer
	if err := inv.WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func html(t testing.TB, inv *inventory.Inventory) string {
	t.Helper()
	var b bytes.Buffer
	if err := inv.WriteHTML(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Each file *.solution of a case is a solution in the language of solutiontest; inventory.md is the Markdown of all.
func TestCases(t *testing.T) {
	golden.Run(t, "testdata/*.txtar", func(t *testing.T, c *golden.Case) {
		var list []solution.Parts
		for _, f := range c.Files {
			if strings.HasSuffix(f.Name, ".solution") {
				list = append(list, partsOf(t, solutiontest.Zip(t, string(f.Data))))
			}
		}
		inv := take(t, list...)
		c.HoldText(t, "inventory.md", markdown(t, inv))
		balanced(t, html(t, inv))
	})
}

func TestSecretsStayOut(t *testing.T) {
	inv := take(t, partsOf(t, solutiontest.Zip(t, `
solution Vault 1.0.0.0
environmentvariabledefinition ct_key type=secret default=hunter2default value=hunter2value
environmentvariabledefinition ct_plain type=text default=seen
connector ct_api auth=oauth client=hunter2client
`)))
	for form, text := range map[string]string{"json": encode(t, inv), "markdown": markdown(t, inv), "html": html(t, inv)} {
		if strings.Contains(text, "hunter2") {
			t.Errorf("%s has the secret", form)
		}
		if !strings.Contains(text, "hidden") || !strings.Contains(text, "seen") {
			t.Errorf("%s does not tell of the values", form)
		}
	}
}

// An inventory that was read from its JSON writes the same tables.
func TestJSONComesBack(t *testing.T) {
	inv := take(t, partsOf(t, solutiontest.Zip(t, "solution Small 1.0.0.0\nentity ct_order\nconnectionreference ct_sp connector=shared_sharepointonline\nworkflow 22 name=\"On order\" refs=ct_sp sets=ct_orders")))
	var back inventory.Inventory
	if err := json.Unmarshal([]byte(encode(t, inv)), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(encode(t, inv), encode(t, &back)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	balanced(t, html(t, &back))
	table := func(text string) string { return text[:strings.Index(text, "```mermaid")] }
	if diff := cmp.Diff(table(markdown(t, inv)), table(markdown(t, &back))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A zip and its tree give one document, whatever the form.
func TestZipAndTreeAreEqual(t *testing.T) {
	compared, all := 0, corpus.Sample(t, 20)
	for _, sample := range all {
		name, src := sample.Name, sample.Zip(t)
		p, err := packager.Open(bytes.NewReader(src), int64(len(src)), nil)
		if err != nil {
			continue // what is no package has no tree
		}
		tree, err := packager.Unpack(p, nil)
		if err != nil {
			continue
		}
		parts, err := tree.Parts()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		zip, folder := take(t, p), take(t, parts)
		if diff := cmp.Diff(strings.Split(encode(t, zip), "\n"), strings.Split(encode(t, folder), "\n")); diff != "" {
			t.Errorf("%s (-zip +tree)\n%.3000s", name, diff)
		}
		if page := html(t, zip); page != html(t, folder) {
			t.Errorf("%s: the pages differ", name)
		} else {
			balanced(t, page)
		}
		if markdown(t, zip) != markdown(t, folder) {
			t.Errorf("%s: the Markdown differs", name)
		}
		compared++
	}
	t.Logf("%d solutions compared", compared)
	if compared < len(all)*9/10 {
		t.Errorf("only %d of %d solutions were compared", compared, len(all))
	}
}

// balanced fails the test if elements of a page are not closed in order, or if it has elements that only a text could have brought.
func balanced(t testing.TB, page string) {
	t.Helper()
	void := []string{"meta", "input"}
	count := map[string]int{}
	var open []string
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict = false
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v", err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			count[e.Name.Local]++
			if !slices.Contains(void, e.Name.Local) {
				open = append(open, e.Name.Local)
			}
		case xml.EndElement:
			if slices.Contains(void, e.Name.Local) {
				continue
			}
			if len(open) == 0 || open[len(open)-1] != e.Name.Local {
				t.Fatalf("</%s> closes %v", e.Name.Local, open)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("not closed: %v", open)
	}
	for _, name := range []string{"script", "style", "html", "main", "head", "body"} {
		if count[name] != 1 {
			t.Errorf("%d elements %s", count[name], name)
		}
	}
	if count["img"]+count["iframe"]+count["link"]+count["object"] > 0 {
		t.Errorf("elements that load something: %v", count)
	}
}

// Texts of a solution make no markup: pages are balanced, and cells of Markdown are as many as with plain texts.
func FuzzTexts(f *testing.F) {
	for _, seed := range []string{"Orders", "</script><script>alert(1)</script>", "a|b\nc", "<!--", "]]>", "`code` **b** [x](javascript:1) @all", "\x00\xff", "{{.}}", "- item\r\n# head", "\u2028|"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		made := func(text string) *inventory.Inventory {
			s := inventory.Solution{Title: text, UniqueName: text, Description: text, Tables: []inventory.Table{{Name: text, Title: text, Views: []string{text},
				Columns: []inventory.Column{{Name: text, Title: text, Description: text, Type: text}}}},
				Roles:     []inventory.Role{{Title: text, Tables: []inventory.RoleTable{{Table: text, Rights: map[string]string{"Read": text}}}}},
				Variables: []inventory.Variable{{Name: text, Value: text}}, Agents: []inventory.Agent{{Title: text, Name: text}}}
			return &inventory.Inventory{Solutions: []inventory.Solution{s}, Dependencies: []inventory.Dependency{{From: inventory.End{Title: text, Kind: text}, To: inventory.End{Title: "x", Kind: "y"}}}}
		}
		text = "x" + text
		balanced(t, html(t, made(text)))
		plain, got := markdown(t, made("x")), markdown(t, made(text))
		before, _, _ := strings.Cut(got, "```mermaid")
		want, _, _ := strings.Cut(plain, "```mermaid")
		if strings.Count(before, "|") != strings.Count(want, "|") || strings.Count(before, "\n") != strings.Count(want, "\n") {
			t.Errorf("the text makes other lines or cells:\n%s", before)
		}
	})
}
