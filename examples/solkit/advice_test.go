package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAdvice(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "contoso_1_0_0_0.zip")
	if err := os.WriteFile(name, []byte("no zip"), 0o600); err != nil {
		t.Fatal(err)
	}
	for arg, want := range map[string]string{
		filepath.Join(dir, "contoso_1_0_0.zip"): "did you mean " + name + "?",
		filepath.Join(dir, "orders.zip"):        "is the name right?",
		filepath.Join(dir, "none", "x.zip"):     "is the name right?",
		name:                                    "give the zip of a solution",
	} {
		for _, command := range []string{"info", "check", "refs", "digest"} {
			_, stderr := fails(t, command, arg)
			wantText(t, stderr, want)
			stdout, _ := fails(t, command, "-json", arg)
			if message := decode[map[string]any](t, stdout)["error"]; message == nil {
				t.Errorf("%s -json: no error", command)
			}
		}
	}
	t.Chdir(dir)
	_, stderr := fails(t, "info", "contoso_1_0_0_0")
	wantText(t, stderr, "did you mean contoso_1_0_0_0.zip?")
}
