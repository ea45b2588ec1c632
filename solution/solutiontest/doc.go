// Package solutiontest makes valid solution zips from a few lines of text, for tests.
//
//	zip := solutiontest.Zip(t, `
//	solution ContosoOrders 1.0.0.0 managed
//	entity ct_order
//	connectionreference ct_sp connector=shared_sharepointonline
//	workflow 22 name="On order" refs=ct_sp sets=ct_orders
//	missing entity:ct_customer by workflow:22 in "ContosoBase (1.0.0.0)"
//	`)
//
// The result has what exports were observed to have, as far as readers of solutions look at it: elements, files,
// root components and content types. It holds no program or picture that would run or show. Components are made by package
// build where that makes such, and the rest of what a line asks for here.
//
// A text becomes a zip ([Zip]), its parts ([Parts], [FS]) or a source tree ([Tree]). What a test gets is compared with what it wants by
// [Diff], component by component, and by [DiffFS], file by file, also with a folder of testdata. [TestFS] holds a file system to its
// contract.
//
// # Lines
//
// A line is one component or fact. Words are separated by blanks; empty lines are skipped, and # at the begin of a
// word starts a comment. A word key=value is an attribute, all others are positional. A value with blanks
// stands in double quotes ("a b", key="a b"), in which \n, \t, \" and \\ stand for a line end, a tab, a quote and a
// backslash; commas separate the items of a list in quotes too. The order of lines matters only for the order in the files, but solution comes first. No attribute
// and no item of a list may occur twice. Nor may a component, by its key.
//
// Below, [...] may be left out, a|b means one of these words, and X,... is a list with commas. The capitals are:
//
//	TEXT          any text, also an empty one
//	TABLE, COLUMN, CHOICE, SET, RELATIONSHIP, VARIABLE, TYPE, SOLUTION
//	              letters, digits and underscores
//	NAME, CONNECTOR, CONTROL, APP, SITEMAP, BOT, TOPIC
//	              these, dots and hyphens
//	WEBRESOURCE   these and slashes
//	TABLE.COLUMN  a column of a table
//	GUID          in full, in braces or not, or its last one to eight hexadecimal digits: 22 is
//	              00000000-0000-0000-0000-000000000022. Where one is left out, it is made of kind and name
//	VERSION       one to four numbers
//	PREFIX        2 to 8 letters and digits, a letter first
//	OPTION        10000 to 99999
//	LCID          the number of a language
//	PROVIDER      a solution, "Name (1.0.0.0)", or Active or System
//	REFERENCE     the NAME of a connection reference, or NAME:CONNECTOR where no line of the text has it
//	OPERATION     the operationId of an operation, or NAME:PARAMETER for one with a required parameter
//	CALL          an operation, as the NAME of a connection reference or of a connector, a colon, and its operationId
//	KIND          a logical name of the catalogue of component types, as solution.ComponentType has it
//	KIND:KEY      a component: entity:ct_order, attribute:ct_order.ct_name, workflow:22. The key is what the
//	              catalogue says: a GUID, a name, or OWNER.NAME; for kinds that have GUID and name, what can be
//	              read as a GUID is one. KIND alone is what there is one of, such as the default site map
//	PATH          the name of a part of the zip
//
// A CONNECTOR in an attribute is the run-time id of a connector, shared_sharepointonline, or the name of a custom
// connector, whose run-time id is then made of it, as if all solutions came from one environment.
//
// # The solution
//
//	solution SOLUTION VERSION [managed|unmanaged]
//	publisher SOLUTION [prefix=PREFIX] [option=OPTION]
//	export [version=VERSION] [package=VERSION] [organizationversion=VERSION] [schema=Core|Standard|Full] [by=CrmLive|OnPremise] [languagecode=LCID]
//	parent SOLUTION VERSION
//	root KIND:KEY [behavior=0|1|2]
//	missing KIND:KEY by KIND:KEY in PROVIDER [id=GUID] [title=TEXT] [app=TEXT] [anchor=PROVIDER]
//
// solution is the first line; unmanaged is the default. publisher is contoso with prefix ct and option value prefix
// 10000 if there is no such line. export sets attributes of the root element: the platform's build (version,
// 9.2.25071.154), the version of the format (package, 9.2), what wrote it (by, CrmLive), the base language (1033), and two that
// are absent otherwise. parent makes the solution a patch. root lists a root component besides those that other lines
// bring, with no content of its own.
//
// missing is a missing dependency: the second component needs the first, which the provider has. id adds a GUID to a
// key that is a name, title is what people see, anchor and app name the application to install.
//
// # Tables
//
//	entity TABLE [name=TEXT] [set=SET] [behavior=0|1|2] [root=true|false] [whole=true|false]
//	attribute TABLE.COLUMN [name=TEXT] [type=TYPE] [choice=CHOICE]
//	systemform GUID [table=TABLE] [name=TEXT] [columns=COLUMN,...] [library=WEBRESOURCE,...] [controls=CONTROL,...] [root=true|false]
//	savedquery GUID table=TABLE [name=TEXT] [link=TABLE,...] [root=true|false]
//	entityrelationship RELATIONSHIP from=TABLE to=TABLE [type=onetomany|manytomany] [lookup=COLUMN]
//	entitymap TABLE TABLE
//	optionset CHOICE [name=TEXT]
//	role GUID [name=TEXT] [reads=TABLE,...]
//
// name is the display name, here and below; a text made of the key if it is left out. behavior is that of the root component: 0
// with all parts, 1 without, 2 an extension of a table that another solution creates. The set name is that of the table with an s, and
// an extension has none unless set says so. A table has the parts that lines give it; whole=true is one as the platform makes it, with
// its key and name, the columns of every table, a form and six views. A line that adds to a table needs its entity line; for a table of another
// solution that is entity TABLE behavior=2.
//
// type is nvarchar, or picklist for a column with a choice. A form without a table is a dashboard, which is a root
// component; other forms, and views, are only with root=true. from is the table with the lookup column (lookup), or the
// first one; to the table that it points to, or the second one. reads are the tables that a role may read.
//
// # Connections, settings and flows
//
//	connectionreference NAME [connector=CONNECTOR] [custom=GUID] [name=TEXT] [skip=true|false]
//	environmentvariabledefinition VARIABLE [name=TEXT] [type=text|number|boolean|json|datasource|secret] [default=TEXT] [value=TEXT] [connector=CONNECTOR] [parameter=TEXT] [parent=VARIABLE]
//	connector CONNECTOR [id=GUID] [name=TEXT] [auth=none|key|oauth|blank] [client=TEXT] [resource=TEXT] [host=TEXT] [base=TEXT] [operations=OPERATION,...]
//	workflow GUID [name=TEXT] [refs=REFERENCE,...] [invoker=REFERENCE,...] [raw=CONNECTOR,...] [child=GUID,...] [variables=VARIABLE,...] [sets=SET,...] [trigger=TABLE] [model=GUID,...] [process=TABLE] [draft=true|false] [calls=CALL,...]
//
// A connection reference needs connector or custom, the id of a custom connector; its run-time id is then made of the
// connector line with that id, or of connector, or of the GUID. skip=true: an import does not ask for it.
//
// A variable has a default, a value that the package ships, both or neither. One of type datasource has a connector,
// a parameter of it, and perhaps a parent.
//
// auth says what a connection to the custom connector asks for: nothing, an API key, OAuth with the client id and the
// resource of the environment it comes from (client, resource), or, as published templates have it, nothing although the
// definition asks for OAuth (blank). host (api.contoso.com) and base (/) are those of the definition, which has the operation
// ListItems or those that operations names.
//
// A workflow is a cloud flow. refs are connection references that it uses; for those that invoker names whoever runs the flow
// gives the connection. raw are connectors that it binds without one, child the flows that it runs, variables its environment variables, sets the tables whose rows it lists, by set name, trigger
// the table whose new rows start it, model the AI models that it asks. With process it is a classic process on a
// table. draft=true turns it off. calls are operations that it calls by one of its refs; so are those of a botcomponent, and those
// of a canvas app by one of its connectors.
//
// # Apps and all else
//
//	canvasapp APP [name=TEXT] [tables=TABLE,...] [refs=REFERENCE,...] [raw=CONNECTOR,...] [connector=CONNECTOR,...] [flow=GUID,...] [variables=VARIABLE,...] [needs=KIND:KEY,...] [calls=CALL,...]
//	appmodule APP [name=TEXT] [tables=TABLE,...] [sitemap=SITEMAP,...] [parts=KIND:KEY,...] [roles=GUID,...] [pages=APP,...] [icon=GUID]
//	sitemap SITEMAP [name=TEXT] [tables=TABLE,...] [webresources=WEBRESOURCE,...]
//	webresource WEBRESOURCE [id=GUID] [name=TEXT] [text=TEXT]
//	customcontrol CONTROL
//	bot BOT [name=TEXT]
//	botcomponent TOPIC bot=BOT [name=TEXT] [refs=NAME,...] [flow=GUID,...] [variables=VARIABLE,...] [dialog=TOPIC,...] [calls=CALL,...]
//	pluginassembly TEXT [id=GUID] [types=NAME,...]
//	component KIND NAME [name=TEXT] [plugintype=GUID]
//	xml NAME TEXT
//	file PATH TEXT
//	without PATH
//
// A canvas app names custom connectors by name (connector), flows by GUID, and what it declares to need (needs). All
// its connections but refs are raw. An appmodule is a model-driven app; pages are canvas apps, icon the GUID of a web resource. text is the
// content of a web resource. A botcomponent is a topic; dialog are topics that it calls. The TEXT of an assembly is its full
// name, "Contoso.Plugins, Version=1.0.0.0".
//
// component is any kind that is a folder, KINDs/NAME/KIND.xml, such as customapi; the NAME of a
// part of a custom API is API.NAME. xml adds an element to a section of customizations.xml, for kinds that have no line here. file adds
// a part, or gives another content to [Content_Types].xml, solution.xml or customizations.xml; without drops a part: these
// three lines can make a solution that is not valid.
//
// # Root components
//
// As in exports, tables, choices, roles, web resources, flows, canvas and model-driven apps, site maps, custom connectors,
// custom controls, plug-in assemblies and dashboards are root components; connection references, environment
// variables, bots, relationships, entity maps and components that are folders are not.
package solutiontest
