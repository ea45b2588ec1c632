package msapp

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

// A FactKind says what a [Fact] names.
type FactKind uint8

// The kinds.
const (
	Table      FactKind = iota + 1 // a table, by its logical name
	Flow                           // a flow, by its GUID
	Library                        // a component library, which is a canvas app, by its logical name
	Connector                      // a custom connector, by its logical name
	Connection                     // a connection reference, by its logical name
	Variable                       // an environment variable, by its schema name
)

// A Fact is one place where an app names something outside of it. An app repeats here what the metadata in customizations.xml
// says of it, and sometimes more.
type Fact struct {
	Kind FactKind
	Text string
	// Entry is the entry, Path a JSON Pointer in it. A text that is JSON itself is a step of it.
	Entry, Path string
	// Start and End are the bytes of the text in the entry, as it is escaped there.
	Start, End int
}

// The entries that name what an app uses.
const (
	PropertiesEntry  = "Properties.json"
	DataSourcesEntry = "References/DataSources.json"
	ChecksumEntry    = "checksum.json"
)

// A fact is found at a path of keys, in which "*" is any key or element, and "!" the JSON that is in a text.
var factPaths = []struct {
	entry string
	path  []string
	kind  FactKind
}{
	{PropertiesEntry, []string{"LocalConnectionReferences", "!", "*", "connectionRef", "xrmConnectionReferenceLogicalName"}, Connection},
	{PropertiesEntry, []string{"LocalConnectionReferences", "!", "*", "connectionRef", "parameterHints", "workflowEntityId", "value"}, Flow},
	{PropertiesEntry, []string{"LocalConnectionReferences", "!", "*", "connectionRef", "customApiLogicalName"}, Connector},
	{PropertiesEntry, []string{"LocalConnectionReferences", "!", "*", "datasets", "*", "datasetOverride", "environmentVariableName"}, Variable},
	{PropertiesEntry, []string{"LocalConnectionReferences", "!", "*", "datasets", "*", "dataSources", "*", "tableNameOverride", "environmentVariableName"}, Variable},
	{PropertiesEntry, []string{"LocalDatabaseReferences", "!", "*", "dataSources", "*", "logicalName"}, Table},
	{PropertiesEntry, []string{"LocalDatabaseReferences", "!", "*", "environmentVariableName"}, Variable},
	{PropertiesEntry, []string{"LibraryDependencies", "!", "*", "LibraryLogicalName"}, Library},
	{DataSourcesEntry, []string{"DataSources", "*", "LogicalName"}, Table},
	{DataSourcesEntry, []string{"DataSources", "*", "WorkflowEntityId"}, Flow},
}

// Facts returns what an entry says, in the order of the table above, and the bytes of the entry; nothing for entries that say
// nothing. The error is JSON that can't be read; of a text in it, the entry is read as far as it can be.
func Facts(entry string, src []byte) ([]Fact, error) {
	t, err := jsonspan.Parse(src, nil)
	if err != nil {
		return nil, err
	}
	var out []Fact
	var broken error
	for _, rule := range factPaths {
		if Fold(rule.entry) != Fold(entry) {
			continue
		}
		for at, err := range find(level{t: t}, 0, rule.path, "") {
			if err != nil {
				broken = fmt.Errorf("the text of %s is not JSON: %w", rule.path[0], err)
				continue
			}
			if text := at.text(); text != "" {
				start, end := at.span()
				out = append(out, Fact{rule.kind, text, rule.entry, at.pointer, start, end})
			}
		}
	}
	return out, broken
}

// FactEntries are the entries that [Facts] knows.
func FactEntries() []string { return []string{PropertiesEntry, DataSourcesEntry} }

// A level is a document: that of an entry, or one in a text of another.
type level struct {
	t      *jsonspan.Tree
	places []int32 // of one in a text: where each of its bytes begins in the entry, and where the last ends; nil: they are the same
}

type place struct {
	level
	node    int32
	pointer string
}

func (p place) text() string { return p.t.Text(p.node) }

// span returns the bytes between the quotes.
func (p place) span() (start, end int) {
	n := p.t.Node(p.node)
	start, end = int(n.Start)+1, int(n.End)-1
	if p.places != nil {
		start, end = int(p.places[start]), int(p.places[end])
	}
	return start, end
}

// find returns the texts at a path below node i.
func find(l level, i int32, path []string, pointer string) iter.Seq2[place, error] {
	return func(yield func(place, error) bool) { l.walk(i, path, pointer, yield) }
}

func (l level) walk(i int32, path []string, pointer string, yield func(place, error) bool) bool {
	t := l.t
	if len(path) == 0 {
		if t.Kind(i) != jsonspan.String {
			return true
		}
		return yield(place{l, i, pointer}, nil)
	}
	step, rest := path[0], path[1:]
	switch {
	case step == "!":
		if t.Kind(i) != jsonspan.String || t.Node(i).End-t.Node(i).Start == 2 {
			return true
		}
		inner, err := l.inside(i)
		if err != nil {
			return yield(place{}, err)
		}
		return inner.walk(0, rest, pointer, yield)
	case t.Kind(i) != jsonspan.Object && t.Kind(i) != jsonspan.Array:
		return true
	case step == "*":
		n := 0
		for c := range t.Children(i) {
			key := fmt.Sprint(n)
			if t.Kind(i) == jsonspan.Object {
				key = t.Key(c)
			}
			n++
			if !t.Hidden(c) && !l.walk(c, rest, pointer+"/"+jsonspan.EscapeStep(key), yield) {
				return false
			}
		}
		return true
	case t.Kind(i) != jsonspan.Object:
		return true
	}
	c := t.Get(i, step)
	if c == jsonspan.None {
		return true
	}
	return l.walk(c, rest, pointer+"/"+step, yield)
}

// inside parses the text of node i.
func (l level) inside(i int32) (level, error) {
	n := l.t.Node(i)
	t, err := jsonspan.Parse([]byte(l.t.Text(i)), nil)
	if err != nil {
		return level{}, err
	}
	places := unescapedPlaces(l.t.Raw(i)[1:n.End-n.Start-1], int(n.Start)+1)
	if l.places != nil {
		for k, at := range places {
			places[k] = l.places[at]
		}
	}
	return level{t: t, places: places}, nil
}

// unescapedPlaces returns where each byte of a text begins whose escaped form, without quotes, stands at an offset, and at last
// where it ends.
func unescapedPlaces(raw []byte, offset int) []int32 {
	places := make([]int32, 0, len(raw)+1)
	for i := 0; i < len(raw); {
		length, decoded := 1, 1
		if raw[i] == '\\' {
			length = 2
			if i+1 < len(raw) && raw[i+1] == 'u' {
				length = 6
				text := jsonspan.Unquote(raw[i : i+6])
				if text == string(utf8.RuneError) && i+12 <= len(raw) && raw[i+6] == '\\' && raw[i+7] == 'u' {
					if pair := jsonspan.Unquote(raw[i : i+12]); utf8.RuneCountInString(pair) == 1 { // the two halves of one rune
						text, length = pair, 12
					}
				}
				decoded = len(text)
			}
		}
		for range decoded {
			places = append(places, int32(offset+i))
		}
		i += length
	}
	return append(places, int32(offset+len(raw)))
}

// maxFactBytes is how long an entry is that is read for facts; those of real apps have less than a tenth of that.
const maxFactBytes = 32 << 20

// AllFacts returns what an app says, in all of its entries. left is how many bytes may still be inflated, of this app and those
// that are read after it. The error is an app, or an entry, that can't be read; the facts are those of the rest.
func (a *App) AllFacts(left *int64) ([]Fact, error) {
	var out []Fact
	var broken error
	for _, name := range FactEntries() {
		e := a.Find(name)
		if e == nil {
			continue
		}
		if e.Size > maxFactBytes || e.Size > *left {
			return out, fmt.Errorf("%q: %d bytes: %w", e.Name, e.Size, ErrLimit)
		}
		*left -= e.Size
		src, err := e.Read()
		if err != nil {
			return out, err
		}
		facts, err := Facts(name, src)
		if err != nil {
			broken = fmt.Errorf("%q: %w", e.Name, err)
		}
		out = append(out, facts...)
	}
	return out, broken
}

// Rename returns the app with the texts of some facts replaced, which need no escapes. All other entries are copied, but
// checksum.json is left out, as only the service can compute it.
func (a *App) Rename(facts []Fact, text string) ([]byte, error) {
	changed := map[*Entry][]byte{}
	for _, name := range FactEntries() {
		e := a.Find(name)
		if e == nil {
			continue
		}
		src, err := e.Read()
		if err != nil {
			return nil, err
		}
		var out []byte
		end := 0
		of := slices.DeleteFunc(slices.Clone(facts), func(f Fact) bool { return f.Entry != name })
		slices.SortFunc(of, func(x, y Fact) int { return cmp.Compare(x.Start, y.Start) })
		for _, f := range of {
			out = append(append(out, src[end:f.Start]...), text...)
			end = f.End
		}
		if end > 0 {
			changed[e] = append(out, src[end:]...)
		}
	}
	if len(changed) == 0 {
		return a.src, nil
	}
	var items []Item
	for _, e := range a.entries {
		if Fold(e.Path) != Fold(ChecksumEntry) {
			items = append(items, Item{Entry: e, Data: changed[e]})
		}
	}
	return Build(items)
}
