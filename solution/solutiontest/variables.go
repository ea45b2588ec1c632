package solutiontest

import (
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/build"
)

var variableTypes = map[string]build.VariableType{"text": build.StringVariable, "number": build.NumberVariable, "boolean": build.BooleanVariable,
	"json": build.JSONVariable, "datasource": build.SourceVariable, "secret": build.SecretVariable}

func buildVariable(b *builder, l *line) error {
	name := l.word(0)
	if err := b.claim(l, nameKey(solution.TypeEnvironmentVariableDefinition, name)); err != nil {
		return err
	}
	v := build.Variable{Name: name, DisplayName: l.text("name", name), Type: variableTypes[l.text("type", "text")],
		Parameter: l.text("parameter", ""), Parent: l.text("parent", "")}
	if connector, ok := l.attr("connector"); ok {
		v.Connector = apis + runtimeID(connector)
	}
	if text, ok := l.attr("default"); ok {
		v.Default = &text
	}
	if text, ok := l.attr("value"); ok {
		v.Value = &text
	}
	b.made.Variable(v)
	return nil
}
