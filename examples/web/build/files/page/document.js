// Documents: blocks of the library as elements, and a search in them.

const MOST_ROWS = 300;

function words(text) {
  return (text || []).map((run) => run.s === "code" ? el("code", {}, run.t) : run.s === "strong" ? el("strong", {}, run.t) : run.t);
}

function plainText(text) { return (text || []).map((run) => run.t).join(""); }

// render makes elements of blocks. deeper is added to the levels of headings; name is that of the tables before the first heading.
function render(blocks, deeper, name) {
  const out = document.createDocumentFragment();
  for (const b of blocks || []) {
    switch (b.kind) {
      case "heading":
        name = plainText(b.text);
        out.append(el("h" + Math.min(6, b.level + deeper), {}, words(b.text)));
        break;
      case "paragraph": out.append(el("p", { class: "pre" }, words(b.text))); break;
      case "list": out.append(renderList(b, deeper)); break;
      case "table": out.append(renderTable(b, name)); break;
      case "fold": out.append(renderFold(b, deeper)); break;
    }
  }
  return out;
}

function renderList(b, deeper) {
  const boxes = b.items.length > 0 && b.items.every((i) => i.box);
  return el("ul", { class: boxes && "boxes" }, b.items.map((i) => {
    const li = el("li");
    if (i.box) {
      const tick = el("input", { type: "checkbox", onchange: () => li.classList.toggle("done", tick.checked) });
      li.append(el("label", { class: "box" }, tick, el("span", {}, words(i.text))));
    } else {
      append(li, words(i.text));
    }
    li.append(render(i.blocks, deeper));
    return li;
  }));
}

function head(cells) { return el("thead", {}, el("tr", {}, cells.map((c) => el("th", { scope: "col" }, c)))); }

// A table shows its first rows, and the others when they are asked for.
function renderTable(b, name) {
  const body = el("tbody"), rows = b.rows || [];
  const box = el("div", { class: "scroll", role: "region", "aria-label": name || "Table" }, el("table", { "aria-label": name || "Table" }, head(b.head.map(words)), body));
  scrolls.observe(box);
  let shown = 0;
  function more(most) {
    for (; shown < Math.min(most, rows.length); shown++) body.append(el("tr", {}, rows[shown].map(renderCell)));
  }
  more(MOST_ROWS);
  if (rows.length > shown) {
    const rest = button("Show all " + rows.length + " rows", () => { box.showAll(); box.tabIndex = 0; box.focus(); });
    rest.className = "more";
    box.append(rest);
    box.showAll = () => { more(rows.length); rest.remove(); };
  }
  return box;
}

function renderCell(cell) {
  const text = plainText(cell);
  return el("td", {}, /^(error|warning)$/.test(text) ? el("span", { class: "badge " + text }, text) : words(cell));
}

// A fold is made when it is opened.
function renderFold(b, deeper) {
  const fold = el("details", {}, el("summary", {}, words(b.text)));
  fold.make = () => {
    fold.make = () => {};
    fold.append(render(b.blocks, deeper, plainText(b.text)));
  };
  fold.addEventListener("toggle", () => { if (fold.open) fold.make(); });
  if (b.open) {
    fold.make();
    fold.open = true;
  }
  return fold;
}

function wordsOf(input) { return input.value.toLowerCase().split(/\s+/).filter(Boolean); }

function searchInput(hint, search) { return el("input", { type: "search", placeholder: hint, autocomplete: "off", spellcheck: "false", oninput: search }); }

// searchBox filters the rows of a document by words, and opens what has them.
function searchBox(doc) {
  const found = el("span", { class: "faint", role: "status" });
  let timer = 0, opened = null; // the folds before the search
  const box = searchInput("words in a row", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 150);
  });
  function search() {
    const list = wordsOf(box);
    if (!list.length && !opened) return;
    if (!opened) {
      opened = new Map();
      for (let fresh; (fresh = [...doc.querySelectorAll("details")].filter((d) => !opened.has(d))).length;) { // folds may have folds in them
        for (const d of fresh) {
          opened.set(d, d.open);
          if (d.make) d.make();
        }
      }
      doc.querySelectorAll(".scroll").forEach((s) => s.showAll && s.showAll());
    }
    let total = 0;
    for (const row of doc.querySelectorAll("tbody tr")) {
      const fold = row.closest("details"), text = ((fold ? fold.firstChild.textContent + " " : "") + row.textContent).toLowerCase();
      row.hidden = !list.every((w) => text.includes(w));
      if (!row.hidden) total++;
    }
    const hit = (e) => e.querySelector("tbody tr:not([hidden])") !== null;
    doc.querySelectorAll(".scroll").forEach((s) => { s.hidden = list.length > 0 && !hit(s); });
    for (const d of doc.querySelectorAll("details")) {
      d.hidden = list.length > 0 && !hit(d);
      d.open = list.length ? hit(d) : opened.get(d);
    }
    found.textContent = list.length ? plural(total, "row") : "";
    if (!list.length) opened = null;
  }
  return [el("label", {}, "Search", box), found];
}

// The contents stand beside a document, and are folded where they stand above it.
const wide = matchMedia("(min-width: 60rem)");
wide.addEventListener("change", () => document.querySelectorAll(".contents details").forEach((d) => { d.open = wide.matches; }));

// contentsOf is the list of headings of a document, of two levels.
function contentsOf(doc) {
  const top = el("ul");
  let inner = null, n = 0;
  for (const h of doc.querySelectorAll("h3, h4")) {
    h.id = "part-" + ++n;
    h.tabIndex = -1;
    const li = el("li", {}, el("a", { href: "#" + h.id }, h.textContent));
    if (h.tagName === "H3") {
      inner = el("ul");
      li.append(inner);
      top.append(li);
    } else {
      (inner || top).append(li);
    }
  }
  const fold = el("details", {}, el("summary", {}, "Contents"), top);
  fold.open = wide.matches;
  return el("nav", { class: "contents", "aria-label": "Contents" }, fold);
}
