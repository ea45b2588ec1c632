package plan

import (
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// checkParts refuses a package that lacks a part, has one that cannot be read, or is too large.
func checkParts(s *importing, out *recorder) {
	for _, part := range s.pkg.missing {
		out.tell(rulePackageInvalid, diag.Location{File: part}, out.whole(), Facts{Case: casePart, Values: []string{part}})
	}
	for _, d := range s.pkg.problems {
		out.tell(rulePackageInvalid, d.Location, out.whole(), Facts{Case: caseUnreadable, Cause: &Cause{d.Rule, d.Message}})
	}
	for _, d := range s.pkg.twice {
		out.tellAs(rulePackageInvalid, diag.Warning, d.Location, out.whole(), Facts{Case: caseTwice, Cause: &Cause{d.Rule, d.Message}})
	}
	if s.hasManifest() {
		checkIdentity(s, out)
	}
	limit, _ := strconv.ParseInt(s.pol.value(policyUpload), 10, 64)
	if (s.pkg.size-1)>>20 >= limit { // no limit is too large for that
		out.tell(ruleTooLarge, diag.Location{}, out.whole(), Facts{Count: s.pkg.size, Limit: limit, Policy: policyUpload})
	}
}

// checkIdentity refuses a manifest that does not say what is imported.
func checkIdentity(s *importing, out *recorder) {
	if s.manifest.UniqueName() == "" {
		out.tell(rulePackageInvalid, s.inManifest("UniqueName"), out.whole(), Facts{Case: caseName})
	}
	if _, err := solution.ParseVersion(s.manifest.VersionText()); err != nil {
		out.tell(rulePackageInvalid, s.inManifest("Version"), out.whole(), Facts{Case: caseVersion, New: s.manifest.VersionText()})
	}
}

// checkDouble refuses each of several packages of one solution.
// It names the first versions if there are very many.
// Packages of different modes are told with these. It reports whether there are several.
func checkDouble(s *importing, out *recorder, named []*stepper, isMixed func(named []*stepper) bool) bool {
	if len(named) < 2 {
		return false
	}
	// Each of them has this finding.
	facts := Facts{Count: int64(len(named))}
	mixed := isMixed(named)
	for _, other := range named[:min(len(named), mostVersions)] {
		value := other.manifest.VersionText()
		if mixed {
			value = strings.TrimSpace(value + " " + other.manifest.Kind().String())
		}
		facts.Values = append(facts.Values, value)
	}
	out.tell(ruleBatchDuplicate, s.inManifest("UniqueName"), out.whole(), facts)
	return true
}

// isMixed reports whether packages of one solution are of both modes. Each of them asks, so it is looked for once.
func (r *resolution) isMixed(named []*stepper) bool {
	mixed, known := r.mixed[named[0]]
	if !known {
		mixed = slices.ContainsFunc(named, func(other *stepper) bool { return other.managed() != named[0].managed() })
		r.mixed[named[0]] = mixed
	}
	return mixed
}

// mostVersions is how many versions of one solution in a batch are named.
const mostVersions = 20

// oldestFormat is the first package format that is still accepted; before it was the product of 2011.
var oldestFormat = solution.Version{Major: 6}

// checkFormat compares the environment that a package comes from with the one that it is imported into.
func checkFormat(s *importing, out *recorder) {
	export := s.manifest.Export()
	format, err := solution.ParseVersion(export.SolutionPackageVersion)
	facts := Facts{New: export.SolutionPackageVersion}
	switch accepted := s.env.PackageVersion; {
	case err != nil:
	case format.Compare(oldestFormat) < 0:
		out.tell(rulePackageVersion, s.inManifest(), out.whole(), facts)
	case accepted != (solution.Version{}) && format.Compare(accepted) > 0:
		facts.Old = accepted.String()
		out.tell(rulePackageVersion, s.inManifest(), out.whole(), facts)
	}
	from, err := solution.ParseVersion(export.OrganizationVersion)
	if runs := s.env.PlatformVersion; err == nil && runs != (solution.Version{}) && from.Compare(runs) > 0 {
		out.tell(ruleSourceVersion, s.inManifest(), out.whole(), Facts{New: export.OrganizationVersion, Old: runs.String()})
	}
	has, needs := schemaRank(s.env.SchemaType), schemaRank(export.OrganizationSchemaType)
	if has >= 0 && needs > has {
		out.tell(ruleSourceSchema, s.inManifest(), out.whole(), Facts{New: export.OrganizationSchemaType, Old: s.env.SchemaType})
	}
}

// schemaRank returns the place of a type in [schemaTypes], -1 if it is none.
func schemaRank(text string) int {
	return slices.IndexFunc(schemaTypes, func(name string) bool { return solution.Fold(text) == solution.Fold(name) })
}

// checkMode refuses a package of another mode than what is installed.
func checkMode(s *importing, out *recorder) {
	st := s.state()
	if !s.hasManifest() {
		return // nothing says what it is
	}
	at := s.inManifest("Managed")
	if s.manifest.Kind() == solution.Both {
		out.tell(rulePackageInvalid, at, out.whole(), Facts{Case: caseBoth})
		return
	}
	if st.installed && st.managed != nil && *st.managed != s.managed() {
		code := "0x80048040"
		if !s.managed() {
			code = "0x80048041"
		}
		out.tell(ruleModeMismatch, at, out.whole(), Facts{Old: modeOf(*st.managed), New: modeOf(s.managed()), Code: code})
	}
	if !s.managed() {
		out.tell(ruleUnmanagedImport, at, out.whole(), Facts{})
	}
}

func modeOf(managed bool) string {
	if managed {
		return "managed"
	}
	return "unmanaged"
}

// checkPublisher compares the exact text: a change of case is refused too.
func checkPublisher(s *importing, out *recorder) {
	st := s.state()
	if !st.installed || !st.isManaged() || st.publisher == "" || s.publisher() == "" || st.publisher == s.publisher() {
		return
	}
	out.tell(rulePublisherChanged, s.inManifest("Publisher", "UniqueName"), out.whole(), Facts{Old: st.publisher, New: s.publisher()})
}
