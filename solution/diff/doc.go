// Package diff says what changed between two versions of a solution: components that came, went or changed, and of those that
// changed which property had which text.
//
// Both sides are [solution.Parts] of any source, so a zip compares with a tree. What is not a difference there is none here:
// the order of attributes, of members of JSON objects and of what has no order, formatting, the declaration, a byte order mark,
// an element that is written as one tag or as two, null and empty, comments, CR LF and LF in texts of XML.
//
//	d, err := diff.Compare(old, new, nil)
//	err = d.WriteText(os.Stdout)
//
// # How components are compared
//
// Components are matched by their keys ([solution.Key]), and their elements by name. Of several elements of one name each is
// matched by what the table of shapes (shapes.go) calls its key, or by the first attribute or element that tells them all apart,
// else by what is in them. Where order means something, as with options, tabs and areas of a site map, a change of it is one
// of its own. Files of components are compared too: JSON by its members, XML by its elements, text by its lines, all others as
// bytes. What is nested in a component, such as the columns of a table, is a component of its own.
//
// # Noise
//
// What differs without anybody having changed it (builds of the server, versions of tools, generated ids, running numbers) has
// a row in the table of noise (noise.go) and is kept apart ([Property.Noise]). A property that came, went or changed in the same
// way in nearly all components of a type, which is what an upgrade of the platform makes, is told once ([Uniform]).
//
// # What a change breaks
//
// Each change is breaking, safe or unknown for those who use the component ([connector.Impact]), by the table in impact.go, with
// the reason. Changes of connectors are those of [connector.Compare], with paths as "operations[GetItem]/id". Of a table that somebody
// else creates (a root with only parts, one that the manifest requires, one of the platform, one with another prefix and without its key)
// nothing goes but what has the prefix of the publisher: that the solution no longer has it breaks nobody for certain.
//
// # Canvas apps
//
// The document of a canvas app is compared entry by entry: the sources (Src/*.pa.yaml) without the notice in front, controls by
// their names, all other JSON by its members, texts in it that are JSON too. Controls that differ where their source does are
// told once, by the source. What each save makes anew (checksums, times, findings of the checker, state of the editor, the libraries of
// the studio) is noise. An app is inflated up to 512 MiB, an entry up to
// 64 MiB; one that is larger, or no app, is compared as bytes, which a diagnostic says.
//
// # Assemblies
//
// DLLs are compared by what they call themselves: name, version, culture, public key token and the id of the build (ModuleVersionId).
// Where all these are equal and the bytes are not, or one is no assembly, they are compared as bytes. Code is not looked at: whether
// a new build does something else cannot be told. Plug-in types that come and go are those of customizations.xml.
//
// A plug-in package (.nupkg) is compared entry by entry, under the limits of apps: its DLLs by what they call themselves, texts by lines.
// What each packing makes anew is noise.
//
// # JSON
//
// A [Comparison] is written as an object with old and new (uniqueName, version, kind), equal, breaking (how many components),
// components and uniform. A component has op ("added", "removed", "changed"), type, key, owner, name, title, old and new
// (places: file, path, line, column), impact ("safe", "unknown", "breaking"), reason and properties; a property has op (also
// "moved"), path, old, new, oldAt, newAt, impact, reason and noise, the id of a row of [NoiseRules].
//
// # Merging
//
// [Merge] brings what one side changed since a base into another, in three steps: the manifest, the components of
// customizations.xml by their keys, then files. It walks the three elements side by side and decides at the smallest place: an
// attribute, a text, an element with a key, a member of an object. Where elements have no key, those of one side are taken as a
// whole if the other left them alone. Order is merged too: what theirs put elsewhere moves, unless ours did so as well. The result
// is a change of ours, splices of its bytes. [MergeFile] does the same with one file.
//
// # Normalising
//
// [Normalise] puts what has no order into a stable one, for those who keep exports under version control: root components, missing
// dependencies, the components of most sections, forms, views and charts of a table, privileges, roles and components of apps, labels by
// language. Each has a row in a table (lists in normalise.go, shapes.go) that says what shows that its order means nothing; what has
// no such row stays, as do tabs, options, areas, columns and all else that users see in its order. Components are sorted by their keys,
// other elements by the key of their shape, numbers before texts, and then by what is written in them.
//
// Elements move as bytes, each into the place of another, and white space between them stays where it is. A list with anything else
// between its elements, such as a comment, stays as it is; so does one of components, or that they are in, of which two have one key.
// A second call changes nothing, and [Compare] sees no difference. XML files of components are put in order too; JSON is not touched,
// nor XML in texts. In a source tree the order of most components is that of its files, so that less changes there.
//
// # Limits
//
// Texts of more than 2,000 bytes are cut in results; their places are whole. The limits of package solution hold for what is
// read. Memory is linear in the size of the two solutions.
//
// The tables were made from pairs of exports: two versions of one solution each, with next versions, and pairs of one version.
package diff
