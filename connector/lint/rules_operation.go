package lint

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

func operationRules() []rule {
	return []rule{
		{"CONN-OP-001", fails, Always, "operationId is missing", "", nil},
		{"CONN-OP-002", fails, Always, "an operationId is used twice", "Compared without regard to case.", connectorCheck(operationIDUnique)},
		{"CONN-OP-003", fails, Always, "an operationId holds white space", "", operationCheck(operationIDSpace)},
		{"CONN-OP-004", notes, Always, "an operationId holds other characters than letters and digits", "Power Fx is said to call the operation by the name without them.", operationCheck(operationIDSanitised)},
		{"CONN-OP-005", notes, Certification, "an operationId is not in Pascal case", "", operationCheck(operationIDPascal)},
		{"CONN-OP-006", warns, Always, "an operationId is too long", "The limit is not public; Options.OperationIDLength sets ours.", operationCheck(operationIDLength)},
		{"CONN-OP-007", fails, Always, "a visible operation has no summary", "On an internal operation, and in a solution, where the platform itself has exported such connectors, it is a warning.", operationCheck(summaryMissing)},
		{"CONN-OP-008", warns, Certification, "a summary is longer than 120 characters", "80 are recommended.", operationCheck(summaryLength)},
		{"CONN-OP-009", warns, Certification, "a summary ends in punctuation or holds restricted marks", "Letters, digits, blanks, round brackets and the marks - ' , . : stand in published connectors; others, such as / ! ? ;, do not.", operationCheck(summaryMarks)},
		{"CONN-OP-010", fails, Always, "a visible operation has no description", "On an internal operation, and in a solution, where the platform itself has exported such connectors, it is a warning.", operationCheck(descriptionOfOperation)},
		{"CONN-OP-011", notes, Certification, "a description is no sentence with an end mark", "", operationCheck(descriptionSentence)},
		{"CONN-OP-012", warns, Certification, "a description repeats the summary", "", operationCheck(descriptionRepeats)},
		{"CONN-OP-013", fails, Always, "an operation has no responses", "On a webhook trigger, whose answer nobody reads, it is a warning.", operationCheck(responsesMissing)},
		{"CONN-OP-014", notes, Certification, "an operation has no response for success", "", operationCheck(successMissing)},
		{"CONN-OP-015", notes, Certification, "a MIME type is not supported", "application/json, text/plain, multipart/form-data and application/x-www-form-urlencoded are.", several{connectorCheck(rootMIME), operationCheck(operationMIME)}},
		{"CONN-OP-016", warns, Always, "a body on GET or HEAD", "Use query parameters. On DELETE it is a note.", operationCheck(bodyOnFetch)},
		{"CONN-OP-017", warns, Certification, "an operation is Production in a connector that is Preview", "", operationCheck(statusAhead)},
		{"CONN-OP-018", fails, Always, "replacement on a live operation, or without api or operationId", "", operationCheck(replacement)},
		{"CONN-OP-019", warns, Certification, "the operations of a family contradict each other", "Revisions are distinct, at most one has none, at most two are live and one of these Production, and ids end in the revision.", connectorCheck(families)},
		{"CONN-OP-020", notes, Always, "several responses have a schema", "The designer uses one. Schemas of errors beside that of success are usual.", operationCheck(manySchemas)},
		{"CONN-OP-021", fails, Always, "the MIME type does not fit the body", "Form data needs multipart/form-data or application/x-www-form-urlencoded.", operationCheck(formMIME)},
	}
}

func operationIDUnique(l *lint) {
	seen := map[string]*index.Operation{}
	for _, o := range l.d.Ops {
		if o.ID == "" {
			continue
		}
		fold := strings.ToLower(o.ID)
		if other, ok := seen[fold]; ok {
			l.find(o.IDNode, "operationId %q is used by %s %s too: give each operation its own", o.ID, strings.ToUpper(other.Method), other.Item.Path)
			continue
		}
		seen[fold] = o
	}
}

func operationIDSpace(l *lint, o *index.Operation) {
	if strings.IndexFunc(o.ID, unicode.IsSpace) >= 0 {
		l.find(o.IDNode, "operationId %q holds white space: write %q", o.ID, sanitised(o.ID))
	}
}

func sanitised(id string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return -1
	}, id)
}

func operationIDSanitised(l *lint, o *index.Operation) {
	if clean := sanitised(o.ID); clean != o.ID && strings.IndexFunc(o.ID, unicode.IsSpace) < 0 {
		l.find(o.IDNode, "operationId %q holds characters other than letters and digits: write %q", o.ID, clean)
	}
}

func operationIDPascal(l *lint, o *index.Operation) {
	if r, _ := utf8.DecodeRuneInString(o.ID); o.ID != "" && !unicode.IsUpper(r) {
		l.find(o.IDNode, "operationId %q should begin with a capital", o.ID)
	}
}

func operationIDLength(l *lint, o *index.Operation) {
	if n := utf8.RuneCountInString(o.ID); n > l.opts.OperationIDLength {
		l.find(o.IDNode, "operationId has %d characters: use at most %d", n, l.opts.OperationIDLength)
	}
}

// needText reports a missing text of an operation: an error where people see it.
func (l *lint) needText(o *index.Operation, n int32, name string) {
	if n != jsonspan.None && (l.d.Kind(n) != jsonspan.String || strings.TrimSpace(l.d.Text(n)) != "") {
		return
	}
	f := l.find(o.Node, "operation %s has no %s: add one", o.ID, name).key()
	if o.Internal() || l.c.Element != nil {
		f.severity(diag.Warning)
	}
}

func summaryMissing(l *lint, o *index.Operation)         { l.needText(o, o.Summary, "summary") }
func descriptionOfOperation(l *lint, o *index.Operation) { l.needText(o, o.Description, "description") }

const summaryLimit = 120

func summaryLength(l *lint, o *index.Operation) {
	if n := utf8.RuneCountInString(l.d.Text(o.Summary)); n > summaryLimit {
		l.find(o.Summary, "the summary has %d characters: use at most 80", n)
	}
}

// summaryAllowed are the marks that summaries of published connectors hold.
const summaryAllowed = " ()-–'’,.:_"

func summaryMarks(l *lint, o *index.Operation) {
	text := l.d.Text(o.Summary)
	if text == "" {
		return
	}
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && !strings.ContainsRune(summaryAllowed, r) {
			l.find(o.Summary, "the summary holds %q: take it out, or write it as a word", r)
			return
		}
	}
	if r, _ := utf8.DecodeLastRuneInString(strings.TrimSpace(text)); !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && r != ')' {
		l.find(o.Summary, "the summary ends in %q: end it with a letter, a digit or a bracket", r)
	}
}

func descriptionSentence(l *lint, o *index.Operation) {
	if text := strings.TrimSpace(l.d.Text(o.Description)); text != "" && !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "!") && !strings.HasSuffix(text, "?") {
		f := l.find(o.Description, "the description should end with a full stop")
		if !strings.EqualFold(text, strings.TrimSpace(l.d.Text(o.Summary))) {
			f.fixReplace(jsonspan.Quote(text + "."))
		}
	}
}

func descriptionRepeats(l *lint, o *index.Operation) {
	trim := func(s string) string { return strings.ToLower(strings.TrimRight(strings.TrimSpace(s), ".")) }
	if d := trim(l.d.Text(o.Description)); d != "" && d == trim(l.d.Text(o.Summary)) {
		l.find(o.Description, "the description repeats the summary: say more")
	}
}

func responsesMissing(l *lint, o *index.Operation) {
	if o.Responses != jsonspan.None && (l.d.Kind(o.Responses) != jsonspan.Object || l.d.Tree.Node(o.Responses).Count > 0) {
		return
	}
	f := l.find(o.Node, "operation %s has no responses: describe at least one", o.ID).key()
	if o.IsWebhook() {
		f.severity(diag.Warning)
	}
}

func successMissing(l *lint, o *index.Operation) {
	if o.Responses == jsonspan.None || l.d.Tree.Node(o.Responses).Count == 0 {
		return
	}
	for c := range l.d.Tree.Children(o.Responses) {
		if k := l.d.Tree.Key(c); len(k) == 3 && k[0] == '2' {
			return
		}
	}
	l.find(o.Responses, "operation %s has no response for success: add one for 200", o.ID).key()
}

var mimeTypes = map[string]bool{"application/json": true, "text/plain": true, "multipart/form-data": true, "application/x-www-form-urlencoded": true}

func (l *lint) mimeList(n int32) {
	if n == jsonspan.None {
		return
	}
	for c := range l.d.Tree.Children(n) {
		text, _, _ := strings.Cut(strings.ToLower(l.d.Text(c)), ";")
		if l.d.Kind(c) == jsonspan.String && !mimeTypes[strings.TrimSpace(text)] {
			l.find(c, "MIME type %q is not supported: use application/json", l.d.Text(c))
		}
	}
}

func rootMIME(l *lint) { l.mimeList(l.d.Consumes); l.mimeList(l.d.Produces) }

func operationMIME(l *lint, o *index.Operation) { l.mimeList(o.Consumes); l.mimeList(o.Produces) }

func bodyOnFetch(l *lint, o *index.Operation) {
	if o.Method != "get" && o.Method != "head" && o.Method != "delete" {
		return
	}
	for _, p := range o.List {
		if p.Place == "body" || p.Place == "formData" {
			f := l.find(p.Use, "%s may not have a body: use query parameters", strings.ToUpper(o.Method))
			if o.Method == "delete" {
				f.severity(diag.Note).text = "DELETE with a body: many services ignore it"
			}
			return
		}
	}
}

func statusAhead(l *lint, o *index.Operation) {
	status := index.Value{File: l.d.File, Node: o.Annotation}
	if o.Annotation == jsonspan.None || status.Get("status").Text() != "Production" {
		return
	}
	if (index.Value{File: l.d.File, Node: 0}).Get("info").Get("x-ms-api-annotation").Get("status").Text() == "Preview" {
		l.findIn(status.Get("status"), "the operation is Production, the connector Preview: set it to Preview").fixReplace(`"Preview"`)
	}
}

func replacement(l *lint, o *index.Operation) {
	if o.Annotation == jsonspan.None {
		return
	}
	r := index.Value{File: l.d.File, Node: o.Annotation}.Get("replacement")
	switch {
	case !r.OK():
	case o.Deprecated == jsonspan.None || !l.d.Tree.True(o.Deprecated):
		l.findIn(r, "replacement stands on an operation that is not deprecated: set deprecated or remove it").key().fixRemove()
	case r.Get("api").Text() == "" || r.Get("operationId").Text() == "":
		l.findIn(r, "replacement needs api and operationId").key()
	}
}

// families checks the operations that share x-ms-api-annotation.family.
func families(l *lint) {
	byFamily := map[string][]*index.Operation{}
	var order []string
	for _, o := range l.d.Ops {
		if o.Annotation == jsonspan.None {
			continue
		}
		if name := (index.Value{File: l.d.File, Node: o.Annotation}).Get("family").Text(); name != "" {
			if byFamily[name] == nil {
				order = append(order, name)
			}
			byFamily[name] = append(byFamily[name], o)
		}
	}
	for _, name := range order {
		l.family(name, byFamily[name])
	}
}

func (l *lint) family(name string, ops []*index.Operation) {
	revisions := map[string]bool{}
	live, production := 0, 0
	for _, o := range ops {
		a := index.Value{File: l.d.File, Node: o.Annotation}
		revision := string(a.Get("revision").Raw())
		if revisions[revision] {
			l.findIn(a, "family %q has two operations of revision %q: number them", name, revision)
		}
		revisions[revision] = true
		if o.Deprecated == jsonspan.None || !l.d.Tree.True(o.Deprecated) {
			live++
			if a.Get("status").Text() == "Production" {
				production++
			}
		}
		if n, err := strconv.Atoi(revision); err == nil && n > 1 && !strings.HasSuffix(strings.ToLower(o.ID), "v"+revision) {
			l.find(o.IDNode, "operationId %q should end in V%d, its revision", o.ID, n)
		}
	}
	last := ops[len(ops)-1]
	if live > 2 {
		l.find(last.Annotation, "family %q has %d live operations: deprecate all but two", name, live)
	}
	if production > 1 {
		l.find(last.Annotation, "family %q has %d live Production operations: deprecate all but one", name, production)
	}
}

func manySchemas(l *lint, o *index.Operation) {
	if o.Responses == jsonspan.None {
		return
	}
	n := 0
	for c := range l.d.Tree.Children(o.Responses) {
		if r := l.d.ResolveResponse(c); r != jsonspan.None && l.d.Tree.Get(r, "schema") != jsonspan.None {
			n++
		}
	}
	if n > 1 {
		l.find(o.Responses, "%d responses of %s have a schema: designers show that of success alone", n, o.ID).key()
	}
}

func formMIME(l *lint, o *index.Operation) {
	consumes := o.Consumes
	if consumes == jsonspan.None {
		consumes = l.d.Consumes
	}
	if consumes == jsonspan.None || l.d.Tree.Node(consumes).Count == 0 || o.Body() != nil { // both: CONN-PARAM-003
		return
	}
	for c := range l.d.Tree.Children(consumes) {
		if text := strings.ToLower(l.d.Text(c)); strings.HasPrefix(text, "multipart/") || strings.HasPrefix(text, "application/x-www-form-urlencoded") {
			return
		}
	}
	for _, p := range o.List {
		if p.Place == "formData" {
			l.find(p.Use, "form data needs multipart/form-data among the MIME types that %s consumes", o.ID)
			return
		}
	}
}
