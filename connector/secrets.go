package connector

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// SecretKind says what has to be done about a [Secret].
type SecretKind uint8

// The kinds.
const (
	// Enter marks a value that must be given after every import: it never travels, or is worth nothing
	// in another environment.
	Enter SecretKind = iota + 1
	// Exposed marks a secret that stands in a file.
	Exposed
	// Environment marks a value of the environment that the files come from, such as a client id.
	Environment
)

// String returns "enter", "exposed" or "environment".
func (k SecretKind) String() string {
	switch k {
	case Enter:
		return "enter"
	case Exposed:
		return "exposed"
	case Environment:
		return "environment"
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// A Secret is a value that has to be entered after an import, or that travels though it should not.
type Secret struct {
	Kind     SecretKind
	Field    string // "clientSecret", "clientId", "resourceUri", the name of a header, a parameter, ...
	Owner    string // the connection parameter ("set/name" in a parameter set), policy or place it belongs to
	Location diag.Location

	v    value
	edit func(*jsonspan.Tree) []jsonspan.Edit // how Strip takes it out
}

// Secrets lists what must be entered after every import, and what travels though it should not: OAuth
// client secrets (placeholders too: the member should not be there), defaults of secure parameters, literal keys in policies, tokens in defaults and
// examples (exposed), and client id, resource, tenant and redirect address of the source, and what
// settings.json says of it (environment).
// Other placeholders are no secrets. The order is that of kinds, then of places.
func (c *Connector) Secrets() []Secret {
	s := secretFinder{c: c}
	for i := range c.props.all {
		s.connectionParameter(&c.props.all[i])
	}
	for i := range c.props.policyOf {
		s.policy(&c.props.policyOf[i])
	}
	s.properties()
	s.settings()
	s.definition()
	slices.SortStableFunc(s.out, func(a, b Secret) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(a.Location.File, b.Location.File), cmp.Compare(a.Location.Start.Offset, b.Location.Start.Offset))
	})
	return s.out
}

// StripOptions says what [Connector.Strip] keeps.
type StripOptions struct {
	// KeepEnvironment keeps client ids, resources, tenants and redirect addresses, as exports of the
	// platform do.
	KeepEnvironment bool
}

// Strip returns c without what [Connector.Secrets] lists as exposed or of an environment. As in the
// platform's exports, the member clientSecret is left out; other values become empty strings. Nothing
// else of the files changes. opts may be nil.
func (c *Connector) Strip(opts *StripOptions) (*Connector, error) {
	edits := map[*file][]jsonspan.Edit{}
	for _, s := range c.Secrets() {
		if s.edit == nil || s.Kind == Enter || opts != nil && opts.KeepEnvironment && s.Kind == Environment {
			continue
		}
		for _, e := range s.edit(s.v.f.tree) {
			if !slices.ContainsFunc(edits[s.v.f], func(o jsonspan.Edit) bool { return e.Start < o.End && o.Start < e.End }) {
				edits[s.v.f] = append(edits[s.v.f], e)
			}
		}
	}
	return c.edited(edits)
}

// edited returns c with edits made to its JSON parts.
func (c *Connector) edited(edits map[*file][]jsonspan.Edit) (*Connector, error) {
	out := *c
	changed := map[*file]*file{}
	for f, list := range edits {
		src, err := jsonspan.Apply(f.src, list)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		if changed[f], err = readJSON(f.name, src, true); err != nil {
			return nil, err
		}
	}
	if f := changed[c.def.file]; f != nil {
		def, err := definitionOf(f)
		if err != nil {
			return nil, err
		}
		def.missing = c.def.missing
		out.def = def
	}
	if f := changed[c.settings]; f != nil && c.settings != nil {
		out.settings = f
	}
	if f := changed[c.props.whole]; f != nil && c.props.whole != nil {
		out.props = propertiesOf(f)
		return &out, nil
	}
	for _, v := range []*value{&out.props.params, &out.props.sets, &out.props.policies} {
		if f := changed[v.f]; f != nil && v.f != nil {
			*v = value{f, 0}
		}
	}
	out.props.all, out.props.policyOf = nil, nil
	out.props.index()
	return &out, nil
}

type secretFinder struct {
	c   *Connector
	out []Secret
}

func (s *secretFinder) add(kind SecretKind, v value, owner, field string, edit func(*jsonspan.Tree) []jsonspan.Edit) {
	s.out = append(s.out, Secret{Kind: kind, Field: field, Owner: owner, Location: v.f.location(v.n, false), v: v, edit: edit})
}

func replaced(v value, json string) func(*jsonspan.Tree) []jsonspan.Edit {
	return func(t *jsonspan.Tree) []jsonspan.Edit { return []jsonspan.Edit{t.Replace(v.n, json)} }
}

func removed(v value) func(*jsonspan.Tree) []jsonspan.Edit {
	return func(t *jsonspan.Tree) []jsonspan.Edit { return []jsonspan.Edit{t.Remove(v.n)} }
}

func (s *secretFinder) connectionParameter(p *connectionParameter) {
	owner := p.name
	if p.set != "" {
		owner = p.set + "/" + p.name
	}
	if p.oauth() {
		s.oauth(p.v, p.v.get("oAuthSettings"), owner)
		return
	}
	if !p.secret() {
		return
	}
	if v := p.v.get("defaultValue"); v.text() != "" && !isPlaceholder(v.text()) {
		s.add(Exposed, v, owner, "defaultValue", replaced(v, `""`))
	}
	for _, list := range []value{p.v.get("allowedValues"), p.v.get("uiDefinition").get("constraints").get("allowedValues")} {
		for entry := range list.children {
			if v := entry.get("value"); v.text() != "" && !isPlaceholder(v.text()) {
				s.add(Exposed, v, owner, "allowedValues", replaced(v, `""`))
			}
		}
	}
}

func (s *secretFinder) oauth(p, settings value, owner string) {
	at := settings
	if !at.ok() {
		at = p
	}
	custom := settings.get("customParameters")
	resource := custom.member("resourceUri").member("value")
	s.add(Enter, at, owner, "clientId", nil)
	s.add(Enter, at, owner, "clientSecret", nil)
	if provider := strings.ToLower(settings.get("identityProvider").text()); strings.HasPrefix(provider, "aad") || resource.ok() {
		s.add(Enter, at, owner, "resourceUri", nil)
	}
	for extra := range settings.get("additionalParameters").children {
		if strings.EqualFold(extra.get("type").text(), "securestring") {
			s.add(Enter, extra, owner, extra.key(), nil)
			if v := custom.member(extra.key()).member("value"); v.text() != "" && !isPlaceholder(v.text()) {
				s.add(Exposed, v, owner, extra.key(), replaced(v, `""`))
			}
		}
	}
	if v := settings.get("clientSecret"); v.text() != "" {
		s.add(Exposed, v, owner, "clientSecret", removed(v))
	}
	if v := settings.get("clientId"); v.text() != "" && !isPlaceholder(v.text()) {
		s.add(Environment, v, owner, "clientId", replaced(v, `""`))
	}
	for _, v := range []value{resource, settings.get("properties").member("AzureActiveDirectoryResourceId")} {
		if v.text() != "" && !isPlaceholder(v.text()) && !publicResource(v.text()) {
			s.add(Environment, v, owner, "resourceUri", replaced(v, `""`))
		}
	}
	if v := custom.member("tenantId").member("value"); isGUID(v.text()) {
		s.add(Environment, v, owner, "tenantId", replaced(v, `"common"`))
	}
	if v := settings.get("redirectUrl"); strings.Contains(v.text(), "/redirect/") {
		s.add(Environment, v, owner, "redirectUrl", replaced(v, `""`))
	}
}

var bareGUID = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

func isGUID(s string) bool { return bareGUID.MatchString(s) && s != nilGUID }

// publicHosts are resources of the public cloud: the same in every environment.
var publicHosts = []string{"graph.microsoft.com", "graph.windows.net", "management.azure.com", "management.core.windows.net", "manage.office.com",
	"api.powerplatform.com", "service.powerapps.com", "service.flow.microsoft.com", "analysis.windows.net", "vault.azure.net", "storage.azure.com",
	"cognitiveservices.azure.com", "database.windows.net", "outlook.office.com", "outlook.office365.com", "api.loganalytics.io", "batch.core.windows.net",
	"datalake.azure.net", "onenote.com", "search.azure.com", "ai.azure.com", "globaldisco.crm.dynamics.com"}

func publicResource(s string) bool {
	host := strings.ToLower(s)
	if _, rest, ok := strings.Cut(host, "://"); ok {
		host = rest
	}
	host, _, _ = strings.Cut(host, "/")
	return slices.ContainsFunc(publicHosts, func(p string) bool { return host == p || strings.HasSuffix(host, "."+p) })
}

var (
	secretHeader = regexp.MustCompile(`(?i)^(proxy-)?authorization$|(^|[-_])(api)?key$|token|secret|password`)
	secretQuery  = regexp.MustCompile(`(?i)^(key|code|sig|token|.*[-_]?(key|token|secret|password))$`)
	urlSecret    = regexp.MustCompile(`(?i)([?&](?:key|code|sig|token|api[-_]?key|access[-_]?token|subscription-key)=)([^&@{\s"]{6,})`)
	// Shapes that are a secret whatever they are called.
	tokenShape = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|[?&]sig=[A-Za-z0-9%+/]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY`)
)

func (s *secretFinder) policy(p *policyInstance) {
	owner := "policy " + p.v.get("title").text()
	name, v := p.param("name").text(), p.param("value")
	secret := p.template == "setheader" && secretHeader.MatchString(name) || p.template == "setqueryparameter" && secretQuery.MatchString(name)
	if literal := strings.TrimSpace(v.text()); secret && literal != "" && !strings.Contains(literal, "@") && !isPlaceholder(literal) && !onlyScheme(literal) {
		s.add(Exposed, v, owner, name, replaced(v, `""`))
	}
	p.params.texts(func(t value, text string) {
		if t.n == v.n && secret {
			return
		}
		s.text(t, owner, text)
	})
}

// onlyScheme reports header values like "Bearer" that hold no key.
func onlyScheme(s string) bool {
	return strings.EqualFold(s, "bearer") || strings.EqualFold(s, "basic")
}

// text finds secrets by their shape alone.
func (s *secretFinder) text(v value, owner, text string) {
	if m := urlSecret.FindStringSubmatchIndex(text); m != nil && !isPlaceholder(text[m[4]:m[5]]) {
		s.add(Exposed, v, owner, "url", replaced(v, jsonspan.Quote(urlSecret.ReplaceAllString(text, "${1}"))))
	} else if tokenShape.MatchString(text) {
		s.add(Exposed, v, owner, v.where(), replaced(v, jsonspan.Quote(tokenShape.ReplaceAllString(text, ""))))
	}
}

// properties looks at members that upload tools leave behind.
func (s *secretFinder) properties() {
	for _, key := range []string{"iconUri", "scriptDefinitionUrl", "apiDefinitions"} {
		s.c.props.inner.get(key).texts(func(v value, text string) { s.text(v, key, text) })
	}
}

// settings looks at what upload tools keep about the environment. Which connector they update
// (connectorId) is what the file is for and stays.
func (s *secretFinder) settings() {
	if s.c.settings == nil {
		return
	}
	for _, key := range []string{"environment", "clientId", "tenant"} {
		if v := (value{s.c.settings, 0}).get(key); v.text() != "" && !isPlaceholder(v.text()) {
			s.add(Environment, v, settingsFile, key, replaced(v, `""`))
		}
	}
}

// definition looks at the examples and defaults of secret names, and everywhere for shapes.
func (s *secretFinder) definition() {
	d := s.c.def
	t := d.tree
	for n := int32(1); n < int32(t.Len()); n++ {
		switch string(t.RawKey(n)) {
		case "default", "example", "x-ms-test-value":
			s.sample(n)
			continue
		}
		if t.Kind(n) == jsonspan.String && mayHoldSecret(t.Raw(n)) {
			s.text(value{d.file, n}, "definition", t.Text(n))
		}
	}
}

// mayHoldSecret is a cheap test before the expressions.
func mayHoldSecret(raw []byte) bool {
	if len(raw) < 16 {
		return false
	}
	text := string(raw)
	return strings.Contains(text, "eyJ") || strings.Contains(text, "AKIA") || strings.Contains(text, "=") && strings.ContainsAny(text, "?&") || strings.Contains(text, "gh") && strings.Contains(text, "_") || strings.Contains(text, "PRIVATE KEY")
}

// sample looks at one default or example: of something with a secret name or the format password.
func (s *secretFinder) sample(n int32) {
	d := s.c.def
	t := d.tree
	if t.Kind(n) != jsonspan.String {
		return
	}
	v, text := value{d.file, n}, t.Text(n)
	owner := t.Parent(n)
	k := d.keywords(owner)
	name := d.text(k.name)
	if name == "" && t.Node(owner).KeyStart > 0 {
		name = t.Key(owner)
	}
	if secret := looksSecret(name) || strings.EqualFold(name, "authorization") || d.text(k.format) == "password"; secret && looksToken(text) {
		s.add(Exposed, v, name, t.Key(n), replaced(v, `""`))
		return
	}
	s.text(v, name, text)
}

// looksToken tells a key from a word: long, no blanks but one after a scheme, letters and digits.
func looksToken(s string) bool {
	if scheme, rest, ok := strings.Cut(s, " "); ok && (strings.EqualFold(scheme, "bearer") || strings.EqualFold(scheme, "basic")) {
		s = rest
	}
	return len(s) >= 12 && !strings.ContainsAny(s, " {}<>[]@") && strings.ContainsAny(s, "0123456789") && strings.IndexFunc(s, func(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' }) >= 0 && !isPlaceholder(s) && !strings.HasPrefix(s, "http")
}

// variableCall finds @environmentVariables("name") in the text of a string.
var variableCall = regexp.MustCompile(`@environmentVariables\(\s*['"]([^'"]+)['"]\s*\)`)
