//go:build race

package solutionkit_test

const raceDetector = true
