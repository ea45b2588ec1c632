// Build makes the folder of the page: run it as
//
//	go run ./examples/web/build -o DIR
//
// DIR then has index.html, style.css, app.js and library.js, and can be opened as a file or put on any static host. app.js is what stands in
// the folder page, in one script, because pages that are opened as files may have no modules. library.js holds what the page's worker needs: its script with wasm_exec.js of the Go that builds, and the program, compressed, as text, because a page
// that was opened as a file may fetch nothing.
package main

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed files
var files embed.FS

// program is the package that runs in the worker.
const program = "github.com/solutionkit/solutionkit/examples/web"

func main() {
	dir := flag.String("o", "", "write the page to this `folder`")
	flag.Parse()
	if *dir == "" || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: build -o DIR")
		os.Exit(2)
	}
	size, err := build(*dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("open %s; the program has %.1f MB compressed\n", filepath.Join(*dir, "index.html"), float64(size)/1e6)
}

// build writes the page to a folder, and returns the size of the compressed program.
func build(dir string) (int, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return 0, err
	}
	compressed, err := compile()
	if err != nil {
		return 0, err
	}
	worker, err := workerScript()
	if err != nil {
		return 0, err
	}
	made := map[string][]byte{"library.js": library(worker, compressed)}
	for _, name := range []string{"index.html", "style.css"} {
		if made[name], err = fs.ReadFile(files, "files/"+name); err != nil {
			return 0, err
		}
	}
	if made["app.js"], err = pageScript(); err != nil {
		return 0, err
	}
	for name, data := range made {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			return 0, err
		}
	}
	return len(compressed), nil
}

// scripts are those of the page, in the order in which they are joined: functions may be called before they are read, and values not.
var scripts = []string{"elements", "status", "library", "files", "document", "overview", "inventory", "findings", "picture", "compare", "plan", "panels", "events"}

// pageScript is what the page runs, in one text that leaves no names in the page.
func pageScript() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\"use strict\";\n(() => {\n\n")
	for _, name := range scripts {
		data, err := fs.ReadFile(files, "files/page/"+name+".js")
		if err != nil {
			return nil, err
		}
		b.Write(data)
		b.WriteString("\n")
	}
	b.WriteString("})();\n")
	return b.Bytes(), nil
}

// library is the script that gives the page its worker.
func library(worker string, compressed []byte) []byte {
	var b bytes.Buffer
	quoted, err := json.Marshal(worker) // a text in JSON is one in JavaScript
	if err != nil {
		panic(err) // texts can be written
	}
	fmt.Fprintf(&b, "\"use strict\";\nvar library = {\n  worker: %s,\n  program: \"%s\"\n};\n", quoted, base64.StdEncoding.EncodeToString(compressed))
	return b.Bytes()
}

// workerScript is what the worker runs, in one text.
func workerScript() (string, error) {
	root, err := output("go", "env", "GOROOT")
	if err != nil {
		return "", err
	}
	exec, err := os.ReadFile(filepath.Join(strings.TrimSpace(root), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return "", err
	}
	own, err := fs.ReadFile(files, "files/worker.js")
	return string(exec) + "\n" + string(own), err
}

// compile builds the program for browsers and returns it compressed.
func compile() ([]byte, error) {
	temp, err := os.MkdirTemp("", "solutionkit-web")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temp)
	file := filepath.Join(temp, "program.wasm")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", file, program)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build %s: %w\n%s", program, err, out)
	}
	wasm, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err = w.Write(wasm); err == nil {
		err = w.Close()
	}
	return b.Bytes(), err
}

func output(name string, args ...string) (string, error) {
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return string(out), nil
}
