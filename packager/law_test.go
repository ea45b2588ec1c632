package packager

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// checkLaw proves the round trip law: got holds the entries of input with the same bytes, but for the
// three parts that are written anew, which are equal as XML.
func checkLaw(t testing.TB, input, got []byte) {
	t.Helper()
	want, have := zipEntries(t, input), zipEntries(t, got)
	for name, data := range have {
		if _, ok := want[name]; !ok && !strings.EqualFold(name, typesPart) {
			t.Errorf("law: new entry %q (%d bytes)", name, len(data))
		}
	}
	for name, data := range want {
		back, ok := have[name]
		switch {
		case !ok:
			t.Errorf("law: entry %q is lost", name)
		case strings.EqualFold(name, typesPart), bytes.Equal(data, back):
		case strings.EqualFold(name, solutionPart), strings.EqualFold(name, customizationsPart):
			if want, got := canonicalXML(t, data), canonicalXML(t, back); !slices.Equal(want, got) {
				t.Errorf("law: %s changed (-want +got)\n%.3000s", name, cmp.Diff(want, got))
			}
		default:
			t.Errorf("law: entry %q has other bytes", name)
		}
	}
}

func zipEntries(t testing.TB, data []byte) map[string][]byte {
	t.Helper()
	zr, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range zr.File {
		out[f.Name] = corpus.ReadEntry(t, f)
	}
	return out
}

// unordered are the elements whose children the reference tool puts in another order. Sections are
// unordered too.
var unordered = []string{"RootComponents", "MissingDependencies", "AppModuleComponents", "FormXml", "forms", "SavedQueries", "savedqueries", "Visualizations"}

// These read white space as XML does, and encoding/xml does not.
var (
	inValue = strings.NewReplacer("\t", " ", "\r", " ", "\n", " ")
	inText  = strings.NewReplacer("\r\n", "\n", "\r", "\n")
)

// A canonicalLine is what a line of canonicalXML says, and how far it stands in: each element further than the one that it is in.
type canonicalLine struct {
	depth int
	text  string
}

func (l canonicalLine) compare(other canonicalLine) int {
	if l.depth != other.depth {
		return other.depth - l.depth
	}
	return strings.Compare(l.text, other.text)
}

// canonicalXML gives one line for each element, text and attribute of a document, with the path to it.
// White-space-only text does not count, newlines are LF, and siblings are sorted where the reference
// tool reorders them. It is made by encoding/xml, so that it does not lean on what it checks.
func canonicalXML(t testing.TB, src []byte) []string {
	t.Helper()
	src, err := xmlspan.ToUTF8(src)
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(bytes.NewReader(src))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	type element struct {
		name       string
		attributes []string
		text       strings.Builder
		kids       [][]canonicalLine
	}
	stack := []*element{{}}
	scopes := []map[string]string{{}} // declarations; to repeat one changes nothing
	for {
		token, err := d.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Space + ":" + token.Name.Local}
			scope := maps.Clone(scopes[len(scopes)-1])
			scopes = append(scopes, scope)
			for _, a := range token.Attr {
				if decl := a.Name.Space + ":" + a.Name.Local; a.Name.Space == "xmlns" || a.Name.Local == "xmlns" {
					if value, ok := scope[decl]; ok && value == a.Value {
						continue
					}
					scope[decl] = a.Value
				}
				// encoding/xml does not tell a line end, which XML reads as a blank, from a reference to one.
				value := inValue.Replace(a.Value)
				e.attributes = append(e.attributes, "@"+a.Name.Space+":"+a.Name.Local+"="+strconv.Quote(value))
			}
			slices.Sort(e.attributes)
			stack = append(stack, e)
		case xml.CharData:
			if len(bytes.TrimSpace(token)) > 0 {
				stack[len(stack)-1].text.Write(token)
			}
		case xml.EndElement:
			e := stack[len(stack)-1]
			stack, scopes = stack[:len(stack)-1], scopes[:len(scopes)-1]
			local := strings.TrimPrefix(e.name, ":")
			if slices.Contains(unordered, local) || len(stack) == 2 {
				slices.SortFunc(e.kids, func(a, b []canonicalLine) int { return slices.CompareFunc(a, b, canonicalLine.compare) })
			}
			if local == "FormXml" {
				e.kids = mergeForms(e.kids)
			}
			depth := len(stack) - 1
			lines := []canonicalLine{{depth, e.name}}
			for _, a := range e.attributes {
				lines = append(lines, canonicalLine{depth, a})
			}
			text := inText.Replace(e.text.String())
			if strings.TrimSpace(text) != "" {
				switch {
				case slices.Contains(unordered, local) || len(stack) <= 2:
					// No text belongs here: what there is is kept without the white space around it.
					text = strings.Join(strings.Fields(text), "")
				case len(e.kids) > 0:
					text = strings.Join(strings.Fields(text), " ")
				}
				lines = append(lines, canonicalLine{depth, "text=" + text})
			}
			lines = append(lines, slices.Concat(e.kids...)...)
			parent := stack[len(stack)-1]
			parent.kids = append(parent.kids, lines)
		}
	}
	var out []string
	for _, l := range slices.Concat(stack[0].kids...) {
		out = append(out, strings.Repeat(" ", l.depth)+l.text)
	}
	return out
}

// mergeForms joins groups of forms of one type, as packing does.
func mergeForms(kids [][]canonicalLine) [][]canonicalLine {
	var out [][]canonicalLine
	byHead := map[string]int{}
	for _, kid := range kids {
		n, head := 0, ""
		for ; n < len(kid) && kid[n].depth == kid[0].depth; n++ {
			head += kid[n].text + "\n"
		}
		if i, ok := byHead[head]; ok {
			out[i] = append(out[i], kid[n:]...)
			continue
		}
		byHead[head] = len(out)
		out = append(out, slices.Clone(kid))
	}
	for _, group := range out {
		sortForms(group)
	}
	return out
}

// sortForms sorts the elements of one group.
func sortForms(group []canonicalLine) {
	n := 0
	for n < len(group) && group[n].depth == group[0].depth {
		n++
	}
	var forms [][]canonicalLine
	for _, l := range group[n:] {
		if l.depth == group[0].depth+1 && !strings.HasPrefix(l.text, "@") && !strings.HasPrefix(l.text, "text=") {
			forms = append(forms, nil)
		}
		forms[len(forms)-1] = append(forms[len(forms)-1], l)
	}
	slices.SortFunc(forms, func(a, b []canonicalLine) int { return slices.CompareFunc(a, b, canonicalLine.compare) })
	copy(group[n:], slices.Concat(forms...))
}
