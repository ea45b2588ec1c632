package environment

import "strings"

// A list is a row of the table of what is read.
type list struct {
	name string // as the Web API calls it
	// marks are members and columns by which an element tells what it is, where nothing else does: all of one group. Names are plain.
	marks [][]string
	read  func(f *facts, r *record) error // nil: nothing is needed of it
}

// The names of lists that other files ask for.
const (
	setSolutions   = "solutions"
	setComponents  = "solutioncomponents"
	setSummaries   = "msdyn_solutioncomponentsummaries"
	setReferences  = "connectionreferences"
	setDefinitions = "environmentvariabledefinitions"
	setValues      = "environmentvariablevalues"
	setConnectors  = "connectors"
	setConnections = "connections"
	setPublishers  = "publishers"
	setTables      = "EntityDefinitions"
	setSettings    = "settings of the environment"
)

// lists is the table, in the order in which elements are held against the marks.
var lists = []list{
	{setSummaries, [][]string{{"msdynobjectid", "msdyncomponenttype"}, {"msdynobjectid", "msdyncomponentlogicalname"}, {"msdynsolutionid"}}, readSummary},
	{setComponents, [][]string{{"componenttype", "objectid"}}, readComponent},
	{setReferences, [][]string{{"connectionreferencelogicalname"}}, readReference},
	{setValues, [][]string{{"environmentvariablevalueid"}, {"environmentvariabledefinitionidvalue"}}, readValue},
	{setDefinitions, [][]string{{"environmentvariabledefinitionid"}, {"schemaname", "defaultvalue"}, {"schemaname", expandedValues}}, readDefinition},
	{setConnections, [][]string{{"properties", "id"}, {"properties", "name"}, {"id", "apiid"}, {"connectionid"}, {"connectionname", "connectorname"}}, readConnection},
	{setSolutions, [][]string{{"solutionuniquename"}, {"uniquename", "version"}, {"uniquename", "versionnumber"}, {"uniquename", "ismanaged"}, {"uniquename", "solutionid"}}, readSolution},
	{setPublishers, [][]string{{"publisherid", "uniquename"}, {"customizationprefix"}}, readPublisher},
	{setConnectors, [][]string{{"connectorinternalid"}, {"connectorid", "name"}}, readConnector},
	{setTables, [][]string{{"metadataid", "logicalname"}}, readTable},
	{setSettings, [][]string{{"setting", "value"}}, nil},
}

func listOf(set string) *list {
	for i := range lists {
		if strings.EqualFold(lists[i].name, set) {
			return &lists[i]
		}
	}
	return nil
}

// recognize returns what an element is by its members, nil if they do not tell.
func recognize(r *record) *list {
	return marked(r.has)
}

func marked(has func(string) bool) *list {
	for i := range lists {
		for _, group := range lists[i].marks {
			all := true
			for _, name := range group {
				all = all && has(name)
			}
			if all {
				return &lists[i]
			}
		}
	}
	return nil
}

// setNames names the lists for people.
func setNames() string {
	var names []string
	for i := range lists {
		names = append(names, lists[i].name)
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
