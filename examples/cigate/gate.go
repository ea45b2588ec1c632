package main

import (
	"github.com/solutionkit/solutionkit/connector/lint"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/diff"
)

// A verdict is what a gate found.
type verdict struct {
	rules    *diag.Catalogue
	found    diag.List        // of the tree, its content and its connectors, each with its place in the tree
	changes  *diff.Comparison // nil if nothing is released
	breaking []diff.Component
	stale    bool // the tree does not pack to what was exported
}

// passes reports whether the pull request may be merged. Nothing that breaks a user of the solution passes unasked.
func (v *verdict) passes(allowBreaking bool) bool {
	return v.found.Count(diag.Error) == 0 && !v.stale && (allowBreaking || len(v.breaking) == 0)
}

// judge holds tree against the package that was exported last, and against the one that is released; either may be nil.
func judge(tree *packager.Tree, exported, released *packager.Package) (*verdict, error) {
	rules, err := diag.NewCatalogue(packager.Rules(), solution.Rules(), content.Rules(), connref.Rules(), lint.Rules(), diff.Rules())
	if err != nil {
		return nil, err
	}
	v := &verdict{rules: rules}
	parts, err := tree.Parts()
	if err != nil {
		return nil, err
	}
	ofTree, err := tree.Check()
	if err != nil {
		return nil, err
	}
	ofContent, err := content.Check(parts, nil) // missing references among them
	if err != nil {
		return nil, err
	}
	ofConnectors, err := lint.CheckSolution(parts, nil)
	if err != nil {
		return nil, err
	}
	v.found = diag.Join(ofTree, ofContent, ofConnectors)
	if exported != nil {
		have, err := tree.Digest()
		if err != nil {
			return nil, err
		}
		want, err := exported.Digest()
		if err != nil {
			return nil, err
		}
		v.stale = have != want
	}
	if released != nil {
		if v.changes, err = diff.Compare(released, parts, nil); err != nil {
			return nil, err
		}
		v.breaking = v.changes.Breaking()
		v.found = diag.Join(v.found, v.changes.Diagnostics)
	}
	return v, nil
}
