package yamlsource

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/zipw"
)

// appDocument makes the document of a canvas app of the files in a folder. Their names have backslashes there, as those that apps
// write; the two files that say what it is come first.
func (l *loader) appDocument(dir string) (*part, error) {
	files := slices.Clone(l.below(dir))
	first := func(f sourceFile) int {
		switch name := within(f, dir); {
		case strings.EqualFold(name, "Header.json"):
			return 0
		case strings.EqualFold(name, "Properties.json"):
			return 1
		}
		return 2
	}
	slices.SortStableFunc(files, func(a, b sourceFile) int { return cmp.Compare(first(a), first(b)) })
	entries := func(yield func(zipw.Entry) bool) {
		for _, f := range files {
			name := strings.ReplaceAll(within(f, dir), "/", `\`)
			if !yield(zipw.Entry{Name: name, Load: func() ([]byte, error) { return l.bytes(&f) }}) {
				return
			}
		}
	}
	return &part{file: &files[0], make: func() ([]byte, error) {
		var out bytes.Buffer
		if err := zipw.Write(&out, entries, nil); err != nil {
			return nil, errorf(l.base+dir, "%w", err)
		}
		return out.Bytes(), nil
	}}, nil
}
