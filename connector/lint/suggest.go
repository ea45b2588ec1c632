package lint

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

// mostSuggested is how many unknown names are compared with all that are known. Somebody who has more of them needs no
// suggestion for each.
const mostSuggested = 100

// suggests reports whether one more unknown name is to be compared with all that are known.
func (l *lint) suggests() bool {
	l.suggested++
	return l.suggested <= mostSuggested
}

// unknownOperation notes that no operation is called as v says, with the one that is probably meant.
func (l *lint) unknownOperation(v index.Value) *finding {
	near := l.nearOperation(v.Text())
	f := l.findIn(v, "operation %q does not exist: %s", v.Text(), l.operationMeant(near))
	if near != "" {
		f.fixReplace(jsonspan.Quote(near))
	}
	return f
}

// nearOperation returns the operation that is probably meant by an id that none has, "" if none is.
func (l *lint) nearOperation(id string) string {
	if !l.suggests() {
		return ""
	}
	if near := likely(id, l.d.ByID); near != "" {
		return near
	}
	return sameWords(id, l.d.ByID)
}

// operationMeant says which operation is to be named: the near one, else which there are.
func (l *lint) operationMeant(near string) string {
	if near != "" {
		return "did you mean " + near + "?"
	}
	var names []string
	for _, o := range l.d.Ops[:min(len(l.d.Ops), fewNames+1)] {
		names = append(names, o.ID)
	}
	return listed(names, "name one of this definition")
}

// parameterNames are the names of an operation that a dynamic extension can give or refer to: parameters, and the properties
// of the body.
func (l *lint) parameterNames(o *index.Operation) []string {
	var names []string
	for _, p := range o.List {
		if p.Place != "body" && p.NameText != "" {
			names = append(names, p.NameText)
		}
	}
	if body := o.Body(); body != nil && body.Schema != jsonspan.None {
		if k := l.bodySchema(body); k.Properties != jsonspan.None {
			for c := range l.d.Tree.Children(k.Properties) {
				names = append(names, body.NameText+"/"+l.d.Tree.Key(c))
			}
		}
	}
	return names
}

// meant says which of some names is meant by one that is none of them: the likely one, or all if these are few.
func (l *lint) meant(name string, all func() []string, otherwise string) string {
	if !l.suggests() {
		return otherwise
	}
	names := all()
	known := map[string]bool{}
	for _, n := range names {
		known[n] = true
	}
	if near := likely(name, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	for n := range known { // the plain name of a property
		if _, plain, ok := strings.Cut(n, "/"); ok && strings.EqualFold(plain, name) {
			return fmt.Sprintf("did you mean %q?", n)
		}
	}
	return listed(names, otherwise)
}

// fewNames is how many names somebody reads in a message.
const fewNames = 6

// listed names a few names, in their order.
func listed(names []string, otherwise string) string {
	switch {
	case len(names) == 0 || len(names) > fewNames || slices.Contains(names, ""):
		return otherwise
	case len(names) == 1:
		return "the only one is " + names[0]
	}
	return "write one of " + strings.Join(names, ", ")
}

// likely returns the known name that differs in case and in other characters than letters and digits alone, else the nearest.
func likely[V any](name string, known map[string]V) string {
	plain, best := strings.ToLower(sanitised(name)), ""
	for k := range known {
		if plain != "" && strings.ToLower(sanitised(k)) == plain && (best == "" || k < best) {
			best = k
		}
	}
	if best != "" {
		return best
	}
	return nearest(name, known)
}

// sameWords returns the known name that has the words of another one in another order: GetSearch, SearchGet.
func sameWords[V any](name string, known map[string]V) string {
	words, best := wordsOf(name), ""
	for k := range known {
		if len(words) > 1 && len(k)+8 > len(name) && len(name)+8 > len(k) && slices.Equal(wordsOf(k), words) && (best == "" || k < best) {
			best = k
		}
	}
	return best
}

// wordsOf splits a name in Pascal case, or with marks between words; sorted, in lower case.
func wordsOf(name string) []string {
	var b strings.Builder
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			b.WriteByte(' ')
		case unicode.IsUpper(r):
			b.WriteByte(' ')
			fallthrough
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	words := strings.Fields(b.String())
	slices.Sort(words)
	return words
}
