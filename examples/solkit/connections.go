package main

import (
	"cmp"
	"flag"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
)

var connectionsCommand = command{
	name:    "connections",
	args:    []string{"ZIP|DIR..."},
	summary: "list connection references, who uses them, and raw connections",
	sourced: true,
	help: `Lists the connection references of one or several solutions with the connector of each and what uses it, then the
raw connections: connectors that a flow or canvas app binds without a reference, which no settings can set. An app asks each
user for its connections; of a flow, solkit connref adopt makes it use a reference. A reference that is used and found nowhere
is listed without connector, and the exit status is 1.`,
	examples: []string{"solkit connections contoso_1_0_0_0.zip", "solkit connections -json orders.zip flows.zip"},
	define:   func(*flag.FlagSet) action { return listConnections },
}

// A keyed is a component.
type keyed struct {
	Kind string `json:"kind"`
	Key  string `json:"key"`
}

func keyedOf(k solution.Key) keyed {
	name := k.Name()
	if k.Parent() != "" {
		name = k.Parent() + "." + name
	}
	if name == "" && !k.ID().IsZero() {
		name = k.ID().String()
	}
	return keyed{Kind: string(k.Type()), Key: name}
}

func (k keyed) String() string { return strings.TrimSpace(k.Kind + " " + k.Key) }

// A connectionsDocument is what connections prints.
type connectionsDocument struct {
	References []listedReference `json:"references"`
	Raw        []listedRaw       `json:"raw"`
	solutionOutcome
}

type listedReference struct {
	LogicalName       string  `json:"logicalName"`
	DisplayName       string  `json:"displayName"`
	ConnectorID       string  `json:"connectorId"`
	Connector         string  `json:"connector"`
	CustomConnector   string  `json:"customConnector"` // GUID, empty for a standard one
	PromptingBehavior int     `json:"promptingBehavior"`
	UsedBy            []keyed `json:"usedBy"`
	Missing           bool    `json:"missing,omitempty"` // it is used, and found nowhere
}

type listedRaw struct {
	Kind      string `json:"kind"`
	Key       string `json:"key"`
	Connector string `json:"connector"`
	Alias     string `json:"alias"`
}

func listConnections(j *job) (document, error) {
	d := &connectionsDocument{References: []listedReference{}, Raw: []listedRaw{}}
	set, err := readSets(j)
	if err != nil {
		return d, err
	}
	d.found = set.CheckUses()
	d.missing(set)
	for _, r := range set.References {
		l := listedReference{LogicalName: r.LogicalName, DisplayName: r.DisplayName, ConnectorID: r.ConnectorID,
			Connector: connref.ConnectorName(r.ConnectorID), UsedBy: []keyed{}}
		if !r.CustomConnector.IsZero() {
			l.CustomConnector = r.CustomConnector.String()
		}
		if r.Skip {
			l.PromptingBehavior = 1
		}
		for _, k := range r.UsedBy {
			l.UsedBy = append(l.UsedBy, keyedOf(k))
		}
		d.References = append(d.References, l)
	}
	for _, r := range set.Raw {
		k := keyedOf(r.By)
		d.Raw = append(d.Raw, listedRaw{k.Kind, k.Key, connref.ConnectorName(r.Connector), r.Alias})
	}
	return d, nil
}

// missing lists the references that are used and found nowhere.
func (d *connectionsDocument) missing(set *connref.Set) {
	at := map[string]int{} // in References, by folded name
	for u := range set.Missing() {
		i, ok := at[solution.Fold(u.Name)]
		if !ok {
			i = len(d.References)
			at[solution.Fold(u.Name)] = i
			d.References = append(d.References, listedReference{LogicalName: u.Name, UsedBy: []keyed{}, Missing: true})
		}
		if by := keyedOf(u.By); !slices.Contains(d.References[i].UsedBy, by) {
			d.References[i].UsedBy = append(d.References[i].UsedBy, by)
		}
	}
}

func (d *connectionsDocument) text(p *printer, j *job) {
	t := tabwriter.NewWriter(p, 0, 0, 2, ' ', 0)
	if len(d.References) > 0 {
		fmt.Fprintln(t, "REFERENCE\tNAME\tCONNECTOR\tCUSTOM\tUSED BY")
	}
	for _, r := range d.References {
		custom := "-"
		if r.CustomConnector != "" {
			custom = "custom"
		}
		var users []string
		for _, u := range r.UsedBy {
			users = append(users, u.String())
		}
		connector := r.Connector
		if r.Missing {
			connector = "found nowhere"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", plain(r.LogicalName), plain(r.DisplayName), plain(connector), custom, plain(cmp.Or(strings.Join(users, ", "), "-")))
	}
	t.Flush()
	for _, r := range d.Raw {
		p.printf("raw: %s %s binds %s (%s)\n", r.Kind, plain(r.Key), plain(r.Connector), plain(r.Alias))
	}
	if len(d.Raw) > 0 {
		p.printf("No settings can set a raw connection. An app asks each user for its own; of a flow, see solkit connref adopt.\n")
	}
	if len(d.References)+len(d.Raw) == 0 {
		p.printf("no connections\n")
	}
	(&printer{Writer: j.stderr, color: hasColor(j.stderr)}).findings(d.found, true)
}

var variablesCommand = command{
	name:    "variables",
	args:    []string{"ZIP|DIR..."},
	summary: "list environment variables",
	sourced: true,
	help: `Lists the environment variables of one or several solutions: type, whether there is a default and whether the
package ships a value. Values of secrets are not shown.`,
	examples: []string{"solkit variables contoso_1_0_0_0.zip", "solkit variables -json src"},
	define:   func(*flag.FlagSet) action { return listVariables },
}

// A variablesDocument is what variables prints.
type variablesDocument struct {
	Variables []listedVariable `json:"variables"`
	solutionOutcome
}

type listedVariable struct {
	SchemaName  string        `json:"schemaName"`
	DisplayName string        `json:"displayName"`
	Type        string        `json:"type"`
	Default     *connref.Text `json:"default"` // null: none; secrets are hidden
	Value       *connref.Text `json:"value"`   // what the package ships
	Connector   string        `json:"connector"`
	Parent      string        `json:"parent"`
	Needed      bool          `json:"needed"` // has to be given a value
}

func listVariables(j *job) (document, error) {
	d := &variablesDocument{Variables: []listedVariable{}}
	set, err := readSets(j)
	if err != nil {
		return d, err
	}
	d.found = set.Diagnostics()
	for _, v := range set.Variables {
		d.Variables = append(d.Variables, listedVariable{v.SchemaName, v.DisplayName, v.Type.String(), v.Default, v.Value,
			connref.ConnectorName(v.APIID), v.Parent, !v.HasValue()})
	}
	return d, nil
}

func (d *variablesDocument) text(p *printer, j *job) {
	t := tabwriter.NewWriter(p, 0, 0, 2, ' ', 0)
	if len(d.Variables) > 0 {
		fmt.Fprintln(t, "VARIABLE\tNAME\tTYPE\tDEFAULT\tVALUE")
	}
	show := func(v *connref.Text) string {
		if v == nil {
			return "-"
		}
		return plain(v.String())
	}
	for _, v := range d.Variables {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", plain(v.SchemaName), plain(v.DisplayName), v.Type, show(v.Default), show(v.Value))
	}
	t.Flush()
	if len(d.Variables) == 0 {
		p.printf("no environment variables\n")
	}
	(&printer{Writer: j.stderr, color: hasColor(j.stderr)}).findings(d.found, true)
}
