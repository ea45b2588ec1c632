package main

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

var completionCommand = command{
	name:    "completion",
	args:    []string{"bash|zsh|fish|powershell"},
	summary: "print a script that makes a shell complete commands, flags and their values",
	help: `Prints the script for a shell. It holds all there is to complete, and does not run solkit. In bash put
source <(solkit completion bash) into ~/.bashrc; in zsh write it to a file _solkit in a folder of $fpath; in fish write it to
~/.config/fish/completions/solkit.fish; in PowerShell put solkit completion powershell | Out-String | Invoke-Expression into
$PROFILE.`,
	examples: []string{"solkit completion bash > solkit.bash", "solkit completion zsh > _solkit"},
	define:   func(*flag.FlagSet) action { return complete },
}

// A completionDocument is a script.
type completionDocument struct {
	Shell  string `json:"shell"`
	Script string `json:"script"`
	outcome
}

func (d *completionDocument) text(p *printer, _ *job) { io.WriteString(p, d.Script) }

var completionScripts = map[string]func(*completions) string{
	"bash": (*completions).bash, "zsh": (*completions).zsh, "fish": (*completions).fish, "powershell": (*completions).powershell,
}

func complete(j *job) (document, error) {
	shell := j.args[0]
	write := completionScripts[shell]
	if write == nil {
		return nil, usagef("%q: use %s", shell, strings.Join(slices.Sorted(maps.Keys(completionScripts)), ", "))
	}
	return &completionDocument{Shell: shell, Script: write(completionsOf(j.commands))}, nil
}

// A completedName is a command or the first word of several, and what it does.
type completedName struct{ word, summary string }

// A completedCommand is a command with its flags.
type completedCommand struct {
	name  string
	flags []describedFlag
}

// values are the words of which a flag takes one; nil if it takes any text or a file.
func (f describedFlag) values() []string {
	if !strings.Contains(f.value, "|") || strings.ToLower(f.value) != f.value {
		return nil
	}
	return strings.Split(f.value, "|")
}

// Completions are what a script for a shell has to know.
type completions struct {
	first    []completedName
	second   map[string][]completedName // by first word
	families []string                   // the first words that have a second
	commands []completedCommand
}

func completionsOf(commands []command) *completions {
	c := &completions{second: map[string][]completedName{}}
	add := func(name, summary string) {
		word, rest, two := strings.Cut(name, " ")
		if !two {
			c.first = append(c.first, completedName{word, summary})
			return
		}
		if c.second[word] == nil {
			c.first, c.families = append(c.first, completedName{word, "commands for " + word + "s"}), append(c.families, word)
		}
		c.second[word] = append(c.second[word], completedName{rest, summary})
	}
	for i := range commands {
		add(commands[i].name, commands[i].summary)
		c.commands = append(c.commands, completedCommand{commands[i].name, commands[i].describedFlags()})
	}
	c.second["completion"] = nil
	for _, shell := range slices.Sorted(maps.Keys(completionScripts)) {
		c.second["completion"] = append(c.second["completion"], completedName{shell, "the script for " + shell})
	}
	add("help", "explain a command")
	for _, n := range c.first {
		if n.word != "help" {
			c.second["help"] = append(c.second["help"], n)
		}
	}
	return c
}

func words(names []completedName) string {
	var out []string
	for _, n := range names {
		out = append(out, n.word)
	}
	return strings.Join(out, " ")
}

// seconds are the first words behind which a certain word stands, sorted.
func (c *completions) seconds() []string { return slices.Sorted(maps.Keys(c.second)) }

func (c *completions) bash() string {
	var b strings.Builder
	b.WriteString("# Completion of solkit for bash, by solkit completion bash.\n_solkit() {\n" +
		"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} name=${COMP_WORDS[1]-} words=\n\tCOMPREPLY=()\n" +
		"\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords=" + shellQuote(words(c.first)) + "\n" +
		"\telif [ \"$COMP_CWORD\" -eq 2 ]; then\n\t\tcase $name in\n")
	for _, first := range c.seconds() {
		fmt.Fprintf(&b, "\t\t%s) words=%s ;;\n", first, shellQuote(words(c.second[first])))
	}
	b.WriteString("\t\tesac\n\tfi\n")
	fmt.Fprintf(&b, "\tcase $name in %s) name=\"$name ${COMP_WORDS[2]-}\" ;; esac\n", strings.Join(c.families, " | "))
	b.WriteString("\tif [ -z \"$words\" ]; then\n\t\tcase \"$name $prev\" in\n")
	for _, x := range c.commands {
		for _, f := range x.flags {
			if v := f.values(); v != nil {
				fmt.Fprintf(&b, "\t\t%s) words=%s ;;\n", shellQuote(x.name+" -"+f.name), shellQuote(strings.Join(v, " ")))
			}
		}
	}
	b.WriteString("\t\tesac\n\tfi\n\tif [ -z \"$words\" ] && [[ $cur == -* ]]; then\n\t\tcase $name in\n")
	for _, x := range c.commands {
		var flags []string
		for _, f := range x.flags {
			flags = append(flags, "-"+f.name)
		}
		fmt.Fprintf(&b, "\t\t%s) words=%s ;;\n", shellQuote(x.name), shellQuote(strings.Join(flags, " ")))
	}
	b.WriteString("\t\tesac\n\tfi\n\tif [ -n \"$words\" ]; then\n\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n\tfi\n}\ncomplete -o default -F _solkit solkit\n")
	return b.String()
}

// shellQuote makes a text one word of bash, zsh or fish. Texts of help have no quotes that would differ between them.
func shellQuote(text string) string {
	return "'" + strings.ReplaceAll(strings.ReplaceAll(text, `\`, "/"), "'", "’") + "'"
}

func (c *completions) zsh() string {
	var b strings.Builder
	described := func(indent string, names []completedName) {
		b.WriteString("(")
		for _, n := range names {
			b.WriteString("\n" + indent + shellQuote(strings.ReplaceAll(n.word, ":", `\:`)+":"+n.summary))
		}
		b.WriteString(")\n")
	}
	b.WriteString("#compdef solkit\n# Completion of solkit for zsh, by solkit completion zsh.\n_solkit() {\n\tlocal -a list\n\tlocal name=$words[2]\n" +
		"\tif (( CURRENT == 2 )); then\n\t\tlist=")
	described("\t\t\t", c.first)
	b.WriteString("\t\t_describe command list\n\t\treturn\n\tfi\n\tif (( CURRENT == 3 )); then\n\t\tcase $name in\n")
	for _, first := range c.seconds() {
		fmt.Fprintf(&b, "\t\t%s) list=", first)
		described("\t\t\t", c.second[first])
		b.WriteString("\t\t\t_describe command list\n\t\t\treturn ;;\n")
	}
	b.WriteString("\t\tesac\n\tfi\n")
	fmt.Fprintf(&b, "\tcase $name in (%s) name=\"$name $words[3]\" ;; esac\n\tcase \"$name $words[CURRENT-1]\" in\n", strings.Join(c.families, "|"))
	for _, x := range c.commands {
		for _, f := range x.flags {
			if v := f.values(); v != nil {
				fmt.Fprintf(&b, "\t(%s) compadd -- %s; return ;;\n", shellQuote(x.name+" -"+f.name), strings.Join(v, " "))
			}
		}
	}
	b.WriteString("\tesac\n\tif [[ $words[CURRENT] == -* ]]; then\n\t\tcase $name in\n")
	for _, x := range c.commands {
		var flags []completedName
		for _, f := range x.flags {
			flags = append(flags, completedName{"-" + f.name, f.text})
		}
		fmt.Fprintf(&b, "\t\t(%s) list=", shellQuote(x.name))
		described("\t\t\t", flags)
		b.WriteString("\t\t\t;;\n")
	}
	b.WriteString("\t\tesac\n\t\t_describe flag list\n\t\treturn\n\tfi\n\t_files\n}\nif [[ $funcstack[1] == _solkit ]]; then\n\t_solkit \"$@\"\nelse\n\tcompdef _solkit solkit\nfi\n")
	return b.String()
}

func (c *completions) fish() string {
	var b strings.Builder
	b.WriteString("# Completion of solkit for fish, by solkit completion fish.\n" +
		"function __solkit_at # whether the words before the cursor are these, or these and more\n" +
		"\tset -l have (commandline -opc)\n\tset -e have[1]\n\tstring match -q -- \"$argv *\" \"$have \"\nend\n" +
		"function __solkit_only # whether the words before the cursor are these\n" +
		"\tset -l have (commandline -opc)\n\tset -e have[1]\n\ttest \"$have\" = \"$argv\"\nend\n")
	for _, n := range c.first {
		fmt.Fprintf(&b, "complete -c solkit -f -n 'test (count (commandline -opc)) -eq 1' -a %s -d %s\n", n.word, shellQuote(n.summary))
	}
	for _, first := range c.seconds() {
		for _, n := range c.second[first] {
			fmt.Fprintf(&b, "complete -c solkit -f -n '__solkit_only %s' -a %s -d %s\n", first, n.word, shellQuote(n.summary))
		}
	}
	for _, x := range c.commands {
		for _, f := range x.flags {
			fmt.Fprintf(&b, "complete -c solkit -n '__solkit_at %s' -o %s -d %s", x.name, f.name, shellQuote(f.text))
			switch v := f.values(); {
			case v != nil:
				b.WriteString(" -x -a " + shellQuote(strings.Join(v, " ")))
			case f.value != "" && !strings.HasPrefix(f.value, "[="):
				b.WriteString(" -r")
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

func (c *completions) powershell() string {
	var b strings.Builder
	quote := func(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
	b.WriteString("# Completion of solkit for PowerShell, by solkit completion powershell.\n" +
		"Register-ArgumentCompleter -Native -CommandName solkit -ScriptBlock {\n    param($word, $ast, $cursor)\n" +
		"    $words = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursor } | Select-Object -Skip 1 | ForEach-Object { \"$_\" })\n" +
		"    $first = @{\n")
	for _, n := range c.first {
		fmt.Fprintf(&b, "        %s = %s\n", quote(n.word), quote(n.summary))
	}
	b.WriteString("    }\n    $second = @{\n")
	for _, first := range c.seconds() {
		fmt.Fprintf(&b, "        %s = @{\n", quote(first))
		for _, n := range c.second[first] {
			fmt.Fprintf(&b, "            %s = %s\n", quote(n.word), quote(n.summary))
		}
		b.WriteString("        }\n")
	}
	b.WriteString("    }\n    $flags = @{\n")
	for _, x := range c.commands {
		fmt.Fprintf(&b, "        %s = @{\n", quote(x.name))
		for _, f := range x.flags {
			fmt.Fprintf(&b, "            %s = %s\n", quote("-"+f.name), quote(f.text))
		}
		b.WriteString("        }\n")
	}
	b.WriteString("    }\n    $values = @{\n")
	for _, x := range c.commands {
		for _, f := range x.flags {
			if v := f.values(); v != nil {
				fmt.Fprintf(&b, "        %s = @{ %s = '' }\n", quote(x.name+" -"+f.name), strings.Join(quoteAll(v, quote), " = ''; "))
			}
		}
	}
	var families []string
	for _, f := range c.families {
		families = append(families, quote(f))
	}
	b.WriteString("    }\n    $name = if ($words.Count -gt 0) { $words[0] } else { '' }\n" +
		"    $list = $null\n" +
		"    if ($words.Count -eq 0) { $list = $first }\n" +
		"    elseif ($words.Count -eq 1) { $list = $second[$name] }\n" +
		"    if (" + strings.Join(families, ", ") + " -contains $name -and $words.Count -gt 1) { $name = \"$name $($words[1])\" }\n" +
		"    if (-not $list -and $words.Count -gt 0) { $list = $values[\"$name $($words[-1])\"] }\n" +
		"    if (-not $list -and $word -like '-*') { $list = $flags[$name] }\n" +
		"    if ($list) {\n" +
		"        $list.Keys | Where-Object { $_ -like \"$word*\" } | Sort-Object | ForEach-Object {\n" +
		"            $tip = if ($list[$_]) { $list[$_] } else { $_ }\n" +
		"            [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $tip)\n" +
		"        }\n    }\n}\n")
	return b.String()
}

func quoteAll(list []string, quote func(string) string) []string {
	var out []string
	for _, s := range list {
		out = append(out, quote(s))
	}
	return out
}
