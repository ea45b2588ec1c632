package connector

import (
	"regexp"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

func propertyRules() []rule {
	return []rule{
		{"CONN-PROP-001", fails, Always, "the properties are not under the member properties", "", nil},
		{"CONN-PROP-002", warns, Always, "unknown property", "Kept; some tenants refuse it.", nil},
		{"CONN-PROP-003", warns, Certification, "iconBrandColor is missing or not #rrggbb", "", connectorCheck(brandColor)},
		{"CONN-PROP-004", warns, Certification, "the brand colour is a default", "#007ee5 and #ffffff are refused; independent publishers use #da3b01.", connectorCheck(defaultColor)},
		{"CONN-PROP-005", warns, Certification, "publisher or stackOwner is missing", "", connectorCheck(publisherMissing)},
		{"CONN-PROP-006", warns, Deploy, "stackOwner makes upload tools fail", "Leave it out for deployment.", connectorCheck(stackOwner)},
		{"CONN-PROP-007", notes, Always, "unknown capability", "", connectorCheck(capabilityNames)},
		{"CONN-PROP-008", warns, Always, "connectionParameters and connectionParameterSets are both given", "The sets win.", connectorCheck(bothParameters)},
	}
}

var colorPattern = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

func brandColor(l *lint) {
	if colorPattern.MatchString(l.c.brand()) || !l.c.props.known() {
		return
	}
	l.atBrand("the brand colour %q is not of the form #rrggbb", l.c.brand())
}

func (l *lint) atBrand(format string, args ...any) {
	switch {
	case l.c.element != nil:
		l.findAt(l.c.element.location("iconbrandcolor"), format, args...)
	case l.c.props.brand.ok():
		l.findIn(l.c.props.brand, format, args...)
	case l.c.props.inner.ok():
		l.findIn(l.c.props.inner, "iconBrandColor is missing: add a colour like #0b5394")
	default:
		l.findIn(value{l.c.props.whole, 0}, "iconBrandColor is missing: add a colour like #0b5394")
	}
}

const independentColor = "#da3b01"

func defaultColor(l *lint) {
	color := strings.ToLower(l.c.brand())
	switch {
	case color == "#007ee5" || color == "#ffffff":
		l.atBrand("the brand colour %s is a default: choose your own", color)
	case l.opts.Independent && color != independentColor && colorPattern.MatchString(color):
		l.atBrand("the brand colour is %s: independent publishers use %s", color, independentColor)
	}
}

func publisherMissing(l *lint) {
	if l.c.props.inner.kind() != jsonspan.Object {
		return
	}
	if l.c.props.publisher.text() == "" {
		l.findIn(l.c.props.inner, "publisher is missing: add it").key()
	}
	if l.c.props.stackOwner.text() == "" {
		l.findIn(l.c.props.inner, "stackOwner is missing: add it").key()
	}
}

func stackOwner(l *lint) {
	if l.c.props.stackOwner.ok() {
		l.findIn(l.c.props.stackOwner, "stackOwner makes upload tools fail: leave it out").key().fixRemove()
	}
}

var capabilities = map[string]bool{"actions": true, "triggers": true, "gateway": true, "cloud": true, "blob": true, "tabular": true, "composite": true}

func capabilityNames(l *lint) {
	for v := range l.c.props.capabilities.children {
		if name := v.text(); v.kind() == jsonspan.String && !capabilities[name] {
			f := l.findIn(v, "unknown capability %q", name)
			if capabilities[strings.ToLower(name)] {
				f.fixReplace(jsonspan.Quote(strings.ToLower(name)))
			}
		}
	}
}

func bothParameters(l *lint) {
	if l.c.props.params.count() > 0 && l.c.props.sets.get("values").count() > 0 {
		l.findIn(l.c.props.params, "connectionParameters are ignored beside connectionParameterSets: keep one").key()
	}
}

func connectionRules() []rule {
	return []rule{
		{"CONN-CP-001", fails, Always, "a connection parameter has an unknown type or none", "Compared without regard to case.", connectionCheck(connectionType)},
		{"CONN-CP-002", warns, Always, "the name of a connection parameter holds other characters than letters, digits and _", "One colon is allowed, as in token:TenantId.", connectionCheck(connectionName)},
		{"CONN-CP-003", fails, Always, "an OAuth parameter without oAuthSettings.identityProvider", "", connectionCheck(identityProvider)},
		{"CONN-CP-004", warns, Always, "the OAuth parameter is not called token", "Upload tools fill the secret of token only.", connectionCheck(oauthName)},
		{"CONN-CP-005", warns, Always, `constraints.required and hidden are not the strings "true" or "false"`, "", nil},
		{"CONN-CP-006", warns, Always, "a parameter that looks secret is shown in clear", "Make it a securestring.", connectionCheck(secretInClear)},
		{"CONN-CP-007", fails, Always, "a constraint names an unknown parameter or capability", "", connectionCheck(constraintTargets)},
		{"CONN-CP-008", warns, Certification, "uiDefinition or its texts are empty", "", connectionCheck(connectionTexts)},
		{"CONN-CP-009", warns, Always, "the definition has an OAuth scheme but no OAuth parameter, or the reverse", "", connectorCheck(oauthAgrees)},
		{"CONN-CP-010", warns, Always, "the definition has a key or basic scheme but no connection parameters", "", connectorCheck(keyAgrees)},
		{"CONN-CP-011", fails, Always, "a parameter set lacks name or parameters, or repeats a name", "", connectorCheck(setNames)},
		{"CONN-CP-012", warns, Always, "an OAuth secret stands in the file", "Leave it out: it is entered after the import. Placeholders are reported too.", connectionCheck(secretInFile)},
	}
}

var connectionTypes = map[string]bool{"string": true, "securestring": true, "int": true, "bool": true, "oauthsetting": true, "gatewaysetting": true, "managedidentity": true}

func connectionType(l *lint, p *connectionParameter) {
	if v := p.v.get("type"); v.kind() == jsonspan.String && !connectionTypes[p.typ] {
		f := l.findIn(v, "unknown type %q of connection parameter %q: use string, securestring, int, bool, oauthSetting or gatewaySetting", v.text(), p.name)
		if p.typ == "password" {
			f.fixReplace(`"securestring"`)
		}
	}
}

var connectionNamePattern = regexp.MustCompile(`^[A-Za-z0-9_]+(:[A-Za-z0-9_]+)?$`)

func connectionName(l *lint, p *connectionParameter) {
	if !connectionNamePattern.MatchString(p.name) {
		l.findIn(p.v, "connection parameter %q: use letters, digits and _", p.name).key()
	}
}

func identityProvider(l *lint, p *connectionParameter) {
	if p.oauth() && p.v.get("oAuthSettings").get("identityProvider").text() == "" {
		at := p.v
		if s := p.v.get("oAuthSettings"); s.ok() {
			at = s
		}
		l.findIn(at, "OAuth parameter %q needs oAuthSettings.identityProvider", p.name).key()
	}
}

func oauthName(l *lint, p *connectionParameter) {
	if p.oauth() && p.name != "token" {
		l.findIn(p.v, "OAuth parameter %q: call it token, or upload tools will not fill its secret", p.name).key()
	}
}

func secretInClear(l *lint, p *connectionParameter) {
	if p.oauth() || strings.HasPrefix(p.name, "token:") || !looksSecret(p.name) {
		return
	}
	if t := p.v.get("type"); p.typ == "string" {
		l.findIn(t, "connection parameter %q looks secret: make it a securestring", p.name).fixReplace(`"securestring"`)
		return
	}
	if c := p.v.get("uiDefinition").get("constraints").get("clearText"); p.secret() && c.ok() && c.f.tree.True(c.n) {
		l.findIn(c, "secret %q is shown in clear: set clearText to false", p.name).fixReplace("false")
	}
}

func constraintTargets(l *lint, p *connectionParameter) {
	constraints := p.v.get("uiDefinition").get("constraints")
	for v := range constraints.get("dependencies").children {
		found := false
		for i := range l.c.props.all {
			q := &l.c.props.all[i]
			found = found || q.name == v.key() && q.set == p.set
		}
		if !found {
			l.findIn(v, "dependency on %q, which is no connection parameter", v.key()).key()
		}
	}
	for v := range constraints.get("capability").children {
		if !capabilities[strings.ToLower(v.text())] {
			l.findIn(v, "unknown capability %q", v.text())
		}
	}
}

func connectionTexts(l *lint, p *connectionParameter) {
	if strings.Contains(p.name, ":") {
		return // written by the portal, hidden
	}
	ui := p.v.get("uiDefinition")
	if p.oauth() && (!ui.ok() || ui.get("displayName").ok()) {
		return // the platform shows its own sign-in button
	}
	if !ui.ok() {
		l.findIn(p.v, "connection parameter %q has no uiDefinition: add displayName and description", p.name).key()
		return
	}
	if hidden := ui.get("constraints").get("hidden"); hidden.text() == "true" || hidden.kind() == jsonspan.Bool && hidden.f.tree.True(hidden.n) {
		return
	}
	if ui.count() == 0 || ui.get("description").text() == "" && ui.get("schema").get("description").text() == "" && ui.get("tooltip").text() == "" {
		l.findIn(ui, "connection parameter %q has no description: say where makers find the value", p.name).key()
	}
}

// schemes counts the security schemes of a type.
func (l *lint) schemes(typ string) (n int, first int32) {
	if l.d.securityDefinitions == 0 {
		return 0, 0
	}
	for c := range l.d.tree.Children(l.d.securityDefinitions) {
		if (value{l.d.file, c}).get("type").text() == typ {
			if n++; n == 1 {
				first = c
			}
		}
	}
	return n, first
}

func oauthAgrees(l *lint) {
	if !l.c.props.known() || l.d.missing {
		return
	}
	n, scheme := l.schemes("oauth2")
	var oauth *connectionParameter
	for i := range l.c.props.all {
		if l.c.props.all[i].oauth() {
			oauth = &l.c.props.all[i]
			break
		}
	}
	switch {
	case n > 0 && oauth == nil:
		l.find(scheme, "security scheme %q is OAuth, but no connection parameter is of type oauthSetting: add one called token", l.d.tree.Key(scheme)).key()
	case n == 0 && oauth != nil:
		l.findIn(oauth.v, "OAuth parameter %q, but securityDefinitions has no oauth2 scheme: add one", oauth.name).key()
	}
}

func keyAgrees(l *lint) {
	if !l.c.props.known() || l.d.missing || len(l.c.props.all) > 0 {
		return
	}
	for _, typ := range []string{"apiKey", "basic"} {
		if n, scheme := l.schemes(typ); n > 0 {
			l.find(scheme, "security scheme %q needs a connection parameter: add one", l.d.tree.Key(scheme)).key()
			return
		}
	}
}

func setNames(l *lint) {
	seen := map[string]bool{}
	for set := range l.c.props.sets.get("values").children {
		name := set.get("name")
		if seen[name.text()] && name.ok() {
			l.findIn(name, "two parameter sets are called %q", name.text())
		}
		seen[name.text()] = true
	}
}

func secretInFile(l *lint, p *connectionParameter) {
	if v := p.v.get("oAuthSettings").get("clientSecret"); v.text() != "" {
		if isPlaceholder(v.text()) {
			l.findIn(v, "clientSecret holds a placeholder: leave it out, it is entered after the import").key().fixRemove()
		} else {
			l.findIn(v, "clientSecret stands in the file: leave it out and change the secret").key().fixRemove()
		}
	}
}
