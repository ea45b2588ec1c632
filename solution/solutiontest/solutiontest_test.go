package solutiontest_test

import (
	"bytes"
	"testing"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

const everything = `solution ContosoOrders 1.0.0.0 managed
publisher contoso prefix=ct option=10000
export organizationversion=9.2.1 schema=Standard
parent ContosoBase 1.0.0.0
entity ct_order
entity account behavior=2
attribute account.ct_x
attribute ct_order.ct_name choice=ct_status
systemform 11 table=ct_order columns=ct_name,ct_x library=ct_/x.js controls=ct_Contoso.Slider
systemform 12
savedquery 13 table=ct_order link=account
entityrelationship ct_account_order from=ct_order to=account
entitymap account ct_order
optionset ct_status
webresource ct_/x.js
role 14 name=Seller reads=ct_order
connector ct_5ferp id=77 auth=oauth client=abc resource=https://api.contoso.com
connectionreference ct_sp connector=shared_sharepointonline
connectionreference ct_erp custom=77
environmentvariabledefinition v_url default=a value=b
environmentvariabledefinition v_key type=secret value=c
workflow 22 name="On order" refs=ct_sp,ct_erp raw=shared_office365 child=23 variables=v_url sets=ct_orders trigger=ct_order draft=true
workflow 23
workflow 24 process=ct_order
canvasapp ct_app_1234 tables=ct_order connector=ct_5ferp raw=shared_x flow=22 refs=ct_sp needs=entity:account,connectionreference:ct_sp
customcontrol ct_Contoso.Slider
appmodule ct_app tables=ct_order sitemap=ct_app
sitemap ct_app tables=ct_order
pluginassembly "Contoso, Version=1.0.0.0" types=Contoso.A
bot ct_bot
botcomponent ct_bot.topic.x bot=ct_bot refs=ct_sp flow=22
component customapi ct_api
missing entity:far_t by systemform:11 in "Core (1.0.0.0)" anchor="ContosoAnchor (1.0)" app="Contoso App"
missing attribute:account.far_x by savedquery:13 in Active title="X"
file readme/x.txt "hello world"
`

func TestEverything(t *testing.T) {
	fsys := solutiontest.FS(t, everything)
	if err := fstest.TestFS(fsys, "solution.xml", "customizations.xml"); err != nil {
		t.Error(err)
	}
	c, err := content.Read(fsys, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range c.Diagnostics() {
		t.Log(d)
	}
	if _, err := connref.Scan(fsys); err != nil {
		t.Fatal(err)
	}
	zip := solutiontest.Zip(t, everything)
	if !bytes.Equal(zip, solutiontest.Zip(t, everything)) {
		t.Error("two zips of one text differ")
	}
	p, err := packager.Open(bytes.NewReader(zip), int64(len(zip)), nil)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := packager.Unpack(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	found, err := tree.Check()
	if err != nil {
		t.Fatal(err)
	}
	found2, err := packager.Pack(&bytes.Buffer{}, tree, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range append(found, found2...) {
		if d.Severity >= diag.Warning {
			t.Error(d)
		}
	}
}
