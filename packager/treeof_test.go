package packager

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// partsAlone are the parts of a zip, and not its entries.
type partsAlone struct{ solution.Parts }

// A tree of parts has the files of one that was unpacked, and the places of the parts.
func TestTreeOf(t *testing.T) {
	t.Parallel()
	eachZip(t, func(t *testing.T, data []byte) {
		pkg := openBytes(t, data)
		if pkg.alike {
			return // parts have one of two entries
		}
		tree, err := TreeOf(partsAlone{pkg}, nil)
		if err != nil {
			t.Fatal(err)
		}
		parts, err := tree.Parts()
		if err != nil {
			t.Fatal(err)
		}
		sources := map[string][]byte{}
		source := func(at diag.Location) []byte {
			raw, ok := sources[at.File]
			if !ok {
				if raw, err = pkg.ReadPart(at.File); err != nil {
					t.Fatalf("%v is said to be in the source: %v", at, err)
				}
				sources[at.File] = raw
			}
			return raw
		}
		for _, name := range []string{customizationsPart, solutionPart} {
			src, err := parts.ReadPart(name)
			if err != nil {
				t.Fatal(err)
			}
			wrong := 0
			for s := xmlspan.NewScanner(src, nil); s.Next(); {
				if s.Kind != xmlspan.StartTag && s.Kind != xmlspan.EmptyTag {
					continue
				}
				tag := "<" + string(s.Name.Of(src))
				at := parts.Locate(name, s.Start)
				if fold(at.File) == fold(rescuedPath) || slices.Contains([]string{"forms", "savedqueries", "FormXml", "SavedQueries", "Visualizations"}, tag[1:]) {
					continue // from a file that holds several things, or around the items of a table
				}
				if raw := source(at); !bytes.HasPrefix(raw[min(at.Start.Offset, len(raw)):], []byte(tag)) {
					if wrong++; wrong < 4 {
						t.Errorf("%s:%d %s is said to be at %v, where %.40q is", name, s.Start, tag, at, raw[min(at.Start.Offset, len(raw)):])
					}
				}
			}
		}
		found, err := tree.Check()
		if err != nil {
			t.Fatal(err)
		}
		unpacked, err := unpackBytes(t, data).Check()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(rules(unpacked), rules(found)); diff != "" {
			t.Errorf("findings (-unpacked +of parts)\n%s", diff)
		}
	})
}

// rules are those of findings, but for those of how entries are named, which parts do not tell.
func rules(list diag.List) []string {
	var out []string
	for _, d := range list {
		switch d.Rule {
		case ruleRenamedEntry.ID, ruleNoContentTypes.ID, ruleUnclaimedEntry.ID:
		default:
			out = append(out, d.Rule)
		}
	}
	slices.Sort(out)
	return out
}

// A tree of a source that is the same for both kinds packs as either.
func TestTreeOfAnyKind(t *testing.T) {
	pkg := openBytes(t, makeZip(t, completed([]zipEntry{{name: customizationsPart, data: `<ImportExportXml><Entities><Entity><Name>smp_a</Name><FormXml><forms type="main"><systemform><formid>{aaaaaaaa-0000-4000-8000-000000000001}</formid></systemform></forms></FormXml></Entity></Entities></ImportExportXml>`}}, false, true)...))
	managed := solution.Managed
	for _, either := range []bool{false, true} {
		tree, err := TreeOf(pkg, &TreeOptions{AnyKind: either, Diagnostics: diag.List{{Rule: "a/b", Message: "c"}}})
		if err != nil {
			t.Fatal(err)
		}
		if len(slices.Collect(tree.Diagnostics().Rule("a/b"))) != 1 {
			t.Errorf("findings of the source are lost: %v", tree.Diagnostics())
		}
		var zip bytes.Buffer
		_, err = Pack(&zip, tree, &PackOptions{Kind: &managed})
		if either != (err == nil) {
			t.Errorf("any kind %v: %v", either, err)
		}
		if err == nil {
			if got := openBytes(t, zip.Bytes()).Manifest().Kind(); got != managed {
				t.Errorf("the package is %v", got)
			}
		}
	}
}
