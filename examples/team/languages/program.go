// A project of a team, as the company wants it.
package main

import (
	"github.com/pulumi-openai-admin/pulumi-openai-admin/sdk/go/openaiadmin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(program)
}

func program(ctx *pulumi.Context) error {
	engineering, err := openaiadmin.NewGroup(ctx, "engineering", &openaiadmin.GroupArgs{Name: pulumi.String("Engineering")})
	if err != nil {
		return err
	}
	shop, err := openaiadmin.NewTeamProject(ctx, "shop", &openaiadmin.TeamProjectArgs{
		Name: pulumi.String("Shop"),
		// The project may use these models. All others accept no request.
		Limits: openaiadmin.RateLimitMap{
			"gpt-4o": openaiadmin.RateLimitArgs{MaxRequestsPer1Minute: pulumi.Float64(500)},
		},
		SpendLimitDollars: pulumi.Float64(1000), // a month
		Alerts: map[string]openaiadmin.TeamSpendAlertInput{
			"80-percent": openaiadmin.TeamSpendAlertArgs{
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
			"ci": openaiadmin.TeamServiceAccountArgs{}, // without a key
			"web": openaiadmin.TeamServiceAccountArgs{
				ApiKey: &openaiadmin.TeamApiKeyArgs{ExpiresInSeconds: pulumi.Float64(90 * 86_400)},
			},
		},
		Protect: pulumi.BoolRef(false), // so that `pulumi destroy` archives the project of the example
	})
	if err != nil {
		return err
	}
	ctx.Export("projectId", shop.ProjectId)
	ctx.Export("webKey", shop.ApiKeys.MapIndex(pulumi.String("web"))) // secret
	return nil
}
