// Runs a program with Go's Automation API: run up|preview|destroy. CONFIG is its configuration.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
)

func run(command string) (any, error) {
	ctx := context.Background()
	stack, err := auto.UpsertStackInlineSource(ctx, "dev", "openai", program)
	if err != nil {
		return nil, err
	}
	if err := configure(ctx, stack); err != nil {
		return nil, err
	}
	switch command {
	case "up":
		done, err := stack.Up(ctx)
		outputs := map[string]any{}
		for name, output := range done.Outputs {
			outputs[name] = map[string]any{"value": output.Value, "secret": output.Secret}
		}
		return map[string]any{"changes": done.Summary.ResourceChanges, "outputs": outputs}, err
	case "preview":
		done, err := stack.Preview(ctx)
		return map[string]any{"changes": done.ChangeSummary}, err
	default:
		done, err := stack.Destroy(ctx)
		return map[string]any{"changes": done.Summary.ResourceChanges}, err
	}
}

func configure(ctx context.Context, stack auto.Stack) error {
	config := auto.ConfigMap{}
	values := map[string]struct{ Value string }{}
	if text := os.Getenv("CONFIG"); text != "" {
		if err := json.Unmarshal([]byte(text), &values); err != nil {
			return err
		}
	}
	for name, value := range values {
		config[name] = auto.ConfigValue{Value: value.Value}
	}
	return stack.SetAllConfig(ctx, config)
}

func main() {
	done, err := run(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(done); err != nil {
		os.Exit(1)
	}
}
