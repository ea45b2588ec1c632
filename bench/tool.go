package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// withTool adds what the reference tool does with the same zip, and with the tree that it made of it, to the groups of unpacking and
// packing. Its files go into dir. Each run starts it anew, as those who use it do.
func withTool(groups []group, a *archive, command, dir string) error {
	words := strings.Fields(command)
	zip, tree := filepath.Join(dir, "a.zip"), filepath.Join(dir, "tree")
	if err := os.WriteFile(zip, a.zip, 0o600); err != nil {
		return err
	}
	run := func(args ...string) error {
		c := exec.Command(words[0], append(words[1:], args...)...)
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(c.Args, " "), err, out)
		}
		return nil
	}
	unpack := func() error {
		if err := os.RemoveAll(tree); err != nil {
			return err
		}
		return run("/action:Extract", "/zipfile:"+zip, "/folder:"+tree, "/packagetype:Unmanaged", "/nologo")
	}
	if err := unpack(); err != nil {
		return err
	}
	pack := func() error {
		return run("/action:Pack", "/zipfile:"+filepath.Join(dir, "b.zip"), "/folder:"+tree, "/packagetype:Unmanaged", "/nologo")
	}
	for i := range groups {
		switch groups[i].name {
		case unpacking:
			groups[i].jobs = append(groups[i].jobs, job{"reference tool, from start to end", false, unpack})
		case packing:
			groups[i].jobs = append(groups[i].jobs, job{"reference tool, from start to end", false, pack})
		}
	}
	return nil
}
