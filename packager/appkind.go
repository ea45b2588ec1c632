package packager

import (
	"strings"

	"github.com/solutionkit/solutionkit/internal/msapp"
)

// An AppKind says what an entry of a canvas app is, for those who review or compare apps.
type AppKind string

// The kinds.
const (
	// AppSource is a screen, a component or the app as text (.pa.yaml). It is written when the app is saved, for people; what the app
	// is loaded from are the files of kind control where they are there.
	AppSource AppKind = "source"
	// AppControl is a screen or component with its formulas as the app is loaded from it; it holds ids that mean nothing outside.
	AppControl AppKind = "control"
	// AppDefinition is what else makes the app: its properties, data sources, tests.
	AppDefinition AppKind = "definition"
	// AppAsset is a file that somebody added: pictures, code of components.
	AppAsset AppKind = "asset"
	// AppLibrary is a large list of what Studio brings along: themes, templates of controls.
	AppLibrary AppKind = "library"
	// AppStamp is needed, and written anew when the app is saved or published, though nothing else changes.
	AppStamp AppKind = "stamp"
	// AppNoise can be computed anew and is not needed: checksums, what the checker found, what is selected in Studio.
	AppNoise AppKind = "noise"
)

// appKinds is the table: the first row with the name counts. Case of the names does not count; one that
// ends in "/" is a folder with all that is below.
var appKinds = []struct {
	name string
	kind AppKind
}{
	{"Src/_EditorState.pa.yaml", AppNoise},
	{"checksum.json", AppNoise},
	{"AppCheckerResult.sarif", AppNoise},
	{".gitignore", AppNoise}, // the same in all apps: it names what need not be stored
	{"Src/", AppSource},
	{"Controls/", AppControl},
	{"Components/", AppControl},
	{"ComponentsMetadata.json", AppControl},
	{"Header.json", AppStamp}, // the time of the last save
	{"Resources/PublishInfo.json", AppStamp},
	{"References/Themes.json", AppLibrary},
	{"References/ModernThemes.json", AppLibrary},
	{"References/Templates.json", AppLibrary},
	{"Resources/Controls/", AppLibrary},
	{"Assets/", AppAsset},
	{"Resources/", AppAsset},
}

// Kind returns what an entry is, by its name; what no row of the table matches is a definition.
func (a *App) Kind(name string) AppKind { return appKind(name) }

func appKind(name string) AppKind {
	name = msapp.Fold(name)
	for _, row := range appKinds {
		if of := msapp.Fold(row.name); name == of || strings.HasSuffix(of, "/") && strings.HasPrefix(name, of) {
			return row.kind
		}
	}
	return AppDefinition
}

// reviewed reports whether people read a file of that kind. Without sources, controls are all there is to read.
func (k AppKind) reviewed(hasSource bool) bool {
	switch k {
	case AppSource, AppDefinition, AppAsset:
		return true
	case AppControl:
		return !hasSource
	}
	return false
}
