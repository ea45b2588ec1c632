// Solkit is the command line of package solutionkit: it unpacks, packs, checks and describes Dataverse
// solutions. It does nothing that a caller of the public packages could not do; what it adds is files, flags
// and a terminal.
//
//	solkit help
//
// lists the commands. A command is one file and one row of [commands]: the file has a function that defines
// the command's flags and returns what runs it, and the type of the document that -json prints.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/solutionkit/solutionkit/solution/diag"
)

func main() {
	spareMemory()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second interrupt ends the process at once
	os.Exit(runContext(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// The exit statuses.
const (
	exitFine   = 0
	exitFailed = 1 // the command failed, or it found something of severity error
	exitUsage  = 2
)

// A command is one row of the table.
type command struct {
	name    string   // one word, or two for a family of commands
	args    []string // names of the arguments; one in brackets may be left out, and the last may end in "...": one or more
	summary string
	help    string // what "solkit help" adds, one or more paragraphs
	// examples are command lines of a shell, with files that "solkit help" does not explain: contoso_1_0_0_0.zip, the folder src, ...
	examples []string
	// strict commands have -werror: what they find is about the input, and a gate may want it to be nothing.
	strict bool
	// sourced commands read solutions of folders, which may be YAML sources.
	sourced bool
	// define adds the command's flags to fs and returns what runs it after they are parsed.
	define func(fs *flag.FlagSet) action
}

// An action does the work of a command and returns what to print, also beside an error if it can.
type action func(j *job) (document, error)

// A job is one run of a command.
type job struct {
	ctx     context.Context
	args    []string // as many as the command's args, or more if it takes more
	json    bool
	verbose bool // one line for each file
	strict  bool // warnings fail, too
	// solution is the name of the one that is read of a YAML source with several.
	solution string
	stdin    io.Reader
	stderr   io.Writer
	commands []command // all there are
}

// A commandGroup is the commands of one job, in the order of help.
type commandGroup struct {
	title    string
	commands []command
}

var commandGroups = []commandGroup{
	{"Source control", []command{unpackCommand, packCommand, versionCommand, normaliseCommand, diffCommand, mergeCommand, digestCommand}},
	{"What a solution is and holds", []command{infoCommand, inventoryCommand, refsCommand, graphCommand}},
	{"What is wrong", []command{checkCommand, rulesCommand}},
	{"Imports", []command{planCommand, impactCommand, envCommand, settingsCommand, connectionsCommand, variablesCommand}},
	{"Connection references", []command{connrefRenameCommand, connrefMergeCommand, connrefAdoptCommand}},
	{"Custom connectors", []command{connectorLintCommand, connectorListCommand, connectorConvertCommand, connectorSecretsCommand, connectorStripCommand,
		connectorBreakingCommand, connectorRulesCommand, splitConnectorsCommand}},
	{"About solkit", []command{demoCommand, completionCommand}},
}

var commands = func() []command {
	var out []command
	for _, g := range commandGroups {
		out = append(out, g.commands...)
	}
	return out
}()

// run runs solkit and returns its exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return runContext(context.Background(), args, stdin, stdout, stderr)
}

// runContext is run that stops early, with nothing half done, when ctx ends.
func runContext(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, overview(120))
		return exitUsage
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		return help(args[1:], stdout, stderr)
	}
	c, rest := find(args)
	if c == nil {
		return unknown(args, stderr)
	}
	return c.run(ctx, rest, stdin, stdout, stderr)
}

// find returns the command whose name, of one word or two, args begin with, and the arguments behind it.
func find(args []string) (*command, []string) {
	for i := range commands {
		words := strings.Fields(commands[i].name)
		if len(args) >= len(words) && slices.Equal(args[:len(words)], words) {
			return &commands[i], args[len(words):]
		}
	}
	return nil, nil
}

// unknown says that args begin with no command, and which there are with that first word.
func unknown(args []string, stderr io.Writer) int {
	var family []string
	for _, c := range commands {
		if strings.HasPrefix(c.name, args[0]+" ") {
			family = append(family, c.name)
		}
	}
	switch {
	case len(family) == 0:
		hint := "solkit help lists them"
		if near := nearest(args[0], firstWords()); near != "" {
			hint = "did you mean " + near + "? " + hint
		}
		fmt.Fprintf(stderr, "solkit: %q is no command: %s\n", args[0], hint)
	case len(args) == 1:
		fmt.Fprintf(stderr, "solkit: %q wants a second word: use %s\n", args[0], strings.Join(family, ", "))
	default:
		fmt.Fprintf(stderr, "solkit: %q is no command: use %s\n", args[0]+" "+args[1], strings.Join(family, ", "))
	}
	return exitUsage
}

func (c *command) run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	stderr = &visible{w: stderr}
	j := &job{ctx: ctx, stdin: stdin, stderr: stderr, commands: commands}
	fs, act := c.flags(j)
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		return help(strings.Fields(c.name), stdout, stderr)
	} else if err != nil {
		return c.misused(stderr, meantFlag(fs, err))
	}
	if j.args = fs.Args(); !c.accepts(j.args) {
		return c.misused(stderr, c.argumentsError(j.args))
	}
	doc, err := act(j)
	err = advise(err)
	var usage *usageError
	if errors.As(err, &usage) {
		return c.misused(stderr, usage)
	}
	if werr := c.print(j, doc, err, stdout); werr != nil {
		fmt.Fprintf(stderr, "solkit: can't write the output: %v\n", werr)
		return exitFailed
	}
	var failed *diag.FailedError
	switch {
	case errors.As(err, &failed) && !j.json: // the findings have been printed
		fmt.Fprintf(stderr, "solkit: %s failed: %s\n", c.name, summary(doc.base().found))
		return exitFailed
	case err != nil:
		fmt.Fprintf(stderr, "solkit: %v\n", err)
		var trouble *troubleError
		if errors.As(err, &trouble) {
			return exitUsage
		}
		return exitFailed
	}
	if doc.base().failed() {
		return exitFailed
	}
	if n := doc.base().found.Count(diag.Warning); n > 0 && j.strict {
		fmt.Fprintf(stderr, "solkit: %s failed: %s, and -werror lets it fail\n", c.name, count(n, "warning"))
		return exitFailed
	}
	return exitFine
}

// bounds returns how many arguments the command takes; most is -1 if there is no limit.
func (c *command) bounds() (least, most int) {
	for _, a := range c.args {
		if !strings.HasPrefix(a, "[") {
			least++
		}
	}
	most = len(c.args)
	if most > 0 && strings.HasSuffix(strings.TrimSuffix(c.args[most-1], "]"), "...") {
		most = -1
	}
	return least, most
}

func (c *command) accepts(args []string) bool {
	least, most := c.bounds()
	if n := len(args); n < least || most >= 0 && n > most {
		return false
	}
	return !slices.ContainsFunc(args[min(1, len(args)):], isFlag)
}

// isFlag reports whether an argument looks like a flag.
func isFlag(arg string) bool { return len(arg) > 1 && arg[0] == '-' }

// flags returns the flags of c; those that all commands have go to j.
func (c *command) flags(j *job) (*flag.FlagSet, action) {
	fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard) // misused reports errors
	fs.BoolVar(&j.json, "json", false, "print one JSON document on standard output and nothing else there")
	fs.BoolVar(&j.verbose, "v", false, "print a line for each file, and notes too")
	if c.strict {
		fs.BoolVar(&j.strict, "werror", false, "let warnings fail, too: exit status 1")
	}
	if c.sourced {
		fs.StringVar(&j.solution, "solution", "", "`NAME`: the solution to read of a folder that holds several in the YAML of Git integration")
	}
	return fs, c.define(fs)
}

// print writes what a command says: a document for programs, or text for people.
func (c *command) print(j *job, doc document, err error, stdout io.Writer) error {
	doc.fail(err)
	out := bufio.NewWriter(stdout)
	switch m, ok := doc.(machineWriter); {
	case ok && m.machine():
		var w io.Writer = out
		if isTerminal(stdout) {
			w = &visible{w: out}
		}
		if err := m.writeMachine(w); err != nil {
			return err
		}
	case j.json:
		e := json.NewEncoder(&visible{w: out, json: true})
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(doc); err != nil {
			return err
		}
	case err != nil:
		j.messages().findings(doc.base().found, j.verbose)
	default:
		doc.text(&printer{Writer: &visible{w: out}, color: hasColor(stdout), width: lineWidth(stdout)}, j)
	}
	return out.Flush()
}

// A usageError is a flag or argument that makes no sense.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

// A troubleError is why a command whose status 1 is an answer, as that of diff is, has none.
type troubleError struct{ error }

func (e *troubleError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

func (c *command) argumentsError(args []string) error {
	for i, a := range args {
		if i > 0 && isFlag(a) {
			return usagef("%q stands behind an argument: flags come first", a)
		}
	}
	least, most := c.bounds()
	names := strings.Join(c.args, " and ")
	switch {
	case most == 0:
		return usagef("%d arguments: it takes none", len(args))
	case most < 0:
		return usagef("%d arguments: it takes %s", len(args), names)
	case most == 1:
		return usagef("%d arguments: it takes one, %s", len(args), names)
	case least < most:
		return usagef("%d arguments: it takes %d or %d, %s", len(args), least, most, strings.Join(c.args, " "))
	}
	return usagef("%d arguments: it takes %d, %s", len(args), most, names)
}

func (c *command) misused(stderr io.Writer, err error) int {
	fmt.Fprintf(stderr, "solkit %s: %v\nusage: %s\nsolkit help %s explains it\n", c.name, err, c.usage(), c.name)
	return exitUsage
}
