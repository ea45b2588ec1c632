package packager

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// A case under testdata/localize shows the resource files of one small zip. Its sections are those of [TestCases], and
//
//   - options: words of "localize", "source=LOCALE".
//   - resx/PATH: a resource file from its metadata on, as what stands before is the same in all.
//
// What is packed of the tree is always what is packed of a tree without resource files.
func TestLocalizeCases(t *testing.T) {
	files, err := filepath.Glob("testdata/localize/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := localizeCase(t, archive)
			want := map[string]string{}
			isWanted := func(f txtar.File) bool {
				return strings.HasPrefix(f.Name, "resx/") || f.Name == "findings" || f.Name == "error"
			}
			for _, f := range archive.Files {
				if isWanted(f) {
					want[f.Name] = string(f.Data)
				}
			}
			if *update {
				archive.Files = slices.DeleteFunc(archive.Files, isWanted)
				for _, name := range slices.Sorted(maps.Keys(got)) {
					archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(got[name])})
				}
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func localizeCase(t *testing.T, archive *txtar.Archive) map[string]string {
	t.Helper()
	var entries []zipEntry
	opts := &UnpackOptions{SourceName: "made_up.zip"}
	for _, f := range archive.Files {
		if name, ok := strings.CutPrefix(f.Name, "zip/"); ok {
			entries = append(entries, zipEntry{name, string(f.Data)})
		}
		if f.Name == "options" {
			for _, word := range strings.Fields(string(f.Data)) {
				if value, ok := strings.CutPrefix(word, "source="); ok {
					opts.SourceLocale = value
				} else {
					opts.Localize = word == "localize"
				}
			}
		}
	}
	data := makeZip(t, completed(entries, false, true)...)
	pkg, err := Open(bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := Unpack(pkg, opts)
	if err != nil {
		return map[string]string{"error": err.Error() + "\n"}
	}
	out := map[string]string{"findings": ""}
	for _, name := range tree.Names() {
		if strings.HasPrefix(name, resourcesFolder+"/") {
			data, err := tree.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			rest, ok := strings.CutPrefix(string(data), xmlspan.Header+"\n"+resxHead)
			if !ok {
				t.Errorf("%s does not begin as a resource file does:\n%s", name, data)
			}
			out["resx/"+name] = rest + "\n"
		}
	}
	for _, d := range tree.Diagnostics() {
		out["findings"] += d.String() + "\n"
	}
	sameWithResources(t, tree, unpackBytes(t, data), opts.SourceLocale)
	return out
}

// sameWithResources makes a package of a tree with its resource files and one of a tree without them, and compares what can differ.
func sameWithResources(t *testing.T, tree, plain *Tree, locale string) {
	t.Helper()
	with, err := assemble(tree, &PackOptions{Localize: true, SourceLocale: locale})
	if err != nil {
		t.Fatal(err)
	}
	without, err := assemble(plain, &PackOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		want, err := without.entries[i].file.read()
		if err != nil {
			t.Fatal(err)
		}
		got, err := with.entries[i].file.read()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want, got) {
			t.Errorf("resource files change %s:\n%s", with.entries[i].name, firstDifference(want, got))
		}
	}
}

// Resource files of real solutions change nothing when they are merged as they are, and all labels have a key.
func TestLocalizeCorpus(t *testing.T) {
	files, _ := filepath.Glob(corpusDir + "/*/input.zip")
	if len(files) == 0 {
		t.Skip("the corpus is not beside the checkout")
	}
	count := 0
	for i, file := range files {
		if testing.Short() && i%8 != 0 {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		pkg, err := Open(bytes.NewReader(data), int64(len(data)), nil)
		if err != nil {
			continue // the test of the corpus tells
		}
		plain, err := Unpack(pkg, nil)
		if err != nil {
			continue
		}
		count++
		name := filepath.Base(filepath.Dir(file))
		t.Run(name, func(t *testing.T) {
			tree, err := Unpack(pkg, &UnpackOptions{Localize: true, SourceLocale: "en-US"})
			if err != nil {
				t.Fatal(err)
			}
			sameWithResources(t, tree, plain, "en-US")
			for d := range tree.Diagnostics().Rule(ruleLabelForeign.ID) {
				t.Error(d)
			}
		})
	}
	t.Logf("%d solutions", count)
}
