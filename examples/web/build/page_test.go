package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/solutionkit/solutionkit/examples/web/desk"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// most is how many bytes the compressed program may have.
const most = 6_000_000

const base = `
solution ContosoBase 1.0.0.0 managed
entity ct_customer name="Customer"
`

const ordersOld = `
solution ContosoOrders 1.2.0.0 managed
entity ct_order name="Order"
attribute ct_order.ct_total type=money
attribute ct_order.ct_gone name="Gone soon"
connectionreference ct_sp connector=shared_sharepointonline
environmentvariabledefinition ct_site type=text
workflow 22 name="On order" refs=ct_sp sets=ct_orders trigger=ct_order
role 77 name="<img src=x onerror=\"document.title='taken over'\">" reads=ct_order,ct_customer
missing entity:ct_customer by entity:ct_order in "ContosoBase (1.0.0.0)"
`

const ordersNew = `
solution ContosoOrders 1.3.0.0 managed
entity ct_order name="Order"
attribute ct_order.ct_total type=money
attribute ct_order.ct_fresh name="Just came"
connectionreference ct_sp connector=shared_sharepointonline
environmentvariabledefinition ct_site type=text
workflow 22 name="On order" refs=ct_sp sets=ct_orders trigger=ct_order
missing entity:ct_customer by entity:ct_order in "ContosoBase (1.0.0.0)"
`

const swagger = `{"swagger": "2.0", "info": {"title": "Contoso rates", "version": "1"}, "host": "api.contoso.example", "schemes": ["https"],
 "paths": {"/rates": {"get": {"summary": "List rates", "responses": {"200": {"description": "OK"}}}}}}`

const settings = `{"EnvironmentVariables": [{"SchemaName": "ct_site", "Value": "https://contoso.example"}]}`

const environment = `{"solutions": [{"name": "ContosoOrders", "version": "1.1.0.0", "managed": true, "publisher": "contoso"}]}`

// A folder with the page, and with files to put on it.
type folder struct{ dir, data string }

func newFolder(t testing.TB) folder {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped: it builds the program for browsers")
	}
	browserProgram(t) // else nothing need be built
	f := folder{t.TempDir(), t.TempDir()}
	size, err := build(f.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the program has %d bytes compressed", size)
	if size > most {
		t.Errorf("the program has %d bytes compressed, over %d", size, most)
	}
	return f
}

func (f folder) address() string {
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(f.dir, "index.html"))}
	return u.String()
}

// file writes a file to put on the page.
func (f folder) file(t testing.TB, name string, data []byte) string {
	t.Helper()
	name = filepath.Join(f.data, name)
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// idle waits until nothing is asked of the library.
func (b *browser) idle() {
	b.t.Helper()
	b.wait("!document.querySelector('.busy') && !document.querySelector('[aria-busy]')")
}

// tab opens a document and waits for it.
func (b *browser) tab(name string) {
	b.t.Helper()
	b.click("#tab-" + name)
	b.idle()
}

// shows asserts what an element shows.
func (b *browser) shows(selector string, texts ...string) {
	b.t.Helper()
	got := b.text(selector)
	for _, want := range texts {
		if !strings.Contains(got, want) {
			b.t.Errorf("%s does not show %q, but\n%s", selector, want, got)
		}
	}
}

func (b *browser) hides(selector string, texts ...string) {
	b.t.Helper()
	got := b.text(selector)
	for _, text := range texts {
		if strings.Contains(got, text) {
			b.t.Errorf("%s shows %q:\n%s", selector, text, got)
		}
	}
}

// change sets the value of a form element as a person does.
func (b *browser) change(element, value string) {
	b.t.Helper()
	b.eval("(function (e) { if (e.type === 'checkbox') e.checked = " + quoted(value) + " === 'on'; else e.value = " + quoted(value) +
		"; e.dispatchEvent(new Event('input', {bubbles: true})); e.dispatchEvent(new Event('change', {bubbles: true})); })(" + element + ")")
}

// labelled is the form element in a panel that has a label.
func labelled(panel, label string) string {
	return "[...document.querySelectorAll(" + quoted(panel+" label") + ")].find(l => l.innerText.trim().startsWith(" + quoted(label) + ")).querySelector('input, select')"
}

// TestPage drives the page, opened from a folder and from a host.
func TestPage(t *testing.T) {
	f := newFolder(t)
	t.Run("folder", f.opened)
	t.Run("host", f.hosted)
}

func (f folder) opened(t *testing.T) {
	b := startBrowser(t, f.address())
	b.waitText("#status", "Ready")
	b.named(t)
	b.outlined(t)

	// What is saved is held against what the library gives for the same files.
	native := &desk.Desk{}
	put := func(name string, data []byte) string {
		t.Helper()
		if _, _, err := native.Do("add", nil, []desk.File{{Name: name, Data: data}}); err != nil {
			t.Fatal(err)
		}
		return f.file(t, name, data)
	}
	orders := solutiontest.Zip(t, ordersOld)
	b.choose("#files", put("base.zip", solutiontest.Zip(t, base)), put("orders_1_2.zip", orders), f.file(t, "broken.zip", []byte("PK\x03\x04 cut off")))
	b.wait("document.documentElement.dataset.checked")
	b.idle()

	step := func(name string, do func(t *testing.T)) {
		t.Helper()
		before := b.t
		defer func() { b.t = before }()
		if !t.Run(name, func(t *testing.T) { b.t = t; do(t) }) && t.Failed() {
			t.Logf("the page showed:\n%s", b.text("body"))
		}
	}
	step("overview", func(t *testing.T) {
		b.shows("#overview", "ContosoBase", "ContosoOrders", "1.2.0.0", "managed", "Entity 1", "Workflow 1")
		if n := b.eval("document.querySelectorAll('#overview .card').length"); n != 2.0 {
			t.Errorf("%v cards, want 2", n)
		}
		b.shows("#problems", "broken.zip", "cut off or damaged")
		b.choose("#files", f.file(t, "broken.zip", []byte("PK\x03\x04 cut off")))
		b.wait("document.querySelector('#status').textContent === ''") // before, it said what was read
		if n := b.eval("document.querySelectorAll('#problems .problem').length"); n != 1.0 {
			t.Errorf("%v problems are shown of one, which was met twice", n)
		}
		b.click("#problems button")
		if got := b.text("#problems"); got != "" {
			t.Errorf("after it was dismissed: %s", got)
		}
	})
	step("inventory", func(t *testing.T) {
		b.tab("inventory")
		b.shows("#inventory", "Inventory of", "Order", "ct_total", "On order", "shared_sharepointonline", "ct_site", "<img src=x onerror=")
		if n := b.eval("document.querySelectorAll('#inventory img').length"); n != 0.0 {
			t.Errorf("%v pictures came of the title of a role", n)
		}
		if title := b.eval("document.title"); title != "Solution desk" {
			t.Errorf("a text of a solution ran: the title is %q", title)
		}
		b.change("document.querySelector('#inventory input[type=search]')", "ct_total")
		b.waitText("#inventory .controls", "1 row")
		b.hides("#inventory .document", "On order")
		b.change("document.querySelector('#inventory input[type=search]')", "")
		b.waitText("#inventory .document", "On order")
		b.change(labelled("#inventory", "Of"), "1")
		b.idle()
		b.shows("#inventory", "Customer")
		b.hides("#inventory .document", "On order")
		b.change(labelled("#inventory", "Of"), "")
		b.idle()
	})
	step("findings", func(t *testing.T) {
		b.tab("findings")
		b.shows("#findings", "error", "ContosoOrders 1.2.0.0:", ".xml:", "About rule")
		b.change("document.querySelector('#findings input[type=search]')", "no such words")
		b.waitText("#findings", "0 findings")
		b.change("document.querySelector('#findings input[type=search]')", "")
	})
	step("picture", func(t *testing.T) {
		b.tab("picture")
		b.wait("document.querySelector('#picture img').naturalWidth > 100")
		b.shows("#picture table", "On order", "ct_sp")
		b.change(labelled("#picture", "solutions"), "on")
		b.eval(labelled("#picture", "solutions") + ".click()")
		b.waitText("#picture table", "ContosoBase")
	})
	step("drop and compare", func(t *testing.T) {
		b.tab("compare")
		b.shows("#compare", "ContosoBase")
		put("orders_1_3.zip", solutiontest.Zip(t, ordersNew))
		b.drop("orders_1_3.zip", solutiontest.Zip(t, ordersNew))
		b.waitText("#compare", "1.2.0.0 → ContosoOrders 1.3.0.0")
		b.shows("#compare", "breaking", "ct_gone", "an upgrade deletes the column")
		b.eval("document.querySelectorAll('#compare details').forEach(d => d.open = true)")
		b.waitText("#compare", "ct_fresh")
		b.click("#compare button[aria-label='Swap old and new']")
		b.waitText("#compare", "1.3.0.0 → ContosoOrders 1.2.0.0")
		b.idle()
	})
	step("plan", func(t *testing.T) {
		b.tab("plan")
		b.shows("#plan", "Can be imported", "No file tells of the environment", "left out, as 1.3.0.0 is here too", "Create a connection of shared_sharepointonline", "ct_site")
		order := b.text("#plan .document table")
		if first, second := strings.Index(order, "ContosoBase"), strings.Index(order, "ContosoOrders"); first < 0 || second < first {
			t.Errorf("the order is\n%s", order)
		}
		b.hides("#plan .document table", "upgrade")
		put("pasted-1.json", []byte(environment))
		b.paste("", []byte(environment))
		b.waitText("#plan .document table", "upgrade")
		b.shows("#plan", "The environment by pasted-1.json")
		put("s.json", []byte(settings))
		b.paste("s.json", []byte(settings))
		b.waitText("#plan", "pasted-1.json, s.json")
		b.idle()
		b.hides("#plan", "Have a value ready")
		b.click("#plan .boxes input")
		b.wait("document.querySelector('#plan .boxes li.done')")
		b.change("document.querySelector('#plan select[aria-label*=\"ContosoBase\"]')", "skip")
		b.waitText("#plan", "Cannot be imported")
		b.change("document.querySelector('#plan select[aria-label*=\"ContosoBase\"]')", "installed")
		b.waitText("#plan", "Can be imported")
		b.idle()
	})
	step("downloads", func(t *testing.T) {
		for _, x := range []struct{ tab, button, name, args string }{
			{"overview", "Save source tree: ContosoOrders 1.2.0.0", "ContosoOrders_source.zip", `{"format": "tree", "id": 2}`},
			{"inventory", "Save as HTML", "inventory.html", `{"format": "inventory-html"}`},
			{"inventory", "Save as Markdown", "inventory.md", `{"format": "inventory-markdown"}`},
			{"inventory", "Save as JSON", "inventory.json", `{"format": "inventory-json"}`},
			{"findings", "Save as SARIF", "findings.sarif", `{"format": "findings"}`},
			{"compare", "Save as Markdown", "ContosoOrders_changes.md", `{"format": "compare", "old": 2, "new": 3}`},
			{"plan", "Save as Markdown", "plan.md", `{"format": "plan-markdown", "actions": {"1": "installed"}}`},
		} {
			b.tab(x.tab)
			if x.tab == "compare" { // it was swapped
				b.click("#compare button[aria-label='Swap old and new']")
				b.waitText("#compare", "1.2.0.0 → ContosoOrders 1.3.0.0")
				b.idle()
			}
			_, want, err := native.Do("download", []byte(x.args), nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := b.download(t, "#"+x.tab, x.button, x.name); !bytes.Equal(got, want) {
				t.Errorf("%s has %d bytes, want %d as the library gives", x.name, len(got), len(want))
			}
		}
	})
	step("folders", func(t *testing.T) {
		dir := filepath.Join(f.data, "sources")
		connector := fstest.MapFS{"rates/apiDefinition.swagger.json": {Data: []byte(swagger)}, "rates/apiProperties.json": {Data: []byte(`{"properties": {"connectionParameters": {"key": {}}}}`)}}
		tree := solutiontest.Tree(t, "solution ContosoTree 1.0.0.0\nentity ct_leaf\n")
		for at, files := range map[string]fs.FS{filepath.Join(dir, "tree"): tree, filepath.Join(dir, "connectors"): connector} {
			if err := os.CopyFS(at, files); err != nil {
				t.Fatal(err)
			}
		}
		b.tab("overview")
		b.choose("#folder", filepath.Join(dir, "tree"))
		b.waitText("#overview", "ContosoTree")
		b.idle()
		var packed bytes.Buffer
		if _, err := packager.Pack(&packed, tree, nil); err != nil {
			t.Fatal(err)
		}
		if got := b.download(t, "#overview", "Save zip: ContosoTree 1.0.0.0", "ContosoTree_1_0_0_0.zip"); !bytes.Equal(got, packed.Bytes()) {
			t.Errorf("the zip of the tree has %d bytes, want %d as the library gives", len(got), packed.Len())
		}
		b.dropPaths(filepath.Join(dir, "connectors"))
		b.waitText("#overview", "Contoso rates: 1 operation")
		b.idle()
	})
	step("connector", func(t *testing.T) {
		b.tab("findings")
		b.shows("#findings", "CONN-", "apiDefinition.swagger.json:2:", "apiProperties.json:1:")
		before := b.eval("document.querySelectorAll('#findings .found > li').length")
		b.eval(labelled("#findings", "Rules for certified") + ".focus()")
		b.change(labelled("#findings", "Rules for certified"), "on")
		b.idle()
		if now := b.eval("document.querySelectorAll('#findings .found > li').length"); now.(float64) <= before.(float64) {
			t.Errorf("%v findings with the rules of certification, %v without", now, before)
		}
		if b.eval("document.activeElement === "+labelled("#findings", "Rules for certified")) != true {
			t.Error("the box that was ticked has lost the focus")
		}
	})
	step("keyboard", func(t *testing.T) {
		b.eval("document.querySelector('#tab-overview').click(); document.querySelector('#tab-overview').focus()")
		for _, key := range []struct {
			key  string
			code int
			want string
		}{{"ArrowRight", 39, "inventory"}, {"End", 35, "plan"}, {"ArrowRight", 39, "overview"}, {"ArrowLeft", 37, "plan"}, {"Home", 36, "overview"}} {
			b.press(key.key, key.code)
			b.idle()
			got := b.eval("document.activeElement.id + ' ' + [...document.querySelectorAll('[role=tabpanel]')].filter(p => !p.hidden).map(p => p.id)")
			if want := "tab-" + key.want + " " + key.want; got != want {
				t.Errorf("after %s: %v, want %s", key.key, got, want)
			}
		}
		b.press("Tab", 9)
		if got := b.eval("document.activeElement.id"); got != "overview" {
			t.Errorf("behind the tabs comes %v", got)
		}
		b.named(t)
	})
	step("narrow and dark", b.looks)
	step("keyboard alone", func(t *testing.T) { b.keyboardAlone(t, f.file(t, "env.json", []byte(environment))) })
	step("cancel", func(t *testing.T) {
		b.cancels(t, f.file(t, "more.zip", solutiontest.Zip(t, "solution ContosoMore 1.0.0.0\nentity ct_more\n")))
	})
	step("hostile", func(t *testing.T) {
		b.choose("#files", f.file(t, "bomb.zip", bomb(t, "solution.xml", 100<<20)), f.file(t, "bomb2.zip", bomb(t, "WebResources/x.js", 300<<20)))
		b.waitText("#problems", "bomb2.zip")
		b.shows("#problems", "bomb.zip", "over the limit of 100663296", "over the limit of 268435456")
		b.idle()
		b.click("#dismiss")
		if got := b.text("#problems"); got != "" || b.eval("document.querySelector('#dismiss').hidden") != true {
			t.Errorf("after all was dismissed: %s", got)
		}
		b.tab("overview")
		b.choose("#files", f.file(t, "torn.zip", torn(t, base)))
		b.waitText("#overview", "could not be read as a whole")
		b.shows("#overview", "prefix \"q\" is not declared")
		b.idle()
		b.tab("inventory")
		b.shows("#inventory", "Without torn.zip", "ct_total")
		b.tab("findings")
		b.shows("#findings", "torn.zip: ", "web/unreadable")
		b.tab("overview")
		b.click("[data-item]:last-child button[aria-label^=Remove]")
		b.wait("!document.querySelector('#overview').innerText.includes('torn.zip')")
		b.idle()
	})
	step("death of the worker", func(t *testing.T) {
		b.tab("overview")
		before := b.text("#overview")
		b.inWorker("self.solutionkit = () => { throw new Error('unreachable'); }")
		b.click("[aria-label='Save source tree: ContosoOrders 1.2.0.0']")
		b.waitText("#problems", "was started anew; the other files are still here")
		b.idle()
		_, want, err := native.Do("download", []byte(`{"format": "tree", "id": 2}`), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.download(t, "#overview", "Save source tree: ContosoOrders 1.2.0.0", "ContosoOrders_source.zip"); !bytes.Equal(got, want) {
			t.Errorf("the tree has %d bytes, want %d", len(got), len(want))
		}
		if after := b.text("#overview"); after != before {
			t.Errorf("the overview was\n%s\nand is\n%s", before, after)
		}
		b.click("#problems button")
	})
	step("nothing leaves", func(t *testing.T) { b.stays(t) })
	step("remove", func(t *testing.T) {
		b.tab("overview")
		for b.eval("!!document.querySelector('#overview .card')") == true {
			n := b.eval("document.querySelectorAll('#overview .card').length")
			b.click("#overview .card .buttons button:last-child")
			b.wait(fmt.Sprintf("document.querySelectorAll('#overview .card').length < %v", n))
		}
		b.wait("document.querySelector('#views').hidden")
		if got := b.eval("document.activeElement.id"); got != "files" {
			t.Errorf("the focus is on %q", got)
		}
	})
	for _, e := range b.seen("Runtime.exceptionThrown") {
		t.Errorf("the page threw: %s", e.Params)
	}
}

// hosted opens the page from a static host.
func (f folder) hosted(t *testing.T) {
	server := httptest.NewServer(http.FileServerFS(os.DirFS(f.dir)))
	t.Cleanup(server.Close)
	b := startBrowser(t, server.URL)
	b.click("#sample") // perhaps before the library is there
	b.waitText("#overview", "Contoso Orders")
	b.idle()
	dir := filepath.Join(f.data, "dropped")
	if err := os.CopyFS(filepath.Join(dir, "tree"), solutiontest.Tree(t, base)); err != nil {
		t.Fatal(err)
	}
	b.dropPaths(dir, f.file(t, "orders.zip", solutiontest.Zip(t, ordersOld)))
	b.waitText("#overview", "dropped/tree")
	b.shows("#overview", "orders.zip")

	// Without the library, the page says so.
	if err := os.Remove(filepath.Join(f.dir, "library.js")); err != nil {
		t.Fatal(err)
	}
	b.do("Page.navigate", map[string]any{"url": server.URL + "/index.html"}, nil)
	b.waitText("#problems", "library.js could not be loaded")
	b.shows("#status", "not running")
}

// torn is a solution with XML that can't be read.
func torn(t *testing.T, text string) []byte {
	t.Helper()
	whole := solutiontest.Zip(t, text)
	r, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range r.File {
		data, err := fs.ReadFile(r, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		out, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(bytes.Replace(data, []byte("<Entities>"), []byte("<q:x/><Entities>"), 1)) // a buffer takes all
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bomb is a zip with an entry that is much larger than the zip.
func bomb(t *testing.T, name string, size int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	entries := []string{"solution.xml", "customizations.xml", "[Content_Types].xml"}
	if !slices.Contains(entries, name) {
		entries = append(entries, name)
	}
	for _, entry := range entries {
		out, err := w.Create(entry)
		if err != nil {
			t.Fatal(err)
		}
		if entry == name {
			block := make([]byte, 1<<20)
			for range size >> 20 {
				out.Write(block) // a buffer takes all
			}
		} else {
			io.WriteString(out, "<a/>")
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// drop drops a file on the page.
func (b *browser) drop(name string, data []byte) {
	b.t.Helper()
	bytesOf, err := json.Marshal(data) // in base64
	if err != nil {
		b.t.Fatal(err)
	}
	b.eval("(function () { var data = new DataTransfer(); data.items.add(new File([Uint8Array.from(atob(" + string(bytesOf) + "), c => c.charCodeAt(0))], " + quoted(name) +
		")); document.body.dispatchEvent(new DragEvent('drop', {bubbles: true, cancelable: true, dataTransfer: data})); })()")
}

// dropPaths drops files and folders as a person does.
func (b *browser) dropPaths(paths ...string) {
	b.t.Helper()
	for _, kind := range []string{"dragEnter", "dragOver", "drop"} {
		b.do("Input.dispatchDragEvent", map[string]any{"type": kind, "x": 100, "y": 100, "data": map[string]any{"items": []any{}, "files": paths, "dragOperationsMask": 1}}, nil)
	}
}

// paste pastes a file, or a text if it has no name.
func (b *browser) paste(name string, data []byte) {
	b.t.Helper()
	put := "data.setData('text/plain', " + quoted(string(data)) + ")"
	if name != "" {
		put = "data.items.add(new File([" + quoted(string(data)) + "], " + quoted(name) + "))"
	}
	b.eval("(function () { var data = new DataTransfer(); " + put + "; document.body.dispatchEvent(new ClipboardEvent('paste', {bubbles: true, cancelable: true, clipboardData: data})); })()")
}

// stuck makes the worker wait for ever when it is asked one thing.
const stuck = `var real = self.solutionkit;
self.solutionkit = function (word) {
  if (word === %q) Atomics.wait(new Int32Array(new WebAssembly.Memory({initial: 1, maximum: 1, shared: true}).buffer), 0, 0);
  return real.apply(null, arguments);
};`

// cancels asserts that what takes long can be ended, and that the page has the same files after it.
func (b *browser) cancels(t *testing.T, file string) {
	b.tab("overview")
	cancel := func() {
		t.Helper()
		b.wait("!document.querySelector('#cancel').hidden && !document.querySelector('#progress').hidden")
		b.eval("document.querySelector('#cancel').focus()")
		b.click("#cancel")
		b.waitText("#status", "Cancelled.")
		if focus := b.eval("document.activeElement.id + document.querySelector('#cancel').hidden"); focus != "viewstrue" {
			t.Errorf("the focus is on %v", focus)
		}
	}
	before := b.text("#overview")
	b.inWorker(fmt.Sprintf(stuck, "add"))
	b.choose("#files", file)
	cancel()
	if after := b.text("#overview"); after != before {
		t.Errorf("after the reading was cancelled, the overview is\n%s", after)
	}

	b.inWorker(fmt.Sprintf(stuck, "check"))
	b.choose("#files", file)
	b.waitText("#status", "Checking ContosoMore")
	cancel()
	b.shows("#overview", "ContosoMore", "Not checked.", "Entity 1")
	b.click("[aria-label='Check: ContosoMore 1.0.0.0']")
	b.wait("!document.querySelector('#overview').innerText.includes('Not checked.')")
	b.idle()
	b.hides("#overview", "Checking", "could not be read")

	b.inWorker(fmt.Sprintf(stuck, "inventory"))
	b.click("#tab-inventory")
	cancel()
	b.shows("#inventory", "Cancelled.")
	b.click("#inventory .unmade button")
	b.waitText("#inventory", "Inventory of")
	b.idle()
	b.tab("overview")
	b.click("[aria-label='Remove: ContosoMore 1.0.0.0']")
	b.wait("!document.querySelector('#overview').innerText.includes('ContosoMore')")
	b.idle()
}

// download clicks a button, by its text or label, and returns the file that the browser saves.
func (b *browser) download(t *testing.T, panel, button, name string) []byte {
	t.Helper()
	dir := t.TempDir()
	b.call("", "Browser.setDownloadBehavior", map[string]any{"behavior": "allow", "downloadPath": dir}, nil)
	b.eval("[...document.querySelectorAll(" + quoted(panel+" button") + ")].find(e => (e.getAttribute('aria-label') || e.textContent) === " + quoted(button) + ").click()")
	file := filepath.Join(dir, name)
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		if data, err := os.ReadFile(file); err == nil { // it has another name until it is whole
			return data
		}
		if time.Now().After(end) {
			list, _ := os.ReadDir(dir)
			t.Fatalf("%s was not saved, but %v; the page shows\n%s", name, list, b.text("body"))
		}
	}
}

// stays asserts that the page has asked for nothing but its own files, and can't.
func (b *browser) stays(t *testing.T) {
	requests := b.seen("Network.requestWillBeSent")
	if len(requests) < 4 {
		t.Errorf("%d requests were seen: the page alone makes more", len(requests))
	}
	for _, e := range requests {
		var p struct{ Request struct{ URL string } }
		if err := json.Unmarshal(e.Params, &p); err != nil {
			t.Fatal(err)
		}
		if u, err := url.Parse(p.Request.URL); err != nil || u.Scheme != "file" && u.Scheme != "blob" && u.Scheme != "data" && u.Scheme != "about" {
			t.Errorf("the page asked for %s", p.Request.URL)
		}
	}
	refused := "addEventListener('securitypolicyviolation', e => %s('refused'), {once: true})"
	inPage := "new Promise(r => { document." + fmt.Sprintf(refused, "r") + "; setTimeout(() => r('not refused'), 5000); %s })"
	for _, way := range []string{
		fmt.Sprintf(inPage, "fetch('https://solutionkit.invalid/').catch(() => 0);"),
		fmt.Sprintf(inPage, "new Image().src = 'https://solutionkit.invalid/x.png';"),
		fmt.Sprintf(inPage, "var s = document.createElement('script'); s.textContent = 'document.title = 1'; document.head.append(s);"),
		fmt.Sprintf(inPage, "var f = document.createElement('form'); f.action = 'https://solutionkit.invalid/'; document.body.append(f); f.submit();"),
		"new Promise(r => { var w = new Worker(URL.createObjectURL(new Blob([" + quoted("self."+fmt.Sprintf(refused, "postMessage")+"; fetch('https://solutionkit.invalid/').catch(() => 0); setTimeout(() => postMessage('not refused'), 5000)") +
			"]))); w.onmessage = e => r(e.data); })",
	} {
		if got := b.eval(way); got != "refused" {
			t.Errorf("%s: %v", way, got)
		}
	}
}
