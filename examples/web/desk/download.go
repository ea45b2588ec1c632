package desk

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/inventory"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// A Download is a file that the page offers to save.
type Download struct {
	Name string   `json:"name"`
	Type string   `json:"type"`
	Seen []string `json:"seen"` // what was seen when it was made, and is no note
	data []byte
}

// formats are the files that can be saved.
var formats = map[string]handler{
	"tree":               with(oneSolution, treeZip),
	"package":            with(oneSolution, packedZip),
	"inventory-html":     with(someSolutions, inventoryFile(".html", "text/html", (*inventory.Inventory).WriteHTML)),
	"inventory-markdown": with(someSolutions, inventoryFile(".md", "text/markdown", (*inventory.Inventory).WriteMarkdown)),
	"inventory-json":     with(someSolutions, inventoryFile(".json", "application/json", func(inv *inventory.Inventory, w io.Writer) error { return writeJSON(w, inv) })),
	"findings":           with(checkable, findingsLog),
	"compare":            with(twoSolutions, changesFile),
	"plan-markdown":      with((*Desk).resolve, planFile("plan.md", "text/markdown", (*plan.Plan).WriteMarkdown)),
	"plan-json":          with((*Desk).resolve, planFile("plan.json", "application/json", func(p *plan.Plan, w io.Writer) error { return writeJSON(w, p) })),
}

func (d *Desk) download(r *request) (any, error) {
	do, ok := formats[r.Format]
	if !ok {
		return nil, fmt.Errorf("no download %q", r.Format)
	}
	return do(d, r)
}

// written is a download of what a function writes.
func written(name, mime string, write func(io.Writer) error) (*Download, error) {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return nil, err
	}
	return &Download{Name: name, Type: mime, Seen: []string{}, data: b.Bytes()}, nil
}

func writeJSON(w io.Writer, value any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(value)
}

// treeZip is the source tree of a solution in a folder of its name.
func treeZip(it *item, _ *request) (*Download, error) {
	tree, err := it.treeOf()
	if err != nil {
		return nil, err
	}
	folder := fileName(it)
	return written(folder+"_source.zip", "application/zip", func(to io.Writer) error {
		w := zip.NewWriter(to)
		names := tree.Names()
		for i, name := range names {
			it.desk.progress(i, len(names))
			data, err := tree.ReadFile(name)
			if err != nil {
				return fmt.Errorf("%s: %w", it.name, err)
			}
			out, err := w.Create(path.Join(folder, name))
			if err == nil {
				_, err = out.Write(data)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", it.name, err)
			}
		}
		return w.Close()
	})
}

// packedZip is the package of a source tree. Of a tree of both kinds, the request says which.
func packedZip(it *item, r *request) (*Download, error) {
	tree, err := it.treeOf()
	if err != nil {
		return nil, err
	}
	opts, name := &packager.PackOptions{}, fileName(it)
	if it.manifest != nil {
		name += "_" + strings.ReplaceAll(it.manifest.VersionText(), ".", "_")
		if r.Kind == solution.Managed.String() || it.manifest.Kind() == solution.Managed {
			name += "_managed"
		}
	}
	if r.Kind != "" {
		kind, err := solution.ParseKind(r.Kind)
		if err != nil {
			return nil, err
		}
		opts.Kind = &kind
	}
	var found diag.List
	out, err := written(name+".zip", "application/zip", func(w io.Writer) (err error) {
		found, err = packager.Pack(w, tree, opts)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", it.name, err)
	}
	for _, f := range found {
		if f.Severity >= diag.Warning {
			out.Seen = append(out.Seen, f.String())
		}
	}
	return out, nil
}

func inventoryFile(extension, mime string, write func(*inventory.Inventory, io.Writer) error) func([]*item, *request) (*Download, error) {
	return func(items []*item, _ *request) (*Download, error) {
		inv, err := inventoryOf(items)
		if err != nil {
			return nil, err
		}
		return written(groupName(items, "inventory")+extension, mime, func(w io.Writer) error { return write(inv, w) })
	}
}

func planFile(name, mime string, write func(*plan.Plan, io.Writer) error) func(*planned, *request) (*Download, error) {
	return func(p *planned, _ *request) (*Download, error) {
		return written(name, mime, func(w io.Writer) error { return write(p.plan, w) })
	}
}

// changesFile is what changed, for a pull request.
func changesFile(p pair, _ *request) (*Download, error) {
	c, err := p.compare()
	if err != nil {
		return nil, err
	}
	return written(fileName(p.new)+"_changes.md", "text/markdown", c.WriteMarkdown)
}

// findingsLog is what was found as SARIF, which editors and code hosts read.
func findingsLog(items []*item, r *request) (*Download, error) {
	catalogue, err := rules()
	if err != nil {
		return nil, err
	}
	var all diag.List
	for _, it := range items {
		for _, f := range it.found(r.Certification) {
			if len(items) > 1 {
				f.Location.File = path.Join(fileName(it), f.Location.File)
				f.Related, f.Fixes = nil, nil // they name files too, by another root
			}
			all = append(all, f)
		}
	}
	return written(groupName(items, "findings")+".sarif", "application/json", func(w io.Writer) error {
		return diag.WriteSARIF(w, diag.Tool{Name: "solutionkit", Rules: catalogue}, all)
	})
}

// groupName is a name for a file about several solutions.
func groupName(items []*item, what string) string {
	if len(items) == 1 {
		return fileName(items[0]) + "_" + what
	}
	return what
}

// fileName is a name for files that are made of a solution: letters, digits and a few other characters.
func fileName(it *item) string {
	name := strings.TrimSuffix(path.Base(it.name), path.Ext(it.name))
	if it.manifest != nil && it.manifest.UniqueName() != "" {
		name = it.manifest.UniqueName()
	}
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-.", r) {
			return r
		}
		return '_'
	}, name)
	if name = strings.TrimLeft(name, "."); name == "" {
		return "solution"
	}
	return name
}
