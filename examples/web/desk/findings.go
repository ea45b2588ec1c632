package desk

import (
	"bytes"
	"fmt"
	"iter"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/connector/lint"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/packager/yamlsource"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A Finding is a diagnostic with what a person wants to know of it.
type Finding struct {
	Item     int      `json:"item"`
	Severity string   `json:"severity"` // error, warning, action, note, or certification
	Message  string   `json:"message"`
	Rule     string   `json:"rule"`
	Help     string   `json:"help"`   // of the rule
	Place    string   `json:"place"`  // file:line:column
	Path     string   `json:"path"`   // JSON Pointer or the path of an element
	Source   string   `json:"source"` // the line there, cut
	Fix      string   `json:"fix"`
	Also     []string `json:"also,omitempty"` // other places
}

// A checked is what was found in an item, and the files that it is about.
type checked struct {
	found, certified diag.List // without and with the rules of certification
	certification    bool      // certified was looked for
}

// mostSources is how many findings show the line they are about.
const mostSources = 1000

// check looks for everything that is wrong with an item. Places are files of the source tree, which the page gives as a download.
func (it *item) check(certification bool) (diag.List, error) {
	if it.checked == nil {
		found, err := it.checkWith(&lint.Options{})
		if err != nil {
			return nil, err
		}
		it.checked = &checked{found: found}
	}
	if !certification {
		return it.checked.found, nil
	}
	if !it.checked.certification {
		found, err := it.checkWith(&lint.Options{Certification: true})
		if err != nil {
			return nil, err
		}
		it.checked.certified, it.checked.certification = found, true
	}
	return it.checked.certified, nil
}

// counts says how many findings there are of each severity.
type counts struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Notes    int `json:"notes"`
}

func countsOf(l diag.List) counts {
	return counts{l.Count(diag.Error), l.Count(diag.Warning), l.Count(diag.Note) + l.Count(diag.Action)}
}

// countFindings is what the card of an item tells.
func countFindings(it *item, _ *request) (counts, error) {
	found, err := it.check(false)
	return countsOf(found), err
}

func (it *item) checkWith(opts *lint.Options) (diag.List, error) {
	switch it.kind {
	case kindConnectors:
		return it.loose.check(opts)
	case kindSolution:
		return it.checkSolution(opts)
	}
	return nil, nil
}

func (it *item) checkSolution(opts *lint.Options) (diag.List, error) {
	tree, err := it.treeOf()
	if err != nil {
		return nil, err
	}
	names := tree.Names()
	for i, name := range names { // each file is read, so a damaged entry shows
		it.desk.progress(i, len(names))
		if _, err := tree.ReadFile(name); err != nil {
			return nil, fmt.Errorf("%s: %w", it.name, err)
		}
	}
	found, err := tree.Check()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", it.name, err)
	}
	more, err := checkParts(tree, opts)
	if err != nil && found.Err() == nil { // else what can't be packed need not have parts
		return nil, fmt.Errorf("%s: %w", it.name, err)
	}
	return diag.Join(append(more, found)...), nil
}

func checkParts(tree *packager.Tree, opts *lint.Options) ([]diag.List, error) {
	parts, err := tree.Parts()
	if err != nil {
		return nil, err
	}
	parts = solution.Shared(parts)
	var out []diag.List
	for _, look := range []func() (diag.List, error){
		func() (diag.List, error) {
			set, err := connref.Read(parts)
			if err != nil {
				return nil, err
			}
			return set.CheckUses(), nil
		},
		func() (diag.List, error) { return content.CheckComponents(parts, nil) },
		func() (diag.List, error) { return lint.CheckSolution(parts, opts) },
	} {
		list, err := look()
		if err != nil {
			return out, err
		}
		out = append(out, list)
	}
	return out, nil
}

// ruleUnreadable stands for what keeps something from being read and is no finding of the library.
var ruleUnreadable = diag.Rule{ID: "web/unreadable", Severity: diag.Error, Summary: "a solution or a connector can't be read",
	Help: "Nothing else was checked in it. The message says what is wrong."}

func unreadable(err error) diag.Diagnostic {
	return diag.Diagnostic{Rule: ruleUnreadable.ID, Severity: diag.Error, Message: err.Error()}
}

// found is what check finds, or that it can't, as what is wrong with one of several items is to hide nothing of the others.
func (it *item) found(certification bool) diag.List {
	found, err := it.check(certification)
	if err != nil {
		return diag.List{unreadable(err)}
	}
	return found
}

// rules is the catalogue of all that the page can find.
func rules() (*diag.Catalogue, error) {
	return diag.NewCatalogue(packager.Rules(), yamlsource.Rules(), solution.Rules(), content.Rules(), lint.Rules(), one(ruleUnreadable))
}

func one(r diag.Rule) iter.Seq[diag.Rule] { return slices.Values([]diag.Rule{r}) }

// findings are those of several items, the worst first.
func findings(items []*item, r *request) ([]Finding, error) {
	catalogue, err := rules()
	if err != nil {
		return nil, err
	}
	out := []Finding{}
	for _, it := range items {
		l := &lineReader{read: it.readFile}
		for _, f := range it.found(r.Certification) {
			out = append(out, it.finding(f, catalogue, l, len(out) < mostSources))
		}
	}
	slices.SortStableFunc(out, func(a, b Finding) int { return rank(a.Severity) - rank(b.Severity) })
	return out, nil
}

// ranks are the severities, the worst first.
var ranks = []string{diag.Error.String(), diag.Warning.String(), diag.Action.String(), certificationWord, diag.Note.String()}

const certificationWord = "certification"

func rank(severity string) int { return slices.Index(ranks, severity) }

func (it *item) finding(f diag.Diagnostic, catalogue *diag.Catalogue, l *lineReader, source bool) Finding {
	out := Finding{Item: it.id, Severity: f.Severity.String(), Message: f.Message, Rule: f.Rule, Place: it.place(f.Location), Path: f.Location.Path}
	if lint.ClassOf(f.Rule) == lint.Certification {
		out.Severity = certificationWord
	}
	if rule, ok := catalogue.Lookup(f.Rule); ok {
		out.Help = rule.Help
	}
	if len(f.Fixes) > 0 {
		out.Fix = f.Fixes[0].Message
	}
	for _, r := range f.Related {
		out.Also = append(out.Also, strings.TrimPrefix(it.place(r.Location)+": "+r.Message, ": "))
	}
	if source {
		out.Source = l.line(f.Location)
	}
	return out
}

// place is a location by the names that the user knows.
func (it *item) place(at diag.Location) string {
	at.Path = ""
	if it.loose != nil {
		at.File = it.loose.looseName(at.File)
	}
	return at.String()
}

func (it *item) readFile(name string) ([]byte, error) {
	if it.loose != nil {
		return readLimited(it.loose.fsys, name, maxNested)
	}
	tree, err := it.treeOf()
	if err != nil {
		return nil, err
	}
	return tree.ReadFile(name)
}

// A lineReader gives lines of files. It keeps the last file, as findings are sorted by file.
type lineReader struct {
	read func(name string) ([]byte, error)
	name string
	data []byte
}

// What is shown of a line, in bytes to either side of the place.
const (
	before = 60
	after  = 140
)

// line returns the line of a place, or what is around the place in a long one; nothing if there is none.
func (l *lineReader) line(at diag.Location) string {
	if !at.Start.IsValid() || at.File == "" {
		return ""
	}
	if name := path.Clean(at.File); name != l.name {
		l.name = name
		l.data, _ = l.read(name) // without the file, no line is shown, and the place still is
	}
	offset := at.Start.Offset
	if offset < 0 || offset >= len(l.data) {
		return ""
	}
	start := bytes.LastIndexAny(l.data[:offset], "\r\n") + 1
	end := len(l.data)
	if i := bytes.IndexAny(l.data[offset:], "\r\n"); i >= 0 {
		end = offset + i
	}
	cutStart, cutEnd := max(start, offset-before), min(end, offset+after)
	for cutStart > start && !utf8.RuneStart(l.data[cutStart]) {
		cutStart--
	}
	for cutEnd < end && !utf8.RuneStart(l.data[cutEnd]) {
		cutEnd++
	}
	text := strings.TrimSpace(strings.ToValidUTF8(string(l.data[cutStart:cutEnd]), "\ufffd"))
	if text == "" {
		return ""
	}
	if cutStart > start {
		text = "… " + text
	}
	if cutEnd < end {
		text += " …"
	}
	return text
}
