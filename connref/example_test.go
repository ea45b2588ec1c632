package connref_test

import (
	"fmt"
	"log"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
)

// demo stands for a zip that packager.Open opened, or for the parts of a tree.
func demo() solution.Parts {
	p, err := solution.PartsOf(fstest.MapFS{
		"customizations.xml": {Data: []byte(`<ImportExportXml><connectionreferences>
<connectionreference connectionreferencelogicalname="new_mail"><connectorid>/providers/Microsoft.PowerApps/apis/shared_office365</connectorid></connectionreference>
<connectionreference connectionreferencelogicalname="new_post"><connectorid>/providers/Microsoft.PowerApps/apis/shared_office365</connectorid></connectionreference>
</connectionreferences></ImportExportXml>`)},
		"Workflows/Send.json": {Data: []byte(`{"properties":{"connectionReferences":{
"mail":{"connection":{"connectionReferenceLogicalName":"new_mail"},"api":{"name":"shared_office365"}},
"raw":{"connection":{},"api":{"name":"shared_office365"}}}}}`)},
		"environmentvariabledefinitions/new_url/environmentvariabledefinition.xml": {Data: []byte(
			`<environmentvariabledefinition schemaname="new_url"><type>100000000</type></environmentvariabledefinition>`)},
	})
	if err != nil {
		log.Fatal(err)
	}
	return p
}

// show prints what a change does; packager.Rewrite and Tree.With write it.
func show(change *solution.Change, err error) {
	if err != nil {
		fmt.Println(err)
		return
	}
	for part := range change.Parts() {
		fmt.Println(part.Op, part.Name)
		for _, s := range part.Splices {
			fmt.Printf("  %d to %d: %q\n", s.Start, s.End, s.Text)
		}
	}
}

func ExampleRead() {
	set, err := connref.Read(demo())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range set.References {
		fmt.Println(r.LogicalName, connref.ConnectorName(r.ConnectorID), r.UsedBy)
	}
	for _, v := range set.Variables {
		fmt.Println(v.SchemaName, v.Type, v.HasValue())
	}
	// Output:
	// new_mail shared_office365 [workflow send]
	// new_post shared_office365 []
	// new_url text false
}

func ExampleParseSettings() {
	_, err := connref.ParseSettings([]byte(`{"ConnectionReferences": [{"ConnectionId": "c1"}]}`), "test.json")
	fmt.Println(err)
	st, err := connref.ParseSettings([]byte(`{"ConnectionReferences": [{"LogicalName": "new_mail", "ConnectionId": "c1"}]}`), "test.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	set, err := connref.Read(demo())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range set.Check(st) {
		fmt.Println(d.Severity, d.Rule)
	}
	// Output:
	// test.json:1:27: an entry of ConnectionReferences has no LogicalName
	// warning connref/raw-connection
	// warning connref/connection-needed
	// warning connref/value-needed
}

func ExampleSet_Settings() {
	set, err := connref.Read(demo())
	if err != nil {
		fmt.Println(err)
		return
	}
	keep, err := connref.ParseSettings([]byte(`{"EnvironmentVariables": [{"SchemaName": "new_url", "Value": "https://x"}], "Groups": ["mine"]}`), "keep.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	st, _, err := set.Settings(keep)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range st.ConnectionReferences() {
		fmt.Printf("%s %q %s\n", b.LogicalName, b.ConnectionID, b.ConnectorID)
	}
	fmt.Printf("%.92s...\n", st.Bytes())
	// Output:
	// new_mail "" /providers/Microsoft.PowerApps/apis/shared_office365
	// new_post "" /providers/Microsoft.PowerApps/apis/shared_office365
	// {"EnvironmentVariables": [{"SchemaName": "new_url", "Value": "https://x"}], "Groups": ["mine...
}

func ExampleRename() {
	show(connref.Rename(demo(), "new_mail", "new_letter"))
	// Output:
	// splice customizations.xml
	//   93 to 101: "new_letter"
	// splice Workflows/Send.json
	//   95 to 105: "\"new_letter\""
}

func ExampleMerge() {
	show(connref.Merge(demo(), "new_post", "new_mail"))
	// Output:
	// splice customizations.xml
	//   39 to 204: ""
	// splice Workflows/Send.json
	//   95 to 105: "\"new_post\""
}

func ExampleAdopt() {
	show(connref.Adopt(demo(), "new_mail"))
	// Output:
	// splice Workflows/Send.json
	//   163 to 165: "{\"connectionReferenceLogicalName\": \"new_mail\"}"
}

func ExampleSetConnector() {
	show(connref.SetConnector(demo(), "new_post", "/providers/Microsoft.PowerApps/apis/shared_gmail", solution.GUID{}))
	// Output:
	// splice customizations.xml
	//   281 to 333: "/providers/Microsoft.PowerApps/apis/shared_gmail"
}

func ExampleAddReference() {
	change, err := connref.AddReference(demo(), connref.Reference{LogicalName: "new_sql", DisplayName: "SQL", ConnectorID: "/providers/Microsoft.PowerApps/apis/shared_sql"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for part := range change.Parts() {
		fmt.Printf("%v %s%s\n", part.Op, part.Name, part.Splices[0].Text)
	}
	// Output:
	// splice customizations.xml
	// <connectionreference connectionreferencelogicalname="new_sql">
	//   <connectionreferencedisplayname>SQL</connectionreferencedisplayname>
	//   <connectorid>/providers/Microsoft.PowerApps/apis/shared_sql</connectorid>
	//   <iscustomizable>1</iscustomizable>
	//   <promptingbehavior>0</promptingbehavior>
	//   <statecode>0</statecode>
	//   <statuscode>1</statuscode>
	// </connectionreference>
}

func ExampleRemoveReference() {
	show(connref.RemoveReference(demo(), "new_mail"))
	show(connref.RemoveReference(demo(), "new_post"))
	// Output:
	// connection reference "new_mail" is used by workflow send: merge it with another one instead
	// splice customizations.xml
	//   204 to 369: ""
}

func ExampleSetVariableDefault() {
	show(connref.SetVariableDefault(demo(), "new_url", new("https://example.com")))
	// Output:
	// splice environmentvariabledefinitions/new_url/environmentvariabledefinition.xml
	//   52 to 52: "<defaultvalue>https://example.com</defaultvalue>"
}

func ExampleSetVariableValue() {
	show(connref.SetVariableValue(demo(), "new_url", new("https://test.example.com")))
	show(connref.SetVariableValue(demo(), "new_url", nil)) // there is none to clear
	// Output:
	// add environmentvariabledefinitions/new_url/environmentvariablevalues.json
}
