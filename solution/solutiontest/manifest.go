package solutiontest

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/build"
)

// A manifest is what solution.xml says besides its lists.
type manifest struct{ solution, publisher, parent, export *line }

// head notes the lines that say what the manifest is like, which is made before all else.
func (b *builder) head(l *line) error {
	switch m := &b.manifest; l.use.keyword() {
	case "solution":
		m.solution = l
	case "publisher":
		return once(&m.publisher, l)
	case "export":
		return once(&m.export, l)
	case "parent":
		return once(&m.parent, l)
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

// buildHead is for lines that head has read.
func buildHead(*builder, *line) error { return nil }

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

// alternateColumns are the columns by which missing dependencies name components of more kinds than [solution.NewEnd] knows.
var alternateColumns = map[solution.ComponentType]string{"catalog": "uniquename", "appaction": "name", "pluginpackage": "uniquename", "aiplugin": "name"}

// end names one end of a missing dependency.
func (k key) end(title string) solution.End {
	e := solution.NewEnd(k.Type(), k.parent, k.name, k.ID())
	e.DisplayName = orElse(title, k.name)
	if column := alternateColumns[k.Type()]; column != "" && k.name != "" {
		e.SchemaName, e.ID, e.Alternates = "", solution.GUID{}, []solution.AlternateKey{{Column: column, Value: k.name}}
	}
	e.ParentSchemaName, e.ParentDisplayName = k.parent, k.parent
	return e
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
	d := solution.Dependency{Required: required.end(l.text("title", "")), Dependent: dependent.end("")}
	if d.Required.Solution, err = solution.ParseRef(l.word(4)); err != nil {
		return err
	}
	if anchored {
		of, err := solution.ParseRef(anchor)
		if err != nil {
			return err
		}
		d.Required.Applications = []solution.Application{{Solution: of, AppName: app}}
	}
	b.needs = append(b.needs, d)
	return nil
}

// begin makes the solution without anything in it.
func (b *builder) begin() error {
	m := &b.manifest
	for _, l := range []**line{&m.publisher, &m.export} {
		if *l == nil {
			*l = &line{} // defaults
		}
	}
	option, err := strconv.Atoi(m.publisher.text("option", "10000"))
	if err != nil {
		return err // the usage has been checked
	}
	version, err := solution.ParseVersion(m.solution.word(1))
	if err != nil {
		return err
	}
	name := orElse(m.publisher.word(0), "contoso")
	publisher := solution.Publisher{UniqueName: name, Prefix: m.publisher.text("prefix", "ct"), OptionValuePrefix: option,
		DisplayNames: []solution.Label{{LCID: 1033, Text: name}}}
	if b.empty, err = solution.NewManifest(m.solution.word(0), version, publisher); err != nil {
		return err
	}
	b.made, err = build.New(build.Solution{Name: m.solution.word(0), Version: version, Publisher: publisher, AnyPrefix: true})
	return err
}

// editManifest gives the manifest what package build does not make.
func (b *builder) editManifest(m *solution.Manifest) (*solution.Manifest, error) {
	if b.manifest.solution.word(2) == "managed" {
		m = m.WithKind(solution.Managed)
	}
	m, err := m.WithRootComponents(b.roots...)
	if err != nil {
		return nil, err
	}
	return m.WithDependencies(b.needs...)
}

// writeExport writes into a manifest what exported it, and of which solution it is a patch: a [solution.Manifest] has these as they
// were read.
func (b *builder) writeExport(src []byte) []byte {
	export, parent := b.manifest.export, b.manifest.parent
	attrs := []string{"version", export.text("version", "9.2.25071.154"), "SolutionPackageVersion", export.text("package", "9.2"),
		"languagecode", export.text("languagecode", language), "generatedBy", export.text("by", "CrmLive")}
	if v, ok := export.attr("organizationversion"); ok {
		attrs = append(attrs, "OrganizationVersion", v)
	}
	if s, ok := export.attr("schema"); ok {
		attrs = append(attrs, "OrganizationSchemaType", s)
	}
	e := element{}
	e.open("ImportExportXml", append(attrs, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")...)
	begin := bytes.IndexByte(src, '>') + 1
	end := bytes.LastIndex(src, []byte("</SolutionManifest>"))
	inner := bytes.TrimRight(src[begin:end], " ")
	if written := b.manifest.solution.word(1); written != b.empty.VersionText() { // such as 1.0
		inner = bytes.Replace(inner, []byte("<Version>"+b.empty.VersionText()+"<"), []byte("<Version>"+written+"<"), 1)
	}
	out := append(e.out, inner...)
	if parent != nil {
		e = element{out: []byte("    <ParentSolution>"), depth: 3}
		e.text("UniqueName", parent.word(0))
		e.text("Version", parent.word(1))
		out = append(append(out, e.out...), "\n    </ParentSolution>\n"...)
	}
	return append(append(out, "  "...), src[end:]...)
}
