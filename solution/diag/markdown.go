package diag

import (
	"iter"
	"strings"
)

// AppendMarkdown appends a text for people about rules to b, in their order: for each a heading with its id, so that links can
// name it, its severity, summary and help. What more returns of a rule stands below it as it is; more may be nil.
func AppendMarkdown(b []byte, rules iter.Seq[Rule], more func(Rule) string) []byte {
	for r := range rules {
		b = append(b, "\n### "+r.ID+"\n\n**"+r.Severity.String()+"**: "+escapeMarkdown(r.Summary)+"\n"...)
		if r.Help != "" {
			b = append(b, "\n"+escapeMarkdown(r.Help)+"\n"...)
		}
		if r.URL != "" {
			b = append(b, "\n<"+r.URL+">\n"...)
		}
		if more == nil {
			continue
		}
		if text := strings.TrimSpace(more(r)); text != "" {
			b = append(b, "\n"+text+"\n"...)
		}
	}
	return b
}

// escapeMarkdown keeps what rules say from being taken as markup. Underscores within words are none.
func escapeMarkdown(text string) string {
	text = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "<", "&lt;", ">", "&gt;", "[", `\[`, "]", `\]`, "|", `\|`, " _", ` \_`).Replace(text)
	if strings.HasPrefix(text, "_") {
		text = `\` + text
	}
	return text
}
