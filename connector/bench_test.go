package connector

import (
	"io/fs"
	"testing"
)

// BenchmarkLint reads and checks the fixture: load, schemas and all rules.
func BenchmarkLint(b *testing.B) {
	files := fixture(b)
	fsys := toFS(files)
	b.SetBytes(int64(len(files[definitionFile]) + len(files[propertiesFile])))
	b.ReportAllocs()
	for b.Loop() {
		c, err := Load(fsys, ".")
		if err != nil {
			b.Fatal(err)
		}
		c.Lint(nil)
	}
}

func benchCorpus(b *testing.B, f func(b *testing.B, fsys fs.FS)) {
	fsys, size := corpus(b)
	schemas()
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		f(b, fsys)
	}
}

func each(b *testing.B, fsys fs.FS, f func(*Connector)) {
	n := 0
	for c, err := range All(fsys) {
		if err == nil {
			n++
			f(c)
		}
	}
	if n == 0 {
		b.Fatal("no connectors")
	}
}

// BenchmarkCorpusLoad reads all published connectors.
func BenchmarkCorpusLoad(b *testing.B) {
	benchCorpus(b, func(b *testing.B, fsys fs.FS) { each(b, fsys, func(*Connector) {}) })
}

// BenchmarkCorpusLint reads and checks all published connectors, by the default rules.
func BenchmarkCorpusLint(b *testing.B) {
	benchCorpus(b, func(b *testing.B, fsys fs.FS) { each(b, fsys, func(c *Connector) { c.Lint(nil) }) })
}

// BenchmarkCorpusCertify does so by all rules.
func BenchmarkCorpusCertify(b *testing.B) {
	benchCorpus(b, func(b *testing.B, fsys fs.FS) {
		each(b, fsys, func(c *Connector) { c.Lint(&LintOptions{Certification: true, Deploy: true}) })
	})
}

// BenchmarkCorpusSchemas validates only, in the fast way.
func BenchmarkCorpusSchemas(b *testing.B) {
	fsys, size := corpus(b)
	var all []*Connector
	each(b, fsys, func(c *Connector) { all = append(all, c) })
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, c := range all {
			v := validation{tree: c.def.tree}
			v.check(schemas().definition, 0)
		}
	}
}

// BenchmarkCorpusSchemasSlow validates by the compiled schemas alone, for comparison.
func BenchmarkCorpusSchemasSlow(b *testing.B) {
	fsys, size := corpus(b)
	var all []*Connector
	each(b, fsys, func(c *Connector) { all = append(all, c) })
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, c := range all {
			slowFaults(schemas().definition, c.def.tree)
		}
	}
}
