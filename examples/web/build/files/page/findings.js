// What is wrong with solutions and connectors.

const SEVERITIES = ["error", "warning", "action", "certification", "note"];

let certification = false;

function showFindings() {
  const list = checkable();
  if (!list.length) return nothing("findings", "Drop a solution or a custom connector to have it checked.");
  const ids = which ? chosen(list) : list.map((i) => i.id), rules = certification;
  return fill("findings", "Checking …", ask("findings", { ids, certification: rules }), (found) => {
    const out = el("ol", { class: "found" }), count = el("p", { class: "faint", role: "status" }), more = el("p");
    const severity = el("select", { onchange: () => filter(MOST_ROWS) }, option("", "all (" + found.length + ")", true),
      SEVERITIES.map((s) => [s, found.filter((f) => f.severity === s).length]).filter(([, n]) => n).map(([s, n]) => option(s, s + " (" + n + ")", false)));
    const search = searchInput("message, file or rule", () => filter(MOST_ROWS));
    function filter(most) {
      const wanted = wordsOf(search);
      const hits = found.filter((f) => {
        const text = [f.message, f.rule, f.place, f.path].join(" ").toLowerCase();
        return (!severity.value || f.severity === severity.value) && wanted.every((w) => text.includes(w));
      });
      out.replaceChildren(...hits.slice(0, most).map((f) => finding(f, ids.length > 1)));
      count.textContent = found.length ? plural(hits.length, "finding") + "." : "Nothing was found.";
      more.replaceChildren();
      if (hits.length > most) more.append(button("Show all " + hits.length + " findings", () => filter(hits.length)));
    }
    filter(MOST_ROWS);
    byId("findings").replaceChildren(
      controls(chooser(list, showFindings), found.length ? [el("label", {}, "Severity", severity), el("label", {}, "Search", search)] : null,
        checkbox("Rules for certified connectors", certification, (on) => { certification = on; showFindings(); }),
        button("Save as SARIF", () => download({ format: "findings", ids, certification: rules }, "the findings"))),
      count, out, more);
  });
}

function finding(f, several) {
  const item = items.find((i) => i.id === f.item);
  return el("li", { class: f.severity + "-edge" }, el("p", {}, el("span", { class: "badge " + f.severity }, f.severity), " ", f.message),
    f.place || several ? el("p", {}, several && item ? [label(item), ": "] : null, f.place ? el("code", {}, f.place) : null, f.path ? [" ", el("span", { class: "faint" }, f.path)] : null) : null,
    f.source ? el("code", { class: "line" }, f.source) : null,
    (f.also || []).map((a) => el("p", { class: "faint" }, a)),
    f.fix ? el("p", {}, "Fix: " + f.fix) : null,
    f.help ? el("details", {}, el("summary", {}, "About rule " + f.rule), el("p", {}, f.help)) : el("p", { class: "faint" }, f.rule));
}
