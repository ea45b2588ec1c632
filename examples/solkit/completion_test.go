package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCompletionKnowsAll(t *testing.T) {
	for shell := range completionScripts {
		script := fine(t, "completion", shell)
		for _, c := range commands {
			for _, word := range strings.Fields(c.name) {
				wantText(t, script, word)
			}
			for _, f := range c.describedFlags() {
				wantText(t, script, f.name)
				for _, v := range f.values() {
					wantText(t, script, v)
				}
			}
		}
		if doc := decode[completionDocument](t, fine(t, "completion", "-json", shell)); doc.Script != script || doc.Shell != shell {
			t.Errorf("%s: -json gives another script", shell)
		}
	}
	code, _, stderr := solkit("completion", "csh")
	if code != exitUsage {
		t.Errorf("csh: exit status %d", code)
	}
	wantText(t, stderr, "use bash, fish, powershell, zsh")
}

// completionCases are what stands on the line, the last word to be completed, and what the shell offers, without files.
var completionCases = []struct{ line, want string }{
	{"solkit unp", "unpack"},
	{"solkit connector s", "secrets strip"},
	{"solkit connref ", "adopt merge rename"},
	{"solkit unpack -eol ", "crlf lf"},
	{"solkit unpack -de", "-delete"},
	{"solkit connector lint -cer", "-certification"},
	{"solkit graph -format s", "svg"},
	{"solkit help unp", "unpack"},
	{"solkit completion p", "powershell"},
}

func TestCompletionInShells(t *testing.T) {
	ran := 0
	for shell, ask := range map[string]func(script, line string) *exec.Cmd{
		"bash": func(script, line string) *exec.Cmd {
			return exec.Command("bash", "--norc", "-c", `source "$1"; IFS=' ' read -r -a COMP_WORDS <<<"$2"; [[ $2 == *' ' ]] && COMP_WORDS+=(""); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _solkit; printf '%s\n' "${COMPREPLY[@]}"`, "bash", script, line)
		},
		"fish": func(script, line string) *exec.Cmd {
			return exec.Command("fish", "--no-config", "-c", `source $argv[1]; complete -C $argv[2] | string split -f1 \t`, script, line)
		},
		"zsh": func(script, line string) *exec.Cmd {
			// The functions of the completion system are replaced by ones that print what they are given.
			return exec.Command("zsh", "-f", "-c", `compdef() { :; }; _files() { :; }
_describe() { local x; for x in ${(P)2}; do print -r -- ${x%%:*}; done }
compadd() { shift; print -rl -- $@; }
source "$1"; words=(${(z)2}); [[ $2 == *' ' ]] && words+=(""); CURRENT=$#words; _solkit | grep -- "^$words[CURRENT]"`, "zsh", script, line)
		},
	} {
		if _, err := exec.LookPath(shell); err != nil {
			t.Logf("%s is not here", shell)
			continue
		}
		script := filepath.Join(t.TempDir(), "solkit."+shell)
		if err := os.WriteFile(script, []byte(fine(t, "completion", shell)), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, tt := range completionCases {
			cmd := ask(script, tt.line)
			cmd.Dir = t.TempDir()
			cmd.Env = append(os.Environ(), "HOME="+cmd.Dir)
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Errorf("%s %q: %v\n%s", shell, tt.line, err, out)
				continue
			}
			got := strings.Fields(string(out))
			if diff := cmp.Diff(set(strings.Fields(tt.want)...), set(got...)); diff != "" {
				t.Errorf("%s %q (-want +got)\n%s", shell, tt.line, diff)
			}
			ran++
		}
	}
	if ran == 0 {
		t.Skip("no shell is here")
	}
}
