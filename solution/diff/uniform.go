package diff

import (
	"cmp"
	"slices"

	"github.com/solutionkit/solutionkit/solution"
)

// What at least uniformShare of the components of a type have alike, and at least uniformLeast of them, is told once.
const (
	uniformShare = 0.9
	uniformLeast = 10
)

// Flags that come or go in all components of a type are uniform even if some have 0 and others 1: each value is told once.

const noiseUniform = "uniform"

// uniform finds what nearly all components of a type that both sides have changed alike. It is taken for noise in each of them.
func (c *comparer) uniform() {
	counts := map[uniformChange]int{}
	of := func(x *Component, p *Property) uniformChange {
		return uniformChange{x.Key.Type(), p.Op, p.Path, [2]string{p.Old, p.New}}
	}
	for i := range c.out.Components {
		x := &c.out.Components[i]
		for j := range x.Properties {
			if p := &x.Properties[j]; p.Noise == "" && c.both[x.Key.Type()] >= uniformLeast {
				counts[of(x, p)]++
			}
		}
	}
	whole := map[uniformChange]int{} // by what is left when the values of flags do not count
	for k, n := range counts {
		whole[k.anyFlag()] += n
	}
	for k, n := range counts {
		if all := whole[k.anyFlag()]; all >= uniformLeast && float64(all) >= uniformShare*float64(c.both[k.kind]) {
			c.out.Uniform = append(c.out.Uniform, Uniform{k.kind, k.op, k.path, k.text[0], k.text[1], n, c.both[k.kind]})
			continue
		}
		if n < uniformLeast || float64(n) < uniformShare*float64(c.both[k.kind]) {
			delete(counts, k)
			continue
		}
		c.out.Uniform = append(c.out.Uniform, Uniform{k.kind, k.op, k.path, k.text[0], k.text[1], n, c.both[k.kind]})
	}
	slices.SortFunc(c.out.Uniform, func(a, b Uniform) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Op, b.Op), cmp.Compare(a.Old, b.Old), cmp.Compare(a.New, b.New))
	})
	if len(counts) == 0 {
		return
	}
	for i := range c.out.Components {
		x := &c.out.Components[i]
		for j := range x.Properties {
			if p := &x.Properties[j]; p.Noise == "" && counts[of(x, p)] > 0 {
				p.Noise = noiseUniform
			}
		}
	}
}

// A uniformChange is what is counted.
type uniformChange struct {
	kind solution.ComponentType
	op   Op
	path string
	text [2]string
}

// anyFlag returns the change without the value of a flag that came or went.
func (u uniformChange) anyFlag() uniformChange {
	if (u.op == Added || u.op == Removed) && isFlag(u.text[0]+u.text[1]) {
		u.text = [2]string{}
	}
	return u
}

func isFlag(text string) bool { return text == "0" || text == "1" }
