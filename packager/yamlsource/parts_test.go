package yamlsource

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/packager"
)

// TestPartsAreFiles: parts are a file system as any parts are, with the folders that their names make, also of parts that are made late.
func TestPartsAreFiles(t *testing.T) {
	p := &parts{src: &source{lim: packager.Limits{Files: 10}}, byFold: map[string]*part{}}
	for _, x := range []*part{
		{name: "Workflows/b.json", data: []byte("{}")},
		{name: "Workflows/sub/a.json", make: func() ([]byte, error) { return []byte("[]"), nil }},
		{name: "solution.xml", data: []byte("<a/>")},
	} {
		if err := p.add(x, x.name); err != nil {
			t.Fatal(err)
		}
	}
	if err := fstest.TestFS(p, "Workflows/b.json", "Workflows/sub/a.json", "solution.xml"); err != nil {
		t.Error(err)
	}
	if err := p.add(&part{name: "SOLUTION.xml"}, "x.yml"); err == nil {
		t.Error("two parts of one name are no error")
	}
	for _, name := range []string{"nothing", "Workflows/nothing", "../solution.xml"} {
		if _, err := fs.ReadFile(p, name); err == nil {
			t.Errorf("%s can be read", name)
		}
	}
	if at := p.Locate("nothing", 3); at.File != "nothing" {
		t.Errorf("a part that is not there stands in %v", at)
	}
}

// TestRules: each rule is there once and says what to do.
func TestRules(t *testing.T) {
	seen := map[string]bool{}
	for r := range Rules() {
		if seen[r.ID] || r.Summary == "" || r.Help == "" {
			t.Errorf("%+v is there twice, or says nothing", r)
		}
		seen[r.ID] = true
	}
	if len(seen) != len(ruleCatalogue) || len(seen) == 0 {
		t.Errorf("%d of %d rules", len(seen), len(ruleCatalogue))
	}
}
