package memfs_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/memfs"
)

func walked(fsys fs.FS) ([]string, error) {
	var names []string
	err := memfs.Walk(fsys, ".", func(name string, _ fs.DirEntry, err error) error {
		names = append(names, name)
		return err
	})
	return names, err
}

func TestWalk(t *testing.T) {
	got, err := walked(memfs.New(map[string][]byte{"a/b/c": nil, "a/d": nil, "e": nil}))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{".", "a", "a/b", "a/b/c", "a/d", "e"}, got); diff != "" {
		t.Errorf("names (-want +got)\n%s", diff)
	}
	gone := errors.New("gone")
	if err := memfs.Walk(memfs.New(nil), "nowhere", func(_ string, _ fs.DirEntry, err error) error {
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("error %v of a folder that is not there", err)
		}
		return gone
	}); err != gone {
		t.Errorf("error %v", err)
	}
}

// A lister is a file system in which each folder lists the same names, all of them folders.
type lister []string

func (l lister) Open(name string) (fs.File, error) {
	var list []fs.DirEntry
	for _, base := range l {
		list = append(list, memfs.Entry{Base: base, Dir: true})
	}
	return memfs.OpenDir(name, list, time.Time{}), nil
}

// A one is a file system of one file, of which the length is not what it says.
type one struct {
	data []byte
	size int64
	err  error // after the data; nil: io.EOF
}

func (o one) Open(string) (fs.File, error) { return &oneFile{o, bytes.NewReader(o.data)}, nil }

type oneFile struct {
	one
	*bytes.Reader
}

func (f *oneFile) Close() error               { return nil }
func (f *oneFile) Stat() (fs.FileInfo, error) { return memfs.Entry{Base: "x", Length: f.one.size}, nil }
func (f *oneFile) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p[:min(len(p), 700)])
	if err == io.EOF && f.err != nil {
		err = f.err
	}
	if f.err == io.ErrNoProgress {
		return 0, nil
	}
	return n, err
}

func TestReadFile(t *testing.T) {
	over, broken := errors.New("over the limit"), errors.New("broken")
	data := bytes.Repeat([]byte("0123456789"), 1000)
	for _, size := range []int64{10_000, 0, 1, -1, -1 << 60, 1 << 60} {
		for _, limit := range []int64{10_000, 10_001, 1 << 50} {
			got, err := memfs.ReadFile(one{data, size, nil}, "a/x", limit, over)
			if err != nil || !bytes.Equal(got, data) {
				t.Errorf("size %d, limit %d: %d bytes, error %v", size, limit, len(got), err)
			}
		}
		for _, limit := range []int64{1, 511, 512, 513, 9_999} {
			if _, err := memfs.ReadFile(one{data, size, nil}, "a/x", limit, over); !errors.Is(err, over) || !strings.Contains(err.Error(), "a/x") {
				t.Errorf("size %d, limit %d: error %v", size, limit, err)
			}
		}
	}
	for _, fsys := range []fs.FS{memfs.New(map[string][]byte{"a/x": data}), one{data, 5, nil}} {
		if _, err := memfs.ReadFile(fsys, "a/x", 9_999, over); !errors.Is(err, over) {
			t.Errorf("error %v", err)
		}
	}
	for _, want := range []error{broken, io.ErrUnexpectedEOF, io.ErrNoProgress} {
		if got, err := memfs.ReadFile(one{data, 5, want}, "a/x", 1<<20, over); !errors.Is(err, want) || !strings.Contains(err.Error(), "a/x") || got != nil {
			t.Errorf("%d bytes, error %v, want %v", len(got), err, want)
		}
	}
	if _, err := memfs.ReadFile(memfs.New(nil), "a/x", 1, over); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

// Folders that hold themselves have an end, and an error tells.
func TestWalkEnds(t *testing.T) {
	for _, base := range []string{".", "..", "", "a/b", "/", "/etc", "a/", "../a", "a//b"} {
		names, err := walked(lister{base})
		if !errors.Is(err, fs.ErrInvalid) || len(names) > 2 {
			t.Errorf("%q: %q, error %v", base, names, err)
		}
	}
	names, err := walked(lister{"a"})
	if !errors.Is(err, fs.ErrInvalid) || !strings.Contains(err.Error(), "more than 1000 folders") || len(names) != 1002 {
		t.Errorf("%d names, error %v", len(names), err)
	}
}
