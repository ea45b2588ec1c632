// Package plan says in memory what the import of solutions into an environment needs and does: the order, what the
// platform would refuse and why, what it asks for, what stays bound, what has to be entered again, what is deleted, and
// what a person does between the imports.
//
//	p, err := plan.Resolve([]plan.Item{{Solution: connectors}, {Solution: apps}}, env, settings, nil)
//	if err != nil {
//		return err // an input makes no sense
//	}
//	for _, s := range p.Steps {
//		for _, f := range s.Findings {
//			fmt.Println(s.Solution, f.Severity, f.Message())
//		}
//	}
//
// A [Solution] is read from the parts of a solution with [Read]; an [Environment] is a description of the target, which
// [ParseEnvironment] reads from JSON, and that package environment makes of what tools print. Nothing is asked of a service, and equal inputs in any order give equal plans.
//
// # Identity
//
// A component is its kind and key ([ComponentID], [solution.Key]). Dependencies match by key and never by the solution that
// a manifest names: that is who had the component where the package comes from. A connector is known by GUID and name,
// and by the run-time id that each environment gives it. Another build or revision of an assembly takes the place of the one before, and
// its classes do; another major or minor version is another assembly.
//
// # What is there
//
// What is installed is a stack of layers for each component: managed solutions in the order of their installation, each
// followed by its patches, and one unmanaged layer on top of all. The lowest layer is the base, and its publisher owns the
// component. Packages hold layers besides what they create: a component that the manifest requires, roots with only parts of a
// table, parts of a table that somebody else creates whose names do not begin with the prefix of the publisher, and
// forms and views of such a table if a manifest says that another solution has them. A layer that is installed proves that there is
// something below it; a layer of the batch meets nobody's need.
//
// What an environment does not say is not known, and a plan says where that limits it (inventory-unknown) instead of
// guessing. A solution without package and list may have anything; it is told once for each provider. Of solutions that come with
// the platform ([content.Base.Solution], Environment.PlatformSolutions) nobody needs to import one: what only they have is a note.
//
// # How a package is imported
//
//	install  nothing of that name is there
//	update   overwrites; components that the new version dropped stay
//	upgrade  replaces the solution and its patches; what the new version dropped goes
//	stage    is imported beside the old version; what was dropped goes when somebody applies it
//	patch    a layer above a solution: same major and minor version, higher than it and its patches
//
// Both versions are managed or both are not; an upgrade needs a higher version; a managed solution keeps its publisher.
// An unmanaged package overwrites and deletes nothing: where it is installed its import is an update.
//
// # What needs what
//
// Dependencies that a manifest lists are hard: without them the import is refused. They are met by what is installed managed, by
// the platform, or by another package of the batch that creates what is needed, which then comes first; never by the package
// itself. A table of which the package has only parts is needed as if it were listed. Columns without a prefix come with their table,
// unless a manifest names another solution that has them; those that help image and file columns come with these. A connection
// reference of a custom connector needs the connector. What flows, apps and bots name in their contents the platform does
// not track: it gives an order, and a warning if it is nowhere ([content]). So does what exports declare and a package that was edited does not,
// as far as nothing of the platform can be meant: of names those with the prefix of the publisher.
//
// # What goes
//
// A component that the new version of a solution dropped,
//
//   - stays, if the solution does not have its base layer: only a layer goes;
//   - passes to another solution of the same publisher that has a layer;
//   - keeps the upgrade from happening, if the other layers are of other publishers, or if a component of another solution
//     needs it or is a part of it, and does not go too;
//   - is deleted otherwise, with its data, whatever was changed by hand; a connector only if it has no connections, whoever owns
//     them.
//
// What a component needs is what its topmost layer says, except where layers are put together (forms, site maps, apps). What
// applying a staged upgrade deletes is judged in the state behind all steps, and is only a warning: staging itself deletes
// nothing.
//
// # What changes
//
// Where the caller has both versions of a solution, it compares them ([diff.Compare]) and gives the result with the package
// (Changes of [Item]). The step then tells what the import changes ([Changes]): counts, what breaks those who use it, and what the new
// version dropped, which an upgrade deletes and an update keeps. Each component that goes, or changes in a way that breaks who
// uses it, is looked for in what all other solutions refer to, in the state behind all steps (breaks-user): that is a
// warning, as the platform refuses none of it but the deletions that it tracks. What an upgrade deletes is looked for so where nobody compared,
// too. Calls of connectors are told by operation, see below.
//
//	changes, err := diff.Compare(installedParts, parts, nil)
//	p, err := plan.Resolve([]plan.Item{{Solution: read, Changes: changes}}, env, nil, nil)
//
// # Order
//
// One import at a time. A package comes behind those it needs something of (need, connector, soft), behind one that stops
// using what it deletes or takes away a layer that lies on it (release) or takes over what it drops (handover), and a patch
// behind its parent or before the version that takes it in (patch). Names decide where that leaves a choice. Where several packages
// bring what is needed, one of them suffices. Packages that wait for each other cannot be imported; the plan names a shortest
// loop, and of a package that is only in longer loops its own finding tells one. Soft edges never block: one that closes a loop
// is left out.
//
// The plan then goes through the steps in a copy of the environment. A package that cannot be imported changes nothing
// there, and those that need it are blocked by it.
//
// # Connections, values, secrets
//
// Somebody is asked for a connection if the environment has no connection reference of that name with a connection,
// unless the settings give one or the reference says not to ask; it does not matter which solution brought it. A variable
// needs a value if neither settings, package, environment nor a default gives one. The import of a secret fails if the settings give
// it a blank or anything but a reference to a vault, and if who imports may not read the secret there. Client id, client secret and resource
// of a connector that uses OAuth have to be entered after every import. A connector cannot be imported for the first time
// together with references that need it, because no connection can exist.
//
// Exports have no keys of service endpoints and web hooks: they are entered after the import of one that is not there yet ("Update a
// service endpoint imported from a solution" in Microsoft's documentation).
//
// A connector that is updated is compared with what is there ([connector.Compare]): who calls an operation that goes or changes is
// told, as far as contents are known, and so is that connections have to be made anew. What is imported is held to the operations
// that its connectors have then. Both are warnings, as the import itself works.
//
// Values of secrets are in no output; nor are texts that look like credentials.
//
// # Findings and tasks
//
// What a plan tells is data before it is words: a [Finding] has a rule, a severity, components, a place and [Facts]; a [Task] has
// a kind and facts. Sentences are made of these, for one finding ([Finding.Message]) or, in reports, for many that differ in the
// component alone. So a program asks for the provider of a missing component and its version, not for the sentence.
//
// A plan is written as JSON and read again with encoding/json ([Plan.MarshalJSON]); what is read gives the same reports. The
// schema is [Schema].
//
// # Concurrency
//
// All functions and methods may be called at the same time, as they change nothing that they are given. A [Solution] and a [Split]
// are immutable. All other types are plain values: several goroutines may read one as long as none changes it.
//
// # Disputed rules
//
// Where sources disagree or the platform changed, a policy decides ([AllPolicies]).
//
// Facts are from public documentation, from public reports of failed imports, and from what exported files were observed
// to hold.
package plan
