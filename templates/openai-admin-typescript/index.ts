// A project with a rate limit for one model, and an API key for CI.
import * as pulumi from "@pulumi/pulumi";
import * as openai from "pulumi-openai-admin";

const project = new openai.Project("project", { name: new pulumi.Config().require("projectName") });
const limit = new openai.ProjectRateLimit("gpt-4o", {
    projectId: project.projectId,
    model: "gpt-4o",
    maxRequestsPer1Minute: 60,
});
const ci = new openai.ProjectServiceAccount("ci", { projectId: project.projectId, name: "ci" });

export const projectId = project.projectId;
export const requestsPerMinute = limit.maxRequestsPer1Minute;
export const apiKey = ci.apiKey; // secret
