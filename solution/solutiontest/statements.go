package solutiontest

import "strings"

// statements are all kinds of lines. The package comment explains each.
var statements = [...]statement{
	{usage: "solution NAME VERSION [managed|unmanaged]", build: buildSolution},
	{usage: "publisher NAME [prefix=TABLE] [option=NUMBER]", build: buildPublisher},
	{usage: "export [version=VERSION] [package=VERSION] [organizationversion=VERSION] [schema=Core|Standard|Full] [by=CrmLive|OnPremise] [language=NUMBER]", build: buildExport},
	{usage: "parent NAME VERSION", build: buildParent},
	{usage: "entity TABLE [name=TEXT] [set=TABLE] [behavior=0|1|2] [root=true|false]", build: buildEntity},
	{usage: "attribute COLUMN [name=TEXT] [type=TABLE] [choice=TABLE]", build: buildAttribute},
	{usage: "systemform GUID [table=TABLE] [name=TEXT] [columns=TABLE,...] [library=RESOURCE,...] [controls=NAME,...] [root=true|false]", build: buildForm},
	{usage: "savedquery GUID table=TABLE [name=TEXT] [link=TABLE,...] [root=true|false]", build: buildView},
	{usage: "entityrelationship TABLE from=TABLE to=TABLE [type=onetomany|manytomany] [lookup=TABLE]", build: buildRelationship},
	{usage: "entitymap TABLE TABLE", build: buildEntityMap},
	{usage: "optionset TABLE [name=TEXT]", build: buildOptionSet},
	{usage: "role GUID [name=TEXT] [reads=TABLE,...]", build: buildRole},
	{usage: "webresource RESOURCE [id=GUID] [name=TEXT] [text=TEXT]", build: buildWebResource},
	{usage: "workflow GUID [name=TEXT] [refs=LINK,...] [raw=NAME,...] [child=GUID,...] [variables=NAME,...] [sets=TABLE,...] [trigger=TABLE] [model=GUID,...] [process=TABLE] [draft=true|false]", build: buildWorkflow},
	{usage: "connectionreference NAME [connector=NAME] [custom=GUID] [name=TEXT] [skip=true|false]", build: buildReference},
	{usage: "connector NAME [id=GUID] [name=TEXT] [auth=none|key|oauth|blank] [client=TEXT] [resource=TEXT] [host=TEXT] [base=TEXT]", build: buildConnector},
	{usage: "environmentvariabledefinition NAME [name=TEXT] [type=text|number|boolean|json|datasource|secret] [default=TEXT] [value=TEXT] [connector=NAME] [parameter=TEXT] [parent=NAME]", build: buildVariable},
	{usage: "canvasapp NAME [name=TEXT] [tables=TABLE,...] [refs=LINK,...] [raw=NAME,...] [connector=NAME,...] [flow=GUID,...] [variables=NAME,...] [needs=KIND:KEY,...]", build: buildCanvasApp},
	{usage: "customcontrol NAME", build: buildControl},
	{usage: "appmodule NAME [name=TEXT] [tables=TABLE,...] [sitemap=NAME,...] [parts=KIND:KEY,...] [roles=GUID,...] [pages=NAME,...] [icon=GUID]", build: buildAppModule},
	{usage: "sitemap NAME [name=TEXT] [tables=TABLE,...] [webresources=RESOURCE,...]", build: buildSiteMap},
	{usage: "pluginassembly TEXT [id=GUID] [types=NAME,...]", build: buildAssembly},
	{usage: "bot NAME [name=TEXT]", build: buildBot},
	{usage: "botcomponent NAME bot=NAME [name=TEXT] [refs=NAME,...] [flow=GUID,...] [variables=NAME,...] [dialog=NAME,...]", build: buildBotComponent},
	{usage: "component NAME NAME [name=TEXT] [plugintype=GUID]", build: buildComponent},
	{usage: "root KIND:KEY [behavior=0|1|2]", build: buildRoot},
	{usage: "missing KIND:KEY by KIND:KEY in SOLUTION [id=GUID] [title=TEXT] [app=TEXT] [anchor=SOLUTION]", build: buildMissing},
	{usage: "file PATH TEXT", build: buildFile},
	{usage: "without PATH", build: buildWithout},
}

// cut splits text at the first separator.
func cut(text string, separator byte) (string, string) {
	before, after, _ := strings.Cut(text, string(separator))
	return before, after
}
