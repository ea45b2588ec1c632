package solutiontest_test

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

const caseFiles = "testdata/*.txtar"

// TestCases compares what readers see in the solution of each case with the file want, and packs it again.
func TestCases(t *testing.T) {
	golden.Run(t, caseFiles, func(t *testing.T, c *golden.Case) {
		text := string(c.Files[0].Data)
		got, err := seen(solutiontest.FS(t, text))
		if err != nil {
			t.Fatal(err)
		}
		c.HoldText(t, "want", got)
		wantErrors := ""
		for line := range strings.Lines(string(c.Comment)) {
			if rule, ok := strings.CutPrefix(line, "error: "); ok {
				wantErrors += rule
			}
		}
		if diff := cmp.Diff(wantErrors, roundTrip(t, text)); diff != "" {
			t.Errorf("errors of unpacking and packing (-want +got)\n%s", diff)
		}
	})
}

// seen writes what the packages that read solutions see in one.
func seen(fsys fs.FS) (string, error) {
	var b strings.Builder
	parts, err := solution.PartsOf(fsys)
	if err != nil {
		return "", err
	}
	c, err := content.Read(parts, nil)
	if err != nil {
		return "", err
	}
	m := c.Manifest()
	parent, patch := m.PatchOf()
	fmt.Fprintf(&b, "%s %v %v parent %v %t\n", m.UniqueName(), m.Version(), m.Kind(), parent, patch)
	p := m.Publisher()
	fmt.Fprintf(&b, "publisher %s %s %d\nexport %+v\n", p.UniqueName, p.Prefix, p.OptionValuePrefix, m.Export())
	for r := range m.RootComponents() {
		fmt.Fprintf(&b, "root %v %v\n", r.Key, r.Behavior)
	}
	for d := range m.Dependencies() {
		fmt.Fprintf(&b, "missing %v %v %q in %v %v by %v\n", d.Required.Key, d.Required.ID, d.Required.DisplayName, d.Required.Solution,
			d.Required.Applications, d.Dependent.Key)
	}
	for x := range c.Components() {
		fmt.Fprintf(&b, "component %v", x.Key)
		for _, k := range x.Alternates {
			if !k.ID().IsZero() {
				fmt.Fprintf(&b, " or %v", k)
			}
		}
		fmt.Fprintf(&b, " %q in %s\n", x.DisplayName, x.Location.File)
	}
	for r := range c.References() {
		fmt.Fprintf(&b, "%s %v -> %v %q %v\n", r.Edge, r.From, r.To, r.Text, r.Resolved)
	}
	for x := range c.Calls() {
		fmt.Fprintf(&b, "call %v -> %s of %v by %v\n", x.From, x.Operation, x.Connector, x.Reference)
	}
	for _, d := range c.Diagnostics() {
		fmt.Fprintf(&b, "content: %v %s\n", d.Severity, d.Rule)
	}
	set, err := connref.Read(parts)
	if err != nil {
		return "", err
	}
	for _, r := range set.References {
		fmt.Fprintf(&b, "reference %s %q %s custom %v skip %t\n", r.LogicalName, r.DisplayName, r.ConnectorID, r.CustomConnector, r.Skip)
	}
	for _, v := range set.Variables {
		fmt.Fprintf(&b, "variable %s %q %v", v.SchemaName, v.DisplayName, v.Type)
		if v.Default != nil {
			fmt.Fprintf(&b, " default %q", v.Default.Reveal())
		}
		if v.Value != nil {
			fmt.Fprintf(&b, " value %q (prints %v)", v.Value.Reveal(), v.Value)
		}
		fmt.Fprintf(&b, " api %q parameter %q parent %q\n", v.APIID, v.ParameterKey, v.Parent)
	}
	for _, u := range set.Uses {
		fmt.Fprintf(&b, "use %v of %s", u.By, u.Name)
		if u.Invoker {
			b.WriteString(" by whoever runs it")
		}
		b.WriteString("\n")
	}
	for _, r := range set.Raw {
		fmt.Fprintf(&b, "raw %v of %s as %s\n", r.By, r.Connector, r.Alias)
	}
	list, err := connector.Read(parts)
	if err != nil {
		return "", err
	}
	for _, c := range list {
		fmt.Fprintf(&b, "connector %s %s %q at %s%s\n", c.Name(), c.ID(), c.Title(), c.Host(), c.BasePath())
		for p := range c.ConnectionParameters() {
			fmt.Fprintf(&b, "parameter %s %s\n", p.Name, p.Type)
		}
		for p := range c.Security() {
			fmt.Fprintf(&b, "security %s %s\n", p.Name, p.Type)
		}
		for _, s := range c.Secrets() {
			fmt.Fprintf(&b, "secret %v %s of %s\n", s.Kind, s.Field, s.Owner)
		}
	}
	return b.String(), nil
}

// roundTrip unpacks the zip of a text and packs it again, and returns the rules of findings of severity error, a line
// each.
func roundTrip(t *testing.T, text string) (rules string) {
	t.Helper()
	zip := solutiontest.Zip(t, text)
	if !bytes.Equal(zip, solutiontest.Zip(t, text)) {
		t.Error("two zips of one text differ")
	}
	p, err := packager.Open(bytes.NewReader(zip), int64(len(zip)), nil)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := packager.Unpack(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	checked, err := tree.Check()
	if err != nil {
		t.Fatal(err)
	}
	packed, err := packager.Pack(io.Discard, tree, nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, d := range append(checked, packed...) {
		if d.Severity >= diag.Error && !seen[d.Rule] {
			seen[d.Rule] = true
			rules += d.Rule + "\n"
		}
	}
	return rules
}
