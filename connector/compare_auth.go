package connector

import (
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

// authentication compares how a connection signs in. Where its kind changed, nothing else is told: every connection is made
// anew.
func (c *comparison) authentication() {
	c.o, c.n = nil, nil
	before := len(c.found)
	if !c.old.Def.Missing && !c.new.Def.Missing {
		c.schemes()
	}
	known := c.old.Props.Known() && c.new.Props.Known()
	if known && len(c.found) == before {
		c.providers()
	}
	if len(c.found) > before {
		return
	}
	c.signIn()
	if known {
		c.connectionParameters()
	} else if c.old.Props.Known() != c.new.Props.Known() {
		c.add(changeAuthentication, Unknown, "", c.old.Props.Params, c.new.Props.Params, "they are not known", "only one of the versions has connection parameters beside its definition")
	}
}

// schemes compares the types of the security schemes.
func (c *comparison) schemes() {
	was, is := schemeTypes(c.old.Def), schemeTypes(c.new.Def)
	if slices.Equal(was, is) {
		return
	}
	old, new := c.oldAt(c.old.Def.SecurityDefinitions), c.newAt(c.new.Def.SecurityDefinitions)
	kept := !slices.ContainsFunc(was, func(t string) bool { return !slices.Contains(is, t) })
	if len(was) == 0 { // perhaps a policy used what connections hold, as the scheme now does
		kept = c.old.Props.Known() && c.new.Props.Known() && c.sameParameters()
	}
	if kept {
		c.add(changeAuthentication, Unknown, "", old, new, "connections that exist go on if the platform still takes their way", "authentication was %s and is %s", schemeWords(was), schemeWords(is))
		return
	}
	c.add(changeAuthentication, Breaking, "", old, new, reasonConnections, "authentication was %s and is %s", schemeWords(was), schemeWords(is))
}

// sameParameters reports whether connections hold what they held.
func (c *comparison) sameParameters() bool {
	olds, news := c.parametersOf(c.old), c.parametersOf(c.new)
	for key := range news {
		if olds[key] == nil {
			return false
		}
	}
	return len(olds) == len(news)
}

// schemeTypes are the types of the security schemes, sorted and each once.
func schemeTypes(d *index.Definition) []string {
	var types []string
	if d.IsObject(d.SecurityDefinitions) {
		for c := range d.Tree.Children(d.SecurityDefinitions) {
			types = append(types, index.Value{File: d.File, Node: c}.Get("type").Text())
		}
	}
	slices.Sort(types)
	return slices.Compact(types)
}

func schemeWords(types []string) string {
	if len(types) == 0 {
		return "none"
	}
	return strings.Join(types, " and ")
}

// providers compares identity providers, and the types of connection parameters that both versions have.
func (c *comparison) providers() {
	news := c.parametersOf(c.new)
	for i := range c.old.Props.Parameters {
		p := &c.old.Props.Parameters[i]
		q := news[parameterKey(p)]
		if q == nil {
			continue
		}
		was, is := p.Value.Get("oAuthSettings").Get("identityProvider"), q.Value.Get("oAuthSettings").Get("identityProvider")
		switch {
		case p.Type != q.Type:
			c.add(changeAuthentication, Breaking, p.Name, p.Value, q.Value, reasonConnections, "connection parameter %s was of type %s and is of type %s", quoted(p.Name), p.Type, q.Type)
		case p.OAuth() && !strings.EqualFold(was.Text(), is.Text()):
			c.add(changeAuthentication, Breaking, p.Name, orElse(was, p.Value), orElse(is, q.Value), reasonConnections, "the identity provider was %s and is %s", quoted(was.Text()), quoted(is.Text()))
		}
	}
}

func orElse(v, other index.Value) index.Value {
	if v.OK() {
		return v
	}
	return other
}

// parameterKey is a connection parameter within its set.
func parameterKey(p *index.ConnectionParameter) [2]string {
	return [2]string{strings.ToLower(p.Set), strings.ToLower(p.Name)}
}

func (c *comparison) parametersOf(x *index.Connector) map[[2]string]*index.ConnectionParameter {
	m := map[[2]string]*index.ConnectionParameter{}
	for i := range x.Props.Parameters {
		if p := &x.Props.Parameters[i]; m[parameterKey(p)] == nil {
			m[parameterKey(p)] = p
		}
	}
	return m
}

// connectionParameters tells of those that came, went, or are required now.
func (c *comparison) connectionParameters() {
	olds, news := c.parametersOf(c.old), c.parametersOf(c.new)
	sets := map[string]bool{}
	for key := range news {
		sets[key[0]] = true
	}
	told := map[string]bool{}
	for i := range c.old.Props.Parameters {
		p := &c.old.Props.Parameters[i]
		q := news[parameterKey(p)]
		set := strings.ToLower(p.Set)
		switch {
		case q != nil:
			if !isRequired(p) && isRequired(q) && !q.Value.Get("defaultValue").OK() {
				c.add(changeConnectionRequired, Breaking, p.Name, p.Value, q.Value, reasonConnectionsIncluded, "connection parameter %s is required now", quoted(p.Name))
			}
		case told[set]:
		case set != "" && !sets[set]:
			told[set] = true
			c.add(changeAuthentication, Breaking, p.Set, p.Value, c.new.Props.Sets, "connections made with it have to be made anew", "the way to sign in called %s is gone", quoted(p.Set))
		case len(news) == 0:
			told[set] = true
			c.add(changeConnectionGone, Unknown, p.Name, p.Value, c.new.Props.Params, "an import overwrites those that are there, and connections then fail once their tokens end", "there are no connection parameters any more")
		case p.OAuth():
			c.add(changeAuthentication, Breaking, p.Name, p.Value, c.new.Props.Params, reasonConnections, "the OAuth parameter %s is gone", quoted(p.Name))
		default:
			c.add(changeConnectionGone, Unknown, p.Name, p.Value, c.new.Props.Params, "connections that exist have a value for it, which nothing takes", "connection parameter %s is gone", quoted(p.Name))
		}
	}
	had := map[string]bool{}
	for key := range olds {
		had[key[0]] = true
	}
	for i := range c.new.Props.Parameters {
		q := &c.new.Props.Parameters[i]
		set := strings.ToLower(q.Set)
		switch {
		case olds[parameterKey(q)] != nil || told["+"+set]:
		case set != "" && !had[set]:
			told["+"+set] = true
			c.add(changeAdded, Safe, q.Set, c.old.Props.Sets, q.Value, reasonNothing, "a way to sign in called %s is new", quoted(q.Set))
		case isRequired(q) && !q.Value.Get("defaultValue").OK():
			c.add(changeConnectionRequired, Breaking, q.Name, c.old.Props.Params, q.Value, reasonConnectionsIncluded, "connection parameter %s is new and required", quoted(q.Name))
		default:
			c.add(changeAdded, Safe, q.Name, c.old.Props.Params, q.Value, reasonNothing, "connection parameter %s is new", quoted(q.Name))
		}
	}
}

// isRequired reports whether a connection cannot be made without a parameter: the platform takes the text and the boolean.
func isRequired(p *index.ConnectionParameter) bool {
	v := p.Value.Get("uiDefinition").Get("constraints").Get("required")
	return strings.EqualFold(v.Text(), "true") || v.Kind() == jsonspan.Bool && v.File.Tree.True(v.Node)
}

// signIn compares addresses, scopes and the place of a key, where the kind of authentication is the same.
func (c *comparison) signIn() {
	if !c.old.Def.Missing && !c.new.Def.Missing && c.old.Def.IsObject(c.old.Def.SecurityDefinitions) && c.new.Def.IsObject(c.new.Def.SecurityDefinitions) {
		old, new := c.schemesByType(c.old.Def), c.schemesByType(c.new.Def)
		for _, typ := range schemeTypes(c.old.Def) {
			a, b := old[typ], new[typ]
			if !a.OK() || !b.OK() {
				continue
			}
			for _, key := range []string{"in", "name", "flow", "authorizationUrl", "tokenUrl"} {
				c.signInText(key, a.Get(key), b.Get(key), a, b)
			}
			var scopes []string
			for s := range b.Get("scopes").Children {
				if b.Get("scopes").Kind() == jsonspan.Object && !a.Get("scopes").Get(s.Key()).OK() {
					scopes = append(scopes, s.Key())
				}
			}
			if len(scopes) > 0 {
				c.add(changeSignIn, Unknown, "scopes", orElse(a.Get("scopes"), a), b.Get("scopes"), "tokens that exist are without: people may have to sign in again", "the sign-in asks for %s too", few(scopes))
			}
		}
	}
	news := c.parametersOf(c.new)
	for i := range c.old.Props.Parameters {
		p := &c.old.Props.Parameters[i]
		q := news[parameterKey(p)]
		if q == nil || !p.OAuth() {
			continue
		}
		a, b := p.Value.Get("oAuthSettings"), q.Value.Get("oAuthSettings")
		for _, key := range []string{"loginUri", "resourceUri", "authorizationUrl", "tokenUrl", "refreshUrl", "authorizationUrlTemplate", "tokenUrlTemplate", "refreshUrlTemplate"} {
			v, w := a.Get("customParameters").Member(key).Get("value"), b.Get("customParameters").Member(key).Get("value")
			if v.Text() != "" && w.Text() != "" {
				c.signInText(key, v, w, a, b)
			}
		}
	}
}

func (c *comparison) signInText(key string, v, w, a, b index.Value) {
	if v.Text() == w.Text() {
		return
	}
	c.add(changeSignIn, Unknown, key, orElse(v, a), orElse(w, b), "what connections hold is for the old one", "%s of the authentication was %s and is %s", key, quoted(v.Text()), quoted(w.Text()))
}

// schemesByType returns the first security scheme of each type.
func (c *comparison) schemesByType(d *index.Definition) map[string]index.Value {
	m := map[string]index.Value{}
	for n := range d.Tree.Children(d.SecurityDefinitions) {
		v := index.Value{File: d.File, Node: n}
		if typ := v.Get("type").Text(); !m[typ].OK() {
			m[typ] = v
		}
	}
	return m
}
