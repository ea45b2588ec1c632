package xmlspan

import (
	"bytes"
	"fmt"
	"testing"
)

// export returns about size bytes in the shape of a customizations.xml that a server writes: indented, CR LF,
// short texts, labels beyond ASCII, forms with long attribute lists, and now and then a text with references.
func export(size int) []byte {
	var b bytes.Buffer
	b.Grow(size + 1<<13)
	b.WriteString(Header)
	b.WriteString("\r\n<ImportExportXml xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\r\n  <Entities>\r\n")
	for n := 0; b.Len() < size; n++ {
		fmt.Fprintf(&b, "    <Entity>\r\n      <Name LocalizedName=\"Table %d\" OriginalName=\"Table %d\">sample_table%d</Name>\r\n", n, n, n)
		fmt.Fprintf(&b, "      <EntityInfo>\r\n        <entity Name=\"sample_table%d\">\r\n          <attributes>\r\n", n)
		for a := range 20 {
			fmt.Fprintf(&b, "            <attribute PhysicalName=\"sample_Column%d\">\r\n", a)
			fmt.Fprintf(&b, "              <Type>nvarchar</Type>\r\n              <Name>sample_column%d</Name>\r\n", a)
			b.WriteString("              <RequiredLevel>none</RequiredLevel>\r\n" +
				"              <DisplayMask>ValidForAdvancedFind|ValidForForm|ValidForGrid</DisplayMask>\r\n" +
				"              <ImeMode>auto</ImeMode>\r\n              <ValidForUpdateApi>1</ValidForUpdateApi>\r\n" +
				"              <IsCustomField>1</IsCustomField>\r\n              <IntroducedVersion>1.0.0.0</IntroducedVersion>\r\n" +
				"              <displaynames>\r\n")
			fmt.Fprintf(&b, "                <displayname description=\"Straße %d\" languagecode=\"1031\" />\r\n", a)
			b.WriteString("              </displaynames>\r\n              <Descriptions></Descriptions>\r\n            </attribute>\r\n")
		}
		b.WriteString("          </attributes>\r\n        </entity>\r\n      </EntityInfo>\r\n      <FormXml>\r\n        <forms type=\"main\">\r\n")
		for c := range 10 {
			fmt.Fprintf(&b, "          <cell id=\"{0a1b2c3d-0000-4000-8000-%012d}\" showlabel=\"true\" locklevel=\"0\" rowspan=\"1\">\r\n", c)
			fmt.Fprintf(&b, "            <control id=\"sample_column%d\" classid=\"{4273EDBD-AC1D-40d3-9FB2-095C621B552D}\" datafieldname=\"sample_column%d\" disabled=\"false\" />\r\n", c, c)
			b.WriteString("          </cell>\r\n")
		}
		b.WriteString("        </forms>\r\n      </FormXml>\r\n" +
			"      <fetchxml>&lt;filter&gt;&lt;condition attribute=\"statecode\" operator=\"eq\" value=\"0\" /&gt;&lt;/filter&gt;</fetchxml>\r\n    </Entity>\r\n")
	}
	b.WriteString("  </Entities>\r\n</ImportExportXml>")
	return b.Bytes()
}

const benchSize = 50 << 20

func BenchmarkScan(b *testing.B) {
	src := export(benchSize)
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		s := NewScanner(src, nil)
		for s.Next() {
		}
		if s.Err() != nil {
			b.Fatal(s.Err())
		}
	}
}

func BenchmarkParse(b *testing.B) {
	src := export(benchSize)
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(src, 3, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkInvalidChar is the check of characters alone, the part of a scan that sees every byte.
func BenchmarkInvalidChar(b *testing.B) {
	src := export(benchSize)
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if at, _ := invalidChar(src); at >= 0 {
			b.Fatal(at)
		}
	}
}

// BenchmarkAppend rewrites what a server wrote, with the newlines changed and with them kept.
func BenchmarkAppend(b *testing.B) {
	src := export(benchSize)
	d, err := Parse(src, 0, nil)
	if err != nil {
		b.Fatal(err)
	}
	for _, newline := range []string{"\n", "\r\n"} {
		b.Run(fmt.Sprintf("%q", newline), func(b *testing.B) {
			f := &Format{Newline: newline}
			var dst []byte
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				dst = f.AppendDocument(dst[:0], d, false)
			}
			if newline == "\r\n" && !bytes.Equal(dst, src) {
				b.Fatal("a file in the dialect changed")
			}
		})
	}
}

// BenchmarkAttrs reads one attribute of every element.
func BenchmarkAttrs(b *testing.B) {
	src := export(1 << 20)
	d, err := Parse(src, 6, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		found := 0
		for i := range d.Nodes {
			if _, ok := d.Attr(int32(i), "id"); ok {
				found++
			}
		}
		if found == 0 {
			b.Fatal("no attribute found")
		}
	}
}
