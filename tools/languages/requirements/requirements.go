// Package requirements has go.mod and go.sum name what programs with the Go SDK are compiled with in tests.
package requirements

import (
	_ "github.com/pulumi/pulumi/sdk/v3/go/auto"
	_ "github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)
