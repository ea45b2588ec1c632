package xmlspan

import (
	"bytes"
	"runtime"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"
)

func TestDocument(t *testing.T) {
	src := []byte("<!--before--><r a='1' b = \"x&amp;&#10;\ty\" c=''>\r\n" +
		"<x>one &lt; <i>two\r\n<j>three</j></i><![CDATA[&amp;]]><!--no--></x>tail<?p q?><y></y><x k='2' /></r>")
	d, err := Parse(src, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Kind         Kind
		Depth        int16
		Source       string
		Inner        string
		Parent, Next int32
	}
	var got []row
	for i := range d.Nodes {
		n := &d.Nodes[i]
		if i == int(None) {
			continue
		}
		r := row{n.Kind, n.Depth, string(d.Bytes(int32(i))), string(d.Inner(int32(i))), n.Parent, n.Next}
		if n.Depth == 0 && n.IsElement() {
			r.Source, r.Inner = r.Source[:2]+r.Source[len(r.Source)-4:], ""
		}
		got = append(got, r)
	}
	x := "one &lt; <i>two\r\n<j>three</j></i><![CDATA[&amp;]]><!--no-->"
	want := []row{
		{Comment, 0, "<!--before-->", "", None, 2},
		{StartTag, 0, "<r</r>", "", None, None},
		{StartTag, 1, "<x>" + x + "</x>", x, 2, 4},
		{Text, 1, "tail", "", 2, 5},
		{ProcInst, 1, "<?p q?>", "", 2, 6},
		{StartTag, 1, "<y></y>", "", 2, 7},
		{EmptyTag, 1, "<x k='2' />", "", 2, None},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("nodes (-want +got)\n%s", diff)
	}

	root := d.Root()
	var children, elements, outside []int32
	for c := range d.Children(root) {
		children = append(children, c)
	}
	for c := range d.Elements(root) {
		elements = append(elements, c)
	}
	for c := range d.Children(None) {
		outside = append(outside, c)
	}
	if diff := cmp.Diff([][]int32{{3, 4, 5, 6, 7}, {3, 6, 7}, {1, 2}}, [][]int32{children, elements, outside}); diff != "" {
		t.Errorf("children, elements, children of None (-want +got)\n%s", diff)
	}
	if d.Child(root, "y") != 6 || d.Child(root, "z") != None || d.At(root, "x", "i") != None || d.At(None, "x") != None {
		t.Error("children by name are not found right")
	}
	if !d.Is(3, "x") || d.Is(5, "p") || d.Name(root) != "r" {
		t.Error("names are not read right")
	}
	for i, want := range map[int32]string{3: "one < two\nthree&amp;", 6: "", 7: "", None: ""} {
		if got := d.Text(i); got != want {
			t.Errorf("text of %d is %q, want %q", i, got, want)
		}
	}

	var attrs []string
	for name, value := range d.Attrs(root) {
		attrs = append(attrs, name, value)
	}
	if diff := cmp.Diff([]string{"a", "1", "b", "x&\n y", "c", ""}, attrs); diff != "" {
		t.Errorf("attributes (-want +got)\n%s", diff)
	}
	if v, ok := d.Attr(7, "k"); v != "2" || !ok {
		t.Errorf("attribute k is %q, %t", v, ok)
	}
	for _, i := range []int32{root, 1, 6} {
		if v, ok := d.Attr(i, "k"); v != "" || ok {
			t.Errorf("attribute k of %d is %q, %t", i, v, ok)
		}
	}

	sub := d.Sub(3, 2)
	var names []string
	for i := range sub.Nodes[1:] {
		i++
		names = append(names, string(sub.Bytes(int32(i))))
	}
	wantNames := []string{"<x>" + x + "</x>", "one &lt; ", "<i>two\r\n<j>three</j></i>", "two\r\n", "<j>three</j>", "<![CDATA[&amp;]]>", "<!--no-->"}
	if diff := cmp.Diff(wantNames, names); diff != "" {
		t.Errorf("subtree (-want +got)\n%s", diff)
	}
	if j := sub.At(sub.Root(), "i", "j"); sub.Text(j) != "three" || d.Src[sub.Nodes[j].Start] != '<' {
		t.Error("offsets of a subtree are not those of the source")
	}
}

func TestAppendAttrAndText(t *testing.T) {
	const all = "&<>\"'\t\r\n\r\né"
	if got, want := string(AppendAttr(nil, "n", all)), ` n="&amp;&lt;&gt;&quot;'&#x9;&#xD;&#xA;&#xD;&#xA;é"`; got != want {
		t.Errorf("attribute %q, want %q", got, want)
	}
	if got, want := string(AppendText(nil, all, "\n")), "&amp;&lt;&gt;\"'\t\n\né"; got != want {
		t.Errorf("text %q, want %q", got, want)
	}
	if got, want := Decode([]byte("&amp;lt; &nope; & &#x41")), "&lt; &nope; & &#x41"; got != want {
		t.Errorf("decoded %q, want %q", got, want)
	}
}

// The table of a file of nothing but elements is made with little copying, and none of what is copied is kept.
func TestParseMemory(t *testing.T) {
	src := append(append([]byte("<r>"), bytes.Repeat([]byte("<a>text of no use</a>"), 1<<17)...), "</r>"...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Parse(src, 3, nil)
	runtime.ReadMemStats(&after)
	if err == nil {
		t.Fatal("twice as many nodes as a file of this size may have are no error")
	}
	if got := after.TotalAlloc - before.TotalAlloc; got > 5*uint64(len(src)) {
		t.Errorf("%d bytes are allocated until %d bytes of XML are refused, more than 5 times as many", got, len(src))
	}
	runtime.ReadMemStats(&before)
	d, err := Parse(src, 3, &Limits{Nodes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	table := uint64(len(d.Nodes)) * uint64(unsafe.Sizeof(Node{}))
	if got := after.TotalAlloc - before.TotalAlloc; got > table+table/2 {
		t.Errorf("%d bytes are allocated for a table of %d", got, table)
	}
	if unsafe.Sizeof(Node{}) > 24 {
		t.Errorf("a node has %d bytes", unsafe.Sizeof(Node{}))
	}
}
