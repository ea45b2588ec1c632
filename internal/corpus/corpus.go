// Package corpus gives tests what lies beside the checkout and is no part of it: real solutions and connectors, and what the
// reference tool makes of them. A test that asks for what is not there is skipped.
//
// Every solution has a folder with input.zip, and with expected.zip if the reference tool has read it. INDEX.csv describes each in
// a row.
package corpus

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// beside is the folder of all that, beside that of the module.
const beside = "shared"

// Path is a file or folder beside the checkout, by its path from there.
func Path(t testing.TB, elem ...string) string {
	t.Helper()
	name, ok := Find(t, elem...)
	if !ok {
		t.Skipf("%s is not beside the checkout", filepath.Join(elem...))
	}
	return name
}

// Find is Path for a test that has something to do without.
func Find(t testing.TB, elem ...string) (name string, ok bool) {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for !exists(filepath.Join(dir, "go.mod")) {
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("the test does not run in a folder of a module")
		}
		dir = parent
	}
	name = filepath.Join(append([]string{filepath.Dir(dir), beside}, elem...)...)
	return name, exists(name)
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// A Solution is a folder with the zip of a solution.
type Solution struct {
	Name string // of the folder
	dir  string
}

// Solutions are the real solutions, by name.
func Solutions(t testing.TB) []Solution {
	t.Helper()
	return solutionsIn(t, "corpus", "solutions")
}

// AnySolutions are the real solutions, and none where they are not, for a test that has others too.
func AnySolutions(t testing.TB) []Solution {
	t.Helper()
	if _, ok := Find(t, "corpus", "solutions"); !ok {
		t.Log("there are no real solutions beside the checkout")
		return nil
	}
	return Solutions(t)
}

// Sample are the real solutions, and with -short each nth of them.
func Sample(t testing.TB, nth int) (list []Solution) {
	t.Helper()
	for i, s := range Solutions(t) {
		if !testing.Short() || i%nth == 0 {
			list = append(list, s)
		}
	}
	return list
}

// Fixtures are small solutions that were made by hand, each to show one thing that the reference tool does.
func Fixtures(t testing.TB) []Solution {
	t.Helper()
	return solutionsIn(t, "fixtures", "synthetic")
}

func solutionsIn(t testing.TB, elem ...string) (list []Solution) {
	t.Helper()
	root := Path(t, elem...)
	zips, err := filepath.Glob(filepath.Join(root, "*", "input.zip"))
	if err != nil || len(zips) == 0 {
		t.Fatalf("no solutions in %s (%v)", root, err)
	}
	for _, name := range zips {
		dir := filepath.Dir(name)
		list = append(list, Solution{filepath.Base(dir), dir})
	}
	return list
}

// Largest is the real solution with the most customizations, and how many bytes these are.
func Largest(t testing.TB) (largest Solution, size int) {
	t.Helper()
	for _, row := range Index(t) {
		n, err := strconv.Atoi(row["customizations_bytes"])
		if err != nil {
			t.Fatal(err)
		}
		if n > size {
			largest, size = row.Solution(t), n
		}
	}
	return largest, size
}

// ID is what the name begins with, which is short and no other's.
func (s Solution) ID() string { return s.Name[:min(6, len(s.Name))] }

// File is the path of a file in the folder.
func (s Solution) File(name string) string { return filepath.Join(s.dir, name) }

// Zip reads the solution.
func (s Solution) Zip(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile(s.File("input.zip"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Part reads an entry of the solution; letter case does not matter. It is nil if there is none.
func (s Solution) Part(t testing.TB, name string) []byte {
	t.Helper()
	return Entry(t, s.File("input.zip"), name)
}

// Entry reads an entry of a zip; letter case does not matter. It is nil if there is none.
func Entry(t testing.TB, file, name string) []byte {
	t.Helper()
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		if strings.EqualFold(f.Name, name) {
			return ReadEntry(t, f)
		}
	}
	return nil
}

// ReadEntry inflates an entry of a zip.
func ReadEntry(t testing.TB, f *zip.File) []byte {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A Row is what the index says of a solution, by the names of its columns.
type Row map[string]string

// Index describes the real solutions that are there, in its own order.
func Index(t testing.TB) (list []Row) {
	t.Helper()
	src, err := os.ReadFile(Path(t, "corpus", "INDEX.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(src)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range rows[1:] {
		row := Row{}
		for i, name := range rows[0] {
			row[name] = cells[i]
		}
		if row["stored"] == "yes" {
			list = append(list, row)
		}
	}
	return list
}

// Solution is the one that the row describes.
func (r Row) Solution(t testing.TB) Solution {
	t.Helper()
	return Solution{r["name"], Path(t, "corpus", "solutions", r["name"])}
}

// Connectors are the published connectors, in memory.
func Connectors(t testing.TB) fs.FS {
	t.Helper()
	z, err := zip.OpenReader(Path(t, "corpus", "connectors-dev.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	files := fstest.MapFS{}
	for _, f := range z.File {
		if !f.FileInfo().IsDir() {
			files[f.Name] = &fstest.MapFile{Data: ReadEntry(t, f)}
		}
	}
	return files
}
