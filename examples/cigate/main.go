// Cigate is the gate of a pull request that changes the source tree of a solution. See README.md.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution/diag"
)

func main() {
	sarif := flag.String("sarif", "", "write the findings to this `file`")
	markdown := flag.String("markdown", "", "write the summary to this `file`")
	allow := flag.Bool("allow-breaking", false, "let changes pass that break what uses the solution")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: cigate [flags] TREE EXPORTED_ZIP RELEASED_ZIP")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 3 {
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
	tree, err := packager.Load(os.DirFS(dir), nil)
	if err != nil {
		return false, err
	}
	exported, err := open(exportedZip)
	if err != nil {
		return false, err
	}
	released, err := open(releasedZip)
	if err != nil {
		return false, err
	}
	v, err := judge(tree, exported, released)
	if err != nil {
		return false, err
	}
	var log, summary bytes.Buffer
	if err := diag.WriteSARIF(&log, diag.Tool{Name: "cigate", Rules: v.rules}, v.found); err != nil {
		return false, err
	}
	ok := v.passes(allowBreaking)
	fmt.Fprintf(&summary, "## %s\n\n%d errors, %d warnings, %d breaking changes\n\n", map[bool]string{true: "Passed", false: "Failed"}[ok],
		v.found.Count(diag.Error), v.found.Count(diag.Warning), len(v.breaking))
	if v.stale {
		fmt.Fprintf(&summary, "The tree is not what was exported: unpack %s again.\n\n", exportedZip)
	}
	if err := v.changes.WriteMarkdown(&summary); err != nil {
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

func open(name string) (*packager.Package, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return packager.Open(bytes.NewReader(data), int64(len(data)), nil)
}
