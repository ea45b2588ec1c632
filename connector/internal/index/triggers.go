package index

// IsWebhook reports whether the operation is a trigger that subscribes.
func (o *Operation) IsWebhook() bool {
	if o.Trigger == 0 {
		return false
	}
	if o.Item.Notification != 0 || o.NotificationURL() != nil {
		return true
	}
	return o.TriggerKind() == "single" && o.Method != "get"
}

// IsPolling reports whether the operation is a trigger that is asked again and again.
func (o *Operation) IsPolling() bool { return o.Trigger != 0 && !o.IsWebhook() }

// step is one level on the way to a property.
type step struct {
	Keywords
	Mandatory bool
}

// NotificationURL returns the way from the body to the property with x-ms-notification-url, nil if
// there is none.
func (o *Operation) NotificationURL() []step {
	p := o.Body()
	if p == nil || p.Schema == 0 {
		return nil
	}
	if o.Definition.Measure(p.Schema).Features&hasNotificationURL == 0 {
		return nil
	}
	return o.Definition.wayToURL(p.Schema, o.Definition.IsRequired(p), map[int32]bool{})
}

func (d *Definition) wayToURL(n int32, mandatory bool, seen map[int32]bool) []step {
	k, ok := d.Resolve(n)
	if !ok || seen[k.Node] {
		return nil
	}
	seen[k.Node] = true
	// What stands beside a reference should not, but says what is meant.
	if own := d.Keywords(n); own.Ref != 0 {
		if own.NotificationURL != 0 {
			k.NotificationURL = own.NotificationURL
		}
		if own.Visibility != 0 {
			k.Visibility = own.Visibility
		}
	}
	self := step{k, mandatory}
	if k.NotificationURL != 0 && d.Tree.True(k.NotificationURL) {
		return []step{self}
	}
	var way []step
	if k.Properties != 0 {
		required := d.NameSet(k.Required)
		for c := range d.Tree.Children(k.Properties) {
			if way == nil {
				way = d.wayToURL(c, required.Has(d.Tree.PlainKey(c)), seen)
			}
		}
	}
	if way == nil {
		d.Subschemas(&k, func(c int32, name string) {
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
