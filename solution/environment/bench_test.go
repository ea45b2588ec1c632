package environment_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/solution/environment"
)

// BenchmarkJoin reads and joins a list of 20,000 components of 200 solutions.
func BenchmarkJoin(b *testing.B) {
	var solutions, rows []string
	for i := range 200 {
		solutions = append(solutions, fmt.Sprintf(`{"uniquename": "Fabrikam%d", "version": "1.0", "solutionid": "00000000-0000-0000-0000-%012x"}`, i, i+1))
	}
	for i := range 20000 {
		rows = append(rows, fmt.Sprintf(`{"msdyn_solutionid": "00000000-0000-0000-0000-%012x", "msdyn_componenttype": 29, "msdyn_objectid": "00000000-0000-0000-0001-%012x", "msdyn_name": "Flow %d", "msdyn_ismanaged": "true", "msdyn_hasactivecustomization": true}`, i%200+1, i, i))
	}
	list, components := []byte("["+strings.Join(solutions, ",")+"]"), []byte(`{"value": [`+strings.Join(rows, ",\n")+"]}")
	b.SetBytes(int64(len(list) + len(components)))
	b.ReportAllocs()
	for b.Loop() {
		first, err := environment.Read(list, "list.json")
		if err != nil {
			b.Fatal(err)
		}
		second, err := environment.Read(components, "components.json")
		if err != nil {
			b.Fatal(err)
		}
		if env, found := environment.Join(first, second); len(env.Solutions) != 200 || len(env.UnmanagedLayers) != 20000 || len(found) > 0 {
			b.Fatal(len(env.Solutions), len(env.UnmanagedLayers), found)
		}
	}
}
