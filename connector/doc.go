// Package connector reads, converts and strips custom connectors of the Power Platform, offline. Package
// connector/lint checks them.
//
// # What a connector is
//
// A custom connector is an OpenAPI 2.0 definition with Microsoft's extensions, the parameters that a
// connection asks for, policies that change requests and answers, optionally C# code, and an icon. It
// lives in two forms.
//
// Loose files, the form of the tools paconn and pac connector, are one folder:
//
//	apiDefinition.swagger.json  the definition; the only file that must be there
//	apiProperties.json          {"properties": {connectionParameters, connectionParameterSets, iconBrandColor,
//	                            capabilities, policyTemplateInstances, scriptOperations, publisher, stackOwner}}
//	icon.png, script.csx        as their names say
//	settings.json               other names of these files, and which connector a tool updates
//
// Published connectors have Script.cs or another C# file instead of script.csx: if it is the only one, it is the script.
//
// In a solution these are parts, and a <Connector> element in section Connectors of customizations.xml
// names them and holds the rest:
//
//	<Connector>
//	  <connectorid>           GUID, lower case
//	  <description>           text
//	  <displayname>           text; may differ from info.title
//	  <iconbrandcolor>        #rrggbb or empty
//	  <name>                  prefix_title, other characters than letters and digits as -xx
//	  <connectortype>         1
//	  <scriptoperations>      a JSON array as text; optional
//	  <openapidefinition>     /Connector/NAME_openapidefinition.json
//	  <connectionparameters>  /Connector/NAME_connectionparameters.json, {} when there are none
//	  <connectionparametersets>  /Connector/NAME_connectionparametersets.json; optional
//	  <policytemplateinstances>  /Connector/NAME_policytemplateinstances.json, an array or null
//	  <customcodeblobcontent>    /Connector/NAME_customcodeblobcontent.csx; optional
//	  <iconblob>              /Connector/NAME_iconblob.Png
//	</Connector>
//
// The manifest has a root component of type 372 with id and schemaName of the connector. Parts are found
// by the path in the XML, not by the prefix of their names.
//
// # Reading
//
// [Load] gives the connectors of loose files, [Read] those of a solution, which are [solution.Parts]: an
// opened zip, the parts of a tree, an extracted zip. One that cannot be read keeps no other from being
// read. A [*Connector] is an immutable value over the bytes that were read. JSON is kept as read: order
// and spelling of keys, unknown members, spelling of numbers, white space. Everything a caller sees is a
// view of these bytes, with its position in the source.
//
// [LoadLenient] and [ReadLenient] read over what people write by hand; what was read so is not written
// elsewhere.
//
// # Two versions
//
// [Compare] tells what an update changes for those who use a connector: what breaks flows and connections, and what may.
//
// # Converting and stripping
//
// [Put] is the way to a solution and [Connector.ToFiles] the way back. Both refuse to lose anything unless
// it is allowed; [Connector.Lost] tells beforehand. [Connector.Secrets] lists what has to be entered after
// an import and what should not travel, [Strip] and [Connector.Strip] take the latter out.
//
// What is done to a solution is a [*solution.Change], which package packager writes back to the zip or the
// tree that it was made of.
//
// # Concurrency
//
// Connectors and all that they return are immutable and safe for concurrent use, options and errors are
// plain values, and functions may be called from any number of goroutines.
//
// # Where facts come from
//
// The public documentation of custom connectors and their extensions of Swagger 2.0, and what exports and published connectors were
// observed to hold.
package connector
