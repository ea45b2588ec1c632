package index

import "testing"

func TestPlaceholders(t *testing.T) {
	for s, want := range map[string]bool{
		"": true, "[[DUMMY]]": true, "PLACEHOLDER_CLIENTID": true, "<<id>>": true, "{{ client id }}": true, "[YOUR_ID]": true, "<client-id>": true,
		"dummy": true, "your-client-id": true, NilGUID: true,
		"0f8fad5b-d9cb-469f-a165-70867728950e": false, "s3cr3t": false, "latest-7f": false,
	} {
		if got := IsPlaceholder(s); got != want {
			t.Errorf("isPlaceholder(%q) = %v", s, got)
		}
	}
}

func TestLooksSecret(t *testing.T) {
	for s, want := range map[string]bool{
		"api_key": true, "clientSecret": true, "token": true, "refreshToken": true, "Password": true, "accessKey": true,
		"tokenUrl": false, "token_endpoint": false, "tokenUrlTemplate": false, "secretServerAddress": false, "tokenURI": false, "region": false,
	} {
		if got := LooksSecret(s); got != want {
			t.Errorf("LooksSecret(%q) = %v", s, got)
		}
	}
}
