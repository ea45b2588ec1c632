package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A finding is what a rule found, as a place in what was read.
type finding struct {
	rule  *rule
	f     *index.File
	n     int32
	atKey bool
	at    *diag.Location // instead of f and n
	text  string
	fixes []diag.Fix

	own    diag.Severity
	hasOwn bool
}

// find notes a finding of the current rule at a node of the definition.
func (l *lint) find(n int32, format string, args ...any) *finding {
	if l.d.Missing {
		return &finding{f: l.d.File, n: n} // nothing can be said about what is not there
	}
	return l.findIn(index.Value{File: l.d.File, Node: n}, format, args...)
}

func (l *lint) findIn(v index.Value, format string, args ...any) *finding {
	text := format
	if len(args) > 0 {
		text = fmt.Sprintf(format, args...)
	}
	l.found = append(l.found, finding{rule: l.current, f: v.File, n: v.Node, text: text})
	return &l.found[len(l.found)-1]
}

// findAt notes a finding of the current rule at a place outside of JSON.
func (l *lint) findAt(at diag.Location, format string, args ...any) *finding {
	l.found = append(l.found, finding{rule: l.current, at: &at, text: fmt.Sprintf(format, args...)})
	return &l.found[len(l.found)-1]
}

// key puts the finding at the key of its member.
func (f *finding) key() *finding { f.atKey = true; return f }

// fix adds one way to repair.
func (f *finding) fix(message string, edits ...jsonspan.Edit) {
	fix := diag.Fix{Message: message}
	for _, e := range edits {
		fix.Edits = append(fix.Edits, f.f.SourceEdit(e))
	}
	f.fixes = append(f.fixes, fix)
}

func (f *finding) fixRemove()             { f.fix("remove it", f.f.Tree.Remove(f.n)) }
func (f *finding) fixReplace(json string) { f.fix("write "+json, f.f.Tree.Replace(f.n, json)) }
func (f *finding) fixRename(key string)   { f.fix("rename it to "+key, f.f.Tree.Rename(f.n, key)) }
func (f *finding) fixInsert(key, json string) {
	f.fix(fmt.Sprintf("add %s: %s", key, json), f.f.Tree.Insert(f.n, key, json))
}

// list turns the findings into diagnostics, each once, sorted.
func (l *lint) list() diag.List {
	slices.SortStableFunc(l.found, func(a, b finding) int {
		return cmp.Or(strings.Compare(fileName(a), fileName(b)), cmp.Compare(a.n, b.n), strings.Compare(a.rule.id, b.rule.id), strings.Compare(a.text, b.text))
	})
	out := make(diag.List, 0, len(l.found))
	var pointers *jsonspan.Pointers
	var of *index.File
	var last int32 // node in of whose pointer is known
	var pointer string
	for i, f := range l.found {
		if i > 0 && same(l.found[i-1], f) {
			continue
		}
		d := diag.Diagnostic{Rule: f.rule.id, Severity: f.rule.severity, Message: f.text, Fixes: f.fixes}
		if f.hasOwn {
			d.Severity = f.own
		}
		if s, ok := l.opts.Severity[f.rule.id]; ok {
			d.Severity = s
		}
		switch {
		case f.at != nil:
			d.Location = *f.at
		case f.f.Name == "" && l.c.Element != nil:
			d.Location = l.c.Element.Location("scriptoperations")
			d.Fixes = nil
		default:
			d.Location = f.f.Place(f.n, f.atKey)
			if f.f != of && f.f.Tree != nil {
				of, pointers, last = f.f, f.f.Tree.Pointers(), -1
			}
			if f.f.Tree != nil {
				if f.n != last {
					last, pointer = f.n, shortPointer(pointers.At(f.n))
				}
				d.Location.Path = pointer
			}
		}
		out = append(out, d)
	}
	out.Sort()
	return out
}

// longestPointer bounds the pointers of findings: the path of an operation can be as long as the file.
const longestPointer = 1024

// shortPointer returns the pointer of the innermost value around a place that is not too long.
func shortPointer(pointer string) string {
	if len(pointer) <= longestPointer {
		return pointer
	}
	return pointer[:max(strings.LastIndexByte(pointer[:longestPointer+1], '/'), 0)]
}

func fileName(f finding) string {
	if f.f == nil {
		return ""
	}
	return f.f.Name
}

func same(a, b finding) bool {
	if (a.at == nil) != (b.at == nil) || a.at != nil && *a.at != *b.at {
		return false
	}
	return a.rule == b.rule && a.f == b.f && a.n == b.n && a.text == b.text
}
