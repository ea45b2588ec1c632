// Package programs has no code but its examples: six small programs that others begin with. Each reads what it needs from an
// [io/fs.FS] or an [io.ReaderAt] and writes to an [io.Writer], so it can be copied into a server, a provider, a pipeline or a test.
package programs
