package solution

import "sync"

// shared are parts whose manifest and customizations are parsed once.
type shared struct {
	Parts
	manifest       func() (*Manifest, error)
	customizations func() (*Customizations, error)
}

// Shared returns the parts of p for several readers: what [ReadManifest] and [ReadCustomizations] make of them is made once, when it is
// asked for first, and kept as long as the parts are.
func Shared(p Parts) Parts {
	if _, ok := p.(*shared); ok {
		return p
	}
	return &shared{
		Parts:          p,
		manifest:       sync.OnceValues(func() (*Manifest, error) { return ReadManifest(p) }),
		customizations: sync.OnceValues(func() (*Customizations, error) { return readCustomizations(p, true) }),
	}
}
