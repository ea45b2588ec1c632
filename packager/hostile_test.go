package packager_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connector/lint"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// A hostileInput is something that a stranger could hand in, and the path that takes it.
type hostileInput struct {
	name string
	take func() (diag.List, error)
	// want is "read"; "found " and the rule of a finding; or the type of the error and, after a blank, what its text must hold.
	// Empty: an error of any type of ours, or none.
	want    string
	ceiling uint64 // bytes of memory at one time, 0 for that of small inputs
}

// smallCeiling is far above what a small input needs, and far below what one that is not bounded would take.
const smallCeiling = 64 << 20

// TestHostileInputs hands in what is hostile and prints what came of it. No input may panic, give an error without a type, take
// more memory than its ceiling or make a zip or a tree that cannot be read again. Times are printed and not judged.
func TestHostileInputs(t *testing.T) {
	inputs := slices.Concat(hostileZips(t), hostileTrees(), hostileParts(t), hostileTexts(), sharedHostile(t))
	if len(inputs) < 60 {
		t.Fatalf("%d inputs", len(inputs))
	}
	var table strings.Builder
	fmt.Fprintf(&table, "%-52s %-8s %9s %9s  %s\n", "input", "result", "peak MiB", "ms", "error or findings")
	for _, in := range inputs {
		var found diag.List
		var err error
		start := time.Now()
		peak := peakMemory(func() { found, err = in.take() })
		elapsed := time.Since(start)
		result, what := outcome(found, err)
		fmt.Fprintf(&table, "%-52.52s %-8s %9.1f %9.1f  %s\n", in.name, result, float64(peak)/(1<<20), float64(elapsed.Microseconds())/1000, what)
		if result == "untyped" || in.want == "" {
			if result == "untyped" {
				t.Errorf("%s: error of no type: %v", in.name, err)
			}
		} else if !isWanted(in.want, found, err) {
			t.Errorf("%s: %s %s, want %s", in.name, result, what, in.want)
		}
		if ceiling := max(in.ceiling, smallCeiling); peak > ceiling {
			t.Errorf("%s: %d MiB of memory at one time, more than %d", in.name, peak>>20, ceiling>>20)
		}
	}
	t.Logf("%d inputs\n%s", len(inputs), table.String())
}

// errorTypes are the errors that say what to do, the most telling first.
var errorTypes = []struct {
	name string
	is   func(error) bool
}{
	{"*solution.SyntaxError", is[*solution.SyntaxError]},
	{"*plan.EnvironmentError", is[*plan.EnvironmentError]},
	{"*diag.FailedError", is[*diag.FailedError]},
	{"*packager.NotSolutionError", is[*packager.NotSolutionError]},
	{"*packager.Error", is[*packager.Error]},
	{"*connector.ReadError", is[*connector.ReadError]},
	{"*json.SyntaxError", is[*json.SyntaxError]},
	{"*json.UnmarshalTypeError", is[*json.UnmarshalTypeError]},
	{"connector.ErrNoConnector", func(err error) bool { return errors.Is(err, connector.ErrNoConnector) }},
}

func is[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

func errorType(err error) string {
	for _, e := range errorTypes {
		if e.is(err) {
			return e.name
		}
	}
	return ""
}

func outcome(found diag.List, err error) (result, what string) {
	if err != nil {
		name := errorType(err)
		if name == "" {
			return "untyped", err.Error()
		}
		return "refused", fmt.Sprintf("%s %.150q", name, err)
	}
	rules := map[string]bool{}
	for _, d := range found {
		rules[d.Rule] = true
	}
	if len(rules) == 0 {
		return "read", ""
	}
	return "found", strings.Join(slices.Sorted(maps.Keys(rules)), " ")
}

func isWanted(want string, found diag.List, err error) bool {
	first, rest, _ := strings.Cut(want, " ")
	switch first {
	case "read":
		return err == nil
	case "found":
		return err == nil && slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Rule == rest })
	}
	return err != nil && errorType(err) == first && strings.Contains(err.Error(), rest)
}

// peakMemory returns by how much the live heap grew at most while do ran, as seen every few hundred microseconds.
func peakMemory(do func()) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(100)) // whoever runs the test may have allowed more garbage
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	now := func() uint64 { metrics.Read(sample); return sample[0].Value.Uint64() }
	runtime.GC()
	before, peak := now(), uint64(0)
	done := make(chan bool)
	var watching sync.WaitGroup
	watching.Go(func() {
		for tick := time.NewTicker(300 * time.Microsecond); ; {
			select {
			case <-done:
				tick.Stop()
				return
			case <-tick.C:
				peak = max(peak, now())
			}
		}
	})
	do()
	close(done)
	watching.Wait()
	return max(peak, now(), before) - before
}

// takeZip unpacks a zip, checks and packs the tree, and opens what was packed.
func takeZip(data []byte, lim *packager.Limits) (diag.List, error) {
	pkg, err := packager.Open(bytes.NewReader(data), int64(len(data)), lim)
	if err != nil {
		return nil, err
	}
	tree, err := packager.Unpack(pkg, nil)
	if err != nil {
		return nil, err
	}
	found := tree.Diagnostics()
	for _, name := range tree.Names() {
		if _, err := tree.ReadFile(name); err != nil {
			return found, err
		}
	}
	more, err := takeTree(tree, lim)
	return append(found, more...), err
}

// takeTree loads, checks and packs a tree, and unpacks what was packed.
func takeTree(fsys fs.FS, lim *packager.Limits) (diag.List, error) {
	tree, err := packager.Load(fsys, lim)
	if err != nil {
		return nil, err
	}
	found, err := tree.Check()
	if err != nil {
		return found, err
	}
	var packed bytes.Buffer
	list, err := packager.Pack(&packed, tree, nil)
	found = append(found, list...)
	if err != nil {
		if packed.Len() > 0 {
			return found, fmt.Errorf("bytes were written before the error %v", err) // of no type
		}
		return found, err
	}
	again, err := packager.Open(bytes.NewReader(packed.Bytes()), int64(packed.Len()), lim)
	if err == nil {
		_, err = packager.Unpack(again, nil)
	}
	if err != nil {
		return found, fmt.Errorf("what was packed cannot be unpacked: %v", err) // of no type
	}
	return found, nil
}

// takeParts reads a zip with every reader of parts.
func takeParts(data []byte) (diag.List, error) {
	pkg, err := packager.Open(bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		return nil, err
	}
	c, err := content.Read(pkg, nil)
	if err != nil {
		return nil, err
	}
	found := c.Diagnostics()
	if _, err := connref.Read(pkg); err != nil {
		return found, err
	}
	p, err := plan.Read(pkg, nil)
	if err != nil {
		return found, err
	}
	if _, err := plan.Resolve([]plan.Item{{Solution: p}}, nil, nil, nil); err != nil {
		return found, err
	}
	list, err := lint.CheckSolution(pkg, nil)
	return append(found, list...), err
}

func hostileZips(t *testing.T) (out []hostileInput) {
	add := func(name, want string, data []byte, lim *packager.Limits) {
		out = append(out, hostileInput{name: "zip: " + name, want: want, take: func() (diag.List, error) { return takeZip(data, lim) }})
	}
	bad := packager.BadZips(t)
	for _, name := range slices.Sorted(maps.Keys(bad)) {
		add(name, "", bad[name], nil)
	}
	good := packager.CustomizedZip(t, "<ImportExportXml />", [2]string{"bots/b/bot.xml", "<bot/>"})
	end := bytes.LastIndex(good, []byte("PK\x05\x06"))
	lie := func(at int, size int, value uint64) []byte {
		data := bytes.Clone(good)
		for i := range size {
			data[at+i] = byte(value >> (8 * i))
		}
		return data
	}
	directory := int(binary.LittleEndian.Uint32(good[end+16:]))
	add("directory said to begin at the end", "*packager.Error damaged", lie(end+16, 4, uint64(end)), nil)
	add("directory said to begin beyond the end", "*packager.Error damaged", lie(end+16, 4, math.MaxUint32-1), nil)
	add("directory said to have more bytes", "*packager.Error damaged", lie(end+12, 4, uint64(end+1000)), nil)
	add("more entries said than there are", "*packager.Error damaged", lie(end+8, 4, 0xFFF0FFF0), nil)
	add("entry said to begin beyond the end", "*packager.Error damaged", lie(directory+42, 4, math.MaxUint32-9), nil)
	add("entry said to have a gigabyte", "*packager.Error [Content_Types].xml", lie(directory+24, 4, 1<<30-1), nil)
	add("entry said to have 4 GiB", "*packager.Error over the limit", lie(directory+24, 4, math.MaxUint32-1), nil)
	add("entry said to have no bytes", "*packager.Error damaged", lie(directory+24, 4, 0), nil)
	add("entry with another CRC", "*packager.Error checksum is wrong", lie(directory+16, 4, 0), nil)
	add("comment said to be longer", "*packager.Error damaged", lie(end+20, 2, 500), nil)

	one := func(name string, text string) []byte {
		return packager.CustomizedZip(t, "<ImportExportXml />", [2]string{name, text})
	}
	add("name of 2,000 bytes", "*packager.Error over the limit", one(strings.Repeat("n", 2000), "x"), nil)
	add("path of 100 folders", "*packager.Error over the limit", one(strings.Repeat("a/", 100)+"x", "x"), nil)
	add("name of dots", "*packager.Error insecure path", one("bots/.../../x", "x"), nil)
	add("name that is escaped to lead outside", "read", one("bots/%2e%2e/%2E%2E/x", "x"), nil)
	add("name with an escaped NUL", "read", one("bots/a%00b", "x"), nil)
	add("name of a device", "found packager/renamed-entry", one("bots/con.xml", "<a/>"), nil)
	add("name that turns the line around", "found packager/unportable-name", one("bots/\u202etxt.exe", "x"), nil)
	add("name with an alternate stream", "found packager/renamed-entry", one("bots/a:b", "x"), nil)
	add("name of the tree's own list", "found packager/unclaimed-entry", one("Other/Rescued.xml", "<Rescued>"), nil)
	add("bomb of zeros", "*packager.Error over the limit", one("bots/zeros", strings.Repeat("\x00", 4<<20)), &packager.Limits{FileBytes: 1 << 20})
	add("bomb of many files", "*packager.Error over the limit", manyFiles(t, 200), &packager.Limits{Files: 100})
	add("canvas app that is no zip", "found packager/component-without-root", packager.CustomizedZip(t, "<ImportExportXml><CanvasApps><CanvasApp><Name>cts_a</Name><DocumentUri>/CanvasApps/cts_a.msapp</DocumentUri></CanvasApp></CanvasApps></ImportExportXml>",
		[2]string{"CanvasApps/cts_a.msapp", "PK\x03\x04 is not enough"}), nil)
	custom := func(name, want, src string) { add(name, want, packager.CustomizedZip(t, src), nil) }
	custom("prefix that is not declared", "*solution.SyntaxError customizations.xml:1:20: prefix", "<ImportExportXml ><q:Roles /></ImportExportXml>")
	custom("name of two colons", "*solution.SyntaxError customizations.xml:1:20", "<ImportExportXml ><a::b /></ImportExportXml>")
	custom("attribute twice by two prefixes", "*solution.SyntaxError customizations.xml:1:53", "<ImportExportXml xmlns:p='u' xmlns:q='u'><a p:x='1' q:x='2'/></ImportExportXml>")
	custom("attribute twice", "*solution.SyntaxError customizations.xml:1:26: attribute", "<ImportExportXml><a x='' x=''/></ImportExportXml>")
	custom("600 attributes", "*solution.SyntaxError customizations.xml:1:4007: over the limit", "<ImportExportXml><a "+manyAttributes(600)+"/></ImportExportXml>")
	custom("letter that is not of the encoding", "*solution.SyntaxError customizations.xml:1:", "<?xml version='1.0' encoding='us-ascii'?><ImportExportXml>é</ImportExportXml>")
	custom("encoding that nobody has", "*solution.SyntaxError customizations.xml:1:", "<?xml version='1.0' encoding='ebcdic'?><ImportExportXml/>")
	custom("UTF-16 cut in a character", "*solution.SyntaxError customizations.xml:1:", "\xff\xfe<\x00a")
	custom("reference to half a character", "*solution.SyntaxError customizations.xml:1:18", "<ImportExportXml>&#xD800;</ImportExportXml>")
	custom("comment that does not end", "*solution.SyntaxError customizations.xml:1:18", "<ImportExportXml><!-- </ImportExportXml>")
	custom("instruction that does not end", "*solution.SyntaxError customizations.xml:1:18", "<ImportExportXml><?a </ImportExportXml>")
	custom("CDATA that does not end", "*solution.SyntaxError customizations.xml:1:18", "<ImportExportXml><![CDATA[ </ImportExportXml>")
	custom("a second root", "*solution.SyntaxError customizations.xml:1:20: second root", "<ImportExportXml />"+"<Roles/>")
	custom("component whose file is customizations.xml", "*diag.FailedError WebResources/cts_a.data.xml:4:3", "<ImportExportXml><WebResources><WebResource><Name>cts_a</Name><FileName>/customizations.xml</FileName></WebResource></WebResources></ImportExportXml>")
	custom("1,000 roles of one name", "found packager/duplicate-key", "<ImportExportXml><Roles>"+strings.Repeat("<Role name='a' id='b'/>", 1000)+"</Roles></ImportExportXml>")
	return out
}

func manyFiles(t *testing.T, n int) []byte {
	var more [][2]string
	for i := range n {
		more = append(more, [2]string{fmt.Sprintf("bots/b%d/bot.xml", i), "<bot/>"})
	}
	return packager.CustomizedZip(t, "<ImportExportXml />", more...)
}

func manyAttributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d='' ", i)
	}
	return b.String()
}

func hostileTrees() (out []hostileInput) {
	add := func(name, want string, fsys fs.FS, lim *packager.Limits) {
		out = append(out, hostileInput{name: "tree: " + name, want: want, take: func() (diag.List, error) { return takeTree(fsys, lim) }})
	}
	bad := packager.BadTrees()
	for _, name := range slices.Sorted(maps.Keys(bad)) {
		add(name, "", bad[name], nil)
	}
	with := func(file string, f *fstest.MapFile) fs.FS {
		tree := packager.GoodTree()
		tree[file] = f
		return tree
	}
	text := func(file, text string) fs.FS { return with(file, &fstest.MapFile{Data: []byte(text)}) }
	add("named pipe among the files", "found packager/not-a-file", with("Roles/pipe.xml", &fstest.MapFile{Mode: fs.ModeNamedPipe | 0o666}), nil)
	add("link that leads out", "found packager/not-a-file", with("Roles/out.xml", &fstest.MapFile{Mode: fs.ModeSymlink | 0o777, Data: []byte("../../../etc/passwd")}), nil)
	add("role that is a folder", "found packager/unowned-file", text("Roles/New.xml/x", "x"), nil)
	add("role in UTF-16 without a mark", "*solution.SyntaxError Roles/New.xml:1:", text("Roles/New.xml", "<\x00R\x00o\x00l\x00e\x00/\x00>\x00"), nil)
	add("role that holds NUL", "*solution.SyntaxError Roles/New.xml:1:6", text("Roles/New.xml", "<Role\x00/>"), nil)
	add("file over the limit", "*packager.Error over the limit", text("docs/big", strings.Repeat("x", 2<<20)), &packager.Limits{FileBytes: 1 << 20})
	add("deep XML", "*solution.SyntaxError Roles/New.xml:1:1540: over the limit", text("Roles/New.xml", "<Role>"+strings.Repeat("<a>", 600)+strings.Repeat("</a>", 600)+"</Role>"), nil)
	add("list of names that names a file twice", "*packager.Error Other/renamed.txt: line 2", text("Other/renamed.txt", "docs/a\t\"b\"\ndocs/a\t\"c\"\n"), nil)
	add("list of names with a bad quote", "*packager.Error Other/renamed.txt", text("Other/renamed.txt", "docs/a\t\"b\n"), nil)
	add("kept element for a path that is nowhere", "found packager/rescue-unused", text("Other/Rescued.xml", `<Rescued><In Path="Nowhere/Here"><Content><Node><b/></Node></Content></In></Rescued>`), nil)
	add("kept element twice for a path", "read", text("Other/Rescued.xml", `<Rescued><In Path="Roles"><Content><Node><b/></Node></Content></In><In Path="Roles"><Content><Node><c/></Node></Content></In></Rescued>`), nil)
	add("kept element of another root", "*solution.SyntaxError Other/Rescued.xml:1:1", text("Other/Rescued.xml", `<Other/>`), nil)
	add("manifest with a version that is none", "found solution/version-invalid", text("Other/Solution.xml", strings.Replace(string(packager.GoodTree()["Other/Solution.xml"].Data), "1.0.0.0<", "1.0.a<", 1)), nil)
	return out
}

func hostileParts(t *testing.T) (out []hostileInput) {
	add := func(name, want string, customizations string, more ...[2]string) {
		data := packager.CustomizedZip(t, customizations, more...)
		out = append(out, hostileInput{name: "parts: " + name, want: want, take: func() (diag.List, error) { return takeParts(data) }})
	}
	flow := "<ImportExportXml><Workflows><Workflow WorkflowId='{00000000-0000-0000-0000-000000000001}'><JsonFileName>/Workflows/f.json</JsonFileName><Category>5</Category></Workflow></Workflows></ImportExportXml>"
	add("flow that is cut", "found content/malformed", flow, [2]string{"Workflows/f.json", `{"properties":`})
	add("flow of 100,000 brackets", "found content/malformed", flow, [2]string{"Workflows/f.json", strings.Repeat("[", 100000)})
	add("flow that is no object", "read", flow, [2]string{"Workflows/f.json", `"x"`})
	add("flow in Latin-1", "found content/malformed", flow, [2]string{"Workflows/f.json", "{\"a\":\"\xe9\"}"})
	add("flow with a key of many names", "found connref/reference-missing", flow, [2]string{"Workflows/f.json", `{"properties":{"connectionReferences":{` + strings.TrimSuffix(strings.Repeat(`"a":{"connection":{"connectionReferenceLogicalName":"x"}},`, 2000), ",") + `}}}`})
	add("flow that calls nothing", "read", flow, [2]string{"Workflows/f.json", `{"host":{"workflowReferenceName":"00000000-0000-0000-0000-000000000000"}}`})
	add("topic that is one long line", "read", "<ImportExportXml />", [2]string{"botcomponents/cts_b.topic.a/data", strings.Repeat("- a: [{", 10000)})
	add("bot component that is no XML", "found content/malformed", "<ImportExportXml />", [2]string{"botcomponents/cts_b/botcomponent.xml", "<a"})
	connectorXML := "<ImportExportXml><Connectors><Connector><connectorid>{00000000-0000-0000-0000-000000000002}</connectorid><name>cts_c</name><openapidefinition>/Connector/c.json</openapidefinition></Connector></Connectors></ImportExportXml>"
	add("connector that is cut", "found CONN-DOC-001", connectorXML, [2]string{"Connector/c.json", `{"swagger": "2.0"`})
	add("connector without its file", "found CONN-SOL-001", connectorXML)
	add("connector that refers to itself", "found CONN-SCH-003", connectorXML, [2]string{"Connector/c.json", `{"swagger":"2.0","info":{"title":"a","version":"1"},"paths":{"/a":{"$ref":"#/paths/~1a"}},"definitions":{"A":{"$ref":"#/definitions/B"},"B":{"$ref":"#/definitions/A"},"C":{"allOf":[{"$ref":"#/definitions/C"}]}}}`})
	add("connector with numbers without end", "found CONN-DOC-007", connectorXML, [2]string{"Connector/c.json", `{"swagger": 1e999999999, "info": {"version": -1e999999999}, "paths": 1e-999999999}`})
	add("canvas app with broken JSON", "found content/malformed", "<ImportExportXml><CanvasApps><CanvasApp><Name>cts_a</Name><ConnectionReferences>{&quot;a&quot;:</ConnectionReferences><DatabaseReferences>[1,</DatabaseReferences></CanvasApp></CanvasApps></ImportExportXml>")
	add("values of variables that are no JSON", "", "<ImportExportXml />", [2]string{"environmentvariabledefinitions/cts_v/environmentvariabledefinition.xml", "<environmentvariabledefinition schemaname='cts_v'/>"},
		[2]string{"environmentvariabledefinitions/cts_v/environmentvariablevalues.json", "{"})
	return out
}

func hostileTexts() (out []hostileInput) {
	add := func(name, want string, take func() error) {
		out = append(out, hostileInput{name: name, want: want, take: func() (diag.List, error) { return nil, take() }})
	}
	settings := func(name, want, src string) {
		add("settings: "+name, want, func() error { _, err := connref.ParseSettings([]byte(src), "settings.json"); return err })
	}
	settings("nothing", "*solution.SyntaxError settings.json:1:1", "")
	settings("a list", "*solution.SyntaxError settings.json:1:1", "[]")
	settings("a name twice", "*solution.SyntaxError settings.json:1:", `{"EnvironmentVariables":[{"SchemaName":"cts_a","Value":"1"},{"SchemaName":"CTS_A","Value":"2"}]}`)
	settings("an entry that is a number", "*solution.SyntaxError settings.json:1:", `{"EnvironmentVariables":[7]}`)
	settings("10,000 brackets", "*solution.SyntaxError settings.json:1:", strings.Repeat("[", 10000))
	settings("bytes that are no UTF-8", "*solution.SyntaxError settings.json:1:", "{\"\xff\":1}")
	settings("10,000 entries", "read", `{"EnvironmentVariables":[`+manyEntries(10000)+`]}`)

	environment := func(name, want, src string) {
		add("environment: "+name, want, func() error { _, err := plan.ParseEnvironment([]byte(src), "env.json"); return err })
	}
	environment("nothing", "*plan.EnvironmentError env.json:1:1", "")
	environment("cut", "*plan.EnvironmentError env.json:2:", "{\"solutions\":\n[")
	environment("solutions that are a word", "*plan.EnvironmentError env.json:1:", `{"solutions":"x"}`)
	environment("version that is none", "*plan.EnvironmentError env.json:1:", `{"solutions":[{"name":"A","version":"1.x"}]}`)
	environment("10,000 brackets", "*plan.EnvironmentError env.json:1:", strings.Repeat(`{"solutions":[`, 10000))
	environment("member that nobody knows", "*plan.EnvironmentError env.json:1:2: /nope", `{"nope":1}`)

	planJSON := func(name, want, src string) {
		add("plan: "+name, want, func() error {
			var p plan.Plan
			if err := json.Unmarshal([]byte(src), &p); err != nil {
				return err
			}
			return errors.Join(p.WriteText(io.Discard), p.WriteMarkdown(io.Discard), p.WriteMermaid(io.Discard))
		})
	}
	planJSON("nothing", "*json.SyntaxError ", "")
	planJSON("a list", "*json.UnmarshalTypeError ", "[]")
	planJSON("steps of nothing", "read", `{"steps":[{},{},null]}`)
	planJSON("20,000 brackets", "*json.SyntaxError ", strings.Repeat(`{"steps":[`, 20000))
	planJSON("an environment that is none", "*plan.EnvironmentError after:1:", `{"after":{"solutions":7}}`)

	files := func(name, want string, files map[string]string) {
		out = append(out, hostileInput{name: "connector: " + name, want: want, take: func() (diag.List, error) {
			fsys := fstest.MapFS{}
			for file, text := range files {
				fsys[file] = &fstest.MapFile{Data: []byte(text)}
			}
			list, err := connector.Load(fsys)
			var found diag.List
			for _, c := range list {
				found = append(found, lint.Check(c, nil)...)
				if _, err := c.Strip(nil); err != nil {
					return found, err
				}
			}
			return found, err
		}})
	}
	const definition = "apiDefinition.swagger.json"
	files("nothing", "connector.ErrNoConnector ", map[string]string{"README": "x"})
	files("cut", "*solution.SyntaxError apiDefinition.swagger.json:1:", map[string]string{definition: `{"swagger":`})
	files("a list", "*solution.SyntaxError apiDefinition.swagger.json:1:1", map[string]string{definition: `[]`})
	files("1,000 references in a chain", "found CONN-OP-010", map[string]string{definition: chain(1000)})
	files("pattern that would never end", "found CONN-ROOT-010", map[string]string{definition: `{"swagger":"2.0","info":{"title":"a","version":"1"},"paths":{},"definitions":{"A":{"type":"string","pattern":"(a+)+$","default":"` + strings.Repeat("a", 40) + `b"}}}`})
	files("settings that name files outside", "*solution.SyntaxError settings.json:1:18: apiDefinition names ../../etc/passwd, which is outside", map[string]string{"settings.json": `{"apiDefinition":"../../etc/passwd","apiProperties":"/etc/passwd"}`, definition: `{"swagger":"2.0"}`})
	files("properties that are cut", "*solution.SyntaxError apiProperties.json:1:", map[string]string{definition: `{"swagger":"2.0"}`, "apiProperties.json": `{`})
	return out
}

func manyEntries(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"SchemaName":"cts_v%d","Value":""}`, i)
	}
	return b.String()
}

// chain is a definition of which each schema is the next one.
func chain(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"D%d":{"$ref":"#/definitions/D%d"},`, i, i+1)
	}
	return `{"swagger":"2.0","info":{"title":"a","version":"1"},"paths":{"/a":{"get":{"responses":{"200":{"description":"","schema":{"$ref":"#/definitions/D0"}}}}}},"definitions":{` + b.String() + fmt.Sprintf(`"D%d":{}}}`, n)
}

// sharedWants are the wants of the inputs in the shared folder. Others of it have to give a typed error or none.
var sharedWants = map[string]string{
	"crc-zero/crc_zero.zip":             "*packager.Error a.txt: checksum is wrong",
	"crc-zero/eocd_cdo_lie.zip":         "*packager.Error the zip is damaged",
	"deep-names/name_long65535.zip":     "*packager.Error over the limit",
	"deep-names/name_longsegs.zip":      "*packager.Error over the limit",
	"deep-names/wr_deepname_100k.zip":   "found packager/rescued-element",
	"deep-names/wr_deepname_1MB.zip":    "found packager/rescued-element",
	"deep-names/wr_deepname_20k.zip":    "found packager/rescued-element",
	"escapes/name_bidi.zip":             "found packager/unportable-name",
	"escapes/name_esc.zip":              "found packager/renamed-entry",
	"memory-bombs/bomb_sections_3M.zip": "*solution.SyntaxError over the limit",
	"memory-bombs/bomb_siblings_4M.zip": "*solution.SyntaxError over the limit",
	"memory-bombs/xml_siblings_1e6.zip": "*solution.SyntaxError over the limit",
	"overwrite/hz2.zip":                 "found packager/unclaimed-entry",
	"overwrite/hz3.zip":                 "read",
	"pack-renamed-to-folder/t":          "*packager.Error Other/renamed.txt: line 1",
	"pack-rescued-in-twice/t":           "found packager/raw-file",
	"pack-rescued-second-root/t":        "*solution.SyntaxError Other/Rescued.xml:1:34",
	"pack-rescued-text-outside-root/t":  "*solution.SyntaxError Other/Rescued.xml:1:34",
	"pack-unclaimed-dot-folder/t":       "*packager.Error Other/unclaimed.txt: line 1",
	"pack-unclaimed-folder-twice/t":     "found packager/raw-file",
	"xml-names/enc_ascii_nonascii.zip":  "*solution.SyntaxError customizations.xml:1:356",
	"xml-names/xml_attr_ns_dup.zip":     "*solution.SyntaxError customizations.xml:1:380",
	"xml-names/xml_colon_names.zip":     "*solution.SyntaxError customizations.xml:1:346",
	"xml-names/xml_ns_undeclared.zip":   "*solution.SyntaxError customizations.xml:1:346",
}

// sharedHostile are the inputs in the shared folder: zips, and trees.
func sharedHostile(t *testing.T) (out []hostileInput) {
	root, ok := corpus.Find(t, "cases", "hostile")
	if !ok {
		t.Log("the shared hostile inputs are left out")
		return nil
	}
	zips, _ := filepath.Glob(filepath.Join(root, "*", "*.zip"))
	trees, _ := filepath.Glob(filepath.Join(root, "*", "t"))
	for _, path := range slices.Concat(zips, trees) {
		name := filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator)))
		in := hostileInput{name: "shared: " + name, want: sharedWants[name]}
		if filepath.Ext(path) != ".zip" {
			in.take = func() (diag.List, error) { return takeTree(os.DirFS(path), nil) }
			out = append(out, in)
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		in.ceiling = 6*inflatedSize(data) + smallCeiling
		in.take = func() (diag.List, error) { return takeZip(data, nil) }
		out = append(out, in)
	}
	return out
}

// inflatedSize is what the entries of a zip say that they have, at most a gigabyte.
func inflatedSize(data []byte) (n uint64) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if r == nil && err != nil {
		return 0
	}
	for _, f := range r.File {
		n += min(f.UncompressedSize64, 1<<27)
	}
	return min(n, 1<<30)
}
