package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A document is the result of a command. Its JSON is what -json prints.
type document interface {
	base() *outcome
	// fail takes note of how the command ended, err or nil, before the document is printed.
	fail(err error)
	// text writes the result for people.
	text(p *printer, j *job)
}

// A machineWriter is a document that can be asked for another form for programs than its JSON.
type machineWriter interface {
	machine() bool // whether it was asked for
	writeMachine(w io.Writer) error
}

// An outcome is what every document has: how it went.
type outcome struct {
	// Error says why the command failed; absent if it did not.
	Error string `json:"error,omitempty"`

	found   diag.List
	err     error
	blocked bool // the answer is that what was asked about cannot be done
}

func (o *outcome) base() *outcome { return o }

// fail implements document. Findings that stopped the work are no less findings.
func (o *outcome) fail(err error) {
	if err == nil {
		return
	}
	o.Error, o.err = err.Error(), err
	var failed *diag.FailedError
	if len(o.found) == 0 && errors.As(err, &failed) {
		o.found = failed.List
	}
}

// failed reports whether the result alone makes the command fail: findings, or an answer that is no.
func (o *outcome) failed() bool {
	return o.blocked || o.found.Err() != nil
}

// A report is the document of most commands.
type report struct {
	Command     string    `json:"command"`
	Solution    string    `json:"solution"` // unique name
	Version     string    `json:"version"`  // as written
	Kind        string    `json:"kind"`     // unmanaged, managed, or both for a source tree that is
	Digest      string    `json:"digest,omitempty"`
	Project     string    `json:"project,omitempty"` // the .cdsproj that was read
	Files       []file    `json:"files,omitzero"`
	Created     []string  `json:"created,omitzero"`
	Changed     []string  `json:"changed,omitzero"`
	Deleted     []string  `json:"deleted,omitzero"`
	Left        []string  `json:"left,omitempty"`  // files that the zip no longer gives, and that -delete would remove
	Stays       []string  `json:"stays,omitempty"` // files that it does not give, whose folder is of no known kind, and that pack takes
	Diagnostics []finding `json:"diagnostics,omitzero"`
	outcome
}

// A file of a tree, or an entry of a zip.
type file struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"` // hexadecimal
}

func fileOf(name string, data []byte) file {
	sum := sha256.Sum256(data)
	return file{Path: name, Size: int64(len(data)), SHA256: hex.EncodeToString(sum[:])}
}

// A finding is a diagnostic; what is not known is empty or 0.
type finding struct {
	Rule     string        `json:"rule"`
	Severity diag.Severity `json:"severity"`
	Message  string        `json:"message"`
	File     string        `json:"file"`
	Path     string        `json:"path"` // of the element in File
	Line     int           `json:"line"`
	Column   int           `json:"column"`
	Fixes    []fix         `json:"fixes,omitempty"` // alternatives
}

type fix struct {
	Message string `json:"message"`
	Edits   []edit `json:"edits"`
}

// An edit replaces bytes of a file, counted from 0.
type edit struct {
	File  string `json:"file"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	New   string `json:"new"`
}

// fixesOf is what -json says of fixes.
func fixesOf(list []diag.Fix) []fix {
	var out []fix
	for _, f := range list {
		x := fix{Message: f.Message, Edits: []edit{}}
		for _, e := range f.Edits {
			x.Edits = append(x.Edits, edit(e))
		}
		out = append(out, x)
	}
	return out
}

func (r *report) setManifest(m *solution.Manifest) {
	r.Solution, r.Version, r.Kind = m.UniqueName(), m.VersionText(), m.Kind().String()
}

func (r *report) fail(err error) {
	r.outcome.fail(err)
	r.Diagnostics = findings(r.found)
}

func findings(l diag.List) []finding {
	out := make([]finding, 0, len(l))
	for _, d := range l {
		at := d.Location
		out = append(out, finding{Rule: d.Rule, Severity: d.Severity, Message: d.Message,
			File: at.File, Path: at.Path, Line: at.Start.Line, Column: at.Start.Column, Fixes: fixesOf(d.Fixes)})
	}
	return out
}
