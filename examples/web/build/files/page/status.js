// What is going on: a line that is read aloud, how far it is, a way to end it, and what went wrong.

let busy = 0, since = 0, clock = 0;
let closing = ""; // what is said when all is over

// hold and release stand around what is going on; there may be much at one time.
function hold() { if (!busy++) begin(); }
function release() { if (!--busy) end(); }

function say(text) { byId("status").textContent = text; }

// during says what is done until a promise is settled, and shows its failure unless somebody else does.
async function during(text, promise, quiet) {
  hold();
  say(text);
  try {
    return await promise;
  } catch (e) {
    if (!(e instanceof Cancelled) && !stopped && !quiet) problem(e.message);
    throw e;
  } finally {
    release();
  }
}

function begin() {
  since = performance.now();
  document.body.classList.add("busy");
  clock = setInterval(tick, 250);
}

// tick shows how long it has been going on, and what ends it, unless it is over at once.
function tick() {
  const seconds = Math.floor((performance.now() - since) / 1000);
  byId("cancel").hidden = byId("progress").hidden = false;
  byId("elapsed").textContent = seconds >= 2 ? seconds + " s" : "";
}

function end() {
  clearInterval(clock);
  document.body.classList.remove("busy");
  const focused = document.activeElement === byId("cancel");
  byId("cancel").hidden = byId("progress").hidden = true;
  byId("elapsed").textContent = "";
  step(0, 0);
  say(closing);
  if (!stopped) closing = "";
  if (focused) focusBack();
}

// step shows how far it is; of 0 steps, nothing is known.
function step(done, all) {
  const bar = byId("progress");
  if (!all) {
    bar.removeAttribute("value");
    return;
  }
  bar.max = all;
  bar.value = done;
}

function focusBack() { (byId("views").hidden ? byId("files") : byId("views")).focus(); }

// problem shows what went wrong, once.
function problem(text, instead) {
  if ([...byId("problems").children].some((box) => box.firstChild.textContent === text)) return;
  const box = el("div", { class: "problem" }, el("span", {}, text));
  box.append(instead || button("Dismiss", () => {
    const next = box.nextElementSibling || box.previousElementSibling;
    box.remove();
    several();
    if (next) next.querySelector("button").focus();
    else focusBack();
  }, "Dismiss: " + text));
  byId("problems").append(box);
  several();
}

// several offers to dismiss all that went wrong, if that is more than one thing.
function several() { byId("dismiss").hidden = byId("problems").children.length < 2; }

function dismissAll() {
  byId("problems").replaceChildren();
  several();
  focusBack();
}
