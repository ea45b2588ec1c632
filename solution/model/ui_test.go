package model_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/model"
)

const orderApp = `<ImportExportXml>
  <Entities>
    <Entity>
      <Name>contoso_Order</Name>
      <FormXml>
        <forms type="main">
          <systemform>
            <formid>{11111111-0000-0000-0000-000000000001}</formid>
            <form>
              <header><rows><row><cell><control id="header_ownerid" classid="{270BD3DB-D9AF-4782-9025-509E298DEC0A}" datafieldname="ownerid" /></cell></row></rows></header>
              <tabs><tab><columns><column><sections><section><rows><row>
                <cell><control id="contoso_name" classid="{4273EDBD-AC1D-40D3-9FB2-095C621B552D}" datafieldname="contoso_name" /></cell>
                <cell><control id="lines" classid="{E7A81278-8635-4D9E-8D4D-59480B391C5B}"><parameters><TargetEntityType>contoso_line</TargetEntityType></parameters></control></cell>
              </row></rows></section></sections></column></columns></tab></tabs>
              <footer><rows><row><cell><control id="view" classid="{5C5600E0-1D6E-4205-A272-BE80DA87FD42}"><parameters>
                <QuickForms>&lt;QuickFormIds&gt;&lt;QuickFormId entityname="account"&gt;11111111-0000-0000-0000-000000000009&lt;/QuickFormId&gt;&lt;/QuickFormIds&gt;</QuickForms>
              </parameters></control></cell></row></rows></footer>
            </form>
          </systemform>
        </forms>
      </FormXml>
      <SavedQueries><savedqueries><savedquery>
        <savedqueryid>{22222222-0000-0000-0000-000000000001}</savedqueryid>
        <fetchxml>&lt;fetch&gt;&lt;entity name="contoso_order"&gt;</fetchxml>
      </savedquery></savedqueries></SavedQueries>
    </Entity>
  </Entities>
  <AppModuleSiteMaps><AppModuleSiteMap>
    <SiteMapUniqueName>contoso_Sales</SiteMapUniqueName>
    <SiteMap><Area Id="a"><Group Id="g"><SubArea Id="orders" Entity="contoso_order" /></Group><Group Id="h"><SubArea Id="start" Url="/start" /></Group></Area></SiteMap>
  </AppModuleSiteMap></AppModuleSiteMaps>
</ImportExportXml>`

func orders() *model.Model {
	parts, err := solution.PartsOf(fstest.MapFS{"customizations.xml": {Data: []byte(orderApp)}})
	if err != nil {
		panic(err)
	}
	m, err := model.Read(parts)
	if err != nil {
		panic(err)
	}
	return m
}

func guid(t *testing.T, text string) solution.GUID {
	id, err := solution.ParseGUID(text)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// What the forms of a table bind.
func ExampleForm_AllControls() {
	table, _ := orders().Table("contoso_order")
	for form := range table.Forms() {
		for c := range form.AllControls() {
			shown, _, _ := c.Subgrid()
			fmt.Println(form.Kind(), c.Kind(), c.Column()+shown)
		}
	}
	// Output:
	// main lookup ownerid
	// main text contoso_name
	// main subgrid contoso_line
	// main quickview
}

// TestTextOfXML: XML that is written as the text of an element is read as elements, whose place is that of the element.
func TestTextOfXML(t *testing.T) {
	form, ok := orders().Form(guid(t, "11111111-0000-0000-0000-000000000001"))
	if !ok {
		t.Fatal("no form")
	}
	footer, _ := form.Footer()
	var got []string
	for row := range footer.Rows() {
		for cell := range row.Cells() {
			for control := range cell.Controls() {
				for p := range control.Parameters() {
					forms, err := p.Element().XML()
					if err != nil {
						t.Fatal(err)
					}
					id := forms.Child("QuickFormId")
					start, end := id.Span()
					got = append(got, id.Attr("entityname"), id.Text(), fmt.Sprint(start, end), id.Location().String(), id.Part())
				}
			}
		}
	}
	want := []string{"account", "11111111-0000-0000-0000-000000000009", "14 98", "customizations.xml:16:17", "customizations.xml"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// TestFetchThatIsNone: a query that is no XML is an error with the place of its element.
func TestFetchThatIsNone(t *testing.T) {
	q, ok := orders().SavedQuery(guid(t, "22222222-0000-0000-0000-000000000001"))
	if !ok {
		t.Fatal("no view")
	}
	_, err := q.Fetch()
	var syntax *solution.SyntaxError
	if !errors.As(err, &syntax) || syntax.File != "customizations.xml" || syntax.Pos.Line != 24 {
		t.Errorf("error %v", err)
	}
}

func TestAllSubAreas(t *testing.T) {
	s, ok := orders().SiteMap("Contoso_sales")
	if !ok {
		t.Fatal("no site map")
	}
	var got []string
	for a := range s.AllSubAreas() {
		got = append(got, a.ID()+" "+a.Table()+a.URL())
	}
	if d := cmp.Diff([]string{"orders contoso_order", "start /start"}, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}
