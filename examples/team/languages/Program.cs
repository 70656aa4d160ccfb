// A project of a team, as the company wants it.
using System.Collections.Generic;
using Pulumi;
using PulumiOpenAIAdmin.OpenAIAdmin;
using PulumiOpenAIAdmin.OpenAIAdmin.Inputs;

return await Deployment.RunAsync(() =>
{
    var engineering = new Group("engineering", new() { Name = "Engineering" });
    var shop = new TeamProject("shop", new()
    {
        Name = "Shop",
        // The project may use these models. All others accept no request.
        Limits = { ["gpt-4o"] = new RateLimitArgs { MaxRequestsPer1Minute = 500 } },
        SpendLimitDollars = 1000, // a month
        Alerts =
        {
            ["80-percent"] = new TeamSpendAlertArgs { ThresholdShare = "80%", Recipients = { "shop@example.com" } },
        },
        Members = { new TeamMemberArgs { Email = "ada@example.com", Role = "owner" } },
        Groups = { ["engineering"] = new TeamGroupArgs { GroupId = engineering.GroupId, Role = "viewer" } },
        ServiceAccounts =
        {
            ["ci"] = new TeamServiceAccountArgs(), // without a key
            ["web"] = new TeamServiceAccountArgs
            {
                ApiKey = new TeamApiKeyArgs { ExpiresInSeconds = 90 * 86_400 },
            },
        },
        Protect = false, // so that `pulumi destroy` archives the project of the example
    });

    return new Dictionary<string, object?>
    {
        ["projectId"] = shop.ProjectId,
        ["webKey"] = shop.ApiKeys.Apply(keys => keys["web"]), // secret
    };
});
