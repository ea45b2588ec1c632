package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// advise adds to an error of the system what to do next; others say it themselves.
func advise(err error) error {
	var at *fs.PathError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, zip.ErrFormat):
		return fmt.Errorf("%w: give the zip of a solution as it was exported, or the folder that it was unpacked to", err)
	case !errors.As(err, &at):
		return err
	case errors.Is(err, fs.ErrNotExist):
		if near := besides(at.Path); near != "" {
			return fmt.Errorf("%w: did you mean %s?", err, near)
		}
		return fmt.Errorf("%w: is the name right? It is looked for from where solkit runs", err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w: ask for the right to read or write it, or give another name", err)
	}
	return err
}

// besides returns the file or folder beside a missing one that has nearly its name; empty if there is none.
func besides(name string) string {
	dir, base := filepath.Split(filepath.Clean(name))
	entries, err := os.ReadDir(filepath.Clean(dir + "."))
	if err != nil {
		return ""
	}
	var names []string
	for _, e := range entries[:min(len(entries), 1000)] {
		names = append(names, e.Name())
	}
	if near := nearest(base, names); near != "" {
		return dir + near
	}
	return ""
}
