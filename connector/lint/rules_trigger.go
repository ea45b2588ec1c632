package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

func triggerRules() []rule {
	return []rule{
		{"CONN-TRIG-001", fails, Always, `x-ms-trigger is neither "single" nor "batch"`, "", nil},
		{"CONN-TRIG-002", warns, Always, "a trigger hint on an action", "", operationCheck(hintOnAction)},
		{"CONN-TRIG-003", fails, Always, "a webhook whose path item has no x-ms-notification-content", "", operationCheck(notificationContentMissing)},
		{"CONN-TRIG-004", fails, Always, "x-ms-notification-content without a notification url in the trigger", "", operationCheck(notificationURLMissing)},
		{"CONN-TRIG-005", fails, Always, "the notification url is no string", "", schemaCheck(notificationURLString)},
		{"CONN-TRIG-006", warns, Certification, "neither the notification url nor a parent is internal", "", operationCheck(notificationURLInternal)},
		{"CONN-TRIG-007", warns, Certification, "the notification url is not required at every level", "", operationCheck(notificationURLRequired)},
		{"CONN-TRIG-008", warns, Always, "a notification url outside of an input body", "The platform's validator names it; published connectors have it in the echo of a subscription.", schemaCheck(notificationURLPlace)},
		{"CONN-TRIG-009", warns, Always, "no delete operation to end the subscription", "The Location header of the answer to the subscription names a path that is called with DELETE; the definition needs it, normally as an internal operation.", connectorCheck(deleteMissing)},
		{"CONN-TRIG-010", warns, Always, "a polling trigger that is no GET", "", operationCheck(pollingMethod)},
		{"CONN-TRIG-011", warns, Always, "a polling trigger without a pollingtrigger policy and without a response 202", "", operationCheck(pollingPolicy)},
		{"CONN-TRIG-012", fails, Always, "x-ms-notification on an action or webhook, or naming no webhook", "", operationCheck(notificationTarget)},
		{"CONN-TRIG-013", fails, Always, "x-ms-operation-context names an unknown operation", "A parameter that the operation does not have, or one that it requires and is not given, is a warning.", operationCheck(simulateTarget)},
		{"CONN-TRIG-014", warns, Certification, "fetch and subscribe operations disagree on a parameter", "Same name, same type and visibility.", operationCheck(notificationParameters)},
		{"CONN-TRIG-015", warns, Always, "a batch trigger whose answer is no array", "Directly, or at the triggerDataPath of its policy.", operationCheck(batchArray)},
		{"CONN-TRIG-016", warns, Always, "a notification url in an operation that is no trigger", "Actions that wait for an answer do so on purpose; others forgot x-ms-trigger.", operationCheck(notificationURLOnAction)},
		{"CONN-TRIG-017", warns, Always, "two notification urls in one operation", "The platform fills one.", operationCheck(notificationURLTwice)},
		{"CONN-TRIG-018", warns, Always, "a webhook that is a batch trigger", "Batch is for triggers that are polled.", operationCheck(batchWebhook)},
	}
}

func hintOnAction(l *lint, o *index.Operation) {
	if o.Hint != jsonspan.None && o.Trigger == jsonspan.None {
		l.find(o.Hint, "%s is an action: remove the trigger hint", o.ID).key().fixRemove()
	}
}

func notificationContentMissing(l *lint, o *index.Operation) {
	if o.Trigger != jsonspan.None && o.Item.Notification == jsonspan.None && o.NotificationURL() != nil {
		l.find(o.Item.Node, "webhook %s needs x-ms-notification-content in its path item: describe what is sent", o.ID).key()
	}
}

func notificationURLMissing(l *lint, o *index.Operation) {
	if o.Item.Notification == jsonspan.None || o.Trigger == jsonspan.None {
		return
	}
	for _, other := range o.Item.Ops {
		if other.NotificationURL() != nil {
			return
		}
	}
	if p := o.Body(); p != nil && p.Schema != jsonspan.None {
		if k, ok := l.d.Resolve(p.Schema); !ok || k.Dynamic() {
			return
		}
	}
	l.find(o.Item.Notification, "no property of the body of %s has x-ms-notification-url: mark the one that takes the address", o.ID).key()
}

func notificationURLString(l *lint, s *schemaAt) {
	if s.NotificationURL == jsonspan.None || !l.d.Tree.True(s.NotificationURL) {
		return
	}
	k := l.d.Filled(s.Keywords)
	switch {
	case k.Type == jsonspan.None || l.d.TypeIs(&k, "string"):
	case s.Type != jsonspan.None:
		l.find(s.Type, "the notification url must be a string").fixReplace(`"string"`)
	default:
		l.find(s.NotificationURL, "the notification url must be a string, and this schema is %s by reference", article(l.d.Text(k.Type))).key()
	}
}

func notificationURLInternal(l *lint, o *index.Operation) {
	way := o.NotificationURL()
	if way == nil || o.Trigger == jsonspan.None {
		return
	}
	for _, at := range way {
		if l.d.IsInternal(&at.Keywords) {
			return
		}
	}
	if p := o.Body(); l.d.IsInternal(&p.Keywords) {
		return
	}
	last := way[len(way)-1]
	f := l.find(last.Node, "the notification url of %s must be internal: makers cannot know it", o.ID)
	if last.Visibility == jsonspan.None {
		f.fixInsert("x-ms-visibility", `"internal"`)
	}
}

func notificationURLRequired(l *lint, o *index.Operation) {
	way := o.NotificationURL()
	if o.Trigger == jsonspan.None {
		return
	}
	for _, at := range way {
		if !at.Mandatory {
			l.find(way[len(way)-1].Node, "the notification url of %s must be required, and so must every object around it", o.ID)
			return
		}
	}
}

func notificationURLPlace(l *lint, s *schemaAt) {
	if s.NotificationURL != jsonspan.None && l.d.Tree.True(s.NotificationURL) && s.output && !s.input {
		l.find(s.NotificationURL, "a notification url belongs into the body of a trigger: remove it here").key().fixRemove()
	}
}

func deleteMissing(l *lint) {
	var webhook *index.Operation
	for _, o := range l.d.Ops {
		if o.Method == "delete" {
			return
		}
		if webhook == nil && o.Trigger != jsonspan.None && o.NotificationURL() != nil {
			webhook = o
		}
	}
	if webhook != nil {
		l.find(webhook.Node, "nothing ends the subscription of %s: add an internal DELETE operation for the address in the Location header", webhook.ID).key()
	}
}

func pollingMethod(l *lint, o *index.Operation) {
	if o.IsPolling() && o.Method != "get" {
		l.find(o.Node, "polling trigger %s is a %s: use GET", o.ID, strings.ToUpper(o.Method)).key()
	}
}

// pollingOf returns the pollingtrigger policy of an operation.
func (l *lint) pollingOf(o *index.Operation) *index.Policy {
	for i := range l.c.Props.Instances {
		if p := &l.c.Props.Instances[i]; p.Template == "pollingtrigger" && p.Covers(o.ID) {
			return p
		}
	}
	return nil
}

func pollingPolicy(l *lint, o *index.Operation) {
	if !o.IsPolling() || !l.c.Props.Known() || l.pollingOf(o) != nil {
		return
	}
	if o.Responses != jsonspan.None && l.d.Tree.Get(o.Responses, "202") != jsonspan.None {
		return
	}
	l.find(o.Node, "polling trigger %s has neither a pollingtrigger policy nor a response 202: add one", o.ID).key()
}

func notificationTarget(l *lint, o *index.Operation) {
	if o.Notification == jsonspan.None {
		return
	}
	named := index.Value{File: l.d.File, Node: o.Notification}.Get("operationId")
	id := named.Text()
	switch target := l.d.ByID[id]; {
	case o.Trigger == jsonspan.None:
		l.find(o.Notification, "x-ms-notification on %s, an action: remove it", o.ID).key().fixRemove()
	case o.IsWebhook():
		l.find(o.Notification, "x-ms-notification on %s, which is a webhook itself: remove it", o.ID).key().fixRemove()
	case target == nil && named.OK():
		l.unknownOperation(named)
	case target == nil:
		l.find(o.Notification, "x-ms-notification names no operation: add operationId").key()
	case !target.IsWebhook() && target.NotificationURL() == nil:
		l.find(o.Notification, "x-ms-notification names %q, which is no webhook", id).key()
	}
}

func simulateTarget(l *lint, o *index.Operation) {
	if o.OperationContext == jsonspan.None {
		return
	}
	simulate := index.Value{File: l.d.File, Node: o.OperationContext}.Get("simulate")
	if target := l.calledBy(simulate); target != nil {
		l.argumentsFit(simulate, target)
	}
}

// calledBy returns the operation that an object of an extension names, nil after telling that there is none of that name.
func (l *lint) calledBy(v index.Value) *index.Operation {
	id := v.Get("operationId")
	if id.Kind() != jsonspan.String {
		return nil
	}
	target := l.d.ByID[id.Text()]
	if target == nil {
		l.unknownOperation(id)
	}
	return target
}

// argumentsFit warns of arguments that an operation does not have, and of those that it requires and does not get.
func (l *lint) argumentsFit(v index.Value, target *index.Operation) {
	call := dynamic{ext: "values", v: v, target: target}
	call.arguments(func(a argument) { l.argumentKnown(&call, a, warns) })
	for _, name := range l.notGiven(&call) {
		l.findIn(v, "operation %s needs parameter %q: give it under parameters", target.ID, name).key().severity(warns)
	}
}

// notificationURLTwice finds the second of two addresses in a body.
func notificationURLTwice(l *lint, o *index.Operation) {
	body := o.Body()
	if o.NotificationURL() == nil {
		return
	}
	n := 0
	seen := map[int32]bool{}
	var visit func(schema int32)
	visit = func(schema int32) {
		k := l.d.Keywords(schema)
		url := k.NotificationURL
		if k.Ref != jsonspan.None {
			k, _ = l.d.Resolve(schema)
		}
		if url == jsonspan.None {
			url = k.NotificationURL
		}
		if l.d.IsTrue(url) {
			if n++; n == 2 {
				l.find(url, "%s has another notification url: keep one", o.ID).key()
			}
			return
		}
		if k.Node != jsonspan.None && !seen[k.Node] {
			seen[k.Node] = true
			l.d.Subschemas(&k, func(c int32, _ string) { visit(c) })
		}
	}
	visit(body.Schema)
}

func batchWebhook(l *lint, o *index.Operation) {
	if o.TriggerKind() == "batch" && o.NotificationURL() != nil {
		l.find(o.Trigger, "%s is a webhook: write single, batch is for triggers that are polled", o.ID).fixReplace(`"single"`)
	}
}

func notificationParameters(l *lint, o *index.Operation) {
	if o.Notification == jsonspan.None || o.Trigger == jsonspan.None {
		return
	}
	target := l.d.ByID[index.Value{File: l.d.File, Node: o.Notification}.Get("operationId").Text()]
	if target == nil {
		return
	}
	for _, p := range o.List {
		for _, q := range target.List {
			if p.NameText == "" || p.NameText != q.NameText {
				continue
			}
			if l.d.Text(p.Type) != l.d.Text(q.Type) || l.d.Text(p.Visibility) != l.d.Text(q.Visibility) || (p.Place == "body") != (q.Place == "body") {
				l.find(p.Use, "parameter %q differs in type or visibility from that of %s: make them agree", p.NameText, target.ID)
			}
		}
	}
}

func batchArray(l *lint, o *index.Operation) {
	if o.TriggerKind() != "batch" || o.IsWebhook() {
		return
	}
	_, r := o.SuccessResponse()
	if r == jsonspan.None {
		return
	}
	schema := l.d.Tree.Get(r, "schema")
	if schema == jsonspan.None {
		return
	}
	path := ""
	if p := l.pollingOf(o); p != nil {
		rest, ok := strings.CutPrefix(strings.TrimSpace(p.Param("triggerDataPath").Text()), "@triggerBody()")
		if !ok {
			return
		}
		path = expressionPath(rest)
	}
	k, found, free := l.d.Property(schema, path)
	if free || found && (l.d.TypeIs(&k, "array") || k.Type == jsonspan.None || k.Dynamic()) {
		return
	}
	if path == "" && found && l.hasArrayProperty(&k) && l.pollingOf(o) == nil {
		return // the API itself says where its list is
	}
	what := "is no array"
	if path != "" {
		what = fmt.Sprintf("has no array at %q", path)
	}
	l.find(schema, "%s is a batch trigger, but its answer %s: return one, or name it in triggerDataPath", o.ID, what).key()
}

func (l *lint) hasArrayProperty(k *index.Keywords) bool {
	if k.Properties == jsonspan.None {
		return false
	}
	for c := range l.d.Tree.Children(k.Properties) {
		if p, ok := l.d.Resolve(c); ok && l.d.TypeIs(&p, "array") {
			return true
		}
	}
	return false
}

// expressionPath turns .a?['b'] into a/b.
func expressionPath(s string) string {
	s = strings.NewReplacer("?", "", "['", "/", "']", "", "[\"", "/", "\"]", "", ".", "/").Replace(s)
	return strings.Trim(s, "/")
}

func notificationURLOnAction(l *lint, o *index.Operation) {
	if o.Trigger == jsonspan.None {
		if way := o.NotificationURL(); way != nil {
			l.find(o.Node, "%s takes a notification url but is no trigger: add x-ms-trigger, unless it waits for an answer", o.ID).key()
		}
	}
}

func extensionRules() []rule {
	return []rule{
		{"CONN-EXT-001", warns, Always, "unknown value of x-ms-visibility", "important, advanced and internal have an effect; for none leave it out.", nil},
		{"CONN-EXT-002", warns, Certification, "x-ms-pageable.nextLinkName is neither nextLink nor @odata.nextLink", "Rename it by an updatenextlink policy.", operationCheck(nextLinkName)},
		{"CONN-EXT-003", fails, Always, "an entry of x-ms-enum-values is not in enum, is there twice, or has no display name", "A value that is not in enum, or is there twice, is an error; in a schema a warning.", several{parameterCheck(parameterEnumValues), itemsCheck(itemsEnumValues), schemaCheck(schemaEnumValues)}},
		{"CONN-EXT-004", fails, Always, "x-ms-editor dictionary on a schema that is no open object", "", schemaCheck(dictionaryEditor)},
		{"CONN-EXT-005", fails, Always, "x-ms-capabilities names an unknown operation, or testConnection does not give its required parameters", "testConnection takes literals. An argument that the operation does not have is a warning, as is all about the arguments of a file picker.", several{connectorCheck(testConnection), connectorCheck(pickerCalls)}},
		{"CONN-EXT-007", warns, Always, "an extension has an unknown value or member, or one of the wrong type", "The platform ignores it then.", nil},
		{"CONN-EXT-006", warns, Always, "x-ms-openai-data names an unknown operation or parameter", "", several{connectorCheck(rootOpenAI), operationCheck(operationOpenAI)}},
	}
}

func nextLinkName(l *lint, o *index.Operation) {
	if o.Pageable == jsonspan.None {
		return
	}
	n := index.Value{File: l.d.File, Node: o.Pageable}.Get("nextLinkName")
	if name := n.Text(); n.Kind() == jsonspan.String && name != "nextLink" && name != "@odata.nextLink" {
		l.findIn(n, "nextLinkName is %q: use nextLink and a policy updatenextlink", name)
	}
}

func (l *lint) enumValuesHold(k *index.Keywords, report reporter) {
	if k.EnumValues == jsonspan.None || l.d.Kind(k.EnumValues) != jsonspan.Array {
		return
	}
	t := l.d.Tree
	known, seen := map[string]bool{}, map[string]bool{}
	whole := l.d.Filled(*k)
	enum := whole.Enum
	if enum == jsonspan.None && l.d.Kind(whole.Items) == jsonspan.Object {
		enum = l.d.Filled(l.d.Keywords(whole.Items)).Enum // an array of them
	}
	if enum != jsonspan.None {
		for c := range t.Children(enum) {
			known[index.ValueText(t, c)] = true
		}
	}
	for c := range t.Children(k.EnumValues) {
		v := t.Get(c, "value")
		if v == jsonspan.None {
			continue
		}
		text := index.ValueText(t, v)
		switch {
		case !known[text]:
			report(v, "value %s of x-ms-enum-values is not in enum: add it there or remove it here", short(t.Raw(v)))
		case seen[text]:
			report(v, "value %s is in x-ms-enum-values twice: remove one", short(t.Raw(v)))
		}
		seen[text] = true
	}
}

func parameterEnumValues(l *lint, p *index.Parameter) {
	if p.Written() {
		l.enumValuesHold(&p.Keywords, l.find)
	}
}

func schemaEnumValues(l *lint, s *schemaAt) { l.enumValuesHold(&s.Keywords, l.warn) }
func itemsEnumValues(l *lint, s *itemsAt)   { l.enumValuesHold(&s.Keywords, l.reportOf(s)) }

func dictionaryEditor(l *lint, s *schemaAt) {
	if s.Editor == jsonspan.None || l.d.Text(s.Editor) != "dictionary" {
		return
	}
	if k := l.d.Filled(s.Keywords); !l.d.TypeIs(&k, "object") || k.Additional == jsonspan.None || l.d.Kind(k.Additional) == jsonspan.Bool && !l.d.Tree.True(k.Additional) {
		l.find(s.Editor, "the dictionary editor needs an object with additionalProperties").key()
	}
}

func testConnection(l *lint) {
	test := index.Value{File: l.d.File, Node: l.d.Capabilities}.Get("testConnection")
	if l.d.Capabilities == jsonspan.None {
		return
	}
	o := l.calledBy(test)
	if o == nil {
		return
	}
	given := test.Get("parameters")
	for v := range given.Children {
		if b := l.bind(o, v.Key()); !b.found && !b.open {
			l.findIn(v, "%q is no parameter of operation %s: %s", v.Key(), o.ID, l.meant(v.Key(), func() []string { return l.parameterNames(o) }, "name one of its parameters")).key().severity(warns)
		} else if v.Get("parameter").OK() || v.Get("parameterReference").OK() {
			l.findIn(v, "testConnection takes literals: give the value of %q", v.Key()).severity(warns)
		}
	}
	for _, p := range o.List {
		if p.Place != "body" && l.d.IsRequired(p) && p.Def == jsonspan.None && !given.Get(p.NameText).OK() {
			l.findIn(test, "required parameter %q of %s is not given: add it under parameters", p.NameText, o.ID).key()
		}
	}
}

// pickerCalls checks the operations of the file picker, whose arguments may come from the item that is chosen.
func pickerCalls(l *lint) {
	if l.d.Capabilities == jsonspan.None {
		return
	}
	picker := index.Value{File: l.d.File, Node: l.d.Capabilities}.Get("file-picker")
	for _, v := range []index.Value{picker.Get("open"), picker.Get("browse")} {
		if target := l.calledBy(v); target != nil {
			l.argumentsFit(v, target)
		}
	}
}

func rootOpenAI(l *lint) { l.openAI(l.d.Tree.Get(0, "x-ms-openai-data")) }

func operationOpenAI(l *lint, o *index.Operation) { l.openAI(o.OpenAI) }

func (l *lint) openAI(n int32) {
	if n == jsonspan.None {
		return
	}
	for entry := range (index.Value{File: l.d.File, Node: n}).Get("operations").Children {
		o := l.calledBy(entry)
		if o == nil {
			continue
		}
		for p := range entry.Get("parameters").Children {
			name := p.Get("name")
			if !name.OK() || o.Param(name.Text()) != nil {
				continue
			}
			if body := o.Body(); body != nil {
				continue // names inside a body have several spellings
			}
			l.findIn(name, "operation %s has no parameter %q: %s", o.ID, name.Text(), l.meant(name.Text(), func() []string { return l.parameterNames(o) }, "name one it has"))
		}
	}
}

func securityRules() []rule {
	return []rule{
		{"CONN-SEC-001", warns, Certification, "a security requirement names no scheme", "", several{connectorCheck(rootRequirement), operationCheck(operationRequirement)}},
		{"CONN-SEC-002", fails, Always, "scopes on a requirement that is not OAuth", "", several{connectorCheck(rootScopes), operationCheck(operationScopes)}},
		{"CONN-SEC-003", warns, Certification, "a scope is not defined", "", several{connectorCheck(rootScopeNames), operationCheck(operationScopeNames)}},
		{"CONN-SEC-004", fails, Always, "a security scheme lacks a property, or has one of another type", "", connectorCheck(schemeProperties)},
		{"CONN-SEC-005", warns, Always, "more than one security scheme", "The portal keeps one: use connectionParameterSets for a choice.", connectorCheck(schemeCount)},
	}
}

// requirements calls f for each entry of a list of security requirements.
func (l *lint) requirements(n int32, f func(entry int32, name string, scheme index.Value)) {
	if n == jsonspan.None {
		return
	}
	for alternative := range l.d.Tree.Children(n) {
		for c := range l.d.Tree.Children(alternative) {
			if l.d.Tree.Kind(alternative) != jsonspan.Object {
				continue
			}
			name := l.d.Tree.Key(c)
			scheme := index.Value{}
			if l.d.SecurityDefinitions != jsonspan.None {
				scheme = index.Value{File: l.d.File, Node: l.d.SecurityDefinitions}.Get(name)
			}
			f(c, name, scheme)
		}
	}
}

func (l *lint) requirementNames(n int32) {
	l.requirements(n, func(c int32, name string, scheme index.Value) {
		if !scheme.OK() {
			l.find(c, "%q is not in securityDefinitions", name).key()
		}
	})
}

func rootRequirement(l *lint)                          { l.requirementNames(l.d.Security) }
func operationRequirement(l *lint, o *index.Operation) { l.requirementNames(o.Security) }

func (l *lint) scopesOnly(n int32) {
	l.requirements(n, func(c int32, name string, scheme index.Value) {
		if scheme.OK() && scheme.Get("type").Text() != "oauth2" && l.d.Tree.Node(c).Count > 0 {
			l.find(c, "%q is no OAuth scheme and has no scopes: write []", name).fixReplace("[]")
		}
	})
}

func rootScopes(l *lint)                          { l.scopesOnly(l.d.Security) }
func operationScopes(l *lint, o *index.Operation) { l.scopesOnly(o.Security) }

func (l *lint) scopeNames(n int32) {
	l.requirements(n, func(c int32, name string, scheme index.Value) {
		if scheme.Get("type").Text() != "oauth2" {
			return
		}
		for s := range l.d.Tree.Children(c) {
			if !scheme.Get("scopes").Get(l.d.Text(s)).OK() {
				l.find(s, "scope %q is not defined by %q", l.d.Text(s), name)
			}
		}
	})
}

func rootScopeNames(l *lint)                          { l.scopeNames(l.d.Security) }
func operationScopeNames(l *lint, o *index.Operation) { l.scopeNames(o.Security) }

// schemeMembers lists what a scheme needs, by type and flow.
func schemeMembers(typ, flow string) (needs, may []string) {
	switch typ {
	case "apiKey":
		return []string{"name", "in"}, nil
	case "oauth2":
		switch flow {
		case "implicit":
			return []string{"authorizationUrl"}, []string{"flow", "scopes", "tokenUrl"}
		case "password", "application":
			return []string{"tokenUrl"}, []string{"flow", "scopes", "authorizationUrl"}
		case "accessCode":
			return []string{"authorizationUrl", "tokenUrl"}, []string{"flow", "scopes"}
		}
		return []string{"flow"}, []string{"scopes", "authorizationUrl", "tokenUrl"}
	}
	return nil, nil
}

func schemeProperties(l *lint) {
	if l.d.SecurityDefinitions == jsonspan.None {
		return
	}
	for c := range l.d.Tree.Children(l.d.SecurityDefinitions) {
		scheme := index.Value{File: l.d.File, Node: c}
		typ := scheme.Get("type").Text()
		if typ != "basic" && typ != "apiKey" && typ != "oauth2" {
			continue
		}
		needs, may := schemeMembers(typ, scheme.Get("flow").Text())
		for _, key := range needs {
			if !scheme.Get(key).OK() {
				l.findIn(scheme, "security scheme %q of type %s needs %s", l.d.Tree.Key(c), typ, key).key()
			}
		}
		for m := range scheme.Children {
			key := m.Key()
			if key == "type" || key == "description" || strings.HasPrefix(key, "x-") || slices.Contains(needs, key) || slices.Contains(may, key) {
				continue
			}
			switch key {
			case "name", "in", "flow", "authorizationUrl", "tokenUrl", "scopes":
				l.findIn(m, "%s does not belong to a security scheme of type %s: remove it", key, typ).key().fixRemove()
			}
		}
	}
}

func schemeCount(l *lint) {
	if l.c.Props.Sets.Get("values").Count() > 0 {
		return // the choice is there
	}
	if l.d.SecurityDefinitions != jsonspan.None && l.d.Tree.Node(l.d.SecurityDefinitions).Count > 1 {
		l.find(l.d.SecurityDefinitions, "%d security schemes, of which the portal keeps one: use connectionParameterSets", l.d.Tree.Node(l.d.SecurityDefinitions).Count).key()
	}
}
