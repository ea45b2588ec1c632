package packager

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// A dll is what a DLL for a test says of itself. It has headers and metadata, and no code.
type dll struct {
	name, culture string
	version       [4]uint16
	key           []byte
	wide          bool // indexes of heaps have four bytes
	plus          bool // PE32+
	types         int  // rows of a table before Assembly
}

// build makes the bytes of the DLL.
func (l dll) build() []byte {
	u16 := func(b []byte, v int) []byte { return binary.LittleEndian.AppendUint16(b, uint16(v)) }
	u32 := func(b []byte, v int) []byte { return binary.LittleEndian.AppendUint32(b, uint32(v)) }
	index, heaps := u16, byte(0)
	if l.wide {
		index, heaps = u32, 7
	}
	texts := []byte{0}
	text := func(s string) int {
		at := len(texts)
		texts = append(append(texts, s...), 0)
		return at
	}
	blobs, key := []byte{0}, 0
	if len(l.key) > 0 {
		key = len(blobs)
		if n := len(l.key); n < 0x80 {
			blobs = append(blobs, byte(n))
		} else {
			blobs = append(blobs, 0x80|byte(n>>8), byte(n))
		}
		blobs = append(blobs, l.key...)
	}
	tables := append([]byte{0, 0, 0, 0, 2, 0, heaps, 1}, make([]byte, 16)...)
	binary.LittleEndian.PutUint64(tables[8:], 1<<0|1<<1|1<<tableAssembly)
	tables = u32(u32(u32(tables, 1), l.types), 1)
	tables = index(index(index(index(u16(tables, 0), text("x.dll")), 1), 0), 0) // Module
	scope := u16
	if l.types >= 1<<14 {
		scope = u32
	}
	for range l.types { // TypeRef
		tables = index(index(scope(tables, 0), 1), 1)
	}
	tables = u32(tables, 0x8004)
	for _, v := range l.version {
		tables = u16(tables, int(v))
	}
	tables = index(index(index(u32(tables, 0), key), text(l.name)), text(l.culture))

	streams := []struct {
		name string
		data []byte
	}{{"#~", tables}, {"#Strings", texts}, {"#Blob", blobs}}
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
	if l.plus {
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
	return append(pe, meta...)
}

func TestAssemblyName(t *testing.T) {
	key := bytes.Repeat([]byte{7}, 160)
	hash := sha1.Sum(key)
	token := slices.Clone(hash[12:])
	slices.Reverse(token)
	for _, test := range []struct {
		dll  dll
		want string
	}{
		{dll{name: "Made.Up", version: [4]uint16{1, 2, 3, 65535}}, "Made.Up, Version=1.2.3.65535, Culture=neutral, PublicKeyToken=null"},
		{dll{name: "Made.Up", culture: "de-DE", key: key, plus: true}, "Made.Up, Version=0.0.0.0, Culture=de-DE, PublicKeyToken=" + hex.EncodeToString(token)},
		{dll{name: "Wide", wide: true, types: 3, key: key[:100]}, "Wide, Version=0.0.0.0, Culture=neutral, PublicKeyToken=" + keyToken(key[:100])},
		{dll{name: "Many", types: 1 << 14}, "Many, Version=0.0.0.0, Culture=neutral, PublicKeyToken=null"},
		{dll{name: "a,b=c"}, `a\,b\=c, Version=0.0.0.0, Culture=neutral, PublicKeyToken=null`},
	} {
		if got, err := assemblyName(test.dll.build()); err != nil || got != test.want {
			t.Errorf("%+v: %q, %v; want %q", test.dll, got, err, test.want)
		}
	}
}

func TestNoAssembly(t *testing.T) {
	whole := dll{name: "Made.Up"}.build()
	native := slices.Clone(whole)
	binary.LittleEndian.PutUint32(native[0x40+24+96+14*8:], 0)
	for _, data := range [][]byte{nil, []byte("MZ"), []byte("text"), native} {
		if name, err := assemblyName(data); !errors.Is(err, errNoAssembly) {
			t.Errorf("%.10q: %q, %v", data, name, err)
		}
	}
	for n := range whole {
		if name, err := assemblyName(whole[:n]); err == nil && name != "Made.Up, Version=0.0.0.0, Culture=neutral, PublicKeyToken=null" {
			t.Errorf("cut off after %d bytes: %q", n, name)
		}
	}
}

func FuzzAssemblyName(f *testing.F) {
	f.Add(dll{name: "Made.Up"}.build())
	f.Add(dll{name: "Made.Up", wide: true, plus: true, key: make([]byte, 160), types: 2}.build())
	f.Fuzz(func(t *testing.T, data []byte) {
		name, err := assemblyName(data)
		if err == nil && !strings.Contains(name, ", Version=") {
			t.Errorf("%q", name)
		}
	})
}

// remapTree is a tree with an assembly, a step and a workflow. The metadata has version 1 of Made.Up.
func remapTree(t *testing.T, built []byte) map[string][]byte {
	t.Helper()
	const full = "Made.Up, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null"
	return map[string][]byte{
		otherCustomizations: []byte(`<ImportExportXml><Workflows /><SolutionPluginAssemblies /><SdkMessageProcessingSteps /></ImportExportXml>`),
		otherSolution: []byte(strings.Replace(manifestXML(false, "29 {aaaaaaaa-0000-4000-8000-000000000002}", "92 {aaaaaaaa-0000-4000-8000-000000000001}"),
			"<RootComponents>", `<RootComponents><RootComponent type="91" schemaName="`+full+`" />`, 1)),
		"PluginAssemblies/M-1/M.dll": built,
		"PluginAssemblies/M-1/M.dll.data.xml": []byte(`<PluginAssembly FullName="` + full + `"><FileName>/PluginAssemblies/M-1/M.dll</FileName><PluginTypes>` +
			`<PluginType AssemblyQualifiedName="Made.Up.Of` + "`1[[A, Other, Version=3.0.0.0]], " + full + `" /></PluginTypes></PluginAssembly>`),
		"SdkMessageProcessingSteps/{aaaaaaaa-0000-4000-8000-000000000001}.xml": []byte(`<SdkMessageProcessingStep SdkMessageProcessingStepId="{aaaaaaaa-0000-4000-8000-000000000001}"><PluginTypeName>Made.Up.One, ` + full + `</PluginTypeName></SdkMessageProcessingStep>`),
		"Workflows/w.xaml": []byte("<Activity  xmlns:m=\"m\"><m:ActivityReference AssemblyQualifiedName=\"Made.Up.Two, " + full + "\" /><m:ActivityReference AssemblyQualifiedName=\"Other.Two, Other, Version=1.0.0.0\" />" +
			"<a></a><b>x<c></c></b></Activity>\n"),
		"Workflows/w.xaml.data.xml": []byte(`<Workflow WorkflowId="{aaaaaaaa-0000-4000-8000-000000000002}"><XamlFileName>/Workflows/w.xaml</XamlFileName></Workflow>`),
	}
}

func remapped(t *testing.T, files map[string][]byte, opts *PackOptions) (map[string][]byte, diag.List) {
	t.Helper()
	var packed bytes.Buffer
	list, err := Pack(&packed, loadMap(t, files), opts)
	if err != nil {
		t.Fatal(err)
	}
	return zipEntries(t, packed.Bytes()), list
}

// A version that the build has raised goes everywhere, and each change is told.
func TestRemapPlugins(t *testing.T) {
	files := remapTree(t, dll{name: "Made.Up", version: [4]uint16{2}}.build())
	before, list := remapped(t, files, nil)
	if len(list) > 0 {
		t.Errorf("findings: %v", list)
	}
	got, list := remapped(t, files, &PackOptions{RemapPlugins: true})
	replace := func(name string) string {
		return strings.ReplaceAll(string(before[name]), "Made.Up, Version=1.", "Made.Up, Version=2.")
	}
	for _, name := range []string{customizationsPart, solutionPart} {
		if diff := cmp.Diff(replace(name), string(got[name])); diff != "" || string(got[name]) == string(before[name]) {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	want := `<Activity xmlns:m="m">
  <m:ActivityReference AssemblyQualifiedName="Made.Up.Two, Made.Up, Version=2.0.0.0, Culture=neutral, PublicKeyToken=null" />
  <m:ActivityReference AssemblyQualifiedName="Other.Two, Other, Version=1.0.0.0" />
  <a>
  </a>
  <b>x<c></c></b>
</Activity>`
	if diff := cmp.Diff(want, string(got["Workflows/w.xaml"])); diff != "" {
		t.Errorf("workflow (-want +got)\n%s", diff)
	}
	var told []string
	for d := range list.Rule(ruleRemapped.ID) {
		told = append(told, d.Location.File+": "+d.Message[:strings.Index(d.Message, ": ")])
	}
	wantTold := []string{
		"PluginAssemblies/M-1/M.dll: AssemblyQualifiedName of PluginType", "PluginAssemblies/M-1/M.dll: FullName of PluginAssembly",
		"PluginAssemblies/M-1/M.dll: PluginTypeName of step {aaaaaaaa-0000-4000-8000-000000000001}", "PluginAssemblies/M-1/M.dll: schemaName of RootComponent",
		"Workflows/w.xaml: AssemblyQualifiedName of m:ActivityReference",
	}
	slices.Sort(told)
	if diff := cmp.Diff(wantTold, told); diff != "" || len(list) != len(told) {
		t.Errorf("told (-want +got)\n%s", diff)
	}
}

// Steps and workflows go by the simple name, so they stay where that has changed.
func TestRemapPluginsName(t *testing.T) {
	files := remapTree(t, dll{name: "Other.Name", version: [4]uint16{1}}.build())
	before, _ := remapped(t, files, nil)
	got, _ := remapped(t, files, &PackOptions{RemapPlugins: true})
	text := string(got[customizationsPart])
	for _, want := range []string{`FullName="Other.Name, Version=1`, `[[A, Other, Version=3.0.0.0]], Other.Name, Version=1`, `<PluginTypeName>Made.Up.One, Made.Up, Version=1`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if !bytes.Equal(before["Workflows/w.xaml"], got["Workflows/w.xaml"]) {
		t.Errorf("the workflow is changed:\n%s", got["Workflows/w.xaml"])
	}
}

// What is as it should be, or no assembly, changes nothing.
func TestRemapPluginsLeaves(t *testing.T) {
	for rule, built := range map[string][]byte{"": dll{name: "Made.Up", version: [4]uint16{1}}.build(), ruleNotRemapped.ID: []byte("no DLL")} {
		files := remapTree(t, built)
		before, _ := remapped(t, files, nil)
		got, list := remapped(t, files, &PackOptions{RemapPlugins: true})
		if diff := cmp.Diff(before, got); diff != "" {
			t.Errorf("%s: (-before +after)\n%s", rule, diff)
		}
		if rule == "" && len(list) > 0 || rule != "" && (len(list) != 1 || list[0].Rule != rule) {
			t.Errorf("findings %v, want %q", list, rule)
		}
	}
}

// Packages with DLLs are packed as the reference tool packs them, those included that are exceptions without the option.
func TestRemapCorpus(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob(corpusDir + "/*/input.zip")
	if len(files) == 0 {
		t.Skip("the corpus is not beside the checkout")
	}
	count := 0
	for _, input := range files {
		data, err := os.ReadFile(input)
		if err != nil {
			t.Fatal(err)
		}
		pkg, err := Open(bytes.NewReader(data), int64(len(data)), nil)
		if err != nil || !slices.ContainsFunc(pkg.Names(), func(name string) bool { return fold(extension(name)) == "DLL" }) {
			continue
		}
		dir := filepath.Dir(input)
		t.Run(filepath.Base(dir)[:6], func(t *testing.T) {
			tree, err := Unpack(pkg, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := readExpected(t, filepath.Join(dir, "expected.zip"))
			list := want.parts["repacked"]
			if list == nil {
				t.Skip("the reference tool packs nothing")
			}
			var buf bytes.Buffer
			if _, err := Pack(&buf, tree, &PackOptions{RemapPlugins: true}); err != nil {
				t.Fatal(err)
			}
			count++
			comparePack(t, nil, tree, buf.Bytes(), list, want)
		})
	}
	t.Logf("%d packages with DLLs", count)
}
