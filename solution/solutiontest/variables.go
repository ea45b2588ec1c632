package solutiontest

import (
	"github.com/solutionkit/solutionkit/solution"
)

// variableTypes are the numbers of the types of environment variables.
var variableTypes = map[string]string{"text": "100000000", "number": "100000001", "boolean": "100000002", "json": "100000003",
	"datasource": "100000004", "secret": "100000005"}

func buildVariable(b *builder, l *line) error {
	name := l.word(0)
	if err := b.claim(l, nameKey(solution.TypeEnvironmentVariableDefinition, name)); err != nil {
		return err
	}
	folder := "environmentvariabledefinitions/" + name
	e := &element{out: []byte(header)}
	e.open("environmentvariabledefinition", "schemaname", name)
	if connector, ok := l.attr("connector"); ok {
		e.text("apiid", apis+runtimeID(connector))
	}
	if text, ok := l.attr("default"); ok {
		e.text("defaultvalue", text)
	}
	title := l.text("name", name)
	e.open("displayname", "default", title)
	e.empty("label", "description", title, "languagecode", language)
	e.close("displayname")
	e.text("introducedversion", "1.0.0.0")
	e.text("iscustomizable", "1")
	e.text("isrequired", "0")
	if k, ok := l.attr("parameter"); ok {
		e.text("parameterkey", k)
	}
	if parent, ok := l.attr("parent"); ok {
		e.open("parentdefinitionid")
		e.text("schemaname", parent)
		e.close("parentdefinitionid")
	}
	e.text("secretstore", "0")
	e.text("type", variableTypes[l.text("type", "text")])
	e.close("environmentvariabledefinition")
	if err := b.part(l, folder+"/environmentvariabledefinition.xml", e.out); err != nil {
		return err
	}
	text, ok := l.attr("value")
	if !ok {
		return nil
	}
	v := &value{}
	v.open("")
	v.open("environmentvariablevalues")
	v.open("environmentvariablevalue")
	v.text("@environmentvariablevalueid", derivedID("environmentvariablevalue", name).String())
	v.text("iscustomizable", "1")
	v.text("value", text)
	v.close()
	v.close()
	v.close()
	return b.part(l, folder+"/environmentvariablevalues.json", v.out)
}
