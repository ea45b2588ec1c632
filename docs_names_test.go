package solutionkit_test

import (
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// exportedNames are the names of docs/api.txt by package: "Item", "Item.Solution".
func exportedNames(t *testing.T) map[string]map[string]bool {
	t.Helper()
	api, err := os.ReadFile("docs/api.txt")
	if err != nil {
		t.Fatal(err)
	}
	var (
		top    = regexp.MustCompile(`^pkg (\S+), (?:const|var|func|type) (\w+)`)
		method = regexp.MustCompile(`^pkg (\S+), method \(\*?(\w+)(?:\[.*?\])?\) (\w+)`)
		field  = regexp.MustCompile(`^pkg (\S+), type (\w+) struct, (?:embedded \*?(?:\w+\.)?)?(\w+)`)
		inside = regexp.MustCompile(`\b([A-Z]\w*)\(`)
	)
	names := map[string]map[string]bool{}
	add := func(dir, name string) {
		if names[path.Base(dir)] == nil {
			names[path.Base(dir)] = map[string]bool{}
		}
		names[path.Base(dir)][name] = true
	}
	for line := range strings.Lines(string(api)) {
		if m := top.FindStringSubmatch(line); m != nil {
			add(m[1], m[2])
			if strings.Contains(line, " interface {") {
				for _, in := range inside.FindAllStringSubmatch(line, -1) {
					add(m[1], m[2]+"."+in[1])
				}
			}
		}
		for _, form := range []*regexp.Regexp{method, field} {
			if m := form.FindStringSubmatch(line); m != nil {
				add(m[1], m[2]+"."+m[3])
			}
		}
	}
	return names
}

var (
	// docLink is a link to a name; what stands in front or behind makes it a part of another text, such as [Content_Types].xml.
	docLink = regexp.MustCompile(`(\w?)\[\*?(?:([a-z]\w*)\.)?([A-Z]\w*(?:\.[A-Z]\w*)?)\](\.\w)?`)
	// codeName is a name of another package in the code of a comment, with what follows if it is a value of that type.
	codeName    = regexp.MustCompile(`\b([a-z]\w*)\.([A-Z]\w*)(\{[^{}]*)?`)
	literalKeys = regexp.MustCompile(`(?:\{|, )([A-Z]\w*): `)
	elements    = regexp.MustCompile(`\[\]([a-z]\w*)\.([A-Z]\w*)\{(\{.*\})\}`)
)

// TestCommentsNameWhatIsThere holds the links and the code of comments to the exported names: what was renamed has a new name there too.
func TestCommentsNameWhatIsThere(t *testing.T) {
	names := exportedNames(t)
	looked := 0
	for _, dir := range publicAPI {
		for _, f := range parseLibrary(t, dir) {
			here := path.Base(dir)
			has := func(pkg, name string) {
				if looked++; names[pkg] != nil && !names[pkg][name] {
					t.Errorf("a comment of %s names %s.%s, which is not there", dir, pkg, name)
				}
			}
			for _, g := range f.Comments {
				for line := range strings.Lines(g.Text()) {
					if !strings.HasPrefix(line, "\t") {
						for _, m := range docLink.FindAllStringSubmatch(line, -1) {
							if m[2] == "" {
								m[2] = here
							}
							if m[1]+m[4] == "" {
								has(m[2], m[3])
							}
						}
						continue
					}
					for _, m := range codeName.FindAllStringSubmatch(line, -1) {
						has(m[1], m[2])
						for _, key := range literalKeys.FindAllStringSubmatch(m[3], -1) {
							has(m[1], m[2]+"."+key[1])
						}
					}
					for _, m := range elements.FindAllStringSubmatch(line, -1) {
						for _, key := range literalKeys.FindAllStringSubmatch(m[3], -1) {
							has(m[1], m[2]+"."+key[1])
						}
					}
				}
			}
		}
	}
	if looked < 300 {
		t.Errorf("only %d names seen: the walk is broken", looked)
	}
}
