package connector

import (
	"regexp"
)

// variableCall finds @environmentVariables("name") in the text of a string.
var variableCall = regexp.MustCompile(`@environmentVariables\(\s*['"]([^'"]+)['"]\s*\)`)

var (
	bracketed        = regexp.MustCompile(`^\s*(\[.*\]|\{.*\}|<.*>|\$\{.*\}|%.*%)\s*$`)
	placeholderWords = regexp.MustCompile(`(?i)\b(dummy|placeholder|test|your|xxx+|todo|changeme|client_?id|client_?secret|app_?id)|placeholder|dummy`)
)

// isPlaceholder reports whether a text stands for a value that somebody has to fill in.
func isPlaceholder(s string) bool {
	return s == "" || bracketed.MatchString(s) || placeholderWords.MatchString(s)
}
