//go:build tools

// Package jobset pins the JobSet controller, which runs training over several pods. A module of its own: its
// libraries would move those of the cluster's programs.
package jobset

import _ "sigs.k8s.io/jobset"
