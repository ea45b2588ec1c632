package connector

import (
	"fmt"
	"slices"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
)

// StripOptions says what [Strip] and [Connector.Strip] keep. It is a plain value.
type StripOptions struct {
	// KeepEnvironment keeps client ids, resources, tenants and redirect addresses, as exports of the
	// platform do.
	KeepEnvironment bool
}

// removes reports whether the options have a secret of that kind taken out. o may be nil.
func (o *StripOptions) removes(kind SecretKind) bool {
	return kind == Exposed || kind == Environment && (o == nil || !o.KeepEnvironment)
}

// Strip returns the change that takes out of the connectors of a solution what [Connector.Secrets] lists as exposed or of an
// environment. As in the platform's exports, the member clientSecret is left out; other values become empty strings. Nothing
// else of the parts changes. opts may be nil.
//
// The error is that of [Read]: where one connector cannot be read, no change is made.
func Strip(p solution.Parts, opts *StripOptions) (*solution.Change, error) {
	list, err := Read(p)
	if err != nil {
		return nil, err
	}
	e := solution.NewEditor(p)
	done := map[string]bool{}
	for _, c := range list {
		edits := stripping(c.index(), opts)
		for _, f := range c.index().Files() {
			if key := solution.Fold(f.Name); done[key] {
				continue // two connectors have the part in common
			} else if len(edits[f]) > 0 {
				done[key] = true
			}
			for _, x := range edits[f] {
				e.Splice(f.Name, x.Start, x.End, x.New)
			}
		}
	}
	return e.Change()
}

// Strip returns c without what [Connector.Secrets] lists as exposed or of an environment, as the function [Strip] does it.
// c itself stays as it is. opts may be nil.
func (c *Connector) Strip(opts *StripOptions) (*Connector, error) {
	out, err := edited(c.index(), stripping(c.index(), opts))
	if err != nil {
		return nil, err
	}
	return newConnector(out), nil
}

// stripping returns the edits that take secrets out, by file.
func stripping(c *index.Connector, opts *StripOptions) map[*index.File][]jsonspan.Edit {
	edits := map[*index.File][]jsonspan.Edit{}
	for _, s := range secretsOf(c) {
		if s.edit == nil || !opts.removes(s.Kind) {
			continue
		}
		edits[s.v.File] = withEdit(edits[s.v.File], *s.edit)
	}
	return edits
}

// withEdit adds an edit to a sorted list, unless it overlaps one that is there.
func withEdit(list []jsonspan.Edit, e jsonspan.Edit) []jsonspan.Edit {
	i, _ := slices.BinarySearchFunc(list, e, func(have, e jsonspan.Edit) int { // the first that ends behind where e starts
		if have.End > e.Start {
			return 1
		}
		return -1
	})
	if i < len(list) && list[i].Start < e.End {
		return list
	}
	return slices.Insert(list, i, e)
}

// edited returns c with edits made to its JSON files.
func edited(c *index.Connector, edits map[*index.File][]jsonspan.Edit) (*index.Connector, error) {
	out := *c
	changed := map[*index.File]*index.File{}
	for f, list := range edits {
		src, err := jsonspan.Apply(f.Source, list)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		if changed[f], err = f.With(src); err != nil {
			return nil, err
		}
	}
	if f := changed[c.Def.File]; f != nil {
		def, err := index.NewDefinition(f)
		if err != nil {
			return nil, err
		}
		def.Missing = c.Def.Missing
		out.Def = def
	}
	if f := changed[c.Settings]; f != nil {
		out.Settings = f
	}
	if f := changed[c.Props.Whole]; f != nil {
		out.Props = index.PropertiesOf(f)
		return &out, nil
	}
	for _, v := range []*index.Value{&out.Props.Params, &out.Props.Sets, &out.Props.Policies} {
		if f := changed[v.File]; f != nil {
			*v = f.Root()
		}
	}
	out.Props.Parameters, out.Props.Instances = nil, nil
	out.Props.Index()
	return &out, nil
}
