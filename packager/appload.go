package packager

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/internal/msapp"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// LoadApp makes an app of a folder, as [App.Folder] gives it, edited since or not. document is the app that the folder was made of,
// nil if it is not at hand.
//
// With the document, entries whose files say the same are copied from it, with their streams; if all do, the app is the document,
// byte for byte. Without it the app has the same entries, in the same order, with the same content and time stamps, and other
// bytes: no encoder at hand makes the streams of the service. A folder without msapp.json, as Git integration writes it, gives an app of its
// files, sorted. An entry of kind noise whose file is not there is taken from the document, or left out; of any other that is an
// error, as are a document that is another one than the folder was made of, and JSON that is none. A file that msapp.json does
// not name is a new entry; to remove one, remove its line there as well. checksum.json is left out of an app that differs from
// the one that the folder was made of.
//
// The findings tell of all of that. lim may be nil.
func LoadApp(folder fs.FS, document *App, lim *Limits) (*App, diag.List, error) {
	limits := lim.withDefaults()
	var names []string
	var total int64
	err := memfs.Walk(folder, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case p != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		case !d.Type().IsRegular():
			return errorf("load", p, "%w: it is not a regular file: replace it by one, or remove it", ErrFormat)
		case len(names) >= limits.Files:
			return errorf("load", p, "more than %d files: %w", limits.Files, ErrLimit)
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if total += info.Size(); info.Size() > limits.FileBytes || total > limits.TotalBytes {
			return errorf("load", p, "%d bytes, %d up to here: %w of %d and %d", info.Size(), total, ErrLimit, limits.FileBytes, limits.TotalBytes)
		}
		names = append(names, p)
		return nil
	})
	if err != nil {
		var own *Error
		if errors.As(err, &own) {
			return nil, nil, err
		}
		return nil, nil, &Error{Op: "load", Err: err}
	}
	b := appBuild{names: names, read: func(name string) ([]byte, error) { return memfs.ReadFile(folder, name, limits.FileBytes, ErrLimit) }, limits: limits}
	if document != nil {
		b.doc = document.doc
	}
	app, err := b.build()
	b.found.Sort()
	switch {
	case err != nil:
		return nil, b.found, err
	case len(b.missing) > 0:
		b.missing.Sort()
		return nil, diag.Join(b.found, b.missing), &Error{Op: "load", Err: b.missing.Err()}
	}
	return app, b.found, nil
}

// An appBuild is an app on its way from its folder.
type appBuild struct {
	dir    string   // of the folder, with "/" behind if it has one: for findings
	names  []string // of the files, below dir
	read   func(name string) ([]byte, error)
	doc    *msapp.App // nil: it is not there
	limits Limits

	found, missing diag.List

	manifest *appManifest
	items    []msapp.Item
	total    int64
	changed  []string // files of entries that differ from those of the document
	added    []string
}

// build makes the app, nil if something is missing.
func (b *appBuild) build() (*App, error) {
	slices.Sort(b.names)
	if err := b.readManifest(); err != nil {
		return nil, err
	}
	if b.conflict(); len(b.missing) > 0 {
		return nil, nil
	}
	digest := newAppDigest()
	for i := range b.manifest.Entries {
		if err := b.entry(&b.manifest.Entries[i], digest); err != nil {
			return nil, err
		}
	}
	if err := b.additions(digest); err != nil {
		return nil, err
	}
	if len(b.missing) > 0 {
		return nil, nil
	}
	b.sourceAlone()
	if b.doc != nil && b.isDocument() {
		return parseApp(b.doc.Bytes(), b.limits)
	}
	if digest.sum() != b.manifest.Content {
		b.items = slices.DeleteFunc(b.items, func(x msapp.Item) bool { return isChecksum(itemName(x)) })
	}
	b.tell()
	src, err := msapp.Build(b.items)
	if err != nil {
		return nil, &Error{Op: "pack", Path: strings.TrimSuffix(b.dir, "/"), Err: appError(err)}
	}
	return parseApp(src, b.limits)
}

func itemName(x msapp.Item) string {
	if x.Entry != nil {
		return x.Entry.Path
	}
	return x.Name
}

// readManifest reads msapp.json, or makes one of the files.
func (b *appBuild) readManifest() error {
	if _, ok := slices.BinarySearch(b.names, appManifestFile); ok {
		src, err := b.read(appManifestFile)
		if err != nil {
			return b.readError(appManifestFile, err)
		}
		if b.manifest, err = parseAppManifest(src, b.limits); err != nil {
			return &Error{Op: "load", Path: b.dir + appManifestFile, Err: err}
		}
		return nil
	}
	for _, name := range b.names {
		if strings.EqualFold(path.Base(name), oldAppManifest) {
			return errorf("load", b.dir+name, "%w: these are sources of an app as pac canvas unpack wrote them, which nothing here can pack: download or unpack the app again", ErrFormat)
		}
	}
	if !isBareApp(func(name string) bool { _, ok := slices.BinarySearch(b.names, name); return ok }) {
		return errorf("load", b.dir+appManifestFile, "%w: the folder has no msapp.json, and no Header.json and Properties.json either: it is none of an app", ErrFormat)
	}
	b.manifest = &appManifest{}
	for _, name := range append([]string{"Header.json", "Properties.json"}, b.names...) {
		row := appManifestRow{Name: strings.ReplaceAll(name, "/", `\`)}
		if !slices.ContainsFunc(b.manifest.Entries[:min(2, len(b.manifest.Entries))], func(r appManifestRow) bool { return r.Name == row.Name }) {
			b.manifest.Entries = append(b.manifest.Entries, row)
		}
	}
	b.doc, b.manifest.MadeBy = nil, appMadeBy
	return nil
}

// isBareApp reports whether a folder without msapp.json can be that of an app.
func isBareApp(has func(name string) bool) bool { return has("Header.json") && has("Properties.json") }

func (b *appBuild) readError(name string, err error) error {
	var own *Error
	if errors.As(err, &own) {
		return err
	}
	return &Error{Op: "load", Path: b.dir + name, Err: err}
}

// conflict tells of a document that is not the one that the folder was made of: each of the two may hold what the other lacks.
func (b *appBuild) conflict() {
	if b.doc == nil {
		return
	}
	sum := sha256.Sum256(b.doc.Bytes())
	if hex.EncodeToString(sum[:]) == strings.ToLower(b.manifest.Document) {
		return
	}
	name := "the document"
	if b.dir != "" {
		name = strings.TrimSuffix(b.dir, "/") + appEnding
	}
	b.missing = append(b.missing, finding(ruleAppConflict, b.dir+appManifestFile, "%s is another one than this folder was made of: unpack the app again, delete the .msapp to pack the folder, or delete the folder to pack the .msapp", name))
}

// entry makes the entry of a row.
func (b *appBuild) entry(row *appManifestRow, digest *appDigest) error {
	var old *msapp.Entry
	if b.doc != nil {
		if e := b.doc.Find(row.Name); e != nil && e.Name == row.Name {
			old = e
		}
	}
	name := row.file()
	_, has := slices.BinarySearch(b.names, name)
	switch {
	case row.Left && old == nil:
		b.missing = append(b.missing, finding(ruleAppMissing, b.dir+appManifestFile, "entry %q is in the .msapp alone, which is not there: restore it, or unpack the app again with all of its files", row.Name))
		return nil
	case row.Left || !has && old != nil && appKind(row.Name) == AppNoise:
		b.items = append(b.items, msapp.Item{Entry: old})
		data, err := readApp(old)
		if err == nil {
			digest.add(old.Name, data)
		}
		return err
	case !has && appKind(row.Name) == AppNoise:
		return nil
	case !has:
		b.missing = append(b.missing, finding(ruleAppMissing, b.dir+appManifestFile, "entry %q has no file %s: restore it, or remove the line of the entry", row.Name, b.dir+name))
		return nil
	}
	data, err := b.read(name)
	if err != nil {
		return b.readError(name, err)
	}
	text, err := restored(data, row.As)
	if err != nil {
		b.malformed(name, data, err)
		return nil
	}
	var was []byte
	if old != nil {
		if was, err = readApp(old); err != nil {
			return err
		}
		if bytes.Equal(was, text) || bytes.Equal(was, data) {
			b.items = append(b.items, msapp.Item{Entry: old})
			digest.add(old.Name, was)
			return nil
		}
	}
	if appIsJSON(row.Name) && !b.validJSON(name, data, was) {
		return nil
	}
	if b.total += int64(len(text)); b.total > b.limits.TotalBytes {
		return errorf("load", b.dir+name, "more than %d bytes up to here: %w", b.limits.TotalBytes, ErrLimit)
	}
	digest.add(row.Name, text)
	item := msapp.Item{Entry: old, Data: text, Name: row.Name}
	if text == nil {
		item.Data = []byte{}
	}
	item.Time, item.MadeBy = b.stamp(row)
	b.items = append(b.items, item)
	if b.doc != nil {
		b.changed = append(b.changed, name)
	}
	return nil
}

// stamp returns time stamp and version of a row.
func (b *appBuild) stamp(row *appManifestRow) (time uint32, madeBy uint16) {
	text, by := row.Time, b.manifest.MadeBy
	if text == "" {
		text = b.manifest.Time
	}
	if row.MadeBy != nil {
		by = *row.MadeBy
	}
	time, _ = parseTime(text) // checked when the manifest was read
	return time, by
}

func appIsJSON(name string) bool { return fold(extension(name)) == "JSON" }

// validJSON tells of a file that is no JSON, unless the entry was none before.
func (b *appBuild) validJSON(name string, data, was []byte) bool {
	err := checkJSON(bytes.TrimPrefix(data, byteOrderMark))
	if err == nil || was != nil && checkJSON(bytes.TrimPrefix(was, byteOrderMark)) != nil {
		return true
	}
	b.malformed(name, data, err)
	return false
}

func (b *appBuild) malformed(name string, data []byte, err error) {
	d := finding(ruleAppMalformed, b.dir+name, "it is no JSON: %v: repair it", err)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		mark := len(data) - len(bytes.TrimPrefix(data, byteOrderMark))
		d.Location.Start = diag.NewLines(data).Position(min(mark+int(max(syntax.Offset-1, 0)), len(data)))
		d.Location.End = d.Location.Start
	}
	b.missing = append(b.missing, d)
}

// additions makes entries of files that no row names.
func (b *appBuild) additions(digest *appDigest) error {
	known := map[string]bool{appManifestFile: true}
	entries := map[string]bool{}
	for i := range b.manifest.Entries {
		r := &b.manifest.Entries[i]
		known[r.file()] = known[r.file()] || !r.Left
		entries[msapp.Fold(r.Name)] = true
	}
	for _, name := range b.names {
		if known[name] {
			continue
		}
		if entries[msapp.Fold(name)] {
			b.missing = append(b.missing, finding(ruleDuplicateEntry, b.dir+name, "%s is an entry of the app that msapp.json has elsewhere: remove the file, or give it another name", b.dir+name))
			continue
		}
		data, err := b.read(name)
		if err != nil {
			return b.readError(name, err)
		}
		if appIsJSON(name) && !b.validJSON(name, data, nil) {
			continue
		}
		if b.total += int64(len(data)); b.total > b.limits.TotalBytes {
			return errorf("load", b.dir+name, "more than %d bytes up to here: %w", b.limits.TotalBytes, ErrLimit)
		}
		row := appManifestRow{Name: strings.ReplaceAll(name, "/", `\`)}
		digest.add(row.Name, data)
		item := msapp.Item{Name: row.Name, Data: data}
		if data == nil {
			item.Data = []byte{}
		}
		item.Time, item.MadeBy = b.stamp(&row)
		b.items = append(b.items, item)
		b.added = append(b.added, name)
		b.found = append(b.found, finding(ruleAppAdded, b.dir+name, "%s is a new entry of the app: msapp.json does not name it", b.dir+name))
	}
	return nil
}

// isDocument reports whether the app is the document as it is.
func (b *appBuild) isDocument() bool {
	return slices.EqualFunc(b.items, b.doc.Entries(), func(x msapp.Item, e *msapp.Entry) bool { return x.Entry == e && x.Data == nil })
}

// sourceAlone tells of sources that were edited without the controls that the app is loaded from.
func (b *appBuild) sourceAlone() {
	control := func(name string) bool { return appKind(name) == AppControl }
	if slices.ContainsFunc(b.changed, control) || !slices.ContainsFunc(b.items, func(x msapp.Item) bool { return control(itemName(x)) }) {
		return
	}
	for _, name := range b.changed {
		if appKind(name) == AppSource {
			b.found = append(b.found, finding(ruleAppSource, b.dir+name, "%s was edited, and none of the files in Controls and Components, from which the app is loaded: the edit may not show in the app", b.dir+name))
		}
	}
}

// tell says that the app is not the document.
func (b *appBuild) tell() {
	dir := strings.TrimSuffix(b.dir, "/")
	if b.doc == nil {
		b.found = append(b.found, finding(ruleAppMade, dir, "the app is made of its folder: its entries say the same, and are compressed anew"))
		return
	}
	b.found = append(b.found, finding(ruleAppMade, dir, "the app is made of its folder: %d of its entries are changed, %d added, %d removed; checksum.json, which only the service can compute, is left out",
		len(b.changed), len(b.added), len(b.doc.Entries())-len(b.manifest.Entries)))
}

// Sources of an app as pac canvas unpack wrote them; the format is given up.
const (
	oldAppManifest = "CanvasManifest.json"
	oldAppSource   = ".fx.yaml"
)

// oldAppFolder returns the folder of old sources that a file belongs to.
func oldAppFolder(name string) (string, bool) {
	switch {
	case strings.EqualFold(path.Base(name), oldAppManifest):
		return path.Dir(name), true
	case len(name) > len(oldAppSource) && strings.EqualFold(name[len(name)-len(oldAppSource):], oldAppSource):
		if i := strings.LastIndex(fold(name), "/SRC/"); i >= 0 {
			return name[:i], true
		}
		return path.Dir(name), true
	}
	return "", false
}
