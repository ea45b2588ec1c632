package packager

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/solutionkit/solutionkit/internal/msapp"
)

// An App is the document of a canvas app, an .msapp file. It is an [fs.FS] of its entries, by their names with "/". It is
// immutable and safe for concurrent use.
type App struct {
	doc    *msapp.App
	limits Limits
	sys    *fileSystem
}

// OpenApp reads the document of a canvas app, which is held in memory; entries are inflated when they are read. lim, which may be
// nil, bounds it as it does a solution: FileBytes also the document, Files and TotalBytes what is in it.
//
// What is no document of an app, and what no app has (Zip64, encryption, two entries of one name), is an [*Error] that wraps
// [ErrFormat], [ErrInsecurePath] or [ErrLimit].
func OpenApp(r io.ReaderAt, size int64, lim *Limits) (*App, error) {
	limits := lim.withDefaults()
	if size > limits.FileBytes {
		return nil, errorf("open", "", "%d bytes: %w of %d", size, ErrLimit, limits.FileBytes)
	}
	src, err := io.ReadAll(io.NewSectionReader(r, 0, size))
	if err == nil && int64(len(src)) != size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, &Error{Op: "open", Err: err}
	}
	return parseApp(src, limits)
}

// parseApp makes an app of its bytes, which must not change.
func parseApp(src []byte, limits Limits) (*App, error) {
	doc, err := msapp.Parse(src, &msapp.Limits{Entries: limits.Files, EntryBytes: limits.FileBytes, TotalBytes: limits.TotalBytes})
	if err != nil {
		return nil, &Error{Op: "open", Err: appError(err)}
	}
	a := &App{doc: doc, limits: limits, sys: &fileSystem{}}
	for _, e := range doc.Entries() {
		if reason := insecure(e.Name); reason != "" {
			return nil, &Error{Op: "open", Path: fmt.Sprintf("%q", shortened(e.Name)), Err: fmt.Errorf("%w: %s", ErrInsecurePath, reason)}
		}
		if err := limits.path(e.Name); err != nil {
			return nil, &Error{Op: "open", Path: fmt.Sprintf("%q", shortened(e.Name)), Err: err}
		}
		if fs.ValidPath(e.Path) {
			a.sys.files = append(a.sys.files, &file{path: e.Path, size: e.Size, load: func() ([]byte, error) { return readApp(e) }})
		}
	}
	a.sys.sort()
	return a, nil
}

// appError gives an error of an app the kinds that this package's have.
func appError(err error) error {
	switch {
	case errors.Is(err, msapp.ErrLimit):
		return fmt.Errorf("%w: %w", ErrLimit, err)
	case errors.Is(err, msapp.ErrFormat):
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return err
}

func readApp(e *msapp.Entry) ([]byte, error) {
	data, err := e.Read()
	if err != nil {
		return nil, &Error{Op: "read", Err: appError(err)}
	}
	return data, nil
}

// Names returns the names of the entries with "/", in the order of the document.
func (a *App) Names() []string {
	var names []string
	for _, e := range a.doc.Entries() {
		names = append(names, e.Path)
	}
	return names
}

// ReadFile implements [fs.ReadFileFS]. Case of the name does not count.
func (a *App) ReadFile(name string) ([]byte, error) {
	e := a.doc.Find(name)
	if e == nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	return readApp(e)
}

// Open implements [fs.FS].
func (a *App) Open(name string) (fs.File, error) { return openFile(a.sys, name) }

// WriteTo writes the document. Of an app that was opened these are the bytes that were read.
func (a *App) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(a.doc.Bytes())
	return int64(n), err
}

// With returns the app with the content of an entry replaced; an entry that is not there is added behind the others, and one of
// nil is removed. All other entries keep their bytes, streams, time stamps and order. checksum.json is left out of an app that
// changes: only the service can compute what it holds, and many apps have none.
func (a *App) With(name string, data []byte) (*App, error) {
	e := a.doc.Find(name)
	switch {
	case e == nil && data == nil:
		return a, nil
	case e == nil && (insecure(name) != "" || !fs.ValidPath(strings.ReplaceAll(name, `\`, "/"))):
		return nil, errorf("edit", fmt.Sprintf("%q", name), "%w: an entry can't have this name", ErrInsecurePath)
	case e != nil && data != nil:
		old, err := readApp(e)
		if err != nil {
			return nil, err
		}
		if bytes.Equal(old, data) {
			return a, nil
		}
	}
	var items []msapp.Item
	for _, x := range a.doc.Entries() {
		switch {
		case x == e && data == nil || x != e && isChecksum(x.Path):
		case x == e:
			items = append(items, msapp.Item{Entry: x, Data: data})
		default:
			items = append(items, msapp.Item{Entry: x})
		}
	}
	if e == nil {
		time, madeBy := uint32(firstTime), uint16(appMadeBy)
		if len(items) > 0 && items[0].Entry != nil {
			time, madeBy = items[0].Entry.Time(), items[0].Entry.MadeBy()
		}
		items = append(items, msapp.Item{Name: strings.ReplaceAll(name, "/", `\`), Data: data, Time: time, MadeBy: madeBy})
	}
	src, err := msapp.Build(items)
	if err != nil {
		return nil, &Error{Op: "edit", Path: name, Err: appError(err)}
	}
	return parseApp(src, a.limits)
}

const (
	// firstTime is 1980-01-01 as an entry has it.
	firstTime = 0x0021_0000
	// appMadeBy is the version of the zip format that entries of apps have.
	appMadeBy = 20
)

func isChecksum(name string) bool { return msapp.Fold(name) == msapp.Fold(msapp.ChecksumEntry) }
