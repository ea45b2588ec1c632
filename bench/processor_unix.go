//go:build unix

package main

import (
	"syscall"
	"time"
)

// processorTime is what this program and the programs that it ran took of processors, for the system's work too: how
// systems tell the two apart is coarse, and memory that is asked for costs both.
func processorTime() time.Duration {
	var sum time.Duration
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if err := syscall.Getrusage(who, &u); err != nil {
			panic(err) // there is no other error than a wrong who
		}
		sum += time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	return sum
}

const processorUnit = "CPU"
