package connector

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/internal/lazyregexp"
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

// A Secret is a value that has to be entered after an import, or that travels though it should not. It is a plain value.
type Secret struct {
	Kind     SecretKind
	Field    string // "clientSecret", "clientId", "resourceUri", the name of a header, a parameter, ...
	Owner    string // the connection parameter ("set/name" in a parameter set), policy or place it belongs to
	Location diag.Location

	v    index.Value
	edit *jsonspan.Edit // how Strip takes it out; nil: it stays
}

// Secrets lists what must be entered after every import, and what travels though it should not: OAuth
// client secrets (placeholders too: the member should not be there), defaults of secure parameters, literal
// keys in policies, tokens in defaults and examples (exposed), and client id, resource, tenant and redirect
// address of the source, and what settings.json says of it (environment). Other placeholders are no secrets. The order is that of kinds, then of places.
func (c *Connector) Secrets() []Secret { return secretsOf(c.index()) }

func secretsOf(c *index.Connector) []Secret {
	s := secretFinder{c: c}
	for i := range c.Props.Parameters {
		s.connectionParameter(&c.Props.Parameters[i])
	}
	for i := range c.Props.Instances {
		s.policy(&c.Props.Instances[i])
	}
	s.properties()
	s.settings()
	s.definition()
	slices.SortStableFunc(s.out, func(a, b Secret) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(a.Location.File, b.Location.File), cmp.Compare(a.Location.Start.Offset, b.Location.Start.Offset))
	})
	return s.out
}

type secretFinder struct {
	c    *index.Connector
	out  []Secret
	told map[int32]bool // nodes of the definition
}

func (s *secretFinder) add(kind SecretKind, v index.Value, owner, field string, edit *jsonspan.Edit) {
	s.out = append(s.out, Secret{Kind: kind, Field: field, Owner: owner, Location: v.File.Location(v.Node, false), v: v, edit: edit})
}

func replaced(v index.Value, json string) *jsonspan.Edit {
	e := v.File.Tree.Replace(v.Node, json)
	return &e
}

func removed(v index.Value) *jsonspan.Edit {
	e := v.File.Tree.Remove(v.Node)
	return &e
}

func (s *secretFinder) connectionParameter(p *index.ConnectionParameter) {
	owner := p.Name
	if p.Set != "" {
		owner = p.Set + "/" + p.Name
	}
	if p.OAuth() {
		s.oauth(p.Value, p.Value.Get("oAuthSettings"), owner)
		return
	}
	if !p.Secret() {
		return
	}
	if v := p.Value.Get("defaultValue"); v.Text() != "" && !index.IsPlaceholder(v.Text()) {
		s.add(Exposed, v, owner, "defaultValue", replaced(v, `""`))
	}
	for _, list := range []index.Value{p.Value.Get("allowedValues"), p.Value.Get("uiDefinition").Get("constraints").Get("allowedValues")} {
		for entry := range list.Children {
			if v := entry.Get("value"); v.Text() != "" && !index.IsPlaceholder(v.Text()) {
				s.add(Exposed, v, owner, "allowedValues", replaced(v, `""`))
			}
		}
	}
}

func (s *secretFinder) oauth(p, settings index.Value, owner string) {
	at := settings
	if !at.OK() {
		at = p
	}
	custom := settings.Get("customParameters")
	resource := custom.Member("resourceUri").Member("value")
	s.add(Enter, at, owner, "clientId", nil)
	s.add(Enter, at, owner, "clientSecret", nil)
	if provider := strings.ToLower(settings.Get("identityProvider").Text()); strings.HasPrefix(provider, "aad") || resource.OK() {
		s.add(Enter, at, owner, "resourceUri", nil)
	}
	for extra := range settings.Get("additionalParameters").Children {
		if strings.EqualFold(extra.Get("type").Text(), "securestring") {
			s.add(Enter, extra, owner, extra.Key(), nil)
			if v := custom.Member(extra.Key()).Member("value"); v.Text() != "" && !index.IsPlaceholder(v.Text()) {
				s.add(Exposed, v, owner, extra.Key(), replaced(v, `""`))
			}
		}
	}
	if v := settings.Get("clientSecret"); v.Text() != "" {
		s.add(Exposed, v, owner, "clientSecret", removed(v))
	}
	if v := settings.Get("clientId"); v.Text() != "" && !index.IsPlaceholder(v.Text()) {
		s.add(Environment, v, owner, "clientId", replaced(v, `""`))
	}
	for _, v := range []index.Value{resource, settings.Get("properties").Member("AzureActiveDirectoryResourceId")} {
		if v.Text() != "" && !index.IsPlaceholder(v.Text()) && !publicResource(v.Text()) {
			s.add(Environment, v, owner, "resourceUri", replaced(v, `""`))
		}
	}
	if v := custom.Member("tenantId").Member("value"); isGUID(v.Text()) {
		s.add(Environment, v, owner, "tenantId", replaced(v, `"common"`))
	}
	if v := settings.Get("redirectUrl"); strings.Contains(v.Text(), "/redirect/") {
		s.add(Environment, v, owner, "redirectUrl", replaced(v, `""`))
	}
}

var bareGUID = lazyregexp.New(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

func isGUID(s string) bool { return bareGUID.MatchString(s) && s != index.NilGUID }

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
	secretHeader = lazyregexp.New(`(?i)^(proxy-)?authorization$|(^|[-_])(api)?key$|token|secret|password`)
	secretQuery  = lazyregexp.New(`(?i)^(key|code|sig|token|.*[-_]?(key|token|secret|password))$`)
	urlSecret    = lazyregexp.New(`(?i)([?&](?:key|code|sig|token|api[-_]?key|access[-_]?token|subscription-key)=)([^&@{\s"]{6,})`)
	// Shapes that are a secret whatever they are called.
	tokenShape = lazyregexp.New(`eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|[?&]sig=[A-Za-z0-9%+/]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY`)
)

func (s *secretFinder) policy(p *index.Policy) {
	owner := "policy " + p.Value.Get("title").Text()
	name, v := p.Param("name").Text(), p.Param("value")
	secret := p.Template == "setheader" && secretHeader.MatchString(name) || p.Template == "setqueryparameter" && secretQuery.MatchString(name)
	if literal := strings.TrimSpace(v.Text()); secret && literal != "" && !strings.Contains(literal, "@") && !index.IsPlaceholder(literal) && !onlyScheme(literal) {
		s.add(Exposed, v, owner, name, replaced(v, `""`))
	}
	p.Params.Texts(func(t index.Value, text string) {
		if t.Node == v.Node && secret {
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
func (s *secretFinder) text(v index.Value, owner, text string) {
	if m := urlSecret.FindStringSubmatchIndex(text); m != nil && !index.IsPlaceholder(text[m[4]:m[5]]) {
		s.add(Exposed, v, owner, "url", replaced(v, jsonspan.Quote(urlSecret.ReplaceAllString(text, "${1}"))))
	} else if tokenShape.MatchString(text) {
		s.add(Exposed, v, owner, v.Where(), replaced(v, jsonspan.Quote(tokenShape.ReplaceAllString(text, ""))))
	}
}

// properties looks at members that upload tools leave behind.
func (s *secretFinder) properties() {
	for _, key := range []string{"iconUri", "scriptDefinitionUrl", "apiDefinitions"} {
		s.c.Props.Inner.Get(key).Texts(func(v index.Value, text string) { s.text(v, key, text) })
	}
}

// settings looks at what upload tools keep about the environment. Which connector they update
// (connectorId) is what the file is for and stays.
func (s *secretFinder) settings() {
	if s.c.Settings == nil {
		return
	}
	for _, key := range []string{"environment", "clientId", "tenant"} {
		if v := (index.Value{File: s.c.Settings, Node: 0}).Get(key); v.Text() != "" && !index.IsPlaceholder(v.Text()) {
			s.add(Environment, v, settingsFile, key, replaced(v, `""`))
		}
	}
}

// definition looks at the examples and defaults of secret names, and everywhere for shapes.
func (s *secretFinder) definition() {
	d := s.c.Def
	t := d.Tree
	for n := int32(1); n < int32(t.Len()); n++ {
		switch string(t.RawKey(n)) {
		case "default", "example", "x-ms-test-value":
			s.sample(n)
			s.members(n)
			continue
		case "enum":
			for c := range t.Children(n) {
				s.sample(c)
				s.tell(c)
			}
		case "examples":
			s.members(n)
		}
		if t.Kind(n) == jsonspan.String && !s.told[n] && mayHoldSecret(t.Raw(n)) {
			s.text(index.Value{File: d.File, Node: n}, "definition", t.Text(n))
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
	d := s.c.Def
	t := d.Tree
	if t.Kind(n) != jsonspan.String {
		return
	}
	v, text := index.Value{File: d.File, Node: n}, t.Text(n)
	owner, field := t.Parent(n), n
	if t.Kind(owner) == jsonspan.Array { // an enum
		owner, field = t.Parent(owner), owner
	}
	k := d.Keywords(owner)
	name := d.Text(k.Name)
	if name == "" && t.Node(owner).KeyStart > 0 {
		name = t.Key(owner)
	}
	if secret := index.LooksSecret(name) || strings.EqualFold(name, "authorization") || d.Text(k.Format) == "password"; secret && looksToken(text) {
		s.add(Exposed, v, name, t.Key(field), replaced(v, `""`))
		return
	}
	s.text(v, name, text)
}

// members looks at what stands in a default or example that is an object or array: members with a secret name.
func (s *secretFinder) members(n int32) {
	t := s.c.Def.Tree
	for c := n + 1; c < t.Node(n).Next; c++ {
		if name := t.Key(c); t.Kind(c) == jsonspan.String && index.LooksSecret(name) && looksToken(t.Text(c)) {
			v := index.Value{File: s.c.Def.File, Node: c}
			s.add(Exposed, v, name, t.Key(n), replaced(v, `""`))
			s.tell(c)
		}
	}
}

// tell notes that a node has been looked at.
func (s *secretFinder) tell(n int32) {
	if s.told == nil {
		s.told = map[int32]bool{}
	}
	s.told[n] = true
}

// looksToken tells a key from a word: long, no blanks but one after a scheme, letters and digits.
func looksToken(s string) bool {
	if scheme, rest, ok := strings.Cut(s, " "); ok && (strings.EqualFold(scheme, "bearer") || strings.EqualFold(scheme, "basic")) {
		s = rest
	}
	return len(s) >= 12 && !strings.ContainsAny(s, " {}<>[]@") && strings.ContainsAny(s, "0123456789") && strings.IndexFunc(s, func(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' }) >= 0 && !index.IsPlaceholder(s) && !strings.HasPrefix(s, "http")
}
