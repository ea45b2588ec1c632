package solutiontest

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A SyntaxError is what is wrong with a text, and where.
type SyntaxError struct {
	Line int // counted from 1
	Err  error
}

// Error returns "line 3: " and what is wrong.
func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns what is wrong, without the line.
func (e *SyntaxError) Unwrap() error { return e.Err }

// A word is a positional value, or an attribute if it has a key.
type word struct{ key, text string }

// A line is one statement of a text. Its values are valid for the usage of its statement.
type line struct {
	number int
	use    *statement
	words  []word // the positional ones without the keyword
	attrs  []word
}

// word returns a positional value, empty if it is optional and absent.
func (l *line) word(i int) string {
	if i >= len(l.words) {
		return ""
	}
	return l.words[i].text
}

// attr returns the value of an attribute and whether it is there.
func (l *line) attr(key string) (string, bool) {
	for _, a := range l.attrs {
		if a.key == key {
			return a.text, true
		}
	}
	return "", false
}

// text returns the value of an attribute, or what stands for it.
func (l *line) text(key, absent string) string {
	if text, ok := l.attr(key); ok {
		return text
	}
	return absent
}

func (l *line) is(key string) bool { return l.text(key, "") == "true" }

// list returns the items of an attribute, nil if it is absent.
func (l *line) list(key string) []string {
	text, ok := l.attr(key)
	if !ok {
		return nil
	}
	return strings.Split(text, ",")
}

// splitWords splits a line at blanks. A comment begins with # where a word could.
func splitWords(text string) ([]word, error) {
	var out []word
	for i := 0; i < len(text); {
		switch text[i] {
		case ' ', '\t':
			i++
			continue
		case '#':
			return out, nil
		}
		w, end, err := readWord(text, i)
		if err != nil {
			return nil, err
		}
		out = append(out, w)
		i = end
	}
	return out, nil
}

// readWord reads the word that begins at i.
func readWord(text string, i int) (w word, end int, err error) {
	if key := keyOf(text[i:]); key > 0 {
		w.key = text[i : i+key]
		i += key + 1
	}
	if i < len(text) && text[i] == '"' {
		w.text, end, err = readQuoted(text, i)
		if err == nil && end < len(text) && text[end] != ' ' && text[end] != '\t' {
			err = fmt.Errorf("%q follows a closing quote: put a blank between them", text[end:end+1])
		}
		return w, end, err
	}
	end = i
	for end < len(text) && text[end] != ' ' && text[end] != '\t' {
		if text[end] == '"' {
			return w, end, fmt.Errorf("a quote inside of %q: put the quotes around the whole value", text[i:end+1])
		}
		end++
	}
	w.text = text[i:end]
	return w, end, nil
}

// keyOf returns the length of the key that text begins with, 0 if it is no attribute.
func keyOf(text string) int {
	for i := range len(text) {
		switch c := text[i]; {
		case c == '=':
			return i
		case c < 'a' || c > 'z':
			return 0
		}
	}
	return 0
}

func readQuoted(text string, i int) (string, int, error) {
	var b strings.Builder
	for i++; i < len(text); i++ {
		switch text[i] {
		case '"':
			return b.String(), i + 1, nil
		case '\\':
			i++
			if i == len(text) {
				continue
			}
			switch text[i] {
			case 'n':
				b.WriteByte('\n')
			case 't':
				b.WriteByte('\t')
			case '"', '\\':
				b.WriteByte(text[i])
			default:
				return "", i, fmt.Errorf(`a backslash before %q: only \n, \t, \" and \\ have a meaning`, text[i:i+1])
			}
		default:
			b.WriteByte(text[i])
		}
	}
	return "", i, errors.New("a quote is not closed: end the value with \"")
}

// checkCharacters refuses what XML cannot hold.
func checkCharacters(text string) error {
	for i, r := range text {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				return errors.New("not UTF-8: save the text as UTF-8")
			}
		}
		if r < ' ' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return fmt.Errorf("character %U, which XML cannot hold: remove it", r)
		}
	}
	return nil
}
