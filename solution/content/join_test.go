package content_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// TestJoinRuntimeIDs holds which connector of another solution a run-time id means.
func TestJoinRuntimeIDs(t *testing.T) {
	const id = "shared_ct-5ferp-5f0123456789abcdef"
	const apps = "solution Apps 1.0.0.0\nconnectionreference ct_erp connector=" + id + "\n"
	for _, c := range []struct{ name, core, to, resolved string }{
		{"of the connector", "solution Core 1.0.0.0\nconnector ct_5ferp id=77\n", "ct_5ferp", "batch"},
		{"of another", "solution Core 1.0.0.0\nconnector ct_5fcrm id=77\n", id, "none"},
		{"of one of two", "solution Core 1.0.0.0\nconnector ct_5ferp id=77\nconnector ct_erp id=78\n", id, "none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var read []*content.Content
			for _, text := range []string{c.core, apps} {
				one, err := content.Read(solutiontest.Parts(t, text), nil)
				if err != nil {
					t.Fatal(err)
				}
				read = append(read, one)
			}
			connectors := func(c *content.Content) (got []string) {
				for ref := range c.References() {
					if ref.To.Type() == solution.TypeConnector && ref.To.Name() != "" {
						got = append(got, ref.To.Name()+" "+ref.Resolved.String())
					}
				}
				return slices.Compact(got)
			}
			before := connectors(read[1])
			if diff := cmp.Diff([]string{c.to + " " + c.resolved}, connectors(content.Join(read...)[1])); diff != "" {
				t.Errorf("joined (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(before, connectors(read[1])); diff != "" {
				t.Errorf("what was joined is changed (-before +after)\n%s", diff)
			}
		})
	}
}
