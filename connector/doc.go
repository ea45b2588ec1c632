// Package connector reads, checks, converts and strips custom connectors of the Power Platform, offline.
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
// In a solution the parts are files of the package, and a <Connector> element in customizations.xml
// (Connectors/NAME.xml when unpacked) names them and holds the rest:
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
// The folder is Connector in a zip and Connectors in an unpacked tree; the paths in the XML keep the
// first. The manifest has a root component of type 372 with id and schemaName of the connector. Parts
// are found by the path in the XML, not by the prefix of their names.
//
// # Values
//
// [Load] and [All] return a [*Connector], an immutable value over the bytes that were read. JSON is kept
// as read: order and spelling of keys, unknown members, spelling of numbers, white space. Everything a
// caller sees is a view of these bytes, with its position.
//
// # Checking
//
// [Connector.Lint] checks by the schemas in the folder schema (the Swagger 2.0 subset with every
// extension, properties, settings, and the parameters of each policy template) and by rules that no
// schema can say: references between operations, dynamic extensions, triggers, policies, parameters,
// script, icon, and the solution around the connector. [Rules] is the catalogue; RULES.md, which is
// made from it, is the page to read. A rule is an error if the platform will not import or save the
// connector, a warning if something goes wrong at run time, a note if it only tells; the rules of
// [Certification] matter to those who publish. What is not certain about the platform is never an error.
//
// Schemas are checked in two steps. A fast reading walks the spans and decodes nothing; only a value whose
// own keywords fail there is decoded and given to the compiled schema, whose verdict counts. Tests hold
// the two against each other.
//
// # Converting and stripping
//
// [Connector.As] gives the parts of either form, and refuses to lose anything unless it is allowed to.
// [Connector.Secrets] lists what has to be entered after an import and what should not travel,
// [Connector.Strip] takes the latter out.
package connector
