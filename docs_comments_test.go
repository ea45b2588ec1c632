package solutionkit_test

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// TestDocComments holds that everything public is explained: each package, each exported identifier, field and method.
func TestDocComments(t *testing.T) {
	names := 0
	for _, dir := range publicAPI {
		doc, all := "", ""
		for _, f := range parseLibrary(t, dir) {
			if text := f.Doc.Text(); text != "" {
				if doc != "" {
					t.Errorf("%s has two package comments", dir)
				}
				doc = text
			}
			for _, g := range f.Comments {
				all += g.Text()
			}
			for _, d := range f.Decls {
				names += undocumented(d, func(name, why string) { t.Errorf("%s: %s %s", dir, name, why) })
			}
		}
		doc = strings.Join(strings.Fields(doc), " ")
		if !strings.HasPrefix(doc, "Package ") {
			t.Errorf("%s has no package comment", dir)
		}
		// What a format's rules are taken from, and what a package does not do, are part of its specification.
		if !slices.ContainsFunc(sourceWords, func(w string) bool { return strings.Contains(doc, w) }) {
			t.Errorf("the package comment of %s does not say where its facts come from", dir)
		}
		if !slices.ContainsFunc(limitWords, func(w string) bool { return strings.Contains(doc, w) }) {
			t.Errorf("the package comment of %s names no limit: what is not done, not read, or bounded", dir)
		}
		if !slices.ContainsFunc(sharingWords, func(w string) bool { return strings.Contains(all, w) }) {
			t.Errorf("no comment of %s says what may be used by many goroutines at once", dir)
		}
	}
	if names < 500 {
		t.Errorf("only %d exported names seen: the walk is broken", names)
	}
}

var (
	sourceWords  = []string{"observed", "ocumentation", "documented", "exports", "standard", "Facts are"}
	limitWords   = []string{"limit", "Limits", " is not ", " are not ", " does not ", " do not ", "Not made", "never", "left out", "refused", "is read"}
	sharingWords = []string{"concurren", "goroutine", "immutable"}
)

// undocumented calls report for each exported name of a declaration without a comment, and returns how many names it looked at.
func undocumented(d ast.Decl, report func(name, why string)) int {
	n := 0
	look := func(name string, docs ...*ast.CommentGroup) {
		n++
		if !slices.ContainsFunc(docs, func(g *ast.CommentGroup) bool { return strings.TrimSpace(g.Text()) != "" }) {
			report(name, "has no comment")
		}
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if name := d.Name.Name; d.Name.IsExported() && (d.Recv == nil || ast.IsExported(receiver(d))) {
			if d.Recv != nil {
				name = receiver(d) + "." + name
			}
			look(name, d.Doc)
			if words := strings.Fields(d.Doc.Text()); len(words) > 0 && words[0] != d.Name.Name {
				report(name, "has a comment that does not begin with its name")
			}
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if !s.Name.IsExported() {
					continue
				}
				look(s.Name.Name, s.Doc, d.Doc)
				if body, ok := s.Type.(*ast.StructType); ok {
					n += numbers(body, func(field string) {
						report(s.Name.Name+"."+field, "is a number without a comment: say what it counts, in which unit, and what 0 means")
					})
				}
				if words := strings.Fields(d.Doc.Text()); len(d.Specs) == 1 && len(words) > 1 && !slices.Contains(words[:2], s.Name.Name) {
					report(s.Name.Name, "has a comment that does not begin with its name")
				}
			case *ast.ValueSpec:
				for _, id := range s.Names {
					// Constants and variables of one group are explained together, or each.
					if id.IsExported() && d.Tok != token.IMPORT {
						look(id.Name, s.Doc, s.Comment, d.Doc)
					}
				}
			}
		}
	}
	return n
}

// numbers calls report for each exported number of a struct without a comment, and returns how many it looked at.
func numbers(body *ast.StructType, report func(field string)) int {
	n := 0
	for i, f := range body.Fields.List {
		id, ok := f.Type.(*ast.Ident)
		if !ok || !slices.Contains([]string{"int", "int32", "int64", "uint8", "uint32", "float64"}, id.Name) {
			continue
		}
		// One comment above several fields is that of all that follow without an own one.
		explained := strings.TrimSpace(f.Doc.Text()+f.Comment.Text()) != ""
		for back := i - 1; !explained && back >= 0; back-- {
			explained = strings.TrimSpace(body.Fields.List[back].Doc.Text()) != ""
			if strings.TrimSpace(body.Fields.List[back].Comment.Text()) != "" {
				break
			}
		}
		for _, name := range f.Names {
			if n++; name.IsExported() && !explained {
				report(name.Name)
			}
		}
	}
	return n
}

func receiver(f *ast.FuncDecl) string {
	x := f.Recv.List[0].Type
	for {
		switch y := x.(type) {
		case *ast.StarExpr:
			x = y.X
		case *ast.IndexExpr:
			x = y.X
		case *ast.Ident:
			return y.Name
		default:
			return ""
		}
	}
}
