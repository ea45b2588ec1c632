package model

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution"
)

// The sources of real apps have the screens and controls that their JSON has, in the same tree.
func TestCorpusCanvasSources(t *testing.T) {
	apps, controls, both := 0, 0, 0
	eachReal(t, func(t *testing.T, name string, p solution.Parts) {
		m, err := Read(p)
		if err != nil {
			return
		}
		for a := range m.CanvasApps() {
			d, err := a.Document()
			if d == nil || err != nil {
				continue // two are no archives
			}
			apps++
			screens, err := d.Screens()
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			want := names(screens, &controls)
			if _, err := d.DataSources(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if len(d.below(sourceFolder, sourceEnding)) == 0 {
				continue
			}
			both++
			sources, err := d.sourceScreens()
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if diff := cmp.Diff(want, names(sources, new(int))); diff != "" {
				t.Errorf("%s: %s (-JSON +sources)\n%s", name, a.Name(), diff)
			}
		}
	})
	t.Logf("%d apps with %d controls, %d with sources", apps, controls, both)
	if !testing.Short() && (apps == 0 || controls == 0 || both == 0) {
		t.Error("the test shows nothing")
	}
}

// names returns the controls of screens, sorted, each behind what holds it.
func names(screens func(func(CanvasControl) bool), count *int) []string {
	var out []string
	var walk func(c CanvasControl, path string)
	walk = func(c CanvasControl, path string) {
		*count++
		path += "/" + c.Name()
		if c.Kind() != "galleryTemplate" { // of which sources say nothing
			out = append(out, path)
		}
		for child := range c.Children() {
			walk(child, path)
		}
	}
	for c := range screens {
		walk(c, "")
	}
	slices.Sort(out)
	return out
}
