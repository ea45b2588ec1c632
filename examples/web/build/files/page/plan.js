// The plan of an import, as a runbook.

const ACTIONS = [["", "automatic"], ["install", "install"], ["update", "update"], ["upgrade", "upgrade"], ["stage", "stage for upgrade"], ["patch", "patch"], ["installed", "is installed there"], ["skip", "leave out"]];

function planActions() { return Object.fromEntries([...actions].filter(([, action]) => action)); }

function showPlan() {
  const list = solutions();
  if (!list.length) return nothing("plan", "Drop the zips of solutions to plan their import.");
  const names = labels(list), notes = new Map();
  const rows = list.map((i, n) => {
    const select = el("select", { "aria-label": "How to import " + names[n], onchange: () => { actions.set(i.id, select.value); plan(); } },
      ACTIONS.map(([action, text]) => option(action, text, (actions.get(i.id) || "") === action)));
    notes.set(i.id, el("td", { class: "faint" }));
    return el("tr", {}, el("th", { scope: "row" }, names[n]), el("td", {}, select), notes.get(i.id));
  });
  const told = items.filter((i) => i.kind === "environment" || i.kind === "settings");
  const inputs = el("details", { class: "inputs" }, el("summary", {}, plural(list.length, "solution") + ", " + plural(told.length, "file") + " that tell" + (told.length === 1 ? "s" : "") + " of the environment"),
    el("div", { class: "scroll" }, el("table", { "aria-label": "How to import" }, head(["Solution", "Import", "Note"]), el("tbody", {}, rows))),
    told.length ? el("p", {}, "The environment by ", told.map((i) => i.name).join(", ")) : null);
  inputs.open = true;
  const result = el("div", { class: "document" }), saver = (format, text) => button("Save as " + text, () => download({ format: "plan-" + format, actions: planActions() }, "the plan"));
  byId("plan").replaceChildren(controls(saver("markdown", "Markdown"), saver("json", "JSON")), el("h2", { class: "away" }, "Plan"), inputs, result);
  function plan() {
    return fill("plan", "Planning …", ask("plan", { actions: planActions() }), (p) => {
      const doc = render(p.blocks, 0, "Steps"), first = doc.querySelector("h2");
      if (first) first.className = "verdict " + (p.blocked ? "error" : "good");
      for (const [id, td] of notes) td.textContent = p.automatic[id] || "";
      result.replaceChildren(p.notes.length ? el("ul", {}, p.notes.map((n) => el("li", { class: "faint" }, n))) : "", doc);
    }, result);
  }
  return plan();
}
