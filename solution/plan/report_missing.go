package plan

import (
	"fmt"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A lack is what several solutions of a plan need of one provider.
type lack struct {
	provider Provider
	by       []phrase // who needs how much of it
	needed   []Subject
}

// lacking returns the provider that a finding says is neither installed nor in the batch, nil if it is about something else.
func (f *Finding) lacking() *Provider {
	if f.Rule != ruleMissingSolution.ID || f.Facts == nil || f.Text != "" || f.Facts.Case != "" || len(f.Facts.Unknown) > 0 {
		return nil
	}
	if p := f.Facts.provider(); p.Name != "" && !p.Installed && !p.InBatch {
		return &p
	}
	return nil
}

// lacks returns what the solutions of a plan need of solutions that are nowhere, a line for each of these, and the lines about it
// that each step has instead. Of a plan with one such step it is told there.
func (p *Plan) lacks() (lines []phrase, instead map[*Step]phrase) {
	var list []*lack
	steps := 0
	instead = map[*Step]phrase{}
	for i := range p.Steps {
		s := &p.Steps[i]
		of := map[string][]Subject{}
		for j := range s.Findings {
			f := &s.Findings[j]
			provider := f.lacking()
			if provider == nil || len(f.Components) == 0 {
				continue
			}
			key := solution.Fold(provider.Name)
			if of[key] == nil {
				if instead[s] == nil {
					steps++
					instead[s] = words("misses ").and("", provider.Name)
				} else {
					instead[s] = instead[s].and(", ", provider.Name)
				}
				list = lackOf(list, provider)
			}
			of[key] = append(of[key], f.subject())
		}
		for _, l := range list {
			needed := of[solution.Fold(l.provider.Name)]
			if len(needed) == 0 {
				continue
			}
			what := fmt.Sprintf("%d for ", len(needed))
			if len(l.by) == 0 {
				what = quantity(len(needed), "component") + " for "
			}
			l.by = append(l.by, words("%s", what).and("", s.Solution))
			l.needed = addSubjects(l.needed, needed)
		}
	}
	if steps < 2 {
		return nil, nil
	}
	for _, l := range list {
		line := named(l.provider.Name)
		if l.provider.Version != "" {
			line = line.and(fmt.Sprintf(" %s or higher", l.provider.Version))
		}
		for i, by := range l.by {
			line = append(line.and(separated(i, ": ", ", ")), by...)
		}
		lines = append(lines, line.and(": "+enumerate(each(l.needed))+" [", shortID(ruleMissingSolution.ID), "]"))
	}
	return lines, instead
}

// separated returns what stands in front of the first of several texts, or between two.
func separated(i int, first, between string) string {
	if i == 0 {
		return first
	}
	return between
}

// lackOf adds a provider to a list, or the higher of two versions to the one that is there.
func lackOf(list []*lack, p *Provider) []*lack {
	for _, l := range list {
		if solution.Fold(l.provider.Name) == solution.Fold(p.Name) {
			if below(l.provider.Version, p.Version) {
				l.provider.Version = p.Version
			}
			return list
		}
	}
	return append(list, &lack{provider: *p})
}

// ofPlatform reports whether a finding is the note that something comes with the platform.
func (f *Finding) ofPlatform() bool {
	return f.Rule == rulePlatformSolution.ID && f.Severity == diag.Note && f.Facts != nil && f.Text == "" && !f.Facts.provider().Installed
}

// platform returns a line for each solution of the platform of which something is needed.
func (p *Plan) platform() []phrase {
	type use struct {
		provider Provider
		needed   []Subject
		by       []string
		more     int
	}
	var list []*use
	at := map[string]*use{}
	for i := range p.Steps {
		s := &p.Steps[i]
		for j := range s.Findings {
			f := &s.Findings[j]
			if !f.ofPlatform() {
				continue
			}
			provider := f.Facts.provider()
			u := at[solution.Fold(provider.Name)]
			if u == nil {
				u = &use{provider: provider}
				at[solution.Fold(provider.Name)] = u
				list = append(list, u)
			}
			needed := f.Facts.Needed
			if len(needed) == 0 {
				needed = []Subject{f.Facts.About}
			}
			u.more += max(0, int(f.Facts.Count)-len(needed))
			u.needed, u.by = addSubjects(u.needed, needed), addNew(u.by, []string{s.Solution})
		}
	}
	var out []phrase
	for _, u := range list {
		line := named(u.provider.Name)
		if u.provider.Application != "" {
			line = line.and(" of " + u.provider.Application)
		}
		out = append(out, append(line.and(": for "), names(u.by)...).and(": "+listing(each(u.needed), u.more)))
	}
	return out
}

// addSubjects adds components that are not yet in a list, or the titles that are missing there.
func addSubjects(list, more []Subject) []Subject {
	at := map[ComponentID]int{}
	for i, s := range list {
		at[s.Component] = i
	}
	for _, s := range more {
		i, ok := at[s.Component]
		switch {
		case !ok:
			at[s.Component] = len(list)
			list = append(list, s)
		case list[i].Title == "":
			list[i].Title = s.Title
		}
	}
	return list
}

// addNew adds texts that are not yet in a list.
func addNew(list, more []string) []string {
	seen := map[string]bool{}
	for _, s := range list {
		seen[s] = true
	}
	for _, s := range more {
		if !seen[s] {
			seen[s] = true
			list = append(list, s)
		}
	}
	return list
}

// listing enumerates texts of which there are more.
func listing(list []string, more int) string {
	if more == 0 {
		return enumerate(list)
	}
	shown := list[:min(len(list), 5)]
	return fmt.Sprintf("%s and %d more", strings.Join(shown, ", "), more+len(list)-len(shown))
}

// doubles returns a line for each solution that is in the batch several times.
func (p *Plan) doubles() []phrase {
	var out []phrase
	told := map[string]bool{}
	for i := range p.Steps {
		for j := range p.Steps[i].Findings {
			f := &p.Steps[i].Findings[j]
			name := solution.Fold(p.Steps[i].Solution)
			if f.Rule != ruleBatchDuplicate.ID || f.Facts == nil || f.Text != "" || told[name] {
				continue
			}
			told[name] = true
			once := *f
			once.Location = diag.Location{}
			out = append(out, finding(&once, f.Message(), nil))
		}
	}
	return out
}
