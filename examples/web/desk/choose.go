package desk

import (
	"errors"
	"fmt"
	"slices"
)

// errGone is the error of asking for what was removed.
var errGone = errors.New("the file is no longer on the page: drop it again")

func (d *Desk) item(id int) (*item, error) {
	for _, it := range d.items {
		if it.id == id {
			return it, nil
		}
	}
	return nil, errGone
}

func (d *Desk) solution(id int) (*item, error) {
	it, err := d.item(id)
	if err == nil && it.kind != kindSolution {
		return nil, fmt.Errorf("%s: not a solution: choose one", it.name)
	}
	return it, err
}

func (d *Desk) ofKind(kinds ...string) []*item {
	var out []*item
	for _, it := range d.items {
		if slices.Contains(kinds, it.kind) {
			out = append(out, it)
		}
	}
	return out
}

// among are the items of a list that are asked for, in the order of the desk.
func among(list []*item, r *request) []*item {
	if len(r.IDs) == 0 {
		return list
	}
	return slices.DeleteFunc(list, func(it *item) bool { return !slices.Contains(r.IDs, it.id) })
}

func oneItem(d *Desk, r *request) (*item, error) { return d.item(r.ID) }

func oneSolution(d *Desk, r *request) (*item, error) { return d.solution(r.ID) }

func someSolutions(d *Desk, r *request) ([]*item, error) {
	out := among(d.ofKind(kindSolution), r)
	if len(out) == 0 {
		return nil, errors.New("there is no solution on the page: drop the zip of one")
	}
	return out, nil
}

// checkable are items in which something can be found.
func checkable(d *Desk, r *request) ([]*item, error) {
	out := among(d.ofKind(kindSolution, kindConnectors), r)
	if len(out) == 0 {
		return nil, errors.New("there is nothing to check on the page: drop a solution or a connector")
	}
	return out, nil
}

// A pair is two solutions to compare.
type pair struct{ old, new *item }

func twoSolutions(d *Desk, r *request) (p pair, err error) {
	if p.old, err = d.solution(r.Old); err == nil {
		p.new, err = d.solution(r.New)
	}
	return p, err
}
