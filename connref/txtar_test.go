package connref_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/golden"
)

// cases runs f for every txtar file of a folder. f gets the files; what it returns are the files
// want/NAME of the case.
func cases(t *testing.T, folder string, f func(t *testing.T, fsys fs.FS) map[string]string) {
	t.Helper()
	golden.Run(t, "testdata/"+folder+"/*.txtar", func(t *testing.T, c *golden.Case) {
		fsys, err := txtar.FS(c.Archive)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for name, text := range f(t, fsys) {
			got["want/"+name] = text
		}
		c.Hold(t, func(name string) bool { return strings.HasPrefix(name, "want/") }, got)
	})
}

func line(s string) string {
	if s != "" && !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	return s
}

// TestSettings generates settings for the solution in a case's folder solution, keeping keep.json if there is
// one, and checks the solution against the result.
func TestSettings(t *testing.T) {
	cases(t, "settings", func(t *testing.T, fsys fs.FS) map[string]string {
		sub, err := fs.Sub(fsys, "solution")
		if err != nil {
			t.Fatal(err)
		}
		parts := partsOf(t, sub)
		set, err := connref.Read(parts)
		if err != nil {
			return map[string]string{"error": line(err.Error())}
		}
		sameInTree(t, parts, set)
		var keep *connref.Settings
		if src, err := fs.ReadFile(fsys, "keep.json"); err == nil {
			if keep, err = connref.ParseSettings(src, "keep.json"); err != nil {
				return map[string]string{"error": line(err.Error())}
			}
		}
		st, left, err := set.Settings(keep)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{"set": dump(set), "settings.json": line(string(st.Bytes()))}
		var found strings.Builder
		for _, d := range set.Check(st) {
			fmt.Fprintln(&found, d)
		}
		for _, d := range left {
			fmt.Fprintln(&found, "left out:", d)
		}
		if found.Len() > 0 {
			out["findings"] = found.String()
		}
		return out
	})
}

// dump writes a set as lines.
func dump(s *connref.Set) string {
	var b strings.Builder
	for _, r := range s.References {
		fmt.Fprintf(&b, "reference %s %q %s", r.LogicalName, r.DisplayName, connref.ConnectorName(r.ConnectorID))
		if r.IsCustom() {
			fmt.Fprintf(&b, " custom %v", r.CustomConnector)
		}
		if r.Skip {
			b.WriteString(" skip")
		}
		fmt.Fprintf(&b, " at %v\n", r.Location)
		for _, k := range r.UsedBy {
			fmt.Fprintf(&b, "  used by %v\n", k)
		}
	}
	for _, v := range s.Variables {
		fmt.Fprintf(&b, "variable %s %q %v default=%v value=%v", v.SchemaName, v.DisplayName, v.Type, v.Default, v.Value)
		if v.Parent != "" {
			fmt.Fprintf(&b, " parent=%s", v.Parent)
		}
		fmt.Fprintf(&b, " at %v", v.Location)
		if v.Value != nil {
			fmt.Fprintf(&b, ", value at %v %s", v.ValueLocation, v.ValueLocation.Path)
		}
		b.WriteByte('\n')
	}
	for _, u := range s.Uses {
		fmt.Fprintf(&b, "use of %s by %v at %v %s\n", u.Name, u.By, u.Location, u.Location.Path)
	}
	for _, r := range s.Raw {
		fmt.Fprintf(&b, "raw %s %q in %v at %v %s\n", r.Connector, r.Alias, r.By, r.Location, r.Location.Path)
	}
	return b.String()
}
