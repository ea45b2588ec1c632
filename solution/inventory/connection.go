package inventory

import (
	"cmp"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution/model"
)

// A Variable is an environment variable. Values that are secrets are "(hidden)".
type Variable struct {
	Name        string `json:"name"`
	Title       string `json:"title"`
	Type        string `json:"type"`
	Default     string `json:"default"`
	Value       string `json:"value"` // that the package ships
	Required    bool   `json:"required"`
	Description string `json:"description"`
}

// A Reference is a connection reference.
type Reference struct {
	Name        string   `json:"name"`
	Title       string   `json:"title"`
	Connector   string   `json:"connector"`
	Custom      bool     `json:"custom"` // of a custom connector
	UsedBy      []string `json:"usedBy"` // titles
	Description string   `json:"description"`
}

// A RawConnection is a connector that a flow or app binds without a connection reference.
type RawConnection struct {
	By        string `json:"by"` // title
	Connector string `json:"connector"`
	Name      string `json:"name"` // in the flow or app
}

func (r *reader) variables() []Variable {
	out := []Variable{}
	for _, v := range r.set.Variables {
		kind := v.Type.String()
		if v.Location.File == "" {
			kind = "" // a value without its definition
		}
		out = append(out, Variable{v.SchemaName, cmp.Or(v.DisplayName, v.SchemaName), kind, textOf(v.Default), textOf(v.Value), v.Required, v.Description})
	}
	sortBy(out, func(v Variable) []string { return []string{v.Name} })
	return out
}

// textOf is a value as it may be shown.
func textOf(t *connref.Text) string {
	if t == nil || t.Reveal() == "" {
		return ""
	}
	return t.String()
}

func (r *reader) references() []Reference {
	out := []Reference{}
	for _, x := range r.set.References {
		out = append(out, Reference{x.LogicalName, cmp.Or(x.DisplayName, x.LogicalName), connref.ConnectorName(x.ConnectorID), x.IsCustom(), r.titlesOf(x.UsedBy), x.Description})
	}
	sortBy(out, func(x Reference) []string { return []string{x.Name} })
	return out
}

func (r *reader) rawConnections() []RawConnection {
	out := []RawConnection{}
	for _, x := range r.set.Raw {
		out = append(out, RawConnection{cmp.Or(x.Title, r.titleOf(x.By)), connref.ConnectorName(x.Connector), x.Alias})
	}
	sortBy(out, func(x RawConnection) []string { return []string{x.By, x.Connector, x.Name} })
	return out
}

func (r *reader) connectors() []Named {
	out := collect(r.model.Connectors(), func(c model.Connector) Named { return named(c.Component) })
	sortBy(out, func(n Named) []string { return []string{n.Name} })
	return out
}

func named(c model.Component) Named {
	return Named{nameOf(c), c.DisplayName(baseLanguage), model.Text(c.Descriptions(), baseLanguage)}
}
