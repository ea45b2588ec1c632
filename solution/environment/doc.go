// Package environment reads what tools tell of an environment, so that nobody has to write a [plan.Environment] by hand.
//
//	list, err := environment.Read(src, "solutions.json")  // pac solution list --json > solutions.json
//	refs, err := environment.Read(src, "references.json") // the answer of the Web API for connectionreferences
//	env, found := environment.Join(list, refs)
//
// [Read] reads one file and [Join] puts together what several tell. Both are pure: bytes in, facts out.
//
// # Forms
//
// A file is in one of these forms, which it tells by itself:
//
//   - the JSON form of [plan.ParseEnvironment]: an object with a member "solutions";
//   - an answer of the Dataverse Web API: an object with "@odata.context" and "value", or one record;
//   - the answer of the API of Power Apps for connections: an object with "value" whose elements have "properties";
//   - a JSON array of such elements, as scripts cut it out of an answer, or as the command line pac prints it (--json);
//   - the table that pac prints: a line of titles, then a line for each row whose columns begin where the titles do.
//
// What stands in front of the JSON or the table ("Connected as ...") is skipped, and UTF-16 with a byte order mark, which some
// shells write, is read too. Members and columns that are not listed here are ignored, and those that are listed are found
// without regard to case, blanks and punctuation, because versions of the tools differ in that.
//
//	solutions                       uniquename; version, ismanaged, solutionid, createdon, publisherid with $expand or
//	                                the answer for publishers, parentsolutionid or _parentsolutionid_value
//	pac solution list               SolutionUniqueName or "Unique Name"; VersionNumber, IsManaged
//	publishers                      publisherid, uniquename
//	msdyn_solutioncomponentsummaries   msdyn_solutionid, msdyn_componenttype, msdyn_componentlogicalname, msdyn_objectid and names;
//	                                msdyn_ismanaged, msdyn_hasactivecustomization
//	solutioncomponents              _solutionid_value, componenttype, objectid; rootcomponentbehavior
//	EntityDefinitions               MetadataId, LogicalName: the names of the tables that solutioncomponents names by GUID
//	connectionreferences            connectionreferencelogicalname, connectionid
//	environmentvariabledefinitions  schemaname; environmentvariabledefinition_environmentvariablevalue with $expand
//	environmentvariablevalues       value and whose it is: EnvironmentVariableDefinitionId with $expand, or
//	                                _environmentvariabledefinitionid_value and the answer for the definitions
//	connectors                      connectorid, name; ismanaged
//	connections                     name, properties.apiId, properties.createdBy
//	pac connection list             Id or "Connection Id", "API Id" or "Connector Id"
//	pac env list-settings           Setting, Value: no plan depends on one, which is told
//	RetrieveVersion                 Version
//
// # What a list says
//
// A list says that there is nothing else of its kind, unless it has a nextLink or its @odata.count is higher. Pages of one answer
// that are given together are whole if their links lead to pages 2 to n and one has no link. Lists of components never are put
// together like that, as each may be about another solution. Of connections a list says only what whoever asked can see, unless
// an administrator did.
//
// The solutions Active, Default, Basic and System are none that anybody installs: what Active has are changes by hand.
//
// # What contradicts
//
// Two files may say the same. If they say different things, one of them is old, and that is an error in what [Join] returns. A
// package of another version than the one that is installed is not taken for its contents, which is a warning.
//
// The order in which files are given has no meaning.
//
// # Where facts come from
//
// The public documentation of the Dataverse Web API and of pac, and answers that were observed. [Reading] values are not changed after
// they are made, and may be used by many goroutines at once.
package environment
