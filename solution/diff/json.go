package diff

import (
	"encoding/json"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// jsonPlace is a place in JSON; absent where a side has none.
type jsonPlace struct {
	File   string `json:"file"`
	Path   string `json:"path,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

func placeOf(at diag.Location) *jsonPlace {
	if at.File == "" {
		return nil
	}
	return &jsonPlace{at.File, at.Path, at.Start.Line, at.Start.Column}
}

type jsonProperty struct {
	Op     Op         `json:"op"`
	Path   string     `json:"path"`
	Old    string     `json:"old"`
	New    string     `json:"new"`
	OldAt  *jsonPlace `json:"oldAt,omitempty"`
	NewAt  *jsonPlace `json:"newAt,omitempty"`
	Impact string     `json:"impact"`
	Reason string     `json:"reason,omitempty"`
	Noise  string     `json:"noise,omitempty"`
}

type jsonComponent struct {
	Op         Op             `json:"op"`
	Type       string         `json:"type"`
	Key        string         `json:"key"`
	Owner      string         `json:"owner,omitempty"`
	Name       string         `json:"name"`
	Title      string         `json:"title,omitempty"`
	Old        *jsonPlace     `json:"old,omitempty"`
	New        *jsonPlace     `json:"new,omitempty"`
	Impact     string         `json:"impact"`
	Reason     string         `json:"reason,omitempty"`
	Properties []jsonProperty `json:"properties,omitempty"`
}

type jsonUniform struct {
	Type  string `json:"type"`
	Op    Op     `json:"op"`
	Path  string `json:"path"`
	Old   string `json:"old"`
	New   string `json:"new"`
	Count int    `json:"count"`
	Of    int    `json:"of"`
}

type jsonComparison struct {
	Old        Header          `json:"old"`
	New        Header          `json:"new"`
	Equal      bool            `json:"equal"`
	Breaking   int             `json:"breaking"` // components
	Components []jsonComponent `json:"components"`
	Uniform    []jsonUniform   `json:"uniform"`
}

// MarshalJSON implements json.Marshaler: the whole comparison, noise included, in the order of Components.
func (c *Comparison) MarshalJSON() ([]byte, error) {
	out := jsonComparison{Old: c.Old, New: c.New, Equal: c.Equal(), Breaking: c.count().breaking, Components: []jsonComponent{}, Uniform: []jsonUniform{}}
	for _, x := range c.Components {
		y := jsonComponent{Op: x.Op, Type: string(x.Key.Type()), Key: x.Key.String(), Name: x.Name, Title: x.Title, Old: placeOf(x.Old), New: placeOf(x.New),
			Impact: x.Impact.String(), Reason: x.Reason}
		if !x.Owner.IsZero() {
			y.Owner = x.Owner.String()
		}
		for _, p := range x.Properties {
			y.Properties = append(y.Properties, jsonProperty{p.Op, p.Path, p.Old, p.New, placeOf(p.OldAt), placeOf(p.NewAt), p.Impact.String(), p.Reason, p.Noise})
		}
		out.Components = append(out.Components, y)
	}
	for _, u := range c.Uniform {
		out.Uniform = append(out.Uniform, jsonUniform{string(u.Type), u.Op, u.Path, u.Old, u.New, u.Count, u.Of})
	}
	return json.Marshal(out)
}

// Breaking returns the components with a change that breaks those who use them.
func (c *Comparison) Breaking() []Component {
	var out []Component
	for x := range c.Changes() {
		if x.Impact == connector.Breaking {
			out = append(out, x)
		}
	}
	return out
}
