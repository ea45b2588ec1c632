package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMerge: a version raised on one side and a text changed on the other come together, in a folder, a zip and a new folder; what
// both changed is told with its three places, and nothing is written.
func TestMerge(t *testing.T) {
	base, ours, theirs := sampleZip(t), sampleTree(t), sampleTree(t)
	fine(t, "version", "-set", "1.2.0.0", ours)
	const file = "Other/Solution.xml"
	retitle := func(dir, title string) {
		text := contents(t, dir)[file]
		i := strings.Index(text, `<LocalizedName description="`) + len(`<LocalizedName description="`)
		putFiles(t, dir, map[string]string{file: text[:i] + title + text[i+strings.IndexByte(text[i:], '"'):]})
	}
	retitle(theirs, "Theirs")
	dir := t.TempDir()
	for _, out := range []string{filepath.Join(dir, "out.zip"), filepath.Join(dir, "out"), ours} {
		wantText(t, fine(t, "merge", base, ours, theirs, out), "wrote "+out)
		wantText(t, fine(t, "version", out), "1.2.0.0\n")
		code, text, _ := solkit("diff", base, out)
		if code != exitFailed || !strings.Contains(text, `→ "Theirs"`) {
			t.Errorf("%s: status %d\n%s", out, code, text)
		}
	}
	retitle(ours, "Ours")
	before := contents(t, ours)
	code, out, _ := solkit("merge", base, ours, theirs, ours)
	if code != exitFailed {
		t.Errorf("status %d, want %d", code, exitFailed)
	}
	wantText(t, out, "both sides changed it", filepath.Join(ours, "Other", "Solution.xml")+":", filepath.Join(theirs, "Other", "Solution.xml")+":", "nothing was written")
	if after := contents(t, ours); after[file] != before[file] {
		t.Error("a merge with a conflict wrote to ours")
	}
	code, out, _ = solkit("merge", "-partial", "-json", base, ours, theirs, filepath.Join(dir, "partial"))
	d := decode[mergeDocument](t, out)
	if code != exitFailed || len(d.Conflicts) != 1 || d.Conflicts[0].Ours.Text != "Ours" || d.Conflicts[0].Theirs.Text != "Theirs" || d.Conflicts[0].Theirs.Line == 0 {
		t.Errorf("status %d, conflicts %+v", code, d.Conflicts)
	}
	if _, err := os.Stat(filepath.Join(dir, "partial", "Other", "Solution.xml")); err != nil {
		t.Error(err)
	}
	for _, args := range [][]string{{"merge", base, base, base, base}, {"merge", base, ours, "nowhere.zip", "x"}, {"merge", base, ours}} {
		if code, _, _ := solkit(args...); code != exitUsage {
			t.Errorf("%q: status %d, want %d", args, code, exitUsage)
		}
	}
}

// TestDiff: the exit statuses of diff, its JSON and what git gives it.
func TestDiff(t *testing.T) {
	zip, tree := sampleZip(t), sampleTree(t)
	wantText(t, fine(t, "diff", zip, tree), "no differences")
	fine(t, "version", "-set", "2.0", tree)
	wantText(t, fine(t, "diff", "-noise", zip, tree), "no differences", `"1.0.0.0" → "2.0.0.0" [version]`)
	if err := os.RemoveAll(filepath.Join(tree, "environmentvariabledefinitions")); err != nil {
		t.Fatal(err)
	}
	code, out, _ := solkit("diff", zip, tree)
	if code != exitFailed {
		t.Errorf("status %d, want %d", code, exitFailed)
	}
	wantText(t, out, "- Environment Variable Definition")
	code, out, _ = solkit("diff", "-json", zip, tree)
	if code != exitFailed {
		t.Errorf("status %d, want %d", code, exitFailed)
	}
	wantText(t, out, `"equal": false`, `"breaking": 1`, `"op": "removed"`, `"type": "environmentvariabledefinition"`)
	wantText(t, fine(t, "diff", "-git", "contoso.zip", zip, "0000", "100644", zip, "0000", "100644"), "solkit diff contoso.zip", "no differences")
	wantText(t, fine(t, "diff", "-git", "contoso.zip", os.DevNull, ".", ".", zip, "0000", "100644"), "solkit diff contoso.zip", "+ ")
	for _, args := range [][]string{{"diff", zip}, {"diff", zip, zip, zip}, {"diff", "-git", zip, zip}, {"diff", "nowhere.zip", zip}} {
		if code, _, _ := solkit(args...); code != exitUsage {
			t.Errorf("%q: status %d, want %d", args, code, exitUsage)
		}
	}
}

// TestMergeBoth: of trees of both kinds both packages are merged, what they share once; a side of one kind leaves the other package as it
// is, and that is told.
func TestMergeBoth(t *testing.T) {
	dir := samplePair(t)
	zip, base, theirs := filepath.Join(dir, "stock.zip"), filepath.Join(dir, "base"), filepath.Join(dir, "theirs")
	fine(t, "unpack", "-both", zip, base)
	fine(t, "unpack", "-both", zip, theirs)
	const own = "Other/managed/" + sampleFlow
	putFiles(t, theirs, map[string]string{own: `{"a":1}`})
	fine(t, "version", "-set", "1.2.0.0", theirs)
	out := filepath.Join(dir, "out")
	wantText(t, fine(t, "merge", base, base, theirs, out), "wrote "+out)
	if diff := cmp.Diff(contents(t, theirs), contents(t, out)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	fine(t, "merge", base, out, base, filepath.Join(dir, "stays"))
	if diff := cmp.Diff(contents(t, out), contents(t, filepath.Join(dir, "stays"))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	fine(t, "version", "-set", "1.2.0.0", base)
	code, text, _ := solkit("diff", base, theirs)
	if code != exitFailed {
		t.Errorf("trees whose managed packages differ: status %d", code)
	}
	wantText(t, text, "no differences", "the managed packages differ, too")
	managed := filepath.Join(dir, "theirs_managed.zip")
	fine(t, "pack", "-kind", "managed", theirs, managed)
	wantText(t, fine(t, "diff", theirs, managed), "(managed)", "no differences")
	into := filepath.Join(dir, "into")
	fine(t, "unpack", "-both", zip, into)
	wantText(t, fine(t, "merge", base, into, managed, into), "note: OURS is a tree of both kinds, and only what is in the managed package is merged")
	if got := contents(t, into)[own]; got != `{"a":1}` {
		t.Errorf("the managed flow is %q", got)
	}
	if code, _, stderr := solkit("merge", zip, into, managed, into); code != exitUsage || !strings.Contains(stderr, "not of one kind") {
		t.Errorf("status %d: %s", code, stderr)
	}
}
