package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// named asserts that all that takes part in the page has a name for those who do not see it, and that headings and tables are in order.
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
		case "button", "tab", "tabpanel", "textbox", "searchbox", "combobox", "checkbox", "radio", "image", "link", "table", "region", "navigation", "heading", "progressbar", "status", "alert":
			if count[role]++; (n.Name.Value == nil || n.Name.Value == "") && role != "status" && role != "alert" {
				t.Errorf("a %s without a name", role)
			}
		}
	}
	if count["button"] < 2 || count["heading"] < 2 || count["status"] < 1 || count["alert"] != 1 {
		t.Errorf("the tree of the page looks wrong: %v", count)
	}
	if wrong := b.eval(outline); wrong != "" {
		t.Errorf("headings and tables: %v", wrong)
	}
}

// outline tells of headings that skip a level, and of cells of a head without scope.
const outline = `(function () {
  var wrong = [], last = 0;
  document.querySelectorAll("h1, h2, h3, h4, h5, h6").forEach(function (h) {
    if (!h.getClientRects().length) return;
    var level = Number(h.tagName[1]);
    if (level > last + 1) wrong.push("h" + level + " " + h.textContent + " behind h" + last);
    last = level;
  });
  if (document.querySelectorAll("h1").length !== 1) wrong.push("not one h1");
  document.querySelectorAll("th:not([scope])").forEach(function (th) { wrong.push("th " + th.textContent + " has no scope"); });
  document.querySelectorAll("table").forEach(function (table) { if (!table.querySelector("th[scope]")) wrong.push("a table without heads"); });
  return wrong.slice(0, 5).join("; ");
})()`

// looks asserts that no window is too narrow for the page, or text too large, and that all can be read in both schemes.
func (b *browser) looks(t *testing.T) {
	windows := []struct{ width, zoom int }{{320, 1}, {640, 2}, {1280, 1}} // 640 with two pixels each is 1280 at 200 %
	for _, scheme := range []string{"light", "dark"} {
		b.media("prefers-color-scheme", scheme)
		for _, tab := range []string{"overview", "inventory", "findings", "picture", "compare", "plan"} {
			b.tab(tab)
			for _, w := range windows {
				b.do("Emulation.setDeviceMetricsOverride", map[string]any{"width": w.width, "height": 800, "deviceScaleFactor": w.zoom, "mobile": false}, nil)
				if wide := b.eval("document.documentElement.scrollWidth"); wide.(float64) > float64(w.width) {
					t.Errorf("%s has %v pixels in a window of %d; the widest is %v", tab, wide, w.width, b.eval(widest))
				}
			}
			b.named(t)
			if low := b.eval(contrast); low != "" {
				t.Errorf("%s, %s: hard to read: %v", tab, scheme, low)
			}
		}
		windows = windows[len(windows)-1:] // the scheme changes no sizes
	}
	dark := b.eval("getComputedStyle(document.body).backgroundColor")
	b.media("prefers-color-scheme", "light")
	if light := b.eval("getComputedStyle(document.body).backgroundColor"); light == dark {
		t.Errorf("the page is %v in both schemes", light)
	}

	const animation = "(document.body.classList.add('busy'), getComputedStyle(document.querySelector('#status'), '::before').animationName)"
	moving := b.eval(animation)
	b.media("prefers-reduced-motion", "reduce")
	if still := b.eval(animation); moving == "none" || still != "none" {
		t.Errorf("what moves is %v, and with reduced motion %v", moving, still)
	}
	b.eval("document.body.classList.remove('busy')")
	b.media("prefers-reduced-motion", "")
}

func (b *browser) media(feature, value string) {
	b.t.Helper()
	b.do("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": feature, "value": value}}}, nil)
}

const widest = `(function () {
  var most = 0, what = "";
  document.querySelectorAll("body *").forEach(function (e) { var r = e.getBoundingClientRect(); if (r.right > most && !e.closest(".scroll, .picture, #tabs")) { most = r.right; what = e.outerHTML.slice(0, 120); } });
  return what;
})()`

// contrast tells of texts with less than 4.5 between their colour and what is behind (WCAG 2.2, 1.4.3), hints in inputs too, and of
// controls whose edge has less than 3 (1.4.11).
const contrast = `(function () {
  function rgb(text) { return (text.match(/[\d.]+/g) || []).map(Number); }
  function light(c) { return c.slice(0, 3).map(function (v) { v /= 255; return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); }).reduce(function (sum, v, i) { return sum + v * [0.2126, 0.7152, 0.0722][i]; }, 0); }
  function behind(e) { for (; e; e = e.parentElement) { var c = rgb(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; }
  function ratio(a, b) { a = light(a); b = light(b); return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); }
  var low = [];
  function hold(e, colour, back, least) { var r = ratio(rgb(colour), back); if (r < least) low.push(e.outerHTML.slice(0, 80) + " " + r.toFixed(2)); }
  document.querySelectorAll("body *").forEach(function (e) {
    if (!e.getClientRects().length || e.disabled) return;
    var style = getComputedStyle(e);
    if ([].some.call(e.childNodes, function (n) { return n.nodeType === 3 && n.data.trim(); })) hold(e, style.color, behind(e), 4.5);
    if (e.placeholder) hold(e, getComputedStyle(e, "::placeholder").color, behind(e), 4.5);
    if (e.matches("button, select, .button, input[type=search]") && style.borderTopStyle === "solid" && style.borderTopWidth !== "0px") hold(e, style.borderTopColor, behind(e.parentElement), 3);
  });
  return low.slice(0, 5).join("; ");
})()`

// outlined asserts that whoever goes through the empty page by the keyboard sees where they are, in the order of the page.
func (b *browser) outlined(t *testing.T) {
	t.Helper()
	b.eval("document.activeElement.blur()")
	var order []string
	for range 3 {
		order = append(order, b.tabbed(t))
	}
	if got, want := strings.Join(order, ", "), "files, folder, sample"; got != want {
		t.Errorf("the keyboard goes to %s, want %s", got, want)
	}
}

// tabbed goes to what comes next by the keyboard, asserts that it can be seen there, and returns its label or id.
func (b *browser) tabbed(t *testing.T) string {
	t.Helper()
	b.press("Tab", 9)
	got := fmt.Sprint(b.eval(`(function (e) {
  var seen = e.matches(".away") ? e.nextElementSibling : e, style = getComputedStyle(seen), box = seen.getBoundingClientRect();
  var shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && box.bottom > 0 && box.top < innerHeight;
  return (e.getAttribute("aria-label") || e.id || e.tagName) + (shown || e === document.body ? "" : " is not seen");
})(document.activeElement)`))
	if strings.HasSuffix(got, " is not seen") {
		t.Errorf("with the focus, %s", got)
	}
	return got
}

// keyboardAlone chooses a file, walks to a document and into it, and removes the file again.
func (b *browser) keyboardAlone(t *testing.T, file string) {
	b.tab("overview")
	b.do("Page.setInterceptFileChooserDialog", map[string]any{"enabled": true}, nil)
	n := len(b.seen("Page.fileChooserOpened"))
	b.eval("document.querySelector('#files').focus()")
	b.press("Enter", 13)
	for len(b.seen("Page.fileChooserOpened")) == n {
		b.eval("new Promise(r => setTimeout(r, 20))")
	}
	var opened struct{ BackendNodeID int }
	if err := json.Unmarshal(b.seen("Page.fileChooserOpened")[n].Params, &opened); err != nil {
		t.Fatal(err)
	}
	b.do("DOM.setFileInputFiles", map[string]any{"files": []string{file}, "backendNodeId": opened.BackendNodeID}, nil)
	b.do("Page.setInterceptFileChooserDialog", map[string]any{"enabled": false}, nil)
	b.waitText("#overview", "env.json")
	b.idle()
	reached := func(what string) bool {
		for range 60 {
			if b.tabbed(t) == what {
				return true
			}
		}
		return false
	}
	if !reached("tab-overview") || !reached("Remove: env.json") {
		t.Fatalf("the keyboard does not get there; it is on %v", b.eval("document.activeElement.outerHTML.slice(0, 200)"))
	}
	b.press("Enter", 13)
	b.wait("!document.querySelector('#overview').innerText.includes('env.json')")
	b.idle()
	if focus := b.eval("document.activeElement.tagName"); focus != "BUTTON" {
		t.Errorf("the focus is on %v", focus)
	}
}
