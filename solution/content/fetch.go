package content

import (
	"iter"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// fetchTable refers to the table that an element of FetchXML names.
func fetchTable(edge Edge) func(e *element) {
	return func(e *element) { e.refer(edge, key(solution.TypeEntity, e.attr("name")), e.attr("name")) }
}

// escapedFetch reads FetchXML that stands in an element of a view as text.
func escapedFetch(e *element) {
	text := e.text
	for range 2 { // exports escape it again in some places
		if strings.Contains(text, "<fetch") || !strings.Contains(text, "&lt;") {
			break
		}
		text = xmlspan.Decode([]byte(text))
	}
	for table := range fetchTables(text) {
		e.refer(ViewTable, key(solution.TypeEntity, table), table)
	}
}

// fetchTables yields the tables that FetchXML names, each once. The text need not be well formed: flows put expressions into it.
func fetchTables(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		seen := map[string]bool{}
		for tag := range tags(text) {
			if tag.name != "entity" && tag.name != "link-entity" {
				continue
			}
			for _, a := range tag.attributes(text) {
				if table := a.value(text); a.name(text) == "name" && table != "" && !seen[table] {
					seen[table] = true
					if !yield(table) {
						return
					}
				}
			}
		}
	}
}
