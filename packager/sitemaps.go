package packager

import (
	"bytes"
	"fmt"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// actionAttribute says of an element that it is a difference to another layer. It is in the site maps of managed packages only:
// of 257 real packages with a site map, 32 of 144 managed ones have it and none of the unmanaged ones. (Forms of unmanaged
// packages have it too.)
const actionAttribute = "solutionaction"

// siteMapDifferences tells of site maps of an unmanaged package that are differences.
func (p *packing) siteMapDifferences() {
	if p.kind != solution.Unmanaged || !p.sections["SiteMap"] && !p.sections["AppModuleSiteMaps"] || !p.hasAction {
		return
	}
	for _, x := range p.elements() {
		if x.Owner.HasName() || x.Section != "SiteMap" && x.Section != "AppModuleSiteMaps" {
			continue
		}
		src, err := p.whole()
		if err != nil {
			return // as elements says
		}
		if start, end, n := withAction(src[x.Start:x.End]); n > 0 {
			more := ""
			if n > 1 {
				more = fmt.Sprintf(", and %d more have it", n-1)
			}
			d := finding(ruleDifference, "", "the site map is a difference, which an unmanaged import refuses: this element has the attribute %s%s", actionAttribute, more)
			d.Location = p.span(x.Start+start, x.Start+end)
			p.note(d)
		}
	}
}

// withAction returns the start tag of the first element with the attribute, and how many there are.
func withAction(src []byte) (start, end, count int) {
	if !bytes.Contains(src, []byte(actionAttribute)) {
		return 0, 0, 0
	}
	for s := xmlspan.NewScanner(src, nil); s.Next(); {
		for _, a := range s.Attrs {
			if string(a.Name.Of(src)) != actionAttribute {
				continue
			}
			if count++; count == 1 {
				start, end = s.Start, s.End
			}
		}
	}
	return start, end, count
}
