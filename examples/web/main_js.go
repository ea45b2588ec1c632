// Web is the library of this module behind a page of a browser. Program build makes the folder of the page; see README.md.
package main

import (
	"errors"
	"runtime/debug"
	"syscall/js"

	"github.com/solutionkit/solutionkit/examples/web/desk"
)

// The worker of the page calls solutionkit(word, arguments, files), which returns {answer, file} or {error}: answer is JSON, and files
// are a list of {name, data}. Meanwhile the program calls solutionkitProgress(done, all). The page waits for solutionkitReady.
func main() {
	// There is one thread, so collecting less often is what makes the page quick; the limit keeps that from filling its memory.
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(2 << 30)
	d := &desk.Desk{Progress: func(done, all int) { js.Global().Call("solutionkitProgress", done, all) }}
	js.Global().Set("solutionkit", js.FuncOf(func(_ js.Value, args []js.Value) any {
		if len(args) != 3 {
			return failed(errors.New("solutionkit takes a word, arguments and files"))
		}
		answer, file, err := d.Do(args[0].String(), []byte(args[1].String()), filesOf(args[2]))
		if err != nil {
			return failed(err)
		}
		out := map[string]any{"answer": string(answer)}
		if file != nil {
			data := js.Global().Get("Uint8Array").New(len(file))
			js.CopyBytesToJS(data, file)
			out["file"] = data
		}
		return out
	}))
	js.Global().Call("solutionkitReady")
	select {}
}

func failed(err error) any { return map[string]any{"error": err.Error()} }

func filesOf(list js.Value) []desk.File {
	if list.IsNull() || list.IsUndefined() {
		return nil
	}
	out := make([]desk.File, list.Length())
	for i := range out {
		f := list.Index(i)
		data := f.Get("data")
		out[i] = desk.File{Name: f.Get("name").String(), Data: make([]byte, data.Length())}
		js.CopyBytesToGo(out[i].Data, data)
	}
	return out
}
