package packager

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// resxHead begins the root of a resource file of .NET: the schema and the headers that every such file has. Writers of .NET on
// Windows put a comment in front of it, and those of others do not; neither is read.
const resxHead = `<root>
  <xsd:schema id="root" xmlns="" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:msdata="urn:schemas-microsoft-com:xml-msdata">
    <xsd:import namespace="http://www.w3.org/XML/1998/namespace" />
    <xsd:element name="root" msdata:IsDataSet="true">
      <xsd:complexType>
        <xsd:choice maxOccurs="unbounded">
          <xsd:element name="metadata">
            <xsd:complexType>
              <xsd:sequence>
                <xsd:element name="value" type="xsd:string" minOccurs="0" />
              </xsd:sequence>
              <xsd:attribute name="name" use="required" type="xsd:string" />
              <xsd:attribute name="type" type="xsd:string" />
              <xsd:attribute name="mimetype" type="xsd:string" />
              <xsd:attribute ref="xml:space" />
            </xsd:complexType>
          </xsd:element>
          <xsd:element name="assembly">
            <xsd:complexType>
              <xsd:attribute name="alias" type="xsd:string" />
              <xsd:attribute name="name" type="xsd:string" />
            </xsd:complexType>
          </xsd:element>
          <xsd:element name="data">
            <xsd:complexType>
              <xsd:sequence>
                <xsd:element name="value" type="xsd:string" minOccurs="0" msdata:Ordinal="1" />
                <xsd:element name="comment" type="xsd:string" minOccurs="0" msdata:Ordinal="2" />
              </xsd:sequence>
              <xsd:attribute name="name" type="xsd:string" use="required" msdata:Ordinal="1" />
              <xsd:attribute name="type" type="xsd:string" msdata:Ordinal="3" />
              <xsd:attribute name="mimetype" type="xsd:string" msdata:Ordinal="4" />
              <xsd:attribute ref="xml:space" />
            </xsd:complexType>
          </xsd:element>
          <xsd:element name="resheader">
            <xsd:complexType>
              <xsd:sequence>
                <xsd:element name="value" type="xsd:string" minOccurs="0" msdata:Ordinal="1" />
              </xsd:sequence>
              <xsd:attribute name="name" type="xsd:string" use="required" />
            </xsd:complexType>
          </xsd:element>
        </xsd:choice>
      </xsd:complexType>
    </xsd:element>
  </xsd:schema>
  <resheader name="resmimetype">
    <value>text/microsoft-resx</value>
  </resheader>
  <resheader name="version">
    <value>2.0</value>
  </resheader>
  <resheader name="reader">
    <value>System.Resources.ResXResourceReader, System.Windows.Forms, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089</value>
  </resheader>
  <resheader name="writer">
    <value>System.Resources.ResXResourceWriter, System.Windows.Forms, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089</value>
  </resheader>
`

// The metadata of a resource file of labels.
const (
	metaLCID    = "Source LCID"
	metaFile    = "Source file"
	metaKind    = "Source package type"
	metaVersion = "SolutionPackager Version"
	metaText    = "SolutionPackager Version String"
)

// isMetadata reports whether a name is that of metadata. Some editors write it as data, which is no text of a label then either.
func isMetadata(name string) bool {
	return slices.Contains([]string{metaLCID, metaFile, metaKind, metaVersion, metaText}, name)
}

// The version of the reference tool, whose format this is: as text, and as the binary form of System.Version in .NET.
const (
	resxVersion = "9.0.0.0"
	resxBinary  = "AAEAAAD/////AQAAAAAAAAAEAQAAAA5TeXN0ZW0uVmVyc2lvbgQAAAAGX01ham9yBl9NaW5vcgZfQnVpbGQJX1JldmlzaW9uAAAAAAgICAgJAAAAAAAAAAAAAAAAAAAACw=="
)

// A resource is the text of one key in all its languages.
type resource struct {
	key, comment string
	texts        map[int]string // by LCID
}

// A resxSource is what a resource file says of where it is from.
type resxSource struct {
	culture culture
	file    string // the name of the zip
	kind    solution.Kind
}

// renderResx writes the resource file of a language. Resources without a text are listed too, for translators.
func renderResx(list []resource, from resxSource, newline string) []byte {
	kinds := map[solution.Kind]string{solution.Unmanaged: "Unmanaged", solution.Managed: "Managed", solution.Both: "Both"}
	var b strings.Builder
	b.WriteString(xmlspan.Header + newline)
	b.WriteString(strings.ReplaceAll(resxHead, "\n", newline))
	entry := func(element, name, attrs, text, comment string) {
		b.WriteString("  <" + element + string(xmlspan.AppendAttr(nil, "name", name)) + attrs + ">" + newline)
		if text == "" {
			b.WriteString("    <value />" + newline)
		} else {
			b.WriteString("    <value>" + string(xmlspan.AppendText(nil, text, newline)) + "</value>" + newline)
		}
		if comment != "" {
			b.WriteString("    <comment>" + string(xmlspan.AppendText(nil, comment, newline)) + "</comment>" + newline)
		}
		b.WriteString("  </" + element + ">" + newline)
	}
	const preserve = ` xml:space="preserve"`
	entry("metadata", metaLCID, preserve, strconv.Itoa(from.culture.lcid), "")
	entry("metadata", metaFile, preserve, from.file, "")
	entry("metadata", metaKind, preserve, kinds[from.kind], "")
	entry("metadata", metaVersion, ` mimetype="application/x-microsoft.net.object.binary.base64"`, resxBinary, "")
	entry("metadata", metaText, preserve, resxVersion, "")
	for _, r := range list {
		entry("data", r.key, preserve, r.texts[from.culture.lcid], r.comment)
	}
	b.WriteString("</root>")
	return []byte(b.String())
}

// compareKeys is the order of keys in a resource file: upper-cased, ordinal.
func compareKeys(a, b string) int { return cmp.Or(cmp.Compare(fold(a), fold(b)), cmp.Compare(a, b)) }

// sortedResources returns resources by their keys.
func sortedResources(byKey map[string]*resource) []resource {
	list := make([]resource, 0, len(byKey))
	for _, key := range slices.SortedFunc(maps.Keys(byKey), compareKeys) {
		list = append(list, *byKey[key])
	}
	return list
}

// A resxText is one text of a resource file.
type resxText struct {
	key, text string
	node      int32
}

// A resx is a resource file that was read.
type resx struct {
	*source
	lcid  int // of the texts that it was made from; 0 if it does not say
	texts []resxText
}

// readResx reads a resource file.
func readResx(s *source) (*resx, error) {
	d := s.doc
	root := d.Root()
	if !d.Is(root, "root") {
		return nil, resxError(s, root, "not a resource file (.resx): its root element is %s, and not root", d.Name(root))
	}
	r := &resx{source: s}
	for c := range d.Elements(root) {
		data := d.Is(c, "data")
		if !data && !d.Is(c, "metadata") {
			continue
		}
		name, ok := d.Attr(c, "name")
		if !ok {
			return nil, resxError(s, c, "%s without a name", d.Name(c))
		}
		if !data || isMetadata(name) {
			if name == metaLCID {
				r.lcid, _ = strconv.Atoi(strings.TrimSpace(d.Text(d.Child(c, "value"))))
			}
			continue
		}
		for _, typed := range []string{"type", "mimetype"} {
			if kind := attr(d, c, typed); kind != "" {
				return nil, resxError(s, c, "%q is no text: it has the %s %s", name, typed, kind)
			}
		}
		value := c
		if hasElements(d, c) {
			if value = d.Child(c, "value"); value == xmlspan.None {
				return nil, resxError(s, c, "%q has no element value", name)
			}
		}
		if hasElements(d, value) {
			return nil, resxError(s, value, "the value of %q has elements in it, and not just text", name)
		}
		r.texts = append(r.texts, resxText{name, d.Text(value), c})
	}
	return r, nil
}

// hasElements reports whether element i has any in it.
func hasElements(d *xmlspan.Document, i int32) bool {
	for range d.Elements(i) {
		return true
	}
	return false
}

func resxError(s *source, i int32, format string, args ...any) error {
	return &solution.SyntaxError{File: s.name, Pos: s.at(i).Start, Err: fmt.Errorf("%w: "+format, append([]any{ErrFormat}, args...)...)}
}
