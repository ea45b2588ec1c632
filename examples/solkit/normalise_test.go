package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A tree and a zip come into order: -n says what would change, the command changes that and nothing else, and a second run nothing.
func TestNormalise(t *testing.T) {
	const file = "Other/Solution.xml"
	tree := sampleTree(t)
	fine(t, "normalise", tree)
	want := contents(t, tree)
	var roots []string
	for line := range strings.Lines(want[file]) {
		if strings.Contains(line, "<RootComponent ") {
			roots = append(roots, line)
		}
	}
	if len(roots) < 2 {
		t.Fatalf("the sample has %d root components, of which none can change places", len(roots))
	}
	last := len(roots) - 1
	swapped := strings.NewReplacer(roots[0], roots[last], roots[last], roots[0]).Replace(want[file])
	putFiles(t, tree, map[string]string{file: swapped})
	before := contents(t, tree)

	zip, out := filepath.Join(t.TempDir(), "in.zip"), filepath.Join(t.TempDir(), "out.zip")
	fine(t, "pack", tree, zip)
	wantText(t, fine(t, "normalise", "-n", zip), "solution.xml\n")
	fine(t, "normalise", "-o", out, zip)
	wantText(t, fine(t, "normalise", "-n", out), "in order already\n")
	fine(t, "diff", zip, out)

	doc := decode[normaliseDocument](t, fine(t, "normalise", "-json", "-n", tree))
	if diff := cmp.Diff([]string{file}, doc.Files); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(before, contents(t, tree)); diff != "" {
		t.Errorf("-n changed the tree (-before +after)\n%s", diff)
	}
	wantText(t, fine(t, "normalise", tree), file+"\n")
	if diff := cmp.Diff(want, contents(t, tree)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	wantText(t, fine(t, "normalise", tree), "in order already\n")
}

func TestNormaliseUsage(t *testing.T) {
	zip := sampleZip(t)
	for _, args := range [][]string{
		{"normalise"}, {"normalise", zip}, {"normalise", "-n", "-o", "x.zip", zip}, {"normalise", "-o", "x.zip", "sample"},
	} {
		if status := run(args, nil, &bytes.Buffer{}, &bytes.Buffer{}); status != exitUsage {
			t.Errorf("%q: status %d, want %d", args, status, exitUsage)
		}
	}
}
