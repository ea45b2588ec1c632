package environment_test

import (
	"fmt"

	"github.com/solutionkit/solutionkit/solution/environment"
)

// A list that the command line tool printed, and an answer of the Web API, become one environment.
func ExampleJoin() {
	list, err := environment.Read([]byte(`Connected as maya@fabrikam.example
Unique Name   Friendly Name Version Managed
FabrikamCore  Fabrikam Core 1.4.0.0 True
`), "solutions.txt")
	if err != nil {
		fmt.Println(err)
		return
	}
	references, err := environment.Read([]byte(`{"value": [{"connectionreferencelogicalname": "fab_mail", "connectionid": "c1"}]}`), "references.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	env, found := environment.Join(list, references)
	for _, s := range env.Solutions {
		fmt.Println(s.Name, s.Version, *s.Managed, s.Source)
	}
	for _, r := range env.References {
		fmt.Println(r.Name, r.ConnectionID, r.Source)
	}
	fmt.Println(len(found), "findings")
	// Output:
	// FabrikamCore 1.4.0.0 true solutions.txt:3:1
	// fab_mail c1 references.json:1:12
	// 0 findings
}

func ExampleRead_error() {
	_, err := environment.Read([]byte(`[{"SolutionUniqueName": "FabrikamCore", "VersionNumber": "next"}]`), "solutions.json")
	fmt.Println(err)
	// Output:
	// solutions.json:1:58: /0/VersionNumber: version "next": part "next" is not a number: use major.minor.build.revision
}
