// The worker: it runs the program of library.js and does one thing after another.
"use strict";

// The first message is the program, in base64 and compressed, or compiled. All others are questions, and answers have their numbers.
self.onmessage = async (event) => {
  const q = event.data;
  if (q.program || q.compiled) {
    try {
      await start(q);
    } catch (e) {
      stopped(e);
    }
    return;
  }
  let told = 0; // when progress was told; messages get through while the program is at work
  self.solutionkitProgress = (done, all) => {
    const now = performance.now();
    if (now - told < 100) return;
    told = now;
    self.postMessage({ done, all });
  };
  let out;
  try {
    out = self.solutionkit(q.word, JSON.stringify(q.args || {}), q.files);
  } catch (e) {
    stopped(e);
    return;
  }
  if (!out || out.error !== undefined) self.postMessage({ n: q.n, error: out ? out.error : "the library stopped" });
  else self.postMessage({ n: q.n, answer: JSON.parse(out.answer), file: out.file }, out.file ? [out.file.buffer] : []);
};

function stopped(e) { self.postMessage({ stopped: "the library stopped, perhaps for want of memory: " + (e && e.message || e) }); }

async function start(q) {
  const go = new Go();
  self.solutionkitReady = () => self.postMessage({ ready: true });
  let compiled = q.compiled;
  if (!compiled) {
    compiled = await WebAssembly.compile(await inflate(unpack(q.program)));
    self.postMessage({ compiled });
  }
  go.run(await WebAssembly.instantiate(compiled, go.importObject)).then(() => stopped("it came to its end"));
}

// unpack is the bytes of a text in base64.
function unpack(text) {
  return Uint8Array.fromBase64 ? Uint8Array.fromBase64(text) : Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

// inflate is what was compressed by gzip.
function inflate(packed) {
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}
