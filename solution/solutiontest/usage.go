package solutiontest

import (
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/solutionkit/solutionkit/solution"
)

// A statement is a kind of line. Its usage is all there is to its syntax: it is what errors show, what the package
// comment lists, and what lines are checked against.
type statement struct {
	usage string
	build func(b *builder, l *line) error

	words, attrs []field // made from usage
	required     int     // how many of words must be there
}

// A field is one value in a usage.
type field struct {
	name     string // key of an attribute, or a literal
	form     string // GUID, NAME, ...; empty for a literal
	choices  []string
	list     bool // NAME,...
	required bool
}

// compiled returns the statements by their keyword, with the fields that their usages describe.
var compiled = sync.OnceValue(func() map[string]*statement {
	out := make(map[string]*statement, len(statements))
	for _, s := range statements {
		for _, text := range strings.Fields(s.usage)[1:] {
			s.add(text)
		}
		out[s.keyword()] = &s
	}
	return out
})

func (s *statement) add(text string) {
	inner, optional := strings.CutPrefix(text, "[")
	if optional {
		inner = strings.TrimSuffix(inner, "]")
	}
	f := field{required: !optional}
	form, isAttr := inner, false
	if key, value, ok := strings.Cut(inner, "="); ok {
		f.name, form, isAttr = key, value, true
	}
	form, f.list = strings.CutSuffix(form, ",...")
	switch {
	case form == strings.ToUpper(form) && form[0] > '9':
		f.form = form
	case isAttr || strings.Contains(form, "|"):
		f.choices = strings.Split(form, "|")
	default:
		f.name = form
	}
	if isAttr {
		s.attrs = append(s.attrs, f)
		return
	}
	s.words = append(s.words, f)
	if f.required {
		s.required++
	}
}

// keyword returns the first word of the usage.
func (s *statement) keyword() string {
	keyword, _, _ := strings.Cut(s.usage, " ")
	return keyword
}

// check holds the values of a line to the usage.
func (s *statement) check(l *line) error {
	if len(l.words) < s.required || len(l.words) > len(s.words) {
		return fmt.Errorf("%d values without a key do not fit: write %s", len(l.words), s.usage)
	}
	for i, w := range l.words {
		f := &s.words[i]
		if f.form == "" && f.choices == nil {
			if w.text != f.name {
				return fmt.Errorf("%q where the word %s stands: write %s", w.text, f.name, s.usage)
			}
			continue
		}
		if err := f.check(w.text); err != nil {
			return err
		}
	}
	for i, a := range l.attrs {
		at := slices.IndexFunc(s.attrs, func(f field) bool { return f.name == a.key })
		if at < 0 {
			return fmt.Errorf("%s has no attribute %s: write %s", s.keyword(), a.key, s.usage)
		}
		if slices.ContainsFunc(l.attrs[:i], func(b word) bool { return b.key == a.key }) {
			return fmt.Errorf("attribute %s occurs twice: several values are separated by commas", a.key)
		}
		if err := s.attrs[at].check(a.text); err != nil {
			return fmt.Errorf("%s=: %w", a.key, err)
		}
	}
	for _, f := range s.attrs {
		if _, ok := l.attr(f.name); f.required && !ok {
			return fmt.Errorf("attribute %s is missing: write %s", f.name, s.usage)
		}
	}
	return nil
}

func (f *field) check(text string) error {
	if f.choices != nil {
		if !slices.Contains(f.choices, text) {
			return fmt.Errorf("%q is not possible: write %s", text, strings.Join(f.choices, " or "))
		}
		return nil
	}
	if !f.list || strings.IndexByte(text, ',') < 0 {
		return checkForm(f.form, text)
	}
	seen := map[string]bool{}
	for item := range strings.SplitSeq(text, ",") {
		if err := checkForm(f.form, item); err != nil {
			return err
		}
		if seen[item] {
			return fmt.Errorf("%q occurs twice", item)
		}
		seen[item] = true
	}
	return nil
}

// checkForm checks one value of a form, as the package comment describes the forms.
func checkForm(form, text string) error {
	var err error
	switch form {
	case "TEXT":
	case "TABLE", "COLUMN", "CHOICE", "SET", "RELATIONSHIP", "TYPE", "VARIABLE", "SOLUTION":
		if !onlyHas(text, "_") {
			return fmt.Errorf("%q is no name of a %s: write letters, digits and underscores", text, strings.ToLower(form))
		}
	case "NAME", "CONNECTOR", "CONTROL", "APP", "SITEMAP", "BOT", "TOPIC":
		if !onlyHas(text, "_.-") || !isPart(text) {
			return fmt.Errorf("%q is not a name: write letters, digits, underscores, dots and hyphens", text)
		}
	case "REFERENCE", "OPERATION":
		name, connector, ok := strings.Cut(text, ":")
		if err = checkForm("NAME", name); err == nil && ok {
			err = checkForm("NAME", connector)
		}
	case "CALL":
		what, operation, ok := strings.Cut(text, ":")
		if err = checkForm("NAME", what); err == nil && (!ok || operation == "") {
			return fmt.Errorf("%q is no call: write the name of a connection reference or connector, a colon, and the operation", text)
		}
	case "WEBRESOURCE":
		if !onlyHas(text, "_.-/") || !isPart(text) {
			return fmt.Errorf("%q is no name of a web resource: write a path of letters, digits, underscores, dots and hyphens", text)
		}
	case "TABLE.COLUMN":
		table, column, ok := strings.Cut(text, ".")
		if !ok || !onlyHas(table, "_") || !onlyHas(column, "_") {
			return fmt.Errorf("%q is not a column: write TABLE.COLUMN", text)
		}
	case "PATH":
		if !isPart(text) {
			return fmt.Errorf("%q is not a path: write names that all systems allow, separated by slashes", text)
		}
	case "PREFIX":
		if !onlyHas(text, "") || len(text) < 2 || len(text) > 8 || text[0] <= '9' || strings.HasPrefix(strings.ToLower(text), "mscrm") {
			return fmt.Errorf("%q is not a prefix: write 2 to 8 letters and digits, a letter first, and not mscrm", text)
		}
	case "OPTION":
		if n, err := strconv.Atoi(text); err != nil || n < 10000 || n > 99999 {
			return fmt.Errorf("%q is no prefix of option values: write 10000 to 99999", text)
		}
	case "LCID":
		if n, err := strconv.Atoi(text); err != nil || n < 1 {
			return fmt.Errorf("%q is no language: write its number, such as 1033", text)
		}
	case "GUID":
		_, err = parseGUID(text)
	case "VERSION":
		_, err = solution.ParseVersion(text)
	case "PROVIDER":
		_, err = solution.ParseRef(text)
	case "KIND":
		if strings.ToLower(text) != text || !onlyHas(text, "_") || text[0] <= '9' {
			return fmt.Errorf("%q is not a kind: write its logical name, in lower case", text)
		}
	case "KIND:KEY":
		_, err = parseKey(text)
	default:
		panic("no such form: " + form)
	}
	return err
}

// onlyHas reports whether text is made of ASCII letters, digits and the characters more, and is not empty.
func onlyHas(text, more string) bool {
	for i := range len(text) {
		c := text[i]
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && strings.IndexByte(more, c) < 0 {
			return false
		}
	}
	return text != ""
}

// isPart reports whether text can be the name of a part on every system.
func isPart(text string) bool {
	if !fs.ValidPath(text) || text == "." || strings.ContainsAny(text, "\\:*?<>|\"\n\t") {
		return false
	}
	for name := range strings.SplitSeq(text, "/") {
		if strings.HasSuffix(name, ".") || strings.HasSuffix(name, " ") {
			return false
		}
	}
	return true
}

// parseGUID reads a GUID, or up to eight digits that stand for its end.
func parseGUID(text string) (solution.GUID, error) {
	if len(text) > 8 {
		return solution.ParseGUID(text)
	}
	n, err := strconv.ParseUint(text, 16, 32)
	if err != nil || n == 0 {
		return solution.GUID{}, fmt.Errorf("%q is not a GUID: write it in full, or one to eight hexadecimal digits that are not all 0", text)
	}
	var id solution.GUID
	for i := range 4 {
		id[15-i] = byte(n >> (8 * i))
	}
	return id, nil
}

// guidOf is parseGUID for a text that is known to be one.
func guidOf(text string) solution.GUID {
	id, err := parseGUID(text)
	if err != nil {
		panic(err) // the usage has been checked
	}
	return id
}

// A key is what KIND:KEY means.
type key struct {
	solution.Key
	name   string // as written, without the table
	parent string
}

// parseKey reads KIND:KEY, or KIND alone for what there is only one of.
func parseKey(text string) (key, error) {
	kind, rest, named := strings.Cut(text, ":")
	t := solution.ComponentType(kind)
	info, ok := t.Info()
	if !ok {
		return key{}, fmt.Errorf("%q: %q is not a kind: write its logical name, such as entity:ct_order", text, kind)
	}
	k := key{Key: solution.NameKey(t, "", ""), name: rest}
	if !named {
		return k, nil
	}
	if rest == "" {
		return key{}, fmt.Errorf("%q names nothing: write %s and a key after the colon", text, kind)
	}
	var err error
	switch info.Key {
	case solution.KeyID, solution.KeyInternal:
		k.name = ""
		var id solution.GUID
		if id, err = parseGUID(rest); err == nil {
			k.Key = k.WithID(id)
		}
	case solution.KeyBoth:
		if id, notID := parseGUID(rest); notID == nil {
			k.name, k.Key = "", k.WithID(id)
		}
	case solution.KeyScoped:
		if k.parent, k.name, ok = strings.Cut(rest, "."); !ok || k.parent == "" || k.name == "" {
			return key{}, fmt.Errorf("%q: write %s:OWNER.NAME", text, kind)
		}
	}
	if err != nil {
		return key{}, err
	}
	k.Key = solution.NewKey(t, k.parent, k.name, k.ID())
	return k, nil
}
