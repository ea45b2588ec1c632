// Preflight says what a zip will ask for before anybody uploads it, as a provider of infrastructure does at plan time:
// who it is, what it needs, which connections and values to prepare, and whether an import of it can work at all.
//
//	go run ./examples/preflight stock.zip
//
// It prints one JSON document, and ends with status 1 if an error was found. There is no call to a service.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: preflight ZIP")
		os.Exit(2)
	}
	report, err := run(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := write(os.Stdout, report); err != nil || len(report.Errors) > 0 {
		os.Exit(1)
	}
}

func write(w io.Writer, report *Report) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(report)
}

func run(name string) (*Report, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	return preflight(file, info.Size())
}
