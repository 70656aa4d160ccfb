// A project of a team, as the company wants it.
import * as openai from "pulumi-openai-admin";

const engineering = new openai.Group("engineering", { name: "Engineering" });

const shop = new openai.TeamProject("shop", {
    name: "Shop",
    // The project may use these models. All others accept no request.
    limits: { "gpt-4o": { maxRequestsPer1Minute: 500 } },
    spendLimitDollars: 1000, // a month
    alerts: { "80-percent": { thresholdShare: "80%", recipients: ["shop@example.com"] } },
    members: [{ email: "ada@example.com", role: "owner" }],
    groups: { engineering: { groupId: engineering.groupId, role: "viewer" } },
    serviceAccounts: {
        ci: {}, // without a key
        web: { apiKey: { expiresInSeconds: 90 * 86_400 } },
    },
    protect: false, // so that `pulumi destroy` archives the project of the example
});

export const projectId = shop.projectId;
export const webKey = shop.apiKeys.apply((keys) => keys.web); // secret
