package solutiontest

// statements are all kinds of lines. The package comment explains each.
var statements = [...]statement{
	{usage: "solution SOLUTION VERSION [managed|unmanaged]", build: buildHead},
	{usage: "publisher SOLUTION [prefix=PREFIX] [option=OPTION]", build: buildHead},
	{usage: "export [version=VERSION] [package=VERSION] [organizationversion=VERSION] [schema=Core|Standard|Full] [by=CrmLive|OnPremise] [languagecode=LCID]", build: buildHead},
	{usage: "parent SOLUTION VERSION", build: buildHead},
	{usage: "root KIND:KEY [behavior=0|1|2]", build: buildRoot},
	{usage: "missing KIND:KEY by KIND:KEY in PROVIDER [id=GUID] [title=TEXT] [app=TEXT] [anchor=PROVIDER]", build: buildMissing},

	{usage: "entity TABLE [name=TEXT] [set=SET] [behavior=0|1|2] [root=true|false] [whole=true|false]", build: buildEntity},
	{usage: "attribute TABLE.COLUMN [name=TEXT] [type=TYPE] [choice=CHOICE]", build: buildAttribute},
	{usage: "systemform GUID [table=TABLE] [name=TEXT] [columns=COLUMN,...] [library=WEBRESOURCE,...] [controls=CONTROL,...] [root=true|false]", build: buildForm},
	{usage: "savedquery GUID table=TABLE [name=TEXT] [link=TABLE,...] [root=true|false]", build: buildView},
	{usage: "entityrelationship RELATIONSHIP from=TABLE to=TABLE [type=onetomany|manytomany] [lookup=COLUMN]", build: buildRelationship},
	{usage: "entitymap TABLE TABLE", build: buildEntityMap},
	{usage: "optionset CHOICE [name=TEXT]", build: buildOptionSet},
	{usage: "role GUID [name=TEXT] [reads=TABLE,...]", build: buildRole},

	{usage: "connectionreference NAME [connector=CONNECTOR] [custom=GUID] [name=TEXT] [skip=true|false]", build: buildReference},
	{usage: "environmentvariabledefinition VARIABLE [name=TEXT] [type=text|number|boolean|json|datasource|secret] [default=TEXT] [value=TEXT] [connector=CONNECTOR] [parameter=TEXT] [parent=VARIABLE]", build: buildVariable},
	{usage: "connector CONNECTOR [id=GUID] [name=TEXT] [auth=none|key|oauth|blank] [client=TEXT] [resource=TEXT] [host=TEXT] [base=TEXT] [operations=OPERATION,...]", build: buildConnector},
	{usage: "workflow GUID [name=TEXT] [refs=REFERENCE,...] [invoker=REFERENCE,...] [raw=CONNECTOR,...] [child=GUID,...] [variables=VARIABLE,...] [sets=SET,...] [trigger=TABLE] [model=GUID,...] [process=TABLE] [draft=true|false] [calls=CALL,...]", build: buildWorkflow},

	{usage: "canvasapp APP [name=TEXT] [tables=TABLE,...] [refs=REFERENCE,...] [raw=CONNECTOR,...] [connector=CONNECTOR,...] [flow=GUID,...] [variables=VARIABLE,...] [needs=KIND:KEY,...] [calls=CALL,...]", build: buildCanvasApp},
	{usage: "appmodule APP [name=TEXT] [tables=TABLE,...] [sitemap=SITEMAP,...] [parts=KIND:KEY,...] [roles=GUID,...] [pages=APP,...] [icon=GUID]", build: buildAppModule},
	{usage: "sitemap SITEMAP [name=TEXT] [tables=TABLE,...] [webresources=WEBRESOURCE,...]", build: buildSiteMap},
	{usage: "webresource WEBRESOURCE [id=GUID] [name=TEXT] [text=TEXT]", build: buildWebResource},
	{usage: "customcontrol CONTROL", build: buildControl},
	{usage: "bot BOT [name=TEXT]", build: buildBot},
	{usage: "botcomponent TOPIC bot=BOT [name=TEXT] [refs=NAME,...] [flow=GUID,...] [variables=VARIABLE,...] [dialog=TOPIC,...] [calls=CALL,...]", build: buildBotComponent},
	{usage: "pluginassembly TEXT [id=GUID] [types=NAME,...]", build: buildAssembly},

	{usage: "component KIND NAME [name=TEXT] [plugintype=GUID]", build: buildComponent},
	{usage: "xml NAME TEXT", build: buildXML},
	{usage: "file PATH TEXT", build: buildFile},
	{usage: "without PATH", build: buildWithout},
}
