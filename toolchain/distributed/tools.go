//go:build tools

// Package distributed pins the controllers that run training over several pods: JobSet, and Kubeflow Trainer, which
// makes JobSets. A module of their own: their libraries would move those of the cluster's programs.
package distributed

import (
	_ "github.com/kubeflow/trainer/v2/cmd/trainer-controller-manager"
	_ "sigs.k8s.io/jobset"
)
