// Cigate is the gate of a pull request that changes the source tree of a solution. See README.md.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution/diag"
)

func main() {
	sarif := flag.String("sarif", "", "write the findings to this `file`")
	markdown := flag.String("markdown", "", "write the summary to this `file`")
	allow := flag.Bool("allow-breaking", false, "let changes pass that break what uses the solution")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: cigate [flags] TREE [EXPORTED_ZIP [RELEASED_ZIP]]")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() < 1 || flag.NArg() > 3 {
		flag.Usage()
		os.Exit(2)
	}
	ok, err := run(flag.Arg(0), flag.Arg(1), flag.Arg(2), *sarif, *markdown, *allow)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

func run(dir, exportedZip, releasedZip, sarif, markdown string, allowBreaking bool) (bool, error) {
	if info, err := os.Stat(dir); err != nil {
		return false, err
	} else if !info.IsDir() {
		return false, fmt.Errorf("%s is no folder: the first argument is the source tree in the repository", dir)
	}
	tree, err := packager.Load(os.DirFS(dir), nil)
	if err != nil {
		return false, fmt.Errorf("%s: %w", dir, err)
	}
	var exported, released *packager.Package
	if exportedZip != "" {
		if exported, err = open(exportedZip); err != nil {
			return false, err
		}
	}
	if releasedZip != "" {
		if released, err = open(releasedZip); err != nil {
			return false, err
		}
	}
	v, err := judge(tree, exported, released)
	if err != nil {
		return false, err
	}
	var log, summary bytes.Buffer
	if err := diag.WriteSARIF(&log, diag.Tool{Name: "cigate", Rules: v.rules}, below(dir, v.found)); err != nil {
		return false, err
	}
	ok := v.passes(allowBreaking)
	fmt.Fprintf(&summary, "## %s\n\nErrors: %d, warnings: %d, breaking changes: %d\n\n", map[bool]string{true: "Passed", false: "Failed"}[ok],
		v.found.Count(diag.Error), v.found.Count(diag.Warning), len(v.breaking))
	if v.stale {
		fmt.Fprintf(&summary, "The tree is not what was exported: unpack %s again.\n\n", exportedZip)
	}
	if exported == nil {
		summary.WriteString("No exported zip was given, so the tree was held against none.\n\n")
	}
	writeFindings(&summary, below(dir, v.found))
	if v.changes == nil {
		summary.WriteString("Nothing is released, so nothing was compared.\n")
	} else if err := v.changes.WriteMarkdown(&summary); err != nil {
		return false, err
	}
	os.Stdout.Write(summary.Bytes())
	for name, data := range map[string][]byte{sarif: log.Bytes(), markdown: summary.Bytes()} {
		if name != "" {
			if err := os.WriteFile(name, data, 0o666); err != nil {
				return false, err
			}
		}
	}
	return ok, nil
}

// writeFindings lists errors and warnings, with their places. solkit rules explains the ids.
func writeFindings(w *bytes.Buffer, l diag.List) {
	if l.Max() < diag.Warning {
		return
	}
	w.WriteString("```text\n")
	for _, d := range l {
		if d.Severity >= diag.Warning {
			w.WriteString(strings.NewReplacer("`", "'", "\n", " ").Replace(d.String()) + "\n")
		}
	}
	w.WriteString("```\n\n")
}

// below returns findings whose files are those of the repository, so that a code host shows them beside the lines. A tree outside
// of the folder where the gate runs has none.
func below(dir string, l diag.List) diag.List {
	if dir = filepath.ToSlash(filepath.Clean(dir)); dir == "." || !filepath.IsLocal(filepath.FromSlash(dir)) {
		return l
	}
	out := slices.Clone(l)
	in := func(file *string) {
		if *file != "" {
			*file = path.Join(dir, *file)
		}
	}
	for i := range out {
		d := &out[i]
		in(&d.Location.File)
		d.Related, d.Fixes = slices.Clone(d.Related), slices.Clone(d.Fixes)
		for k := range d.Related {
			in(&d.Related[k].Location.File)
		}
		for k := range d.Fixes {
			d.Fixes[k].Edits = slices.Clone(d.Fixes[k].Edits)
			for n := range d.Fixes[k].Edits {
				in(&d.Fixes[k].Edits[n].File)
			}
		}
	}
	return out
}

func open(name string) (*packager.Package, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("%w: export the solution to it before the gate runs, or leave it out", err)
	}
	pkg, err := packager.Open(bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return pkg, nil
}
