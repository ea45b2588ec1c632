package plan

import (
	"regexp"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
)

// given stands for a value that somebody enters while the plan is carried out.
const given = "(given)"

// checkVariables says which environment variables have no value, and which get one that may be wrong.
func (s *stepper) checkVariables() {
	for i := range s.pkg.set.Variables {
		v := &s.pkg.set.Variables[i]
		about := []Component{ComponentOf(v.Key())}
		setting, _ := s.r.settings.Variable(v.SchemaName)
		here, gone := s.variableHere(v)
		shipped := v.Value != nil && v.Value.Reveal() != ""
		if v.Location.File != "" && setting.Value == "" && !v.HasValue() && here == "" {
			why := ""
			if gone {
				why = ": the upgrade removes the value that the installed version shipped"
			}
			s.out.VariablesNeeded = append(s.out.VariablesNeeded, v.SchemaName)
			s.add("envvar-value-needed", v.Location, about, "%s has no value and no default%s: give one", v.SchemaName, why)
		}
		if shipped {
			s.shipped(v, about)
		}
		if shipped && setting.Value == "" && here != "" && here != v.Value.Reveal() {
			winner := "the package's counts"
			if s.pol.value(policyVariables) == "environment" {
				winner = "the environment's counts"
			}
			s.add("envvar-value-conflict", v.ValueLocation, about, "%s: package value %s, environment value %s: %s, or the import fails with a duplicate key; give the value in the settings",
				v.SchemaName, shown(v, v.Value.Reveal()), shown(v, here), winner)
		}
		if v.Type == connref.TypeSecret && (!s.state().installed || here == "") {
			s.add("envvar-secret-access", v.Location, about, "%s is a secret: give access to its vault in this environment", v.SchemaName)
		}
	}
	slices.SortFunc(s.out.VariablesNeeded, compareFolded)
}

// variableHere returns the value that the environment has and keeps. gone says that an upgrade removes it: the installed
// version shipped it and this one does not.
func (s *stepper) variableHere(v *connref.Variable) (value string, gone bool) {
	value = s.variables[solution.Fold(v.SchemaName)]
	if value == "" || v.Value != nil || !s.replaces() {
		return value, false
	}
	for _, i := range s.state().facts {
		if p := s.world.facts[i].pkg; p != nil {
			if old, ok := p.set.Variable(v.SchemaName); ok && old.Value != nil && old.Value.Reveal() == value {
				return "", true
			}
		}
	}
	return value, false
}

func (s *stepper) shipped(v *connref.Variable, about []Component) {
	value := v.Value.Reveal()
	if v.Type != connref.TypeSecret && looksSecret(v.SchemaName, value) {
		s.add("envvar-secret-like-value", v.ValueLocation, about, "%s is a text and ships a value that looks like a credential, which is not printed here: make it a secret, and change what was shipped", v.SchemaName)
	}
	s.add("envvar-value-shipped", v.ValueLocation, about, "%s ships current value %s, which overwrites or collides: remove it from the package", v.SchemaName, shown(v, value))
}

// shown is a value as a message prints it.
func shown(v *connref.Variable, value string) string {
	const most = 80
	switch {
	case v.Type == connref.TypeSecret || v.Location.File == "" || looksSecret(v.SchemaName, value):
		return "(hidden)"
	case len([]rune(value)) > most:
		return strings.ToValidUTF8(string([]rune(value)[:most]), "?") + "..."
	}
	return value
}

var (
	secretName  = regexp.MustCompile(`(?i)secret|passw|pwd|token|credential|(api|access|account|client|function|subscription|shared|service|storage)[-_ ]?key`)
	secretShape = regexp.MustCompile(`(?i)(^|[?&;,\s])(sig|code|accountkey|sharedaccesskey|password|pwd|client_?secret|api_?key|access_?token|subscription-key)=[^&;\s]{6,}|^bearer\s+\S{12,}|eyJ[A-Za-z0-9_-]{8,}\.eyJ|\b(ghp|gho|ghs|ghu|github_pat|xox[abp]|sk|pk|rk)[-_][A-Za-z0-9_-]{16,}|\bAKIA[0-9A-Z]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY`)
	wholeToken  = regexp.MustCompile(`^[A-Za-z0-9+/_~.=-]{24,}$`)
	hexToken    = regexp.MustCompile(`^[0-9A-Fa-f]{32,}$`)
	driveItem   = regexp.MustCompile(`^(b!|01[A-Z0-9]{32}$)`) // ids of document libraries and their files
)

// looksSecret reports whether a text is likely a credential: by its form, or by a name that says so and a form that fits.
func looksSecret(name, value string) bool {
	value = strings.TrimSpace(value)
	if secretShape.MatchString(value) {
		return true
	}
	if _, err := solution.ParseGUID(value); err == nil || driveItem.MatchString(value) || strings.ContainsAny(value, " \t\n") {
		return false
	}
	if secretName.MatchString(name) && len(value) >= 8 && !strings.Contains(value, "://") {
		return true
	}
	if hexToken.MatchString(value) {
		return true
	}
	if !wholeToken.MatchString(value) || strings.HasPrefix(value, "/") {
		return false
	}
	upper, lower, digit := false, false, 0
	for _, c := range value {
		upper = upper || c >= 'A' && c <= 'Z'
		lower = lower || c >= 'a' && c <= 'z'
		if c >= '0' && c <= '9' {
			digit++
		}
	}
	return upper && lower && digit >= 3
}
