using System.Collections.Generic;
using Pulumi;
using Pulumi.OpenAIAdmin;
using Pulumi.OpenAIAdmin.Inputs;

return await Deployment.RunAsync(() =>
{
    var shop = new Project("shop", new() { Name = "Web shop" });
    var limits = new ProjectRateLimits("limits", new()
    {
        ProjectId = shop.ProjectId,
        Limits =
        {
            ["gpt-4o"] = new RateLimitArgs { MaxRequestsPer1Minute = 500, MaxTokensPer1Minute = 400_000 },
            ["gpt-4o-mini*"] = new RateLimitArgs { MaxRequestsPer1Minute = 2000 },
        },
        Others = new RateLimitArgs { MaxRequestsPer1Minute = 0 }, // an allow-list: no other model can be used
    });
    var web = new ProjectServiceAccount("web", new() { ProjectId = shop.ProjectId, Name = "web" });
    var demo = GetProject.Invoke(new() { Name = "Demo" });

    return new Dictionary<string, object?>
    {
        ["projectId"] = shop.ProjectId,
        ["key"] = web.ApiKey, // secret
        ["demo"] = demo.Apply(project => project.ProjectId),
    };
});
