package plan

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A Policy is a rule of the platform that is disputed, changed over time, or is a matter of taste, and that a caller may
// set.
type Policy struct {
	Name    string
	Values  []string // what it may be; empty: a whole number
	Default string
	Summary string
}

// Policies are values of policies by name. What is not there has its default.
type Policies map[string]string

// The names of the policies.
const (
	policyEqual       = "equal-version-update"
	policyLower       = "lower-version-update"
	policyOverPatches = "update-over-patches"
	policyUnmanaged   = "unmanaged-base"
	policyConsumer    = "connector-with-consumer"
	policySecrets     = "connector-secrets"
	policyVariables   = "variable-precedence"
	policyPatchName   = "patch-by-name"
	policyUpload      = "upload-limit"
	policyCompare     = "dependency-version-compare"
)

// policies is the table of policies, sorted by name.
var policies = []Policy{
	{policySecrets, []string{"every-import", "first-import"}, "every-import",
		"when client id, client secret and resource of a connector have to be entered: documented and seen for every import"},
	{policyConsumer, []string{"first-install", "warning", "error"}, "first-install",
		"a connector in one package with what uses it: an error if a reference of the package needs it and it is not there yet, or always a warning or an error"},
	{policyCompare, []string{"exact", "ignore-revision", "ignore-build"}, "exact",
		"which parts of the version of a solution count when it is held against the one that a package was built against: tools take builds that differ for equal"},
	{policyEqual, []string{"warning", "error", "allow"}, "warning",
		"an update with the version that is installed: build tools report a failure, the package deployer knows it"},
	{policyLower, []string{"error", "warning", "allow"}, "error",
		"an update with a version lower than the installed one: documentation says both that it is refused and how to do it"},
	{policyPatchName, []string{"true", "false"}, "true",
		"a name that ends with _Patch_ and hexadecimal digits makes a patch, though the manifest names no parent"},
	{policyUnmanaged, []string{"convert", "refuse"}, "convert",
		"a managed package brings what exists unmanaged: most kinds are converted today; older documentation says that the import is refused"},
	{policyOverPatches, []string{"error", "warning", "allow"}, "error",
		"an update of a solution that has patches: the portal offers only an upgrade"},
	{policyUpload, nil, "120",
		"the size in megabytes above which a package is refused: current documentation says 120, older 29"},
	{policyVariables, []string{"package", "environment"}, "package",
		"which value of an environment variable counts after an import, if the package ships one and the environment has another"},
}

// AllPolicies returns the table of policies, sorted by name.
func AllPolicies() iter.Seq[Policy] {
	return func(yield func(Policy) bool) {
		for _, p := range policies {
			p.Values = slices.Clone(p.Values)
			if !yield(p) {
				return
			}
		}
	}
}

// Check returns what is wrong with p: a policy that is not known, or a value that it cannot have. The error lists what is
// possible. [Resolve] checks too.
func (p Policies) Check() error {
	for _, name := range slices.Sorted(maps.Keys(p)) {
		i := slices.IndexFunc(policies, func(known Policy) bool { return known.Name == name })
		if i < 0 {
			var names []string
			for _, known := range policies {
				names = append(names, known.Name)
			}
			return fmt.Errorf("policy %q is not known: use %s", name, strings.Join(names, ", "))
		}
		value := p[name]
		if policies[i].Values == nil {
			if n, err := strconv.Atoi(value); err != nil || n < 1 {
				return fmt.Errorf("policy %s can't be %q: use a whole number", name, value)
			}
		} else if !slices.Contains(policies[i].Values, value) {
			return fmt.Errorf("policy %s can't be %q: use %s", name, value, strings.Join(policies[i].Values, ", "))
		}
	}
	return nil
}

// value returns the value of a policy of the table.
func (p Policies) value(name string) string {
	if v, ok := p[name]; ok {
		return v
	}
	for _, known := range policies {
		if known.Name == name {
			return known.Default
		}
	}
	return ""
}
