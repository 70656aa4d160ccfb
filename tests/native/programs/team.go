// A component of the package, with inputs that are known when the program runs and others that are not.
package main

import (
	"github.com/pulumi-openai-admin/pulumi-openai-admin/sdk/go/openaiadmin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func program(ctx *pulumi.Context) error {
	engineering, err := openaiadmin.NewGroup(ctx, "engineering", &openaiadmin.GroupArgs{Name: pulumi.String("Engineering")})
	if err != nil {
		return err
	}
	dollars := engineering.GroupId.ApplyT(func(id string) float64 { return 1000.5 }).(pulumi.Float64Output)
	shop, err := openaiadmin.NewTeamProject(ctx, "shop", &openaiadmin.TeamProjectArgs{
		Name:              pulumi.String("Shop"),
		Others:            &openaiadmin.RateLimitArgs{},
		SpendLimitDollars: dollars,
		Alerts: map[string]openaiadmin.TeamSpendAlertInput{
			"high": openaiadmin.TeamSpendAlertArgs{
				ThresholdShare: pulumi.String("80%"),
				Recipients:     pulumi.ToStringArray([]string{"shop@example.com"}),
			},
		},
		Members: []openaiadmin.TeamMemberInput{
			openaiadmin.TeamMemberArgs{Email: pulumi.String("ada@example.com"), Role: pulumi.String("owner")},
		},
		Groups: map[string]openaiadmin.TeamGroupInput{
			"engineering": openaiadmin.TeamGroupArgs{GroupId: engineering.GroupId, Role: pulumi.String("viewer")},
		},
		ServiceAccounts: map[string]openaiadmin.TeamServiceAccountInput{
			"web": openaiadmin.TeamServiceAccountArgs{ApiKey: &openaiadmin.TeamApiKeyArgs{NeverExpires: pulumi.BoolRef(true)}},
		},
		Protect: pulumi.BoolRef(false),
	})
	if err != nil {
		return err
	}
	ctx.Export("projectId", shop.ProjectId)
	ctx.Export("webKey", shop.ApiKeys.MapIndex(pulumi.String("web")))
	ctx.Export("notLimited", shop.NotLimited)
	return nil
}
