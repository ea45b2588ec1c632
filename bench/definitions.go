package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/go-openapi/loads"
	"github.com/go-openapi/strfmt"
	"github.com/go-openapi/validate"
	"github.com/pb33f/libopenapi"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connector/lint"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// definitionGroup is what reads a definition of a connector, and says what is wrong with it.
func definitionGroup(src []byte) group {
	return group{"check a definition", len(src), []job{
		{"copy", false, func() error { copy(make([]byte, len(src)), src); return nil }},
		{"encoding/json, into any", false, func() error { var v any; return json.Unmarshal(src, &v) }},
		{"load", true, func() error { _, err := connector.Load(connectorFiles(src)); return err }},
		{"load and lint", true, func() error {
			list, err := connector.Load(connectorFiles(src))
			if err != nil {
				return err
			}
			for _, d := range lint.Check(list[0], nil) {
				if d.Severity == diag.Error {
					return fmt.Errorf("%s: %s", d.Rule, d.Message)
				}
			}
			return nil
		}},
		{"libopenapi: model", false, byLibopenapi(src)},
		{"kin-openapi: read, convert, validate", false, byKin(src)},
		{"go-openapi: load, expand, validate", false, byGoOpenAPI(src)},
	}}
}

func byLibopenapi(src []byte) func() error {
	return func() error {
		d, err := libopenapi.NewDocument(src)
		if err != nil {
			return err
		}
		_, err = d.BuildV2Model()
		return err
	}
}

// byKin converts, as that package validates version 3 alone.
func byKin(src []byte) func() error {
	return func() error {
		var d openapi2.T
		if err := json.Unmarshal(src, &d); err != nil {
			return err
		}
		three, err := openapi2conv.ToV3(&d)
		if err != nil {
			return err
		}
		return three.Validate(context.Background())
	}
}

func byGoOpenAPI(src []byte) func() error {
	return func() error {
		d, err := loads.Analyzed(src, "2.0")
		if err != nil {
			return err
		}
		return validate.Spec(d, strfmt.Default)
	}
}
