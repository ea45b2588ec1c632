package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/build"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// TestRunbook runs each case: the loose connectors in DIR, the text of the consumers if there is one, and the runbook.
func TestRunbook(t *testing.T) {
	golden.Run(t, "testdata/*.txtar", func(t *testing.T, c *golden.Case) {
		all, err := txtar.FS(c.Archive)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		loose, err := fs.Sub(all, "loose")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(filepath.Join(dir, "loose"), loose); err != nil {
			t.Fatal(err)
		}
		with := ""
		if text, err := fs.ReadFile(all, "consumers"); err == nil {
			with = filepath.Join(dir, "apps.zip")
			if err := os.WriteFile(with, solutiontest.Zip(t, string(text)), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		s := build.Solution{Name: "StockConnectors", Version: solution.Version{Major: 1, Minor: 2}, Publisher: solution.Publisher{UniqueName: "ct", Prefix: "ct", OptionValuePrefix: 10000}}
		for _, out := range []string{"one", "two"} {
			if err := run(s, filepath.Join(dir, "loose"), with, filepath.Join(dir, out)); err != nil {
				t.Fatal(err)
			}
		}
		if d := solutiontest.DiffFS(os.DirFS(filepath.Join(dir, "one")), os.DirFS(filepath.Join(dir, "two"))); d != "" {
			t.Errorf("two runs differ:\n%s", d)
		}
		got, err := os.ReadFile(filepath.Join(dir, "one/RUNBOOK.md"))
		if err != nil {
			t.Fatal(err)
		}
		c.HoldText(t, "RUNBOOK.md", string(got))
		plain, managed := open(t, filepath.Join(dir, "one/StockConnectors.zip")), open(t, filepath.Join(dir, "one/StockConnectors_managed.zip"))
		if d := solutiontest.Diff(plain, managed); strings.Count(d, "\n") != 4 || !strings.Contains(d, "SolutionManifest/Managed") {
			t.Errorf("the kinds differ in more than the kind:\n%s", d)
		}
		for _, zip := range []solution.Parts{plain, managed} {
			list, err := connector.Read(zip)
			if err != nil || len(list) == 0 {
				t.Fatalf("%v, %v", list, err)
			}
			for _, c := range list {
				for _, s := range c.Secrets() {
					if s.Kind != connector.Enter {
						t.Errorf("%s of %s travels", s.Field, c.Name())
					}
				}
			}
		}
		if with == "" {
			return
		}
		if list, err := connector.Read(open(t, filepath.Join(dir, "one/Apps.zip"))); err != nil || len(list) > 0 {
			t.Errorf("the consumers hold %v, %v", list, err)
		}
	})
}

func open(t *testing.T, name string) *packager.Package {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	p, err := packager.Open(bytes.NewReader(src), int64(len(src)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestRefused: nothing is written of what cannot be made.
func TestRefused(t *testing.T) {
	dir := t.TempDir()
	s := build.Solution{Name: "Stock", Publisher: solution.Publisher{UniqueName: "ct", Prefix: "ct", OptionValuePrefix: 10000}}
	if err := run(s, dir, "", filepath.Join(dir, "out")); err == nil || !strings.Contains(err.Error(), connector.ErrNoConnector.Error()) {
		t.Errorf("a folder without connectors: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "out")); !os.IsNotExist(err) {
		t.Errorf("something is written: %v", err)
	}
}
