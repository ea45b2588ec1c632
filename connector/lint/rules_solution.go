package lint

import (
	"bytes"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/internal/lazyregexp"
	"github.com/solutionkit/solutionkit/solution"
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
		{"CONN-SOL-012", warns, Always, "the import wipes the OAuth settings of the installed connector", "The packaged connection parameters have none. Options.Installed gives the installed connector.", connectorCheck(wipesOAuth)},
		{"CONN-SOL-013", warns, Always, "the solution holds users of its own connector", "A connector belongs into a solution of its own that is imported first.", connectorCheck(usersBeside)},
		{"CONN-SOL-014", fails, Always, "an environment variable is neither in the solution nor declared as a dependency", "In loose files, with Options.Deploy, every use is a warning: upload tools do not resolve it.", connectorCheck(variablesKnown)},
		{"CONN-SOL-015", warns, Always, "script without <scriptoperations>, or the reverse", "A script without them runs for every operation: a note.", connectorCheck(scriptPair)},
		{"CONN-SOL-016", warns, Always, "references to one connector come from different environments", "", connectorCheck(referencesAgree)},
		{"CONN-SOL-017", warns, Always, "a flow, app or agent of the solution calls an operation that the connector lacks", "Compared without regard to case. The import works and the call fails.", connectorCheck(callsKnown)},
	}
}

func partMissing(l *lint) {
	if l.c.Element == nil {
		return
	}
	for _, p := range index.PartFields {
		named := strings.TrimSpace(l.c.Element.Text(p.Name))
		if named == "" {
			if p.Name == "openapidefinition" {
				l.findAt(l.c.Element.Location(p.Name), "the connector names no definition: add <openapidefinition>")
			}
			continue
		}
		if _, ok := l.c.Solution.Part(named); !ok {
			l.findAt(l.c.Element.Location(p.Name), "%s is not in the package: add the file", named)
		}
	}
}

func partName(l *lint) {
	if l.c.Element == nil || l.c.Name == "" {
		return
	}
	for _, p := range index.PartFields {
		if named := strings.TrimSpace(l.c.Element.Text(p.Name)); named != "" && !strings.HasPrefix(strings.ToLower(path.Base(named)), strings.ToLower(l.c.Name)+"_") {
			l.findAt(l.c.Element.Location(p.Name), "file %s should be called %s%s", named, l.c.Name, p.Suffix)
		}
	}
}

const (
	maxName     = 500
	maxFileName = index.MaxName
)

func nameUsable(l *lint) {
	if l.c.Element == nil {
		return
	}
	at := l.c.Element.Location("name")
	switch n := utf8.RuneCountInString(l.c.Name); {
	case n == 0:
		l.findAt(at, "the connector has no name: add <name>")
	case n > maxName:
		l.findAt(at, "<name> has %d characters, more than %d", n, maxName)
	}
	if first := l.c.Solution.Named(l.c.Name); l.c.Name != "" && first != nil && first != l.c.Element {
		l.findAt(at, "another connector is called %q too", l.c.Name)
	}
}

func nameLength(l *lint) {
	if l.c.Element != nil && len(l.c.Name) > maxFileName {
		l.findAt(l.c.Element.Location("name"), "<name> has %d bytes: with more than %d the names of its files exceed 255", len(l.c.Name), maxFileName)
	}
}

func nameCharacters(l *lint) {
	if l.c.Element == nil {
		return
	}
	if i := strings.IndexFunc(l.c.Name, func(r rune) bool { return !isNameRune(r) }); i >= 0 {
		r, _ := utf8.DecodeRuneInString(l.c.Name[i:])
		l.findAt(l.c.Element.Location("name"), "<name> holds %q: use letters, digits, _ and -", r)
	}
}

func isNameRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-'
}

func rootMissing(l *lint) {
	if l.c.Element == nil || l.around().manifest == nil {
		return
	}
	for _, r := range l.around().rootsOf(l.c.Element) {
		if r.SchemaName == "" || strings.EqualFold(r.SchemaName, l.c.Name) {
			return
		}
	}
	id := strings.ToLower(strings.Trim(strings.TrimSpace(l.c.ID()), "{}"))
	l.findAt(l.c.Element.Location("name"), "solution.xml has no root component of type 372 with id {%s} and schemaName %q: add it", id, l.c.Name)
}

func namePrefix(l *lint) {
	if l.c.Element == nil || l.c.Name == "" || l.around().manifest == nil {
		return
	}
	prefix := l.around().manifest.Publisher().Prefix
	if prefix == "" {
		return
	}
	if !strings.HasPrefix(strings.ToLower(l.c.Name), strings.ToLower(prefix)+"_") {
		l.findAt(l.c.Element.Location("name"), "<name> %q does not begin with %s_, the prefix of the publisher", l.c.Name, prefix)
	}
}

func titlesDiffer(l *lint) {
	if l.c.Element == nil || l.d.Missing {
		return
	}
	if shown := l.c.Element.Text("displayname"); shown != l.c.Title() && l.c.Title() != "" {
		n, _ := l.infoText("title")
		l.find(n, "info.title is %q, the display name %q: make them the same", l.c.Title(), shown).fixReplace(jsonspan.Quote(shown))
	}
}

func displayNameLength(l *lint) {
	if l.c.Element == nil {
		return
	}
	if n := utf8.RuneCountInString(l.c.Element.Text("displayname")); n > titleLimit {
		l.findAt(l.c.Element.Location("displayname"), "the display name has %d characters: some tools drop connectors with more than %d", n, titleLimit)
	} else if n, text := l.infoText("title"); utf8.RuneCountInString(text) > titleLimit {
		l.find(n, "info.title has %d characters: some tools drop connectors with more than %d", utf8.RuneCountInString(text), titleLimit)
	}
}

func typeOfConnector(l *lint) {
	if l.c.Element == nil {
		return
	}
	if t := strings.TrimSpace(l.c.Element.Text("connectortype")); t != "1" {
		l.findAt(l.c.Element.Location("connectortype"), "<connectortype> is %q: a custom connector has 1", t)
	}
}

// hasOAuth reports whether c has a parameter with OAuth settings that name a client.
func hasOAuth(c *index.Connector) bool {
	for i := range c.Props.Parameters {
		if c.Props.Parameters[i].OAuth() {
			return true
		}
	}
	return false
}

func wipesOAuth(l *lint) {
	if l.c.Element == nil || l.opts.Installed == nil || !hasOAuth(indexOf(l.opts.Installed)) || hasOAuth(l.c) || !l.c.Props.Params.OK() {
		return
	}
	l.findIn(l.c.Props.Params, "the installed connector has OAuth settings and these parameters have none: the import wipes them")
}

func usersBeside(l *lint) {
	if l.c.Element == nil {
		return
	}
	id, err := solution.ParseGUID(strings.TrimSpace(l.c.ID()))
	if err == nil && !id.IsZero() {
		for _, r := range l.around().users[id] {
			l.findAt(l.c.Element.Location("name"), "connection reference %q of the same solution uses this connector: move the connector to a solution of its own, imported first", r.LogicalName)
			return
		}
	}
	if flow := l.around().flows[l.c.Name]; l.c.Name != "" && flow != "" {
		l.findAt(l.c.Element.Location("name"), "flow %s of the same solution uses this connector: move the connector to a solution of its own, imported first", flow)
		return
	}
	by := l.around().apps[l.c.Element]
	if calls := l.around().calls[l.c.Element]; by == "" && len(calls) > 0 {
		by = calls[0].by
	}
	if by != "" {
		l.findAt(l.c.Element.Location("name"), "%s of the same solution uses this connector: move the connector to a solution of its own, imported first", by)
	}
}

func variablesKnown(l *lint) {
	if l.c.Element == nil && !l.opts.Deploy || l.c.Element != nil && l.around().manifest == nil {
		return
	}
	for _, f := range []*index.File{l.d.File, l.c.Props.Params.File, l.c.Props.Sets.File} {
		if f == nil || !bytes.Contains(f.Source, []byte("@environmentVariables")) {
			continue
		}
		index.Value{File: f, Node: 0}.Texts(func(v index.Value, text string) {
			for _, m := range variableCall.FindAllStringSubmatch(text, -1) {
				if l.c.Element == nil {
					l.findIn(v, "environment variable %q: upload tools do not resolve it, give the value", m[1]).severity(warns)
				} else if !l.around().variables[strings.ToLower(m[1])] {
					l.findIn(v, "environment variable %q is neither in the solution nor declared as a dependency: add it", m[1])
				}
			}
		})
	}
}

// variableCall finds @environmentVariables("name") in the text of a string.
var variableCall = lazyregexp.New(`@environmentVariables\(\s*['"]([^'"]+)['"]\s*\)`)

func scriptPair(l *lint) {
	if l.c.Element == nil {
		return
	}
	switch script, ops := l.c.HasScript(), l.c.Props.ScriptOps.OK(); {
	case script && !ops:
		l.findAt(l.c.Element.Location("customcodeblobcontent"), "without <scriptoperations> the script runs for every operation").severity(notes)
	case !script && ops && l.c.Props.ScriptOps.Count() > 0:
		l.findAt(l.c.Element.Location("scriptoperations"), "<scriptoperations> without a script")
	}
}

func referencesAgree(l *lint) {
	if l.c.Element == nil {
		return
	}
	id, err := solution.ParseGUID(strings.TrimSpace(l.c.ID()))
	if err != nil || id.IsZero() {
		return
	}
	first := ""
	for _, r := range l.around().users[id] {
		api := strings.TrimPrefix(strings.ToLower(r.ConnectorID), "/providers/microsoft.powerapps/apis/")
		switch {
		case api == "":
		case first == "":
			first = api
		case api != first:
			at := r.Location
			at.Path = ""
			l.findAt(at, "connection reference %q uses api id %s, another one %s: export them from one environment", r.LogicalName, api, first)
		}
	}
}

// callsKnown finds calls of operations that the connector does not have.
func callsKnown(l *lint) {
	if l.c.Element == nil || l.d.Missing || l.c.Name == "" {
		return
	}
	known := map[string]bool{}
	for _, o := range l.d.Ops {
		known[strings.ToLower(o.ID)], known[strings.ToLower(sanitised(o.ID))] = true, true
	}
	for _, c := range l.around().calls[l.c.Element] {
		if known[strings.ToLower(c.Operation)] {
			continue
		}
		at := c.Location
		at.Path = ""
		l.findAt(at, "%s calls operation %q, which connector %s lacks: %s", c.by, c.Operation, l.c.Name, l.operationMeant(l.nearOperation(c.Operation)))
	}
}
