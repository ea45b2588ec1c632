package plan

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A serviceEndpoint is a service bus, an event hub or a web hook to which steps send messages, and whose key is not in the
// package.
type serviceEndpoint struct {
	key      solution.Key
	address  string // of the environment that it comes from; empty if it has none
	lacks    string // the kind of key
	location diag.Location
}

// endpointKeys are what service endpoints prove themselves with, by AuthType: the choices of column authtype of table
// serviceendpoint in Microsoft's reference of tables, but for 1, ACS: what that trusts is set up on the other side.
var endpointKeys = map[int]string{
	2: "the SAS key",
	3: "the SAS token",
	4: "the key of the web hook",
	5: "the HTTP headers with the key",
	6: "the query string with the key",
	7: "the connection string",
	8: "the access key",
}

// readEndpoints reads the service endpoints that need a key which the package has not. Exports never have it: the platform
// does not let the columns SASKey, SASToken and AuthValue be read.
func (p *Solution) readEndpoints(parts solution.Parts) error {
	places := map[solution.Key]diag.Location{}
	for x := range p.content.Components() {
		if x.Key.Type() == solution.TypeServiceEndpoint {
			places[x.Key] = x.Location
		}
	}
	if len(places) == 0 {
		return nil
	}
	custom, err := solution.ReadCustomizations(parts)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) { // a missing part is for the plan to tell
			return nil
		}
		return err
	}
	for x := range custom.OfType(solution.TypeServiceEndpoint) {
		at, ok := places[x.Key]
		if !ok {
			continue
		}
		doc, err := xmlspan.ParseElement(custom.ElementBytes(x), 1, nil)
		if err != nil {
			return err
		}
		text := func(name string) string { return strings.TrimSpace(doc.Text(doc.Child(doc.Root(), name))) }
		if text("SASKey") != "" || text("SASToken") != "" || text("AuthValue") != "" || isTrue(text("UseKeyVaultConfiguration")) {
			continue // the key is here, or in a vault
		}
		way := text("AuthType")
		if way == "1" || way == "" && text("SASKeyName") == "" {
			continue // nothing says that it has a key
		}
		e := serviceEndpoint{key: x.Key, address: text("Url"), lacks: "the key", location: at}
		if e.address == "" {
			e.address = strings.TrimSuffix(text("NamespaceAddress"), "/")
			if path := text("Path"); e.address != "" && path != "" {
				e.address += "/" + path
			}
		}
		if n, err := strconv.Atoi(way); err == nil && endpointKeys[n] != "" {
			e.lacks = endpointKeys[n]
		}
		p.endpoints = append(p.endpoints, e)
	}
	return nil
}

func isTrue(text string) bool { return text == "1" || strings.EqualFold(text, "true") }

// checkEndpoints says which keys of service endpoints have to be entered. One that the environment has keeps its key.
func checkEndpoints(s *importing, out *recorder) (enter []Task) {
	for i := range s.pkg.endpoints {
		e := &s.pkg.endpoints[i]
		n := s.refer(e.key)
		if s.exists(n) {
			continue
		}
		facts := Facts{About: s.subject(n), New: e.address, Values: []string{e.lacks}}
		if s.mayExist(n) {
			facts.Case = caseMaybe
		}
		out.tell(ruleEndpointKey, e.location, []ComponentID{s.text(n)}, facts)
		enter = append(enter, Task{Kind: EnterEndpointKey, Facts: &Facts{About: facts.About, Values: facts.Values, Case: facts.Case}})
	}
	return enter
}
