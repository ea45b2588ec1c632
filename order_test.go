package solutionkit_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connector/lint"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/deployer"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/model"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// TestInAnyOrder hands things in that have no order, in many orders, and holds all that comes out against what came first.
// Reproducible products have a test of their own, as have items of a plan and what environments are made of.
func TestInAnyOrder(t *testing.T) {
	const text = "solution Contoso 1.0.0.0\nentity ct_a\nentity ct_b\nconnectionreference ct_sp connector=shared_sharepointonline\nworkflow 22 refs=ct_sp\n" +
		"webresource ct_/a.js text=\"let a;\"\nwebresource ct_/b.js text=\"let b;\"\nconnector ct_5ferp id=77 auth=oauth operations=ListItems,GetItem\n" +
		"environmentvariabledefinition ct_url type=text default=a\nenvironmentvariabledefinition ct_two type=text default=b\nbot ct_bot name=Helper\nbotcomponent ct_bot.topic.a bot=ct_bot\n"
	parts := solutiontest.Parts(t, text)
	names := parts.Names()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	contents := func(name string) []byte {
		src, err := parts.ReadPart(name)
		must(err)
		return src
	}
	opened := func(order []int) *packager.Package {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, i := range order {
			f, err := w.Create(names[i])
			must(err)
			_, err = f.Write(contents(names[i]))
			must(err)
		}
		must(w.Close())
		p, err := packager.Open(bytes.NewReader(b.Bytes()), int64(b.Len()), nil)
		must(err)
		return p
	}
	loose := map[string][]byte{}
	var folders []string
	for _, name := range []string{"orders", "Items", "parts", "z"} {
		loose[name+"/apiDefinition.swagger.json"] = fmt.Appendf(nil, `{"swagger": "2.0", "info": {"title": %q, "version": "1"}, "paths": {}}`, name)
		loose[name+"/apiProperties.json"] = []byte(`{"properties": {}}`)
		folders = append(folders, name)
	}
	solutions := []solution.Parts{parts}
	for _, name := range []string{"One", "Two", "Three"} {
		solutions = append(solutions, solutiontest.Parts(t, "solution "+name+" 1.0.0.0\nentity ct_t"+name+"\nconnectionreference ct_sp connector=shared_sharepointonline\nenvironmentvariabledefinition ct_v"+name+" type=text\nworkflow 2"+fmt.Sprint(len(name))+" refs=ct_sp sets=ct_as\n"))
	}
	var findings []diag.List
	for i := range 5 {
		findings = append(findings, diag.List{{Rule: fmt.Sprint("test/", i%2), Message: fmt.Sprint(i), Location: diag.Location{File: fmt.Sprint("f", i%3)}}})
	}
	m, err := model.Read(parts)
	must(err)
	var changes []*solution.Change
	for c := range m.Components() {
		if start, end := c.Element().Span(); c.Type() == solution.TypeWebResource {
			e := solution.NewEditor(parts)
			e.Splice(c.Part(), end, end, "<!-- "+c.Name()+" -->")
			e.Splice(c.Part(), start, start, "<!-- before -->")
			change, err := e.Change()
			must(err)
			changes = append(changes, change)
		}
	}
	for _, name := range []string{"WebResources/new1", "WebResources/new2"} {
		e := solution.NewEditor(parts)
		e.Add(name, []byte(name))
		change, err := e.Change()
		must(err)
		changes = append(changes, change)
	}

	for _, tt := range []struct {
		name string
		n    int // how many things there are
		take func(order []int) any
	}{
		{"entries of a zip", len(names), func(order []int) any {
			p := opened(order)
			tree, err := packager.Unpack(p, nil)
			must(err)
			digest, err := tree.Digest()
			must(err)
			ofZip, err := p.Digest()
			must(err)
			c, err := content.Check(p, nil)
			must(err)
			var packed bytes.Buffer
			found, err := packager.Pack(&packed, tree, nil)
			must(err)
			same, err := diff.Compare(parts, p, nil)
			must(err)
			linted, err := lint.CheckSolution(p, nil)
			must(err)
			return fmt.Sprintln(digest, ofZip, tree.Names(), c, found, same.Equal(), linted) + packed.String()
		}},
		{"files of an extracted zip", len(names), func(order []int) any {
			p, err := solution.PartsOf(listedAs{memfs.New(filesOf(names, contents)), order})
			must(err)
			c, err := content.Read(p, nil)
			must(err)
			out := fmt.Sprintln(p.Names())
			for x := range c.Components() {
				out += fmt.Sprintln(x.Key, x.Location)
			}
			return out
		}},
		{"folders of connectors", len(folders), func(order []int) any {
			list, err := connector.Load(listedAs{memfs.New(loose), order})
			must(err)
			var out []string
			for _, c := range list {
				out = append(out, c.Path()+" "+c.Title())
			}
			return out
		}},
		{"zips beside a list", 3, func(order []int) any {
			p, err := deployer.Open(listedAs{memfs.New(map[string][]byte{"ImportConfig.xml": []byte(`<configdatastorage><solutions><configsolutionfile solutionpackagefilename="A.zip" /></solutions></configdatastorage>`),
				"a.zip": nil, "A.ZIP": nil}), order})
			must(err)
			file, ok := p.Path(&p.Config.Solutions[0])
			return fmt.Sprintln(file, ok, p.Diagnostics())
		}},
		{"sets of references", len(solutions), func(order []int) any {
			var sets []*connref.Set
			for _, i := range order {
				set, err := connref.Read(solutions[i])
				must(err)
				sets = append(sets, set)
			}
			blank, found, err := connref.Join(sets...).Settings(nil)
			must(err)
			return string(blank.Bytes()) + fmt.Sprint(found)
		}},
		{"lists of findings", len(findings), func(order []int) any {
			var lists []diag.List
			for _, i := range order {
				lists = append(lists, findings[i])
			}
			return diag.Join(lists...)
		}},
		{"changes of one zip", len(changes), func(order []int) any {
			var list []*solution.Change
			for _, i := range order {
				list = append(list, changes[i])
			}
			var b bytes.Buffer
			identity := make([]int, len(names))
			for i := range identity {
				identity[i] = i
			}
			must(packager.Rewrite(&b, opened(identity), list...))
			r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
			must(err)
			out := map[string]string{}
			for _, f := range r.File {
				in, err := f.Open()
				must(err)
				src, err := io.ReadAll(in)
				must(err)
				out[f.Name] = string(src)
			}
			return out
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.n < 3 {
				t.Fatalf("%d things", tt.n)
			}
			order := make([]int, tt.n)
			for i := range order {
				order[i] = i
			}
			want := tt.take(order)
			r := rand.New(rand.NewPCG(7, 7))
			for range 8 {
				r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
				if d := cmp.Diff(want, tt.take(order)); d != "" {
					t.Fatalf("order %v (-first +this)\n%.3000s", order, d)
				}
			}
		})
	}
}

func filesOf(names []string, contents func(string) []byte) map[string][]byte {
	files := map[string][]byte{}
	for _, name := range names {
		files[name] = contents(name)
	}
	return files
}

// listedAs is a file system whose folders list what is in them in that order, as far as there is so much.
type listedAs struct {
	*memfs.FS
	order []int
}

func (l listedAs) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := l.FS.ReadDir(name)
	var out []fs.DirEntry
	for _, i := range l.order {
		if i < len(list) {
			out = append(out, list[i])
		}
	}
	if len(l.order) < len(list) {
		out = append(out, list[len(l.order):]...)
	}
	return out, err
}
