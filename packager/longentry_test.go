package packager

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
)

// An entry whose compressed length is a lie inflates to what it should, but it can't be copied: it is damaged.
func TestEntryBeyondTheEnd(t *testing.T) {
	sound := custom(t, `<ImportExportXml><Roles /></ImportExportXml>`)
	z, err := zip.NewReader(bytes.NewReader(sound), int64(len(sound)))
	if err != nil {
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
