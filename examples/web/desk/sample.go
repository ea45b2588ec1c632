package desk

import (
	"embed"
	"io/fs"
)

// The sample is a folder as a user has one: source trees of two solutions, one of them in two versions, a custom connector, and what is
// known of an environment.
//
//go:embed all:sample
var sample embed.FS

func sampleFiles() ([]File, error) {
	var out []File
	err := fs.WalkDir(sample, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := sample.ReadFile(name)
		out = append(out, File{name, data})
		return err
	})
	return out, err
}
