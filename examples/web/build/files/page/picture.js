// What depends on what, as a picture and as a table.

const drawing = { solutions: false, all: false, fit: false };

function showPicture() {
  const list = solutions();
  if (!list.length) return nothing("picture", "Drop the zip of a solution to see what depends on what.");
  const ids = chosen(list);
  return fill("picture", "Drawing …", ask("picture", { ids, solutions: drawing.solutions, all: drawing.all }), (p) => {
    const url = URL.createObjectURL(new Blob([p.svg], { type: "image/svg+xml" }));
    const image = el("img", { src: url, alt: "Picture of the dependencies, with " + (p.boxes === 1 ? "1 box" : p.boxes + " boxes") + ". The table below has them as text.", onload: () => URL.revokeObjectURL(url) });
    const frame = el("div", { class: "picture" + (drawing.fit ? " fit" : ""), role: "region", tabindex: "0", "aria-label": "Picture of the dependencies" }, image);
    function level(solutionsAlone, text) {
      const radio = el("input", { type: "radio", name: "level", onchange: () => { drawing.solutions = solutionsAlone; showPicture(); } });
      radio.checked = drawing.solutions === solutionsAlone;
      return el("label", {}, radio, text);
    }
    byId("picture").replaceChildren(
      controls(chooser(list, showPicture), el("fieldset", {}, el("legend", {}, "Show"), level(false, "components"), level(true, "solutions")),
        checkbox("a box for each component", drawing.all, (on) => { drawing.all = on; showPicture(); }),
        checkbox("fit to the window", drawing.fit, (on) => { drawing.fit = on; frame.classList.toggle("fit", on); }),
        button("Save as SVG", () => save("dependencies.svg", "image/svg+xml", p.svg))),
      missing(list, ids) || "", p.byKind ? el("p", { class: "faint" }, "There are many components, so one box stands for all of a kind.") : "",
      frame, el("h2", {}, "As a table"), render(p.blocks, 0, "Dependencies"));
  });
}
