// The panels behind the tabs, each made when it is looked at.

const panels = {
  overview: { make: showOverview },
  inventory: { make: showInventory },
  findings: { make: showFindings },
  picture: { make: showPicture },
  compare: { make: showCompare },
  plan: { make: showPlan }
};

let turn = 0; // counts what is shown, so that an answer that comes late is not
let which = ""; // the id of the item that is looked at, "" for all

function selected() { return document.querySelector("#tabs [aria-selected=true]").getAttribute("aria-controls"); }

function show(name) {
  for (const tab of document.querySelectorAll("#tabs [role=tab]")) {
    const panel = tab.getAttribute("aria-controls"), on = panel === name;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    byId(panel).hidden = !on;
    if (on) bring(tab);
  }
  if (items.length && panels[name].stale !== false) {
    panels[name].stale = false;
    panels[name].make();
  }
}

// bring scrolls the row of tabs to one, and not the page.
function bring(tab) {
  const row = byId("tabs"), left = tab.offsetLeft - row.offsetLeft;
  if (left < row.scrollLeft || left + tab.offsetWidth > row.scrollLeft + row.clientWidth) row.scrollLeft = left - 16;
}

// fill asks and shows the answer in a panel, or in a part of it, if nothing else was asked for it meanwhile.
async function fill(name, text, promise, view, part) {
  const mine = panels[name].turn = ++turn, panel = byId(name);
  panel.setAttribute("aria-busy", "true");
  let answer, failed = null;
  try {
    answer = await during(text, promise);
  } catch (e) {
    failed = e;
  }
  if (panels[name].turn !== mine) return;
  keepFocus(panel, () => {
    if (failed) (part || panel).replaceChildren(unmade(name, failed));
    else view(answer);
  });
  panel.removeAttribute("aria-busy");
  if (failed) panels[name].stale = true;
  if (!failed && !busy) say(text.replace(/ …$/, "") + ": done.");
}

// unmade stands where an answer did not come.
function unmade(name, why) {
  return el("p", { class: "unmade" }, why instanceof Cancelled ? "Cancelled." : "This could not be made; the message above says why.", " ",
    button("Try again", () => { panels[name].stale = false; panels[name].make(); }));
}

// keepFocus gives the focus to the control that is in the place of the one that had it before something was made anew.
function keepFocus(within, make) {
  const had = document.activeElement, name = within.contains(had) && had !== within ? controlName(had) : "";
  make();
  if (!name || within.contains(document.activeElement)) return;
  const same = [...within.querySelectorAll("button, input, select")].find((e) => controlName(e) === name);
  (same || within.closest("[role=tabpanel]")).focus();
}

function controlName(e) {
  const inLabel = e.closest("label");
  return e.tagName + " " + (e.getAttribute("aria-label") || (inLabel ? [...inLabel.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join("") : e.textContent));
}

// nothing says what a panel needs.
function nothing(name, text) {
  panels[name].turn = ++turn;
  byId(name).replaceChildren(el("p", { class: "faint" }, text));
}

function controls(...list) { return el("div", { class: "controls" }, list); }

// chooser is a list of items to look at, if there are several.
function chooser(list, again) {
  if (list.length < 2) return null;
  const names = labels(list);
  const select = el("select", { onchange: () => { which = select.value; again(); } }, option("", "All (" + list.length + ")", which === ""),
    list.map((i, n) => option(i.id, names[n], String(i.id) === which)));
  return el("label", {}, "Of", select);
}

// chosen are the ids of what is looked at. Of several, those that can't be read would keep the others from being shown.
function chosen(list) {
  const one = list.filter((i) => String(i.id) === which), sound = without(list, unsound(list));
  return (one.length ? one : sound.length ? sound : list).map((i) => i.id);
}

function unsound(list) { return list.filter((i) => (summaries.get(i.id) || {}).failed); }

// missing tells what of several is not shown.
function missing(list, ids) {
  const gone = list.filter((i) => !ids.includes(i.id) && unsound(list).includes(i));
  return which || !gone.length ? null : el("p", { class: "faint" }, "Without " + gone.map((i) => i.name).join(", ") + ", which can't be read.");
}

function checkbox(text, checked, change) {
  const box = el("input", { type: "checkbox", onchange: () => change(box.checked) });
  box.checked = checked;
  return el("label", {}, box, text);
}
