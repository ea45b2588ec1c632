package solutiontest

import (
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/solution"
)

func buildConnector(b *builder, l *line) error {
	name := l.word(0)
	id := b.id(l, "id", "connector", name)
	k := solution.NewKey(solution.TypeConnector, "", name, solution.GUID{})
	if err := b.claim(l, k); err != nil {
		return err
	}
	if err := b.claim(l, solution.IDKey(solution.TypeConnector, id)); err != nil {
		return err
	}
	loose := map[string][]byte{
		"apiDefinition.swagger.json": []byte(definition(l, l.text("name", name))),
		"apiProperties.json":         []byte(`{"properties":{"connectionParameters":` + parameters(l, name) + `,"iconBrandColor":"#007ee5","policyTemplateInstances":null}}`),
	}
	list, err := connector.Load(memfs.New(loose))
	if err != nil {
		return err
	}
	alone := solution.NewParts(b.empty)
	change, err := connector.Put(alone, list, &connector.ConvertOptions{Name: name, ID: id})
	if err != nil {
		return err
	}
	if alone, err = change.Apply(alone); err != nil {
		return err
	}
	if list, err = connector.Read(alone); err != nil { // now they have name and id
		return err
	}
	b.customs = append(b.customs, list...)
	return b.root(l, solution.NewRootComponent(solution.TypeConnector, name, id))
}

// paths writes the operations, each on a path of its own.
func (v *value) paths(l *line) {
	operations := l.list("operations")
	if len(operations) == 0 {
		v.raw("paths", `{"/items":{"get":{"operationId":"ListItems","summary":"List items","description":"Lists all items.","responses":{"200":{"description":"OK","schema":{"type":"object"}}}}}}`)
		return
	}
	v.open("paths")
	for _, operation := range operations {
		name, parameter, has := strings.Cut(operation, ":")
		v.open("/" + name)
		v.open("get")
		v.text("operationId", name)
		v.text("summary", name)
		v.text("description", "Does it.")
		if has {
			v.raw("parameters", `[{"name":`+strconv.Quote(parameter)+`,"in":"query","required":true,"type":"string","x-ms-summary":"It","description":"It."}]`)
		}
		v.raw("responses", `{"200":{"description":"OK","schema":{"type":"object"}}}`)
		v.close()
		v.close()
	}
	v.close()
}

// definition writes an API.
func definition(l *line, title string) string {
	v := &value{}
	v.open("")
	v.text("swagger", "2.0")
	v.open("info")
	v.text("title", title)
	v.text("description", "Made for tests.")
	v.text("version", "1.0")
	v.close()
	v.text("host", l.text("host", "api.contoso.com"))
	v.text("basePath", l.text("base", "/"))
	v.raw("schemes", `["https"]`)
	v.raw("consumes", "[]")
	v.raw("produces", `["application/json"]`)
	v.paths(l)
	v.raw("definitions", "{}")
	v.raw("parameters", "{}")
	v.raw("responses", "{}")
	switch l.text("auth", "none") {
	case "key":
		v.raw("securityDefinitions", `{"api_key":{"type":"apiKey","in":"header","name":"X-Api-Key"}}`)
		v.raw("security", `[{"api_key":[]}]`)
	case "oauth", "blank":
		v.raw("securityDefinitions", `{"oauth2":{"type":"oauth2","flow":"accessCode","authorizationUrl":"https://login.contoso.com/authorize","tokenUrl":"https://login.contoso.com/token","scopes":{}}}`)
		v.raw("security", `[{"oauth2":[]}]`)
	default:
		v.raw("securityDefinitions", "{}")
		v.raw("security", "[]")
	}
	v.raw("tags", "[]")
	v.close()
	return string(v.out)
}

// parameters writes what a connection asks for. An export never has a client secret.
func parameters(l *line, name string) string {
	v := &value{}
	v.open("")
	switch l.text("auth", "none") {
	case "key":
		v.raw("api_key", `{"type":"securestring","uiDefinition":{"displayName":"API key","description":"The key of the API","tooltip":"The key of the API","constraints":{"required":"true","clearText":false}}}`)
	case "oauth":
		resource, hasResource := l.attr("resource")
		v.open("token")
		v.text("type", "oauthSetting")
		v.open("oAuthSettings")
		if hasResource {
			v.text("identityProvider", "aad")
		} else {
			v.text("identityProvider", "oauth2")
		}
		v.text("clientId", l.text("client", derivedID("client", name).String()))
		v.raw("scopes", "[]")
		v.text("redirectMode", "Global")
		v.text("redirectUrl", "https://global.consent.azure-apim.net/redirect")
		v.raw("properties", `{"IsFirstParty":"False"}`)
		v.open("customParameters")
		if hasResource {
			v.open("resourceUri")
			v.text("value", resource)
			v.close()
		} else {
			v.raw("authorizationUrl", `{"value":"https://login.contoso.com/authorize"}`)
			v.raw("tokenUrl", `{"value":"https://login.contoso.com/token"}`)
			v.raw("refreshUrl", `{"value":"https://login.contoso.com/token"}`)
		}
		v.close()
		v.close()
		v.close()
	}
	v.close()
	return string(v.out)
}
