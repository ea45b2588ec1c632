package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/diff"
)

func sayBreaksUser(f *Finding) string {
	x := f.Facts
	var what []string
	gone := false
	for _, c := range x.Changes {
		gone = gone || c.Op == diff.Removed && c.Path == ""
		what = append(what, c.text())
	}
	var uses []string
	unrefused := ", which the platform does not refuse"
	for i, u := range x.Uses {
		user := Subject{Component: u.By}
		if i < len(x.By) {
			user.Title = x.By[i].Title
		}
		if u.Tracked {
			unrefused = ""
		}
		uses = append(uses, fmt.Sprintf("%s of %s%s", user.titled(), u.Solution, evidence(u.Location)))
	}
	verb := plural(len(uses), "uses", "use")
	if !gone {
		return fmt.Sprintf("%s changes: %s; %s %s it, perhaps as %s has it: look at the uses before this import", x.About.titled(), enumerate(what), enumerate(uses), verb, x.Old)
	}
	goes := "the upgrade deletes " + x.About.titled() + " of " + x.Old
	if x.Action == Stage {
		goes = "applying the staged upgrade will delete " + x.About.titled() + " of " + x.Old
	}
	return fmt.Sprintf("%s, and %s %s it%s: import a version that does not use it first, or keep it", goes, enumerate(uses), verb, unrefused)
}

// text is a change of a component without the component: which text of it became which, and what that means.
func (c Change) text() string {
	var b strings.Builder
	b.WriteString(c.Path)
	switch {
	case c.Path == "":
		b.WriteString(c.Op.String())
	case c.Op == diff.Changed && c.Old == "":
		b.WriteString(" " + shortened(c.New))
	case c.Op == diff.Changed:
		b.WriteString(" " + shortened(c.Old) + " -> " + shortened(c.New))
	default:
		b.WriteString(" " + c.Op.String())
	}
	if c.Reason != "" {
		b.WriteString(" (" + c.Reason + ")")
	}
	return b.String()
}

// mostOfText is how many characters of a text a line shows.
const mostOfText = 40

func shortened(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > mostOfText {
		return string(runes[:mostOfText-3]) + "..."
	}
	return text
}

// changeLines say what an import breaks, with the places in both versions.
func (c *Changes) lines() []phrase {
	var out []phrase
	for _, x := range c.Breaks {
		line := named(Subject{Component: x.Component, Title: x.Title}.titled()).and(": " + x.text())
		out = append(out, line.and(bothPlaces(c.From, x.OldAt, x.NewAt)))
	}
	return out
}

// bothPlaces are where something stood in the installed version and where it stands now.
func bothPlaces(from string, old, new diag.Location) string {
	var list []string
	if old.File != "" {
		list = append(list, fmt.Sprintf("%s: %s", from, old))
	}
	if new.File != "" {
		list = append(list, fmt.Sprintf("now: %s", new))
	}
	if list == nil {
		return ""
	}
	return " (" + strings.Join(list, "; ") + ")"
}

// title counts the changes.
func (c *Changes) title() string {
	if c.Added+c.Removed+c.Changed == 0 {
		return fmt.Sprintf("Changes nothing since %s", c.From)
	}
	text := fmt.Sprintf("Changes since %s: %d added, %d removed, %d changed", c.From, c.Added, c.Removed, c.Changed)
	if n := len(c.Breaks); n > 0 {
		text += fmt.Sprintf("; %s what uses them", plural(n, "one breaks", fmt.Sprintf("%d break", n)))
	}
	return text
}

// changes says what an import changes, and what it leaves behind or deletes of what the new version dropped, as far as no other
// list tells.
func (s *Step) changes() []section {
	c := s.Changes
	if c == nil {
		return nil
	}
	out := []section{{title: words("%s", c.title()), lines: c.lines()}}
	unsure := slices.ContainsFunc(s.Findings, func(f Finding) bool {
		return f.Rule == ruleInventoryUnknown.ID && f.Facts != nil && f.Facts.Case == caseDeleted
	})
	when := "Dropped, and not deleted by this import"
	switch {
	case c.Keeps:
	case unsure:
		when = "Dropped; an upgrade deletes what no other solution has"
	default:
		return out
	}
	var lines []phrase
	for _, x := range c.Dropped {
		if !slices.Contains(s.Deletes, x.Component) {
			lines = append(lines, named(x.titled()))
		}
	}
	if len(lines) > 0 {
		out = append(out, section{title: words("%s", when), lines: lines})
	}
	return out
}
