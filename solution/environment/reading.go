package environment

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// A Reading is what one file tells of an environment. Nothing here changes it.
type Reading struct {
	file        string
	src         []byte
	environment *plan.Environment // of the JSON form, or of a package
	isPackage   bool
	facts
	lists []listed
}

// File returns the name of the file, as the caller called it.
func (r *Reading) File() string { return r.file }

// Facts are the rows of the lists of a file.
type facts struct {
	solutions   []installed
	publishers  []named
	tables      []named // by the GUID of their metadata
	components  []component
	connections []connection
	references  []reference
	definitions []definition
	values      []value
	connectors  []customConnector
	version     solution.Version
	versionAt   diag.Location
}

// A listed is a list that a file has, and how much of it.
type listed struct {
	set     string // see [lists]
	context string // @odata.context
	more    bool   // there is a further page, or it was cut
	next    int    // the page that the link leads to; 0: not known
	cut     bool   // its count is higher than what it has
	at      diag.Location
}

// Installed is the reading of the package of an installed solution. file is its name; it becomes the package of the solution in the
// environment.
func Installed(p *plan.Solution, file string) *Reading {
	return &Reading{file: file, isPackage: true, environment: &plan.Environment{Solutions: []plan.Installed{{Name: p.Name(), Package: p, PackageFile: file}}}}
}

// Environment returns what a file in the JSON form says, nil for all others. It names packages, which the caller reads and puts into
// it before [Join].
func (r *Reading) Environment() *plan.Environment {
	if r.isPackage {
		return nil
	}
	return r.environment
}

// Of is the reading of an environment that the caller has.
func Of(env *plan.Environment, file string) *Reading {
	return &Reading{file: file, environment: env}
}

// Read reads a file in one of the forms of the package comment. file is its name, for errors. A text of more than 64 MiB is refused.
//
// The error is a [*plan.EnvironmentError]: a text in none of the forms, a list that nothing is known of, elements of several kinds
// in one list, a member of the wrong type, or one that is missing without which the row says nothing.
func Read(src []byte, file string) (*Reading, error) {
	text := src
	if bytes.HasPrefix(src, []byte{0xFF, 0xFE}) || bytes.HasPrefix(src, []byte{0xFE, 0xFF}) {
		var err error
		if text, err = xmlspan.ToUTF8(src); err != nil {
			return nil, &plan.EnvironmentError{File: file, Pos: diag.Position{Line: 1, Column: 1}, Err: errors.New("this is not UTF-16 as its first bytes say: save the file as UTF-8")}
		}
	}
	r := &Reading{file: file, src: src}
	start := jsonStart(text)
	if start < 0 {
		if err := r.table(text); err != nil {
			return nil, err
		}
		return r, nil
	}
	if start > 0 && !bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) || start > 3 {
		text = blanked(text, start)
	}
	d := &document{file: file, lines: diag.NewLines(text)}
	tree, err := jsonspan.Parse(text, nil)
	if syntax, ok := errors.AsType[*jsonspan.SyntaxError](err); ok {
		// Its text may show a character of a secret.
		cause := "this is not JSON: check quotes, commas and brackets"
		if syntax.Problem == jsonspan.TooLarge {
			cause = syntax.Message
		}
		return nil, &plan.EnvironmentError{File: file, Pos: d.lines.Position(syntax.Offset), Err: errors.New(cause)}
	}
	if err != nil {
		return nil, err
	}
	d.tree = tree
	if err := r.document(d, text); err != nil {
		return nil, err
	}
	return r, nil
}

// jsonStart returns where JSON begins: at the first line that begins with a bracket, if only lines without columns of a table stand
// before it. It is -1 if there is none.
func jsonStart(text []byte) int {
	at := 0
	for line := range bytes.Lines(text) {
		trimmed := bytes.TrimLeft(bytes.TrimPrefix(line, []byte("\xef\xbb\xbf")), " \t\r\n")
		if len(trimmed) > 0 {
			if trimmed[0] == '{' || trimmed[0] == '[' {
				return at + len(line) - len(trimmed)
			}
			if _, _, ok := titles(string(trimmed)); ok {
				return -1
			}
		}
		at += len(line)
	}
	return -1
}

// blanked returns a copy of the text with blanks in the place of what stands before start, so that positions stay.
func blanked(text []byte, start int) []byte {
	out := bytes.Clone(text)
	for i, c := range out[:start] {
		if c != '\n' && c != '\r' {
			out[i] = ' '
		}
	}
	return out
}

// document reads JSON.
func (r *Reading) document(d *document, text []byte) error {
	switch d.tree.Kind(0) {
	case jsonspan.Array:
		return r.array(d, 0, "", diag.Location{})
	case jsonspan.Object:
	default:
		return d.fail(0, errors.New("a list or an object is expected: give what a tool prints as JSON"))
	}
	root, err := d.object(0)
	if err != nil {
		return err
	}
	context, err := root.text("odatacontext")
	if err != nil {
		return err
	}
	if inner, ok, err := root.open("error"); err != nil {
		return err
	} else if ok {
		message, _ := inner.text("message")
		return root.fail("error", fmt.Errorf("this is the answer to a request that failed (%s): ask again", cmp.Or(message, "no reason is given")))
	}
	m, isList := root.nodes["value"]
	switch {
	case isList && d.tree.Kind(m) == jsonspan.Array:
		if err := r.array(d, m, context, root.location()); err != nil {
			return err
		}
		return r.paging(&root, &r.lists[len(r.lists)-1], int(d.tree.Node(m).Count))
	case isList && context != "" && entitySet(context) == "":
		return root.fail("value", errors.New("the answer is no list of what an environment has"))
	case strings.HasSuffix(context, "RetrieveVersionResponse"):
		v, _, err := root.version("version")
		if err == nil && v == (solution.Version{}) {
			err = root.fail("version", errors.New("the member Version is missing"))
		}
		r.version, r.versionAt = v, root.location()
		return err
	case context != "":
		set := listOf(entitySet(context))
		if set == nil {
			return root.fail("odatacontext", unknownSet(entitySet(context)))
		}
		r.lists = append(r.lists, listed{set: set.name, context: context, more: true, at: root.location()})
		return r.row(set, &root)
	case root.has("solutions"):
		r.environment, err = plan.ParseEnvironment(text, d.file)
		return err
	}
	return d.fail(0, errors.New(`this is no answer of a tool that is known: give one with its member "@odata.context" or "value", or an object with "solutions"`))
}

// paging notes whether an answer has everything.
func (r *Reading) paging(root *record, l *listed, rows int) error {
	link, err := root.text("odatanextlink", "nextlink")
	if err != nil {
		return err
	}
	count, counted, err := root.whole("odatacount")
	if err != nil {
		return err
	}
	switch {
	case link != "":
		l.more, l.next = true, pageOf(link)
		l.at = root.doc.at(int(root.doc.tree.Node(root.nodes[firstOf(root, "odatanextlink", "nextlink")]).Start))
	case counted && count > rows:
		l.more, l.cut = true, true
	}
	return nil
}

func firstOf(r *record, names ...string) string {
	for _, name := range names {
		if r.has(name) {
			return name
		}
	}
	return ""
}

// pageOf returns the number of the page that a link leads to, 0 if it does not tell. A link has a cookie with it, escaped.
func pageOf(link string) int {
	_, rest, ok := strings.Cut(strings.ToLower(link), "pagenumber")
	if !ok {
		return 0
	}
	start := strings.IndexFunc(rest, func(c rune) bool { return '1' <= c && c <= '9' })
	// Between the name and the digits stand the equals sign and a quote, both perhaps escaped twice: %253d%2522.
	for _, quote := range []string{"%2522", "%22", `"`, "'"} {
		if i := strings.Index(rest, quote); i >= 0 && i < 16 {
			start = i + len(quote)
			break
		}
	}
	if start < 0 || start >= len(rest) {
		return 0
	}
	end := start
	for end < len(rest) && end < start+9 && '0' <= rest[end] && rest[end] <= '9' {
		end++
	}
	n, _ := strconv.Atoi(rest[start:end])
	return n
}

// entitySet returns the name of the list in a context: "…/$metadata#solutions(uniquename,version)".
func entitySet(context string) string {
	_, set, ok := strings.Cut(context, "#")
	if !ok {
		return ""
	}
	if end := strings.IndexAny(set, "(/"); end >= 0 {
		set = set[:end]
	}
	return set
}

func unknownSet(set string) error {
	return fmt.Errorf("nothing is read of %q: give %s", set, setNames())
}

// array reads the elements of a list. context is empty if nothing says what they are.
func (r *Reading) array(d *document, node int32, context string, at diag.Location) error {
	if !at.Start.IsValid() {
		at = d.at(int(d.tree.Node(node).Start))
	}
	var l *list
	if set := entitySet(context); set != "" {
		if l = listOf(set); l == nil {
			return d.fail(d.tree.Get(0, "@odata.context"), unknownSet(set))
		}
	}
	told := l != nil
	for i := range d.tree.Children(node) {
		rec, err := d.object(i)
		if err != nil {
			return err
		}
		switch kind := recognize(&rec); {
		case told:
		case kind == nil:
			return d.fail(i, fmt.Errorf("its members do not tell what it is: give %s", setNames()))
		case l == nil:
			l = kind
		case l != kind:
			return d.fail(i, fmt.Errorf("a list of %s has an element of %s: give a file for each", l.name, kind.name))
		}
		if err := r.row(l, &rec); err != nil {
			return err
		}
	}
	if l == nil {
		return d.fail(node, errors.New("an empty list does not tell of what: give the whole answer, with its @odata.context, or leave it out"))
	}
	r.lists = append(r.lists, listed{set: l.name, context: context, at: at})
	return nil
}

func (r *Reading) row(l *list, rec *record) error {
	if l.read == nil {
		return nil
	}
	return l.read(&r.facts, rec)
}
