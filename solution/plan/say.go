package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// titledSubject returns a component with a title, unless the component is named by it.
func titledSubject(c ComponentID, title string) Subject {
	s := Subject{Component: c, Title: title}
	if s.titled() == string(c) {
		s.Title = ""
	}
	return s
}

// String returns the component for people: with its title if it is named by a GUID, "the default sitemap" if there is only one.
func (s Subject) String() string {
	if kind, key, _ := strings.Cut(string(s.Component), ":"); key == "" {
		return "the default " + kind
	}
	return s.titled()
}

// titled is the component with its title, however it is named.
func (s Subject) titled() string {
	if s.Title == "" || strings.Contains(string(s.Component), solution.Fold(s.Title)) {
		return string(s.Component)
	}
	return fmt.Sprintf("%s (%s)", s.Component, s.Title)
}

// each returns the subjects for people, each once.
func each(list []Subject) []string {
	var out []string
	for _, s := range list {
		out = append(out, s.String())
	}
	return slices.Compact(out)
}

// enumerate returns texts as "a, b and c", cut short.
func enumerate[T ~string](list []T) string { return enumerateOf(list, len(list)) }

// enumerateOf enumerates the first of several texts. list has at least six of them, if there are so many.
func enumerateOf[T ~string](list []T, count int) string {
	const most = 5
	text := ""
	for i, x := range list {
		switch {
		case i == most && count > most+1:
			return fmt.Sprintf("%s and %d more", text, count-most)
		case i == 0:
		case i == count-1:
			text += " and "
		default:
			text += ", "
		}
		text += string(x)
	}
	return text
}

func plural(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

func quantity(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// who says who does something with the component: verb is that of one, "needs".
func (f *Facts) who(verb string) string {
	switch list := each(f.By); len(list) {
	case 0:
		return f.Solution + " " + verb
	case 1:
		return list[0] + " " + verb
	default:
		return enumerate(list) + " " + strings.TrimSuffix(verb, "s")
	}
}

// maybe says in which installed solutions the component could be, because their contents are not known.
func (f *Facts) maybe() string {
	if len(f.Unknown) == 0 {
		return ""
	}
	return fmt.Sprintf(" (cannot tell whether it is in %s, whose contents are not known)", enumerate(f.Unknown))
}

// shown is a text, or that there is none.
func shown(text string) string {
	if text == "" {
		return "(none)"
	}
	return text
}

// below reports whether a version is lower than another; one that cannot be read is 0.0.0.0.
func below(version, other string) bool {
	v, _ := solution.ParseVersion(version)
	w, _ := solution.ParseVersion(other)
	return v.Compare(w) < 0
}
