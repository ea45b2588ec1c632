package xmlspan

// IsName reports whether an element or an attribute can have the name.
func IsName(name string) bool { return name != "" && nameEnd([]byte(name), 0) == len(name) }

// InvalidChar returns the offset of the first byte of text that is no UTF-8 or no character of XML, with the reason, or -1.
func InvalidChar(text string) (int, string) {
	for i := range len(text) {
		if c := text[i]; c < 0x20 || c >= 0x7F {
			return invalidChar([]byte(text))
		}
	}
	return -1, ""
}
