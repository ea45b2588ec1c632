package desk

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// A Download is a file that the page offers to save.
type Download struct {
	Name string `json:"name"`
	Type string `json:"type"`
	data []byte
}

// treeZip is the source tree of a solution in a folder of its name.
func treeZip(it *item) (*Download, error) {
	tree, err := it.treeOf()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	folder := fileName(it)
	for _, name := range tree.Names() {
		data, err := tree.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", it.name, err)
		}
		out, err := w.Create(path.Join(folder, name))
		if err == nil {
			_, err = out.Write(data)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", it.name, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return &Download{folder + "_source.zip", "application/zip", b.Bytes()}, nil
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

// The page of HTML that package inventory makes is no download: it alone would link html/template, a fifth of the program.

func inventoryMarkdown(items []*item) (*Download, error) {
	inv, err := inventoryOf(items)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := inv.WriteMarkdown(&b); err != nil {
		return nil, err
	}
	return &Download{groupName(items, "inventory") + ".md", "text/markdown", b.Bytes()}, nil
}

func inventoryJSON(items []*item) (*Download, error) {
	inv, err := inventoryOf(items)
	if err != nil {
		return nil, err
	}
	data, err := json.MarshalIndent(inv, "", "  ")
	return &Download{groupName(items, "inventory") + ".json", "application/json", append(data, '\n')}, err
}

// groupName is a name for a file about several solutions.
func groupName(items []*item, what string) string {
	if len(items) == 1 {
		return fileName(items[0]) + "_" + what
	}
	return what
}

// findingsLog is what was found as SARIF, which editors and code hosts read.
func findingsLog(items []*item, certification bool) (*Download, error) {
	catalogue, err := rules()
	if err != nil {
		return nil, err
	}
	var all diag.List
	for _, it := range items {
		found, err := it.check(certification)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			if len(items) > 1 {
				f.Location.File = path.Join(fileName(it), f.Location.File)
				f.Related, f.Fixes = nil, nil // they name files too, by another root
			}
			all = append(all, f)
		}
	}
	var b bytes.Buffer
	if err := diag.WriteSARIF(&b, diag.Tool{Name: "solutionkit", Rules: catalogue}, all); err != nil {
		return nil, err
	}
	return &Download{groupName(items, "findings") + ".sarif", "application/json", b.Bytes()}, nil
}
