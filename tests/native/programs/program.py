import pulumi
import pulumi_openai_admin_native as openai

shop = openai.Project("shop", name="Web shop")
limits = openai.ProjectRateLimits(
    "limits",
    project_id=shop.project_id,
    limits={
        "gpt-4o": openai.RateLimitArgs(max_requests_per1_minute=500, max_tokens_per1_minute=400_000),
        "gpt-4o-mini*": openai.RateLimitArgs(max_requests_per1_minute=2000),
    },
    others=openai.RateLimitArgs(max_requests_per1_minute=0),  # an allow-list: no other model can be used
)
web = openai.ProjectServiceAccount("web", project_id=shop.project_id, name="web")

pulumi.export("projectId", shop.project_id)
pulumi.export("key", web.api_key)  # secret
pulumi.export("demo", openai.get_project_output(name="Demo").project_id)
