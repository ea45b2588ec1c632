package main

import (
	"runtime"
	"time"
)

// A job is work on the bytes of a group. The first job of a group is the limit that the others are held against.
type job struct {
	name string
	ours bool
	run  func() error
}

// A group are jobs on the same bytes.
type group struct {
	name  string
	bytes int
	jobs  []job
}

// A cost is what one run of a job takes.
type cost struct {
	processor, wall time.Duration // processor is of all threads, those that collect garbage included
	bytes, objects  uint64        // allocated
}

// leastRound is how long a job is repeated.
const leastRound = 100 * time.Millisecond

// costOf runs a job until it took long enough, and returns the mean.
func costOf(run func() error) (cost, error) {
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start, used := time.Now(), processorTime()
	n := 0
	for n == 0 || processorTime()-used < leastRound {
		if err := run(); err != nil {
			return cost{}, err
		}
		n++
	}
	c := cost{wall: time.Since(start) / time.Duration(n), processor: (processorTime() - used) / time.Duration(n)}
	runtime.ReadMemStats(&after)
	c.bytes, c.objects = (after.TotalAlloc-before.TotalAlloc)/uint64(n), (after.Mallocs-before.Mallocs)/uint64(n)
	return c, nil
}

// slow is how long a run may take before a job is run once.
const slow = 5 * time.Second

// measure runs all jobs of a group by turns, as a machine is not equally fast at all times, and keeps the best of each.
func measure(g group, rounds int) ([]cost, error) {
	best := make([]cost, len(g.jobs))
	for round := range rounds {
		for i, j := range g.jobs {
			if round > 0 && best[i].wall > slow {
				continue
			}
			c, err := costOf(j.run)
			if err != nil {
				return nil, &jobError{g.name, j.name, err}
			}
			if round == 0 || c.processor < best[i].processor {
				best[i] = c
			}
		}
	}
	return best, nil
}

type jobError struct {
	group, job string
	err        error
}

func (e *jobError) Error() string { return e.group + ": " + e.job + ": " + e.err.Error() }
func (e *jobError) Unwrap() error { return e.err }
