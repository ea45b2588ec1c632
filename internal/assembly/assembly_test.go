package assembly

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/internal/assembly/assemblytest"
)

func TestRead(t *testing.T) {
	key := bytes.Repeat([]byte{7}, 160)
	hash := sha1.Sum(key)
	token := slices.Clone(hash[12:])
	slices.Reverse(token)
	for _, test := range []struct {
		dll  assemblytest.DLL
		want string
	}{
		{assemblytest.DLL{Name: "Made.Up", Version: [4]uint16{1, 2, 3, 65535}}, "Made.Up, Version=1.2.3.65535, Culture=neutral, PublicKeyToken=null"},
		{assemblytest.DLL{Name: "Made.Up", Culture: "de-DE", Key: key, Plus: true}, "Made.Up, Version=0.0.0.0, Culture=de-DE, PublicKeyToken=" + hex.EncodeToString(token)},
		{assemblytest.DLL{Name: "Wide", Wide: true, Types: 3, Key: key[:100]}, "Wide, Version=0.0.0.0, Culture=neutral, PublicKeyToken=" + keyToken(key[:100])},
		{assemblytest.DLL{Name: "Many", Types: 1 << 14}, "Many, Version=0.0.0.0, Culture=neutral, PublicKeyToken=null"},
		{assemblytest.DLL{Name: "a,b=c"}, `a\,b\=c, Version=0.0.0.0, Culture=neutral, PublicKeyToken=null`},
	} {
		if got, err := Read(test.dll.Bytes()); err != nil || got.String() != test.want {
			t.Errorf("%+v: %q, %v; want %q", test.dll, got, err, test.want)
		}
	}
}

// The module version id is a GUID, which .NET stores with three numbers turned round.
func TestModuleVersionID(t *testing.T) {
	build := [16]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
	const want = "04030201-0605-0807-090a-0b0c0d0e0f10"
	for _, dll := range []assemblytest.DLL{{Name: "Made.Up", Build: build}, {Name: "Made.Up", Build: build, Wide: true, Types: 2}, {Name: "Made.Up", Build: build, Types: 1 << 14, Plus: true}} {
		got, err := Read(dll.Bytes())
		if err != nil || got.ModuleVersionID != want || got.Name != "Made.Up" {
			t.Errorf("%+v: %+v, %v; want %s", dll, got, err, want)
		}
	}
	if got, err := Read(assemblytest.DLL{Name: "Made.Up"}.Bytes()); err != nil || got.ModuleVersionID != "" {
		t.Errorf("without one: %+v, %v", got, err)
	}
}

func TestNoAssembly(t *testing.T) {
	whole := assemblytest.DLL{Name: "Made.Up"}.Bytes()
	native := slices.Clone(whole)
	binary.LittleEndian.PutUint32(native[0x40+24+96+14*8:], 0)
	for _, data := range [][]byte{nil, []byte("MZ"), []byte("text"), native} {
		if name, err := Read(data); !errors.Is(err, ErrNone) {
			t.Errorf("%.10q: %q, %v", data, name, err)
		}
	}
	for n := range whole {
		if name, err := Read(whole[:n]); err == nil && name.String() != "Made.Up, Version=0.0.0.0, Culture=neutral, PublicKeyToken=null" {
			t.Errorf("cut off after %d bytes: %q", n, name)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(assemblytest.DLL{Name: "Made.Up"}.Bytes())
	f.Add(assemblytest.DLL{Name: "Made.Up", Build: [16]byte{1}, Rest: []byte("more")}.Bytes())
	f.Add(assemblytest.DLL{Name: "Made.Up", Wide: true, Plus: true, Key: make([]byte, 160), Types: 2}.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		name, err := Read(data)
		if err == nil && !strings.Contains(name.String(), ", Version=") {
			t.Errorf("%q", name)
		}
	})
}
