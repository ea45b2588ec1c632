package diff

import (
	"path"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/model"
)

// appFiles are the entries of an app.
type appFiles struct {
	*model.CanvasDocument
	at      diag.Location
	sources map[string]string // the sources by the last of their names, folded
}

func readApp(p solution.Parts, name string) (*appFiles, error) {
	doc, err := model.ReadCanvasDocument(p, name)
	if err != nil {
		return nil, err
	}
	a := &appFiles{CanvasDocument: doc, at: p.Locate(name, 0)}
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
func (a *appFiles) size(name string) string { return entrySize(a.CanvasDocument, name) }
