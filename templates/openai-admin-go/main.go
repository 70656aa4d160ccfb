// A project with a rate limit for one model, and an API key for CI.
package main

import (
	openai "github.com/pulumi-openai-admin/pulumi-openai-admin/sdk/go/openaiadmin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(program)
}

func program(ctx *pulumi.Context) error {
	project, err := openai.NewProject(ctx, "project", &openai.ProjectArgs{
		Name: pulumi.String(config.Require(ctx, "projectName")),
	})
	if err != nil {
		return err
	}
	limit, err := openai.NewProjectRateLimit(ctx, "gpt-4o", &openai.ProjectRateLimitArgs{
		ProjectId:             project.ProjectId,
		Model:                 pulumi.String("gpt-4o"),
		MaxRequestsPer1Minute: pulumi.Float64(60),
	})
	if err != nil {
		return err
	}
	ci, err := openai.NewProjectServiceAccount(ctx, "ci", &openai.ProjectServiceAccountArgs{
		ProjectId: project.ProjectId,
		Name:      pulumi.String("ci"),
	})
	if err != nil {
		return err
	}
	ctx.Export("projectId", project.ProjectId)
	ctx.Export("requestsPerMinute", limit.MaxRequestsPer1Minute)
	ctx.Export("apiKey", ci.ApiKey) // secret
	return nil
}
