package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/solutionkit/solutionkit/packager"
)

// sample packs the sample of solkit.
func sample(t *testing.T) []byte {
	t.Helper()
	tree, err := packager.Load(os.DirFS("../solkit/sample"), nil)
	if err != nil {
		t.Fatal(err)
	}
	var zip bytes.Buffer
	if _, err := packager.Pack(&zip, tree, nil); err != nil {
		t.Fatal(err)
	}
	return zip.Bytes()
}

func TestPreflight(t *testing.T) {
	name := filepath.Join(t.TempDir(), "stock.zip")
	if err := os.WriteFile(name, sample(t), 0o666); err != nil {
		t.Fatal(err)
	}
	got, err := run(name)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(got.Digest, "h1:") {
		t.Errorf("digest %q", got.Digest)
	}
	got.Digest = ""
	want := &Report{
		Name: "ContosoStock", Version: "1.0.0.0", Kind: "unmanaged",
		Connections: []string{"cts_stock_reader to shared_cts-5fstock-5f0123456789abcdef"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestPreflightOfDamage(t *testing.T) {
	zip := sample(t)
	if got, err := preflight(bytes.NewReader(zip), int64(len(zip)/2)); err == nil {
		t.Errorf("half of a zip gave %+v", got)
	}
}
