// What CI applies: the limits of one project.
import * as openai from "pulumi-openai-admin";

new openai.ProjectRateLimit("gpt-4o", { projectId: "proj_demo", model: "gpt-4o", maxRequestsPer1Minute: 500 });
new openai.ProjectSpendLimit("budget", { projectId: "proj_demo", thresholdAmount: 100_000 }); // cents
