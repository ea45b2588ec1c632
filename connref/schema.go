package connref

import _ "embed" // for settingsSchema

//go:embed schema/settings.json
var settingsSchema string

// SettingsSchema returns the JSON Schema (draft 7) of deployment settings, for editors. It says what
// [ParseSettings] accepts, but for names that occur twice, which a schema cannot say.
func SettingsSchema() []byte { return []byte(settingsSchema) }
