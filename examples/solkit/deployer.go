package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/deployer"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/diff"
	importplan "github.com/solutionkit/solutionkit/solution/plan"
)

// A deployment is a package of Package Deployer and the solutions in it.
type deployment struct {
	*deployer.Package
	solutions map[string]*importplan.Solution // by file on the list
	changes   map[string]*diff.Comparison     // since the installed version, where that is given
}

// maxNested is the size of the largest zip inside of another that is read.
const maxNested = 512 << 20

// openDeployment reads a package of Package Deployer; nil if the argument is none.
func openDeployment(j *job, name string, versions map[string]*installedVersion) (*deployment, error) {
	fsys, closer, err := deploymentFS(name)
	if err != nil || fsys == nil {
		return nil, err
	}
	defer closer()
	pkg, err := deployer.Open(fsys)
	if errors.Is(err, deployer.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	d := &deployment{pkg, map[string]*importplan.Solution{}, map[string]*diff.Comparison{}}
	for i := range pkg.Config.Solutions {
		s := &pkg.Config.Solutions[i]
		file, ok := pkg.Path(s)
		if !ok || d.solutions[s.File] != nil {
			continue
		}
		if err := j.ctx.Err(); err != nil {
			return nil, err
		}
		if d.solutions[s.File], d.changes[s.File], err = readNested(fsys, file, versions); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", name, file, err)
		}
	}
	return d, nil
}

// deploymentFS opens what may be a package: a folder or zip that is no solution itself; nil if it is none.
func deploymentFS(name string) (fsys fs.FS, closer func(), err error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, nil, nil // reading it as a solution says why
	}
	if info.IsDir() {
		fsys, err = folderFS(name)
		return fsys, func() {}, err
	}
	f, err := openRegular(name)
	if err != nil {
		return nil, nil, nil
	}
	z, err := zip.NewReader(f, info.Size())
	if err != nil || !hasList(z) {
		f.Close()
		return nil, nil, nil
	}
	return z, func() { f.Close() }, nil
}

// hasList reports whether a zip is no solution and has a list of solutions.
func hasList(z *zip.Reader) bool {
	list := false
	for _, e := range z.File {
		entry := strings.ReplaceAll(e.Name, `\`, "/")
		if strings.EqualFold(entry, solution.ManifestFile) {
			return false
		}
		list = list || strings.EqualFold(path.Base(entry), deployer.ConfigFile)
	}
	return list
}

// readNested reads a zip of a solution that stands in a package, and compares it with the installed version if that is given.
func readNested(fsys fs.FS, name string, versions map[string]*installedVersion) (*importplan.Solution, *diff.Comparison, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxNested+1))
	if err != nil {
		return nil, nil, err
	}
	if len(data) > maxNested {
		return nil, nil, fmt.Errorf("more than %d MiB: give the zip itself", maxNested>>20)
	}
	parts, err := packager.Open(bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		return nil, nil, err
	}
	p, err := importplan.Read(parts, &importplan.ReadOptions{Size: int64(len(data))})
	if err != nil {
		return nil, nil, err
	}
	old := versions[solution.Fold(p.Name())]
	if old == nil {
		return p, nil, nil
	}
	changes, err := old.compare(parts)
	return p, changes, err
}

// findings is what is wrong with the package by itself and against a plan; files are below its name.
func (d *deployment) findings(p *importplan.Plan) diag.List {
	return diag.Join(d.Diagnostics(), d.Check(p, d.solutions))
}

// A listing knows the file of each solution of a plan, for a list that Package Deployer reads.
type listing map[string]deployer.Solution // by folded unique name

// add notes the file of a solution.
func (l listing) add(p *importplan.Solution, s deployer.Solution) { l[solution.Fold(p.Name())] = s }

// config returns the list of a plan.
func (l listing) config(p *importplan.Plan) (*deployer.Config, error) {
	if p.Blocked {
		return nil, fmt.Errorf("no %s is written, as not all of the solutions can be imported: -format text says why", deployer.ConfigFile)
	}
	c := &deployer.Config{}
	seen := map[string]string{}
	for _, step := range p.Steps {
		s := l[solution.Fold(step.Solution)]
		switch other := seen[solution.Fold(s.File)]; {
		case !strings.EqualFold(filepath.Ext(s.File), ".zip"):
			return nil, fmt.Errorf("no %s is written: %s is no zip, and Package Deployer imports zips: pack it first", deployer.ConfigFile, s.File)
		case other != "":
			return nil, fmt.Errorf("no %s is written: %s and %s have files of one name, %s: rename one", deployer.ConfigFile, other, step.Solution, s.File)
		}
		seen[solution.Fold(s.File)] = step.Solution
		c.Solutions = append(c.Solutions, s)
	}
	return c, nil
}
