package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diff"
	importplan "github.com/solutionkit/solutionkit/solution/plan"
)

// An installedVersion is the version of a solution that is installed, given by its zip or folder.
type installedVersion struct {
	source packageSource
	pkg    *importplan.Solution
}

// readInstalledVersions reads what -installed names, by folded unique name.
func readInstalledVersions(j *job, names []string) (map[string]*installedVersion, error) {
	var sources []packageSource
	for _, name := range names {
		sources = append(sources, packageSource{path: name, solution: j.solution})
	}
	packages, err := readPackages(j, sources)
	if err != nil {
		return nil, err
	}
	out := map[string]*installedVersion{}
	for i, p := range packages {
		key := solution.Fold(p.Name())
		if other := out[key]; other != nil {
			return nil, usagef("-installed %s and -installed %s are both of %s: keep the version that is installed", other.source.path, sources[i].path, p.Name())
		}
		out[key] = &installedVersion{source: sources[i], pkg: p}
	}
	return out, nil
}

// compare returns what changed to the parts of another version.
func (v *installedVersion) compare(parts solution.Parts) (*diff.Comparison, error) {
	old, _, closer, err := v.source.open()
	if err != nil {
		return nil, err
	}
	defer closer()
	return diff.Compare(old, parts, nil)
}

// install puts the installed versions of a batch into an environment, which may have them already.
func install(env *importplan.Environment, versions map[string]*installedVersion, batch []importplan.Item) (*importplan.Environment, error) {
	if len(versions) == 0 {
		return env, nil
	}
	out := *env
	out.Solutions = slices.Clone(env.Solutions)
	order := 0
	for i := range out.Solutions {
		order = max(order, out.Solutions[i].Order)
	}
	for _, key := range slices.Sorted(maps.Keys(versions)) {
		v := versions[key]
		if !slices.ContainsFunc(batch, func(x importplan.Item) bool { return solution.Fold(x.Solution.Name()) == key }) {
			return nil, usagef("-installed %s: no new version of %s is given", v.source.path, v.pkg.Name())
		}
		i := slices.IndexFunc(out.Solutions, func(in importplan.Installed) bool { return solution.Fold(in.Name) == key })
		if i < 0 {
			order++
			out.Solutions = append(out.Solutions, importplan.Installed{Name: v.pkg.Name(), Order: order, Package: v.pkg})
			continue
		}
		in := &out.Solutions[i]
		have := v.pkg.Content().Manifest().Version()
		if in.Version != (solution.Version{}) && in.Version.Compare(have) != 0 {
			return nil, fmt.Errorf("-installed %s: it is version %v of %s, and the environment has %v: give the version that is installed", v.source.path, have, in.Name, in.Version)
		}
		if in.Package == nil {
			in.Package = v.pkg
		}
	}
	return &out, nil
}
