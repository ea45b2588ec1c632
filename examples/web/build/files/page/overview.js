// The overview: a card for each item.

function showOverview() {
  byId("overview").replaceChildren(el("h2", { class: "away" }, "Overview"), el("ul", { class: "cards" }, items.map(card)));
  panels.overview.stale = false;
}

// showCard makes the card of an item anew, if it is there.
function showCard(item) {
  const old = byId("overview").querySelector('[data-item="' + item.id + '"]');
  if (old) keepFocus(byId("overview"), () => old.replaceWith(card(item)));
}

function card(item) {
  const s = summaries.get(item.id) || {};
  return el("li", { class: "card", "data-item": item.id }, el("h3", {}, item.title),
    el("dl", {}, item.facts.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    s.description ? el("p", { class: "pre" }, s.description) : null,
    canBeChecked(item) ? el("p", {}, verdict(item, s)) : null,
    s.components && s.components.length ? el("ul", { class: "kinds", "aria-label": "Components of " + item.title }, s.components.map((c) => el("li", {}, c.kind + " ", el("strong", {}, String(c.count))))) : null,
    el("div", { class: "buttons" },
      item.kind === "solution" ? button("Save source tree", () => download({ format: "tree", id: item.id }, "the source tree of " + label(item)), "Save source tree: " + label(item)) : null,
      item.packs.map((kind) => {
        const text = item.packs.length > 1 ? "Save " + kind + " zip" : "Save zip";
        return button(text, () => download({ format: "package", id: item.id, kind }, "the zip of " + label(item)), text + ": " + label(item));
      }),
      button("Remove", () => remove(item), "Remove: " + label(item))));
}

function verdict(item, s) {
  if (s.failed) return [el("span", { class: "badge error" }, "could not be read as a whole"), el("span", { class: "why" }, s.failed)];
  if (s.errors === undefined && looking.has(item.id)) return el("span", { class: "faint" }, "Checking …");
  if (s.errors === undefined) return [el("span", { class: "faint" }, "Not checked."), " ", button("Check", () => look([item]), "Check: " + label(item))];
  if (!s.errors && !s.warnings) return el("span", { class: "badge good" }, s.notes ? "no errors or warnings, " + plural(s.notes, "note") : "no findings");
  return [["error", s.errors], ["warning", s.warnings], ["note", s.notes]].filter(([, n]) => n).map(([severity, n]) => [el("span", { class: "badge " + severity }, plural(n, severity)), " "]);
}
