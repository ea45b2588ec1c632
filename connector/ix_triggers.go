package connector

// isWebhook reports whether the operation is a trigger that subscribes.
func (o *operation) isWebhook() bool {
	if o.trigger == 0 {
		return false
	}
	if o.item.notification != 0 || o.notificationURL() != nil {
		return true
	}
	return o.triggerKind() == "single" && o.method != "get"
}

func (o *operation) isPolling() bool { return o.trigger != 0 && !o.isWebhook() }

// step is one level on the way to a property.
type step struct {
	keywords
	mandatory bool
}

// notificationURL returns the way from the body to the property with x-ms-notification-url, nil if
// there is none.
func (o *operation) notificationURL() []step {
	p := o.body()
	if p == nil || p.schema == 0 {
		return nil
	}
	if o.d.measure(p.schema).features&hasNotificationURL == 0 {
		return nil
	}
	return o.d.wayToURL(p.schema, o.d.isRequired(p), map[int32]bool{})
}

func (d *definition) wayToURL(n int32, mandatory bool, seen map[int32]bool) []step {
	k, ok := d.resolve(n)
	if !ok || seen[k.node] {
		return nil
	}
	seen[k.node] = true
	self := step{k, mandatory}
	if k.notificationURL != 0 && d.tree.True(k.notificationURL) {
		return []step{self}
	}
	var way []step
	if k.properties != 0 {
		required := d.nameSet(k.required)
		for c := range d.tree.Children(k.properties) {
			if way == nil {
				way = d.wayToURL(c, required.has(d.tree.PlainKey(c)), seen)
			}
		}
	}
	if way == nil {
		d.subschemas(&k, func(c int32, name string) {
			if way == nil && name == "" {
				way = d.wayToURL(c, true, seen)
			}
		})
	}
	if way == nil {
		return nil
	}
	return append([]step{self}, way...)
}
