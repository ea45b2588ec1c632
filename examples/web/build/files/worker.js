// The worker: it runs the program of library.js and does one thing after another.
"use strict";

// Answers of the program go back with the number of the question.
self.onmessage = async function (event) {
  var q = event.data;
  if (q.program) {
    try {
      await start(q.program);
    } catch (e) {
      self.postMessage({ stopped: "the library could not be started: " + (e && e.message || e) });
    }
    return;
  }
  var out;
  try {
    out = self.solutionkit(q.word, JSON.stringify(q.args || {}), q.files || null);
  } catch (e) {
    self.postMessage({ stopped: "the library stopped: " + (e && e.message || e) });
    return;
  }
  if (!out || out.error !== undefined) {
    self.postMessage({ n: q.n, error: out ? out.error : "the library stopped" });
    return;
  }
  var reply = { n: q.n, answer: JSON.parse(out.answer), file: out.file };
  self.postMessage(reply, out.file ? [out.file.buffer] : []);
};

async function start(program) {
  var go = new Go();
  self.solutionkitReady = function () { self.postMessage({ ready: true }); };
  var made = await WebAssembly.instantiate(await inflate(unpack(program)), go.importObject);
  go.run(made.instance).then(function () {
    self.postMessage({ stopped: "the library stopped, perhaps for want of memory" });
  });
}

// unpack is the bytes of a text in base64.
function unpack(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  var plain = atob(text), bytes = new Uint8Array(plain.length);
  for (var i = 0; i < plain.length; i++) bytes[i] = plain.charCodeAt(i);
  return bytes;
}

// inflate is what was compressed by gzip.
function inflate(packed) {
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}
