package plan

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diff"
)

// An Item is one package of a batch.
type Item struct {
	Solution *Solution
	// Action is how it is imported. Empty: [Patch] for a patch, [Upgrade] if a solution of that name is installed, else
	// [Install]. A solution that is not installed can only be installed, whatever the action, and [Install] of one
	// that is installed is an [Update]; so is every import of an unmanaged package but a patch.
	Action Action
	// Changes are those from the version that is installed to Solution, as [diff.Compare] tells; nil: they are not known. The
	// environment has that version, best with its package.
	Changes *diff.Comparison
}

// Options change how a plan is made. The zero value is usable, as is nil.
type Options struct {
	Policies Policies
	Base     *content.Base // what every environment has; nil: [content.BuiltinBase]
}

// Resolve plans the import of a batch of packages into an environment. The inputs are not changed, and their order does not
// matter. A nil env is an empty [Environment], in which nothing is installed and nothing else is known; nil settings give nothing,
// and nil opts are the defaults.
//
// What the platform would refuse is a finding of the plan. The error is an input that makes no sense: an item without a
// package, an unknown action or policy, changes between other versions than the installed one and the package, or an environment with
// two solutions, connection references or environment variables of one name.
func Resolve(batch []Item, env *Environment, settings *connref.Settings, opts *Options) (*Plan, error) {
	if opts == nil {
		opts = &Options{}
	}
	if opts.Base == nil {
		o := *opts
		o.Base = content.BuiltinBase()
		opts = &o
	}
	if env == nil {
		env = &Environment{}
	}
	if settings == nil {
		settings = &connref.Settings{}
	}
	for _, err := range []error{opts.Policies.Check(), checkBatch(batch), env.check()} {
		if err != nil {
			return nil, fmt.Errorf("plan: %w", err)
		}
	}
	batch = slices.Clone(batch)
	slices.SortStableFunc(batch, compareItems)
	r := newResolution(batch, newWorld(batch, env, opts), settings)
	if err := r.checkChanges(); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	return r.plan(), nil
}

func checkBatch(batch []Item) error {
	for _, item := range batch {
		if !item.Solution.isRead() {
			return errors.New("an item has no package: read one with plan.Read")
		}
		switch item.Action {
		case "", Install, Update, Upgrade, Stage, Patch:
		default:
			return fmt.Errorf("%s: action %q is not known: use install, update, upgrade, stage or patch", item.Solution.name, item.Action)
		}
	}
	return nil
}

// check returns what is wrong with an environment that was not made by [ParseEnvironment].
func (e *Environment) check() error {
	seen := map[string]bool{}
	for _, in := range e.Solutions {
		key := solution.Fold(in.Name)
		switch {
		case key == "":
			return errors.New("a solution of the environment has no name: give it its unique name")
		case seen[key]:
			return fmt.Errorf("the environment has solution %q twice: remove one", in.Name)
		case in.Package != nil && !in.Package.isRead():
			return fmt.Errorf("solution %q of the environment has an empty package: read one with plan.Read", in.Name)
		}
		seen[key] = true
	}
	clear(seen)
	for _, r := range e.References {
		key := solution.Fold(r.Name)
		if seen[key] {
			return fmt.Errorf("the environment has connection reference %q twice: remove one", r.Name)
		}
		seen[key] = true
	}
	clear(seen)
	for _, name := range slices.Sorted(maps.Keys(e.Variables)) {
		key := solution.Fold(name)
		if seen[key] {
			return fmt.Errorf("the environment has environment variable %q twice: remove one", name)
		}
		seen[key] = true
	}
	return nil
}

// compareItems gives the batch an order that depends only on what is in it.
func compareItems(a, b Item) int {
	m, n := a.Solution.manifest(), b.Solution.manifest()
	return cmp.Or(strings.Compare(solution.Fold(a.Solution.name), solution.Fold(b.Solution.name)), m.Version().Compare(n.Version()),
		strings.Compare(m.VersionText(), n.VersionText()), cmp.Compare(m.Kind(), n.Kind()), strings.Compare(string(a.Action), string(b.Action)),
		slices.Compare(m.Bytes(), n.Bytes()), cmp.Compare(a.Solution.size, b.Solution.size))
}

// A resolution is a plan while it is made.
type resolution struct {
	*world
	settings    *connref.Settings
	steps       []*stepper           // by the index in the batch
	edges       []edge               // kept ones, sorted
	loops       [][]int              // of steps
	mixed       map[*stepper]bool    // whether packages of one solution are of both modes, by the first of them
	waysOut     map[*int][]string    // how loops can be opened, by their first element
	constraints []Constraint         // the edges as the plan has them
	findings    []Finding            // of no step
	used        map[string]bool      // connection references
	named       map[int32][]*stepper // by solution
	patching    map[int32][]*stepper // patches by the solution that they patch, by version
}

func newResolution(batch []Item, w *world, settings *connref.Settings) *resolution {
	r := &resolution{world: w, settings: settings, used: usedReferences(batch), waysOut: map[*int][]string{}, mixed: map[*stepper]bool{}, named: map[int32][]*stepper{}, patching: map[int32][]*stepper{}}
	for i, item := range batch {
		s := newStepper(r, i, item)
		r.steps = append(r.steps, s)
		r.named[s.solution] = append(r.named[s.solution], s)
		if s.action == Patch {
			r.patching[s.parent] = append(r.patching[s.parent], s)
		}
	}
	for _, list := range r.patching {
		slices.SortStableFunc(list, func(a, b *stepper) int { return a.manifest.Version().Compare(b.manifest.Version()) })
	}
	return r
}

// plan goes through the steps and puts together what they say.
func (r *resolution) plan() *Plan {
	r.constrain()
	order := r.order()
	for _, i := range order {
		r.steps[i].run()
	}
	r.settle(order)
	r.unknownSettings()
	return r.document(order)
}

// stepsOf returns steps by their indexes.
func (r *resolution) stepsOf(list []int) []*stepper {
	out := make([]*stepper, 0, len(list))
	for _, i := range list {
		out = append(out, r.steps[i])
	}
	return out
}
