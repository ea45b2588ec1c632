package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"slices"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/diff"
)

var diffCommand = command{
	name:    "diff",
	args:    []string{"OLD", "NEW..."},
	summary: "tell what changed between two solutions",
	sourced: true,
	help: `Compares two solutions, each a zip or an unpacked folder, component by component: what came, went and changed, with the
property, the old and the new text, the places on both sides, and whether the change breaks what uses the component.
Order without meaning, formatting and null are no differences. What differs though nobody changed it (server builds,
versions of tools, generated ids) is noise: -noise shows it. The exit status is 0 if there are no differences but noise,
1 if there are, and 2 for wrong usage or if a side cannot be read. Of a tree of both kinds that package counts of which kind
the other side is. Of two such trees the unmanaged ones are shown, and if the managed ones differ, that is told.

With -git the arguments are those that git gives an external diff. Set it up with
  git config diff.solution.command "solkit diff -git"
  echo "*.zip diff=solution" >> .gitattributes
What runs no external diff, such as git log -p, shows the inventories of both sides with
  git config diff.solution.textconv "solkit inventory -markdown"`,
	examples: []string{"solkit diff contoso_1_0_0_0.zip contoso_1_1_0_0.zip", "solkit diff -markdown contoso_1_0_0_0.zip src"},
	define: func(fs *flag.FlagSet) action {
		d := &diffDocument{}
		fs.BoolVar(&d.noise, "noise", false, "show noise, too")
		fs.BoolVar(&d.markdown, "markdown", false, "print Markdown, for a pull request")
		fs.BoolVar(&d.git, "git", false, "take the seven arguments that git gives, and end with status 0")
		return func(j *job) (document, error) { return compare(j, d) }
	},
}

// A diffDocument is the differences of two solutions.
type diffDocument struct {
	*diff.Comparison
	noise, markdown, git bool
	path                 string // of git
	outcome
}

// MarshalJSON gives the comparison, and why there is none.
func (d *diffDocument) MarshalJSON() ([]byte, error) {
	if d.Comparison == nil {
		return json.Marshal(d.outcome)
	}
	src, err := d.Comparison.MarshalJSON()
	if err != nil || len(d.Diagnostics) == 0 {
		return src, err
	}
	told, err := json.Marshal(findings(d.Diagnostics))
	if err != nil {
		return nil, err
	}
	return slices.Concat(src[:len(src)-1], []byte(`,"diagnostics":`), told, []byte("}")), nil
}

func (d *diffDocument) machine() bool { return d.markdown && d.Comparison != nil }

func (d *diffDocument) writeMachine(w io.Writer) error { return d.WriteMarkdown(w) }

func (d *diffDocument) text(p *printer, _ *job) {
	if d.Comparison == nil {
		return
	}
	if d.path != "" {
		fmt.Fprintf(p, "solkit diff %s\n", d.path)
	}
	var b bytes.Buffer
	_ = d.WriteText(&b) // a buffer takes everything
	if d.noise {
		_ = d.WriteNoise(&b)
	}
	p.changes(b.String())
	for _, f := range d.Diagnostics {
		fmt.Fprintln(p, f)
	}
}

// sevenArguments is how many arguments git gives: path, and file, hash and mode of both sides.
const sevenArguments = 7

func compare(j *job, d *diffDocument) (document, error) {
	args := j.args
	switch {
	case d.git && len(args) == sevenArguments:
		d.path, args = args[0], []string{args[1], args[4]}
	case d.git:
		return d, usagef("%d arguments: with -git there are seven, which git gives", len(args))
	case len(args) != 2:
		return d, usagef("%d arguments: it takes two, OLD and NEW", len(args))
	}
	var parts [2]solution.Parts
	var sources [2]*source
	for i, name := range args {
		if d.git && name == "/dev/null" {
			empty, err := solution.NewManifest("nothing", solution.Version{}, solution.Publisher{UniqueName: "nothing", Prefix: "new", OptionValuePrefix: 10000})
			if err != nil {
				return d, err
			}
			parts[i] = solution.NewParts(empty)
			continue
		}
		src, err := openSource(j, name)
		if err != nil {
			return d, &troubleError{err}
		}
		defer src.close()
		sources[i] = src
	}
	kinds := comparedKinds(sources)
	for i, src := range sources {
		var err error
		if src == nil {
			continue
		}
		if parts[i], err = src.partsAs(kinds[0]); err != nil {
			return d, &troubleError{src.wrap(err)}
		}
	}
	c, err := diff.Compare(parts[0], parts[1], nil)
	if err != nil {
		return d, &troubleError{err}
	}
	d.Comparison = c
	same := c.Equal()
	for _, kind := range kinds[1:] {
		also, err := d.otherKind(sources, kind)
		if err != nil {
			return d, &troubleError{err}
		}
		same = same && also
	}
	d.blocked = !same && !d.git
	return d, nil
}

// comparedKinds are the kinds of the packages to compare, that which is shown first: those that both sides have, of which one may be
// nothing.
func comparedKinds(sources [2]*source) (kinds []solution.Kind) {
	for _, kind := range []solution.Kind{solution.Unmanaged, solution.Managed} {
		if !slices.ContainsFunc(sources[:], func(s *source) bool { return s != nil && !s.has(kind) }) {
			kinds = append(kinds, kind)
		}
	}
	if len(kinds) == 0 {
		return []solution.Kind{solution.Unmanaged}
	}
	return kinds
}

// ruleOtherKindDiffers tells of differences that are not shown.
var ruleOtherKindDiffers = diag.Rule{ID: "solkit/other-kind-differs", Severity: diag.Warning, Summary: "the managed packages of trees of both kinds differ, too",
	Help: "What is shown are the differences of the unmanaged ones. Compare the managed zips to see the others."}

// otherKind compares the packages of another kind of two trees of both kinds, and tells if they differ, of which most is shown before.
func (d *diffDocument) otherKind(sources [2]*source, kind solution.Kind) (same bool, err error) {
	var parts [2]solution.Parts
	for i, src := range sources {
		if src == nil {
			return true, nil
		}
		if parts[i], err = src.partsAs(kind); err != nil {
			return false, src.wrap(err)
		}
	}
	c, err := diff.Compare(parts[0], parts[1], nil)
	if err != nil || c.Equal() {
		return true, err
	}
	d.Diagnostics = append(d.Diagnostics, diag.Diagnostic{Rule: ruleOtherKindDiffers.ID, Severity: ruleOtherKindDiffers.Severity,
		Message: fmt.Sprintf("the %s packages differ, too: pack both trees with -kind %s and compare the zips to see in what", kind, kind)})
	return false, nil
}
