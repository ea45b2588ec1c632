package solutionkit_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connector/lint"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/packager/yamlsource"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/deployer"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/environment"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// A rulePage is a file of docs/rules: the rules whose ids begin with its name.
type rulePage struct {
	name, title, intro string
}

var rulePages = []rulePage{
	{"packager", "Findings in zips and trees", "`packager` tells them when it unpacks, loads, checks and packs: `solkit unpack`, `pack` and `check`."},
	{"yamlsource", "Findings in the YAML of Git integration", "`packager/yamlsource` tells them when it reads such a folder: every command that takes a DIR."},
	{"solution", "Findings in solution.xml", "`solution.Manifest.Check` and `packager.Tree.Check` tell them: `solkit check`."},
	{"content", "Findings in what a package holds", "`solution/content` tells them, and `solution/plan` passes them on: `solkit check`, `refs` and `plan`."},
	{"connref", "Findings in connection references, variables and settings", "`connref` tells them: `solkit check`, `connections`, `variables` and `settings`."},
	{"plan", "Findings in an import", "`solution/plan` tells them of each step: `solkit plan`. Those named `split-` are of `solkit split-connectors`. An *action* is work for a person. [Policies](#policies) give some of them another severity."},
	{"environment", "Findings in the description of an environment", "`solution/environment` tells them: `solkit env`."},
	{"deployer", "Findings in packages of Package Deployer", "`solution/deployer` tells them: `solkit plan` with such a package."},
}

// libraryRules is the catalogue of all findings of the library.
func libraryRules(t *testing.T) *diag.Catalogue {
	t.Helper()
	c, err := diag.NewCatalogue(packager.Rules(), yamlsource.Rules(), solution.Rules(), content.Rules(), connref.Rules(), plan.Rules(),
		diff.Rules(), environment.Rules(), deployer.Rules(), lint.Rules(), connector.ChangeRules())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestRulePages holds docs/rules and the catalogues together; -update writes the pages.
func TestRulePages(t *testing.T) {
	all, examples := libraryRules(t), findingExamples(t)
	example := func(r diag.Rule) string {
		if x := examples[r.ID]; x != "" {
			return "```text\n" + x + "\n```"
		}
		return ""
	}
	const made = "\nMade from the catalogue by `go generate`; change it there. The ids are part of the API and never change.\n"
	pages := map[string][]byte{
		"connector.md": bytes.Replace(lint.Markdown(example), []byte("\n"), []byte("\n"+made), 1),
		"diff.md":      bytes.Replace(diff.RulesMarkdown(example), []byte("\n"), []byte("\n"+made), 1),
	}
	var index strings.Builder
	index.WriteString("# Rules\n" + made + "\nEverything that the library finds. The id stands behind each finding, in `-json` and in SARIF.\n\n| Page | Ids | Rules |\n|---|---|---|\n")
	left := all.All()
	documented := map[string]bool{}
	for _, p := range rulePages {
		var rules []diag.Rule
		for r := range left {
			if strings.HasPrefix(r.ID, p.name+"/") {
				rules, documented[r.ID] = append(rules, r), true
			}
		}
		if len(rules) == 0 {
			t.Errorf("page %s has no rules", p.name)
		}
		text := "# " + p.title + "\n" + made + "\n" + p.intro + "\n"
		pages[p.name+".md"] = diag.AppendMarkdown([]byte(text), slices.Values(rules), example)
		if p.name == "plan" {
			pages["plan.md"] = append(pages["plan.md"], policyTable()...)
		}
		fmt.Fprintf(&index, "| [%s](%s.md) | `%s/` | %d |\n", p.title, p.name, p.name, len(rules))
	}
	n, ofDiff := 0, 0
	for r := range all.All() {
		switch {
		case strings.HasPrefix(r.ID, "CONN-"):
			n++
			if !bytes.Contains(pages["connector.md"], []byte("\n### "+r.ID+"\n")) {
				t.Errorf("%s is not in connector.md", r.ID)
			}
		case bytes.Contains(pages["diff.md"], []byte("\n### "+r.ID+"\n")):
			ofDiff++
		case !documented[r.ID]:
			t.Errorf("%s has no page: add one to rulePages", r.ID)
		}
		if r.Summary == "" {
			t.Errorf("%s has no summary", r.ID)
		}
		if examples[r.ID] == "" {
			t.Errorf("no case shows a finding of %s: add one to the package, or to "+findingCases, r.ID)
		}
	}
	fmt.Fprintf(&index, "| [Rules for custom connectors](connector.md) | `CONN-` | %d |\n", n)
	fmt.Fprintf(&index, "| [Impacts, noise and findings of diff and merge](diff.md) | `diff/`, `merge/` | %d |\n| [What solkit adds](solkit.md) | `solkit/` | |\n", ofDiff)
	pages["README.md"] = []byte(index.String())
	for id := range examples {
		if _, ok := all.Lookup(id); !ok {
			t.Errorf("a case has a finding of %s, which is in no catalogue", id)
		}
	}
	golden.Folder(t, "docs/rules", pages, "solkit.md")
}

// policyTable says what each policy decides.
func policyTable() string {
	var b strings.Builder
	b.WriteString("\n## Policies\n\nWhere the platform is said to do one thing and another, changed over time, or leaves a choice, a policy decides: `plan.Options.Policies`, and\n" +
		"`-policy NAME=VALUE` of `solkit plan`.\n\n| Policy | Default | Other values | What it decides |\n|---|---|---|---|\n")
	for p := range plan.AllPolicies() {
		var others []string
		for _, v := range p.Values {
			if v != p.Default {
				others = append(others, "`"+v+"`")
			}
		}
		if p.Values == nil {
			others = []string{"a whole number"}
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", p.Name, p.Default, strings.Join(others, ", "), p.Summary)
	}
	return b.String()
}

var (
	// findingLine is diag.Diagnostic.String in a case.
	findingLine = regexp.MustCompile(`(?m)^\S[^\n]*: (?:note|action|warning|error): [^\n]+ \(([a-z]+/[a-z-]+|CONN-[A-Z]+-\d+)\)`)
	// planLine is a finding in a case of a plan, with its sentence below it.
	planLine = regexp.MustCompile(`(?m)^ +(info|action|warning|error) ([a-z-]+) \[[^\n]*\]\n {8}([^\n]+)$`)
	// lintLine is a finding in the case of one rule of connectors.
	lintLine = regexp.MustCompile(`(?m)^bad[^:\n]*: (\S+:\d+:\d+) (note|warning|error) ([^\n]+)$`)
	// changeLine is a difference between two versions of a connector, in the case of its rule.
	changeLine = regexp.MustCompile(`(?m)^[^:\n]+: (CONN-BRK-\d+) (safe|unknown|breaking) \[[^\n]*?: ((?:operation|parameter|property|[a-z])[^\n:]*; [^\n]+)$`)
	// splitLine is a finding in the case of a split.
	splitLine = regexp.MustCompile(`(?m)^(plan/split-[a-z-]+) (note|warning|error) (\S+:\d+:\d+): ([^\n]+)$`)
	ruleCase  = regexp.MustCompile(`^CONN-[A-Z]+-\d+$`)
)

// findingExamples returns a finding of as many rules as have one in a case, which a test of its package holds to be true.
func findingExamples(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	add := func(id, text string) {
		// Paths and positions are made up; of several the shortest is the easiest to read.
		if old := found[id]; old == "" || len(text) < len(old) {
			found[id] = text
		}
	}
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".txtar" || !strings.Contains(name, "/testdata/") || strings.HasPrefix(name, "solution/diag/") {
			return err
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		text := string(src)
		for _, m := range findingLine.FindAllStringSubmatch(text, -1) {
			add(m[1], m[0])
		}
		if strings.HasPrefix(name, "packager/testdata/") {
			for _, d := range packagerFindings(src) {
				add(d.Rule, d.String())
			}
		}
		if strings.HasPrefix(name, "solution/plan/") {
			for _, m := range splitLine.FindAllStringSubmatch(text, -1) {
				add(m[1], m[3]+": "+m[2]+": "+m[4]+" ("+m[1]+")")
			}
			for _, m := range planLine.FindAllStringSubmatch(text, -1) {
				severity := m[1]
				if severity == "info" {
					severity = "note"
				}
				id := "plan/" + m[2]
				add(id, severity+": "+m[3]+" ("+id+")")
			}
		}
		if id := strings.TrimSuffix(path.Base(name), ".txtar"); ruleCase.MatchString(id) {
			for _, m := range changeLine.FindAllStringSubmatch(text, -1) {
				add(m[1], m[2]+": "+m[3]+" ("+m[1]+")")
			}
			for _, m := range lintLine.FindAllStringSubmatch(text, -1) {
				add(id, m[1]+": "+m[2]+": "+strings.TrimPrefix(m[3], ": ")+" ("+id+")")
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(found, writtenFindings(t))
	if len(found) < 100 {
		t.Errorf("only %d findings seen in cases: the walk is broken", len(found))
	}
	return found
}

// packagerFindings returns what packager finds in the zip and in the tree of a case, as far as these can be read: cases say of most
// findings their rule and place alone.
func packagerFindings(src []byte) diag.List {
	var zipped bytes.Buffer
	w := zip.NewWriter(&zipped)
	tree := fstest.MapFS{}
	manifest := []byte(`<ImportExportXml><SolutionManifest><UniqueName>Case</UniqueName><Version>1.0.0.0</Version><Managed>0</Managed><RootComponents /></SolutionManifest></ImportExportXml>`)
	named := map[string]bool{}
	put := func(name string, data []byte) {
		if f, err := w.Create(name); err == nil {
			_, _ = f.Write(data) // a buffer takes everything
			named[name] = true
		}
	}
	for _, f := range txtar.Parse(src).Files {
		if name, ok := strings.CutPrefix(f.Name, "zip/"); ok {
			put(name, f.Data)
		}
		if name, ok := strings.CutPrefix(f.Name, "in/"); ok && fs.ValidPath(name) {
			tree[name] = &fstest.MapFile{Data: f.Data}
		}
	}
	var found diag.List
	if len(named) > 0 {
		if !named["solution.xml"] {
			put("solution.xml", manifest)
		}
		if err := w.Close(); err == nil {
			if pkg, err := packager.Open(bytes.NewReader(zipped.Bytes()), int64(zipped.Len()), nil); err == nil {
				if t, err := packager.Unpack(pkg, nil); err == nil {
					found = append(found, t.Diagnostics()...)
				}
			}
		}
	}
	if len(tree) > 0 {
		if tree["Other/Solution.xml"] == nil {
			tree["Other/Solution.xml"] = &fstest.MapFile{Data: manifest}
		}
		if t, err := packager.Load(tree, nil); err == nil {
			if list, err := t.Check(); err == nil {
				found = append(found, list...)
			}
		}
	}
	return found
}

// TestEveryRuleIsInItsCatalogue holds the ids in the source and the catalogues together: what a package can report is listed,
// and what is listed is used by something that reports it.
func TestEveryRuleIsInItsCatalogue(t *testing.T) {
	all := libraryRules(t)
	named := map[string]bool{}
	for dir := range mayImport {
		files := parseLibrary(t, dir)
		for _, f := range files {
			ast.Inspect(f, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					if id, err := strconv.Unquote(lit.Value); err == nil && isRuleID(id) {
						named[id] = true
						if _, ok := all.Lookup(id); !ok {
							t.Errorf("%s names rule %q, which is in no catalogue", dir, id)
						}
					}
				}
				return true
			})
		}
		for name, uses := range ruleVariables(files) {
			if uses.listed == 0 {
				t.Errorf("%s: %s is in no list of rules", dir, name)
			}
			if uses.other == 0 {
				t.Errorf("%s: %s is in the catalogue and nothing reports it", dir, name)
			}
		}
	}
	for r := range all.All() {
		if !named[r.ID] && !strings.HasPrefix(r.ID, "CONN-") {
			t.Errorf("no source names %s: the walk is broken", r.ID)
		}
	}
}

// isRuleID reports whether a text has the form of an id of this library.
func isRuleID(text string) bool {
	if ruleCase.MatchString(text) {
		return true
	}
	return slices.ContainsFunc(append([]rulePage{{name: "diff"}, {name: "merge"}}, rulePages...), func(p rulePage) bool {
		rest, ok := strings.CutPrefix(text, p.name+"/")
		return ok && kebab.MatchString(rest) && mayImport["solution/"+rest] == nil && mayImport[text] == nil
	})
}

var kebab = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// parseLibrary returns the files of a package but for its tests and what only go generate runs.
func parseLibrary(t *testing.T, dir string) []*ast.File {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, e := range entries {
		if name := e.Name(); path.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go") {
			f, err := parser.ParseFile(token.NewFileSet(), path.Join(dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			if !generator(f) {
				files = append(files, f)
			}
		}
	}
	return files
}

type ruleUses struct{ listed, other int }

// ruleVariables counts the uses of each variable that is a rule: in lists at the level of the package, and in functions or
// tables that say what looks for it.
func ruleVariables(files []*ast.File) map[string]*ruleUses {
	vars := map[string]*ruleUses{}
	forSpecs := func(f func(*ast.ValueSpec)) {
		for _, file := range files {
			for _, d := range file.Decls {
				if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
					for _, s := range g.Specs {
						f(s.(*ast.ValueSpec))
					}
				}
			}
		}
	}
	forSpecs(func(s *ast.ValueSpec) {
		for i, v := range s.Values {
			if isRuleLiteral(v) {
				vars[s.Names[i].Name] = &ruleUses{}
			}
		}
	})
	forSpecs(func(s *ast.ValueSpec) {
		for _, v := range s.Values {
			if isRuleLiteral(v) {
				continue
			}
			ast.Inspect(v, func(n ast.Node) bool {
				// A row with a function beside the rule is a list and a use.
				if lit, ok := n.(*ast.CompositeLit); ok && lit.Type == nil {
					for i, e := range lit.Elts {
						if id, ok := e.(*ast.Ident); ok && i == 0 && len(lit.Elts) > 1 && vars[id.Name] != nil {
							vars[id.Name].other++
						}
					}
				}
				if id, ok := n.(*ast.Ident); ok && vars[id.Name] != nil {
					vars[id.Name].listed++
				}
				return true
			})
		}
	})
	for _, file := range files {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				ast.Inspect(f.Body, func(n ast.Node) bool {
					if id, ok := n.(*ast.Ident); ok && vars[id.Name] != nil {
						vars[id.Name].other++
					}
					return true
				})
			}
		}
	}
	return vars
}

func isRuleLiteral(v ast.Expr) bool {
	lit, ok := v.(*ast.CompositeLit)
	if !ok {
		return false
	}
	sel, ok := lit.Type.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Rule"
}
