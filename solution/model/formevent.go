package model

import (
	"iter"

	"github.com/solutionkit/solutionkit/solution"
)

// A FormLibrary is a web resource that a form loads for its scripts.
type FormLibrary struct{ merged }

// Name returns the name of the web resource.
func (l FormLibrary) Name() string { return l.e.Attr("name") }

// ID returns the GUID of the entry in the form, which is not that of the web resource.
func (l FormLibrary) ID() solution.GUID { return l.e.attrGUID("libraryUniqueId") }

// A FormEvent is an event of a form, a tab, a control or a column of the form that has handlers.
type FormEvent struct{ merged }

// events returns the events that an element of a form lists.
func events(e Element) iter.Seq[FormEvent] {
	return eachIn(e.Child("events"), "event", func(e Element) FormEvent { return FormEvent{merged{e}} })
}

// Name returns which event it is, as written: "onload", "onsave", "onchange", "onrecordselect", "tabstatechange".
func (v FormEvent) Name() string { return v.e.Attr("name") }

// Column returns the logical name of the column whose event it is, empty for others.
func (v FormEvent) Column() string { return v.e.Attr("attribute") }

// Control returns the name of the control whose event it is, empty for others.
func (v FormEvent) Control() string { return v.e.Attr("control") }

// IsActive reports whether handlers of makers run.
func (v FormEvent) IsActive() bool { return v.e.attrFlag("active") }

// IsOfPlatform reports whether the platform, or an app of it, put the event there; makers cannot change it then.
func (v FormEvent) IsOfPlatform() bool { return v.e.attrFlag("application") }

// Settings returns the attributes that have no method of their own.
func (v FormEvent) Settings() iter.Seq2[string, string] {
	return v.e.attrsBut("name", "attribute", "control", "active", "application", "solutionaction", "ordinalvalue")
}

// Dependencies returns the logical names of columns that the handlers need on the form.
func (v FormEvent) Dependencies() []string { return dependencies(v.e.Child("dependencies")) }

// Handlers returns the handlers in the order in which they run: those of the platform, then those of makers.
func (v FormEvent) Handlers() iter.Seq[FormHandler] {
	return func(yield func(FormHandler) bool) {
		for _, list := range [...]string{"InternalHandlers", "Handlers"} {
			for h := range v.e.Child(list).Each("Handler") {
				if !yield(FormHandler{merged{h}}) {
					return
				}
			}
		}
	}
}

// A FormHandler is a function that runs at an event of a form.
type FormHandler struct{ merged }

// ID returns the GUID of the handler.
func (h FormHandler) ID() solution.GUID { return h.e.attrGUID("handlerUniqueId") }

// Library returns the name of the web resource that has the function.
func (h FormHandler) Library() string { return h.e.Attr("libraryName") }

// Function returns the name of the function.
func (h FormHandler) Function() string { return h.e.Attr("functionName") }

// Arguments returns the arguments as written: JavaScript expressions between commas.
func (h FormHandler) Arguments() string { return h.e.Attr("parameters") }

// IsEnabled reports whether the handler runs.
func (h FormHandler) IsEnabled() bool { return h.e.attrFlag("enabled") }

// PassesContext reports whether the first argument is the execution context.
func (h FormHandler) PassesContext() bool { return h.e.attrFlag("passExecutionContext") }

// IsInternal reports whether the platform, or an app of it, put the handler there.
func (h FormHandler) IsInternal() bool { return h.e.Parent().Tag() == "InternalHandlers" }

// Dependencies returns the logical names of columns that the function needs on the form.
func (h FormHandler) Dependencies() []string { return dependencies(h.e.Child("dependencies")) }

func dependencies(list Element) []string {
	var out []string
	for d := range list.Children() {
		out = append(out, d.Attr("id"))
	}
	return out
}
