package packager

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution/diag"
)

const pointerText = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"

// What is given in the place of a zip is called by its name.
func TestNotZip(t *testing.T) {
	for _, c := range []struct{ name, data, what, text string }{
		{"pointer", pointerText, "git-lfs-pointer", "not a zip: this is a Git LFS pointer and not the file: run git lfs pull"},
		{"html", "\n<!DOCTYPE html>\n<html><body>Sign in</body></html>", "html", "an HTML page"},
		{"html with mark", "\xef\xbb\xbf<HTML lang='en'>", "html", "an HTML page"},
		{"json", ` {"message": "Not Found"}`, "json", "this is JSON"},
		{"list", `[]`, "json", "this is JSON"},
		{"xml", "<?xml version=\"1.0\"?><ImportExportXml />", "xml", "one XML file"},
		{"7z", "7z\xbc\xaf\x27\x1c\x00\x04", "archive", "a 7z archive: give a zip"},
		{"gzip", "\x1f\x8b\x08\x00", "archive", "a gzip archive"},
		{"text", "hello", "", "zip: not a valid zip file"},
		{"half", string(makeZip(t, zipEntry{"a.txt", strings.Repeat("a", 500)})[:100]), "", "it begins as one and lacks the end"},
		{"long text like a pointer", pointerText + strings.Repeat("x", 2000), "", "zip: not a valid zip file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Open(strings.NewReader(c.data), int64(len(c.data)), nil)
			checkError(t, err, ErrFormat, []string{"open: not a valid solution: ", c.text})
			var not *NotSolutionError
			if errors.As(err, &not) != (c.what != "") || not != nil && not.What != c.what {
				t.Errorf("it is %+v, want %q", not, c.what)
			}
		})
	}
}

// A zip that is no solution says what it is, or where one is in it.
func TestZipWithoutSolution(t *testing.T) {
	for _, c := range []struct {
		name    string
		entries []string
		what    string
		inside  []string
		text    string
	}{
		{"nothing", []string{"a.txt"}, "", nil, "the zip has no solution.xml at its root"},
		{"folder", []string{"Contoso/", "Contoso/solution.xml", "Contoso/customizations.xml", "Contoso/[Content_Types].xml"}, "", []string{"Contoso"},
			"Contoso/solution.xml is one folder down: zip what is in the folder Contoso, not the folder"},
		{"deeper", []string{"out/b/Solution.XML", "out/b/customizations.xml"}, "", []string{"out/b"}, "out/b/solution.xml is 2 folders down"},
		{"zips", []string{"dist/Contoso_managed.zip", "dist/Contoso.zip", "readme.md"}, "", []string{"dist/Contoso.zip", "dist/Contoso_managed.zip"},
			"it holds dist/Contoso.zip, dist/Contoso_managed.zip: extract it, and give that"},
		{"many zips", []string{"1.zip", "2.zip", "3.zip", "4.zip", "5.zip"}, "", []string{"1.zip", "2.zip", "3.zip", "4.zip", "5.zip"}, "it holds 1.zip, 2.zip, 3.zip and 2 more: "},
		{"repository", []string{"demo-main/README.md", "demo-main/src/Contoso/Other/Solution.xml", "demo-main/src/Contoso/Other/Customizations.xml", "demo-main/bin/Contoso.zip"}, "",
			[]string{"demo-main/bin/Contoso.zip", "demo-main/src/Contoso"}, "it holds the source tree demo-main/src/Contoso: extract it, and give the folder of the tree; it holds demo-main/bin/Contoso.zip: extract it"},
		{"tree", []string{"Other/Solution.xml", "Other/Customizations.xml"}, "", []string{"."}, "it holds the source tree in its root: extract it"},
		{"canvas app", []string{"Header.json", "Properties.json", `Controls\1.json`, `References\Themes.json`}, "canvas-app", nil, "this is a canvas app (msapp), and no solution"},
		{"app export", []string{"manifest.json", "Microsoft.PowerApps/apps/1/2.msapp"}, "app-export", nil, "the export of an app or a flow alone"},
		{"data", []string{"data.xml", "data_schema.xml", "[Content_Types].xml"}, "data", nil, "data of the configuration migration tool"},
		{"yaml", []string{"x/solutions/Contoso/solution.yml", "x/publishers/contoso/publisher.yml"}, "yaml-source", nil, "x/solutions/Contoso/solution.yml: this is the YAML source format of Git integration: extract it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var entries []zipEntry
			for _, name := range c.entries {
				entries = append(entries, zipEntry{name, ""})
			}
			data := makeZip(t, entries...)
			_, err := Open(bytes.NewReader(data), int64(len(data)), nil)
			checkError(t, err, ErrFormat, []string{"open: solution.xml: not a valid solution: the zip has no solution.xml at its root", c.text})
			var not *NotSolutionError
			if !errors.As(err, &not) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(NotSolutionError{What: c.what, Inside: c.inside}, NotSolutionError{What: not.What, Inside: not.Inside}, cmp.AllowUnexported(NotSolutionError{})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A folder that is no tree says what it is, or where one is in it.
func TestFolderWithoutTree(t *testing.T) {
	for _, c := range []struct {
		name   string
		files  []string
		what   string
		inside []string
		text   string
	}{
		{"nothing", []string{"a.txt"}, "", nil, "is this the folder that holds Other?"},
		{"extracted zip", []string{"solution.xml", "customizations.xml", "[Content_Types].xml"}, "extracted-zip", nil, "solution.xml is here, so this is an extracted zip: give the zip"},
		{"in Other", []string{"Solution.xml", "Customizations.xml"}, "inside-tree", nil, "this is the folder Other of a tree: give the folder above"},
		{"above", []string{"src/Contoso/Other/Solution.xml", "Contoso.cdsproj"}, "", []string{"src/Contoso"}, "it holds the source tree src/Contoso: give the folder of the tree"},
		{"extracted below", []string{"Contoso/solution.xml"}, "", []string{"Contoso"}, "Contoso/solution.xml is one folder down: it is an extracted zip, in the folder Contoso: give the zip"},
		{"zips", []string{"bin/Contoso.zip"}, "", []string{"bin/Contoso.zip"}, "it holds the zip bin/Contoso.zip: unpack it, and give the folder of its tree"},
		{"hidden", []string{".git/a/Other/Solution.xml", "node_modules/b/Other/Solution.xml", "1/2/3/4/5/6/Other/Solution.xml"}, "", nil, "is this the folder that holds Other?"},
		{"yaml", []string{"solutions/Contoso/solution.yml"}, "yaml-source", nil, "solutions/Contoso/solution.yml: this is the YAML source format"},
		{"solutions of yaml", []string{"Contoso/Solution.yml", "Contoso/rootcomponents.yml"}, "yaml-source", nil, "this is the folder solutions of the YAML source format of Git integration: give the folder above"},
		{"solution of yaml", []string{"solution.yml", "rootcomponents.yml"}, "yaml-source", nil, "solution.yml is here, so this is one solution of the YAML source format of Git integration: give the folder that holds the folder solutions"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := fstest.MapFS{}
			for _, name := range c.files {
				files[name] = &fstest.MapFile{}
			}
			_, err := Load(files, nil)
			checkError(t, err, ErrFormat, []string{"load: Other/Solution.xml: not a valid solution: the tree has no Other/Solution.xml: ", c.text})
			var not *NotSolutionError
			if !errors.As(err, &not) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(NotSolutionError{What: c.what, Inside: c.inside}, NotSolutionError{What: not.What, Inside: not.Inside}, cmp.AllowUnexported(NotSolutionError{})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A pointer is not packed in the place of a file, and one in a package is told.
func TestPointerForPart(t *testing.T) {
	t.Run("payload", func(t *testing.T) {
		files := goodTree()
		files["WebResources/cts_a.js"] = &fstest.MapFile{Data: []byte(pointerText)}
		files["bots/b/data"] = &fstest.MapFile{Data: []byte(pointerText)}
		tree, err := Load(files, nil)
		if err != nil {
			t.Fatal(err)
		}
		var buf bytes.Buffer
		_, err = Pack(&buf, tree, nil)
		var failed *diag.FailedError
		if !errors.As(err, &failed) || failed.List.Count(diag.Error) != 2 || buf.Len() > 0 {
			t.Errorf("error %v, %d bytes", err, buf.Len())
		}
		list, err := tree.Check()
		if err != nil {
			t.Fatal(err)
		}
		var at []string
		for d := range list.Rule(rulePointer.ID) {
			at = append(at, d.Location.File)
		}
		if diff := cmp.Diff([]string{"WebResources/cts_a.js", "bots/b/data"}, at); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
	for _, name := range []string{"Roles/Boss.xml", "Other/Customizations.xml", "Other/Solution.xml"} {
		t.Run(name, func(t *testing.T) {
			files := goodTree()
			files[name] = &fstest.MapFile{Data: []byte(pointerText)}
			tree, err := Load(files, nil)
			if err == nil {
				_, err = Pack(&bytes.Buffer{}, tree, nil)
			}
			checkError(t, err, ErrFormat, []string{name + ": not a valid solution: this is a Git LFS pointer and not the file: run git lfs pull"})
		})
	}
	t.Run("zip", func(t *testing.T) {
		tree := unpackBytes(t, makeZip(t, completed([]zipEntry{{"bots/b/data", pointerText}, {"bots/b/like", "version 1"}}, false, true)...))
		found := tree.Diagnostics()
		if n := found.Count(diag.Error); n != 1 {
			t.Fatalf("%d errors: %v", n, found)
		}
		for d := range found.Rule(rulePointer.ID) {
			if d.Location.File != "bots/b/data" {
				t.Errorf("%v", d)
			}
		}
	})
}
