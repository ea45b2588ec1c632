package desk

import (
	"encoding/json"
	"fmt"
	"slices"
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

// A desk that is begun anew has what was on the one before, by the same ids, and does without files that are gone.
func TestRestore(t *testing.T) {
	d := &Desk{}
	one, two := File{"s1.zip", solutiontest.Zip(t, base)}, File{"s2.zip", solutiontest.Zip(t, orders)}
	ask[Added](t, d, "add", "", one, two, two)       // 1 to 3
	ask[Added](t, d, "add", `{"sample": true}`)      // 4 to 8
	ask[[]Item](t, d, "remove", `{"id": 2}`)         // one of the same name
	kept := ask[[]Item](t, d, "remove", `{"id": 5}`) // one of the sample
	restore := func(d *Desk, sample bool, items []Item, files ...File) Added {
		t.Helper()
		args, err := json.Marshal(map[string]any{"after": 0, "items": items, "sample": sample})
		if err != nil {
			t.Fatal(err)
		}
		return ask[Added](t, d, "restore", string(args), files...)
	}

	again := &Desk{}
	first := restore(again, false, kept[:2], one, two, two)
	second := restore(again, true, kept[2:])
	if diff := cmp.Diff(kept, second.Items); diff != "" || !slices.Equal(first.New, []int{1, 3}) {
		t.Errorf("%v; (-before +after)\n%s", first.New, diff)
	}
	if next := ask[Added](t, again, "add", `{"after": 20}`, File{"e.json", []byte(`{"solutions": []}`)}); next.New[0] != 21 {
		t.Errorf("what comes next is %v", next.New)
	}

	if less := restore(&Desk{}, false, kept[:2], two); !slices.Equal(less.New, []int{3}) {
		t.Errorf("without a file there are %v", less.New)
	}
}
