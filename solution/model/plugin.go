package model

import (
	"iter"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A PluginAssembly is a .NET assembly with plug-ins and workflow activities.
type PluginAssembly struct{ Component }

func pluginAssemblyOf(c Component) PluginAssembly { return PluginAssembly{c} }

// PluginAssemblies returns the assemblies in the order of the file.
func (m *Model) PluginAssemblies() iter.Seq[PluginAssembly] {
	return views(m, solution.TypePluginAssembly, pluginAssemblyOf)
}

// FullName returns the full name: name, version, culture and token of the public key.
func (a PluginAssembly) FullName() string { return a.Element().Attr("FullName") }

// IsolationMode returns how the code runs, and whether that is given: 1 anywhere, 2 in the sandbox.
func (a PluginAssembly) IsolationMode() (int, bool) { return a.Element().number("IsolationMode") }

// SourceType returns where the file is kept, and whether that is given: 0 the database, 1 a disk, 2 the cache of assemblies, 4 a package.
func (a PluginAssembly) SourceType() (int, bool) { return a.Element().number("SourceType") }

// CustomizationLevel returns whose the assembly is, and whether that is given: 0 of the platform, 1 of a solution.
func (a PluginAssembly) CustomizationLevel() (int, bool) {
	return a.Element().attrNumber("CustomizationLevel")
}

// File returns the name of the part that is the assembly, empty if the solution has none.
func (a PluginAssembly) File() string { return a.part(a.Element().text("FileName")) }

// Types returns the classes that the platform runs, in the order of the file.
func (a PluginAssembly) Types() iter.Seq[PluginType] {
	return nestedViews(a.Component, solution.TypePluginType, pluginTypeOf)
}

var pluginAssemblyMembers = members("IsolationMode", "SourceType", "FileName", "PluginTypes", "IntroducedVersion", "Description")

// Settings returns what has no method of its own: names and texts as written.
func (a PluginAssembly) Settings() iter.Seq2[string, string] {
	return settings(a.Element(), pluginAssemblyMembers)
}

// A PluginType is a class of an assembly: a plug-in, or an activity of classic workflows.
type PluginType struct{ Component }

func pluginTypeOf(c Component) PluginType { return PluginType{c} }

// PluginTypes returns the classes in the order of the file.
func (m *Model) PluginTypes() iter.Seq[PluginType] {
	return views(m, solution.TypePluginType, pluginTypeOf)
}

// TypeName returns the name of the class with its namespace.
func (t PluginType) TypeName() string { return t.Element().Attr("Name") }

// AssemblyQualifiedName returns the name of the class and the full name of its assembly.
func (t PluginType) AssemblyQualifiedName() string { return t.Element().Attr("AssemblyQualifiedName") }

// FriendlyName returns what people call the class, mostly a GUID that a tool made.
func (t PluginType) FriendlyName() string { return t.Element().text("FriendlyName") }

// ActivityGroup returns the group that the editor of workflows shows the activity in, empty if it is a plug-in.
func (t PluginType) ActivityGroup() string { return t.Element().text("WorkflowActivityGroupName") }

var pluginTypeMembers = members("FriendlyName", "WorkflowActivityGroupName", "IntroducedVersion", "Description")

// Settings returns what has no method of its own: names and texts as written.
func (t PluginType) Settings() iter.Seq2[string, string] {
	return settings(t.Element(), pluginTypeMembers)
}

// An SDKMessageProcessingStep runs a plug-in, or sends to a service endpoint, when a message comes.
type SDKMessageProcessingStep struct{ Component }

func stepOf(c Component) SDKMessageProcessingStep { return SDKMessageProcessingStep{c} }

// SDKMessageProcessingSteps returns the steps in the order of the file.
func (m *Model) SDKMessageProcessingSteps() iter.Seq[SDKMessageProcessingStep] {
	return views(m, solution.TypeSDKMessageProcessingStep, stepOf)
}

// Message returns the GUID of the message, which is the same in all environments for those of the platform, zero if it is not given.
func (s SDKMessageProcessingStep) Message() solution.GUID { return s.Element().guid("SdkMessageId") }

// MessageName returns the name of the message, which few files give: those of custom ones.
func (s SDKMessageProcessingStep) MessageName() string { return s.Element().text("SdkMessageName") }

// Table returns the logical name of the table, empty if the step is for all.
func (s SDKMessageProcessingStep) Table() string { return s.Element().text("PrimaryEntity") }

// PluginType returns the name of the class that runs, as written: with its assembly or without.
func (s SDKMessageProcessingStep) PluginType() string { return s.Element().text("PluginTypeName") }

// PluginTypeID returns the GUID of the class that runs, zero if it is not given.
func (s SDKMessageProcessingStep) PluginTypeID() solution.GUID {
	return s.Element().guid("PluginTypeId")
}

// The types of what a step runs.
const (
	PluginTypeHandler      = 4602
	ServiceEndpointHandler = 4618
)

// Handler returns the GUID of what the step runs if that is given, and which type it has: [PluginTypeHandler] or
// [ServiceEndpointHandler].
func (s SDKMessageProcessingStep) Handler() (id solution.GUID, handlerType int) {
	handlerType, _ = s.Element().number("EventHandlerTypeCode")
	return s.Element().guid("EventHandler"), handlerType
}

// Stage returns when the step runs, and whether that is given: 10 before validation, 20 before the operation, 30 in its place, 40 after.
func (s SDKMessageProcessingStep) Stage() (int, bool) { return s.Element().number("Stage") }

// Mode returns how the step runs, and whether that is given: 0 while the user waits, 1 later.
func (s SDKMessageProcessingStep) Mode() (int, bool) { return s.Element().number("Mode") }

// Rank returns which of several steps runs first, the least, and whether that is given.
func (s SDKMessageProcessingStep) Rank() (int, bool) { return s.Element().number("Rank") }

// Deployment returns where the step runs, and whether that is given: 0 the server, 1 an offline client, 2 both.
func (s SDKMessageProcessingStep) Deployment() (int, bool) {
	return s.Element().number("SupportedDeployment")
}

// FilteringAttributes returns the columns of which one must change for the step to run; any if there are none.
func (s SDKMessageProcessingStep) FilteringAttributes() []string {
	return commaList(s.Element().text("FilteringAttributes"))
}

// Configuration returns the text that the class is made with.
func (s SDKMessageProcessingStep) Configuration() string {
	return s.Element().Child("Configuration").Text()
}

// DeletesJobs reports whether the log of a step that ran later is taken away if all went well.
func (s SDKMessageProcessingStep) DeletesJobs() bool { return s.Element().flag("AsyncAutoDelete") }

// Images returns the copies of the row that the step is given, in the order of the file.
func (s SDKMessageProcessingStep) Images() iter.Seq[SDKMessageProcessingStepImage] {
	return nestedViews(s.Component, solution.TypeSDKMessageProcessingStepImage, stepImageOf)
}

var stepMembers = members("SdkMessageId", "SdkMessageName", "PrimaryEntity", "PluginTypeName", "PluginTypeId", "EventHandlerTypeCode", "EventHandler",
	"Stage", "Mode", "Rank", "SupportedDeployment", "FilteringAttributes", "Configuration", "AsyncAutoDelete", "IntroducedVersion", "Description",
	"SdkMessageProcessingStepImages")

// Settings returns what has no method of its own, such as InvocationSource: names and texts as written.
func (s SDKMessageProcessingStep) Settings() iter.Seq2[string, string] {
	return settings(s.Element(), stepMembers)
}

// An SDKMessageProcessingStepImage is a copy of a row that a step is given.
type SDKMessageProcessingStepImage struct{ Component }

func stepImageOf(c Component) SDKMessageProcessingStepImage { return SDKMessageProcessingStepImage{c} }

// SDKMessageProcessingStepImages returns the images of all steps in the order of the file.
func (m *Model) SDKMessageProcessingStepImages() iter.Seq[SDKMessageProcessingStepImage] {
	return views(m, solution.TypeSDKMessageProcessingStepImage, stepImageOf)
}

// Alias returns the name that the code has the image by.
func (i SDKMessageProcessingStepImage) Alias() string { return i.Element().text("EntityAlias") }

// ImageType returns which row it is, and whether that is given: 0 that before the operation, 1 that after, 2 both.
func (i SDKMessageProcessingStepImage) ImageType() (int, bool) {
	return i.Element().number("ImageType")
}

// Property returns the property of the message that names the row: "Target", "Id".
func (i SDKMessageProcessingStepImage) Property() string {
	return i.Element().text("MessagePropertyName")
}

// Columns returns the columns that the image has, all if there are none.
func (i SDKMessageProcessingStepImage) Columns() []string {
	return commaList(i.Element().text("Attributes"))
}

var stepImageMembers = members("EntityAlias", "ImageType", "MessagePropertyName", "Attributes", "SdkMessageProcessingStepImageId", "IntroducedVersion",
	"Description")

// Settings returns what has no method of its own: names and texts as written.
func (i SDKMessageProcessingStepImage) Settings() iter.Seq2[string, string] {
	return settings(i.Element(), stepImageMembers)
}

// A ServiceEndpoint is where steps send messages to: a service bus, an event hub or a web hook.
type ServiceEndpoint struct{ Component }

func serviceEndpointOf(c Component) ServiceEndpoint { return ServiceEndpoint{c} }

// ServiceEndpoints returns the endpoints in the order of the file.
func (m *Model) ServiceEndpoints() iter.Seq[ServiceEndpoint] {
	return views(m, solution.TypeServiceEndpoint, serviceEndpointOf)
}

// Contract returns what the endpoint is, and whether that is given: 1 one way, 2 a queue, 3 REST, 4 two ways, 5 a topic, 6 a queue that
// stays, 7 an event hub, 8 a web hook.
func (s ServiceEndpoint) Contract() (int, bool) { return s.Element().number("Contract") }

// MessageFormat returns how messages are written, and whether that is given: 1 binary XML, 2 JSON, 3 text XML.
func (s ServiceEndpoint) MessageFormat() (int, bool) { return s.Element().number("MessageFormat") }

// AuthType returns how the platform proves who it is, and whether that is given.
func (s ServiceEndpoint) AuthType() (int, bool) { return s.Element().number("AuthType") }

// Address returns the address of the namespace, and the path in it.
func (s ServiceEndpoint) Address() (namespace, path string) {
	return s.Element().text("NamespaceAddress"), s.Element().text("Path")
}

// URL returns the address of a web hook.
func (s ServiceEndpoint) URL() string { return s.Element().text("Url") }

// serviceEndpointMembers has the members that may hold secrets too: Settings does not give them.
var serviceEndpointMembers = members("Name", "ServiceEndpointId", "Contract", "MessageFormat", "AuthType", "NamespaceAddress", "Path", "Url",
	"IntroducedVersion", "Description", "SASKey", "SASToken", "AuthValue")

// Settings returns what has no method of its own, such as SASKeyName: names and texts as written. Keys and tokens are not among them, so
// that nobody prints them unawares.
func (s ServiceEndpoint) Settings() iter.Seq2[string, string] {
	return settings(s.Element(), serviceEndpointMembers)
}

func commaList(text string) []string {
	var out []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			out = append(out, item)
		}
	}
	return out
}
