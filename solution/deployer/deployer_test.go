package deployer_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/deployer"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/plan"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// The parts of a case that are no file of the package. A file that ends in .zip is the text of a solution.
const (
	want        = "want"
	environment = "environment.json"
)

// TestPackages opens the package of each case, plans its solutions and holds its list against the plan.
func TestPackages(t *testing.T) {
	found := map[string]bool{}
	golden.Run(t, "testdata/*.txtar", func(t *testing.T, c *golden.Case) {
		fsys := fstest.MapFS{}
		env := &plan.Environment{}
		for _, f := range c.Files {
			switch f.Name {
			case want:
			case environment:
				var err error
				if env, err = plan.ParseEnvironment(f.Data, f.Name); err != nil {
					t.Fatal(err)
				}
			default:
				fsys[f.Name] = &fstest.MapFile{Data: f.Data}
			}
		}
		got := ""
		for _, d := range check(t, fsys, env) {
			found[d.Rule] = true
			got += d.String() + "\n"
		}
		c.HoldText(t, want, got)
	})
	for r := range deployer.Rules() {
		if !found[r.ID] {
			t.Errorf("no case finds %s", r.ID)
		}
		if r.Summary == "" || r.Help == "" {
			t.Errorf("%s says nothing", r.ID)
		}
	}
}

func check(t *testing.T, fsys fs.FS, env *plan.Environment) diag.List {
	t.Helper()
	pkg, err := deployer.Open(fsys)
	if err != nil {
		t.Fatal(err)
	}
	solutions := map[string]*plan.Solution{}
	var batch []plan.Item
	for i := range pkg.Config.Solutions {
		s := &pkg.Config.Solutions[i]
		file, ok := pkg.Path(s)
		if !ok || solutions[s.File] != nil {
			continue
		}
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			t.Fatal(err)
		}
		solutions[s.File] = read(t, string(text))
		batch = append(batch, plan.Item{Solution: solutions[s.File]})
	}
	p, err := plan.Resolve(batch, env, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return diag.Join(pkg.Diagnostics(), pkg.Check(p, solutions))
}

func read(t *testing.T, text string) *plan.Solution {
	t.Helper()
	s, err := solutiontest.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := solution.PartsOf(s.FS())
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.Read(parts, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const small = `<configdatastorage><solutions><configsolutionfile solutionpackagefilename="A.zip"/></solutions></configdatastorage>`

func TestOpen(t *testing.T) {
	wide := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(`<?xml version="1.0" encoding="utf-16"?>` + small)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	for _, test := range []struct {
		name string
		fsys fstest.MapFS
		dir  string
		err  string
	}{
		{"at the top", fstest.MapFS{"importconfig.XML": file(small)}, ".", ""},
		{"UTF-16", fstest.MapFS{"PkgFolder/ImportConfig.xml": {Data: wide}}, "PkgFolder", ""},
		{"with a mark", fstest.MapFS{"Any/ImportConfig.xml": file("\ufeff" + small)}, "Any", ""},
		{"a copy further down", fstest.MapFS{"PkgAssets/ImportConfig.xml": file(small), "out/bin/PkgAssets/ImportConfig.xml": file("x")}, "PkgAssets", ""},
		{"several", fstest.MapFS{"a/ImportConfig.xml": file(small), "b/ImportConfig.xml": file(small)}, "", "several lists, a/ImportConfig.xml and b/ImportConfig.xml"},
		{"none", fstest.MapFS{"a.zip": file("")}, "", deployer.ErrNone.Error()},
		{"built", fstest.MapFS{"a/ImportConfig.g.xml": file(small)}, "", deployer.ErrNone.Error()},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := deployer.Open(test.fsys)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("error %v, want one with %q", err, test.err)
				}
				return
			}
			if err != nil || p.Dir != test.dir || len(p.Config.Solutions) != 1 || p.Config.Solutions[0].File != "A.zip" {
				t.Errorf("%+v, %v", p, err)
			}
		})
	}
}

func TestParseConfigErrors(t *testing.T) {
	for _, test := range []struct{ src, want string }{
		{"", "list.xml:1:1: "},
		{"<a/>", "list.xml:1:1: the root element is a: ImportConfig.xml begins with configdatastorage"},
		{"<configdatastorage>\n <solutions>\n</configdatastorage>", "list.xml:3:1: "},
		{"<configdatastorage><solutions>\n<configsolutionfile solutionpackagefilename=\"a.zip\" overwriteunmanagedcustomizations=\"maybe\"/></solutions></configdatastorage>",
			"list.xml:2:1: overwriteunmanagedcustomizations: true or false is expected"},
		{"<configdatastorage><solutions><configsolutionfile solutionpackagefilename=\"..\\a.zip\"/></solutions></configdatastorage>", `list.xml:1:31: solutionpackagefilename "../a.zip" is outside of the package`},
		{"\xff\xfe<", "list.xml:1:1: "},
	} {
		_, err := deployer.ParseConfig([]byte(test.src), "list.xml")
		var syntax *solution.SyntaxError
		if !errors.As(err, &syntax) || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%q: %T %v, want %q", test.src, err, err, test.want)
		}
	}
}

// What is written is read again as it was.
func TestConfigBytes(t *testing.T) {
	c := &deployer.Config{Solutions: []deployer.Solution{{File: `A & "B"_managed.zip`, Overwrite: new(false), Activate: new(true)}, {File: "ü.zip"}}}
	again, err := deployer.ParseConfig(c.Bytes(), "list.xml")
	if err != nil {
		t.Fatal(err)
	}
	for i := range again.Solutions {
		again.Solutions[i].Location = diag.Location{}
	}
	if diff := cmp.Diff(c.Solutions, again.Solutions); diff != "" {
		t.Errorf("(-written +read)\n%s\n%s", diff, c.Bytes())
	}
}

func FuzzParseConfig(f *testing.F) {
	f.Add([]byte(small))
	f.Add((&deployer.Config{Solutions: []deployer.Solution{{File: "a.zip", Overwrite: new(true)}, {File: "b/c.zip"}}}).Bytes())
	f.Fuzz(func(t *testing.T, src []byte) {
		c, err := deployer.ParseConfig(src, "list.xml")
		if err != nil {
			return
		}
		again, err := deployer.ParseConfig(c.Bytes(), "list.xml")
		if err != nil {
			t.Fatalf("what was read cannot be written: %v\n%s", err, c.Bytes())
		}
		if len(again.Solutions) != len(c.Solutions) {
			t.Errorf("%d solutions, %d behind it", len(c.Solutions), len(again.Solutions))
		}
	})
}

func ExampleConfig_Bytes() {
	fmt.Printf("%s", (&deployer.Config{Solutions: []deployer.Solution{{File: "Core_managed.zip"}, {File: "Flows_managed.zip"}}}).Bytes())
	// Output:
	// <?xml version="1.0" encoding="utf-8"?>
	// <configdatastorage installsampledata="false" waitforsampledatatoinstall="true" crmmigdataimportfile="">
	//   <solutions>
	//     <configsolutionfile solutionpackagefilename="Core_managed.zip" />
	//     <configsolutionfile solutionpackagefilename="Flows_managed.zip" />
	//   </solutions>
	// </configdatastorage>
}
