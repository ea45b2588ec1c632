package connector

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

func policyRules() []rule {
	return []rule{
		{"CONN-POL-001", warns, Always, "unknown policy template", "", policyCheck(templateName)},
		{"CONN-POL-002", fails, Always, "a parameter of a policy is missing or unknown", "", nil},
		{"CONN-POL-003", warns, Always, "a policy names an operation that does not exist", "", policyCheck(policyOperations)},
		{"CONN-POL-004", warns, Always, "a policy uses a connection parameter that does not exist", "", policyCheck(policyConnectionParameters)},
		{"CONN-POL-005", fails, Always, "the section is not allowed for the template", "Failure is for setheader only.", nil},
		{"CONN-POL-006", warns, Always, "dynamichosturl in a connector with a gateway", "", policyCheck(policyGateway)},
		{"CONN-POL-007", warns, Always, "environment variables in a policy", "They are resolved in host, basePath and security only.", policyCheck(policyVariables)},
		{"CONN-POL-008", notes, Always, "two policies set the same header, query parameter or host", "", connectorCheck(policyConflicts)},
	}
}

func templateName(l *lint, p *policyInstance) {
	if p.template == "" || schemas().policy[p.template] != nil {
		return
	}
	at := p.v.get("templateId")
	f := l.findIn(at, "unknown policy template %q", at.text())
	if near := nearest(p.template, schemas().policy); near != "" {
		f.text += ": did you mean " + near + "?"
		f.fixReplace(jsonspan.Quote(near))
	}
}

func policyOperations(l *lint, p *policyInstance) {
	if l.d.missing {
		return
	}
	for _, o := range p.operations {
		if l.d.byID[o.text()] != nil {
			continue
		}
		f := l.findIn(o, "operation %q does not exist", o.text())
		if near := nearest(o.text(), l.d.byID); near != "" {
			f.text += ": did you mean " + near + "?"
			f.fixReplace(jsonspan.Quote(near))
		}
	}
}

var connectionParameterCall = regexp.MustCompile(`connectionParameters\(\s*'([^']*)'`)

func policyConnectionParameters(l *lint, p *policyInstance) {
	if !l.c.props.known() {
		return
	}
	p.params.texts(func(v value, text string) {
		if !strings.Contains(text, "connectionParameters(") {
			return
		}
		for _, m := range connectionParameterCall.FindAllStringSubmatch(text, -1) {
			if !l.knowsParameter(m[1]) {
				l.findIn(v, "%q is no connection parameter: define it or correct the name", m[1])
			}
		}
	})
}

func (l *lint) knowsParameter(name string) bool {
	for i := range l.c.props.all {
		if q := l.c.props.all[i].name; strings.EqualFold(q, name) || strings.HasPrefix(strings.ToLower(name), strings.ToLower(q)+":") {
			return true
		}
	}
	return false
}

func policyGateway(l *lint, p *policyInstance) {
	if p.template == "dynamichosturl" && l.c.props.hasCapability("gateway") {
		l.findIn(p.v.get("templateId"), "dynamichosturl does not work through a gateway: remove one of the two")
	}
}

func policyVariables(l *lint, p *policyInstance) {
	p.params.texts(func(v value, text string) {
		if strings.Contains(text, "environmentVariables(") {
			l.findIn(v, "environment variables are not resolved in policies: use a connection parameter")
		}
	})
}

func policyConflicts(l *lint) {
	list := l.c.props.policyOf
	for i := range list {
		for j := range i {
			a, b := &list[j], &list[i]
			if what := sameTarget(a, b); what != "" && overlap(a, b) {
				l.findIn(b.v, "an earlier policy sets the same %s: join them", what)
				break
			}
		}
	}
}

func sameTarget(a, b *policyInstance) string {
	if a.template != b.template || a.params.get(policySectionKey).text() != b.params.get(policySectionKey).text() {
		return ""
	}
	switch a.template {
	case "setheader", "setqueryparameter":
		x, y := a.param("existsAction").text(), b.param("existsAction").text()
		if strings.EqualFold(a.param("name").text(), b.param("name").text()) && (x == "" || x == "override") && (y == "" || y == "override") {
			return map[string]string{"setheader": "header", "setqueryparameter": "query parameter"}[a.template]
		}
	case "dynamichosturl":
		return "host"
	}
	return ""
}

func overlap(a, b *policyInstance) bool {
	if len(a.operations) == 0 || len(b.operations) == 0 {
		return len(a.operations) == len(b.operations)
	}
	for _, o := range a.operations {
		if b.covers(o.text()) {
			return true
		}
	}
	return false
}

func scriptRules() []rule {
	return []rule{
		{"CONN-SCRIPT-001", fails, Always, "scriptOperations without a script", "", connectorCheck(scriptMissing)},
		{"CONN-SCRIPT-002", warns, Always, "a script without scriptOperations", "It does not run; an empty list means all operations.", connectorCheck(scriptOperationsMissing)},
		{"CONN-SCRIPT-003", warns, Always, "scriptOperations names an operation that does not exist", "", connectorCheck(scriptOperationNames)},
		{"CONN-SCRIPT-004", warns, Always, "the script has no class Script : ScriptBase with ExecuteAsync", "Only the text is looked at.", connectorCheck(scriptClass)},
		{"CONN-SCRIPT-005", fails, Always, "the script is larger than 1 MB", "", connectorCheck(scriptSize)},
		{"CONN-SCRIPT-006", warns, Always, "the script does not fit a solution", "The column holds 500,000 characters.", connectorCheck(scriptColumn)},
		{"CONN-SCRIPT-007", warns, Always, "the script uses a namespace that is not allowed", "", connectorCheck(scriptNamespaces)},
		{"CONN-ICON-001", fails, Always, "the icon is no PNG", "In a solution the portal itself stores other images: a warning there.", connectorCheck(iconFormat)},
		{"CONN-ICON-002", warns, Certification, "the icon breaks the rules of certification", "Square, 100 to 230 pixels, up to 1 MB, on a ground of the brand colour that is neither white nor transparent.", connectorCheck(iconShape)},
	}
}

func scriptMissing(l *lint) {
	if l.c.form == FormFiles && l.c.props.scriptOps.count() > 0 && !l.c.hasScript() {
		l.findIn(l.c.props.scriptOps, "scriptOperations without a script: add script.csx or remove them").key()
	}
}

func scriptOperationsMissing(l *lint) {
	if l.c.form == FormFiles && l.c.hasScript() && !l.c.props.scriptOps.ok() {
		l.findAt(l.c.script.location(0, false), "the script does not run without scriptOperations: list its operations, or [] for all")
	}
}

func scriptOperationNames(l *lint) {
	if l.d.missing {
		return
	}
	for v := range l.c.props.scriptOps.children {
		if v.kind() != jsonspan.String || l.d.byID[v.text()] != nil {
			continue
		}
		f := l.findIn(v, "operation %q does not exist", v.text())
		if near := nearest(v.text(), l.d.byID); near != "" {
			f.text += ": did you mean " + near + "?"
			f.fixReplace(jsonspan.Quote(near))
		}
	}
}

var (
	scriptClassPattern = regexp.MustCompile(`\bclass\s+Script\s*:\s*[\w.]*ScriptBase\b`)
	usingPattern       = regexp.MustCompile(`(?m)^\s*using\s+(static\s+|\w+\s*=\s*)?([A-Za-z_][\w.]*)\s*;`)
	csharpComments     = regexp.MustCompile(`(?s)//[^\n]*|/\*.*?\*/`)
)

func scriptClass(l *lint) {
	if !l.c.hasScript() {
		return
	}
	code := csharpComments.ReplaceAll(l.c.script.src, []byte(" "))
	if !scriptClassPattern.Match(code) || !bytes.Contains(code, []byte("ExecuteAsync")) {
		l.findAt(l.c.script.location(0, false), "no class Script : ScriptBase with a method ExecuteAsync: the platform calls that")
	}
}

const (
	maxScript       = 1 << 20
	maxScriptColumn = 500_000
)

func scriptSize(l *lint) {
	if n := len(l.c.Script()); n > maxScript {
		l.findAt(l.c.script.location(0, false), "the script has %d bytes, more than %d", n, maxScript)
	}
}

func scriptColumn(l *lint) {
	if n := characters(l.c.Script()); n > maxScriptColumn {
		l.findAt(l.c.script.location(0, false), "the script has %d characters, more than the %d of a solution", n, maxScriptColumn)
	}
}

func scriptNamespaces(l *lint) {
	if !l.c.hasScript() {
		return
	}
	for _, m := range usingPattern.FindAllSubmatchIndex(l.c.script.src, -1) {
		name := string(l.c.script.src[m[4]:m[5]])
		if !namespaceAllowed(name, m[2] >= 0) {
			l.findAt(l.c.script.span(m[4], m[5]), "namespace %s is not allowed in a script", name)
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
func (c *Connector) iconHeader() (image.Config, bool) {
	if c.icon == nil {
		return image.Config{}, false
	}
	cfg, err := png.DecodeConfig(bytes.NewReader(c.icon.src))
	return cfg, err == nil
}

func iconFormat(l *lint) {
	if l.c.icon == nil {
		return
	}
	if _, ok := l.c.iconHeader(); !ok {
		f := l.findAt(l.c.icon.location(0, false), "the icon is no PNG: convert it")
		if l.c.form == FormSolution {
			f.severity(warns)
		}
	}
}

func iconShape(l *lint) {
	cfg, ok := l.c.iconHeader()
	if !ok {
		return
	}
	at := l.c.icon.location(0, false)
	if cfg.Width != cfg.Height || cfg.Width < 100 || cfg.Width > 230 {
		l.findAt(at, "the icon has %d x %d pixels: make it square, 100 to 230 wide", cfg.Width, cfg.Height)
	}
	if len(l.c.icon.src) > maxIcon {
		l.findAt(at, "the icon has %d bytes: use at most 1 MB", len(l.c.icon.src))
	}
	if cfg.Width > 1024 || cfg.Height > 1024 {
		return // not worth decoding
	}
	img, err := png.Decode(bytes.NewReader(l.c.icon.src))
	if err != nil {
		return
	}
	ground := color.NRGBAModel.Convert(img.At(img.Bounds().Min.X, img.Bounds().Min.Y)).(color.NRGBA)
	brand, known := parseColor(l.c.brand())
	switch {
	case ground.A < 255:
		l.findAt(at, "the ground of the icon is transparent: fill it with the brand colour")
	case ground.R == 255 && ground.G == 255 && ground.B == 255:
		l.findAt(at, "the ground of the icon is white: fill it with the brand colour")
	case known && (ground.R != brand.R || ground.G != brand.G || ground.B != brand.B):
		l.findAt(at, "the ground of the icon is #%02x%02x%02x, the brand colour %s: make them the same", ground.R, ground.G, ground.B, l.c.brand())
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
