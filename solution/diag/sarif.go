package diag

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	sarifVersion = "2.1.0"
	sarifSchema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

// Tool describes the program that reports findings, for [WriteSARIF]. It is a plain value.
type Tool struct {
	Name    string     // required
	Version string     // may be empty
	URL     string     // an absolute URI for people to read; may be empty
	Rules   *Catalogue // what the program checks; may be nil
}

// WriteSARIF writes l as one run of a SARIF 2.1.0 log, the JSON that code hosts and editors read
// (OASIS standard, public documentation).
//
//   - The run's rules are those of t.Rules plus, by id alone, those only l names, sorted by id: a finding whose
//     rule is in no catalogue is a result like others. Each result points at its rule by id and by index.
//   - A location's region is in lines and columns, columns counting code points, the end exclusive. A
//     location without a position has no region. The file becomes a relative URI, percent-encoded.
//     [Location.Path] becomes a logical location.
//   - A fix becomes one change for each file, and its deleted regions are in bytes. Text that is
//     inserted and is not UTF-8 goes in base64.
//
// Results are in the order of [List.Sort]; l itself is left alone. Equal input gives equal bytes. The
// output is indented by one tab and ends with a line feed. An error is t without a name or one of w.
func WriteSARIF(w io.Writer, t Tool, l List) error {
	if t.Name == "" {
		return errors.New("sarif: the tool has no name: set Tool.Name")
	}
	l = slices.Clone(l)
	l.Sort()
	rules, index := sarifRules(t.Rules, l)
	run := sarifRun{
		Tool:       sarifTool{Driver: sarifDriver{Name: t.Name, Version: t.Version, URL: t.URL, Rules: rules}},
		ColumnKind: "unicodeCodePoints",
		Results:    make([]sarifResult, 0, len(l)),
	}
	for _, d := range l {
		run.Results = append(run.Results, newSarifResult(d, index[d.Rule]))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	return enc.Encode(sarifLog{Schema: sarifSchema, Version: sarifVersion, Runs: []sarifRun{run}})
}

// sarifRules returns the rules of the run, sorted by id, and where each id is.
func sarifRules(known *Catalogue, l List) ([]sarifRule, map[string]int) {
	byID := map[string]sarifRule{}
	for _, d := range l {
		byID[d.Rule] = sarifRule{ID: d.Rule}
	}
	for r := range known.All() {
		byID[r.ID] = sarifRule{
			ID:      r.ID,
			Summary: sarifText(r.Summary),
			Help:    sarifText(r.Help),
			URL:     r.URL,
			Default: &sarifDefault{Level: sarifLevel(r.Severity)},
		}
	}
	rules := make([]sarifRule, 0, len(byID))
	for _, r := range byID {
		rules = append(rules, r)
	}
	slices.SortFunc(rules, func(a, b sarifRule) int { return cmp.Compare(a.ID, b.ID) })
	index := make(map[string]int, len(rules))
	for i, r := range rules {
		index[r.ID] = i
	}
	return rules, index
}

func newSarifResult(d Diagnostic, rule int) sarifResult {
	r := sarifResult{
		Rule: d.Rule, RuleIndex: rule,
		Level:   sarifLevel(d.Severity),
		Message: sarifMessage{Text: d.Message},
	}
	if at, ok := newSarifLocation(d.Location); ok {
		r.Locations = []sarifLocation{at}
	}
	for i, rel := range d.Related {
		if slices.Contains(d.Related[:i], rel) {
			continue // the standard wants these unique
		}
		at, _ := newSarifLocation(rel.Location)
		at.Message = sarifText(rel.Message)
		r.Related = append(r.Related, at)
	}
	for _, f := range d.Fixes {
		if len(f.Edits) > 0 {
			r.Fixes = append(r.Fixes, newSarifFix(f))
		}
	}
	return r
}

// newSarifLocation returns false if nothing is known of the place.
func newSarifLocation(l Location) (sarifLocation, bool) {
	var out sarifLocation
	if l.File != "" {
		out.Physical = &sarifPhysical{Artifact: sarifArtifact{URI: relativeURI(l.File)}, Region: newSarifRegion(l)}
	}
	if l.Path != "" {
		out.Logical = []sarifLogical{{Name: l.Path}}
	}
	return out, l.File != "" || l.Path != ""
}

func newSarifRegion(l Location) *sarifRegion {
	if !l.Start.IsValid() {
		return nil
	}
	r := &sarifRegion{StartLine: l.Start.Line, StartColumn: l.Start.Column}
	if l.End.IsValid() && l.End.Offset >= l.Start.Offset {
		r.EndLine, r.EndColumn = l.End.Line, l.End.Column
	}
	return r
}

// newSarifFix groups the edits by file, files and edits in order. A fix of SARIF may not be empty.
func newSarifFix(f Fix) sarifFix {
	edits := slices.Clone(f.Edits)
	slices.SortStableFunc(edits, func(a, b Edit) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	out := sarifFix{Description: sarifText(f.Message)}
	for i, e := range edits {
		if i == 0 || e.File != edits[i-1].File {
			out.Changes = append(out.Changes, sarifChange{Artifact: sarifArtifact{URI: relativeURI(e.File)}})
		}
		change := &out.Changes[len(out.Changes)-1]
		change.Replacements = append(change.Replacements, sarifReplacement{
			Deleted:  sarifBytes{Offset: e.Start, Length: e.End - e.Start},
			Inserted: newSarifContent(e.New),
		})
	}
	return out
}

func newSarifContent(text string) *sarifContent {
	switch {
	case text == "":
		return nil
	case utf8.ValidString(text):
		return &sarifContent{Text: text}
	}
	return &sarifContent{Binary: base64.StdEncoding.EncodeToString([]byte(text))}
}

// sarifLevel stays inside the words of the standard whatever a caller made of a severity.
func sarifLevel(s Severity) string {
	if s == Action {
		return Note.String() // SARIF has no level for it
	}
	return min(s, Error).String()
}

// sarifText returns nil for no text, so that the property is left out.
func sarifText(text string) *sarifMessage {
	if text == "" {
		return nil
	}
	return &sarifMessage{Text: text}
}

// relativeURI percent-encodes a slash-separated name as a relative reference (RFC 3986). A colon is
// encoded too: in the first segment it would read as a scheme.
func relativeURI(name string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~/!$&'()*+,;=@", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}

// The types below are the part of the SARIF object model that is written, names as in the standard.

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool       sarifTool     `json:"tool"`
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	URL     string      `json:"informationUri,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID      string        `json:"id"`
	Summary *sarifMessage `json:"shortDescription,omitempty"`
	Help    *sarifMessage `json:"help,omitempty"`
	URL     string        `json:"helpUri,omitempty"`
	Default *sarifDefault `json:"defaultConfiguration,omitempty"`
}

type sarifDefault struct {
	Level string `json:"level"`
}

type sarifMessage struct {
	Text string `json:"text"`
}

type sarifResult struct {
	Rule      string          `json:"ruleId"`
	RuleIndex int             `json:"ruleIndex"`
	Level     string          `json:"level"`
	Message   sarifMessage    `json:"message"`
	Locations []sarifLocation `json:"locations,omitempty"`
	Related   []sarifLocation `json:"relatedLocations,omitempty"`
	Fixes     []sarifFix      `json:"fixes,omitempty"`
}

type sarifLocation struct {
	Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	Message  *sarifMessage  `json:"message,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
	EndLine     int `json:"endLine,omitempty"`
	EndColumn   int `json:"endColumn,omitempty"`
}

type sarifLogical struct {
	Name string `json:"fullyQualifiedName"`
}

type sarifFix struct {
	Description *sarifMessage `json:"description,omitempty"`
	Changes     []sarifChange `json:"artifactChanges"`
}

type sarifChange struct {
	Artifact     sarifArtifact      `json:"artifactLocation"`
	Replacements []sarifReplacement `json:"replacements"`
}

type sarifReplacement struct {
	Deleted  sarifBytes    `json:"deletedRegion"`
	Inserted *sarifContent `json:"insertedContent,omitempty"`
}

type sarifBytes struct {
	Offset int `json:"byteOffset"`
	Length int `json:"byteLength"`
}

type sarifContent struct {
	Text   string `json:"text,omitempty"`
	Binary string `json:"binary,omitempty"`
}
