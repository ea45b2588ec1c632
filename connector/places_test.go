package connector

import (
	"fmt"
	"io/fs"
	"path"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// placesOf returns what stands at the place of everything in c that has one, read from the source itself.
func placesOf(t *testing.T, c *Connector, source func(name string) ([]byte, error)) (texts []string, files map[string]bool) {
	files = map[string]bool{}
	note := func(what string, at diag.Location) {
		src, err := source(at.File)
		if err != nil {
			t.Fatalf("%s stands in no file of the source: %v", what, err)
		}
		if at.Start.Offset > at.End.Offset || at.End.Offset > len(src) {
			t.Fatalf("%s stands at %+v, and the file has %d bytes", what, at, len(src))
		}
		lines := diag.NewLines(src)
		if diff := cmp.Diff(lines.Span(at.File, at.Start.Offset, at.End.Offset).Start, at.Start); diff != "" {
			t.Errorf("%s: line and column are not those of the offset (-want +got)\n%s", what, diff)
		}
		files[at.File] = true
		texts = append(texts, fmt.Sprintf("%s %s: %s", what, at.Path, src[at.Start.Offset:at.End.Offset]))
	}
	note("connector", c.Location())
	for o := range c.Operations() {
		note("operation "+o.ID, o.Location())
		for p := range o.Parameters() {
			note("parameter "+p.Name, p.Location())
		}
	}
	for p := range c.Policies() {
		note("policy "+p.Title, p.Location())
	}
	for p := range c.ConnectionParameters() {
		note("connection parameter "+p.Name, p.Location())
	}
	for _, s := range c.Secrets() {
		note("secret "+s.Field, s.Location)
	}
	return texts, files
}

// Zip and tree give the same connector, and everything in it stands in a file of each at the same text.
func TestPlacesInZipAndTree(t *testing.T) {
	made := put(t, empty(t), &ConvertOptions{Name: "cat_parts", AllowLoss: true}, load1(t, leaky(t)))
	files := map[string]string{} // places in changed parts would be those before the change
	for _, name := range made.Names() {
		data, err := made.ReadPart(name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(data)
	}
	p := toParts(t, files)
	tree, err := packager.Unpack(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := tree.Parts()
	if err != nil {
		t.Fatal(err)
	}
	inZip, zipFiles := placesOf(t, only(t)(Read(p)), p.ReadPart)
	inTree, treeFiles := placesOf(t, only(t)(Read(parts)), tree.ReadFile)
	if diff := cmp.Diff(inZip, inTree); diff != "" {
		t.Errorf("(-zip +tree)\n%s", diff)
	}
	// The element, the definition, connection parameters and policies.
	if len(zipFiles) < 4 || len(treeFiles) != len(zipFiles) {
		t.Errorf("places are in %v of the zip and in %v of the tree", zipFiles, treeFiles)
	}
	for name := range zipFiles {
		if treeFiles[name] {
			t.Errorf("%s is said to be a file of the tree too", name)
		}
		if name != solution.CustomizationsFile && path.Dir(name) != "Connector" {
			t.Errorf("%s is no part of a connector", name)
		}
	}
	for name := range treeFiles {
		if !fs.ValidPath(name) {
			t.Errorf("%s is no name of a file", name)
		}
	}
}
