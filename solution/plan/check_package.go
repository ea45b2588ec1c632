package plan

import (
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// checkParts refuses a package that lacks a part, has one that cannot be read, or is too large.
func (s *stepper) checkParts() {
	for _, part := range s.pkg.missing {
		s.add("package-invalid", diag.Location{File: part}, s.whole(), "%s: no %s at the root of the package", s.name(), part)
	}
	for _, d := range s.pkg.problems {
		s.add("package-invalid", d.Location, s.whole(), "%s: %s", s.name(), d.Message)
	}
	limit, _ := strconv.ParseInt(s.pol.value(policyUpload), 10, 64)
	if s.pkg.size > limit<<20 {
		s.add("upload-too-large", diag.Location{}, s.whole(), "%s: %d bytes are over the limit of %d MB for one package: split it", s.name(), s.pkg.size, limit)
	}
}

// duplicates marks the packages that share a name.
func (r *resolution) duplicates() {
	for _, list := range r.named {
		for _, s := range list {
			s.double = len(list) > 1
		}
	}
}

func (s *stepper) checkDouble() {
	if !s.double {
		return
	}
	var versions []string
	for _, other := range s.r.named[s.solution] {
		versions = append(versions, other.manifest.VersionText())
	}
	s.add("batch-duplicate", manifestPlace(), s.whole(), "%s occurs %d times in the batch (%s): leave all but one out", s.name(), len(versions), enumerate(versions))
}

// oldestFormat is the first package format that is still accepted; before it was the product of 2011.
var oldestFormat = solution.Version{Major: 6}

// schemaOrder are in order: each has more than those before it.
var schemaOrder = []string{"core", "standard", "full"}

func (s *stepper) checkFormat() {
	export := s.manifest.Export()
	at := manifestPlace()
	format, err := solution.ParseVersion(export.SolutionPackageVersion)
	switch accepted := s.env.PackageVersion; {
	case err != nil:
	case format.Compare(oldestFormat) < 0:
		s.add("package-version-unsupported", at, s.whole(), "%s: package version %s is of a product before 2013, which no environment accepts: export it again",
			s.name(), export.SolutionPackageVersion)
	case accepted != (solution.Version{}) && format.Compare(accepted) > 0:
		s.add("package-version-unsupported", at, s.whole(), "%s: package version %s is above what the environment accepts (%d.%d): export it for that version",
			s.name(), export.SolutionPackageVersion, accepted.Major, accepted.Minor)
	}
	from, err := solution.ParseVersion(export.OrganizationVersion)
	if runs := s.env.PlatformVersion; err == nil && runs != (solution.Version{}) && from.Compare(runs) > 0 {
		s.add("source-version-newer", at, s.whole(), "%s was exported from %s, the environment runs %s: components may be missing", s.name(), export.OrganizationVersion, runs)
	}
	has, needs := schemaRank(s.env.SchemaType), schemaRank(export.OrganizationSchemaType)
	if has >= 0 && needs > has {
		s.add("source-schema-higher", at, s.whole(), "%s was exported from an environment with schema %s, this one has %s: components may be missing",
			s.name(), export.OrganizationSchemaType, s.env.SchemaType)
	}
}

func schemaRank(text string) int {
	for i, name := range schemaOrder {
		if strings.EqualFold(text, name) {
			return i
		}
	}
	return -1
}

func (s *stepper) checkMode() {
	st := s.state()
	at := manifestPlace()
	if s.manifest.Kind() == solution.Both {
		s.add("package-invalid", at, s.whole(), "%s holds a managed and an unmanaged package: pack one of them", s.name())
		return
	}
	if st.installed && st.managed != nil && *st.managed != s.managed() {
		code := "0x80048040"
		if !s.managed() {
			code = "0x80048041"
		}
		s.add("mode-mismatch", at, s.whole(), "%s is installed as %s, the package is %s (%s): import the package of the same mode", s.name(), modeOf(*st.managed), modeOf(s.managed()), code)
	}
	if !s.managed() {
		s.add("unmanaged-import", at, s.whole(), "%s is unmanaged: it overwrites what was changed by hand, and cannot be removed as a unit", s.name())
	}
}

func modeOf(managed bool) string {
	if managed {
		return "managed"
	}
	return "unmanaged"
}

// checkPublisher compares the exact text: a change of case is refused too.
func (s *stepper) checkPublisher() {
	st := s.state()
	if !st.installed || !st.isManaged() || st.publisher == "" || s.publisher() == "" || st.publisher == s.publisher() {
		return
	}
	s.add("publisher-changed", manifestPlace(), s.whole(), "%s: the publisher of a managed solution cannot be changed from %q to %q", s.name(), st.publisher, s.publisher())
}

func (s *stepper) checkPending() {
	base := s.solution
	if s.action == Patch {
		base = s.parent
	}
	if base < 0 {
		return
	}
	waiting := s.pending(base)
	if waiting < 0 || s.action == Install {
		return
	}
	s.add("pending-upgrade", manifestPlace(), append(s.whole(), SolutionComponent(s.world.solutions[waiting].name)),
		"%s is waiting: apply or delete it before %s is imported (0x80048539)", s.world.solutions[waiting].name, s.name())
}

func (s *stepper) checkVersion() {
	st := s.state()
	if !st.installed || s.action == Patch || !s.managed() || !st.isManaged() || st.version == (solution.Version{}) {
		return
	}
	order := s.manifest.Version().Compare(st.version)
	if s.action == Update {
		if n := len(st.patches); n > 0 {
			s.addPolicy("update-over-patches", policyOverPatches, "%s has %d installed patches: an update cannot replace them, upgrade it", s.name(), n)
		}
	}
	if order > 0 {
		return
	}
	relation := "not above"
	if order < 0 {
		relation = "below"
	}
	if s.action != Update {
		s.add("version-not-higher", manifestPlace(), s.whole(), "%s: version %s is %s the installed %s, and an upgrade must be higher (0x80048541): raise the version or update",
			s.name(), s.manifest.VersionText(), relation, st.version)
		return
	}
	policy := policyEqual
	if order < 0 {
		policy = policyLower
	}
	s.addPolicy("version-not-higher", policy, "%s: version %s is %s the installed %s (0x80048541): raise the version", s.name(), s.manifest.VersionText(), relation, st.version)
}

// addPolicy adds a finding about the whole package whose severity is the value of a policy, none for "allow".
func (s *stepper) addPolicy(id, policy, format string, args ...any) {
	if value := s.pol.value(policy); value != "allow" {
		s.addAs(id, Severity(value), manifestPlace(), s.whole(), format, args...)
	}
}

// checkPatch holds a patch against its parent as that is now.
func (s *stepper) checkPatch() {
	if s.action != Patch {
		return
	}
	at := manifestPlace()
	if s.parent < 0 {
		s.add("patch-parent-missing", at, s.whole(), "patch %s names no parent: its manifest has no ParentSolution and its name no _Patch_", s.name())
		return
	}
	parent := &s.world.solutions[s.parent]
	about := append(s.whole(), SolutionComponent(parent.name))
	if !parent.installed {
		if missed := s.waitFor(s.r.named[s.parent]); !missed {
			s.add("patch-parent-missing", at, about, "patch %s: its parent %s is not installed", s.name(), parent.name)
		}
		return
	}
	if parent.patchOf >= 0 {
		s.add("patch-parent-missing", at, about, "patch %s: its parent %s is itself a patch, and patches have none", s.name(), parent.name)
		return
	}
	if parent.managed != nil && *parent.managed != s.managed() {
		s.add("patch-mode-mismatch", at, about, "patch %s is %s, its parent %s is %s", s.name(), modeOf(s.managed()), parent.name, modeOf(*parent.managed))
	}
	if parent.version == (solution.Version{}) {
		return
	}
	v := s.manifest.Version()
	wrongLine := !sameLine(v, parent.version) || s.parentRef.VersionText != "" && !sameLine(s.parentRef.Version, parent.version)
	if wrongLine || v.Compare(parent.version) <= 0 {
		s.add("patch-version-invalid", at, about, "patch %s: version %s does not fit parent %s %s (0x80048539): major and minor must be the same, the rest higher",
			s.name(), s.manifest.VersionText(), parent.name, parent.version)
	}
	for _, q := range parent.patches {
		other := &s.world.solutions[q]
		if other.installed && other.version.Compare(v) >= 0 {
			s.add("patch-not-newer", at, append(s.whole(), SolutionComponent(other.name)), "patch %s %s: installed patch %s %s of %s is equal or higher",
				s.name(), s.manifest.VersionText(), other.name, other.version, parent.name)
		}
	}
}

// waitFor notes the packages among list that could not be imported, and reports whether there is one.
func (s *stepper) waitFor(list []*stepper) bool {
	missed := false
	for _, other := range list {
		if other != s && other.solution != s.solution && !other.importable() {
			s.wait(other)
			missed = true
		}
	}
	return missed
}
