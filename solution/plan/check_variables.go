package plan

import (
	"iter"
	"regexp"
	"slices"
	"strings"
	"unicode"

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
			s.noValue(v, about, gone)
		}
		if shipped {
			s.shipped(v, about, setting.Value != "")
		}
		if shipped && setting.Value == "" && here != "" && here != v.Value.Reveal() && !s.shippedBefore(v, here) {
			winner := "the package's counts"
			if s.pol.value(policyVariables) == "environment" {
				winner = "the environment's counts"
			}
			s.add("envvar-value-conflict", v.ValueLocation, about, "%s: package value %s, environment value %s: %s, or the import fails with a duplicate key; give the value in the settings",
				v.SchemaName, s.shown(v, v.Value.Reveal()), s.shown(v, here), winner)
		}
		if v.Type == connref.TypeSecret && (!s.state().installed || here == "" || here != s.valueAfter(v, setting.Value, here)) {
			s.vaults = append(s.vaults, v.SchemaName)
			s.add("envvar-secret-access", v.Location, about, "%s is a secret: give access to its vault in this environment", v.SchemaName)
		}
	}
	slices.SortFunc(s.out.VariablesNeeded, compareFolded)
	slices.SortFunc(s.vaults, compareFolded)
}

// noValue notes a variable that has no value from anywhere.
func (s *stepper) noValue(v *connref.Variable, about []Component, gone bool) {
	why := ""
	switch {
	case gone:
		why = ", because the upgrade removes the value that the installed version shipped"
	case !s.allVariables() && s.mayExist(s.refer(v.Key())):
		why = ", unless it has one already: the environment does not say"
	}
	s.out.VariablesNeeded = append(s.out.VariablesNeeded, v.SchemaName)
	s.add("envvar-value-needed", v.Location, about, "%s has no value and no default: give one%s", v.SchemaName, why)
}

// valueAfter returns the value that the environment has after the import.
func (s *stepper) valueAfter(v *connref.Variable, setting, here string) string {
	switch {
	case setting != "":
		return setting
	case v.Value != nil && v.Value.Reveal() != "" && (here == "" || s.pol.value(policyVariables) == "package"):
		return v.Value.Reveal()
	}
	return here
}

// variableHere returns the value that the environment has and keeps. gone says that an upgrade removes it: the installed
// version shipped it and this one does not. Of an environment that does not tell of values it is the one that an
// installed package shipped.
func (s *stepper) variableHere(v *connref.Variable) (value string, gone bool) {
	value = s.variables[solution.Fold(v.SchemaName)]
	if value == "" && !s.allVariables() {
		for old := range s.definitions(v) {
			if old.Value != nil && value == "" {
				value = old.Value.Reveal()
			}
		}
	}
	if value != "" && v.Value == nil && s.replaces() && s.shippedBefore(v, value) {
		return "", true
	}
	return value, false
}

// shippedBefore reports whether the installed version shipped a value.
func (s *stepper) shippedBefore(v *connref.Variable, value string) bool {
	return slices.ContainsFunc(s.state().facts, func(i int32) bool {
		p := s.world.facts[i].pkg
		if p == nil {
			return false
		}
		old, ok := p.set.Variable(v.SchemaName)
		return ok && old.Value != nil && old.Value.Reveal() == value
	})
}

// definitions yields what the installed packages say of a variable.
func (s *stepper) definitions(v *connref.Variable) iter.Seq[connref.Variable] {
	return func(yield func(connref.Variable) bool) {
		for _, p := range s.holders.of(s.refer(v.Key())) {
			f := s.world.facts[p.facts]
			if !s.active[p.facts] || f.pkg == nil {
				continue
			}
			if old, ok := f.pkg.set.Variable(v.SchemaName); ok && !yield(old) {
				return
			}
		}
	}
}

func (s *stepper) shipped(v *connref.Variable, about []Component, replaced bool) {
	value := v.Value.Reveal()
	if v.Type != connref.TypeSecret && looksSecret(v.SchemaName, value) {
		s.add("envvar-secret-like-value", v.ValueLocation, about, "%s is a text and ships a value that looks like a credential, which is not printed here: make it a secret, and change what was shipped", v.SchemaName)
	}
	effect := "which overwrites or collides"
	if replaced {
		effect = "which the settings replace here"
	}
	s.add("envvar-value-shipped", v.ValueLocation, about, "%s ships current value %s, %s: remove it from the package", v.SchemaName, s.shown(v, value), effect)
}

// shown is a value as a message prints it. Nothing is shown of what is a secret in any version that is known, or may be
// one.
func (s *stepper) shown(v *connref.Variable, value string) string {
	const most = 80
	secret := v.Type == connref.TypeSecret || v.Location.File == "" || vaultReference.MatchString(value) || looksSecret(v.SchemaName, value)
	for old := range s.definitions(v) {
		secret = secret || old.Type == connref.TypeSecret
	}
	switch {
	case secret:
		return "(hidden)"
	case len([]rune(value)) > most:
		return strings.ToValidUTF8(string([]rune(value)[:most]), "?") + "..."
	}
	return value
}

var vaultReference = regexp.MustCompile(`(?i)^\s*/subscriptions/|\.vault\.azure\.net`)

var (
	secretName  = regexp.MustCompile(`(?i)secret|passw|pwd|token|credential|(api|access|account|client|function|subscription|shared|service|storage)[-_ ]?key`)
	aboutSecret = regexp.MustCompile(`(?i)(name|url|uri|endpoint|address|mail|id|type|path|expiry|lifetime|enabled)$`) // what a secret has, not one
	address     = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[A-Za-z]+$`)
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
	if secretName.MatchString(name) && !aboutSecret.MatchString(name) && len(value) >= 8 && strings.ContainsAny(value, "0123456789") &&
		strings.ContainsFunc(value, unicode.IsLetter) && !strings.Contains(value, "://") && !address.MatchString(value) {
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
