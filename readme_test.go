package solutionkit_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var goBlock = regexp.MustCompile("(?s)```go\n(.*?)```")

// TestReadmeRecipes holds the blocks of Go in the README equal to functions that an Example calls.
func TestReadmeRecipes(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	src, err := os.ReadFile("recipes_test.go")
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(fset, "recipes_test.go", src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	sources, called := map[string]string{}, map[string]bool{}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		sources[f.Name.Name] = string(src[fset.Position(f.Pos()).Offset:fset.Position(f.End()).Offset])
		ast.Inspect(f.Body, func(n ast.Node) bool {
			if c, ok := n.(*ast.CallExpr); ok {
				if id, ok := c.Fun.(*ast.Ident); ok {
					called[id.Name] = true
				}
			}
			return true
		})
	}
	shown := map[string]bool{}
	blocks := goBlock.FindAllStringSubmatch(string(readme), -1)
	if len(blocks) == 0 || !strings.HasPrefix(blocks[0][1], "import (") {
		t.Fatal("the first block of Go is not the imports of the recipes")
	}
	for _, m := range blocks[1:] {
		name := regexp.MustCompile(`^func (\w+)`).FindStringSubmatch(m[1])
		if name == nil {
			t.Errorf("a block of Go that is no function:\n%s", m[1])
			continue
		}
		shown[name[1]] = true
		if d := cmp.Diff(sources[name[1]], strings.TrimSpace(m[1])); d != "" {
			t.Errorf("the README has another %s than recipes_test.go (-test +README)\n%s", name[1], d)
		}
		if !called[name[1]] {
			t.Errorf("no Example runs %s", name[1])
		}
		if n := strings.Count(strings.TrimSpace(m[1]), "\n") + 1; n > 20 {
			t.Errorf("%s has %d lines: a recipe has 20 at most", name[1], n)
		}
	}
	if len(shown) < 8 {
		t.Errorf("only %d recipes seen in the README", len(shown))
	}
}

var markdownLink = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// TestLinks follows the links of the pages to files of this module, with their headings.
func TestLinks(t *testing.T) {
	pages := []string{"README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "docs/migration.md", "docs/rules/README.md", "docs/rules/diff.md", "docs/rules/plan.md",
		"docs/schemas/README.md", "docs/solkit.md", "examples/cigate/README.md", "examples/connectorsolution/README.md", "examples/preflight/README.md"}
	for _, page := range pages {
		src, err := os.ReadFile(page)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, m := range markdownLink.FindAllStringSubmatch(string(src), -1) {
			target, heading, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			file := page
			if target != "" {
				file = path.Join(path.Dir(page), target)
			}
			text, err := os.ReadFile(file)
			if info, serr := os.Stat(file); serr == nil && info.IsDir() {
				continue
			}
			if err != nil {
				t.Errorf("%s: %v", page, err)
				continue
			}
			if heading != "" && !hasHeading(string(text), heading) {
				t.Errorf("%s: %s has no heading #%s", page, file, heading)
			}
		}
	}
}

// hasHeading reports whether a page has a heading that code hosts call so.
func hasHeading(text, anchor string) bool {
	for line := range strings.Lines(text) {
		title := strings.TrimSpace(strings.TrimLeft(line, "#"))
		if !strings.HasPrefix(line, "#") || title == "" {
			continue
		}
		name := regexp.MustCompile(`[^\w\- ]`).ReplaceAllString(strings.ToLower(title), "")
		if strings.ReplaceAll(name, " ", "-") == anchor {
			return true
		}
	}
	return false
}
