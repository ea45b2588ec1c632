package plan_test

import (
	"testing"

	"github.com/solutionkit/solutionkit/solution/plan"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// A package of exactly the limit is accepted, one byte more is not; a size that is not known is not held against it.
func TestUploadLimit(t *testing.T) {
	const mega = 1 << 20
	fsys := solutiontest.FS(t, "solution Core 1.0.0.0 managed")
	for _, test := range []struct {
		size   int64
		policy string // the default if empty
		want   plan.Status
	}{
		{0, "", plan.Ready},
		{120 * mega, "", plan.Ready},
		{120*mega + 1, "", plan.Blocked},
		{29 * mega, "29", plan.Ready},
		{29*mega + 1, "29", plan.Blocked},
		{121 * mega, "9223372036854775807", plan.Ready},
	} {
		p, err := plan.Read(partsOf(t, fsys), &plan.ReadOptions{Size: test.size})
		if err != nil {
			t.Fatal(err)
		}
		opts := &plan.Options{}
		if test.policy != "" {
			opts.Policies = plan.Policies{"upload-limit": test.policy}
		}
		got, err := plan.Resolve([]plan.Item{{Solution: p}}, nil, nil, opts)
		if err != nil {
			t.Fatal(err)
		}
		step := got.Steps[0]
		if step.Status != test.want {
			t.Errorf("%d bytes, limit %q: %s, want %s", test.size, test.policy, step.Status, test.want)
		}
		refused := len(step.Findings) == 1 && step.Findings[0].Rule == "plan/upload-too-large" && step.Findings[0].Components[0] == "solution:Core"
		if refused != (test.want == plan.Blocked) {
			t.Errorf("%d bytes, limit %q: findings %v", test.size, test.policy, step.Findings)
		}
	}
}
