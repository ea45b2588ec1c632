package packager

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// OpenFile opens the zip that is the file of that name in fsys: an upload, an embedded file, one of os.DirFS. It does what
// [Open] does; [Package.Close] must be called when the package and the trees unpacked of it are no longer used.
//
// A file that can be read at any place ([io.ReaderAt]; those of os and embed can) stays open until then, and is read as far
// as entries are asked for. Another one is read as a whole at once, up to Limits.TotalBytes, and closed.
func OpenFile(fsys fs.FS, name string, lim *Limits) (*Package, error) {
	if !fs.ValidPath(name) {
		return nil, errorf("open", name, "%w: names in an fs.FS begin below its root and have no ..: open the folder, as by os.DirFS, and give the name in it", fs.ErrInvalid)
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, &Error{Op: "open", Path: name, Err: err}
	}
	r, size, err := readerAt(f, lim.withDefaults().TotalBytes)
	if err != nil {
		f.Close()
		return nil, &Error{Op: "open", Path: name, Err: err}
	}
	p, err := Open(r, size, lim)
	if err != nil {
		f.Close()
		return nil, &Error{Op: "open", Path: name, Err: withoutOp(err)}
	}
	if _, ok := f.(io.ReaderAt); ok {
		p.closer = f
		return p, nil
	}
	if err := f.Close(); err != nil {
		return nil, &Error{Op: "open", Path: name, Err: err}
	}
	return p, nil
}

// readerAt returns what reads a file at any place, and its length.
func readerAt(f fs.File, limit int64) (io.ReaderAt, int64, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, fmt.Errorf("%w: not a regular file", ErrFormat)
	}
	if r, ok := f.(io.ReaderAt); ok {
		return r, info.Size(), nil
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, 0, err
	}
	if int64(len(data)) > limit {
		return nil, 0, fmt.Errorf("more than %d bytes: %w", limit, ErrLimit)
	}
	return bytes.NewReader(data), int64(len(data)), nil
}

// withoutOp takes the operation off an error that another one of the same operation is to wrap.
func withoutOp(err error) error {
	var own *Error
	switch {
	case !errors.As(err, &own) || own != err:
		return err
	case own.Path == "":
		return own.Err
	}
	return fmt.Errorf("%s: %w", own.Path, own.Err)
}

// Close closes the file of a package that [OpenFile] opened. Entries can't be read afterwards. For other packages it does
// nothing.
func (p *Package) Close() error {
	if p.closer == nil {
		return nil
	}
	return p.closer.Close()
}
