package zipw

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The bytes of a whole archive, field by field: this is the format, so a change here is a change of every
// archive that was ever packed. Stored, as the deflate streams are the standard library's.
func TestGolden(t *testing.T) {
	got := archiveOf(t, &Options{Level: Store}, Entry{Name: "a.xml", Data: []byte("<a />")}, Entry{Name: "ü"})
	want := strings.Join([]string{
		"504b0304 1400 0000 0000 0000 2100 da5159ca 05000000 05000000 0500 0000", hex.EncodeToString([]byte("a.xml<a />")),
		"504b0304 1400 0008 0000 0000 2100 00000000 00000000 00000000 0200 0000", "c3bc",
		"504b0102 2d00 1400 0000 0000 0000 2100 da5159ca 05000000 05000000 0500 0000 0000 0000 0000 00000000 00000000", hex.EncodeToString([]byte("a.xml")),
		"504b0102 2d00 1400 0008 0000 0000 2100 00000000 00000000 00000000 0200 0000 0000 0000 0000 00000000 28000000", "c3bc",
		"504b0506 0000 0000 0200 0200 63000000 48000000 0000",
	}, "")
	if got, want := hex.EncodeToString(got), strings.ReplaceAll(want, " ", ""); got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
}

// A deflated entry has flag bit 1 and no other, and is deflated even if that makes it longer.
func TestDeflatedHeader(t *testing.T) {
	for _, f := range open(t, archiveOf(t, nil, Entry{Name: "empty"}, Entry{Name: "tiny", Data: []byte("x")})).File {
		if f.Method != zip.Deflate || f.Flags != 0x0002 || f.ReaderVersion != 20 || f.CreatorVersion != 45 || f.ExternalAttrs != 0 || len(f.Extra) != 0 {
			t.Errorf("unexpected header %+v", f.FileHeader)
		}
		if f.CompressedSize64 <= f.UncompressedSize64 {
			t.Errorf("%s: %d bytes in %d", f.Name, f.UncompressedSize64, f.CompressedSize64)
		}
	}
}

func TestManyEntries(t *testing.T) {
	for _, n := range []int{65534, 65535, 65536, 70000} {
		entries := func(yield func(Entry) bool) {
			for i := range n {
				if !yield(Entry{Name: fmt.Sprint(i), Data: []byte{byte(i)}}) {
					return
				}
			}
		}
		var buf bytes.Buffer
		if err := Write(&buf, entries, &Options{Level: Store}); err != nil {
			t.Fatal(err)
		}
		files := open(t, buf.Bytes()).File
		if len(files) != n || files[n-1].Name != fmt.Sprint(n-1) {
			t.Errorf("%d entries, want %d", len(files), n)
		}
		if has := bytes.Contains(buf.Bytes(), []byte("PK\x06\x06")); has != (n >= 65535) {
			t.Errorf("%d entries: zip64 end record %t", n, has)
		}
	}
}

// sparse is an archive with a hole where gigabytes of content would be.
type sparse struct {
	head, tail []byte
	hole       int64
}

func (s sparse) size() int64 { return int64(len(s.head)) + s.hole + int64(len(s.tail)) }

func (s sparse) ReadAt(p []byte, off int64) (int, error) {
	for i := range p {
		switch at := off + int64(i); {
		case at < int64(len(s.head)):
			p[i] = s.head[at]
		case at < int64(len(s.head))+s.hole:
			p[i] = 0
		case at < s.size():
			p[i] = s.tail[at-int64(len(s.head))-s.hole]
		default:
			return i, io.EOF
		}
	}
	return len(p), nil
}

// Sizes and offsets over 32 bits, on both sides of the limit: one stored entry with a hole for content, and a
// small one behind it.
func TestLarge(t *testing.T) {
	for _, size := range []uint64{0xfffffffe - 100, 0xfffffffe, 0xffffffff, 0x100000000, 5 << 30} {
		var head, tail bytes.Buffer
		a := &archive{w: bufio.NewWriter(&head)}
		if err := a.begin(record{name: "large", version: version20, size: size, packed: size}); err != nil {
			t.Fatal(err)
		}
		a.w.Flush()
		a.w.Reset(&tail)
		if err := a.begin(record{name: "small", version: version20, size: 1, packed: 1}); err != nil {
			t.Fatal(err)
		}
		a.w.WriteByte('x')
		if err := a.finish(); err != nil {
			t.Fatal(err)
		}
		s := sparse{head.Bytes(), tail.Bytes(), int64(size)}
		r, err := zip.NewReader(s, s.size())
		if err != nil {
			t.Fatalf("%d bytes: %v", size, err)
		}
		var got []uint64
		for _, f := range r.File {
			start, err := f.DataOffset()
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, f.UncompressedSize64, f.CompressedSize64, uint64(start))
		}
		local := uint64(head.Len())
		if diff := cmp.Diff([]uint64{size, size, local, 1, 1, local + size + 35}, got); diff != "" {
			t.Errorf("%d bytes (-want +got)\n%s", size, diff)
		}
		if has := bytes.Contains(head.Bytes(), []byte{45, 0}); has != (size >= 0xffffffff) {
			t.Errorf("%d bytes: local header asks for version 4.5: %t", size, has)
		}
		if has := bytes.Contains(tail.Bytes(), []byte("PK\x06\x07")); has != (size+local+35 >= 0xffffffff) {
			t.Errorf("%d bytes: zip64 end record %t", size, has)
		}
	}
}

// A reader that knows nothing of the directory finds every entry by its local header.
func TestReadableAsStream(t *testing.T) {
	b := archiveOf(t, nil, Entry{Name: "one", Data: []byte("1")}, Entry{Name: "two", Data: []byte("22")}, Entry{Name: "three"})
	var names []string
	for bytes.HasPrefix(b, []byte("PK\x03\x04")) {
		packed := int(b[18]) | int(b[19])<<8
		n := int(b[26])
		names = append(names, string(b[30:30+n]))
		b = b[30+n+packed:]
	}
	if want := []string{"one", "two", "three"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
}
