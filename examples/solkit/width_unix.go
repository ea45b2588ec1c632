//go:build linux || darwin

package main

import (
	"os"
	"syscall"
	"unsafe"
)

// columns asks a terminal how many characters a line has, 0 if it does not say.
func columns(f *os.File) int {
	var size struct{ rows, columns, x, y uint16 }
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), syscall.TIOCGWINSZ, uintptr(unsafe.Pointer(&size))); errno != 0 {
		return 0
	}
	return int(size.columns)
}
