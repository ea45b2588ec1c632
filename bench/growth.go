package main

import "math"

// growthFactors are the sizes of which growth is measured.
var growthFactors = []int{1, 2, 4, 8}

// growth measures our own jobs, with n, 2n, 4n and 8n bytes. What is linear has the exponent 1.
func growth(size, rounds int, chosen func(group, job) bool) (*table, error) {
	t := &table{right: []bool{false, false, true, true, true, true, true, true}}
	t.add("what", "by", "MB at n", processorUnit+", ms at n", "2n", "4n", "8n", "exponent")
	var rows [][]string
	var first, bytes []float64 // seconds and bytes at n
	for _, factor := range growthFactors {
		list, err := sampleGroups(size * factor)
		if err != nil {
			return nil, err
		}
		at := 0
		for _, g := range list {
			own := group{name: g.name, bytes: g.bytes}
			for _, j := range g.jobs {
				if j.ours && chosen(g, j) {
					own.jobs = append(own.jobs, j)
				}
			}
			costs, err := measure(own, rounds)
			if err != nil {
				return nil, err
			}
			for i, j := range own.jobs {
				if factor == growthFactors[0] {
					rows = append(rows, []string{g.name, j.name, megabytes(uint64(g.bytes))})
					first, bytes = append(first, costs[i].processor.Seconds()), append(bytes, float64(g.bytes))
				}
				rows[at] = append(rows[at], milliseconds(costs[i].processor))
				if factor == growthFactors[len(growthFactors)-1] {
					e := math.Log(costs[i].processor.Seconds()/first[at]) / math.Log(float64(g.bytes)/bytes[at])
					rows[at] = append(rows[at], figure(e))
				}
				at++
			}
		}
	}
	t.rows = append(t.rows, rows...)
	return t, nil
}
