package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// help explains solkit or one command, or writes the whole manual.
func help(args []string, stdout, stderr io.Writer) int {
	if len(args) == 1 {
		switch strings.TrimLeft(args[0], "-") {
		case "markdown":
			fmt.Fprint(stdout, manualMarkdown())
			return exitFine
		case "man":
			fmt.Fprint(stdout, manualPage())
			return exitFine
		}
	}
	width := cmp.Or(lineWidth(stdout), 120)
	if len(args) == 0 {
		fmt.Fprint(stdout, overview(width))
		return exitFine
	}
	c, rest := find(args)
	switch {
	case c == nil:
		return unknown(args, stderr)
	case len(rest) > 0:
		fmt.Fprintln(stderr, "usage: solkit help [COMMAND|-markdown|-man]")
		return exitUsage
	}
	fmt.Fprint(stdout, c.explain(width))
	return exitFine
}

const (
	tagline    = "Solkit unpacks, packs and checks Power Platform solutions and custom connectors."
	commonText = `solkit help COMMAND explains one, and help -markdown and -man write the manual. Flags come before arguments, and -json makes any of them print one JSON document. The exit status is 0 when all is well, 1 when the command failed or found something of severity error, and 2 for wrong usage.`
)

func overview(width int) string {
	var b strings.Builder
	b.WriteString(tagline + "\n\nusage: solkit COMMAND [flags] [arguments]\n")
	longest := 0
	for _, c := range commands {
		longest = max(longest, len(c.name))
	}
	for _, g := range commandGroups {
		b.WriteString("\n" + g.title + "\n")
		for _, c := range g.commands {
			fmt.Fprintf(&b, "  %-*s %s\n", longest, c.name, c.summary)
		}
	}
	b.WriteString("\n" + wrap(commonText, width, "") + "\n")
	return b.String()
}

// wrap breaks a text into lines of at most width characters, where a word allows it; all but the first begin with indent.
func wrap(text string, width int, indent string) string {
	var b strings.Builder
	column := 0
	for i, word := range strings.Fields(text) {
		n := len([]rune(word))
		switch {
		case i == 0:
		case column+1+n > width:
			b.WriteString("\n" + indent)
			column = len(indent)
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	return b.String()
}

// hasValue reports whether f wants one.
func hasValue(f *flag.Flag) bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return !ok || !b.IsBoolFlag()
}

// usage is the command as one types it.
func (c *command) usage() string {
	words := []string{"solkit", c.name}
	for _, f := range c.describedFlags() {
		words = append(words, "["+f.typed()+"]")
	}
	return strings.Join(slices.Concat(words, c.args), " ")
}

// A describedFlag is a flag as help has it.
type describedFlag struct {
	name, value, text string // value is what it takes, such as FILE or lf|crlf; empty for a switch
}

func (f describedFlag) typed() string {
	if strings.HasPrefix(f.value, "[=") {
		return "-" + f.name + f.value
	}
	return strings.TrimSpace("-" + f.name + " " + f.value)
}

func (c *command) describedFlags() []describedFlag {
	var out []describedFlag
	fs, _ := c.flags(&job{})
	fs.VisitAll(func(f *flag.Flag) {
		value, text := flag.UnquoteUsage(f)
		text = strings.TrimPrefix(text, value+": ")
		if !hasValue(f) && value != "" { // a switch that also takes one
			value = "[=" + value + "]"
		}
		out = append(out, describedFlag{f.Name, value, text})
	})
	return out
}

// explain is the whole help of a command.
func (c *command) explain(width int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "usage: %s\n", wrap(c.usage(), width-len("usage: "), "    "))
	for _, p := range c.paragraphs() {
		b.WriteString("\n" + p.wrapped(width) + "\n")
	}
	b.WriteString("\n")
	const column = 27
	for _, f := range c.describedFlags() {
		if len(f.typed()) > column-3 {
			fmt.Fprintf(&b, "  %s\n%*s%s\n", f.typed(), column, "", wrap(f.text, max(width-column, 40), strings.Repeat(" ", column)))
			continue
		}
		fmt.Fprintf(&b, "  %-24s %s\n", f.typed(), wrap(f.text, max(width-column, 40), strings.Repeat(" ", column)))
	}
	b.WriteString("\nexamples:\n")
	for _, line := range c.examples {
		b.WriteString("  " + line + "\n")
	}
	return b.String()
}

// A paragraph of a help text: one line, or a list whose lines stay as they are.
type paragraph struct {
	text string
	list bool
}

// paragraphs are those of the help text. Lists are indented there.
func (c *command) paragraphs() []paragraph {
	var out []paragraph
	for text := range strings.SplitSeq(strings.Trim(c.help, "\n"), "\n\n") {
		text = strings.Trim(text, "\n")
		if strings.HasPrefix(text, "  ") {
			out = append(out, paragraph{text, true})
		} else {
			out = append(out, paragraph{strings.Join(strings.Fields(text), " "), false})
		}
	}
	return out
}

// wrapped is the paragraph in lines of at most width characters; those of a list that are longer hang from their indent.
func (p paragraph) wrapped(width int) string {
	if !p.list {
		return wrap(p.text, width, "")
	}
	lines := strings.Split(p.text, "\n")
	for i, line := range lines {
		if len([]rune(line)) > width {
			text := strings.TrimLeft(line, " ")
			indent := line[:len(line)-len(text)]
			lines[i] = indent + wrap(text, width-len(indent), indent)
		}
	}
	return strings.Join(lines, "\n")
}

// nearest returns the name that a mistyped word is likely to mean: one that differs in no more than a third of its letters; empty
// if there is none.
func nearest(word string, names []string) string {
	best, found := len(word)/3+1, ""
	for _, name := range names {
		if d := distance(word, name); d < best {
			best, found = d, name
		}
	}
	return found
}

// distance is how many letters of a have to be put in, left out, replaced or swapped with the next one to get b.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		for k := range rows[i] {
			switch {
			case i == 0 || k == 0:
				rows[i][k] = i + k
				continue
			case a[i-1] == b[k-1]:
				rows[i][k] = rows[i-1][k-1]
			default:
				rows[i][k] = 1 + min(rows[i-1][k-1], rows[i-1][k], rows[i][k-1])
			}
			if i > 1 && k > 1 && a[i-1] == b[k-2] && a[i-2] == b[k-1] {
				rows[i][k] = min(rows[i][k], rows[i-2][k-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

// firstWords are the first words of the commands.
func firstWords() []string {
	out := []string{"help"}
	for _, c := range commands {
		word, _, _ := strings.Cut(c.name, " ")
		out = append(out, word)
	}
	return out
}

// meantFlag adds to an error about a flag that there is not which one may have been meant.
func meantFlag(fs *flag.FlagSet, err error) error {
	name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !ok {
		return err
	}
	var names []string
	fs.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	if near := nearest(name, names); near != "" {
		return usagef("there is no flag -%s: did you mean -%s?", name, near)
	}
	return usagef("there is no flag -%s", name)
}
