package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/solution/plan"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// syntheticBatch makes packages of which each needs components of five others, in a chain that goes through all of them.
func syntheticBatch(t testing.TB, size int) []plan.Item {
	t.Helper()
	batch := make([]plan.Item, 0, size)
	for i := range size {
		var b strings.Builder
		fmt.Fprintf(&b, "solution S%05d 1.0.0.0 managed\n", i)
		for j := range 10 {
			fmt.Fprintf(&b, "entity ct_s%05d_%d\n", i, j)
			for k := range 9 {
				fmt.Fprintf(&b, "attribute ct_s%05d_%d.ct_c%d\n", i, j, k)
			}
		}
		for d := 1; d <= 5; d++ {
			// Names go against the order of needs, so that nothing is in order by itself.
			if need := i + (d*d+1)/2; need < size {
				fmt.Fprintf(&b, "missing entity:ct_s%05d_%d by entity:ct_s%05d_0 in \"S%05d (1.0.0.0)\"\n", need, d, i, need)
			}
		}
		s, err := solutiontest.Parse(b.String())
		if err != nil {
			t.Fatal(err)
		}
		p, err := plan.Read(partsOf(t, s.FS()), nil)
		if err != nil {
			t.Fatal(err)
		}
		batch = append(batch, plan.Item{Solution: p})
	}
	return batch
}

func BenchmarkResolve(b *testing.B) {
	for _, size := range []int{1000, 3000, 10000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			batch := syntheticBatch(b, size)
			b.ReportAllocs()
			for b.Loop() {
				p, err := plan.Resolve(batch, nil, nil, nil)
				if err != nil {
					b.Fatal(err)
				}
				if p.Blocked || len(p.Order) != size {
					b.Fatal("the batch can be imported")
				}
			}
		})
	}
}
