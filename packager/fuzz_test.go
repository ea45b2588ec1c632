package packager

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// fuzzLimits keep what a fuzzer makes small.
var fuzzLimits = &Limits{Files: 100, FileBytes: 1 << 20, TotalBytes: 4 << 20, Depth: 100}

// FuzzOpen holds that no bytes make this package panic or grow without bound, and that what it can
// unpack and pack keeps its promises.
func FuzzOpen(f *testing.F) {
	for _, data := range caseZips(f) {
		f.Add(data)
	}
	for _, c := range badZips(f) {
		if len(c.zip) < 1<<14 {
			f.Add(c.zip)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		pkg, err := Open(bytes.NewReader(data), int64(len(data)), fuzzLimits)
		if err != nil {
			var own *Error
			var syntax *solution.SyntaxError
			if !errors.As(err, &own) && !errors.As(err, &syntax) {
				t.Errorf("error of type %T: %v", err, err)
			}
			return
		}
		pkg.Manifest().Check()
		for _, name := range pkg.Names() {
			pkg.ReadFile(name) // damaged entries are errors
		}
		tree, err := Unpack(pkg, nil)
		if err != nil {
			return
		}
		checkPaths(t, tree)
		for _, name := range tree.Names() {
			if _, err := tree.ReadFile(name); err != nil {
				return // a damaged entry
			}
		}
		for _, e := range pkg.entries {
			if _, err := e.read(); err != nil {
				return // a damaged folder
			}
		}
		roundTrip(t, data, tree)
	})
}

// FuzzUnpackPack holds the round trip law and its consequences for any customizations.xml and
// solution.xml, beside an entry of any name and files that components can name.
func FuzzUnpackPack(f *testing.F) {
	for _, c := range allCases(f) {
		manifest, ok := c.input["zip/"+solutionPart]
		if !ok {
			manifest = manifestXML(strings.Contains(c.input["options"], "managed"), strings.Split(c.input["roots"], "\n")...)
		}
		custom := c.input["zip/"+customizationsPart]
		f.Add([]byte(custom), []byte(manifest), "bots/b/bot.xml", "WebResources/a1", true)
		for _, file := range c.archive.Files {
			if name, ok := strings.CutPrefix(file.Name, "zip/"); ok && name != solutionPart && name != customizationsPart {
				f.Add([]byte(custom), []byte(manifest), name, "Other/x", false)
			}
		}
	}
	f.Fuzz(func(t *testing.T, custom, manifest []byte, first, second string, types bool) {
		entries := []zipEntry{{customizationsPart, string(custom)}, {solutionPart, string(manifest)}}
		names := map[string]bool{customizationsPart: true, solutionPart: true, typesPart: true, "": true}
		for _, name := range []string{first, second, "WebResources/a1", "Workflows/f.json", "CanvasApps/b.png", "Formulas/one.yaml", "Controls/c/ControlManifest.xml"} {
			if !names[name] && len(name) < 1000 {
				names[name] = true
				data := name
				if strings.HasSuffix(name, "/") || strings.HasSuffix(name, `\`) {
					data = ""
				}
				entries = append(entries, zipEntry{name, data})
			}
		}
		if types {
			entries = append(entries, zipEntry{typesPart, `<Types><Default Extension="xml" ContentType="a/b" /><Default Extension="json" ContentType="a/b" /></Types>`})
		}
		data := makeZip(t, entries...)
		pkg, err := Open(bytes.NewReader(data), int64(len(data)), fuzzLimits)
		if err != nil {
			return
		}
		tree, err := Unpack(pkg, nil)
		if err != nil {
			return
		}
		roundTrip(t, data, tree)
	})
}

// FuzzBoth holds that whatever two packages of one solution are, both come back out of their tree: any customizations.xml, and an
// entry of any name in each.
func FuzzBoth(f *testing.F) {
	for _, c := range golden.Cases(f, "testdata/both/*.txtar") {
		var custom [2][]byte
		names := [2]string{"WebResources/a1", "Workflows/f.json"}
		for _, section := range c.Files {
			for kind := range custom {
				switch name, ok := strings.CutPrefix(section.Name, solution.Kind(kind).String()+"/"); {
				case ok && name == customizationsPart:
					custom[kind] = section.Data
				case ok && name != solutionPart:
					names[kind] = name
				}
			}
		}
		f.Add(custom[0], custom[1], names[0], names[1])
	}
	for _, c := range allCases(f) {
		if data := []byte(c.input["zip/"+customizationsPart]); len(data) < 500 { // large ones cost the fuzzer all its time
			f.Add(data, data, "a/b.xml", "Workflows/f.json")
		}
	}
	f.Fuzz(func(t *testing.T, unmanaged, managed []byte, first, second string) {
		var halves [2][]byte
		for kind, custom := range [][]byte{unmanaged, managed} {
			entries := []zipEntry{{customizationsPart, string(custom)}, {solutionPart, manifestXML(kind == int(solution.Managed))}}
			name := []string{first, second}[kind]
			if len(name) > 0 && len(name) < 1000 && !strings.HasSuffix(name, "/") && !strings.HasSuffix(name, `\`) && name != customizationsPart && name != solutionPart && name != typesPart {
				entries = append(entries, zipEntry{name, name})
			}
			halves[kind] = makeZip(t, append(entries, zipEntry{typesPart, typesXML(entries)})...)
			pkg, err := Open(bytes.NewReader(halves[kind]), int64(len(halves[kind])), fuzzLimits)
			if err != nil || !knownToEncodingXML(pkg) {
				return
			}
			tree, err := Unpack(pkg, nil)
			if err != nil {
				return
			}
			if _, err := Pack(io.Discard, tree, nil); err != nil {
				return // it misses files; FuzzUnpackPack holds that it is nothing else
			}
		}
		tree, err := UnpackBoth(openBytes(t, halves[0]), openBytes(t, halves[1]), nil)
		if err != nil {
			t.Fatal(err)
		}
		checkPaths(t, tree)
		checkHalves(t, tree, halves)
	})
}

// roundTrip packs a tree and holds it to its promises, unless a file that a component names is missing.
func roundTrip(t *testing.T, data []byte, tree *Tree) {
	t.Helper()
	if !knownToEncodingXML(openBytes(t, data)) {
		return
	}
	missing := false
	for range tree.Diagnostics().Rule(ruleMissingFile.ID) {
		missing = true
	}
	var buf bytes.Buffer
	if _, err := Pack(&buf, tree, nil); err != nil {
		var failed *diag.FailedError
		if !missing || !errors.As(err, &failed) {
			t.Fatalf("Pack: %v", err)
		}
		return
	}
	checkPromises(t, data, tree, buf.Bytes())
	if _, err := tree.Check(); err != nil {
		t.Errorf("Check: %v", err)
	}
	if _, err := Pack(io.Discard, tree, &PackOptions{Newline: "\r\n"}); err != nil {
		t.Errorf("Pack with CRLF: %v", err)
	}
}

// knownToEncodingXML reports whether encoding/xml, by which the law is checked, reads the parts of a
// package: it takes fewer letters in names than XML 1.0 has since its fifth edition.
func knownToEncodingXML(pkg *Package) bool {
	for _, name := range []string{customizationsPart, solutionPart} {
		src, err := pkg.ReadFile(name)
		if err == nil {
			src, err = xmlspan.ToUTF8(src)
		}
		d := xml.NewDecoder(bytes.NewReader(src))
		d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
		for err == nil {
			_, err = d.RawToken()
		}
		if err != io.EOF {
			return false
		}
	}
	return true
}
