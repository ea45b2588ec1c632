package plan

import (
	"iter"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
)

// given stands for a value that somebody enters while the plan is carried out.
const given = "(given)"

// hidden stands for a value that is or may be a secret.
const hidden = "(hidden)"

// A variableCheck says which environment variables have no value, and which get one that may be wrong.
type variableCheck struct {
	*importing
	out      *recorder
	settings *connref.Settings

	needed []string // variables without a value
	vaults []vault  // secrets that need access to their vault
}

// A vault is where the value of a secret is, as far as that is known.
type vault struct{ variable, name string }

func (c *variableCheck) run() {
	c.needed = []string{}
	c.sameSources()
	for i := range c.pkg.set.Variables {
		v := &c.pkg.set.Variables[i]
		about := []ComponentID{ComponentOf(v.Key())}
		setting, _ := c.settings.Variable(v.SchemaName)
		here, gone := c.variableHere(v)
		shipped := v.Value != nil && v.Value.Reveal() != ""
		if v.Location.File != "" && setting.Value == "" && !v.HasValue() && here == "" {
			c.noValue(v, about, gone)
		}
		if shipped {
			c.shipped(v, about, setting.Value != "")
		}
		if shipped && setting.Value == "" && here != "" && differs(here, v.Value.Reveal()) && !c.shippedBefore(v, here) {
			facts := Facts{Variable: v.SchemaName, New: c.shownValue(v, v.Value.Reveal()), Old: c.shownValue(v, here), Case: casePackage, Policy: policyVariables}
			if c.pol.value(policyVariables) == "environment" {
				facts.Case = caseEnvironment
			}
			c.out.tell(ruleValueConflict, v.ValueLocation, about, facts)
		}
		c.secretSetting(v, about)
		if v.Type == connref.TypeSecret && !v.OutOfVault && (!c.state().installed || here == "" || differs(here, c.valueAfter(v, setting.Value, here))) {
			in := vault{v.SchemaName, c.vaultOf(v, c.valueAfter(v, setting.Value, here))}
			c.vaults = append(c.vaults, in)
			c.out.tell(ruleSecretAccess, v.Location, about, Facts{Variable: in.variable, Vault: in.name, Identity: c.env.Identity})
		}
	}
	slices.SortFunc(c.needed, compareFolded)
	slices.SortFunc(c.vaults, func(a, b vault) int { return compareFolded(a.variable, b.variable) })
}

// vaultOf returns the name of the vault that has a secret, empty if no value says it.
func (c *variableCheck) vaultOf(v *connref.Variable, value string) string {
	if value == "" && v.Default != nil {
		value = v.Default.Reveal()
	}
	return connref.VaultName(value)
}

// secretSetting refuses settings with which the import of a secret fails.
func (c *variableCheck) secretSetting(v *connref.Variable, about []ComponentID) {
	setting, given := c.settings.Variable(v.SchemaName)
	facts := Facts{Variable: v.SchemaName}
	switch {
	case v.Type != connref.TypeSecret || !given:
		return
	case setting.Value == "":
		facts.Case = caseBlank
	case v.OutOfVault || connref.IsVaultReference(setting.Value):
		return
	}
	c.out.tell(ruleSecretSetting, settingsPlace("EnvironmentVariables", setting.SchemaName), about, facts)
}

// sameSources warns of variables that ship one value for data sources of one connector: an import asks once for both.
func (c *variableCheck) sameSources() {
	type source struct{ connector, value string }
	all := map[source][]*connref.Variable{}
	var order []source
	for i := range c.pkg.set.Variables {
		v := &c.pkg.set.Variables[i]
		setting, _ := c.settings.Variable(v.SchemaName)
		if v.Type != connref.TypeDataSource || v.Value == nil || v.Value.Reveal() == "" || setting.Value != "" {
			continue
		}
		key := source{connref.ConnectorName(v.APIID), v.Value.Reveal()}
		if all[key] == nil {
			order = append(order, key)
		}
		all[key] = append(all[key], v)
	}
	for _, key := range order {
		list := all[key]
		if len(list) < 2 {
			continue
		}
		var about []ComponentID
		facts := Facts{Connector: key.connector}
		for _, v := range list {
			about = append(about, ComponentOf(v.Key()))
			facts.Values = append(facts.Values, v.SchemaName)
		}
		c.out.tell(ruleSameSource, list[1].ValueLocation, about, facts)
	}
}

// differs reports whether the environment is known to have another value: of one that a document hides, nobody knows.
func differs(here, value string) bool { return here != value && here != hidden }

// noValue notes a variable that has no value from anywhere.
func (c *variableCheck) noValue(v *connref.Variable, about []ComponentID, gone bool) {
	facts := Facts{Variable: v.SchemaName}
	switch {
	case gone:
		facts.Case = caseGone
	case !c.allVariables() && c.mayExist(c.refer(v.Key())):
		facts.Case = caseMaybe
	}
	c.needed = append(c.needed, v.SchemaName)
	c.out.tell(ruleValueNeeded, v.Location, about, facts)
}

func (c *variableCheck) shipped(v *connref.Variable, about []ComponentID, replaced bool) {
	value := v.Value.Reveal()
	if v.Type != connref.TypeSecret && looksSecret(v.SchemaName, value) {
		c.out.tell(ruleSecretLike, v.ValueLocation, about, Facts{Variable: v.SchemaName})
	}
	facts := Facts{Variable: v.SchemaName, New: c.shownValue(v, value)}
	if replaced {
		facts.Case = caseReplaced
	}
	c.out.tell(ruleValueShipped, v.ValueLocation, about, facts)
}

// valueAfter returns the value that the environment has after the import.
func (s *importing) valueAfter(v *connref.Variable, setting, here string) string {
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
func (s *importing) variableHere(v *connref.Variable) (value string, gone bool) {
	value = s.variables[solution.Fold(v.SchemaName)]
	if value == "" && !s.allVariables() {
		value = s.shippedNow(v)
	}
	if value != "" && v.Value == nil && s.replaces() && s.shippedBefore(v, value) {
		return "", true
	}
	return value, false
}

// shippedNow returns the value that an installed package shipped, the first that has one.
func (s *importing) shippedNow(v *connref.Variable) string {
	if l := s.lives[s.refer(v.Key())]; l != nil {
		if len(l.values) == 0 {
			return ""
		}
		old, _ := s.world.contents[l.values[0]].pkg.set.Variable(v.SchemaName)
		return old.Value.Reveal()
	}
	for old := range s.definitions(v) {
		if old.Value != nil && old.Value.Reveal() != "" {
			return old.Value.Reveal()
		}
	}
	return ""
}

// shippedBefore reports whether the installed version shipped a value.
func (s *importing) shippedBefore(v *connref.Variable, value string) bool {
	return slices.ContainsFunc(s.state().contents, func(i int32) bool {
		p := s.world.contents[i].pkg
		if p == nil {
			return false
		}
		old, ok := p.set.Variable(v.SchemaName)
		return ok && old.Value != nil && old.Value.Reveal() == value
	})
}

// definitions yields what the installed packages say of a variable.
func (s *importing) definitions(v *connref.Variable) iter.Seq[connref.Variable] {
	return func(yield func(connref.Variable) bool) {
		for _, p := range s.holders.of(s.refer(v.Key())) {
			f := s.world.contents[p.contents]
			if !s.active[p.contents] || f.pkg == nil {
				continue
			}
			if old, ok := f.pkg.set.Variable(v.SchemaName); ok && !yield(old) {
				return
			}
		}
	}
}

// shownValue is a value as a message prints it. Nothing is shown of what is a secret in any version that is known, or may be
// one.
func (s *importing) shownValue(v *connref.Variable, value string) string {
	const most = 80
	secret := v.Type == connref.TypeSecret || v.Location.File == "" || isPrivate(v.SchemaName, value)
	if l := s.lives[s.refer(v.Key())]; l != nil {
		secret = secret || l.secrets > 0
	} else {
		for old := range s.definitions(v) {
			secret = secret || old.Type == connref.TypeSecret
		}
	}
	switch {
	case secret:
		return hidden
	case len([]rune(value)) > most:
		return strings.ToValidUTF8(string([]rune(value)[:most]), "?") + "..."
	}
	return value
}
