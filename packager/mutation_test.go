package packager

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// Names that some system, or some rule of the tree, does not take as they are.
var oddNames = []string{"", " ", "\n", "a/b", "a//b", "../x", "..", ".", `a\b`, "a:b", "a%2Fb", "a.", "a ", "CON", "nul.txt", ".hidden", ".git",
	"ä", "A\u0308", "ſ", "İ", "x_managed", "x.data.xml", "x.meta.xml", "x.xml", "Entity", "Other", strings.Repeat("n", 300), "\u200b", "a\tb", "]]>"}

// Nodes that belong nowhere.
var oddNodes = []string{"text", "<!-- c -->", "<?pi x?>", "<![CDATA[<c>]]>", "&#32;", "&#9;", "<x />", "<x></x>", "<x a='b'>t</x>", "<Name>n</Name>",
	"<x xml:space='preserve'> <y /> </x>", "<p:x xmlns:p='urn:p' />"}

// mutate changes something at one element of customizations.xml and says what.
func mutate(r *rand.Rand, d *xmlspan.Document) (src []byte, what string) {
	var elements []int32
	for i := range d.Nodes {
		if n := &d.Nodes[i]; n.IsElement() && n.Depth > 0 {
			elements = append(elements, int32(i))
		}
	}
	if len(elements) == 0 {
		return d.Src, "nothing"
	}
	i := elements[r.IntN(len(elements))]
	n := &d.Nodes[i]
	put := func(start, end int32, text string) []byte {
		return slices.Concat(d.Src[:start], []byte(text), d.Src[end:])
	}
	odd, node := oddNames[r.IntN(len(oddNames))], oddNodes[r.IntN(len(oddNodes))]
	what = fmt.Sprintf("%s at %d ", d.Name(i), n.Start)
	switch r.IntN(8) {
	case 0:
		return put(n.Start, n.End, ""), what + "removed"
	case 1:
		return put(n.End, n.End, string(d.Bytes(i))), what + "twice"
	case 2:
		return put(n.OpenEnd, d.CloseStart(i), ""), what + "empty"
	case 3:
		if n.OpenEnd < n.End {
			return put(n.OpenEnd, d.CloseStart(i), escape(odd)), what + fmt.Sprintf("%q", odd)
		}
	case 4:
		for a := range d.RawAttrs(i) {
			if r.IntN(2) == 0 && !isDeclaration(string(a.Name.Of(d.Src))) {
				return put(a.Value.Start, a.Value.End, escape(odd)), what + fmt.Sprintf("%s %q", a.Name.Of(d.Src), odd)
			}
		}
	case 5:
		return put(n.Start, n.Start, node), what + "behind " + node
	case 6:
		if n.OpenEnd < n.End && node[0] != '&' {
			return put(n.OpenEnd, n.OpenEnd, node), what + "with " + node
		}
	case 7:
		for next := n.Next; next != xmlspan.None; next = d.Nodes[next].Next {
			if o := &d.Nodes[next]; o.IsElement() {
				return slices.Concat(d.Src[:n.Start], d.Bytes(next), d.Src[n.End:o.Start], d.Bytes(i), d.Src[o.End:]), what + "changes places"
			}
		}
	}
	return d.Src, "nothing"
}

// Whatever is wrong with one element of a package, it makes a round trip, or something names a file that is not there.
func TestMutationsComeBack(t *testing.T) {
	zips := caseZips(t)
	rounds := 12
	if testing.Short() {
		rounds = 1
	}
	for _, name := range slices.Sorted(maps.Keys(zips)) {
		pkg := openBytes(t, zips[name])
		src, _, err := pkg.customizations()
		if err != nil || strings.Contains(name, "content-type") { // there Pack gives entries what they had not
			continue
		}
		doc, err := xmlspan.Parse(src, 6, nil)
		if err != nil {
			t.Fatal(err)
		}
		seed := fnv.New64a() // of the name, so that another case changes nothing
		seed.Write([]byte(name))
		r := rand.New(rand.NewPCG(seed.Sum64(), 7))
		for range rounds {
			mutant, what := mutate(r, doc)
			entries := []zipEntry{{customizationsPart, string(mutant)}}
			for _, e := range pkg.entries {
				if e != pkg.lookup(customizationsPart) {
					entries = append(entries, zipEntry{e.name, string(mustRead(t, e))})
				}
			}
			data := makeZip(t, entries...)
			t.Run(strings.TrimPrefix(name, "testdata/"), func(t *testing.T) {
				mutated, err := Open(bytes.NewReader(data), int64(len(data)), nil)
				if err != nil {
					t.Fatal(err)
				}
				tree, err := Unpack(mutated, nil)
				if err != nil {
					if own := (*Error)(nil); errors.As(err, &own) || strings.Contains(err.Error(), customizationsPart) {
						return // it says what and where
					}
					t.Fatalf("%s: %v", what, err)
				}
				missing := len(slices.Collect(tree.Diagnostics().Rule(ruleMissingFile.ID))) > 0
				var packed bytes.Buffer
				if _, err := Pack(&packed, tree, nil); err != nil {
					if failed := (*diag.FailedError)(nil); !missing || !errors.As(err, &failed) {
						t.Errorf("%s: %v", what, err)
					}
					return
				}
				checkPromises(t, data, tree, packed.Bytes())
				if t.Failed() {
					t.Logf("%s", what)
				}
			})
		}
	}
}

func mustRead(t *testing.T, e *entry) []byte {
	t.Helper()
	data, err := e.read()
	if err != nil {
		t.Fatal(err)
	}
	return data
}
