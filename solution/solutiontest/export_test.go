package solutiontest

// Usages returns the usage of each statement.
func Usages() []string {
	var out []string
	for _, s := range statements {
		out = append(out, s.usage)
	}
	return out
}

// Attributes returns the keyword of a line, and key, start and end of each of its attributes.
func Attributes(text string) (keyword string, keys []string, spans [][2]int) {
	for i := 0; i < len(text) && text[i] != '#'; {
		if text[i] == ' ' || text[i] == '\t' {
			i++
			continue
		}
		w, end, err := readWord(text, i)
		if err != nil {
			return "", nil, nil
		}
		if keyword == "" {
			keyword = w.text
		}
		if w.key != "" {
			keys = append(keys, w.key)
			spans = append(spans, [2]int{i, end})
		}
		i = end
	}
	return keyword, keys, spans
}
