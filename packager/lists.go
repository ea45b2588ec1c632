package packager

import (
	"bytes"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// What the reference tool would lose is kept in files in Other, of which that tool takes no notice:
//
//   - unclaimed/ holds entries that belong to nothing, by their path in the zip: nowhere else, as a zip must not write over a
//     file in the tree's root that belongs to the person who keeps the tree.
//   - unclaimed.txt names folder entries, and files in the folder of a section without components: the reference tool writes
//     these too, but does not pack them.
//   - renamed.txt gives the exact entry name, quoted as in Go, of each file whose name in the zip is
//     not the one that follows from its path: path, tab, name.
//   - Rescued.xml holds elements, attributes, comments and text that have no file.
const (
	otherCustomizations = "Other/Customizations.xml"
	otherSolution       = "Other/Solution.xml"
	unclaimedPath       = "Other/unclaimed.txt"
	renamedPath         = "Other/renamed.txt"
	rescuedPath         = "Other/Rescued.xml"
	keptFolder          = "Other/unclaimed/"
)

// listFile is a sorted list, one line each.
func listFile(lines []string, newline string) []byte {
	if len(lines) == 0 {
		return nil
	}
	sorted := slices.Clone(lines)
	for i, l := range sorted {
		sorted[i] = quoteLine(l)
	}
	sort.Strings(sorted)
	return []byte(strings.Join(slices.Compact(sorted), newline) + newline)
}

// quoteLine quotes a name that can't stand on a line as it is.
func quoteLine(name string) string {
	if q := strconv.Quote(name); q != `"`+name+`"` && (strings.ContainsAny(name, "\r\n\t\"") || q[1] == ' ' || !isPlainLine(name)) {
		return q
	}
	return name
}

func isPlainLine(name string) bool {
	for _, r := range name {
		if r < 0x20 || r == 0x7F || r == 0xFFFD {
			return false
		}
	}
	return true
}

func unquoteLine(line string) string {
	if strings.HasPrefix(line, `"`) {
		if name, err := strconv.Unquote(line); err == nil {
			return name
		}
	}
	return line
}

// renamedFile is the list of entry names that do not follow from the path.
func renamedFile(renamed map[string]string, newline string) []byte {
	if len(renamed) == 0 {
		return nil
	}
	var lines []string
	for p, name := range renamed {
		lines = append(lines, p+"\t"+strconv.Quote(name))
	}
	sort.Strings(lines)
	return []byte(strings.Join(lines, newline) + newline)
}

// readList reads a list file: lines, blank ones left out.
func readList(data []byte) []string {
	var out []string
	for line := range strings.Lines(string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))) {
		if line = strings.TrimRight(line, "\r\n"); strings.TrimSpace(line) != "" {
			out = append(out, line)
		}
	}
	return out
}

// readRenamed reads Other/renamed.txt: entry names by path.
func readRenamed(data []byte) (map[string]string, error) {
	out := map[string]string{}
	for i, line := range readList(data) {
		p, quoted, ok := strings.Cut(line, "\t")
		name, err := strconv.Unquote(quoted)
		if !ok || err != nil {
			return nil, errorf("load", renamedPath, "line %d: %q is not a path, a tab and a quoted name", i+1, line)
		}
		part, reason := partName(name)
		if reason == "" {
			reason = insecure(percentDecode(name)) // others decode it
		}
		switch {
		case reason != "":
			return nil, errorf("load", renamedPath, "line %d: %q: %w: %s", i+1, name, ErrInsecurePath, reason)
		case strings.HasSuffix(part, "/"):
			return nil, errorf("load", renamedPath, "line %d: %q: %w: it is the name of a folder, and %s a file", i+1, name, ErrFormat, p)
		case out[p] != "" && out[p] != name:
			return nil, errorf("load", renamedPath, "line %d: %w: %s has the name %q already: a file has one", i+1, ErrFormat, p, out[p])
		}
		out[p] = name
	}
	return out, nil
}

// readRenames reads Other/renamed.txt of the tree.
func (p *packing) readRenames() error {
	p.renamed = map[string]string{}
	if !p.has(renamedPath) {
		return nil
	}
	data, err := p.read(renamedPath)
	if err != nil {
		return err
	}
	names, err := readRenamed(data)
	if err != nil {
		return err
	}
	for tree, name := range names {
		p.renamed[fold(tree)] = name
	}
	return nil
}

// kept reports whether a file is one that Other/unclaimed.txt puts back as it is.
func (p *packing) kept(name string) bool {
	if p.keptFiles == nil {
		p.keptFiles = map[string]bool{}
		if p.has(unclaimedPath) {
			// A file that can't be read is reported by unclaimed.
			data, _ := at(p.files, unclaimedPath).read()
			for _, line := range readList(data) {
				p.keptFiles[fold(unquoteLine(line))] = true
			}
		}
	}
	return at(p.keptFiles, name)
}

// keptAs reports whether a file in Other/unclaimed becomes the entry of that name: what a component names can have a path that
// can't be written on every system.
func (p *packing) keptAs(name string) bool {
	if p.keptParts == nil {
		p.keptParts = map[string]bool{}
		for _, f := range p.tree.sys.files {
			if natural, ok := cutFolder(f.path, strings.TrimSuffix(keptFolder, "/")); ok {
				part, _ := partName(p.entryName(f.path, natural))
				p.keptParts[fold(part)] = true
			}
		}
	}
	part, reason := partName(name)
	return reason == "" && at(p.keptParts, part)
}

// unclaimed puts back the entries in Other/unclaimed, and those that Other/unclaimed.txt names.
func (p *packing) unclaimed() error {
	for _, f := range p.tree.sys.files {
		if len(f.path) > len(keptFolder) && strings.EqualFold(f.path[:len(keptFolder)], keptFolder) {
			p.addEntry(f.path, f.path[len(keptFolder):])
		}
	}
	if !p.has(unclaimedPath) {
		return nil
	}
	data, err := p.read(unclaimedPath)
	if err != nil {
		return err
	}
	folders := map[string]bool{}
	for i, line := range readList(data) {
		name := unquoteLine(line)
		if dir := strings.TrimRight(name, `/\`); dir != name {
			if _, reason := partName(name); reason != "" {
				return errorf("pack", unclaimedPath, "line %d: %q: %w: %s", i+1, name, ErrInsecurePath, reason)
			}
			if !folders[name] {
				folders[name] = true
				p.entries = append(p.entries, packEntry{name: name})
			}
			continue
		}
		switch {
		case !p.has(name):
			p.found.in(ruleRescueUnused, unclaimedPath, "%q is not in the tree: it is not packed", name)
		case !at(p.consumed, name):
			p.listed[fold(name)] = true
			p.addEntry(name, name)
		}
	}
	return nil
}
