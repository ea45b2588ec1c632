// The files of the page: they are read when the library is to have them, and are not kept but by the browser.

const MOST_BYTES = 400 << 20;

// What no solution is made of, and folders of work are full of.
const PASSED_OVER = /(^|\/)(\.git|node_modules)\//;

// drops are what was put on the page at one time: files or the sample, and the items that are left of them.
let drops = [], lastID = 0;
let items = [];
const summaries = new Map(), looking = new Set(), actions = new Map(); // by ids of items

function solutions() { return items.filter((i) => i.kind === "solution"); }
function canBeChecked(item) { return item.kind === "solution" || item.kind === "connectors"; }
function checkable() { return items.filter(canBeChecked); }

function label(item) { return item.title + (item.version ? " " + item.version : ""); }

// labels are those of items, which differ.
function labels(list) {
  return list.map((i) => list.some((k) => k !== i && label(k) === label(i)) ? label(i) + " – " + i.name : label(i));
}

// read returns names and bytes, while they are wanted, and tells of those that can't be read.
async function read(list, wanted) {
  const total = list.reduce((sum, f) => sum + f.file.size, 0), files = [], problems = [];
  if (total > MOST_BYTES) throw new Error("These files have " + Math.round(total / 1048576) + " MiB, and the page takes " + (MOST_BYTES >> 20) + ": use the command line for them.");
  for (let i = 0; i < list.length; i += 64) {
    if (list.length > 64) step(i, list.length);
    const some = list.slice(i, i + 64), bytes = await Promise.allSettled(some.map((f) => f.file.arrayBuffer()));
    if (!wanted()) throw new Cancelled("Cancelled.");
    some.forEach(({ name }, n) => {
      if (bytes[n].value) files.push({ name, data: new Uint8Array(bytes[n].value) });
      else problems.push(name + ": it can't be read: " + bytes[n].reason.message);
    });
  }
  return { files, problems };
}

// take puts files on the page.
function take(list) {
  list = list.filter((f) => !PASSED_OVER.test(f.name));
  if (!list.length) return Promise.resolve();
  const mine = round;
  return place(list.length === 1 ? list[0].name : plural(list.length, "file"), { files: list, sample: false }, read(list, () => round === mine));
}

function takeSample() { return place("the sample", { files: [], sample: true }, read([])); }

// place gives the library what was dropped, when it is read, and looks at what came of it.
async function place(what, drop, reading) {
  const began = performance.now(), page = document.documentElement.dataset;
  hold();
  try {
    const added = await during("Reading " + what + " …", reading.then(({ files, problems }) => {
      problems.forEach((text) => problem(text));
      return ask("add", { after: lastID, sample: drop.sample }, files);
    }));
    added.problems.forEach((p) => problem(p.name + ": " + p.message));
    const fresh = added.items.filter((i) => added.new.includes(i.id));
    if (fresh.length) {
      drop.items = fresh;
      drops.push(drop);
      lastID = Math.max(lastID, ...added.new);
    }
    changed(added.items);
    if (!fresh.length) return;
    const reached = (name) => { page[name] = String(Math.round(performance.now() - began)); };
    reached("listed");
    const whole = await look(fresh.filter(canBeChecked), reached);
    if (whole) closing = "Read " + (fresh.length > 6 ? plural(fresh.length, "item") : labels(fresh).join(", ")) + ".";
  } catch { // during has shown it
  } finally {
    release();
  }
}

// look fills the cards of items: what is in them first, and then what is wrong with them. It reports whether it came to the end.
async function look(list, reached) {
  const mine = round;
  hold();
  list.forEach((i) => looking.add(i.id));
  list.forEach(showCard);
  for (const [word, name, doing] of [["summary", "summarised", "Reading "], ["check", "checked", "Checking "]]) {
    for (const item of list) {
      if (round === mine && !(summaries.get(item.id) || {}).failed) await learn(item, word, doing + label(item) + " …");
    }
    if (round === mine && reached) reached(name);
  }
  list.forEach((i) => looking.delete(i.id));
  list.forEach(showCard);
  release();
  return round === mine;
}

// learn adds what is known of an item to its card, or why nothing more is known.
async function learn(item, word, doing) {
  let more;
  try {
    more = await during(doing, ask(word, { id: item.id }), true);
  } catch (e) {
    if (e instanceof Cancelled) return;
    more = { failed: e.message };
  }
  if (!items.some((i) => i.id === item.id)) return; // it was removed meanwhile
  summaries.set(item.id, Object.assign({}, summaries.get(item.id), more));
  showCard(item);
  badge();
}

// changed takes the list of items, and makes everything that was shown anew when it is looked at.
function changed(list) {
  items = list;
  if (!items.some((i) => String(i.id) === which)) which = "";
  for (const known of [summaries, actions]) {
    for (const id of known.keys()) if (!items.some((i) => i.id === id)) known.delete(id);
  }
  document.body.classList.toggle("filled", items.length > 0);
  byId("drop-title").textContent = items.length ? "Drop more files anywhere" : EMPTY_TITLE;
  byId("about").hidden = items.length > 0;
  byId("views").hidden = byId("skip").hidden = items.length === 0;
  for (const name in panels) {
    panels[name].stale = true;
    if (!items.length) byId(name).replaceChildren();
  }
  badge();
  show(items.length ? selected() : "overview");
}

async function remove(item) {
  let list;
  try {
    list = await during("", ask("remove", { id: item.id }));
  } catch { // during has shown it
    return;
  }
  forget([item]);
  changed(list);
  say("Removed " + label(item) + ".");
  (byId("overview").querySelector("button") || byId("files")).focus();
}

function without(list, gone) { return list.filter((i) => !gone.some((g) => g.id === i.id)); }

function forget(gone) {
  for (const drop of drops) drop.items = without(drop.items, gone);
  drops = drops.filter((drop) => drop.items.length);
}

// lose takes items from the page that a new worker could not have.
function lose(gone, why) {
  if (!gone.length) return;
  gone.forEach((item) => problem(item.name + ": " + why + ". Drop it once more."));
  forget(gone);
  changed(without(items, gone));
}

// badge tells in the row of tabs how much was found.
function badge() {
  let errors = 0, warnings = 0;
  for (const s of summaries.values()) {
    errors += (s.errors || 0) + (s.failed ? 1 : 0);
    warnings += s.warnings || 0;
  }
  const tab = byId("tab-findings");
  tab.replaceChildren("Findings");
  if (errors + warnings) tab.append(" ", el("span", { class: "badge " + (errors ? "error" : "warning"), title: plural(errors, "error") + ", " + plural(warnings, "warning") }, String(errors + warnings)));
}

// download asks for a file and saves it.
async function download(args, what) {
  try {
    const made = await during("Making " + what + " …", ask("download", args));
    save(made.answer.name, made.answer.type, made.file);
    say("Saved " + made.answer.name + ".");
    made.answer.seen.forEach((text) => problem(made.answer.name + ": " + text));
  } catch { // during has shown it
  }
}

function save(name, type, data) {
  const url = URL.createObjectURL(new Blob([data], { type }));
  const link = el("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}
