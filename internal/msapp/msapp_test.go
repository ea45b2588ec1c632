package msapp

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/corpus"
)

// made returns an app of names and contents, in turn.
func made(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var items []Item
	for i := 0; i < len(pairs); i += 2 {
		items = append(items, Item{Name: pairs[i], Data: []byte(pairs[i+1]), Time: 0x58a1_6000, MadeBy: 20})
	}
	out, err := Build(items)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// contents returns what an app holds, by path.
func contents(t testing.TB, src []byte) map[string]string {
	t.Helper()
	a, err := Parse(src, nil)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, e := range a.Entries() {
		data, err := e.Read()
		if err != nil {
			t.Fatal(err)
		}
		out[e.Path] = string(data)
	}
	return out
}

// What is made here is a zip for others too, and the other way round.
func TestAgreesWithArchiveZip(t *testing.T) {
	src := made(t, "Header.json", "{}", `Src\Größe.pa.yaml`, "Screens:\r\n", `Assets\a.bin`, "")
	zr, err := zip.NewReader(bytes.NewReader(src), int64(len(src)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range zr.File {
		names = append(names, f.Name)
		if r, err := f.Open(); err != nil {
			t.Error(err)
		} else {
			r.Close()
		}
	}
	if diff := cmp.Diff([]string{"Header.json", `Src\Größe.pa.yaml`, `Assets\a.bin`}, names); diff != "" {
		t.Errorf("names (-want +got)\n%s", diff)
	}

	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, method := range []uint16{zip.Store, zip.Deflate} { // with data descriptors, which apps do not have
		f, err := w.CreateHeader(&zip.FileHeader{Name: `a\` + string(rune('0'+method)), Method: method, Modified: time.Date(2024, 3, 4, 5, 6, 8, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte("content"))
	}
	w.Close()
	if diff := cmp.Diff(map[string]string{"a/0": "content", "a/8": "content"}, contents(t, buf.Bytes())); diff != "" {
		t.Errorf("contents (-want +got)\n%s", diff)
	}
	a, err := Parse(buf.Bytes(), nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Build([]Item{{Entry: a.Entries()[1]}, {Entry: a.Entries()[0]}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(contents(t, buf.Bytes()), contents(t, again)); diff != "" {
		t.Errorf("copied entries (-want +got)\n%s", diff)
	}
}

func TestBuildCopiesWhatStays(t *testing.T) {
	src := made(t, "Header.json", "{}", `Controls\1.json`, `{"a": 1}`, "checksum.json", "{}")
	a, err := Parse(src, nil)
	if err != nil {
		t.Fatal(err)
	}
	var items []Item
	for _, e := range a.Entries() {
		items = append(items, Item{Entry: e})
	}
	same, err := Build(items)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(src, same) {
		t.Error("an app of all entries of another is not the same")
	}
	items[1].Data = []byte(`{"a": 2}`)
	changed, err := Build(items)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Parse(changed, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range b.Entries() {
		old := a.Entries()[i]
		if e.Time() != old.Time() || e.MadeBy() != old.MadeBy() || e.Name != old.Name {
			t.Errorf("%s: name, time stamp or version changed", e.Name)
		}
		if i != 1 && (!bytes.Equal(e.local, old.local) || !bytes.Equal(e.packed, old.packed)) {
			t.Errorf("%s is not copied", e.Name)
		}
	}
	if got := contents(t, changed)["Controls/1.json"]; got != `{"a": 2}` {
		t.Errorf("the changed entry is %s", got)
	}
}

func TestParseRefuses(t *testing.T) {
	good := made(t, "a.json", strings.Repeat("{}", 50), "b.json", "{}")
	edit := func(at int, value uint16) []byte {
		out := bytes.Clone(good)
		binary.LittleEndian.PutUint16(out[at:], value)
		return out
	}
	directory := int(binary.LittleEndian.Uint32(good[len(good)-6:]))
	end := len(good) - endSize
	edits := func(pairs ...int) []byte {
		out := bytes.Clone(good)
		for i := 0; i < len(pairs); i += 2 {
			binary.LittleEndian.PutUint16(out[pairs[i]:], uint16(pairs[i+1]))
		}
		return out
	}
	// The content of b.json is 4 bytes of deflate and stands last; flag bit 3 says that a descriptor follows.
	second := directory + directorySize + len("a.json")
	place := int(binary.LittleEndian.Uint32(good[second+42:]))
	described := edits(second+8, flagDescriptor, place+6, flagDescriptor)
	tests := []struct {
		name string
		src  []byte
		lim  *Limits
		want string
	}{
		{"large: count", edits(end+8, 0xffff, end+10, 0xffff), nil, "the form for large zips"},
		{"large: place", edits(end+16, 0xffff, end+18, 0xffff), nil, "the form for large zips"},
		{"large: entry", edits(directory+20, 0xffff, directory+22, 0xffff), nil, `"a.json": not the document of a canvas app: the entry is in the form for large zips`},
		{"large: place of an entry", edits(directory+42, 0xffff, directory+44, 0xffff), nil, "the entry is in the form for large zips"},
		{"directory behind the end", edits(end+12, 0xfff), nil, "its directory is not where its end says"},
		{"count of too many", edits(end+8, 9, end+10, 9), nil, "its end says 9 entries, for which its directory is too short"},
		{"no directory", edits(directory, 0), nil, "its directory is damaged"},
		{"name beyond the directory", edits(second+28, 0xff), nil, "its directory is cut off"},
		{"extra field beyond the directory", edits(second+30, 0xff), nil, "its directory is cut off"},
		{"comment beyond the directory", edits(second+32, 0xff), nil, "its directory is cut off"},
		{"entry nowhere", edits(second+42, 0xfff0), nil, `"b.json": not the document of a canvas app: it is not where the directory says`},
		{"content beyond the end", edits(second+20, 0xfff0), nil, `"b.json": not the document of a canvas app: it is cut off`},
		{"no name", edits(second+28, 0, second+30, 6), nil, "the entry is a folder"},
		{"another method where it stands", edits(place+8, 0), nil, "its two headers differ"},
		{"descriptor beyond the end", func() []byte {
			out := bytes.Clone(described)
			binary.LittleEndian.PutUint32(out[second+20:], uint32(len(out)-place-localSize-len("b.json")-11))
			return out
		}(), nil, "it is cut off"},
		{"nothing", nil, nil, "it is empty"},
		{"text", []byte("an app that never was"), nil, "it is no zip"},
		{"cut off", good[:len(good)-3], nil, "it is no zip"},
		{"encrypted", edit(directory+8, 1), nil, "encrypted"},
		{"other method", edit(directory+10, 12), nil, "compression method 12"},
		{"headers differ", edit(6, 4), nil, "its two headers differ"},
		{"another name", edit(30, 'x'), nil, "another name where it stands"},
		{"one name twice", made(t, `a\b`, "1", "A/b", "2"), nil, "two entries have this name"},
		{"folder", made(t, `a\`, ""), nil, "the entry is a folder"},
		{"too many", edit(len(good)-12, 9), nil, "several files"},
		{"wrong place", edit(directory+46+6+42, 0), nil, "another name where it stands"},
		{"shared bytes", edit(directory+20, 60), nil, "it shares bytes with another entry"},
		{"entries", good, &Limits{Entries: 1}, "limit exceeded of 1"},
		{"long entry", good, &Limits{EntryBytes: 10}, `"a.json": 100 bytes: limit exceeded of 10`},
		{"long entries", good, &Limits{TotalBytes: 101}, "more than 101 bytes up to here"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse(tt.src, tt.lim)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, want one with %q", err, tt.want)
			}
			if !errors.Is(err, ErrFormat) && !errors.Is(err, ErrLimit) {
				t.Errorf("error %v is of no known kind", err)
			}
		})
	}
}

func TestReadRefusesDamage(t *testing.T) {
	src := made(t, "a.json", strings.Repeat("some text ", 20))
	src[30+6+3] ^= 0x55
	a, err := Parse(src, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Entries()[0].Read(); !errors.Is(err, ErrFormat) {
		t.Errorf("error %v", err)
	}
}

// An entry that says to be short and inflates to more is read no further than it says.
func TestReadIsBounded(t *testing.T) {
	src := made(t, "a.json", strings.Repeat("0", 1<<20))
	directory := int(binary.LittleEndian.Uint32(src[len(src)-6:]))
	binary.LittleEndian.PutUint32(src[directory+24:], 10)
	a, err := Parse(src, &Limits{EntryBytes: 10})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Entries()[0].Read(); err == nil || !strings.Contains(err.Error(), "not the 10 bytes") {
		t.Errorf("error %v", err)
	}
}

// A byte that is cut off, or a text behind the end, makes another file of it: none is read as less than it was.
func TestParseRefusesPieces(t *testing.T) {
	good := made(t, "a.json", "{}", "b.json", "[]")
	for n := range good {
		if a, err := Parse(good[:n], nil); !errors.Is(err, ErrFormat) {
			t.Errorf("%d of %d bytes: app %v, error %v", n, len(good), a, err)
		}
	}
	if _, err := Parse(append(bytes.Clone(good), 0), nil); !errors.Is(err, ErrFormat) {
		t.Errorf("a byte more: error %v", err)
	}
}

// Find takes both kinds of slashes and any case.
func TestFind(t *testing.T) {
	src := made(t, `Src\App.pa.yaml`, "1", "Header.json", "{}")
	a, err := Parse(src, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]*Entry{"Src/App.pa.yaml": a.Entries()[0], `src\APP.PA.YAML`: a.Entries()[0], "HEADER.json": a.Entries()[1], "App.pa.yaml": nil, "": nil} {
		if got := a.Find(name); got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
	if !bytes.Equal(a.Bytes(), src) {
		t.Error("the bytes are others")
	}
}

// The lengths that a directory says are held against the content in both directions.
func TestReadHoldsLength(t *testing.T) {
	src := made(t, "a.json", "12345678")
	directory := int(binary.LittleEndian.Uint32(src[len(src)-6:]))
	for _, size := range []uint32{7, 9} {
		binary.LittleEndian.PutUint32(src[directory+24:], size)
		a, err := Parse(src, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Entries()[0].Read(); !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), fmt.Sprintf("not the %d bytes", size)) {
			t.Errorf("length %d: error %v", size, err)
		}
	}
	binary.LittleEndian.PutUint32(src[directory+24:], 8)
	src[directory+16] ^= 1
	a, err := Parse(src, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Entries()[0].Read(); !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), "checksum") {
		t.Errorf("another checksum: error %v", err)
	}
}

// A zip of 65,535 entries needs the form for large zips, which no app has.
func TestBuildRefusesTooMany(t *testing.T) {
	if _, err := Build(make([]Item, 0xffff)); !errors.Is(err, ErrLimit) {
		t.Errorf("error %v", err)
	}
}

// FuzzParse holds that no bytes make the package panic, and that an app of all entries of another one holds the same.
func FuzzParse(f *testing.F) {
	f.Add(made(f))
	f.Add(made(f, "Header.json", "{}", `Controls\1.json`, `{"TopParent": {}}`, "checksum.json", "{}"))
	f.Fuzz(func(t *testing.T, src []byte) {
		lim := &Limits{Entries: 100, EntryBytes: 1 << 20, TotalBytes: 4 << 20}
		a, err := Parse(src, lim)
		if err != nil {
			return
		}
		var items []Item
		for _, e := range a.Entries() {
			items = append(items, Item{Entry: e})
		}
		out, err := Build(items)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Parse(out, lim)
		if err != nil {
			t.Fatalf("what was made of an app can't be read: %v", err)
		}
		for i, e := range a.Entries() {
			want, err := e.Read()
			got, err2 := b.Entries()[i].Read()
			if (err == nil) != (err2 == nil) || !bytes.Equal(want, got) {
				t.Fatalf("%s: %v, then %v", e.Name, err, err2)
			}
		}
	})
}

// TestCorpus takes every app of the real solutions apart and makes it again.
func TestCorpus(t *testing.T) {
	apps, opaque := 0, 0
	for _, s := range corpus.Solutions(t) {
		src := s.Zip(t)
		zr, err := zip.NewReader(bytes.NewReader(src), int64(len(src)))
		if err != nil {
			continue
		}
		for _, f := range zr.File {
			if !strings.HasSuffix(strings.ToLower(f.Name), ".msapp") {
				continue
			}
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			var doc bytes.Buffer
			if _, err := doc.ReadFrom(r); err != nil {
				t.Fatal(err)
			}
			apps++
			a, err := Parse(doc.Bytes(), nil)
			if err != nil {
				t.Logf("%s: %s: %v", s.Name, f.Name, err)
				opaque++
				continue
			}
			var items []Item
			for _, e := range a.Entries() {
				items = append(items, Item{Entry: e})
				data, err := e.Read()
				if err != nil {
					t.Errorf("%s: %s: %v", s.Name, f.Name, err)
				}
				if _, err := Facts(e.Path, data); err != nil && a.Find(e.Path) == e && isFactEntry(e.Path) {
					t.Errorf("%s: %s: %s: %v", s.Name, f.Name, e.Path, err)
				}
			}
			out, err := Build(items)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(out, doc.Bytes()) {
				t.Errorf("%s: %s is not the same when it is made again", s.Name, f.Name)
			}
		}
	}
	t.Logf("%d apps, of them %d that are none", apps, opaque)
}

func isFactEntry(p string) bool {
	for _, name := range FactEntries() {
		if Fold(name) == Fold(p) {
			return true
		}
	}
	return false
}
