package packager

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"
)

// What two elements of Other/Rescued.xml keep for one place comes back from both.
func TestRescuedInTwoElements(t *testing.T) {
	files := goodTree()
	files["Other/Rescued.xml"] = &fstest.MapFile{Data: []byte(`<Rescued>` +
		`<In Path="Roles"><Content><Node><Role id="1" name="one"/></Node></Content></In>` +
		`<In Path="Roles"><Content><Node><Role id="2" name="two"/></Node></Content></In></Rescued>`)}
	tree, err := Load(files, nil)
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if _, err := Pack(&buf, tree, nil); err != nil {
		t.Fatal(err)
	}
	text := string(zipEntries(t, buf.Bytes())[customizationsPart])
	for _, want := range []string{`name="one"`, `name="two"`, `name="Boss"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is lost: %s", want, text)
		}
	}
}
