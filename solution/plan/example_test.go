package plan_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/plan"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// pack stands for opening a zip: a packager.Package is parts, which plan.Read takes.
func pack(text string) *plan.Solution {
	s, err := solutiontest.Parse(text)
	if err != nil {
		log.Fatal(err)
	}
	parts, err := solution.PartsOf(s.FS())
	if err != nil {
		log.Fatal(err)
	}
	p, err := plan.Read(parts, nil)
	if err != nil {
		log.Fatal(err)
	}
	return p
}

var (
	contosoConnectors = `solution ContosoConnectors 1.0.0.0 managed
connector ct_5ferp id=aa auth=oauth`
	contosoOrders = `solution ContosoOrders 1.0.0.0 managed
connectionreference ct_erp custom=aa connector=ct_5ferp
workflow 22 name="On order" refs=ct_erp`
)

func ExampleResolve() {
	batch := []plan.Item{{Solution: pack(contosoOrders)}, {Solution: pack(contosoConnectors)}}
	p, err := plan.Resolve(batch, &plan.Environment{}, nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range p.Steps {
		fmt.Println(s.Action, s.Solution, s.Status)
		fmt.Println("  asks for", s.Prompts)
		for _, text := range s.ManualAfter {
			fmt.Println(" ", text)
		}
	}
	// Output:
	// install ContosoConnectors ready
	//   asks for []
	//   Enter client id, client secret and resource of connector ct_5ferp.
	//   Create a connection of connector ct_5ferp, for connection reference ct_erp of ContosoOrders.
	// install ContosoOrders ready
	//   asks for [ct_erp]
}

// An upgrade that drops what an installed solution uses is refused, and the plan says by whom.
func ExampleResolve_refusedDeletion() {
	env := &plan.Environment{Solutions: []plan.Installed{
		{Name: "Core", Order: 1, Package: pack("solution Core 1.0.0.0 managed\nentity ct_ledger")},
		{Name: "Reports", Order: 2, Package: pack(`solution Reports 1.0.0.0 managed
appmodule ct_reports tables=ct_ledger
missing entity:ct_ledger by appmodule:ct_reports in "Core (1.0.0.0)"`)},
	}}
	p, err := plan.Resolve([]plan.Item{{Solution: pack("solution Core 2.0.0.0 managed")}}, env, nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.Steps[0].Status, p.Steps[0].Deletes)
	for d := range p.Diagnostics().Rule("plan/upgrade-delete-blocked") {
		fmt.Println(d.Message)
	}
	// Output:
	// blocked [entity:ct_ledger]
	// entity:ct_ledger cannot be deleted: used by appmodule:ct_reports in Reports (0x8004F01F): import a version that does not use it first
}

func ExamplePlan_After() {
	orders := []plan.Item{{Solution: pack(contosoConnectors)}, {Solution: pack(contosoOrders)}}
	first, err := plan.Resolve(orders, nil, nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	for i := range orders {
		orders[i].Action = plan.Update
	}
	second, err := plan.Resolve(orders, first.After(), nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range second.Steps {
		fmt.Println(s.Solution, "asks for", s.Prompts, "keeps", s.Kept, "wants", len(s.Secrets), "secrets")
	}
	// Output:
	// ContosoConnectors asks for [] keeps [] wants 1 secrets
	// ContosoOrders asks for [] keeps [ct_erp] wants 0 secrets
}

func ExamplePlan_WriteText() {
	env := &plan.Environment{Solutions: []plan.Installed{{Name: "Core", Package: pack("solution Core 1.0.0.0 managed\nentity ct_ledger\nentity ct_note")}}}
	p, err := plan.Resolve([]plan.Item{{Solution: pack("solution Core 2.0.0.0 managed\nentity ct_ledger")}}, env, nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	if err := p.WriteText(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	// Can be imported: 1 step, 1 import.
	//
	// 1. Upgrade Core 1.0.0.0 -> 2.0.0.0
	//    Deletes with all data:
	//    - entity:ct_note
}

func ExampleImpact() {
	env := &plan.Environment{Solutions: []plan.Installed{{Name: "ContosoOrders", Order: 1, Package: pack(contosoOrders)}}}
	reach, err := plan.Impact(env, solution.NewKey(solution.TypeConnectionReference, "", "ct_erp", solution.GUID{}))
	if err != nil {
		log.Fatal(err)
	}
	for _, u := range reach.UsedBy {
		fmt.Println(u.By, "in", u.Solution, "uses", u.Need)
	}
	out, err := json.Marshal(reach.Blocks)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", out)
	// Output:
	// workflow:00000000-0000-0000-0000-000000000022 in ContosoOrders uses connectionreference:ct_erp
	// ["workflow:00000000-0000-0000-0000-000000000022"]
}

func ExampleUninstall() {
	env := &plan.Environment{Solutions: []plan.Installed{
		{Name: "ContosoConnectors", Order: 1, Package: pack(contosoConnectors)},
		{Name: "ContosoOrders", Order: 2, Package: pack(contosoOrders)},
	}}
	r, err := plan.Uninstall(env, "ContosoConnectors")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Blocked, r.Order, len(r.Deletes))
	// Output:
	// true [ContosoConnectors] 1
}

func ExampleRead() {
	s, err := solutiontest.Parse("solution Core 1.0.0.0 managed\nentity ct_ledger")
	if err != nil {
		log.Fatal(err)
	}
	var zip bytes.Buffer
	if err := s.WriteZip(&zip); err != nil {
		log.Fatal(err)
	}
	parts, err := packager.Open(bytes.NewReader(zip.Bytes()), int64(zip.Len()), nil)
	if err != nil {
		log.Fatal(err)
	}
	p, err := plan.Read(parts, &plan.ReadOptions{Size: int64(zip.Len())})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.Name(), p.Content().Manifest().Version())
	// Output: Core 1.0.0.0
}

// A program reads which solution is missing in which version, and who needs it, from the facts.
func ExampleFacts() {
	apps := pack(`solution Apps 1.0.0.0 managed
appmodule ct_app
missing entity:ct_ledger by appmodule:ct_app in "Core (1.2.0.0)"`)
	p, err := plan.Resolve([]plan.Item{{Solution: apps}}, nil, nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range p.Steps[0].Findings {
		if f.Rule != "plan/missing-solution" {
			continue
		}
		for _, provider := range f.Facts.Providers {
			fmt.Println(provider.Name, provider.Version, "for", f.Facts.About, "of", f.Facts.By)
		}
		fmt.Println(f.Message())
	}
	// Output:
	// Core 1.2.0.0 for entity:ct_ledger of [appmodule:ct_app]
	// appmodule:ct_app needs entity:ct_ledger, provided by Core (1.2.0.0) (not installed, not in the batch): import it first
}

// A plan that went through JSON gives the same reports.
func ExamplePlan_MarshalJSON() {
	p, err := plan.Resolve([]plan.Item{{Solution: pack("solution Core 1.0.0.0 managed\nentity ct_ledger")}}, nil, nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	document, err := json.Marshal(p)
	if err != nil {
		log.Fatal(err)
	}
	var read plan.Plan
	if err := json.Unmarshal(document, &read); err != nil {
		log.Fatal(err)
	}
	if err := read.WriteText(os.Stdout); err != nil {
		log.Fatal(err)
	}
	fmt.Println(read.After().Solutions[0].Name, "is installed then")
	// Output:
	// Can be imported: 1 step, 1 import.
	//
	// 1. Install Core 1.0.0.0
	// Core is installed then
}

func ExampleParseComponent() {
	key, err := plan.ParseComponent("attribute:Account.Name")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(key.Type(), key.Parent(), key.Name(), plan.ComponentOf(key))
	_, err = plan.ParseComponent("account")
	fmt.Println(err)
	// Output:
	// attribute account name attribute:account.name
	// "account" is no component: write kind:key, such as entity:account
}

func ExamplePolicies() {
	for p := range plan.AllPolicies() {
		if p.Name == "equal-version-update" {
			fmt.Println(p.Name, p.Values, p.Default)
		}
	}
	fmt.Println(plan.Policies{"equal-version-update": "refuse"}.Check())
	// Output:
	// equal-version-update [warning error allow] warning
	// policy equal-version-update can't be "refuse": use warning, error, allow
}

// The rules of a plan, for a log that other programs read.
func ExampleRules() {
	p, err := plan.Resolve([]plan.Item{{Solution: pack("solution Core 1.0.0.0 unmanaged")}}, nil, nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	rules, err := diag.NewCatalogue(plan.Rules())
	if err != nil {
		log.Fatal(err)
	}
	for _, d := range p.Diagnostics() {
		rule, _ := rules.Lookup(d.Rule)
		fmt.Println(d.Severity, d.Rule+":", rule.Summary)
	}
	// Output: warning plan/unmanaged-import: An unmanaged solution overwrites and cannot be removed as a unit
}
