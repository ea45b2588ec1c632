// What changed between two solutions.

let pair = { old: 0, new: 0, noise: false, chosen: false };

function showCompare() {
  const list = solutions();
  if (list.length < 2) return nothing("compare", "Drop two versions of a solution to see what changed.");
  guess(list);
  const of = { old: pair.old, new: pair.new };
  return fill("compare", "Comparing …", ask("compare", { ...of, noise: pair.noise }), (blocks) => {
    const doc = el("div", { class: "document" }, render(blocks, 0)), names = labels(list);
    function side(member, text) {
      const select = el("select", { onchange: () => { pair[member] = Number(select.value); pair.chosen = true; showCompare(); } }, list.map((i, n) => option(i.id, names[n], i.id === pair[member])));
      return el("label", {}, text, select);
    }
    byId("compare").replaceChildren(controls(side("old", "Old"), side("new", "New"),
      button("Swap", () => { pair = { old: pair.new, new: pair.old, noise: pair.noise, chosen: true }; showCompare(); }, "Swap old and new"),
      checkbox("noise only", pair.noise, (on) => { pair.noise = on; showCompare(); }), searchBox(doc),
      button("Save as Markdown", () => download({ format: "compare", ...of }, "the changes"))), doc);
  });
}

// guess chooses what to compare, unless somebody did: two versions of one solution, if there are any.
function guess(list) {
  const has = (id) => list.some((i) => i.id === id);
  if (pair.chosen && has(pair.old) && has(pair.new)) return;
  pair.chosen = false;
  let two = list.slice(0, 2);
  for (const a of list) {
    const b = list.find((x) => x.id > a.id && nameOf(x) && nameOf(x) === nameOf(a));
    if (b) {
      two = [a, b];
      break;
    }
  }
  if (byVersion(two[0].version, two[1].version) > 0) two.reverse();
  pair.old = two[0].id;
  pair.new = two[1].id;
}

function nameOf(item) { return (item.facts.find(([name]) => name === "Name") || [0, ""])[1].toLowerCase(); }

function byVersion(a, b) {
  const x = a.split("."), y = b.split(".");
  for (let i = 0; i < 4; i++) {
    const d = (Number(x[i]) || 0) - (Number(y[i]) || 0);
    if (d) return d;
  }
  return 0;
}
