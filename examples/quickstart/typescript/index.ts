// A rate limit for one model, and an API key for CI.
import * as pulumi from "@pulumi/pulumi";
import * as openai from "pulumi-openai-admin";

const projectId = new pulumi.Config().get("projectId") ?? "proj_demo";

const limit = new openai.ProjectRateLimit("gpt-4o", { projectId, model: "gpt-4o", maxRequestsPer1Minute: 60 });
const ci = new openai.ProjectServiceAccount("ci", { projectId, name: "ci" });

export const limits = limit.maxRequestsPer1Minute;
export const api_key = ci.apiKey; // secret
