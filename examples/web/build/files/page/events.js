// What the user does: files that are chosen, dropped or pasted, and keys.

const EMPTY_TITLE = byId("drop-title").textContent;

for (const input of [byId("files"), byId("folder")]) {
  input.addEventListener("change", () => {
    const list = [...input.files].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
    input.value = "";
    take(list);
  });
}
byId("sample").addEventListener("click", takeSample);
byId("cancel").addEventListener("click", cancel);
byId("dismiss").addEventListener("click", dismissAll);

let over = 0; // elements that what is dragged is over
function dragged(by) {
  over = Math.max(0, over + by);
  document.body.classList.toggle("over", over > 0);
}
document.addEventListener("dragenter", (e) => { e.preventDefault(); dragged(1); });
document.addEventListener("dragleave", () => dragged(-1));
document.addEventListener("dragover", (e) => e.preventDefault());
document.addEventListener("drop", async (e) => {
  e.preventDefault();
  dragged(-over);
  const files = [], folders = []; // items are gone when the event is over
  for (const i of e.dataTransfer.items) {
    if (i.kind !== "file") continue;
    const entry = i.webkitGetAsEntry && i.webkitGetAsEntry(), file = i.getAsFile();
    if (entry && entry.isDirectory) folders.push({ entry, handle: i.getAsFileSystemHandle ? i.getAsFileSystemHandle() : null });
    else if (file) files.push({ name: file.name, file });
  }
  const mine = round;
  if (folders.length) {
    try {
      await during("Looking through folders …", (async () => {
        for (const { entry, handle } of folders) {
          if (handle) await walk(await handle, entry.name, files, () => round === mine);
          else await walkEntry(entry, files, () => round === mine);
        }
      })());
    } catch { // during has shown it
      return;
    }
  }
  take(files);
});

// walk collects the files of a folder, while they are wanted.
async function walk(folder, path, files, wanted) {
  for await (const [name, handle] of folder.entries()) {
    if (!wanted()) throw new Cancelled("Cancelled.");
    const at = path + "/" + name;
    if (handle.kind === "file") files.push({ name: at, file: await handle.getFile() });
    else if (!PASSED_OVER.test(at + "/")) await walk(handle, at, files, wanted);
  }
}

// walkEntry does the same for browsers without handles. Others give no files of entries to pages that are opened as files.
async function walkEntry(folder, files, wanted) {
  const reader = folder.createReader();
  for (;;) { // a reader gives some at a time
    if (!wanted()) throw new Cancelled("Cancelled.");
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return;
    for (const entry of some) {
      if (entry.isDirectory && !PASSED_OVER.test(entry.fullPath + "/")) await walkEntry(entry, files, wanted);
      if (entry.isFile) files.push({ name: entry.fullPath.replace(/^\//, ""), file: await new Promise((resolve, reject) => entry.file(resolve, reject)) });
    }
  }
}

// Files can be pasted, and so can JSON, such as what pac prints.
let pasted = 0;
document.addEventListener("paste", (e) => {
  if (e.target.closest && e.target.closest("input, textarea, select")) return;
  const files = [...e.clipboardData.files].map((file) => ({ name: file.name, file })), text = e.clipboardData.getData("text/plain");
  if (!files.length && !text.trim()) return;
  e.preventDefault();
  take(files.length ? files : [{ name: "pasted-" + ++pasted + ".json", file: new File([text], "pasted.json") }]);
});

byId("tabs").addEventListener("click", (e) => {
  const tab = e.target.closest("[role=tab]");
  if (tab) show(tab.getAttribute("aria-controls"));
});
byId("tabs").addEventListener("keydown", (e) => {
  const tabs = [...byId("tabs").children], at = tabs.indexOf(document.activeElement);
  const to = { ArrowRight: (at + 1) % tabs.length, ArrowLeft: (at + tabs.length - 1) % tabs.length, Home: 0, End: tabs.length - 1 }[e.key];
  if (to === undefined) return;
  e.preventDefault();
  tabs[to].focus();
  show(tabs[to].getAttribute("aria-controls"));
});

// The library is loaded when the page has been painted.
requestAnimationFrame(() => setTimeout(loadLibrary, 0));
