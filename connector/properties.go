package connector

import (
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

// properties is what apiProperties.json holds, wherever the form of the connector keeps it.
type properties struct {
	whole *file // apiProperties.json; nil in the solution form
	inner value // its member "properties"

	params       value // connectionParameters
	sets         value // connectionParameterSets
	policies     value // policyTemplateInstances
	scriptOps    value // scriptOperations
	capabilities value
	brand        value // iconBrandColor
	publisher    value
	stackOwner   value

	all      []connectionParameter
	policyOf []policyInstance
}

func propertiesOf(f *file) properties {
	p := properties{whole: f, inner: value{f, 0}.get("properties")}
	p.params = p.inner.get("connectionParameters")
	p.sets = p.inner.get("connectionParameterSets")
	p.policies = p.inner.get("policyTemplateInstances")
	p.scriptOps = p.inner.get("scriptOperations")
	p.capabilities = p.inner.get("capabilities")
	p.brand = p.inner.get("iconBrandColor")
	p.publisher = p.inner.get("publisher")
	p.stackOwner = p.inner.get("stackOwner")
	p.index()
	return p
}

// index lists the connection parameters and policies.
func (p *properties) index() {
	for v := range p.params.children {
		p.all = append(p.all, newConnectionParameter(v, ""))
	}
	for set := range p.sets.get("values").children {
		for v := range set.get("parameters").children {
			p.all = append(p.all, newConnectionParameter(v, set.get("name").text()))
		}
	}
	for v := range p.policies.children {
		p.policyOf = append(p.policyOf, newPolicyInstance(v))
	}
}

// known reports whether apiProperties.json, or the parts that stand for it, were given.
func (p *properties) known() bool {
	return p.inner.kind() == jsonspan.Object || p.whole == nil && p.params.ok()
}

func (p *properties) hasCapability(name string) bool {
	for v := range p.capabilities.children {
		if v.text() == name {
			return true
		}
	}
	return false
}

// connectionParameter is one parameter of a connection; set is the name of its parameter set.
type connectionParameter struct {
	v    value
	name string
	set  string
	typ  string // lower case
}

func newConnectionParameter(v value, set string) connectionParameter {
	return connectionParameter{v: v, name: v.key(), set: set, typ: strings.ToLower(v.get("type").text())}
}

func (p *connectionParameter) oauth() bool { return p.typ == "oauthsetting" }

func (p *connectionParameter) secret() bool { return p.typ == "securestring" }

// policyInstance is one entry of policyTemplateInstances.
type policyInstance struct {
	v          value
	template   string // lower case
	params     value
	operations []value // empty: all operations
}

const (
	policyParameter  = "x-ms-apimTemplateParameter."
	policyOperation  = "x-ms-apimTemplate-operationName"
	policySectionKey = "x-ms-apimTemplate-policySection"
)

func newPolicyInstance(v value) policyInstance {
	p := policyInstance{v: v, template: strings.ToLower(v.get("templateId").text()), params: v.get("parameters")}
	for o := range p.params.get(policyOperation).children {
		p.operations = append(p.operations, o)
	}
	return p
}

func (p *policyInstance) param(name string) value { return p.params.get(policyParameter + name) }

// covers reports whether the policy runs for the operation of that id.
func (p *policyInstance) covers(id string) bool {
	if len(p.operations) == 0 {
		return true
	}
	for _, o := range p.operations {
		if o.text() == id {
			return true
		}
	}
	return false
}
