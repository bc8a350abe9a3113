//go:build tools

// Package registry pins the OCI registry that the tests push Helm charts to. A module of its own: its libraries
// would move those of the cluster's programs.
package registry

import _ "github.com/distribution/distribution/v3/cmd/registry"
