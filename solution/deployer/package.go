package deployer

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// A Package is a package of Package Deployer.
type Package struct {
	Dir    string // the folder of the list in what was opened, "." for the top
	Config *Config
	file   string
	zips   []string // beside and below the list, relative to Dir
}

// ErrNone is the error of [Open] where no folder has a list.
var ErrNone = errors.New("no " + ConfigFile + " is in it")

// Bounds of what is read: no list has a thousandth of that.
const (
	maxConfig  = 4 << 20
	maxEntries = 100_000
	maxDepth   = 8
)

var errNoList = errors.New("this is no list of solutions")

// Open finds the list in a file system and reads it. The error is [ErrNone], or says that there are several lists, or what is wrong
// with the one that is there.
func Open(fsys fs.FS) (*Package, error) {
	var lists, zips []string
	entries := 0
	err := memfs.Walk(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entries++; entries > maxEntries {
			return fmt.Errorf("%w, as far as its first %d files tell: give the folder of the list", ErrNone, maxEntries)
		}
		switch {
		case d.IsDir() && strings.Count(name, "/") >= maxDepth, d.IsDir() && name != "." && strings.HasPrefix(path.Base(name), "."):
			return fs.SkipDir
		case d.IsDir():
		case strings.EqualFold(path.Base(name), ConfigFile):
			lists = append(lists, name)
		case strings.EqualFold(path.Ext(name), ".zip"):
			zips = append(zips, name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(lists) == 0 {
		return nil, ErrNone
	}
	// A list in a folder further up is the package; copies of it stand in folders of builds.
	slices.SortFunc(lists, func(a, b string) int {
		return cmp.Or(cmp.Compare(strings.Count(a, "/"), strings.Count(b, "/")), strings.Compare(a, b))
	})
	if len(lists) > 1 && strings.Count(lists[0], "/") == strings.Count(lists[1], "/") {
		return nil, fmt.Errorf("several lists, %s and %s: give the folder of one", lists[0], lists[1])
	}
	p := &Package{Dir: path.Dir(lists[0]), file: lists[0]}
	for _, z := range zips {
		if p.Dir == "." {
			p.zips = append(p.zips, z)
		} else if rest, below := strings.CutPrefix(z, p.Dir+"/"); below {
			p.zips = append(p.zips, rest)
		}
	}
	src, err := memfs.ReadFile(fsys, lists[0], maxConfig, errNoList)
	if err != nil {
		return nil, err
	}
	p.Config, err = ParseConfig(src, lists[0])
	return p, err
}

// Path returns the path of the zip of an entry in what was opened, as it is spelled there; false if it is not there.
func (p *Package) Path(s *Solution) (string, bool) {
	for _, exact := range []bool{true, false} {
		for _, z := range p.zips {
			if z == s.File || !exact && solution.Fold(z) == solution.Fold(s.File) {
				return path.Join(p.Dir, z), true
			}
		}
	}
	return "", false
}

// Diagnostics returns what is wrong with the list, and with the files that it names or does not name.
func (p *Package) Diagnostics() diag.List {
	found := slices.Clone(p.Config.found)
	add := func(rule diag.Rule, at diag.Location, format string, args ...any) {
		found = append(found, diag.Diagnostic{Rule: rule.ID, Severity: rule.Severity, Message: fmt.Sprintf(format, args...), Location: at})
	}
	listed := map[string]bool{}
	for i := range p.Config.Solutions {
		s := &p.Config.Solutions[i]
		listed[solution.Fold(s.File)] = true
		if _, ok := p.Path(s); !ok {
			add(ruleFileMissing, s.Location, "%s is not in the package: add it, or take it off the list", s.File)
		}
	}
	for _, z := range p.zips {
		// What stands further down may be anything.
		if !listed[solution.Fold(z)] && !p.Config.data[solution.Fold(z)] && !strings.Contains(z, "/") {
			add(ruleNotListed, diag.Location{File: p.file}, "%s stands beside the list and is not on it: if it is a solution, it is not imported", z)
		}
	}
	return diag.Join(found)
}

// hiddenByHand is the finding of a plan about changes by hand.
const hiddenByHand = "plan/hidden-by-unmanaged-layer"

// Check holds the order and the settings of the list against a plan of its solutions. solutions has what was read of each entry, by
// [Solution.File].
func (p *Package) Check(made *plan.Plan, solutions map[string]*plan.Solution) diag.List {
	var found diag.List
	add := func(rule diag.Rule, severity diag.Severity, at diag.Location, format string, args ...any) {
		found = append(found, diag.Diagnostic{Rule: rule.ID, Severity: severity, Message: fmt.Sprintf(format, args...), Location: at})
	}
	place := map[string]int{} // the first on the list, by folded name of the solution
	for i, s := range p.Config.Solutions {
		if read := solutions[s.File]; read != nil {
			if _, twice := place[solution.Fold(read.Name())]; !twice {
				place[solution.Fold(read.Name())] = i
			}
		}
	}
	told := map[[2]string]bool{}
	for _, c := range made.Constraints {
		before, known := place[solution.Fold(c.Before)]
		after, also := place[solution.Fold(c.After)]
		pair := [2]string{c.Before, c.After}
		if !known || !also || before < after || told[pair] {
			continue
		}
		severity, why := ruleOrder.Severity, "which has to be there before"
		if !slices.ContainsFunc(made.Constraints, func(x plan.Constraint) bool {
			return x.Before == c.Before && x.After == c.After && x.Kind != plan.Soft
		}) {
			severity, why = diag.Warning, "which its contents use"
		}
		told[pair] = true
		detail := ""
		if len(c.Because) > 0 {
			detail = fmt.Sprintf(" (%s)", c.Because[0].Need)
		}
		add(ruleOrder, severity, p.Config.Solutions[after].Location, "the list imports %s before %s, %s%s: put %s first",
			c.After, c.Before, why, detail, p.Config.Solutions[before].File)
	}
	for _, s := range p.Config.Solutions {
		read := solutions[s.File]
		if read == nil {
			continue
		}
		if n := turnedOn(read); s.Activate != nil && !*s.Activate && n > 0 {
			add(ruleStaysOff, ruleStaysOff.Severity, s.Location, "%s has %d flows, processes or plug-in steps, and the list says not to turn them on: turn them on by hand, or leave %s away", read.Name(), n, attrActivate)
		}
		if s.Overwrite != nil && *s.Overwrite {
			severity, what := ruleOverwrites.Severity, "changes by hand of what "+read.Name()+" has are overwritten"
			if changed(made, read.Name()) {
				severity, what = diag.Warning, what+", and the environment has such changes"
			}
			add(ruleOverwrites, severity, s.Location, "%s: leave %s away to keep them", what, attrOverwrite)
		}
	}
	return diag.Join(found)
}

// turnedOn counts what an import turns on.
func turnedOn(s *plan.Solution) int {
	n := 0
	for c := range s.Content().Components() {
		if t := c.Key.Type(); t == solution.TypeWorkflow || t == solution.TypeSDKMessageProcessingStep {
			n++
		}
	}
	return n
}

// changed reports whether a plan tells of changes by hand that hide what a solution brings.
func changed(made *plan.Plan, name string) bool {
	return slices.ContainsFunc(made.Steps, func(s plan.Step) bool {
		return solution.Fold(s.Solution) == solution.Fold(name) && slices.ContainsFunc(s.Findings, func(f plan.Finding) bool { return f.Rule == hiddenByHand })
	})
}
