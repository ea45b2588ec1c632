package solutiontest

import (
	"fmt"

	"github.com/solutionkit/solutionkit/solution"
)

// A manifest is what solution.xml says besides its lists.
type manifest struct {
	name, version, managed    string
	publisher, parent, export *line
}

func buildSolution(b *builder, l *line) error {
	b.manifest.name, b.manifest.version, b.manifest.managed = l.word(0), l.word(1), "0"
	if l.word(2) == "managed" {
		b.manifest.managed = "1"
	}
	return nil
}

// once keeps the line of a statement that may occur once.
func once(at **line, l *line) error {
	if *at != nil {
		return fmt.Errorf("a second %s: it stands on line %d already", l.use.keyword(), (*at).number)
	}
	*at = l
	return nil
}

func buildPublisher(b *builder, l *line) error {
	return once(&b.manifest.publisher, l)
}

func buildExport(b *builder, l *line) error { return once(&b.manifest.export, l) }
func buildParent(b *builder, l *line) error { return once(&b.manifest.parent, l) }

func buildRoot(b *builder, l *line) error {
	k, err := parseKey(l.word(0))
	if err != nil {
		return err
	}
	rc := solution.NewRootComponent(k.Type(), k.name, k.ID())
	if k.parent != "" {
		return fmt.Errorf("%s cannot be a root component of its own: list its owner", k.Key)
	}
	rc.Behavior = solution.Behavior(l.text("behavior", "0")[0] - '0')
	return b.root(l, rc)
}

// alternateColumns are the columns by which missing dependencies name components of kinds that have no fixed number.
var alternateColumns = map[solution.ComponentType]string{
	solution.TypeConnectionReference: "connectionreferencelogicalname", solution.TypeBot: "schemaname", solution.TypeBotComponent: "schemaname",
	"customapi": "uniquename", "settingdefinition": "uniquename", "maskingrule": "name", "catalog": "uniquename", "appaction": "name",
	"pluginpackage": "uniquename", "aiplugin": "name",
}

// end returns the attributes that name one end of a missing dependency.
func (k key) end(title string) []string {
	code, numbered := k.Type().Code()
	attrs := []string{"type", string(k.Type())}
	if numbered {
		attrs[1] = fmt.Sprint(code)
	}
	switch column := alternateColumns[k.Type()]; {
	case k.name == "":
	case !numbered && column != "":
		return append(attrs, "id."+column, k.name, "displayName", orElse(title, k.name))
	default:
		attrs = append(attrs, "schemaName", k.name)
	}
	if !k.ID().IsZero() {
		attrs = append(attrs, "id", k.ID().Braced())
	}
	if title = orElse(title, k.name); title != "" {
		attrs = append(attrs, "displayName", title)
	}
	if k.parent != "" {
		attrs = append(attrs, "parentSchemaName", k.parent, "parentDisplayName", k.parent)
	}
	return attrs
}

func orElse(text, absent string) string {
	if text == "" {
		return absent
	}
	return text
}

func buildMissing(b *builder, l *line) error {
	required, err := parseKey(l.word(0))
	if err != nil {
		return err
	}
	dependent, err := parseKey(l.word(2))
	if err != nil {
		return err
	}
	if id, ok := l.attr("id"); ok && required.ID().IsZero() {
		required.Key = required.WithID(guidOf(id))
	}
	anchor, anchored := l.attr("anchor")
	app, isApp := l.attr("app")
	if isApp && !anchored {
		return fmt.Errorf("app %q without anchor: add anchor=SOLUTION", app)
	}
	e := &b.needs
	e.open("MissingDependency")
	attrs := append(required.end(l.text("title", "")), "solution", l.word(4))
	if anchored {
		e.open("Required", attrs...)
		if isApp {
			e.text("package", anchor, "appName", app)
		} else {
			e.text("package", anchor)
		}
		e.close("Required")
	} else {
		e.empty("Required", attrs...)
	}
	e.empty("Dependent", dependent.end("")...)
	e.close("MissingDependency")
	return nil
}

func (b *builder) writeManifest() []byte {
	m := &b.manifest
	for _, l := range []**line{&m.publisher, &m.export} {
		if *l == nil {
			*l = &line{} // defaults
		}
	}
	publisher := orElse(m.publisher.word(0), "contoso")
	e := element{}
	attrs := []string{"version", m.export.text("version", "9.2.25071.154"), "SolutionPackageVersion", m.export.text("package", "9.2"),
		"languagecode", m.export.text("languagecode", language), "generatedBy", m.export.text("by", "CrmLive")}
	if v, ok := m.export.attr("organizationversion"); ok {
		attrs = append(attrs, "OrganizationVersion", v)
	}
	if s, ok := m.export.attr("schema"); ok {
		attrs = append(attrs, "OrganizationSchemaType", s)
	}
	e.open("ImportExportXml", append(attrs, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")...)
	e.open("SolutionManifest")
	e.text("UniqueName", m.name)
	e.labels("LocalizedNames", "LocalizedName", m.name)
	e.empty("Descriptions")
	e.text("Version", m.version)
	e.text("Managed", m.managed)
	e.open("Publisher")
	e.text("UniqueName", publisher)
	e.labels("LocalizedNames", "LocalizedName", publisher)
	e.empty("Descriptions")
	e.text("EMailAddress", "", "xsi:nil", "true")
	e.text("SupportingWebsiteUrl", "", "xsi:nil", "true")
	e.text("CustomizationPrefix", m.publisher.text("prefix", "ct"))
	e.text("CustomizationOptionValuePrefix", m.publisher.text("option", "10000"))
	e.empty("Addresses")
	e.close("Publisher")
	list(&e, "RootComponents", &b.roots)
	list(&e, "MissingDependencies", &b.needs)
	if m.parent != nil {
		e.open("ParentSolution")
		e.text("UniqueName", m.parent.word(0))
		e.text("Version", m.parent.word(1))
		e.close("ParentSolution")
	}
	e.close("SolutionManifest")
	e.close("ImportExportXml")
	return e.out
}

func list(e *element, name string, items *element) {
	if len(items.out) == 0 {
		e.empty(name)
		return
	}
	e.open(name)
	e.add(items)
	e.close(name)
}
