package plan

import (
	"cmp"
	"slices"
	"strconv"

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
	if s.hasManifest() {
		s.checkIdentity()
	}
	limit, _ := strconv.ParseInt(s.pol.value(policyUpload), 10, 64)
	if (s.pkg.size-1)>>20 >= limit { // no limit is too large for that
		s.add("upload-too-large", diag.Location{}, s.whole(), "%s: %d bytes are over the limit of %d MB for one package: split it", s.name(), s.pkg.size, limit)
	}
}

// checkIdentity refuses a manifest that does not say what is imported.
func (s *stepper) checkIdentity() {
	if s.manifest.UniqueName() == "" {
		s.add("package-invalid", s.inManifest("UniqueName"), s.whole(), "%s: the manifest has no UniqueName: export the solution again", s.name())
	}
	if _, err := solution.ParseVersion(s.manifest.VersionText()); err != nil {
		s.add("package-invalid", s.inManifest("Version"), s.whole(), "%s: the manifest has no version that can be read (%q): use major.minor.build.revision", s.name(), s.manifest.VersionText())
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
		versions = append(versions, other.shownVersion())
	}
	s.add("batch-duplicate", s.inManifest("UniqueName"), s.whole(), "%s occurs %d times in the batch (%s): leave all but one out", s.name(), len(versions), enumerate(versions))
}

// oldestFormat is the first package format that is still accepted; before it was the product of 2011.
var oldestFormat = solution.Version{Major: 6}

func (s *stepper) checkFormat() {
	export := s.manifest.Export()
	format, err := solution.ParseVersion(export.SolutionPackageVersion)
	switch accepted := s.env.PackageVersion; {
	case err != nil:
	case format.Compare(oldestFormat) < 0:
		s.add("package-version-unsupported", s.inManifest(), s.whole(), "%s: package version %s is of a product before 2013, which no environment accepts: export it again",
			s.name(), export.SolutionPackageVersion)
	case accepted != (solution.Version{}) && format.Compare(accepted) > 0:
		s.add("package-version-unsupported", s.inManifest(), s.whole(), "%s: package version %s is above what the environment accepts (%d.%d): export it for that version",
			s.name(), export.SolutionPackageVersion, accepted.Major, accepted.Minor)
	}
	from, err := solution.ParseVersion(export.OrganizationVersion)
	if runs := s.env.PlatformVersion; err == nil && runs != (solution.Version{}) && from.Compare(runs) > 0 {
		s.add("source-version-newer", s.inManifest(), s.whole(), "%s was exported from %s, the environment runs %s: components may be missing", s.name(), export.OrganizationVersion, runs)
	}
	has, needs := schemaRank(s.env.SchemaType), schemaRank(export.OrganizationSchemaType)
	if has >= 0 && needs > has {
		s.add("source-schema-higher", s.inManifest(), s.whole(), "%s was exported from an environment with schema %s, this one has %s: components may be missing",
			s.name(), export.OrganizationSchemaType, s.env.SchemaType)
	}
}

// schemaRank returns the place of a type in [schemaTypes], -1 if it is none.
func schemaRank(text string) int {
	return slices.IndexFunc(schemaTypes, func(name string) bool { return solution.Fold(text) == solution.Fold(name) })
}

func (s *stepper) checkMode() {
	st := s.state()
	if !s.hasManifest() {
		return // nothing says what it is
	}
	if s.mode == solution.Both {
		s.add("package-invalid", s.inManifest("Managed"), s.whole(), "%s holds a managed and an unmanaged package: pack one of them", s.name())
		return
	}
	if st.installed && st.managed != nil && *st.managed != s.managed() {
		code := "0x80048040"
		if !s.managed() {
			code = "0x80048041"
		}
		s.add("mode-mismatch", s.inManifest("Managed"), s.whole(), "%s is installed as %s, the package is %s (%s): import the package of the same mode", s.name(), modeOf(*st.managed), modeOf(s.managed()), code)
	}
	if !s.managed() {
		s.add("unmanaged-import", s.inManifest("Managed"), s.whole(), "%s is unmanaged: it overwrites what was changed by hand, and cannot be removed as a unit", s.name())
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
	s.add("publisher-changed", s.inManifest("Publisher", "UniqueName"), s.whole(), "%s: the publisher of a managed solution cannot be changed from %q to %q", s.name(), st.publisher, s.publisher())
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
	s.add("pending-upgrade", s.inManifest("UniqueName"), append(s.whole(), SolutionComponent(s.world.solutions[waiting].name)),
		"%s is waiting: apply or delete it before %s is imported (0x80048539)", s.world.solutions[waiting].name, s.name())
}

// shownVersion is the version for messages, as the package writes it.
func (s *stepper) shownVersion() string { return cmp.Or(s.manifest.VersionText(), "(none)") }

func (s *stepper) checkVersion() {
	st := s.state()
	if !st.installed || s.action == Patch || !s.managed() || !st.isManaged() || st.version == (solution.Version{}) {
		return
	}
	order := s.manifest.Version().Compare(st.version)
	if s.action == Update {
		if names := s.patchNames(); len(names) > 0 {
			s.addPolicy("update-over-patches", policyOverPatches, names, "%s has patches installed (%s): an update cannot replace them, upgrade it", s.name(), enumerate(names))
		}
	}
	if order > 0 {
		return
	}
	relation, advice := "not above", "raise the version or update"
	if order < 0 {
		relation, advice = "below", "raise the version"
	}
	if s.action != Update {
		s.add("version-not-higher", s.inManifest("Version"), s.whole(), "%s: version %s is %s the installed %s, and an upgrade must be higher (0x80048541): %s",
			s.name(), s.shownVersion(), relation, st.version, advice)
		return
	}
	policy := policyEqual
	if order < 0 {
		policy = policyLower
	}
	s.addPolicy("version-not-higher", policy, nil, "%s: version %s is %s the installed %s (0x80048541): raise the version", s.name(), s.shownVersion(), relation, st.version)
}

// addPolicy adds a finding about the version of the package whose severity is the value of a policy, none for "allow".
func (s *stepper) addPolicy(id, policy string, others []string, format string, args ...any) {
	value := s.pol.value(policy)
	if value == "allow" {
		return
	}
	about := s.whole()
	about = andSolutions(about, others)
	s.addAs(id, Severity(value), s.inManifest("Version"), about, format, args...)
}

// patchNames returns the installed patches of the solution, by version.
func (s *stepper) patchNames() []string {
	var names []string
	for _, q := range s.state().patches {
		if other := &s.world.solutions[q]; other.installed {
			names = append(names, other.name)
		}
	}
	return names
}

// inManifest returns the place of an element below SolutionManifest, or of the root element if none is named.
func (s *stepper) inManifest(names ...string) diag.Location {
	switch m := s.pkg.content.Manifest(); {
	case m == nil:
		return diag.Location{File: solution.ManifestFile}
	case len(names) == 0:
		return m.Locate()
	default:
		return m.Locate(append([]string{"SolutionManifest"}, names...)...)
	}
}

// checkPatch holds a patch against its parent as that is now.
func (s *stepper) checkPatch() {
	if s.action != Patch {
		return
	}
	at := s.inManifest("ParentSolution")
	if s.parent < 0 {
		s.add("patch-parent-missing", at, s.whole(), "patch %s names no parent: its manifest has no ParentSolution and its name no _Patch_", s.name())
		return
	}
	parent := &s.world.solutions[s.parent]
	about := append(s.whole(), SolutionComponent(parent.name))
	if parent.patchOf >= 0 || slices.ContainsFunc(s.r.named[s.parent], func(p *stepper) bool { return p.action == Patch }) {
		s.add("patch-parent-missing", at, about, "patch %s: its parent %s is itself a patch, and patches have none", s.name(), parent.name)
		return
	}
	if !parent.installed {
		if missed := s.waitFor(s.r.named[s.parent]); !missed {
			s.add("patch-parent-missing", at, about, "patch %s: its parent %s is not installed", s.name(), parent.name)
		}
		return
	}
	if parent.managed != nil && *parent.managed != s.managed() {
		s.add("patch-mode-mismatch", s.inManifest("Managed"), about, "patch %s is %s, its parent %s is %s", s.name(), modeOf(s.managed()), parent.name, modeOf(*parent.managed))
	}
	if parent.version == (solution.Version{}) {
		return
	}
	v := s.manifest.Version()
	at = s.inManifest("Version")
	switch made, waiting := s.parentRef, s.pending(s.parent); {
	case s.fitsParent(parent.version) || s.waitFor(s.fittingParents()):
	case waiting >= 0 && s.fitsParent(s.world.solutions[waiting].version): // it will, and what waits is reported
	case made.VersionText != "" && !sameLine(made.Version, parent.version):
		s.add("patch-version-invalid", s.inManifest("ParentSolution", "Version"), about, "patch %s was made from %s %s, and %s is there (0x80048539): major and minor must be the same",
			s.name(), parent.name, made.VersionText, parent.version)
	default:
		s.add("patch-version-invalid", at, about, "patch %s: version %s does not fit parent %s %s (0x80048539): major and minor must be the same, the rest higher",
			s.name(), s.shownVersion(), parent.name, parent.version)
	}
	for _, q := range parent.patches {
		other := &s.world.solutions[q]
		if other.installed && other.version.Compare(v) >= 0 {
			s.add("patch-not-newer", at, append(s.whole(), SolutionComponent(other.name)), "patch %s %s: installed patch %s %s of %s is equal or higher",
				s.name(), s.shownVersion(), other.name, other.version, parent.name)
		}
	}
}

// fitsParent reports whether a patch can be one of a version of its parent: that has the same line as the patch and as
// the version that the patch was made from, and the patch is higher.
func (s *stepper) fitsParent(parent solution.Version) bool {
	v := s.manifest.Version()
	return sameLine(v, parent) && v.Compare(parent) > 0 && (s.parentRef.VersionText == "" || sameLine(s.parentRef.Version, parent))
}

// fittingParents returns the packages of the batch that bring the parent of a patch in a version that it fits.
func (s *stepper) fittingParents() []*stepper {
	return slices.DeleteFunc(slices.Clone(s.r.named[s.parent]), func(p *stepper) bool { return !s.fitsParent(p.manifest.Version()) })
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
