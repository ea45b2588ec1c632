package lint

import (
	"slices"
	"sync"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// catalogue holds every rule once. The tables stand beside the functions of the rules.
var catalogue = sync.OnceValue(func() []*rule {
	var out []*rule
	for _, table := range [][]rule{
		documentRules(), infoRules(), pathRules(), operationRules(), parameterRules(), schemaRules(), responseRules(),
		triggerRules(), dynamicRules(), extensionRules(), securityRules(), propertyRules(), connectionRules(),
		policyRules(), scriptRules(), solutionRules(),
	} {
		for i := range table {
			out = append(out, &table[i])
		}
	}
	return slices.Clip(out)
})

const (
	fails = diag.Error
	warns = diag.Warning
	notes = diag.Note
)
