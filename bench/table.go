package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"
)

// A table is rows, of which the first says what the columns are called.
type table struct {
	right []bool // columns of numbers
	rows  [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) write(w io.Writer, markdown bool) error {
	if !markdown {
		tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, row := range t.rows {
			fmt.Fprintln(tw, strings.Join(row, "\t"))
		}
		return tw.Flush()
	}
	for i, row := range t.rows {
		fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | "))
		if i == 0 {
			for _, right := range t.right {
				fmt.Fprint(w, map[bool]string{false: "|---", true: "|--:"}[right])
			}
			fmt.Fprintln(w, "|")
		}
	}
	_, err := fmt.Fprintln(w)
	return err
}

// machine says where and when the figures are from.
func machine(now time.Time) string {
	return fmt.Sprintf("%s, %s/%s, %d processors%s, %s", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), processorModel(), now.Format(time.DateOnly))
}

// processorModel is known on Linux alone.
func processorModel() string {
	list, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(list)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return " (" + strings.TrimSpace(value) + ")"
		}
	}
	return ""
}

// A figure is written with three digits.
func figure(f float64) string {
	switch {
	case f >= 100:
		return fmt.Sprintf("%.0f", f)
	case f >= 10:
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.2f", f)
}

func milliseconds(d time.Duration) string { return figure(d.Seconds() * 1e3) }

func megabytes(n uint64) string { return figure(float64(n) / 1e6) }

// speed is in MB/s.
func speed(n int, d time.Duration) string { return figure(float64(n) / 1e6 / max(d.Seconds(), 1e-9)) }

// addRows adds a row for each job of a group.
func (t *table) addRows(g group, costs []cost) {
	for i, j := range g.jobs {
		c, name := costs[i], j.name
		if j.ours {
			name = "**" + name + "**"
		}
		what := ""
		if i == 0 {
			what = fmt.Sprintf("%s, %s MB", g.name, megabytes(uint64(g.bytes)))
		}
		ratio := figure(float64(c.processor) / float64(max(costs[0].processor, 1)))
		t.add(what, name, milliseconds(c.processor), milliseconds(c.wall), speed(g.bytes, c.processor), ratio, megabytes(c.bytes), fmt.Sprint(c.objects))
	}
}

func newFigures() *table {
	t := &table{right: []bool{false, false, true, true, true, true, true, true}}
	t.add("what", "by", processorUnit+", ms", "wall, ms", "MB/s", "× first", "MB allocated", "objects")
	return t
}
