package index

import (
	"strings"

	"github.com/solutionkit/solutionkit/internal/lazyregexp"
)

var secretName = lazyregexp.New(`(?i)(api_?key|secret|password|passwd|token|^key$|_key$|accesskey|Key$)`)

// addressName is the name of a place to ask, such as tokenUrl, which is no secret.
var addressName = lazyregexp.New(`(?i)(ur[li]s?|endpoint|address|host)(_?template)?$`)

// LooksSecret reports whether a name is that of a secret.
func LooksSecret(name string) bool {
	return secretName.MatchString(name) && !addressName.MatchString(name)
}

// NilGUID is the GUID of zeros, which stands for none.
const NilGUID = "00000000-0000-0000-0000-000000000000"

// IsPlaceholder reports whether a text stands for a value that somebody has to fill in.
func IsPlaceholder(s string) bool {
	return strings.TrimSpace(s) == "" || s == NilGUID || bracketed.MatchString(s) || placeholderWords.MatchString(s)
}

var (
	bracketed        = lazyregexp.New(`^\s*(\[.*\]|\{.*\}|<.*>|\$\{.*\}|%.*%)\s*$`)
	placeholderWords = lazyregexp.New(`(?i)dummy|placeholder|\b(test|your|todo|changeme|replace)\b|your[-_]|xxxx|client[-_]?(id|secret)|app[-_]?id|^\*+$`)
)
