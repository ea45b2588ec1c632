package connector

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution"
)

// leaky is a connector whose every kind of secret stands somewhere.
func leaky(t testing.TB) map[string][]byte {
	files := fixture(t)
	files[propertiesFile] = []byte(`{
  "properties": {
    "connectionParameters": {
      "token": { "type": "oauthSetting", "oAuthSettings": {
        "identityProvider": "aad", "clientId": "0f8fad5b-d9cb-469f-a165-70867728950e", "clientSecret": "s3cr3t-value", "scopes": [],
        "redirectMode": "GlobalPerConnector", "redirectUrl": "https://global.consent.azure-apim.net/redirect/parts-5f0123456789abcdef",
        "properties": { "IsFirstParty": "False", "AzureActiveDirectoryResourceId": "api://contoso-parts" },
        "customParameters": { "LoginUri": { "value": "https://login.windows.net" }, "TenantId": { "value": "7c9e6679-7425-40de-944b-e07fc1f90ae7" }, "ResourceUri": { "value": "https://graph.microsoft.com" }, "extra": { "value": "abc123" } },
        "additionalParameters": { "extra": { "type": "securestring" } }
      } },
      "key": { "type": "securestring", "defaultValue": "k-123456" },
      "other": { "type": "securestring", "defaultValue": "<your key>" }
    },
    "policyTemplateInstances": [
      { "templateId": "setheader", "title": "Auth", "parameters": { "x-ms-apimTemplateParameter.name": "Authorization", "x-ms-apimTemplateParameter.value": "Bearer abcdef123456" } },
      { "templateId": "setheader", "title": "Auth 2", "parameters": { "x-ms-apimTemplateParameter.name": "Authorization", "x-ms-apimTemplateParameter.value": "Bearer @{connectionParameters('key')}" } },
      { "templateId": "setvaluefromurl", "title": "Url", "parameters": { "x-ms-apimTemplateParameter.parameterValueUrl": "https://x.example/a?b=1&code=Zm9vYmFyYmF6&c=2" } }
    ]
  }
}`)
	text := string(files[definitionFile])
	text = strings.Replace(text, `"default": "2024-01"`, `"default": "2024-01", "x-ms-test-value": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.sig"`, 1)
	text = strings.Replace(text, `"stock": { "type"`, `"apiKey": { "type": "string", "example": "9a8b7c6d5e4f3a2b", "enum": ["9a8b7c6d5e4f3a2b"], "title": "Key", "description": "A key." }, "stock": { "type"`, 1)
	text = strings.Replace(text, `"description": "The part.",`, `"description": "The part.", "examples": { "application/json": { "id": "7", "access_token": "q1w2e3r4t5y6u7" } },`, 1)
	files[definitionFile] = []byte(text)
	files[settingsFile] = []byte(`{"environment": "9c5b94b1-35ad-49bb-b118-8e8fc24abf80", "connectorId": "shared_x"}`)
	return files
}

func secretLines(c *Connector) []string {
	var out []string
	for _, s := range c.Secrets() {
		out = append(out, s.Kind.String()+" "+s.Owner+" "+s.Field+" "+s.Location.Path)
	}
	return out
}

func TestSecrets(t *testing.T) {
	c := load1(t, leaky(t))
	const p, o = "/properties/connectionParameters/", "/properties/connectionParameters/token/oAuthSettings"
	want := []string{
		"enter token clientId " + o,
		"enter token clientSecret " + o,
		"enter token resourceUri " + o,
		"enter token extra " + o + "/additionalParameters/extra",
		"exposed api-version x-ms-test-value /paths/~1warehouses~1{warehouse}~1parts~1{id}/get/parameters/2/x-ms-test-value",
		"exposed access_token examples /paths/~1warehouses~1{warehouse}~1parts~1{id}/get/responses/200/examples/application~1json/access_token",
		"exposed apiKey example /definitions/Part/properties/apiKey/example",
		"exposed apiKey enum /definitions/Part/properties/apiKey/enum/0",
		"exposed token clientSecret " + o + "/clientSecret",
		"exposed token extra " + o + "/customParameters/extra/value",
		"exposed key defaultValue " + p + "key/defaultValue",
		"exposed policy Auth Authorization /properties/policyTemplateInstances/0/parameters/x-ms-apimTemplateParameter.value",
		"exposed policy Url url /properties/policyTemplateInstances/2/parameters/x-ms-apimTemplateParameter.parameterValueUrl",
		"environment token clientId " + o + "/clientId",
		"environment token redirectUrl " + o + "/redirectUrl",
		"environment token resourceUri " + o + "/properties/AzureActiveDirectoryResourceId",
		"environment token tenantId " + o + "/customParameters/TenantId/value",
		"environment settings.json environment /environment",
	}
	if diff := cmp.Diff(want, secretLines(c)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestStrip does it in both forms: the form must make no difference.
func TestStrip(t *testing.T) {
	c := load1(t, leaky(t))
	sol := only(t)(Read(put(t, empty(t), &ConvertOptions{AllowLoss: true}, c)))
	for _, c := range []*Connector{c, sol} {
		before := string(c.Definition())
		stripped, err := c.Strip(nil)
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, data := range filesOf(t, stripped) {
			text += string(data)
		}
		for _, secret := range []string{"s3cr3t", "abc123", "k-123456", "abcdef", "Zm9vYmFyYmF6", "eyJ", "9a8b7c6d", "0f8fad5b", "9c5b94b1", "7c9e6679", "contoso-parts", "parts-5f", "clientSecret"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s: %q is left", c.Form(), secret)
			}
		}
		for _, kept := range []string{`"<your key>"`, `"Bearer @{connectionParameters('key')}"`, `https://graph.microsoft.com`, `"https://x.example/a?b=1&code=&c=2"`, `"TenantId": { "value": "common" }`} {
			if !strings.Contains(text, kept) {
				t.Errorf("%s: %s is gone", c.Form(), kept)
			}
		}
		if string(c.Definition()) != before {
			t.Errorf("%s: Strip changed the connector itself", c.Form())
		}
		mild, err := c.Strip(&StripOptions{KeepEnvironment: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range mild.Secrets() {
			if s.Kind == Exposed {
				t.Errorf("%s: %s %s is left", c.Form(), s.Owner, s.Field)
			}
		}
		n := 0
		for _, s := range mild.Secrets() {
			if s.Kind == Environment {
				n++
			}
		}
		if want := map[Form]int{FormFiles: 5, FormSolution: 4}[c.Form()]; n != want {
			t.Errorf("%s: %d values of the environment are left, want %d", c.Form(), n, want)
		}
	}
}

// TestStripSolution takes secrets out of a whole solution, and nothing else.
func TestStripSolution(t *testing.T) {
	files := leaky(t)
	files[definitionFile] = []byte(strings.Replace(string(files[definitionFile]), "Contoso Parts", "Contoso Leaks", 1))
	p := put(t, empty(t), &ConvertOptions{AllowLoss: true}, load1(t, files), load1(t, fixture(t)))
	for layout, p := range map[string]solution.Parts{"zip": zipOf(t, p), "tree": treeOf(t, p)} {
		change, err := Strip(p, nil)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for x := range change.Parts() {
			if x.Op != solution.SplicePart {
				t.Errorf("%s: %s is to %s", layout, x.Name, x.Op)
			}
			names = append(names, strings.TrimPrefix(x.Name, "Connector/cat_contoso-20leaks_"))
		}
		if diff := cmp.Diff([]string{"connectionparameters.json", "openapidefinition.json", "policytemplateinstances.json"}, names); diff != "" {
			t.Errorf("%s: parts that change (-want +got)\n%s", layout, diff)
		}
		after, err := change.Apply(p)
		if err != nil {
			t.Fatal(err)
		}
		list, err := Read(after)
		if err != nil || len(list) != 2 {
			t.Fatalf("%s: %d connectors, %v", layout, len(list), err)
		}
		for i, c := range list {
			for _, s := range c.Secrets() {
				if s.Kind != Enter {
					t.Errorf("%s: %s %s is left", layout, s.Owner, s.Field)
				}
			}
			want, err := only(t)(Load(toFS([]map[string][]byte{files, fixture(t)}[i]))).Strip(nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(held(t, want), held(t, c)); diff != "" {
				t.Errorf("%s: as loose files it is another (-files +solution)\n%s", layout, diff)
			}
		}
		again, err := Strip(after, nil)
		if err != nil || !again.IsEmpty() {
			t.Errorf("%s: once more: %v, empty %v", layout, err, again.IsEmpty())
		}
	}
	if _, err := Strip(toParts(t, map[string]string{"customizations.xml": "<ImportExportXml><Connectors><Connector><openapidefinition>/Connector/a.json</openapidefinition></Connector></Connectors></ImportExportXml>", "Connector/a.json": "{"}), nil); err == nil {
		t.Error("a connector that cannot be read is stripped")
	}
}

// filesOf returns the files of a connector by name.
func filesOf(t testing.TB, c *Connector) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := fs.WalkDir(c.Files(), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files[name], err = fs.ReadFile(c.Files(), name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
