// Package connref reads what has to be bound before a solution works in another environment, and the
// file that binds it: connection references, environment variables and deployment settings.
//
// # Connection references
//
// A connection reference stands for a connection, which never travels. It is an element of
// customizations.xml, identified by its logical name, which compares without regard to case:
//
//	<connectionreference connectionreferencelogicalname="new_sp">
//	  <connectionreferencedisplayname>  text
//	  <connectorid>                     /providers/Microsoft.PowerApps/apis/shared_sharepointonline
//	  <customconnectorid><connectorid>  GUID of a custom connector; absent for a standard one
//	  <promptingbehavior>               0 or absent: an import asks; 1: it does not
//	</connectionreference>
//
// Flows (the files of [Flows], properties.connectionReferences), canvas apps (ConnectionReferences of
// their metadata, LocalConnectionReferences of Properties.json in their documents) and bots (connectionReference: in the YAML of their components, and links in Assets) use references. A
// flow or app can also bind a connector without one, a raw connection, which no settings file can set. [Read] reads all of
// this.
//
// # Environment variables
//
// A definition is a file, environmentvariabledefinitions/NAME/environmentvariabledefinition.xml, and a
// value that the package ships is its neighbour environmentvariablevalues.json. Exports until 2020 have another form (observed,
// and practitioners' articles): an element of customizations.xml, and the values of all variables in one part,
// environment_variable_values.json:
//
//	<EnvironmentVariables>
//	  <Definition>
//	    <SchemaName>                  in the first exports Name
//	    <Type>, <IsRequired>, <DefaultValue>, <DisplayName><LocalizedNames>, ...
//
//	{"EnvironmentVariableValues": [{"EnvironmentVariableDefinition.SchemaName": "new_Url", "Value": "https://..."}]}
//
// At run time the value counts, else the default. Values of secrets, which are references to a vault, print as
// "(hidden)"; see [Text].
//
// # Edits
//
// [Rename], [Merge], [Adopt], [SetConnector], [AddReference], [RemoveReference], [SetVariableDefault] and [SetVariableValue]
// make a [solution.Change] of the parts that they are given and change nothing themselves. Not a byte outside of its splices
// differs. What a change cannot reach, such as the document of a canvas app that is damaged, is among its findings. Package packager writes
// changes into zips and trees.
//
// # Deployment settings
//
// The file that tools take beside a solution:
//
//	{
//	  "EnvironmentVariables": [ { "SchemaName": "new_Url", "Value": "https://..." } ],
//	  "ConnectionReferences": [ { "LogicalName": "new_sp", "ConnectionId": "...", "ConnectorId": "/providers/..." } ]
//	}
//
// Both arrays may be absent or empty. Names compare without case, and one name may not occur twice. An
// empty text is not given. Other members are kept with their order and spelling: [Settings] is a view over
// the bytes that were read, and a change is a splice. A member that differs from these in letter case is not read, and told.
//
// The value of a secret is a reference to a Key Vault ([IsVaultReference]). Imports fail with another one, and with an entry
// that is blank, so [Set.Settings] leaves secrets out.
//
// # Custom connectors at run time
//
// The id of a custom connector differs in every environment: shared_, a stem, and one or two groups of
// -5f and 16 hexadecimal digits, the last of which is the environment's. The stem is the connector's
// name in lower case with each _5f and _ written -5f, or that without its leading prefix and -5f, and then
// two groups follow (observed). [IsRuntimeID] and [SameConnector] compare by this rule.
package connref
