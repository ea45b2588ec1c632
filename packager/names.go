package packager

import (
	"path"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// partName returns the path in the tree that an entry's name stands for, as the reference tool reads
// it: "\" is "/", percent escapes are decoded, "." and empty segments vanish. reason is not empty if
// the name leads out of the folder or can't be a name at all.
func partName(name string) (part, reason string) {
	if reason := insecure(name); reason != "" {
		return "", reason
	}
	part = strings.ReplaceAll(name, `\`, "/")
	dir := strings.HasSuffix(part, "/")
	if decoded := percentDecode(part); decoded != part && insecure(decoded) == "" && utf8.ValidString(decoded) && dir == strings.HasSuffix(decoded, "/") {
		part = decoded
	}
	part = strings.TrimPrefix(path.Clean("/"+part), "/")
	if dir && part != "" {
		part += "/"
	}
	if part == "" {
		return "", "empty name"
	}
	return part, ""
}

// insecure says why name must not be followed, empty if it may.
func insecure(name string) string {
	slashed := strings.ReplaceAll(name, `\`, "/")
	switch {
	case name == "":
		return "empty name"
	case strings.ContainsRune(name, 0):
		return "NUL in the name"
	case slashed[0] == '/':
		return "absolute path"
	case len(slashed) >= 2 && slashed[1] == ':' && isLetter(slashed[0]):
		return "drive letter"
	}
	for segment := range strings.SplitSeq(slashed, "/") {
		if segment == ".." {
			return `".." in the path`
		}
	}
	return ""
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func percentDecode(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0 {
			b.WriteByte(byte(unhex(s[i+1])<<4 | unhex(s[i+2])))
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// illegal reports whether Windows forbids r in a file name. The list holds on every platform, so that
// trees are portable.
func illegal(r rune) bool {
	return r < 0x20 || strings.ContainsRune(`"<>|:*?\/`, r)
}

// cleanName makes one file name of a name from the XML: each illegal character becomes "_".
func cleanName(name string) string {
	return strings.Map(func(r rune) rune {
		if illegal(r) {
			return '_'
		}
		return r
	}, name)
}

// maxSegment is the longest file name, in bytes, that every common file system takes; the ending
// ".data.xml" included.
const maxSegment = 255

// The longest path, in bytes, and the deepest: with a folder in front it is within what common systems take.
const (
	maxPath      = 1024
	maxPathDepth = 64
)

// Windows takes paths of 260 characters unless it is told otherwise, and programs add to what they are given. Trees stand in a
// folder such as C:\Users\first.last\source\repos, so what is left for a path in the tree is this.
const (
	windowsPath = 240
	windowsBase = 40
)

// longPath tells of a path that is too long for many programs on Windows.
func longPath(p string) (diag.Diagnostic, bool) {
	if len(p) <= windowsPath-windowsBase {
		return diag.Diagnostic{}, false
	}
	n := 0
	for _, r := range p {
		n += max(utf16.RuneLen(r), 1)
	}
	if n <= windowsPath-windowsBase {
		return diag.Diagnostic{}, false
	}
	return finding(ruleLongPath, p, "the path has %d characters: with a folder of %d in front it is longer than the %d that are safe on Windows", n, windowsBase, windowsPath), true
}

// unwritable says why a tree must not hold a file of that path, because some file system would refuse
// it, change it, or give it a meaning; empty if it may.
func unwritable(p string) string {
	if !utf8.ValidString(p) {
		return "is not valid UTF-8"
	}
	if len(p) > maxPath || strings.Count(p, "/") > maxPathDepth {
		return "is longer or deeper than every system can write"
	}
	for segment := range strings.SplitSeq(p, "/") {
		switch {
		case segment == "" || segment == "." || segment == "..":
			return "has an empty or relative segment"
		case segment[0] == '.' && isHidden(p):
			return "has a segment that begins with a dot"
		case len(segment) > maxSegment:
			return "has a segment longer than 255 bytes"
		case strings.ContainsFunc(segment, illegal):
			return "has a character that Windows forbids"
		case strings.HasSuffix(segment, ".") || strings.HasSuffix(segment, " "):
			return "has a segment that ends in a dot or a blank"
		case isDevice(segment):
			return "has the name of a Windows device"
		}
	}
	return ""
}

// isHidden reports whether a tree leaves out a file of that path because of a name in it that begins with a dot: in the tree's
// root, and in the folders of sections and those that hold no components. In other folders, in which everything is packed,
// and in those of custom controls such files are packed like others, but for names that git or solkit have for themselves.
func isHidden(p string) bool {
	p = inHalf(p)
	top := topFolder(p)
	section := isTaken(top) && !strings.EqualFold(top, controlsFolder)
	for segment := range strings.SplitSeq(p, "/") {
		if strings.HasPrefix(segment, ".") && (section || len(segment) == len(p) || top[0] == '.' || isReserved(segment)) {
			return true
		}
	}
	return false
}

// leftOut tells of what a tree leaves out, see [isHidden], though it may be meant for the package: names of git in folders in which
// all else is packed, and folders and XML, which may be components, in those of sections.
func leftOut(p string, dir bool) (diag.Diagnostic, bool) {
	own := inHalf(p)
	top, name := topFolder(own), path.Base(p)
	switch {
	case top == own || top[0] == '.' || isOwnFolder(top):
	case !isTaken(top) || strings.EqualFold(top, controlsFolder):
		if strings.HasPrefix(strings.ToLower(name), ".git") {
			d := finding(ruleDotFile, p, "%s is left out: it belongs to git", p)
			d.Severity = diag.Note
			return d, true
		}
	case !isReserved(name) && (dir || fold(extension(name)) == "XML"):
		return finding(ruleUnownedFile, p, "%s is not packed: its name begins with a dot: rename it, or delete it", p), true
	}
	return diag.Diagnostic{}, false
}

// isReserved reports whether a name is one of git (.git, .gitignore, .gitkeep) or of what solkit leaves in folders for a while.
func isReserved(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, ".git") || strings.HasPrefix(name, ".solkit")
}

// isDevice reports whether Windows takes the file name for a device, whatever its extension.
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	stem = strings.ToUpper(strings.TrimRight(stem, " "))
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	if n, ok := strings.CutPrefix(stem, "COM"); ok {
		return isPortDigit(n)
	}
	if n, ok := strings.CutPrefix(stem, "LPT"); ok {
		return isPortDigit(n)
	}
	return false
}

func isPortDigit(s string) bool {
	switch s {
	case "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³":
		return true
	}
	return false
}

// fold is the key under which two names are one name on a file system without case.
func fold(p string) string {
	for i := 0; i < len(p); i++ {
		if c := p[i]; c >= utf8.RuneSelf || c >= 'a' && c <= 'z' {
			return strings.ToUpper(p)
		}
	}
	return p
}

// at returns what a map has of a path, whose keys are folded. It makes no folded copy of the path, unless that is a long one.
func at[V any](m map[string]V, p string) V { return atJoined(m, p, "") }

// atJoined is at for a path in two pieces.
func atJoined[V any](m map[string]V, p, rest string) V {
	var array [160]byte
	key := array[:0]
	for _, s := range [2]string{p, rest} {
		for i := 0; i < len(s); i++ {
			c := s[i]
			if c >= utf8.RuneSelf {
				return m[fold(p+rest)]
			}
			if c >= 'a' && c <= 'z' {
				c -= 'a' - 'A'
			}
			key = append(key, c)
		}
	}
	return m[string(key)]
}

// isXML reports whether a file is one by the ending of its name.
func isXML(name string) bool { return strings.EqualFold(extension(name), "XML") }

func topFolder(p string) string {
	top, _, _ := strings.Cut(p, "/")
	return top
}
