package plan_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/solution/plan"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// FuzzResolve plans whatever can be read of an archive as the cases have it: no panic, and a plan that keeps all promises.
func FuzzResolve(f *testing.F) {
	files, err := filepath.Glob("testdata/resolve/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds: ", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		var batch []plan.Item
		env := &plan.Environment{}
		installed := map[string]*plan.Solution{}
		for _, file := range txtar.Parse(src).Files {
			kind, name, _ := strings.Cut(file.Name, "/")
			if kind == "environment.json" {
				if e, err := plan.ParseEnvironment(file.Data, "environment.json"); err == nil {
					env = e
				}
				continue
			}
			s, err := solutiontest.Parse(string(file.Data))
			if err != nil {
				continue
			}
			p, err := plan.Read(partsOf(t, s.FS()), &plan.ReadOptions{Name: "Unnamed"})
			switch {
			case err != nil:
			case kind == "batch":
				batch = append(batch, plan.Item{Solution: p})
			case kind == "installed":
				installed[name] = p
			}
		}
		for i := range env.Solutions {
			env.Solutions[i].Package = installed[env.Solutions[i].PackageFile]
		}
		p, err := plan.Resolve(batch, env, nil, nil)
		if err != nil {
			return
		}
		checkForm(t, p)
		if p.After() == nil {
			t.Error("no environment after the plan")
		}
		if err := json.Unmarshal(encode(t, p), new(plan.Plan)); err != nil {
			t.Error(err)
		}
		for _, in := range env.Solutions {
			if _, err := plan.Uninstall(env, in.Name); err != nil {
				t.Error(err)
			}
		}
	})
}
