(function () {
  "use strict";
  var box = document.getElementById("search"), found = document.getElementById("found"), none = document.getElementById("none");
  var tables = Array.prototype.map.call(document.querySelectorAll("main details"), function (d) {
    return { fold: d, open: d.open, rows: null, section: d.closest("section.topic") };
  });
  var sections = document.querySelectorAll("section.topic"), timer = 0, searching = false;
  function rowsOf(t) {
    if (!t.rows) {
      var title = t.fold.querySelector("summary").textContent;
      t.rows = Array.prototype.map.call(t.fold.querySelectorAll("tbody tr"), function (r) { return { row: r, text: (title + " " + r.textContent).toLowerCase() }; });
    }
    return t.rows;
  }
  function search() {
    var words = box.value.toLowerCase().split(/\s+/).filter(Boolean), total = 0;
    if (!words.length && !searching) return;
    if (words.length && !searching) tables.forEach(function (t) { t.open = t.fold.open; });
    searching = words.length > 0;
    tables.forEach(function (t) {
      var n = 0;
      rowsOf(t).forEach(function (r) {
        var hit = words.every(function (w) { return r.text.indexOf(w) >= 0; });
        r.row.hidden = !hit;
        if (hit) n++;
      });
      if (!rowsOf(t).length && words.every(function (w) { return t.fold.textContent.toLowerCase().indexOf(w) >= 0; })) n++;
      t.fold.hidden = searching && !n;
      t.fold.open = searching ? n > 0 : t.open;
      total += n;
    });
    sections.forEach(function (s) { s.hidden = searching && !s.querySelector("details:not([hidden])"); });
    none.hidden = !searching || total > 0;
    found.textContent = !searching ? "" : total === 1 ? "1 row" : total + " rows";
  }
  document.documentElement.classList.add("scripted");
  box.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(search, 150); });
  document.addEventListener("keydown", function (e) {
    if (e.key === "/" && document.activeElement !== box && !e.ctrlKey && !e.metaKey && !e.altKey) { e.preventDefault(); box.focus(); }
    if (e.key === "Escape" && document.activeElement === box) { box.value = ""; search(); }
  });
  window.addEventListener("beforeprint", function () { tables.forEach(function (t) { t.fold.open = true; }); });
  if (location.hash.indexOf("#?") === 0) { box.value = decodeURIComponent(location.hash.slice(2)); search(); }
})();
