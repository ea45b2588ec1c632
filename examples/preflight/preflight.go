package main

import (
	"fmt"
	"io"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A Report is what has to be known of a solution before its import. Its JSON has a schema, docs/schemas/preflight.json.
type Report struct {
	Name        string   `json:"name"` // the unique one
	Version     string   `json:"version"`
	Kind        string   `json:"kind"`
	Digest      string   `json:"digest"`      // the same for the same content, however it was compressed
	Needs       []string `json:"needs"`       // components of other solutions
	Connections []string `json:"connections"` // references that ask for a connection
	Values      []string `json:"values"`      // environment variables that ask for a value
	Errors      []string `json:"errors"`
}

func preflight(r io.ReaderAt, size int64) (*Report, error) {
	pkg, err := packager.Open(r, size, nil)
	if err != nil {
		return nil, err
	}
	digest, err := pkg.Digest()
	if err != nil {
		return nil, err
	}
	set, err := connref.Read(pkg)
	if err != nil {
		return nil, err
	}
	found, err := content.Check(pkg, nil)
	if err != nil {
		return nil, err
	}
	m := pkg.Manifest()
	report := &Report{Name: m.UniqueName(), Version: m.Version().String(), Kind: m.Kind().String(), Digest: digest,
		Needs: []string{}, Connections: []string{}, Values: []string{}, Errors: []string{}} // lists are never null
	for need := range m.Dependencies() {
		report.Needs = append(report.Needs, fmt.Sprintf("%s of %s", need.Required.Key, need.Required.Solution))
	}
	for _, ref := range set.References {
		report.Connections = append(report.Connections, ref.LogicalName+" to "+connref.ConnectorName(ref.ConnectorID))
	}
	for _, v := range set.Variables {
		if !v.HasValue() {
			report.Values = append(report.Values, v.SchemaName)
		}
	}
	for _, d := range found {
		if d.Severity == diag.Error {
			report.Errors = append(report.Errors, d.String())
		}
	}
	return report, nil
}
