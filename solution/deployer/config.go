package deployer

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// ConfigFile is the name of the file, in any case.
const ConfigFile = "ImportConfig.xml"

// A Config is the list of the solutions that a package imports, in that order. It is a plain value, which may be read by many goroutines at once.
type Config struct {
	Solutions []Solution
	found     diag.List
	data      map[string]bool // folded names of other zips that the file names, such as those with data
}

// A Solution is an entry of the list.
type Solution struct {
	File      string // of its zip, below the folder of the list, with slashes
	Overwrite *bool  // overwriteunmanagedcustomizations; nil: not said, changes by hand stay
	Activate  *bool  // publishworkflowsandactivateplugins; nil: not said, flows and steps are turned on
	Location  diag.Location
}

// The attributes of an entry.
const (
	attrFile      = "solutionpackagefilename"
	attrOverwrite = "overwriteunmanagedcustomizations"
	attrActivate  = "publishworkflowsandactivateplugins"
)

// ParseConfig reads ImportConfig.xml. file is its name, for errors and findings. The error is a [*solution.SyntaxError]: text that is
// no XML, another root element, a value that is neither true nor false, or a file outside of the package.
func ParseConfig(src []byte, file string) (*Config, error) {
	text, err := xmlspan.ToUTF8(src)
	var d *xmlspan.Document
	if err == nil {
		d, err = xmlspan.Parse(text, 3, nil)
	}
	if err != nil {
		at := diag.Position{Line: 1, Column: 1}
		if syntax, ok := errors.AsType[*xmlspan.SyntaxError](err); ok && text != nil {
			at = diag.NewLines(text).Position(syntax.Offset)
		}
		return nil, &solution.SyntaxError{File: file, Pos: at, Err: err}
	}
	p := &configParser{file: file, doc: d, lines: diag.NewLines(text), config: &Config{data: map[string]bool{}}, seen: map[string]diag.Location{}}
	root := d.Root()
	if !strings.EqualFold(d.Name(root), "configdatastorage") {
		return nil, p.fail(root, fmt.Errorf("the root element is %s: ImportConfig.xml begins with configdatastorage", d.Name(root)))
	}
	for i := range d.Nodes {
		n := &d.Nodes[i]
		for name, value := range d.Attrs(int32(i)) {
			if !strings.EqualFold(name, attrFile) && strings.HasSuffix(strings.ToLower(value), ".zip") {
				p.config.data[solution.Fold(value)] = true
			}
		}
		if !n.IsElement() || n.Depth != 2 || !strings.EqualFold(d.Name(n.Parent), "solutions") || !strings.EqualFold(d.Name(int32(i)), "configsolutionfile") {
			continue
		}
		if err := p.entry(int32(i)); err != nil {
			return nil, err
		}
	}
	return p.config, nil
}

type configParser struct {
	file   string
	doc    *xmlspan.Document
	lines  *diag.Lines
	config *Config
	seen   map[string]diag.Location
}

func (p *configParser) at(i int32) diag.Location {
	return diag.Location{File: p.file, Start: p.lines.Position(int(p.doc.Nodes[i].Start))}
}

func (p *configParser) fail(i int32, err error) error {
	return &solution.SyntaxError{File: p.file, Pos: p.at(i).Start, Err: err}
}

func (p *configParser) tell(rule diag.Rule, severity diag.Severity, at diag.Location, format string, args ...any) {
	p.config.found = append(p.config.found, diag.Diagnostic{Rule: rule.ID, Severity: severity, Message: fmt.Sprintf(format, args...), Location: at})
}

func (p *configParser) entry(i int32) error {
	s := Solution{Location: p.at(i)}
	for name, value := range p.doc.Attrs(i) {
		var err error
		switch known := strings.ToLower(name); known {
		case attrFile:
			s.File = strings.TrimPrefix(strings.ReplaceAll(strings.TrimSpace(value), `\`, "/"), "./")
		case attrOverwrite:
			s.Overwrite, err = truth(value)
		case attrActivate:
			s.Activate, err = truth(value)
		default:
			p.unknown(name, s.Location)
		}
		if err != nil {
			return p.fail(i, fmt.Errorf("%s: %w", name, err))
		}
	}
	if s.File == "" {
		p.tell(ruleNoFile, ruleNoFile.Severity, s.Location, "the entry names no file and imports nothing: give %s or remove it", attrFile)
		return nil
	}
	if strings.HasPrefix(s.File, "/") || slices.Contains(strings.Split(s.File, "/"), "..") || strings.Contains(s.File, ":") {
		return p.fail(i, fmt.Errorf("%s %q is outside of the package: name a file beside %s", attrFile, s.File, ConfigFile))
	}
	if first, twice := p.seen[solution.Fold(s.File)]; twice {
		p.tell(ruleListedTwice, ruleListedTwice.Severity, s.Location, "%s is on the list before, in line %d: keep one", s.File, first.Start.Line)
	}
	p.seen[solution.Fold(s.File)] = s.Location
	p.config.Solutions = append(p.config.Solutions, s)
	return nil
}

// unknown notes an attribute that has no effect. Some are written with a prefix that belongs to project files.
func (p *configParser) unknown(name string, at diag.Location) {
	if strings.HasPrefix(name, "xmlns") {
		return
	}
	for _, meant := range []string{attrOverwrite, attrActivate} {
		if strings.EqualFold(name, "solution"+meant) {
			p.tell(ruleUnknownAttribute, diag.Warning, at, "%s has no effect: write %s", name, meant)
			return
		}
	}
	p.tell(ruleUnknownAttribute, ruleUnknownAttribute.Severity, at, "%s is no attribute that is known", name)
}

func truth(text string) (*bool, error) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "":
		return nil, nil
	case "true", "1":
		return new(true), nil
	case "false", "0":
		return new(false), nil
	}
	return nil, errors.New("true or false is expected")
}

// Bytes returns a file that lists the solutions in that order.
func (c *Config) Bytes() []byte {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<configdatastorage installsampledata=\"false\" waitforsampledatatoinstall=\"true\" crmmigdataimportfile=\"\">\n  <solutions>\n")
	for _, s := range c.Solutions {
		fmt.Fprintf(&b, "    <configsolutionfile %s=\"%s\"", attrFile, attribute.Replace(s.File))
		for _, a := range []struct {
			name  string
			value *bool
		}{{attrOverwrite, s.Overwrite}, {attrActivate, s.Activate}} {
			if a.value != nil {
				fmt.Fprintf(&b, " %s=\"%t\"", a.name, *a.value)
			}
		}
		b.WriteString(" />\n")
	}
	b.WriteString("  </solutions>\n</configdatastorage>\n")
	return []byte(b.String())
}

var attribute = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "\t", "&#9;", "\n", "&#10;", "\r", "&#13;")
