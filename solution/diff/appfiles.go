package diff

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/solutionkit/solutionkit/internal/msapp"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/model"
)

// appFiles are the entries of an app as parts; they are placed in the file of the app.
type appFiles struct {
	app     *msapp.App
	name    string
	at      diag.Location
	sources map[string]string // the sources by the last of their names, folded

	mu    sync.Mutex
	last  string // the entry that was read last, with its bytes and lines
	src   []byte
	lines *diag.Lines
}

func readApp(p solution.Parts, name string, src []byte) (*appFiles, error) {
	app, err := msapp.Parse(src, &appLimits)
	if err != nil {
		return nil, err
	}
	a := &appFiles{app: app, name: name, at: p.Locate(name, 0)}
	for _, name := range a.Names() {
		if folded := strings.ToLower(name); isSource(folded) {
			if a.sources == nil {
				a.sources = map[string]string{}
			}
			a.sources[path.Base(folded)] = name
		}
	}
	return a, nil
}

func (a *appFiles) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid} // nobody opens entries
}

func (a *appFiles) Names() []string {
	var out []string
	for _, e := range a.app.Entries() {
		out = append(out, e.Path)
	}
	slices.Sort(out)
	return out
}

func (a *appFiles) ReadPart(name string) ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.read(name)
}

// read reads an entry, as ReadPart, with the lock held.
func (a *appFiles) read(name string) ([]byte, error) {
	if name == a.last && name != "" {
		return a.src, nil
	}
	e := a.app.Find(name)
	if e == nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	src, err := e.Read()
	if err != nil {
		return nil, fmt.Errorf("%s/%s: %w", a.name, name, err)
	}
	a.last, a.src, a.lines = name, src, nil
	return src, nil
}

// Locate gives the file of the app with the entry behind it, and line and column in the entry.
func (a *appFiles) Locate(name string, offset int) diag.Location {
	a.mu.Lock()
	defer a.mu.Unlock()
	at := diag.Location{File: a.at.File + "/" + name}
	if src, err := a.read(name); err == nil {
		if a.lines == nil {
			a.lines = diag.NewLines(src)
		}
		at.Start = a.lines.Position(min(offset, len(src)))
	}
	return at
}

// units returns the entries by the names that they have on both sides: controls are known by the name in them, as their numbers
// mean nothing, and the logo by its purpose, as the name is made up at each save.
func (a *appFiles) units() map[string]string {
	out := map[string]string{}
	logo := a.logo()
	for _, name := range a.Names() {
		key := name
		switch folded := strings.ToLower(name); {
		case logo != "" && path.Base(folded) == logo:
			key = "(logo)"
		case isControl(folded):
			if v, err := model.ReadJSON(a, name); err == nil {
				if title := v.Get("TopParent", "Name").Text(); title != "" {
					key = path.Dir(name) + "/" + pointerStep(title)
				}
			}
		}
		if _, ok := out[key]; ok {
			key = name
		}
		out[key] = name
	}
	return out
}

// logo returns the name of the file of the logo, folded.
func (a *appFiles) logo() string {
	for _, name := range a.Names() {
		if path.Base(strings.ToLower(name)) == "publishinfo.json" {
			if v, err := model.ReadJSON(a, name); err == nil {
				return strings.ToLower(v.Get("LogoFileName").Text())
			}
		}
	}
	return ""
}

// size says how large an entry is.
func (a *appFiles) size(name string) string {
	src, err := a.ReadPart(name)
	if err != nil {
		return err.Error()
	}
	return size(src)
}
