package packager

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/solution"
)

// sample makes a solution zip whose customizations.xml has about size bytes, in the shape that servers
// write: CRLF, two blanks of indent.
func sample(tb testing.TB, size int) (data []byte, inflated int) {
	tb.Helper()
	var x strings.Builder
	line := func(level int, format string, args ...any) {
		x.WriteString(strings.Repeat("  ", level))
		fmt.Fprintf(&x, format, args...)
		x.WriteString("\r\n")
	}
	var roots strings.Builder
	x.WriteString("\xef\xbb\xbf<ImportExportXml xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\r\n")
	line(1, "<Entities>")
	for e := 0; x.Len() < size; e++ {
		fmt.Fprintf(&roots, `<RootComponent type="1" schemaName="cts_table%d" behavior="0" />`, e)
		line(2, "<Entity>")
		line(3, `<Name LocalizedName="Table %d" OriginalName="Table %d">cts_Table%d</Name>`, e, e, e)
		line(3, "<EntityInfo>")
		line(4, `<entity Name="cts_Table%d">`, e)
		line(5, "<attributes>")
		for a := range min(40, size/3000+1) {
			line(6, `<attribute PhysicalName="cts_Column%d_%d">`, e, a)
			for _, f := range []string{"Type", "Name", "LogicalName", "RequiredLevel", "DisplayMask", "ImeMode", "ValidForReadApi", "IsCustomField", "IsAuditEnabled", "IntroducedVersion"} {
				line(7, "<%s>value%d of %s</%s>", f, (e*31+a*7)%997, f, f)
			}
			line(7, "<displaynames>")
			line(8, `<displayname description="Column %d of table %d" languagecode="1033" />`, a, e)
			line(7, "</displaynames>")
			line(6, "</attribute>")
		}
		line(5, "</attributes>")
		line(4, "</entity>")
		line(3, "</EntityInfo>")
		line(3, "<FormXml>")
		line(4, `<forms type="main">`)
		for n := range 2 {
			line(5, "<systemform>")
			line(6, "<formid>{%08d-0000-4000-8000-%012d}</formid>", e, n)
			line(6, "<form>")
			for c := range min(20, size/3000+1) {
				line(7, `<cell id="{%08d-0000-4000-8000-%012d}" showlabel="true" locklevel="0"><control id="cts_column%d" classid="{4273EDBD-AC1D-40d3-9FB2-095C621B552D}" datafieldname="cts_column%d" disabled="false" /></cell>`, c, e, c, c)
			}
			line(6, "</form>")
			line(5, "</systemform>")
		}
		line(4, "</forms>")
		line(3, "</FormXml>")
		line(3, "<SavedQueries />")
		line(3, "<RibbonDiffXml />")
		line(2, "</Entity>")
	}
	line(1, "</Entities>")
	line(1, "<Roles></Roles>")
	line(1, "<Languages>")
	line(2, "<Language>1033</Language>")
	line(1, "</Languages>")
	x.WriteString("</ImportExportXml>")
	custom := x.String()
	manifest := `<ImportExportXml><SolutionManifest><UniqueName>Sample</UniqueName><Version>1.0.0.0</Version><Managed>0</Managed><RootComponents>` +
		roots.String() + `</RootComponents><MissingDependencies /></SolutionManifest></ImportExportXml>`
	types := `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="text/xml" /></Types>`
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, f := range [][2]string{{customizationsPart, custom}, {solutionPart, manifest}, {typesPart, types}} {
		e, err := w.Create(f[0])
		if err == nil {
			_, err = io.WriteString(e, f[1])
		}
		if err != nil {
			tb.Fatal(err)
		}
		inflated += len(f[1])
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return buf.Bytes(), inflated
}

var sizes = []struct {
	name  string
	bytes int
}{{"5kB", 5_000}, {"400kB", 400_000}, {"50MB", 50_000_000}}

func eachSize(b *testing.B, f func(b *testing.B, data []byte, inflated int)) {
	for _, s := range sizes {
		b.Run(s.name, func(b *testing.B) {
			data, inflated := sample(b, s.bytes)
			b.ReportAllocs()
			f(b, data, inflated)
		})
	}
}

func BenchmarkUnpack(b *testing.B) {
	eachSize(b, func(b *testing.B, data []byte, inflated int) {
		b.SetBytes(int64(inflated))
		for b.Loop() {
			tree := unpackBytes(b, data)
			for _, name := range tree.Names() {
				if _, err := tree.ReadFile(name); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

func BenchmarkInflateOnly(b *testing.B) {
	eachSize(b, func(b *testing.B, data []byte, inflated int) {
		b.SetBytes(int64(inflated))
		for b.Loop() {
			zr, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				b.Fatal(err)
			}
			for _, f := range zr.File {
				r, err := f.Open()
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, r); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

func BenchmarkPack(b *testing.B) {
	for _, level := range []int{1, 5, 6} {
		b.Run(fmt.Sprintf("level%d", level), func(b *testing.B) {
			eachSize(b, func(b *testing.B, data []byte, inflated int) {
				tree := unpackBytes(b, data)
				b.SetBytes(int64(inflated))
				for b.Loop() {
					if _, err := Pack(io.Discard, tree, &PackOptions{Level: level, Workers: 1}); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// BenchmarkDeflateOnly compresses the same bytes as BenchmarkPack, for the ratio of the two.
func BenchmarkDeflateOnly(b *testing.B) {
	for _, level := range []int{1, 5, 6} {
		b.Run(fmt.Sprintf("level%d", level), func(b *testing.B) {
			eachSize(b, func(b *testing.B, data []byte, inflated int) {
				var packed bytes.Buffer
				if _, err := Pack(&packed, unpackBytes(b, data), nil); err != nil {
					b.Fatal(err)
				}
				entries := zipEntries(b, packed.Bytes())
				w, err := flate.NewWriter(io.Discard, level)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(inflated))
				for b.Loop() {
					for _, data := range entries {
						w.Reset(io.Discard)
						if _, err := w.Write(data); err != nil {
							b.Fatal(err)
						}
						if err := w.Close(); err != nil {
							b.Fatal(err)
						}
					}
				}
			})
		})
	}
}

func BenchmarkRewrite(b *testing.B) {
	eachSize(b, func(b *testing.B, data []byte, _ int) {
		pkg, err := Open(bytes.NewReader(data), int64(len(data)), nil)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			if err := Rewrite(io.Discard, pkg, versionChange(b, pkg, solution.Version{Major: 2})); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkDigest(b *testing.B) {
	eachSize(b, func(b *testing.B, data []byte, inflated int) {
		tree := unpackBytes(b, data)
		b.SetBytes(int64(inflated))
		for b.Loop() {
			if _, err := tree.Digest(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
