package plan

import (
	"maps"
	"strings"
	"unicode"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/lazyregexp"
	"github.com/solutionkit/solutionkit/solution"
)

// vaultReference is the value of a secret: where it is, not what it is.
var vaultReference = lazyregexp.New(`(?i)^\s*/subscriptions/|\.vault\.azure\.net`)

var (
	secretName  = lazyregexp.New(`(?i)secret|passw|pwd|token|credential|(api|access|account|client|function|subscription|shared|service|storage)[-_ ]?key`)
	aboutSecret = lazyregexp.New(`(?i)(name|url|uri|endpoint|address|mail|id|type|path|expiry|lifetime|enabled)$`) // what a secret has, not one
	address     = lazyregexp.New(`^[^@\s]+@[^@\s]+\.[A-Za-z]+$`)
	secretShape = lazyregexp.New(`(?i)(^|[?&;,\s])(sig|code|accountkey|sharedaccesskey|password|pwd|client_?secret|api_?key|access_?token|subscription-key)=[^&;\s]{6,}|^bearer\s+\S{12,}|eyJ[A-Za-z0-9_-]{8,}\.eyJ|\b(ghp|gho|ghs|ghu|github_pat|xox[abp]|sk|pk|rk)[-_][A-Za-z0-9_-]{16,}|\bAKIA[0-9A-Z]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY`)
	wholeToken  = lazyregexp.New(`^[A-Za-z0-9+/_~.=-]{24,}$`)
	hexToken    = lazyregexp.New(`^[0-9A-Fa-f]{32,}$`)
	driveItem   = lazyregexp.New(`^(b!|01[A-Z0-9]{32}$)`) // ids of document libraries and their files
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

// isPrivate reports whether a value is that of a secret, or likely a credential.
func isPrivate(name, value string) bool {
	return vaultReference.MatchString(value) || looksSecret(name, value)
}

// privateVariables returns the folded names of the variables of the environment behind a plan that are secrets in any version that
// is known, or may be one because no version is.
func (w *world) privateVariables() map[string]bool {
	if len(w.variables) == 0 {
		return nil
	}
	private := make(map[string]bool, len(w.variables))
	for name := range w.variables {
		private[name] = true
	}
	secret := map[string]bool{}
	for _, f := range w.contents {
		if f.pkg == nil {
			continue
		}
		for i := range f.pkg.set.Variables {
			v := &f.pkg.set.Variables[i]
			name := solution.Fold(v.SchemaName)
			switch {
			case v.Type == connref.TypeSecret:
				secret[name] = true
			case v.Location.File != "":
				delete(private, name)
			}
		}
	}
	maps.Copy(private, secret)
	return private
}
