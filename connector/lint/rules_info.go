package lint

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/internal/lazyregexp"
	"github.com/solutionkit/solutionkit/solution/diag"
)

func infoRules() []rule {
	return []rule{
		{"CONN-INFO-001", fails, Always, "info.title is missing or empty", "", nil},
		{"CONN-INFO-002", warns, Certification, "the title is longer than 30 characters", "", connectorCheck(titleLength)},
		{"CONN-INFO-003", warns, Certification, `the title contains "API", "Connector" or the name of a Power Platform product`, "", connectorCheck(titleWords)},
		{"CONN-INFO-004", warns, Certification, "the title does not end in a letter or digit", "A closing bracket is accepted, for (Independent Publisher).", connectorCheck(titleEnd)},
		{"CONN-INFO-005", warns, Certification, "title or description hold letters of another script than Latin", "", connectorCheck(englishLetters)},
		{"CONN-INFO-006", fails, Always, "info.description is missing", "paconn fails on it when it creates the connector. In a solution it is a warning.", connectorCheck(descriptionMissing)},
		{"CONN-INFO-007", warns, Certification, "the description has fewer than 30 or more than 500 characters", "", connectorCheck(descriptionLength)},
		{"CONN-INFO-008", warns, Certification, "the description names a Power Platform product or holds a URL", "", connectorCheck(descriptionWords)},
		{"CONN-INFO-009", fails, Always, "info.version is missing", "", nil},
		{"CONN-INFO-010", warns, Certification, "info.contact lacks name, url or email", "", connectorCheck(contactMembers)},
		{"CONN-INFO-011", warns, Certification, "contact.email is no address or contact.url no absolute URL", "", connectorCheck(contactValues)},
		{"CONN-INFO-012", warns, Certification, "the connector is Production on a beta service", "", connectorCheck(productionOnBeta)},
		{"CONN-ROOT-001", fails, Always, "host is no plain host name", `A port is allowed, and in a solution the expression @environmentVariables("schema_name") alone.`, connectorCheck(hostName)},
		{"CONN-ROOT-002", fails, Always, "host is missing", "It is needed unless a dynamichosturl policy gives the host.", connectorCheck(hostMissing)},
		{"CONN-ROOT-003", warns, Certification, "host is a test, staging or local host, or a tunnel", "", connectorCheck(hostForTests)},
		{"CONN-ROOT-004", fails, Always, "basePath does not start with a slash", "", connectorCheck(basePathStart)},
		{"CONN-ROOT-005", notes, Always, "basePath ends with a slash", "Paths start with one too, so the address gets two.", connectorCheck(basePathEnd)},
		{"CONN-ROOT-006", fails, Always, "basePath holds a template", "", connectorCheck(basePathTemplate)},
		{"CONN-ROOT-007", fails, Always, "schemes is empty or holds another scheme than http and https", "", nil},
		{"CONN-ROOT-008", warns, Always, "the connector can be called without TLS", "Use https only.", several{connectorCheck(httpsOnly), operationCheck(operationHTTPSOnly)}},
		{"CONN-ROOT-009", fails, Always, "a tag is defined twice", "", connectorCheck(tagNames)},
		{"CONN-ROOT-010", fails, Always, "paths is missing or has no operation", "A definition with an empty paths object can be saved but does nothing: a warning.", connectorCheck(anyOperation)},
		{"CONN-META-001", warns, Certification, `x-ms-connector-metadata lacks "Website"`, "", connectorCheck(metadataWebsite)},
		{"CONN-META-002", warns, Certification, `x-ms-connector-metadata lacks "Privacy policy"`, "", connectorCheck(metadataPrivacy)},
		{"CONN-META-003", warns, Certification, `x-ms-connector-metadata lacks "Categories"`, "", connectorCheck(metadataCategories)},
		{"CONN-META-004", warns, Certification, "unknown category", "", connectorCheck(categoryNames)},
		{"CONN-META-005", warns, Certification, "more than two categories", "", connectorCheck(categoryCount)},
	}
}

// severity gives one finding another severity than its rule, unless the caller overrides the rule.
func (f *finding) severity(s diag.Severity) *finding { f.own, f.hasOwn = s, true; return f }

// member returns a string member of info.
func (l *lint) infoText(key string) (n int32, text string) {
	if l.d.Info == jsonspan.None {
		return 0, ""
	}
	n = l.d.Tree.Get(l.d.Info, key)
	return n, l.d.Text(n)
}

const titleLimit = 30

func titleLength(l *lint) {
	if n, text := l.infoText("title"); utf8.RuneCountInString(text) > titleLimit {
		l.find(n, "the title has %d characters: use at most %d", utf8.RuneCountInString(text), titleLimit)
	}
}

var (
	productNames  = []string{"Power Apps", "PowerApps", "Power Automate", "PowerAutomate", "Microsoft Flow", "Power Platform", "Logic Apps", "Power Virtual Agents", "Copilot Studio", "Power Pages", "Power BI", "PowerBI"}
	forbiddenWord = lazyregexp.New(`(?i)\b(API|Connector)s?\b`)
	urlInText     = lazyregexp.New(`(?i)\b(https?://|www\.)\S+`)
)

func titleWords(l *lint) {
	n, text := l.infoText("title")
	word := forbiddenWord.FindString(text)
	if word == "" {
		word = hasAnyFold(text, productNames)
	}
	if word != "" {
		l.find(n, "the title contains %q: name the service alone", word)
	}
}

func titleEnd(l *lint) {
	n, text := l.infoText("title")
	r, _ := utf8.DecodeLastRuneInString(text)
	if text != "" && !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != ')' {
		l.find(n, "the title ends in %q: end it with a letter or digit", r)
	}
}

func englishLetters(l *lint) {
	for _, key := range []string{"title", "description"} {
		n, text := l.infoText(key)
		if i := strings.IndexFunc(text, func(r rune) bool {
			return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) && !unicode.Is(unicode.Common, r)
		}); i >= 0 {
			l.find(n, "the %s must be in English", key)
		}
	}
}

func descriptionMissing(l *lint) {
	if n, text := l.infoText("description"); l.d.IsObject(l.d.Info) && strings.TrimSpace(text) == "" && (n == jsonspan.None || l.d.Kind(n) == jsonspan.String) {
		f := l.find(l.d.Info, "info.description is missing: say in 30 to 500 characters what the connector does")
		if l.c.Element != nil || n != jsonspan.None {
			f.severity(diag.Warning)
		}
	}
}

func descriptionLength(l *lint) {
	n, text := l.infoText("description")
	if size := utf8.RuneCountInString(text); strings.TrimSpace(text) != "" && (size < 30 || size > 500) {
		l.find(n, "the description has %d characters: use 30 to 500", size)
	}
}

func descriptionWords(l *lint) {
	n, text := l.infoText("description")
	if word := hasAnyFold(text, productNames); word != "" {
		l.find(n, "the description names %q: describe the service alone", word)
	} else if at := urlInText.FindString(text); at != "" {
		l.find(n, "the description holds the address %q: leave it out", at)
	}
}

func contactMembers(l *lint) {
	if !l.d.IsObject(l.d.Info) {
		return
	}
	contact := l.d.Tree.Get(l.d.Info, "contact")
	var missing []string
	for _, key := range []string{"name", "url", "email"} {
		if contact == jsonspan.None || l.d.Tree.Get(contact, key) == jsonspan.None || key == "name" && l.d.IsEmpty(l.d.Tree.Get(contact, key)) {
			missing = append(missing, key)
		}
	}
	if missing != nil {
		l.find(max(contact, l.d.Info), "info.contact lacks %s: add it", strings.Join(missing, ", "))
	}
}

func contactValues(l *lint) {
	if l.d.Info == jsonspan.None {
		return
	}
	contact := l.d.Tree.Get(l.d.Info, "contact")
	if contact == jsonspan.None {
		return
	}
	if n := l.d.Tree.Get(contact, "email"); n != jsonspan.None {
		if text := l.d.Text(n); l.d.Kind(n) == jsonspan.String && !isEmail(text) && !isAbsoluteURL(text) { // a support page is accepted
			l.find(n, "%q is no e-mail address", text)
		}
	}
	if n := l.d.Tree.Get(contact, "url"); n != jsonspan.None {
		if text := l.d.Text(n); l.d.Kind(n) == jsonspan.String && !isAbsoluteURL(text) {
			l.find(n, "%q is no absolute URL: begin it with https://", text)
		}
	}
}

var emailPattern = lazyregexp.New(`^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[^\s@<>(),;:".]+$`)

func isEmail(s string) bool { return emailPattern.MatchString(s) }

func isAbsoluteURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func productionOnBeta(l *lint) {
	status := index.Value{File: l.d.File, Node: 0}.Get("info").Get("x-ms-api-annotation").Get("status")
	if status.Text() != "Production" {
		return
	}
	for label := range strings.FieldsFuncSeq(strings.ToLower(l.d.Text(l.d.Host)+l.d.Text(l.d.BasePath)), func(r rune) bool { return r == '.' || r == '-' || r == '/' }) {
		if label == "beta" || label == "alpha" || label == "preview" {
			l.findIn(status, "the service is %s: set the status to Preview", label).fixReplace(`"Preview"`)
			return
		}
	}
}

var (
	hostPattern  = lazyregexp.New(`^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?(:[0-9]{1,5})?$`)
	variableText = lazyregexp.New(`^@environmentVariables\("([^"]+)"\)$`)
)

func hostName(l *lint) {
	text := l.d.Text(l.d.Host)
	if l.d.Host == jsonspan.None || l.d.Kind(l.d.Host) != jsonspan.String || hostPattern.MatchString(text) && !strings.Contains(text, "..") || variableText.MatchString(text) {
		return
	}
	f := l.find(l.d.Host, "host %q is no plain host name: leave out scheme, path and blanks", text)
	if l.dynamicHost() {
		f.severity(diag.Warning)
	}
	if u, err := url.Parse(text); err == nil && u.Host != "" && hostPattern.MatchString(u.Host) {
		f.fixReplace(jsonspan.Quote(u.Host))
	}
}

// dynamicHost reports whether a policy gives the host.
func (l *lint) dynamicHost() bool {
	return slices.ContainsFunc(l.c.Props.Instances, func(p index.Policy) bool {
		return p.Template == "dynamichosturl" || p.Template == "dynamicsubdomain"
	})
}

func hostMissing(l *lint) {
	if l.d.Missing || l.d.Host != jsonspan.None || l.dynamicHost() {
		return
	}
	l.find(0, "host is missing: give the host name of the service")
}

var testLabels = []string{"dev", "test", "tst", "staging", "stage", "stg", "uat", "qa", "sandbox", "localhost", "int", "preprod"}
var tunnelHosts = []string{".devtunnels.ms", ".ngrok.io", ".ngrok-free.app", ".ngrok.app", ".loca.lt", ".localtest.me", ".trycloudflare.com", ".serveo.net"}

func hostForTests(l *lint) {
	host := strings.ToLower(l.d.Text(l.d.Host))
	name, _, _ := strings.Cut(host, ":")
	for _, suffix := range tunnelHosts {
		if strings.HasSuffix(name, suffix) {
			l.find(l.d.Host, "host %q is a tunnel: give the host of the service", host)
			return
		}
	}
	labels := strings.FieldsFunc(name, func(r rune) bool { return r == '.' || r == '-' })
	for i, label := range labels {
		if i < max(1, len(labels)-1) && slices.Contains(testLabels, label) || name == "127.0.0.1" || strings.HasPrefix(name, "192.168.") || strings.HasPrefix(name, "10.") && i == 0 && isIPv4(name) {
			l.find(l.d.Host, "host %q is not a production host", host)
			return
		}
	}
}

func isIPv4(s string) bool {
	return strings.Count(s, ".") == 3 && strings.Trim(s, "0123456789.") == ""
}

func basePathStart(l *lint) {
	text := l.d.Text(l.d.BasePath)
	if l.d.Kind(l.d.BasePath) == jsonspan.String && !strings.HasPrefix(text, "/") && !variableText.MatchString(text) && text != "" {
		l.find(l.d.BasePath, "basePath %q does not start with a slash", text).fixReplace(jsonspan.Quote("/" + text))
	}
}

func basePathEnd(l *lint) {
	if text := l.d.Text(l.d.BasePath); len(text) > 1 && strings.HasSuffix(text, "/") {
		l.find(l.d.BasePath, "basePath %q ends with a slash and paths start with one: remove it", text).fixReplace(jsonspan.Quote(strings.TrimRight(text, "/")))
	}
}

func basePathTemplate(l *lint) {
	if text := l.d.Text(l.d.BasePath); strings.ContainsAny(text, "{}") {
		l.find(l.d.BasePath, "basePath %q holds a template: move it into the paths", text)
	}
}

func httpsOnly(l *lint) { l.withoutTLS(l.d.Schemes) }

func operationHTTPSOnly(l *lint, o *index.Operation) {
	l.withoutTLS(l.d.Tree.Get(o.Node, "schemes"))
}

func (l *lint) withoutTLS(schemes int32) {
	if schemes == jsonspan.None {
		return
	}
	for c := range l.d.Tree.Children(schemes) {
		if l.d.Text(c) == "http" {
			f := l.find(c, "http sends keys and data in clear: use https only")
			if l.d.Tree.Node(schemes).Count > 1 {
				f.fixRemove()
			} else {
				f.fixReplace(`"https"`)
			}
		}
	}
}

func tagNames(l *lint) {
	if l.d.Tags == jsonspan.None {
		return
	}
	seen := map[string]bool{}
	for c := range l.d.Tree.Children(l.d.Tags) {
		n := l.d.Tree.Get(c, "name")
		if n == jsonspan.None {
			continue
		}
		if name := l.d.Text(n); seen[name] {
			l.find(c, "tag %q is defined twice: remove one", name).fixRemove()
		} else {
			seen[name] = true
		}
	}
}

func anyOperation(l *lint) {
	if l.d.Paths != jsonspan.None && len(l.d.Ops) == 0 && l.d.Kind(l.d.Paths) == jsonspan.Object {
		l.find(l.d.Paths, "paths has no operation: add one").severity(diag.Warning)
	}
}

// metadata returns the value of an entry of x-ms-connector-metadata.
func (l *lint) metadata(name string) (n int32, text string) {
	if l.d.Metadata == jsonspan.None {
		return 0, ""
	}
	for c := range l.d.Tree.Children(l.d.Metadata) {
		if l.d.Text(l.d.Tree.Get(c, "propertyName")) == name {
			n = l.d.Tree.Get(c, "propertyValue")
			return n, l.d.Text(n)
		}
	}
	return 0, ""
}

func (l *lint) metadataURL(name string) {
	switch n, text := l.metadata(name); {
	case n == jsonspan.None:
		l.find(l.d.Metadata, "x-ms-connector-metadata lacks %q: add it with an absolute URL", name)
	case !isAbsoluteURL(text):
		l.find(n, "%q of x-ms-connector-metadata is no absolute URL", name)
	}
}

func metadataWebsite(l *lint) { l.metadataURL("Website") }
func metadataPrivacy(l *lint) { l.metadataURL("Privacy policy") }

func metadataCategories(l *lint) {
	if n, _ := l.metadata("Categories"); n == jsonspan.None {
		l.find(l.d.Metadata, `x-ms-connector-metadata lacks "Categories": add one or two`)
	}
}

var categories = []string{"AI", "Business Management", "Business Intelligence", "Collaboration", "Commerce", "Communication", "Content and Files",
	"Finance", "Data", "Human Resources", "Internet of Things", "IT Operations", "Lifestyle and Entertainment", "Marketing", "Productivity",
	"Sales and CRM", "Security", "Social Media", "Website"}

func splitCategories(text string) []string {
	var out []string
	for part := range strings.SplitSeq(text, ";") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func categoryNames(l *lint) {
	n, text := l.metadata("Categories")
	for _, name := range splitCategories(text) {
		if slices.Contains(categories, name) {
			continue
		}
		f := l.find(n, "%q is no category: use two of %s", name, strings.Join(categories, ", "))
		for _, known := range categories {
			if strings.EqualFold(known, name) {
				f.fixReplace(jsonspan.Quote(strings.Replace(text, name, known, 1)))
			}
		}
	}
}

func categoryCount(l *lint) {
	if n, text := l.metadata("Categories"); len(splitCategories(text)) > 2 {
		l.find(n, "%d categories: keep two", len(splitCategories(text)))
	}
}
