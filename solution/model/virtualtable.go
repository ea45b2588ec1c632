package model

import (
	"iter"
	"net/url"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// An EntityDataProvider is the code that reads and writes the rows of virtual tables.
type EntityDataProvider struct{ Component }

func entityDataProviderOf(c Component) EntityDataProvider { return EntityDataProvider{c} }

// EntityDataProviders returns the providers in the order of the file.
func (m *Model) EntityDataProviders() iter.Seq[EntityDataProvider] {
	return views(m, solution.TypeEntityDataProvider, entityDataProviderOf)
}

// DataSourceTable returns the logical name of the table whose rows are the data sources.
func (p EntityDataProvider) DataSourceTable() string {
	return p.Element().text("DataSourceLogicalName")
}

// PluginTypes returns the GUIDs of the classes by what they do: "Retrieve", "RetrieveMultiple", "Create", "Update", "Delete".
func (p EntityDataProvider) PluginTypes() iter.Seq2[string, solution.GUID] {
	return func(yield func(string, solution.GUID) bool) {
		for e := range p.Element().Children() {
			operation, ok := strings.CutSuffix(e.Tag(), "PluginTypeId")
			if !ok {
				continue
			}
			id, _ := solution.ParseGUID(e.Text())
			if !yield(operation, id) {
				return
			}
		}
	}
}

// An EntityDataSource is where virtual tables have their rows.
type EntityDataSource struct{ Component }

func entityDataSourceOf(c Component) EntityDataSource { return EntityDataSource{c} }

// EntityDataSources returns the data sources in the order of the file.
func (m *Model) EntityDataSources() iter.Seq[EntityDataSource] {
	return views(m, solution.TypeEntityDataSource, entityDataSourceOf)
}

// Provider returns the GUID of the data provider.
func (s EntityDataSource) Provider() solution.GUID { return s.Element().guid("EntityDataProviderId") }

// ConnectionDefinition returns the values of the columns of the data source: JSON, as its escapes for addresses give it.
func (s EntityDataSource) ConnectionDefinition() string {
	text := s.Element().text("ConnectionDefinition")
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// An ImageConfig says how the images of a column are kept, or which column holds the image of a table.
type ImageConfig struct{ Component }

func imageConfigOf(c Component) ImageConfig { return ImageConfig{c} }

// ImageConfigs returns what is said of images of columns and of tables, in the order of the file.
func (m *Model) ImageConfigs() iter.Seq[ImageConfig] {
	return func(yield func(ImageConfig) bool) {
		for c := range m.Components() {
			if t := c.Type(); t != solution.TypeAttributeImageConfiguration && t != solution.TypeEntityImageConfiguration {
				continue
			}
			if !yield(ImageConfig{c}) {
				return
			}
		}
	}
}

// Table returns the logical name of the table.
func (i ImageConfig) Table() string { return i.Element().text("parententitylogicalname") }

// Column returns the logical name of the column: the one that this is about, or the one that holds the image of the table.
func (i ImageConfig) Column() string {
	if column := i.Element().text("attributelogicalname"); column != "" {
		return column
	}
	return i.Element().text("primaryimageattribute")
}

// KeepsFullImage reports whether images are kept in full size too.
func (i ImageConfig) KeepsFullImage() bool { return i.Element().flag("canstorefullimage") }
