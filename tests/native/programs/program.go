package main

import (
	openai "github.com/pulumi-openai-admin/pulumi-openai-admin/sdk/go/openaiadmin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func program(ctx *pulumi.Context) error {
	shop, err := openai.NewProject(ctx, "shop", &openai.ProjectArgs{Name: pulumi.String("Web shop")})
	if err != nil {
		return err
	}
	_, err = openai.NewProjectRateLimits(ctx, "limits", &openai.ProjectRateLimitsArgs{
		ProjectId: shop.ProjectId,
		Limits: openai.RateLimitMap{
			"gpt-4o": openai.RateLimitArgs{
				MaxRequestsPer1Minute: pulumi.Float64(500),
				MaxTokensPer1Minute:   pulumi.Float64(400_000),
			},
			"gpt-4o-mini*": openai.RateLimitArgs{MaxRequestsPer1Minute: pulumi.Float64(2000)},
		},
		// An allow-list: no other model can be used.
		Others: openai.RateLimitArgs{MaxRequestsPer1Minute: pulumi.Float64(0)},
	})
	if err != nil {
		return err
	}
	web, err := openai.NewProjectServiceAccount(ctx, "web", &openai.ProjectServiceAccountArgs{
		ProjectId: shop.ProjectId,
		Name:      pulumi.String("web"),
	})
	if err != nil {
		return err
	}
	demo, err := openai.LookupProject(ctx, &openai.LookupProjectArgs{Name: pulumi.StringRef("Demo")})
	if err != nil {
		return err
	}
	ctx.Export("projectId", shop.ProjectId)
	ctx.Export("key", web.ApiKey) // secret
	ctx.Export("demo", pulumi.String(demo.ProjectId))
	return nil
}
