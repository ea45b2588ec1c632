package diag_test

import (
	"fmt"
	"os"
	"slices"

	"github.com/solutionkit/solutionkit/solution/diag"
)

func ExampleApply() {
	src := []byte("<Version>1.0</Version>")
	fix := diag.Fix{Message: "write four parts", Edits: []diag.Edit{{File: "solution.xml", Start: 9, End: 12, New: "1.0.0.0"}}}
	out, err := diag.Apply(src, fix.Edits)
	fmt.Println(string(out), err)
	// Output: <Version>1.0.0.0</Version> <nil>
}

func ExampleLines() {
	lines := diag.NewLines([]byte("one\ntwo\n"))
	fmt.Println(diag.Diagnostic{
		Rule: "demo/two", Severity: diag.Warning, Message: "say three",
		Location: lines.Span("count.txt", 4, 7),
	})
	// Output: count.txt:2:1: warning: say three (demo/two)
}

func ExampleJoin() {
	at := diag.NewLines([]byte("one\ntwo\n")).Span("count.txt", 4, 7)
	packed := diag.List{{Rule: "demo/two", Severity: diag.Note, Message: "say three", Location: at}}
	checked := diag.List{{Rule: "demo/two", Severity: diag.Warning, Message: "say three", Location: at}}
	for _, d := range diag.Join(packed, checked) {
		fmt.Println(d)
	}
	// Output: count.txt:2:1: warning: say three (demo/two)
}

func ExampleNewCatalogue() {
	ours := slices.Values([]diag.Rule{{ID: "demo/two", Summary: "two is not enough"}})
	theirs := slices.Values([]diag.Rule{{ID: "demo/two", Summary: "two is too many"}})
	rules, err := diag.NewCatalogue(ours)
	if err != nil {
		fmt.Println(err)
		return
	}
	rule, ok := rules.Lookup("demo/two")
	fmt.Println(rule.Summary, ok)
	_, err = diag.NewCatalogue(ours, theirs)
	fmt.Println(err)
	// Output:
	// two is not enough true
	// rule id "demo/two" is that of two rules, "two is not enough" and "two is too many": give one of them another
}

func ExampleWriteSARIF() {
	found := diag.List{{
		Rule: "demo/two", Severity: diag.Warning, Message: "say three",
		Location: diag.NewLines([]byte("one\ntwo\n")).Span("count.txt", 4, 7),
	}}
	rules, err := diag.NewCatalogue(slices.Values([]diag.Rule{{ID: "demo/two", Severity: diag.Warning, Summary: "two is not enough"}}))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := diag.WriteSARIF(os.Stdout, diag.Tool{Name: "demo", Rules: rules}, found); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {
	// 	"$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
	// 	"version": "2.1.0",
	// 	"runs": [
	// 		{
	// 			"tool": {
	// 				"driver": {
	// 					"name": "demo",
	// 					"rules": [
	// 						{
	// 							"id": "demo/two",
	// 							"shortDescription": {
	// 								"text": "two is not enough"
	// 							},
	// 							"defaultConfiguration": {
	// 								"level": "warning"
	// 							}
	// 						}
	// 					]
	// 				}
	// 			},
	// 			"columnKind": "unicodeCodePoints",
	// 			"results": [
	// 				{
	// 					"ruleId": "demo/two",
	// 					"ruleIndex": 0,
	// 					"level": "warning",
	// 					"message": {
	// 						"text": "say three"
	// 					},
	// 					"locations": [
	// 						{
	// 							"physicalLocation": {
	// 								"artifactLocation": {
	// 									"uri": "count.txt"
	// 								},
	// 								"region": {
	// 									"startLine": 2,
	// 									"startColumn": 1,
	// 									"endLine": 2,
	// 									"endColumn": 4
	// 								}
	// 							}
	// 						}
	// 					]
	// 				}
	// 			]
	// 		}
	// 	]
	// }
}
