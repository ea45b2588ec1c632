package desk

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/solutionkit/solutionkit/solution/inventory"
	"github.com/solutionkit/solutionkit/solution/model"
)

func inventoryOf(items []*item) (*inventory.Inventory, error) {
	var sources []inventory.Source
	for _, it := range items {
		sources = append(sources, inventory.Source{Parts: it.parts, Title: it.name})
	}
	return inventory.Take(sources...)
}

// inventoryBlocks is the document of solutions.
func inventoryBlocks(items []*item, _ *request) ([]Block, error) {
	inv, err := inventoryOf(items)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := inv.WriteMarkdown(&b); err != nil {
		return nil, err
	}
	return folded(readMarkdown(b.String()), 4), nil
}

// A Summary is what the page shows of a solution soon after it came.
type Summary struct {
	ID          int     `json:"id"`
	Description string  `json:"description"`
	Components  []Count `json:"components"`
}

// A Count is a kind and how many components a solution has of it.
type Count struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

func summaryOf(it *item, _ *request) (*Summary, error) {
	out := &Summary{ID: it.id, Components: []Count{}}
	if it.kind != kindSolution {
		return out, nil
	}
	if it.manifest != nil {
		for _, l := range it.manifest.Descriptions() {
			out.Description = cmp.Or(out.Description, l.Text)
		}
	}
	m, err := model.Read(it.parts)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", it.name, err)
	}
	n := map[string]int{}
	for c := range m.Components() {
		n[c.Type().Title()]++
	}
	for _, kind := range slices.Sorted(maps.Keys(n)) {
		out.Components = append(out.Components, Count{kind, n[kind]})
	}
	return out, nil
}
