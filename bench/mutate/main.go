// Mutate changes one thing in a table or a condition of the library at a time, and runs the tests that should notice: a row is left out, a
// bool or a condition turned round, a letter of a text changed, a number raised. What no test notices is printed: either the change
// means nothing, or there is a case to write.
//
//	go run ./mutate [-n 30] [-seed 1] [-target NAME,...] [-kind KIND,...]
//
// It runs in the folder bench of a checkout, and changes no file there: the go command reads the changed one in the place of the other
// (-overlay). Equal seeds choose equal changes of equal sources. The status is 1 if something survived.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	survivors, err := run(os.Args[1:], os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(2)
	}
	if survivors > 0 {
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) (survivors int, err error) {
	flags := flag.NewFlagSet("mutate", flag.ContinueOnError)
	n := flags.Int("n", 30, "how many changes are tried")
	seed := flags.Uint64("seed", 1, "which ones")
	names := flags.String("target", "", "change only what these `names` stand for, with commas between them")
	kinds := flags.String("kind", "", "make only changes of these `kinds`: row, bool, text, number, condition, operator")
	root := flags.String("root", "..", "the `folder` of the module")
	limit := flags.Duration("timeout", 5*time.Minute, "how long tests may take; those that take longer have noticed")
	if err := flags.Parse(args); err != nil {
		return 0, err
	}
	module, err := filepath.Abs(*root)
	if err != nil {
		return 0, err
	}
	chosen, err := choose(module, words(*names), words(*kinds), *seed)
	if err != nil {
		return 0, err
	}
	r := &runner{root: module, limit: *limit, passes: map[tests]error{}}
	if r.dir, err = os.MkdirTemp("", "mutate"); err != nil {
		return 0, err
	}
	defer os.RemoveAll(r.dir)
	tried := 0
	for _, m := range chosen {
		if tried == *n {
			break
		}
		result, err := r.try(&m)
		if err != nil {
			return survivors, err
		}
		if result == notBuilt {
			continue
		}
		tried++
		if result == survived {
			survivors++
		}
		fmt.Fprintf(out, "%-8s %s %s:%d: %s: %s\n", result, m.target.name, m.file, m.line, m.kind, m.what)
	}
	fmt.Fprintf(out, "%d of %d survived (seed %d)\n", survivors, tried, *seed)
	return survivors, nil
}

func words(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
}

// choose returns all changes in the order in which they are tried: targets and kinds take turns, so that the few rows of one table
// are not lost among the many texts of another.
func choose(root string, names, kinds []string, seed uint64) ([]mutant, error) {
	type group struct{ target, kind string }
	byGroup := map[group][]mutant{}
	var order []group
	for _, name := range names {
		if !slices.ContainsFunc(targets, func(t target) bool { return t.name == name }) {
			return nil, fmt.Errorf("there is no target %q", name)
		}
	}
	for i := range targets {
		t := &targets[i]
		if len(names) > 0 && !slices.Contains(names, t.name) {
			continue
		}
		list, err := t.mutants(root)
		if err != nil {
			return nil, err
		}
		for _, m := range list {
			if len(kinds) > 0 && !slices.Contains(kinds, m.kind) {
				continue
			}
			g := group{t.name, m.kind}
			if byGroup[g] == nil {
				order = append(order, g)
			}
			byGroup[g] = append(byGroup[g], m)
		}
	}
	if len(order) == 0 {
		return nil, errors.New("there is nothing to change")
	}
	r := rand.New(rand.NewPCG(seed, 0))
	r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for _, g := range order {
		r.Shuffle(len(byGroup[g]), func(i, j int) { byGroup[g][i], byGroup[g][j] = byGroup[g][j], byGroup[g][i] })
	}
	var out []mutant
	for i, more := 0, true; more; i++ {
		more = false
		for _, g := range order {
			if i < len(byGroup[g]) {
				out, more = append(out, byGroup[g][i]), true
			}
		}
	}
	return out, nil
}

// mutants are those of all files of a target.
func (t *target) mutants(root string) ([]mutant, error) {
	var out []mutant
	for pattern := range strings.FieldsSeq(t.files) {
		names, err := fs.Glob(os.DirFS(root), pattern)
		if err != nil {
			return nil, err
		}
		names = slices.DeleteFunc(names, func(name string) bool { return strings.HasSuffix(name, "_test.go") })
		if len(names) == 0 {
			return nil, fmt.Errorf("target %s: no file %s in %s", t.name, pattern, root)
		}
		for _, name := range names {
			src, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
			if err != nil {
				return nil, err
			}
			list, err := mutantsOf(t, name, src)
			if err != nil {
				return nil, err
			}
			out = append(out, list...)
		}
	}
	return out, nil
}

// What became of a change.
type result string

const (
	noticed  result = "noticed"
	survived result = "SURVIVED"
	notBuilt result = "not built" // the compiler refuses it
)

type runner struct {
	root, dir string
	limit     time.Duration
	passes    map[tests]error // what the tests say of the source as it is
}

// try runs the tests of a change one by one until one fails.
func (r *runner) try(m *mutant) (result, error) {
	file := filepath.Join(r.root, filepath.FromSlash(m.file))
	src, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	changed, list := filepath.Join(r.dir, "changed.go"), filepath.Join(r.dir, "overlay.json")
	if err := os.WriteFile(changed, m.apply(src), 0o600); err != nil {
		return "", err
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{file: changed}})
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		return "", err
	}
	if _, err := r.run("build", "-overlay", list, "./"+filepath.ToSlash(filepath.Dir(m.file))); err != nil {
		return notBuilt, nil
	}
	for _, t := range m.target.tests {
		if err := r.unchanged(t); err != nil {
			return "", err
		}
		if _, err := r.run(append(t.args(), "-overlay", list, t.pkg)...); err != nil {
			return noticed, nil
		}
	}
	return survived, nil
}

func (t tests) args() []string {
	return []string{"test", "-short", "-vet=off", "-skip", reads, "-run", t.run}
}

// unchanged holds that the tests pass as long as nothing is changed, or they would prove nothing, and that there are some.
func (r *runner) unchanged(t tests) error {
	err, known := r.passes[t]
	if !known {
		var out []byte
		out, err = r.run(append(t.args(), "-v", t.pkg)...)
		if err != nil {
			err = fmt.Errorf("%s fails without a change: %w\n%s", t.pkg, err, out)
		} else if !strings.Contains(string(out), "--- PASS") {
			err = fmt.Errorf("%s has no tests %q", t.pkg, t.run)
		}
		r.passes[t] = err
	}
	return err
}

// run runs the go command.
func (r *runner) run(args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), r.limit)
	defer cancel()
	c := exec.CommandContext(ctx, "go", args...)
	c.Dir = r.root
	c.WaitDelay = 10 * time.Second
	return c.CombinedOutput()
}
