package yamlsource

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// A member says whose a component is.
type member int

const (
	mine   member = iota // of the solution
	nobody               // in no list
	others               // in the list of another solution alone
)

// A membership is what the lists of the solutions of a root say.
type membership struct {
	mine, others map[string]bool // folded paths without the slash in front
	sorted       []string        // what mine has
	paths        []listedPath    // of the solution
	listed       bool            // the solution has a list
}

// A listedPath is one line of solutioncomponents.yml.
type listedPath struct {
	path string
	at   place
}

const listFile = "solutioncomponents.yml"

// membership reads the lists.
func (s *source) membership(solution string) (*membership, error) {
	m := &membership{mine: map[string]bool{}, others: map[string]bool{}}
	for _, folder := range s.folders(solutionsFolder) {
		dir := path.Join(solutionsFolder, folder)
		own := strings.EqualFold(dir, solution)
		f := s.file(path.Join(dir, listFile))
		if f == nil {
			if own {
				s.find(ruleNoList, s.base+path.Join(dir, solutionFile), "there is no %s: all components of the root are taken", listFile)
			}
			continue
		}
		root, err := s.root(f, "SolutionComponents")
		if err != nil {
			return nil, err
		}
		m.listed = m.listed || own
		for _, c := range root.children {
			if c.name != "Component" {
				return nil, s.errorAt(c.at, "%w: %s: Component is expected", errFormat, c.name)
			}
			name := strings.Trim(c.attr("path"), "/")
			if name == "" {
				return nil, s.errorAt(c.at, "%w: a Component without @path", errFormat)
			}
			if !own {
				m.others[fold(name)] = true
				continue
			}
			m.mine[fold(name)] = true
			m.paths = append(m.paths, listedPath{name, c.at})
		}
	}
	m.sorted = slices.Sorted(maps.Keys(m.mine))
	return m, nil
}

// of says whose the component of that path is.
func (m *membership) of(name string) member {
	key := fold(name)
	switch {
	case m.mine[key]:
		return mine
	case m.others[key]:
		return others
	}
	return nobody
}

// holds reports whether something in a folder is the solution's.
func (m *membership) holds(dir string) bool {
	key := fold(dir) + "/"
	i, _ := slices.BinarySearch(m.sorted, key)
	return i < len(m.sorted) && strings.HasPrefix(m.sorted[i], key)
}

// missing tells of lines whose path is not there.
func (l *loader) missing() {
	for _, p := range l.members.paths {
		if l.file(p.path) == nil && len(l.below(p.path)) == 0 {
			l.findAt(ruleListedMissing, l.location(p.at), "%s is not there: the package is without it", p.path)
		}
	}
}
