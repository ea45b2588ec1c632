// Bench prints what the library costs: the time, speed and memory of its jobs, beside the least that must be done to the same bytes
// (to copy, inflate or deflate them), and beside other packages that read the same formats.
//
//	go run . [-size MB] [-best N] [-only TEXT] [-growth] [-markdown] [-tool COMMAND] [ZIP [ZIP]]
//
// The input is a solution that it makes, or the zip; a second one is what the first became. It is a module of its own, so that what
// it compares with is no dependency of the library.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/packager"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	size := flags.Float64("size", 16, "how many `MB` of customizations.xml the sample has; a definition has a fortieth of it, 0.9 MB at most")
	best := flags.Int("best", 3, "how many rounds are run, of which the best counts")
	only := flags.String("only", "", "run the groups and jobs with this `text` in their names alone, and what they are held against")
	grows := flags.Bool("growth", false, "measure the library at four sizes, the given one, and 2, 4 and 8 times as much")
	markdown := flags.Bool("markdown", false, "print tables in Markdown")
	tool := flags.String("tool", "", "a `command` that starts the reference tool, such as \"mono SolutionPackager.exe\"")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *size <= 0 || *best < 1 || flags.NArg() > 2 || *grows && flags.NArg() > 0 {
		return fmt.Errorf("-size and -best are above 0; there are two zips at most, and none with -growth")
	}
	bytes := int(*size * 1e6)
	chosen := func(g group, j job) bool { return strings.Contains(g.name+": "+j.name, *only) }
	fmt.Fprintf(out, "%s. Best of %d.\n\n", machine(time.Now()), *best)
	if *grows {
		t, err := growth(bytes, *best, chosen)
		if err != nil {
			return err
		}
		return t.write(out, *markdown)
	}
	list, first, err := groupsOf(bytes, flags.Args())
	if err != nil {
		return err
	}
	if *tool != "" {
		dir, err := os.MkdirTemp("", "bench")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		if err := withTool(list, first, *tool, dir); err != nil {
			return err
		}
	}
	t := newFigures()
	for _, g := range list {
		jobs := g.jobs[:1:1]
		for _, j := range g.jobs[1:] {
			if chosen(g, j) {
				jobs = append(jobs, j)
			}
		}
		if len(jobs) == 1 {
			continue
		}
		g.jobs = jobs
		costs, err := measure(g, *best)
		if err != nil {
			return err
		}
		t.addRows(g, costs)
	}
	return t.write(out, *markdown)
}

// groupsOf are the groups of a sample, or of zips.
func groupsOf(size int, zips []string) ([]group, *archive, error) {
	if len(zips) == 0 {
		s, err := newSample(size)
		if err != nil {
			return nil, nil, err
		}
		return s.groups()
	}
	var open []*archive
	for _, name := range zips {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, nil, err
		}
		a, err := openArchive(data)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		open = append(open, a)
	}
	definition, err := largestDefinition(open[0].zip)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", zips[0], err)
	}
	return groups(open[0], append(open, nil)[1], definition), open[0], nil
}

// largestDefinition is that of the connector which has most of one; nil if there are no connectors.
func largestDefinition(zip []byte) ([]byte, error) {
	p, err := packager.Open(bytes.NewReader(zip), int64(len(zip)), nil)
	if err != nil {
		return nil, err
	}
	list, err := connector.Read(p)
	var largest []byte
	for _, c := range list {
		if d := c.Definition(); len(d) > len(largest) {
			largest = d
		}
	}
	return largest, err
}

func (s *sample) groups() ([]group, *archive, error) {
	old, err := openArchive(s.old)
	if err != nil {
		return nil, nil, err
	}
	next, err := openArchive(s.new)
	if err != nil {
		return nil, nil, err
	}
	return groups(old, next, s.definition), old, nil
}

func sampleGroups(size int) ([]group, error) {
	s, err := newSample(size)
	if err != nil {
		return nil, err
	}
	list, _, err := s.groups()
	return list, err
}
