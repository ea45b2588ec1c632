package main

// A target is source that is mutated, and the tests that should notice.
type target struct {
	name  string
	files string // patterns of path.Match, with blanks between them, below the root of the module
	tests []tests
}

// tests are some of one package. What they hold against real solutions is left out: a fact that only these show has no case.
type tests struct {
	pkg string
	run string // a pattern of go test; empty: all
}

// reads are tests that read collections which stand beside the module, or that take long and look for something else.
const reads = "Corpus|Shared|Fixtures|Growth|Memory|Reproducible|Random|ByChance|Concurrent"

var (
	packagerCases = tests{"./packager", "Case|Kinds|TreeNames|Digest|Newlines|Version|Readers|Roots|Root"}
	rulePages     = tests{".", "Rule"}
)

// targets are the tables, in which most of what the library knows stands, and the conditions of checks.
var targets = []target{
	{"layout", "packager/layout.go packager/kinds.go packager/sitemaps.go packager/owned.go packager/keys.go", []tests{packagerCases, {"./packager", ""}}},
	{"components", "solution/components_table.go solution/sections.go solution/componenttype.go", []tests{{"./solution", ""}, {"./solution/content", ""}, packagerCases}},
	{"folders", "solution/internal/folders/*.go", []tests{{"./solution/internal/folders", ""}, {"./solution/content", ""}, {"./solution/model", ""}}},
	{"content", "solution/content/edges.go solution/content/xmlrules.go solution/content/owned.go solution/content/refused*.go solution/content/check.go solution/content/rules.go", []tests{{"./solution/content", ""}, rulePages}},
	{"connref", "connref/rules.go connref/check*.go connref/settings.go", []tests{{"./connref", ""}, rulePages}},
	{"manifest", "solution/manifest_check.go", []tests{{"./solution", ""}, rulePages}},
	{"diff", "solution/diff/noise.go solution/diff/rules.go solution/diff/shapes.go solution/diff/impact.go solution/diff/normalise.go", []tests{{"./solution/diff", ""}, rulePages}},
	{"merge", "solution/diff/merge*.go", []tests{{"./solution/diff", ""}}},
	{"model", "solution/model/*.go", []tests{{"./solution/model", ""}}},
	{"plan", "solution/plan/rules.go solution/plan/policy.go solution/plan/check_*.go", []tests{{"./solution/plan", ""}, rulePages}},
	{"lint", "connector/lint/rules_*.go connector/lint/catalogue.go connector/change.go", []tests{{"./connector/lint", ""}, {"./connector", ""}, rulePages}},
	{"packager", "packager/rules.go packager/roots.go packager/names.go packager/contenttypes.go packager/findings.go packager/map*.go packager/placeholders.go packager/mistaken.go packager/lookups.go", []tests{packagerCases, {"./packager", ""}, rulePages}},
	{"environment", "solution/environment/*.go", []tests{{"./solution/environment", ""}, rulePages}},
	{"deployer", "solution/deployer/*.go", []tests{{"./solution/deployer", ""}, rulePages}},
	{"yaml", "packager/yamlsource/kinds.go packager/yamlsource/table.go packager/yamlsource/rules.go", []tests{{"./packager/yamlsource", ""}, rulePages}},
}
