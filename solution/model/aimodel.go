package model

import (
	"iter"

	"github.com/solutionkit/solutionkit/solution"
)

// An AIModel is a model of AI Builder: a prompt, or something that was trained.
type AIModel struct{ Component }

func aiModelOf(c Component) AIModel { return AIModel{c} }

// AIModels returns the AI models in the order of the file.
func (m *Model) AIModels() iter.Seq[AIModel] { return views(m, solution.TypeAIModel, aiModelOf) }

// Template returns the GUID of what the model is made of, which says what it does.
func (a AIModel) Template() solution.GUID { return a.Element().guid("msdyn_templateid") }

// ActiveConfiguration returns the GUID of the configuration that runs, zero if none does.
func (a AIModel) ActiveConfiguration() solution.GUID {
	return a.Element().guid("msdyn_activerunconfigurationid")
}

// State returns the state, the reason of the state, and whether they are given.
func (a AIModel) State() (state, status int, ok bool) { return a.Element().state() }

// Configurations returns the configurations, of which one trains and one runs, in the order of the file.
func (a AIModel) Configurations() iter.Seq[AIConfiguration] {
	return nestedViews(a.Component, solution.TypeAIConfiguration, aiConfigurationOf)
}

var aiModelMembers = members("msdyn_aimodelid", "msdyn_name", "msdyn_templateid", "msdyn_activerunconfigurationid", "statecode", "statuscode",
	"AIConfigurations", "IntroducedVersion")

// Settings returns what has no method of its own: names and texts as written.
func (a AIModel) Settings() iter.Seq2[string, string] { return settings(a.Element(), aiModelMembers) }

// An AIConfiguration is how an AI model is trained, or how it runs.
type AIConfiguration struct{ Component }

func aiConfigurationOf(c Component) AIConfiguration { return AIConfiguration{c} }

// AIConfigurations returns the configurations of all AI models in the order of the file.
func (m *Model) AIConfigurations() iter.Seq[AIConfiguration] {
	return views(m, solution.TypeAIConfiguration, aiConfigurationOf)
}

// ConfigurationType returns what the configuration is for, and whether that is given: 190690000 training, 190690001 running.
func (a AIConfiguration) ConfigurationType() (int, bool) { return a.Element().number("msdyn_type") }

// AIModel returns the GUID of the model.
func (a AIConfiguration) AIModel() solution.GUID { return a.Element().guid("msdyn_aimodelid") }

// TrainedBy returns the GUID of the configuration that trained what this one runs, zero if it runs none.
func (a AIConfiguration) TrainedBy() solution.GUID {
	return a.Element().guid("msdyn_trainedmodelaiconfigurationpareid")
}

// Iteration returns the version of the configuration.
func (a AIConfiguration) Iteration() (major, minor int) {
	major, _ = a.Element().number("msdyn_majoriterationnumber")
	minor, _ = a.Element().number("msdyn_minoriterationnumber")
	return major, minor
}

// State returns the state, the reason of the state, and whether they are given.
func (a AIConfiguration) State() (state, status int, ok bool) { return a.Element().state() }

// CustomConfiguration reads what the maker chose: of a prompt the texts and inputs.
//
// The error is a [*solution.SyntaxError]: what is written is JSON as a text.
func (a AIConfiguration) CustomConfiguration() (Value, error) {
	return a.Element().Child("msdyn_customconfiguration").JSON()
}

var aiConfigurationMembers = members("msdyn_aiconfigurationid", "msdyn_name", "msdyn_type", "msdyn_aimodelid",
	"msdyn_trainedmodelaiconfigurationpareid", "msdyn_majoriterationnumber", "msdyn_minoriterationnumber", "statecode", "statuscode",
	"msdyn_customconfiguration", "IntroducedVersion")

// Settings returns what has no method of its own, such as msdyn_databinding: names and texts as written.
func (a AIConfiguration) Settings() iter.Seq2[string, string] {
	return settings(a.Element(), aiConfigurationMembers)
}
