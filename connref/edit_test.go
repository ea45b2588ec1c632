package connref_test

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
)

// TestEdit does what the first line of a case says, and compares the parts that change. Every edit says what it
// replaces, so that a reader sees that nothing else changed.
func TestEdit(t *testing.T) {
	cases(t, "edit", func(t *testing.T, fsys fs.FS) map[string]string {
		a, err := txtar.ParseFile(filepath.Join("testdata", "edit", filepath.Base(t.Name())+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(string(a.Comment), "\n")
		sub, err := fs.Sub(fsys, "solution")
		if err != nil {
			t.Fatal(err)
		}
		parts := partsOf(t, sub)
		command := strings.SplitN(first, " ", 4)
		change, err := edit(parts, command)
		if err != nil {
			return map[string]string{"error": err.Error() + "\n"}
		}
		next, err := change.Apply(parts)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		var edits strings.Builder
		for c := range change.Parts() {
			src, _ := parts.ReadPart(c.Name)
			for _, s := range c.Splices {
				fmt.Fprintf(&edits, "%s:%d: %q -> %q\n", c.Name, s.Start, src[s.Start:s.End], s.Text)
			}
			if c.Op != solution.SplicePart {
				fmt.Fprintf(&edits, "%v %s\n", c.Op, c.Name)
			}
			if c.Op != solution.RemovePart {
				out["solution/"+c.Name] = line(string(c.Apply(src)))
			}
		}
		for _, d := range change.Diagnostics() {
			fmt.Fprintln(&edits, d)
		}
		out["edits"] = edits.String()
		sameEditInTree(t, parts, next, command)
		return out
	})
}

// sameEditInTree makes the edit in the tree of a solution, if it has one, and compares what is bound with next, the edited solution.
func sameEditInTree(t *testing.T, parts, next solution.Parts, command []string) {
	tree := treeOf(t, parts)
	if tree == nil {
		return
	}
	inTree, err := tree.Parts()
	if err != nil {
		t.Fatal(err)
	}
	change, err := edit(inTree, command)
	if err != nil {
		t.Fatal(err)
	}
	edited, err := tree.With(change)
	if err != nil {
		t.Fatal(err)
	}
	after, err := edited.Parts()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(withoutPlaces(scan(t, next)), withoutPlaces(scan(t, after))); diff != "" {
		t.Errorf("zip and tree differ (-zip +tree)\n%s", diff)
	}
}

// edit does what a command says. A text has _ for a blank; none stands for nil.
func edit(p solution.Parts, command []string) (*solution.Change, error) {
	arg := func(i int) string {
		if i < len(command) {
			return command[i]
		}
		return ""
	}
	text := func() *string {
		if arg(2) == "none" {
			return nil
		}
		text := strings.ReplaceAll(arg(2), "_", " ")
		return &text
	}
	id, _ := solution.ParseGUID(arg(3))
	switch arg(0) {
	case "rename":
		return connref.Rename(p, arg(1), arg(2))
	case "merge":
		return connref.Merge(p, arg(1), arg(2))
	case "adopt":
		return connref.Adopt(p, arg(1))
	case "connector":
		return connref.SetConnector(p, arg(1), arg(2), id)
	case "add":
		return connref.AddReference(p, connref.Reference{LogicalName: arg(1), ConnectorID: arg(2), CustomConnector: id, DisplayName: "A & B"})
	case "remove":
		return connref.RemoveReference(p, arg(1))
	case "default":
		return connref.SetVariableDefault(p, arg(1), text())
	case "value":
		return connref.SetVariableValue(p, arg(1), text())
	}
	return nil, fmt.Errorf("no such command: %v", command)
}

// TestCorpusRename: renaming a reference and renaming it back gives the bytes that were there, and nothing names
// the old one in between.
func TestCorpusRename(t *testing.T) {
	renamed := 0
	eachReal(t, func(t *testing.T, p *packager.Package) {
		set := scan(t, p)
		if len(set.References) == 0 || len(set.Diagnostics()) > 0 {
			t.Skip("nothing to rename")
		}
		old := set.References[0].LogicalName
		next := applied(t, p, func(p solution.Parts) (*solution.Change, error) { return connref.Rename(p, old, "zzz_renamed") })
		for _, u := range scan(t, next).Uses {
			if strings.EqualFold(u.Name, old) {
				t.Errorf("%v still names %s", u.Location, old)
			}
		}
		back := applied(t, next, func(p solution.Parts) (*solution.Change, error) { return connref.Rename(p, "zzz_renamed", old) })
		for _, name := range p.Names() {
			if was, now := part(t, p, name), part(t, back, name); !strings.EqualFold(was, now) { // uses may differ in case from the definition
				t.Errorf("%s is not as it was", name)
			}
		}
		renamed++
	})
	t.Logf("%d renamed", renamed)
}

// TestCorpusVariables: what is set is read back, and what is cleared is gone, of every variable of every solution.
func TestCorpusVariables(t *testing.T) {
	changed := 0
	eachReal(t, func(t *testing.T, p *packager.Package) {
		set := scan(t, p)
		if len(set.Diagnostics()) > 0 {
			t.Skip("parts cannot be read")
		}
		for _, v := range set.Variables {
			if v.Location.File == "" {
				continue
			}
			for _, text := range []*string{new("1 & <2>"), nil} {
				next := applied(t, p, func(p solution.Parts) (*solution.Change, error) {
					return connref.SetVariableDefault(p, v.SchemaName, text)
				})
				next = applied(t, next, func(p solution.Parts) (*solution.Change, error) {
					return connref.SetVariableValue(p, v.SchemaName, text)
				})
				now, _ := scan(t, next).Variable(v.SchemaName)
				for _, got := range []*connref.Text{now.Default, now.Value} {
					if (got == nil) != (text == nil) || got != nil && got.Reveal() != *text {
						t.Errorf("%s: default and value are %v, %v after setting them to %v", v.SchemaName, now.Default, now.Value, text)
					}
				}
				now.Default, now.Value, now.ValueLocation, now.Location = v.Default, v.Value, v.ValueLocation, v.Location
				if diff := cmp.Diff(v, now); diff != "" {
					t.Errorf("%s (-before +after)\n%s", v.SchemaName, diff)
				}
			}
			changed++
		}
	})
	t.Logf("%d variables changed", changed)
}

// applied returns p with a change made.
func applied(t *testing.T, p solution.Parts, edit func(solution.Parts) (*solution.Change, error)) solution.Parts {
	t.Helper()
	c, err := edit(p)
	if err != nil {
		t.Fatal(err)
	}
	next, err := c.Apply(p)
	if err != nil {
		t.Fatal(err)
	}
	return next
}

func part(t *testing.T, p solution.Parts, name string) string {
	t.Helper()
	src, err := p.ReadPart(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}
