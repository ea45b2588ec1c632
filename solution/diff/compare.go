package diff

import (
	"cmp"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/model"
)

// Types of pieces that are no components.
const (
	TypeSolution       solution.ComponentType = "solution"       // the manifest
	TypeCustomizations solution.ComponentType = "customizations" // what stands around the components of customizations.xml
	TypeFile           solution.ComponentType = "file"           // a file that belongs to no component
)

// A comparer walks two models.
type comparer struct {
	old, new *model.Model
	opts     *Options
	out      *Comparison

	at    *Component // what is compared at present
	steps []step     // the way from the component to the elements that are compared
	hush  string     // the row of noise that all is which is found at present; empty if it may count
	both  map[solution.ComponentType]int

	oldConnectors, newConnectors map[string]*connector.Connector
}

// A step of a path is the name of an element, with the key that tells it from its like, or a part of a JSON Pointer.
type step struct{ name, key string }

func (c *comparer) run() error {
	c.both = map[solution.ComponentType]int{}
	c.oldConnectors, c.newConnectors = connectors(c.old), connectors(c.new)
	if err := c.manifest(); err != nil {
		return err
	}
	c.around()
	pairs := c.match()
	for _, p := range pairs {
		if err := c.component(p.old, p.new); err != nil {
			return err
		}
	}
	if err := c.looseFiles(); err != nil {
		return err
	}
	c.judge()
	c.uniform()
	slices.SortStableFunc(c.out.Components, func(a, b Component) int {
		return cmp.Or(cmp.Compare(rank(a.Key.Type()), rank(b.Key.Type())), a.Key.Compare(b.Key))
	})
	c.out.Diagnostics.Sort()
	return nil
}

// rank puts the solution itself first.
func rank(t solution.ComponentType) int {
	switch t {
	case TypeSolution:
		return 0
	case TypeCustomizations:
		return 1
	case TypeFile:
		return 3
	}
	return 2
}

// A pair is a component on both sides, or on one.
type pair struct{ old, new model.Component }

// match pairs the components of both sides: by key, several of one key in their order, then by what else a key of the type may have.
func (c *comparer) match() []pair {
	byKey := map[solution.Key][]model.Component{}
	for x := range c.old.Components() {
		byKey[x.Key()] = append(byKey[x.Key()], x)
	}
	var pairs []pair
	var unmatched []model.Component
	taken := map[model.Component]bool{}
	for x := range c.new.Components() {
		if list := byKey[x.Key()]; len(list) > 0 {
			byKey[x.Key()] = list[1:]
			taken[list[0]] = true
			pairs = append(pairs, pair{list[0], x})
			continue
		}
		unmatched = append(unmatched, x)
	}
	gone := c.retrained(taken)
	for _, x := range unmatched {
		if y, ok := c.old.Component(x.Key()); ok && !taken[y] && y.Key().Match(x.Key()) {
			taken[y] = true
			pairs = append(pairs, pair{y, x})
			continue
		}
		if x.Type() == solution.TypeAIConfiguration {
			if list := gone[useOf(x)]; len(list) > 0 {
				gone[useOf(x)] = list[1:]
				taken[list[0]] = true
				pairs = append(pairs, pair{list[0], x})
				continue
			}
		}
		pairs = append(pairs, pair{new: x})
	}
	for x := range c.old.Components() {
		if !taken[x] {
			pairs = append(pairs, pair{old: x})
		}
	}
	return pairs
}

// A configurationUse is what a configuration of an AI model is for: the model, and whether it trains or runs.
type configurationUse struct {
	model   solution.Key
	purpose string
}

func useOf(x model.Component) configurationUse {
	return configurationUse{x.OwnerKey(), x.Element().Child("msdyn_type").Text()}
}

// retrained returns the configurations of AI models that went, by their use: training and publishing put others with ids of their
// own in their places.
func (c *comparer) retrained(taken map[model.Component]bool) map[configurationUse][]model.Component {
	out := map[configurationUse][]model.Component{}
	for y := range c.old.OfType(solution.TypeAIConfiguration) {
		if !taken[y] {
			out[useOf(y)] = append(out[useOf(y)], y)
		}
	}
	return out
}

// begin starts the comparison of a component; end keeps it if anything differs.
func (c *comparer) begin(x Component) { c.at, c.steps = &x, c.steps[:0] }

func (c *comparer) end() {
	if c.at.Op != Changed || len(c.at.Properties) > 0 {
		c.out.Components = append(c.out.Components, *c.at)
	}
	c.at = nil
}

func (c *comparer) component(old, new model.Component) error {
	switch {
	case !old.Exists():
		x := describe(new)
		x.Op, x.New = Added, new.Location()
		if new.Type() == solution.TypeEnvironmentVariableValue {
			c.warnOfValues(new.Part(), new.Location())
		}
		c.out.Components = append(c.out.Components, x)
		return nil
	case !new.Exists():
		x := describe(old)
		x.Op, x.Old = Removed, old.Location()
		c.out.Components = append(c.out.Components, x)
		return nil
	}
	c.both[new.Type()]++
	c.begin(Component{Key: new.Key()})
	c.element(old.Element(), new.Element())
	known := new.Type() == solution.TypeConnector && c.operations(old, new)
	oldFiles, newFiles, err := c.columnFormula(old, new)
	if err != nil {
		return err
	}
	if err := c.files(oldFiles, newFiles); err != nil {
		return err
	}
	if err := c.otherFormulas(old, new); err != nil {
		return err
	}
	if known {
		c.definitionJudged()
	}
	if len(c.at.Properties) > 0 {
		x := describe(new)
		x.Old, x.New = old.Location(), new.Location()
		x.Properties = c.at.Properties
		*c.at = x
	}
	c.end()
	return nil
}

func describe(x model.Component) Component {
	lcid := 1033
	c := Component{Key: x.Key(), Owner: x.OwnerKey(), Name: x.Name()}
	if title := titleOf(x, lcid); title != x.Name() {
		c.Title = title
	}
	return c
}

// titleOf returns the display name of a component, by its view where that knows better.
func titleOf(x model.Component, lcid int) string {
	if v, ok := x.View().(interface{ DisplayNames() []solution.Label }); ok {
		return model.Text(v.DisplayNames(), lcid)
	}
	return model.Text(x.DisplayNames(), lcid)
}

// manifest compares solution.xml.
func (c *comparer) manifest() error {
	if c.old.Manifest() == nil && c.new.Manifest() == nil {
		return nil
	}
	name := cmp.Or(c.out.New.UniqueName, c.out.Old.UniqueName)
	x := Component{Key: solution.NameKey(TypeSolution, "", name), Name: name}
	switch {
	case c.old.Manifest() == nil:
		x.Op, x.New = Added, c.new.Parts().Locate(solution.ManifestFile, 0)
	case c.new.Manifest() == nil:
		x.Op, x.Old = Removed, c.old.Parts().Locate(solution.ManifestFile, 0)
	}
	c.begin(x)
	if x.Op == Changed {
		a, err := c.old.Document(solution.ManifestFile)
		if err != nil {
			return err
		}
		b, err := c.new.Document(solution.ManifestFile)
		if err != nil {
			return err
		}
		c.at.Old, c.at.New = a.Location(), b.Location()
		c.element(a, b)
	}
	c.end()
	return nil
}

// around compares what stands around the components of customizations.xml.
func (c *comparer) around() {
	a, b := c.old.Root(), c.new.Root()
	x := Component{Key: solution.NameKey(TypeCustomizations, "", ""), Name: solution.CustomizationsFile, Old: a.Location(), New: b.Location()}
	switch {
	case !a.Exists() && !b.Exists():
		return
	case !a.Exists():
		x.Op = Added
	case !b.Exists():
		x.Op = Removed
	}
	c.begin(x)
	if x.Op == Changed {
		c.element(a, b)
	}
	c.end()
}

// add adds a property that differs. Its path is that of the elements that are compared, and what is below them.
func (c *comparer) add(op Op, below string, old, new string, oldAt, newAt diag.Location) {
	c.at.Properties = append(c.at.Properties, Property{Op: op, Path: c.path() + below, Old: cut(old), New: cut(new), OldAt: oldAt, NewAt: newAt, Noise: c.hush})
}

// quietly does what compares; all differences that it finds are of a row of noise, unless it has no id.
func (c *comparer) quietly(id string, compare func()) {
	was := c.hush
	if id != "" {
		c.hush = id
	}
	compare()
	c.hush = was
}

func (c *comparer) path() string { return pathOf(c.steps) }

func pathOf(steps []step) string {
	var b strings.Builder
	for i, s := range steps {
		if i > 0 && !strings.HasPrefix(s.name, "#") {
			b.WriteByte('/')
		}
		b.WriteString(s.name)
		if s.key != "" {
			b.WriteString("[" + s.key + "]")
		}
	}
	return b.String()
}

func (c *comparer) push(name, key string) { c.steps = append(c.steps, step{name, key}) }
func (c *comparer) pop()                  { c.steps = c.steps[:len(c.steps)-1] }

// maxText is how many bytes of a text a result holds.
const maxText = 2000

func cut(text string) string {
	if len(text) <= maxText {
		return text
	}
	return strings.ToValidUTF8(text[:maxText], "") + "…"
}

// moved reports whether numbers are not ascending, and so what they number is in another order.
func moved(at []int) bool { return !slices.IsSorted(at) }

// worse returns the worse of two impacts.
func worse(a, b connector.Impact) connector.Impact { return max(a, b) }
