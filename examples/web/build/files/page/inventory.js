// The inventory: what solutions hold.

function showInventory() {
  const list = solutions();
  if (!list.length) return nothing("inventory", "Drop the zip of a solution to see what it holds.");
  const ids = chosen(list);
  return fill("inventory", "Taking the inventory …", ask("inventory", { ids }), (blocks) => {
    const doc = el("div", { class: "document" }, render(blocks, 1));
    const saver = (format, text) => button("Save as " + text, () => download({ format: "inventory-" + format, ids }, "the inventory"));
    byId("inventory").replaceChildren(controls(chooser(list, showInventory), searchBox(doc), saver("html", "HTML"), saver("markdown", "Markdown"), saver("json", "JSON")),
      missing(list, ids) || "", el("div", { class: "columns" }, contentsOf(doc), doc));
  });
}
