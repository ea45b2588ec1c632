package connref_test

import (
	"fmt"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/connref"
)

var demo = fstest.MapFS{
	"customizations.xml": {Data: []byte(`<ImportExportXml><connectionreferences>
<connectionreference connectionreferencelogicalname="new_mail"><connectorid>/providers/Microsoft.PowerApps/apis/shared_office365</connectorid></connectionreference>
</connectionreferences></ImportExportXml>`)},
}

func ExampleSet_Settings() {
	set, err := connref.Scan(demo)
	if err != nil {
		fmt.Println(err)
		return
	}
	keep, err := connref.ParseSettings([]byte(`{"EnvironmentVariables": [], "Groups": ["mine"]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	st, err := set.Settings(keep)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s\n", st.Bytes())
	// Output:
	// {"EnvironmentVariables": [], "Groups": ["mine"], "ConnectionReferences": [
	//     {
	//       "LogicalName": "new_mail",
	//       "ConnectionId": "",
	//       "ConnectorId": "/providers/Microsoft.PowerApps/apis/shared_office365"
	//     }
	//   ]}
}

func ExampleBind() {
	set, err := connref.Scan(demo)
	if err != nil {
		fmt.Println(err)
		return
	}
	env := connref.Environment{Bound: map[string]string{"new_mail": "c0ffee"}}
	for _, o := range connref.Bind(set.References, env, nil) {
		fmt.Println(o.Reference.LogicalName, o.Decision, o.Connection)
	}
	// Output: new_mail kept c0ffee
}
