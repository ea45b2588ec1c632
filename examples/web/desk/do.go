package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
)

// A request is what the page asks for. Each word of [words] reads the members that it needs.
type request struct {
	IDs           []int          `json:"ids"` // of items; none: all
	ID            int            `json:"id"`
	Old           int            `json:"old"`
	New           int            `json:"new"`
	Noise         bool           `json:"noise"`
	Solutions     bool           `json:"solutions"` // the picture is of solutions alone
	All           bool           `json:"all"`       // the picture has a box for each component
	Certification bool           `json:"certification"`
	Actions       map[int]string `json:"actions"` // by ids of items
	Format        string         `json:"format"`
}

// words are what a page may ask. The answer is a value for encoding/json, or a file.
var words = map[string]func(d *Desk, r *request, files []File) (any, error){
	"add": func(d *Desk, _ *request, files []File) (any, error) { return d.take(files), nil },
	"remove": func(d *Desk, r *request, _ []File) (any, error) {
		if err := d.remove(r.ID); err != nil {
			return nil, err
		}
		return d.list(), nil
	},
	"summary": func(d *Desk, r *request, _ []File) (any, error) {
		it, err := d.item(r.ID)
		if err != nil {
			return nil, err
		}
		return summaryOf(it)
	},
	"check": func(d *Desk, r *request, _ []File) (any, error) {
		it, err := d.item(r.ID)
		if err != nil {
			return nil, err
		}
		found, err := it.check(false)
		return countsOf(found), err
	},
	"inventory": func(d *Desk, r *request, _ []File) (any, error) {
		items, err := d.solutions(r.IDs)
		if err != nil {
			return nil, err
		}
		return inventoryBlocks(items)
	},
	"findings": func(d *Desk, r *request, _ []File) (any, error) {
		items, err := d.checkable(r.IDs)
		if err != nil {
			return nil, err
		}
		return findings(items, r.Certification)
	},
	"picture": func(d *Desk, r *request, _ []File) (any, error) {
		items, err := d.solutions(r.IDs)
		if err != nil {
			return nil, err
		}
		return picture(items, r.Solutions, r.All)
	},
	"compare": func(d *Desk, r *request, _ []File) (any, error) {
		old, new, err := d.two(r)
		if err != nil {
			return nil, err
		}
		c, err := compare(old, new)
		if err != nil {
			return nil, err
		}
		return comparison(c, r.Noise), nil
	},
	"plan":     func(d *Desk, r *request, _ []File) (any, error) { return d.runbook(r.Actions) },
	"download": func(d *Desk, r *request, _ []File) (any, error) { return d.download(r) },
}

// checkable are the items with the ids in which something can be found; without ids, all there are.
func (d *Desk) checkable(ids []int) ([]*item, error) {
	var out []*item
	for _, it := range d.items {
		if (it.kind == kindSolution || it.kind == kindConnectors) && (len(ids) == 0 || slices.Contains(ids, it.id)) {
			out = append(out, it)
		}
	}
	if len(out) == 0 {
		return nil, errors.New("there is nothing to check on the page: drop a solution or a connector")
	}
	return out, nil
}

func (d *Desk) two(r *request) (old, new *item, err error) {
	if old, err = d.solutionOf(r.Old); err != nil {
		return nil, nil, err
	}
	new, err = d.solutionOf(r.New)
	return old, new, err
}

func (d *Desk) download(r *request) (*Download, error) {
	switch r.Format {
	case "tree":
		it, err := d.solutionOf(r.ID)
		if err != nil {
			return nil, err
		}
		return treeZip(it)
	case "findings":
		items, err := d.checkable(r.IDs)
		if err != nil {
			return nil, err
		}
		return findingsLog(items, r.Certification)
	case "compare":
		old, new, err := d.two(r)
		if err != nil {
			return nil, err
		}
		c, err := compare(old, new)
		if err != nil {
			return nil, err
		}
		data, err := comparisonMarkdown(c)
		return &Download{fileName(new) + "_changes.md", "text/markdown", data}, err
	case "plan-markdown", "plan-json":
		p, _, err := d.resolve(r.Actions)
		if err != nil {
			return nil, err
		}
		if r.Format == "plan-json" {
			data, err := json.MarshalIndent(p, "", "  ")
			return &Download{"plan.json", "application/json", append(data, '\n')}, err
		}
		data, err := runbookMarkdown(p)
		return &Download{"plan.md", "text/markdown", data}, err
	}
	make, ok := map[string]func([]*item) (*Download, error){"inventory-markdown": inventoryMarkdown, "inventory-json": inventoryJSON}[r.Format]
	if !ok {
		return nil, fmt.Errorf("no download %q", r.Format)
	}
	items, err := d.solutions(r.IDs)
	if err != nil {
		return nil, err
	}
	return make(items)
}

// Do does what the page asks for by a word, with arguments in JSON and perhaps files, and returns the answer in JSON. file is the
// data of a download. A panic is an error, as a page that lost its desk would have to begin anew.
func (d *Desk) Do(word string, args []byte, files []File) (answer, file []byte, err error) {
	defer func() {
		if x := recover(); x != nil {
			answer, file, err = nil, nil, fmt.Errorf("%s failed by a fault of the program, please report it: %v\n%s", word, x, firstLines(debug.Stack()))
		}
	}()
	do, ok := words[word]
	if !ok {
		return nil, nil, fmt.Errorf("the page asks for %q, which is not known", word)
	}
	r := &request{}
	if len(args) > 0 {
		if err := json.Unmarshal(args, r); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", word, err)
		}
	}
	value, err := do(d, r, files)
	if err != nil {
		return nil, nil, err
	}
	if x, ok := value.(*Download); ok {
		file = x.data
	}
	answer, err = json.Marshal(value)
	return answer, file, err
}

// firstLines cuts a trace to what is worth reading.
func firstLines(trace []byte) string {
	lines := strings.SplitN(string(trace), "\n", 14)
	return strings.Join(lines[:min(13, len(lines))], "\n")
}
