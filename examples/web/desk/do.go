package desk

import (
	"encoding/json"
	"fmt"
	"runtime/debug"
	"strings"
)

// A request is what the page asks for. Each word of [words] reads the members that it needs.
type request struct {
	IDs           []int          `json:"ids"` // of items; none: all
	ID            int            `json:"id"`
	Old           int            `json:"old"`
	New           int            `json:"new"`
	After         int            `json:"after"` // no item gets this id or a lower one
	Items         []Item         `json:"items"` // those that are to be there again
	Sample        bool           `json:"sample"`
	Noise         bool           `json:"noise"`
	Solutions     bool           `json:"solutions"` // the picture is of solutions alone
	All           bool           `json:"all"`       // the picture has a box for each component
	Certification bool           `json:"certification"`
	Actions       map[int]string `json:"actions"` // by ids of items
	Kind          string         `json:"kind"`    // of the package that is made of a tree
	Format        string         `json:"format"`

	files []File
}

// A handler does what one word asks for. The answer is a value for encoding/json, or a *Download.
type handler func(d *Desk, r *request) (any, error)

// with makes a handler of what is asked about and of what is answered about it.
func with[S, T any](choose func(*Desk, *request) (S, error), answer func(S, *request) (T, error)) handler {
	return func(d *Desk, r *request) (any, error) {
		of, err := choose(d, r)
		if err != nil {
			return nil, err
		}
		return answer(of, r)
	}
}

// words are what a page may ask.
var words = map[string]handler{
	"add":       func(d *Desk, r *request) (any, error) { return d.add(r) },
	"restore":   func(d *Desk, r *request) (any, error) { return d.restore(r) },
	"remove":    func(d *Desk, r *request) (any, error) { return d.remove(r) },
	"summary":   with(oneItem, summaryOf),
	"check":     with(oneItem, countFindings),
	"inventory": with(someSolutions, inventoryBlocks),
	"findings":  with(checkable, findings),
	"picture":   with(someSolutions, picture),
	"compare":   with(twoSolutions, comparison),
	"plan":      with((*Desk).resolve, runbook),
	"download":  func(d *Desk, r *request) (any, error) { return d.download(r) },
}

// Do does what the page asks for by a word, with arguments in JSON and perhaps files, and returns the answer in JSON. file is the
// data of a download. A panic is an error, as a page that lost its desk would have to begin anew.
func (d *Desk) Do(word string, args []byte, files []File) (answer, file []byte, err error) {
	defer func() {
		if x := recover(); x != nil {
			answer, file, err = nil, nil, fmt.Errorf("%s failed by a fault of the program, please report it: %v\n%s", word, x, firstLines(debug.Stack()))
		}
	}()
	do, ok := words[word]
	if !ok {
		return nil, nil, fmt.Errorf("the page asks for %q, which is not known", word)
	}
	r := &request{files: files}
	if len(args) > 0 {
		if err := json.Unmarshal(args, r); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", word, err)
		}
	}
	value, err := do(d, r)
	if err != nil {
		return nil, nil, err
	}
	if x, ok := value.(*Download); ok {
		file = x.data
	}
	answer, err = json.Marshal(value)
	return answer, file, err
}

// firstLines cuts a trace to what is worth reading.
func firstLines(trace []byte) string {
	lines := strings.SplitN(string(trace), "\n", 14)
	return strings.Join(lines[:min(13, len(lines))], "\n")
}
