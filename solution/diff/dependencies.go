package diff

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/model"
)

// titleOfElement returns what stands in the brackets of a path for an element with a key: of the elements of the manifest and of
// apps that point to components, the type by its name and what is called, else the key.
func titleOfElement(e model.Element, key string) string {
	switch e.Tag() {
	case "RootComponent", "AppModuleComponent":
		return pointsTo(e)
	case "tab", "section":
		if name := e.Attr("name"); name != "" {
			key = name
		}
	case "cell":
		for x := range e.Children() {
			if x.Tag() != "control" {
				continue
			}
			if name := cmp.Or(x.Attr("datafieldname"), x.Attr("id")); name != "" {
				key = name
			}
		}
	case "option", "status", "state":
		if label := labelOf(e); label != "" {
			return strings.TrimSpace(key + " " + strconv.Quote(bracketless.Replace(label)))
		}
	case "MissingDependency":
		if a, b := e.Child("Required"), e.Child("Dependent"); a.Exists() && b.Exists() {
			return pointsTo(a) + " → " + pointsTo(b)
		}
	}
	return strings.Join(strings.Fields(key), " ")
}

// bracketless keeps brackets for the keys of paths.
var bracketless = strings.NewReplacer("[", "(", "]", ")")

// labelOf returns the label of an option in the base language, else the first.
func labelOf(e model.Element) string {
	first := ""
	for x := range e.Child("labels").Children() {
		text := strings.Join(strings.Fields(x.Attr("description")), " ")
		if x.Attr("languagecode") == "1033" {
			return text
		}
		if first == "" {
			first = text
		}
	}
	return first
}

// pointsTo names the component that the attributes of an element point to: "Entity contoso_order".
func pointsTo(e model.Element) string {
	name := e.Attr("schemaName")
	if parent := e.Attr("parentSchemaName"); parent != "" && name != "" {
		name = parent + "." + name
	}
	if id := e.Attr("id"); name == "" {
		name = foldID(id)
	}
	return strings.TrimSpace(typeOf(e) + " " + name)
}

func typeOf(e model.Element) string {
	code, err := strconv.Atoi(e.Attr("type"))
	if err != nil {
		return e.Attr("type")
	}
	for info := range solution.ComponentTypes() {
		if info.Code == code && info.Name != "" {
			return info.Name
		}
	}
	return e.Attr("type")
}

// says returns what an element that came or went says, in one line where the element is one that points to components.
func says(e model.Element) string {
	switch e.Tag() {
	case "MissingDependency":
		a, b := e.Child("Required"), e.Child("Dependent")
		if !a.Exists() || !b.Exists() {
			break
		}
		text := displayed(a)
		if s := a.Attr("solution"); s != "" {
			text += " of " + s
		}
		return text + " → " + displayed(b)
	case "AppModuleComponent":
		return ""
	case "RootComponent":
		if e.Attr("type") != "1" {
			return "" // all but tables are in the solution as a whole
		}
		switch e.Attr("behavior") {
		case "0":
			return "with all that is in it"
		case "1":
			return "without what is in it"
		case "2":
			return "as a shell"
		}
		return short(e)
	case "tab", "section", "row", "cell":
		if list := controlsIn(e, nil); list != nil {
			return "with " + strings.Join(list, ", ")
		}
	}
	return short(e)
}

// controlsIn returns what is shown in a part of a form: the columns, or the ids of controls that have none. There may be more than
// a text holds.
func controlsIn(e model.Element, list []string) []string {
	for child := range e.Children() {
		if child.Tag() != "control" {
			list = controlsIn(child, list)
		} else if name := cmp.Or(child.Attr("datafieldname"), child.Attr("id")); name != "" {
			list = append(list, name)
		}
	}
	return list
}

// displayed returns the title in a list of dependencies, else the name.
func displayed(e model.Element) string {
	if title := e.Attr("displayName"); title != "" {
		return title
	}
	if name := e.Attr("schemaName"); name != "" {
		return name
	}
	return foldID(e.Attr("id"))
}
