package desk

import "strings"

// A Text is what stands in one line or cell: runs of words in different styles. A line end is one.
type Text []Run

// A Run is words of one style.
type Run struct {
	Text  string `json:"t"`
	Style string `json:"s,omitempty"` // code, strong, or none
}

// The styles of runs.
const (
	code   = "code"
	strong = "strong"
)

// plain is a text without style.
func plain(s string) Text {
	if s == "" {
		return Text{}
	}
	return Text{{Text: s}}
}

// String returns the words of a text.
func (t Text) String() string {
	var b strings.Builder
	for _, r := range t {
		b.WriteString(r.Text)
	}
	return b.String()
}

// The kinds of blocks.
const (
	heading   = "heading"
	paragraph = "paragraph"
	list      = "list"
	table     = "table"
	fold      = "fold"
)

// A Block is a piece of a document. The page makes elements of it, and never markup of its texts.
type Block struct {
	Kind   string   `json:"kind"`
	Level  int      `json:"level,omitempty"`  // of a heading
	Text   Text     `json:"text,omitempty"`   // of a heading, a paragraph or a fold
	Items  []Entry  `json:"items,omitempty"`  // of a list
	Head   []Text   `json:"head,omitempty"`   // of a table
	Rows   [][]Text `json:"rows,omitempty"`   // of a table
	Open   bool     `json:"open,omitempty"`   // of a fold
	Blocks []Block  `json:"blocks,omitempty"` // of a fold
}

// An Entry is an item of a list.
type Entry struct {
	Text   Text    `json:"text"`
	Box    bool    `json:"box,omitempty"` // it is to be ticked
	Blocks []Block `json:"blocks,omitempty"`
}
