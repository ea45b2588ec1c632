package lint

import (
	"net/url"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/internal/lazyregexp"
)

func propertyRules() []rule {
	return []rule{
		{"CONN-PROP-001", fails, Always, "the properties are not under the member properties", "", nil},
		{"CONN-PROP-002", warns, Always, "unknown property", "Kept; some tenants refuse it.", nil},
		{"CONN-PROP-003", warns, Certification, "iconBrandColor is missing or not #rrggbb", "", connectorCheck(brandColor)},
		{"CONN-PROP-004", warns, Certification, "the brand colour is a default", "#007ee5 and #ffffff are refused; independent publishers use #da3b01.", connectorCheck(defaultColor)},
		{"CONN-PROP-005", warns, Certification, "publisher or stackOwner is missing", "", connectorCheck(publisherMissing)},
		{"CONN-PROP-006", warns, Deploy, "stackOwner makes upload tools fail", "Leave it out for deployment.", connectorCheck(stackOwner)},
		{"CONN-PROP-007", warns, Always, "unknown capability", "Uploads refuse the connector (ApiDefinitionCapabilitiesInvalid).", connectorCheck(capabilityNames)},
		{"CONN-PROP-008", warns, Always, "connectionParameters and connectionParameterSets are both given", "The sets win.", connectorCheck(bothParameters)},
		{"CONN-PROP-009", notes, Always, "the connectorId of settings.json is of the form that only one tool takes", "paconn wants the id of the API (shared_...), pac connector the GUID of the row. What is neither is a warning.", connectorCheck(settingsID)},
		{"CONN-PROP-010", warns, Always, "settings.json names a file that is not there", "What the connector has of it, if anything, is read from the file with the usual name. A definition that is not there is an error.", connectorCheck(settingsFiles)},
	}
}

var colorPattern = lazyregexp.New(`^#[0-9A-Fa-f]{6}$`)

func brandColor(l *lint) {
	if colorPattern.MatchString(l.c.Brand()) || !l.c.Props.Known() || l.c.Props.Brand.OK() && l.c.Props.Brand.Kind() != jsonspan.String {
		return
	}
	l.atBrand("the brand colour %q is not of the form #rrggbb", l.c.Brand())
}

func (l *lint) atBrand(format string, args ...any) {
	switch {
	case l.c.Element != nil:
		l.findAt(l.c.Element.Location("iconbrandcolor"), format, args...)
	case l.c.Props.Brand.OK():
		l.findIn(l.c.Props.Brand, format, args...)
	case l.c.Props.Inner.OK():
		l.findIn(l.c.Props.Inner, "iconBrandColor is missing: add a colour like #0b5394")
	default:
		l.findIn(index.Value{File: l.c.Props.Whole, Node: 0}, "iconBrandColor is missing: add a colour like #0b5394")
	}
}

const independentColor = "#da3b01"

func defaultColor(l *lint) {
	color := strings.ToLower(l.c.Brand())
	switch {
	case color == "#007ee5" || color == "#ffffff":
		l.atBrand("the brand colour %s is a default: choose your own", color)
	case l.opts.Independent && color != independentColor && colorPattern.MatchString(color):
		l.atBrand("the brand colour is %s: independent publishers use %s", color, independentColor)
	}
}

func publisherMissing(l *lint) {
	if l.c.Props.Inner.Kind() != jsonspan.Object {
		return
	}
	if l.c.Props.Publisher.Text() == "" {
		l.findIn(l.c.Props.Inner, "publisher is missing: add it").key()
	}
	if l.c.Props.StackOwner.Text() == "" {
		l.findIn(l.c.Props.Inner, "stackOwner is missing: add it").key()
	}
}

func stackOwner(l *lint) {
	if l.c.Props.StackOwner.OK() {
		l.findIn(l.c.Props.StackOwner, "stackOwner makes upload tools fail: leave it out").key().fixRemove()
	}
}

var capabilities = map[string]bool{"actions": true, "triggers": true, "gateway": true, "cloud": true, "blob": true, "tabular": true, "composite": true}

func capabilityNames(l *lint) {
	for v := range l.c.Props.Capabilities.Children {
		if name := v.Text(); v.Kind() == jsonspan.String && !capabilities[name] {
			l.unknownCapability(v)
		}
	}
}

func (l *lint) unknownCapability(v index.Value) {
	name := v.Text()
	f := l.findIn(v, "unknown capability %q: uploads refuse it", name)
	if near := likely(name, capabilities); near != "" {
		f.text += ", did you mean " + near + "?"
		f.fixReplace(jsonspan.Quote(near))
		return
	}
	f.text += ", known are actions, triggers, gateway, cloud, blob, tabular and composite"
}

func bothParameters(l *lint) {
	if l.c.Props.Params.Count() > 0 && l.c.Props.Sets.Get("values").Count() > 0 {
		l.findIn(l.c.Props.Params, "connectionParameters are ignored beside connectionParameterSets: keep one").key()
	}
}

func connectionRules() []rule {
	return []rule{
		{"CONN-CP-001", fails, Always, "a connection parameter has an unknown type or none", "Compared without regard to case.", connectionCheck(connectionType)},
		{"CONN-CP-002", warns, Always, "the name of a connection parameter holds other characters than letters, digits and _", "One colon is allowed, as in token:TenantId.", connectionCheck(connectionName)},
		{"CONN-CP-003", fails, Always, "an OAuth parameter without oAuthSettings.identityProvider", "", connectionCheck(identityProvider)},
		{"CONN-CP-004", warns, Always, "the OAuth parameter is not called token", "Upload tools fill the secret of token only.", connectionCheck(oauthName)},
		{"CONN-CP-005", warns, Always, `constraints.required and hidden are not the strings "true" or "false"`, "Each parameter of a set has to say whether it is required.", connectionCheck(requiredInSet)},
		{"CONN-CP-006", warns, Always, "a parameter that looks secret is shown in clear", "Make it a securestring.", connectionCheck(secretInClear)},
		{"CONN-CP-007", fails, Always, "a constraint names an unknown parameter or capability", "", connectionCheck(constraintTargets)},
		{"CONN-CP-008", warns, Certification, "uiDefinition or its texts are empty", "", connectionCheck(connectionTexts)},
		{"CONN-CP-009", warns, Always, "the definition has an OAuth scheme but no OAuth parameter, or the reverse", "", connectorCheck(oauthAgrees)},
		{"CONN-CP-010", warns, Always, "the definition has a key or basic scheme but no connection parameters", "", connectorCheck(keyAgrees)},
		{"CONN-CP-011", fails, Always, "a parameter set lacks name or parameters, or repeats a name; or there is none", "", connectorCheck(setNames)},
		{"CONN-CP-012", warns, Always, "a secret stands in the file", "Leave it out: it is entered after the import. Placeholders of OAuth secrets are reported too.", connectionCheck(secretInFile)},
		{"CONN-CP-013", warns, Always, "unknown redirectMode, or a redirectUrl that is no address", "Global, GlobalPerConnector and Direct are known.", connectionCheck(redirect)},
		{"CONN-CP-014", notes, Certification, "redirectMode is Global", "Reviewers ask for GlobalPerConnector; the redirect URL then ends in the id of the connector, which the app registration has to know.", connectionCheck(redirectGlobal)},
		{"CONN-CP-015", warns, Certification, "the hidden parameter of the tenant has no texts", "Microsoft's check of apiProperties.json wants displayName and description of every uiDefinition, hidden ones too.", connectionCheck(tenantTexts)},
		{"CONN-CP-016", warns, Always, "an identity provider that is misspelt, or lacks what it needs to sign in", "oauth2 needs authorizationUrl and tokenUrl in customParameters, oauth2generic authorizationUrlTemplate and tokenUrlTemplate, aad resourceUri, unless there are none, to be given after an import. Other providers are not known by name.", connectionCheck(providerComplete)},
		{"CONN-CP-017", warns, Always, "a gateway parameter without the capability gateway", "Of loose files, as solutions have no capabilities.", connectionCheck(gatewayCapability)},
	}
}

var connectionTypes = map[string]bool{"string": true, "securestring": true, "int": true, "bool": true, "oauthsetting": true, "gatewaysetting": true, "managedidentity": true}

func connectionType(l *lint, p *index.ConnectionParameter) {
	if v := p.Value.Get("type"); v.Kind() == jsonspan.String && !connectionTypes[p.Type] {
		f := l.findIn(v, "unknown type %q of connection parameter %q: use string, securestring, int, bool, oauthSetting or gatewaySetting", v.Text(), p.Name)
		if p.Type == "password" {
			f.fixReplace(`"securestring"`)
		}
	}
}

var connectionNamePattern = lazyregexp.New(`^[A-Za-z0-9_]+(:[A-Za-z0-9_]+)?$`)

func connectionName(l *lint, p *index.ConnectionParameter) {
	if !connectionNamePattern.MatchString(p.Name) {
		l.findIn(p.Value, "connection parameter %q: use letters, digits and _", p.Name).key()
	}
}

func identityProvider(l *lint, p *index.ConnectionParameter) {
	if p.OAuth() && p.Value.Get("oAuthSettings").Get("identityProvider").Text() == "" {
		at := p.Value
		if s := p.Value.Get("oAuthSettings"); s.OK() {
			at = s
		}
		l.findIn(at, "OAuth parameter %q needs oAuthSettings.identityProvider", p.Name).key()
	}
}

// providerNeeds are the custom parameters without which an identity provider signs nobody in, by its name in lower case.
var providerNeeds = map[string][]string{
	"oauth2":         {"authorizationUrl", "tokenUrl"},
	"oauth2generic":  {"authorizationUrlTemplate", "tokenUrlTemplate"},
	"aad":            {"resourceUri"},
	"aadcertificate": {"resourceUri"},
}

func providerComplete(l *lint, p *index.ConnectionParameter) {
	settings := p.Value.Get("oAuthSettings")
	provider := settings.Get("identityProvider")
	name := strings.ToLower(provider.Text())
	if !p.OAuth() || name == "" {
		return
	}
	needs, known := providerNeeds[name]
	if !known {
		if near := nearest(name, providerNeeds); near != "" {
			l.findIn(provider, "identity provider %q is not known: did you mean %s?", provider.Text(), near).fixReplace(jsonspan.Quote(near))
		}
		return
	}
	custom := settings.Get("customParameters")
	if custom.Count() == 0 {
		return // left out: to be given after the import
	}
	var missing []string
	for _, key := range needs {
		if !custom.Member(key).OK() {
			missing = append(missing, key)
		}
	}
	if len(missing) > 0 {
		l.findIn(custom, "identity provider %s needs %s in customParameters: add it", provider.Text(), strings.Join(missing, " and ")).key()
	}
}

func gatewayCapability(l *lint, p *index.ConnectionParameter) {
	if isGateway(*p) && l.c.Props.Inner.Kind() == jsonspan.Object && !l.c.Props.HasCapability("gateway") {
		l.findIn(p.Value, "connection parameter %q is for a gateway: add gateway to the capabilities", p.Name).key()
	}
}

func oauthName(l *lint, p *index.ConnectionParameter) {
	if p.OAuth() && p.Name != "token" {
		l.findIn(p.Value, "OAuth parameter %q: call it token, or upload tools will not fill its secret", p.Name).key()
	}
}

func secretInClear(l *lint, p *index.ConnectionParameter) {
	if p.OAuth() || strings.HasPrefix(p.Name, "token:") || !index.LooksSecret(p.Name) {
		return
	}
	if t := p.Value.Get("type"); p.Type == "string" {
		l.findIn(t, "connection parameter %q looks secret: make it a securestring", p.Name).fixReplace(`"securestring"`)
		return
	}
	if c := p.Value.Get("uiDefinition").Get("constraints").Get("clearText"); p.Secret() && c.OK() && c.File.Tree.True(c.Node) {
		l.findIn(c, "secret %q is shown in clear: set clearText to false", p.Name).fixReplace("false")
	}
}

func constraintTargets(l *lint, p *index.ConnectionParameter) {
	constraints := p.Value.Get("uiDefinition").Get("constraints")
	for v := range constraints.Get("dependencies").Children {
		found := false
		for i := range l.c.Props.Parameters {
			q := &l.c.Props.Parameters[i]
			found = found || q.Name == v.Key() && q.Set == p.Set
		}
		if !found {
			l.findIn(v, "dependency on %q, which is no connection parameter", v.Key()).key()
		}
	}
	for v := range constraints.Get("capability").Children {
		if !capabilities[strings.ToLower(v.Text())] {
			l.unknownCapability(v)
		}
	}
}

func connectionTexts(l *lint, p *index.ConnectionParameter) {
	if strings.Contains(p.Name, ":") {
		return // written by the portal, hidden
	}
	ui := p.Value.Get("uiDefinition")
	if p.OAuth() && (!ui.OK() || ui.Get("displayName").OK()) {
		return // the platform shows its own sign-in button
	}
	if p.Value.Kind() == jsonspan.Object && !ui.OK() {
		l.findIn(p.Value, "connection parameter %q has no uiDefinition: add displayName and description", p.Name).key()
		return
	}
	if hidden := ui.Get("constraints").Get("hidden"); hidden.Text() == "true" || hidden.Kind() == jsonspan.Bool && hidden.File.Tree.True(hidden.Node) {
		return
	}
	if ui.Count() == 0 || ui.Get("description").Text() == "" && ui.Get("schema").Get("description").Text() == "" && ui.Get("tooltip").Text() == "" {
		l.findIn(ui, "connection parameter %q has no description: say where makers find the value", p.Name).key()
	}
}

// schemes counts the security schemes of a type.
func (l *lint) schemes(typ string) (n int, first int32) {
	if l.d.SecurityDefinitions == jsonspan.None {
		return 0, 0
	}
	for c := range l.d.Tree.Children(l.d.SecurityDefinitions) {
		if (index.Value{File: l.d.File, Node: c}).Get("type").Text() == typ {
			if n++; n == 1 {
				first = c
			}
		}
	}
	return n, first
}

func oauthAgrees(l *lint) {
	if !l.c.Props.Known() || l.d.Missing {
		return
	}
	n, scheme := l.schemes("oauth2")
	var oauth *index.ConnectionParameter
	for i := range l.c.Props.Parameters {
		if l.c.Props.Parameters[i].OAuth() {
			oauth = &l.c.Props.Parameters[i]
			break
		}
	}
	switch {
	case n > 0 && oauth == nil:
		l.find(scheme, "security scheme %q is OAuth, but no connection parameter is of type oauthSetting: add one called token", l.d.Tree.Key(scheme)).key()
	case n == 0 && oauth != nil:
		l.findIn(oauth.Value, "OAuth parameter %q, but securityDefinitions has no oauth2 scheme: add one", oauth.Name).key()
	}
}

func keyAgrees(l *lint) {
	if !l.c.Props.Known() || l.d.Missing || len(l.c.Props.Parameters) > 0 {
		return
	}
	for _, typ := range []string{"apiKey", "basic"} {
		if n, scheme := l.schemes(typ); n > 0 {
			l.find(scheme, "security scheme %q needs a connection parameter: add one", l.d.Tree.Key(scheme)).key()
			return
		}
	}
}

func setNames(l *lint) {
	seen := map[string]bool{}
	if sets := l.c.Props.Sets; sets.Count() > 0 && !sets.Get("values").OK() {
		l.findIn(sets, "connectionParameterSets has no values: list the sets").severity(warns)
	}
	for set := range l.c.Props.Sets.Get("values").Children {
		name := set.Get("name")
		if name.Kind() == jsonspan.String && strings.TrimSpace(name.Text()) == "" {
			l.findIn(name, "the name of a parameter set is empty: give it one")
			continue
		}
		if seen[name.Text()] && name.OK() {
			l.findIn(name, "two parameter sets are called %q", name.Text())
		}
		seen[name.Text()] = true
	}
}

func secretInFile(l *lint, p *index.ConnectionParameter) {
	if v := p.Value.Get("oAuthSettings").Get("clientSecret"); v.Text() != "" {
		if index.IsPlaceholder(v.Text()) {
			l.findIn(v, "clientSecret holds a placeholder: leave it out, it is entered after the import").key().fixRemove()
		} else {
			l.findIn(v, "clientSecret stands in the file: leave it out and change the secret").key().fixRemove()
		}
	}
	if v := p.Value.Get("defaultValue"); p.Secret() && v.Text() != "" && !index.IsPlaceholder(v.Text()) {
		l.findIn(v, "the default of secret %q stands in the file: leave it out and change the secret", p.Name).key().fixRemove()
	}
}

func requiredInSet(l *lint, p *index.ConnectionParameter) {
	ui := p.Value.Get("uiDefinition")
	if p.Set == "" || !ui.OK() || ui.Get("constraints").Get("required").OK() { // without uiDefinition: CONN-CP-008
		return
	}
	l.findIn(p.Value, `connection parameter %q of set %q does not say whether it is required: add uiDefinition.constraints.required, "true" or "false"`, p.Name, p.Set).key()
}

var redirectModes = []string{"Global", "GlobalPerConnector", "Direct"}

func redirect(l *lint, p *index.ConnectionParameter) {
	settings := p.Value.Get("oAuthSettings")
	mode := settings.Member("redirectMode")
	if mode.Kind() == jsonspan.String && !slices.ContainsFunc(redirectModes, func(s string) bool { return strings.EqualFold(s, mode.Text()) }) {
		f := l.findIn(mode, "unknown redirectMode %q: use %s", mode.Text(), strings.Join(redirectModes[:2], ", ")+" or "+redirectModes[2])
		known := map[string]bool{}
		for _, m := range redirectModes {
			known[m] = true
		}
		if near := likely(mode.Text(), known); near != "" {
			f.fixReplace(jsonspan.Quote(near))
		}
	}
	at := settings.Member("redirectUrl")
	if text := strings.TrimSpace(at.Text()); text != "" && !isAddress(text) {
		l.findIn(at, "redirectUrl %q is no address: write https://global.consent.azure-apim.net/redirect, or leave it out", text)
	}
}

// isAddress reports whether a text is an absolute URL, or stands for one that the platform or the environment gives.
func isAddress(s string) bool {
	if strings.HasPrefix(s, "@") {
		return true
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

func redirectGlobal(l *lint, p *index.ConnectionParameter) {
	if mode := p.Value.Get("oAuthSettings").Member("redirectMode"); strings.EqualFold(mode.Text(), "Global") {
		l.findIn(mode, "redirectMode %q: reviewers ask for GlobalPerConnector; the redirect URL then ends in the id of the connector", mode.Text()).fixReplace(`"GlobalPerConnector"`)
	}
}

// tenantTexts looks at the parameters that the portal writes beside an OAuth one and hides, such as token:TenantId.
func tenantTexts(l *lint, p *index.ConnectionParameter) {
	_, name, ok := strings.Cut(p.Name, ":")
	if !ok || !strings.EqualFold(name, "TenantId") {
		return
	}
	ui := p.Value.Get("uiDefinition")
	if !ui.OK() {
		l.findIn(p.Value, "connection parameter %q has no uiDefinition: add displayName and description, also if it is hidden", p.Name).key()
		return
	}
	var missing []string
	for _, key := range []string{"displayName", "description"} {
		if strings.TrimSpace(ui.Member(key).Text()) == "" {
			missing = append(missing, key)
		}
	}
	if len(missing) > 0 {
		l.findIn(ui, "connection parameter %q has no %s: add it, also if it is hidden", p.Name, strings.Join(missing, " and no ")).key()
	}
}

var (
	rowID = lazyregexp.New(`^\{?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?$`)
	apiID = lazyregexp.New(`(?i)^shared_[a-z0-9-]`)
)

func settingsFiles(l *lint) {
	for _, v := range l.c.Lacking {
		l.findIn(v, "%s names %s, which is not there: add the file, correct the name, or write null", v.Key(), v.Text())
	}
}

// settingsID tells which tool takes the id of settings.json.
func settingsID(l *lint) {
	if l.c.Settings == nil {
		return
	}
	v := l.c.Settings.Root().Get("connectorId")
	switch text := strings.TrimSpace(v.Text()); {
	case v.Kind() != jsonspan.String || index.IsPlaceholder(text):
	case apiID.MatchString(text):
		l.findIn(v, "%q is an id for paconn; pac connector wants the GUID of the connector", text)
	case rowID.MatchString(text):
		l.findIn(v, "%q is an id for pac connector; paconn wants the id of the API, shared_ and the name", text)
	default:
		f := l.findIn(v, "%q is neither the id of an API (shared_..., for paconn) nor a GUID (for pac connector)", text).severity(warns)
		if _, id, ok := strings.Cut(strings.ToLower(text), "/apis/"); ok && apiID.MatchString(id) {
			f.text += ": write " + id
		}
	}
}
