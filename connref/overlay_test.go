package connref_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/connref"
)

func TestChangeFS(t *testing.T) {
	before := fstest.MapFS{
		"customizations.xml": {Data: []byte(`<ImportExportXml><connectionreferences><connectionreference connectionreferencelogicalname="cts_a"><connectorid>/providers/Microsoft.PowerApps/apis/shared_x</connectorid></connectionreference></connectionreferences></ImportExportXml>`)},
		"Workflows/f.json":   {Data: []byte(`{"properties":{"connectionReferences":{"x":{"connection":{"connectionReferenceLogicalName":"cts_a"},"api":{"name":"shared_x"}}}}}`)},
		"Workflows/other.md": {Data: []byte("cts_a")},
	}
	change, err := connref.Rename(before, "cts_a", "cts_longer")
	if err != nil {
		t.Fatal(err)
	}
	after := change.FS(before)
	if err := fstest.TestFS(after, "customizations.xml", "Workflows/f.json", "Workflows/other.md"); err != nil {
		t.Error(err)
	}
	for name := range before {
		was, now := string(before[name].Data), read(t, after, name)
		want := was
		if name != "Workflows/other.md" {
			want = strings.ReplaceAll(was, "cts_a", "cts_longer")
		}
		if now != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, now, want)
		}
	}
	set, err := connref.Scan(after)
	if err != nil {
		t.Fatal(err)
	}
	if len(set.References) != 1 || set.References[0].LogicalName != "cts_longer" {
		t.Errorf("references after the change: %+v", set.References)
	}
}

func read(t *testing.T, fsys fs.FS, name string) string {
	t.Helper()
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
