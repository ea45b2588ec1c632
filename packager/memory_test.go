package packager_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/plan"
)

var bombShapes = flag.String("shapes", "", "the shapes of TestPeakMemory to try, an expression; empty: all")

var bombBytes = flag.Int("bombbytes", 0, "how many bytes are in the zips of TestPeakMemory; 0: some")

var keepBombs = flag.String("bombs", "", "write the zips of TestPeakMemory into this folder")

const bombManifest = `<?xml version="1.0" encoding="utf-8"?><ImportExportXml><SolutionManifest><UniqueName>bomb</UniqueName><LocalizedNames /><Descriptions /><Version>1.0.0.0</Version><Managed>0</Managed>` +
	`<Publisher><UniqueName>pub</UniqueName><CustomizationPrefix>pub</CustomizationPrefix></Publisher><RootComponents>%s</RootComponents><MissingDependencies>%s</MissingDependencies></SolutionManifest></ImportExportXml>`

const bombTypes = `<?xml version="1.0" encoding="utf-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="text/xml" /><Default Extension="json" ContentType="application/json" /></Types>`

// A bomb is a small zip that becomes large. Its parts are made when it is its turn, as the collector waits until the heap is twice
// what is in use.
type bomb struct {
	name  string
	parts func() map[string]string
	names []string // of empty entries
}

// bombOf has customizations of about size bytes: head, as much of body as fits, tail. "#" in body is a number.
func bombOf(name string, size int, head, body, tail string) bomb {
	return bomb{name: name, parts: func() map[string]string {
		var b strings.Builder
		b.Grow(size + len(body))
		b.WriteString("<ImportExportXml>" + head)
		for n := 0; b.Len() < size; n++ {
			if strings.Contains(body, "#") && !strings.Contains(body, "&#") {
				b.WriteString(strings.ReplaceAll(body, "#", fmt.Sprint(n)))
			} else {
				b.WriteString(body)
			}
		}
		b.WriteString(tail + "</ImportExportXml>")
		return map[string]string{"customizations.xml": b.String()}
	}}
}

func bombs(size int) []bomb {
	deep := func(n int, name string) (open, end string) {
		return strings.Repeat("<"+name+">", n), strings.Repeat("</"+name+">", n)
	}
	open, end := deep(500, "a")
	openLong, endLong := deep(300, strings.Repeat("n", 500))
	long := strings.Repeat("N", 1<<20)
	attrs := func(format string, n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	with := func(name, file string, text func() string) bomb {
		b := bombOf(name, 0, "", "", "")
		parts := b.parts
		b.parts = func() map[string]string {
			all := parts()
			all[file] = text()
			return all
		}
		return b
	}
	wide := func(b bomb) bomb {
		b.name += ", UTF-16"
		parts := b.parts
		b.parts = func() map[string]string {
			all := parts()
			out := []byte{0xFF, 0xFE}
			for _, u := range utf16.Encode([]rune(all["customizations.xml"])) {
				out = binary.LittleEndian.AppendUint16(out, u)
			}
			all["customizations.xml"] = string(out)
			return all
		}
		return b
	}
	flow := func(item string) func() string {
		return func() string {
			return `{"properties":{"connectionReferences":{},"definition":{"parameters":{},"actions":{` + strings.TrimSuffix(strings.Repeat(item+",", size/(len(item)+1)), ",") + `}}}}`
		}
	}
	list := []bomb{
		bombOf("sections", size, "", "<a/>", ""),
		bombOf("sections with space", size, "", "<a                     />", ""),
		bombOf("siblings with space", size, "<Foo>", "<a                         />", "</Foo>"),
		bombOf("siblings in roles", size, "<Roles>", "<Role                      />", "</Roles>"),
		bombOf("named siblings", size, "<Foo>", "<a Name='n#'        />", "</Foo>"),
		bombOf("columns", size, "<Entities><Entity><Name>a</Name><EntityInfo><entity><attributes>", "<attribute PhysicalName='c#'/>", "</attributes></entity></EntityInfo></Entity></Entities>"),
		bombOf("ribbons of a long name", size, "<Entities><Entity><Name>"+long+"</Name>", "<RibbonDiffXml                />", "</Entity></Entities>"),
		bombOf("tables", size, "<Entities>", "<Entity><Name>pub_t#</Name></Entity>", "</Entities>"),
		bombOf("forms that are none", size, "<Entities><Entity><Name>a</Name><FormXml><forms type='main'><systemform/>", "<x                       />", "</forms></FormXml></Entity></Entities>"),
		bombOf("relationships", size, "<EntityRelationships>", "<EntityRelationship Name='r#'/>", "</EntityRelationships>"),
		bombOf("privileges", size, "<Roles><Role name='r' id='{0a1b2c3d-0000-4000-8000-000000000001}'><RolePrivileges>", "\r\n        <RolePrivilege name=\"prvReadpub_table#\" level=\"Global\" />", "</RolePrivileges></Role></Roles>"),
		bombOf("references", size, "<AppModuleSiteMaps><AppModuleSiteMap><SiteMap>", "<SubArea Entity='a'      />", "</SiteMap></AppModuleSiteMap></AppModuleSiteMaps>"),
		bombOf("references of web resources", size, "<SiteMap>", "<A "+attrs("a%d='$webresource:x' ", 500)+"/>", "</SiteMap>"),
		bombOf("attributes", size, "<Foo>", "<a "+attrs("a%d='' ", 500)+"/>", "</Foo>"),
		bombOf("attributes of one tag", size, "<Foo><a ", "a#='' ", "/></Foo>"),
		bombOf("depth", size, "", "<a>", ""),
		bombOf("deep siblings with space", size, open, "<b                         />", end),
		bombOf("deep references of long names", size, "<SiteMap>"+openLong, "<SubArea Entity='a'      />", endLong+"</SiteMap>"),
		bombOf("text", size, "<Foo>", "text ", "</Foo>"),
		bombOf("lines", size, "<Foo>", "\r\n", "</Foo>"),
		bombOf("long names", size, "<Foo>", "<"+strings.Repeat("n", 500)+"#/>", "</Foo>"),
		bombOf("a name", size, "<", "n", "/>"),
		bombOf("character references", size, "<Foo>", "&#13;", "</Foo>"),
		bombOf("entities", size, "<Foo><a b='", "&lt;", "'/></Foo>"),
		bombOf("comments with space", size, "<Foo>", "<!--                      -->", "</Foo>"),
		bombOf("text in pieces", size, "<Foo><a><Name>", "x<!--                                            -->", "</Name></a></Foo>"),
		bombOf("instructions", size, "", "<?a                       ?>", ""),
		bombOf("CDATA", size, "<Foo><a><![CDATA[", "<&>", "]]></a></Foo>"),
		bombOf("namespaces", size, "<Foo>", "<a xmlns:p#='urn:p#'     />", "</Foo>"),
		wide(bombOf("siblings with space", size/2, "<Foo>", "<a                         />", "</Foo>")),
		wide(bombOf("Chinese text", size/2-size/6, "<Foo><a>", "\u4e2d\u6587", "</a></Foo>")),
		with("root components", "solution.xml", func() string {
			return fmt.Sprintf(bombManifest, attrs("<RootComponent type='1' schemaName='a%d' />", size/50), "")
		}),
		with("dependencies", "solution.xml", func() string {
			return fmt.Sprintf(bombManifest, "", attrs("<MissingDependency><Required type='1' schemaName='a%d' /></MissingDependency>", size/80))
		}),
		with("actions of a flow", "Workflows/f-0A1B2C3D-0000-4000-8000-000000000001.json", flow(`"a":1`)),
		with("actions of a flow with space", "Workflows/f-0A1B2C3D-0000-4000-8000-000000000001.json", flow(`"a":      {}`)),
		with("links", "Assets/links.xml", func() string { return "<l>" + strings.Repeat("<a                       />", size/27) + "</l>" }),
	}
	entries := bombOf("entries", 0, "", "", "")
	for i := range 20_000 {
		entries.names = append(entries.names, fmt.Sprintf("Other/folder%d/e.xml", i))
	}
	list = append(list, entries)
	return list
}

// zip returns the zip, and how much is in it.
func (b bomb) zip(t *testing.T) (data []byte, inflated uint64) {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	put := func(name, text string) {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	parts := map[string]string{"solution.xml": fmt.Sprintf(bombManifest, "", ""), "[Content_Types].xml": bombTypes}
	for name, text := range b.parts() {
		parts[name] = text
		inflated += uint64(len(text))
	}
	for name, text := range parts {
		put(name, text)
	}
	for _, name := range b.names {
		put(name, "")
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes(), inflated
}

// peakOf runs f and returns by how much the heap grew meanwhile, garbage included, as often as that can be seen. How much garbage there
// may be is what programs have that say nothing of it.
func peakOf(f func()) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	read := func() uint64 { metrics.Read(heap); return heap[0].Value.Uint64() }
	runtime.GC()
	before := read()
	stop, peak := make(chan bool), make(chan uint64)
	go func() {
		top := before
		for tick := time.NewTicker(500 * time.Microsecond); ; {
			top = max(top, read())
			select {
			case <-stop:
				tick.Stop()
				peak <- top - before
				return
			case <-tick.C:
			}
		}
	}()
	f()
	stop <- true
	return <-peak
}

// TestPeakMemory opens small zips that become large, in all ways of reading a solution, and holds the memory that each takes to
// six times what is in the zip, besides a fixed amount.
func TestPeakMemory(t *testing.T) {
	size, fixed := 2<<20, uint64(32<<20)
	if testing.Short() {
		size = 1 << 20
	}
	readers := []struct {
		name string
		read func(p *packager.Package) error
	}{
		{"unpack", func(p *packager.Package) error { _, err := unpackAll(p); return err }},
		{"pack", func(p *packager.Package) error {
			tree, err := packager.Unpack(p, nil)
			if err != nil {
				return err
			}
			var discard countingWriter
			_, err = packager.Pack(&discard, tree, nil)
			return err
		}},
		{"check", func(p *packager.Package) error { _, err := content.Check(p, nil); return err }},
		{"plan", func(p *packager.Package) error { _, err := plan.Read(p, nil); return err }},
	}
	var table strings.Builder
	fmt.Fprintf(&table, "%-34s %9s %9s", "shape", "zip kB", "in it kB")
	for _, r := range readers {
		fmt.Fprintf(&table, " %9s", r.name)
	}
	table.WriteString("   (peak kB, ratio, * for ErrLimit, ! for another error)\n")
	if *bombBytes > 0 {
		size = *bombBytes
	}
	shapes := regexp.MustCompile(*bombShapes)
	for _, b := range bombs(size) {
		if !shapes.MatchString(b.name) {
			continue
		}
		data, inflated := b.zip(t)
		if *keepBombs != "" {
			if err := os.WriteFile(filepath.Join(*keepBombs, strings.NewReplacer(" ", "-", ",", "").Replace(b.name)+".zip"), data, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		fmt.Fprintf(&table, "%-34s %9d %9d", b.name, len(data)>>10, inflated>>10)
		for _, r := range readers {
			var err error
			peak := peakOf(func() {
				var p *packager.Package
				if p, err = packager.Open(bytes.NewReader(data), int64(len(data)), nil); err == nil {
					err = r.read(p)
				}
			})
			mark := " "
			var failed *packager.Error
			switch {
			case errors.Is(err, packager.ErrLimit):
				mark = "*"
			case err != nil:
				mark = "!"
				if !errors.As(err, &failed) && !errors.As(err, new(*solution.SyntaxError)) {
					t.Errorf("%s, %s: untyped error %v", b.name, r.name, err)
				}
			}
			fmt.Fprintf(&table, " %6d%s%4.1f", peak>>10, mark, float64(peak)/float64(inflated+1))
			if most := 6*inflated + fixed + 4*uint64(len(data)) + 6<<10*uint64(len(b.names)); peak > most {
				t.Errorf("%s, %s: %d kB for a zip of %d kB with %d kB in it, more than %d kB (%v)", b.name, r.name, peak>>10, len(data)>>10, inflated>>10, most>>10, err)
			}
		}
		table.WriteByte('\n')
	}
	t.Log("\n" + table.String())
}

// unpackAll makes every file of the tree, one after the other.
func unpackAll(p *packager.Package) (int, error) {
	tree, err := packager.Unpack(p, nil)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, name := range tree.Names() {
		data, err := fs.ReadFile(tree, name)
		if err != nil {
			return 0, err
		}
		n += len(data)
	}
	return n, nil
}

type countingWriter struct{ n int64 }

func (w *countingWriter) Write(p []byte) (int, error) { w.n += int64(len(p)); return len(p), nil }
