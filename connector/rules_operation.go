package connector

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

func operationRules() []rule {
	return []rule{
		{"CONN-OP-001", fails, Always, "operationId is missing", "", nil},
		{"CONN-OP-002", fails, Always, "an operationId is used twice", "Compared without regard to case.", connectorCheck(operationIDUnique)},
		{"CONN-OP-003", fails, Always, "an operationId holds white space", "", operationCheck(operationIDSpace)},
		{"CONN-OP-004", warns, Always, "an operationId holds other characters than letters and digits", "Power Fx is said to call the operation by the name without them.", operationCheck(operationIDSanitised)},
		{"CONN-OP-005", warns, Certification, "an operationId is not in Pascal case", "", operationCheck(operationIDPascal)},
		{"CONN-OP-006", warns, Always, "an operationId is too long", "The limit is not public; LintOptions.OperationIDLength sets ours.", operationCheck(operationIDLength)},
		{"CONN-OP-007", fails, Always, "a visible operation has no summary", "On an internal operation, and in a solution, where the platform itself has exported such connectors, it is a warning.", operationCheck(summaryMissing)},
		{"CONN-OP-008", warns, Certification, "a summary is longer than 120 characters", "80 are recommended.", operationCheck(summaryLength)},
		{"CONN-OP-009", warns, Certification, "a summary ends in punctuation or holds restricted marks", "Only letters, digits, blanks and round brackets may stand in it.", operationCheck(summaryMarks)},
		{"CONN-OP-010", fails, Always, "a visible operation has no description", "On an internal operation, and in a solution, where the platform itself has exported such connectors, it is a warning.", operationCheck(descriptionOfOperation)},
		{"CONN-OP-011", warns, Certification, "a description is no sentence with an end mark", "", operationCheck(descriptionSentence)},
		{"CONN-OP-012", warns, Certification, "a description repeats the summary", "", operationCheck(descriptionRepeats)},
		{"CONN-OP-013", fails, Always, "an operation has no responses", "On a webhook trigger, whose answer nobody reads, it is a warning.", operationCheck(responsesMissing)},
		{"CONN-OP-014", warns, Certification, "an operation has no response for success", "", operationCheck(successMissing)},
		{"CONN-OP-015", warns, Certification, "a MIME type is not supported", "application/json, text/plain, multipart/form-data and application/x-www-form-urlencoded are.", []any{connectorCheck(rootMIME), operationCheck(operationMIME)}},
		{"CONN-OP-016", warns, Always, "a body on GET or HEAD", "Use query parameters. On DELETE it is a note.", operationCheck(bodyOnFetch)},
		{"CONN-OP-017", warns, Certification, "an operation is Production in a connector that is Preview", "", operationCheck(statusAhead)},
		{"CONN-OP-018", fails, Always, "replacement on a live operation, or without api or operationId", "", operationCheck(replacement)},
		{"CONN-OP-019", warns, Certification, "the operations of a family contradict each other", "Revisions are distinct, at most one has none, at most two are live and one of these Production, and ids end in the revision.", connectorCheck(families)},
		{"CONN-OP-020", warns, Always, "several responses have a schema", "The designer uses one.", operationCheck(manySchemas)},
		{"CONN-OP-021", fails, Always, "the MIME type does not fit the body", "Form data needs multipart/form-data or application/x-www-form-urlencoded.", operationCheck(formMIME)},
	}
}

func operationIDUnique(l *lint) {
	seen := map[string]*operation{}
	for _, o := range l.d.ops {
		if o.id == "" {
			continue
		}
		fold := strings.ToLower(o.id)
		if other, ok := seen[fold]; ok {
			l.find(o.idNode, "operationId %q is used by %s %s too: give each operation its own", o.id, strings.ToUpper(other.method), other.item.path)
			continue
		}
		seen[fold] = o
	}
}

func operationIDSpace(l *lint, o *operation) {
	if strings.IndexFunc(o.id, unicode.IsSpace) >= 0 {
		l.find(o.idNode, "operationId %q holds white space: write %q", o.id, sanitised(o.id))
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

func operationIDSanitised(l *lint, o *operation) {
	if clean := sanitised(o.id); clean != o.id && strings.IndexFunc(o.id, unicode.IsSpace) < 0 {
		l.find(o.idNode, "operationId %q holds characters other than letters and digits: write %q", o.id, clean)
	}
}

func operationIDPascal(l *lint, o *operation) {
	if r, _ := utf8.DecodeRuneInString(o.id); o.id != "" && !unicode.IsUpper(r) {
		l.find(o.idNode, "operationId %q should begin with a capital", o.id)
	}
}

func operationIDLength(l *lint, o *operation) {
	if n := utf8.RuneCountInString(o.id); n > l.opts.OperationIDLength {
		l.find(o.idNode, "operationId has %d characters: use at most %d", n, l.opts.OperationIDLength)
	}
}

// needText reports a missing text of an operation: an error where people see it.
func (l *lint) needText(o *operation, n int32, name string) {
	if n != 0 && (l.d.kind(n) != jsonspan.String || strings.TrimSpace(l.d.text(n)) != "") {
		return
	}
	f := l.find(o.node, "operation %s has no %s: add one", o.id, name).key()
	if o.internal() || l.c.form == FormSolution {
		f.severity(diag.Warning)
	}
}

func summaryMissing(l *lint, o *operation)         { l.needText(o, o.summary, "summary") }
func descriptionOfOperation(l *lint, o *operation) { l.needText(o, o.description, "description") }

const summaryLimit = 120

func summaryLength(l *lint, o *operation) {
	if n := utf8.RuneCountInString(l.d.text(o.summary)); n > summaryLimit {
		l.find(o.summary, "the summary has %d characters: use at most 80", n)
	}
}

func summaryMarks(l *lint, o *operation) {
	text := l.d.text(o.summary)
	if text == "" {
		return
	}
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && !strings.ContainsRune(" ()", r) {
			l.find(o.summary, "the summary holds %q: use letters, digits, blanks and round brackets", r)
			return
		}
	}
}

func descriptionSentence(l *lint, o *operation) {
	if text := strings.TrimSpace(l.d.text(o.description)); text != "" && !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "!") && !strings.HasSuffix(text, "?") {
		f := l.find(o.description, "the description should end with a full stop")
		if !strings.EqualFold(text, strings.TrimSpace(l.d.text(o.summary))) {
			f.fixReplace(jsonspan.Quote(text + "."))
		}
	}
}

func descriptionRepeats(l *lint, o *operation) {
	trim := func(s string) string { return strings.ToLower(strings.TrimRight(strings.TrimSpace(s), ".")) }
	if d := trim(l.d.text(o.description)); d != "" && d == trim(l.d.text(o.summary)) {
		l.find(o.description, "the description repeats the summary: say more")
	}
}

func responsesMissing(l *lint, o *operation) {
	if o.responses != 0 && (l.d.kind(o.responses) != jsonspan.Object || l.d.tree.Node(o.responses).Count > 0) {
		return
	}
	f := l.find(o.node, "operation %s has no responses: describe at least one", o.id).key()
	if o.isWebhook() {
		f.severity(diag.Warning)
	}
}

func successMissing(l *lint, o *operation) {
	if o.responses == 0 || l.d.tree.Node(o.responses).Count == 0 {
		return
	}
	for c := range l.d.tree.Children(o.responses) {
		if k := l.d.tree.Key(c); len(k) == 3 && k[0] == '2' {
			return
		}
	}
	l.find(o.responses, "operation %s has no response for success: add one for 200", o.id).key()
}

var mimeTypes = map[string]bool{"application/json": true, "text/plain": true, "multipart/form-data": true, "application/x-www-form-urlencoded": true}

func (l *lint) mimeList(n int32) {
	if n == 0 {
		return
	}
	for c := range l.d.tree.Children(n) {
		text, _, _ := strings.Cut(strings.ToLower(l.d.text(c)), ";")
		if !mimeTypes[strings.TrimSpace(text)] {
			l.find(c, "MIME type %q is not supported: use application/json", l.d.text(c))
		}
	}
}

func rootMIME(l *lint) { l.mimeList(l.d.consumes); l.mimeList(l.d.produces) }

func operationMIME(l *lint, o *operation) { l.mimeList(o.consumes); l.mimeList(o.produces) }

func bodyOnFetch(l *lint, o *operation) {
	if o.method != "get" && o.method != "head" && o.method != "delete" {
		return
	}
	for _, p := range o.list {
		if p.place == "body" || p.place == "formData" {
			f := l.find(p.use, "%s may not have a body: use query parameters", strings.ToUpper(o.method))
			if o.method == "delete" {
				f.severity(diag.Note).text = "DELETE with a body: many services ignore it"
			}
			return
		}
	}
}

func statusAhead(l *lint, o *operation) {
	status := value{l.d.file, o.annotation}
	if o.annotation == 0 || status.get("status").text() != "Production" {
		return
	}
	if (value{l.d.file, 0}).get("info").get("x-ms-api-annotation").get("status").text() == "Preview" {
		l.findIn(status.get("status"), "the operation is Production, the connector Preview: set it to Preview").fixReplace(`"Preview"`)
	}
}

func replacement(l *lint, o *operation) {
	if o.annotation == 0 {
		return
	}
	r := value{l.d.file, o.annotation}.get("replacement")
	switch {
	case !r.ok():
	case o.deprecated == 0 || !l.d.tree.True(o.deprecated):
		l.findIn(r, "replacement stands on an operation that is not deprecated: set deprecated or remove it").key().fixRemove()
	case r.get("api").text() == "" || r.get("operationId").text() == "":
		l.findIn(r, "replacement needs api and operationId").key()
	}
}

// families checks the operations that share x-ms-api-annotation.family.
func families(l *lint) {
	byFamily := map[string][]*operation{}
	var order []string
	for _, o := range l.d.ops {
		if o.annotation == 0 {
			continue
		}
		if name := (value{l.d.file, o.annotation}).get("family").text(); name != "" {
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

func (l *lint) family(name string, ops []*operation) {
	revisions := map[string]bool{}
	live, production := 0, 0
	for _, o := range ops {
		a := value{l.d.file, o.annotation}
		revision := string(a.get("revision").raw())
		if revisions[revision] {
			l.findIn(a, "family %q has two operations of revision %q: number them", name, revision)
		}
		revisions[revision] = true
		if o.deprecated == 0 || !l.d.tree.True(o.deprecated) {
			live++
			if a.get("status").text() == "Production" {
				production++
			}
		}
		if n, err := strconv.Atoi(revision); err == nil && n > 1 && !strings.HasSuffix(strings.ToLower(o.id), "v"+revision) {
			l.find(o.idNode, "operationId %q should end in V%d, its revision", o.id, n)
		}
	}
	last := ops[len(ops)-1]
	if live > 2 {
		l.find(last.annotation, "family %q has %d live operations: deprecate all but two", name, live)
	}
	if production > 1 {
		l.find(last.annotation, "family %q has %d live Production operations: deprecate all but one", name, production)
	}
}

func manySchemas(l *lint, o *operation) {
	if o.responses == 0 {
		return
	}
	n := 0
	for c := range l.d.tree.Children(o.responses) {
		if r := l.d.resolveResponse(c); r != 0 && l.d.tree.Get(r, "schema") != 0 {
			n++
		}
	}
	if n > 1 {
		l.find(o.responses, "%d responses of %s have a schema and designers use one: keep that of success", n, o.id).key()
	}
}

func formMIME(l *lint, o *operation) {
	consumes := o.consumes
	if consumes == 0 {
		consumes = l.d.consumes
	}
	if consumes == 0 || l.d.tree.Node(consumes).Count == 0 || o.body() != nil { // both: CONN-PARAM-003
		return
	}
	for c := range l.d.tree.Children(consumes) {
		if text := strings.ToLower(l.d.text(c)); strings.HasPrefix(text, "multipart/") || strings.HasPrefix(text, "application/x-www-form-urlencoded") {
			return
		}
	}
	for _, p := range o.list {
		if p.place == "formData" {
			l.find(p.use, "form data needs multipart/form-data among the MIME types that %s consumes", o.id)
			return
		}
	}
}
