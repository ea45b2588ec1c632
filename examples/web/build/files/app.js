// The glue of the page: it takes files, asks the program in the worker, and shows the answers. Texts become text nodes, never markup.
"use strict";
(function () {
  var MOST_BYTES = 400 << 20, MOST_ROWS = 300;

  function byId(id) { return document.getElementById(id); }

  // el makes an element. Attributes whose name begins with "on" are listeners.
  function el(tag, attributes) {
    var e = document.createElement(tag);
    for (var name in attributes || {}) {
      var value = attributes[name];
      if (value === undefined || value === null || value === false) continue;
      if (name.slice(0, 2) === "on") e.addEventListener(name.slice(2), value);
      else e.setAttribute(name, value === true ? "" : value);
    }
    for (var i = 2; i < arguments.length; i++) append(e, arguments[i]);
    return e;
  }

  function append(e, child) {
    if (child === undefined || child === null || child === "") return;
    if (Array.isArray(child)) child.forEach(function (c) { append(e, c); });
    else e.append(child);
  }

  function plural(n, noun) { return n + " " + noun + (n === 1 ? "" : "s"); }

  // ---- What is going on

  var busy = 0;
  function say(text) {
    byId("status").textContent = text;
    byId("status").classList.toggle("busy", busy > 0);
  }

  // problem shows what went wrong, once.
  function problem(text, button) {
    if (Array.prototype.some.call(byId("problems").children, function (box) { return box.firstChild.textContent === text; })) return;
    var box = el("div", { class: "problem" }, el("span", {}, text));
    append(box, button || el("button", { type: "button", "aria-label": "Dismiss: " + text, onclick: function () { box.remove(); } }, "Dismiss"));
    byId("problems").append(box);
  }

  // ---- The worker

  var worker = null, ready = false, stopped = "", asked = 0, waiting = new Map(), queue = [];

  function loadLibrary() {
    var script = el("script", { src: "library.js", onload: startWorker, onerror: function () { stop("library.js could not be loaded: keep it beside index.html"); } });
    document.head.append(script);
  }

  function startWorker() {
    /* global library */
    if (typeof WebAssembly !== "object" || typeof DecompressionStream !== "function") {
      stop("This browser is too old for the page: it needs WebAssembly and DecompressionStream.");
      return;
    }
    var url = URL.createObjectURL(new Blob([library.worker], { type: "text/javascript" }));
    worker = new Worker(url);
    worker.onmessage = heard;
    worker.onerror = function (e) { stop("The library stopped: " + (e.message || "an error of the worker")); };
    worker.postMessage({ program: library.program });
    library = null;
  }

  function heard(event) {
    var m = event.data;
    if (m.ready) {
      ready = true;
      document.documentElement.dataset.ready = String(Math.round(performance.now()));
      queue.splice(0).forEach(function (q) { worker.postMessage(q.message, q.transfer); });
      if (!busy) say("Ready. Drop a file to begin.");
      return;
    }
    if (m.stopped) {
      stop(m.stopped);
      return;
    }
    var w = waiting.get(m.n);
    waiting.delete(m.n);
    if (m.error !== undefined) w.reject(new Error(m.error));
    else w.resolve(m.file ? { answer: m.answer, file: m.file } : m.answer);
  }

  function stop(why) {
    stopped = why;
    if (worker) worker.terminate();
    waiting.forEach(function (w) { w.reject(new Error(why)); });
    waiting.clear();
    queue = [];
    problem(why, el("button", { type: "button", onclick: function () { location.reload(); } }, "Reload the page"));
    busy = 0;
    say("The library is not running.");
  }

  // ask puts a question to the program: a word, arguments, and perhaps files.
  function ask(word, args, files) {
    if (stopped) return Promise.reject(new Error(stopped));
    return new Promise(function (resolve, reject) {
      var q = { message: { n: ++asked, word: word, args: args, files: files }, transfer: (files || []).map(function (f) { return f.data.buffer; }) };
      waiting.set(q.message.n, { resolve: resolve, reject: reject });
      if (ready) worker.postMessage(q.message, q.transfer);
      else queue.push(q);
    });
  }

  // during says what is done until a promise is settled, and shows its failure.
  function during(text, promise) {
    busy++;
    say(text);
    return promise.then(function (x) {
      busy = Math.max(0, busy - 1);
      if (!busy) say("");
      return x;
    }, function (e) {
      busy = Math.max(0, busy - 1);
      if (!busy) say("");
      if (!stopped) problem(e.message);
      throw e;
    });
  }

  // ---- Files

  var items = [], summaries = new Map(), actions = new Map();

  function solutions() { return items.filter(function (i) { return i.kind === "solution"; }); }
  function checkable() { return items.filter(function (i) { return i.kind === "solution" || i.kind === "connectors"; }); }
  function label(item) { return item.title + (item.version ? " " + item.version : ""); }
  function labels(list) { // labels of items, which differ
    return list.map(function (i) {
      var same = list.some(function (k) { return k !== i && label(k) === label(i); });
      return same ? label(i) + " – " + i.name : label(i);
    });
  }

  async function read(list) {
    var total = 0, out = [];
    list.forEach(function (f) { total += f.file.size; });
    if (total > MOST_BYTES) throw new Error("These files have " + Math.round(total / 1048576) + " MiB, and the page takes " + (MOST_BYTES >> 20) + ": use the command line for them.");
    for (var i = 0; i < list.length; i++) {
      try {
        out.push({ name: list[i].name, data: new Uint8Array(await list[i].file.arrayBuffer()) });
      } catch (e) {
        throw new Error(list[i].name + ": it can't be read: " + e.message);
      }
    }
    return out;
  }

  // What no solution is made of, and folders of work are full of.
  var PASSED_OVER = /(^|\/)(\.git|node_modules)\//;

  function take(list) {
    list = list.filter(function (f) { return !PASSED_OVER.test(f.name); });
    if (!list.length) return Promise.resolve();
    var begin = performance.now();
    var what = list.length === 1 ? list[0].name : plural(list.length, "file");
    return during("Reading " + what + " …", read(list).then(function (files) { return ask("add", {}, files); })).then(function (added) {
      added.problems.forEach(function (p) { problem(p.name + ": " + p.message); });
      changed(added.items);
      var fresh = added.items.filter(function (i) { return added.new.indexOf(i.id) >= 0; });
      if (!fresh.length) return;
      document.documentElement.dataset.listed = String(Math.round(performance.now() - begin));
      var inside = fresh.filter(function (i) { return i.kind === "solution" || i.kind === "connectors"; });
      return oneByOne(inside, summarise).then(function () {
        document.documentElement.dataset.summarised = String(Math.round(performance.now() - begin));
        return oneByOne(inside, check);
      }).then(function () {
        document.documentElement.dataset.checked = String(Math.round(performance.now() - begin));
        if (!busy) say("Read " + labels(fresh).join(", ") + ".");
      });
    }).catch(function () {}); // during has shown it
  }

  function oneByOne(list, act) {
    return list.reduce(function (before, x) { return before.then(function () { return act(x); }); }, Promise.resolve());
  }

  // learn adds what is known of an item to its card. A failure is shown, and the card says that nothing more is known.
  function learn(item, text, word) {
    return during(text, ask(word, { id: item.id })).catch(function () { return { failed: true }; }).then(function (more) {
      if (!items.some(function (i) { return i.id === item.id; })) return; // it was removed meanwhile
      summaries.set(item.id, Object.assign({}, summaries.get(item.id), more));
      showOverview();
      badge();
    });
  }

  function summarise(item) { return learn(item, "Reading " + label(item) + " …", "summary"); }
  function check(item) { return (summaries.get(item.id) || {}).failed ? null : learn(item, "Checking " + label(item) + " …", "check"); }

  // changed takes the list of items, and makes everything that was shown anew when it is looked at.
  function changed(list) {
    items = list;
    [summaries, actions].forEach(function (m) {
      m.forEach(function (_, id) { if (!items.some(function (i) { return i.id === id; })) m.delete(id); });
    });
    document.body.classList.toggle("filled", items.length > 0);
    byId("drop-title").textContent = items.length ? "Drop more files anywhere" : "Drop files here";
    byId("views").hidden = items.length === 0;
    for (var name in panels) {
      panels[name].stale = true;
      if (!items.length) byId(name).replaceChildren();
    }
    badge();
    show(items.length ? selected() : "overview");
  }

  function remove(item) {
    return during("", ask("remove", { id: item.id })).then(function (list) {
      changed(list);
      say("Removed " + label(item) + ".");
      (byId("overview").querySelector("button") || byId("files")).focus();
    }, function () {});
  }

  function badge() {
    var errors = 0, warnings = 0;
    summaries.forEach(function (s) { errors += s.errors || 0; warnings += s.warnings || 0; });
    var tab = byId("tab-findings");
    tab.textContent = "Findings";
    if (errors + warnings) tab.append(" ", el("span", { class: "badge " + (errors ? "error" : "warning"), title: plural(errors, "error") + ", " + plural(warnings, "warning") }, String(errors + warnings)));
  }

  // download asks for a file and saves it.
  function download(args, what) {
    return during("Making " + what + " …", ask("download", args)).then(function (made) {
      save(made.answer.name, made.answer.type, made.file);
      say("Saved " + made.answer.name + ".");
    }, function () {});
  }

  function save(name, type, data) {
    var url = URL.createObjectURL(new Blob([data], { type: type }));
    var link = el("a", { href: url, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(url); }, 60000);
  }

  function button(text, action, described) {
    return el("button", { type: "button", onclick: action, "aria-label": described }, text);
  }

  // ---- Blocks

  function words(text) {
    return (text || []).map(function (run) {
      if (run.s === "code") return el("code", {}, run.t);
      if (run.s === "strong") return el("strong", {}, run.t);
      return run.t;
    });
  }

  function plainText(text) { return (text || []).map(function (run) { return run.t; }).join(""); }

  // render makes elements of blocks. deeper is added to the levels of headings; label names the tables before the first heading.
  function render(blocks, deeper, label) {
    var out = document.createDocumentFragment();
    (blocks || []).forEach(function (b) {
      switch (b.kind) {
        case "heading":
          label = plainText(b.text);
          out.append(el("h" + Math.min(6, b.level + deeper), {}, words(b.text)));
          break;
        case "paragraph": out.append(el("p", { class: "pre" }, words(b.text))); break;
        case "list": out.append(renderList(b, deeper)); break;
        case "table": out.append(renderTable(b, label)); break;
        case "fold": out.append(renderFold(b, deeper)); break;
      }
    });
    return out;
  }

  function renderList(b, deeper) {
    var boxes = b.items.length > 0 && b.items.every(function (i) { return i.box; });
    return el("ul", { class: boxes && "boxes" }, b.items.map(function (i) {
      var li = el("li", {});
      if (i.box) {
        var tick = el("input", { type: "checkbox", onchange: function () { li.classList.toggle("done", tick.checked); } });
        li.append(el("label", { class: "box" }, tick, el("span", {}, words(i.text))));
      } else {
        append(li, words(i.text));
      }
      li.append(render(i.blocks, deeper));
      return li;
    }));
  }

  // What can be scrolled can be reached by the keyboard, and nothing else need be.
  var scrolls = new ResizeObserver(function (list) {
    list.forEach(function (x) {
      if (x.target.scrollWidth > x.target.clientWidth) x.target.tabIndex = 0;
      else x.target.removeAttribute("tabindex");
    });
  });

  // A table shows its first rows, and the others when they are asked for.
  function renderTable(b, label) {
    var body = el("tbody");
    var table = el("table", { "aria-label": label || "Table" }, el("thead", {}, el("tr", {}, b.head.map(function (h) { return el("th", { scope: "col" }, words(h)); }))), body);
    var box = el("div", { class: "scroll", role: "region", "aria-label": label || "Table" }, table);
    scrolls.observe(box);
    var rows = b.rows || [], shown = 0;
    function more(n) {
      for (; shown < Math.min(n, rows.length); shown++) {
        body.append(el("tr", {}, rows[shown].map(function (cell) {
          var td = el("td", {}, words(cell)), text = plainText(cell);
          if (/^(error|warning)$/.test(text)) td.replaceChildren(el("span", { class: "badge " + text }, text));
          return td;
        })));
      }
    }
    more(MOST_ROWS);
    if (rows.length > shown) {
      var rest = button("Show all " + rows.length + " rows", function () { more(rows.length); rest.remove(); box.tabIndex = 0; box.focus(); });
      rest.className = "more";
      box.append(rest);
      box.showAll = function () { more(rows.length); rest.remove(); };
    }
    return box;
  }

  // A fold is made when it is opened.
  function renderFold(b, deeper) {
    var fold = el("details", {}, el("summary", {}, words(b.text))), made = false;
    fold.make = function () {
      if (made) return;
      made = true;
      fold.append(render(b.blocks, deeper, plainText(b.text)));
    };
    fold.addEventListener("toggle", function () { if (fold.open) fold.make(); });
    if (b.open) {
      fold.make();
      fold.open = true;
    }
    return fold;
  }

  // search filters rows and items of a document by words, and opens what has them.
  function searchBox(doc, name) {
    var found = el("span", { class: "faint", role: "status" }), timer = 0, opened = null;
    var box = el("input", { type: "search", placeholder: "words in a row", autocomplete: "off", spellcheck: "false", oninput: function () { clearTimeout(timer); timer = setTimeout(go, 150); } });
    function go() {
      var list = box.value.toLowerCase().split(/\s+/).filter(Boolean), total = 0;
      if (list.length && !opened) {
        opened = new Map();
        doc.querySelectorAll("details").forEach(function (d) { opened.set(d, d.open); d.make && d.make(); });
        doc.querySelectorAll(".scroll").forEach(function (s) { s.showAll && s.showAll(); });
      }
      if (!opened) return;
      doc.querySelectorAll("tbody tr").forEach(function (row) {
        var fold = row.closest("details");
        var text = ((fold ? fold.firstChild.textContent + " " : "") + row.textContent).toLowerCase();
        row.hidden = !list.every(function (w) { return text.indexOf(w) >= 0; });
        if (!row.hidden) total++;
      });
      doc.querySelectorAll(".scroll").forEach(function (s) { s.hidden = list.length > 0 && !s.querySelector("tbody tr:not([hidden])"); });
      doc.querySelectorAll("details").forEach(function (d) {
        var hit = !!d.querySelector("tbody tr:not([hidden])");
        d.hidden = list.length > 0 && !hit;
        d.open = list.length ? hit : opened.get(d);
      });
      found.textContent = list.length ? plural(total, "row") : "";
      if (!list.length) opened = null;
    }
    return [el("label", {}, name, box), found];
  }

  // ---- Panels

  var which = ""; // the id of the item that is looked at, "" for all

  // chooser is a list of items to look at, if there are several.
  function chooser(list, again) {
    if (list.length < 2) return null;
    var names = labels(list);
    var select = el("select", { onchange: function () { which = select.value; again(); } }, el("option", { value: "" }, "All (" + list.length + ")"),
      list.map(function (i, n) { return el("option", { value: i.id, selected: String(i.id) === which }, names[n]); }));
    return el("label", {}, "Of", select);
  }

  function chosen(list) {
    var one = list.filter(function (i) { return String(i.id) === which; });
    return (one.length ? one : list).map(function (i) { return i.id; });
  }

  var panels = {
    overview: { make: showOverview },
    inventory: { make: showInventory },
    findings: { make: showFindings },
    picture: { make: showPicture },
    compare: { make: showCompare },
    plan: { make: showPlan }
  };
  var turn = 0; // counts what is shown, so that an answer that comes late is not

  function selected() { return document.querySelector("#tabs [aria-selected=true]").getAttribute("aria-controls"); }

  function show(name) {
    document.querySelectorAll("#tabs [role=tab]").forEach(function (tab) {
      var on = tab.getAttribute("aria-controls") === name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      byId(tab.getAttribute("aria-controls")).hidden = !on;
      if (on) bring(tab);
    });
    if (items.length && panels[name].stale !== false) {
      panels[name].stale = false;
      panels[name].make();
    }
  }

  // bring scrolls the row of tabs to one, and not the page.
  function bring(tab) {
    var row = byId("tabs"), left = tab.offsetLeft - row.offsetLeft;
    if (left < row.scrollLeft || left + tab.offsetWidth > row.scrollLeft + row.clientWidth) row.scrollLeft = left - 16;
  }

  // fill asks and shows the answer in a panel, if nothing else was asked for it meanwhile.
  function fill(name, text, promise, view) {
    var mine = panels[name].turn = ++turn, panel = byId(name);
    panel.setAttribute("aria-busy", "true");
    return during(text, promise).then(function (x) {
      if (panels[name].turn !== mine) return;
      var focused = panel.contains(document.activeElement) && document.activeElement !== panel ? controlName(document.activeElement) : "";
      view(x);
      if (focused && !panel.contains(document.activeElement)) refocus(panel, focused);
      panel.removeAttribute("aria-busy");
      panel.dataset.shown = String(mine);
      say(text.replace(/ …$/, "") + ": done.");
    }, function () {
      if (panels[name].turn !== mine) return;
      panels[name].stale = true;
      panel.removeAttribute("aria-busy");
    });
  }

  // refocus gives the focus to the control that is in the place of the one that had it.
  function refocus(panel, name) {
    var same = Array.prototype.filter.call(panel.querySelectorAll("button, input, select"), function (e) { return controlName(e) === name; })[0];
    (same || panel).focus();
  }

  function controlName(e) {
    var label = e.closest("label");
    return e.tagName + " " + (e.getAttribute("aria-label") || (label ? Array.prototype.filter.call(label.childNodes, function (n) { return n.nodeType === 3; }).map(function (n) { return n.data; }).join("") : e.textContent));
  }

  function nothing(name, text) {
    panels[name].turn = ++turn;
    byId(name).replaceChildren(el("p", { class: "faint" }, text));
  }

  function showOverview() {
    byId("overview").replaceChildren(el("h2", { class: "away" }, "Overview"), el("ul", { class: "cards" }, items.map(card)));
    panels.overview.stale = false;
  }

  function card(item) {
    var s = summaries.get(item.id), checks = item.kind === "solution" || item.kind === "connectors";
    var out = el("li", { class: "card", "data-item": item.id }, el("h3", {}, item.title));
    append(out, el("dl", {}, item.facts.map(function (f) { return [el("dt", {}, f[0]), el("dd", {}, f[1])]; })));
    if (s && s.description) append(out, el("p", { class: "pre" }, s.description));
    if (checks && !(s && (s.failed || s.errors !== undefined))) append(out, el("p", { class: "faint" }, "Checking …"));
    if (s && s.failed) append(out, el("p", { class: "badge error" }, "could not be read as a whole"));
    if (s && s.errors !== undefined) append(out, el("p", {}, verdict(s)));
    if (s && s.components && s.components.length) {
      append(out, el("ul", { class: "kinds", "aria-label": "Components of " + item.title }, s.components.map(function (c) { return el("li", {}, c.kind + " ", el("strong", {}, String(c.count))); })));
    }
    var buttons = el("div", { class: "buttons" });
    if (item.kind === "solution") {
      append(buttons, button("Save source tree", function () { download({ format: "tree", id: item.id }, "the source tree of " + label(item)); }, "Save source tree: " + label(item)));
    }
    append(buttons, button("Remove", function () { remove(item); }, "Remove: " + label(item)));
    append(out, buttons);
    return out;
  }

  function verdict(f) {
    if (!f.errors && !f.warnings) return el("span", { class: "badge good" }, f.notes ? "no errors or warnings, " + plural(f.notes, "note") : "no findings");
    return [f.errors ? el("span", { class: "badge error" }, plural(f.errors, "error")) : null, " ", f.warnings ? el("span", { class: "badge warning" }, plural(f.warnings, "warning")) : null, " ",
      f.notes ? el("span", { class: "badge note" }, plural(f.notes, "note")) : null];
  }

  function showInventory() {
    var list = solutions();
    if (!list.length) return nothing("inventory", "Drop the zip of a solution to see what it holds.");
    var ids = chosen(list);
    fill("inventory", "Taking the inventory …", ask("inventory", { ids: ids }), function (blocks) {
      var doc = el("div", { class: "document" }, render(blocks, 1)), contents = contentsOf(doc);
      function saver(format, text) { return button("Save as " + text, function () { download({ format: format, ids: ids }, "the inventory"); }); }
      byId("inventory").replaceChildren(
        el("div", { class: "controls" }, chooser(list, showInventory), searchBox(doc, "Search"), saver("inventory-markdown", "Markdown"), saver("inventory-json", "JSON")),
        el("div", { class: "columns" }, contents, doc));
    });
  }

  // The contents stand beside a document, and are folded where they stand above it.
  var wide = matchMedia("(min-width: 60rem)");
  wide.addEventListener("change", function () {
    document.querySelectorAll(".contents details").forEach(function (d) { d.open = wide.matches; });
  });

  // contentsOf is the list of headings of a document, of two levels.
  function contentsOf(doc) {
    var top = el("ul"), inner = null, n = 0;
    doc.querySelectorAll("h3, h4").forEach(function (h) {
      h.id = "part-" + ++n;
      h.tabIndex = -1;
      var li = el("li", {}, el("a", { href: "#" + h.id }, h.textContent));
      if (h.tagName === "H3") {
        inner = el("ul");
        li.append(inner);
        top.append(li);
      } else {
        (inner || top).append(li);
      }
    });
    var fold = el("details", {}, el("summary", {}, "Contents"), top);
    fold.open = wide.matches;
    return el("nav", { class: "contents", "aria-label": "Contents" }, fold);
  }

  var certification = false;

  function showFindings() {
    var list = checkable();
    if (!list.length) return nothing("findings", "Drop a solution or a custom connector to have it checked.");
    var ids = chosen(list);
    fill("findings", "Checking …", ask("findings", { ids: ids, certification: certification }), function (found) {
      var out = el("ol", { class: "found" }), count = el("p", { class: "faint", role: "status" }), more = el("p", {});
      var severity = el("select", { onchange: function () { filter(MOST_ROWS); } }, ["all", "error", "warning", "action", "certification", "note"].filter(function (s) {
        return s === "all" || found.some(function (f) { return f.severity === s; });
      }).map(function (s) {
        var n = s === "all" ? found.length : found.filter(function (f) { return f.severity === s; }).length;
        return el("option", { value: s }, s + " (" + n + ")");
      }));
      var search = el("input", { type: "search", placeholder: "message, file or rule", autocomplete: "off", spellcheck: "false", oninput: function () { filter(MOST_ROWS); } });
      var certify = el("input", { type: "checkbox", onchange: function () { certification = certify.checked; showFindings(); } });
      certify.checked = certification;
      function filter(most) {
        var list = search.value.toLowerCase().split(/\s+/).filter(Boolean);
        var hits = found.filter(function (f) {
          var text = [f.message, f.rule, f.place, f.path].join(" ").toLowerCase();
          return (severity.value === "all" || f.severity === severity.value) && list.every(function (w) { return text.indexOf(w) >= 0; });
        });
        out.replaceChildren.apply(out, hits.slice(0, most).map(function (f) { return finding(f, ids.length > 1); }));
        count.textContent = !found.length ? "Nothing was found." : plural(hits.length, "finding") + ".";
        more.replaceChildren();
        if (hits.length > most) more.append(button("Show all " + hits.length + " findings", function () { filter(hits.length); }));
      }
      filter(MOST_ROWS);
      byId("findings").replaceChildren(
        el("div", { class: "controls" }, chooser(list, showFindings), found.length ? [el("label", {}, "Severity", severity), el("label", {}, "Search", search)] : null,
          el("label", {}, certify, "Rules for certified connectors"),
          button("Save as SARIF", function () { download({ format: "findings", ids: ids, certification: certification }, "the findings"); })),
        count, out, more);
    });
  }

  function finding(f, several) {
    var item = items.filter(function (i) { return i.id === f.item; })[0];
    var out = el("li", { class: f.severity + "-edge" }, el("p", {}, el("span", { class: "badge " + f.severity }, f.severity), " ", f.message));
    if (f.place || several) append(out, el("p", {}, several && item ? [label(item), ": "] : null, f.place ? el("code", {}, f.place) : null, f.path ? [" ", el("span", { class: "faint" }, f.path)] : null));
    if (f.source) append(out, el("code", { class: "line" }, f.source));
    (f.also || []).forEach(function (a) { append(out, el("p", { class: "faint" }, a)); });
    if (f.fix) append(out, el("p", {}, "Fix: " + f.fix));
    if (f.help) append(out, el("details", {}, el("summary", {}, "About rule " + f.rule), el("p", {}, f.help)));
    else append(out, el("p", { class: "faint" }, f.rule));
    return out;
  }

  var drawing = { solutions: false, all: false, fit: false };

  function showPicture() {
    var list = solutions();
    if (!list.length) return nothing("picture", "Drop the zip of a solution to see what depends on what.");
    var ids = chosen(list);
    fill("picture", "Drawing …", ask("picture", { ids: ids, solutions: drawing.solutions, all: drawing.all }), function (p) {
      var url = URL.createObjectURL(new Blob([p.svg], { type: "image/svg+xml" }));
      var image = el("img", { src: url, alt: "Picture of the dependencies, with " + plural(p.boxes, "box").replace(/boxs$/, "boxes") + ". The table below has them as text.", onload: function () { URL.revokeObjectURL(url); } });
      var frame = el("div", { class: "picture" + (drawing.fit ? " fit" : ""), role: "region", tabindex: "0", "aria-label": "Picture of the dependencies" }, image);
      function level(value, text) {
        var radio = el("input", { type: "radio", name: "level", onchange: function () { drawing.solutions = value; showPicture(); } });
        radio.checked = drawing.solutions === value;
        return el("label", {}, radio, text);
      }
      function check(member, text, again) {
        var box = el("input", { type: "checkbox", onchange: function () { drawing[member] = box.checked; again(); } });
        box.checked = drawing[member];
        return el("label", {}, box, text);
      }
      byId("picture").replaceChildren(
        el("div", { class: "controls" }, chooser(list, showPicture), el("fieldset", {}, el("legend", {}, "Show"), level(false, "components"), level(true, "solutions")),
          check("all", "a box for each component", showPicture),
          check("fit", "fit to the window", function () { frame.classList.toggle("fit", drawing.fit); }),
          button("Save as SVG", function () { save("dependencies.svg", "image/svg+xml", p.svg); })),
        p.byKind ? el("p", { class: "faint" }, "There are many components, so one box stands for all of a kind.") : "",
        frame, el("h2", {}, "As a table"), render(p.blocks, 0, "Dependencies"));
    });
  }

  var pair = { old: 0, new: 0, noise: false, chosen: false };

  // guess chooses what to compare, unless somebody did: two versions of one solution, if there are any.
  function guess(list) {
    function has(id) { return list.some(function (i) { return i.id === id; }); }
    if (pair.chosen && has(pair.old) && has(pair.new)) return;
    pair.chosen = false;
    function nameOf(i) { return (i.facts.filter(function (f) { return f[0] === "Name"; })[0] || [0, ""])[1].toLowerCase(); }
    var two = list.slice(0, 2);
    list.some(function (a, n) {
      var b = list.slice(n + 1).filter(function (x) { return nameOf(x) && nameOf(x) === nameOf(a); })[0];
      if (b) two = [a, b];
      return !!b;
    });
    if (byVersion(two[0].version, two[1].version) > 0) two.reverse();
    pair.old = two[0].id;
    pair.new = two[1].id;
  }

  function byVersion(a, b) {
    var x = a.split("."), y = b.split(".");
    for (var i = 0; i < 4; i++) {
      var d = (Number(x[i]) || 0) - (Number(y[i]) || 0);
      if (d) return d;
    }
    return 0;
  }

  function showCompare() {
    var list = solutions();
    if (list.length < 2) return nothing("compare", "Drop two versions of a solution to see what changed.");
    guess(list);
    fill("compare", "Comparing …", ask("compare", { old: pair.old, new: pair.new, noise: pair.noise }), function (blocks) {
      var doc = el("div", { class: "document" }, render(blocks, 0)), names = labels(list);
      function side(member, text) {
        var select = el("select", { onchange: function () { pair[member] = Number(select.value); pair.chosen = true; showCompare(); } }, list.map(function (i, n) {
          return el("option", { value: i.id, selected: i.id === pair[member] }, names[n]);
        }));
        return el("label", {}, text, select);
      }
      var noise = el("input", { type: "checkbox", onchange: function () { pair.noise = noise.checked; showCompare(); } });
      noise.checked = pair.noise;
      byId("compare").replaceChildren(el("div", { class: "controls" }, side("old", "Old"), side("new", "New"),
        button("Swap", function () { pair = { old: pair.new, new: pair.old, noise: pair.noise, chosen: true }; showCompare(); }, "Swap old and new"),
        el("label", {}, noise, "noise only"), searchBox(doc, "Search"),
        button("Save as Markdown", function () { download({ format: "compare", old: pair.old, new: pair.new }, "the changes"); })), doc);
    });
  }

  var ACTIONS = [["", "automatic"], ["install", "install"], ["update", "update"], ["upgrade", "upgrade"], ["stage", "stage for upgrade"], ["patch", "patch"], ["installed", "is installed there"], ["skip", "leave out"]];

  function planActions() {
    var out = {};
    actions.forEach(function (a, id) { if (a) out[id] = a; });
    return out;
  }

  function showPlan() {
    var list = solutions();
    if (!list.length) return nothing("plan", "Drop the zips of solutions to plan their import.");
    var names = labels(list);
    var rows = list.map(function (i, n) {
      var select = el("select", { "aria-label": "How to import " + names[n], onchange: function () { actions.set(i.id, select.value); ran(); } }, ACTIONS.map(function (a) {
        return el("option", { value: a[0], selected: (actions.get(i.id) || "") === a[0] }, a[1]);
      }));
      return el("tr", {}, el("td", {}, names[n]), el("td", {}, select));
    });
    var told = items.filter(function (i) { return i.kind === "environment" || i.kind === "settings"; });
    var result = el("div", { class: "document" });
    var inputs = el("details", {}, el("summary", {}, plural(list.length, "solution") + ", " + plural(told.length, "file") + " that tell" + (told.length === 1 ? "s" : "") + " of the environment"),
      el("div", { class: "scroll" }, el("table", { "aria-label": "How to import" }, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Solution"), el("th", { scope: "col" }, "Import"))), el("tbody", {}, rows))),
      told.length ? el("p", {}, "The environment by ", told.map(function (i) { return i.name; }).join(", ")) : null);
    inputs.open = true;
    byId("plan").replaceChildren(el("div", { class: "controls" },
      button("Save as Markdown", function () { download({ format: "plan-markdown", actions: planActions() }, "the plan"); }),
      button("Save as JSON", function () { download({ format: "plan-json", actions: planActions() }, "the plan"); })), inputs, result);
    function ran() {
      fill("plan", "Planning …", ask("plan", { actions: planActions() }), function (p) {
        var doc = render(p.blocks, 0, "Steps"), first = doc.querySelector("h2");
        if (first) first.className = "verdict " + (p.blocked ? "error" : "good");
        result.replaceChildren(p.notes.length ? el("ul", {}, p.notes.map(function (n) { return el("li", { class: "faint" }, n); })) : "", doc);
      }).then(function () { if (panels.plan.stale) result.replaceChildren(); });
    }
    ran();
  }

  // ---- Events

  function fromInput(input) {
    var list = Array.prototype.map.call(input.files, function (f) { return { name: f.webkitRelativePath || f.name, file: f }; });
    input.value = "";
    take(list);
  }

  byId("files").addEventListener("change", function () { fromInput(this); });
  byId("folder").addEventListener("change", function () { fromInput(this); });

  // walk collects the files of what was dropped, folders too.
  async function walk(entry, out) {
    if (entry.isFile) {
      out.push({ name: entry.fullPath.replace(/^\//, ""), file: await new Promise(function (ok, no) { entry.file(ok, no); }) });
      return;
    }
    var reader = entry.createReader();
    for (;;) { // a reader gives some at a time
      var some = await new Promise(function (ok, no) { reader.readEntries(ok, no); });
      if (!some.length) return;
      for (var i = 0; i < some.length; i++) {
        if (!PASSED_OVER.test(some[i].fullPath + "/")) await walk(some[i], out);
      }
    }
  }

  var over = 0;
  function dragged(by) {
    over = Math.max(0, over + by);
    document.body.classList.toggle("over", over > 0);
  }
  document.addEventListener("dragenter", function (e) { e.preventDefault(); dragged(1); });
  document.addEventListener("dragleave", function () { dragged(-1); });
  document.addEventListener("dragover", function (e) { e.preventDefault(); });
  document.addEventListener("drop", function (e) {
    e.preventDefault();
    over = 0;
    dragged(0);
    var entries = [], plain = [];
    Array.prototype.forEach.call(e.dataTransfer.items || [], function (i) {
      var entry = i.kind === "file" && i.webkitGetAsEntry && i.webkitGetAsEntry();
      if (entry && entry.isDirectory) entries.push(entry);
      else if (i.kind === "file") plain.push({ name: i.getAsFile().name, file: i.getAsFile() });
    });
    var all = Promise.resolve(plain);
    if (entries.length) {
      all = during("Looking through folders …", entries.reduce(function (before, entry) {
        return before.then(function () { return walk(entry, plain); });
      }, Promise.resolve()).then(function () { return plain; }));
    }
    all.then(take, function () {});
  });

  byId("tabs").addEventListener("click", function (e) {
    var tab = e.target.closest("[role=tab]");
    if (tab) show(tab.getAttribute("aria-controls"));
  });
  byId("tabs").addEventListener("keydown", function (e) {
    var tabs = Array.prototype.slice.call(this.children), at = tabs.indexOf(document.activeElement), to = at;
    if (e.key === "ArrowRight") to = (at + 1) % tabs.length;
    else if (e.key === "ArrowLeft") to = (at + tabs.length - 1) % tabs.length;
    else if (e.key === "Home") to = 0;
    else if (e.key === "End") to = tabs.length - 1;
    else return;
    e.preventDefault();
    tabs[to].focus();
    show(tabs[to].getAttribute("aria-controls"));
  });

  // The library is loaded when the page has been painted.
  requestAnimationFrame(function () { setTimeout(loadLibrary, 0); });
})();
