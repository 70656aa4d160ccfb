using System.Collections.Generic;
using Pulumi;
using PulumiOpenAIAdmin.OpenAIAdmin;

return await Deployment.RunAsync(() =>
{
    var project = new Project("project", new() { Name = new Pulumi.Config().Require("projectName") });
    var limit = new ProjectRateLimit("gpt-4o", new()
    {
        ProjectId = project.ProjectId,
        Model = "gpt-4o",
        MaxRequestsPer1Minute = 60,
    });
    var ci = new ProjectServiceAccount("ci", new() { ProjectId = project.ProjectId, Name = "ci" });

    return new Dictionary<string, object?>
    {
        ["projectId"] = project.ProjectId,
        ["requestsPerMinute"] = limit.MaxRequestsPer1Minute,
        ["apiKey"] = ci.ApiKey, // secret
    };
});
