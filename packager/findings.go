package packager

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// maxFindings is how many findings of one rule are kept.
const maxFindings = 1000

// findings is a list that keeps the first findings of each rule and counts the others, as a zip can be made to have millions.
type findings struct {
	list      diag.List
	counts    map[string]int // by rule
	uncounted []string       // rules of which no more were looked for when there were enough
}

// full counts a finding and reports whether there are enough of its rule: then none is to be made.
func (f *findings) full(rule string) bool {
	if f.counts == nil {
		f.counts = map[string]int{}
	}
	f.counts[rule]++
	return f.counts[rule] > maxFindings
}

// past counts a finding if there are enough of its rule already, and reports that: then nothing has to be done for one.
func (f *findings) past(r diag.Rule) bool {
	if f.counts[r.ID] < maxFindings {
		return false
	}
	f.counts[r.ID]++
	return true
}

// enough reports whether a check that only makes findings of a rule can stop.
func (f *findings) enough(r diag.Rule) bool {
	if f.counts[r.ID] <= maxFindings {
		return false
	}
	f.uncounted = append(f.uncounted, r.ID)
	return true
}

// note adds a finding that was made.
func (f *findings) note(d diag.Diagnostic) {
	if !f.full(d.Rule) {
		f.list = append(f.list, d)
	}
}

// at adds a finding about node i of a file.
func (f *findings) at(s *source, r diag.Rule, i int32, format string, args ...any) {
	if !f.full(r.ID) {
		f.list = append(f.list, s.finding(r, i, format, args...))
	}
}

// in adds a finding about a file or an entry.
func (f *findings) in(r diag.Rule, file, format string, args ...any) {
	if !f.full(r.ID) {
		f.list = append(f.list, finding(r, file, format, args...))
	}
}

// reasons say why nodes are kept elsewhere, of as many as are told at most.
type reasons map[int32]string

func (r reasons) set(i int32, format string, args ...any) {
	if len(r) <= maxFindings {
		r[i] = fmt.Sprintf(format, args...)
	}
}

// of returns the reason of node i. One that is not noted is found only after the others: it is always the same.
func (r reasons) of(i int32) string { return cmp.Or(r[i], "has the name of a later one") }

// rest adds how many findings were not kept.
func (f *findings) rest(file string) {
	for _, r := range ruleCatalogue {
		switch n := f.counts[r.ID] - maxFindings; {
		case n <= 0:
		case slices.Contains(f.uncounted, r.ID):
			f.list = append(f.list, finding(r, file, "and more findings of this rule, which were not looked for"))
		default:
			f.list = append(f.list, finding(r, file, "and %d more findings of this rule", n))
		}
	}
}
