package main

import (
	"runtime"
	"runtime/debug"
)

// spareMemory lets garbage lie while there is little of it, as most commands end before it matters, and has it collected sooner than
// is usual once there is much.
func spareMemory() {
	const first, then = 800, 50 // percent of what is in use: 32 MiB of garbage before the first collection, half as much as is in use later
	debug.SetGCPercent(first)
	runtime.AddCleanup(new([64]byte), func(percent int) { debug.SetGCPercent(percent) }, then)
}
