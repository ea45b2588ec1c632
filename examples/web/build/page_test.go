package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// most is how many bytes the compressed program may have.
const most = 6_500_000

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

const environment = `{"solutions": [{"name": "ContosoOrders", "version": "1.1.0.0", "managed": true, "publisher": "contoso"}]}`

// A folder with the page, and with files to put on it.
type folder struct{ dir, data string }

func newFolder(t *testing.T) folder {
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
func (f folder) file(t *testing.T, name string, data []byte) string {
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
	b.wait("!document.querySelector('#status.busy') && !document.querySelector('[aria-busy]')")
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

// TestPage drives the page as it is opened from a folder.
func TestPage(t *testing.T) {
	f := newFolder(t)
	b := startBrowser(t, f.address())
	b.waitText("#status", "Ready")
	b.named(t)

	orders := solutiontest.Zip(t, ordersOld)
	b.choose("#files", f.file(t, "base.zip", solutiontest.Zip(t, base)), f.file(t, "orders_1_2.zip", orders), f.file(t, "broken.zip", []byte("PK\x03\x04 cut off")))
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
		b.shows("#plan", "Not planned", "ContosoOrders occurs 2 times", "No file tells of the environment")
		b.change("document.querySelector('#plan select[aria-label*=\"1.2.0.0\"]')", "skip")
		b.waitText("#plan", "Can be imported")
		b.idle()
		b.shows("#plan", "Create a connection of shared_sharepointonline", "ct_site")
		order := b.text("#plan .document table")
		if first, second := strings.Index(order, "ContosoBase"), strings.Index(order, "ContosoOrders"); first < 0 || second < first {
			t.Errorf("the order is\n%s", order)
		}
		b.hides("#plan .document table", "upgrade")
		b.choose("#files", f.file(t, "test.json", []byte(environment)))
		b.waitText("#plan .document table", "upgrade")
		b.shows("#plan", "The environment by test.json")
		b.click("#plan .boxes input")
		b.wait("document.querySelector('#plan .boxes li.done')")
		b.change("document.querySelector('#plan select[aria-label*=\"ContosoBase\"]')", "skip")
		b.waitText("#plan", "Cannot be imported")
		b.change("document.querySelector('#plan select[aria-label*=\"ContosoBase\"]')", "installed")
		b.waitText("#plan", "Can be imported")
		b.idle()
	})
	step("download of the tree", func(t *testing.T) {
		b.tab("overview")
		data := b.download(t, "[aria-label='Save source tree: ContosoOrders 1.2.0.0']", "ContosoOrders_source.zip")
		samePackage(t, data, orders)
	})
	step("connector", func(t *testing.T) {
		b.choose("#files", f.file(t, "rates.json", []byte(swagger)))
		b.waitText("#overview", "Contoso rates: 1 operation")
		b.idle()
		b.tab("findings")
		b.shows("#findings", "CONN-", "rates.json:2:")
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
	step("large", func(t *testing.T) {
		data := solutiontest.Zip(t, large())
		b.eval("delete document.documentElement.dataset.listed; delete document.documentElement.dataset.checked")
		b.choose("#files", f.file(t, "large.zip", data))
		b.wait("document.documentElement.dataset.checked")
		b.shows("#overview", "Entity 200", "Attribute 2000")
		t.Logf("%d bytes: shown after %v ms, with its components after %v ms, checked after %v ms", len(data), b.eval("document.documentElement.dataset.listed"),
			b.eval("document.documentElement.dataset.summarised"), b.eval("document.documentElement.dataset.checked"))
		b.tab("inventory")
		b.shows("#inventory", "ct_t199")
	})
	t.Logf("first paint after %v ms, the library is ready after %v ms", b.eval("performance.getEntriesByName('first-contentful-paint').map(e => Math.round(e.startTime))[0]"), b.eval("document.documentElement.dataset.ready"))
	for _, e := range b.seen("Runtime.exceptionThrown") {
		t.Errorf("the page threw: %s", e.Params)
	}
}

// TestPageOnHost opens the page from a static host.
func TestPageOnHost(t *testing.T) {
	f := newFolder(t)
	server := httptest.NewServer(http.FileServerFS(os.DirFS(f.dir)))
	t.Cleanup(server.Close)
	b := startBrowser(t, server.URL)
	b.choose("#files", f.file(t, "base.zip", solutiontest.Zip(t, base))) // perhaps before the library is there
	b.waitText("#overview", "ContosoBase")

	// Without the library, the page says so.
	if err := os.Remove(filepath.Join(f.dir, "library.js")); err != nil {
		t.Fatal(err)
	}
	b.do("Page.navigate", map[string]any{"url": server.URL + "/index.html"}, nil)
	b.waitText("#problems", "library.js could not be loaded")
	b.shows("#status", "not running")
}

// large is a solution of some megabytes: 200 tables, and a file that no compression makes smaller.
func large() string {
	var b strings.Builder
	b.WriteString("solution ContosoLarge 1.0.0.0\n")
	for i := range 200 {
		fmt.Fprintf(&b, "entity ct_t%d\n", i)
		for k := range 10 {
			fmt.Fprintf(&b, "attribute ct_t%d.ct_c%d\n", i, k)
		}
	}
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 6_600_000) // of six bits each
	for i := range noise {
		noise[i] = letters[random.IntN(len(letters))]
	}
	fmt.Fprintf(&b, "webresource ct_/large.js text=\"%s\"\n", noise)
	return b.String()
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

// download clicks a button and returns the file that the browser saves.
func (b *browser) download(t *testing.T, selector, name string) []byte {
	t.Helper()
	dir := t.TempDir()
	b.call("", "Browser.setDownloadBehavior", map[string]any{"behavior": "allow", "downloadPath": dir}, nil)
	b.click(selector)
	file := filepath.Join(dir, name)
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		if data, err := os.ReadFile(file); err == nil {
			if _, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err == nil {
				return data
			}
		}
		if time.Now().After(end) {
			list, _ := os.ReadDir(dir)
			t.Fatalf("%s was not saved, but %v; the page shows\n%s", name, list, b.text("body"))
		}
	}
}

// samePackage asserts that a zipped tree is that of a package.
func samePackage(t *testing.T, zipped, pkg []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(zipped), int64(len(zipped)))
	if err != nil {
		t.Fatal(err)
	}
	sub, err := fs.Sub(z, "ContosoOrders")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := packager.Load(sub, nil)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := packager.Open(bytes.NewReader(pkg), int64(len(pkg)), nil)
	if err != nil {
		t.Fatal(err)
	}
	want, err := packager.Unpack(opened, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := tree.Digest()
	if err != nil {
		t.Fatal(err)
	}
	if digest, err := want.Digest(); err != nil || got != digest {
		t.Errorf("the tree that was saved is another: %s, want %s (%v)", got, digest, err)
	}
}

// named asserts that all that takes part in the page has a name for those who do not see it.
func (b *browser) named(t *testing.T) {
	t.Helper()
	var tree struct {
		Nodes []struct {
			Ignored    bool
			Role, Name struct{ Value any }
		}
	}
	b.do("Accessibility.getFullAXTree", nil, &tree)
	count := map[string]int{}
	for _, n := range tree.Nodes {
		role := fmt.Sprint(n.Role.Value)
		if n.Ignored {
			continue
		}
		switch role {
		case "button", "tab", "tabpanel", "textbox", "searchbox", "combobox", "checkbox", "radio", "image", "link", "table", "region", "navigation", "heading":
			if count[role]++; n.Name.Value == nil || n.Name.Value == "" {
				t.Errorf("a %s without a name", role)
			}
		}
	}
	if count["button"] < 2 || count["heading"] < 2 {
		t.Errorf("the tree of the page looks wrong: %v", count)
	}
}

// looks asserts that no window is too narrow for the page, and that texts can be read in both schemes.
func (b *browser) looks(t *testing.T) {
	for _, scheme := range []string{"light", "dark"} {
		b.do("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
		for _, tab := range []string{"overview", "inventory", "findings", "picture", "compare", "plan"} {
			for _, width := range []int{320, 1280} {
				b.do("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false}, nil)
				b.tab(tab)
				if wide := b.eval("document.documentElement.scrollWidth"); wide.(float64) > float64(width) {
					t.Errorf("%s has %v pixels in a window of %d; the widest is %v", tab, wide, width, b.eval(widest))
				}
			}
			b.named(t)
			if low := b.eval(contrast); low != "" {
				t.Errorf("%s, %s: hard to read: %v", tab, scheme, low)
			}
		}
	}
	dark := b.eval("getComputedStyle(document.body).backgroundColor")
	b.do("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": "light"}}}, nil)
	if light := b.eval("getComputedStyle(document.body).backgroundColor"); light == dark {
		t.Errorf("the page is %v in both schemes", light)
	}
}

const widest = `(function () {
  var most = 0, what = "";
  document.querySelectorAll("body *").forEach(function (e) { var r = e.getBoundingClientRect(); if (r.right > most && !e.closest(".scroll, .picture, #tabs")) { most = r.right; what = e.outerHTML.slice(0, 120); } });
  return what;
})()`

// contrast tells of texts with less than 4.5 between their colour and what is behind (WCAG 2.2, 1.4.3).
const contrast = `(function () {
  function rgb(text) { return (text.match(/[\d.]+/g) || []).map(Number); }
  function light(c) { return c.slice(0, 3).map(function (v) { v /= 255; return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); }).reduce(function (sum, v, i) { return sum + v * [0.2126, 0.7152, 0.0722][i]; }, 0); }
  function behind(e) { for (; e; e = e.parentElement) { var c = rgb(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; }
  var low = [];
  document.querySelectorAll("body *").forEach(function (e) {
    if (!e.getClientRects().length || e.disabled || ![].some.call(e.childNodes, function (n) { return n.nodeType === 3 && n.data.trim(); })) return;
    var a = light(rgb(getComputedStyle(e).color)), b = light(behind(e)), ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push(e.outerHTML.slice(0, 80) + " " + ratio.toFixed(2));
  });
  return low.slice(0, 5).join("; ");
})()`

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
