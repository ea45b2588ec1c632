package connector

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// Compare returns what differs between two versions of a connector for those who use it: operations and their parameters,
// bodies, answers and notifications, authentication, host. Texts, icons and what only designers ask for do not matter here.
// Operations are matched by operationId without regard to case. References are followed, and the two may have different forms.
//
// Whether a change breaks something is judged from the definitions alone: a script or policy may make up for it.
func Compare(old, new *Connector) []Change {
	c := &comparison{old: old.index(), new: new.index(), alike: map[alike]bool{}}
	if c.old.Def.Missing || c.new.Def.Missing {
		c.missing()
	} else {
		c.address()
	}
	c.authentication()
	if !c.old.Def.Missing && !c.new.Def.Missing {
		c.operations()
		c.scripts()
	}
	c.place()
	return c.found
}

// A comparison is one call of Compare.
type comparison struct {
	old, new *index.Connector
	found    []Change
	places   []changePlace // of found, one by one
	alike    map[alike]bool
	pairs    int  // of schemas that were looked at
	cut      bool // they were too many

	o, n *index.Operation // that are compared, nil outside of operations
}

// A changePlace is where a change stands in the two versions.
type changePlace struct{ old, new index.Value }

// place gives the changes their locations. JSON Pointers are made in the order of the files, as each alone would walk through all
// that stands before it.
func (c *comparison) place() {
	for _, side := range []struct {
		of func(i int) index.Value
		to func(i int) *diag.Location
	}{
		{func(i int) index.Value { return c.places[i].old }, func(i int) *diag.Location { return &c.found[i].Old }},
		{func(i int) index.Value { return c.places[i].new }, func(i int) *diag.Location { return &c.found[i].New }},
	} {
		order := make([]int, len(c.found))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int {
			x, y := side.of(a), side.of(b)
			return cmp.Or(strings.Compare(x.File.Name, y.File.Name), cmp.Compare(x.Node, y.Node))
		})
		var of *index.File
		var pointers *jsonspan.Pointers
		for _, i := range order {
			v, at := side.of(i), side.to(i)
			*at = v.File.Place(v.Node, true)
			if v.File.Tree == nil || at.Path != "" {
				continue
			}
			if v.File != of {
				of, pointers = v.File, v.File.Tree.Pointers()
			}
			at.Path = pointers.At(v.Node)
		}
	}
}

// add notes a change. An index.Value that is absent stands for what would hold it.
func (c *comparison) add(rule string, impact Impact, subject string, old, new index.Value, reason, format string, args ...any) {
	x := Change{Rule: rule, Impact: impact, Subject: subject, What: fmt.Sprintf(format, args...), Reason: reason}
	if c.o != nil {
		x.Operation = c.o.ID
		if c.o.Internal() && impact == Breaking {
			x.Impact, x.Reason = Unknown, reasonInternal
		}
		if !old.OK() {
			old = c.oldAt(c.o.Node)
		}
	}
	if c.n != nil {
		if x.Operation == "" {
			x.Operation = c.n.ID
		}
		if !new.OK() {
			new = c.newAt(c.n.Node)
		}
	}
	if !old.OK() {
		old = c.oldAt(c.old.Def.Paths)
	}
	if !new.OK() {
		new = c.newAt(c.new.Def.Paths)
	}
	c.found = append(c.found, x)
	c.places = append(c.places, changePlace{old, new})
}

func (c *comparison) oldAt(n int32) index.Value { return index.Value{File: c.old.Def.File, Node: n} }
func (c *comparison) newAt(n int32) index.Value { return index.Value{File: c.new.Def.File, Node: n} }

// missing tells that a solution lacks a definition, of which nothing can be said.
func (c *comparison) missing() {
	if c.old.Def.Missing != c.new.Def.Missing {
		which := "new"
		if c.old.Def.Missing {
			which = "old"
		}
		c.add(changeOperationGone, Unknown, "", index.Value{}, index.Value{}, "its operations are not known", "the definition of the %s version is not in its package", which)
	}
}

func (c *comparison) address() {
	for _, x := range []struct {
		name     string
		old, new int32
	}{{"host", c.old.Def.Host, c.new.Def.Host}, {"basePath", c.old.Def.BasePath, c.new.Def.BasePath}} {
		was, is := c.old.Def.Text(x.old), c.new.Def.Text(x.new)
		if x.name == "basePath" {
			was, is = strings.TrimSuffix(was, "/"), strings.TrimSuffix(is, "/")
		}
		if !strings.EqualFold(was, is) {
			c.add(changeHost, Unknown, x.name, c.oldAt(x.old), c.newAt(x.new), "all calls go there, and it has to take them as before",
				"%s was %s and is %s", x.name, quoted(c.old.Def.Text(x.old)), quoted(c.new.Def.Text(x.new)))
		}
	}
}

func (c *comparison) operations() {
	byFold := map[string]*index.Operation{}
	for _, o := range c.new.Def.Ops {
		if key := strings.ToLower(o.ID); o.ID != "" && byFold[key] == nil {
			byFold[key] = o
		}
	}
	had := map[string]bool{}
	for _, o := range c.old.Def.Ops {
		had[strings.ToLower(o.ID)] = true
	}
	taken := map[*index.Operation]bool{} // by another name
	renamed := map[string]*index.Operation{}
	for _, n := range c.new.Def.Ops {
		if key := n.Method + " " + n.Item.Pattern(); n.ID != "" && !had[strings.ToLower(n.ID)] && renamed[key] == nil {
			renamed[key] = n
		}
	}
	for _, o := range c.old.Def.Ops {
		if o.ID == "" {
			continue
		}
		n := c.new.Def.ByID[o.ID]
		if n == nil {
			n = byFold[strings.ToLower(o.ID)]
		}
		c.o, c.n = o, n
		if n == nil {
			c.gone(o, renamed, taken)
		} else {
			c.operation(o, n)
		}
	}
	c.o = nil
	for _, n := range c.new.Def.Ops {
		if c.n = n; n.ID != "" && !had[strings.ToLower(n.ID)] && !taken[n] {
			c.add(changeAdded, Safe, "", c.oldAt(c.old.Def.Paths), c.newAt(n.Node), reasonNothing, "operation %s is new", n.ID)
		}
	}
	c.n = nil
	if c.cut {
		c.add(changeTooLarge, Unknown, "", index.Value{}, index.Value{}, "what was not looked at is not told", "the schemas of the operations are too large to be compared wholly")
	}
}

// gone tells of an operation whose id is not there any more: it may have another one.
func (c *comparison) gone(o *index.Operation, renamed map[string]*index.Operation, taken map[*index.Operation]bool) {
	if n := renamed[o.Method+" "+o.Item.Pattern()]; n != nil {
		taken[n] = true
		c.add(changeOperationGone, Breaking, "", c.oldAt(o.Node), c.newAt(n.Node), reasonCalls, "operation %s is called %s now", o.ID, n.ID)
		return
	}
	c.add(changeOperationGone, Breaking, "", c.oldAt(o.Node), index.Value{}, reasonCalls, "operation %s is gone", o.ID)
}

func (c *comparison) operation(o, n *index.Operation) {
	if o.ID != n.ID {
		c.add(changeOperationGone, Unknown, "", c.oldAt(o.IDNode), c.newAt(n.IDNode), "apps tell capital letters apart", "operation %s is written %s now", o.ID, n.ID)
	}
	if o.Method != n.Method || o.Item.Pattern() != n.Item.Pattern() {
		c.add(changeAddress, Breaking, "", c.oldAt(o.Node), c.newAt(n.Node), "what exists calls the new address with what it sent to the old one",
			"operation %s was %s %s and is %s %s", o.ID, strings.ToUpper(o.Method), o.Item.Path, strings.ToUpper(n.Method), n.Item.Path)
	}
	switch was, is := o.Trigger != jsonspan.None, n.Trigger != jsonspan.None; {
	case was && !is:
		c.add(changeTrigger, Breaking, "", c.oldAt(o.Trigger), c.newAt(n.Node), "flows that start with it do not start", "trigger %s is an action now", o.ID)
	case !was && is:
		c.add(changeTrigger, Breaking, "", c.oldAt(o.Node), c.newAt(n.Trigger), "flows that call it fail", "action %s is a trigger now", o.ID)
	case was && o.TriggerKind() != n.TriggerKind():
		c.add(changeTriggerKind, Breaking, "", c.oldAt(o.Trigger), c.newAt(n.Trigger), "what flows read of it has another form",
			"trigger %s was for %s and is for %s", o.ID, kindWord(o.TriggerKind()), kindWord(n.TriggerKind()))
	case was && o.IsWebhook() != n.IsWebhook():
		c.add(changeTriggerKind, Unknown, "", c.oldAt(o.Trigger), c.newAt(n.Trigger), "flows that exist are subscribed, or poll, until they are saved again",
			"trigger %s was %s and is %s", o.ID, wayWord(o), wayWord(n))
	}
	if !o.Internal() && n.Internal() {
		c.add(changeHidden, Unknown, "", c.oldAt(o.Node), c.newAt(n.Visibility), "it goes on, but nobody can edit it in a designer", "operation %s is internal now", o.ID)
	}
	if !c.old.Def.IsTrue(o.Deprecated) && c.new.Def.IsTrue(n.Deprecated) {
		c.add(changeDeprecated, Safe, "", c.oldAt(o.Node), c.newAt(n.Deprecated), "it goes on, but designers do not offer it", "operation %s is deprecated now", o.ID)
	}
	c.parameters(o, n)
	c.answers(o, n)
}

func kindWord(kind string) string {
	if kind == "batch" {
		return "batches"
	}
	return "single items"
}

func wayWord(o *index.Operation) string {
	if o.IsWebhook() {
		return "a webhook"
	}
	return "polled"
}

func (c *comparison) parameters(o, n *index.Operation) {
	var gone, added []*index.Parameter
	was, is := byName(o), byName(n)
	for _, p := range o.List {
		if was[p.NameText] != p {
			continue
		}
		if q := is[p.NameText]; q == nil {
			gone = append(gone, p)
		} else {
			c.parameter(p, q)
		}
	}
	for _, q := range n.List {
		if is[q.NameText] == q && was[q.NameText] == nil {
			added = append(added, q)
		}
	}
	renamed := c.renamed(gone, added)
	for _, p := range gone {
		switch {
		case c.old.Def.IsInternal(&p.Keywords):
			c.add(changeParameterGone, Safe, p.NameText, c.oldAt(p.Use), index.Value{}, reasonInternalParameter, "parameter %s of %s is gone", quoted(p.NameText), o.ID)
		case renamed != nil:
			c.add(changeParameterGone, Breaking, p.NameText, c.oldAt(p.Use), c.newAt(renamed.Use), reasonSends, "parameter %s of %s is called %s now", quoted(p.NameText), o.ID, quoted(renamed.NameText))
		default:
			c.add(changeParameterGone, Breaking, p.NameText, c.oldAt(p.Use), index.Value{}, reasonSends, "parameter %s of %s is gone", quoted(p.NameText), o.ID)
		}
	}
	for _, q := range added {
		if q != renamed {
			c.required(q.NameText, fmt.Sprintf("parameter %s of %s", quoted(q.NameText), o.ID), index.Value{}, c.newAt(q.Use), &q.Keywords, c.new.Def.IsRequired(q), true)
		}
	}
	c.body(o, n)
}

// byName returns the parameters of an operation but its body, the first of each name.
func byName(o *index.Operation) map[string]*index.Parameter {
	m := make(map[string]*index.Parameter, len(o.List))
	for _, p := range o.List {
		if !p.Broken && p.Place != "body" && m[p.NameText] == nil {
			m[p.NameText] = p
		}
	}
	return m
}

// renamed returns the parameter that the one which is gone has become: the only new one, at the same place and of the same type.
func (c *comparison) renamed(gone, added []*index.Parameter) *index.Parameter {
	if len(gone) != 1 || len(added) != 1 || gone[0].Place != added[0].Place ||
		c.old.Def.Text(gone[0].Type) != c.new.Def.Text(added[0].Type) || c.old.Def.IsInternal(&gone[0].Keywords) {
		return nil
	}
	return added[0]
}

func (c *comparison) parameter(p, q *index.Parameter) {
	name := fmt.Sprintf("parameter %s of %s", quoted(p.NameText), c.o.ID)
	if p.Place != q.Place {
		c.add(changeParameterGone, Breaking, p.NameText, c.oldAt(p.Use), c.newAt(q.Use), "it is sent where the service did not look for it", "%s was in %s and is in %s", name, p.Place, q.Place)
	}
	if !c.old.Def.IsRequired(p) && c.new.Def.IsRequired(q) {
		c.required(p.NameText, name, c.oldAt(p.Use), c.newAt(q.Use), &q.Keywords, true, false)
	}
	if !c.old.Def.IsInternal(&p.Keywords) && c.new.Def.IsInternal(&q.Keywords) {
		c.add(changeHidden, Unknown, p.NameText, c.oldAt(p.Use), c.newAt(q.Use), reasonSaved, "%s is internal now", name)
	}
	s := &schemaComparison{comparison: c, input: true, flat: true, what: "parameter"}
	s.value(p.NameText, c.old.Def.Filled(p.Keywords), c.new.Def.Filled(q.Keywords))
}

// required tells of an input that is new, or required where it was not.
func (c *comparison) required(subject, name string, old, new index.Value, k *index.Keywords, required, isNew bool) {
	word := "is required now"
	if isNew {
		word = "is new and required"
	}
	switch hasDefault, internal := k.Def != jsonspan.None, c.new.Def.IsInternal(k); {
	case !required:
		c.add(changeAdded, Safe, subject, old, new, reasonNothing, "%s is new", name)
	case hasDefault && internal:
		c.add(changeParameterRequired, Safe, subject, old, new, "the platform sends the default", "%s %s, internal and with a default", name, word)
	case hasDefault:
		c.add(changeParameterRequired, Unknown, subject, old, new, "flows that exist do not send it, and the default may be given only where somebody edits them", "%s %s, with a default", name, word)
	default:
		c.add(changeParameterRequired, Breaking, subject, old, new, "flows that exist do not send it", "%s %s", name, word)
	}
}

func (c *comparison) body(o, n *index.Operation) {
	p, q := o.Body(), n.Body()
	switch {
	case p == nil && q == nil:
		return
	case p == nil:
		c.required(q.NameText, "the body of "+o.ID, index.Value{}, c.newAt(q.Use), &q.Keywords, c.new.Def.IsRequired(q), true)
		return
	case q == nil:
		c.add(changeParameterGone, Breaking, p.NameText, c.oldAt(p.Use), index.Value{}, reasonSends, "the body of %s is gone", o.ID)
		return
	}
	if p.NameText != q.NameText {
		c.add(changeParameterGone, Breaking, p.NameText, c.oldAt(p.Use), c.newAt(q.Use), "flows name the properties of a body by it",
			"the body of %s was called %s and is called %s", o.ID, quoted(p.NameText), quoted(q.NameText))
	}
	if !c.old.Def.IsRequired(p) && c.new.Def.IsRequired(q) {
		c.add(changeParameterRequired, Unknown, p.NameText, c.oldAt(p.Use), c.newAt(q.Use), "flows that send nothing fail", "the body of %s is required now", o.ID)
	}
	if p.Schema != jsonspan.None && q.Schema != jsonspan.None {
		s := &schemaComparison{comparison: c, input: true, what: "property", seen: map[[2]int32]bool{}}
		s.compare(p.NameText, p.Schema, q.Schema, c.old.Def.IsRequired(p))
	}
}

// answers compares what an operation gives: the response that designers show, and the notification of a webhook.
func (c *comparison) answers(o, n *index.Operation) {
	if !o.IsWebhook() || !n.IsWebhook() { // the answer to a subscription is for the platform
		_, was := o.SuccessResponse()
		_, is := n.SuccessResponse()
		c.output("the answer", schemaOf(c.old.Def, was), schemaOf(c.new.Def, is), c.oldAt(o.Node), c.newAt(n.Node))
	}
	if o.Trigger != jsonspan.None && n.Trigger != jsonspan.None {
		c.output("the notification", schemaOf(c.old.Def, o.Item.Notification), schemaOf(c.new.Def, n.Item.Notification), c.oldAt(o.Item.Node), c.newAt(n.Item.Node))
	}
}

func schemaOf(d *index.Definition, n int32) int32 {
	if !d.IsObject(n) {
		return jsonspan.None
	}
	return d.Tree.Get(n, "schema")
}

func (c *comparison) output(what string, old, new int32, oldHolder, newHolder index.Value) {
	switch {
	case old == jsonspan.None && new == jsonspan.None:
	case old == jsonspan.None:
		c.add(changeAdded, Safe, "", oldHolder, c.newAt(new), reasonNothing, "%s of %s has a schema now", what, c.o.ID)
	case new == jsonspan.None:
		k, ok := c.old.Def.Resolve(old)
		impact, reason := Unknown, reasonMayRead
		if ok && k.Properties|k.Items|k.AllOf != jsonspan.None {
			impact, reason = Breaking, "designers show nothing of it, and flows and apps that read it fail when they are saved again"
		}
		if ok && c.old.Def.IsObject(k.Node) && c.old.Def.Tree.Node(k.Node).Count > 0 {
			c.add(changeResponse, impact, "", c.oldAt(old), newHolder, reason, "%s of %s has no schema any more", what, c.o.ID)
		}
	default:
		s := &schemaComparison{comparison: c, what: what, seen: map[[2]int32]bool{}}
		s.compare("", old, new, true)
	}
}

// scripts tells of what does or does not go through the script any more.
func (c *comparison) scripts() {
	c.o, c.n = nil, nil
	was, is := c.old.HasScript(), c.new.HasScript()
	old, new := c.old.Props.ScriptOps, c.new.Props.ScriptOps
	switch {
	case was && !is:
		c.add(changeScript, Unknown, "", old, new, "what it did to requests and answers is not done any more", "the script is gone")
	case !was && is:
		c.add(changeScript, Unknown, "", old, new, "it may change requests and answers", "a script is new")
	case was && is:
		a, b := old.Strings(), new.Strings()
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			c.add(changeScript, Safe, "", old, new, "the definition says what they take and give", "the script is for %s, and was for %s", operationsWord(b), operationsWord(a))
		}
	}
}

func operationsWord(ids []string) string {
	if len(ids) == 0 {
		return "all operations"
	}
	return strings.Join(ids, ", ")
}
