package packager

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// streamFS gives files that can only be read from front to end, and counts those that are open.
type streamFS struct {
	fstest.MapFS
	open *int
}

type stream struct {
	fs.File
	open *int
}

func (s stream) Read(p []byte) (int, error) { return s.File.Read(p) }

func (s stream) Close() error { *s.open--; return s.File.Close() }

func (s streamFS) Open(name string) (fs.File, error) {
	f, err := s.MapFS.Open(name)
	if err != nil {
		return nil, err
	}
	*s.open++
	return stream{f, s.open}, nil
}

func TestOpenFile(t *testing.T) {
	data := caseZips(t)["testdata/layout/custom-control"]
	want := openBytes(t, data)
	files := fstest.MapFS{"in/a.zip": {Data: data}, "bad.zip": {Data: []byte("no zip")}, "empty.zip": {}}
	open := 0
	for what, fsys := range map[string]fs.FS{"at any place": files, "stream": streamFS{files, &open}} {
		t.Run(what, func(t *testing.T) {
			pkg, err := OpenFile(fsys, "in/a.zip", nil)
			if err != nil {
				t.Fatal(err)
			}
			if open != 0 {
				t.Error("what has been read as a whole is still open")
			}
			got, err := pkg.Digest()
			if err != nil {
				t.Fatal(err)
			}
			if wanted, err := want.Digest(); err != nil || got != wanted {
				t.Errorf("digest %s, want %s, %v", got, wanted, err)
			}
			if err := pkg.Close(); err != nil {
				t.Error(err)
			}
			for name, want := range map[string]error{"bad.zip": ErrFormat, "empty.zip": ErrFormat, "none.zip": fs.ErrNotExist, "in": ErrFormat} {
				_, err := OpenFile(fsys, name, nil)
				var own *Error
				if !errors.Is(err, want) || !errors.As(err, &own) || !strings.HasPrefix(err.Error(), "open: "+name+": ") || strings.Count(err.Error(), "open: ") != 1 {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
	if open != 0 {
		t.Errorf("%d files were left open", open)
	}
	if err := want.Close(); err != nil {
		t.Errorf("Close of a package that Open made: %v", err)
	}
}

// A path of the system is no name in a file system.
func TestOpenFileByPath(t *testing.T) {
	for _, name := range []string{"/in/a.zip", "../a.zip", "in/", ""} {
		if _, err := OpenFile(fstest.MapFS{}, name, nil); !errors.Is(err, fs.ErrInvalid) || !strings.Contains(err.Error(), "open the folder") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestOpenFileLimits(t *testing.T) {
	data := caseZips(t)["testdata/layout/custom-control"]
	open := 0
	_, err := OpenFile(streamFS{fstest.MapFS{"a.zip": {Data: data}}, &open}, "a.zip", &Limits{TotalBytes: int64(len(data)) - 1})
	if !errors.Is(err, ErrLimit) || open != 0 {
		t.Errorf("%v, %d open", err, open)
	}
	_, err = OpenFile(fstest.MapFS{"a.zip": {Data: data}}, "a.zip", &Limits{Files: 1})
	if !errors.Is(err, ErrLimit) || !strings.HasPrefix(err.Error(), "open: a.zip: ") {
		t.Errorf("entries: %v", err)
	}
}

// What no zip can have is refused before anything is written.
func TestPackOptionsOutOfRange(t *testing.T) {
	tree := unpackBytes(t, caseZips(t)["testdata/layout/custom-control"])
	for _, level := range []int{-4, -2, -1, 10} {
		var w bytes.Buffer
		_, err := Pack(&w, tree, &PackOptions{Level: level})
		var own *Error
		if !errors.As(err, &own) || w.Len() > 0 {
			t.Errorf("level %d: %v, %d bytes", level, err, w.Len())
		}
	}
	var w bytes.Buffer
	_, err := Pack(&w, tree, &PackOptions{Time: fixedTime.AddDate(-1, 0, 0)})
	var own *Error
	if !errors.As(err, &own) || w.Len() > 0 {
		t.Errorf("a time stamp of 1979: %v, %d bytes", err, w.Len())
	}
	for _, level := range []int{0, 1, 9, Store} {
		if _, err := Pack(&w, tree, &PackOptions{Level: level}); err != nil {
			t.Errorf("level %d: %v", level, err)
		}
	}
}
