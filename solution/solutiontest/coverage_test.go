package solutiontest_test

import (
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// unseen are attributes and lines that the readers do not look at, with a text that then is in a part.
var unseen = map[string]string{
	"workflow draft":            "<StateCode>0</StateCode>",
	"attribute type":            "<Type>datetime</Type>",
	"entityrelationship lookup": "<ReferencingAttributeName>ct_lookup</ReferencingAttributeName>",
	"entityrelationship type":   "<FirstEntityName>ct_order</FirstEntityName>",
	"webresource text":          "let here = 1",
	"connector client":          "5e0c3a0e-0000-4000-8000-00000000abcd",
	"connector operations":      `"operationId":"GetItem"`,
}

// defaulted are attributes whose value in a case is what leaving them out means.
var defaulted = map[string]bool{"environmentvariabledefinition type text": true}

// TestEveryLineCounts: without one of its lines, or one of the attributes, a case is wrong or readers see something
// else. So no part of the language does nothing.
func TestEveryLineCounts(t *testing.T) {
	covered := map[string]bool{}
	for _, a := range golden.Cases(t, caseFiles) {
		name := a.Name
		text := string(a.Files[0].Data)
		whole := look(t, text)
		lines := strings.SplitAfter(text, "\n")
		for i, line := range lines {
			keyword, keys, spans := solutiontest.Attributes(strings.TrimSuffix(line, "\n"))
			if keyword == "" {
				continue
			}
			covered[keyword] = true
			check := func(what, line string) {
				changed := slices.Clone(lines)
				changed[i] = line
				without := strings.Join(changed, "")
				if _, err := solutiontest.Parse(without); err != nil {
					return // others need it
				}
				want, ok := unseen[what]
				switch {
				case ok && (!strings.Contains(parts(t, text), want) || strings.Contains(parts(t, without), want)):
					t.Errorf("%s:%d: %s does not put %s into a part", name, i+1, what, want)
				case !ok && look(t, without) == whole:
					t.Errorf("%s:%d: readers see the same without %s", name, i+1, what)
				}
			}
			check(keyword, "")
			for j, key := range keys {
				covered[keyword+" "+key] = true
				value := strings.TrimPrefix(line[spans[j][0]:spans[j][1]], key+"=")
				if !defaulted[keyword+" "+key+" "+value] {
					check(keyword+" "+key, line[:spans[j][0]]+line[spans[j][1]:])
				}
			}
		}
	}
	key := regexp.MustCompile(`[a-z]+=`)
	for _, usage := range solutiontest.Usages() {
		keyword, _, _ := strings.Cut(usage, " ")
		if !covered[keyword] {
			t.Errorf("no case has a line %s", keyword)
		}
		for _, k := range key.FindAllString(usage, -1) {
			if what := keyword + " " + strings.TrimSuffix(k, "="); !covered[what] {
				t.Errorf("no case has %s", what)
			}
		}
	}
}

func look(t *testing.T, text string) string {
	t.Helper()
	got, err := seen(solutiontest.FS(t, text))
	if err != nil {
		return fmt.Sprint("error: ", err)
	}
	// Whether the zip has a part that no reader of components looks at is to be seen too.
	err = fs.WalkDir(solutiontest.FS(t, text), ".", func(name string, _ fs.DirEntry, err error) error {
		got += name + "\n"
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// parts returns all parts of a solution.
func parts(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	fsys := solutiontest.FS(t, text)
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := fs.ReadFile(fsys, name)
		b.Write(src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestUsagesAreDocumented: the package comment lists every usage as it is.
func TestUsagesAreDocumented(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, usage := range solutiontest.Usages() {
		if !strings.Contains(string(doc), "//\t"+usage+"\n") {
			t.Errorf("the package comment lacks the line\n%s", usage)
		}
	}
}
