package inventory

import (
	"cmp"

	"github.com/solutionkit/solutionkit/solution/model"
)

// A PluginType is a class of a plug-in assembly.
type PluginType struct {
	Name     string `json:"name"`
	Assembly string `json:"assembly"`
}

// A Step says when a plug-in runs.
type Step struct {
	Title   string   `json:"title"`
	Type    string   `json:"type"` // the class
	Message string   `json:"message"`
	Table   string   `json:"table"`
	Stage   string   `json:"stage"`
	Mode    string   `json:"mode"`
	Columns []string `json:"columns"` // whose change runs it; none: all
}

// An API is a custom API.
type API struct {
	Name        string      `json:"name"`
	Title       string      `json:"title"`
	Function    bool        `json:"function"`
	Table       string      `json:"table"` // that it is bound to; empty: none
	Parameters  []Parameter `json:"parameters"`
	Properties  []Parameter `json:"properties"` // of what it returns
	Description string      `json:"description"`
}

// A Parameter is one of a custom API.
type Parameter struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Optional bool   `json:"optional"`
}

// A WebResource is a script, page, picture or other file.
type WebResource struct {
	Name        string `json:"name"`
	Title       string `json:"title"`
	Type        string `json:"type"`
	Description string `json:"description"`
}

// The words for numbers that files have.
var (
	stages         = map[int]string{10: "pre-validation", 20: "pre-operation", 30: "main operation", 40: "post-operation"}
	modes          = map[int]string{0: "synchronous", 1: "asynchronous"}
	fileTypes      = map[int]string{1: "HTML", 2: "CSS", 3: "JavaScript", 4: "XML", 5: "PNG", 6: "JPG", 7: "GIF", 8: "Silverlight", 9: "XSL", 10: "ICO", 11: "SVG", 12: "RESX"}
	parameterTypes = map[int]string{0: "Boolean", 1: "DateTime", 2: "Decimal", 3: "Entity", 4: "EntityCollection", 5: "EntityReference", 6: "Float", 7: "Integer", 8: "Money", 9: "Picklist", 10: "String", 11: "StringArray", 12: "Guid"}
)

func (r *reader) pluginTypes() []PluginType {
	out := []PluginType{}
	for t := range r.model.PluginTypes() {
		assembly := ""
		if owner, ok := t.Owner(); ok {
			assembly = owner.DisplayName(baseLanguage)
		}
		out = append(out, PluginType{cmp.Or(t.TypeName(), nameOf(t.Component)), assembly})
	}
	sortBy(out, func(t PluginType) []string { return []string{t.Assembly, t.Name} })
	return out
}

func (r *reader) steps() []Step {
	out := collect(r.model.SDKMessageProcessingSteps(), func(s model.SDKMessageProcessingStep) Step {
		stage, staged := s.Stage()
		mode, moded := s.Mode()
		return Step{s.DisplayName(baseLanguage), s.PluginType(), s.MessageName(), s.Table(), wordOf(stages, stage, staged), wordOf(modes, mode, moded),
			append([]string{}, s.FilteringAttributes()...)}
	})
	sortBy(out, func(s Step) []string { return []string{s.Table, s.Message, s.Title, s.Type, s.Stage, s.Mode} })
	return out
}

func (r *reader) apis() []API {
	out := collect(r.model.CustomAPIs(), func(a model.CustomAPI) API {
		return API{a.UniqueName(), cmp.Or(a.DisplayName(baseLanguage), a.Title()), a.IsFunction(), a.BoundTable(),
			parametersOf(collect(a.Parameters(), parameterOf)), parametersOf(collect(a.Properties(), parameterOf)), model.Text(a.Descriptions(), baseLanguage)}
	})
	sortBy(out, func(a API) []string { return []string{a.Name} })
	return out
}

func parameterOf(p model.CustomAPIParameter) Parameter {
	kind, ok := p.DataType()
	return Parameter{p.UniqueName(), wordOf(parameterTypes, kind, ok), p.IsOptional()}
}

func parametersOf(list []Parameter) []Parameter {
	sortBy(list, func(p Parameter) []string { return []string{p.Name} })
	return list
}

func (r *reader) webResources() []WebResource {
	out := collect(r.model.WebResources(), func(w model.WebResource) WebResource {
		kind, ok := w.FileType()
		return WebResource{w.Name(), cmp.Or(model.Text(w.DisplayNames(), baseLanguage), w.Name()), wordOf(fileTypes, kind, ok), model.Text(w.Descriptions(), baseLanguage)}
	})
	sortBy(out, func(w WebResource) []string { return []string{w.Name} })
	return out
}
