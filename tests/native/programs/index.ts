import * as openai from "pulumi-openai-admin";

const shop = new openai.Project("shop", { name: "Web shop" });
const limits = new openai.ProjectRateLimits("limits", {
    projectId: shop.projectId,
    limits: {
        "gpt-4o": { maxRequestsPer1Minute: 500, maxTokensPer1Minute: 400_000 },
        "gpt-4o-mini*": { maxRequestsPer1Minute: 2000 },
    },
    others: { maxRequestsPer1Minute: 0 }, // an allow-list: no other model can be used
});
const web = new openai.ProjectServiceAccount("web", { projectId: shop.projectId, name: "web" });

export const projectId = shop.projectId;
export const key = web.apiKey; // secret
export const demo = openai.getProjectOutput({ name: "Demo" }).projectId;
