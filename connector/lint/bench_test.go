package lint

import (
	"io/fs"
	"testing"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/internal/corpus"
)

// BenchmarkLint reads and checks the fixture: load, schemas and all rules.
func BenchmarkLint(b *testing.B) {
	files := fixture(b)
	fsys := toFS(files)
	b.SetBytes(int64(len(files[definitionFile]) + len(files[propertiesFile])))
	b.ReportAllocs()
	for b.Loop() {
		list, err := connector.Load(fsys)
		if err != nil {
			b.Fatal(err)
		}
		Check(list[0], nil)
	}
}

func benchCorpus(b *testing.B, f func(fsys fs.FS)) {
	fsys := corpus.Connectors(b)
	size := int64(0)
	for _, c := range published(b) {
		for _, data := range filesOf(b, c) {
			size += int64(len(data))
		}
	}
	schemas()
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		f(fsys)
	}
}

// BenchmarkCorpusLoad reads all published connectors.
func BenchmarkCorpusLoad(b *testing.B) {
	benchCorpus(b, func(fsys fs.FS) { connector.Load(fsys) })
}

func benchCheck(b *testing.B, opts *Options) {
	benchCorpus(b, func(fsys fs.FS) {
		list, _ := connector.Load(fsys)
		for _, c := range list {
			Check(c, opts)
		}
	})
}

// BenchmarkCorpusLint reads and checks all published connectors, by the default rules.
func BenchmarkCorpusLint(b *testing.B) { benchCheck(b, nil) }

// BenchmarkCorpusCertify does so by all rules.
func BenchmarkCorpusCertify(b *testing.B) {
	benchCheck(b, &Options{Certification: true, Deploy: true})
}

func benchSchemas(b *testing.B, validate func(c *connector.Connector)) {
	list := published(b)
	schemas()
	size := int64(0)
	for _, c := range list {
		size += int64(len(c.Definition()))
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, c := range list {
			validate(c)
		}
	}
}

// BenchmarkCorpusSchemas validates only, in the fast way.
func BenchmarkCorpusSchemas(b *testing.B) {
	benchSchemas(b, func(c *connector.Connector) {
		schemas().definition.faults(indexOf(c).Def.Tree, 0)
	})
}

// BenchmarkCorpusSchemasSlow validates by the compiled schemas alone, for comparison.
func BenchmarkCorpusSchemasSlow(b *testing.B) {
	benchSchemas(b, func(c *connector.Connector) { slowFaults(schemas().definition, indexOf(c).Def.Tree) })
}

// filesOf returns the files of a connector by name.
func filesOf(t testing.TB, c *connector.Connector) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := fs.WalkDir(c.Files(), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files[name], err = fs.ReadFile(c.Files(), name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
