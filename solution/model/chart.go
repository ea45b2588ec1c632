package model

import (
	"iter"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A Chart is a chart of a table: a visualization.
type Chart struct{ Component }

func chartOf(c Component) Chart { return Chart{c} }

// Charts returns the charts in the order of the file.
func (m *Model) Charts() iter.Seq[Chart] {
	return views(m, solution.TypeSavedQueryVisualization, chartOf)
}

// Chart returns the chart of a GUID.
func (m *Model) Chart(id solution.GUID) (Chart, bool) {
	return lookup(m, solution.IDKey(solution.TypeSavedQueryVisualization, id), chartOf)
}

// Charts returns the charts of the table in the order of the file.
func (t Table) Charts() iter.Seq[Chart] {
	return nestedViews(t.Component, solution.TypeSavedQueryVisualization, chartOf)
}

// Table returns the logical name of the table.
func (c Chart) Table() string { return c.OwnerKey().Name() }

// IsDefault reports whether the chart is the one that its table begins with.
func (c Chart) IsDefault() bool { return c.Element().flag("isdefault") }

// WebResource returns the GUID of the web resource that draws the chart, zero if the platform does.
func (c Chart) WebResource() solution.GUID { return c.Element().guid("webresourceid") }

func (c Chart) data() Element { return c.Element().Child("datadescription", "datadefinition") }

// Fetches returns the queries that give the values. What a view filters by is added to them.
func (c Chart) Fetches() iter.Seq[Fetch] {
	return eachIn(c.data().Child("fetchcollection"), "fetch", func(e Element) Fetch { return Fetch{e} })
}

// Categories returns the groups on the axis, each with what is drawn for it.
func (c Chart) Categories() iter.Seq[ChartCategory] {
	return eachIn(c.data().Child("categorycollection"), "category", func(e Element) ChartCategory { return ChartCategory{e} })
}

func (c Chart) drawing() Element {
	return c.Element().Child("presentationdescription", "Chart")
}

// Series returns how the measures are drawn, in the order of the measures.
func (c Chart) Series() iter.Seq[ChartSeries] {
	return eachIn(c.drawing().Child("Series"), "Series", func(e Element) ChartSeries { return ChartSeries{e} })
}

// Drawing returns the parts of the drawing besides the series: areas with their axes, titles and legends, in the order of the file.
func (c Chart) Drawing() iter.Seq[ChartItem] {
	return func(yield func(ChartItem) bool) {
		for e := range c.drawing().Children() {
			if e.Tag() != "Series" && !yield(ChartItem{e}) {
				return
			}
		}
	}
}

// Settings returns the attributes of the drawing, such as Palette.
func (c Chart) Settings() iter.Seq2[string, string] { return c.drawing().attrsBut() }

// A ChartCategory is a group on the axis of a chart.
type ChartCategory struct{ e Element }

// Element returns the place of the category.
func (c ChartCategory) Element() Element { return c.e }

// Alias returns the alias of the column of the query that makes the groups.
func (c ChartCategory) Alias() string { return c.e.Attr("alias") }

// Measures returns the aliases of the columns of the query that are drawn, a list for each series.
func (c ChartCategory) Measures() [][]string {
	var out [][]string
	for list := range c.e.Each("measurecollection") {
		var aliases []string
		for m := range list.Children() {
			aliases = append(aliases, m.Attr("alias"))
		}
		out = append(out, aliases)
	}
	return out
}

// A ChartSeries is how a measure of a chart is drawn.
type ChartSeries struct{ e Element }

// Element returns the place of the series.
func (s ChartSeries) Element() Element { return s.e }

// Kind returns the type of the drawing in small letters: "column", "bar", "pie", "line", "funnel", "stackedcolumn".
func (s ChartSeries) Kind() string { return strings.ToLower(s.e.Attr("ChartType")) }

// Settings returns the attributes that have no method of their own.
func (s ChartSeries) Settings() iter.Seq2[string, string] { return s.e.attrsBut("ChartType") }

// Items returns what more is said of the drawing, such as SmartLabelStyle.
func (s ChartSeries) Items() iter.Seq[ChartItem] { return all(s.e, chartItem) }

// A ChartItem is an element of the drawing of a chart, which differ in their attributes alone.
type ChartItem struct{ e Element }

func chartItem(e Element) ChartItem { return ChartItem{e} }

// Element returns the place of the item.
func (i ChartItem) Element() Element { return i.e }

// Kind returns the name of the element: "ChartAreas", "AxisX", "Legend".
func (i ChartItem) Kind() string { return i.e.Tag() }

// Settings returns the attributes, such as Enable3D and Docking.
func (i ChartItem) Settings() iter.Seq2[string, string] { return i.e.attrsBut() }

// Items returns the items in the item.
func (i ChartItem) Items() iter.Seq[ChartItem] { return all(i.e, chartItem) }
