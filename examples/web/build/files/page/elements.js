// Elements: texts become text nodes, never markup.

function byId(id) { return document.getElementById(id); }

// el makes an element. Attributes whose name begins with "on" are listeners.
function el(tag, attributes, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else e.setAttribute(name, value === true ? "" : value);
  }
  append(e, children);
  return e;
}

function append(e, child) {
  if (child === undefined || child === null || child === "") return;
  if (Array.isArray(child)) child.forEach((c) => append(e, c));
  else e.append(child);
}

// button makes a button. described is its name for those who do not see what it stands beside.
function button(text, action, described) {
  return el("button", { type: "button", onclick: action, "aria-label": described }, text);
}

function option(value, text, selected) { return el("option", { value, selected }, text); }

function plural(n, noun) { return n + " " + noun + (n === 1 ? "" : "s"); }

// What can be scrolled can be reached by the keyboard, and nothing else need be.
const scrolls = new ResizeObserver((list) => {
  for (const { target } of list) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
