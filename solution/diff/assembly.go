package diff

import (
	"github.com/solutionkit/solutionkit/internal/assembly"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// The steps of paths below a DLL, one for each part of the identity of an assembly.
const (
	stepAssemblyName    = "AssemblyName"
	stepAssemblyVersion = "AssemblyVersion"
	stepCulture         = "Culture"
	stepPublicKeyToken  = "PublicKeyToken"
	stepModuleVersionID = "ModuleVersionId"
	stepBytes           = "bytes"
)

// assembly compares two DLLs by what they call themselves. What their code does nobody looks at; which classes are plug-ins stands in
// customizations.xml. It reports whether both are assemblies.
func (c *comparer) assembly(old, new []byte, oldAt, newAt diag.Location) bool {
	a, errA := assembly.Read(old)
	b, errB := assembly.Read(new)
	if errA != nil || errB != nil {
		return false
	}
	same := true
	for _, x := range []struct{ step, old, new string }{
		{stepAssemblyName, a.Name, b.Name},
		{stepAssemblyVersion, a.Version, b.Version},
		{stepCulture, a.Culture, b.Culture},
		{stepPublicKeyToken, a.PublicKeyToken, b.PublicKeyToken},
		{stepModuleVersionID, a.ModuleVersionID, b.ModuleVersionID},
	} {
		if x.old == x.new {
			continue
		}
		same = false
		c.push(x.step, "")
		c.add(Changed, "", x.old, x.new, oldAt, newAt)
		c.pop()
	}
	if same {
		c.push(stepBytes, "")
		c.add(Changed, "", size(old), size(new), oldAt, newAt)
		c.pop()
	}
	return true
}

// anotherAssembly reports whether versions of an assembly differ in major or minor version: then the platform takes the newer for
// another assembly, beside the older.
func anotherAssembly(p *Property) bool {
	return majorMinor(p.Old) != majorMinor(p.New)
}

// majorMinor returns the first two numbers of a version.
func majorMinor(version string) string {
	dots := 0
	for i := range len(version) {
		if version[i] == '.' {
			if dots++; dots == 2 {
				return version[:i]
			}
		}
	}
	return version
}
