// A component of the package, with inputs that are known when the program runs and others that are not.
import * as pulumi from "@pulumi/pulumi";
import * as openai from "pulumi-openai-admin";

const engineering = new openai.Group("engineering", { name: "Engineering" });
const spendLimitDollars = pulumi.output(engineering.groupId).apply((id) => (id ? 1000.5 : 0));
// What the compiler would refuse: a program in JavaScript, or a value of another type.
const recipients: any = process.env.WRONG ? "shop@example.com" : ["shop@example.com"];
const shop = new openai.TeamProject("shop", {
    name: "Shop",
    others: {},
    spendLimitDollars,
    alerts: { high: { thresholdShare: "80%", recipients } },
    members: [{ email: "ada@example.com", role: "owner" }],
    groups: { engineering: { groupId: engineering.groupId, role: "viewer" } },
    serviceAccounts: { web: { apiKey: { neverExpires: true } } },
    protect: false,
});

export const projectId = shop.projectId;
export const webKey = shop.apiKeys.apply((keys) => keys.web);
export const notLimited = shop.notLimited;
