package solutiontest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"testing/fstest"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/diff"
)

// Diff returns what differs between two solutions, for an error of a test: component by component and property by property, "-" what
// is wanted and "+" what there is instead, with places. It is empty if nothing differs.
//
//	if d := solutiontest.Diff(want, got); d != "" {
//		t.Errorf("(-want +got)\n%s", d)
//	}
//
// What is no difference, and what is noise, says package diff, but a version is a difference here; [DiffFS] compares bytes. What cannot be compared is a difference.
func Diff(want, got solution.Parts) string {
	c, err := diff.Compare(want, got, &diff.Options{LineEnds: true})
	if err != nil {
		return fmt.Sprintf("not compared: %v\n", err)
	}
	var b strings.Builder
	if c.Old.Version != c.New.Version { // which package diff does not take for a change
		fmt.Fprintf(&b, "  version\n      - %s\n      + %s\n", c.Old.Version, c.New.Version)
	}
	for x := range c.Changes() {
		switch {
		case x.Op == diff.Added:
			fmt.Fprintf(&b, "+ %s%s\n", componentName(x), at(x.New))
		case x.Op == diff.Removed:
			fmt.Fprintf(&b, "- %s%s\n", componentName(x), at(x.Old))
		default:
			fmt.Fprintf(&b, "  %s\n", componentName(x))
			for _, p := range x.Properties {
				writeProperty(&b, p)
			}
		}
	}
	for _, u := range c.Uniform {
		fmt.Fprintf(&b, "  %d of %d %s\n", u.Count, u.Of, u.Type)
		writeProperty(&b, diff.Property{Op: u.Op, Path: u.Path, Old: u.Old, New: u.New})
	}
	return b.String()
}

func componentName(x diff.Component) string {
	if name := x.Key.String(); x.Name == "" || strings.Contains(name, solution.Fold(x.Name)) {
		return name
	}
	return x.Key.String() + " " + strconv.Quote(x.Name)
}

func writeProperty(b *strings.Builder, p diff.Property) {
	fmt.Fprintf(b, "    %s", p.Path)
	if p.Op == diff.Moved {
		fmt.Fprintf(b, " is in another order%s\n", at(p.NewAt))
		return
	}
	b.WriteString("\n")
	if p.Op != diff.Added {
		writeValue(b, "-", p.Old, p.OldAt)
	}
	if p.Op != diff.Removed {
		writeValue(b, "+", p.New, p.NewAt)
	}
}

// maxValue is how much of a value is shown, in bytes.
const maxValue = 2000

// writeValue writes a value after a sign, each of its lines. Its place stands behind the first one.
func writeValue(b *strings.Builder, sign, text string, place diag.Location) {
	if len(text) > maxValue {
		cut := maxValue
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut] + fmt.Sprintf("… (%d bytes)", len(text))
	}
	for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if !strconv.CanBackquote(line) {
			line = strconv.Quote(line)
		}
		if i > 0 {
			place = diag.Location{}
		}
		fmt.Fprintf(b, "      %s %s%s\n", sign, line, at(place))
	}
}

func at(place diag.Location) string {
	if place.File == "" {
		return ""
	}
	return "  (" + place.String() + ")"
}

// DiffFS returns what differs between the files of two file systems, byte for byte, for an error of a test: files that are missing or
// that nobody wants, and of two texts the lines. It is empty if nothing differs. A golden tree is a folder of testdata:
//
//	if d := solutiontest.DiffFS(os.DirFS("testdata/orders"), tree); d != "" {
//		t.Errorf("(-want +got)\n%s", d)
//	}
//
// Nothing is written: for a flag -update call os.RemoveAll and os.CopyFS. An archive of package txtar is a file system by txtar.FS. What
// cannot be read is a difference.
func DiffFS(want, got fs.FS) string {
	wanted, err := readAll(want)
	if err != nil {
		return fmt.Sprintf("not compared: what is wanted: %v\n", err)
	}
	have, err := readAll(got)
	if err != nil {
		return fmt.Sprintf("not compared: what there is: %v\n", err)
	}
	var b strings.Builder
	for _, name := range sortedNames(wanted, have) {
		w, isWanted := wanted[name]
		g, isThere := have[name]
		switch {
		case !isThere:
			fmt.Fprintf(&b, "- %s\n", name)
		case !isWanted:
			fmt.Fprintf(&b, "+ %s\n", name)
		case !bytes.Equal(w, g):
			fmt.Fprintf(&b, "  %s\n", name)
			writeLines(&b, w, g)
		}
	}
	return b.String()
}

func readAll(fsys fs.FS) (map[string][]byte, error) {
	out := map[string][]byte{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		out[name], err = fs.ReadFile(fsys, name)
		return err
	})
	return out, err
}

func sortedNames(a, b map[string][]byte) []string {
	var out []string
	for name := range a {
		out = append(out, name)
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// maxLines is how many lines of each side are shown of a file.
const maxLines = 20

// writeLines writes the lines in which two texts differ: all from the first to the last of them, as many as are shown.
func writeLines(b *strings.Builder, want, got []byte) {
	if !utf8.Valid(want) || !utf8.Valid(got) || bytes.IndexByte(want, 0) >= 0 || bytes.IndexByte(got, 0) >= 0 {
		i := 0
		for i < len(want) && i < len(got) && want[i] == got[i] {
			i++
		}
		fmt.Fprintf(b, "    %d bytes, want %d; the first other one is at %d\n", len(got), len(want), i)
		return
	}
	w, g := strings.SplitAfter(string(want), "\n"), strings.SplitAfter(string(got), "\n")
	first := 0
	for first < len(w) && first < len(g) && w[first] == g[first] {
		first++
	}
	last := 0
	for last < len(w)-first && last < len(g)-first && w[len(w)-1-last] == g[len(g)-1-last] {
		last++
	}
	for _, side := range []struct {
		sign  string
		lines []string
	}{{"-", w[first : len(w)-last]}, {"+", g[first : len(g)-last]}} {
		for i, line := range side.lines {
			if i == maxLines {
				fmt.Fprintf(b, "    %s and %d more lines\n", side.sign, len(side.lines)-i)
				break
			}
			fmt.Fprintf(b, "    %s %d: %s\n", side.sign, first+1+i, shownLine(line))
		}
	}
}

// shownLine returns a line as it is, or quoted if its end or a character in it would not be seen.
func shownLine(line string) string {
	text, ended := strings.CutSuffix(line, "\n")
	if !ended || !strconv.CanBackquote(text) || strings.TrimRight(text, " \t") != text {
		return strconv.Quote(line)
	}
	return text
}

// TestFS holds a file system to the contract of package fs for all of its files, as fstest.TestFS does for those that it is told, and to
// what the file systems of this module promise besides: a file has the same bytes each time, and those that were given away are the
// caller's, to change as it likes. All errors are joined in one.
func TestFS(fsys fs.FS) error {
	files, err := readAll(fsys)
	if err != nil {
		return err
	}
	names := sortedNames(files, nil)
	errs := []error{fstest.TestFS(fsys, names...)}
	for _, name := range names {
		first := bytes.Clone(files[name])
		for i := range files[name] {
			files[name][i] ^= 0xff
		}
		again, err := fs.ReadFile(fsys, name)
		if err != nil || !bytes.Equal(again, first) {
			errs = append(errs, fmt.Errorf("%s: other bytes when it is read again and the first ones were changed (%v)", name, err))
		}
	}
	return errors.Join(errs...)
}
