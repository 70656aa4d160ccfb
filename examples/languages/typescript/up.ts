// Runs `pulumi up` in this process, with a stack `dev` and its state in the configured backend.
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import * as openai from "pulumi-openai-admin";

async function program() {
    const project = new openai.Project("search", { name: "Search" });
    new openai.Invite("grace", {
        email: "grace@example.com",
        role: "reader",
        projects: [{ projectId: project.projectId, role: "member" }],
    });
    return { projectId: project.projectId };
}

async function main() {
    const stack = await LocalWorkspace.createOrSelectStack({ stackName: "dev", projectName: "openai", program });
    const { outputs } = await stack.up({ onOutput: console.error });
    console.log(outputs.projectId.value);
}

main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
});
