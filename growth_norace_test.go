//go:build !race

package solutionkit_test

// raceDetector says that the program is built with the race detector, with which what is measured is not what it is.
const raceDetector = false
