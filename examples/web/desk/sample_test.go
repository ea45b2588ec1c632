package desk

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// The sample has something to show in every document.
func TestSample(t *testing.T) {
	d := &Desk{}
	added := ask[Added](t, d, "add", `{"sample": true}`)
	var got []string
	for _, it := range added.Items {
		got = append(got, fmt.Sprintf("%s %s %v", it.Kind, it.Name, it.Packs))
	}
	want := []string{"solution sample/base [managed]", "solution sample/orders_1_2 [managed]", "solution sample/orders_1_3 [managed]", "environment sample/environment.json []", "connectors sample []"}
	if diff := cmp.Diff(want, got); diff != "" || len(added.Problems) > 0 {
		t.Fatalf("problems %v, items (-want +got)\n%s", added.Problems, diff)
	}
	contains(t, texts(ask[[]Block](t, d, "inventory", `{}`)), "Contoso Orders", "Remind of what is due", "cts_documents")
	contains(t, texts(ask[[]Block](t, d, "compare", `{"old": 2, "new": 3}`)), "1 breaking", "Discount")
	contains(t, texts(ask[Picture](t, d, "picture", `{}`).Blocks), "When an order is placed")
	rulesOf := map[int]map[string]bool{}
	for _, f := range ask[[]Finding](t, d, "findings", `{}`) {
		if rulesOf[f.Item] == nil {
			rulesOf[f.Item] = map[string]bool{}
		}
		rulesOf[f.Item][f.Rule] = true
	}
	if !rulesOf[3]["connref/reference-missing"] || rulesOf[2]["connref/reference-missing"] || len(rulesOf[5]) == 0 {
		t.Errorf("findings by item: %v", rulesOf)
	}
	plan := ask[Runbook](t, d, "plan", `{}`)
	contains(t, texts(plan.Blocks), "ContosoOrders | 1.2.0.0 -> 1.3.0.0 | upgrade", "cts_order.cts_discount")
	contains(t, plan.Automatic[2], "environment.json")
}

// A desk that is begun anew has what was on the one before, by the same ids.
func TestRestore(t *testing.T) {
	d := on(t, base, orders)
	ask[Added](t, d, "add", `{"sample": true}`) // 3 to 7
	ask[[]Item](t, d, "remove", `{"id": 1}`)
	kept := ask[[]Item](t, d, "remove", `{"id": 5}`)

	again := &Desk{}
	if empty := ask[Added](t, again, "restore", `{"after": 0, "ids": []}`, File{"s1.zip", solutiontest.Zip(t, base)}); len(empty.Items) != 0 {
		t.Errorf("what was removed is there: %v", empty.Items)
	}
	ask[Added](t, again, "restore", `{"after": 1, "ids": [2]}`, File{"s2.zip", solutiontest.Zip(t, orders)})
	added := ask[Added](t, again, "restore", `{"after": 2, "ids": [3, 4, 6, 7], "sample": true}`)
	if diff := cmp.Diff(kept, added.Items); diff != "" {
		t.Errorf("(-before +after)\n%s", diff)
	}
	if next := ask[Added](t, again, "add", "", File{"e.json", []byte(`{"solutions": []}`)}); next.New[0] != 8 {
		t.Errorf("what comes next is %v", next.New)
	}
}
