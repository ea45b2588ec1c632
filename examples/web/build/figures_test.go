package main

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// collection has real solutions, where it is there.
const collection = "../../../../shared/corpus/solutions"

// BenchmarkPage tells when the page shows what, in milliseconds since it was opened or a file was chosen; how much of the processor its process
// took for that, which depends less on what else the machine does; and how much memory it had at most. Each round starts a browser.
func BenchmarkPage(b *testing.B) {
	f := newFolder(b)
	files := map[string]string{"sample": "", "made of 5 MB": f.file(b, "large.zip", solutiontest.Zip(b, large(6_600_000)))}
	if largest := largestOf(b); largest != "" {
		files["largest of the collection"] = largest
	}
	for name, file := range files {
		b.Run(name, func(b *testing.B) {
			sum := map[string]float64{}
			for range b.N {
				for what, value := range f.figures(b, file) {
					sum[what] += value
				}
			}
			for what, value := range sum {
				b.ReportMetric(value/float64(b.N), what)
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

func (f folder) figures(b *testing.B, file string) map[string]float64 {
	p := startBrowser(b, f.address())
	p.waitText("#status", "Ready")
	number := func(expression string) float64 {
		n, ok := p.eval(expression).(float64)
		if !ok {
			b.Fatalf("%s is no number", expression)
		}
		return n
	}
	out := map[string]float64{
		"paint-ms": number("performance.getEntriesByName('first-contentful-paint')[0].startTime"),
		"ready-ms": number("Number(document.documentElement.dataset.ready)"),
	}
	before := p.process()
	out["idle-MiB"] = before.peak
	if file == "" {
		p.click("#sample")
	} else {
		p.choose("#files", file)
	}
	p.wait("document.documentElement.dataset.checked")
	p.idle()
	checked := p.process()
	out["checked-cpu-ms"] = checked.cpu - before.cpu
	for what, name := range map[string]string{"listed-ms": "listed", "shown-ms": "summarised", "checked-ms": "checked"} {
		out[what] = number("Number(document.documentElement.dataset." + name + ")")
	}
	began := number("performance.now()")
	p.tab("inventory")
	out["inventory-ms"] = number("performance.now()") - began
	after := p.process()
	out["inventory-cpu-ms"] = after.cpu - checked.cpu
	out["peak-MiB"] = after.peak
	return out
}

// A process is what the system tells of that of the page: the most memory that it had in MiB, and milliseconds of the processor. Both are 0
// where nothing is told.
type process struct{ peak, cpu float64 }

func (p *browser) process() process {
	var info struct {
		ProcessInfo []struct {
			Type    string
			ID      int
			CPUTime float64 // in seconds
		}
	}
	p.call("", "SystemInfo.getProcessInfo", nil, &info)
	var out process
	for _, x := range info.ProcessInfo {
		if x.Type != "renderer" {
			continue
		}
		out.cpu += x.CPUTime * 1000
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", x.ID))
		if err != nil {
			continue
		}
		if m := regexp.MustCompile(`VmHWM:\s*(\d+) kB`).FindSubmatch(status); m != nil {
			kib, _ := strconv.Atoi(string(m[1])) // digits
			out.peak = max(out.peak, float64(kib)/1024)
		}
	}
	return out
}

func largestOf(b *testing.B) string {
	var largest string
	var most int64
	err := filepath.WalkDir(collection, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.Name() != "input.zip" {
			return err
		}
		info, err := e.Info()
		if err == nil && info.Size() > most {
			largest, most = name, info.Size()
		}
		return err
	})
	if err != nil {
		b.Logf("skipped the collection: %v", err)
		return ""
	}
	b.Logf("the largest of the collection has %d bytes", most)
	largest, err = filepath.Abs(largest)
	if err != nil {
		b.Fatal(err)
	}
	return largest
}

// large is a solution of 200 tables, and a file of so many bytes that compression makes a quarter smaller.
func large(size int) string {
	var b strings.Builder
	b.WriteString("solution ContosoLarge 1.0.0.0\n")
	for i := range 200 {
		fmt.Fprintf(&b, "entity ct_t%d\n", i)
		for k := range 10 {
			fmt.Fprintf(&b, "attribute ct_t%d.ct_c%d\n", i, k)
		}
	}
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, size) // of six bits each
	for i := range noise {
		noise[i] = letters[random.IntN(len(letters))]
	}
	fmt.Fprintf(&b, "webresource ct_/large.js text=\"%s\"\n", noise)
	return b.String()
}
