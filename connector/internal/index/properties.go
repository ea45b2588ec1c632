package index

import (
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

// Properties is what apiProperties.json holds, wherever the form of the connector keeps it.
type Properties struct {
	Whole *File // apiProperties.json; nil in the solution form
	Inner Value // its member "properties"

	Params       Value // connectionParameters
	Sets         Value // connectionParameterSets
	Policies     Value // policyTemplateInstances
	ScriptOps    Value // scriptOperations
	Capabilities Value
	Brand        Value // iconBrandColor
	Publisher    Value
	StackOwner   Value

	Parameters []ConnectionParameter
	Instances  []Policy
}

// PropertiesOf indexes apiProperties.json.
func PropertiesOf(f *File) Properties {
	p := Properties{Whole: f, Inner: Value{f, 0}.Get("properties")}
	p.Params = p.Inner.Get("connectionParameters")
	p.Sets = p.Inner.Get("connectionParameterSets")
	p.Policies = p.Inner.Get("policyTemplateInstances")
	p.ScriptOps = p.Inner.Get("scriptOperations")
	p.Capabilities = p.Inner.Get("capabilities")
	p.Brand = p.Inner.Get("iconBrandColor")
	p.Publisher = p.Inner.Get("publisher")
	p.StackOwner = p.Inner.Get("stackOwner")
	p.Index()
	return p
}

// Index lists the connection parameters and policies.
func (p *Properties) Index() {
	for v := range p.Params.Children {
		p.Parameters = append(p.Parameters, newConnectionParameter(v, ""))
	}
	for set := range p.Sets.Get("values").Children {
		for v := range set.Get("parameters").Children {
			p.Parameters = append(p.Parameters, newConnectionParameter(v, set.Get("name").Text()))
		}
	}
	for v := range p.Policies.Children {
		p.Instances = append(p.Instances, newPolicyInstance(v))
	}
}

// Known reports whether apiProperties.json, or the parts that stand for it, were given.
func (p *Properties) Known() bool {
	return p.Inner.Kind() == jsonspan.Object || p.Whole == nil && p.Params.OK()
}

// HasCapability reports whether a capability is listed.
func (p *Properties) HasCapability(name string) bool {
	for v := range p.Capabilities.Children {
		if v.Text() == name {
			return true
		}
	}
	return false
}

// ConnectionParameter is one parameter of a connection; set is the name of its parameter set.
type ConnectionParameter struct {
	Value Value
	Name  string
	Set   string
	Type  string // lower case
}

func newConnectionParameter(v Value, set string) ConnectionParameter {
	return ConnectionParameter{Value: v, Name: v.Key(), Set: set, Type: strings.ToLower(v.Get("type").Text())}
}

// OAuth reports whether the parameter is a login.
func (p *ConnectionParameter) OAuth() bool { return p.Type == "oauthsetting" }

// Secret reports whether the parameter is a secret text.
func (p *ConnectionParameter) Secret() bool { return p.Type == "securestring" }

// A Policy is one entry of policyTemplateInstances.
type Policy struct {
	Value      Value
	Template   string // lower case
	Params     Value
	Operations []Value // empty: all operations
}

const (
	policyParameter  = "x-ms-apimTemplateParameter."
	policyOperation  = "x-ms-apimTemplate-operationName"
	PolicySectionKey = "x-ms-apimTemplate-policySection"
)

func newPolicyInstance(v Value) Policy {
	p := Policy{Value: v, Template: strings.ToLower(v.Get("templateId").Text()), Params: v.Get("parameters")}
	for o := range p.Params.Get(policyOperation).Children {
		p.Operations = append(p.Operations, o)
	}
	return p
}

// Param returns a parameter of the policy.
func (p *Policy) Param(name string) Value { return p.Params.Get(policyParameter + name) }

// Covers reports whether the policy runs for the operation of that id.
func (p *Policy) Covers(id string) bool {
	if len(p.Operations) == 0 {
		return true
	}
	for _, o := range p.Operations {
		if o.Text() == id {
			return true
		}
	}
	return false
}
