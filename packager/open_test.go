package packager

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"
)

// A checksum of 0 in the directory is a checksum, not the absence of one.
func TestChecksumZero(t *testing.T) {
	data := makeZip(t, completed([]zipEntry{{"bots/b/data", "damaged"}}, false, true)...)
	sum := make([]byte, 4)
	binary.LittleEndian.PutUint32(sum, crc32.ChecksumIEEE([]byte("damaged")))
	if bytes.Count(data, sum) < 1 {
		t.Fatal("the zip has no such checksum")
	}
	data = bytes.ReplaceAll(data, sum, make([]byte, 4))
	pkg := openBytes(t, data)
	_, err := pkg.ReadPart("bots/b/data")
	checkError(t, err, zip.ErrChecksum, []string{"read: bots/b/data", "damaged"})
}

func TestPathLimits(t *testing.T) {
	long := strings.Repeat("n", 600) + "/" + strings.Repeat("m", 600) + ".txt"
	deep := strings.Repeat("d/", 65) + "x.txt"
	for _, name := range []string{long, deep} {
		data := makeZip(t, completed([]zipEntry{{name, "x"}}, false, true)...)
		_, err := Open(bytes.NewReader(data), int64(len(data)), nil)
		checkError(t, err, ErrLimit, []string{"open: ", "over the limit"})
		if _, err := Open(bytes.NewReader(data), int64(len(data)), &Limits{PathBytes: 5000, PathDepth: 100}); err != nil {
			t.Errorf("within the limits that the caller gives: %v", err)
		}
	}
	// A component with such a name has no file, and is kept.
	name := "cts_/" + strings.Repeat("a/", 70) + "x.js"
	data := makeZip(t, completed([]zipEntry{
		{customizationsPart, "<ImportExportXml><WebResources><WebResource><Name>" + name + "</Name><FileName>/WebResources/a1</FileName></WebResource></WebResources></ImportExportXml>"},
		{"WebResources/a1", "x"},
	}, false, true, "61 "+name)...)
	tree := unpackBytes(t, data)
	checkLaw(t, data, packBytes(t, tree, nil))
}
