package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/solutionkit/solutionkit/packager"
)

// readMap reads a mapping file. Its targets are seen from the first of the given folders in which they are.
func readMap(name string, from ...string) (*packager.Map, error) {
	src, err := readText(name)
	if err != nil {
		return nil, err
	}
	vars := map[string]string{}
	for _, pair := range os.Environ() {
		if name, value, ok := strings.Cut(pair, "="); ok {
			vars[name] = value
		}
	}
	return packager.ParseMap(src, filepath.ToSlash(name), &packager.MapOptions{Vars: vars, Folder: func(folder string) (fs.FS, error) {
		return targetFolder(filepath.FromSlash(folder), from)
	}})
}

// targetFolder opens the folder of a target.
func targetFolder(folder string, from []string) (fs.FS, error) {
	names := []string{folder}
	if !filepath.IsAbs(folder) {
		names = names[:0]
		for _, dir := range from {
			names = append(names, filepath.Join(dir, folder))
		}
	}
	for _, name := range names {
		info, err := os.Stat(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return nil, err
		case !info.IsDir():
			return nil, fmt.Errorf("%s: not a folder, where the mapping file has one: %w", name, fs.ErrNotExist)
		}
		return folderFS(name)
	}
	return nil, &fs.PathError{Op: "open", Path: folder, Err: fs.ErrNotExist}
}

// chooseMap reads the mapping file that a flag names, else that of the project; nil if there is none.
func chooseMap(name string, proj *project, tree string) (*packager.Map, error) {
	switch {
	case name != "":
		return readMap(name, tree)
	case proj != nil && proj.mapFile != "":
		return proj.readMap(tree)
	}
	return nil, nil
}
