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
