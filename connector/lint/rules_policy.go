package lint

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/internal/lazyregexp"
)

func policyRules() []rule {
	return []rule{
		{"CONN-POL-001", warns, Always, "unknown policy template", "", policyCheck(templateName)},
		{"CONN-POL-002", fails, Always, "a parameter of a policy is missing or unknown", "A value that differs from a known one in the case of letters, and a method that is not known, are warnings.", policyCheck(policyMethod)},
		{"CONN-POL-003", warns, Always, "a policy names an operation that does not exist", "", policyCheck(policyOperations)},
		{"CONN-POL-004", warns, Always, "a policy uses a connection parameter that does not exist", "", policyCheck(policyConnectionParameters)},
		{"CONN-POL-005", fails, Always, "the section is not allowed for the template", "Failure is for setheader only.", nil},
		{"CONN-POL-006", warns, Always, "dynamichosturl in a connector with a gateway", "It has the capability, or a connection parameter of type gatewaySetting.", policyCheck(policyGateway)},
		{"CONN-POL-007", warns, Always, "environment variables in a policy", "They are resolved in host, basePath and security only.", policyCheck(policyVariables)},
		{"CONN-POL-008", warns, Always, "two policies set the same header, query parameter or host", "One of them has no effect.", connectorCheck(policyConflicts)},
		{"CONN-POL-009", warns, Always, "a setproperty policy takes a connection parameter", "The platform sends the text @connectionParameters(...) as it stands (reported by several authors). Take it from a header or query parameter, which other policies set, or write a script.", policyCheck(propertyOfConnection)},
		{"CONN-POL-010", warns, Always, "triggerConfig sets a parameter that the operation does not have", "Its members are query parameters of the trigger.", policyCheck(triggerParameters)},
	}
}

func templateName(l *lint, p *index.Policy) {
	if p.Template == "" || schemas().policy[p.Template] != nil {
		return
	}
	at := p.Value.Get("templateId")
	f := l.findIn(at, "unknown policy template %q", at.Text())
	if near := nearest(p.Template, schemas().policy); near != "" {
		f.text += ": did you mean " + near + "?"
		f.fixReplace(jsonspan.Quote(near))
	}
}

func policyOperations(l *lint, p *index.Policy) {
	if l.d.Missing {
		return
	}
	for _, o := range p.Operations {
		if l.d.ByID[o.Text()] != nil {
			continue
		}
		l.unknownOperation(o)
	}
}

var connectionParameterCall = lazyregexp.New(`connectionParameters\(\s*'([^']*)'`)

func policyConnectionParameters(l *lint, p *index.Policy) {
	if !l.c.Props.Known() {
		return
	}
	p.Params.Texts(func(v index.Value, text string) {
		if !strings.Contains(text, "connectionParameters(") {
			return
		}
		for _, m := range connectionParameterCall.FindAllStringSubmatch(text, -1) {
			if !l.knowsParameter(m[1]) {
				l.findIn(v, "%q is no connection parameter: %s", m[1], l.meant(m[1], l.connectionNames, "define it or correct the name"))
			}
		}
	})
}

func (l *lint) connectionNames() []string {
	var names []string
	seen := map[string]bool{}
	for i := range l.c.Props.Parameters {
		if name := l.c.Props.Parameters[i].Name; !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

func (l *lint) knowsParameter(name string) bool {
	for i := range l.c.Props.Parameters {
		if q := l.c.Props.Parameters[i].Name; strings.EqualFold(q, name) || strings.HasPrefix(strings.ToLower(name), strings.ToLower(q)+":") {
			return true
		}
	}
	return false
}

func policyGateway(l *lint, p *index.Policy) {
	if p.Template == "dynamichosturl" && (l.c.Props.HasCapability("gateway") || slices.ContainsFunc(l.c.Props.Parameters, isGateway)) {
		l.findIn(p.Value.Get("templateId"), "dynamichosturl does not work through a gateway: remove one of the two")
	}
}

// policyMethods are the methods that the templates take which have one.
var policyMethods = map[string][]string{
	"routerequesttoendpoint": {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"},
	"setvaluefromurl":        {"GET", "POST", "PUT"},
}

func policyMethod(l *lint, p *index.Policy) {
	v := p.Param("httpMethod")
	known := policyMethods[p.Template]
	if text := v.Text(); known == nil || text == "" || strings.Contains(text, "@") || slices.Contains(known, strings.ToUpper(text)) {
		return
	}
	l.findIn(v, "policy %s does not know method %q: write one of %s", p.Template, v.Text(), strings.Join(known, ", ")).severity(warns)
}

// triggerParameters looks for what a polling trigger sets in the operations that it is of.
func triggerParameters(l *lint, p *index.Policy) {
	if p.Template != "pollingtrigger" || l.d.Missing {
		return
	}
	for _, named := range p.Operations {
		o := l.d.ByID[named.Text()]
		if o == nil || slices.ContainsFunc(o.List, func(p *index.Parameter) bool { return p.Broken }) {
			continue
		}
		for v := range p.Param("triggerConfig").Children {
			name := v.Key()
			if strings.HasPrefix(name, "x-ms-") || o.Param(name) != nil {
				continue
			}
			l.findIn(v, "operation %s has no parameter %q: %s", o.ID, name, l.meant(name, func() []string { return l.parameterNames(o) }, "name one it has")).key()
		}
	}
}

func isGateway(p index.ConnectionParameter) bool { return p.Type == "gatewaysetting" }

func policyVariables(l *lint, p *index.Policy) {
	p.Params.Texts(func(v index.Value, text string) {
		if strings.Contains(text, "environmentVariables(") {
			l.findIn(v, "environment variables are not resolved in policies: use a connection parameter")
		}
	})
}

func policyConflicts(l *lint) {
	list := l.c.Props.Instances
	for i, a := range earlierPolicies(list) {
		if a != nil {
			l.findIn(list[i].Value, "%s", conflict(a, &list[i], targetOf(&list[i]).what))
		}
	}
}

// earlierPolicies returns, for each policy, the first before it that sets the same thing for an operation of it, nil if none does.
// One without operations is for all, and meets only others of that kind.
func earlierPolicies(list []index.Policy) []*index.Policy {
	type use struct {
		target    policyTarget
		operation string
		all       bool
	}
	first := map[use]int{}
	out := make([]*index.Policy, len(list))
	for i := range list {
		target := targetOf(&list[i])
		if target.what == "" {
			continue
		}
		uses := []use{{target, "", true}}
		if operations := list[i].Operations; len(operations) > 0 {
			uses = uses[:0]
			for _, o := range operations {
				uses = append(uses, use{target, o.Text(), false})
			}
		}
		earliest := i
		for _, u := range uses {
			if at, ok := first[u]; ok {
				earliest = min(earliest, at)
			} else {
				first[u] = i
			}
		}
		if earliest < i {
			out[i] = &list[earliest]
		}
	}
	return out
}

// conflict says which two policies set one thing.
func conflict(a, b *index.Policy, what string) string {
	other := "an earlier policy"
	if title := a.Value.Get("title").Text(); title != "" {
		other = fmt.Sprintf("policy %q", title)
	}
	if len(b.Operations) == 0 {
		return fmt.Sprintf("%s sets the same %s for all operations too: keep one, or name the operations of each", other, what)
	}
	return fmt.Sprintf("%s sets the same %s for the same operation: keep one", other, what)
}

// propertyOfConnection finds what setproperty does not resolve.
func propertyOfConnection(l *lint, p *index.Policy) {
	if p.Template != "setproperty" {
		return
	}
	p.Params.Texts(func(v index.Value, text string) {
		if strings.Contains(strings.ToLower(text), "@connectionparameters(") || strings.Contains(strings.ToLower(text), "@{connectionparameters(") {
			l.findIn(v, "setproperty does not resolve connectionParameters and sends the text itself: take the value from @headers or @queryParameters that a setheader or setqueryparameter policy sets, or write a script")
		}
	})
}

// A policyTarget is what a policy sets; what is empty if it sets nothing that another one can set too.
type policyTarget struct{ what, name, section string }

func targetOf(p *index.Policy) policyTarget {
	t := policyTarget{section: p.Params.Get(index.PolicySectionKey).Text()}
	switch action := p.Param("existsAction").Text(); {
	case p.Template == "dynamichosturl":
		t.what = "host"
	case action != "" && action != "override":
	case p.Template == "setheader":
		t.what, t.name = "header", strings.ToLower(p.Param("name").Text())
	case p.Template == "setqueryparameter":
		t.what, t.name = "query parameter", strings.ToLower(p.Param("name").Text())
	}
	return t
}

func scriptRules() []rule {
	return []rule{
		{"CONN-SCRIPT-001", fails, Always, "scriptOperations without a script", "", connectorCheck(scriptMissing)},
		{"CONN-SCRIPT-002", notes, Always, "a script without scriptOperations", "It runs for every operation, as with an empty list; checks of apiProperties.json have refused the member.", connectorCheck(scriptOperationsMissing)},
		{"CONN-SCRIPT-003", warns, Always, "scriptOperations names an operation that does not exist", "", connectorCheck(scriptOperationNames)},
		{"CONN-SCRIPT-004", warns, Always, "the script has no class Script : ScriptBase with ExecuteAsync", "Only the text is looked at.", connectorCheck(scriptClass)},
		{"CONN-SCRIPT-005", fails, Always, "the script is larger than 1 MB", "", connectorCheck(scriptSize)},
		{"CONN-SCRIPT-006", warns, Always, "the script does not fit a solution", "The column holds 500,000 characters.", connectorCheck(scriptColumn)},
		{"CONN-SCRIPT-007", warns, Always, "the script uses a namespace that is not allowed", "", connectorCheck(scriptNamespaces)},
		{"CONN-SCRIPT-008", warns, Always, "a C# file beside the connector is not its script", "One file is: script.csx, or the one that settings.json names, or the only one. Others are lost in a solution.", connectorCheck(scriptsUnread)},
		{"CONN-ICON-001", fails, Always, "the icon is no PNG", "In a solution the portal itself stores other images: a warning there.", connectorCheck(iconFormat)},
		{"CONN-ICON-002", warns, Certification, "the icon breaks the rules of certification", "Square, 100 to 230 pixels, up to 1 MB, on a ground of the brand colour that is neither white nor transparent.", connectorCheck(iconShape)},
	}
}

func scriptMissing(l *lint) {
	if l.c.Element == nil && l.c.Props.ScriptOps.Count() > 0 && !l.c.HasScript() {
		f := l.findIn(l.c.Props.ScriptOps, "scriptOperations without a script: add script.csx or remove them").key()
		if n := len(l.c.OtherScripts); n > 0 {
			f.text = fmt.Sprintf("scriptOperations, and which of %d C# files is the script cannot be told: call it script.csx or name it in settings.json", n)
		}
	}
}

func scriptsUnread(l *lint) {
	for _, f := range l.c.OtherScripts {
		if l.c.Script != nil {
			l.findAt(f.Location(0, false), "%s is not read, since %s is the script: put it into that file, or name it as script in settings.json", path.Base(f.Name), path.Base(l.c.Script.Name))
		} else {
			l.findAt(f.Location(0, false), "%s is not read: call it script.csx or name it as script in settings.json", path.Base(f.Name))
		}
	}
}

func scriptOperationsMissing(l *lint) {
	if l.c.Element == nil && l.c.HasScript() && !l.c.Props.ScriptOps.OK() {
		l.findAt(l.c.Script.Location(0, false), "without scriptOperations the script runs for every operation")
	}
}

func scriptOperationNames(l *lint) {
	if l.d.Missing {
		return
	}
	for v := range l.c.Props.ScriptOps.Children {
		if v.Kind() != jsonspan.String || l.d.ByID[v.Text()] != nil {
			continue
		}
		l.unknownOperation(v)
	}
}

var (
	scriptClassPattern = lazyregexp.New(`\bclass\s+Script\s*:\s*[\w.]*ScriptBase\b`)
	usingPattern       = lazyregexp.New(`(?m)^\s*using\s+(static\s+|\w+\s*=\s*)?([A-Za-z_][\w.]*)\s*;`)
	csharpComments     = lazyregexp.New(`(?s)//[^\n]*|/\*.*?\*/`)
)

func scriptClass(l *lint) {
	if l.c.Element == nil && l.c.Script != nil && !l.c.HasScript() && l.c.Props.ScriptOps.Count() == 0 { // else: CONN-SCRIPT-001
		l.findAt(l.c.Script.Location(0, false), "the script is empty: write class Script : ScriptBase, or remove the file")
	}
	if !l.c.HasScript() {
		return
	}
	code := csharpComments.ReplaceAll(l.c.Script.Source, []byte(" "))
	if !scriptClassPattern.Match(code) || !bytes.Contains(code, []byte("ExecuteAsync")) {
		l.findAt(l.c.Script.Location(0, false), "no class Script : ScriptBase with a method ExecuteAsync: the platform calls that")
	}
}

const (
	maxScript       = 1 << 20
	maxScriptColumn = 500_000
)

func scriptSize(l *lint) {
	if n := len(bytesOf(l.c.Script)); n > maxScript {
		l.findAt(l.c.Script.Location(0, false), "the script has %d bytes, more than %d", n, maxScript)
	}
}

func scriptColumn(l *lint) {
	if n := characters(bytesOf(l.c.Script)); n > maxScriptColumn {
		l.findAt(l.c.Script.Location(0, false), "the script has %d characters, more than the %d of a solution", n, maxScriptColumn)
	}
}

func scriptNamespaces(l *lint) {
	if !l.c.HasScript() {
		return
	}
	for _, m := range usingPattern.FindAllSubmatchIndex(l.c.Script.Source, -1) {
		name := string(l.c.Script.Source[m[4]:m[5]])
		if !namespaceAllowed(name, m[2] >= 0) {
			l.findAt(l.c.Script.Span(m[4], m[5]), "namespace %s is not allowed in a script", name)
		}
	}
}

// namespaceAllowed reports whether a using directive is about an allowed namespace; those of types
// (using static, or an alias) name a type inside one.
func namespaceAllowed(name string, ofType bool) bool {
	if slices.Contains(namespaces, name) {
		return true
	}
	dot := strings.LastIndexByte(name, '.')
	return ofType && dot > 0 && slices.Contains(namespaces, name[:dot])
}

// namespaces are those that a script may use (public documentation).
var namespaces = []string{"System", "System.Collections", "System.Collections.Generic", "System.Diagnostics", "System.IO", "System.IO.Compression",
	"System.Linq", "System.Net", "System.Net.Http", "System.Net.Http.Headers", "System.Net.Security", "System.Security.Authentication",
	"System.Security.Cryptography", "System.Text", "System.Text.RegularExpressions", "System.Threading", "System.Threading.Tasks", "System.Web",
	"System.Xml", "System.Xml.Linq", "System.Drawing", "System.Drawing.Drawing2D", "System.Drawing.Imaging", "Microsoft.Extensions.Logging",
	"Newtonsoft.Json", "Newtonsoft.Json.Linq"}

const maxIcon = 1 << 20

// iconHeader reads the dimensions of a PNG.
func iconHeader(c *index.Connector) (image.Config, bool) {
	if c.Icon == nil {
		return image.Config{}, false
	}
	cfg, err := png.DecodeConfig(bytes.NewReader(c.Icon.Source))
	return cfg, err == nil
}

func iconFormat(l *lint) {
	if l.c.Icon == nil {
		return
	}
	if _, ok := iconHeader(l.c); !ok {
		f := l.findAt(l.c.Icon.Location(0, false), "the icon is no PNG: convert it")
		if l.c.Element != nil {
			f.severity(warns)
		}
	}
}

func iconShape(l *lint) {
	cfg, ok := iconHeader(l.c)
	if !ok {
		return
	}
	at := l.c.Icon.Location(0, false)
	if cfg.Width != cfg.Height || cfg.Width < 100 || cfg.Width > 230 {
		l.findAt(at, "the icon has %d x %d pixels: make it square, 100 to 230 wide", cfg.Width, cfg.Height)
	}
	if len(l.c.Icon.Source) > maxIcon {
		l.findAt(at, "the icon has %d bytes: use at most 1 MB", len(l.c.Icon.Source))
	}
	if cfg.Width > 1024 || cfg.Height > 1024 {
		return // not worth decoding
	}
	img, err := png.Decode(bytes.NewReader(l.c.Icon.Source))
	if err != nil {
		return
	}
	ground := color.NRGBAModel.Convert(img.At(img.Bounds().Min.X, img.Bounds().Min.Y)).(color.NRGBA)
	brand, known := parseColor(l.c.Brand())
	switch {
	case ground.A < 255:
		l.findAt(at, "the ground of the icon is transparent: fill it with the brand colour")
	case ground.R == 255 && ground.G == 255 && ground.B == 255:
		l.findAt(at, "the ground of the icon is white: fill it with the brand colour")
	case known && (ground.R != brand.R || ground.G != brand.G || ground.B != brand.B):
		l.findAt(at, "the ground of the icon is #%02x%02x%02x, the brand colour %s: make them the same", ground.R, ground.G, ground.B, l.c.Brand())
	}
}

func parseColor(s string) (color.NRGBA, bool) {
	if !colorPattern.MatchString(s) {
		return color.NRGBA{}, false
	}
	hex := func(i int) uint8 {
		digit := func(c byte) uint8 {
			if c <= '9' {
				return c - '0'
			}
			return (c | 0x20) - 'a' + 10
		}
		return digit(s[i])<<4 | digit(s[i+1])
	}
	return color.NRGBA{R: hex(1), G: hex(3), B: hex(5), A: 255}, true
}

func bytesOf(f *index.File) []byte {
	if f == nil {
		return nil
	}
	return f.Source
}
