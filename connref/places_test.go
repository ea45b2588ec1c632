package connref_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
)

// withoutPlaces returns what a set says as sorted lines without positions, which differ between a zip and its tree.
func withoutPlaces(s *connref.Set) []string {
	var out []string
	for _, r := range s.References {
		out = append(out, fmt.Sprintf("reference %s %q %s %v %t", r.LogicalName, r.DisplayName, r.ConnectorID, r.CustomConnector, r.Skip))
		for _, k := range r.UsedBy {
			out = append(out, fmt.Sprintf("%s used by %v", r.LogicalName, k))
		}
	}
	for _, v := range s.Variables {
		out = append(out, fmt.Sprintf("variable %s %q %v %v %v %s", v.SchemaName, v.DisplayName, v.Type, v.Default, v.Value, v.Parent))
	}
	for _, u := range s.Uses {
		out = append(out, fmt.Sprintf("use %s %v", u.Name, u.By))
	}
	for _, r := range s.Raw {
		out = append(out, fmt.Sprintf("raw %s %q %v", r.Connector, r.Alias, r.By))
	}
	for _, d := range s.Diagnostics() {
		out = append(out, d.Rule+" "+strings.ToLower(d.Message))
	}
	slices.Sort(out)
	return out
}
