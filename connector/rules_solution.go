package connector

import (
	"bytes"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

func solutionRules() []rule {
	return []rule{
		{"CONN-SOL-001", fails, Always, "a file that <Connector> names is not in the package", "The import fails with it.", connectorCheck(partMissing)},
		{"CONN-SOL-002", fails, Always, "a file belongs to no <Connector>", "", nil},
		{"CONN-SOL-003", warns, Always, "the name of a file does not begin with the name of the connector", "The reference packager drops such a file without a word.", connectorCheck(partName)},
		{"CONN-SOL-004", fails, Always, "<name> is missing, longer than 500 characters, or there twice", "", connectorCheck(nameUsable)},
		{"CONN-SOL-005", warns, Always, "<name> makes file names longer than 255 bytes", "The reference packager stops half-way.", connectorCheck(nameLength)},
		{"CONN-SOL-006", warns, Always, "<name> holds other characters than letters, digits, _ and -", "The reference packager loses files of such a connector.", connectorCheck(nameCharacters)},
		{"CONN-SOL-007", fails, Always, "a root component without <Connector>, or the reverse", "", connectorCheck(rootMissing)},
		{"CONN-SOL-008", warns, Always, "<name> does not begin with the prefix of the publisher", "", connectorCheck(namePrefix)},
		{"CONN-SOL-009", warns, Always, "<displayname> and info.title differ", "", connectorCheck(titlesDiffer)},
		{"CONN-SOL-010", warns, Always, "title or display name has more than 30 characters", "Unpack tools have dropped such connectors.", connectorCheck(displayNameLength)},
		{"CONN-SOL-011", fails, Always, "<connectortype> is not 1", "", connectorCheck(typeOfConnector)},
		{"CONN-SOL-012", warns, Always, "the import wipes the OAuth settings of the installed connector", "The packaged connection parameters have none. LintOptions.Installed gives the installed connector.", connectorCheck(wipesOAuth)},
		{"CONN-SOL-013", warns, Always, "the solution holds users of its own connector", "A connector belongs into a solution of its own that is imported first.", connectorCheck(usersBeside)},
		{"CONN-SOL-014", fails, Always, "an environment variable is neither in the solution nor declared as a dependency", "In loose files, with LintOptions.Deploy, every use is a warning: upload tools do not resolve it.", connectorCheck(variablesKnown)},
		{"CONN-SOL-015", warns, Always, "script without <scriptoperations>, or the reverse", "", connectorCheck(scriptPair)},
		{"CONN-SOL-016", warns, Always, "references to one connector come from different environments", "", connectorCheck(referencesAgree)},
	}
}

func partMissing(l *lint) {
	if l.c.element == nil {
		return
	}
	for _, p := range partFields {
		named := strings.TrimSpace(l.c.element.text(p.name))
		if named == "" {
			if p.name == "openapidefinition" {
				l.findAt(l.c.element.location(p.name), "the connector names no definition: add <openapidefinition>")
			}
			continue
		}
		if _, ok := l.c.solution.part(named); !ok {
			l.findAt(l.c.element.location(p.name), "%s is not in the package: add the file", named)
		}
	}
}

func partName(l *lint) {
	if l.c.element == nil || l.c.name == "" {
		return
	}
	for _, p := range partFields {
		if named := strings.TrimSpace(l.c.element.text(p.name)); named != "" && !strings.HasPrefix(strings.ToLower(path.Base(named)), strings.ToLower(l.c.name)+"_") {
			l.findAt(l.c.element.location(p.name), "file %s should be called %s%s", named, l.c.name, p.suffix)
		}
	}
}

const (
	maxName     = 500
	maxFileName = 255 - len("_policytemplateinstances.json")
)

func nameUsable(l *lint) {
	if l.c.element == nil {
		return
	}
	at := l.c.element.location("name")
	switch n := utf8.RuneCountInString(l.c.name); {
	case n == 0:
		l.findAt(at, "the connector has no name: add <name>")
	case n > maxName:
		l.findAt(at, "<name> has %d characters, more than %d", n, maxName)
	}
	for _, e := range l.c.solution.elements {
		if e == l.c.element {
			break
		}
		if l.c.name != "" && strings.EqualFold(e.text("name"), l.c.name) {
			l.findAt(at, "another connector is called %q too", l.c.name)
			break
		}
	}
}

func nameLength(l *lint) {
	if l.c.element != nil && len(l.c.name) > maxFileName {
		l.findAt(l.c.element.location("name"), "<name> has %d bytes: with more than %d the names of its files exceed 255", len(l.c.name), maxFileName)
	}
}

func nameCharacters(l *lint) {
	if l.c.element == nil {
		return
	}
	if i := strings.IndexFunc(l.c.name, func(r rune) bool { return !isNameRune(r) }); i >= 0 {
		r, _ := utf8.DecodeRuneInString(l.c.name[i:])
		l.findAt(l.c.element.location("name"), "<name> holds %q: use letters, digits, _ and -", r)
	}
}

func isNameRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-'
}

func rootMissing(l *lint) {
	if l.c.element == nil || l.c.solution.manifest == nil {
		return
	}
	id := strings.ToLower(strings.Trim(strings.TrimSpace(l.c.ID()), "{}"))
	for _, r := range l.c.solution.roots {
		if r.id == id && (r.schemaName == "" || strings.EqualFold(r.schemaName, l.c.name)) || r.id == "" && strings.EqualFold(r.schemaName, l.c.name) {
			return
		}
	}
	l.findAt(l.c.element.location("name"), "solution.xml has no root component of type 372 with id {%s} and schemaName %q: add it", id, l.c.name)
}

func namePrefix(l *lint) {
	if l.c.element == nil || l.c.solution.prefix == "" || l.c.name == "" {
		return
	}
	if !strings.HasPrefix(strings.ToLower(l.c.name), strings.ToLower(l.c.solution.prefix)+"_") {
		l.findAt(l.c.element.location("name"), "<name> %q does not begin with %s_, the prefix of the publisher", l.c.name, l.c.solution.prefix)
	}
}

func titlesDiffer(l *lint) {
	if l.c.element == nil || l.d.missing {
		return
	}
	if shown := l.c.element.text("displayname"); shown != l.c.Title() && l.c.Title() != "" {
		n, _ := l.infoText("title")
		l.find(n, "info.title is %q, the display name %q: make them the same", l.c.Title(), shown).fixReplace(jsonspan.Quote(shown))
	}
}

func displayNameLength(l *lint) {
	if l.c.element == nil {
		return
	}
	if n := utf8.RuneCountInString(l.c.element.text("displayname")); n > titleLimit {
		l.findAt(l.c.element.location("displayname"), "the display name has %d characters: some tools drop connectors with more than %d", n, titleLimit)
	} else if n, text := l.infoText("title"); utf8.RuneCountInString(text) > titleLimit {
		l.find(n, "info.title has %d characters: some tools drop connectors with more than %d", utf8.RuneCountInString(text), titleLimit)
	}
}

func typeOfConnector(l *lint) {
	if l.c.element == nil {
		return
	}
	if t := strings.TrimSpace(l.c.element.text("connectortype")); t != "1" {
		l.findAt(l.c.element.location("connectortype"), "<connectortype> is %q: a custom connector has 1", t)
	}
}

// hasOAuth reports whether c has a parameter with OAuth settings that name a client.
func (c *Connector) hasOAuth() bool {
	for i := range c.props.all {
		if c.props.all[i].oauth() {
			return true
		}
	}
	return false
}

func wipesOAuth(l *lint) {
	if l.c.element == nil || l.opts.Installed == nil || !l.opts.Installed.hasOAuth() || l.c.hasOAuth() || !l.c.props.params.ok() {
		return
	}
	l.findIn(l.c.props.params, "the installed connector has OAuth settings and these parameters have none: the import wipes them")
}

func usersBeside(l *lint) {
	if l.c.element == nil {
		return
	}
	id := strings.ToLower(strings.TrimSpace(l.c.ID()))
	for _, r := range l.c.solution.references {
		if r.connector != "" && r.connector == id {
			l.findAt(l.c.element.location("name"), "connection reference %q of the same solution uses this connector: move the connector to a solution of its own, imported first", r.name)
			return
		}
	}
	quoted := []byte(jsonspan.Quote(l.c.name))
	for _, f := range l.c.solution.flows {
		if l.c.name != "" && bytes.Contains(f.src, quoted) && bytes.Contains(f.src, []byte(`"logicalName"`)) {
			l.findAt(l.c.element.location("name"), "flow %s of the same solution uses this connector: move the connector to a solution of its own, imported first", f.name)
			return
		}
	}
}

func variablesKnown(l *lint) {
	if l.c.element == nil && !l.opts.Deploy || l.c.element != nil && l.c.solution.manifest == nil {
		return
	}
	for _, f := range []*file{l.d.file, l.c.props.params.f, l.c.props.sets.f} {
		if f == nil || !bytes.Contains(f.src, []byte("@environmentVariables")) {
			continue
		}
		value{f, 0}.texts(func(v value, text string) {
			for _, m := range variableCall.FindAllStringSubmatch(text, -1) {
				if l.c.element == nil {
					l.findIn(v, "environment variable %q: upload tools do not resolve it, give the value", m[1]).severity(warns)
				} else if !l.c.solution.variables[strings.ToLower(m[1])] {
					l.findIn(v, "environment variable %q is neither in the solution nor declared as a dependency: add it", m[1])
				}
			}
		})
	}
}

func scriptPair(l *lint) {
	if l.c.element == nil {
		return
	}
	switch script, ops := l.c.hasScript(), l.c.props.scriptOps.ok(); {
	case script && !ops:
		l.findAt(l.c.element.location("customcodeblobcontent"), "a script without <scriptoperations>: it does not run")
	case !script && ops && l.c.props.scriptOps.count() > 0:
		l.findAt(l.c.element.location("scriptoperations"), "<scriptoperations> without a script")
	}
}

func referencesAgree(l *lint) {
	if l.c.element == nil {
		return
	}
	id := strings.ToLower(strings.TrimSpace(l.c.ID()))
	first := ""
	for _, r := range l.c.solution.references {
		if r.connector != id || id == "" || r.apiID == "" {
			continue
		}
		if first == "" {
			first = r.apiID
		} else if r.apiID != first {
			l.findAt(r.f.span(r.offset, r.offset+1), "connection reference %q uses api id %s, another one %s: export them from one environment", r.name, r.apiID, first)
		}
	}
}

// LintPackage finds what belongs to no single connector: files of a solution that no <Connector> names,
// and root components without one. [LintAll] does it too.
func LintPackage(fsys fs.FS, opts *LintOptions) (diag.List, error) {
	def, _ := readJSON("", []byte("{}"), false)
	l := newLint(&Connector{def: newDefinition(def)}, opts)
	r := &reader{fsys: fsys}
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		entries, err := fs.ReadDir(fsys, name)
		if err != nil {
			return err
		}
		if isLoose(entries) {
			return fs.SkipDir
		}
		if !isSolution(entries) {
			return nil
		}
		sol, err := r.openSolution(name)
		if err != nil || sol == nil || len(sol.broken) > 0 || sol.manifest == nil && len(sol.elements) == 0 {
			return nil // reported by All
		}
		l.orphans(sol)
		return nil
	})
	return l.list(), err
}

func (l *lint) orphans(s *surroundings) {
	claimed := map[string]bool{}
	for _, e := range s.elements {
		for _, p := range partFields {
			if at, ok := s.part(e.text(p.name)); ok {
				claimed[at] = true
			}
		}
	}
	if l.use("CONN-SOL-002") {
		for _, f := range s.files {
			if !claimed[f] {
				l.findAt(diag.Location{File: f}, "no <Connector> names this file: remove it or add the connector")
			}
		}
	}
	if !l.use("CONN-SOL-007") {
		return
	}
	for _, r := range s.roots {
		found := false
		for _, e := range s.elements {
			found = found || strings.EqualFold(strings.Trim(strings.TrimSpace(e.text("connectorid")), "{}"), r.id) || r.id == "" && strings.EqualFold(e.text("name"), r.schemaName)
		}
		if !found {
			l.findAt(s.manifest.span(r.offset, r.offset+1), "root component %q {%s} has no <Connector>: add it or remove the root component", r.schemaName, r.id)
		}
	}
}
