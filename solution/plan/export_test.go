package plan

// KeepState sets from how many places on the state of components is kept from step to step, and returns what it was.
func KeepState(places int) (before int) {
	before, manyHolders = manyHolders, places
	return before
}
