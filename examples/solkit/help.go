package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// help explains solkit or one command.
func help(args []string, stdout, stderr io.Writer) int {
	switch {
	case len(args) == 0:
		fmt.Fprint(stdout, overview())
		return exitFine
	}
	c, rest := find(args)
	switch {
	case c == nil:
		return unknown(args, stderr)
	case len(rest) > 0:
		fmt.Fprintln(stderr, "usage: solkit help [COMMAND]")
		return exitUsage
	}
	fmt.Fprint(stdout, c.explain())
	return exitFine
}

func overview() string {
	var b strings.Builder
	b.WriteString("Solkit unpacks, packs and checks Power Platform solutions and custom connectors.\n\nusage: solkit COMMAND [flags] [arguments]\n\n")
	width := 0
	for _, c := range commands {
		width = max(width, len(c.name))
	}
	for _, c := range commands {
		fmt.Fprintf(&b, "  %-*s %s\n", width, c.name, c.summary)
	}
	b.WriteString("\nsolkit help COMMAND explains one. Flags come before arguments, and -json makes any of them print one JSON\n" +
		"document. The exit status is 0 when all is well, 1 when the command failed or found something of severity\n" +
		"error, and 2 for wrong usage.\n")
	return b.String()
}

// hasValue reports whether f wants one.
func hasValue(f *flag.Flag) bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return !ok || !b.IsBoolFlag()
}

// usage is the command as one types it.
func (c *command) usage() string {
	fs, _ := c.flags(&job{})
	words := []string{"solkit", c.name}
	fs.VisitAll(func(f *flag.Flag) {
		if hasValue(f) {
			name, _ := flag.UnquoteUsage(f)
			words = append(words, fmt.Sprintf("[-%s %s]", f.Name, name))
		} else {
			words = append(words, fmt.Sprintf("[-%s]", f.Name))
		}
	})
	return strings.Join(slices.Concat(words, c.args), " ")
}

// explain is the whole help of a command.
func (c *command) explain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "usage: %s\n\n%s\n\n", c.usage(), strings.TrimSpace(c.help))
	fs, _ := c.flags(&job{})
	fs.VisitAll(func(f *flag.Flag) {
		name, text := flag.UnquoteUsage(f)
		if !hasValue(f) {
			name = ""
		}
		fmt.Fprintf(&b, "  %-24s %s\n", strings.TrimSpace("-"+f.Name+" "+name), strings.TrimPrefix(text, name+": "))
	})
	fmt.Fprintf(&b, "\nexample:\n  %s\n", c.example)
	return b.String()
}
