//go:build tools

// Package trainer pins Kubeflow Trainer, for the kinds TrainJob and TrainingRuntime. A module of its own: its libraries
// would move those of the cluster's programs.
package trainer

import _ "github.com/kubeflow/trainer/v2/pkg/apis/trainer/v1alpha1"
