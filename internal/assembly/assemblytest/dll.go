// Package assemblytest makes DLLs for tests, with headers and metadata, and no code.
package assemblytest

import "encoding/binary"

// A DLL is what a DLL says of itself.
type DLL struct {
	Name, Culture string
	Version       [4]uint16
	Key           []byte
	Build         [16]byte // the module version id as it is stored; zero: there is none
	Wide          bool     // indexes of heaps have four bytes
	Plus          bool     // PE32+
	Types         int      // rows of a table before Assembly
	Rest          []byte   // what follows, which nothing names
}

// Bytes makes the bytes of the DLL.
func (l DLL) Bytes() []byte {
	u16 := func(b []byte, v int) []byte { return binary.LittleEndian.AppendUint16(b, uint16(v)) }
	u32 := func(b []byte, v int) []byte { return binary.LittleEndian.AppendUint32(b, uint32(v)) }
	index, heaps := u16, byte(0)
	if l.Wide {
		index, heaps = u32, 7
	}
	texts := []byte{0}
	text := func(s string) int {
		at := len(texts)
		texts = append(append(texts, s...), 0)
		return at
	}
	blobs, key := []byte{0}, 0
	if len(l.Key) > 0 {
		key = len(blobs)
		if n := len(l.Key); n < 0x80 {
			blobs = append(blobs, byte(n))
		} else {
			blobs = append(blobs, 0x80|byte(n>>8), byte(n))
		}
		blobs = append(blobs, l.Key...)
	}
	build, guids := 0, []byte{}
	if l.Build != [16]byte{} {
		build, guids = 2, append(make([]byte, 16), l.Build[:]...)
	}
	tables := append([]byte{0, 0, 0, 0, 2, 0, heaps, 1}, make([]byte, 16)...)
	binary.LittleEndian.PutUint64(tables[8:], 1<<0|1<<1|1<<0x20)
	tables = u32(u32(u32(tables, 1), l.Types), 1)
	tables = index(index(index(index(u16(tables, 0), text("x.dll")), build), 0), 0) // Module
	scope := u16
	if l.Types >= 1<<14 {
		scope = u32
	}
	for range l.Types { // TypeRef
		tables = index(index(scope(tables, 0), 1), 1)
	}
	tables = u32(tables, 0x8004)
	for _, v := range l.Version {
		tables = u16(tables, int(v))
	}
	tables = index(index(index(u32(tables, 0), key), text(l.Name)), text(l.Culture))

	streams := []struct {
		name string
		data []byte
	}{{"#~", tables}, {"#Strings", texts}, {"#Blob", blobs}, {"#GUID", guids}}
	meta := u32(u16(u16([]byte("BSJB"), 1), 1), 0)
	meta = append(u32(meta, 8), "v4.0.30\x00"...)
	meta = u16(u16(meta, 0), len(streams))
	at := len(meta)
	for _, s := range streams {
		at += 8 + (len(s.name)+4)&^3
	}
	for _, s := range streams {
		meta = u32(u32(meta, at), len(s.data))
		meta = append(append(meta, s.name...), make([]byte, 4-len(s.name)%4)...)
		at += len(s.data)
	}
	for _, s := range streams {
		meta = append(meta, s.data...)
	}

	const address, place = 0x2000, 0x200
	magic, directories := 0x10B, 96
	if l.Plus {
		magic, directories = 0x20B, 112
	}
	pe := append([]byte("MZ"), make([]byte, 0x3E)...)
	binary.LittleEndian.PutUint32(pe[0x3C:], 0x40)
	pe = append(u16(u16(append(pe, "PE\x00\x00"...), 0x14C), 1), make([]byte, 12)...)
	pe = u16(u16(pe, directories+16*8), 0x2102)
	optional := make([]byte, directories+16*8)
	binary.LittleEndian.PutUint16(optional, uint16(magic))
	binary.LittleEndian.PutUint32(optional[directories-4:], 16)
	binary.LittleEndian.PutUint32(optional[directories+14*8:], address)
	binary.LittleEndian.PutUint32(optional[directories+14*8+4:], 72)
	pe = append(pe, optional...)
	pe = append(pe, ".text\x00\x00\x00"...)
	pe = u32(u32(u32(u32(pe, 72+len(meta)), address), 72+len(meta)), place)
	pe = append(pe, make([]byte, 16)...)
	pe = append(pe, make([]byte, place-len(pe))...)
	pe = append(u32(u32(append(u32(pe, 72), 2, 0, 5, 0), address+72), len(meta)), make([]byte, 56)...)
	return append(append(pe, meta...), l.Rest...)
}
