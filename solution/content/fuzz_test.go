package content_test

import (
	"bytes"
	"encoding/xml"
	"testing"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/solution/content"
)

// readPart reads a solution of one part and checks that every place lies within it.
func readPart(t *testing.T, name string, src []byte) {
	t.Helper()
	c, err := content.Read(partsOf(t, fstest.MapFS{name: {Data: src}}), nil)
	if err != nil {
		return
	}
	for ref := range c.References() {
		if at := ref.Location; at.File == name && (at.Start.Offset < 0 || at.End.Offset > len(src) || at.End.Offset < at.Start.Offset) {
			t.Fatalf("%v outside of its part: %+v", ref.Edge, at)
		}
		if ref.To.Name() == "" && ref.To.ID().IsZero() && ref.Resolved != content.Unknown {
			t.Fatalf("%v refers to nothing, and is not said to be unknown: %+v", ref.Edge, ref)
		}
	}
}

func FuzzFlow(f *testing.F) {
	f.Add([]byte(`{"properties":{"connectionReferences":{"a":{"connection":{"connectionReferenceLogicalName":"cts_a"},"api":{"name":"shared_x"}},"b":{"connection":{},"api":{"name":"shared_y"}}},"definition":{"parameters":{"V (cts_v)":{"metadata":{"schemaName":"cts_v"}}}}}}`))
	f.Add([]byte(`{"inputs":{"host":{"apiId":"/apis/shared_commondataserviceforapps","workflowReferenceName":"{dddddddd-0000-0000-0000-000000000001}"},"parameters":{"entityName":"@x","subscriptionRequest/entityname":"account"}}}`))
	f.Add([]byte(`{"operationId":"aibuilderpredict_customprompt","recordId":"dddddddd-0000-0000-0000-000000000001"`))
	f.Fuzz(func(t *testing.T, src []byte) { readPart(t, "Workflows/a.json", src) })
}

func FuzzCanvasApp(f *testing.F) {
	f.Add(`{"a":{"dataSources":{"b":{"logicalName":"c"}}}}`, `{"cdsdependencies":[{"componenttype":1,"logicalname":"b"},{"componenttype":29,"dependencyid":"x"}]}`,
		`{"g":{"isCustomApiSolutionAware":true,"customApiLogicalName":"cts_x","parameterHints":{"workflowEntityId":{"value":"y"}},"xrmConnectionReferenceLogicalName":"cts_r"}}`)
	f.Add(`{"a":`, `[]`, `null`)
	f.Fuzz(func(t *testing.T, tables, dependencies, connections string) {
		var b bytes.Buffer
		b.WriteString("<ImportExportXml><CanvasApps><CanvasApp><Name>a</Name>")
		for _, part := range [][2]string{{"DatabaseReferences", tables}, {"CdsDependencies", dependencies}, {"ConnectionReferences", connections}} {
			b.WriteString("<" + part[0] + ">")
			if err := xml.EscapeText(&b, []byte(part[1])); err != nil {
				t.Fatal(err)
			}
			b.WriteString("</" + part[0] + ">")
		}
		b.WriteString("</CanvasApp></CanvasApps></ImportExportXml>")
		readPart(t, "customizations.xml", b.Bytes())
	})
}

func FuzzTopic(f *testing.F) {
	f.Add([]byte("kind: AdaptiveDialog\nbeginDialog:\n  - flowId: dddddddd-0000-0000-0000-000000000001\n    connectionReference: cts_a\n    dialog: cts_bot.topic.b\n    value: =Env.cts_v & \"x\"\n"))
	f.Add([]byte("flowId: x\n  \n - "))
	f.Add([]byte("- flowId: 'x' # y\r\n  a: =Env.new_b\n"))
	f.Fuzz(func(t *testing.T, src []byte) { readPart(t, "botcomponents/a/data", src) })
}

func FuzzDialog(f *testing.F) {
	f.Add([]byte(`{"actionDefinitions":[{"actionType":"Flow","flowMetadata":{"id":"dddddddd-0000-0000-0000-000000000001"}},{"flowMetadata":[]}],"flowMetadata":{}}`))
	f.Fuzz(func(t *testing.T, src []byte) { readPart(t, "botcomponents/a/content.json", src) })
}

func FuzzPage(f *testing.F) {
	f.Add([]byte(`<!-- <a href="ct_a"> --><script src="../js/ct_b.js?c">if (a<b) "x"</script><link href=ct_c.css><style>@import "ct_d.css"; p{x:url('ct_e.png')}</style><img src=`), []byte(`@import 'ct_a.css';/* url(ct_b)`))
	f.Add([]byte(`<a href='ct_a>`), []byte(`url(`))
	f.Fuzz(func(t *testing.T, page, style []byte) {
		customizations := []byte(`<ImportExportXml><WebResources>
			<WebResource><Name>ct_p/a.html</Name><WebResourceType>1</WebResourceType><FileName>/WebResources/a</FileName></WebResource>
			<WebResource><Name>ct_p/a.css</Name><WebResourceType>2</WebResourceType><FileName>/WebResources/b</FileName></WebResource></WebResources></ImportExportXml>`)
		c, err := content.Read(partsOf(t, fstest.MapFS{"customizations.xml": {Data: customizations}, "WebResources/a": {Data: page}, "WebResources/b": {Data: style}}), nil)
		if err != nil {
			t.Fatal(err)
		}
		sizes := map[string]int{"WebResources/a": len(page), "WebResources/b": len(style)}
		for ref := range c.References() {
			if at := ref.Location; at.Start.Offset < 0 || at.End.Offset > sizes[at.File] || at.End.Offset < at.Start.Offset {
				t.Fatalf("%v outside of its part: %+v", ref.Edge, at)
			}
		}
	})
}

func FuzzProcess(f *testing.F) {
	f.Add([]byte(`<A xmlns:m="x"><m:StartChildWorkflow EntityName="account" WorkflowId="{dddddddd-0000-0000-0000-000000000001}"/><m:ActivityReference AssemblyQualifiedName="A.B, A, Version=1.0.0.0"/></A>`))
	f.Add([]byte(`<A EntityName="[x]" AssemblyQualifiedName=""`))
	f.Fuzz(func(t *testing.T, src []byte) {
		customizations := []byte(`<ImportExportXml><Workflows><Workflow WorkflowId="{dddddddd-0000-0000-0000-000000000002}" Name="a"><XamlFileName>/Workflows/a.xaml</XamlFileName></Workflow></Workflows></ImportExportXml>`)
		c, err := content.Read(partsOf(t, fstest.MapFS{"customizations.xml": {Data: customizations}, "Workflows/a.xaml": {Data: src}}), nil)
		if err != nil {
			return
		}
		for ref := range c.References() {
			if at := ref.Location; at.Start.Offset < 0 || at.End.Offset > len(src) || at.End.Offset < at.Start.Offset {
				t.Fatalf("%v outside of its part: %+v", ref.Edge, at)
			}
		}
	})
}
