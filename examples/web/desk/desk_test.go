package desk

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/packager/yamlsource"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

const base = "solution ContosoBase 1.0.0.0 managed\nentity ct_customer name=\"Customer\"\n"

const orders = `
solution ContosoOrders 1.2.0.0 managed
entity ct_order name="Order"
attribute ct_order.ct_total type=money
connectionreference ct_sp connector=shared_sharepointonline
workflow 22 name="On order" refs=ct_sp sets=ct_orders
missing entity:ct_customer by entity:ct_order in "ContosoBase (1.0.0.0)"
`

// ask asks a desk and decodes the answer.
func ask[T any](t *testing.T, d *Desk, word string, args string, files ...File) T {
	t.Helper()
	answer, _, err := d.Do(word, []byte(args), files)
	if err != nil {
		t.Fatalf("%s: %v", word, err)
	}
	var out T
	if err := json.Unmarshal(answer, &out); err != nil {
		t.Fatalf("%s: %v in %s", word, err, answer)
	}
	return out
}

// on returns a desk with solutions on it, by text.
func on(t *testing.T, texts ...string) *Desk {
	t.Helper()
	d := &Desk{}
	for i, text := range texts {
		added := ask[Added](t, d, "add", "", File{fmt.Sprintf("s%d.zip", i+1), solutiontest.Zip(t, text)})
		if len(added.Problems) > 0 {
			t.Fatal(added.Problems)
		}
	}
	return d
}

// zipped is a zip of files.
func zipped(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		out, err := w.Create(name)
		if err == nil {
			_, err = out.Write([]byte(files[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// treeFiles are the files of the source tree of a package.
func treeFiles(t *testing.T, text, prefix string) map[string]string {
	t.Helper()
	tree, err := packager.Unpack(solutiontest.Parts(t, text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return filesIn(t, tree, prefix)
}

func filesIn(t *testing.T, tree *packager.Tree, prefix string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, name := range tree.Names() {
		data, err := tree.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[prefix+name] = string(data)
	}
	return out
}

func filesOf(files map[string]string) []File {
	var out []File
	for name, data := range files {
		out = append(out, File{name, []byte(data)})
	}
	return out
}

const swagger = `{"swagger": "2.0", "info": {"title": "Rates", "version": "1"}, "host": "api.contoso.example", "schemes": ["https"], "paths": {}}`

// What is dropped is told apart by what it holds.
func TestTake(t *testing.T) {
	baseZip, ordersZip := string(solutiontest.Zip(t, base)), string(solutiontest.Zip(t, orders))
	extracted := map[string]string{}
	for name, data := range contents(t, []byte(baseZip)) {
		extracted["out/"+name] = data
	}
	connector := map[string]string{"rates/apiDefinition.swagger.json": swagger, "rates/apiProperties.json": `{"properties": {}}`}
	var many []string // 12 of the 15 zips in a zip, each with 15 solutions
	for range 12 * 15 {
		many = append(many, "")
	}
	many = append(many, "!many.zip/12.zip more than the page takes", "!many.zip/13.zip more than the page takes", "!many.zip/14.zip more than the page takes")
	tests := []struct {
		what  string
		files []File
		want  []string // kind, name and title of items, and problems by "!" and the beginning of the name and a part of the message
	}{
		{"a solution", []File{{"base.zip", []byte(baseZip)}}, []string{"solution base.zip ContosoBase"}},
		{"a zip of zips", []File{{"all.zip", zipped(t, map[string]string{"a/base.zip": baseZip, "orders.zip": ordersZip, "readme.txt": "x"})}},
			[]string{"solution all.zip/a/base.zip ContosoBase", "solution all.zip/orders.zip ContosoOrders"}},
		{"a folder of a pipeline", []File{{"out/base.zip", []byte(baseZip)}, {"out/env.json", []byte(`{"solutions": []}`)}, {"out/package.json", []byte(`{"name": "x"}`)},
			{"out/deep/env.json", []byte(`{"solutions": []}`)}, {"out/s.json", []byte(`{"EnvironmentVariables": []}`)}},
			[]string{"solution out/base.zip ContosoBase", "environment out/env.json out/env.json", "settings out/s.json out/s.json"}},
		{"a folder of what tells of an environment", []File{{"env/a.json", []byte(`{"solutions": []}`)}}, []string{"environment env/a.json env/a.json"}},
		{"a zip of a tree", []File{{"src.zip", zipped(t, treeFiles(t, orders, "repo-main/src/"))}}, []string{"solution src.zip/repo-main/src ContosoOrders"}},
		{"a zip of an extracted solution", []File{{"out.zip", zipped(t, extracted)}}, []string{"solution out.zip/out ContosoBase"}},
		{"a folder that is a tree", filesOf(treeFiles(t, orders, "src/")), []string{"solution src ContosoOrders"}},
		{"a folder of zips", []File{{"in/base.zip", []byte(baseZip)}, {"in/deep/orders.zip", []byte(ordersZip)}},
			[]string{"solution in/base.zip ContosoBase", "solution in/deep/orders.zip ContosoOrders"}},
		{"an environment", []File{{"env.json", []byte(`{"solutions": []}`)}}, []string{"environment env.json env.json"}},
		{"what pac prints", []File{{"list.json", []byte(`[{"SolutionUniqueName": "ContosoBase", "VersionNumber": "1.0.0.0", "IsManaged": true}]`)}}, []string{"environment list.json list.json"}},
		{"settings", []File{{"s.json", []byte(`{"EnvironmentVariables": [], "ConnectionReferences": []}`)}}, []string{"settings s.json s.json"}},
		{"a definition", []File{{"rates.json", []byte(swagger)}}, []string{"connectors rates.json Rates"}},
		{"loose files", []File{{"apiDefinition.swagger.json", []byte(swagger)}, {"apiProperties.json", []byte(`{"properties": {}}`)}, {"icon.png", []byte("\x89PNG")}},
			[]string{"connectors apiDefinition.swagger.json Rates"}},
		{"two definitions and properties", []File{{"a.json", []byte(swagger)}, {"b.json", []byte(swagger)}, {"apiProperties.json", []byte(`{}`)}},
			[]string{"connectors a.json Rates", "connectors b.json Rates", "!apiProperties.json not told to which"}},
		{"properties alone", []File{{"apiProperties.json", []byte(`{}`)}}, []string{"!apiProperties.json together with the definition"}},
		{"a folder of a connector", filesOf(connector), []string{"connectors rates Rates"}},
		{"a folder of a connector as paconn keeps it", filesOf(map[string]string{"r/apiDefinition.swagger.json": swagger, "r/apiProperties.json": `{"properties": {}}`,
			"r/settings.json": `{"connectorId": null, "environment": "e", "apiProperties": "apiProperties.json", "apiDefinition": "apiDefinition.swagger.json", "icon": "", "script": null}`}),
			[]string{"connectors r Rates"}},
		{"a zip of connectors", []File{{"c.zip", zipped(t, connector)}}, []string{"connectors c.zip Rates"}},
		{"a zip of a solution and a connector", []File{{"c.zip", zipped(t, map[string]string{"base.zip": baseZip, "rates/apiDefinition.swagger.json": swagger})}},
			[]string{"solution c.zip/base.zip ContosoBase", "connectors c.zip Rates"}},
		{"nothing known in a zip", []File{{"x.zip", zipped(t, map[string]string{"a.txt": "x"})}}, []string{"!x.zip no solution.xml"}},
		{"a canvas app", []File{{"x.msapp", zipped(t, map[string]string{"Header.json": "{}", "Properties.json": "{}"})}}, []string{"!x.msapp canvas app"}},
		{"a damaged zip", []File{{"x.zip", []byte(ordersZip[:300])}, {"base.zip", []byte(baseZip)}}, []string{"solution base.zip ContosoBase", "!x.zip cut off or damaged"}},
		{"a damaged zip in a zip", []File{{"all.zip", zipped(t, map[string]string{"a.zip": ordersZip[:300], "base.zip": baseZip})}},
			[]string{"solution all.zip/base.zip ContosoBase", "!all.zip/a.zip cut off or damaged"}},
		{"another archive", []File{{"x.7z", []byte("7z\xbc\xaf\x27\x1c\x00\x04")}}, []string{"!x.7z 7z archive"}},
		{"a page", []File{{"x.zip", []byte("<!DOCTYPE html><title>Sign in</title>")}}, []string{"!x.zip HTML page"}},
		{"JSON of something else", []File{{"x.json", []byte(`{"colour": "red"}`)}}, []string{"!x.json x.json"}},
		{"an empty file", []File{{"x.json", nil}}, []string{"!x.json "}},
		{"no files", nil, nil},
		{"a YAML source", []File{{"git.zip", zipped(t, yamlFiles(t, "solution ContosoPages 1.0.0.0\noptionset ct_stage\n"))}}, []string{"solution git.zip/ContosoPages ContosoPages"}},
		{"many zips in zips", []File{{"many.zip", wide(t, baseZip, 15, 15)}}, many},
		{"zips in zips in zips without end", []File{{"deep.zip", deep(t, baseZip, 6)}}, []string{"!deep.zip more than the page takes"}},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			added := ask[Added](t, &Desk{}, "add", "", tt.files...)
			var got []string
			for _, it := range added.Items {
				got = append(got, it.Kind+" "+it.Name+" "+it.Title)
			}
			for _, p := range added.Problems {
				got = append(got, "!"+p.Name+" "+p.Message)
			}
			if len(got) != len(tt.want) {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			for i, want := range tt.want {
				if name, part, _ := strings.Cut(want, " "); strings.HasPrefix(want, "!") {
					if !strings.HasPrefix(got[i], name) || !strings.Contains(got[i], part) {
						t.Errorf("got %q, want %q", got[i], want)
					}
				} else if want != "" && got[i] != want {
					t.Errorf("got %q, want %q", got[i], want)
				}
			}
		})
	}
}

// deep is a zip in n zips.
func deep(t *testing.T, inner string, n int) []byte {
	data := []byte(inner)
	for range n {
		data = zipped(t, map[string]string{"a.zip": string(data)})
	}
	return data
}

// wide is a zip of n zips, each of which holds m of the inner one.
func wide(t *testing.T, inner string, n, m int) []byte {
	in := map[string]string{}
	for i := range m {
		in[fmt.Sprintf("%02d.zip", i)] = inner
	}
	all, one := map[string]string{}, string(zipped(t, in))
	for i := range n {
		all[fmt.Sprintf("%02d.zip", i)] = one
	}
	return zipped(t, all)
}

// yamlFiles are the files of a solution in the YAML of Git integration.
func yamlFiles(t *testing.T, text string) map[string]string {
	t.Helper()
	fsys, _, err := yamlsource.Write(solutiontest.Parts(t, text), nil)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			var data []byte
			data, err = fs.ReadFile(fsys, name)
			out[name] = string(data)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSummary(t *testing.T) {
	d := on(t, orders)
	got := ask[Summary](t, d, "summary", `{"id": 1}`)
	want := Summary{ID: 1, Components: []Count{{"Attribute", 1}, {"Connection Reference", 1}, {"Entity", 1}, {"Workflow", 1}, {"language", 1}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// texts are all that blocks say, a line each.
func texts(blocks []Block) string {
	var b strings.Builder
	var write func(blocks []Block)
	write = func(blocks []Block) {
		for _, x := range blocks {
			if len(x.Text) > 0 {
				fmt.Fprintln(&b, x.Text)
			}
			for _, row := range x.Rows {
				for i, cell := range row {
					if i > 0 {
						b.WriteString(" | ")
					}
					b.WriteString(cell.String())
				}
				b.WriteString("\n")
			}
			for _, e := range x.Items {
				fmt.Fprintln(&b, e.Text)
				write(e.Blocks)
			}
			write(x.Blocks)
		}
	}
	write(blocks)
	return b.String()
}

func contains(t *testing.T, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%q is not in\n%s", w, got)
		}
	}
}

func TestInventory(t *testing.T) {
	d := on(t, base, orders)
	contains(t, texts(ask[[]Block](t, d, "inventory", `{}`)), "Inventory of ContosoBase, ContosoOrders", "Order | ct_order | 1 | 0 | 0", "On order | on", "ct_sp | ct_sp | shared_sharepointonline")
	if got := texts(ask[[]Block](t, d, "inventory", `{"ids": [1]}`)); strings.Contains(got, "ct_order") {
		t.Errorf("the inventory of one has another:\n%s", got)
	}
}

// A finding has its place in the source tree, and the line there.
func TestFindings(t *testing.T) {
	d := on(t, "solution ContosoOrders 1.2.0.0\nentity ct_order\nworkflow 22 name=\"On order\" refs=ct_gone:shared_office365\n")
	got := ask[[]Finding](t, d, "findings", `{}`)
	i := slices.IndexFunc(got, func(f Finding) bool { return f.Rule == "connref/reference-missing" })
	if i < 0 {
		t.Fatalf("no finding about the reference: %+v", got)
	}
	f := got[i]
	if f.Severity != "error" || !strings.Contains(f.Place, "Workflows/") || !strings.Contains(f.Place, ".json:") || !strings.Contains(f.Source, "ct_gone") || f.Help == "" {
		t.Errorf("got %+v", f)
	}
	for i := 1; i < len(got); i++ {
		if rank(got[i].Severity) < rank(got[i-1].Severity) {
			t.Errorf("%s comes behind %s", got[i].Severity, got[i-1].Severity)
		}
	}
	sum := ask[counts](t, d, "check", `{"id": 1}`)
	errors := 0
	for _, f := range got {
		if f.Severity == "error" {
			errors++
		}
	}
	if sum.Errors != errors || errors == 0 {
		t.Errorf("the card says %+v, the list has %d errors", sum, errors)
	}
}

// A connector that can't be read is a finding, and the name is the user's.
func TestFindingsOfConnectors(t *testing.T) {
	d := &Desk{}
	ask[Added](t, d, "add", "", File{"rates.json", []byte(swagger)}, File{"torn.json", []byte(`{"swagger": "2.0", "info": {`)})
	got := ask[[]Finding](t, d, "findings", `{}`)
	for _, name := range []string{"rates.json:1:", "torn.json:1:"} {
		if !slices.ContainsFunc(got, func(f Finding) bool { return strings.HasPrefix(f.Place, name) && strings.HasPrefix(f.Rule, "CONN-") }) {
			t.Errorf("no finding in %s: %+v", name, got)
		}
	}
	certified := ask[[]Finding](t, d, "findings", `{"certification": true}`)
	if !slices.ContainsFunc(certified, func(f Finding) bool { return f.Severity == certificationWord }) || len(certified) <= len(got) {
		t.Errorf("no rule of certification in %+v", certified)
	}
}

// Every severity that a finding can have has its place in the list.
func TestRanks(t *testing.T) {
	for s := diag.Note; s <= diag.Error; s++ {
		if rank(s.String()) < 0 {
			t.Errorf("%s has no rank", s)
		}
	}
}

func TestPicture(t *testing.T) {
	d := on(t, base, orders)
	got := ask[Picture](t, d, "picture", `{}`)
	contains(t, got.SVG, "<svg ", "On order", "</svg>")
	contains(t, texts(got.Blocks), "On order | Workflow | ct_sp | Connection Reference | ContosoOrders | 1")
	got = ask[Picture](t, d, "picture", `{"solutions": true}`)
	contains(t, texts(got.Blocks), "ContosoOrders | Solution | ContosoBase | Solution")
	if got = ask[Picture](t, on(t, base), "picture", `{}`); len(got.Blocks) == 0 {
		t.Error("of a solution without references, nothing is told")
	}

	many := "solution ContosoMany 1.0.0.0\nconnectionreference ct_sp connector=shared_sharepointonline\n"
	for i := range 80 {
		many += fmt.Sprintf("workflow %d refs=ct_sp\n", i+1)
	}
	d = on(t, many)
	few, all := ask[Picture](t, d, "picture", `{}`), ask[Picture](t, d, "picture", `{"all": true}`)
	if !few.ByKind || few.Boxes > 10 || all.ByKind || all.Boxes < 80 {
		t.Errorf("boxes: %d by kind %v, and %d by kind %v", few.Boxes, few.ByKind, all.Boxes, all.ByKind)
	}
	if len(few.Blocks[0].Rows) != len(all.Blocks[0].Rows) {
		t.Error("the table of the picture by kind is shorter")
	}
}

func TestCompare(t *testing.T) {
	newer := strings.NewReplacer("1.2.0.0", "1.3.0.0", "attribute ct_order.ct_total type=money\n", "attribute ct_order.ct_fresh\n", `"On order"`, `"On orders"`).Replace(orders)
	d := on(t, orders, newer)
	got := texts(ask[[]Block](t, d, "compare", `{"old": 1, "new": 2}`))
	contains(t, got, "ContosoOrders 1.2.0.0 → ContosoOrders 1.3.0.0", "1 added, 1 removed, ", "1 breaking", "Attribute ct_total removed: an upgrade deletes the column",
		"On order | On orders", "customizations.xml:")
	contains(t, texts(ask[[]Block](t, d, "compare", `{"old": 1, "new": 1}`)), "No differences.")

	// The parts of what came are told by their number.
	got = texts(ask[[]Block](t, on(t, base, base+"entity ct_order\nattribute ct_order.ct_a\nattribute ct_order.ct_b\n"), "compare", `{"old": 1, "new": 2}`))
	contains(t, got, "1 added, 0 removed", "with 2 parts")
	if strings.Contains(got, "ct_a") {
		t.Errorf("parts of a new table are told one by one:\n%s", got)
	}
}

func TestPlan(t *testing.T) {
	d := on(t, orders, base)
	got := ask[Runbook](t, d, "plan", `{}`)
	if diff := cmp.Diff([]string{"ContosoBase", "ContosoOrders"}, got.Order); diff != "" || got.Blocked || len(got.Notes) != 1 {
		t.Errorf("blocked %v, notes %q, order (-want +got)\n%s", got.Blocked, got.Notes, diff)
	}
	contains(t, texts(got.Blocks), "Can be imported", "Create a connection of shared_sharepointonline")
	boxes := 0
	for _, b := range got.Blocks {
		for _, e := range b.Items {
			if e.Box {
				boxes++
			}
		}
	}
	if boxes < 3 {
		t.Errorf("%d steps to tick, want those of two solutions and a connection", boxes)
	}

	if got = ask[Runbook](t, d, "plan", `{"actions": {"2": "skip"}}`); !got.Blocked {
		t.Error("a solution can be imported without what it needs")
	}
	if got = ask[Runbook](t, d, "plan", `{"actions": {"2": "installed"}}`); got.Blocked {
		t.Errorf("what it needs is installed, and it is blocked:\n%s", texts(got.Blocks))
	}

	ask[Added](t, d, "add", "", File{"env.json", []byte(`{"solutions": [{"name": "ContosoOrders", "version": "1.0.0.0", "managed": true, "package": "old/s9.zip"}]}`)},
		File{"s.json", []byte(`{"EnvironmentVariables": [], "ConnectionReferences": [{"LogicalName": "ct_sp", "ConnectionId": "c0ffee", "ConnectorId": "/providers/Microsoft.PowerApps/apis/shared_sharepointonline"}]}`)})
	got = ask[Runbook](t, d, "plan", `{}`)
	contains(t, texts(got.Blocks), "ContosoOrders | 1.0.0.0 -> 1.2.0.0 | upgrade")
	if strings.Contains(texts(got.Blocks), "Create a connection") {
		t.Errorf("settings bind the reference, and it is asked for:\n%s", texts(got.Blocks))
	}
	if len(got.Notes) != 1 || !strings.Contains(got.Notes[0], "old/s9.zip") {
		t.Errorf("a package that is not there is not told of: %q", got.Notes)
	}
}

// Of several packages of a solution, one is imported unless somebody chooses another.
func TestPlanAutomatic(t *testing.T) {
	older, unmanaged := strings.Replace(orders, "1.2.0.0", "1.1.9.0", 1), strings.Replace(orders, "1.2.0.0 managed", "1.2.0.0", 1)
	for _, tt := range []struct {
		what    string
		texts   []string
		actions string
		want    map[int]string
		blocked bool
	}{
		{"versions", []string{older, orders, base}, `{}`, map[int]string{1: "left out, as 1.2.0.0 is here too"}, false},
		{"kinds", []string{orders, unmanaged, base}, `{}`, map[int]string{2: "left out, as the managed package is here too"}, false},
		{"the newer is left out", []string{older, orders, base}, `{"2": "skip"}`, map[int]string{}, false},
		{"the same twice", []string{orders, orders}, `{}`, map[int]string{}, true},
	} {
		t.Run(tt.what, func(t *testing.T) {
			got := ask[Runbook](t, on(t, tt.texts...), "plan", `{"actions": `+tt.actions+`}`)
			if diff := cmp.Diff(tt.want, got.Automatic); diff != "" || got.Blocked != tt.blocked {
				t.Errorf("blocked %v; (-want +got)\n%s", got.Blocked, diff)
			}
		})
	}
}

// An environment names packages by paths; on a page, the name of the file has to do.
func TestPlanWithPackages(t *testing.T) {
	old := strings.Replace(orders, "1.2.0.0", "1.0.0.0", 1)
	d := on(t, old+"attribute ct_order.ct_gone\n", orders, base)
	ask[Added](t, d, "add", "", File{"env.json", []byte(`{"solutions": [{"name": "ContosoOrders", "version": "1.0.0.0", "managed": true, "package": "old\\s1.zip"}]}`)})
	got := ask[Runbook](t, d, "plan", `{"actions": {"1": "installed"}}`)
	if len(got.Notes) != 0 {
		t.Errorf("notes: %q", got.Notes)
	}
	contains(t, texts(got.Blocks), "upgrade", "ct_order.ct_gone") // what the upgrade deletes
}

func TestRefused(t *testing.T) {
	d := on(t, orders)
	ask[Added](t, d, "add", "", File{"env.json", []byte(`{"solutions": []}`)})
	tests := []struct{ word, args, want string }{
		{"juggle", "", "not known"},
		{"summary", `{"id": 9}`, "no longer on the page"},
		{"remove", `{"id": 9}`, "no longer on the page"},
		{"compare", `{"old": 1, "new": 2}`, "env.json: not a solution"},
		{"inventory", `{"ids": [2]}`, "no solution"},
		{"plan", `{"actions": {"1": "skip"}}`, "no solution is left"},
		{"plan", `{"actions": {"1": "juggle"}}`, `no action "juggle"`},
		{"download", `{"format": "juggle"}`, `no download "juggle"`},
		{"download", `{"format": `, "unexpected end"},
	}
	for _, tt := range tests {
		if _, _, err := d.Do(tt.word, []byte(tt.args), nil); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s %s: %v, want %q", tt.word, tt.args, err, tt.want)
		}
	}
	if got := ask[[]Item](t, d, "remove", `{"id": 1}`); len(got) != 1 || got[0].Kind != kindEnvironment {
		t.Errorf("after the solution was removed: %+v", got)
	}
	if _, _, err := d.Do("findings", nil, nil); err == nil {
		t.Error("an environment was checked")
	}
}

// Whoever waits hears how far it is.
func TestProgress(t *testing.T) {
	type step struct{ done, all int }
	var heard []step
	d := &Desk{Progress: func(done, all int) { heard = append(heard, step{done, all}) }}
	ask[Added](t, d, "add", `{"sample": true}`)
	for _, tt := range []struct{ word, args string }{{"check", `{"id": 3}`}, {"download", `{"format": "tree", "id": 3}`}, {"plan", `{}`}, {"picture", `{}`}} {
		heard = nil
		if _, _, err := d.Do(tt.word, []byte(tt.args), nil); err != nil {
			t.Fatal(err)
		}
		for i, s := range heard {
			if s.done != i || s.done >= s.all || s.all != heard[0].all {
				t.Errorf("%s: step %d is %+v of %v", tt.word, i, s, heard)
			}
		}
		if len(heard) < 2 {
			t.Errorf("%s: heard %v", tt.word, heard)
		}
	}
}

// What can't be read is told, and hides nothing of what can.
func TestUnreadable(t *testing.T) {
	torn := contents(t, solutiontest.Zip(t, strings.Replace(orders, "ContosoOrders", "ContosoTorn", 1)))
	torn["customizations.xml"] = strings.Replace(torn["customizations.xml"], "<Workflows>", "<Workflows><q:x/>", 1)
	d := on(t, orders, base)
	ask[Added](t, d, "add", "", File{"torn.zip", zipped(t, torn)})
	found := ask[[]Finding](t, d, "findings", `{}`)
	if !slices.ContainsFunc(found, func(f Finding) bool {
		return f.Item == 3 && f.Rule == ruleUnreadable.ID && strings.Contains(f.Message, "torn.zip")
	}) ||
		!slices.ContainsFunc(found, func(f Finding) bool { return f.Item == 1 }) {
		t.Errorf("got %+v", found)
	}
	_, log := save(t, d, `{"format": "findings"}`)
	contains(t, string(log), ruleUnreadable.ID, "torn.zip")
	plan := ask[Runbook](t, d, "plan", `{}`)
	contains(t, plan.Automatic[3], "left out, as it can't be read: torn.zip")
	if len(plan.Order) != 2 {
		t.Errorf("the plan has %v", plan.Order)
	}
	if _, _, err := d.Do("plan", []byte(`{"actions": {"3": "install"}}`), nil); err == nil || !strings.Contains(err.Error(), "torn.zip") {
		t.Errorf("what was chosen and can't be read: %v", err)
	}
}

// A fault of the program is an error, and the desk stays.
func TestPanic(t *testing.T) {
	d := on(t, base)
	d.items[0].parts = nil
	if _, _, err := d.Do("summary", []byte(`{"id": 1}`), nil); err == nil || !strings.Contains(err.Error(), "fault of the program") {
		t.Errorf("got %v", err)
	}
	if got := ask[[]Item](t, d, "remove", `{"id": 1}`); len(got) != 0 {
		t.Errorf("the desk has %+v", got)
	}
}

// Names of files that are made hold nothing that a file system or a shell takes for its own.
func TestFileName(t *testing.T) {
	for name, want := range map[string]string{"a.zip": "a", "in/b c.zip": "b_c", "../..": "solution", ".hidden.zip": "hidden", "ü/é.zip": "_", "CON.zip": "CON"} {
		if got := fileName(&item{name: name}); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestLine(t *testing.T) {
	long := strings.Repeat("é", 300)
	files := map[string]string{"a": "one\r\n  two\nthree", "b": long, "empty": ""}
	l := &lineReader{read: func(name string) ([]byte, error) {
		text, ok := files[name]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return []byte(text), nil
	}}
	at := func(file string, offset int) diag.Location {
		return diag.Location{File: file, Start: diag.Position{Offset: offset, Line: 1, Column: 1}}
	}
	for _, tt := range []struct {
		at   diag.Location
		want string
	}{
		{at("a", 0), "one"}, {at("a", 8), "two"}, {at("a", 12), "three"}, {at("a", 99), ""}, {at("gone", 0), ""}, {at("empty", 0), ""}, {diag.Location{File: "a"}, ""},
		{at("b", 301), "… " + strings.Repeat("é", 101) + " …"},
	} {
		if got := l.line(tt.at); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.at, got, tt.want)
		}
	}
}
