package diag

import (
	"cmp"
	"slices"
)

// Join returns the findings of all lists as one, sorted. What is told more than once, by the same rule with the same message of
// the same place, is told once: with the highest severity that it is given, and with fixes, related places and the element path
// if one of them has these. The lists are left alone.
//
// Two places are the same if they begin at the same byte of the same file, or, where no position is known, if they have the
// same file and path.
func Join(lists ...List) List {
	type fact struct {
		rule, message, file, path string
		start                     Position
	}
	var out List
	at := map[fact]int{}
	for _, d := range slices.Concat(lists...) {
		key := fact{d.Rule, d.Message, d.Location.File, d.Location.Path, d.Location.Start}
		if d.Location.Start.IsValid() {
			key.path = ""
		}
		i, again := at[key]
		if !again {
			at[key] = len(out)
			out = append(out, d)
			continue
		}
		have := &out[i]
		have.Severity = max(have.Severity, d.Severity)
		have.Location.Path = cmp.Or(have.Location.Path, d.Location.Path)
		if len(have.Fixes) == 0 {
			have.Fixes = d.Fixes
		}
		if len(have.Related) == 0 {
			have.Related = d.Related
		}
	}
	out.Sort()
	return out
}
