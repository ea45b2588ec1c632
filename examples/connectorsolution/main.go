// Connectorsolution makes a solution of loose custom connectors: NAME.zip and NAME_managed.zip, with the same bytes each time,
// and RUNBOOK.md, which says in which order to import and what to do by hand. With -with, connectors that stand in the solution of
// their consumers, the apps and flows, are taken out of it, as they must be there before.
//
//	go run ./examples/connectorsolution -name StockConnectors -prefix contoso [-version 1.2.0.0] [-with apps.zip] DIR OUT
//
// DIR is a folder of apiDefinition.swagger.json, apiProperties.json, script and icon, or of such folders. Secrets and values of
// one environment do not come into the zips.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/build"
)

func main() {
	name := flag.String("name", "", "unique name of the solution")
	prefix := flag.String("prefix", "", "prefix of the publisher, which is also its name")
	option := flag.Int("option", 10000, "option value prefix of the publisher")
	version := flag.String("version", "1.0.0.0", "version of the solution")
	with := flag.String("with", "", "zip of the apps and flows that use the connectors")
	flag.Parse()
	if flag.NArg() != 2 || *name == "" || *prefix == "" {
		fmt.Fprintln(os.Stderr, "usage: connectorsolution -name NAME -prefix PREFIX [-option N] [-version V] [-with ZIP] DIR OUT")
		os.Exit(2)
	}
	v, err := solution.ParseVersion(*version)
	if err == nil {
		s := build.Solution{Name: *name, Version: v, Publisher: solution.Publisher{UniqueName: *prefix, Prefix: *prefix, OptionValuePrefix: *option}}
		err = run(s, flag.Arg(0), *with, flag.Arg(1))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run reads all that is asked for, and writes when everything is made.
func run(s build.Solution, dir, with, out string) error {
	var consumers *packager.Package
	if with != "" {
		src, err := os.ReadFile(with)
		if err != nil {
			return err
		}
		if consumers, err = packager.Open(bytes.NewReader(src), int64(len(src)), nil); err != nil {
			return fmt.Errorf("%s: %w", with, err)
		}
	}
	files, err := assemble(s, os.DirFS(dir), consumers)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o777); err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(out, name), data, 0o666); err != nil {
			return err
		}
	}
	return nil
}
