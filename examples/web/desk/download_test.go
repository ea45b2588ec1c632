package desk

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/inventory"
	"github.com/solutionkit/solutionkit/solution/plan"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// save returns what a page saves.
func save(t *testing.T, d *Desk, args string) (Download, []byte) {
	t.Helper()
	answer, data, err := d.Do("download", []byte(args), nil)
	if err != nil {
		t.Fatalf("%s: %v", args, err)
	}
	var out Download
	if err := json.Unmarshal(answer, &out); err != nil {
		t.Fatal(err)
	}
	return out, data
}

// What is saved is what the library writes of the same solutions.
func TestDownload(t *testing.T) {
	d := on(t, orders, base)
	one, two := solutiontest.Parts(t, orders), solutiontest.Parts(t, base)
	inv, err := inventory.Take(inventory.Source{Parts: one, Title: "s1.zip"}, inventory.Source{Parts: two, Title: "s2.zip"})
	if err != nil {
		t.Fatal(err)
	}
	changes, err := diff.Compare(two, one, nil)
	if err != nil {
		t.Fatal(err)
	}
	var batch []plan.Item
	for i, text := range []string{orders, base} {
		s, err := plan.Read(solutiontest.Parts(t, text), &plan.ReadOptions{Name: []string{"s1.zip", "s2.zip"}[i], Size: int64(len(solutiontest.Zip(t, text)))})
		if err != nil {
			t.Fatal(err)
		}
		batch = append(batch, plan.Item{Solution: s})
	}
	resolved, err := plan.Resolve(batch, &plan.Environment{}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	found, err := d.items[0].check(false)
	if err != nil || len(found) == 0 {
		t.Fatalf("%d findings (%v)", len(found), err)
	}
	catalogue, err := rules()
	if err != nil {
		t.Fatal(err)
	}
	asJSON := func(value any) func(io.Writer) error {
		return func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			return e.Encode(value)
		}
	}
	for _, tt := range []struct {
		args, name, mime string
		want             func(io.Writer) error
	}{
		{`{"format": "inventory-html"}`, "inventory.html", "text/html", inv.WriteHTML},
		{`{"format": "inventory-markdown"}`, "inventory.md", "text/markdown", inv.WriteMarkdown},
		{`{"format": "inventory-json"}`, "inventory.json", "application/json", asJSON(inv)},
		{`{"format": "findings", "ids": [1]}`, "ContosoOrders_findings.sarif", "application/json",
			func(w io.Writer) error {
				return diag.WriteSARIF(w, diag.Tool{Name: "solutionkit", Rules: catalogue}, found)
			}},
		{`{"format": "compare", "old": 2, "new": 1}`, "ContosoOrders_changes.md", "text/markdown", changes.WriteMarkdown},
		{`{"format": "plan-markdown"}`, "plan.md", "text/markdown", resolved.WriteMarkdown},
		{`{"format": "plan-json"}`, "plan.json", "application/json", asJSON(resolved)},
	} {
		got, data := save(t, d, tt.args)
		if diff := cmp.Diff(Download{Name: tt.name, Type: tt.mime, Seen: []string{}}, got, cmp.AllowUnexported(Download{})); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.args, diff)
		}
		var want bytes.Buffer
		if err := tt.want(&want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.String(), string(data)); diff != "" {
			t.Errorf("%s (-library +page)\n%s", tt.args, diff)
		}
	}
}

func TestDownloadTree(t *testing.T) {
	got, data := save(t, on(t, orders), `{"format": "tree", "id": 1}`)
	if got.Name != "ContosoOrders_source.zip" || got.Type != "application/zip" {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff(treeFiles(t, orders, "ContosoOrders/"), contents(t, data)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A tree that was dropped is packed as the library packs it.
func TestDownloadPackage(t *testing.T) {
	unmanaged := strings.Replace(orders, " managed", "", 1)
	both, err := packager.UnpackBoth(solutiontest.Parts(t, unmanaged), solutiontest.Parts(t, orders), nil)
	if err != nil {
		t.Fatal(err)
	}
	one, err := packager.Unpack(solutiontest.Parts(t, unmanaged), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		what, kind, name string
		tree             *packager.Tree
		packs            []string
		opts             *packager.PackOptions
	}{
		{"one kind", "", "ContosoOrders_1_2_0_0.zip", one, []string{"unmanaged"}, nil},
		{"its kind", "unmanaged", "ContosoOrders_1_2_0_0.zip", one, []string{"unmanaged"}, nil},
		{"managed of both", "managed", "ContosoOrders_1_2_0_0_managed.zip", both, []string{"unmanaged", "managed"}, &packager.PackOptions{Kind: new(solution.Managed)}},
		{"unmanaged of both", "unmanaged", "ContosoOrders_1_2_0_0.zip", both, []string{"unmanaged", "managed"}, &packager.PackOptions{Kind: new(solution.Unmanaged)}},
	} {
		t.Run(tt.what, func(t *testing.T) {
			d := &Desk{}
			added := ask[Added](t, d, "add", "", filesOf(filesIn(t, tt.tree, "src/"))...)
			if len(added.Items) != 1 || !cmp.Equal(added.Items[0].Packs, tt.packs) {
				t.Fatalf("got %+v", added)
			}
			got, data := save(t, d, `{"format": "package", "id": 1, "kind": "`+tt.kind+`"}`)
			var want bytes.Buffer
			if _, err := packager.Pack(&want, tt.tree, tt.opts); err != nil {
				t.Fatal(err)
			}
			if got.Name != tt.name || !bytes.Equal(data, want.Bytes()) {
				t.Errorf("%s with %d bytes, want %s with %d", got.Name, len(data), tt.name, want.Len())
			}
		})
	}
}

// contents are the files of a zip.
func contents(t *testing.T, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		text, err := fs.ReadFile(z, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(text)
	}
	return out
}
