package zipw

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

// file is one entry as a reader sees it.
type file struct{ Name, Data string }

// archiveOf writes entries or fails the test.
func archiveOf(t testing.TB, opts *Options, entries ...Entry) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := Write(&buf, slices.Values(entries), opts); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// open reads an archive's directory with the standard library.
func open(t testing.TB, archive []byte) *zip.Reader {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func read(t testing.TB, archive []byte) []file {
	t.Helper()
	var files []file
	for _, f := range open(t, archive).File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("%q: %v", f.Name, err)
		}
		files = append(files, file{f.Name, string(data)})
	}
	return files
}

// element returns n bytes of markup that shrinks to about a tenth, as customizations do: few different
// elements, now and then a new identifier.
func element(rnd *rand.Rand, n int) []byte {
	words := []string{"Entity", "attribute", "LocalizedName", "Label", "form", "control", "cell", "IsCustomizable"}
	var b bytes.Buffer
	for b.Len() < n {
		w := words[rnd.IntN(len(words))]
		if rnd.IntN(8) == 0 {
			fmt.Fprintf(&b, "      <%s id=\"{%08x-0000-4000-8000-000000000000}\">\n", w, rnd.Uint32())
		}
		fmt.Fprintf(&b, "        <%s languagecode=\"1033\" showlabel=\"true\">%d</%s>\n", w, rnd.IntN(20), w)
	}
	return b.Bytes()[:n]
}

// someEntries returns entries of many sizes, some given, some loaded, and what a reader must find.
func someEntries(rnd *rand.Rand, n int) ([]Entry, []file) {
	var entries []Entry
	var files []file
	for i := range n {
		size := rnd.IntN(2 << rnd.IntN(17))
		data := element(rnd, size)
		if rnd.IntN(4) == 0 {
			for i := range data {
				data[i] = byte(rnd.Uint32())
			}
		}
		e := Entry{Name: fmt.Sprintf("Folder %d/file%d.xml", rnd.IntN(9), i), Data: data}
		if rnd.IntN(2) == 0 {
			e.Data, e.Load = nil, func() ([]byte, error) { return data, nil }
		}
		entries, files = append(entries, e), append(files, file{e.Name, string(data)})
	}
	return entries, files
}

func TestReadsBack(t *testing.T) {
	for _, level := range []int{Store, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9} {
		t.Run(fmt.Sprint("level ", level), func(t *testing.T) {
			entries, want := someEntries(rand.New(rand.NewPCG(1, uint64(level+3))), 20)
			got := archiveOf(t, &Options{Level: level}, entries...)
			if diff := gocmp.Diff(want, read(t, got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestEmptyArchive(t *testing.T) {
	if got := read(t, archiveOf(t, nil)); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

// Names, repeated names and contents that are odd come back as they went in.
func TestNamesAsGiven(t *testing.T) {
	tests := []struct {
		name string
		utf8 bool
	}{
		{"solution.xml", false},
		{"solution.xml", false},
		{"", false},
		{"../up", false},
		{"folder/", false},
		{`back\slash~`, false},
		{"[Content_Types].xml", false},
		{"a%20b.txt", false},
		{"Übersicht.json", true},
		{"日本.xml", true},
		{"\u00c3\u00bc.xml", true},
		{"\xfcbersicht.json", false},
		{strings.Repeat("n", 0xffff), false},
	}
	var entries []Entry
	for _, tt := range tests {
		entries = append(entries, Entry{Name: tt.name})
	}
	files := open(t, archiveOf(t, nil, entries...)).File
	if len(files) != len(tests) {
		t.Fatalf("%d entries, want %d", len(files), len(tests))
	}
	for i, tt := range tests {
		if files[i].Name != tt.name {
			t.Errorf("name %.40q, want %.40q", files[i].Name, tt.name)
		}
		if got := files[i].Flags&flagUTF8 != 0; got != tt.utf8 {
			t.Errorf("%.40q: UTF-8 flag %t, want %t", tt.name, got, tt.utf8)
		}
	}
}

// rounds is n, or less for go test -short, which the race detector needs to be of use.
func rounds(n uint64) uint64 {
	if testing.Short() {
		return n / 6
	}
	return n
}

// The same entries give the same bytes with any number of workers, however little may wait, whether content
// is given or loaded, and on every run, so with compressors that have been used before.
func TestWorkersNeverChangeBytes(t *testing.T) {
	for seed := range rounds(12) {
		level := []int{Store, -2, 1, 2, 4, 6, 9}[seed%7]
		entries, _ := someEntries(rand.New(rand.NewPCG(seed, 2)), 30)
		if seed%2 == 0 { // and some are copied
			from := open(t, archiveOf(t, &Options{Level: 3}, entries...))
			for i := 0; i < len(entries); i += 3 {
				entries[i] = Entry{Name: entries[i].Name, Raw: from.File[i]}
			}
		}
		want := archiveOf(t, &Options{Level: level, Workers: 1}, entries...)
		for workers := 1; workers <= 8; workers++ {
			for _, limit := range []int64{1, 1 << 16, waitingBytes} {
				var got bytes.Buffer
				if err := write(&got, slices.Values(entries), &Options{Level: level, Workers: workers}, limit); err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got.Bytes(), want) {
					t.Fatalf("seed %d, level %d, %d workers, limit %d: other bytes than with one worker", seed, level, workers, limit)
				}
			}
		}
	}
}

// A compressor from the pool must write what a new one writes, whatever it wrote before.
func TestPooledCompressorsAreAsNew(t *testing.T) {
	for level := -2; level <= 9; level++ {
		rnd := rand.New(rand.NewPCG(3, uint64(level+2)))
		used, err := flate.NewWriter(io.Discard, level)
		if err != nil {
			t.Fatal(err)
		}
		for range rounds(40) {
			data := element(rnd, rnd.IntN(3<<rnd.IntN(17)))
			var got, want bytes.Buffer
			used.Reset(&got)
			fresh, err := flate.NewWriter(&want, level)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range []*flate.Writer{used, fresh} {
				if _, err := w.Write(data); err != nil {
					t.Fatal(err)
				}
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(got.Bytes(), want.Bytes()) {
				t.Fatalf("level %d: a reset compressor writes other bytes for %d bytes of input", level, len(data))
			}
		}
	}
}

// Our deflate streams are those of compress/flate.
func TestPlainDeflate(t *testing.T) {
	data := element(rand.New(rand.NewPCG(4, 4)), 200_000)
	for level := range 10 {
		want := new(bytes.Buffer)
		w, err := flate.NewWriter(want, cmp.Or(level, DefaultLevel))
		if err != nil {
			t.Fatal(err)
		}
		w.Write(data)
		w.Close()
		raw, err := open(t, archiveOf(t, &Options{Level: level}, Entry{Name: "a", Data: data})).File[0].OpenRaw()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(raw)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want.Bytes()) {
			t.Errorf("level %d: %d bytes differ from the %d of compress/flate", level, len(got), want.Len())
		}
	}
}

func TestRawCopy(t *testing.T) {
	// An archive as other programs write it: data descriptors, time stamps, comments, modes, extra fields,
	// and a method that nobody here can read.
	var src bytes.Buffer
	zw := zip.NewWriter(&src)
	zw.RegisterCompressor(93, func(w io.Writer) (io.WriteCloser, error) { return nopCloser{w}, nil })
	for i, method := range []uint16{zip.Store, zip.Deflate, 93} {
		h := &zip.FileHeader{Name: fmt.Sprint("old", i), Method: method, Modified: time.Date(2020, 5, 6, 7, 8, 9, 0, time.UTC), Comment: "why"}
		h.SetMode(0o755)
		w, err := zw.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, strings.Repeat("content ", 100*i))
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	from := open(t, src.Bytes()).File
	from[2].Flags |= flagsOfMethod
	from[2].ReaderVersion = 63

	var entries []Entry
	for i, f := range from {
		entries = append(entries, Entry{Name: fmt.Sprint("new", i), Raw: f})
	}
	got := open(t, archiveOf(t, nil, entries...)).File
	for i, f := range got {
		old, err := from[i].OpenRaw()
		if err != nil {
			t.Fatal(err)
		}
		want, err := io.ReadAll(old)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := f.OpenRaw()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(raw)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(data, want) {
			t.Errorf("%s: compressed bytes changed", f.Name)
		}
		head := zip.FileHeader{
			Name: entries[i].Name, Method: from[i].Method, CRC32: from[i].CRC32,
			CompressedSize64: from[i].CompressedSize64, UncompressedSize64: from[i].UncompressedSize64,
			CreatorVersion: 45, ReaderVersion: []uint16{20, 20, 63}[i], Flags: []uint16{0, 2, 6}[i],
		}
		head.CompressedSize, head.UncompressedSize = uint32(head.CompressedSize64), uint32(head.UncompressedSize64) //lint:ignore SA1019 what the reader sets
		head.Modified = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
		head.Extra = []byte{}
		head.ModifiedDate = 1<<5 | 1 //lint:ignore SA1019 what the reader sets
		if diff := gocmp.Diff(head, f.FileHeader); diff != "" {
			t.Errorf("%s (-want +got)\n%s", f.Name, diff)
		}
	}
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

func TestTime(t *testing.T) {
	tests := []struct {
		in   time.Time
		want string // "" is an error
	}{
		{time.Time{}, "1980-01-01 00:00:00"},
		{time.Date(2024, 2, 29, 23, 59, 59, 0, time.UTC), "2024-02-29 23:59:58"},
		{time.Date(2024, 6, 1, 12, 0, 0, 0, time.FixedZone("", 7200)), "2024-06-01 12:00:00"},
		{time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC), "1980-01-01 00:00:00"},
		{time.Date(2107, 12, 31, 23, 59, 58, 0, time.UTC), "2107-12-31 23:59:58"},
		{time.Date(1979, 12, 31, 0, 0, 0, 0, time.UTC), ""},
		{time.Date(2108, 1, 1, 0, 0, 0, 0, time.UTC), ""},
	}
	for _, tt := range tests {
		var buf bytes.Buffer
		err := Write(&buf, slices.Values([]Entry{{Name: "a"}}), &Options{Time: tt.in})
		if (err != nil) != (tt.want == "") {
			t.Errorf("%v: error %v", tt.in, err)
		}
		if err != nil {
			continue
		}
		if got := open(t, buf.Bytes()).File[0].Modified.Format(time.DateTime); got != tt.want {
			t.Errorf("%v: got %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestRefusedOptions(t *testing.T) {
	for _, opts := range []Options{{Level: 10}, {Level: -4}, {Workers: -1}} {
		var buf bytes.Buffer
		if err := Write(&buf, slices.Values([]Entry(nil)), &opts); err == nil || buf.Len() > 0 {
			t.Errorf("%+v: error %v, %d bytes written", opts, err, buf.Len())
		}
	}
}

// The first entry in order that fails is blamed, whoever fails first, and no Load runs after that.
func TestEntryErrors(t *testing.T) {
	bad := errors.New("no such table")
	ok := Entry{Name: "ok", Data: []byte("data")}
	load := func(f func() ([]byte, error)) Entry { return Entry{Name: "bad", Load: f} }
	short := open(t, archiveOf(t, &Options{Level: Store}, Entry{Name: "s", Data: make([]byte, 100)})).File[0]
	short.CompressedSize64 = 1000
	encrypted := *short
	encrypted.Flags = 1
	tests := []struct {
		what  string
		entry Entry
		is    error
		text  string
	}{
		{"load", load(func() ([]byte, error) { return nil, bad }), bad, `zip entry "bad": no such table`},
		{"slow load", load(func() ([]byte, error) { time.Sleep(10 * time.Millisecond); return nil, bad }), bad, ""},
		{"long name", Entry{Name: strings.Repeat("x", 65536)}, nil, "65536 bytes"},
		{"two contents", Entry{Name: "bad", Data: []byte{1}, Raw: short}, nil, "more than one"},
		{"two contents", Entry{Name: "bad", Data: []byte{1}, Load: func() ([]byte, error) { return nil, nil }}, nil, "more than one"},
		{"short raw", Entry{Name: "bad", Raw: short}, io.ErrUnexpectedEOF, ""},
		{"encrypted", Entry{Name: "bad", Raw: &encrypted}, nil, "encrypted"},
	}
	for _, tt := range tests {
		for workers := 1; workers <= 3; workers++ {
			var running, after atomic.Int32
			entries := []Entry{ok, tt.entry, load(func() ([]byte, error) { return nil, errors.New("too late") })}
			for range 20 {
				entries = append(entries, Entry{Name: "later", Load: func() ([]byte, error) {
					running.Add(1)
					defer running.Add(-1)
					after.Add(1)
					return []byte("x"), nil
				}})
			}
			var buf bytes.Buffer
			err := Write(&buf, slices.Values(entries), &Options{Workers: workers})
			if n := running.Load(); n != 0 {
				t.Errorf("%s: %d loads are still running", tt.what, n)
			}
			seen := after.Load()
			if workers == 1 && seen != 0 {
				t.Errorf("%s: %d entries loaded after the bad one", tt.what, seen)
			}
			var ee *EntryError
			switch {
			case !errors.As(err, &ee):
				t.Errorf("%s, %d workers: got %v, want an EntryError", tt.what, workers, err)
			case tt.is != nil && !errors.Is(err, tt.is):
				t.Errorf("%s, %d workers: got %v, want %v", tt.what, workers, err, tt.is)
			case !strings.Contains(err.Error(), tt.text):
				t.Errorf("%s, %d workers: got %q, want %q in it", tt.what, workers, err, tt.text)
			}
		}
	}
}

// failingWriter takes n bytes.
type failingWriter struct{ n int }

var errFull = errors.New("disk full")

func (w *failingWriter) Write(p []byte) (int, error) {
	if len(p) > w.n {
		return w.n, errFull
	}
	w.n -= len(p)
	return len(p), nil
}

func TestWriterErrorComesBackAsItIs(t *testing.T) {
	entries, _ := someEntries(rand.New(rand.NewPCG(5, 5)), 30)
	whole := len(archiveOf(t, nil, entries...))
	raw := open(t, archiveOf(t, &Options{Level: Store}, Entry{Name: "r", Data: make([]byte, 1<<20)})).File[0]
	for _, workers := range []int{1, 4} {
		for n := 0; n < whole; n += whole / 7 {
			if err := Write(&failingWriter{n}, slices.Values(entries), &Options{Workers: workers}); err != errFull {
				t.Errorf("after %d bytes: got %v, want %v", n, err, errFull)
			}
		}
		if err := Write(&failingWriter{1000}, slices.Values([]Entry{{Name: "r", Raw: raw}}), &Options{Workers: workers}); err != errFull {
			t.Errorf("raw: got %v, want %v", err, errFull)
		}
	}
}

func TestPanicReachesCaller(t *testing.T) {
	tests := map[string]func() ([]byte, error){
		"panic": func() ([]byte, error) { panic("broken row") },
		"exit":  func() ([]byte, error) { runtime.Goexit(); return nil, nil },
	}
	for name, load := range tests {
		entries := []Entry{{Name: "a"}}
		for range 9 {
			entries = append(entries, Entry{Name: "b.xml", Load: load})
		}
		func() {
			defer func() {
				v := fmt.Sprint(recover())
				if !strings.Contains(v, "b.xml") || name == "panic" && !strings.Contains(v, "broken row") {
					t.Errorf("%s: recovered %.80q, want the entry and the value", name, v)
				}
			}()
			Write(io.Discard, slices.Values(entries), &Options{Workers: 3})
		}()
	}
}

// embeds has the Reset of what it embeds; its maker may use it again as well.
type embeds struct{ *flate.Writer }

// once is a writer without a Reset.
type once struct{ io.WriteCloser }

func TestCompressor(t *testing.T) {
	const workers = 2
	huffman := func(w io.Writer) *flate.Writer {
		f, err := flate.NewWriter(w, flate.HuffmanOnly)
		if err != nil {
			t.Error(err)
		}
		return f
	}
	entries, _ := someEntries(rand.New(rand.NewPCG(6, 6)), 50)
	want := archiveOf(t, &Options{Level: -2}, entries...)
	for name, tt := range map[string]struct {
		make        func(w io.Writer) io.WriteCloser
		least, most int32
	}{
		"reset":             {func(w io.Writer) io.WriteCloser { return huffman(w) }, 1, workers},
		"no reset":          {func(w io.Writer) io.WriteCloser { return once{huffman(w)} }, 50, 50},
		"embeds":            {func(w io.Writer) io.WriteCloser { return embeds{huffman(w)} }, 50, 50},
		"pointer, embeds":   {func(w io.Writer) io.WriteCloser { return &embeds{huffman(w)} }, 50, 50},
		"embeds no pointer": {func(w io.Writer) io.WriteCloser { return &struct{ flate.Writer }{*huffman(w)} }, 50, 50},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int32
			opts := &Options{Level: 1, Workers: workers, Compressor: func(w io.Writer) (io.WriteCloser, error) {
				calls.Add(1)
				return tt.make(w), nil
			}}
			if !bytes.Equal(archiveOf(t, opts, entries...), want) {
				t.Error("the compressor's output was not used, or is not that of a new one")
			}
			if n := calls.Load(); n < tt.least || n > tt.most {
				t.Errorf("%d writers for %d entries, want %d to %d", n, len(entries), tt.least, tt.most)
			}
			calls.Store(0)
			opts.Level = Store
			if !bytes.Equal(archiveOf(t, opts, entries...), archiveOf(t, &Options{Level: Store}, entries...)) || calls.Load() != 0 {
				t.Error("Store did not win over the compressor")
			}
		})
	}
	opts := &Options{Compressor: func(io.Writer) (io.WriteCloser, error) { return nil, errFull }}
	if err := Write(io.Discard, slices.Values(entries), opts); !errors.Is(err, errFull) {
		t.Errorf("got %v, want %v", err, errFull)
	}
}

// failing is a writer with a Reset whose Close fails once.
type failing struct {
	io.WriteCloser
	failed, resets *atomic.Int32
}

func (f *failing) Reset(io.Writer) { f.resets.Add(1) }
func (f *failing) Close() error    { f.failed.Add(1); return errFull }

// What could not be closed may be in any state.
func TestFailedCompressorIsNotReset(t *testing.T) {
	var failed, resets atomic.Int32
	compress := again(func(w io.Writer) (io.WriteCloser, error) { return &failing{once{}, &failed, &resets}, nil })
	for range 3 {
		w, err := compress(io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); !errors.Is(err, errFull) {
			t.Errorf("Close returns %v", err)
		}
	}
	if failed.Load() != 3 || resets.Load() != 0 {
		t.Errorf("%d closed, %d reset, want 3 and none", failed.Load(), resets.Load())
	}
}

// What waits for its turn is bounded: while the first entry does not finish, the workers run ahead to the
// limit and stop there.
func TestMemoryIsBounded(t *testing.T) {
	const (
		workers = 3
		limit   = 8 * chunkSize
		most    = 8 + 2*workers
	)
	noise := make([]byte, chunkSize-100)
	for i := range noise {
		noise[i] = byte(rand.Uint32())
	}
	var loaded atomic.Int32
	var released atomic.Bool
	release := make(chan struct{})
	go func() {
		for loaded.Load() < 8 { // the limit; then an overrun gets the time to happen
			time.Sleep(time.Millisecond)
		}
		time.Sleep(50 * time.Millisecond)
		if n := loaded.Load(); n > most {
			t.Errorf("%d entries loaded while the first is not done, want at most %d", n, most)
		}
		released.Store(true)
		close(release)
	}()
	entries := func(yield func(Entry) bool) {
		if !yield(Entry{Name: "first", Load: func() ([]byte, error) { <-release; return nil, nil }}) {
			return
		}
		for i := range 100 {
			if i > most && !released.Load() {
				t.Errorf("entry %d is asked for while the first is not done, want at most %d", i, most)
			}
			if !yield(Entry{Name: "more", Load: func() ([]byte, error) { loaded.Add(1); return noise, nil }}) {
				return
			}
		}
	}
	if err := write(io.Discard, entries, &Options{Workers: workers}, limit); err != nil {
		t.Fatal(err)
	}
}

func FuzzWrite(f *testing.F) {
	f.Add("solution.xml", []byte("<ImportExportXml />"), "Übersicht.json", []byte("{}"), 6, uint8(2))
	f.Add("", []byte(nil), "\xff\xfe", bytes.Repeat([]byte("ab"), 70000), Store, uint8(1))
	f.Add("a", []byte{0}, "a", []byte("a"), 1, uint8(5))
	f.Fuzz(func(t *testing.T, name1 string, data1 []byte, name2 string, data2 []byte, level int, workers uint8) {
		if strings.HasSuffix(name1, "/") && len(data1)+len(data2) > 0 || strings.HasSuffix(name2, "/") && len(data2) > 0 {
			return // archive/zip reads no folder that has bytes, and nobody writes one
		}
		entries := []Entry{
			{Name: name1, Data: data1},
			{Name: name2, Load: func() ([]byte, error) { return data2, nil }},
			{Name: name1, Data: data2},
		}
		var one, many bytes.Buffer
		if err := Write(&one, slices.Values(entries), &Options{Level: level, Workers: 1}); err != nil {
			if level >= Store && level <= 9 && max(len(name1), len(name2)) <= 0xffff {
				t.Fatal(err)
			}
			return
		}
		if err := Write(&many, slices.Values(entries), &Options{Level: level, Workers: 1 + int(workers%8)}); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(one.Bytes(), many.Bytes()) {
			t.Fatal("workers change the bytes")
		}
		want := []file{{name1, string(data1)}, {name2, string(data2)}, {name1, string(data2)}}
		if diff := gocmp.Diff(want, read(t, one.Bytes())); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
		var raw []Entry
		for _, zf := range open(t, one.Bytes()).File {
			raw = append(raw, Entry{Name: zf.Name, Raw: zf})
		}
		if !bytes.Equal(archiveOf(t, nil, raw...), one.Bytes()) {
			t.Fatal("a raw copy of our own archive differs from it")
		}
	})
}
