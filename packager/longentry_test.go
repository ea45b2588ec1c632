package packager

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"io/fs"
	"testing"
)

// An entry whose compressed length is a lie inflates to what it should, but it can't be copied: it is damaged.
func TestEntryBeyondTheEnd(t *testing.T) {
	stored := custom(t, `<ImportExportXml><Roles /></ImportExportXml>`)
	z, err := zip.NewReader(bytes.NewReader(stored), int64(len(stored)))
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, f := range z.File {
		data, err := fs.ReadFile(z, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		var deflated bytes.Buffer
		d, _ := flate.NewWriter(&deflated, 6)
		d.Write(data)
		d.Close()
		// Raw, as what Create writes has its length behind the data too, which archive/zip looks for.
		h := &zip.FileHeader{Name: f.Name, Method: zip.Deflate, CRC32: f.CRC32, UncompressedSize64: uint64(len(data)), CompressedSize64: uint64(deflated.Len())}
		part, err := w.CreateRaw(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(deflated.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	sound := buf.Bytes()
	if z, err = zip.NewReader(bytes.NewReader(sound), int64(len(sound))); err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(sound, []byte("PK\x01\x02"))
	for _, f := range z.File {
		if f.Name == "customizations.xml" {
			break
		}
		at += 46 + len(f.Name) + len(f.Extra) + len(f.Comment)
	}
	damaged := bytes.Clone(sound)
	binary.LittleEndian.PutUint32(damaged[at+20:], 1<<29)
	pkg, err := Open(bytes.NewReader(damaged), int64(len(damaged)), nil)
	if err == nil {
		_, err = Unpack(pkg, nil)
	}
	if !errors.Is(err, zip.ErrFormat) {
		t.Errorf("got %v", err)
	}
}
