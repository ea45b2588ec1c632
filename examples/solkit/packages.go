package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diff"
	importplan "github.com/solutionkit/solutionkit/solution/plan"
)

// A packageSource is a zip or folder that plans are made of.
type packageSource struct {
	path string
	// name is that of a package which does not tell. If it is empty, such a package cannot be read.
	name string
	// solution is that of a YAML source with several.
	solution string
	// against are the installed versions to compare with, by folded unique name, and changes takes what changed since that of this
	// package; nil: none.
	against map[string]*installedVersion
	changes *diff.Comparison
	// wrap puts in front of an error what its path does not tell; nil: nothing.
	wrap func(error) error
}

// batchSources are the arguments. A zip without solution.xml is one that the platform refuses, which the plan tells.
func batchSources(args []string, solution string) []packageSource {
	var out []packageSource
	for _, arg := range args {
		base := filepath.Base(filepath.Clean(arg))
		if ext := filepath.Ext(base); strings.EqualFold(ext, ".zip") {
			base = strings.TrimSuffix(base, ext)
		}
		out = append(out, packageSource{path: arg, name: base, solution: solution})
	}
	return out
}

// readPackages reads packages, several at a time. Of several errors it returns that of the first source.
func readPackages(j *job, sources []packageSource) ([]*importplan.Solution, error) {
	show := j.progress()
	defer show.stop()
	show.begin(len(sources), "solution")
	packages, errs := make([]*importplan.Solution, len(sources)), make([]error, len(sources))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(sources)) {
		workers.Go(func() {
			for i := range next {
				show.set("reading %s", sources[i].path)
				if errs[i] = j.ctx.Err(); errs[i] == nil {
					packages[i], errs[i] = sources[i].read()
				}
				show.step()
			}
		})
	}
	for i := range sources {
		next <- i
	}
	close(next)
	workers.Wait()
	for i, err := range errs {
		switch {
		case err == nil:
		case sources[i].wrap != nil:
			return nil, sources[i].wrap(err)
		default:
			return nil, err
		}
	}
	return packages, nil
}

func (s *packageSource) read() (*importplan.Solution, error) {
	parts, size, closer, err := s.open()
	if err != nil {
		return nil, err
	}
	defer closer()
	p, err := importplan.Read(parts, &importplan.ReadOptions{Name: s.name, Size: size})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.path, err)
	}
	if old := s.against[solution.Fold(p.Name())]; old != nil {
		if s.changes, err = old.compare(parts); err != nil {
			return nil, fmt.Errorf("%s: %w", s.path, err)
		}
	}
	return p, nil
}

// open opens the source; size is that of a zip.
func (s *packageSource) open() (parts solution.Parts, size int64, closer func(), err error) {
	info, err := os.Stat(s.path)
	if err != nil {
		return nil, 0, nil, err
	}
	if info.IsDir() {
		_, parts, err = openFolder(s.path, s.solution)
		return parts, 0, func() {}, err
	}
	f, err := openRegular(s.path)
	if err != nil {
		return nil, 0, nil, err
	}
	parts, err = readZip(f)
	if err != nil && s.name != "" {
		if z := rootless(f, info.Size(), err); z != nil {
			parts, err = solution.PartsOf(z)
		}
	}
	if err != nil {
		f.Close()
		return nil, 0, nil, fmt.Errorf("%s: %w", s.path, err)
	}
	return parts, info.Size(), func() { f.Close() }, nil
}

// rootless returns the zip in f if the reason why it was refused is that it has no solution.xml at its root, else nil.
// Everything else about its directory has been found good then.
func rootless(f *os.File, size int64, refused error) *zip.Reader {
	var at *packager.Error
	if !errors.As(refused, &at) || at.Path != solution.ManifestFile || !errors.Is(refused, packager.ErrFormat) {
		return nil
	}
	z, err := zip.NewReader(f, size)
	if err != nil {
		return nil
	}
	for _, entry := range z.File {
		if strings.EqualFold(strings.TrimLeft(strings.ReplaceAll(entry.Name, `\`, "/"), "/"), solution.ManifestFile) {
			return nil // it is refused for something else, such as that it is encrypted
		}
	}
	return z
}

// openFolder opens an extracted zip, a source tree, or the solution of that name of a YAML source; the tree is nil if it is the first.
func openFolder(dir, name string) (*packager.Tree, solution.Parts, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		if !strings.EqualFold(e.Name(), solution.ManifestFile) || !e.Type().IsRegular() {
			continue
		}
		fsys, err := folderFS(dir)
		if err != nil {
			return nil, nil, err
		}
		parts, err := solution.PartsOf(fsys)
		return nil, parts, err
	}
	tree, err := loadTree(dir, name)
	if err != nil {
		return nil, nil, err
	}
	parts, err := tree.Parts()
	return tree, parts, err
}
