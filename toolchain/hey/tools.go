//go:build tools

// Package hey pins the load tool of the labs. A module of its own: its libraries would move those of the cluster's
// programs.
package hey

import _ "github.com/rakyll/hey"
