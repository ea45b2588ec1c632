// Package xmlspan reads XML as spans of the bytes it was read from, and writes spans in the dialect
// of the .NET XmlWriter.
//
// Nothing is decoded into an object tree. A [Scanner] yields tokens that are offsets; a [Document] is
// a table of the elements down to a chosen depth, again as offsets; a component of a solution is a
// span. What has to be written is written by copying spans, and what has to be changed by cutting
// spans.
//
// # What is read
//
// XML 1.0 in UTF-8, with or without a byte order mark; [ToUTF8] turns UTF-16 with a byte order mark
// and ISO-8859-1 into that. Input must be well formed: tags match, one root, no attribute twice, no
// "<" in an attribute value, no "]]>" in text, no "--" in a comment, only the five predefined entities
// and references to characters that XML allows. Prefixes must be declared, as readers of .NET ask for; apart from that namespaces
// are not resolved: a name is its bytes.
// Document type declarations are refused, so no entity expands and nothing outside is fetched.
// [Limits] bound depth, size, the number of attributes of a tag, the length of names and the number of nodes.
//
// # What is written
//
// The rules of the dialect, as observed on the reference tool:
//
//   - UTF-8 with a byte order mark, <?xml version="1.0" encoding="utf-8"?>, a newline, the root, and no
//     newline after it ([AppendHeader]).
//   - Two blanks of indent a level; attributes on the line of their tag, one blank before each, in
//     double quotes.
//   - <a/> is written <a />, and <a></a> stays <a></a>. Text of nothing but white space is dropped,
//     so <a> </a> becomes <a></a>. Where a character reference is part of it, which says that it is meant,
//     it is kept as it was read: <a>&#x20;</a>.
//   - An element with text is written in line from that text on, with all that is in it.
//   - xml:space="preserve" keeps white space and stops the indenting.
//   - In text & < > are written &amp; &lt; &gt;, everything else raw; CR LF, CR and LF, also as
//     character references, become the newline asked for.
//   - In attribute values & < > " are written &amp; &lt; &gt; &quot;, and tab, CR and LF (only a
//     character reference can put them there) &#x9; &#xD; &#xA;.
//   - CDATA, comments and processing instructions keep their content but for newlines.
package xmlspan
