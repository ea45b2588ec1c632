package solution

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// NewParts returns the parts of a solution without components: m, and customizations with the sections that every export has,
// all empty, and the language of m. A [Change] adds components to it; package packager makes a zip or a tree of parts.
func NewParts(m *Manifest) Parts {
	var x strings.Builder
	x.WriteString("<ImportExportXml xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n")
	for _, s := range sections {
		if s.standard {
			fmt.Fprintf(&x, "  <%s />\n", s.name)
		}
	}
	fmt.Fprintf(&x, "  <Languages>\n    <Language>%s</Language>\n  </Languages>\n</ImportExportXml>", xmlspan.AppendText(nil, languageOf(m), "\n"))
	p, err := PartsOf(memfs.New(map[string][]byte{ManifestFile: m.Bytes(), CustomizationsFile: []byte(x.String())}))
	if err != nil {
		panic(err) // a file system in memory can be listed
	}
	return p
}

// languageOf returns the base language of a solution, English if it does not say it.
func languageOf(m *Manifest) string {
	return cmp.Or(m.Export().LanguageCode, fmt.Sprint(defaultLCID))
}
