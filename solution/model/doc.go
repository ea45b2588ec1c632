// Package model gives the components of a solution as typed values: tables with their columns, forms and views, choices,
// flows, roles, apps and the other kinds that exports hold.
//
// A [Model] is made of [solution.Parts], so a zip and its source tree give the same. Views such as [Table] are lazy and
// immutable: each is a place in the bytes that were read, and its methods read there what they are asked for. Nothing is
// decoded before, and nothing is copied but the texts that are returned.
//
//	m, err := model.Read(parts)
//	for t := range m.Tables() {
//		for c := range t.Columns() {
//			fmt.Println(t.Name(), c.LogicalName(), c.DataType())
//		}
//	}
//
// # What every component has
//
// A [Component] has its name as written and its folded key, its labels by language, its managed properties, and its place.
// Its element ([Component.Element]) reaches everything that is written there, known to this package or not, and
// [Component.Parts] names the files that belong to it.
//
// # What users see
//
// A [Form], which a dashboard is as well, is a tree: tabs, columns, sections, rows, cells, controls. [Form.AllControls] is the short
// way. A [FormControl] says which column it binds, or what it shows: a subgrid a table, a relationship and a view. A [SavedQuery] has the
// columns of its layout, and its query as a [Fetch], which charts have too. A [SiteMap] is areas, groups and subareas.
//
// A [CanvasApp] has a document of its own, an archive: [CanvasApp.Document] reads its directory, and then [CanvasDocument.Screens],
// the definitions of components and the data sources when they are asked for. A [CanvasControl] is a tree of controls with formulas.
//
// A managed package may bring only what it changes of a form or site map of the layer below. Elements in it say then which: their
// Action is "Added", "Modified" or "Removed".
//
// # What runs
//
// A [Process] is what the platform calls a workflow. Of a cloud flow [Process.Definition] gives a [Flow]: triggers, and actions as a tree,
// of which [Flow.AllActions] is the short way. An [SDKMessageProcessingStep] runs a [PluginType] of a [PluginAssembly] when a message comes; a
// [CustomAPI] is a message of the solution. A [Bot] has its topics and tools as [BotComponent].
//
// Views that read JSON give it as a [Value], a place that prints without its text. Where a text may be a secret, as the default of an
// [EnvironmentVariable], no method returns it but that of the place.
//
// # What has a view
//
// [Kinds] is the catalogue: which types of components have a view, and which elements and attributes of those no view reads.
// A component of any other type, one that the platform will only have tomorrow too, is a Component all the same: an element
// of a section of customizations.xml that the catalogue of package solution does not have, or a folder with an XML file
// called like its root. Kinds that are a list of fields alone, and some that no exports were seen of, are a [Record].
//
// # Limits
//
// Beside the parts themselves a model keeps a table of the elements of customizations.xml, about as large as the file. The
// limits of package solution hold for components, and an element may be 500 levels deep.
//
// Facts are from public documentation and from what exported files were observed to hold.
package model
