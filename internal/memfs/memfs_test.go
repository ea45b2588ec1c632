package memfs_test

import (
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"github.com/solutionkit/solutionkit/internal/memfs"
)

func TestFS(t *testing.T) {
	fsys := memfs.New(map[string][]byte{"a.txt": []byte("a"), "d/b.txt": nil, "d/e/c.txt": []byte("ccc")})
	if err := fstest.TestFS(fsys, "a.txt", "d/b.txt", "d/e/c.txt"); err != nil {
		t.Error(err)
	}
	if _, err := fsys.Open("d/"); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("open of an invalid path: %v", err)
	}
	if _, err := fsys.ReadFile("nowhere"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("read of what is not there: %v", err)
	}
	if err := fstest.TestFS(memfs.New(nil)); err != nil {
		t.Error(err)
	}
}

func TestEntryOfUnknownLength(t *testing.T) {
	made := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	e := memfs.Entry{Base: "a", Length: -1, Modified: made, Read: func() ([]byte, error) { return []byte("abc"), nil }}
	info, err := e.Info()
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() != 3 || info.IsDir() || info.Mode() != 0o644 || !info.ModTime().Equal(made) {
		t.Errorf("%v", info)
	}
	broken := errors.New("broken")
	e.Read = func() ([]byte, error) { return nil, broken }
	if _, err := e.Info(); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}
