package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

func TestVisible(t *testing.T) {
	text := "a\tb\n\x1b[31mc\u202ed\u2066\u0085\xff é 日本 \r"
	want := `a	b
\x1b[31mc\u202ed\u2066\x85\xff é 日本 \x0d`
	for size := 1; size < len(text); size++ { // however the text is cut
		var out bytes.Buffer
		v := &visible{w: &out}
		for at := 0; at < len(text); at += size {
			if _, err := v.Write([]byte(text[at:min(at+size, len(text))])); err != nil {
				t.Fatal(err)
			}
		}
		if out.String() != want {
			t.Errorf("in pieces of %d: %q, want %q", size, out.String(), want)
		}
	}
}

// JSON says the same with other escapes.
func TestVisibleJSON(t *testing.T) {
	tree := sampleTree(t)
	name := "cts_\u202eevil\u009b31m\x7f"
	putFiles(t, tree, map[string]string{"bots/" + name + "/bot.xml": "<bot />"})
	out := fine(t, "pack", "-json", tree, filepath.Join(t.TempDir(), "a.zip"))
	if strings.ContainsAny(out, "\u202e\u009b\x7f") {
		t.Errorf("%q", out)
	}
	for _, f := range decode[report](t, out).Files {
		if f.Path == "bots/"+name+"/bot.xml" {
			return
		}
	}
	t.Errorf("the name is another: %s", out)
}

// No name in a package reaches the terminal as more than text.
func TestNamesDoNotAct(t *testing.T) {
	tree := sampleTree(t)
	name := "cts_\u202eevil\u009b31m"
	putFiles(t, tree, map[string]string{"bots/" + name + "/bot.xml": "<bot schemaname=\"" + name + "\"><name>\u202e</name></bot>"})
	zip := filepath.Join(t.TempDir(), "a.zip")
	for _, args := range [][]string{{"pack", "-v", tree, zip}, {"check", "-v", tree}, {"check", "-v", zip}, {"info", zip}, {"refs", zip}, {"plan", zip},
		{"unpack", "-v", "-n", zip, t.TempDir()}, {"connections", zip},
		{"pack", "-json", tree, zip}, {"check", "-json", zip}, {"plan", "-json", zip}} {
		var stdout, stderr bytes.Buffer
		run(args, nil, &stdout, &stderr)
		if text := stdout.String() + stderr.String(); strings.ContainsAny(text, "\u202e\u009b") {
			t.Errorf("%q: %q", args, text)
		}
	}
}
