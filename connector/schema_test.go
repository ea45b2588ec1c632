package connector

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

func TestTry(t *testing.T) {
	files, _ := filepath.Glob("/tmp/w/connectors-dev/*/apiDefinition.swagger.json")
	var srcs [][]byte
	total := 0
	for _, f := range files {
		b, _ := os.ReadFile(f)
		srcs = append(srcs, b)
		total += len(b)
	}
	schemas()
	start := time.Now()
	var trees []*jsonspan.Tree
	for _, b := range srcs {
		tr, err := jsonspan.Parse(b, nil)
		if err == nil {
			trees = append(trees, tr)
		} else {
			t.Log(err)
		}
	}
	t.Logf("parse %v of %d", time.Since(start), total)
	start = time.Now()
	count := map[string]int{}
	ex := map[string]string{}
	nodes := 0
	for _, tr := range trees {
		nodes += tr.Len()
		v := validation{tree: tr}
		v.check(schemas().definition, 0)
		seen := map[string]bool{}
		for _, f := range v.faults {
			id := schemas().rules.rule(f.location, f.keyword, f.member)
			k := id + " " + f.keyword + " " + f.location[27:] + " " + f.member
			if !seen[k] {
				count[k]++
				seen[k] = true
			}
			ex[k] = tr.Pointer(f.node)
		}
	}
	t.Logf("schema %v nodes %d", time.Since(start), nodes)
	for k, n := range count {
		t.Log(n, k, ex[k])
	}
}
