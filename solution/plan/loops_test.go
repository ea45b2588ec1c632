package plan

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestAround finds loops in random graphs: each goes through the node that was asked for, along edges, and passes no node twice.
func TestAround(t *testing.T) {
	found := 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		g := make(graph, 3+r.IntN(20))
		for v := range g {
			for range 1 + r.IntN(3) {
				if to := r.IntN(len(g)); to != v && !slices.Contains(g[v], to) {
					g[v] = append(g[v], to)
				}
			}
		}
		knot, sizes := g.knots()
		for root := range g {
			if sizes[knot[root]] < 2 {
				continue
			}
			around := g.around(knot, root)
			for node := range g {
				if knot[node] != knot[root] {
					continue
				}
				loop := around(node)
				found++
				seen := map[int]bool{}
				for i, v := range loop {
					if seen[v] || !slices.Contains(g[v], loop[(i+1)%len(loop)]) {
						t.Fatalf("seed %d: %v is no loop of %v", seed, loop, g)
					}
					seen[v] = true
				}
				if !seen[node] || loop[0] != slices.Min(loop) {
					t.Fatalf("seed %d: %v does not go through %d from its smallest node", seed, loop, node)
				}
			}
		}
	}
	if found < 1000 {
		t.Fatalf("only %d loops were looked for", found)
	}
}
