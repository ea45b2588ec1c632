package catalogue

import (
	"strings"
	"testing"
)

const header = "code,type,name,key,section,key_name,key_id,folder,source\n"

func TestGenerate(t *testing.T) {
	out, err := Generate([]byte(header +
		"8,old,Old,id,,,,,doc\n" +
		"9,box,Big Box,both,Boxes/Box Crates/Box,Name|@Name,@Id,Boxes/,doc+observed\n" +
		"10,box,Big Box,both,Boxes/Box Crates/Box,Name|@Name,@Id,Boxes/,observed\n" +
		",lid,Lid,scoped,Boxes/Box/Lid,a+b,,,named\n"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(string(out)), " ")
	for _, want := range []string{
		`// The component types of the catalogue whose components stand in solution files on their own. const ( TypeBigBox ComponentType = "box" )`,
		`{Type: "old", Code: 8, Name: "Old", Key: KeyID, Section: "", Folder: "", Source: "doc"}`,
		`{Type: TypeBigBox, Code: 10, Name: "Big Box", Key: KeyBoth, Section: "Boxes/Box Crates/Box", Folder: "Boxes/", Source: "observed"}`,
		`{8, 0}, {9, 1}, {10, 1},`,
		`{"bigbox", 1}, {"box", 1}, {"lid", 2}, {"old", 0},`,
		`{name: "", path: "", first: 1, count: 2, row: -1}, {name: "Boxes", path: "Boxes", first: 3, count: 1, row: -1}, {name: "Crates", path: "Crates", first: 4, count: 1, row: -1}, {name: "Box", path: "Boxes/Box", first: 5, count: 1, row: 1}, {name: "Box", path: "Crates/Box", first: 6, count: 0, row: 1}, {name: "Lid", path: "Boxes/Box/Lid", first: 6, count: 0, row: 2},`,
		`{id: []string{"@Id"}, name: []string{"Name", "@Name"}}, {id: nil, join: true, name: []string{"a", "b"}},`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
}

func TestGenerateErrors(t *testing.T) {
	for table, want := range map[string]string{
		"":                                    "line 1: the header must be",
		"code,type\n":                         "line 1: the header must be",
		header + "x,box,Box,id,,,,,doc\n":     `line 2: code "x"`,
		header + "10000,box,Box,id,,,,,doc\n": `line 2: code "10000"`,
		header + "1,box,Box,id,,,,,doc\n1,lid,Lid,id,,,,,doc\n": "line 3: code 1 occurs twice",
		header + "1,Box,Box,id,,,,,doc\n":                       `line 2: type "Box"`,
		header + "1,box,Box,guid,,,,,doc\n":                     `line 2: key "guid"`,
		header + "1,box,Box,id,,,,,hearsay\n":                   `line 2: source "hearsay"`,
		header + "1,box\n":                                      "wrong number of fields",
	} {
		if out, err := Generate([]byte(table)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %q, %v, want %q", table, out, err, want)
		}
	}
}
