package packager

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// allCases reads the cases, by name.
func allCases(t testing.TB) map[string]*packageCase {
	t.Helper()
	out := map[string]*packageCase{}
	for _, file := range caseFiles(t) {
		out[strings.TrimSuffix(filepath.ToSlash(file), ".txtar")] = readCase(t, file)
	}
	return out
}

// caseZips are the zips of all cases that can be packed again.
func caseZips(t testing.TB) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for name, c := range allCases(t) {
		if !slices.ContainsFunc(c.archive.Files, func(f txtar.File) bool { return f.Name == "error" || strings.HasPrefix(f.Name, "source/") }) {
			out[name] = c.zip
		}
	}
	return out
}

func packBytes(t testing.TB, tree *Tree, opts *PackOptions) []byte {
	t.Helper()
	var buf bytes.Buffer
	if _, err := Pack(&buf, tree, opts); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// shuffledFS lists its folders backwards.
type shuffledFS struct{ fstest.MapFS }

func (s shuffledFS) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := s.MapFS.ReadDir(name)
	slices.Reverse(list)
	return list, err
}

func mapFS(t testing.TB, tree *Tree) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	for name, data := range treeFiles(t, tree) {
		out[name] = &fstest.MapFile{Data: data}
	}
	return out
}

func TestPackIsDeterministic(t *testing.T) {
	for name, data := range caseZips(t) {
		tree := unpackBytes(t, data)
		want := packBytes(t, tree, &PackOptions{Workers: 1})
		for workers := 2; workers <= 8; workers++ {
			if got := packBytes(t, tree, &PackOptions{Workers: workers}); !bytes.Equal(got, want) {
				t.Errorf("%s: %d workers give other bytes", name, workers)
			}
		}
		back, err := Load(shuffledFS{mapFS(t, tree)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := packBytes(t, back, nil); !bytes.Equal(got, want) {
			t.Errorf("%s: folders that are listed backwards give other bytes", name)
		}
	}
}

// The order of entries in a zip does not show in its tree.
func TestOrderOfEntriesDoesNotCount(t *testing.T) {
	for name, data := range caseZips(t) {
		if strings.Contains(name, "letter-case-only") || strings.Contains(name, "second-customizations") {
			continue // of two spellings, the first entry has the name
		}
		tree := unpackBytes(t, data)
		zr, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		var entries []zipEntry
		for _, f := range slices.Backward(zr.File) {
			entries = append(entries, zipEntry{f.Name, string(corpus.ReadEntry(t, f))})
		}
		back := unpackBytes(t, makeZip(t, entries...))
		if diff := cmp.Diff(treeFiles(t, tree), treeFiles(t, back), showBytes); diff != "" {
			t.Errorf("%s: (-forwards +backwards)\n%s", name, diff)
		}
	}
}

func TestDigestIsOfContent(t *testing.T) {
	seen := map[string]string{}
	for name, data := range caseZips(t) {
		pkg := openBytes(t, data)
		want, err := pkg.Digest()
		if err != nil || !strings.HasPrefix(want, "h1:") {
			t.Fatalf("%s: %q, %v", name, want, err)
		}
		if other, ok := seen[want]; ok {
			t.Errorf("%s and %s have one digest", name, other)
		}
		seen[want] = name
		tree := unpackBytes(t, data)
		crlf, err := Unpack(pkg, &UnpackOptions{Newline: "\r\n"})
		if err != nil {
			t.Fatal(err)
		}
		trees := map[string]*Tree{"tree": tree, "CRLF tree": crlf}
		for n, tr := range map[string]*Tree{"loaded tree": tree, "loaded CRLF tree": crlf} {
			if trees[n], err = Load(mapFS(t, tr), nil); err != nil {
				t.Fatal(err)
			}
		}
		for _, level := range []int{Store, 1, 9} {
			trees[fmt.Sprint("zip of level ", level)] = unpackBytes(t, packBytes(t, tree, &PackOptions{Level: level}))
		}
		trees["CRLF zip"] = unpackBytes(t, packBytes(t, tree, &PackOptions{Newline: "\r\n"}))
		for n, tr := range trees {
			if got, err := tr.Digest(); err != nil || got != want {
				t.Errorf("%s: %s has digest %s, %v; want %s", name, n, got, err, want)
			}
		}
	}
}

func TestDigestSeesEveryFile(t *testing.T) {
	data := caseZips(t)["testdata/layout/entity"]
	tree := unpackBytes(t, data)
	want, err := tree.Digest()
	if err != nil {
		t.Fatal(err)
	}
	for name := range mapFS(t, tree) {
		files := mapFS(t, tree)
		src := string(files[name].Data)
		edited := strings.Replace(strings.Replace(src, "{0", "{9", 1), "Activity", "Other", 1)
		if edited == src {
			edited = strings.Replace(src, "/>", `a="b"/>`, 1)
		}
		files[name] = &fstest.MapFile{Data: []byte(edited)}
		back, err := Load(files, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := back.Digest(); err != nil || got == want {
			t.Errorf("an edit of %s does not change the digest (%v)", name, err)
		}
	}
}

func TestNewlines(t *testing.T) {
	for name, data := range caseZips(t) {
		pkg := openBytes(t, data)
		lf, err := Unpack(pkg, nil)
		if err != nil {
			t.Fatal(err)
		}
		crlf, err := Unpack(pkg, &UnpackOptions{Newline: "\r\n"})
		if err != nil {
			t.Fatal(err)
		}
		want := treeFiles(t, lf)
		for p, src := range want {
			f, _ := lf.sys.find(p)
			switch {
			case f.entry != nil, strings.HasPrefix(p, "Templates/MailMergeDocuments/"):
				// Bytes that are not ours stay.
			default:
				want[p] = bytes.ReplaceAll(src, []byte("\n"), []byte("\r\n"))
			}
		}
		if diff := cmp.Diff(want, treeFiles(t, crlf), showBytes); diff != "" {
			t.Errorf("%s: CRLF tree (-LF with newlines replaced +got)\n%s", name, diff)
		}
		packedLF := zipEntries(t, packBytes(t, lf, nil))
		packedCRLF := zipEntries(t, packBytes(t, crlf, &PackOptions{Newline: "\r\n"}))
		for p, src := range packedLF {
			if bytes.HasPrefix(src, []byte(xmlspan.Header[:30])) {
				src = bytes.ReplaceAll(src, []byte("\n"), []byte("\r\n"))
			}
			if !bytes.Equal(src, packedCRLF[p]) {
				t.Errorf("%s: %s packed with CRLF\n%s", name, p, cmp.Diff(string(src), string(packedCRLF[p])))
			}
		}
	}
}

func TestFileSystems(t *testing.T) {
	for name, data := range caseZips(t) {
		pkg := openBytes(t, data)
		tree := unpackBytes(t, data)
		if err := fstest.TestFS(tree, tree.Names()...); err != nil {
			t.Errorf("%s: tree: %v", name, err)
		}
		// What has another entry for its folder can be opened and read, but no walk comes to it.
		names := slices.DeleteFunc(slices.Clone(pkg.Names()), func(name string) bool {
			for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
				if info, err := fs.Stat(pkg, dir); err == nil && !info.IsDir() {
					return true
				}
			}
			return false
		})
		if err := fstest.TestFS(pkg, names...); err != nil {
			t.Errorf("%s: package: %v", name, err)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	data := caseZips(t)["testdata/layout/entity"]
	pkg := openBytes(t, data)
	tree, err := Unpack(pkg, nil)
	if err != nil {
		t.Fatal(err)
	}
	want, err := tree.Digest()
	if err != nil {
		t.Fatal(err)
	}
	wantZip := packBytes(t, tree, nil)
	wantFiles := treeFiles(t, tree)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for name, data := range wantFiles {
				if got, err := tree.ReadFile(name); err != nil || !bytes.Equal(got, data) {
					t.Errorf("%s: %v", name, err)
				}
			}
			if got, err := tree.Digest(); err != nil || got != want {
				t.Errorf("digest %s, %v", got, err)
			}
			if got, err := pkg.Digest(); err != nil || got != want {
				t.Errorf("digest of the package %s, %v", got, err)
			}
			var buf bytes.Buffer
			if _, err := Pack(&buf, tree, &PackOptions{Workers: i + 1}); err != nil || !bytes.Equal(buf.Bytes(), wantZip) {
				t.Errorf("Pack: %v", err)
			}
			if _, err := tree.Check(); err != nil {
				t.Error(err)
			}
			if _, err := solution.ReadCustomizations(pkg); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

func TestReadFileGivesCopies(t *testing.T) {
	tree := unpackBytes(t, caseZips(t)["testdata/layout/raw-files"])
	for _, name := range tree.Names() {
		first, err := tree.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want := bytes.Clone(first)
		clear(first)
		if second, err := tree.ReadFile(name); err != nil || !bytes.Equal(second, want) {
			t.Errorf("%s: what the caller did to the bytes shows: %q, %v", name, second, err)
		}
	}
}

// versionChange gives parts another version.
func versionChange(t testing.TB, p solution.Parts, v solution.Version) *solution.Change {
	t.Helper()
	c, err := solution.EditManifest(p, func(m *solution.Manifest) (*solution.Manifest, error) { return m.WithVersion(v), nil })
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRewriteVersion(t *testing.T) {
	version := solution.Version{Major: 9, Minor: 8, Build: 7, Revision: 6}
	for name, data := range caseZips(t) {
		var buf bytes.Buffer
		pkg := openBytes(t, data)
		if err := Rewrite(&buf, pkg, versionChange(t, pkg, version)); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := openBytes(t, buf.Bytes()).Manifest().Version(); got != version {
			t.Errorf("%s: version %s", name, got)
		}
		before, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		after, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
		if err != nil {
			t.Fatal(err)
		}
		if len(before.File) != len(after.File) {
			t.Errorf("%s: %d entries became %d", name, len(before.File), len(after.File))
			continue
		}
		for i, f := range before.File {
			g := after.File[i]
			if f.Name != g.Name {
				t.Errorf("%s: entry %d was %q and is %q", name, i, f.Name, g.Name)
			}
			if strings.EqualFold(f.Name, solutionPart) || strings.HasSuffix(f.Name, "/") {
				continue
			}
			if f.Method != g.Method || !bytes.Equal(rawBytes(t, f), rawBytes(t, g)) {
				t.Errorf("%s: %s was compressed again", name, f.Name)
			}
		}
	}
}

func rawBytes(t testing.TB, f *zip.File) []byte {
	t.Helper()
	r, err := f.OpenRaw()
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestPackVersion(t *testing.T) {
	tree := unpackBytes(t, caseZips(t)["testdata/layout/roles"])
	version := solution.Version{Major: 2, Minor: 3}
	before := zipEntries(t, packBytes(t, tree, nil))
	after := zipEntries(t, packBytes(t, tree, &PackOptions{Version: version}))
	before[solutionPart] = bytes.Replace(before[solutionPart], []byte("<Version>1.0.0.0<"), []byte("<Version>2.3.0.0<"), 1)
	if diff := cmp.Diff(before, after, showBytes); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestLimits(t *testing.T) {
	nested := "<ImportExportXml><EntityMaps><a><b><c><d></d></c></b></a></EntityMaps></ImportExportXml>"
	data := makeZip(t, completed([]zipEntry{{customizationsPart, nested}, {"bots/b.json", strings.Repeat(" ", 5000)}}, false, true)...)
	for _, c := range []struct {
		name   string
		limits Limits
		ok     bool
	}{
		{name: "files", limits: Limits{Files: 3}},
		{name: "all files", limits: Limits{Files: 4}, ok: true},
		{name: "file", limits: Limits{FileBytes: 4999}},
		{name: "whole file", limits: Limits{FileBytes: 5000}, ok: true},
		{name: "total", limits: Limits{TotalBytes: 5500}},
		{name: "depth", limits: Limits{Depth: 5}},
		{name: "whole depth", limits: Limits{Depth: 6}, ok: true},
		{name: "defaults", ok: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			pkg, err := Open(bytes.NewReader(data), int64(len(data)), &c.limits)
			if err == nil {
				_, err = Unpack(pkg, nil)
			}
			check := func(what string, err error) {
				t.Helper()
				if c.ok && err != nil {
					t.Errorf("%s: %v", what, err)
				}
				if !c.ok {
					checkError(t, err, ErrLimit, nil)
				}
			}
			check("zip", err)
			files := mapFS(t, unpackBytes(t, data))
			limits := c.limits
			if limits.Depth != 0 {
				limits.Depth-- // the root of a file of a section is the section
			}
			tree, err := Load(files, &limits)
			if err == nil {
				_, err = Pack(io.Discard, tree, nil)
			}
			check("tree", err)
		})
	}
}

// Row 43 of the table of errors: 200 MB of zeros in 200 kB, which the reference tool writes in full. A
// directory that declares what is not there must cost nothing.
func TestBombs(t *testing.T) {
	zeros := make([]byte, 16<<20)
	bomb := makeZip(t, completed([]zipEntry{{"bots/b.bin", string(zeros)}}, false, true)...)
	lying := withRaw(t, zip.FileHeader{Name: "bots/b.bin", Method: zip.Deflate, UncompressedSize64: 1 << 30}, deflated(t, zeros[:1<<10]))
	larger := withRaw(t, zip.FileHeader{Name: "bots/b.bin", Method: zip.Deflate, UncompressedSize64: 10}, deflated(t, zeros))
	allocated := func(f func()) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	pkgError := func(data []byte, limits *Limits) error {
		pkg, err := Open(bytes.NewReader(data), int64(len(data)), limits)
		if err != nil {
			return err
		}
		_, err = pkg.ReadFile("bots/b.bin")
		return err
	}
	for _, c := range []struct {
		name   string
		data   []byte
		limits *Limits
		is     error
		memory uint64
	}{
		{"over the limit", bomb, &Limits{FileBytes: 1 << 20}, ErrLimit, 1 << 20},
		{"total over the limit", bomb, &Limits{TotalBytes: 1 << 20}, ErrLimit, 1 << 20},
		{"declares 1 GiB", lying, nil, zip.ErrFormat, 8 << 20},
		{"declares 10 bytes", larger, nil, zip.ErrFormat, 8 << 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			var err error
			if n := allocated(func() { err = pkgError(c.data, c.limits) }); n > c.memory {
				t.Errorf("%d bytes were allocated", n)
			}
			checkError(t, err, c.is, nil)
		})
	}
	t.Run("allowed", func(t *testing.T) {
		if err := pkgError(bomb, nil); err != nil {
			t.Error(err)
		}
	})
}

// A case has tree files with the header of the dialect, so that its texts can leave it out.
func TestHeaderOfWrittenXML(t *testing.T) {
	for name, data := range caseZips(t) {
		tree := unpackBytes(t, data)
		for p, src := range treeFiles(t, tree) {
			f, _ := tree.sys.find(p)
			written := f.entry == nil && strings.HasSuffix(p, ".xml") && !strings.Contains(p, "Documents/")
			if written && !bytes.HasPrefix(src, []byte(xmlspan.Header[:30])) {
				t.Errorf("%s: %s begins with %.40q", name, p, src)
			}
		}
	}
}
