package connref_test

import (
	"crypto/sha256"
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/packager"
)

// settingsDigests are those of the settings made for ten real solutions, by the start of the name of their folder.
var settingsDigests = map[string]string{
	"60b5b1": "ac3d2202f7687cc0740d4674ff7dc8ba734261723e8f46a0a94988caa927a3f1",
	"6362fb": "35626117af26459b6505d687c981dd03788b75b6ba3dbf2a59670edb199d83af",
	"63ebea": "b666befada10412a73dad99fb70ae3a7343034cf27eb2947193b1f68cbc4ff70",
	"ea467f": "b666befada10412a73dad99fb70ae3a7343034cf27eb2947193b1f68cbc4ff70",
	"a85d94": "5458d20a8c1f92e4300664c9c66b1bd5e628554b0b9b1ad3ecb2aace45c97015",
	"179f93": "373ce911b84ce546f89e2b203e886636871ffd79350b529b0e9e64f11f3f1a8c",
	"4c286b": "373ce911b84ce546f89e2b203e886636871ffd79350b529b0e9e64f11f3f1a8c",
	"0228e1": "cbb9f40e5e21cfbfda0ae63101f0df33eb2ac790e03ed84b186774fcedbd6ae2",
	"8580f3": "039fcffbe0a5c470388e67fa352b47ac43003852917d7db90abf72cddada7c44",
	"0bbb11": "e12e050c66b70b073189c135005448fc668cac75c9bd667ee5d44d083776d41d",
}

func TestCorpusGolden(t *testing.T) {
	seen := 0
	eachReal(t, func(t *testing.T, p *packager.Package) {
		id, _, _ := strings.Cut(path.Base(t.Name()), "_")
		want, ok := settingsDigests[id]
		if !ok {
			t.Skip("no golden settings")
		}
		st, _, err := scan(t, p).Settings(nil)
		if err != nil {
			t.Fatal(err)
		}
		seen++
		if got := fmt.Sprintf("%x", sha256.Sum256(st.Bytes())); got != want {
			t.Errorf("settings have digest %s, want %s:\n%s", got, want, st.Bytes())
		}
	})
	if seen != len(settingsDigests) && !t.Skipped() {
		t.Errorf("%d of %d golden settings compared", seen, len(settingsDigests))
	}
}
