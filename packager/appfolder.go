package packager

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/internal/msapp"
)

// AppOptions says how the folder of a canvas app is made. nil and the zero value mean the defaults.
type AppOptions struct {
	// Verbatim leaves JSON as it is. Without it JSON that stands on one line has a line for each value in the folder; what is written
	// otherwise than that stays as it is in any case. The way back gives the same bytes.
	Verbatim bool
	// Review leaves out what nobody reads: noise, stamps, libraries, and controls of an app that has sources (see [AppKind]). It stays
	// in the .msapp alone, without which the folder can't be packed then.
	Review bool
}

// appManifestFile is the file of an app's folder that says which entries there are and how they are written.
const appManifestFile = "msapp.json"

// An appManifest is what the file says.
type appManifest struct {
	// Document is the SHA-256 of the .msapp that the folder was made of, Content that of the entries but checksum.json.
	Document string           `json:"msapp"`
	Content  string           `json:"content"`
	Form     string           `json:"form"` // the options: words of "verbatim", "review"
	Time     string           `json:"time"` // of entries that have none
	MadeBy   uint16           `json:"madeBy"`
	Entries  []appManifestRow `json:"entries"`
}

// An appManifestRow is one entry of an app.
type appManifestRow struct {
	Name   string  `json:"name"`             // exactly
	File   string  `json:"file,omitempty"`   // its path in the folder, if that is not the name
	As     string  `json:"as,omitempty"`     // how it is written there: "indented", "crlf"
	Left   bool    `json:"left,omitempty"`   // it is in the .msapp alone
	Time   string  `json:"time,omitempty"`   // if it has one of its own
	MadeBy *uint16 `json:"madeBy,omitempty"` // as well
}

// file returns the path in the folder.
func (r *appManifestRow) file() string {
	if r.File != "" {
		return r.File
	}
	return strings.ReplaceAll(r.Name, `\`, "/")
}

// How an entry is written in the folder, if not as it is.
const (
	asIndented = "indented" // JSON of one line
	asCRLF     = "crlf"     // as it is; the ends of its lines come back if something makes them LF
)

// String returns the form as words, as the folder of an app notes it.
func (o *AppOptions) String() string {
	var words []string
	if o != nil && o.Verbatim {
		words = append(words, "verbatim")
	}
	if o != nil && o.Review {
		words = append(words, "review")
	}
	return strings.Join(words, " ")
}

func parseAppOptions(form string) *AppOptions {
	o := &AppOptions{}
	for word := range strings.FieldsSeq(form) {
		o.Verbatim = o.Verbatim || word == "verbatim"
		o.Review = o.Review || word == "review"
	}
	return o
}

// An appFile is a file of an app's folder.
type appFile struct {
	path  string
	entry *msapp.Entry // nil: data
	as    string
	data  []byte
}

func (f *appFile) read() ([]byte, error) {
	if f.entry == nil {
		return f.data, nil
	}
	data, err := readApp(f.entry)
	if err != nil || f.as != asIndented {
		return data, err
	}
	return indented(data), nil
}

// Folder returns the app as files: its entries with "/", under names that every system can write, and msapp.json, which says
// what there is and in which order. What is JSON on one line has a line for each value, unless opts say otherwise. [LoadApp] makes
// the app again.
func (a *App) Folder(opts *AppOptions) (fs.FS, error) {
	files, err := a.folder(opts)
	if err != nil {
		return nil, err
	}
	sys := &fileSystem{}
	for _, f := range files {
		sys.files = append(sys.files, &file{path: f.path, size: -1, load: f.read})
	}
	sys.sort()
	return openedFiles{sys}, nil
}

// openedFiles are the files of a fileSystem as an [fs.FS].
type openedFiles struct{ sys *fileSystem }

func (f openedFiles) Open(name string) (fs.File, error) { return openFile(f.sys, name) }

// folder inflates each entry once, so that a damaged one shows before a file is written.
func (a *App) folder(opts *AppOptions) ([]*appFile, error) {
	if opts == nil {
		opts = &AppOptions{}
	}
	sum := sha256.Sum256(a.doc.Bytes())
	m := appManifest{Document: hex.EncodeToString(sum[:]), Form: opts.String()}
	entries := a.doc.Entries()
	hasSource := false
	for _, e := range entries {
		if !utf8.ValidString(e.Name) {
			return nil, errorf("unpack", fmt.Sprintf("%q", e.Name), "%w: the name is not UTF-8", ErrFormat)
		}
		hasSource = hasSource || appKind(e.Path) == AppSource
	}
	var first *msapp.Entry
	if len(entries) > 0 {
		first = entries[0]
		m.Time, m.MadeBy = timeText(first.Time()), first.MadeBy()
	}
	names := newAppNames()
	content := newAppDigest()
	var files []*appFile
	for _, e := range entries {
		data, err := readApp(e)
		if err != nil {
			return nil, err
		}
		content.add(e.Name, data)
		row := appManifestRow{Name: e.Name, Left: opts.Review && !appKind(e.Path).reviewed(hasSource)}
		if e.Time() != first.Time() {
			row.Time = timeText(e.Time())
		}
		if by := e.MadeBy(); by != m.MadeBy {
			row.MadeBy = &by
		}
		if !row.Left {
			f := &appFile{path: names.place(e.Path), entry: e, as: writtenAs(data, opts)}
			row.As = f.as
			if f.path != e.Path {
				row.File = f.path
			}
			files = append(files, f)
		}
		m.Entries = append(m.Entries, row)
	}
	m.Content = content.sum()
	text, err := m.text()
	if err != nil {
		return nil, &Error{Op: "unpack", Err: err}
	}
	return append(files, &appFile{path: appManifestFile, data: text}), nil
}

// writtenAs decides how an entry is written so that the way back is sure.
func writtenAs(data []byte, opts *AppOptions) string {
	if !opts.Verbatim {
		if lines := indented(data); lines != nil {
			if back, err := compacted(lines); err == nil && bytes.Equal(back, data) {
				return asIndented
			}
		}
	}
	if hasCRLF(data) {
		return asCRLF
	}
	return ""
}

// restored returns the content of an entry by its file in the folder.
func restored(data []byte, as string) ([]byte, error) {
	switch as {
	case asIndented:
		return compacted(data)
	case asCRLF:
		return withCRLF(data), nil
	}
	return data, nil
}

// text writes a manifest with a line for each entry, so that versions of it can be compared and merged.
func (m *appManifest) text() ([]byte, error) {
	var b bytes.Buffer
	quoted := func(v any) string {
		var line bytes.Buffer
		e := json.NewEncoder(&line)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			return `""` // no value here can fail: they are texts and numbers
		}
		return strings.TrimSpace(line.String())
	}
	fmt.Fprintf(&b, "{\n  \"msapp\": %s,\n  \"content\": %s,\n  \"form\": %s,\n  \"time\": %s,\n  \"madeBy\": %d,\n  \"entries\": [",
		quoted(m.Document), quoted(m.Content), quoted(m.Form), quoted(m.Time), m.MadeBy)
	for i := range m.Entries {
		sep := ","
		if i == 0 {
			sep = ""
		}
		fmt.Fprintf(&b, "%s\n    %s", sep, quoted(&m.Entries[i]))
	}
	b.WriteString("\n  ]\n}\n")
	return b.Bytes(), nil
}

// parseAppManifest reads a manifest and refuses what no folder can have.
func parseAppManifest(src []byte, limits Limits) (*appManifest, error) {
	var m appManifest
	if err := json.Unmarshal(bytes.TrimPrefix(src, byteOrderMark), &m); err != nil {
		return nil, fmt.Errorf("%w: %w: restore it, or unpack the app again", ErrFormat, err)
	}
	if len(m.Entries) > limits.Files {
		return nil, fmt.Errorf("%d entries: %w of %d", len(m.Entries), ErrLimit, limits.Files)
	}
	names, files := map[string]bool{}, map[string]bool{appManifestFile: true}
	for i := range m.Entries {
		r := &m.Entries[i]
		if reason := insecure(r.Name); reason != "" {
			return nil, fmt.Errorf("%q: %w: %s", r.Name, ErrInsecurePath, reason)
		}
		key := msapp.Fold(r.Name)
		switch {
		case names[key]:
			return nil, fmt.Errorf("%w: two entries are called %q: remove one", ErrFormat, r.Name)
		case !r.Left && files[r.file()]:
			return nil, fmt.Errorf("%w: two entries have the file %q: remove one", ErrFormat, r.file())
		case !r.Left && !fs.ValidPath(r.file()):
			return nil, fmt.Errorf("%w: the file %q is not in the folder", ErrInsecurePath, r.file())
		case r.As != "" && r.As != asIndented && r.As != asCRLF:
			return nil, fmt.Errorf("%w: entry %q is written as %q, which is not known: use %q or %q", ErrFormat, r.Name, r.As, asIndented, asCRLF)
		}
		if _, ok := parseTime(r.Time); !ok {
			return nil, fmt.Errorf("%w: entry %q has the time %q: write it as 2024-05-01T10:20:30", ErrFormat, r.Name, r.Time)
		}
		names[key] = true
		files[r.file()] = files[r.file()] || !r.Left
	}
	if _, ok := parseTime(m.Time); !ok {
		return nil, fmt.Errorf("%w: the time %q: write it as 2024-05-01T10:20:30", ErrFormat, m.Time)
	}
	return &m, nil
}

// timeText writes a time stamp of MS-DOS. Its fields can hold what is no time; they are written as they are.
func timeText(t uint32) string {
	date, clock := t>>16, t&0xffff
	return fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02d", 1980+date>>9, date>>5&15, date&31, clock>>11, clock>>5&63, clock&31*2)
}

// parseTime reads what timeText wrote. No text is the first time there is.
func parseTime(text string) (uint32, bool) {
	if text == "" {
		return firstTime, true
	}
	var year, month, day, hour, minute, second uint32
	n, err := fmt.Sscanf(text, "%d-%d-%dT%d:%d:%d", &year, &month, &day, &hour, &minute, &second)
	if err != nil || n != 6 || year < 1980 || year > 1980+127 || month > 15 || day > 31 || hour > 31 || minute > 63 || second > 63 {
		return 0, false
	}
	return (year-1980)<<25 | month<<21 | day<<16 | hour<<11 | minute<<5 | second/2, true
}

// An appDigest is the digest of an app's content: of all entries but checksum.json, in their order.
type appDigest struct{ text bytes.Buffer }

func newAppDigest() *appDigest { return &appDigest{} }

func (d *appDigest) add(name string, data []byte) {
	if !isChecksum(name) {
		fmt.Fprintf(&d.text, "%q %x\n", name, sha256.Sum256(data))
	}
}

func (d *appDigest) sum() string {
	sum := sha256.Sum256(d.text.Bytes())
	return hex.EncodeToString(sum[:])
}

// appNames gives entries paths that every system can write, each another.
type appNames struct {
	files, dirs map[string]bool // folded
	last        map[string]int  // the number of the last path by the folded one that was asked for
}

func newAppNames() *appNames {
	return &appNames{files: map[string]bool{fold(appManifestFile): true}, dirs: map[string]bool{}, last: map[string]int{}}
}

// maxAppPath is how long a path in the folder is at most, before it is one name.
const maxAppPath = 400

// place returns the path of an entry.
func (n *appNames) place(name string) string {
	segments := strings.Split(name, "/")
	for i, s := range segments {
		segments[i] = writableName(s)
	}
	p := strings.Join(segments, "/")
	if len(p) > maxAppPath || len(segments) > maxPathDepth/2 || !n.folders(p) {
		p = writableName(strings.ReplaceAll(name, "/", "_"))
	}
	stem, ext := strings.TrimSuffix(p, path.Ext(p)), path.Ext(p)
	asked := fold(p)
	for i := max(n.last[asked], 1) + 1; n.files[fold(p)] || n.dirs[fold(p)]; i++ {
		p = fmt.Sprintf("%s~%d%s", stem, i, ext)
		n.last[asked] = i
	}
	n.files[fold(p)] = true
	for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
		n.dirs[fold(dir)] = true
	}
	return p
}

// folders reports whether the folders of a path can be folders.
func (n *appNames) folders(p string) bool {
	for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
		if n.files[fold(dir)] {
			return false
		}
	}
	return true
}

// writableName makes one segment of a path one that every system can write, and that no tree leaves out: a name that begins with
// a dot has "_" in front.
func writableName(s string) string {
	s = strings.TrimRight(cleanName(strings.ToValidUTF8(s, "_")), ". ")
	if s == "" || s[0] == '.' || isDevice(s) {
		s = "_" + s
	}
	if len(s) > 100 {
		ext := path.Ext(s)
		if len(ext) > 20 {
			ext = ""
		}
		s = strings.TrimRight(strings.ToValidUTF8(s[:100-len(ext)], ""), ". ") + ext
	}
	return s
}
