package solutiontest

import (
	"fmt"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

func buildAssembly(b *builder, l *line) error {
	full := l.word(0)
	id := b.id(l, "id", "pluginassembly", full)
	if err := b.claim(l, nameKey(solution.TypePluginAssembly, full)); err != nil {
		return err
	}
	if err := b.claim(l, solution.IDKey(solution.TypePluginAssembly, id)); err != nil {
		return err
	}
	short, _, _ := strings.Cut(full, ",")
	if err := checkForm("NAME", short); err != nil {
		return fmt.Errorf("name of the assembly: %w", err)
	}
	file := "PluginAssemblies/" + letters(short) + "-" + strings.ToUpper(id.String()) + "/" + short + ".dll"
	e := &element{depth: 2}
	e.open("PluginAssembly", "FullName", full, "PluginAssemblyId", id.String(), "CustomizationLevel", "1")
	e.text("IsolationMode", "2")
	e.text("SourceType", "0")
	e.text("IntroducedVersion", "1.0.0.0")
	e.text("FileName", "/"+file)
	e.open("PluginTypes")
	for _, name := range l.list("types") {
		k := solution.NewKey(solution.TypePluginType, "", name, solution.GUID{})
		if err := b.claim(l, k); err != nil {
			return err
		}
		e.open("PluginType", "AssemblyQualifiedName", name+", "+full, "PluginTypeId", derivedID("plugintype", name).String(), "Name", name)
		e.text("FriendlyName", name)
		e.close("PluginType")
	}
	e.close("PluginTypes")
	e.close("PluginAssembly")
	b.made.Element("SolutionPluginAssemblies", string(e.out))
	if err := b.root(l, solution.NewRootComponent(solution.TypePluginAssembly, full, id)); err != nil {
		return err
	}
	return b.file(l, file, []byte("MZ"))
}
