package plan

import (
	"container/heap"
	"slices"
)

// A graph has the nodes behind each node, sorted.
type graph [][]int

func newGraph(size int, edges []edge, keep func(e *edge) bool) graph {
	g := make(graph, size)
	for i := range edges {
		if e := &edges[i]; keep(e) {
			g[e.before] = append(g[e.before], e.after)
		}
	}
	for i := range g {
		slices.Sort(g[i])
		g[i] = slices.Compact(g[i])
	}
	return g
}

// behind says which nodes can be reached from a node.
func (g graph) behind(from int) []bool {
	seen := make([]bool, len(g))
	stack := []int{from}
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, to := range g[v] {
			if !seen[to] {
				seen[to] = true
				stack = append(stack, to)
			}
		}
	}
	return seen
}

// knots returns for each node the number of its strongly connected component (Tarjan), without recursion.
func (g graph) knots() (of []int, size []int) {
	const unseen = -1
	of = make([]int, len(g))
	index := make([]int, len(g))
	low := make([]int, len(g))
	for i := range g {
		of[i], index[i] = unseen, unseen
	}
	type frame struct{ node, next int }
	var stack []frame // of calls
	var open []int    // nodes that belong to no component yet
	count := 0
	for root := range g {
		if index[root] != unseen {
			continue
		}
		stack = append(stack[:0], frame{root, 0})
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			v := top.node
			if top.next == 0 {
				index[v], low[v] = count, count
				count++
				open = append(open, v)
			}
			if top.next < len(g[v]) {
				to := g[v][top.next]
				top.next++
				switch {
				case index[to] == unseen:
					stack = append(stack, frame{to, 0})
				case of[to] == unseen:
					low[v] = min(low[v], index[to])
				}
				continue
			}
			stack = stack[:len(stack)-1]
			if len(stack) > 0 {
				up := stack[len(stack)-1].node
				low[up] = min(low[up], low[v])
			}
			if low[v] != index[v] {
				continue
			}
			n := 0
			for {
				last := open[len(open)-1]
				open = open[:len(open)-1]
				of[last] = len(size)
				n++
				if last == v {
					break
				}
			}
			size = append(size, n)
		}
	}
	return of, size
}

// A loopSearch looks for loops in a graph, and is there to be used again.
type loopSearch struct {
	g                 graph
	from, depth, seen []int
	search            int // seen by this one
	visited           int // nodes, by all searches in one knot
}

// mostVisited is how many nodes of one knot are visited in search of shortest loops. In a knot of many hundreds the loops that are
// told are then short, and not always the shortest.
const mostVisited = 30_000

func (s *loopSearch) tired() bool { return s.visited > mostVisited }

func newLoopSearch(g graph) *loopSearch {
	return &loopSearch{g: g, from: make([]int, len(g)), depth: make([]int, len(g)), seen: make([]int, len(g))}
}

// shortest returns a shortest loop through one of the nodes, all of it in what in says, starting with its smallest node.
// Of several it is the first by its nodes.
func (s *loopSearch) shortest(nodes []int, in func(node int) bool) []int {
	var best, queue []int
	g, from, depth, seen := s.g, s.from, s.depth, s.seen
	for _, start := range nodes {
		if s.tired() && best != nil {
			break
		}
		s.search++
		search := s.search
		queue = append(queue[:0], start)
		depth[start], seen[start] = 1, search
	walk:
		for head := 0; head < len(queue); head++ {
			v := queue[head]
			if best != nil && depth[v] >= len(best) {
				break
			}
			for _, to := range g[v] {
				if to == start {
					best = []int{v}
					for best[len(best)-1] != start {
						best = append(best, from[best[len(best)-1]])
					}
					slices.Reverse(best)
					break walk
				}
				if seen[to] != search && in(to) {
					from[to], depth[to], seen[to] = v, depth[v]+1, search
					queue = append(queue, to)
				}
			}
		}
		s.visited += len(queue)
		if len(best) == 2 {
			break // there is none shorter
		}
	}
	if best == nil {
		return nil
	}
	return fromLeast(best)
}

// fromLeast returns a loop as it is written: its smallest node first.
func fromLeast(loop []int) []int {
	least := slices.Index(loop, slices.Min(loop))
	return append(slices.Clone(loop[least:]), loop[:least]...)
}

// around returns a function that finds some loop through any node of a knot: on a shortest way to one node of the knot, and on
// one from there, as far as the two do not meet before.
func (g graph) around(knot []int, root int) func(node int) []int {
	back := make(graph, len(g))
	for v := range g {
		for _, to := range g[v] {
			if knot[v] == knot[root] && knot[to] == knot[root] {
				back[to] = append(back[to], v)
			}
		}
	}
	// tree has the next node on the way to the root along a graph's edges turned round, by node.
	tree := func(g graph) []int {
		next := make([]int, len(g))
		for i := range next {
			next[i] = -1
		}
		next[root] = root
		for queue := []int{root}; len(queue) > 0; queue = queue[1:] {
			for _, to := range g[queue[0]] {
				if knot[to] == knot[root] && next[to] < 0 {
					next[to] = queue[0]
					queue = append(queue, to)
				}
			}
		}
		return next
	}
	from, to := tree(g), tree(back)
	return func(node int) []int {
		if node == root { // as its first follower has it
			for _, v := range g[root] {
				if knot[v] == knot[root] {
					loop := []int{root}
					for ; v != root; v = to[v] {
						loop = append(loop, v)
					}
					return fromLeast(loop)
				}
			}
		}
		place := map[int]int{} // on the way from the root, counted from the node
		way := []int{node}
		for v := node; v != root; v = from[v] {
			way = append(way, from[v])
		}
		for i, v := range way {
			place[v] = i
		}
		loop := []int{node}
		v := to[node]
		for ; ; v = to[v] {
			if _, meets := place[v]; meets {
				break
			}
			loop = append(loop, v)
		}
		for i := place[v]; i > 0; i-- {
			loop = append(loop, way[i])
		}
		return fromLeast(loop)
	}
}

// order returns the steps in an order that keeps all edges but those of loops and those that may go. Where edges leave a
// choice, names decide; steps are numbered by name.
func (r *resolution) order() []int {
	size := len(r.steps)
	hard := newGraph(size, r.edges, func(e *edge) bool { return !e.easy })
	knot, sizes := hard.knots()
	r.findLoops(hard, knot, sizes)
	tied := func(e *edge) bool { return !e.easy && knot[e.before] == knot[e.after] }
	r.dropEasy(tied)
	g := newGraph(size, r.edges, func(e *edge) bool { return !tied(e) })
	return g.sort()
}

// findLoops finds a shortest loop in each knot, and again in what is left of the knot without it. A step of a knot that is
// in none of these loops is in a longer one, which only its own finding tells.
func (r *resolution) findLoops(g graph, knot, sizes []int) {
	members := map[int][]int{}
	for i, k := range knot {
		if sizes[k] > 1 {
			members[k] = append(members[k], i)
		}
	}
	search := newLoopSearch(g)
	for k, all := range members {
		rest := slices.Clone(all)
		search.visited = 0
		free := func(n int) bool { return knot[n] == k && r.steps[n].loop == nil }
		for !search.tired() {
			loop := search.shortest(rest, free)
			if loop == nil {
				break
			}
			r.loops = append(r.loops, loop)
			for i, n := range loop {
				r.steps[n].loop, r.steps[n].loopAt = loop, i
			}
			rest = slices.DeleteFunc(rest, func(n int) bool { return !free(n) })
		}
		var around func(node int) []int
		for _, n := range rest {
			var loop []int
			if !search.tired() {
				loop = search.shortest([]int{n}, func(n int) bool { return knot[n] == k })
			} else {
				if around == nil {
					around = g.around(knot, all[0])
				}
				loop = around(n)
			}
			r.steps[n].loop, r.steps[n].loopAt = loop, slices.Index(loop, n)
		}
	}
	slices.SortFunc(r.loops, slices.Compare)
}

// mostSearched is how many easy edges that may close loops are looked at one by one.
const mostSearched = 2000

// dropEasy takes out the easy edges that close a loop, the later ones of several. In a knot of very many, all go that run
// against the order in which the steps would stand without them.
func (r *resolution) dropEasy(tied func(e *edge) bool) {
	all := newGraph(len(r.steps), r.edges, func(e *edge) bool { return !tied(e) })
	knot, _ := all.knots()
	inside := func(e *edge) bool { return e.easy && knot[e.before] == knot[e.after] }
	g := newGraph(len(r.steps), r.edges, func(e *edge) bool { return !tied(e) && !inside(e) })
	many := 0
	for i := range r.edges {
		if inside(&r.edges[i]) {
			many++
		}
	}
	if many == 0 {
		return
	}
	closes := g.closing(knot)
	if many > mostSearched {
		closes = g.against()
	}
	kept := r.edges[:0]
	for _, e := range r.edges {
		if !inside(&e) || !closes(e.before, e.after) {
			kept = append(kept, e)
		}
	}
	r.edges = kept
}

// closing returns a function that adds an edge to g if that closes no loop, and else reports that it does. Both ends are in
// one of the knots.
func (g graph) closing(knot []int) func(before, after int) bool {
	seen := make([]int, len(g)) // by the search that saw it last
	search := 0
	var stack []int
	return func(before, after int) bool {
		search++
		stack = append(stack[:0], after)
		for len(stack) > 0 {
			v := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if v == before {
				return true
			}
			if seen[v] != search && knot[v] == knot[after] {
				seen[v] = search
				stack = append(stack, g[v]...)
			}
		}
		g[before] = append(g[before], after)
		return false
	}
}

// against returns a function that reports whether an edge runs against the order of g.
func (g graph) against() func(before, after int) bool {
	place := make([]int, len(g))
	for i, n := range g.sort() {
		place[n] = i
	}
	return func(before, after int) bool { return place[before] > place[after] }
}

// sort returns the nodes so that each comes before those behind it, the smallest first where there is a choice. g has no
// loops.
func (g graph) sort() []int {
	waits := make([]int, len(g))
	for _, list := range g {
		for _, to := range list {
			waits[to]++
		}
	}
	ready := &intHeap{}
	for n, w := range waits {
		if w == 0 {
			*ready = append(*ready, n) // sorted, so a heap
		}
	}
	out := make([]int, 0, len(g))
	for ready.Len() > 0 {
		n := heap.Pop(ready).(int)
		out = append(out, n)
		for _, to := range g[n] {
			if waits[to]--; waits[to] == 0 {
				heap.Push(ready, to)
			}
		}
	}
	return out
}

type intHeap []int

func (h intHeap) Len() int           { return len(h) }
func (h intHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h intHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *intHeap) Push(x any)        { *h = append(*h, x.(int)) }
func (h *intHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
