package solutiontest

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"time"

	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
)

// A part is an entry of the zip.
type part struct {
	name string
	data []byte
}

// A Solution is a package that was made from a text. It is immutable and safe for concurrent use.
type Solution struct{ parts []part }

// FS returns the parts of the zip as a file system. Its files have no times.
func (s *Solution) FS() fs.FS {
	files := make(map[string][]byte, len(s.parts))
	for _, p := range s.parts {
		files[p.name] = p.data
	}
	return memfs.New(files)
}

// WriteZip writes the zip. Equal texts give equal bytes for one Go release.
func (s *Solution) WriteZip(w io.Writer) error {
	z := zip.NewWriter(w)
	for _, p := range s.parts {
		h := &zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
		f, err := z.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := f.Write(p.data); err != nil {
			return err
		}
	}
	return z.Close()
}

// Parts returns the parts as a reader of solutions gets them. The error is that of [solution.PartsOf].
func (s *Solution) Parts() (solution.Parts, error) { return solution.PartsOf(s.FS()) }

// A TB is a test or benchmark: what of testing.TB is needed here, so that no program links package testing.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
}

// parsed returns the solution of a text. A text that is wrong ends the test.
func parsed(t TB, text string) *Solution {
	t.Helper()
	s, err := Parse(text)
	if err != nil {
		t.Fatalf("text of a solution: %v", err)
	}
	return s
}

// Zip returns the zip of a text. A text that is wrong ends the test.
func Zip(t TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := parsed(t, text).WriteZip(&b); err != nil {
		t.Fatalf("zip of a text: %v", err)
	}
	return b.Bytes()
}

// Parts returns the parts of a text's solution, as a reader of solutions gets them. A text that is wrong ends the test.
func Parts(t TB, text string) solution.Parts {
	t.Helper()
	p, err := parsed(t, text).Parts()
	if err != nil {
		t.Fatalf("parts of a text: %v", err)
	}
	return p
}

// Tree returns the source tree of a text's solution, as it is unpacked. A text that is wrong ends the test.
func Tree(t TB, text string) *packager.Tree {
	t.Helper()
	tree, err := packager.Unpack(Parts(t, text), nil)
	if err != nil {
		t.Fatalf("tree of a text: %v", err)
	}
	return tree
}

// FS returns the parts of a text's zip. A text that is wrong ends the test.
func FS(t TB, text string) fs.FS {
	t.Helper()
	return parsed(t, text).FS()
}
