package plan

import (
	"fmt"
	"strings"
)

func sayOperationMissing(f *Finding) string {
	x := f.Facts
	called, has := x.Values, ""
	if len(called) > 1 { // then those that there are
		called, has = x.Values[:1], " (it has "+enumerate(x.Values[1:])+")"
	}
	return fmt.Sprintf("%s calls operation %s, which connector %s of %s %s lacks%s: the call fails; import a version of the connector that has it, or correct the call",
		x.About, enumerate(called), x.Connector, enumerate(x.Solutions), x.New, has)
}

func sayOperationGone(f *Finding) string {
	x := f.Facts
	return fmt.Sprintf("connector %s %s: %s, and %s: update what calls it first, or keep the operation", x.Connector, x.New, strings.Join(x.Values, ", "), x.callers())
}

func sayOperationChanged(f *Finding) string {
	x := f.Facts
	return fmt.Sprintf("connector %s %s: %s; %s as the version before had it: look at the calls after this import", x.Connector, x.New, enumerate(x.Values), x.callers())
}

// callers says who calls an operation, each with its solution.
func (f *Facts) callers() string {
	var who []string
	for _, s := range f.By {
		who = append(who, fmt.Sprintf("%s of %s", s.titled(), s.Solution))
	}
	return enumerate(who) + " " + plural(len(who), "calls", "call") + " it"
}

func sayAuthenticationChanged(f *Finding) string {
	x := f.Facts
	var which []string
	if len(x.Connections) > 0 {
		which = append(which, enumerate(x.Connections))
	}
	if len(x.By) > 0 {
		which = append(which, "used by "+enumerate(each(x.By)))
	}
	known := strings.Join(which, ", ")
	if known != "" {
		known = " (" + known + ")"
	}
	return fmt.Sprintf("connector %s: %s; connections made before%s have to be made again", x.Connector, enumerate(x.Values), known)
}
