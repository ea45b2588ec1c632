package packager

import (
	"bytes"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/internal/zipw"
	"github.com/solutionkit/solutionkit/solution"
)

// An outflow is customizations.xml while it is written. It is as large as all its files together, so it is compressed while it is written and not
// kept, unless somebody has to look at it as a whole. What Pack tells of it is found in the files that it is made of; the
// few that have more to tell are joined once more.
type outflow struct {
	ahead  *zipw.Ahead // compresses it; nil: nothing does as yet
	flows  bool        // out is only the end of it, as the rest has been compressed
	out    []byte
	flowed int    // how much is not in out any more
	size   int    // how long it becomes; 0 if that is not known
	again  []byte // all of it, made when it is asked for

	looks        bool               // at its components; else it is only to find out what the bytes are, or where they are from
	distinct     *solution.KeyCheck // of the keys of these; nil if it does not look
	sectionCount int
	hasAction    bool // something in it may have the attribute of differences
}

// written is how long it is so far.
func (o *outflow) written() int { return o.flowed + len(o.out) }

// pour gives dst, which is the end of it, to be compressed, and returns what to go on with appending to.
func (o *outflow) pour(dst []byte) []byte {
	rest := o.ahead.Takes(dst)
	o.flowed += len(dst) - len(rest)
	return rest
}

// flow is called when something has been written.
func (o *outflow) flow() {
	if o.flows {
		o.out = o.pour(o.out)
	} else {
		o.ahead.Keeps(o.out)
	}
}

// beginOutflow decides whether customizations.xml is kept. It is where root components are looked for by names of all kinds, where what
// is put back of attributes may make tags that have one twice, and where what can't be converted is looked for.
func (p *packing) beginOutflow() {
	p.flows = p.ahead != nil && !p.converts && !p.rescue.hasAttributes() && !p.roots.seeksNames()
	size := p.estimate()
	if p.looks {
		p.distinct = solution.NewKeyCheck(size)
	}
	if p.size > 0 {
		size = p.size
	}
	if p.flows {
		size = min(size, flowingBytes)
	}
	p.out = make([]byte, 0, size)
}

// flowingBytes is about how much is written before it is compressed.
const flowingBytes = 5 << 18

// estimate is how long customizations.xml will be at most, as far as that is known.
func (p *packing) estimate() int {
	size := int64(4096)
	for _, f := range p.tree.sys.files {
		switch {
		case f.entry != nil || !isXML(f.path):
		case f.size >= 0:
			size += f.size + f.size/8
		default:
			size += f.weight + f.weight/8
		}
	}
	return int(min(size, p.tree.limits.XMLBytes))
}

// holds says that the span [start,end) of a file is written into the elements of path, see [solution.KeyCheck.Add]; without the
// spans apart, counted from start.
func (p *packing) holds(path string, d *xmlspan.Document, start, end int32, apart [][2]int) {
	src := d.Src[start:end]
	if p.watched == d {
		for i := range apart {
			apart[i][0] += int(start)
			apart[i][1] += int(start)
		}
		p.distinct.Watched(apart...)
		p.watched = nil
	} else {
		p.distinct.Add(path, src, apart...)
	}
	if path == "" || path == "AppModuleSiteMaps" || path == "SiteMap" {
		p.hasAction = p.hasAction || bytes.Contains(src, []byte(actionAttribute))
	}
}

// customizationsFile is the file that has been written.
func (p *packing) customizationsFile() *file {
	f := memoryFile(otherCustomizations, p.out)
	f.ahead = p.ahead
	if p.flows {
		f.size, f.load = int64(p.written()), p.whole
	}
	return f
}

// whole returns customizations.xml as it is packed.
func (p *packing) whole() ([]byte, error) {
	if !p.flows {
		return p.out, nil
	}
	if p.again == nil {
		other, err := beginPacking(p.tree, p.kind, p.opts, nil)
		if err != nil {
			return nil, err
		}
		other.size = p.written()
		if err := other.customizations(); err != nil {
			return nil, err
		}
		p.again = other.out
	}
	return p.again, nil
}
