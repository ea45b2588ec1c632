// Package assembly reads what a .NET assembly calls itself. It looks at two rows of the metadata (ECMA-335, partition II) and at no
// code.
package assembly

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// ErrNone says that a file is no .NET assembly.
var ErrNone = errors.New("not a .NET assembly")

// An Identity is what an assembly calls itself.
type Identity struct {
	Name           string
	Version        string // four numbers
	Culture        string // "neutral" if it has none
	PublicKeyToken string // 16 hexadecimal digits, "null" if it has no key
	// ModuleVersionID is a GUID that each build makes anew, unless it is deterministic: then it follows from what was built. Empty if
	// there is none.
	ModuleVersionID string
}

// String returns the full name as .NET writes it: name, version, culture and public key token.
func (i Identity) String() string {
	return escapedName(i.Name) + ", Version=" + i.Version + ", Culture=" + i.Culture + ", PublicKeyToken=" + i.PublicKeyToken
}

// An image is the bytes of a file of which offsets are checked: reading outside gives zeros and sets bad.
type image struct {
	data []byte
	bad  bool
}

func (m *image) bytes(at, n uint64) []byte {
	if at > uint64(len(m.data)) || n > uint64(len(m.data))-at {
		m.bad = true
		return make([]byte, min(n, 8))
	}
	return m.data[at : at+n]
}

func (m *image) u16(at uint64) uint64 { return uint64(binary.LittleEndian.Uint16(m.bytes(at, 2))) }
func (m *image) u32(at uint64) uint64 { return uint64(binary.LittleEndian.Uint32(m.bytes(at, 4))) }
func (m *image) u64(at uint64) uint64 { return binary.LittleEndian.Uint64(m.bytes(at, 8)) }

// Read reads the identity of an assembly. The error is [ErrNone] for what is none.
func Read(data []byte) (Identity, error) {
	m := &image{data: data}
	metadata, ok := m.metadata()
	if !ok {
		return Identity{}, ErrNone
	}
	identity, ok := m.assembly(metadata)
	switch {
	case m.bad:
		return Identity{}, errors.New("a .NET file that is cut off or damaged")
	case !ok:
		return Identity{}, ErrNone // a module of one
	}
	return identity, nil
}

// metadata finds the metadata of a PE file (ECMA-335, II.25).
func (m *image) metadata() (at uint64, ok bool) {
	if !bytes.HasPrefix(m.data, []byte("MZ")) {
		return 0, false
	}
	pe := m.u32(0x3C)
	if m.u32(pe) != 'P'|'E'<<8 || m.bad {
		return 0, false
	}
	sections, optional := m.u16(pe+6), pe+24
	directories := optional + 96
	switch m.u16(optional) {
	case 0x10B: // PE32
	case 0x20B: // PE32+
		directories += 16
	default:
		return 0, false
	}
	const cli = 14 // the number of the directory
	if m.u32(directories-4) <= cli || m.u32(directories+8*cli) == 0 || m.bad {
		return 0, false
	}
	table := optional + m.u16(pe+20)
	offset := func(address uint64) uint64 {
		for i := range sections {
			s := table + 40*i
			if start := m.u32(s + 12); address >= start && address-start < m.u32(s+16) {
				return m.u32(s+20) + address - start
			}
		}
		m.bad = true
		return 0
	}
	header := offset(m.u32(directories + 8*cli))
	return offset(m.u32(header + 8)), true
}

// assembly reads the rows of the tables Module and Assembly from the metadata (II.24.2, II.22.30, II.22.2).
func (m *image) assembly(root uint64) (Identity, bool) {
	if m.u32(root) != 'B'|'S'<<8|'J'<<16|'B'<<24 {
		m.bad = true
		return Identity{}, false
	}
	at := root + 16 + m.u32(root+12)
	streams := map[string]uint64{}
	at += 4
	for range m.u16(at - 2) {
		name := m.bytes(at+8, min(32, uint64(len(m.data))-min(at+8, uint64(len(m.data)))))
		end := bytes.IndexByte(name, 0)
		if end < 0 || m.bad {
			m.bad = true
			return Identity{}, false
		}
		streams[string(name[:end])] = root + m.u32(at)
		at += 8 + uint64(end+4)&^3
	}
	tables, ok := streams["#~"]
	if !ok {
		tables, ok = streams["#-"]
	}
	if !ok {
		return Identity{}, false
	}
	l := tableLayout{heaps: m.bytes(tables+6, 1)[0]}
	valid := m.u64(tables + 8)
	at = tables + 24
	for i := range l.rows {
		if valid>>i&1 != 0 {
			l.rows[i] = m.u32(at)
			at += 4
		}
	}
	if l.rows[tableAssembly] == 0 {
		return Identity{}, false
	}
	index := func(column string) (i uint64) {
		if l.width(column) == 2 {
			i = m.u16(at)
		} else {
			i = m.u32(at)
		}
		at += l.width(column)
		return i
	}
	start := at
	var build uint64
	if l.rows[tableModule] > 0 {
		at += l.width("2S")
		build = index("G")
	}
	at = start
	for i, columns := range tableColumns {
		at += l.rows[i] * l.width(columns)
	}
	version := fmt.Sprintf("%d.%d.%d.%d", m.u16(at+4), m.u16(at+6), m.u16(at+8), m.u16(at+10))
	at += 16 // the hash, the version, the flags
	key := m.blob(streams["#Blob"] + index("B"))
	name := m.text(streams["#Strings"] + index("S"))
	culture := m.text(streams["#Strings"] + index("S"))
	out := Identity{Name: name, Version: version, Culture: orDefault(culture, "neutral"), PublicKeyToken: keyToken(key)}
	if guids, ok := streams["#GUID"]; ok && build > 0 {
		out.ModuleVersionID = guid(m.bytes(guids+16*(build-1), 16))
	}
	return out, true
}

func orDefault(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// blob reads a length and as many bytes (II.24.2.4).
func (m *image) blob(at uint64) []byte {
	head := uint64(m.bytes(at, 1)[0])
	switch {
	case head < 0x80:
		return m.bytes(at+1, head)
	case head < 0xC0:
		return m.bytes(at+2, head&0x3F<<8|uint64(m.bytes(at+1, 1)[0]))
	}
	return m.bytes(at+4, uint64(binary.BigEndian.Uint32(m.bytes(at, 4)))&0x1FFFFFFF)
}

// text reads a string that ends with NUL.
func (m *image) text(at uint64) string {
	if at > uint64(len(m.data)) {
		m.bad = true
		return ""
	}
	const longest = 1024 // of a name (II.22.2)
	text := m.data[at:min(at+longest, uint64(len(m.data)))]
	end := bytes.IndexByte(text, 0)
	if end < 0 {
		m.bad = true
		return ""
	}
	return strings.ToValidUTF8(string(text[:end]), "_")
}

// keyToken is the token of a public key: the last eight bytes of its SHA-1, turned round (II.6.3).
func keyToken(key []byte) string {
	if len(key) == 0 {
		return "null"
	}
	hash := sha1.Sum(key)
	token := hash[len(hash)-8:]
	slices.Reverse(token)
	return hex.EncodeToString(token)
}

// escapedName is a simple name in a full name.
func escapedName(name string) string {
	return strings.NewReplacer(`\`, `\\`, ",", `\,`, "=", `\=`, `"`, `\"`, "'", `\'`).Replace(name)
}

// guid writes a GUID as .NET stores it: the first three numbers with the low byte first.
func guid(b []byte) string {
	if len(b) < 16 {
		return ""
	}
	return fmt.Sprintf("%08x-%04x-%04x-%x-%x", binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint16(b[4:]), binary.LittleEndian.Uint16(b[6:]), b[8:10], b[10:16])
}

// The numbers of tables.
const (
	tableModule   = 0x00
	tableAssembly = 0x20
)

// tableColumns are the columns of the tables that stand before Assembly, by number (II.22): 2 and 4 are that many bytes, S, G and B
// an index into the heap of strings, GUIDs and blobs, small letters an index of several tables, see codedTables, and
// others in brackets of the table of that hexadecimal number.
var tableColumns = [tableAssembly]string{
	0x00: "2SGGG", 0x01: "sSS", 0x02: "4SSt[04][06]", 0x03: "[04]", 0x04: "2SB", 0x05: "[06]", 0x06: "422SB[08]", 0x07: "[08]",
	0x08: "22S", 0x09: "[02]t", 0x0A: "pSB", 0x0B: "2cB", 0x0C: "ayB", 0x0D: "fB", 0x0E: "2dB", 0x0F: "24[02]",
	0x10: "4[04]", 0x11: "B", 0x12: "[02][14]", 0x13: "[14]", 0x14: "2St", 0x15: "[02][17]", 0x16: "[17]", 0x17: "2SB",
	0x18: "2[06]h", 0x19: "[02]mm", 0x1A: "S", 0x1B: "B", 0x1C: "2iS[1A]", 0x1D: "4[04]", 0x1E: "44", 0x1F: "4",
}

// codedTables are the tables of indexes that can be of several (II.24.2.6), by the letter in tableColumns.
var codedTables = map[rune][]int{
	's': {0x00, 0x1A, 0x23, 0x01},                                                                                                             // ResolutionScope
	't': {0x02, 0x01, 0x1B},                                                                                                                   // TypeDefOrRef
	'p': {0x02, 0x01, 0x1A, 0x06, 0x1B},                                                                                                       // MemberRefParent
	'c': {0x04, 0x08, 0x17},                                                                                                                   // HasConstant
	'y': {-1, -1, 0x06, 0x0A, -1},                                                                                                             // CustomAttributeType
	'f': {0x04, 0x08},                                                                                                                         // HasFieldMarshal
	'd': {0x02, 0x06, 0x20},                                                                                                                   // HasDeclSecurity
	'h': {0x14, 0x17},                                                                                                                         // HasSemantics
	'm': {0x06, 0x0A},                                                                                                                         // MethodDefOrRef
	'i': {0x04, 0x06},                                                                                                                         // MemberForwarded
	'a': {0x06, 0x04, 0x01, 0x02, 0x08, 0x09, 0x0A, 0x00, 0x0E, 0x17, 0x14, 0x11, 0x1A, 0x1B, 0x20, 0x23, 0x26, 0x27, 0x28, 0x2A, 0x2C, 0x2B}, // HasCustomAttribute
}

// A tableLayout is what the width of columns depends on.
type tableLayout struct {
	heaps byte
	rows  [64]uint64
}

// width is how many bytes the columns of a row have.
func (l *tableLayout) width(columns string) (width uint64) {
	wide := func(is bool) uint64 {
		if is {
			return 4
		}
		return 2
	}
	for i := 0; i < len(columns); i++ {
		switch c := columns[i]; c {
		case '2', '4':
			width += uint64(c - '0')
		case 'S':
			width += wide(l.heaps&1 != 0)
		case 'G':
			width += wide(l.heaps&2 != 0)
		case 'B':
			width += wide(l.heaps&4 != 0)
		case '[':
			table, _ := hex.DecodeString(columns[i+1 : i+3])
			width += wide(l.rows[table[0]] > 0xFFFF)
			i += len("00]")
		default:
			tables := codedTables[rune(c)]
			tag := bits.Len(uint(len(tables) - 1))
			most := uint64(0)
			for _, t := range tables {
				if t >= 0 {
					most = max(most, l.rows[t])
				}
			}
			width += wide(most >= 1<<(16-tag))
		}
	}
	return width
}
