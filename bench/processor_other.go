//go:build !unix

package main

import "time"

var begin = time.Now()

// processorTime is the time of a clock: these systems do not tell it as others do.
func processorTime() time.Duration { return time.Since(begin) }

const processorUnit = "wall"
