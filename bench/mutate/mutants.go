package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
)

// A mutant is one change of one file.
type mutant struct {
	target   *target
	file     string // below the root of the module
	line     int
	kind     string // what is changed: row, bool, text, number, condition, operator
	from, to int    // offsets of what is replaced
	text     string
	what     string // for people
}

// apply returns the source with the change.
func (m *mutant) apply(src []byte) []byte {
	return append(append(append([]byte{}, src[:m.from]...), m.text...), src[m.to:]...)
}

// otherOperator is what an operator becomes: a bound that moves by one, or the opposite.
var otherOperator = map[token.Token]token.Token{
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.LAND: token.LOR, token.LOR: token.LAND,
}

// mutantsOf returns every change of a file that this program knows how to make.
func mutantsOf(t *target, file string, src []byte) ([]mutant, error) {
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, file, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var list []mutant
	add := func(kind string, from, to token.Pos, text string) {
		at := files.Position(from)
		list = append(list, mutant{target: t, file: file, line: at.Line, kind: kind, from: at.Offset, to: files.Position(to).Offset, text: text})
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field:
			// A tag of a struct is no text of the program.
			return n.Tag == nil
		case *ast.CompositeLit:
			for i := range n.Elts {
				if isRow(n, i) {
					add("row", n.Elts[i].Pos(), endOfElement(n, i), "")
				}
			}
		case *ast.Ident:
			switch n.Name {
			case "true":
				add("bool", n.Pos(), n.End(), "false")
			case "false":
				add("bool", n.Pos(), n.End(), "true")
			}
		case *ast.BasicLit:
			switch n.Kind {
			case token.STRING:
				add("text", n.Pos(), n.End(), otherText(n.Value))
			case token.INT:
				add("number", n.Pos(), n.End(), "("+n.Value+" + 1)")
			}
		case *ast.IfStmt:
			add("condition", n.Cond.Pos(), n.Cond.End(), "!("+string(src[files.Position(n.Cond.Pos()).Offset:files.Position(n.Cond.End()).Offset])+")")
		case *ast.BinaryExpr:
			if op, ok := otherOperator[n.Op]; ok {
				add("operator", n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), op.String())
			}
		}
		return true
	})
	for i := range list {
		m := &list[i]
		m.what = fmt.Sprintf("%s becomes %s", short(string(src[m.from:m.to])), short(m.text))
		if m.text == "" {
			m.what = short(string(src[m.from:m.to])) + " is gone"
		}
	}
	return list, nil
}

// isRow reports whether an element of a literal is one of several of a list, or a column of a row that may be left out. A literal
// that says what type it is of and has keys is a map or a struct; both can do without one.
func isRow(c *ast.CompositeLit, i int) bool {
	switch c.Type.(type) {
	case *ast.ArrayType, *ast.MapType, nil:
		return true
	}
	_, keyed := c.Elts[i].(*ast.KeyValueExpr)
	return keyed
}

// endOfElement is the end of an element with its comma, so that no empty one stays behind.
func endOfElement(c *ast.CompositeLit, i int) token.Pos {
	if i+1 < len(c.Elts) {
		return c.Elts[i+1].Pos()
	}
	return c.Rbrace
}

// otherText changes the letter in the middle, where patterns, paths and sentences have what means something.
func otherText(literal string) string {
	text, err := strconv.Unquote(literal)
	if err != nil {
		panic(err) // the parser has read it
	}
	if text == "" {
		return `"q"`
	}
	letters := []rune(text)
	i := len(letters) / 2
	letters[i] = map[bool]rune{false: 'q', true: 'w'}[letters[i] == 'q' || letters[i] == 'Q']
	return strconv.Quote(string(letters))
}

// short is a text on one line that is not too long.
func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > 100 {
		return string(r[:100]) + "…"
	}
	return text
}
