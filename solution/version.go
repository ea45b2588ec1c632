package solution

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A Version is the number of a solution: major, minor, build and revision, unsigned and compared as
// numbers. It is comparable by ==; the zero value is 0.0.0.0.
//
// Files also hold fewer than four parts ("1.0", "2.0.10") and parts padded with zeros
// ("9.0.4.0066"): a missing part reads as zero. How a version was spelt is no part of its value;
// [Manifest.VersionText] and [Ref.VersionText] keep it, and it stays in the file until the version
// changes.
type Version struct {
	Major, Minor, Build, Revision uint32 // each at most 2147483647 where it was parsed
}

// ParseVersion reads one to four decimal parts separated by dots. A part may be padded with zeros and
// is at most 2147483647, as in the versions of .NET, so parts made of a date ("20230421") fit.
func ParseVersion(text string) (Version, error) {
	var parts [4]uint32
	rest, more := text, true
	for i := 0; more; i++ {
		if i == len(parts) {
			return Version{}, fmt.Errorf("version %q has more than four parts: use major.minor.build.revision", text)
		}
		var part string
		part, rest, more = strings.Cut(rest, ".")
		n, err := strconv.ParseUint(part, 10, 31)
		switch {
		case errors.Is(err, strconv.ErrRange):
			return Version{}, fmt.Errorf("version %q: part %q is larger than %d", text, part, math.MaxInt32)
		case err != nil:
			return Version{}, fmt.Errorf("version %q: part %q is not a number: use major.minor.build.revision", text, part)
		}
		parts[i] = uint32(n)
	}
	return Version{parts[0], parts[1], parts[2], parts[3]}, nil
}

// Compare returns -1, 0 or +1 as v is lower than, equal to or higher than w.
func (v Version) Compare(w Version) int {
	return cmp.Or(
		cmp.Compare(v.Major, w.Major),
		cmp.Compare(v.Minor, w.Minor),
		cmp.Compare(v.Build, w.Build),
		cmp.Compare(v.Revision, w.Revision),
	)
}

// IsZero reports whether v is 0.0.0.0.
func (v Version) IsZero() bool { return v == Version{} }

// String returns all four parts, "1.0.0.0".
func (v Version) String() string {
	b := make([]byte, 0, 16)
	for i, part := range [...]uint32{v.Major, v.Minor, v.Build, v.Revision} {
		if i > 0 {
			b = append(b, '.')
		}
		b = strconv.AppendUint(b, uint64(part), 10)
	}
	return string(b)
}

// MarshalText implements [encoding.TextMarshaler].
func (v Version) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (v *Version) UnmarshalText(text []byte) error {
	w, err := ParseVersion(string(text))
	if err != nil {
		return err
	}
	*v = w
	return nil
}

// A Ref names a solution as dependencies do: "Name (1.2.3.4)", or a name alone. The names [Active] and
// [System] are not solutions.
type Ref struct {
	Name        string  // as written; names of solutions compare without regard to case
	Version     Version // zero if there is none
	VersionText string  // the version as written, without white space around it; empty if there is none
}

const (
	// Active is the name that dependencies give to the unmanaged layer of the environment.
	Active = "Active"
	// System is the name that dependencies give to the base of the platform.
	System = "System"
)

// ParseRef reads "Name" or "Name (version)". White space around both and inside the brackets is dropped.
func ParseRef(text string) (Ref, error) {
	text = trimSpace(text)
	if text == "" {
		return Ref{}, errors.New("reference to a solution is empty: write \"Name (1.0.0.0)\"")
	}
	open := strings.LastIndexByte(text, '(')
	if open < 0 || !strings.HasSuffix(text, ")") {
		return Ref{Name: text}, nil
	}
	name, version := trimSpace(text[:open]), trimSpace(text[open+1:len(text)-1])
	if name == "" {
		return Ref{}, fmt.Errorf("reference to a solution %q has no name: write \"Name (1.0.0.0)\"", text)
	}
	v, err := ParseVersion(version)
	if err != nil {
		return Ref{}, fmt.Errorf("reference to a solution %q: %w", text, err)
	}
	return Ref{Name: name, Version: v, VersionText: version}, nil
}

// IsActive reports whether r is the unmanaged layer.
func (r Ref) IsActive() bool { return strings.EqualFold(r.Name, Active) }

// IsSystem reports whether r is the base of the platform.
func (r Ref) IsSystem() bool { return strings.EqualFold(r.Name, System) }

// String returns r as it is written in a file.
func (r Ref) String() string {
	switch {
	case r.VersionText != "":
		return r.Name + " (" + r.VersionText + ")"
	case !r.Version.IsZero():
		return r.Name + " (" + r.Version.String() + ")"
	}
	return r.Name
}
