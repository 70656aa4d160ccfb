// A project of which two models can be used, and an API key for it: `program.go`.
package main

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

func main() {
	pulumi.Run(program)
}
