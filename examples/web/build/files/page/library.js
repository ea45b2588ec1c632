// The library runs in a worker, which answers one question after another. A worker that is ended, by whoever waits or by its own failure,
// is replaced by another one that is given the same files.

class Cancelled extends Error {}

let worker = null, ready = false, asked = 0;
let script = "", compiled = null; // what a worker is made of
let stopped = ""; // why there is no worker any more
let current = null; // the question that the worker is answering
let queue = [], urgent = []; // those that wait, and those that must be answered before
let restoring = false;
let round = 0; // counts how often everything was cancelled
let deaths = 0; // workers that failed without an answer in between

function loadLibrary() {
  document.head.append(el("script", { src: "library.js", onload: firstWorker, onerror: () => stop("library.js could not be loaded: keep it beside index.html") }));
}

function firstWorker() {
  if (typeof WebAssembly !== "object" || typeof DecompressionStream !== "function") {
    stop("This browser is too old for the page: it needs WebAssembly and DecompressionStream.");
    return;
  }
  script = URL.createObjectURL(new Blob([library.worker], { type: "text/javascript" }));
  startWorker({ program: library.program });
  library = null; // the text of the program is large, and the worker gives it back compiled
}

function startWorker(message) {
  ready = false;
  worker = new Worker(script);
  const mine = worker;
  worker.onmessage = (event) => { if (worker === mine) heard(event.data); };
  worker.onerror = (event) => { if (worker === mine) died(event.message || "an error of the worker"); };
  worker.postMessage(message);
}

function heard(m) {
  if (m.compiled) {
    compiled = m.compiled;
  } else if (m.ready) {
    ready = true;
    if (!document.documentElement.dataset.ready) document.documentElement.dataset.ready = String(Math.round(performance.now()));
    if (!busy && !items.length) say("Ready.");
    next();
  } else if (m.stopped) {
    died(m.stopped);
  } else if (m.all !== undefined) {
    step(m.done, m.all);
  } else if (current && m.n === current.n) {
    const q = current;
    current = null;
    deaths = 0;
    step(0, 0);
    if (m.error !== undefined) q.reject(new Error(m.error));
    else q.resolve(m.file ? { answer: m.answer, file: m.file } : m.answer);
    next();
  }
}

// ask puts a question to the library: a word, arguments, and perhaps files.
function ask(word, args, files) { return put(queue, { word, args, files }); }

function put(into, question) {
  if (stopped) return Promise.reject(new Error(stopped));
  return new Promise((resolve, reject) => {
    into.push(Object.assign(question, { resolve, reject }));
    next();
  });
}

function next() {
  if (!ready || current) return;
  current = urgent.shift() || (restoring ? null : queue.shift()) || null;
  if (!current) return;
  current.n = ++asked;
  worker.postMessage({ n: current.n, word: current.word, args: current.args, files: current.files }, (current.files || []).map((f) => f.data.buffer));
  current.files = null; // the worker has them now
}

// cancel ends all that is going on.
function cancel() {
  round++;
  const open = (current ? [current] : []).concat(urgent, queue), working = current !== null || restoring;
  current = null;
  queue = [];
  urgent = [];
  if (working) replaceWorker();
  closing = "Cancelled.";
  open.forEach((q) => q.reject(new Cancelled("Cancelled.")));
}

// died replaces a worker that failed; the question that it could not bear fails, and others wait for the next one.
function died(why) {
  if (!compiled || !document.documentElement.dataset.ready || ++deaths > 3) {
    stop(why);
    return;
  }
  const q = current;
  current = null;
  if (q && q.drop) lose(q.drop.items, "it could not be read again: " + why);
  replaceWorker();
  if (q) q.reject(new Error("The library could not bear this and was started anew; the other files are still here. It said: " + why));
}

function replaceWorker() {
  worker.terminate();
  startWorker({ compiled });
  restore();
}

// restore gives a worker what the one before had.
async function restore() {
  const mine = worker;
  restoring = true;
  urgent = [];
  for (const drop of drops.slice()) {
    try {
      const { files } = await read(drop.files, () => worker === mine);
      const added = await put(urgent, { word: "restore", args: { after: lastID, items: drop.items, sample: drop.sample }, files, drop });
      lose(drop.items.filter((i) => !added.new.includes(i.id)), "it could not be read again");
    } catch (e) {
      if (worker !== mine) return;
      lose(drop.items, e.message);
    }
  }
  if (worker !== mine) return;
  restoring = false;
  next();
}

// stop is for what no other worker can mend.
function stop(why) {
  stopped = why;
  if (worker) worker.terminate();
  const open = (current ? [current] : []).concat(urgent, queue);
  current = null;
  queue = urgent = [];
  open.forEach((q) => q.reject(new Error(why)));
  problem(why, button("Reload the page", () => location.reload()));
  say(closing = "The library is not running.");
}
