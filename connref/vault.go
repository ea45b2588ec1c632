package connref

import (
	"fmt"

	"github.com/solutionkit/solutionkit/internal/lazyregexp"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// vaultForm is what the value of a secret is to people.
const vaultForm = "/subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.KeyVault/vaults/VAULT/secrets/NAME"

// vaultReference is the id of a secret among the resources of Azure (documented), whose words compare without regard to case.
var vaultReference = lazyregexp.New(`(?i)^/subscriptions/[^/\s]+/resourceGroups/[^/]+/providers/Microsoft\.KeyVault/vaults/([A-Z0-9-]+)/secrets/([A-Z0-9-]+)$`)

// IsVaultReference reports whether a text can be the value of a secret: where that is in a Key Vault, not what it is and not an
// address in the web.
func IsVaultReference(text string) bool { return vaultReference.MatchString(text) }

// VaultName returns the name of the vault in a reference to a secret, empty if the text is none.
func VaultName(reference string) string {
	if m := vaultReference.FindStringSubmatch(reference); m != nil {
		return m[1]
	}
	return ""
}

// inVault reports whether v is a secret whose value is a reference to a vault.
func (v Variable) inVault() bool { return v.Type == TypeSecret && !v.OutOfVault }

// secretForm is what to write as the value of v, which is a secret.
func (v Variable) secretForm() string {
	if v.inVault() {
		return vaultForm
	}
	return "the secret"
}

// leftOut is the finding that settings have no entry for v.
func (v Variable) leftOut() diag.Diagnostic {
	unless := "the environment has a value already"
	if v.HasValue() {
		unless = "the value in the package is the right one"
	}
	return diag.Diagnostic{Rule: ruleSecretLeftOut.ID, Severity: ruleSecretLeftOut.Severity, Location: v.Location,
		Message: fmt.Sprintf("environment variable %q is a secret and was left out, because the import fails with a blank entry: add {\"SchemaName\": %q, \"Value\": %q}, unless %s",
			v.SchemaName, v.SchemaName, v.secretForm(), unless)}
}
