package connref

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// defaultFile is the name of deployment settings that were not read from a file.
const defaultFile = "settings.json"

// The members of a settings file.
const (
	memberVariables  = "EnvironmentVariables"
	memberReferences = "ConnectionReferences"
)

// Settings are deployment settings: an immutable view over the bytes they were parsed from, safe for concurrent use. With methods
// return new ones in which only the changed spans differ. The zero value is settings without entries.
type Settings struct {
	file      string
	tree      *jsonspan.Tree
	variables []Assignment
	bindings  []Binding
	found     diag.List

	byVariable, byReference map[string]int // indexes by folded name
}

// An Assignment gives an environment variable a value. An empty value is not given. It is a plain value.
type Assignment struct {
	SchemaName string
	Value      string
	Location   diag.Location

	node int32
}

// A Binding gives a connection reference a connection. An empty id is not given. It is a plain value.
type Binding struct {
	LogicalName  string
	ConnectionID string
	ConnectorID  string
	Location     diag.Location

	node int32
}

// ParseSettings reads deployment settings, which it keeps and which must not change afterwards. Members it
// does not know are carried. file is the name that errors and locations have.
//
// The error is a [*solution.SyntaxError]: text that is not JSON, not an object, a list or entry of the wrong
// kind, an entry without a name, or a name that occurs twice, compared without regard to case.
func ParseSettings(src []byte, file string) (*Settings, error) {
	t, err := jsonspan.Parse(src, nil)
	lines := diag.NewLines(src)
	var syntax *jsonspan.SyntaxError
	if errors.As(err, &syntax) {
		return nil, &solution.SyntaxError{File: file, Pos: lines.Position(syntax.Offset), Err: errors.New(syntax.Message)}
	}
	if err != nil {
		return nil, &solution.SyntaxError{File: file, Pos: lines.Position(0), Err: err}
	}
	p := &settingsParser{Settings: &Settings{file: file, tree: t}, lines: lines}
	if t.Kind(0) != jsonspan.Object {
		return nil, p.errorf(0, "deployment settings are an object, this is a value of type %v", t.Kind(0))
	}
	if r := t.Repeated(); len(r) > 0 {
		return nil, p.errorf(r[0], "member %q occurs twice in one object: keep one", t.Key(r[0]))
	}
	p.mistaken(0, memberVariables, memberReferences)
	if err := p.list(memberVariables, "SchemaName", p.assignment); err != nil {
		return nil, err
	}
	if err := p.list(memberReferences, "LogicalName", p.binding); err != nil {
		return nil, err
	}
	p.byVariable = indexOf(p.variables, func(a Assignment) string { return a.SchemaName })
	p.byReference = indexOf(p.bindings, func(b Binding) string { return b.LogicalName })
	return p.Settings, nil
}

type settingsParser struct {
	*Settings
	lines *diag.Lines
}

func (p *settingsParser) errorf(node int32, format string, args ...any) error {
	return &solution.SyntaxError{File: p.file, Pos: p.lines.Position(int(p.tree.Node(node).Start)), Err: fmt.Errorf(format, args...)}
}

// list reads one of the arrays; nameKey is what identifies its entries.
func (p *settingsParser) list(member, nameKey string, add func(node int32, name string) error) error {
	list := p.tree.Get(0, member)
	if list == jsonspan.None || p.tree.Kind(list) == jsonspan.Null {
		return nil
	}
	if p.tree.Kind(list) != jsonspan.Array {
		return p.errorf(list, "%s is an array, this is a value of type %v", member, p.tree.Kind(list))
	}
	seen := map[string]int32{}
	for i := range p.tree.Children(list) {
		if p.tree.Kind(i) != jsonspan.Object {
			return p.errorf(i, "an entry of %s is an object, this is a value of type %v", member, p.tree.Kind(i))
		}
		name, err := p.text(i, nameKey)
		if err != nil {
			return err
		}
		if name == "" {
			err := p.errorf(i, "an entry of %s has no %s", member, nameKey)
			for c := range p.tree.Children(i) {
				if key := p.tree.Key(c); key != nameKey && alike(key, nameKey) {
					err = p.errorf(i, "an entry of %s has no %s: %q is not read, write %[2]s", member, nameKey, key)
				}
			}
			return err
		}
		if first, dup := seen[solution.Fold(name)]; dup {
			return p.errorf(i, "%q occurs twice in %s, first in line %d: keep one", name, member,
				p.lines.Position(int(p.tree.Node(first).Start)).Line)
		}
		seen[solution.Fold(name)] = i
		if err := add(i, name); err != nil {
			return err
		}
	}
	return nil
}

// text returns a member that is a text; absent and null are empty.
func (p *settingsParser) text(node int32, key string) (string, error) {
	i := p.tree.Get(node, key)
	switch {
	case i == jsonspan.None || p.tree.Kind(i) == jsonspan.Null:
		return "", nil
	case p.tree.Kind(i) != jsonspan.String:
		return "", p.errorf(i, "%s is a text: write it in quotes", key)
	}
	return p.tree.Text(i), nil
}

// maxMistaken is how many findings about members are kept: a file may repeat the mistake in each entry.
const maxMistaken = 1000

// mistaken notes the members of an object that are not read and have nearly the name of one that is. Others are somebody's own.
func (p *settingsParser) mistaken(node int32, known ...string) {
	for i := range p.tree.Children(node) {
		key := p.tree.Key(i)
		if slices.Contains(known, key) || len(p.found) >= maxMistaken {
			continue
		}
		for _, name := range known {
			if alike(key, name) {
				start := int(p.tree.Node(i).KeyStart) - 1
				at := p.lines.Span(p.file, start, start+len(`""`)+len(p.tree.RawKey(i)))
				at.Path = p.tree.Pointer(i)
				p.found = append(p.found, diag.Diagnostic{Rule: ruleUnreadMember.ID, Severity: ruleUnreadMember.Severity, Location: at,
					Message: fmt.Sprintf("%q is not read: did you mean %q?", key, name)})
			}
		}
	}
}

// alike reports whether two names of members differ in no more than letter case, signs between words, and a plural.
func alike(a, b string) bool {
	plain := func(s string) string {
		return strings.TrimSuffix(strings.NewReplacer("_", "", "-", "", " ", "").Replace(solution.Fold(s)), "s")
	}
	return plain(a) == plain(b)
}

func (p *settingsParser) location(node int32) diag.Location {
	n := p.tree.Node(node)
	at := p.lines.Span(p.file, int(n.Start), int(n.End))
	at.Path = p.tree.Pointer(node)
	return at
}

func (p *settingsParser) assignment(node int32, name string) error {
	p.mistaken(node, "SchemaName", "Value")
	value, err := p.text(node, "Value")
	p.variables = append(p.variables, Assignment{name, value, p.location(node), node})
	return err
}

func (p *settingsParser) binding(node int32, name string) error {
	p.mistaken(node, "LogicalName", "ConnectionId", "ConnectorId")
	connection, err := p.text(node, "ConnectionId")
	if err != nil {
		return err
	}
	connector, err := p.text(node, "ConnectorId")
	p.bindings = append(p.bindings, Binding{name, connection, connector, p.location(node), node})
	return err
}

// File returns the name that was given to [ParseSettings], "settings.json" if none was.
func (st *Settings) File() string {
	if st.file == "" {
		return defaultFile
	}
	return st.file
}

// Diagnostics returns the members that are not read and have nearly the name of one that is, sorted. [Set.Check] has these too.
func (st *Settings) Diagnostics() diag.List {
	found := slices.Clone(st.found)
	found.Sort()
	return found
}

// Bytes returns the file. The caller must not change it.
func (st *Settings) Bytes() []byte {
	if st.tree == nil {
		return []byte(blank)
	}
	return st.tree.Bytes()
}

// EnvironmentVariables returns the values in the order of the file.
func (st *Settings) EnvironmentVariables() []Assignment { return slices.Clone(st.variables) }

// ConnectionReferences returns the bindings in the order of the file.
func (st *Settings) ConnectionReferences() []Binding { return slices.Clone(st.bindings) }

// Variable returns the value given to the variable of that name.
func (st *Settings) Variable(name string) (Assignment, bool) {
	return lookup(st.variables, st.byVariable, name, func(a Assignment) string { return a.SchemaName })
}

// Reference returns the binding of the reference of that name.
func (st *Settings) Reference(name string) (Binding, bool) {
	return lookup(st.bindings, st.byReference, name, func(b Binding) string { return b.LogicalName })
}

// WithVariable returns st with that value of a variable, which is added if st does not name it.
func (st *Settings) WithVariable(name, value string) (*Settings, error) {
	var e settingsEdit
	e.variable(st, name, value)
	return e.apply(st)
}

// WithReference returns st with that connection for a reference, which is added if st does not name it.
// An empty connectorID leaves the one that is there.
func (st *Settings) WithReference(name, connectionID, connectorID string) (*Settings, error) {
	var e settingsEdit
	e.reference(st, name, connectionID, connectorID)
	return e.apply(st)
}

// A settingsEdit collects what is changed in settings. No name may be given twice.
type settingsEdit struct {
	edits                 []jsonspan.Edit
	variables, references [][]member // to be added
}

type member struct{ key, text string }

func (e *settingsEdit) variable(st *Settings, name, value string) {
	if a, ok := st.Variable(name); ok {
		e.edits = append(e.edits, st.set(a.node, "Value", value)...)
		return
	}
	e.variables = append(e.variables, []member{{"SchemaName", name}, {"Value", value}})
}

func (e *settingsEdit) reference(st *Settings, name, connectionID, connectorID string) {
	b, ok := st.Reference(name)
	if !ok {
		e.references = append(e.references, []member{{"LogicalName", name}, {"ConnectionId", connectionID}, {"ConnectorId", connectorID}})
		return
	}
	e.edits = append(e.edits, st.set(b.node, "ConnectionId", connectionID)...)
	if connectorID != "" {
		e.edits = append(e.edits, st.set(b.node, "ConnectorId", connectorID)...)
	}
}

func (e *settingsEdit) apply(st *Settings) (*Settings, error) {
	st, err := st.edit(e.edits...)
	if err == nil {
		st, err = st.add(memberVariables, e.variables)
	}
	if err == nil {
		st, err = st.add(memberReferences, e.references)
	}
	return st, err
}

// set makes the edit that gives a member of an entry a text, none if it has it.
func (st *Settings) set(node int32, key, text string) []jsonspan.Edit {
	i := st.tree.Get(node, key)
	switch {
	case i == jsonspan.None:
		return []jsonspan.Edit{st.tree.Insert(node, key, jsonspan.Quote(text))}
	case st.tree.Kind(i) == jsonspan.String && st.tree.Text(i) == text:
		return nil
	}
	return []jsonspan.Edit{st.tree.Replace(i, jsonspan.Quote(text))}
}

func (st *Settings) edit(edits ...jsonspan.Edit) (*Settings, error) {
	if len(edits) == 0 {
		return st, nil
	}
	src, err := jsonspan.Apply(st.Bytes(), edits)
	if err != nil {
		return nil, err
	}
	return ParseSettings(src, st.File())
}

// add appends entries to a list, with the list if there is none.
func (st *Settings) add(list string, entries [][]member) (*Settings, error) {
	if len(entries) == 0 {
		return st, nil
	}
	if st.tree == nil {
		empty, err := ParseSettings(st.Bytes(), st.File())
		if err != nil {
			return nil, err
		}
		st = empty
	}
	i := st.tree.Get(0, list)
	switch {
	case i == jsonspan.None && st.tree.Node(0).Count == 0:
		return st.edit(jsonspan.Edit{Start: int(st.tree.Node(0).Start) + 1, End: int(st.tree.Node(0).End) - 1,
			New: "\n  " + jsonspan.Quote(list) + ": " + newList(entries) + "\n"})
	case i == jsonspan.None:
		return st.edit(st.tree.Insert(0, list, newList(entries)))
	case st.tree.Kind(i) != jsonspan.Array || st.tree.Node(i).Count == 0:
		return st.edit(st.tree.Replace(i, newList(entries)))
	}
	like := st.lastEntry(i)
	var added strings.Builder
	at := st.tree.Insert(i, "", "")
	for _, entry := range entries {
		added.WriteString(at.New)
		like.write(&added, entry)
	}
	return st.edit(jsonspan.Edit{Start: at.Start, End: at.End, New: added.String()})
}

// An entryLayout is the white space in an entry: before the first member, between two, and behind the last.
type entryLayout struct{ lead, between, tail string }

// newLayout is that of an entry of a list that had none.
var newLayout = entryLayout{lead: "\n      ", between: "\n      ", tail: "\n    "}

// lastEntry returns the layout of the last entry of a list.
func (st *Settings) lastEntry(list int32) entryLayout {
	var last, first int32
	for i := range st.tree.Children(list) {
		last = i
	}
	for i := range st.tree.Children(last) {
		first = i
		break
	}
	if first == jsonspan.None {
		return newLayout
	}
	src := st.tree.Bytes()
	n, m := st.tree.Node(last), st.tree.Node(first)
	body := string(src[n.Start+1 : n.End-1])
	l := entryLayout{lead: string(src[n.Start+1 : m.KeyStart-1]), between: " ", tail: body[len(strings.TrimRight(body, " \t\r\n")):]}
	if strings.Contains(l.lead, "\n") {
		l.between = l.lead
	}
	return l
}

func (l entryLayout) write(b *strings.Builder, entry []member) {
	b.WriteString("{" + l.lead)
	for i, m := range entry {
		if i > 0 {
			b.WriteString("," + l.between)
		}
		b.WriteString(jsonspan.Quote(m.key) + ": " + jsonspan.Quote(m.text))
	}
	b.WriteString(l.tail + "}")
}

func newList(entries [][]member) string {
	var b strings.Builder
	for i, entry := range entries {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n    ")
		newLayout.write(&b, entry)
	}
	return "[" + b.String() + "\n  ]"
}

// blank are settings without entries, in the layout of those that tools write.
const blank = "{\n  \"EnvironmentVariables\": [],\n  \"ConnectionReferences\": []\n}\n"

// Settings returns deployment settings for s: an entry for each variable and reference, sorted by name, with
// blanks for what is to be filled in. Where keep, which may be nil, has an entry, that stays as it is
// written, and so does everything else in keep; what it lacks comes behind.
//
// A secret that keep does not have is left out, because a blank entry of one makes the import fail; the findings say what to add.
func (s *Set) Settings(keep *Settings) (*Settings, diag.List, error) {
	st := keep
	if st == nil {
		st = &Settings{}
	}
	var e settingsEdit
	var found diag.List
	for _, v := range s.Variables {
		switch _, ok := st.Variable(v.SchemaName); {
		case ok:
		case v.Type == TypeSecret:
			found = append(found, v.leftOut())
		default:
			e.variable(st, v.SchemaName, "")
		}
	}
	for _, r := range s.References {
		if _, ok := st.Reference(r.LogicalName); !ok {
			e.reference(st, r.LogicalName, "", r.ConnectorID)
		}
	}
	st, err := e.apply(st)
	return st, found, err
}

// Merge returns st with everything that over gives: its values and connections replace those of st, its
// blanks replace nothing, and names that st lacks are added, blank or not.
func (st *Settings) Merge(over *Settings) (*Settings, error) {
	var e settingsEdit
	for _, a := range over.variables {
		if _, ok := st.Variable(a.SchemaName); !ok || a.Value != "" {
			e.variable(st, a.SchemaName, a.Value)
		}
	}
	for _, b := range over.bindings {
		if _, ok := st.Reference(b.LogicalName); !ok || b.ConnectionID != "" {
			e.reference(st, b.LogicalName, b.ConnectionID, b.ConnectorID)
		}
	}
	return e.apply(st)
}

// Rename returns st with another name for a reference, st itself if it does not name it.
func (st *Settings) Rename(old, name string) (*Settings, error) {
	b, ok := st.Reference(old)
	if !ok {
		return st, nil
	}
	return st.edit(st.set(b.node, "LogicalName", name)...)
}
