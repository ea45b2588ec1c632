package programs_test

import (
	"bytes"
	"io/fs"
	"log"
	"os"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/packager"
)

// uploads is a folder with a solution zip in it, such as a server gets.
func uploads() fs.FS {
	tree, err := packager.Load(os.DirFS("../solkit/sample"), nil)
	if err != nil {
		log.Fatal(err)
	}
	var zip bytes.Buffer
	if _, err := packager.Pack(&zip, tree, nil); err != nil {
		log.Fatal(err)
	}
	return fstest.MapFS{"stock.zip": {Data: zip.Bytes()}}
}
