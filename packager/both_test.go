package packager

import (
	"archive/zip"
	"bytes"
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/solution"
)

// unpackPair makes the tree of both kinds of two zips.
func unpackPair(t testing.TB, unmanaged, managed []byte) *Tree {
	t.Helper()
	tree, err := UnpackBoth(openBytes(t, unmanaged), openBytes(t, managed), nil)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// checkHalves proves the round trip law for both halves of a tree, and for the tree that is written and read again.
func checkHalves(t *testing.T, tree *Tree, halves [2][]byte) {
	t.Helper()
	loaded, err := Load(mapFS(t, tree), nil)
	if err != nil {
		t.Fatal(err)
	}
	for kind, want := range halves {
		got := packBytes(t, loaded, &PackOptions{Kind: new(solution.Kind(kind))})
		checkLaw(t, want, got)
		if !bytes.Equal(got, packBytes(t, tree, &PackOptions{Kind: new(solution.Kind(kind))})) {
			t.Errorf("%s: the tree that was loaded is packed otherwise", solution.Kind(kind))
		}
	}
}

var pairNote = regexp.MustCompile(`pair with ([^;]+)`)

// corpusPairs are the pairs of the corpus whose halves are both there, by kind.
func corpusPairs(t *testing.T) (pairs [][2]corpus.Solution) {
	t.Helper()
	all := map[string]corpus.Row{}
	for _, row := range corpus.Index(t) {
		all[row["name"]] = row
	}
	for _, row := range corpus.Index(t) {
		m := pairNote.FindStringSubmatch(row["notes"])
		if m == nil || row["managed"] != "0" {
			continue
		}
		if other := all[strings.TrimSpace(m[1])]; other != nil {
			pairs = append(pairs, [2]corpus.Solution{row.Solution(t), other.Solution(t)})
		}
	}
	return pairs
}

func TestCorpusPairs(t *testing.T) {
	t.Parallel()
	trees := 0
	pairs := corpusPairs(t)
	for i, pair := range pairs {
		if testing.Short() && i%10 != 0 {
			continue
		}
		t.Run(pair[0].ID(), func(t *testing.T) {
			halves := [2][]byte{pair[0].Zip(t), pair[1].Zip(t)}
			tree := unpackPair(t, halves[0], halves[1])
			want := readExpected(t, pair[0].File("expected.zip"))
			if list := want.parts["both-tree"]; list != nil {
				compareTree(t, tree, "both-tree", list, want)
				trees++
			}
			checkHalves(t, tree, halves)
		})
	}
	t.Logf("%d pairs, %d trees compared", len(pairs), trees)
}

func TestBothFixture(t *testing.T) {
	dir := corpus.Path(t, "fixtures", "synthetic", "28-both") + "/"
	var halves [2][]byte
	for kind, name := range []string{"input.zip", "input_managed.zip"} {
		var err error
		if halves[kind], err = os.ReadFile(dir + name); err != nil {
			t.Fatal(err)
		}
	}
	tree := unpackPair(t, halves[0], halves[1])
	compareFixtureTree(t, tree, dir+"tree.zip")
	checkHalves(t, tree, halves)

	// Of the tree of the reference tool, which has less, the packages are those that this tool packs.
	files := treeFiles(t, tree)
	maps.DeleteFunc(files, func(name string, _ []byte) bool { return isHalfFile(name) })
	tools := loadMap(t, files)
	for kind, name := range []string{"repacked.zip", "repacked_managed.zip"} {
		compareFixturePack(t, packBytes(t, tools, &PackOptions{Kind: new(solution.Kind(kind))}), tools, dir+name, nil)
	}
}

// asHalf gives a zip the kind, and the name, version and publisher that all halves have.
func asHalf(t testing.TB, data []byte, kind solution.Kind) ([]byte, bool) {
	t.Helper()
	pkg := openBytes(t, data)
	m, err := pkg.Manifest().WithKind(kind).WithVersion(solution.Version{Major: 1, Minor: 2}).WithUniqueName("cts_Pair")
	if err == nil {
		m, err = m.WithPublisher(solution.Publisher{UniqueName: "contoso", Prefix: "cts", OptionValuePrefix: 10000})
	}
	if err != nil {
		return nil, false
	}
	zr, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var entries []zipEntry
	manifests := 0
	for _, f := range zr.File {
		text := string(corpus.ReadEntry(t, f))
		if part, _ := partName(f.Name); strings.EqualFold(part, solutionPart) {
			text = string(m.Bytes())
			manifests++
		}
		entries = append(entries, zipEntry{f.Name, text})
	}
	return makeZip(t, entries...), manifests == 1
}

// eachPair runs f for pairs of zips of the cases, which have little in common, or much.
func eachPair(t *testing.T, f func(t *testing.T, r *rand.Rand, halves [2][]byte)) {
	zips := caseZips(t)
	names := slices.Sorted(maps.Keys(zips))
	r := rand.New(rand.NewPCG(1, 2))
	for i, name := range names {
		for _, other := range []string{name, names[(i+1)%len(names)], names[r.IntN(len(names))], names[r.IntN(len(names))]} {
			var halves [2][]byte
			var ok [2]bool
			halves[0], ok[0] = asHalf(t, zips[name], solution.Unmanaged)
			halves[1], ok[1] = asHalf(t, zips[other], solution.Managed)
			if !ok[0] || !ok[1] {
				continue
			}
			t.Run(path.Base(name)+"+"+path.Base(other), func(t *testing.T) { f(t, r, halves) })
		}
	}
}

// Whatever two packages are, both come back.
func TestHalvesComeBack(t *testing.T) {
	eachPair(t, func(t *testing.T, _ *rand.Rand, halves [2][]byte) {
		tree := unpackPair(t, halves[0], halves[1])
		checkPaths(t, tree)
		checkHalves(t, tree, halves)
		for kind, data := range halves {
			want, err := openBytes(t, data).Digest()
			if err != nil {
				t.Fatal(err)
			}
			if got, err := tree.DigestAs(solution.Kind(kind)); got != want || err != nil {
				t.Errorf("%s: digest %s, %v; of the zip it is %s", solution.Kind(kind), got, err, want)
			}
		}
		owned, err := tree.Owned()
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range tree.Names() {
			if isHalfFile(name) && !slices.Contains(owned, name) {
				t.Errorf("%s belongs to nobody", name)
			}
		}
	})
}

// A change of the parts of one package of a tree of both kinds is made there, and leaves the other one its own.
func TestWithOfHalves(t *testing.T) {
	eachPair(t, func(t *testing.T, r *rand.Rand, halves [2][]byte) {
		if openBytes(t, halves[0]).alike || openBytes(t, halves[1]).alike {
			t.Skip("names that differ in letter case only can't be changed")
		}
		tree := loadMap(t, treeFiles(t, unpackPair(t, halves[0], halves[1])))
		for _, kind := range tree.kinds() {
			parts, err := tree.PartsAs(kind)
			if err != nil {
				t.Fatal(err)
			}
			change := randomChange(t, r, parts)
			edited, err := tree.With(change)
			if errors.Is(err, ErrKind) {
				continue // says what would become of the other package
			}
			if err != nil {
				t.Fatal(err)
			}
			checkEdited(t, edited, kind, parts, change)
			if t.Failed() {
				t.Logf("change of %s:\n%s", kind, describe(change))
			}
			findings, err := edited.Check()
			if err != nil {
				t.Fatal(err)
			}
			for d := range findings.Rule(ruleHalfNotUsed.ID) {
				t.Errorf("after a change: %v", d)
			}
		}
	})
}

// What is converted is the managed package that was exported: customizations.xml and the files. Pairs that are two builds, or
// were not exported at one time, can't show it.
func TestCorpusConvert(t *testing.T) {
	otherExports := map[string]bool{"3f1f78": true, "63ebea": true}
	converted := 0
	pairs := corpusPairs(t)
	for _, pair := range pairs {
		name, halves := pair[0].ID(), [2][]byte{pair[0].Zip(t), pair[1].Zip(t)}
		var buf bytes.Buffer
		_, err := Pack(&buf, unpackBytes(t, halves[0]), &PackOptions{Kind: new(solution.Managed), Convert: true})
		if errors.Is(err, ErrKind) {
			t.Logf("%s: %v", name, err)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		converted++
		want, got := zipEntries(t, halves[1]), zipEntries(t, buf.Bytes())
		for part := range want {
			same := bytes.Equal(want[part], got[part])
			switch {
			case strings.EqualFold(part, typesPart) || strings.EqualFold(part, solutionPart):
				continue
			case strings.EqualFold(part, customizationsPart):
				same = slices.Equal(canonicalXML(t, want[part]), canonicalXML(t, got[part]))
			}
			if !same && !otherExports[name] {
				t.Errorf("%s: %s is not that of the managed package\n%.1500s", name, part, firstDifference(want[part], got[part]))
			}
		}
	}
	t.Logf("%d of %d pairs converted", converted, len(pairs))
}
