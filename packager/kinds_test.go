package packager

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

var rootList = regexp.MustCompile(`(?s)<RootComponents>.*</RootComponents>`)

// withRoots is a zip with another list of root components.
func withRoots(t *testing.T, data []byte, roots string) []byte {
	var entries []zipEntry
	files := zipEntries(t, data)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		text := string(files[name])
		if name == solutionPart {
			if text = rootList.ReplaceAllLiteralString(text, "<RootComponents>"+roots+"</RootComponents>"); !strings.Contains(text, roots) {
				t.Fatalf("no roots in %s", text)
			}
		}
		entries = append(entries, zipEntry{name, text})
	}
	return makeZip(t, entries...)
}

// TestKinds writes down what the columns of the layout tables say of each kind, as seen on the case that has it: what is told if
// the manifest lists nothing, and whether it can become a managed package.
func TestKinds(t *testing.T) {
	var got strings.Builder
	files, err := filepath.Glob("testdata/layout/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		c := readCase(t, file)
		tree := unpackBytes(t, withRoots(t, c.zip, ""))
		fmt.Fprintf(&got, "%s\n", strings.TrimSuffix(filepath.Base(file), ".txtar"))
		var packed bytes.Buffer
		found, err := Pack(&packed, tree, nil)
		var failed *diag.FailedError
		if errors.As(err, &failed) {
			found = failed.List
		} else if err != nil {
			t.Fatal(err)
		}
		for _, d := range found {
			if d.Rule == ruleNoRoot.ID {
				text, _, _ := strings.Cut(d.Message, ": add")
				fmt.Fprintf(&got, "\tno root: %s\n", text)
			}
		}
		if tree.Manifest().Kind() != solution.Unmanaged {
			continue
		}
		_, err = Pack(&packed, unpackBytes(t, c.zip), &PackOptions{Kind: new(solution.Managed), Convert: true})
		if err != nil {
			fmt.Fprintf(&got, "\tconvert: %v\n", err)
		} else {
			got.WriteString("\tconvert: can be\n")
		}
	}
	golden.File(t, "testdata/kinds.txt", got.String())
}

// A root component is there only if one of its own kind has its name, where the tables tell the places of that kind.
func TestRootOfAnotherKind(t *testing.T) {
	var roots strings.Builder
	types := map[int]bool{}
	for _, row := range layouts {
		if code, ok := row.root.Code(); ok {
			types[code] = true
		}
	}
	for _, code := range slices.Sorted(maps.Keys(types)) {
		fmt.Fprintf(&roots, `<RootComponent type="%d" schemaName="cts_elsewhere" behavior="0" />`, code)
	}
	data := custom(t, "<ImportExportXml />", zipEntry{"bots/cts_elsewhere/bot.xml", `<bot schemaname="cts_elsewhere" />`})
	found, err := unpackBytes(t, withRoots(t, data, roots.String())).Check()
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for d := range found.Rule(ruleNoComponent.ID) {
		told[d.Message] = true
	}
	for code := range types {
		if want := fmt.Sprintf("root component of type %d, %q, is not in the tree", code, "cts_elsewhere"); !told[want] {
			t.Errorf("not found: %s", want)
		}
	}
}
